"""The audit trail is sealed by the clock, behind those who write into it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from hotline.model import AuditAction, AuditKind, StaffId
from hotline.operations.watching import trail_sealing
from hotline.store.upkeep import audit_chain
from hotline.store.upkeep.audit_chain import BATCH, Verifying
from tests.console.centre import Centre, open_centre


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    """Nobody has looked at anything yet."""
    opened = open_centre(tmp_path)
    yield opened
    opened.application.database.dispose()


def wrote(centre: Centre, times: int) -> None:
    """So much was looked at."""
    for n in range(times):
        centre.application.change(
            lambda transaction, n=n: transaction.audit(  # type: ignore[misc]
                AuditAction.VIEWED_THREAD, AuditKind.CONTACT, f"c{n}", by=StaffId("s1")
            )
        )


def test_everything_that_was_written_is_sealed_within_a_minute(centre: Centre) -> None:
    """However much: batch after batch. Then there is nothing to do."""
    wrote(centre, BATCH + 1)
    assert trail_sealing.keep(centre.application) == BATCH + 1
    assert trail_sealing.keep(centre.application) == 0
    checked = Verifying()
    with centre.application.database.read() as tx:
        assert not checked.page(tx)
        assert audit_chain.tail(tx).entries == 0
    assert (checked.broken, checked.head.place) == (None, BATCH + 1)


def test_the_head_is_told_in_the_log_once_a_day(centre: Centre) -> None:
    """A number and a digest, of nobody."""
    wrote(centre, 2)
    trail_sealing.keep(centre.application)
    told = []
    for hours in (1, 24, 1):
        centre.clock.pass_by(timedelta(hours=hours))
        with capture_logs() as logs:
            trail_sealing.keep(centre.application)
        told.append([(one["event"], one["place"], len(one["digest"])) for one in logs])
    assert told == [[], [("audit trail's head", 2, 64)], []]
