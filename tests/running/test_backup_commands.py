"""Backups as an administrator makes them: by the commands in docs/backup.md, with real keys, files and processes."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from hotline.commands import staff_file
from hotline.commands.keeping import backup_command, restore_command
from hotline.commands.staff_file import CommandRefused
from hotline.operations.keeping import backup_age
from hotline.settings.load import load_settings
from hotline.store.keeping import sealed_file
from tests.running import at_home
from tests.running.application import REPOSITORY, eventually
from tests.running.documents import blocks
from tests.settings.examples import OLDER_KEY, good_environment
from workers.housekeeping import Housekeeping

EXAMPLE = "hotline-20260302-030000.jsonl.gz.age"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A database with somebody in it, and a file of settings of its own."""
    config = tmp_path / "hotline.toml"
    config.write_text((REPOSITORY / "hotline.toml").read_text())
    given = good_environment(tmp_path / "home", HOTLINE_CONFIG=str(config))
    (tmp_path / "home").mkdir()
    at_home.with_ana(tmp_path / "home")
    return given


def set_keys(environ: dict[str, str], line: str) -> None:
    """Put this line under [backups] in the centre's file."""
    config = Path(environ["HOTLINE_CONFIG"])
    config.write_text(config.read_text().replace("# keys = []", line))


@pytest.mark.proof
@pytest.mark.process
def test_from_a_key_to_a_new_machine_as_the_document_says(environ: dict[str, str], tmp_path: Path) -> None:
    """Each command of docs/backup.md, in its order; at the end a new home holds who was on the staff."""
    key, make, check, again = (
        one.text for one in blocks(REPOSITORY / "docs" / "backup.md") if one.kind == "sh"
    )
    home, new = Path(environ["HOTLINE_HOME"]), tmp_path / "new"

    def types(commands: str, **different: str) -> str:
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        ran = subprocess.run(
            ["bash", "-euc", commands], cwd=tmp_path, env={**environ, "PATH": path, **different},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    told = types(key)
    assert "AGE-SECRET-KEY" not in told
    assert (tmp_path / "hotline-backup-key.txt").stat().st_mode & 0o777 == 0o600
    assert "has it now" in told
    assert "is whole" in types(make)
    (made,) = (home / "backups").iterdir()
    made.rename(tmp_path / made.name)
    told = types(check.replace(EXAMPLE, made.name))
    assert told.startswith("Whole: ")
    assert "HOTLINE_DATA_KEY opens" in told
    new.mkdir()
    told = types(again.replace(EXAMPLE, made.name).replace("hotline run\n", ""), HOTLINE_HOME=str(new))
    assert "Open: callbacks 0" in told
    assert "Ana Lima" in types("hotline staff list", HOTLINE_HOME=str(new))
    assert "restored" in types("hotline audit list", HOTLINE_HOME=str(new))
    assert "No backup was made yet" in types("hotline backup list", HOTLINE_HOME=str(new))
    assert "but not in this machine's" in types("hotline backup list")


def test_a_private_key_is_shown_or_written_once(tmp_path: Path) -> None:
    """Never over a file that is there."""
    file = tmp_path / "key"
    told, private = backup_command.new_key(None)
    assert "AGE-SECRET-KEY-1" in private
    assert "AGE-SECRET-KEY-1" not in told
    told, private = backup_command.new_key(file)
    assert "AGE-SECRET-KEY-1" not in told + private
    assert sealed_file.public_of(sealed_file.private_key(file.read_text())) in told
    with pytest.raises(CommandRefused, match="there already"):
        backup_command.new_key(file)
    with pytest.raises(CommandRefused, match="can't be written"):
        backup_command.new_key(tmp_path / "no" / "key")


def test_what_is_refused_is_said_with_what_to_do(environ: dict[str, str], tmp_path: Path) -> None:
    """No key in the settings, no file, no key file, another data key."""
    keys = sealed_file.new_keys()
    private = tmp_path / "private"
    private.write_text(keys.private)
    with pytest.raises(CommandRefused, match="hotline backup key"):
        backup_command.make(environ)
    assert backup_command.known(environ) == "No backup was made yet, or none since one was put back here."
    set_keys(environ, f'keys = ["{keys.public}"]')
    path = Path(backup_command.make(environ).split(":")[0])
    assert backup_command.make(environ, if_due=True) == ""
    assert path.name in backup_command.known(environ)

    def restores(**how: Path) -> str:
        given = {"file": path, "key": private, **how}
        return restore_command.restore(
            environ, given["file"], given["key"], replace=False, say=lambda _: None
        )

    for how, said in (
        ({"file": tmp_path / "none"}, "can't be read"),
        ({"key": tmp_path / "none"}, "can't be read"),
        ({"key": path}, "can't be read|no private key"),
        ({"file": private}, "is no backup"),
        ({}, "--replace"),
    ):
        with pytest.raises(CommandRefused, match=said):
            restores(**how)
    other = {**environ, "HOTLINE_DATA_KEY": OLDER_KEY}
    with pytest.raises(CommandRefused, match="lacks"):
        backup_command.verify(other, path, private, None)
    assert "isn't set here" in backup_command.verify({}, path, private, tmp_path / "taken")
    assert (tmp_path / "taken" / "hotline.toml").read_text() == Path(environ["HOTLINE_CONFIG"]).read_text()
    with pytest.raises(CommandRefused, match="name a new folder"):
        backup_command.verify({}, path, private, tmp_path / "taken")


@pytest.mark.parametrize(
    ("before", "keys"),
    [
        ("[backups]\n# keys = []\nkeep = 3\n", 1),
        ('[backups]\nkeys = ["{old}"]\n', 2),
        ("[line]\n", 1),
    ],
)
def test_the_public_key_is_put_where_it_belongs(tmp_path: Path, before: str, keys: int) -> None:
    """Beside those that are there, whether the table is there or not; its readers stay the same."""
    old = sealed_file.new_keys().public
    config = tmp_path / "hotline.toml"
    config.write_text(before.replace("{old}", old))
    config.chmod(0o640)
    told, _ = backup_command.new_key(tmp_path / "key.txt", config)
    written = tomllib.loads(config.read_text())["backups"]
    assert len(written["keys"]) == keys
    assert written.get("keep", 3) == 3
    assert "has it now" in told
    assert config.stat().st_mode & 0o777 == 0o640


def test_a_list_on_several_lines_is_left_alone_and_no_key_is_made(tmp_path: Path) -> None:
    """What to do is said."""
    config = tmp_path / "hotline.toml"
    config.write_text(f'[backups]\nkeys = [\n  "{sealed_file.new_keys().public}",\n]\n')
    before = config.read_text()
    with pytest.raises(CommandRefused, match="put it on one"):
        backup_command.new_key(tmp_path / "key.txt", config)
    assert config.read_text() == before
    assert not (tmp_path / "key.txt").exists()


def test_where_the_settings_cant_be_written_no_key_is_made(tmp_path: Path) -> None:
    """The private one would be there, and the public one nowhere; the next try would find its file taken."""
    config = tmp_path / "hotline.toml"
    config.write_text("")
    (tmp_path / ".hotline.toml.new").mkdir()  # in the way of whoever writes it, root, too
    with pytest.raises(CommandRefused, match=r"can't be written.*No key was made"):
        backup_command.new_key(tmp_path / "key.txt", config)
    assert not (tmp_path / "key.txt").exists()


@pytest.mark.process
def test_the_worker_sees_to_it_when_it_is_time(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process of its own makes it; it isn't made again before it is due; telling the worker to stop ends its look."""
    set_keys(environ, f'keys = ["{sealed_file.new_keys().public}"]')
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    application = staff_file.opened(load_settings(environ))
    keeps = Housekeeping(application, every=0.1)
    folder = Path(environ["HOTLINE_HOME"]) / "backups"
    eventually(
        lambda: application.look(backup_age.look).last is not None, lambda: str(list(folder.glob("*"))), 60
    )
    assert not application.look(backup_age.look).due, "so no look of the worker makes it again"
    keeps.stop()
    assert len(list(folder.iterdir())) == 1
    application.database.dispose()
