"""`hotline block`: a number is put on the list with its reason and its time, shown, and taken off again."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hotline.commands import block_list
from hotline.commands.cli import main
from hotline.commands.staff_file import CommandRefused
from tests.running import at_home
from tests.settings.examples import good_environment

DAY = timedelta(days=1)


@pytest.fixture
def centre(tmp_path: Path) -> dict[str, str]:
    """The environment of a centre with an empty database."""
    environ = good_environment(tmp_path)
    at_home.empty(tmp_path)
    return environ


def test_a_number_is_blocked_shown_and_put_through_again(centre: dict[str, str]) -> None:
    """However it is written; with until when, and why."""
    assert block_list.listed(centre) == "Nobody is blocked."
    told = block_list.add(centre, "(617) 555-0123", "threats, twice", 7 * DAY)
    assert re.fullmatch(r"Blocked until .* E[SD]T\. Emergencies from there are still put through\.", told)
    shown = block_list.listed(centre)
    assert shown.startswith("+16175550123  until ")
    assert "threats, twice  (the command line, " in shown
    boston = (datetime.now(UTC) + 7 * DAY).astimezone(ZoneInfo("America/New_York"))
    assert f"until {boston:%Y-%m-%d %H}" in shown
    assert "UTC" not in shown
    assert block_list.remove(centre, "+16175550123") == "It is put through again."
    assert block_list.listed(centre) == "Nobody is blocked."


@pytest.mark.parametrize("number", ["what?", "", "+1"])
def test_what_is_no_number_is_refused_in_words(centre: dict[str, str], number: str) -> None:
    """With how to write one."""
    with pytest.raises(CommandRefused, match="not a telephone number"):
        block_list.add(centre, number, "threats", None)


def test_what_can_t_be_blocked_or_isn_t_is_refused_in_words(centre: dict[str, str]) -> None:
    """Our own numbers; a block without a reason; a number that isn't on the list."""
    with pytest.raises(CommandRefused, match="line's own"):
        block_list.add(centre, "+16175550100", "a slip", None)
    with pytest.raises(CommandRefused, match="reason"):
        block_list.add(centre, "+16175550123", " ", None)
    with pytest.raises(CommandRefused, match="not on the block list"):
        block_list.remove(centre, "+16175550123")


def test_the_command_takes_the_number_from_its_input_too(
    centre: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """So that no list of processes shows who called."""
    for name, value in centre.items():
        monkeypatch.setenv(name, value)
    typed = tmp_path / "typed"
    typed.write_text("617 555 0123\n")
    with typed.open() as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        assert main(["block", "add", "-", "--reason", "threats", "--for", "7d"]) == 0
    assert main(["block", "list"]) == 0
    assert "+16175550123  until" in capsys.readouterr().out
    assert main(["block", "remove", "+16175550123"]) == 0
    assert main(["block", "remove", "+16175550123"]) == 1
    assert main(["block", "add", "+16175550123", "--reason", "threats", "--for", "a week"]) == 2
    assert "'a week' must be a number and a unit" in capsys.readouterr().err
