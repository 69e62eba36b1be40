"""Everything is looked over by whoever runs the clock, once, and kept; monitoring reads how it went."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotline.operations.checkup import asked_for
from hotline.operations.checkup.finding import Severity
from hotline.operations.transaction import Application
from hotline.runtime.examining.examine import examine_if_due
from hotline.runtime.metrics import Collector
from hotline.runtime.wiring import open_application
from tests import databases
from tests.going_live.account import Account, open_account


@pytest.fixture
def account(tmp_path: Path) -> Account:
    return open_account(
        tmp_path, PUBLIC_BASE_URL="http://127.0.0.1:1", TWILIO_API_BASE_URL="https://127.0.0.1:1"
    )


@pytest.fixture
def application(account: Account) -> Application:
    databases.sqlite_at(account.settings.home / "hotline.db")
    return open_application(account.settings, clock=account.clock, resident=False).application


def _gauge(application: Application, name: str) -> dict[str, float]:
    families = {family.name: family for family in Collector(application).collect()}
    if name not in families:
        return {}
    return {sample.labels.get("severity", ""): sample.value for sample in families[name].samples}


def test_it_is_done_once_and_kept(account: Account, application: Application) -> None:
    """With everything that is asked of the carrier; the next comes when it is time."""
    assert examine_if_due(application, account.session)
    assert not examine_if_due(application, account.session)
    found, at = application.look(asked_for.kept)
    assert at == account.clock()
    keys = {one.key for one in found}
    assert {
        "account.status",
        "number",
        "texting.campaign",
        "outage.bin",
        "machine.disk",
        "people.none",
    } <= keys
    account.clock.now += asked_for.EVERY
    assert examine_if_due(application, account.session)


def test_a_carrier_that_is_away_is_kept_as_what_was_found(account: Account, application: Application) -> None:
    """And what could be seen here is there all the same."""
    account.session.adapters.clear()
    assert examine_if_due(application, account.session)
    found, _ = application.look(asked_for.kept)
    assert {"account.away", "database.version"} <= {one.key for one in found}


def test_monitoring_reads_how_many_and_how_old(account: Account, application: Application) -> None:
    """Nothing before anybody has looked."""
    assert _gauge(application, "hotline_checkup_findings") == {}
    examine_if_due(application, account.session)
    account.clock.now += asked_for.SOONER
    found, _ = application.look(asked_for.kept)
    counts = _gauge(application, "hotline_checkup_findings")
    assert counts["wrong"] == sum(one.severity is Severity.WRONG for one in found)
    assert _gauge(application, "hotline_checkup_age_seconds") == {"": asked_for.SOONER.total_seconds()}
