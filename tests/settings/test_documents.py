"""What is written about settings and dependencies is what is so."""

import re
import tomllib
from datetime import timedelta
from typing import Any

import pytest
from pydantic import BaseModel

from hotline.durations import parse_duration
from hotline.settings.centre import Centre
from hotline.settings.environment import PLAIN, SECRETS
from tests.settings.examples import REPOSITORY

TABLES = {name: field.annotation for name, field in Centre.model_fields.items()}
KEYS = [
    (table, key)
    for table, shape in TABLES.items()
    if isinstance(shape, type) and issubclass(shape, BaseModel)
    for key in shape.model_fields
]
DOCUMENTED = (REPOSITORY / "docs" / "settings.md").read_text(encoding="utf-8")
SHIPPED = (REPOSITORY / "hotline.toml").read_text(encoding="utf-8")


def rows(text: str) -> dict[str, str]:
    """Second cells of a Markdown table by the first cell's code."""
    return dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", text, re.MULTILINE))


def section(table: str) -> dict[str, str]:
    return rows(DOCUMENTED.split(f"### [{table}]")[1].split("###")[0])


def default(table: str, key: str) -> object:
    shape = TABLES[table]
    assert isinstance(shape, type)
    assert issubclass(shape, BaseModel)
    field = shape.model_fields[key]
    return "required" if field.is_required() else field.default


def meant(written: Any, like: object) -> object:
    """What a written value means, read as the kind of thing that ``like`` is."""
    if isinstance(like, timedelta):
        return parse_duration(written)
    if isinstance(like, tuple):
        return tuple(meant(each, like[0]) for each in written)
    if like is None:
        return written or None
    return written


@pytest.mark.parametrize(("table", "key"), KEYS)
def test_every_key_is_documented_with_its_default(table: str, key: str) -> None:
    told = section(table)[key].strip("`")

    expected = default(table, key)
    written = "required" if told == "required" else tomllib.loads(f"it = {told}")["it"]
    assert meant(written, expected) == expected


def test_nothing_is_documented_that_is_not_there() -> None:
    assert {(table, key) for table in TABLES for key in section(table)} == set(KEYS)


@pytest.mark.parametrize(("table", "key"), KEYS)
def test_every_key_is_in_the_shipped_file_with_its_default(table: str, key: str) -> None:
    uncommented = tomllib.loads(re.sub(r"^# (\w+ = )", r"\1", SHIPPED, flags=re.MULTILINE))

    expected = default(table, key)
    if expected == "required":
        assert key in tomllib.loads(SHIPPED)[table]
    else:
        assert meant(uncommented[table][key], expected) == expected


def test_every_variable_is_documented_and_secrets_are_marked() -> None:
    told = rows(DOCUMENTED.split("## Environment")[1].split("## hotline.toml")[0])

    assert set(told) == {*PLAIN, *SECRETS}
    assert {name for name, cell in told.items() if "secret" in cell} == set(SECRETS)


@pytest.mark.parametrize("name", ["requirements.in", "requirements-dev.in", "requirements-audit.in"])
def test_every_dependency_says_why_it_earns_its_place(name: str) -> None:
    document = (REPOSITORY / "docs" / "dependencies.md").read_text(encoding="utf-8")
    runtime, others = document.split("## What tests and checks add")
    tests, audit = others.split("## What `make sbom` and `make audit` add")
    part = {"requirements.in": runtime, "requirements-dev.in": tests, "requirements-audit.in": audit}[name]

    assert set(re.findall(r"^- `(.+?)` - ", part, re.MULTILINE)) == asked_for(name)


@pytest.mark.parametrize("name", ["requirements", "requirements-dev", "requirements-audit"])
def test_every_dependency_is_pinned_and_hashed_and_names_no_place(name: str) -> None:
    locked = (REPOSITORY / f"{name}.txt").read_text(encoding="utf-8")

    pinned = set(re.findall(r"^([\w.-]+)==\S+(?: ;.*)? \\$", locked, re.MULTILINE))
    assert {re.sub(r"\[.*", "", each) for each in asked_for(f"{name}.in")} <= pinned
    assert not re.search(r"^-|://|@ ", locked, re.MULTILINE)
    for entry in re.split(r"^(?=[\w.-]+==)", locked, flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in entry


def asked_for(name: str) -> set[str]:
    lines = (REPOSITORY / name).read_text(encoding="utf-8").splitlines()
    return {line.split(" ;")[0].strip() for line in lines if line.strip() and line[0] not in "#-"}
