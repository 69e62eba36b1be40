"""The hold: callers who are on the line and wait for a human, and whose turn it is when somebody is free.

Whoever was with a human who has left them comes first, then whoever has waited longest. While somebody further in
front could be rung for this very second, their phones are kept for them; so what is free goes to the first, and
whoever was not free when the phones rang is rung as soon as they are. What comes before what is in `oncall.attention`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from hotline.model import HELD, EscalationId, StaffId, Subject
from hotline.oncall.attention import Attention, Waiting, kept, wanted
from hotline.oncall.escalation import EscalationStatus, People
from hotline.operations.paging import duty
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts, escalations
from hotline.store.cases.escalations import EscalationRow
from hotline.store.overviews import conference, holding, staff_calls, telephones
from hotline.store.overviews.holding import Holds
from hotline.triage.contact import ContactState

_STAYS: Final = timedelta(seconds=30)
"""Longer than it takes a caller to be told that the other person has left, and to stay or hang up."""
_ALONE: Final = (ContactState.IN_ROOM, ContactState.AFTER_TALK)
"""Where a caller is whom the human on the line has left."""
_Place = tuple[bool, datetime, EscalationId]


def not_for(transaction: Transaction, row: EscalationRow, people: People) -> frozenset[StaffId]:
    """Whom of these not to ring now for this: their line is still open, or their phones are kept for others.

    Nobody in an emergency, nor for a talk into which a clinician is asked, nor where somebody asked for their own phone
    to ring.
    """
    subject = row.escalation.subject
    if subject in HELD:
        return _still_on_the_telephone(transaction, duty.everybody(people)) | kept_for_others(
            transaction, row
        )
    if subject in (Subject.TEST, Subject.SUPERVISOR, Subject.SECOND):
        return not_for_less(transaction, people)
    if subject not in (Subject.CALLBACK, Subject.THREAD) or _asked_for_it(row):
        return frozenset()
    return not_for_less(transaction, people)


def _asked_for_it(row: EscalationRow) -> bool:
    return all(named.startswith("staff:") for named in row.escalation.policy.named)


def not_for_less(transaction: Transaction, people: People) -> frozenset[StaffId]:
    """Whom of these not to ring now for a callback or a text: their line is still open, or somebody waits who may
    need them."""
    return _still_on_the_telephone(transaction, duty.everybody(people)) | kept_for_more(transaction)


def kept_for_more(transaction: Transaction) -> frozenset[StaffId]:
    """Whoever is on for an emergency or a live caller that nobody has taken."""
    waiting = escalations.policies_reaching(transaction.tx, (*HELD, Subject.EMERGENCY), transaction.now)
    return kept(
        (Waiting(wanted(policy.subject), duty.whom(transaction, policy)) for policy in waiting),
        Attention.LATE_CALLBACK,
    )


def kept_for_others(transaction: Transaction, row: EscalationRow) -> frozenset[StaffId]:
    """Whose phones are for callers who stand before this one."""
    reached = row.contact_id is not None and contacts.has_been_reached(transaction.tx, row.contact_id)
    own = _place(row, has_been_reached=reached)
    before = (other for other in in_order(transaction) if _place_of(other) < own)
    return frozenset(person for other in before for person in could_ring(transaction, other))


def left_over(transaction: Transaction, holds: Holds) -> tuple[StaffId, ...]:
    """Who could be rung beside those whose phones ring for this caller, and is needed by no other who holds.

    They were in a call when it was their turn. Whoever's turn comes later, or only if nobody who speaks the caller's
    language has time, waits for it.
    """
    rule = holds.row.escalation
    rungs = rule.policy.rungs[: rule.rung + 1]
    if not rule.ringing or not rungs or not rungs[-1].together:
        return ()
    crew = duty.people(
        transaction, rule.policy, besides=rule.id, language=holds.language or holds.row.language
    )
    rungs = tuple(rung for index, rung in enumerate(rungs) if index not in crew.passed)
    turn = {person for rung in rungs for who in rung.who for person in crew.on.get(who, ())} - set(rule.queue)
    if rule.ringing & crew.speak:
        turn &= crew.speak
    others = (other for other in in_order(transaction) if other.row.escalation.id != rule.id)
    needed = {person for other in others for person in could_ring(transaction, other)}
    return tuple(person for person in _free_for(transaction, holds) if person in turn - needed)


def in_order(transaction: Transaction) -> list[Holds]:
    """Every caller in the hold, the first one first."""
    everybody = holding.everybody(transaction.tx, _ALONE)
    left = any(one.row.escalation.status is not EscalationStatus.REACHING for one in everybody)
    together = conference.with_staff(transaction.tx) if left else frozenset()
    held = [
        one
        for one in everybody
        if one.row.escalation.status is EscalationStatus.REACHING
        or (one.row.room not in together and _is_left_alone(transaction, one))
    ]
    return sorted(held, key=_place_of)


def _is_left_alone(transaction: Transaction, holds: Holds) -> bool:
    """The caller hears just now that the other person has left, and may stay on the line."""
    return holds.last_over is not None and holds.last_over > transaction.now - _STAYS


def _place_of(holds: Holds) -> _Place:
    return _place(holds.row, has_been_reached=holds.has_been_reached)


def _place(row: EscalationRow, *, has_been_reached: bool) -> _Place:
    """Where somebody stands."""
    return not has_been_reached, row.escalation.opened_at, row.escalation.id


def could_ring(transaction: Transaction, holds: Holds) -> tuple[StaffId, ...]:
    """Who is free and was not rung for this caller a moment ago, in order; nobody while any phone rings for them."""
    return () if holds.row.escalation.ringing else _free_for(transaction, holds)


def _free_for(transaction: Transaction, holds: Holds) -> tuple[StaffId, ...]:
    rule = holds.row.escalation
    language, but = holds.language or holds.row.language, duty.of_number(transaction, holds.caller)
    crew = duty.people(transaction, rule.policy, besides=rule.id, language=language, but=but)
    on = duty.everybody(crew)
    not_now = crew.busy | _still_on_the_telephone(transaction, on)
    if rule.status is EscalationStatus.REACHING:
        since = transaction.now - rule.policy.rungs[max(rule.rung, 0)].wait
        not_now |= {person for person, at in holds.paged_at.items() if at > since}
    in_order = dict.fromkeys(person for who in rule.policy.named for person in crew.on.get(who, ()))
    free = [person for person in in_order if person not in not_now]
    return tuple(sorted(free, key=lambda person: person not in crew.speak))


def _still_on_the_telephone(transaction: Transaction, people: Iterable[StaffId]) -> frozenset[StaffId]:
    """What they were rung for is settled, and their line still open: they say how it ended, or hear who has it."""
    return staff_calls.still_on(transaction.tx, people, transaction.now - telephones.LATELY)
