"""The hold: callers who are on the line and wait for a human, and whose turn it is when somebody is free.

Whoever was with a human who has left them comes first, then whoever has waited longest. While somebody further in
front could be rung for this very second, their phones are kept for them; so what is free goes to the first, and
whoever was not free when the phones rang is rung as soon as they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from hotline.model import EscalationId, StaffId, Subject
from hotline.oncall.escalation import Status
from hotline.oncall.events import People
from hotline.operations import duty
from hotline.operations.house import Desk
from hotline.store import calls_seen, contacts, escalations, pages, rooms
from hotline.store.escalations import EscalationRow
from hotline.triage.contact import State

HELD: Final = (Subject.ADMISSIONS, Subject.FAMILY, Subject.PERSON)
"""What callers hold for. An emergency waits for nobody, and nobody waits in these for a callback or a text."""
_STAYS: Final = timedelta(seconds=30)
"""Longer than it takes a caller to be told that the other person has left, and to stay or hang up."""
_HANGS_UP: Final = timedelta(seconds=90)
"""Longer than the outcome menu takes; for whoever's hang-up we were never told of."""


def not_for(desk: Desk, row: EscalationRow, people: People) -> frozenset[StaffId]:
    """Whom of these not to ring now for a caller who holds: their line is still open, or they are for others.

    Nobody if it is about anything else than a caller who holds.
    """
    if row.escalation.subject not in HELD:
        return frozenset()
    on = [person for crew in people.on.values() for person in crew]
    return _still_on_the_telephone(desk, on) | kept_for_others(desk, row)


def kept_for_others(desk: Desk, row: EscalationRow) -> frozenset[StaffId]:
    """Whose phones are for callers who stand before this one."""
    own = _place(desk, row)
    before = (other for other in in_order(desk) if _place(desk, other) < own)
    return frozenset(person for other in before for person in could_ring(desk, other))


def in_order(desk: Desk) -> list[EscalationRow]:
    """Every caller in the hold, the first one first."""
    rows = [row for row in escalations.all_open(desk.tx) if _holds(desk, row)]
    return sorted(rows, key=lambda row: _place(desk, row))


def _holds(desk: Desk, row: EscalationRow) -> bool:
    if row.escalation.subject not in HELD:
        return False
    return row.escalation.status is Status.REACHING or _is_left_alone(desk, row)


def _is_left_alone(desk: Desk, row: EscalationRow) -> bool:
    """The caller hears just now that the other person has left, and may stay on the line."""
    if rooms.staff_in(desk.tx, row.room):
        return False
    paged = pages.of_escalation(desk.tx, row.escalation.id)
    just_now = any(page.ended_at is not None and page.ended_at > desk.now - _STAYS for page in paged)
    there = contacts.ongoing_in(desk.tx, row.room)
    return just_now and any(one.state in (State.IN_ROOM, State.AFTER_TALK) for one in there)


def _place(desk: Desk, row: EscalationRow) -> tuple[bool, datetime, EscalationId]:
    caller = contacts.get(desk.tx, row.contact_id) if row.contact_id else None
    was_with_human = caller is not None and caller.reached_at is not None
    return not was_with_human, row.escalation.opened_at, row.escalation.id


def could_ring(desk: Desk, row: EscalationRow) -> tuple[StaffId, ...]:
    """Who is free and was not rung for this caller a moment ago, in order; nobody while any phone rings for them."""
    rule = row.escalation
    if rule.ringing:
        return ()
    crew = duty.people(desk, rule.policy, besides=rule.id, language=duty.language_of(desk, row))
    on = dict.fromkeys(person for who in rule.policy.named for person in crew.on.get(who, ()))
    not_now = crew.busy | _still_on_the_telephone(desk, on)
    if rule.status is Status.REACHING:
        since = desk.now - rule.policy.rungs[max(rule.rung, 0)].wait
        paged = pages.of_escalation(desk.tx, rule.id)
        not_now |= {page.staff_id for page in paged if page.placed_at > since}
    free = [person for person in on if person not in not_now]
    return tuple(sorted(free, key=lambda person: person not in crew.speak))


def _still_on_the_telephone(desk: Desk, people: Iterable[StaffId]) -> frozenset[StaffId]:
    """What they were rung for is settled, and their line still open: they say how it ended, or hear who has it."""
    left = pages.settled_since(desk.tx, people, desk.now - _HANGS_UP)
    return frozenset(
        page.staff_id for page in left if page.provider_sid and not _is_over(desk, page.provider_sid)
    )


def _is_over(desk: Desk, call_sid: str) -> bool:
    seen = calls_seen.get(desk.tx, call_sid)
    return seen is not None and seen.final_status is not None
