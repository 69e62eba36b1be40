"""The block list and the counting of calls: on both databases, found by number under any key, gone in their time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from hotline.callbacks.callback import CallbackStatus
from hotline.model import AuditKind, Channel, Line, Outcome, PhoneNumber, StaffId
from hotline.operations.conversation import blocking
from hotline.store.cases import callbacks, contacts
from hotline.store.database import Database, Keyring, Tx
from hotline.store.overviews import known_number
from hotline.store.people import audit, blocks, staff
from hotline.store.people.blocks import Block
from tests.store.examples import CALLER, MINUTE, NOW, OTHER, SECOND, callback, contact, member

DAY = timedelta(days=1)
ROTATED = Keyring((b"b" * 32, b"a" * 32))


def block(block_id: str = "b1", number: PhoneNumber = CALLER, expires_at: datetime | None = None) -> Block:
    return Block(block_id, number, "threats, twice", StaffId("s1"), NOW, expires_at)


def test_a_block_comes_back_as_it_went_in(database: Database) -> None:
    """With its reason, its time and whoever decided it."""
    given = block(expires_at=NOW + DAY)
    with database.write() as tx:
        blocks.add(tx, given)
        assert blocks.every(tx, NOW) == [given]
        assert blocks.standing(tx, CALLER, NOW) == "b1"
        assert blocks.standing(tx, OTHER, NOW) is None


def test_a_block_ends_by_itself_at_its_time(database: Database) -> None:
    """Not a second later; what has no end stays."""
    with database.write() as tx:
        blocks.add(tx, block(expires_at=NOW + DAY))
        blocks.add(tx, block("b2", OTHER))
        assert blocks.standing(tx, CALLER, NOW + DAY - SECOND) == "b1"
        assert blocks.standing(tx, CALLER, NOW + DAY) is None
        assert [one.id for one in blocks.every(tx, NOW + DAY)] == ["b2"]
        blocks.drop_expired(tx, NOW + 100 * DAY)
        assert [one.id for one in blocks.every(tx, NOW)] == ["b2"]


def test_a_number_is_on_the_list_once(database: Database) -> None:
    """The newest decision counts; and it is removed altogether."""
    with database.write() as tx:
        blocks.add(tx, block("b1", expires_at=NOW + DAY))
        blocks.add(tx, block("b2"))
        assert [one.id for one in blocks.every(tx, NOW)] == ["b2"]
        assert blocks.remove(tx, CALLER)
        assert not blocks.remove(tx, CALLER)
        assert blocks.every(tx, NOW) == []


def test_a_blocked_number_is_found_after_the_keys_were_rotated(url: str) -> None:
    """What was stored under the old key still stands, and can be removed."""
    old = Database(url, Keyring((b"a" * 32,)), busy=timedelta(seconds=10))
    with old.write() as tx:
        blocks.add(tx, block())
    old.dispose()
    new = Database(url, ROTATED, busy=timedelta(seconds=10))
    with new.write() as tx:
        assert blocks.standing(tx, CALLER, NOW) == "b1"
        blocks.add(tx, block("b2"))
        assert [one.id for one in blocks.every(tx, NOW)] == ["b2"]
        blocks.remove(tx, CALLER)
    new.dispose()


def counted(tx: Tx, number: PhoneNumber, since: datetime, at_most: int) -> tuple[int, int]:
    """Calls of this number since then, and those that have not ended."""
    found = known_number.calls(tx, number, NOW, since, at_most)
    return found.lately, found.at_once


def test_calls_are_counted_lately_and_at_once(database: Database) -> None:
    """Their calls only: no texts, no calls of ours, nobody else's, none of long ago, and no further than asked."""
    with database.write() as tx:
        for n in range(4):
            contacts.add(tx, contact(f"c{n}", opened_at=NOW - n * 20 * MINUTE))
        over = contact("over", opened_at=NOW - MINUTE, ended_at=NOW, outcome=Outcome.LEFT_EARLY)
        contacts.add(tx, over)
        contacts.add(tx, contact("ours", outbound=True))
        contacts.add(tx, contact("text", channel=Channel.TEXT, provider_sid=None))
        contacts.add(tx, contact("others", caller=OTHER))
        contacts.add(tx, contact("withheld", caller=None))
        since = NOW - 60 * MINUTE
        assert counted(tx, CALLER, since, 50) == (4, 4)
        assert counted(tx, CALLER, since, 2) == (2, 2)
        assert counted(tx, OTHER, since, 50) == (1, 1)
        assert counted(tx, PhoneNumber("+16175550111"), since, 50) == (0, 0)


# --- the decisions ---------------------------------------------------------------------------------------------


def test_blocking_and_unblocking_leave_a_trail_without_the_number(database: Database) -> None:
    """Who, when, and which entry."""
    with database.write() as tx:
        made = blocking.block(tx, CALLER, "  threats,\n twice ", NOW, lasting=DAY, by=StaffId("s1"))
        assert (made.reason, made.expires_at) == ("threats, twice", NOW + DAY)
        assert blocking.listed(tx, NOW, by=StaffId("s2")) == [made]
        assert blocking.unblock(tx, CALLER, NOW + SECOND, by=StaffId("s2"))
        assert not blocking.unblock(tx, CALLER, NOW + SECOND)
        trail = [(one.staff_id, one.action) for one in audit.about(tx, AuditKind.BLOCK, made.id)]
        assert trail == [("s1", "block"), ("s2", "unblock")]
        assert [one.staff_id for one in audit.about(tx, AuditKind.BLOCKS, "blocks")] == ["s2"]


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 201])
def test_a_block_needs_a_reason(database: Database, reason: str) -> None:
    """One that others can read."""
    with database.write() as tx, pytest.raises(blocking.NotBlocked, match="reason"):
        blocking.block(tx, CALLER, reason, NOW, lasting=None)


def test_staff_and_our_own_numbers_are_never_blocked(database: Database) -> None:
    """A slip there would cut the line off from itself."""
    with database.write() as tx:
        staff.add(tx, member(phone=OTHER))
        with pytest.raises(blocking.NotBlocked, match="member of staff"):
            blocking.block(tx, OTHER, "a slip", NOW, lasting=None)
        with pytest.raises(blocking.NotBlocked, match="own"):
            blocking.block(tx, CALLER, "a slip", NOW, lasting=None, ours=(CALLER,))
        with pytest.raises(blocking.NotBlocked, match="longer"):
            blocking.block(tx, CALLER, "a slip", NOW, lasting=-DAY)
        assert blocks.every(tx, NOW) == []


def test_a_block_whose_time_was_over_is_not_there_to_be_removed(database: Database) -> None:
    """It is as if it had never been."""
    with database.write() as tx:
        blocking.block(tx, CALLER, "threats", NOW, lasting=DAY)
        assert not blocking.unblock(tx, CALLER, NOW + DAY)


def test_what_a_block_closed_is_found_unless_they_have_asked_for_the_same_since(database: Database) -> None:
    """By the number under any key; not what ended otherwise, was closed before, or is another's."""

    def closed(
        name: str, number: PhoneNumber = CALLER, outcome: Outcome = Outcome.BLOCKED, **how: object
    ) -> None:
        row = callback(name, number, status=CallbackStatus.CLOSED, outcome=outcome, opened_at=NOW, **how)
        callbacks.add(tx, replace(row, closed_at=NOW + MINUTE))

    with database.write() as tx:
        closed("blocked")
        closed("family", line=Line.FAMILY)
        closed("said", outcome=Outcome.DECLINED)
        closed("others", OTHER)
        callbacks.add(tx, callback("again", line=Line.FAMILY, opened_at=NOW + 2 * MINUTE))
        for since, found in ((NOW, ["blocked"]), (NOW + 2 * MINUTE, [])):
            theirs = callbacks.closed_as(tx, CALLER, Outcome.BLOCKED, since)
            assert [one.callback.id for one in theirs] == found
