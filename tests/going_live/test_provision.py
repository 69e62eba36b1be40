"""`hotline provision`: numbers are pointed here once somebody has seen what changes, and back again."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from hotline.commands.cli import main
from hotline.commands.going_live.provision import provision
from hotline.commands.staff_file import CommandRefused
from hotline.operations.checkup import numbers_found
from hotline.simulator.kernel import AccountNumber
from hotline.simulator.serving import Served
from tests.going_live.account import CENTRE, LINE, PAGING, Account, bad, open_account
from tests.settings.examples import good_environment

OLD = "https://answering-service.example/voice"


@pytest.fixture
def account(tmp_path: Path) -> Account:
    """Whose numbers lead to an answering service, one by an application, and whose service keeps texts to itself."""
    opened = open_account(tmp_path)
    for number in (LINE, PAGING):
        opened.sim.number(number, voice_url=OLD, sms_url=OLD)
    opened.sim.kernel.numbers[PAGING].voice_application_sid = "AP" + "1" * 32
    opened.sim.kernel.papers.services[0].use_inbound_webhook_on_number = False
    return opened


def environment(account: Account) -> dict[str, str]:
    home = account.settings.home
    return good_environment(home, HOTLINE_CONFIG=str(home / "hotline.toml"))


def _fields(account: Account) -> dict[str, dict[str, object]]:
    return {number: dict(vars(one)) for number, one in account.sim.kernel.numbers.items()}


def test_what_would_change_is_shown_first_and_nothing_is_changed_without_a_yes(account: Account) -> None:
    """A diff of each number and service, in words."""
    before, shown = _fields(account), []

    def no(diff: str) -> bool:
        shown.append(diff)
        return False

    with pytest.raises(CommandRefused, match="Nothing was changed"):
        provision(environment(account), no, session=account.session)
    assert _fields(account) == before
    (diff,) = shown
    assert f"- {OLD}" in diff
    assert "+ https://hotline.example.org/twilio/voice#ct=2000&rt=4000&rc=2&rp=all" in diff
    assert LINE in diff
    assert PAGING in diff
    assert "Messaging service “Line”" in diff


def test_afterwards_everything_points_here_and_once_is_enough(account: Account) -> None:
    """Calls, their end, the fallback, texts; every number of ours; the service lets the number decide."""
    told = provision(environment(account), lambda _: True, session=account.session)
    assert "--undo" in told
    line, seen = account.settings.centre.line, account.read()
    found = [
        *numbers_found.numbers(line, seen, account.wanted),
        *numbers_found.outage(line, seen, account.wanted),
    ]
    assert bad(found) == set()
    assert account.sim.violations == []
    again = provision(
        environment(account), lambda _: pytest.fail("asked for nothing"), session=account.session
    )
    assert "already" in again


def test_it_is_put_back_as_it_was(account: Account) -> None:
    """From the file that was written first, which only its owner reads; and not twice."""
    before = _fields(account)
    provision(environment(account), lambda _: True, session=account.session)
    (kept,) = (account.settings.home / "provision").glob("*.json")
    assert kept.stat().st_mode & 0o777 == 0o600
    provision(environment(account), lambda _: True, undo=True, session=account.session)
    assert _fields(account) == before
    assert not account.sim.kernel.papers.services[0].use_inbound_webhook_on_number
    with pytest.raises(CommandRefused, match="nothing to undo"):
        provision(environment(account), lambda _: True, undo=True, session=account.session)


def test_what_a_third_has_put_back_already_is_left_alone(account: Account) -> None:
    """Undoing shows only what is still otherwise."""
    provision(environment(account), lambda _: True, session=account.session)
    account.sim.kernel.numbers[LINE].voice_url = OLD
    shown: list[str] = []
    provision(environment(account), lambda diff: not shown.append(diff), undo=True, session=account.session)  # type: ignore[func-returns-value]
    assert f"+ {OLD}" in shown[0]
    assert shown[0].count("+ " + OLD) == 3


def test_a_number_that_is_not_the_accounts_stops_it_before_anything_changes(account: Account) -> None:
    """And the numbers that there are are named."""
    del account.sim.kernel.numbers[LINE]
    account.sim.kernel.numbers["+16174960500"] = AccountNumber("+16174960500")
    before = _fields(account)
    with pytest.raises(CommandRefused, match=r"is no number of this account.*\+16174960500"):
        provision(environment(account), lambda _: True, session=account.session)
    assert _fields(account) == before


def test_a_carrier_that_refuses_is_told_in_words(account: Account) -> None:
    """Before anything was changed."""
    account.sim.kernel.auth_token = "another"
    with pytest.raises(CommandRefused, match="401"):
        provision(environment(account), lambda _: True, session=account.session)


def test_services_that_cannot_be_read_stop_it_before_anything_changes(account: Account) -> None:
    """And it is said that it was they."""
    account.sim.kernel.papers.unreadable["/v1/Services"] = 500
    before = _fields(account)
    with pytest.raises(CommandRefused, match=r"account's messaging services \(500\); nothing was changed"):
        provision(environment(account), lambda _: True, session=account.session)
    assert _fields(account) == before
    assert not (account.settings.home / "provision").exists()


def test_what_it_gets_stuck_on_says_how_far_it_came_and_is_taken_back(account: Account) -> None:
    """The numbers are pointed by then, and the service refuses: what was there is kept, and put back from there."""
    before = _fields(account)
    service = account.sim.kernel.papers.services[0]
    account.sim.kernel.papers.unchangeable[f"/v1/Services/{service.sid}"] = 500
    with pytest.raises(CommandRefused, match=r"refuses a change \(20500\)\. 2 of 3 were changed.*--undo"):
        provision(environment(account), lambda _: True, session=account.session)
    assert account.sim.kernel.numbers[LINE].voice_url != OLD
    assert not service.use_inbound_webhook_on_number
    (kept,) = (account.settings.home / "provision").glob("*.json")
    assert {one["kind"] for one in json.loads(kept.read_text())["changed"]} == {"number", "service"}
    provision(environment(account), lambda _: True, undo=True, session=account.session)
    assert _fields(account) == before


def test_what_got_stuck_is_finished_by_running_it_again(account: Account) -> None:
    """Only what is missing is shown then; undone twice, it is as it was before the first time."""
    before, shown = _fields(account), []
    second = list(account.sim.kernel.numbers.values())[1]
    path = f"/2010-04-01/Accounts/{account.sim.kernel.account_sid}/IncomingPhoneNumbers/{second.sid}"
    account.sim.kernel.papers.unchangeable[path] = 503
    with pytest.raises(CommandRefused, match="1 of 3 were changed"):
        provision(environment(account), lambda _: True, session=account.session)
    account.sim.kernel.papers.unchangeable.clear()
    (first,) = (account.settings.home / "provision").glob("*.json")
    first.rename(
        first.with_name("2020-01-01T00-00-00.json")
    )  # so that the second has a name of its own at once

    def yes(diff: str) -> bool:
        shown.append(diff)
        return True

    provision(environment(account), yes, session=account.session)
    assert LINE not in shown[0]
    assert second.number in shown[0]
    for _ in range(2):
        provision(environment(account), lambda _: True, undo=True, session=account.session)
    assert _fields(account) == before


def test_nobody_is_asked_where_nobody_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """--yes does it unasked; over HTTP, as it is used."""
    account = open_account(tmp_path)
    account.sim.number(LINE, voice_url=OLD)
    with Served(account.sim) as served:
        _set(
            monkeypatch,
            environment(account) | {"TWILIO_API_BASE_URL": served.url, "PUBLIC_BASE_URL": served.url},
        )
        assert main(["provision"]) == 1
        assert "--yes" in capsys.readouterr().err
        assert main(["provision", "--yes"]) == 0
        assert main(["provision", "--undo", "--yes"]) == 0
    assert account.sim.kernel.numbers[LINE].voice_url == OLD


def _set(monkeypatch: pytest.MonkeyPatch, given: Mapping[str, str]) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)


def test_the_papers_answer_the_forms_in_the_lines_own_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the words of consent, by text and by telephone; no field is left with a brace in it."""
    config = tmp_path / "hotline.toml"
    config.write_text(CENTRE, encoding="utf-8")
    _set(monkeypatch, good_environment(tmp_path, HOTLINE_CONFIG=str(config)))
    assert main(["provision", "--papers"]) == 0
    printed = capsys.readouterr().out
    brand, campaign, toll_free = (part for part in re.split(r"\n(?=\d\. )", printed)[1:4])
    for part, fields in (
        (brand, ("Legal name", "Registration", "Website", "Authorized representative", "Regions of operation", "Kind")),
        (campaign, ("Use case", "Description", "Sample message 4", "Opt-in reply", "Opt-out reply", "Help reply")),
        (toll_free, ("Business name", "Doing business as", "Business type, registration", "Use case summary",
                     "Opt-in type", "Opt-in proof", "Opt-in keywords", "Opt-in confirmation message",
                     "Help message sample", "Production message sample", "Additional information",
                     "Privacy policy and terms", "Age-gated content", "Monthly volume")),
    ):  # fmt: skip
        for field in fields:
            assert re.search(rf"^{field}:\n    \S", part, re.MULTILINE), field
    told = " ".join(printed.split())
    assert (
        "Care Line: We can help. A person can call you. Is it safe to call and text here? Reply 4 yes" in told
    )
    assert "Is it safe to text this number? For yes, press 4." in told
    assert "{" not in told
    assert "617-496-0100" in told
    assert json.dumps(told)
