"""What is wrong in ``hotline.toml``, said to the person who wrote it."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

RETIRED: Final = frozenset({"waits.emergency_silence", "waits.first_words"})
"""Settings of earlier versions that never changed anything."""


def in_words(refused: ValidationError, shape: type[BaseModel]) -> Iterator[str]:
    """One sentence for each thing refused: where it is, what is wrong, what to write instead."""
    for error in refused.errors(include_url=False, include_input=False):
        place = _place(error["loc"])
        match error["type"]:
            case "missing":
                yield f"{place} is missing: add it{_from_table(error)}."
            case "extra_forbidden" if ".".join(map(str, error["loc"])) in RETIRED:
                yield f"{place} is no longer a setting, and never changed anything: remove the line."
            case "extra_forbidden":
                yield f"{place} is not a setting{_nearest(error, shape)}"
            case _:
                yield f"{place} {_reason(error)}.".lstrip()


def _place(loc: tuple[int | str, ...]) -> str:
    match loc:
        case ():
            return ""
        case (str(table),):
            return f"[{table}]"
        case (table, str(key)):
            return f"[{table}] {key}"
        case (table, key, int(position), *_):
            return f"[{table}] {key}, entry {position + 1},"
        case _:
            return ".".join(map(str, loc))


def _from_table(error: ErrorDetails) -> str:
    return " as a table of its own" if len(error["loc"]) == 1 else ""


def _nearest(error: ErrorDetails, shape: type[BaseModel]) -> str:
    *tables, wrong = map(str, error["loc"])
    for table in tables:
        inner = shape.model_fields[table].annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            shape = inner
    known = list(shape.model_fields)
    near = get_close_matches(wrong, known, n=1, cutoff=0.5)
    return f'; did you mean "{near[0]}"?' if near else f"; known here: {', '.join(known)}."


def _reason(error: ErrorDetails) -> str:
    message = error["msg"].removeprefix("Value error, ")
    return message if error["type"] == "value_error" else f"is wrong: {message[:1].lower()}{message[1:]}"
