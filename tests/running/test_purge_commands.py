"""`hotline purge`, `forget` and `hold`, as they are typed: what they say, what they refuse, what they leave behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotline.commands import staff_file
from hotline.commands.keeping import backup_command, purge_command, restore_command
from hotline.commands.staff_file import CommandRefused
from hotline.operations.keeping import removing
from hotline.settings.load import load_settings
from hotline.store.cases import contacts
from hotline.store.keeping import sealed_file
from tests.running import at_home
from tests.running.application import REPOSITORY
from tests.settings.examples import good_environment
from tests.store.examples import CALLER, NOW, contact


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A database with a caller in it, a member of staff, and backups."""
    config, home = tmp_path / "hotline.toml", tmp_path / "home"
    home.mkdir()
    key = sealed_file.new_keys()
    (tmp_path / "key").write_text(key.private)
    shipped = (REPOSITORY / "hotline.toml").read_text()
    config.write_text(shipped.replace("# keys = []", f'keys = ["{key.public}"]'))
    given = good_environment(home, HOTLINE_CONFIG=str(config))
    at_home.with_ana(home)
    database = staff_file.open_here(given)
    over = contact("c1", caller=CALLER, ended_at=NOW, outcome=None)
    database.transact(lambda tx: contacts.add(tx, over))
    database.dispose()
    return given


def test_somebody_who_asks_is_forgotten(environ: dict[str, str]) -> None:
    """With a reason, by somebody; it can be asked later; a backup of before brings them back for no moment."""
    path = Path(backup_command.make(environ).split(":")[0])
    number = CALLER.e164
    with pytest.raises(CommandRefused, match="Say why"):
        purge_command.forget_caller(environ, number, " ", None, dry=False)
    with pytest.raises(CommandRefused, match="not a telephone number"):
        purge_command.forget_caller(environ, "12", "by letter", None, dry=False)
    with pytest.raises(CommandRefused, match="Eve is not on the staff"):
        purge_command.forget_caller(environ, number, "by letter", "Eve", dry=False)
    assert purge_command.forget_caller(environ, number, "", None, dry=True) == "1 cases would be emptied."
    assert "Nobody with this number" in purge_command.was_forgotten(environ, number)
    assert "1 cases hold nobody" in purge_command.forget_caller(
        environ, number, "by letter", "Ana Lima", dry=False
    )
    assert "1 cases" in purge_command.was_forgotten(environ, number)
    log = purge_command.removed(environ, 5)
    assert "Ana Lima" in log
    assert "by letter" in log
    home = Path(environ["HOTLINE_HOME"])
    assert (home / removing.FORGOTTEN).stat().st_mode & 0o777 == 0o600
    key = home.parent / "key"
    restore_command.restore(environ, path, key, replace=True, say=lambda _: None)
    assert "1 cases" in purge_command.was_forgotten(environ, number)
    database = staff_file.open_here(environ)
    with database.read() as tx:
        assert all(row.caller is None or row.caller.is_nobodys for row in contacts.many(tx))
    database.dispose()


def test_what_is_old_is_shown_before_it_goes(environ: dict[str, str]) -> None:
    """A dry run changes nothing; a hold is counted; the log has it; once a day by itself."""
    assert purge_command.removed(environ, 5) == "Nothing was removed yet."
    assert purge_command.held(environ) == "Nothing is held."
    config = Path(environ["HOTLINE_CONFIG"])
    config.write_text(config.read_text().replace('# passing = "365d"', 'passing = "1d"'))
    assert "1  cases of those who hung up early" in purge_command.remove(environ, dry=True)
    with pytest.raises(CommandRefused, match="Say why"):
        purge_command.place(environ, None, " ", None)
    hold_id = purge_command.place(environ, CALLER.e164, "court", "Ana Lima").split()[2].rstrip(":")
    assert "keeps 1 cases" in purge_command.remove(environ, dry=True)
    assert purge_command.remove(environ) == "Nothing has been kept for too long."
    assert "court" in purge_command.held(environ)
    with pytest.raises(CommandRefused, match="no such hold"):
        purge_command.release(environ, "nothing", None)
    assert "Released" in purge_command.release(environ, hold_id, None)
    assert "1  cases of those who hung up early" in purge_command.remove(environ, if_due=True)
    assert purge_command.remove(environ, if_due=True) == ""
    assert "the system, or a command" in purge_command.removed(environ, 5)
    everybody = purge_command.place(environ, None, "inquiry", None)
    assert "of anybody" in everybody
    assert "everybody" in purge_command.held(environ)
    assert load_settings(environ).centre.retention.passing.days == 1
