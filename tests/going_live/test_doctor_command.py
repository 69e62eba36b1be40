"""`hotline doctor`, against a pretended carrier that is really asked over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from socket import socket
from typing import Any

import pytest

from hotline.commands.cli import main
from hotline.commands.going_live import doctor
from hotline.operations import roster
from hotline.operations.checkup import machine_found
from hotline.operations.checkup.finding import Severity, doubtful, good, wrong
from hotline.operations.checkup.finding import Topic as About
from hotline.operations.transaction import Transaction
from hotline.runtime.wiring import open_application
from hotline.simulator.serving import Served
from hotline.store.keeping import backup_log, sealed_file
from hotline.store.upkeep import heartbeats
from tests import databases
from tests.going_live.account import CENTRE, Account, open_account
from tests.settings.examples import good_environment
from tests.stories.centre import STAFF


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
    databases.sqlite_at(home / "hotline.db")
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


def test_where_nothing_is_wrong_it_ends_with_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers that point here, staff on a schedule, everything at work, a backup; what is to look at is told."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    here = f"http://127.0.0.1:{port}"
    theirs = {"TWILIO_API_BASE_URL": here, "PUBLIC_BASE_URL": here}
    keys = f'[backups]\nkeys = ["{sealed_file.new_keys().public}"]\n'
    account = open_account(tmp_path, CENTRE + keys, **theirs)
    given = good_environment(tmp_path, HOTLINE_CONFIG=str(tmp_path / "hotline.toml"), **theirs)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    _at_work(account)
    tmp_path.chmod(0o700)
    with Served(account.sim, port=port, pages=_live):
        code = main(["doctor"])
    told = capsys.readouterr().out
    assert code == 0, told
    assert told.startswith("Nothing is wrong")


def _live(environ: object, start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "application/json")])
    return [b'{"status": "live"}']


def _at_work(account: Account) -> None:
    """A crew, the processes, and a backup."""
    databases.sqlite_at(account.settings.home / "hotline.db")
    application = open_application(account.settings, resident=False).application

    def work(transaction: Transaction) -> None:
        roster.load(transaction.tx, STAFF, transaction.now)
        for name in machine_found.LATE:  # in advance: this machine may be slow
            heartbeats.beat(transaction.tx, name, transaction.now + timedelta(minutes=10))
        backup_log.begin(transaction.tx, "b1", "hotline.jsonl.gz.age", transaction.now)
        backup_log.kept(transaction.tx, "b1", transaction.now, 1, "digest")

    with application.database:
        application.change(work)


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
