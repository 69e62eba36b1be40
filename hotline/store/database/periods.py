"""What counting is made of: a period of time, and an order that both databases agree on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, UnaryExpression


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` until just before `until`."""

    since: datetime
    until: datetime


def in_order(*columns: ColumnElement[Any]) -> list[UnaryExpression[Any]]:
    """Databases don't agree by themselves on where nothing is sorted."""
    return [column.asc().nulls_first() for column in columns]
