"""Calls and texts to staff: each is one page, with their code for what waits. When phones ring is in `one_ring`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, assert_never

from hotline import paths
from hotline.durations import told_duration
from hotline.effects import Origin, OriginKind, PlaceCall, SendText, Urgency
from hotline.model import ByWord, Channel, EscalationId, How, PageId, StaffId, Subject
from hotline.oncall.escalation import EscalationStatus
from hotline.operations import flow_state
from hotline.operations.due_work import Work, each
from hotline.operations.paging import helping, one_ring, page_codes
from hotline.operations.paging.way_back import WayBack, of_emergency
from hotline.operations.transaction import Transaction, new_id
from hotline.store.cases import contacts, escalations, pages
from hotline.store.cases.escalations import EscalationRow
from hotline.store.cases.pages import PageRow, PageState, Purpose
from hotline.store.overviews import crew, phones
from hotline.triage.contact import ContactState

KIND: Final = ByWord(
    {
        Subject.EMERGENCY: "emergency",
        Subject.ADMISSIONS: "live",
        Subject.FAMILY: "live",
        Subject.PERSON: "live",
        Subject.CALLBACK: "callback",
        Subject.THREAD: "thread",
        Subject.CLINICIAN: "clinician",
        Subject.HELP: "help",
        Subject.SUPERVISOR: "supervisor",
        Subject.TEST: "test",
    },
    "supervisor",
)
"""Which of the page_... prompts tells staff what waits; what only a later version knows has nobody here."""


_NOBODY_WAITS_IN: Final = (ContactState.IN_ROOM, ContactState.ON_HOLD, ContactState.ASKED_FOR_CALL)
"""With somebody of the staff, or only rung by us as yet."""


# --- paging ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ToPage:
    """Somebody who is to be rung or texted."""

    person: StaffId
    way: How
    due_at: datetime | None = None
    """When their phone is free, if it isn't now (UTC)."""


def page_all(transaction: Transaction, row: EscalationRow, wanted: Sequence[ToPage]) -> None:
    """Ring and text these people about one escalation, now or when their phone is free.

    What is asked of the database is asked once for all of them.
    """
    if not wanted:
        return
    now = one_ring.look(transaction, {one.person for one in wanted})
    before = frozenset(pages.codes_of(transaction.tx, row.escalation.id))
    given = page_codes.given(transaction, row, [one.person for one in wanted])
    rung = {one.person for one in wanted if one.way is How.CALL}
    merges = _is_told_of_with_others(transaction, row)
    again = before & rung if merges else frozenset()
    told = {
        one for one in wanted if one.way is How.TEXT and one.person in again and now.knows(row, one.person)
    }
    made = [
        _made(transaction, row, one.person, one.way, code, covered=one in told or _is_covered(row, one, now))
        for one, code in zip(wanted, given, strict=True)
    ]
    made = [
        replace(page_row, sent_at=transaction.now) if one in told else page_row
        for one, page_row in zip(wanted, made, strict=True)
    ]
    texted = [one.staff_id for one in made if one.how is How.TEXT and one.state is PageState.PLACED]
    several = _waiting_for(transaction, texted, row) if merges else {}
    for one, kept in zip(wanted, pages.add_all(transaction.tx, made), strict=True):
        if kept.state is not PageState.PLACED:
            continue
        if one.person in several and one.way is How.TEXT:
            new = () if one.person in before else (row.escalation.id,)
            _tell(transaction, row, kept, new, several[one.person])
        else:
            _send(transaction, row, kept, one.due_at)


def _is_told_of_with_others(transaction: Transaction, row: EscalationRow) -> bool:
    """Whether a text may say how many wait instead of what this is: that its caller is gone is told by itself."""
    rule = row.escalation
    waits = rule.subject is Subject.EMERGENCY and rule.status is EscalationStatus.REACHING
    return waits and of_emergency(transaction, row) is not WayBack.GONE


Several = Sequence[tuple[EscalationRow, str | None]]
"""Emergencies, the longest wait first, each with the code that somebody has for it, unless the page at hand has it."""


def _waiting_for(
    transaction: Transaction, people: Collection[StaffId], *besides: EscalationRow
) -> dict[StaffId, Several]:
    """Every emergency that waits for each of these, those `besides` among them.

    Between two rounds nobody's page is open: whoever has been paged for it is asked still.
    """
    if not people:
        return {}
    reaching = escalations.reaching(transaction.tx, [Subject.EMERGENCY])
    among = {one.escalation.id: one for one in (*reaching, *besides)}
    always = {one.escalation.id for one in besides}
    codes = pages.codes_of_each(transaction.tx, [known for known in among if known not in always])
    in_order = sorted(among.values(), key=lambda one: (one.escalation.opened_at, one.escalation.id))

    def of(person: StaffId) -> Iterator[tuple[EscalationRow, str | None]]:
        for row in in_order:
            code = codes.get(row.escalation.id, {}).get(person)
            if code is not None or row.escalation.id in always or one_ring.concerns(row, person):
                yield row, code

    return {person: tuple(of(person)) for person in people}


def page(
    transaction: Transaction,
    row: EscalationRow,
    person: StaffId,
    *,
    purpose: Purpose = Purpose.JOIN,
    regards: str | None = None,
    due_at: datetime | None = None,
    waits: bool = True,
) -> PageRow:
    """Ring one person for what they have asked for themselves: now (or at `due_at`), or when their phone is free.

    `waits`: also for what their phone is in use for that is less pressing.
    """
    now = one_ring.look(transaction, [person])
    free = now.is_free(row, person) if waits else _may_ring(row, person, now)
    (code,) = page_codes.given(transaction, row, [person])
    made = _made(transaction, row, person, How.CALL, code, covered=not free, purpose=purpose, regards=regards)
    kept = pages.add(transaction.tx, made)
    if free:
        _send(transaction, row, kept, due_at)
    return kept


def _made(
    transaction: Transaction,
    row: EscalationRow,
    person: StaffId,
    way: How,
    code: str,
    *,
    covered: bool,
    purpose: Purpose = Purpose.JOIN,
    regards: str | None = None,
) -> PageRow:
    return PageRow(
        id=PageId(new_id()),
        escalation_id=row.escalation.id,
        staff_id=person,
        how=way,
        state=PageState.COVERED if covered else PageState.PLACED,
        reference=code,
        placed_at=transaction.now,
        purpose=purpose,
        pressing=purpose is not Purpose.JOIN or row.escalation.subject is Subject.EMERGENCY,
        regards=regards,
    )


def _is_covered(row: EscalationRow, one: ToPage, now: one_ring.Phones) -> bool:
    if one.way is How.TEXT:
        return row.escalation.subject is Subject.EMERGENCY and one.person in now.texted
    return not _may_ring(row, one.person, now)


def _may_ring(row: EscalationRow, person: StaffId, now: one_ring.Phones) -> bool:
    """Only an emergency finds a phone in use: the rules ring nobody else's for less."""
    return row.escalation.subject is not Subject.EMERGENCY or now.is_free(row, person)


def _send(
    transaction: Transaction,
    row: EscalationRow,
    made: PageRow,
    due_at: datetime | None = None,
    words: str | None = None,
) -> None:
    member = crew.member(transaction.tx, made.staff_id)
    if member is None:
        raise LookupError("no such member of staff")
    about = Origin(OriginKind.PAGE, made.id)
    match made.how:
        case How.CALL:
            seconds = int(transaction.settings.centre.waits.staff_ring.total_seconds())
            call = PlaceCall(member.phone, paths.page(made.id), paths.page_status(made.id), seconds)
            transaction.send(call, about=about, urgency=_lane(row), due_at=due_at)
        case How.TEXT:
            text = SendText(member.phone, words or _words(transaction, row, made), paths.text_status(made.id))
            transaction.send(text, about=about, urgency=_lane(row))
        case _:
            assert_never(made.how)


def _lane(row: EscalationRow) -> Urgency:
    return Urgency.EMERGENCY if row.escalation.subject is Subject.EMERGENCY else Urgency.URGENT


def waits_since(transaction: Transaction, row: EscalationRow) -> datetime:
    """Since when somebody waits for this (UTC): since they wrote, if nothing of ours could hear it then."""
    unheard = _unheard_since(transaction, row)
    return row.escalation.opened_at if unheard is None else min(unheard, row.escalation.opened_at)


def _unheard_since(transaction: Transaction, row: EscalationRow) -> datetime | None:
    """When it was sent what this was opened for, if it reached us late."""
    asks = row.escalation.subject in (Subject.EMERGENCY, Subject.THREAD)
    origin = contacts.get(transaction.tx, row.contact_id) if asks and row.contact_id else None
    by_text = origin is not None and origin.channel is Channel.TEXT
    return flow_state.read(origin).unheard_since if origin is not None and by_text else None


def _words(transaction: Transaction, row: EscalationRow, made: PageRow) -> str:
    return _with_age(transaction, row, _asked(transaction, row, made))


def _with_age(transaction: Transaction, row: EscalationRow, words: str) -> str:
    unheard = _unheard_since(transaction, row)
    if unheard is None:
        return words
    return f"{words} {transaction.text('page_unheard', AGE=told_duration(transaction.now - unheard))}"


def _asked(transaction: Transaction, row: EscalationRow, made: PageRow) -> str:
    rule = row.escalation
    if rule.subject is Subject.SECOND:
        return _second_words(transaction, row, made)
    if rule.subject is Subject.HELP:
        return transaction.text("page_help", REF=made.reference, WHO=helping.who_asks(transaction, row))
    if rule.offered_to == made.staff_id and rule.accepted_by is not None:
        giver = crew.member(transaction.tx, rule.accepted_by)
        who = giver.name.split()[0] if giver else ""
        return transaction.text("page_offered", REF=made.reference, WHO=who)
    kind: str = of_emergency(transaction, row) or KIND[rule.subject]
    if kind == KIND[Subject.EMERGENCY] and not (
        row.contact_id and contacts.is_text(transaction.tx, row.contact_id)
    ):
        # Who calls has not said that a text may go to them: nobody is invited to write one.
        kind = "emergency_call"
    return transaction.text(f"page_{kind}", REF=made.reference)


def _second_words(transaction: Transaction, row: EscalationRow, made: PageRow) -> str:
    case = escalations.get(transaction.tx, row.second_of) if row.second_of is not None else None
    owner = case.escalation.accepted_by if case is not None else None
    member = crew.member(transaction.tx, owner) if owner is not None else None
    kind = second_kind(case)
    return transaction.text(kind, REF=made.reference, WHO=member.name.split()[0] if member else "")


def second_kind(case: EscalationRow | None) -> str:
    """Which of the page_second_... prompts tells of what somebody has."""
    thread = case is not None and case.escalation.subject is Subject.THREAD
    return "page_second_thread" if thread else "page_second_emergency"


# --- what comes next -------------------------------------------------------------------------------------------


def found(transaction: Transaction, waits: Sequence[tuple[StaffId, How]]) -> Sequence[Work]:
    """Of those for whom something waits: whoever's phone is free, or has had no text for a while."""
    if not waits:
        return ()
    now = one_ring.look(transaction, {person for person, _ in waits})
    not_yet = {How.CALL: now.lines.pressing, How.TEXT: now.texted}
    return each(next_for, sorted({person for person, way in waits if person not in not_yet[way]}))


def _is_untold(one: PageRow) -> bool:
    return one.how is How.CALL or one.sent_at is None


def next_for(transaction: Transaction, person: StaffId) -> None:
    """Ring them for what waits, if their phone is free; and tell them by text, if it is time to."""
    waits = phones.waiting(transaction.tx, [person])
    if not waits:
        return
    now = one_ring.look(transaction, [person])
    theirs = [(one, about) for one, about in waits if one_ring.concerns(about, person)]
    gone = [one for one, about in waits if not one_ring.concerns(about, person)]
    pages.save_all(
        transaction.tx, [replace(one, state=PageState.CALLED_OFF, ended_at=transaction.now) for one in gone]
    )
    theirs = one_ring.in_order(transaction, theirs)
    calls = [(one, about) for one, about in theirs if one.how is How.CALL]
    if calls and now.is_free(calls[0][1], person):
        one, about = calls[0]
        _send(transaction, about, pages.save(transaction.tx, _placed(transaction, one)))
    texts = [(one, about) for one, about in theirs if one.how is How.TEXT and _is_untold(one)]
    if texts and person not in now.texted:
        _tell_of(transaction, texts)


def _placed(transaction: Transaction, one: PageRow) -> PageRow:
    return replace(one, state=PageState.PLACED, placed_at=transaction.now)


def _tell_of(transaction: Transaction, texts: Sequence[one_ring.Waiting]) -> None:
    """One text for all of these, which are new to them: it has the code of the most pressing one, and says how many
    wait in all."""
    (first, about), *others = texts
    first = pages.save(transaction.tx, _placed(transaction, first))
    pages.save_all(transaction.tx, [replace(one, sent_at=transaction.now) for one, _ in others])
    rows = [row for _, row in texts]
    several = _waiting_for(transaction, [first.staff_id], *rows)[first.staff_id]
    _tell(transaction, about, first, [row.escalation.id for row in rows], several)


def _tell(
    transaction: Transaction,
    row: EscalationRow,
    made: PageRow,
    new: Collection[EscalationId],
    several: Several,
) -> None:
    """Text them about one emergency: which of those that wait (the longest wait first) are `new` to them, how many
    there are in all, and since when."""
    if len(several) == 1 and new:
        _send(transaction, row, made)
        return
    first, its_code = several[0]
    code = made.reference if new or its_code is None else its_code
    since = waits_since(transaction, row) if first == row else first.escalation.opened_at
    told_as = _told_as(len(new), len(several))
    if told_as == "page_still" and _calls_now(transaction, row):
        told_as = "page_still_calls"
    words = transaction.text(
        told_as,
        REF=code,
        WAIT=told_duration(transaction.now - since),
        COUNT=str(len(several)),
        NEW=str(len(new)),
    )
    _send(transaction, row, made, words=words if len(new) != 1 else _with_age(transaction, row, words))


def _calls_now(transaction: Transaction, row: EscalationRow) -> bool:
    """Whether somebody is on the line about it, and with nobody: it is no old news, whoever had it before."""
    there = contacts.ongoing_in(transaction.tx, row.room)
    return any(one.channel is Channel.VOICE and one.state not in _NOBODY_WAITS_IN for one in there)


def _told_as(new: int, in_all: int) -> str:
    if not new:
        return "page_still" if in_all == 1 else "page_emergencies"
    return "page_new" if new == 1 else "page_several_new"
