"""`hotline breach` and `hotline consents`, as they are typed: what they say, refuse and leave behind."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from hotline.commands import cli, staff_file
from hotline.commands.keeping import backup_command
from hotline.commands.looking_back import breach_command
from hotline.commands.staff_file import CommandRefused
from hotline.model import Channel
from hotline.operations import flow_state
from hotline.runtime.wiring import wall_clock
from hotline.store.cases import callbacks, contacts
from hotline.store.keeping import sealed_file
from hotline.triage.contact import Contact, ContactState
from tests.running import at_home
from tests.running.application import REPOSITORY
from tests.settings.examples import good_environment
from tests.store.examples import CALLER, callback, contact


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A coordinator, a caller who was promised a call an hour ago, and a key for backups."""
    config, home = tmp_path / "hotline.toml", tmp_path / "home"
    home.mkdir()
    shipped = (REPOSITORY / "hotline.toml").read_text()
    config.write_text(shipped.replace("# keys = []", f'keys = ["{sealed_file.new_keys().public}"]'))
    given = good_environment(home, HOTLINE_CONFIG=str(config))
    at_home.with_ana(home)
    before = wall_clock() - timedelta(hours=1)
    database = staff_file.open_here(given)
    with database.write() as tx:
        said = flow_state.written(Contact(Channel.VOICE, ContactState.FAREWELL))
        contacts.add(tx, contact("c1", caller=CALLER, opened_at=before, ended_at=before, data=said))
        callbacks.add(tx, callback("b1", CALLER, opened_at=before))
    database.dispose()
    return given


def test_whose_records_an_account_reached(environ: dict[str, str], tmp_path: Path) -> None:
    """How many people; each case in a file for whoever asked, with numbers only if they say so."""
    since, plain, full = (
        wall_clock().date() - timedelta(days=2),
        tmp_path / "plain.csv",
        tmp_path / "full.csv",
    )
    told = breach_command.of_account(environ, "ana lima", since, None, plain, numbers=False)
    assert told.startswith("1 person")
    assert "1  cases readable" in told
    assert "coordinator" in told
    assert CALLER.e164 not in told + plain.read_text()
    breach_command.of_account(environ, "Ana Lima", since, wall_clock().date(), full, numbers=True)
    assert CALLER.e164 in full.read_text()
    assert full.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandRefused, match="there already"):
        breach_command.of_account(environ, "Ana Lima", since, None, full, numbers=True)
    with pytest.raises(CommandRefused, match="can't be written"):
        breach_command.of_account(environ, "Ana Lima", since, None, tmp_path / "no" / "x", numbers=True)
    with pytest.raises(CommandRefused, match="Nobody is called"):
        breach_command.of_account(environ, "Eve", date(2026, 3, 2), None, None, numbers=False)


def test_whose_records_are_in_a_backup(environ: dict[str, str]) -> None:
    """By its name, wherever the file is now."""
    path = Path(backup_command.make(environ).split(":")[0])
    path.unlink()
    told = breach_command.of_backup(environ, str(path), None, numbers=False)
    assert told.startswith("1 person")
    assert "HOTLINE_DATA_KEY" in told
    for name in ("other", "hotline-20260231-030000.jsonl.gz.age", "hotline-20990101-030000.jsonl.gz.age"):
        with pytest.raises(CommandRefused, match="its name has no time"):
            breach_command.of_backup(environ, name, None, numbers=False)


def test_a_backup_from_before_this_line_was_put_back_is_counted_by_its_name(environ: dict[str, str]) -> None:
    """Backups made elsewhere are those that lie elsewhere: they leak, too."""
    at = datetime.now(UTC)
    told = breach_command.of_backup(
        environ, f"/mnt/hotline-{at:%Y%m%d-%H%M%S}.jsonl.gz.age", None, numbers=False
    )
    assert told.startswith("1 person")
    assert "made elsewhere" in told
    nobody = breach_command.of_backup(environ, "hotline-20200101-030000.jsonl.gz.age", None, numbers=False)
    assert nobody.startswith("0 people")


def test_what_a_caller_has_agreed_to(environ: dict[str, str]) -> None:
    """A line each; nothing of somebody who never called."""
    assert "to be called back  they asked for it" in breach_command.of_caller(environ, CALLER.e164)
    assert breach_command.of_caller(environ, "+16175550188").startswith("Nothing was asked")
    with pytest.raises(CommandRefused, match="not a telephone number"):
        breach_command.of_caller(environ, "12")


@pytest.mark.parametrize(
    "arguments",
    [
        ["breach"],
        ["breach", "--staff", "Ana Lima"],
        ["breach", "--since", "2026-03-02", "--backup", "x"],
        ["breach", "--staff", "Ana Lima", "--since", "2026-03-02", "--backup", "x"],
        ["breach", "--backup", "x", "--numbers"],
    ],
)
def test_half_a_question_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """With what to ask instead; numbers are shown on no screen."""
    assert cli.main(arguments) == 1
    assert "--" in capsys.readouterr().err
