"""Where everything has ended, without ids and times: two stories that ended alike have the same."""

from __future__ import annotations

import re
from collections import Counter

from sqlalchemy import select

from hotline.operations.transaction import Transaction
from hotline.store.database import tables
from tests.stories.world import World

WORDS = {
    tables.contacts: ("channel", "outbound", "state", "line", "turn", "outcome"),
    tables.callbacks: (
        "line",
        "status",
        "outcome",
        "attempts",
        "repeats",
        "message_safe",
        "text_safe",
        "told_supervisor",
    ),
    tables.escalations: ("subject", "status", "rung", "round", "nobody"),
    tables.pages: ("how", "state"),
    tables.messages: ("direction", "status", "error"),
    tables.outbox: ("kind", "urgency", "status", "claims", "to_caller"),
    tables.callers: ("replies",),
    tables.timeline: ("what",),
    tables.calls_seen: ("final_status",),
}
"""What is compared as it stands."""
WHETHER = {
    tables.contacts: ("ended_at", "callback_id", "escalation_id"),
    tables.callbacks: ("due_at", "owner", "closed_at"),
    tables.escalations: ("accepted_by", "closed_at"),
    tables.pages: ("sent_at", "answered_at", "ended_at"),
    tables.callers: ("opted_out_at",),
}
"""What is compared only as to whether it is there."""

_REFERENCE = re.compile(r"\b\d{6}\b|\b[Rr]ef [0-9A-F]{4}")

EndState = dict[str, "Counter[tuple[object, ...]]"]


def end_state(world: World) -> EndState:
    """How many rows of each kind there are, and how often each telephone was rung and texted."""
    found: EndState = world.look(_rows)
    found["rung"] = Counter((call.to, call.direction) for call in world.sim.calls)
    found["texted"] = Counter(
        (message.to, _REFERENCE.sub("", message.body)) for message in world.sim.messages
    )
    return found


def _rows(transaction: Transaction) -> EndState:
    counted: EndState = {}
    for table, names in WORDS.items():
        present = WHETHER.get(table, ())
        rows = transaction.tx.execute(select(*(table.c[name] for name in (*names, *present)))).all()
        words = len(names)
        counted[table.name] = Counter(
            (*row[:words], *(value is not None for value in row[words:])) for row in rows
        )
    return counted


def differences(one: EndState, other: EndState) -> list[str]:
    """In words, what the one has that the other hasn't."""
    return [
        f"{name}: {sign}{count} {row}"
        for name in one
        for sign, more in (("-", one[name] - other[name]), ("+", other[name] - one[name]))
        for row, count in more.items()
    ]
