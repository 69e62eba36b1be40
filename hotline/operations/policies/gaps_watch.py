"""That an emergency would ring nobody is told to supervisors ahead of time: when it is first seen, a day and two hours
before. A schedule may have people at every hour, and the policy still reach none of them: somebody whom it names has
another phone, or is away."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from hotline.model import Language, Subject
from hotline.oncall.beforehand.reach_ahead import ReachGap
from hotline.oncall.wall_clock import said
from hotline.operations import staff_member
from hotline.operations.paging import duty
from hotline.operations.policies import gaps_ahead, policy_words
from hotline.operations.shifts.holes_ahead import AHEAD
from hotline.operations.transaction import Application, Transaction
from hotline.store.upkeep import warned

_BEFORE: Final = (timedelta(hours=2), timedelta(hours=24), AHEAD)
"""The nearest that has come is told."""


def watch(application: Application) -> int:
    """Look two weeks ahead, and tell what is new or near; how much was told. To be called every minute or so.

    Raises StoreError.
    """
    return application.change(_tell) if application.look(_untold) is not None else 0


def _untold(transaction: Transaction) -> ReachGap | None:
    policy = duty.policy_for(transaction, Subject.EMERGENCY)
    gap = gaps_ahead.first_unreached(policy, gaps_ahead.plans(transaction, policy.subject), transaction.now)
    return None if gap is None or warned.of(transaction.tx, [_key(transaction, gap)]) else gap


def _tell(transaction: Transaction) -> int:
    # Two clocks may look in the same moment: whoever notes it first tells it.
    gap = _untold(transaction)
    if gap is None or not warned.add_if_new(transaction.tx, _key(transaction, gap), transaction.now):
        return 0
    place, language = duty.clock_of(transaction), policy_words.LANGUAGES[gap.language]
    starts = said(gap.starts, place)
    words = transaction.text("supervisor_rings_nobody", Language.EN, FROM=starts, LANGUAGE=language)
    for person in duty.supervisors(transaction):
        staff_member.text(transaction, person, words)
    return 1


def _key(transaction: Transaction, gap: ReachGap) -> str:
    """What is told once. One that has begun begins at every moment anew: that is told once a day."""
    stage = next(before for before in _BEFORE if gap.starts - transaction.now <= before)
    starts = f"{gap.starts:%Y-%m-%d}" if gap.starts <= transaction.now else gap.starts.isoformat()
    return f"policy {starts} {stage} {gap.language} {gap.kind}"
