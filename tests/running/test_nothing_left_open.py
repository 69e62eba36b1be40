"""A command that is done has the database's file open no more: a restore right after it finds nobody there."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hotline.commands import run, staff_command, staff_file
from hotline.commands.keeping import backup_command, purge_command
from hotline.commands.keys import rotate, standing
from hotline.settings.load import load_settings
from hotline.store.cases import contacts
from hotline.store.database import Unsealable
from hotline.store.keeping import sealed_file
from tests import databases
from tests.running.application import REPOSITORY
from tests.running.at_home import ANA, PASSWORD
from tests.settings.examples import OLDER_KEY, good_environment
from tests.store.examples import CALLER, NOW, contact

BEN = staff_file.Newcomer("Ben Ito", "+16175550102", ("coordinator",), ("en",), True)


def _made_anew(here: Mapping[str, str]) -> None:
    (Path(here["HOTLINE_HOME"]) / "hotline.db").unlink()
    staff_file.migrate_database(here)


Work = Callable[[Mapping[str, str]], object]
COMMANDS: dict[str, Work] = {
    "staff add": lambda here: staff_file.add_staff(here, BEN, lambda: PASSWORD),
    "staff list": staff_command.listed,
    "staff dump": staff_file.dump,
    "is somebody on the staff": lambda here: staff_file.is_on_staff(here, ANA.name),
    "a look": lambda here: staff_file.look(here, lambda settings, tx, now: contacts.many(tx)),
    "the demo's staff": lambda here: staff_file.open_doors(load_settings(here), {}, PASSWORD),
    "migrate": staff_file.migrate_database,
    "migrate, the first time": _made_anew,
    "forget": lambda here: purge_command.forget_caller(here, CALLER.e164, "letter", ANA.name, dry=False),
    "forgotten": lambda here: purge_command.was_forgotten(here, CALLER.e164),
    "purge": purge_command.remove,
    "key list": lambda here: standing(here, lambda: datetime.now(UTC)),
    "key rotate": lambda here: rotate(here, lambda _: None, lambda: datetime.now(UTC)),
    "run's look for samples": lambda here: run.samples_left(load_settings(here)),
    "backup": backup_command.make,
}


@pytest.fixture
def environ(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A database with a caller and a coordinator in it; nothing is closed by chance."""
    home = tmp_path / "home"
    home.mkdir()
    config = tmp_path / "hotline.toml"
    shipped = (REPOSITORY / "hotline.toml").read_text()
    config.write_text(shipped.replace("# keys = []", f'keys = ["{sealed_file.new_keys().public}"]'))
    given = good_environment(home, HOTLINE_CONFIG=str(config))
    databases.sqlite_at(home / "hotline.db", _with_a_caller)
    gc.collect()
    gc.disable()
    try:
        yield given
    finally:
        gc.enable()


def _with_a_caller(url: str) -> None:
    given = good_environment(Path(url.removeprefix("sqlite:///")).parent, DATABASE_URL=url)
    staff_file.add_staff(given, ANA, lambda: PASSWORD)
    over = contact("c1", caller=CALLER, ended_at=NOW, outcome=None)
    with staff_file.open_here(given) as database:
        database.transact(lambda tx: contacts.add(tx, over))


def open_files(home: Path) -> set[str]:
    """What this process has open of that folder."""
    found = set()
    for one in Path("/proc/self/fd").iterdir():
        try:
            path = os.readlink(one)
        except FileNotFoundError:
            continue
        if path.startswith(str(home)):
            found.add(path)
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_is_done_has_nothing_open(environ: dict[str, str], name: str) -> None:
    """Whatever it looked at or changed."""
    home = Path(environ["HOTLINE_HOME"])
    assert open_files(home) == set()
    COMMANDS[name](environ)
    assert open_files(home) == set()


def test_a_command_with_the_wrong_key_has_nothing_open(environ: dict[str, str]) -> None:
    """It is refused, and lets go."""
    for work in (staff_file.dump, staff_command.listed):
        with pytest.raises(Unsealable):
            work({**environ, "HOTLINE_DATA_KEY": OLDER_KEY})
    assert open_files(Path(environ["HOTLINE_HOME"])) == set()
