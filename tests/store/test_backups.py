"""Backups: read at one moment, sealed, opened again, put back; from and into either database."""

from __future__ import annotations

import io
import json
import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, select

from hotline.model import AuditAction, AuditKind, OutboxId, StaffId
from hotline.operations.keeping import backup_age
from hotline.runtime.keeping import making_backups, reading_backups, restoring
from hotline.runtime.keeping.making_backups import CannotBackUp, Made
from hotline.runtime.supervisor import AlreadyRunning, alone_in
from hotline.store.cases import callbacks, contacts, escalations
from hotline.store.database import Tx
from hotline.store.database.tables import audit, metadata
from hotline.store.keeping import backup_log, sealed_file, table_lines
from hotline.store.keeping.backup_log import BackupStatus
from hotline.store.keeping.sealed_file import SealedWriter
from hotline.store.migrations import migrate
from hotline.store.people import audit as trail
from hotline.store.people import sessions, staff
from hotline.store.people.sessions import SessionRow
from hotline.store.traffic import messages, outbox
from hotline.store.traffic.outbox import EffectStatus
from tests.settings.examples import OLDER_KEY
from tests.store.conftest import BOTH
from tests.store.examples import callback, contact, effect, escalation, member, message
from tests.store.houses import KEYS, NOW, House, Houses


@pytest.fixture
def private(tmp_path: Path) -> Path:
    """The file with the private key."""
    file = tmp_path / "private"
    file.write_text(KEYS.private)
    return file


def fill(house: House) -> None:
    """A little of everything: people, words, what is open, what is about to leave."""

    def work(tx: Tx) -> None:
        staff.add(tx, member("s1", name="Ana Lima"))
        contacts.add(tx, contact("c1"))
        callbacks.add(tx, callback("b1"))
        escalations.add(tx, escalation("e1"))
        messages.add(tx, message("m1"))
        outbox.add(tx, effect("o1", to_caller=True, due_at=NOW - timedelta(minutes=1)))
        outbox.add(tx, effect("o2", to_caller=False, due_at=NOW - timedelta(minutes=1)))
        trail.add(tx, NOW, None, AuditAction.LOOK, AuditKind.CONTACT, "c1")

    house.application.database.transact(work)


def back_up(house: House) -> Made:
    """One that is made now."""
    made = making_backups.make(house.application)
    assert made is not None
    return made


def put_back(house: House, file: Path, private: Path, **how: Any) -> restoring.Restored:
    house.application.database.dispose()
    return restoring.restore(house.settings, file, private, lambda: house.now, lambda _: None, **how)


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("into", BOTH)
def test_what_is_put_back_is_what_was_there(houses: Houses, private: Path, kind: str, into: str) -> None:
    """Every row of every table; also from SQLite into PostgreSQL, which is how a centre moves."""
    here, there = houses(kind), houses(into)
    fill(here)
    made = back_up(here)
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert made.path.parent.stat().st_mode & 0o777 == 0o700
    before = here.tables()
    there.now = NOW + timedelta(hours=5)
    done = put_back(there, made.path, private)
    assert there.tables() == before
    assert done.rows == sum(made.rows.values())
    still = done.still_open
    assert still is not None
    assert (still.callbacks, still.late, still.emergencies) == (1, 1, 1)
    # The copy is not taken for one that failed; and as it isn't here, the next one is due at once.
    known = there.application.look(backup_age.look)
    assert (known.last, known.failed, known.due) == (None, None, True)
    # What is counted up by the database goes on behind what was put back.
    there.change(lambda transaction: transaction.audit(AuditAction.LOOK, AuditKind.CONTACT, "c2"))
    with there.application.database.read() as tx:
        numbers = [row.id for row in tx.execute(select(audit).order_by(audit.c.id))]
        assert len(numbers) == len(set(numbers)) == 3
        assert [one.action for one in trail.find(tx, trail.AuditFilter(), 5)][1] == AuditAction.RESTORED


@pytest.mark.parametrize("kind", BOTH)
def test_nobody_hears_twice_what_may_have_left_since_the_copy(
    houses: Houses, private: Path, kind: str
) -> None:
    """What was to leave for a caller is looked up at the carrier; what goes to staff leaves."""
    here, there = houses(kind), houses(kind)
    fill(here)
    made = back_up(here)
    put_back(there, made.path, private)
    with there.application.database.read() as tx:
        found = [outbox.get(tx, OutboxId(one)) for one in ("o1", "o2")]
    assert [row.status for row in found if row is not None] == [EffectStatus.UNSURE, EffectStatus.WAITING]


@pytest.mark.parametrize("kind", BOTH)
def test_it_is_read_at_one_moment(houses: Houses, kind: str) -> None:
    """What is written while it is being made is in the next one, whole; and nobody waits for it."""
    here = houses(kind)
    fill(here)
    url = here.settings.database_url.get_secret_value()
    with table_lines.at_one_moment(url) as connection:
        going = table_lines.lines(connection, "0048", NOW, [])
        beginning = [next(going)]
        here.change(lambda transaction: contacts.add(transaction.tx, contact("c2", provider_sid="CA2")))
        reading = table_lines.looked_through([*beginning, *going])
    assert reading.rows["contacts"] == 1


def test_signing_in_is_not_put_back(houses: Houses, private: Path) -> None:
    """Whoever has signed out, or was signed out, since the copy stays so."""
    here, there = houses("sqlite"), houses("sqlite")
    fill(here)
    session = SessionRow("t1", StaffId("s1"), NOW, NOW)
    here.change(lambda transaction: sessions.add(transaction.tx, session))
    made = back_up(here)
    put_back(there, made.path, private)
    with there.application.database.read() as tx:
        assert tx.execute(select(metadata.tables["sessions"])).first() is None


# --- refused -------------------------------------------------------------------------------------------------------


def test_another_private_key_puts_nothing_back(houses: Houses, tmp_path: Path) -> None:
    """And says so."""
    here = houses("sqlite")
    fill(here)
    made = back_up(here)
    other = tmp_path / "other"
    other.write_text(sealed_file.new_keys().private)
    with pytest.raises(CannotBackUp, match="doesn't open"):
        put_back(here, made.path, other, replace=True)


def test_with_another_data_key_nothing_is_changed(houses: Houses, private: Path) -> None:
    """Nobody could be rung from what would be there then."""
    here, there = houses("sqlite"), houses("sqlite", data_key=OLDER_KEY)
    fill(here)
    fill(there)
    made, before = back_up(here), there.tables()
    with pytest.raises(CannotBackUp, match="HOTLINE_DATA_KEY"):
        put_back(there, made.path, private, replace=True)
    assert there.tables() == before


@pytest.mark.parametrize("kind", BOTH)
def test_a_database_with_people_in_it_is_replaced_only_if_one_says_so(
    houses: Houses, private: Path, kind: str
) -> None:
    """SQLite's old file stays beside it, for the case that the wrong backup was taken."""
    here = houses(kind)
    fill(here)
    made, before = back_up(here), here.tables()
    here.change(lambda transaction: contacts.add(transaction.tx, contact("c2", provider_sid="CA2")))
    with pytest.raises(CannotBackUp, match="--replace"):
        put_back(here, made.path, private)
    done = put_back(here, made.path, private, replace=True)
    assert here.tables() == before
    if kind == "sqlite":
        assert done.before is not None
        with closing(sqlite3.connect(done.before)) as old:
            assert old.execute("SELECT count(*) FROM contacts").fetchone() == (2,)


@pytest.mark.parametrize("kind", BOTH)
def test_a_running_hotline_is_left_alone(houses: Houses, private: Path, kind: str) -> None:
    """Whoever has the database open would go on with the old one, or lose what they write."""
    here = houses(kind)
    fill(here)
    made = back_up(here)
    url = here.settings.database_url.get_secret_value()
    with table_lines.at_one_moment(url) as somebody:
        somebody.execute(select(audit)).all()
        with pytest.raises(CannotBackUp, match="is running"):
            put_back(here, made.path, private, replace=True)
    with alone_in(here.settings.home), pytest.raises(AlreadyRunning):
        put_back(here, made.path, private, replace=True)


@pytest.mark.parametrize("kind", BOTH)
def test_a_damaged_backup_changes_nothing(houses: Houses, private: Path, tmp_path: Path, kind: str) -> None:
    """Its end is missing: what was there before is there still, and no half of anything beside it."""
    here = houses(kind)
    fill(here)
    made, before = back_up(here), here.tables()
    lines = _lines(made.path, private)
    torn = tmp_path / "torn.age"
    _seal(torn, lines[:-3])
    with pytest.raises(CannotBackUp, match="damaged"):
        put_back(here, torn, private, replace=True)
    assert here.tables() == before
    assert not list(here.settings.home.glob("*.restoring*"))


def test_a_backup_of_a_later_version_needs_that_version(
    houses: Houses, private: Path, tmp_path: Path
) -> None:
    """This one doesn't know what its tables mean."""
    here = houses("sqlite")
    lines = _lines(back_up(here).path, private)
    lines[0] = lines[0].replace(f'"revision":"{migrate.newest()}"'.encode(), b'"revision":"9999"')
    later = tmp_path / "later.age"
    _seal(later, lines)
    with pytest.raises(CannotBackUp, match="later version"):
        put_back(here, later, private)


@pytest.mark.parametrize("kind", BOTH)
def test_a_backup_of_an_earlier_version_is_brought_to_this_one(
    houses: Houses, private: Path, tmp_path: Path, kind: str
) -> None:
    """Its rows go into the tables of that version, and the migrations do what they do."""
    here = houses(kind)
    fill(here)
    lines = _lines(back_up(here).path, private)
    earlier = _as_of("0047", lines, tmp_path)
    old = tmp_path / "old.age"
    _seal(old, earlier)
    there = houses(kind)
    put_back(there, old, private)
    assert there.tables() == here.tables()
    assert migrate.current(there.settings.database_url.get_secret_value()) == migrate.newest()


def _as_of(revision: str, lines: list[bytes], folder: Path) -> list[bytes]:
    """The same as a version would have written it whose newest tables were these."""
    url = f"sqlite:///{folder}/as-of.db"
    migrate.upgrade(url, revision)
    with table_lines.at_one_moment(url) as connection:
        seen = inspect(connection)
        there = {name: {one["name"] for one in seen.get_columns(name)} for name in seen.get_table_names()}
    found, number = [json.dumps({**json.loads(lines[0]), "revision": revision})], 0
    wanted: list[int] | None = None
    for line in map(json.loads, lines[1:-1]):
        if isinstance(line, list):
            found += [json.dumps([line[place] for place in wanted] if wanted else line)] * (wanted != [])
            continue
        if "table" in line:
            known = there.get(line["table"], set())
            wanted = [place for place, name in enumerate(line["columns"]) if name in known]
            line["columns"] = [line["columns"][place] for place in wanted]
        elif "file" in line:
            wanted = None
        number += wanted != [] and "parts" not in line
        found += [json.dumps(line)] * (wanted != [])
    return [one.encode() for one in (*found, json.dumps({"end": number}))]


def _lines(path: Path, private: Path) -> list[bytes]:
    key = sealed_file.private_key(private.read_text())
    with path.open("rb") as file:
        return list(table_lines.unpacked(sealed_file.opened(file, key)))


def _seal(path: Path, lines: list[bytes]) -> None:
    file = io.BytesIO()
    writer = SealedWriter(file, [KEYS.public])
    for part in table_lines.packed(line + b"\n" for line in lines):
        writer.write(part)
    writer.close()
    path.write_bytes(file.getvalue())


# --- made again and again ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", BOTH)
def test_when_one_is_due(houses: Houses, kind: str) -> None:
    """A day after the last one began; half an hour after one that failed; never two at a time."""
    here = houses(kind)

    def due() -> bool:
        return bool(here.application.look(backup_age.look).due)

    assert due()
    assert making_backups.make(here.application, if_due=True) is not None
    assert making_backups.make(here.application, if_due=True) is None
    here.now += timedelta(hours=23, minutes=59)
    assert not due()
    here.now += timedelta(minutes=1)
    assert due()
    assert here.change(lambda one: backup_log.begin(one.tx, "x", "x", one.now))
    assert not due()
    assert not here.change(lambda one: backup_log.begin(one.tx, "y", "y", one.now))
    with pytest.raises(CannotBackUp, match="Another process"):
        making_backups.make(here.application)
    here.now += backup_log.LEASE + timedelta(seconds=1)
    assert due()
    here.change(lambda one: backup_log.failed(one.tx, "x", one.now, "no room"))
    assert not due()
    assert "no room" in here.application.look(backup_age.look).problems[0].what
    here.now += timedelta(minutes=30)
    assert due()
    assert making_backups.make(here.application, if_due=True) is not None
    assert here.application.look(backup_age.look).problems == ()


def test_only_so_many_are_kept(houses: Houses) -> None:
    """The oldest makes room once the new one has opened; other people's files stay; a half-made one goes."""
    here = houses("sqlite", keep=2)
    folder = making_backups.folder_of(here.settings)
    folder.mkdir(mode=0o700)
    (folder / "hotline-notes.txt").write_text("mine")
    (folder / "hotline-20260301-000000.jsonl.gz.age.part").write_text("half")
    names = []
    for _ in range(3):
        names.append(back_up(here).path.name)
        here.now += timedelta(hours=1)
    assert sorted(one.name for one in folder.iterdir()) == [*names[1:], "hotline-notes.txt"]
    found = here.application.look(lambda one: backup_log.every(one.tx))
    assert [one.status for one in found] == [BackupStatus.KEPT, BackupStatus.KEPT, BackupStatus.REMOVED]
    assert found[0].data_keys == here.application.database.keys.names


def test_what_stands_in_its_way_is_said_and_kept(houses: Houses) -> None:
    """A file where the folder should be, no key, no room: the readiness page has it, too."""
    here = houses("sqlite", folder="taken/backups")
    (here.settings.home / "taken").write_text("a file")
    with pytest.raises(CannotBackUp, match="can't be written"):
        making_backups.make(here.application)
    assert "can't be written" in here.application.look(backup_age.look).problems[0].what
    without = houses("sqlite", keys=())
    with pytest.raises(CannotBackUp, match="backup key"):
        making_backups.make(without.application)
    assert without.application.look(backup_age.look).problems[0].what == "No backups are made."
    assert not without.application.look(backup_age.look).due


@pytest.mark.parametrize("spoil", ["other bytes", "cut short"])
def test_what_does_not_open_again_is_no_backup(houses: Houses, spoil: str) -> None:
    """A disk that gives back something else: nothing of it stays, the one of before does, and it is told."""
    here = houses("sqlite", keep=1)
    journal = here.settings.home / "journal"
    journal.mkdir()
    (journal / "long").write_bytes(os.urandom(2**20))
    old = back_up(here)
    here.now += timedelta(hours=1)
    folder = old.path.parent

    def clock() -> datetime:  # asked while it is written
        for half in folder.glob("hotline-*.part"):
            if half.stat().st_size > 2**18:
                if spoil == "cut short":
                    os.truncate(half, 2**17)
                else:
                    with half.open("r+b") as file:
                        file.seek(2**17)
                        file.write(b"something else")
        return here.now

    with pytest.raises(CannotBackUp, match="did not open again"):
        making_backups.make(replace(here.application, clock=clock))
    assert [one.name for one in folder.iterdir()] == [old.path.name]
    assert "did not open again" in here.application.look(backup_age.look).problems[0].what
    here.now += timedelta(hours=1)
    back_up(here)
    assert here.application.look(backup_age.look).problems == ()


def test_a_day_without_one_is_told(houses: Houses) -> None:
    """None yet, then two days old."""
    here = houses("sqlite")
    assert "no backup yet" in here.application.look(backup_age.look).problems[0].what
    back_up(here)
    here.now += timedelta(hours=49)
    state = here.application.look(backup_age.look)
    assert state.age == timedelta(hours=49)
    assert "49 hours old" in state.problems[0].what


@pytest.mark.parametrize("kind", BOTH)
def test_a_maker_that_was_too_slow_keeps_nothing(houses: Houses, kind: str) -> None:
    """Another process has taken over: two would each believe that theirs counts."""
    here = houses(kind)
    assert here.change(lambda one: backup_log.begin(one.tx, "x", "x", one.now))
    here.now += backup_log.LEASE - timedelta(seconds=1)
    assert here.change(lambda one: backup_log.goes_on(one.tx, "x", one.now))
    here.now += backup_log.LEASE + timedelta(seconds=1)
    assert here.change(lambda one: backup_log.begin(one.tx, "y", "y", one.now))
    assert not here.change(lambda one: backup_log.goes_on(one.tx, "x", one.now))
    assert not here.change(lambda one: backup_log.kept(one.tx, "x", one.now, 1, "d"))
    assert here.change(lambda one: backup_log.kept(one.tx, "y", one.now, 1, "d"))


# --- what belongs to it beside the tables --------------------------------------------------------------------------


def test_settings_recordings_and_the_journal_are_in_it(houses: Houses, private: Path, tmp_path: Path) -> None:
    """The journal is put back for the clock to read; the rest is taken out by whoever sets up the new machine."""
    here = houses("sqlite")
    journal = here.settings.home / "journal"
    journal.mkdir()
    (journal / "a.journal").write_bytes(b"sealed line\n" * 20_000)
    made = back_up(here)
    there = houses("sqlite")
    assert put_back(there, made.path, private).journal == 1
    (file,) = (there.settings.home / "journal").glob("*.journal")
    assert file.read_bytes() == b"sealed line\n" * 20_000
    assert file.stat().st_mode & 0o777 == 0o600
    taken = tmp_path / "taken"
    with reading_backups.read(made.path, private) as reading:
        for named, parts in reading.each():
            if "file" in named:
                reading_backups.write_file(taken, named, parts)
            else:
                list(parts)
    assert (taken / "hotline.toml").read_bytes() == here.settings.config_path.read_bytes()


@pytest.mark.parametrize("name", ["../x", "/etc/x", "journal/../../x", ""])
def test_a_file_can_not_lead_out_of_its_folder(tmp_path: Path, name: str) -> None:
    """Whoever has our public key could write a backup of their own."""
    with pytest.raises(sealed_file.DamagedFile):
        reading_backups.write_file(tmp_path / "in", {"file": name}, [])
    assert os.listdir(tmp_path) == []
