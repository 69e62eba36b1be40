"""What monitoring is given is true: rules, dashboard, and the list of log events, held against the program."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.running.application import REPOSITORY

MONITORING = REPOSITORY / "deploy" / "monitoring"
RULES = MONITORING / "hotline.rules.yml"
DOCUMENT = REPOSITORY / "docs" / "monitoring.md"
BEGIN, END = "<!-- events: begin -->\n", "<!-- events: end -->\n"
_OF_HISTOGRAMS = re.compile(r"_(?:bucket|sum|count)$")
_LEVELS = ("debug", "info", "warning", "error", "exception", "critical")
PROMTOOL = shutil.which("promtool")


def exported() -> frozenset[str]:
    """Every metric that the program has a name for."""
    return frozenset(
        re.findall(r'"(hotline_\w+)"', (REPOSITORY / "hotline/runtime/metrics.py").read_text("utf-8"))
    )


def named(expressions: Iterator[str]) -> set[str]:
    """Every metric that these expressions ask for."""
    return {_OF_HISTOGRAMS.sub("", one) for text in expressions for one in re.findall(r"hotline_\w+", text)}


def test_alerts_ask_for_what_the_program_exports() -> None:
    """And each says what it does to callers, and what to do."""
    rules = [one for group in yaml.safe_load(RULES.read_text("utf-8"))["groups"] for one in group["rules"]]
    assert named(one["expr"] for one in rules) <= exported()
    assert all({"summary", "callers", "todo"} == set(one["annotations"]) for one in rules)
    assert {one["labels"]["severity"] for one in rules} == {"page", "warn"}
    assert len({one["alert"] for one in rules}) == len(rules)


def test_each_alert_sounds_in_some_story() -> None:
    """Of those that promtool tells below: an alert that never could is found here, without it."""
    told = yaml.safe_load((MONITORING / "hotline.rules.test.yml").read_text("utf-8"))["tests"]
    sounded = {one["alertname"] for test in told for one in test["alert_rule_test"] if one["exp_alerts"]}
    rules = [one for group in yaml.safe_load(RULES.read_text("utf-8"))["groups"] for one in group["rules"]]
    assert sounded == {one["alert"] for one in rules}


@pytest.mark.skipif(PROMTOOL is None, reason="no promtool here: Debian's package prometheus has it")
def test_promtool_takes_the_rules_and_their_tests() -> None:
    """Its own check, and stories in numbers."""
    for what in (("check", "rules", RULES.name), ("test", "rules", "hotline.rules.test.yml")):
        done = subprocess.run(
            [str(PROMTOOL), *what], cwd=MONITORING, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_dashboard_asks_for_what_the_program_exports() -> None:
    """Each panel has a place of its own, and nothing is loaded from elsewhere."""
    drawn = json.loads((MONITORING / "grafana.json").read_text("utf-8"))
    asked = [target["expr"] for panel in drawn["panels"] for target in panel["targets"]]
    assert named(iter(asked)) <= exported()
    assert len({panel["id"] for panel in drawn["panels"]}) == len(drawn["panels"])
    assert "http" not in json.dumps(drawn)


# --- log events ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, order=True)
class LoggedEvent:
    """One event that the program logs."""

    logger: str
    name: str
    level: str
    fields: tuple[str, ...]


def logged(file: Path) -> Iterator[LoggedEvent]:
    """Every event that this module logs."""
    tree = ast.parse(file.read_text("utf-8"))
    loggers = [
        call.args[0].value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "get_logger"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    ]
    for call in ast.walk(tree):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
            continue
        if not (isinstance(call.func.value, ast.Name) and call.func.value.id == "_log"):
            continue
        level, given = call.func.attr, call.args
        if level == "log":
            level, given = "info or error", call.args[1:]
        assert level in (*_LEVELS, "info or error"), level
        fields = tuple(sorted(one.arg for one in call.keywords if one.arg))
        for name in _words(given[0]):
            yield LoggedEvent(str(loggers[0]), name, level, fields)


def _words(given: ast.expr) -> list[str]:
    """What an event may be called: one word or another, as the code chooses."""
    return [
        one.value for one in ast.walk(given) if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]


def every_event() -> list[LoggedEvent]:
    """What the whole program logs by itself."""
    found = {
        event
        for root in ("hotline", "workers")
        for file in (REPOSITORY / root).rglob("*.py")
        if "simulator" not in file.parts
        for event in logged(file)
    }
    return sorted(found)


def table() -> str:
    """The list as it stands in the document."""
    rows = [
        f"| `{one.logger}` | {one.name} | {one.level} | {', '.join(f'`{name}`' for name in one.fields)} |\n"
        for one in every_event()
    ]
    return "".join(("| logger | event | level | fields |\n", "| --- | --- | --- | --- |\n", *rows))


def test_every_log_event_is_documented() -> None:
    """With its fields. `HOTLINE_WRITE_GOLDEN=1` writes the list anew."""
    text = DOCUMENT.read_text("utf-8")
    before, rest = text.split(BEGIN)
    told, after = rest.split(END)
    if os.environ.get("HOTLINE_WRITE_GOLDEN"):
        DOCUMENT.write_text(f"{before}{BEGIN}{table()}{END}{after}", "utf-8")
        return
    assert told == table()
