"""Which cases staff have merged, found from any of them: the same on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.model import CallbackId, ContactId, PhoneNumber, StaffId
from hotline.store.cases import contacts, merges
from hotline.store.cases.merges import MergeRow
from hotline.store.database import Database, Stale
from tests.store.examples import CALLER, NOW, contact

ANA = StaffId("s1")


def merge(merge_id: str, one: str, other: str, **different: object) -> MergeRow:
    row = MergeRow(
        merge_id,
        ContactId(one),
        ContactId(other),
        CallbackId(f"b-{one}"),
        CallbackId(f"b-{other}"),
        (ContactId(other),),
        "{}",
        NOW,
        ANA,
    )
    return replace(row, **different)  # type: ignore[arg-type]


def test_a_chain_of_merges_is_found_from_each_of_its_cases(database: Database) -> None:
    """The oldest first; those that are undone, and other people's, are not among them."""
    chain = [
        merge("m1", "c1", "c2"),
        merge("m2", "c3", "c1", merged_at=NOW + timedelta(minutes=1)),
        merge("m3", "c3", "c4", merged_at=NOW + timedelta(minutes=2), undone_at=NOW, undone_by=ANA),
        merge("m4", "c8", "c9"),
    ]
    with database.write() as tx:
        for row in chain:
            merges.add(tx, row)
    with database.read() as tx:
        for case in ("c1", "c2", "c3"):
            assert [one.id for one in merges.of_cases(tx, [ContactId(case)])] == ["m1", "m2"]
        assert merges.of_cases(tx, [ContactId("c4")]) == []
        assert merges.get(tx, "m4") == replace(chain[3], version=1)


def test_who_was_moved_is_found_where_they_began(database: Database) -> None:
    """Through one merging, or two of them, one after the other."""
    with database.write() as tx:
        merges.add(tx, merge("m1", "c1", "c2"))
        merges.add(tx, merge("m2", "c3", "c1", moved=(ContactId("c1"), ContactId("c2"))))
    with database.read() as tx:
        stays = CallbackId("b-c3")
        assert merges.moved_from(tx, ContactId("c2"), stays) == "c2"
        assert merges.moved_from(tx, ContactId("c1"), stays) == "c1"
        assert merges.moved_from(tx, ContactId("c3"), stays) is None


def test_a_number_knows_its_merged_cases(database: Database) -> None:
    """By its keyed hash, as everything of a number."""
    with database.write() as tx:
        contacts.add(tx, contact())
        merges.add(tx, merge("m1", "c1", "c2"))
    with database.read() as tx:
        assert merges.cases_from(tx, CALLER) == ["c1"]
        assert merges.cases_from(tx, PhoneNumber("+16175550109")) == []


def test_a_merging_is_undone_once(database: Database) -> None:
    """Whoever is late is told so."""
    with database.write() as tx:
        row = merges.add(tx, merge("m1", "c1", "c2"))
    with database.write() as tx:
        assert merges.save(tx, replace(row, undone_at=NOW, undone_by=ANA)).version == 2
    with pytest.raises(Stale), database.write() as tx:
        merges.save(tx, replace(row, undone_at=NOW, undone_by=ANA))
