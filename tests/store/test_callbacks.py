"""Callbacks, found by what is to be done about them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from hotline.callbacks.callback import CallbackStatus
from hotline.model import CallbackId, ContactId, EscalationId, Language, Line, Outcome, StaffId
from hotline.store.cases import callbacks
from hotline.store.database import Database, Tx
from hotline.store.overviews import due
from tests.store.examples import CALLER, MINUTE, NOW, OTHER, SECOND, callback, due_by
from tests.store.threads import in_threads


def test_a_callback_comes_back_as_it_went_in(database: Database) -> None:
    """The rule's object and all that hangs on it, at both ends of its life."""
    with database.write() as tx:
        fresh = callbacks.add(tx, callback(number=None))
    with database.read() as tx:
        assert callbacks.get(tx, CallbackId("b1")) == fresh
    rule = replace(
        fresh.callback,
        line=Line.PERSON,
        language=Language.PT,
        status=CallbackStatus.CLOSED,
        due_at=None,
        attempts=2,
        owner=StaffId("s1"),
        lease_until=NOW,
        outcome=Outcome.REACHED,
        repeats=3,
        message_safe=True,
        text_safe=True,
        wanted_now=True,
        asked_later=True,
    )
    later = replace(
        fresh,
        callback=rule,
        number=CALLER,
        call_contact_id=ContactId("c9"),
        escalation_id=EscalationId("e1"),
        told_supervisor=True,
        closed_at=NOW + MINUTE,
    )
    with database.write() as tx:
        callbacks.save(tx, later)
    with database.read() as tx:
        assert callbacks.get(tx, CallbackId("b1")) == replace(later, version=2)
        assert callbacks.get(tx, CallbackId("b2")) is None


def test_the_clock_finds_what_is_due_the_earliest_promise_first(database: Database) -> None:
    """Only what waits, and only when its time has come; what waits for a supervisor is never due."""
    with database.write() as tx:
        callbacks.add(tx, callback("later_promise", promised_at=NOW + 20 * MINUTE))
        callbacks.add(tx, callback("due"))
        callbacks.add(tx, callback("not_yet", due_at=NOW + SECOND))
        callbacks.add(tx, callback("for_supervisor", due_at=None))
        callbacks.add(tx, callback("ringing", status=CallbackStatus.RINGING))
        assert [one.callback.id for one in callbacks.due(tx, NOW)] == ["due", "later_promise"]


def test_the_clock_finds_whoever_took_a_callback_and_let_it_lie(database: Database) -> None:
    """A lease ends at its time, and not before."""
    with database.write() as tx:
        callbacks.add(tx, callback("left", status=CallbackStatus.TAKEN, due_at=None, lease_until=NOW))
        callbacks.add(
            tx, callback("busy", status=CallbackStatus.CALLING, due_at=None, lease_until=NOW + SECOND)
        )
        assert due_by(tx, NOW).ids(due.LEASES) == ["left"]


def test_a_broken_promise_is_found_until_a_supervisor_was_told(database: Database) -> None:
    """Late, open, and not told yet."""
    with database.write() as tx:
        late = callbacks.add(tx, callback("late", promised_at=NOW))
        callbacks.add(tx, callback("kept", promised_at=NOW, status=CallbackStatus.CLOSED))
        callbacks.add(tx, callback("in_time", promised_at=NOW + MINUTE))
        assert due_by(tx, NOW + SECOND).ids(due.LATE) == ["late"]
        callbacks.save(tx, replace(late, told_supervisor=True))
        assert not due_by(tx, NOW + SECOND).some(due.LATE)


def test_a_callback_that_nobody_would_ever_look_at_is_found_at_once(database: Database) -> None:
    """Neither a time nor a lease, as an older version could leave one; not one that is before a supervisor."""
    with database.write() as tx:
        callbacks.add(tx, callback("talking", status=CallbackStatus.TALKING, due_at=None))
        callbacks.add(tx, callback("ringing", status=CallbackStatus.RINGING, due_at=None))
        callbacks.add(tx, callback("waiting", due_at=None))
        callbacks.add(tx, callback("for_supervisor", due_at=None, attempts=1))
        callbacks.add(tx, callback("over", status=CallbackStatus.CLOSED, due_at=None))
        callbacks.add(
            tx, callback("watched", status=CallbackStatus.TALKING, due_at=None, lease_until=NOW + SECOND)
        )
        found = due_by(tx, NOW).ids(due.LEASES)
        assert sorted(found) == ["ringing", "talking", "waiting"]
        kept = [callbacks.get(tx, CallbackId(one)) for one in found]
        assert all(one is not None and one.callback.is_forgotten for one in kept)


def test_whoever_calls_again_meets_their_open_callbacks(database: Database) -> None:
    """Every open one of that number, the oldest first."""
    with database.write() as tx:
        callbacks.add(tx, callback("closed", status=CallbackStatus.CLOSED))
        callbacks.add(tx, callback("other", number=OTHER))
        assert callbacks.open_for(tx, CALLER) == []
        callbacks.add(tx, callback("newer", opened_at=NOW + SECOND))
        callbacks.add(tx, callback("older", status=CallbackStatus.TALKING))
        assert [one.callback.id for one in callbacks.open_for(tx, CALLER)] == ["older", "newer"]
        assert {one.callback.id for one in callbacks.all_open(tx)} == {"other", "newer", "older"}


def test_the_callbacks_closed_last_are_at_hand(database: Database) -> None:
    """The latest first, and no more than were asked for."""
    with database.write() as tx:
        callbacks.add(tx, callback("open"))
        for name, at in (("first", NOW), ("last", NOW + MINUTE), ("second", NOW + SECOND)):
            closed = callback(name, status=CallbackStatus.CLOSED, due_at=None)
            callbacks.add(tx, replace(closed, closed_at=at))
        assert [one.callback.id for one in callbacks.closed_lately(tx, 2)] == ["last", "second"]


def test_calls_of_one_number_at_the_same_time_make_one_callback(database: Database) -> None:
    """Looking up a number in order to open a callback keeps others from doing so."""

    def ask(name: str) -> None:
        def change(tx: Tx) -> None:
            if not callbacks.open_for(tx, CALLER):
                callbacks.add(tx, callback(name))

        database.transact(change)

    in_threads([partial(ask, f"b{number}") for number in range(8)])
    with database.read() as tx:
        assert len(callbacks.all_open(tx)) == 1
