"""Sentences that are put together on one floor and read on another: English words that remember how they were made, so
that a page can say the same in its reader's language. Logs, the audit trail and the command line have the English."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

OneOf = Callable[[str], str]
"""Puts one text into a language."""
ManyOf = Callable[[str, str, int], str]
"""Puts a text that depends on a number into a language: of one, of many, and how many."""


class Worded(str):
    """English, and what it was made of: a text with its `%(name)s`, or several texts one behind the other."""

    text: str
    many: str | None
    number: int
    values: Mapping[str, object]
    between: str
    parts: tuple[str, ...]

    def __str__(self) -> str:
        """Itself: an error that was raised with it says it with all that it remembers."""
        return self

    def put(self, one_of: OneOf, many_of: ManyOf) -> str:
        """The same in the language of these two. Of what stands in it, only what is one of these itself: names and
        callers' words are nobody's to translate."""
        if self.parts:
            return self.between.join(_within(part, one_of, many_of) for part in self.parts)
        text = one_of(self.text) if self.many is None else many_of(self.text, self.many, self.number)
        return filled(text, {name: _within(value, one_of, many_of) for name, value in self.values.items()})


def worded(text: str, /, **values: object) -> str:
    """A text of which pages have a translation; `values` go where it has `%(name)s`."""
    return _made(filled(text, values), text=text, values=values)


def worded_many(one: str, many: str, number: int, /, **values: object) -> str:
    """The same of a text that depends on a number, which goes where it has `%(num)s`."""
    values = {"num": number, **values}
    text = one if number == 1 else many
    return _made(filled(text, values), text=one, many=many, number=number, values=values)


def joined(parts: Iterable[str], between: str = " ") -> str:
    """Several texts, one behind the other; those that are empty are left out."""
    several = tuple(part for part in parts if part)
    return _made(between.join(several), between=between, parts=several) if several else ""


def put(words: str, one_of: OneOf, many_of: ManyOf) -> str:
    """Words as a language has them; what its catalogue doesn't have stays as it is."""
    if isinstance(words, Worded):
        return words.put(one_of, many_of)
    return one_of(words) if words else words


def filled(text: str, values: Mapping[str, object]) -> str:
    """A text with what belongs into it; one that nothing belongs into stays as it is, with its percent signs."""
    return text % values if values else text


def _within(value: object, one_of: OneOf, many_of: ManyOf) -> str:
    return value.put(one_of, many_of) if isinstance(value, Worded) else str(value)


_NOTHING: Final[Mapping[str, object]] = {}


def _made(
    english: str,
    *,
    text: str = "",
    many: str | None = None,
    number: int = 1,
    values: Mapping[str, object] = _NOTHING,
    between: str = "",
    parts: tuple[str, ...] = (),
) -> Worded:
    made = Worded(english)
    made.text, made.many, made.number, made.values = text, many, number, values
    made.between, made.parts = between, parts
    return made


def kept(words: str) -> object:
    """The same as plain data, which can be written as JSON: how it was made, not what it says."""
    if not isinstance(words, Worded):
        return words
    if words.parts:
        return {"between": words.between, "parts": [kept(part) for part in words.parts]}
    values = {name: kept(value) if isinstance(value, str) else value for name, value in words.values.items()}
    if words.many is None:
        return {"text": words.text, "values": values}
    return {"text": words.text, "many": words.many, "number": words.number, "values": values}


def again(data: Any) -> str:
    """What `kept` was given; raises LookupError or TypeError for what it has not made."""
    match data:
        case str():
            return data
        case {"between": between, "parts": parts}:
            return joined([again(part) for part in parts], between)
    values = {
        name: again(value) if isinstance(value, dict) else value for name, value in data["values"].items()
    }
    if "many" in data:
        return worded_many(data["text"], data["many"], data["number"], **values)
    return worded(data["text"], **values)
