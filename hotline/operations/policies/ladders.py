"""Each subject's policy as people read it: whom each rung means, by name now, how it rings, and when it holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.model import WITH_POLICY, StaffId, Subject
from hotline.oncall.beforehand.reach_ahead import ReachGap
from hotline.oncall.escalation import People
from hotline.oncall.policy import Policy, Rung
from hotline.operations.paging import duty
from hotline.operations.policies import gaps_ahead, policy_words
from hotline.operations.transaction import Transaction
from hotline.store.overviews import crew


@dataclass(frozen=True, slots=True)
class WhoIsMeant:
    """Whom one word of a rung means."""

    words: str
    people: tuple[str, ...]
    """By name, at this moment; nobody, if the rung doesn't hold."""
    is_person: bool
    """It is one person by name."""
    never_asked: bool = False
    """Whoever it means is not asked for such a thing: clinicians alone are asked into a talk."""


@dataclass(frozen=True, slots=True)
class RungShown:
    """One rung, readable."""

    who: tuple[WhoIsMeant, ...]
    how: str
    wait: timedelta
    when: str
    """Empty: it always holds."""
    holds: bool
    """Now, for a caller of whom no language is known."""

    @property
    def is_empty(self) -> bool:
        """Whether it holds and nobody is on for it."""
        return self.holds and not any(one.people or one.never_asked for one in self.who)


@dataclass(frozen=True, slots=True)
class Ladder:
    """One subject's policy, readable."""

    subject: Subject
    title: str
    is_own: bool
    """The centre has given it; else it is the default."""
    rungs: tuple[RungShown, ...]
    afterwards: tuple[str, ...]
    second: str
    """What is said of a second person who must know; empty: one is enough."""
    gap: ReachGap | None
    """From when on in the next two weeks it reaches nobody."""
    to_mend: str
    """That, and what to do, in words; empty without a gap."""


@dataclass(frozen=True, slots=True)
class Ladders:
    """Everything that the page of policies shows of them."""

    now: datetime
    each: tuple[Ladder, ...]
    unknown: tuple[str, ...]
    """Schedules that policies name and that don't exist."""
    any_schedule: bool


def look(transaction: Transaction) -> Ladders:
    """Every subject's policy, as it would be carried out now."""
    names = {one.id: one.name for one in crew.crew(transaction.tx).members}
    policies = {subject: duty.policy_for(transaction, subject) for subject in WITH_POLICY}
    plans = crew.crew(transaction.tx).schedules
    known = {one.name for one in plans}
    asked = (who for policy in policies.values() for who in policy.named)
    named = {who.partition(":")[2] for who in asked if who.startswith(("schedule:", "next:"))}
    return Ladders(
        transaction.now,
        tuple(_ladder(transaction, policy, names) for policy in policies.values()),
        tuple(sorted(named - known)),
        any_schedule=bool(plans),
    )


def _ladder(transaction: Transaction, policy: Policy, names: Mapping[StaffId, str]) -> Ladder:
    planned = gaps_ahead.plans(transaction, policy.subject)
    now, place = transaction.now, planned.place
    there = duty.people_at(policy, planned.schedules, planned.able, now, place, None)
    rung = duty.able(transaction, Subject.EMERGENCY)
    on = duty.people_at(policy, planned.schedules, rung, now, place, None).on
    gap = gaps_ahead.first_unreached(policy, planned, now)
    return Ladder(
        policy.subject,
        policy_words.SUBJECTS[policy.subject],
        policy.subject in crew.crew(transaction.tx).policies,
        tuple(_rung(one, index, there, on, names) for index, one in enumerate(policy.rungs)),
        policy_words.afterwards(policy, transaction.settings.centre),
        policy_words.second(policy),
        gap,
        policy_words.unreached(gap, place) if gap is not None else "",
    )


def _rung(
    rung: Rung,
    index: int,
    there: People,
    on: Mapping[str, Sequence[StaffId]],
    names: Mapping[StaffId, str],
) -> RungShown:
    """`on`: everybody who could be rung, also those who aren't asked for this."""
    holds = index not in there.passed
    return RungShown(
        tuple(
            WhoIsMeant(
                policy_words.named(who, names),
                _names(there.on.get(who, ()) if holds else (), names),
                who.startswith("staff:"),
                never_asked=holds and bool(on.get(who)) and not there.on.get(who),
            )
            for who in rung.who
        ),
        policy_words.how(rung),
        rung.wait,
        policy_words.when(rung),
        holds,
    )


def _names(people: Iterable[StaffId], names: Mapping[StaffId, str]) -> tuple[str, ...]:
    return tuple(names[one] for one in people if one in names)
