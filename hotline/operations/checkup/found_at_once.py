"""What the database knows at this moment: how old the newest backup is, and how the line's own call and text went."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from hotline.durations import told_duration
from hotline.operations.checkup.finding import Finding, Topic, doubtful, good, wrong
from hotline.operations.checkup.numbers_found import HER_NUMBER, NO_CANARY
from hotline.operations.keeping import backup_age
from hotline.operations.transaction import Transaction
from hotline.operations.watching import line_canary
from hotline.worded import worded


def backups(transaction: Transaction) -> Iterator[Finding]:
    """As they stand at this moment."""
    state = backup_age.look(transaction)
    for one in state.problems:
        yield wrong(
            Topic.BACKUPS,
            "backups.amiss",
            one.what,
            worded(
                "When this machine is lost, so is whom a call was promised, and everything that was written down."
            ),
            worded("%(mend)s More in docs/backup.md.", mend=one.mend),
        )
    if not state.problems and state.age is not None:
        hours = state.age / timedelta(hours=1)
        yield good(
            Topic.BACKUPS,
            "backups.age",
            worded("The newest backup is %(hours)s hours old, and was opened again.", hours=f"{hours:.0f}"),
        )


def canary(transaction: Transaction) -> Iterator[Finding]:
    """As it stands at this moment."""
    state = line_canary.state(transaction)
    age = line_canary.age(state, transaction.now)
    if not state.is_on:
        yield doubtful(
            Topic.OUTAGE,
            "canary.off",
            worded("Nothing calls and texts the line to see whether it answers ([canary] number)."),
            worded("Whatever stands between the carrier and us, and fails, is found by a caller first."),
            worded("Rent one more number, and name it in hotline.toml (docs/monitoring.md)."),
        )
    elif state.amiss is not None:
        yield wrong(
            Topic.OUTAGE,
            "canary.failed",
            worded("The line's own call and text: %(amiss)s.", amiss=state.amiss),
            NO_CANARY if state.slip else worded("Callers and texters have met, or will meet, the same."),
            HER_NUMBER
            if state.slip
            else worded(
                "Call and text the line yourself, then look at /health/ready and at the carrier's error log."
            ),
        )
    elif age is not None:
        yield good(
            Topic.OUTAGE,
            "canary.well",
            worded("The line answered its own call and text %(age)s ago.", age=told_duration(age)),
        )
