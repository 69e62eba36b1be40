"""What a real clock process does beside its ticks: it reads the carrier's lists at once, and tells other systems."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from hotline.operations.transaction import Transaction
from hotline.store.traffic import outgoing_events
from hotline.store.traffic.outgoing_events import OutgoingEvent
from hotline.store.upkeep import carrier_lists
from tests.outside.receiver import receiving
from tests.stories.centre import EVENTS_SECRET
from tests.workers.processes import eventually, works

pytestmark = pytest.mark.process


def test_a_clock_reads_the_lists_at_its_start_and_posts_what_waits(tmp_path: Path) -> None:
    """Without anybody who asks for it; who called while nothing of ours ran is found as soon as something does."""
    began = datetime.now(UTC)

    def waits(transaction: Transaction) -> None:
        event = OutgoingEvent("evt_1", "page.opened", "e-1", transaction.now, next_at=transaction.now)
        outgoing_events.add(transaction.tx, event)

    with works(tmp_path) as at_work, receiving() as receiver:
        config = tmp_path / "hotline.toml"
        config.write_text(f'{config.read_text()}\n[events]\naddress = "{receiver.address}"\n')
        at_work.environ["EVENTS_SECRET"] = EVENTS_SECRET
        application = at_work.here.application
        application.change(waits)
        assert application.look(lambda transaction: carrier_lists.mark(transaction.tx)) is None
        at_work.start("clock")
        eventually(
            lambda: application.look(lambda transaction: carrier_lists.mark(transaction.tx)) is not None,
            "the lists are read",
        )
        mark = application.look(lambda transaction: carrier_lists.mark(transaction.tx))
        assert mark is not None
        assert mark.looked_at >= began
        eventually(lambda: receiver.kinds == ["page.opened"], "what waits is posted")
