"""Contacts and what was answered at their turns."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.model import CallbackId, ContactId, EscalationId, Language, Line, Outcome, RoomName
from hotline.store.cases import contacts
from hotline.store.database import Database, Duplicate, Keyring
from hotline.store.overviews import due
from hotline.triage.contact import ContactState
from tests.store.examples import CALLER, MINUTE, NOW, OTHER, SECOND, contact, due_by, thread

C1 = ContactId("c1")


def test_a_contact_comes_back_as_it_went_in(database: Database) -> None:
    """Every column, at both ends of its life."""
    with database.write() as tx:
        fresh = contacts.add(tx, contact(stir="TN-Validation-Passed-A", data='{"tries": 1}'))
    with database.read() as tx:
        assert contacts.get(tx, C1) == fresh
    later = replace(
        fresh,
        line=Line.FAMILY,
        language=Language.HT,
        state="ended",
        turn=7,
        data='{"é": "ô"}',
        last_turn_at=NOW + SECOND,
        ended_at=NOW + MINUTE,
        outcome=Outcome.CALLBACK,
        callback_id=CallbackId("b1"),
        escalation_id=EscalationId("e1"),
        last_prompt="goodbye",
        ended_in="farewell",
        reached_at=NOW + SECOND,
        caller=None,
    )
    with database.write() as tx:
        saved = contacts.save(tx, later)
    with database.read() as tx:
        assert contacts.get(tx, C1) == saved == replace(later, version=2)


def test_a_call_is_found_by_its_sid(database: Database) -> None:
    """So a webhook that comes twice finds what the first one made."""
    with database.write() as tx:
        contacts.add(tx, contact())
        assert contacts.by_call(tx, "CA-c1") is not None
        assert contacts.by_call(tx, "CA-c2") is None
        assert contacts.get(tx, ContactId("c2")) is None


def test_a_text_finds_the_newest_open_thread_of_its_number(database: Database) -> None:
    """Not a call, not an ended thread, not somebody else's."""
    with database.write() as tx:
        contacts.add(tx, contact("call"))
        contacts.add(tx, thread("other", caller=OTHER))
        contacts.add(tx, thread("ended", ended_at=NOW, opened_at=NOW + 3 * SECOND))
        assert contacts.open_thread(tx, CALLER) is None
        contacts.add(tx, thread("older", opened_at=NOW + SECOND))
        contacts.add(tx, thread("newer", opened_at=NOW + 2 * SECOND))
        found = contacts.open_thread(tx, CALLER)
        assert found is not None
        assert found.id == "newer"
        assert {one.id for one in contacts.ongoing_with(tx, CALLER)} == {"call", "older", "newer"}


def test_a_number_is_found_after_the_key_was_rotated(database: Database, url: str) -> None:
    """Under the old key before it is saved again, under the new one afterwards."""
    with database.write() as tx:
        contacts.add(tx, thread("t1"))
    rotated = Database(url, Keyring((b"b" * 32, b"a" * 32)), timedelta(seconds=5))
    for _ in range(2):
        with rotated.write() as tx:
            found = contacts.open_thread(tx, CALLER)
            assert found is not None
            assert found.caller == CALLER
            contacts.save(tx, found)
    with Database(url, Keyring((b"b" * 32,)), timedelta(seconds=5)).read() as tx:
        assert contacts.open_thread(tx, CALLER) is not None


def test_the_board_shows_what_has_not_ended_the_oldest_first(database: Database) -> None:
    """Everybody who is with us now."""
    with database.write() as tx:
        contacts.add(tx, contact("second", opened_at=NOW + SECOND))
        contacts.add(tx, contact("first"))
        contacts.add(tx, contact("over", ended_at=NOW))
        assert [one.id for one in contacts.ongoing(tx)] == ["first", "second"]


def test_silence_is_noticed(database: Database) -> None:
    """Calls and threads whose last turn was long ago and that nobody has ended."""
    with database.write() as tx:
        contacts.add(tx, contact("stale"))
        contacts.add(tx, contact("lively", last_turn_at=NOW + MINUTE))
        contacts.add(tx, contact("over", ended_at=NOW))
        contacts.add(tx, thread("quiet", state=ContactState.TEXT_MENU))
        assert due_by(tx, NOW + SECOND).ids(due.CALLS) == ["stale"]
        assert due_by(tx, NOW + SECOND).ids(due.THREADS) == ["quiet"]
        assert not due_by(tx, NOW).some(due.CALLS)


def test_a_turn_is_answered_once_and_then_always_the_same(database: Database) -> None:
    """The second webhook of a turn hears what the first one heard."""
    with database.write() as tx:
        contacts.add(tx, contact())
        assert contacts.answered(tx, C1, "3") is None
        contacts.record_answer(tx, C1, "3", "Press 1 … ô", NOW)
    with pytest.raises(Duplicate), database.write() as tx:
        contacts.record_answer(tx, C1, "3", "something else", NOW)
    with database.read() as tx:
        assert contacts.answered(tx, C1, "3") == "Press 1 … ô"
        assert contacts.answered(tx, C1, "4") is None


def test_all_that_a_contact_was_answered_is_read_in_its_order(database: Database) -> None:
    """By time, and turns of one moment by their number."""
    with database.write() as tx:
        contacts.add(tx, contact())
        for key, at in (("10", NOW), ("9", NOW), ("1", NOW + SECOND)):
            contacts.record_answer(tx, C1, key, f"answer {key}", at)
        answers = [(NOW, "answer 9"), (NOW, "answer 10"), (NOW + SECOND, "answer 1")]
        assert contacts.all_answered(tx, C1) == answers
        assert contacts.all_answered(tx, ContactId("c2")) == []


def test_everybody_in_a_room_is_found(database: Database) -> None:
    """Whoever has not ended."""
    with database.write() as tx:
        contacts.add(tx, contact("caller"))
        contacts.add(tx, contact("called", room="room-caller"))
        contacts.add(tx, contact("over", room="room-caller", ended_at=NOW))
        contacts.add(tx, contact("elsewhere"))
        found = contacts.ongoing_in(tx, RoomName("room-caller"))
        assert {one.id for one in found} == {"caller", "called"}


def test_nobody_sees_a_persons_words_by_looking_at_a_row() -> None:
    """Not in a traceback, not in a log line."""
    shown = repr(contact(data="canary"))
    assert "canary" not in shown
    assert CALLER.e164 not in shown


def test_a_moment_without_a_time_zone_is_refused(database: Database) -> None:
    """Rather than kept as some hour or other."""
    with pytest.raises(Exception, match="time zone"), database.write() as tx:
        contacts.add(tx, contact(opened_at=NOW.replace(tzinfo=None)))
