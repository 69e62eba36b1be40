"""Statements that are put together once, with what never changes in them as part of their text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeVar, cast

from sqlalchemy import BindParameter, ColumnElement, literal_column
from sqlalchemy.sql.visitors import ExternallyTraversible, replacement_traverse

Statement = TypeVar("Statement", bound=ExternallyTraversible)
_OURS: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _-.:[]")
"""What the words are made of that we keep; anything else stays a parameter."""


def with_constants(statement: Statement) -> Statement:
    """The same statement; words and whole numbers that it was put together with are written into it, and only those
    that have a name are given when it is executed.

    A statement over many tables has hundreds of them, and binding them took as long as the database needed to answer.
    For what is written in our code alone, never for what somebody said.
    """
    return cast("Statement", replacement_traverse(statement, {}, _written))


def _written(element: Any, **_: Any) -> ColumnElement[Any] | None:
    if not isinstance(element, BindParameter) or not element.unique:
        return None
    if not element.expanding:
        word = _word(element.value)
        return None if word is None else literal_column(word, element.type)
    words = [_word(one) for one in element.value] if isinstance(element.value, Sequence) else []
    known = [one for one in words if one is not None]
    if not known or len(known) < len(words):
        return None
    return literal_column(f"({', '.join(known)})", element.type)


def _word(value: object) -> str | None:
    """As SQL, in both dialects."""
    if isinstance(value, str):
        return f"'{value}'" if _OURS.issuperset(value) else None
    return str(value) if type(value) is int else None
