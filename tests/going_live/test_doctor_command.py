"""`hotline doctor`, against a pretended carrier that is really asked over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.commands.cli import main
from hotline.commands.going_live import doctor
from hotline.operations.checkup.finding import Severity, doubtful, good, wrong
from hotline.operations.checkup.finding import Topic as About
from hotline.simulator.serving import Served
from hotline.store.migrations import migrate
from tests.going_live.account import CENTRE, Account, open_account
from tests.settings.examples import good_environment


@pytest.fixture
def carrier(tmp_path: Path) -> Iterator[str]:
    """The address of a carrier with an account as it should be."""
    account: Account = open_account(tmp_path)
    with Served(account.sim) as served:
        yield served.url


def environment(home: Path, carrier: str) -> dict[str, str]:
    """Where the centre is, whose database is made."""
    config = home / "hotline.toml"
    config.write_text(CENTRE, encoding="utf-8")
    given = good_environment(
        home, HOTLINE_CONFIG=str(config), TWILIO_API_BASE_URL=carrier, PUBLIC_BASE_URL="http://127.0.0.1:1"
    )
    migrate.upgrade(f"sqlite:///{home / 'hotline.db'}")
    return given


def test_everything_is_looked_over_and_told_worst_first(
    tmp_path: Path, carrier: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers that point elsewhere, nobody on the staff, nothing at work: exit code 1."""
    for name, value in environment(tmp_path, carrier).items():
        monkeypatch.setenv(name, value)
    assert main(["doctor", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    severities = [one["severity"] for one in told["findings"]]
    assert severities == sorted(severities, key=[*Severity].index)
    keys = {one["key"] for one in told["findings"] if one["severity"] == "wrong"}
    assert {"number.voice_url", "people.none", "database.workers", "machine.public"} <= keys
    assert told["code"] == 1
    assert told["wrong"] == severities.count("wrong")
    assert main(["doctor"]) == 1
    words = capsys.readouterr().out
    assert words.index("WRONG") < words.index("TO LOOK AT") < words.index("GOOD")
    assert all(len(line) <= 100 for line in words.splitlines())


def test_settings_that_cannot_be_read_are_the_only_findings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing else can be looked at then: exit code 2."""
    for name in good_environment(tmp_path):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOTLINE_CONFIG", str(tmp_path / "none.toml"))
    assert main(["doctor", "--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert {one["key"] for one in told["findings"]} == {"settings.problem"}
    assert any("TWILIO_AUTH_TOKEN" in one["what"] for one in told["findings"])


def test_what_was_looked_at_by_hand_is_signed(
    tmp_path: Path, carrier: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And is good from then on; what nobody knows is refused, with what there is."""
    for name, value in environment(tmp_path, carrier).items():
        monkeypatch.setenv(name, value)
    assert main(["doctor", "sign", "failsafe", "--by", "Adam Cole"]) == 0
    assert main(["doctor", "sign", "nothing", "--by", "Adam Cole"]) == 1
    assert "failsafe" in capsys.readouterr().err
    main(["doctor", "--json"])
    told = {one["key"]: one for one in json.loads(capsys.readouterr().out)["findings"]}
    assert told["by_hand.failsafe"]["severity"] == "good"
    assert "Adam Cole" in told["by_hand.failsafe"]["what"]


def test_a_line_on_which_all_is_well_says_so_in_one_sentence() -> None:
    """And what is doubtful alone is not wrong."""
    well = good(About.NUMBERS, "number", "It points here.")
    asked = doubtful(About.TEXTING, "texting", "Perhaps.", "Perhaps nothing.", "Look.")
    assert next(doctor.in_words([well])) == "All 1 looks are good."
    assert next(doctor.in_words([asked, well])) == "Nothing is wrong, 1 to look at, 1 good."
    worse = wrong(About.TEXTING, "texting", "Bad.", "They wait.", "Mend.")
    assert next(doctor.in_words([worse, well])) == "1 is wrong, 0 to look at, 1 good."
