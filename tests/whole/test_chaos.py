"""A short chaotic day: `make chaos` in small. Real processes are killed while the carrier's faults befall everybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos import audit
from tests.chaos.day import Plan, running

pytestmark = [pytest.mark.process, pytest.mark.slow]

_KINDS = (
    "emergency",
    "emergency_gone",
    "emergency_text",
    "admissions",
    "admissions_later",
    "family",
    "asks_by_text",
)
_DAY = Plan(
    contacts=10,
    per_minute=100,
    seed=11,
    fault_every=0.7,
    kill_every=5,
    stops_every=None,
    redis_suffers_every=4,
    database_suffers_every=4,
    lingers=4,
    settles_within=8,
    settles_at_most=8,
    kinds=_KINDS,
)


def test_nobody_is_lost_or_rung_twice_or_told_what_is_not_so(tmp_path: Path) -> None:
    """Ten contacts of every kind in six seconds; whatever goes wrong, the audit finds everybody in good hands."""
    with running(_DAY, audit.left, tmp_path) as day:
        day.run()
        # What is still on its way after so short a time is none of them.
        found = [one for one in audit.complaints(day) if one.kind != "stuck"]
        assert not found, "\n\n".join(f"{one.kind}: {one.what}\n{audit.story(day, one)}" for one in found)
        assert not day.stage.troubles
        taken = day.board.application.look(
            lambda transaction: [bool(audit.known_of(transaction, one).contacts) for one in day.callers]
        )
        assert sum(taken) >= len(taken) // 2, "who came while nothing could be written is taken up later"
