"""How columns are written, and what they say of themselves."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Integer, MetaData, Text

from hotline.store.database.utc_micros import UtcMicros

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
PHONE = "phone"
"""One look-up space for all telephone numbers, so that a caller is found in every table."""
NAME = "staff.name"
"""The look-up space of staff's names."""
PROVIDER_NAME = "provider_names.name"
"""The look-up space of staff's names at a provider of single sign-on."""
SEALED, LOOKUP = "sealed", "lookup"
"""What a column's `info` says of it; `resealing` goes by that."""
COUNTER = BigInteger().with_variant(Integer, "sqlite")
"""A number that the database counts up by itself."""


def an_id() -> Column[Any]:
    return Column("id", Text, primary_key=True)


def a_text(name: str, *, unique: bool = False, index: bool = False) -> Column[Any]:
    return Column(name, Text, nullable=False, unique=unique, index=index)


def maybe_text(name: str, *, unique: bool = False, index: bool = False) -> Column[Any]:
    return Column(name, Text, nullable=True, unique=unique, index=index)


def sealed(name: str, *, maybe: bool = False) -> Column[Any]:
    return Column(name, Text, nullable=maybe, info={SEALED: True})


def lookup(name: str, of: str, **how: Any) -> Column[Any]:
    """The keyed hash of what is sealed in the column `of`: by default of a telephone number."""
    space = how.pop("space", PHONE)
    return Column(name, Text, info={LOOKUP: (of, space)}, **{"nullable": False, **how})


def a_number(name: str) -> Column[Any]:
    return Column(name, Integer, nullable=False)


def a_flag(name: str) -> Column[Any]:
    return Column(name, Boolean, nullable=False)


def a_moment(name: str, *, index: bool = False) -> Column[Any]:
    return Column(name, UtcMicros, nullable=False, index=index)


def maybe_a_moment(name: str, *, index: bool = False) -> Column[Any]:
    return Column(name, UtcMicros, nullable=True, index=index)
