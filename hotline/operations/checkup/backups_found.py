"""Whether what would be lost with this machine is kept elsewhere, and how old that is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from hotline.operations.checkup.finding import Finding, Topic, good, wrong
from hotline.operations.keeping import backup_age
from hotline.operations.transaction import Transaction


def backups(transaction: Transaction) -> Iterator[Finding]:
    """As they stand at this moment."""
    state = backup_age.look(transaction)
    for one in state.problems:
        problem, _, mend = one.partition(": ")
        yield wrong(
            Topic.BACKUPS,
            "backups.amiss",
            f"{problem[:1].upper()}{problem[1:]}.",
            "When this machine is lost, so is whom a call was promised, and everything that was written down.",
            f"{mend[:1].upper()}{mend[1:]} (docs/backup.md).",
        )
    if not state.problems and state.age is not None:
        hours = state.age / timedelta(hours=1)
        yield good(
            Topic.BACKUPS, "backups.age", f"The newest backup is {hours:.0f} hours old, and was opened again."
        )
