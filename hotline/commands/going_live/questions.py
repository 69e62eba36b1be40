"""What ``hotline setup`` asks, in its order, and how each answer is checked the moment it is given."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import ValidationError
from sqlalchemy import make_url

from hotline.dialling import home_number
from hotline.model import PhoneNumber
from hotline.operations.roster import phone_on_paper
from hotline.settings.centre import Centre, LineTable
from hotline.settings.environment import Environment
from hotline.settings.problems import in_words
from hotline.store.database import StoreError
from hotline.store.migrations import migrate

Answers = Mapping[str, str]


class WrongAnswer(Exception):
    """The answer can't be taken; the message, without a full stop, says what to answer instead."""

    def __init__(self, told: str) -> None:
        super().__init__(told.rstrip("."))


@dataclass(frozen=True, slots=True)
class SetupQuestion:
    """One thing to be answered."""

    key: str
    """Its name in a file of answers."""
    ask: str
    why: str
    check: Callable[[str, Answers], str]
    """What to say of a good answer, perhaps nothing; raises WrongAnswer. It is given the answers before it, too."""
    default: str = ""
    optional: bool = False
    secret: bool = False
    """It is kept in a file of its own, and shown nowhere."""
    meant: Callable[[str], str] = str.strip
    """What is kept of what was typed."""


_LINE: Final[Mapping[str, Any]] = {
    "name": "Line",
    "numbers": ["+16174960100"],
    "failsafe_number": "+16174960199",
}
"""Answers that are good, where there is none yet."""
_COUNTRIES: Final = ("US",)
"""Where numbers without a country code are: `countries` isn't asked, and this is its default."""
_ENTRY: Final = re.compile(r"^, entry (\d+),\s*")
_LISTS: Final = ("numbers", "languages", "countries")
LINE_KEYS: Final = (
    "name", "numbers", "registered_name", "failsafe_number", "paging_number", "timezone", "languages", "countries",
)  # fmt: skip


def several(answer: str) -> list[str]:
    """The parts of an answer with commas."""
    return [one.strip() for one in answer.split(",") if one.strip()]


def line_table(answers: Answers) -> dict[str, Any]:
    """What of the answers goes into [line]; what was left empty doesn't."""
    return {
        key: several(answers[key]) if key in _LISTS else answers[key] for key in LINE_KEYS if answers.get(key)
    }


def full_numbers(typed: str) -> str:
    """The same with a country code before each number, as the staff file reads them; what is none stays as it is."""
    found = ((one, home_number(one, _COUNTRIES)) for one in several(typed))
    return ", ".join(number.e164 if isinstance(number, PhoneNumber) else one for one, number in found)


def _of_line(answer: str, answers: Answers, key: str) -> str:
    given = {**answers, key: answer}
    try:
        Centre.model_validate({"line": {**_LINE, **line_table(given)}})
    except ValidationError as refused:
        told = next(in_words(refused, Centre)).removeprefix("[line] ").removeprefix(key)
        told = _ENTRY.sub(r"(entry \1) ", told).replace("one of numbers", "one of the line's numbers")
        raise WrongAnswer(told.strip()) from None
    return ""


def on_line(key: str) -> Callable[[str, Answers], str]:
    """The same check as `hotline.toml` has."""
    return lambda answer, answers: _of_line(answer, answers, key)


def environment(read: Callable[[Environment], object], name: str) -> Callable[[str, Answers], str]:
    """The same check as the environment has."""

    def check(answer: str, _answers: Answers) -> str:
        given = Environment({name: answer})
        read(given)
        if given.problems:
            raise WrongAnswer(given.problems[0].removeprefix(f"{name} "))
        return ""

    return check


def public(answer: str, answers: Answers) -> str:
    """An address by HTTPS that others can reach, as far as can be seen."""
    given = Environment({"PUBLIC_BASE_URL": answer})
    url = given.base_url("PUBLIC_BASE_URL", None)
    given.reachable(url, answers.get("api_base_url") or "https://api.twilio.com")
    if given.problems:
        raise WrongAnswer(given.problems[0].removeprefix("PUBLIC_BASE_URL "))
    host = urlsplit(url).hostname or ""
    try:
        socket.getaddrinfo(host, None)
    except OSError:
        return f"The name {host} leads nowhere yet: have it lead to this machine before you go on to `hotline doctor`."
    return ""


def database(answer: str, _answers: Answers) -> str:
    """One that can be reached; empty: an SQLite file of our own."""
    given = Environment({"DATABASE_URL": answer})
    found = given.optional_secret("DATABASE_URL")
    if found is None:
        return "An SQLite file it is: one machine, and nothing else to run."
    url = given.database_url(Path()).get_secret_value()
    if given.problems:
        raise WrongAnswer(given.problems[0].removeprefix("DATABASE_URL "))
    if make_url(url).get_backend_name() == "sqlite":
        return ""
    try:
        migrate.current(url)
    except StoreError as away:
        raise WrongAnswer(
            f"can't be reached ({away}): is the server there, and are user and password right?"
        ) from None
    return "It answers."


def another_paging_number(answer: str, answers: Answers) -> str:
    """A number of ours, as `hotline.toml` has it, that isn't rung when nothing else works."""
    if answer == answers.get("failsafe_number"):
        raise WrongAnswer("must not be the failsafe number: that one is a person's telephone")
    return _of_line(answer, answers, "paging_number")


def phone(answer: str, answers: Answers) -> str:
    """A phone of staff, as the staff file wants it."""
    line = LineTable.model_validate({**_LINE, **line_table(answers)})
    try:
        phone_on_paper.phone(answer, line)
    except ValueError as refused:
        raise WrongAnswer(f"can't be {answer}: {refused}") from None
    return ""


def named(answer: str, _answers: Answers) -> str:
    """Somebody's name."""
    if len(answer.split()) < 2:
        raise WrongAnswer("must be a first and a last name: colleagues see it on the board")
    return ""
