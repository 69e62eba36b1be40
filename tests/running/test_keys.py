"""The keys that seal the database: a wrong one starts nothing, and a new one takes over while the system runs."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from hotline.commands import keys, staff_file
from hotline.runtime.app import create_app
from hotline.runtime.wiring import open_checked
from hotline.settings.load import load_settings
from hotline.store.database import WRONG_KEY, Keyring, Unsealable
from hotline.store.people import staff
from hotline.store.upkeep import canary, heartbeats, resealing
from hotline.telephony.webhooks.journal import Journal
from tests.running import at_home, forked
from tests.running.application import REPOSITORY
from tests.settings.examples import KEY, OLDER_KEY, good_environment

NEWER_KEY = base64.b64encode(b"n" * 32).decode()
NOW = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A database with somebody in it, sealed with one key."""
    given = good_environment(tmp_path)
    at_home.with_ana(tmp_path)
    return given


def keyring(environ: dict[str, str]) -> Keyring:
    """The keys of this environment."""
    return Keyring(tuple(key.get_secret_value() for key in load_settings(environ).data_keys))


def names(environ: dict[str, str]) -> list[str]:
    """Who can be read with these keys."""
    database = staff_file.open_here(environ)
    with database.read() as tx:
        found = [row.name for row in staff.everyone(tx)]
    database.dispose()
    return found


@pytest.mark.process
@pytest.mark.parametrize(
    "command",
    [
        ["hotline", "run"],
        ["hotline", "dump"],
        ["hotline", "migrate"],
        ["workers", "urgent"],
        ["workers", "clock"],
        [],
    ],
)
def test_with_a_wrong_key_nothing_starts(environ: dict[str, str], tmp_path: Path, command: list[str]) -> None:
    """Web, workers, clock and commands say which setting to mend, and end."""
    path = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), "PORT": "18997"}
    given = {**environ, **path, "HOTLINE_DATA_KEY": NEWER_KEY}
    ran = forked.run(*command, env=given, cwd=tmp_path) if command else _web(given, tmp_path)
    assert ran.returncode in (1, 2, 3)
    assert WRONG_KEY in ran.stderr + ran.stdout  # a command says it, a process logs it
    assert "Traceback" not in ran.stderr


def _web(environ: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from hotline.runtime.app import create_app; create_app()"],
        env=environ,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_wrong_key_that_got_in_is_not_ready(environ: dict[str, str]) -> None:
    """The database was away when it started: readiness says so as soon as it is back."""
    database = Path(environ["HOTLINE_HOME"]) / "hotline.db"
    away = database.rename(database.with_suffix(".away"))
    wrong = open_checked(load_settings({**environ, "HOTLINE_DATA_KEY": NEWER_KEY}))
    wrong.application.database.dispose()
    away.rename(database)
    answer = create_app(wrong).test_client().get("/health/ready")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["reasons"][0] == f"keys: {WRONG_KEY}"
    wrong.application.database.dispose()


def test_a_new_key_takes_over(environ: dict[str, str]) -> None:
    """Both for a while, then `key rotate`, then the new one alone; the journal's lines with them."""
    home = Path(environ["HOTLINE_HOME"])
    Journal(home / "journal", keyring(environ)).write("/twilio/voice", {"CallSid": "CA1"}, NOW)
    (home / "journal" / "set-aside").write_text("torn off\n")
    both = {**environ, "HOTLINE_DATA_KEY": f"{NEWER_KEY},{KEY}"}
    assert names(both) == ["Ana Lima"]
    said: list[str] = []
    told = keys.rotate(both, said.append, lambda: NOW)
    assert "restart" in told
    assert said == ["1 rows to seal anew.", "staff: 1"]
    alone = {**environ, "HOTLINE_DATA_KEY": NEWER_KEY}
    assert names(alone) == ["Ana Lima"]
    journal = Journal(home / "journal", keyring(alone))
    (file,) = journal.files()
    assert [entry.form for entry in journal.read(file).entries] == [{"CallSid": "CA1"}]
    assert (home / "journal" / "set-aside").read_text() == "torn off\n"
    with pytest.raises(Unsealable):
        names(environ)
    assert (
        keys.rotate(alone, said.append, lambda: NOW) == "Everything is sealed with the one key that there is."
    )


def test_it_is_seen_when_a_key_may_be_taken_out(environ: dict[str, str]) -> None:
    """By its public name: what is sealed with it, before and after; and which one is missing."""
    both = {**environ, "HOTLINE_DATA_KEY": f"{NEWER_KEY},{KEY}"}
    new, old = keyring(both).names

    def lines() -> dict[str, str]:
        return {line.split()[0]: line for line in keys.standing(both, lambda: NOW).splitlines()[1:]}

    assert "seals everything" in lines()[new]
    assert "hotline key rotate" in lines()[old]
    keys.rotate(both, lambda _: None, lambda: NOW)
    assert "may be taken out" in lines()[old]
    database = staff_file.open_here(both)
    other = Keyring((b"z" * 32,))
    database.transact(
        lambda tx: tx.execute(text("UPDATE canary SET words = :w"), {"w": other.seal("", "a", "1")})
    )
    with database.read() as tx:
        assert resealing.by_key(tx)[other.newest] == 1
    database.dispose()


def test_a_process_that_lacks_the_new_key_is_told_first(environ: dict[str, str]) -> None:
    """It could read nothing of what is sealed anew: nothing is, until it was restarted."""
    database = staff_file.open_here(environ)
    database.transact(lambda tx: heartbeats.beat(tx, "clock", NOW))
    both = {**environ, "HOTLINE_DATA_KEY": f"{NEWER_KEY},{KEY}"}
    with pytest.raises(staff_file.CommandRefused, match="clock run with another key"):
        keys.rotate(both, print, lambda: NOW)
    assert names(environ) == ["Ana Lima"]
    assert "restart" in keys.rotate(both, lambda _: None, lambda: NOW + timedelta(minutes=3))
    database.dispose()


def test_another_machine_that_lacks_it_is_not_hidden_by_one_that_has_it(environ: dict[str, str]) -> None:
    """Both run a clock, and the one with the new key has shown itself last."""
    both = {**environ, "HOTLINE_DATA_KEY": f"{NEWER_KEY},{KEY}"}
    for given, machine in ((environ, "one.example"), (both, "two.example")):
        database = staff_file.open_here(given)
        at = NOW + timedelta(seconds=len(given["HOTLINE_DATA_KEY"]))
        with database.write() as tx:
            heartbeats.beat(tx, "clock", at, machine)
        database.dispose()
    with pytest.raises(staff_file.CommandRefused, match=r"^clock@one\.example run with another key"):
        keys.rotate(both, print, lambda: NOW)


def test_what_can_t_be_sealed_anew_is_told_and_the_old_key_stays_needed(environ: dict[str, str]) -> None:
    """Here a line of the journal under a key that nobody has given."""
    home = Path(environ["HOTLINE_HOME"])
    Journal(home / "journal", Keyring((b"z" * 32,))).write("/twilio/voice", {"CallSid": "CA1"}, NOW)
    both = {**environ, "HOTLINE_DATA_KEY": f"{NEWER_KEY},{KEY}"}
    with pytest.raises(staff_file.CommandRefused, match=r"0 rows and 1 lines.*Keep the older keys"):
        keys.rotate(both, lambda _: None, lambda: NOW)
    assert names(both) == ["Ana Lima"]


def test_a_new_database_takes_the_key_that_it_is_given_first(tmp_path: Path) -> None:
    """And from then on no other one; none of its texts is bound to no row."""
    given = good_environment(tmp_path)
    staff_file.migrate_database(given)
    database = staff_file.open_here(given)
    assert database.keys.bound_only
    with database.read() as tx:
        assert canary.listen(tx)
    database.dispose()
    with pytest.raises(Unsealable):
        staff_file.open_here({**given, "HOTLINE_DATA_KEY": OLDER_KEY})
