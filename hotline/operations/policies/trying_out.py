"""A dry run: who would be rung when, if something happened at a moment and nobody answered. Nobody is rung."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from hotline.model import HELD, How, Language, StaffId, Subject
from hotline.oncall.beforehand.rehearsal import rehearse
from hotline.oncall.escalation import People
from hotline.oncall.policy import Policy, Rung
from hotline.operations.paging import duty, night_guard
from hotline.operations.policies import policy_words
from hotline.operations.transaction import Transaction
from hotline.store.overviews.crew import crew

AT_LEAST: Final = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class DryStep:
    """Some people are paged at the same moment in the same way."""

    after: timedelta
    """Since it began."""
    how: tuple[How, ...]
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DryRun:
    """What would happen, if everybody were free and nobody answered."""

    subject: Subject
    at: datetime
    """UTC."""
    language: Language
    steps: tuple[DryStep, ...]
    nobody: bool
    """Nobody would be rung at all."""
    goes_on: bool
    """The last rung repeats until somebody accepts; else it ends as `afterwards` tells."""
    passed: tuple[tuple[int, str], ...]
    """The rungs that don't hold then, by number, each with when it does."""
    spared: tuple[str, ...]
    """Who is let sleep at first: they were woken often enough in that night, and others are there."""
    may_spare: int | None
    """In a night that hasn't been: after how many pages somebody is let sleep, if others are there; None by day."""
    afterwards: tuple[str, ...]
    second: str
    """What happens once somebody has it, where two are to know; else empty."""


def rehearsed(transaction: Transaction, subject: Subject, at: datetime, language: Language) -> DryRun:
    """Try it out for something that happens at `at` (aware), by the very rules by which it is done in earnest."""
    policy = duty.policy_for(transaction, subject)
    place, schedules = duty.clock_of(transaction), crew(transaction.tx).schedules
    able = duty.able(transaction, subject)
    names = {one.id: one.name for one in able.values()}

    def there(now: datetime) -> People:
        return duty.people_at(policy, schedules, able, now, place, language)

    first = there(at)
    guarded = replace(first, on=_guarded(transaction, subject, first, at))
    rings_for = transaction.settings.centre.waits.staff_ring
    found = rehearse(
        policy, lambda now: guarded if now == at else there(now), at, _lasting(policy), rings_for
    )
    steps: list[DryStep] = []
    for one in found:
        name = names.get(one.staff, "?")
        last = steps[-1] if steps else None
        if last is not None and (last.after, last.how) == (one.after, one.how):
            steps[-1] = replace(last, people=(*last.people, name))
        else:
            steps.append(DryStep(one.after, one.how, (name,)))
    spared = duty.everybody(first) - duty.everybody(guarded)
    return DryRun(
        subject,
        at,
        language,
        _as_it_ends(transaction, subject, steps),
        not steps,
        subject not in (*HELD, Subject.CLINICIAN),
        tuple((index + 1, policy_words.when(policy.rungs[index])) for index in sorted(first.passed)),
        tuple(sorted(names[one] for one in spared if one in names)),
        _may_spare(transaction, subject, at),
        policy_words.afterwards(policy, transaction.settings.centre),
        policy_words.second(policy),
    )


def _as_it_ends(transaction: Transaction, subject: Subject, steps: list[DryStep]) -> tuple[DryStep, ...]:
    """As long as phones ring for such a thing: a caller holds for a while, clinicians are asked once. Without what only
    goes on as it went twice already: the last rung repeats."""
    if subject in HELD:
        holds = transaction.settings.centre.waits.live_answer
        return tuple(one for one in steps if one.after < holds)
    if subject is Subject.CLINICIAN:
        asked = [{person for one in steps[:index] for person in one.people} for index in range(len(steps))]
        return tuple(
            one for one, before in zip(steps, asked, strict=True) if not before.issuperset(one.people)
        )
    end = len(steps)
    while end > 2 and len({(one.how, one.people) for one in steps[end - 3 : end]}) == 1:
        end -= 1
    return tuple(steps[:end])


def _guarded(
    transaction: Transaction, subject: Subject, there: People, at: datetime
) -> dict[str, tuple[StaffId, ...]]:
    if subject is not Subject.EMERGENCY:
        return dict(there.on)
    return dict(night_guard.let_sleep(transaction, there.on, there.busy, at))


def _may_spare(transaction: Transaction, subject: Subject, at: datetime) -> int | None:
    starts, ends = night_guard.last(transaction, at)
    by_night = starts <= at < ends
    if subject is not Subject.EMERGENCY or not by_night or at <= transaction.now:
        return None
    return transaction.settings.centre.guard.pages_a_night


def _lasting(policy: Policy) -> timedelta:
    """Long enough to see the last rung a second time."""
    once = sum((_longest(rung) for rung in policy.rungs), timedelta(0))
    return max(AT_LEAST, once + policy.pause + policy.rungs[-1].wait)


def _longest(rung: Rung) -> timedelta:
    """In turn, of a rung with more people than that, not all are seen."""
    return rung.wait if rung.together else 4 * rung.wait
