"""The audit trail's chain: whoever changes it is seen, and whoever writes into it waits for nobody."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import ColumnElement, delete, insert, update

from hotline.model import AuditAction, AuditKind, StaffId
from hotline.store.database import Database, Duplicate, Keyring, Tx
from hotline.store.database.tables import audit as entries
from hotline.store.database.tables import audit_chain as seals
from hotline.store.people import audit
from hotline.store.upkeep import audit_chain
from hotline.store.upkeep.audit_chain import BATCH, Head, Tail, Verifying
from tests.store.conftest import KEYS
from tests.store.examples import NOW, SECOND
from tests.store.threads import in_threads

ANA = StaffId("s1")


def wrote(database: Database, times: int = 5, *, at: timedelta = timedelta(0)) -> None:
    """So many looks are written down."""
    with database.write() as tx:
        for n in range(times):
            audit.add(tx, NOW + at + n * SECOND, ANA, AuditAction.VIEWED_THREAD, AuditKind.CONTACT, f"c{n}")


def sealed(database: Database) -> int:
    """Everything that waits is sealed; how many that were."""
    done = 0
    while one := database.transact(lambda tx: audit_chain.seal(tx, NOW + timedelta(minutes=1))):
        done += one
    return done


def verified(database: Database, *anchors: Head, after: Head = audit_chain.NOTHING) -> Verifying:
    """The whole chain, as far as it is whole."""
    going = Verifying(after, anchors)
    more = True
    while more:
        with database.read() as tx:
            more = going.page(tx)
    return going


def head(database: Database) -> Head:
    """Where the chain ends."""
    with database.read() as tx:
        return audit_chain.head(tx)


def changed(database: Database, statement: object) -> None:
    """Somebody with the tables in their hands does something to them."""
    with database.write() as tx:
        tx.execute(statement)


def test_nothing_written_is_whole(database: Database) -> None:
    """The day before anything happens."""
    assert verified(database).broken is None
    assert (head(database), sealed(database)) == (audit_chain.NOTHING, 0)


def test_what_is_written_waits_and_is_then_sealed(database: Database) -> None:
    """In batches, and each once."""
    wrote(database, BATCH + 3)
    with database.read() as tx:
        assert audit_chain.tail(tx) == Tail(BATCH + 3, NOW)
        assert audit_chain.strays(tx) is not None
    assert [database.transact(lambda tx: audit_chain.seal(tx, NOW)) for _ in range(3)] == [BATCH, 3, 0]
    with database.read() as tx:
        assert audit_chain.tail(tx) == Tail(0, None)
        assert audit_chain.strays(tx) is None
    found = verified(database)
    assert (found.broken, found.head.place, found.marks.right) == (None, BATCH + 3, 2)
    assert found.head == head(database)


def test_a_chain_of_several_pages_is_whole(database: Database) -> None:
    """And longer than what the sealer looks back over."""
    wrote(database, 2300)
    sealed(database)
    wrote(database, 5, at=timedelta(hours=1))
    assert sealed(database) == 5
    assert (verified(database).broken, head(database).place) == (None, 2305)


def _an_entry(place: int) -> ColumnElement[bool]:
    return entries.c.subject_id == f"c{place - 1}"


DAMAGE: dict[str, tuple[Callable[[], object], int, str]] = {
    "who": (lambda: update(entries).where(_an_entry(3)).values(staff_id="s2"), 3, "changed"),
    "what": (lambda: update(entries).where(_an_entry(3)).values(action="viewed board"), 3, "changed"),
    "whom": (lambda: update(entries).where(_an_entry(3)).values(subject_id="c9"), 3, "changed"),
    "when": (lambda: update(entries).where(_an_entry(3)).values(at=NOW), 3, "changed"),
    "a kind": (lambda: update(entries).where(_an_entry(3)).values(subject_kind="staff"), 3, "changed"),
    "an entry gone": (lambda: delete(entries).where(_an_entry(2)), 2, "gone"),
    "the last entry gone": (lambda: delete(entries).where(_an_entry(5)), 5, "gone"),
    "a seal gone": (lambda: delete(seals).where(seals.c.place == 2), 2, "missing"),
    "a seal's time": (lambda: update(seals).where(seals.c.place == 4).values(sealed_at=NOW), 4, "changed"),
    "a digest": (lambda: update(seals).where(seals.c.place == 4).values(digest="0" * 64), 4, "changed"),
    "a mark": (lambda: update(seals).where(seals.c.place == 5).values(mark=f"{KEYS.newest}.00"), 5, "mark"),
    "the last seal gone": (lambda: delete(seals).where(seals.c.place == 5), 4, "cut off"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_whatever_is_changed_is_seen_and_where(database: Database, damage: str) -> None:
    """The first thing that isn't as it was sealed."""
    statement, place, why = DAMAGE[damage]
    wrote(database)
    sealed(database)
    changed(database, statement())
    broken = verified(database).broken
    assert broken is not None
    assert (broken.place, why in broken.why) == (place, True), broken


def test_two_entries_that_change_places_are_seen(database: Database) -> None:
    """Both are there, and neither is what was sealed."""
    wrote(database)
    sealed(database)
    for place, other in ((2, 9), (3, 2), (9, 3)):
        changed(database, update(entries).where(_an_entry(place)).values(subject_id=f"c{other - 1}"))
    broken = verified(database).broken
    assert broken is not None
    assert broken.place == 2


def test_an_entry_that_is_slipped_in_later_comes_behind_and_not_between(database: Database) -> None:
    """Whatever time it claims: its place says when it came."""
    wrote(database)
    sealed(database)
    with database.write() as tx:
        audit.add(tx, NOW - timedelta(days=9), ANA, AuditAction.VIEWED_THREAD, AuditKind.CONTACT, "c0")
    sealed(database)
    assert (verified(database).broken, head(database).place) == (None, 6)


def _made_anew(tx: Tx) -> None:
    """Somebody without the key writes the whole chain again, over a trail in which something is gone."""
    tx.execute(delete(seals))
    tx.execute(delete(entries).where(_an_entry(2)))
    stranger = Tx(tx.connection, Keyring((b"s" * 32,)), writing=True)
    audit_chain.seal(stranger, NOW + timedelta(minutes=1))
    stranger.unwritten.write(stranger.connection)
    marked = KEYS.newest
    tx.execute(update(seals).where(seals.c.mark.is_not(None)).values(mark=f"{marked}.{'1' * 64}"))


def test_a_chain_that_was_made_anew_without_the_key_is_seen_with_it(database: Database) -> None:
    """Every digest in it is right; its mark can't be."""
    wrote(database)
    sealed(database)
    with database.write() as tx:
        _made_anew(tx)
    broken = verified(database).broken
    assert broken is not None
    assert "without the key" in broken.why


def test_a_head_that_was_kept_shows_that_the_end_was_cut_off(database: Database) -> None:
    """All of the last batch is gone, entries and seals: only who knows that it was there can tell."""
    wrote(database)
    sealed(database)
    before = head(database)
    wrote(database, 2, at=timedelta(hours=1))
    sealed(database)
    kept = head(database)
    assert verified(database, before, kept).broken is None
    changed(database, delete(seals).where(seals.c.place > before.place))
    changed(database, delete(entries).where(entries.c.at >= NOW + timedelta(hours=1)))
    assert verified(database, before).broken is None
    broken = verified(database, before, kept).broken
    assert broken is not None
    assert (broken.place, "cut off" in broken.why) == (5, True)


def test_a_head_that_was_kept_shows_that_the_chain_was_made_anew(database: Database) -> None:
    """Also for whoever has no key."""
    wrote(database)
    sealed(database)
    kept = head(database)
    broken = verified(database, Head(kept.place, "a" * 64)).broken
    assert broken is not None
    assert broken.place == kept.place


def test_without_the_key_digests_are_checked_and_marks_are_not(database: Database, url: str) -> None:
    """An auditor with a copy of the tables, and nothing else."""
    wrote(database)
    sealed(database)
    auditor = Database(url, Keyring((b"z" * 32,)), timedelta(seconds=10))
    found = verified(auditor)
    assert (found.broken, found.marks.right, found.marks.unknown) == (None, 0, 1)
    changed(database, delete(entries).where(_an_entry(3)))
    broken = verified(auditor).broken
    auditor.dispose()
    assert broken is not None
    assert broken.place == 3


def test_after_a_change_of_keys_the_next_mark_covers_everything(database: Database, url: str) -> None:
    """The old marks can't be checked any more; nothing need be marked anew."""
    wrote(database)
    sealed(database)
    newer = Database(url, Keyring((b"n" * 32,)), timedelta(seconds=10))
    wrote(newer, 2, at=timedelta(hours=1))
    sealed(newer)
    found = verified(newer)
    newer.dispose()
    assert (found.broken, found.marks.right, found.marks.unknown, found.marks.last) == (None, 1, 1, 7)


def test_it_is_checked_from_a_marked_place_on(database: Database) -> None:
    """What lies before is believed: a mark made with the key covers it."""
    wrote(database, 30)
    while database.transact(lambda tx: audit_chain.seal(tx, NOW)):
        pass
    wrote(database, 5, at=timedelta(hours=1))
    sealed(database)
    with database.read() as tx:
        from_here, all_of_it = audit_chain.marked_before(tx, 5), audit_chain.marked_before(tx, 6)
    assert (from_here.place, all_of_it) == (30, audit_chain.NOTHING)
    assert verified(database, after=from_here).head == head(database)


def test_what_is_committed_late_is_sealed_all_the_same(database: Database, url: str) -> None:
    """Its number is lower than those sealed before it: numbers are given when an entry is written, not when it is
    kept."""
    wrote(database)
    with database.write() as tx:
        tx.execute(delete(entries).where(_an_entry(3)))
    with database.read() as tx:
        late = tx.execute(entries.select().where(_an_entry(2))).one().id + 1
    sealed(database)
    given = {"id": late, "at": NOW, "staff_id": "s1", "action": "look", "subject_kind": "blocks"}
    changed(database, insert(entries).values(**given, subject_id="blocks"))
    with database.read() as tx:
        assert audit_chain.tail(tx).entries == 1
    assert sealed(database) == 1
    assert (verified(database).broken, head(database).place) == (None, 5)


def test_what_came_very_late_is_found_by_the_daily_look(database: Database) -> None:
    """So far behind what is sealed that the usual look doesn't go there."""
    wrote(database, 1)
    with database.read() as tx:
        early = tx.execute(entries.select()).one()
    changed(database, delete(entries))
    wrote(database, 1500)
    sealed(database)
    changed(database, insert(entries).values(**early._mapping))
    with database.read() as tx:
        assert (audit_chain.tail(tx).entries, audit_chain.strays(tx)) == (0, early.id)
    assert database.transact(lambda tx: audit_chain.seal(tx, NOW, since=early.id)) == 1
    assert verified(database).broken is None


@contextmanager
def _tried(outcomes: list[int]) -> Iterator[None]:
    try:
        yield
    except Duplicate:
        outcomes.append(0)


def test_two_who_seal_at_once_seal_each_entry_once(database: Database) -> None:
    """Two clocks run: one of them finds it done."""
    wrote(database, 3 * BATCH)
    barrier, done = threading.Barrier(3), list[int]()

    def seal() -> None:
        barrier.wait(10)
        for _ in range(4):
            with _tried(done):
                done.append(database.transact(lambda tx: audit_chain.seal(tx, NOW)))

    in_threads([seal] * 3)
    sealed(database)
    assert (verified(database).broken, head(database).place) == (None, 3 * BATCH)


@pytest.mark.postgres
def test_whoever_writes_an_entry_waits_for_no_seal_and_no_writer(
    on_postgresql: tuple[str, Database],
) -> None:
    """A transaction that has written one and isn't over keeps nobody from writing, nor from sealing what is kept."""
    _, database = on_postgresql
    with database.write(within=2) as slow:
        audit.add(slow, NOW, ANA, AuditAction.LOOK, AuditKind.BLOCKS, "blocks")
        slow.unwritten.write(slow.connection)
        wrote(database, 2)
        assert database.transact(lambda tx: audit_chain.seal(tx, NOW)) == 2
    assert sealed(database) == 1
    with database.write(within=2) as sealing:
        audit_chain.seal(sealing, NOW)
        wrote(database, 1, at=timedelta(hours=1))
    assert verified(database).broken is None
    with database.write() as tx:
        for table in (seals, entries):
            tx.execute(delete(table))


def test_the_trail_is_found_by_who_what_whom_and_when(database: Database) -> None:
    """The newest first, page by page."""
    ben = StaffId("s2")
    with database.write() as tx:
        audit.add(tx, NOW, ANA, AuditAction.OUTCOME, AuditKind.CALLBACK, "b1", detail="reached")
        audit.add(tx, NOW + SECOND, ben, AuditAction.OUTCOME, AuditKind.CONTACT, "c1")
        audit.add(tx, NOW + 2 * SECOND, None, AuditAction.LOAD, AuditKind.ROSTER, "roster")

    def found(at_most: int = 9, before: int | None = None, **wanted: object) -> list[str]:
        with database.read() as tx:
            some = audit.find(tx, audit.AuditFilter(**wanted), at_most, before)  # type: ignore[arg-type]
            return [one.subject_id for one in some]

    assert found() == ["roster", "c1", "b1"]
    assert found(by=ANA) == ["b1"]
    assert found(by_nobody=True) == ["roster"]
    assert found(action="outcome") == ["c1", "b1"]
    assert found(action="out") == []
    assert found(kind="contact") == found(subject="c1") == ["c1"]
    assert found(since=NOW + SECOND, until=NOW + 2 * SECOND) == ["c1"]
    with database.read() as tx:
        newest = audit.find(tx, audit.AuditFilter(), 1)[0]
    assert found(1, newest.id) == ["c1"]
