"""The referral directory in the database: what is written of somebody comes back; nothing of money has a place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hotline.model import ContactId, RoomName, StaffId
from hotline.referral.directory_entry import ALWAYS, DirectoryEntry, ReferralKind, same
from hotline.referral.hand_off import HandOffStatus
from hotline.store.cases import hand_offs
from hotline.store.database import Database, Stale
from hotline.store.database.tables import directory_entries, metadata
from hotline.store.database.tables import hand_offs as hand_offs_table
from hotline.store.people import directory
from tests.rules.test_fitting_entries import MONEY
from tests.store.examples import NOW, hand_off

SAFESPOT = DirectoryEntry(
    id="a",
    name="SafeSpot",
    kinds=(ReferralKind.OVERDOSE, ReferralKind.HELPLINE),
    numbers=("+18009720590", "988"),
    hours=(ALWAYS,),
    languages=("en", "any"),
    towns=("Boston",),
    hand_offs=True,
    phone_menu=True,
    notes="Stays on the line.",
    source="their page, 2026-11-28",
    changed_at=NOW,
    changed_by=StaffId("sue"),
)
HANDED = hand_off()


def test_an_entry_comes_back_as_it_was_written_and_changes_once(database: Database) -> None:
    """Whoever is late is told so."""
    database.transact(lambda tx: directory.add(tx, SAFESPOT))
    with database.read() as tx:
        (kept,) = directory.every(tx)
        assert kept == replace(SAFESPOT, version=1)
        assert directory.get(tx, "a") == kept
        assert directory.get(tx, "b") is None
    retired = database.transact(lambda tx: directory.save(tx, replace(kept, active=False)))
    assert not retired.active
    assert not same(kept, retired)
    with pytest.raises(Stale), database.write() as tx:
        directory.save(tx, kept)


def test_a_hand_off_is_sealed_and_found_in_its_room_while_it_runs(database: Database) -> None:
    """To whom somebody is sent says what they need."""
    database.transact(lambda tx: hand_offs.add(tx, HANDED))
    with database.read() as tx:
        found = tx.execute(hand_offs_table.select()).one()
        assert "SafeSpot" not in str(found)
        running = hand_offs.running_in(tx, RoomName("room-c1"))
        assert running == replace(HANDED, version=1)
        assert hand_offs.running_in(tx, RoomName("d")) is None
    over = replace(running, status=HandOffStatus.OVER, ended_at=NOW, provider_sid="CA1")
    database.transact(lambda tx: hand_offs.save(tx, over))
    with database.read() as tx:
        assert hand_offs.running_in(tx, RoomName("room-c1")) is None
        assert hand_offs.of_case(tx, ContactId("c1")) == [replace(over, version=2)]
        assert hand_offs.get(tx, "h1") == replace(over, version=2)


def test_no_column_is_for_money() -> None:
    """Neither in the directory nor of who was sent where (18 USC 220)."""
    tables = (directory_entries, hand_offs_table, metadata.tables["referrals"])
    names = [column.name for table in tables for column in table.c]
    assert not [name for name in names for word in MONEY if word in name.split("_")]
