"""The `hotline` command, run as people run it."""

import os
import re
import socket
import sqlite3
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from hotline.commands.cli import GROUPS, main
from hotline.commands.cli import hotline as hotline_group
from hotline.commands.demo import SAMPLES
from tests.running import forked
from tests.running.application import REPOSITORY
from tests.settings.examples import OLDER_KEY, good_environment

pytestmark = pytest.mark.process


def hotline(
    *arguments: str, home: Path, typed: str = "", **changes: str
) -> "subprocess.CompletedProcess[str]":
    """Run the command to its end, somewhere else than in the repository."""
    home.mkdir(exist_ok=True)
    env = good_environment(home, **changes) | {"PATH": os.environ["PATH"]}
    return forked.run("hotline", *arguments, env=env, cwd=home, typed=typed)


COMMANDS = [
    ["run"],
    ["demo"],
    ["load"],
    ["dump"],
    ["migrate"],
    ["report"],
    ["staff", "add"],
    ["prompts", "export"],
    ["block", "add"],
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    """In this process: starting one takes a second."""
    assert main([*command, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"Usage: hotline {' '.join(command)}")


def test_the_help_puts_every_command_into_a_group(capsys: pytest.CaptureFixture[str]) -> None:
    """With what it does in full; none is forgotten, and none is in two groups."""
    assert main(["--help"]) == 0
    told = capsys.readouterr().out
    assert sorted(name for names in GROUPS.values() for name in names) == sorted(hotline_group.commands)
    for title, names in GROUPS.items():
        assert f"{title}:\n" in told
        assert all(re.search(rf"^  {name} .*\w", told, re.MULTILINE) for name in names)
    assert "..." not in told.replace("[ARGS]...", "")


@pytest.mark.parametrize(
    "given", [["fly"], ["load"], ["report", "--days", "none"], ["staff", "add", "--role", "king"]]
)
def test_a_wrong_command_line_ends_with_2_and_says_how_it_goes(
    capsys: pytest.CaptureFixture[str], given: list[str]
) -> None:
    """Before any setting is read."""
    assert main(given) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "Usage: hotline" in told.err


def test_the_command_explains_itself(tmp_path: Path) -> None:
    """Started from nothing, and away from the repository."""
    told = subprocess.run(
        [sys.executable, "-m", "hotline", "--help"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert told.returncode == 0
    assert told.stdout.startswith("Usage: hotline ")


@pytest.mark.parametrize("command", [("prompts", "export"), ("--help",)], ids=" ".join)
def test_a_reader_that_leaves_ends_it_without_a_word(tmp_path: Path, command: tuple[str, ...]) -> None:
    """As `head` does, after a line or before the first: no traceback, also not at the end of the process."""
    env = good_environment(tmp_path) | {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY)}
    process = subprocess.Popen(
        [sys.executable, "-m", "hotline", *command],
        env=env,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    assert process.wait(60) == 1


def test_it_says_which_version_it_is(tmp_path: Path) -> None:
    """Without any setting."""
    told = hotline("--version", home=tmp_path)
    assert told.returncode == 0
    assert re.fullmatch(r"hotline [\d.]+\n", told.stdout)


def test_whoever_only_asks_is_told_that_nothing_was_done_and_beside_a_demo_how_that_is_asked(
    tmp_path: Path,
) -> None:
    """Not that Hotline can't start: nobody wanted it to."""
    told = hotline("report", "--days", "3", home=tmp_path, SECRET_KEY="")
    assert told.stderr.startswith("Nothing was done, for the settings must be mended first:\n  - SECRET_KEY")
    assert "demo" not in told.stderr
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo/secrets.toml").touch()
    told = hotline("report", "--days", "3", home=tmp_path, SECRET_KEY="")
    assert told.stderr.endswith(
        "If you mean the demo that was started from here: hotline demo report --days 3\n"
    )


def test_migrate_says_what_it_did(tmp_path: Path) -> None:
    """Made; and a second time, nothing to do. What is still an example's is warned of, at a real carrier alone."""
    made = hotline("migrate", home=tmp_path)
    assert re.fullmatch(r"Done: the database is made, at revision \d{4}\.\n", made.stdout)
    again = hotline("migrate", home=tmp_path)
    assert re.fullmatch(r"Nothing to do: the database is at revision \d{4}\.\n", again.stdout)
    assert "WARNING: [line] numbers: a number of films and examples" in again.stderr
    here = hotline(
        "migrate",
        home=tmp_path,
        TWILIO_API_BASE_URL="http://127.0.0.1:9",
        PUBLIC_BASE_URL="http://127.0.0.1:8000",
    )
    assert here.stderr == ""


def test_an_unknown_command_ends_with_2(tmp_path: Path) -> None:
    assert hotline("fly", home=tmp_path).returncode == 2


@pytest.mark.parametrize("command", [["run"], ["dump"], ["migrate"], ["load", str(SAMPLES / "staff.toml")]])
def test_wrong_settings_are_all_told_and_nothing_is_started(tmp_path: Path, command: list[str]) -> None:
    home = tmp_path / "home"
    told = hotline(*command, home=home, SECRET_KEY="", PORT="none", HOTLINE_CONFIG="nowhere.toml")

    assert told.returncode == 2
    assert told.stdout == ""
    for name in ("SECRET_KEY", "PORT", "nowhere.toml"):
        assert f"  - {name}" in told.stderr or name in told.stderr
    assert list(home.iterdir()) == []


def test_a_port_in_use_is_told_before_anything_is_started(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = hotline("run", home=tmp_path, PORT=str(port))

    assert told.returncode == 2
    assert f"PORT: {port} is in use" in told.stderr
    assert not (tmp_path / "hotline.db").exists()


@pytest.mark.parametrize("command", ["run", "dump", "load"])
def test_a_home_that_cannot_be_made_is_told(tmp_path: Path, command: str) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    files = [str(SAMPLES / "staff.toml")] if command == "load" else []
    told = hotline(command, *files, home=tmp_path, HOTLINE_HOME=str(in_the_way / "home"), PORT="18999")

    assert told.returncode != 0
    assert "HOTLINE_HOME" in told.stderr
    assert "Traceback" not in told.stderr


def test_what_is_loaded_is_dumped_and_loading_it_again_changes_nothing(tmp_path: Path) -> None:
    assert hotline("migrate", home=tmp_path).returncode == 0

    loaded = hotline("load", str(SAMPLES / "staff.toml"), home=tmp_path)
    assert loaded.returncode == 0, loaded.stderr
    first = hotline("dump", home=tmp_path).stdout
    again = hotline("load", "-", home=tmp_path, typed=first)

    assert again.returncode == 0, again.stderr
    assert hotline("dump", home=tmp_path).stdout == first
    sample = tomllib.loads((SAMPLES / "staff.toml").read_text())
    names = [person["name"] for person in tomllib.loads(first)["staff"]]
    assert sorted(names) == sorted(person["name"] for person in sample["staff"])


def test_a_file_that_cannot_be_taken_is_refused_as_a_whole_with_its_reason(tmp_path: Path) -> None:
    hotline("migrate", home=tmp_path)
    before = hotline("dump", home=tmp_path).stdout

    missing = hotline("load", "nowhere.toml", home=tmp_path)
    broken = hotline("load", "-", home=tmp_path, typed="[[staff]\n")
    wrong = hotline("load", "-", home=tmp_path, typed='[[staff]]\nname = "Ana Lima"\nphone = "555"\n')

    for told in (missing, broken, wrong):
        assert told.returncode == 1
        assert told.stderr
        assert "Traceback" not in told.stderr
    assert hotline("dump", home=tmp_path).stdout == before


def test_somebody_is_added_once_with_a_password_that_is_long_enough(tmp_path: Path) -> None:
    hotline("migrate", home=tmp_path)
    ana = ("staff", "add", "Ana Lima", "--phone", "+16175550101", "--role", "coordinator")

    assert hotline(*ana, home=tmp_path, typed="short\n").returncode == 1
    assert hotline(*ana, home=tmp_path, typed="four plain random words\n").returncode == 0
    assert hotline(*ana, home=tmp_path, typed="four plain random words\n").returncode == 1
    assert "Ana Lima" in hotline("dump", home=tmp_path).stdout


def test_a_database_without_tables_is_told_in_words(tmp_path: Path) -> None:
    told = hotline("dump", home=tmp_path)

    assert told.returncode == 1
    assert "hotline migrate" in told.stderr
    assert "Traceback" not in told.stderr


def test_a_damaged_database_and_a_later_one_are_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "hotline.db").write_bytes(b"no database " * 1000)
    damaged = hotline("dump", home=tmp_path)
    assert (damaged.returncode, damaged.stderr.count("damaged")) == (1, 1)

    later = tmp_path / "later"
    hotline("migrate", home=later)
    with sqlite3.connect(later / "hotline.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.execute("UPDATE oldest_program SET revision = '9999'")
    for command in ("migrate", "dump"):
        told = hotline(command, home=later)
        assert told.returncode == 1
        assert told.stderr.startswith("A later version of Hotline has changed this database")


def test_a_database_sealed_with_another_key_is_told_in_words(tmp_path: Path) -> None:
    hotline("migrate", home=tmp_path)
    hotline("load", str(SAMPLES / "staff.toml"), home=tmp_path)

    told = hotline("dump", home=tmp_path, HOTLINE_DATA_KEY=OLDER_KEY)

    assert told.returncode == 1
    assert "HOTLINE_DATA_KEY" in told.stderr


def test_the_report_of_a_fresh_hotline_says_that_nobody_has_called(tmp_path: Path) -> None:
    hotline("migrate", home=tmp_path)

    told = hotline("report", home=tmp_path)

    assert (told.returncode, told.stdout) == (0, "No calls in these seven days.\n")
    assert hotline("report", "--days", "none", home=tmp_path).returncode == 2
