"""Times in the database: whole microseconds since 1970 in UTC.

A number sorts, compares and indexes the same on SQLite and PostgreSQL, and has no time zone to lose.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, Dialect
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def at_microsecond(number: int) -> datetime:
    """The moment (UTC) that a column holds as this number."""
    return _EPOCH + number * _MICROSECOND


class UtcMicros(TypeDecorator[datetime]):
    """A column of aware datetimes; they come back in UTC. Raises ValueError for one without a time zone."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """To microseconds, exactly."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError("a time needs a time zone")
        return (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """From microseconds, in UTC."""
        return None if value is None else at_microsecond(value)
