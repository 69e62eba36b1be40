"""Commands that ask or go on only where a person watches: `load`, `staff remove` and `status --watch`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from hotline.operations import roster
from hotline.operations.checkup import asked_for, machine_found
from hotline.operations.transaction import Application, Transaction
from hotline.runtime.wiring import open_application
from hotline.settings.load import load_settings
from hotline.store.keeping import backup_log, sealed_file
from hotline.store.people import staff
from hotline.store.upkeep import heartbeats
from tests import databases
from tests.going_live.account import CENTRE
from tests.running import forked
from tests.settings.examples import good_environment
from tests.stories.centre import MIA, STAFF
from tests.stories.redis_server import RedisServer
from tests.terminal import at_a_terminal

pytestmark = pytest.mark.process

WRITTEN = '[[staff]]\nname = "Ana Lima"\nphone = "+16175550101"\nverified = true\nroles = ["coordinator"]\n'

REAL = {"TWILIO_ACCOUNT_SID": "AC" + "1a2b3c4d" * 4, "PUBLIC_BASE_URL": "https://hotline.carecenter.health"}
CREW = {**STAFF, "staff": [{**one, "phone": one["phone"].replace("555", "496")} for one in STAFF["staff"]]}
"""With telephones that could ring: those of examples are told of."""


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    server = RedisServer()
    server.start()
    yield server
    server.close()


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A centre that keeps backups, its database made and empty."""
    tmp_path.chmod(0o700)
    keys = f'\n[backups]\nkeys = ["{sealed_file.new_keys().public}"]\n'
    config = tmp_path / "hotline.toml"
    config.write_text(CENTRE + keys, encoding="utf-8")
    return {
        **good_environment(tmp_path, HOTLINE_CONFIG=str(config), **REAL),
        "DATABASE_URL": databases.sqlite(tmp_path),
    }


def opened(environ: dict[str, str]) -> Application:
    return open_application(load_settings(environ), resident=False).application


def on_the_staff(environ: dict[str, str]) -> list[str]:
    application = opened(environ)
    with application.database:
        return [one.name for one in application.look(lambda transaction: staff.active(transaction.tx))]


@pytest.mark.proof
def test_whoever_loads_a_file_sees_what_it_changes_and_may_say_no(
    environ: dict[str, str], tmp_path: Path
) -> None:
    """No, and Enter alone, change nothing; yes does it. Without a terminal nobody is asked."""
    file = tmp_path / "staff.toml"
    file.write_text(WRITTEN, encoding="utf-8")
    for said in ("n", ""):
        with at_a_terminal(tmp_path, "load", str(file), environ=environ, ends=1) as terminal:
            terminal.waits_for("Ana Lima: new, coordinator")
            terminal.waits_for("Take it? [y/N]")
            terminal.types(f"{said}\n")
            terminal.waits_for("Nothing was changed")
        assert on_the_staff(environ) == []
    with at_a_terminal(tmp_path, "load", str(file), environ=environ, ends=0) as terminal:
        terminal.waits_for("Take it? [y/N]")
        terminal.types("y\n")
        terminal.waits_for("Took 1 staff")
    assert on_the_staff(environ) == ["Ana Lima"]


def test_who_takes_somebody_off_for_good_is_asked_first(environ: dict[str, str], tmp_path: Path) -> None:
    """Enter alone changes nothing; a yes does it."""
    file = tmp_path / "staff.toml"
    file.write_text(WRITTEN, encoding="utf-8")
    assert forked.run("hotline", "load", str(file), env=environ, cwd=tmp_path).returncode == 0
    for said, ends, left in (("", 1, ["Ana Lima"]), ("y", 0, [])):
        with at_a_terminal(tmp_path, "staff", "remove", "Ana Lima", environ=environ, ends=ends) as terminal:
            terminal.waits_for("Remove Ana Lima? [y/N]")
            terminal.types(f"{said}\n")
            terminal.waits_for("nothing open" if ends == 0 else "Nothing was changed.")
        assert on_the_staff(environ) == left


def test_the_screen_of_a_night_comes_again_and_ends_with_0_where_nothing_wants_doing(
    environ: dict[str, str], tmp_path: Path, redis_server: RedisServer
) -> None:
    """Once, or each second until Ctrl-C; what has changed meanwhile is on it."""
    environ = {**environ, "REDIS_URL": redis_server.url}
    application = opened(environ)
    with application.database:
        application.change(_all_is_well)
    once = forked.run("hotline", "status", env=environ, cwd=tmp_path)
    assert once.returncode == 0, once.stdout + once.stderr
    assert "everything runs" in once.stdout
    with at_a_terminal(tmp_path, "status", "--watch", "1", environ=environ) as terminal:
        terminal.waits_for("on clinicians")
        with application.database:
            application.change(lambda transaction: roster.load(transaction.tx, NOBODY, transaction.now))
        terminal.waits_for("NOBODY")
        terminal.stops()
    assert forked.run("hotline", "status", env=environ, cwd=tmp_path).returncode == 1
    assert MIA not in once.stdout


NOBODY = {**CREW, "schedule": [{**one, "always": []} for one in STAFF["schedule"]]}


def _all_is_well(transaction: Transaction) -> None:
    """Staff on every schedule, everything at work (in advance: this machine may be slow), a backup, a check-up."""
    roster.load(transaction.tx, CREW, transaction.now)
    for name in machine_found.LATE:
        heartbeats.beat(transaction.tx, name, transaction.now + timedelta(minutes=20))
    backup_log.begin(transaction.tx, "b1", "hotline.jsonl.gz.age", transaction.now)
    backup_log.kept(transaction.tx, "b1", transaction.now, 1, "digest")
    asked_for.begin(transaction)
    asked_for.end(transaction, ())
