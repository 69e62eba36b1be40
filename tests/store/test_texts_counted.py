"""How much was written to and fro lately: what the caps on replies, and the eye for machines, go by."""

from __future__ import annotations

from datetime import timedelta

from hotline.model import StaffId
from hotline.store.database import Database
from hotline.store.traffic import messages
from hotline.store.traffic.messages import Direction
from tests.store.examples import CALLER, NOW, OTHER, message

SECOND = timedelta(seconds=1)


def test_the_latest_of_a_number_are_found_by_the_way_they_went(database: Database) -> None:
    """The newest first, since a moment, and no more than are asked for; others' are not among them."""
    with database.write() as tx:
        for number in range(4):
            messages.add(tx, message(f"in{number}", at=NOW + number * SECOND))
        messages.add(tx, message("out", direction=Direction.OUT, at=NOW))
        messages.add(tx, message("others", number=OTHER, at=NOW))
        found = messages.latest_with(tx, CALLER, Direction.IN, NOW + SECOND, at_most=2)
        assert [one.id for one in found] == ["in3", "in2"]
        sent = messages.latest_with(tx, CALLER, Direction.OUT, NOW, at_most=5)
        assert [one.id for one in sent] == ["out"]


def test_replies_are_what_we_wrote_to_callers_by_ourselves(database: Database) -> None:
    """Not what came in, nor what staff wrote, nor answers to staff; counted no further than is asked for."""
    with database.write() as tx:
        messages.add(tx, message("in"))
        messages.add(tx, message("by-ana", direction=Direction.OUT, by_staff=StaffId("ana")))
        messages.add(tx, message("to-ana", direction=Direction.OUT, contact_id=None))
        messages.add(tx, message("old", direction=Direction.OUT, at=NOW - SECOND))
        for number in range(3):
            messages.add(tx, message(f"r{number}", direction=Direction.OUT))
        messages.add(tx, message("others", direction=Direction.OUT, number=OTHER))
        assert messages.replies_since(tx, NOW, at_most=100) == 4
        assert messages.replies_since(tx, NOW, at_most=2) == 2
        assert messages.replies_since(tx, NOW, at_most=100, number=CALLER) == 3
