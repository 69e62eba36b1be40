"""What docs/staff-file.md says of each key is what a file is read by: required, its default, or neither."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import pytest

from hotline.oncall import written_schedule
from hotline.oncall.policy import from_json, parse_rung
from hotline.oncall.staffing.needs import need_from_json
from hotline.operations.roster import roster_document
from hotline.operations.roster.roster_document import Member
from tests.settings.examples import REPOSITORY

_WRITTEN: Final = (REPOSITORY / "docs" / "staff-file.md").read_text(encoding="utf-8")
_RUNG: Final = {"who": ["everyone"], "how": ["call"], "wait": "30s"}
Given = Mapping[str, Any]


def _member(given: Given) -> Member:
    """As of a newcomer: what is left out stays as it is for whoever is known."""
    document, problems = roster_document.read({"staff": [given]})
    if problems:
        raise ValueError(problems)
    (one,) = document.staff
    return replace(
        one, verified=bool(one.verified), every_page=bool(one.every_page), listens=bool(one.listens)
    )


def _schedule(given: Given) -> object:
    document, problems = roster_document.read({"schedule": [given]})
    if problems:
        raise ValueError(problems)
    (one,) = document.schedule
    return one.always, written_schedule.from_json(one.name, one.timezone, (), one.plan)


_TABLES: Final[Mapping[str, tuple[str, Callable[[Given], object], Given]]] = {
    "staff": (
        "## [[staff]]",
        _member,
        {"name": "Ana Lima", "phone": "+16175550101", "roles": ["coordinator"]},
    ),
    "schedule": ("## [[schedule]]", _schedule, {"name": "nights", "timezone": "America/New_York"}),
    "rotation": (
        "Each `[[schedule.rotation]]`",
        written_schedule.parse_rotation,
        {"turns": ["ana"], "every": "7d", "starts": "2026-11-30T07:00:00"},
    ),
    "need": ("## [[need]]", need_from_json, {"name": "by day", "line": "family"}),
    "policy": ("## [[policy]]", from_json, {"subject": "callback", "rung": [_RUNG]}),
    "rung": ("Each `[[policy.rung]]`", parse_rung, _RUNG),
}
"""Where its table of keys is, what reads it, and the least that is read."""


def _keys(table: str) -> dict[str, str]:
    """Its keys, and what stands under "default"."""
    after = _WRITTEN.partition(_TABLES[table][0])[2].partition("| --- |")[2]
    rows = after.partition("\n\n")[0]
    return dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", rows, re.MULTILINE))


_EVERY: Final = [(table, key, told) for table in _TABLES for key, told in _keys(table).items()]


@pytest.mark.parametrize(("table", "key", "told"), _EVERY)
def test_each_key_s_default_is_what_is_read_without_it(table: str, key: str, told: str) -> None:
    """A default that is written changes nothing; what is required is refused without; all else may be left out."""
    _, read, least = _TABLES[table]
    if told.startswith("required"):
        with pytest.raises(ValueError, match=r"\w"):
            read({name: one for name, one in least.items() if name != key})
        return
    assert key not in least
    if written := re.match(r"`(.*?)`", told):
        assert read({**least, key: tomllib.loads(f"it = {written[1]}")["it"]}) == read(least)
    else:
        assert told in ("none", "never", "all", "any"), told


@pytest.mark.parametrize("table", _TABLES)
def test_no_key_is_read_that_is_not_written_there(table: str) -> None:
    """Any other is refused, and the least that is read holds what is required."""
    _, read, least = _TABLES[table]
    known = set(_keys(table))
    assert set(least) - {"rung"} <= known
    with pytest.raises(ValueError, match="is not a key here") as refused:
        read({**least, "nonsense": 1})
    named = re.search(r"use ([\w, ]+)", str(refused.value))
    if named is not None:
        assert set(named[1].split(", ")) - {"rung", "rotation"} == known
