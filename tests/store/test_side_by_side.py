"""Transactions that run side by side: what is decided about one caller is decided one after the other."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from itertools import permutations
from time import monotonic

import pytest
from sqlalchemy import select

from hotline.model import ContactId, EscalationId, How, Language, PageId, PhoneNumber, RoomName
from hotline.store.cases import callbacks, contacts, escalations, pages
from hotline.store.cases.pages import PageState
from hotline.store.database import Contended, Database, Stale, Tx, Unavailable, rows, tables
from hotline.store.database.failures import OutOfTurn
from hotline.store.overviews import conference
from hotline.store.people import staff
from tests.store.conftest import KEYS
from tests.store.examples import CALLER, NOW, SECOND, callback, contact, escalation, member, page
from tests.store.threads import in_threads

C1, C2 = ContactId("c1"), ContactId("c2")


@dataclass
class Meeting:
    """Where two meet in their first runs, unless the database lets in only one of them."""

    barrier: threading.Barrier = field(default_factory=lambda: threading.Barrier(2))
    met: set[int] = field(default_factory=set)

    def __call__(self) -> None:
        if threading.get_ident() in self.met:
            return
        self.met.add(threading.get_ident())
        try:
            self.barrier.wait(0.5)
        except threading.BrokenBarrierError:
            return


def both(database: Database, *changes: Callable[[Tx], object]) -> None:
    """Two at once."""
    in_threads([partial(database.transact, one) for one in changes])


def test_what_was_read_and_changed_by_two_is_changed_twice(database: Database) -> None:
    """Both read the same row before either writes: neither change is lost."""
    with database.write() as tx:
        contacts.add(tx, contact("c1"))
    meets = Meeting()

    def turn(tx: Tx) -> None:
        row = contacts.get(tx, C1)
        assert row is not None
        meets()
        contacts.save(tx, replace(row, turn=row.turn + 1))

    both(database, turn, turn)
    with database.read() as tx:
        found = contacts.get(tx, C1)
    assert found is not None
    assert found.turn == 3


def test_looking_at_the_crew_and_the_hold_keeps_nobody_waiting(database: Database, url: str) -> None:
    """Everybody's rows are read in order to decide about one caller: all others' calls go on meanwhile."""
    if url.startswith("sqlite"):
        pytest.skip("SQLite lets in one writer at a time")
    with database.write() as tx:
        contacts.add(tx, contact("c1"))
        contacts.add(tx, contact("c2"))
        staff.add(tx, member("s1"))
    with database.write() as reader:
        assert contacts.get(reader, C2) is not None
        assert len(contacts.ongoing(reader)) == 2
        assert contacts.language(reader, C1) is Language.EN
        assert len(staff.active(reader)) == 1
        began = monotonic()
        with database.write() as tx:
            row = contacts.get(tx, C1)
            assert row is not None
            contacts.save(tx, replace(row, turn=7))
            staff.save(tx, replace(staff.active(tx)[0], active=False))
        assert monotonic() - began < 0.5


def test_of_two_who_leave_a_room_the_later_one_knows_to_be_the_last(database: Database) -> None:
    """Each writes their own row and reads the other's. If both saw the other still there, the caller would be left
    alone in the room for good."""
    with database.write() as tx:
        for name in ("s1", "s2"):
            staff.add(tx, member(name, name=name, phone=PhoneNumber(f"+1617555012{name[1]}")))
        escalations.add(tx, escalation("e1"))
        for name in ("1", "2"):
            accepted = page(f"p{name}", staff_id=f"s{name}", how=How.CALL, state=PageState.ACCEPTED)
            pages.add(tx, accepted)
        room = escalation("e1").room
    meets = Meeting()

    def leaves(name: str) -> Callable[[Tx], None]:
        def change(tx: Tx) -> None:
            row = pages.get(tx, PageId(name))
            assert row is not None
            pages.save(tx, replace(row, ended_at=NOW))
            others = conference.staff_in(tx, room)
            meets()
            outcome[name] = not others

        return change

    outcome: dict[str, bool] = {}
    both(database, leaves("p1"), leaves("p2"))
    last = [name for name, alone in outcome.items() if alone]
    assert len(last) == 1


ROOMS = ("room-1", "room-2", "room-3")


def test_nobody_who_holds_a_room_waits_for_one_out_of_turn(postgresql_url: str) -> None:
    """Only for what comes after it in the one order; everything else is had at once, or not at all."""
    assert postgresql_url
    database = Database(postgresql_url, KEYS, busy=timedelta(seconds=10))
    for mine, theirs in permutations(ROOMS, 2):
        with suppress(OutOfTurn), database.write() as first, database.write() as second:
            rows.hold(first, mine)
            staff.add(first, member("s1"))
            assert staff.active(first)  # written by now: whoever wants this row waits for us
            rows.hold(second, theirs)
            with pytest.raises(OutOfTurn) as refused:
                rows.hold(first, theirs)
            assert refused.value.wanted == {mine, theirs}
            raise refused.value
    database.dispose()


def test_who_met_crosswise_holds_everything_from_the_beginning(postgresql_url: str) -> None:
    """One settles what a phone that rang out stood for in other rooms; the other takes that phone from less."""
    database = Database(postgresql_url, KEYS, busy=timedelta(seconds=10))
    with database.write() as tx:
        for name in ("e1", "e2"):
            escalations.add(tx, replace(escalation(name), room=RoomName(f"room-{name}")))
    meets, runs = Meeting(), Counter[str]()

    def settles(first: str, second: str) -> Callable[[Tx], None]:
        def change(tx: Tx) -> None:
            runs[first] += 1
            for name in (first, second):
                row = escalations.get(tx, EscalationId(name))
                assert row is not None
                escalations.save(tx, replace(row, touched_at=row.touched_at or NOW))
                tx.execute(select(tables.escalations.c.id))
                if name == first:
                    meets()

        return change

    both(database, settles("e1", "e2"), settles("e2", "e1"))
    assert 3 <= runs.total() <= 4
    with database.read() as tx:
        found = [escalations.get(tx, EscalationId(name)) for name in ("e1", "e2")]
    assert [one.version for one in found if one] == [3, 3]
    database.dispose()


def test_two_who_save_the_same_several_in_orders_of_their_own_never_wait_for_each_other(
    postgresql_url: str,
) -> None:
    """What one ringing phone stood for is settled by whoever hears of its end first, and by the next rung's beat."""
    database = Database(postgresql_url, KEYS, busy=timedelta(seconds=10))
    names = ["e1", "e2", "e3"]
    with database.write() as tx:
        for name in names:
            escalations.add(tx, replace(escalation(name), room=RoomName(f"room-{name}")))
    meets, runs = Meeting(), Counter[bool]()

    def settles(backwards: bool) -> Callable[[Tx], None]:
        def change(tx: Tx) -> None:
            runs[backwards] += 1
            found = sorted(escalations.all_open(tx), key=lambda row: row.escalation.id, reverse=backwards)
            meets()
            for row in found:
                escalations.save_all(tx, [replace(row, touched_at=NOW)])
                tx.execute(select(tables.escalations.c.id))  # so that this one is written now

        return change

    both(database, settles(False), settles(True))
    assert runs.total() <= 5
    with database.read() as tx:
        assert {row.version for row in escalations.all_open(tx)} == {3}
    database.dispose()


def test_two_webhooks_of_one_caller_open_one_callback(database: Database) -> None:
    """Both look for one and find none: what isn't there can't be locked."""
    meets = Meeting()

    def ask(name: str) -> Callable[[Tx], None]:
        def change(tx: Tx) -> None:
            found = callbacks.open_for(tx, CALLER)
            meets()
            if not found:
                callbacks.add(tx, callback(name))

        return change

    both(database, ask("b1"), ask("b2"))
    with database.read() as tx:
        assert len(callbacks.all_open(tx)) == 1


def test_nobody_is_overtaken_for_ever(database: Database) -> None:
    """Twelve threads that all read everything and change it: each gets through, and within its time."""
    with database.write() as tx:
        for number in range(12):
            contacts.add(tx, contact(f"c{number}", provider_sid=f"CA{number}"))

    def busy(number: int) -> Callable[[], None]:
        def change(tx: Tx) -> None:
            everybody = contacts.ongoing(tx)
            own = next(one for one in everybody if one.id == f"c{number}")
            contacts.save(tx, replace(own, turn=own.turn + len(everybody)))

        def work() -> None:
            for _ in range(4):
                database.transact(change)

        return work

    in_threads([busy(number) for number in range(12)])
    with database.read() as tx:
        assert {one.turn for one in contacts.ongoing(tx)} == {1 + 4 * 12}


def test_who_is_overtaken_every_time_gives_up_in_time(url: str) -> None:
    """A webhook has to say something else before the carrier stops listening."""
    hurried, runs = Database(url, KEYS, busy=timedelta(milliseconds=300)), list[None]()

    def overtaken(_tx: Tx) -> None:
        runs.append(None)
        raise Stale

    began = monotonic()
    with pytest.raises(Unavailable):
        hurried.transact(overtaken)
    assert monotonic() - began < 1
    assert len(runs) > 1
    hurried.dispose()


def test_who_is_in_their_own_way_gives_up_at_once(database: Database) -> None:
    """A row saved twice from one version can't be saved by trying for ten seconds; the one writer is others'."""
    with database.write() as tx:
        escalations.add(tx, escalation())
    runs = list[None]()

    def twice(tx: Tx) -> None:
        runs.append(None)
        row = escalations.get(tx, EscalationId("e1"))
        assert row is not None
        escalations.save(tx, replace(row, touched_at=NOW))
        escalations.save(tx, replace(row, touched_at=NOW + SECOND))

    with pytest.raises(Contended):
        database.transact(twice)
    assert len(runs) == 3


def test_what_a_transaction_has_read_it_does_not_read_again(database: Database) -> None:
    """A row is loaded once, and again only after a change of one's own."""
    with database.write() as tx:
        contacts.add(tx, contact("c1"))
    with database.write() as tx:
        first = contacts.get(tx, C1)
        assert first is not None
        before = rows.by_id(tx, tables.contacts, C1)
        assert before is rows.by_id(tx, tables.contacts, C1)
        contacts.save(tx, replace(first, turn=5))
        again = contacts.get(tx, C1)
        assert again is not None
        assert again.turn == 5
