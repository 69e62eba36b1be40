"""What is dumped is what would be loaded to make it so again: all of it, whatever was loaded."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings

from hotline.model import PhoneNumber, StaffId
from hotline.oncall.schedule import Schedule
from hotline.oncall.staffing.needs import Need
from hotline.operations import roster
from hotline.settings.toml_text import toml_text
from hotline.store.database import Database
from hotline.store.people import schedules, staff
from tests import databases
from tests.rules.test_oncall_needs import needs
from tests.rules.test_oncall_schedules import schedules as plans
from tests.store.conftest import KEYS
from tests.store.examples import member

NOW = datetime(2026, 3, 2, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """A database with four people on the staff."""
    home: Path = tmp_path_factory.mktemp("round")
    database = Database(databases.sqlite(home), KEYS, busy=timedelta(seconds=10))
    with database.write() as tx:
        for number, name in enumerate(("ana", "ben", "cleo", "dan")):
            staff.add(tx, member(name, phone=PhoneNumber(f"+1617555010{number}")))
        schedules.put(tx, Schedule(name="coordinators", timezone="UTC", always=(StaffId("ana"),)))
    return database


@settings(deadline=None, max_examples=25)
@given(plan=plans.map(lambda one: replace(one, timezone="America/New_York")), need=needs)
def test_a_dump_is_loaded_as_it_was(kept: Database, plan: Schedule, need: Need) -> None:
    """By way of TOML: nothing is to be done, and the next dump is the same."""
    with kept.write() as tx:
        schedules.put(tx, plan)
        schedules.put_need(tx, need)
    with kept.write() as tx:
        written = toml_text(roster.dump(tx))
        assert roster.plan(tx, tomllib.loads(written), NOW).told == ()
        without = [one for one in schedules.every(tx) if one.name == plan.name]
        schedules.put(tx, Schedule(name=plan.name, timezone="UTC"))
        schedules.put_need(tx, Need(name=need.name, line=need.line, people=0))
        roster.load(tx, tomllib.loads(written), NOW)
        assert toml_text(roster.dump(tx)) == written
        assert [one for one in schedules.every(tx) if one.name == plan.name] == without
