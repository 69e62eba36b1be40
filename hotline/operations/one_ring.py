"""One telephone, one person: what waits for somebody at once, and what their ringing phone is about.

A phone rings once at a time. While somebody's phone rings or is in use for an emergency, whatever else is as pressing
is *covered*: the ring says how many wait, 1 takes the most pressing one, and the others are offered next, as soon as
the line is free. Texts are merged in the same way: one that left a moment ago stands for those that follow, and the
next one says how many wait by now. Nobody else waits for any of this: each emergency pages everybody as if it were
alone. `pager` places the calls and texts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from hotline.model import Channel, StaffId, Subject
from hotline.oncall.escalation import Status
from hotline.oncall.policy import How
from hotline.operations.house import Desk
from hotline.store import calls_seen, contacts, escalations, pages, staff_calls
from hotline.store.escalations import EscalationRow
from hotline.store.pages import PageRow, Purpose
from hotline.store.pages import State as PageState
from hotline.triage.contact import State

TEXT_PAUSE: Final = timedelta(seconds=20)
"""Between two texts to one person about emergencies: shorter than any round of telephones."""
_HANGS_UP: Final = timedelta(seconds=90)
"""Longer than the outcome menu takes; for whoever's hang-up we were never told of."""

Waiting = tuple[PageRow, EscalationRow]


class Rings(StrEnum):
    """What the phone of somebody does about something at this moment."""

    NOW = "now"
    """It rings, or is about to, or has been picked up and asks for a key."""
    LATER = "later"
    """It is in use for something as pressing, and rings when that is over."""
    TALKS = "talks"
    """They are in the room."""
    NOT = "not"


def in_use(desk: Desk, person: StaffId) -> bool:
    """Whether their phone rings, or their line is open, for what no emergency interrupts."""
    return any(_is_pressing(desk, one) for one in lines(desk, person))


def is_free(desk: Desk, row: EscalationRow, person: StaffId) -> bool:
    """Whether their phone can ring for this now: an emergency comes before everything less, all else waits."""
    if row.escalation.subject is Subject.EMERGENCY:
        return not in_use(desk, person)
    return not lines(desk, person)


def lines(desk: Desk, person: StaffId) -> list[PageRow]:
    """Calls to them that are not over, though what they were for may be: they say how it ended, or are told."""
    since = desk.now - _HANGS_UP
    ending = (
        pages.over_since(desk.tx, person, since) if staff_calls.still_on(desk.tx, [person], since) else []
    )
    still = [one for one in ending if not line_is_over(desk, one)]
    return [*pages.lines_in_use(desk.tx, person), *still]


def _is_pressing(desk: Desk, one: PageRow) -> bool:
    about = escalations.get(desk.tx, one.escalation_id)
    return one.purpose is not Purpose.JOIN or (
        about is not None and about.escalation.subject is Subject.EMERGENCY
    )


def line_is_over(desk: Desk, one: PageRow) -> bool:
    """Whether the carrier has told how this call ended, or there never was one."""
    seen = calls_seen.get(desk.tx, one.provider_sid) if one.provider_sid else None
    return one.provider_sid is None or (seen is not None and seen.final_status is not None)


def just_texted(desk: Desk, person: StaffId) -> bool:
    """Whether a text about something as pressing left for them a moment ago."""
    since = desk.now - TEXT_PAUSE
    lately = pages.of_staff_since(desk.tx, person, since)
    return any(
        one.how is How.TEXT and one.state is not PageState.COVERED and one.placed_at > since
        for one in lately
        if _is_pressing(desk, one)
    )


# --- what waits for one person ---------------------------------------------------------------------------------


def rings(desk: Desk, row: EscalationRow, person: StaffId) -> Rings:
    """What their phone does about this."""
    calls = [
        one
        for one in pages.of_escalation(desk.tx, row.escalation.id)
        if one.staff_id == person and one.how is How.CALL and one.purpose is Purpose.JOIN and not one.ended_at
    ]
    states = {one.state for one in calls}
    if PageState.ACCEPTED in states:
        return Rings.TALKS
    if states & {PageState.PLACED, PageState.RINGING, PageState.ANSWERED}:
        return Rings.NOW
    return Rings.LATER if PageState.COVERED in states else Rings.NOT


def covered(desk: Desk, person: StaffId, way: How) -> list[Waiting]:
    """What waits for them, and is still theirs to take or to be told; the most pressing one first."""
    found: list[Waiting] = []
    for one in pages.covered(desk.tx, person):
        about = escalations.get(desk.tx, one.escalation_id)
        if one.how is way and about is not None and concerns(about, person):
            found.append((one, about))
    return in_order(desk, found)


def concerns(row: EscalationRow, person: StaffId) -> bool:
    """Whether they can still take it, or have it."""
    rule = row.escalation
    if rule.status is Status.REACHING:
        return person in rule.ringing
    return rule.status is Status.ACCEPTED and person in (rule.accepted_by, rule.offered_to)


def in_order(desk: Desk, waiting: Iterable[Waiting]) -> list[Waiting]:
    """Emergencies: what they have said they take, then callers on the line, then whoever has waited longest."""

    def place(one: Waiting) -> tuple[bool, bool, bool, datetime, str]:
        found, about = one
        rule = about.escalation
        theirs = found.staff_id in rule.coming or rule.status is Status.ACCEPTED
        less = rule.subject is not Subject.EMERGENCY
        return less, not theirs, not _holds_the_line(desk, about), rule.opened_at, rule.id

    return sorted(waiting, key=place)


def _holds_the_line(desk: Desk, row: EscalationRow) -> bool:
    there = contacts.ongoing_in(desk.tx, row.room)
    return any(one.channel is Channel.VOICE and one.state != State.ASKED_FOR_CALL for one in there)


def covered_by(desk: Desk, ring: PageRow) -> list[Waiting]:
    """What this ring stands for beside what it is about."""
    if ring.how is not How.CALL or ring.purpose is not Purpose.JOIN or not _is_pressing(desk, ring):
        return []
    return [
        (one, about)
        for one, about in covered(desk, ring.staff_id, How.CALL)
        if one.purpose is Purpose.JOIN and one.id != ring.id and about.escalation.subject is Subject.EMERGENCY
    ]


def how_many(desk: Desk, row: EscalationRow, person: StaffId) -> int:
    """How many emergencies wait for this person while their phone rings for this one; 1 if it is no emergency."""
    if row.escalation.subject is not Subject.EMERGENCY or row.escalation.status is not Status.REACHING:
        return 1
    others = {
        about.escalation.id
        for one, about in covered(desk, person, How.CALL)
        if one.purpose is Purpose.JOIN
        and about.escalation.status is Status.REACHING
        and about.escalation.subject is Subject.EMERGENCY
    }
    return len(others | {row.escalation.id})


def serving(desk: Desk, ring: PageRow, row: EscalationRow) -> Waiting:
    """What this ring is about now: the most pressing of what it stands for, as things are at this moment."""
    settled = ring.state in (PageState.ACCEPTED, PageState.DECLINED, PageState.UNREACHED) or ring.ended_at
    if settled or ring.provider_sid is None or not _is_pressing(desk, ring):
        return ring, row
    own: list[Waiting] = [(ring, row)] if concerns(row, ring.staff_id) else []
    waiting = in_order(desk, [*own, *covered_by(desk, ring)])
    if not waiting or waiting[0][0].id == ring.id:
        return ring, row
    chosen, about = waiting[0]
    left = PageState.COVERED if own else PageState.CALLED_OFF
    pages.save(desk.tx, replace(ring, state=left, provider_sid=None, ended_at=None if own else desk.now))
    rung = replace(
        chosen,
        state=PageState.ANSWERED,
        provider_sid=ring.provider_sid,
        sent_at=ring.sent_at or desk.now,
        answered_at=desk.now,
    )
    return pages.save(desk.tx, rung), about
