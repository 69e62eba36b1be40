"""What is known in one place is written in no other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.running.application import REPOSITORY

HOUSE = REPOSITORY / "hotline"
_OUR_ADDRESS = re.compile(r"^/(twilio|recordings)\b")
_ERROR_CODE = re.compile(r"^(1[1-3]|2[01]|3[01]|63)(?!000)\d{3}$")
"""Twilio's error codes: https://www.twilio.com/docs/api/errors."""


def _literals(file: Path) -> Iterator[str]:
    """Every text and number in the code, parts of f-strings too; no docstrings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | int) and id(node) not in prose:
            yield str(node.value)


def _written_in(pattern: re.Pattern[str], *allowed: str) -> set[str]:
    """The modules that write such a thing, but for those in which it belongs."""
    modules = {str(file.relative_to(HOUSE)): file for file in HOUSE.rglob("*.py")}
    return {
        name
        for name, file in modules.items()
        if not name.startswith(("simulator/", *allowed)) and any(map(pattern.match, _literals(file)))
    }


def test_an_address_of_ours_is_written_once() -> None:
    """In `paths`, with the rule by which a request is matched; whoever needs it asks for it there."""
    assert _written_in(_OUR_ADDRESS, "paths.py") == set()
    written = [one for one in _literals(HOUSE / "paths.py") if one.startswith("/twilio/")]
    assert len(written) == len(set(written))


def test_the_carriers_error_codes_are_known_at_its_edge() -> None:
    """And in `carrier_words`, those that are kept and acted upon; the console explains them to staff."""
    assert _written_in(_ERROR_CODE, "telephony/", "carrier_words.py", "console/") == set()


def _reads_a_written_number(node: ast.AST) -> bool:
    """Numbers of ours (`.e164`) were read before: what the library knows of them may be asked for anywhere."""
    if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "phonenumbers.parse"):
        return False
    return not ast.unparse(node.args[0]).endswith(".e164")


def test_a_written_number_is_read_in_one_place() -> None:
    """In `dialling`, whoever wrote it. The simulator has its own reading, as the carrier has."""
    reading = {
        str(file.relative_to(HOUSE))
        for file in HOUSE.rglob("*.py")
        if any(map(_reads_a_written_number, ast.walk(ast.parse(file.read_text(encoding="utf-8")))))
    }
    assert {one for one in reading if not one.startswith("simulator/")} == {"dialling.py"}
