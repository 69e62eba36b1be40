"""Two versions side by side, and the way back: what a program of before may go on with, and what it must refuse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from sqlalchemy import create_engine, inspect, text

import hotline.store.migrations
from hotline.operations import every_second
from hotline.store.database import Newer
from hotline.store.migrations import migrate
from tests import databases
from tests.store.conftest import BOTH
from tests.stories.centre import CENTRE
from tests.telephony.doorstep import Doorstep, build

FIRST = "0045"
"""The step that began to say it."""


@dataclass(frozen=True)
class Shape:
    """A table as a program of then has it: its columns with type, whether they may be empty, and a default."""

    columns: Mapping[str, tuple[str, bool, bool]]
    alone: frozenset[tuple[str, ...]]
    """What no two rows may share."""


def breaks(before: Mapping[str, Shape], after: Mapping[str, Shape]) -> list[str]:
    """What a program that knows the tables as they were before can no longer read or write, in words."""
    found: list[str] = []
    for table, was in before.items():
        if table not in after:
            found.append(f"{table} is gone")
            continue
        found += [f"{table}: {what}" for what in _within(was, after[table])]
    return found


def _within(was: Shape, now: Shape) -> Iterator[str]:
    for name, (kind, empty, _) in was.columns.items():
        new_kind, may_be_empty, _ = now.columns.get(name, ("", True, False))
        if name not in now.columns:
            yield f"{name} is gone"
        elif new_kind != kind:
            yield f"{name} is {new_kind} and no longer {kind}"
        elif empty and not may_be_empty:
            yield f"{name} may be empty no more"
    for name, (_, empty, has_default) in now.columns.items():
        if name not in was.columns and not empty and not has_default:
            yield f"{name} must be given"
    for together in now.alone - was.alone:
        if set(together) <= set(was.columns):
            yield f"no two may share {', '.join(together)}"


def shapes(url: str) -> dict[str, Shape]:
    """Every table that is there."""
    engine = create_engine(url)
    with engine.connect() as connection:
        here = inspect(connection)
        found = {table: _shape(here, table) for table in here.get_table_names()}
    engine.dispose()
    return found


def _shape(here: Any, table: str) -> Shape:
    columns = {
        one["name"]: (str(one["type"]), bool(one["nullable"]), one["default"] is not None)
        for one in here.get_columns(table)
    }
    alone = [one["column_names"] for one in here.get_unique_constraints(table)]
    alone += [one["column_names"] for one in here.get_indexes(table) if one["unique"]]
    return Shape(columns, frozenset(tuple(sorted(names)) for names in alone))


def steps() -> list[Script]:
    """Every step of ours, the first one first."""
    config = Config()
    config.set_main_option("script_location", str(Path(hotline.store.migrations.__path__[0])))
    return list(reversed(list(ScriptDirectory.from_config(config).walk_revisions())))


@pytest.mark.proof("postgresql")
@pytest.mark.parametrize("kind", BOTH)
def test_a_step_that_a_program_of_before_cannot_use_says_so(kind: str, tmp_path: Path) -> None:
    """Then a deploy needs no pause, and the version before can come back. A new word in a column says so itself."""
    url = databases.empty_postgresql() if kind == "postgresql" else f"sqlite:///{tmp_path}/deploys.db"
    migrate.upgrade(url, FIRST)
    before = shapes(url)
    for step in steps():
        if step.revision <= FIRST:
            continue
        migrate.upgrade(url, step.revision)
        after = shapes(url)
        broken = breaks(before, after)
        said = migrate.oldest(step.module)
        assert said in ((step.revision,) if broken else (step.revision, None)), (step.revision, broken)
        before = after
    if kind == "postgresql":
        databases.drop(url)


AS_IT_WAS = {"calls": Shape({"id": ("TEXT", False, False), "note": ("TEXT", True, False)}, frozenset())}


@pytest.mark.parametrize(
    ("columns", "alone", "broken"),
    [
        ({"id": ("TEXT", False, False), "note": ("TEXT", True, False)}, [], []),
        ({"id": ("TEXT", False, False), "note": ("TEXT", True, False), "more": ("TEXT", True, False)}, [], []),
        ({"id": ("TEXT", False, False), "note": ("TEXT", True, False), "n": ("INT", False, True)}, [], []),
        ({"id": ("TEXT", False, False)}, [], ["calls: note is gone"]),
        ({"id": ("INT", False, False), "note": ("TEXT", True, False)}, [], ["calls: id is INT and no longer TEXT"]),
        ({"id": ("TEXT", False, False), "note": ("TEXT", False, False)}, [], ["calls: note may be empty no more"]),
        (
            {"id": ("TEXT", False, False), "note": ("TEXT", True, False), "n": ("INT", False, False)},
            [],
            ["calls: n must be given"],
        ),
        (
            {"id": ("TEXT", False, False), "note": ("TEXT", True, False)},
            [("note",)],
            ["calls: no two may share note"],
        ),
    ],
)  # fmt: skip
def test_what_breaks_a_program_of_before(
    columns: dict[str, tuple[str, bool, bool]], alone: list[tuple[str, ...]], broken: list[str]
) -> None:
    """Whatever is gone, narrower, or newly asked for."""
    assert breaks(AS_IT_WAS, {"calls": Shape(columns, frozenset(alone)), "new": AS_IT_WAS["calls"]}) == broken


def test_a_table_that_is_gone_breaks_it() -> None:
    """Nothing of it can be read."""
    assert breaks(AS_IT_WAS, {}) == ["calls is gone"]


def _become_tomorrow_s(url: str) -> None:
    """What a later version may have done: another column everywhere, a table, and a step that we don't know."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for table in inspect(connection).get_table_names():
            if table != "alembic_version":
                connection.execute(text(f'ALTER TABLE "{table}" ADD COLUMN of_tomorrow TEXT'))
        connection.execute(text("CREATE TABLE tomorrow (id TEXT PRIMARY KEY, words TEXT NOT NULL)"))
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()


@pytest.fixture(params=BOTH)
def door(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Doorstep, str]:
    """Today's program, and the address of its database."""
    url = databases.postgresql() if request.param == "postgresql" else databases.sqlite(tmp_path)
    return build(tmp_path / "home", centre=CENTRE, database=url), url


def test_todays_program_goes_on_beside_tomorrows(door: tuple[Doorstep, str]) -> None:
    """A call and a text come in, the clock beats, and it may be started anew, which changes nothing."""
    here, url = door
    _become_tomorrow_s(url)
    migrate.make_sure(url)
    migrate.upgrade(url)
    assert migrate.current(url) == "9999"
    here.texts("2", sid="SM1", caller="+16175552345")
    here.clock.now += timedelta(seconds=20)
    here.texts("4", sid="SM2", caller="+16175552345")
    assert "Gather" in here.calls()
    assert every_second.beat(here.here.application).failed == 0


def test_a_database_that_needs_a_newer_program_is_refused(door: tuple[Doorstep, str]) -> None:
    """In words that say what to do; nothing is written."""
    _, url = door
    _become_tomorrow_s(url)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE oldest_program SET revision = '9999'"))
    engine.dispose()
    with pytest.raises(Newer):
        migrate.make_sure(url)
    with pytest.raises(Newer):
        migrate.upgrade(url)
