"""What the board shows of what comes after a talk: intakes, calls some days after an emergency, and referrals of which
it is to be said to whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from hotline.callbacks.callback import Callback, CallbackKind
from hotline.callbacks.follow_through import asked_from, is_soon, may_have_come, proposed_time
from hotline.callbacks.promise import planned_for
from hotline.model import ContactId, EscalationId, Line, PhoneNumber, StaffId
from hotline.operations import flow_state
from hotline.operations.callbacks import booking, consent, following_up, ringing_back
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, contacts
from hotline.store.cases.follow_ups import FollowUpRow
from hotline.store.cases.intakes import IntakeRow, IntakeState, ReferralRow


@dataclass(frozen=True, slots=True)
class BookedIntake:
    """An intake that is to come, or of which nobody has said yet whether they came. Times are UTC."""

    intake: str
    contact: ContactId | None
    """Whose page it is on, if the viewer may open it."""
    number: PhoneNumber | None
    booked_at: datetime
    booked_by: str | None
    starts_at: datetime | None
    """None: nobody has said when and where it is."""
    place: str | None
    soon: bool
    """Within 48 hours of when they asked."""
    to_be_marked: bool
    """The day after it has come."""
    due_at: datetime | None
    """When it is a callback if nobody says whether they came."""
    may_have_come: bool = False
    """They may be at the desk for it."""
    begun: bool = False
    """Its time has come: who isn't there hasn't come."""
    asked_at: datetime | None = None
    """When it is asked whether they came."""
    after_asking: bool = True
    """It isn't before they asked, as it may be if it was booked for the past."""
    no_calls_since: datetime | None = None
    """When they asked for no calls: then it becomes none."""
    said: IntakeState = IntakeState.BOOKED
    """What somebody has said, a moment ago; booked: nobody has."""
    marked_by: str | None = None

    @property
    def needs_somebody(self) -> bool:
        """Whether something is to be said of it now."""
        return self.starts_at is None or self.to_be_marked


@dataclass(frozen=True, slots=True)
class OfferedFollowUp:
    """Somebody was in an emergency that is closed, or spoke of suicide in a talk that is over: nobody has said yet
    whether they are called again. Times are UTC.

    One for each person, however many emergencies they were in: told of is the one that was closed last.
    """

    escalation: EscalationId
    contact: ContactId | None
    """Whose page it is on, if the viewer may open it."""
    number: PhoneNumber | None
    closed_at: datetime
    closed_by: str | None
    mine: bool
    """The viewer has closed one of them."""
    proposed: datetime
    before: tuple[datetime, ...] = ()
    """When earlier emergencies of theirs were closed that it is for, too, the first one first."""
    typed: bool = False
    """They withheld their number: this is the one that they typed."""
    unconfirmed: bool = False
    """They did not confirm it: it may be a stranger's."""
    after_talk: bool = False
    """No emergency was closed: a talk has ended in which they spoke of ending their life."""
    no_calls_since: datetime | None = None
    """When they asked for no calls: whoever agrees for them has asked them once more."""


@dataclass(frozen=True, slots=True)
class UnnamedReferral:
    """The viewer has said by key that they referred somebody: the board asks them to whom. `said_at` is UTC."""

    referral: str
    contact: ContactId | None
    """Whose page it is on, if the viewer may open it."""
    number: PhoneNumber | None
    line: Line
    said_at: datetime


def unnamed(
    transaction: Transaction, rows: Iterable[ReferralRow], viewer: StaffId
) -> tuple[UnnamedReferral, ...]:
    """Those that the viewer is asked of, the longest waiting first."""
    return tuple(_unnamed(transaction, row) for row in rows if row.asked_of == viewer)


def _unnamed(transaction: Transaction, row: ReferralRow) -> UnnamedReferral:
    owed = callbacks.get(transaction.tx, row.callback_id) if row.callback_id else None
    contact = contacts.get(transaction.tx, row.contact_id)
    said = flow_state.reachable_at(contact) if contact is not None else None
    line = owed.callback.line if owed is not None else contact.line if contact is not None else None
    return UnnamedReferral(
        referral=row.id,
        contact=row.contact_id,
        number=owed.number if owed is not None else said,
        line=line or Line.PERSON,
        said_at=row.said_at,
    )


def booked(
    transaction: Transaction, rows: Iterable[IntakeRow], names: Mapping[StaffId, str]
) -> tuple[BookedIntake, ...]:
    """What needs somebody first, then what is to come, the next first."""
    found = [_intake(transaction, row, names) for row in rows]
    return tuple(sorted(found, key=lambda one: (not one.needs_somebody, one.starts_at or one.booked_at)))


def _intake(transaction: Transaction, row: IntakeRow, names: Mapping[StaffId, str]) -> BookedIntake:
    place = ZoneInfo(transaction.settings.centre.line.timezone)
    owed = callbacks.get(transaction.tx, row.callback_id) if row.callback_id else None
    contact = contacts.get(transaction.tx, row.contact_id)
    starts_at = row.starts_at
    said = flow_state.reachable_at(contact) if contact is not None else None
    number = owed.number if owed is not None else said
    asked_at = asked_from(starts_at, place) if starts_at is not None else None
    return BookedIntake(
        intake=row.id,
        contact=row.contact_id,
        number=number,
        booked_at=row.booked_at,
        booked_by=names.get(row.booked_by),
        starts_at=starts_at,
        place=row.place,
        soon=starts_at is not None and is_soon(row.asked_at, starts_at),
        after_asking=starts_at is not None and starts_at >= row.asked_at,
        to_be_marked=asked_at is not None and transaction.now >= asked_at,
        may_have_come=starts_at is not None and may_have_come(starts_at, transaction.now),
        begun=starts_at is not None and transaction.now >= starts_at,
        asked_at=asked_at,
        due_at=row.due_at,
        no_calls_since=consent.no_calls_since(transaction, number),
    )


def marked(
    transaction: Transaction, rows: Iterable[IntakeRow], names: Mapping[StaffId, str]
) -> tuple[BookedIntake, ...]:
    """Of which somebody has said a moment ago whether they came, so lately that it can be taken back."""
    return tuple(
        replace(
            _intake(transaction, row, names),
            to_be_marked=False,
            said=row.state,
            marked_by=names.get(row.marked_by) if row.marked_by else None,
        )
        for row in rows
        if booking.may_be_unmarked(transaction, row)
    )


def offered(
    transaction: Transaction, rows: Iterable[FollowUpRow], viewer: StaffId, names: Mapping[StaffId, str]
) -> tuple[OfferedFollowUp, ...]:
    """Of whom nobody has said yet, the longest waiting first."""
    theirs: dict[PhoneNumber | None, list[FollowUpRow]] = {}
    for row in rows:
        theirs.setdefault(following_up.number_of(transaction, row), []).append(row)
    return tuple(_follow_up(transaction, several, viewer, names) for several in theirs.values())


def is_due_today(transaction: Transaction, owed: Callback) -> bool:
    """Whether it is a call after an emergency, for today on the centre's wall, or late already."""
    place = ZoneInfo(transaction.settings.centre.line.timezone)
    at = planned_for(owed, transaction.plan).astimezone(place)
    return owed.kind is CallbackKind.FOLLOW_UP and at.date() <= transaction.now.astimezone(place).date()


def _follow_up(
    transaction: Transaction, theirs: Sequence[FollowUpRow], viewer: StaffId, names: Mapping[StaffId, str]
) -> OfferedFollowUp:
    *before, row = theirs
    contact = contacts.get(transaction.tx, row.contact_id)
    number = following_up.number_of(transaction, row)
    place = (ZoneInfo(transaction.settings.centre.line.timezone),)
    zones = ringing_back.zones_of(transaction, number) if number is not None else place
    return OfferedFollowUp(
        escalation=row.id,
        contact=row.contact_id,
        number=number,
        closed_at=row.offered_at,
        closed_by=names.get(row.closed_by),
        mine=any(one.closed_by == viewer for one in theirs),
        before=tuple(one.offered_at for one in before),
        typed=contact is not None and flow_state.is_typed(contact),
        unconfirmed=contact is not None and flow_state.is_unconfirmed(contact),
        after_talk=following_up.is_after_talk(row),
        proposed=proposed_time(row.offered_at, transaction.now, zones),
        no_calls_since=consent.no_calls_since(transaction, number),
    )
