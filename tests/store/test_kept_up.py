"""What a transaction has read goes on to be so while it writes, and is asked for no second time; on both databases."""

from __future__ import annotations

from dataclasses import replace

from hotline.callbacks.callback import CallbackStatus
from hotline.model import ContactId, EscalationId, PageId, RoomName, StaffId, Subject
from hotline.oncall.escalation import EscalationStatus
from hotline.store.cases import callbacks, contacts, escalations, pages
from hotline.store.cases.escalations import EscalationRow
from hotline.store.cases.pages import PageState
from hotline.store.database import Database, Tx
from hotline.store.overviews import known_number, one_contact, one_leg, telephones
from hotline.store.people import blocks, callers, staff
from hotline.store.traffic import staff_turns
from tests.operations.statements import counted
from tests.store.examples import CALLER, MINUTE, NOW, callback, contact, escalation, member, page, thread

C1, E1, P1 = ContactId("c1"), EscalationId("e1"), PageId("p1")
ROOM = RoomName("room-c1")


def closed(row: EscalationRow) -> EscalationRow:
    """It is over."""
    return replace(row, escalation=replace(row.escalation, status=EscalationStatus.CLOSED), closed_at=NOW)


def test_what_is_open_in_a_room_is_kept_up_with_what_is_written(database: Database) -> None:
    """Added, changed, closed: as a fresh look finds it."""
    with database.write() as tx:
        contacts.add(tx, contact())
        first = escalations.add(tx, escalation("e1"))
        escalations.add(tx, replace(escalation("e9"), room=RoomName("another")))
    with database.write() as tx:
        assert one_contact.get(tx, C1) == contacts.get(tx, C1)
        with counted(0):
            assert escalations.open_in(tx, ROOM) == [first]
            second = escalations.add(tx, escalation("e2", Subject.THREAD))
            third = escalations.add(tx, escalation("e3", Subject.CLINICIAN))
            first = escalations.save(tx, replace(first, touched_at=NOW))
            escalations.save_all(tx, [closed(third), replace(second, touched_at=NOW)])
            found = escalations.open_in(tx, ROOM)
    with database.read() as tx:
        assert escalations.open_in(tx, ROOM) == found
        assert [one.escalation.id for one in found] == ["e1", "e2"]


def test_the_pages_of_an_escalation_are_kept_up_with_what_is_written(database: Database) -> None:
    """All of them, and those that are not over."""
    with database.write() as tx:
        staff.add(tx, member("s1"))
        contacts.add(tx, contact())
        escalations.add(tx, escalation("e1"))
        first = pages.add(tx, page("p1"))
    for read_all in (True, False):
        with database.write() as tx:
            if read_all:
                assert first in pages.of_escalation(tx, E1)
            assert "p1" in {one.id for one in pages.waiting_of(tx, E1)}
            with counted(0):
                made = pages.add_all(
                    tx, [page(f"{name}{read_all}", placed_at=NOW - MINUTE) for name in ("x", "y")]
                )
                over = replace(made[0], state=PageState.UNREACHED, ended_at=NOW)
                pages.save_all(tx, [over, replace(made[1], answered_at=NOW)])
                first = pages.save(tx, replace(first, sent_at=NOW))
                waiting = pages.waiting_of(tx, E1)
            every = pages.of_escalation(tx, E1)
        with database.read() as tx:
            assert pages.waiting_of(tx, E1) == waiting
        with database.read() as tx:
            assert pages.of_escalation(tx, E1) == every
        assert first in waiting
        assert over.id not in {one.id for one in waiting}


def test_whoever_writes_is_known_with_what_is_owed_to_them_and_who_is_looked_for(database: Database) -> None:
    """One question tells what four modules would ask for, with each of several callbacks and escalations."""
    with database.write() as tx:
        contacts.add(tx, thread("t1", room=ROOM))
        for name in ("b1", "b2"):
            callbacks.add(tx, callback(name))
        callbacks.add(tx, callback("b3", status=CallbackStatus.CLOSED))
        for name, subject in (("e1", Subject.EMERGENCY), ("e2", Subject.THREAD)):
            escalations.add(tx, escalation(name, subject))
        escalations.add(tx, closed(escalation("e3")))
    with database.read() as tx:
        owed, running, alone = callbacks.open_for(tx, CALLER), escalations.open_in(tx, ROOM), known(tx)
        assert len(owed) == len(running) == 2
    with database.read() as tx, counted(1):
        assert known_number.writes(tx, CALLER, NOW, sms=True).thread == contacts.get(tx, ContactId("t1"))
        assert callbacks.open_for(tx, CALLER) == owed
        assert escalations.open_in(tx, ROOM) == running
        assert known(tx) == alone
    with database.read() as tx, counted(1):
        assert [one.id for one in known_number.busy(tx, CALLER)] == ["t1"]
        assert callbacks.open_for(tx, CALLER) == owed


def known(tx: Tx) -> object:
    return callers.get(tx, CALLER), blocks.standing(tx, CALLER, NOW)


def test_a_number_of_which_nothing_is_known(database: Database) -> None:
    """Is asked about once, too."""
    with database.read() as tx, counted(1):
        assert known_number.writes(tx, CALLER, NOW, sms=True).thread is None
        assert callbacks.open_for(tx, CALLER) == []
    with database.read() as tx, counted(1):
        assert known_number.busy(tx, CALLER) == []
        assert callbacks.open_for(tx, CALLER) == []


def test_the_policies_of_what_nobody_has_taken_are_asked_once(database: Database) -> None:
    """Until this transaction changes what is open. Whoever is in an emergency needn't know them."""
    with database.write() as tx:
        contacts.add(tx, contact())
        escalations.add(tx, escalation("e1"))
    with database.write() as tx:
        with counted(1):
            (policy,) = escalations.policies_reaching(tx, [Subject.EMERGENCY], NOW)
            assert policy.subject is Subject.EMERGENCY
            assert escalations.policies_reaching(tx, [Subject.THREAD], NOW) == []
        row = escalations.get(tx, E1)
        assert row is not None
        escalations.save(tx, closed(row))
        assert escalations.policies_reaching(tx, [Subject.EMERGENCY], NOW) == []


def test_codes_that_were_drawn_ahead_are_asked_about_with_the_telephones(database: Database) -> None:
    """Who has one already is known; of others it is asked, and so it is once a page was added."""
    with database.write() as tx:
        staff.add(tx, member("s1"))
        contacts.add(tx, contact())
        escalations.add(tx, escalation("e1"))
        pages.add(tx, page("p1", reference="111111", ended_at=NOW - MINUTE))
    with database.write() as tx:
        pages.draw(tx, ["111111", "222222"])
        assert telephones.look(tx).lines == ()
        with counted(0):
            assert pages.references(tx, ["111111", "222222"]) == {(StaffId("s1"), "111111")}
            assert pages.references(tx, ["222222"]) == frozenset()
        assert pages.references(tx, ["111111", "333333"]) == {(StaffId("s1"), "111111")}
        pages.add(tx, page("p2", reference="222222"))
        assert pages.references(tx, ["222222"]) == {(StaffId("s1"), "222222")}


def test_a_step_of_a_leg_is_known_with_its_page_and_what_that_is_about(database: Database) -> None:
    """Before it was answered, and afterwards."""
    with database.write() as tx:
        staff.add(tx, member("s1"))
        contacts.add(tx, contact())
        about = escalations.add(tx, escalation("e1"))
        paged = pages.add(tx, page("p1"))
    for answer in (None, "hello"):
        with database.read() as tx, counted(1):
            one_leg.look(tx, P1, "CA1", "p1/key/0")
            assert staff_turns.answered(tx, "CA1", "p1/key/0") == answer
            assert pages.get(tx, P1) == paged
            assert escalations.get(tx, E1) == about
        with database.write() as tx:
            if answer is None:
                staff_turns.record_answer(tx, "CA1", "p1/key/0", "hello", NOW)
    with database.read() as tx:
        one_leg.look(tx, PageId("nobody's"), "CA1", "p1/key/0")
        assert pages.get(tx, PageId("nobody's")) is None
