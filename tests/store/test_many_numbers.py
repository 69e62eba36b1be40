"""What is known of many numbers, asked for at once: the same as of each by itself, on both databases."""

from __future__ import annotations

from hotline.carrier_words import LANDLINE
from hotline.model import PhoneNumber
from hotline.store.database import Database, Tx
from hotline.store.overviews import many_numbers
from hotline.store.people import blocks, callers
from hotline.store.people.callers import Caller
from hotline.store.traffic import messages
from hotline.store.traffic.messages import Direction
from tests.store.conftest import KEYS
from tests.store.examples import CALLER, MINUTE, NOW, OTHER, SECOND, message
from tests.store.test_blocks import ROTATED, block

NOBODY = PhoneNumber("+16175550111")
NUMBERS = (CALLER, OTHER, NOBODY)


def known(tx: Tx) -> list[tuple[Caller, str | None, bool]]:
    """What the modules of the nouns say of each number."""
    return [
        (callers.get(tx, one), blocks.standing(tx, one, NOW), messages.is_landline(tx, one))
        for one in NUMBERS
    ]


def test_what_is_known_of_many_numbers_is_what_is_known_of_each(database: Database) -> None:
    """Who has ended texts, who is blocked now, and of whom the carrier's last word is that texts can't be had there."""
    out = {"direction": Direction.OUT, "provider_sid": None}
    with database.write() as tx:
        callers.save(tx, callers.get(tx, CALLER).opted_out(NOW))
        blocks.add(tx, block("b1", OTHER))
        blocks.add(tx, block("b2", CALLER, expires_at=NOW - SECOND))
        messages.add(tx, message("m1", number=CALLER, error=LANDLINE, **out))
        messages.add(tx, message("m2", number=OTHER, error=LANDLINE, **out))
        messages.add(tx, message("m3", number=OTHER, at=NOW + MINUTE, **out))
        messages.add(tx, message("m4", number=CALLER, at=NOW + MINUTE))
    with database.read() as tx:
        alone = known(tx)
    with database.read() as tx:
        many_numbers.look(tx, NUMBERS, NOW)
        assert known(tx) == alone
    assert [one[1:] for one in alone] == [(None, True), ("b1", False), (None, False)]


def test_many_numbers_are_found_after_the_keys_were_rotated(url: str) -> None:
    """What was stored under the old key counts, and the newest text is the newest under any key."""
    out = {"direction": Direction.OUT, "provider_sid": None}
    old = Database(url, KEYS, busy=10 * SECOND)
    with old.write() as tx:
        callers.save(tx, callers.get(tx, CALLER).opted_out(NOW))
        blocks.add(tx, block("b1", CALLER))
        messages.add(tx, message("m1", number=CALLER, error=LANDLINE, **out))
        messages.add(tx, message("m2", number=OTHER, error=LANDLINE, **out))
    old.dispose()
    new = Database(url, ROTATED, busy=10 * SECOND)
    with new.write() as tx:
        messages.add(tx, message("m3", number=CALLER, at=NOW + MINUTE, **out))
    with new.read() as tx:
        alone = known(tx)
    with new.read() as tx:
        many_numbers.look(tx, NUMBERS, NOW)
        assert known(tx) == alone
        assert callers.get(tx, CALLER).opted_out_at == NOW
    assert [one[1:] for one in alone] == [("b1", False), (None, True), (None, False)]
    new.dispose()
