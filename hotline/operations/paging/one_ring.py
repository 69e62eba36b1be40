"""One telephone, one person: what waits for somebody at once, and what their ringing phone is about.

A phone rings once at a time. While somebody's phone rings or is in use for an emergency, whatever else is as pressing
is *covered*: the ring says how many wait, 1 takes the most pressing one, and the others are offered next, as soon as
the line is free. Texts are merged in the same way: one that left a moment ago stands for those that follow, and the
next one says how many are new by now, how many wait in all, and since when. What somebody was told of already rides
along on the next text, or is told again by itself after a longer pause, for their phone rings for it meanwhile. Nobody
else waits for any of this: each emergency pages everybody as if it were alone. `pager` places the calls and texts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from hotline.model import How, StaffId, Subject
from hotline.oncall.escalation import EscalationStatus
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts, escalations, pages
from hotline.store.cases.escalations import EscalationRow
from hotline.store.cases.pages import PageRow, PageState, Purpose
from hotline.store.overviews import conference, phones, telephones
from hotline.store.overviews.phones import Lines
from hotline.triage.contact import ContactState

TEXT_PAUSE: Final = timedelta(seconds=20)
"""Between two texts to one person about emergencies, when there is news: shorter than any round of telephones."""
TELL_AGAIN: Final = timedelta(seconds=80)
"""Between two texts to one person whose phone rings, when nothing is new to them: every third round of telephones, of
30 seconds each by default. At most `telephones.LATELY`."""

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


@dataclass(frozen=True, slots=True)
class Phones:
    """The telephones of some people, as they are at one moment of one transaction."""

    lines: Lines
    texted: frozenset[StaffId]
    """Whoever had a text about something as pressing a moment ago."""
    told_at: Mapping[StaffId, datetime]
    """When whoever had one within `TELL_AGAIN` had the last one (UTC)."""

    def knows(self, row: EscalationRow, person: StaffId) -> bool:
        """Whether a text that left for them lately is all there is to say of this: nobody has had it since."""
        told = self.told_at.get(person)
        return told is not None and (row.touched_at is None or told > row.touched_at)

    def is_free(self, row: EscalationRow, person: StaffId) -> bool:
        """Whether it can ring for this now: an emergency comes before everything less, all else waits."""
        if row.escalation.subject is Subject.EMERGENCY:
            return person not in self.lines.pressing
        return person not in self.lines.open


def look(transaction: Transaction, people: Collection[StaffId]) -> Phones:
    """The telephones of these people; asked for once, before any of them is rung."""
    told_at = phones.told_at(transaction.tx, people, transaction.now - TELL_AGAIN)
    return Phones(
        phones.lines(transaction.tx, people, transaction.now - telephones.LATELY),
        frozenset(person for person, at in told_at.items() if at > transaction.now - TEXT_PAUSE),
        told_at,
    )


def _is_pressing(transaction: Transaction, one: PageRow) -> bool:
    about = escalations.get(transaction.tx, one.escalation_id)
    return one.purpose is not Purpose.JOIN or (
        about is not None and about.escalation.subject is Subject.EMERGENCY
    )


# --- what waits for one person ---------------------------------------------------------------------------------


def rings(transaction: Transaction, row: EscalationRow, person: StaffId) -> Rings:
    """What their phone does about this."""
    calls = [
        one
        for one in pages.waiting_of(transaction.tx, row.escalation.id)
        if one.staff_id == person and one.how is How.CALL and one.purpose is Purpose.JOIN
    ]
    states = {one.state for one in calls}
    if PageState.ACCEPTED in states:
        return Rings.TALKS
    if states & {PageState.PLACED, PageState.RINGING, PageState.ANSWERED}:
        return Rings.NOW
    if states >= {PageState.COVERED, PageState.CALLED_OFF}:
        return Rings.NOW  # anew, as soon as the ring that is being called off is over
    return Rings.LATER if PageState.COVERED in states else Rings.NOT


def on_calls(transaction: Transaction, row: EscalationRow) -> frozenset[StaffId]:
    """Who is to be paged for this and talks on the telephone: it rings for it when that is over."""
    waits = {
        one.staff_id
        for one in pages.waiting_of(transaction.tx, row.escalation.id)
        if one.state is PageState.COVERED and one.how is How.CALL and one.purpose is Purpose.JOIN
    }
    # A telephone that rings for something else as pressing rings for this, too.
    lines = [one.page for one in telephones.look(transaction.tx).running() if one.page.state in pages.OPEN]
    rung = {one.staff_id for one in lines if one.state is not PageState.ACCEPTED}
    return frozenset(waits - rung)


@dataclass(frozen=True, slots=True)
class BeingAsked:
    """Who is asked to take something at this moment."""

    rung: frozenset[StaffId] = frozenset()
    """Their phones ring for it, or have been picked up."""
    texted: frozenset[StaffId] = frozenset()
    """Only their texts say so."""


def asked(transaction: Transaction, row: EscalationRow) -> BeingAsked:
    """Who is asked to take this, and how."""
    waiting = [
        one
        for one in pages.waiting_of(transaction.tx, row.escalation.id)
        if one.purpose is Purpose.JOIN and one.state is not PageState.ACCEPTED
    ]
    called = {one.staff_id for one in waiting if one.how is How.CALL}
    rung = frozenset(called - on_calls(transaction, row))
    texts = frozenset(one.staff_id for one in waiting if one.how is How.TEXT)
    return BeingAsked(rung, texts - called)


def covered(transaction: Transaction, people: Collection[StaffId], way: How) -> dict[StaffId, list[Waiting]]:
    """What waits for each of these people, and is still theirs to take or to be told; the most pressing one first."""
    found = [
        (one, about)
        for one, about in phones.waiting(transaction.tx, people)
        if one.how is way and concerns(about, one.staff_id)
    ]
    theirs: dict[StaffId, list[Waiting]] = {person: [] for person in people}
    for one in in_order(transaction, found):
        theirs[one[0].staff_id].append(one)
    return theirs


def concerns(row: EscalationRow, person: StaffId) -> bool:
    """Whether they can still take it, or have it."""
    rule = row.escalation
    if rule.status is EscalationStatus.REACHING:
        return person in rule.ringing
    return rule.status is EscalationStatus.ACCEPTED and person in (rule.accepted_by, rule.offered_to)


def in_order(transaction: Transaction, waiting: Iterable[Waiting]) -> list[Waiting]:
    """Emergencies: what they have said they take, then callers on the line, then whoever has waited longest; after
    them what was theirs, and comes back to them though they have not talked; then what a colleague has, and asks them
    to take over."""
    several = list(waiting)
    held = contacts.rooms_on_the_line(
        transaction.tx, {about.room for _, about in several}, ContactState.ASKED_FOR_CALL
    )

    def place(one: Waiting) -> tuple[bool, bool, bool, bool, bool, datetime, str]:
        found, about = one
        rule = about.escalation
        theirs = found.staff_id in rule.coming or rule.accepted_by == found.staff_id
        of_a_colleague = rule.accepted_by is not None and not theirs
        less = rule.subject is not Subject.EMERGENCY
        again = not theirs and comes_back(transaction, about, found.staff_id)
        return less, of_a_colleague, again, not theirs, about.room not in held, rule.opened_at, rule.id

    return sorted(several, key=place)


def comes_back(transaction: Transaction, row: EscalationRow, person: StaffId) -> bool:
    """Whether they had this and are asked anew, before anybody else, for a call of somebody with whom nobody has talked
    yet. Nobody is cut off by waiting for the others: a line that broke in a talk is another matter."""
    rule = row.escalation
    if rule.status is not EscalationStatus.REACHING or rule.rung != -1:
        return False
    had = any(
        one.staff_id == person and one.state is PageState.ACCEPTED
        for one in pages.of_escalation(transaction.tx, rule.id)
    )
    return had and not conference.has_talked(transaction.tx, row.room)


def covered_by(transaction: Transaction, ring: PageRow) -> list[Waiting]:
    """What this ring stands for beside what it is about."""
    if ring.how is not How.CALL or ring.purpose is not Purpose.JOIN or not _is_pressing(transaction, ring):
        return []
    return _stood_for(ring, covered(transaction, [ring.staff_id], How.CALL)[ring.staff_id])


def rings_on(row: EscalationRow, ring: PageRow, waiting: Iterable[Waiting]) -> bool:
    """Whether a ring about this goes on when it is called off, for what else waits for the same person."""
    if ring.purpose is not Purpose.JOIN or row.escalation.subject is not Subject.EMERGENCY:
        return False
    return any(about.escalation.id != row.escalation.id for _, about in _stood_for(ring, waiting))


def _stood_for(ring: PageRow, waiting: Iterable[Waiting]) -> list[Waiting]:
    return [
        (one, about)
        for one, about in waiting
        if one.purpose is Purpose.JOIN and one.id != ring.id and about.escalation.subject is Subject.EMERGENCY
    ]


def how_many(transaction: Transaction, row: EscalationRow, person: StaffId) -> int:
    """How many emergencies wait for this person while their phone rings for this one; 1 if it is no emergency."""
    if (
        row.escalation.subject is not Subject.EMERGENCY
        or row.escalation.status is not EscalationStatus.REACHING
    ):
        return 1
    others = {
        about.escalation.id
        for one, about in covered(transaction, [person], How.CALL)[person]
        if one.purpose is Purpose.JOIN
        and about.escalation.status is EscalationStatus.REACHING
        and about.escalation.subject is Subject.EMERGENCY
    }
    return len(others | {row.escalation.id})


def serving(transaction: Transaction, ring: PageRow, row: EscalationRow) -> Waiting:
    """What this ring is about now: the most pressing of what it stands for, as things are at this moment."""
    settled = ring.state in (PageState.ACCEPTED, PageState.DECLINED, PageState.UNREACHED) or ring.ended_at
    if settled or ring.provider_sid is None or not _is_pressing(transaction, ring):
        return ring, row
    own: list[Waiting] = [(ring, row)] if concerns(row, ring.staff_id) else []
    waiting = in_order(transaction, [*own, *covered_by(transaction, ring)])
    if not waiting or waiting[0][0].id == ring.id:
        return ring, row
    chosen, about = waiting[0]
    left = PageState.COVERED if own else PageState.CALLED_OFF
    pages.save(
        transaction.tx,
        replace(ring, state=left, provider_sid=None, ended_at=None if own else transaction.now),
    )
    rung = replace(
        chosen,
        state=PageState.ANSWERED,
        provider_sid=ring.provider_sid,
        sent_at=ring.sent_at or transaction.now,
        answered_at=transaction.now,
    )
    return pages.save(transaction.tx, rung), about
