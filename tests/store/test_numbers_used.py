"""What came in at each number of ours, and how much of it came to a human."""

from __future__ import annotations

from typing import Any

from hotline.model import Channel, Outcome
from hotline.store.cases import contacts
from hotline.store.database import Database
from hotline.store.database.periods import Period
from hotline.store.reports.numbers_used import NumberUsed, numbers_used
from tests.store.examples import MINUTE, NOW, contact

FIRST, UNIT = "+16175550100", "+16175550131"


def test_each_number_with_who_came_to_a_human(database: Database) -> None:
    """Calls of ours don't count, nor what began before or after; a service is no other number."""
    begun: dict[str, dict[str, Any]] = {
        "a": {"our_number": UNIT, "reached_at": NOW + 2 * MINUTE},
        "b": {"our_number": UNIT, "outcome": Outcome.LEFT_EARLY},
        "c": {"our_number": f"whatsapp:{UNIT}", "channel": Channel.TEXT},
        "d": {"our_number": FIRST, "reached_at": NOW + 90 * MINUTE},
        "e": {"our_number": FIRST, "outbound": True},
        "f": {"our_number": FIRST, "opened_at": NOW - MINUTE},
        "g": {"our_number": FIRST, "opened_at": NOW + 60 * MINUTE},
    }
    with database.write() as tx:
        for name, different in begun.items():
            given = {
                "opened_at": NOW,
                "ended_at": NOW + 5 * MINUTE,
                "provider_sid": f"CA{name}",
                "caller": None,
            }
            contacts.add(tx, contact(name, **{**given, **different}))
    with database.read() as tx:
        told = numbers_used(tx, Period(NOW, NOW + 60 * MINUTE))
    assert told == [NumberUsed(FIRST, 0, 1), NumberUsed(UNIT, 1, 2)]
