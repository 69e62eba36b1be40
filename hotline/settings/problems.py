"""What is wrong in ``hotline.toml``, said to the person who wrote it."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Final, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

RETIRED: Final = frozenset({"waits.emergency_silence", "waits.first_words"})
"""Settings of earlier versions that never changed anything."""

_REASONS: Final[Mapping[str, str]] = {
    "string_type": "must be a text in quotes",
    "tuple_type": 'must be a list in square brackets, such as ["one", "another"]',
    "int_type": "must be a whole number, without quotes",
    "float_type": "must be a number, without quotes",
    "bool_type": "must be true or false, without quotes",
    "model_type": "must be a table: write [{table}] on a line of its own, and its settings below",
    "too_short": "must not be empty",
    "string_too_short": "must not be empty",
    "too_long": "must have {max_length} entries at most",
    "string_too_long": "must have {max_length} letters at most",
    "greater_than_equal": "must be {ge:g} or more",
    "less_than_equal": "must be {le:.9g} or less",
    "greater_than": "must be more than {gt:g}",
}
"""What the checker refuses, in words for whoever wrote the file; a check of our own says it itself."""


def in_words(refused: ValidationError, shape: type[BaseModel]) -> Iterator[str]:
    """One sentence for each thing refused: where it is, what is wrong, what to write instead."""
    errors = refused.errors(include_url=False, include_input=False)
    for error in errors:
        if any(_follows(error, other) for other in errors):
            continue
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
        case (table, key, int(position), str(inner)):
            return f"[{table}] {key}, entry {position + 1}: {inner}"
        case (table, key, int(position), *_):
            return f"[{table}] {key}, entry {position + 1},"
        case _:
            return ".".join(map(str, loc))


def _from_table(error: ErrorDetails) -> str:
    return " as a table of its own" if len(error["loc"]) == 1 else ""


def _nearest(error: ErrorDetails, shape: type[BaseModel]) -> str:
    *tables, wrong = (one for one in error["loc"] if isinstance(one, str))
    for table in tables:
        inner = shape.model_fields[table].annotation
        inner = next(iter(get_args(inner)), inner)
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            shape = inner
    known = list(shape.model_fields)
    near = get_close_matches(wrong, known, n=1, cutoff=0.5)
    return f'; did you mean "{near[0]}"?' if near else f"; known here: {', '.join(known)}."


def _follows(error: ErrorDetails, other: ErrorDetails) -> bool:
    """Whether a list is only too short because an entry of it can't be taken, which is told by itself."""
    own, inner = error["loc"], other["loc"]
    return error["type"] == "too_short" and len(inner) > len(own) and inner[: len(own)] == own


def _reason(error: ErrorDetails) -> str:
    match error["type"]:
        case "value_error":
            return error["msg"].removeprefix("Value error, ")
        case "enum":
            return "must be " + str(error["ctx"]["expected"]).replace("'", '"')
        case "model_type" if len(error["loc"]) > 1:
            return 'must be a table in braces, such as { name = "one" }'
        case kind if kind in _REASONS:
            return _REASONS[kind].format(table=error["loc"][0], **error.get("ctx", {}))
        case _:
            return f"is wrong: {error['msg'][:1].lower()}{error['msg'][1:]}"
