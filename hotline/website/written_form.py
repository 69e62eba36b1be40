"""What somebody has filled in, and what of it can be taken."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

from hotline.dialling import Refusal, callback_number
from hotline.model import Language, Line, PhoneNumber, When
from hotline.settings.centre import LineTable
from hotline.triage import urgency

T = TypeVar("T", Line, Language, When)
LINES: Final = (Line.ADMISSIONS, Line.FAMILY)
EMERGENCY: Final = Line.EMERGENCY.value
"""What may be chosen beside them, and is no form's matter."""
_LONGEST: Final = 40
_WORDS: Final = 4
_NAME: Final = re.compile(r"[^\W\d_]+(?:[ .'’-]{1,2}[^\W\d_]+)*\.?")
_NUMBER: Final = 60
"""Letters of what is written for a number that are kept and shown again."""


@dataclass(frozen=True, slots=True)
class WrittenForm:
    """As it was filled in, to be shown again."""

    number: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    line: str = ""
    language: str = ""
    when: str = When.NOW.value
    message: bool = False
    text: bool = False
    agreed: bool = False


@dataclass(frozen=True, slots=True)
class TakenForm:
    """What can be taken."""

    number: PhoneNumber
    name: str | None = field(repr=False)
    line: Line
    language: Language
    when: When


def written(form: Mapping[str, str], language: Language) -> WrittenForm:
    """What came in, cut to what is ever shown. `language`: of the page."""

    def one(name: str, most: int = 20) -> str:
        return "".join(sign for sign in form.get(name, "") if sign.isprintable())[:most].strip()

    return WrittenForm(
        number=one("number", _NUMBER),
        name=" ".join(one("name", 2 * _LONGEST).split()),
        line=one("line"),
        language=one("language") or language.value,
        when=one("when") or When.NOW.value,
        message="message" in form,
        text="text" in form,
        agreed="agreed" in form,
    )


def taken(form: WrittenForm, ours: LineTable) -> tuple[TakenForm | None, dict[str, str]]:
    """What of it can be taken; else, by field, the prompt that says what to do. Nothing is looked up."""
    wrong: dict[str, str] = {}
    number = callback_number(form.number, ours.countries, ours.ours)
    if not form.number:
        wrong["number"] = "error_number"
    elif isinstance(number, Refusal):
        wrong["number"] = f"number_{number}"
    language = _one_of(Language, form.language)
    language = language if language in ours.languages else ours.languages[0]
    if form.name and urgency.classify(form.name, language).urgent:
        wrong["name"] = "error_name_danger"
    elif form.name and not _is_name(form.name):
        wrong["name"] = "error_name"
    line = _one_of(Line, form.line)
    if line not in LINES:
        wrong["line"] = "error_line"
    if not form.agreed:
        wrong["agreed"] = "error_agreed"
    when = _one_of(When, form.when) or When.NOW
    if wrong or line is None or isinstance(number, Refusal):
        return None, wrong
    return TakenForm(number, form.name or None, line, language, when), {}


def _is_name(name: str) -> bool:
    short = len(name) <= _LONGEST and len(name.split()) <= _WORDS
    return short and _NAME.fullmatch(name) is not None


def _one_of(kind: type[T], word: str) -> T | None:
    return next((one for one in kind if one.value == word), None)
