"""`hotline audit`: whether the trail is whole, in words and as an exit code; and what stands in it."""

from __future__ import annotations

import csv
import io
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hotline.commands import staff_file
from hotline.commands.cli import main
from hotline.model import AuditAction, AuditKind, StaffId
from hotline.settings.load import load_settings
from hotline.store.people import audit, staff
from hotline.store.upkeep import audit_chain
from tests.running import at_home
from tests.settings.examples import good_environment

NOW = datetime.now(UTC)


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A centre in which Ana has looked at two threads, and something of it is sealed; its database's file."""
    environ = good_environment(tmp_path)
    at_home.with_ana(tmp_path)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    database = staff_file.open_here(environ)
    with database.write() as tx:
        member = staff.everyone(tx)[0].id
        for contact in ("c1", "c2"):
            audit.add(tx, NOW, member, AuditAction.VIEWED_THREAD, AuditKind.CONTACT, contact)
    database.transact(lambda tx: audit_chain.seal(tx, NOW))
    with database.write() as tx:
        audit.add(tx, NOW, StaffId("s-gone"), AuditAction.OUTCOME, AuditKind.CALLBACK, "b1", detail="reached")
    database.dispose()
    address = load_settings(environ).database_url.get_secret_value()
    return Path(address.removeprefix("sqlite:///"))


def execute(file: Path, statement: str) -> None:
    """Somebody changes the tables."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(statement)
        connection.commit()


def test_a_trail_that_is_whole_says_so_and_how_far(centre: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With what waits, and the head to keep."""
    assert main(["audit", "verify"]) == 0
    told = capsys.readouterr().out
    assert "Whole: " in told
    assert "1 wait to be sealed, the oldest since" in told
    assert "Marks made with the sealing key: 1 right." in told
    head = told.split("Head, to keep elsewhere: ")[1].strip()
    assert main(["audit", "verify", "--anchor", head]) == 0


def test_the_first_thing_that_is_wrong_is_told_and_the_exit_code_is_1(
    centre: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With its number, and when it says that it was written."""
    execute(centre, "UPDATE audit SET subject_id = 'c9' WHERE subject_id = 'c2'")
    assert main(["audit", "verify"]) == 1
    told = capsys.readouterr().out
    assert told.startswith("BROKEN at place ")
    assert "the entry, or its seal, was changed" in told
    assert "are as they were sealed." in told
    assert "Head" not in told


def test_an_end_that_was_cut_off_is_seen_by_a_head_that_was_kept(
    centre: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By nothing else."""
    main(["audit", "verify"])
    head = capsys.readouterr().out.split("elsewhere: ")[1].strip()
    execute(centre, "DELETE FROM audit_chain")
    execute(centre, "DELETE FROM audit")
    assert main(["audit", "verify"]) == 0
    assert main(["audit", "verify", "--anchor", head]) == 1
    assert "the end was cut off" in capsys.readouterr().out


def test_a_copy_is_checked_without_settings_and_without_a_key(
    centre: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says what that can't show."""
    monkeypatch.delenv("HOTLINE_DATA_KEY")
    assert main(["audit", "verify", "--database", f"sqlite:///{centre}"]) == 0
    told = capsys.readouterr().out
    assert "Whole: " in told
    assert "Without the sealing key, marks were not checked" in told


@pytest.mark.parametrize("given", ["12", "12:zz", "-1:" + "0" * 64])
def test_what_is_no_head_is_refused(centre: Path, given: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With its form."""
    assert main(["audit", "verify", "--anchor", given]) == 2
    assert "must be a head as" in capsys.readouterr().err


def test_what_is_no_database_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """In words."""
    assert main(["audit", "verify", "--database", "nonsense"]) == 1
    assert "That is no database of ours" in capsys.readouterr().err


def test_the_trail_is_listed_the_newest_first(centre: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Who by name, as far as they are here; whom by id only."""
    assert main(["audit", "list", "--csv"]) == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert rows[0] == ["number", "when", "who", "what", "about", "id"]
    assert [row[2:] for row in rows[1:3]] == [
        ["s-gone", "outcome reached", "callback", "b1"],
        ["Ana Lima", "viewed thread", "contact", "c2"],
    ]
    assert main(["audit", "list", "--who", "ana lima", "--what", "viewed thread", "--about", "c1"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 2
    assert told[1].endswith("Ana Lima  viewed thread  contact  c1")


def test_a_name_that_nobody_has_is_refused(centre: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With where the names are."""
    assert main(["audit", "list", "--who", "Zoe"]) == 1
    assert "Nobody is called 'Zoe'" in capsys.readouterr().err


def test_only_so_many_days_are_listed(centre: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is older is asked for."""
    long_ago = (NOW - timedelta(days=30) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    execute(centre, f"UPDATE audit SET at = {long_ago} WHERE subject_id = 'b1'")
    assert main(["audit", "list", "--about", "b1"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1
    assert main(["audit", "list", "--about", "b1", "--days", "60", "--most", "1"]) == 0
    assert "s-gone" in capsys.readouterr().out
