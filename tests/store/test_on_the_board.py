"""What the board shows, read at once: on both databases what each module finds, and asked for no second time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hotline.callbacks.callback import CallbackStatus
from hotline.model import (
    HELD,
    CallbackId,
    ContactId,
    EscalationId,
    How,
    Language,
    Line,
    Outcome,
    PhoneNumber,
    RoomName,
    StaffId,
    Subject,
)
from hotline.oncall.escalation import EscalationStatus
from hotline.store.cases import callbacks, contacts, escalations, pages
from hotline.store.cases.pages import PageState
from hotline.store.database import Database, Tx
from hotline.store.overviews import conference, crew, on_the_board, telephones
from hotline.store.overviews.on_the_board import BoardPart, CallOfOurs, Chosen, OnTheBoard
from hotline.store.people import staff
from hotline.store.traffic import messages
from tests.operations.statements import counted
from tests.store.examples import (
    CALLER,
    MINUTE,
    NOW,
    OTHER,
    callback,
    contact,
    escalation,
    member,
    message,
    page,
    thread,
)

B1, C1, T1 = CallbackId("b1"), ContactId("c1"), ContactId("t1")


def fill(database: Database) -> None:
    """An emergency whose caller is gone, a thread, a callback that was tried once, and one of each that is closed."""
    with database.write() as tx:
        for one in ("s1", "s2"):
            staff.add(tx, member(one, active=one == "s1"))
        contacts.add(tx, contact("c1", ended_at=NOW, callback_id=CallbackId("b2")))
        contacts.add(tx, thread("t1", room=RoomName("room-t1"), caller=OTHER))
        contacts.add(tx, thread("t2", room=RoomName("room-t2"), caller=OTHER, ended_at=NOW))
        contacts.add(tx, contact("out", outbound=True, callback_id=B1, ended_at=NOW, outcome=Outcome.BUSY))
        escalations.add(tx, escalation("e1"))
        escalations.add(
            tx, replace(escalation("e2", Subject.THREAD), contact_id=T1, room=RoomName("room-t1"))
        )
        over = escalation("e3", Subject.THREAD)
        rule = replace(over.escalation, status=EscalationStatus.CLOSED)
        theirs = replace(over, contact_id=ContactId("t2"), room=RoomName("room-t2"))
        escalations.add(tx, replace(theirs, escalation=rule, closed_at=NOW))
        talk = {"reached_at": NOW, "ended_at": NOW, "escalation_id": EscalationId("e5")}
        contacts.add(tx, contact("c4", room=RoomName("room-c4"), **talk))
        for name in ("e4", "e5"):
            held = replace(escalation(name, Subject.ADMISSIONS), contact_id=ContactId("c4"))
            rule = replace(held.escalation, status=EscalationStatus.CLOSED)
            at = NOW if name == "e4" else NOW - 2 * MINUTE
            escalations.add(tx, replace(held, escalation=rule, closed_at=at, room=RoomName("room-c4")))
        pages.add(tx, page("p2", escalation_id=EscalationId("e4"), state=PageState.ACCEPTED, ended_at=NOW))
        callbacks.add(tx, callback("b1"))
        callbacks.add(tx, replace(callback("b2", status=CallbackStatus.CLOSED), closed_at=NOW - MINUTE))
        callbacks.add(tx, replace(callback("b3", status=CallbackStatus.CLOSED), closed_at=NOW))
        messages.add(tx, message("m1", contact_id=T1, number=OTHER))
        pages.add(tx, page("p1", state=PageState.COVERED))
        pages.add(tx, page("p3", how=How.TEXT, pressing=False))


def look(database: Database, at_most: int = 1) -> OnTheBoard:
    """What is on it, and that what is asked of it then is known."""
    both = (Subject.EMERGENCY, Subject.THREAD)
    with database.read() as tx:
        with counted(10):
            crew.names(tx)
            found = on_the_board.look(
                tx,
                NOW,
                closed_after=NOW - MINUTE,
                promised_after=NOW - 5 * MINUTE,
                subjects=both,
                held=HELD,
                at_most=at_most,
            )
        with counted(0):
            assert [one.escalation.id for one in conference.open_escalations(tx, RoomName("room-t1"))] == [
                "e2"
            ]
            assert conference.open_escalations(tx, RoomName("room-t2")) == []
            assert [one.id for one in contacts.ongoing_in(tx, RoomName("room-t1"))] == ["t1"]
            assert contacts.ongoing_in(tx, RoomName("room-c1")) == []
            assert [one.callback.id for one in callbacks.open_for(tx, CALLER)] == ["b1"]
            assert callbacks.open_for(tx, OTHER) == []
            assert escalations.get(tx, EscalationId("e5")) is not None
            assert [one.id for one in pages.of_escalation(tx, EscalationId("e4"))] == ["p2"]
            assert [one.id for one in messages.of_contact(tx, T1)] == ["m1"]
            origin, newest = contacts.get(tx, C1), contacts.open_thread(tx, OTHER)
            assert origin is not None
            assert callbacks.get(tx, CallbackId("b2")) is not None
            assert newest is not None
            assert newest.id == "t1"
            assert contacts.open_thread(tx, OTHER, sms=False) is None
            assert [one.page.id for one in telephones.look(tx).waiting()] == ["p1"]
            assert [one.id for one in pages.waiting_of(tx, EscalationId("e1"))] == ["p1", "p3"]
            assert pages.waiting_of(tx, EscalationId("e2")) == []
            assert [one.id for one in crew.crew(tx).members] == ["s1"]
    return found


def test_the_board_is_read_at_once(database: Database) -> None:
    """Each thing in its order, and nothing that is neither open nor was closed lately."""
    fill(database)
    found = look(database)
    assert [one.escalation.id for one in found.open] == ["e1", "e2"]
    assert [one.escalation.id for one in found.closed] == ["e3"]
    assert [one.escalation.id for one in found.talks] == ["e4"]
    assert [one.id for one in found.ongoing] == ["t1"]
    assert [one.callback.id for one in found.owed] == ["b1"]
    assert [one.callback.id for one in found.done] == ["b3"]
    assert found.calls == (CallOfOurs(B1, NOW, NOW, Outcome.BUSY),)
    assert [one.callback.id for one in look(database, at_most=5).done] == ["b3", "b2"]


def test_a_board_with_nothing_on_it(database: Database) -> None:
    """Is read like any other."""
    with database.read() as tx:
        subjects = (Subject.EMERGENCY,)
        found = on_the_board.look(
            tx,
            NOW,
            closed_after=NOW - timedelta(days=1),
            promised_after=NOW,
            subjects=subjects,
            held=HELD,
            at_most=9,
        )
    assert found == OnTheBoard(*((),) * 11, records={})


def test_what_was_not_chosen_stays_where_it_is(database: Database) -> None:
    """However much of it there is: as many statements, and as many rows, as for a handful of others; and all of it is
    counted. What somebody has, and what is owed to the same number, is read all the same."""
    family = BoardPart(Chosen(Line.FAMILY, Language.EN))
    mine = {"line": Line.FAMILY}
    with database.write() as tx:
        contacts.add(tx, contact("ours", **mine))
        contacts.add(tx, contact("any", room=RoomName("room-any")))
        callbacks.add(tx, callback("ours", number=CALLER, line=Line.FAMILY))
        callbacks.add(tx, callback("also", number=CALLER, line=Line.ADMISSIONS))
        callbacks.add(tx, callback("taken", number=OTHER, line=Line.ADMISSIONS, owner=StaffId("s1")))
        _others(tx, range(4))
    few, read = _chosen(database, family)
    assert {one.id for one in few.ongoing} == {"ours", "any"}
    assert {one.callback.id for one in few.owed} == {"ours", "also", "taken"}
    assert (few.other_calls, few.other_callbacks) == (4, 4 + 2)
    assert not few.open
    with database.write() as tx:
        _others(tx, range(4, 2000))
    many, read_of_many = _chosen(database, family)
    assert (many.ongoing, many.owed) == (few.ongoing, few.owed)
    assert (many.other_calls, many.other_callbacks) == (2000, 2000 + 2)
    assert read_of_many == read
    portuguese, _read = _chosen(database, BoardPart(Chosen(language=Language.PT)))
    assert not portuguese.ongoing
    assert portuguese.other_calls == 2000 + 2


def _others(tx: Tx, which: range) -> None:
    """Who holds for admissions, and who is owed a call of theirs."""
    for nth in which:
        name, number = f"other-{nth}", PhoneNumber(f"+1617{5560000 + nth}")
        room = RoomName(f"room-{name}")
        contacts.add(tx, contact(name, line=Line.ADMISSIONS, caller=number, state="holding", room=room))
        held = replace(escalation(name, Subject.ADMISSIONS), contact_id=ContactId(name), room=room)
        escalations.add(tx, held)
        callbacks.add(tx, replace(callback(name, number=number, line=Line.ADMISSIONS), room=room))


def _chosen(database: Database, part: BoardPart) -> tuple[OnTheBoard, int]:
    """This part of the board, and how many rows of the four nouns were read for it."""
    with database.read() as tx, counted(9):
        found = on_the_board.look(
            tx,
            NOW,
            closed_after=NOW - MINUTE,
            promised_after=NOW - 5 * MINUTE,
            subjects=(Subject.EMERGENCY,),
            held=HELD,
            at_most=10,
            part=part,
        )
        return found, len(tx.found)
