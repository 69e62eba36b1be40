"""`python -m workers emergency | urgent | ordinary | clock`."""

from __future__ import annotations

import os
import sys

from hotline.runtime.loading import loading

with loading():
    from hotline.effects import Urgency
    from hotline.runtime import logs
    from hotline.settings.load import SettingsProblems
    from hotline.store.database import WRONG_KEY, Unsealable
    from workers import clock, queues
    from workers.application import opened
    from workers.housekeeping import Housekeeping

_USAGE = "usage: python -m workers emergency | urgent | ordinary | clock"


def main(arguments: list[str]) -> int:
    """Run one worker until told to stop; the exit code."""
    if len(arguments) != 1 or arguments[0] not in ("clock", *Urgency):
        sys.stderr.write(f"{_USAGE}\n")
        return 2
    which = arguments[0]
    # Before RQ, which sets up loggers of its own where it finds none.
    logs.configure("clock" if which == "clock" else f"worker:{which}", logs.form(os.environ))
    try:
        _run(which)
    except SettingsProblems as wrong:
        logs.cannot_start("This worker", wrong.problems, os.environ)
        return 2
    except Unsealable:
        logs.cannot_start("This worker", (WRONG_KEY,), os.environ)
        return 2
    return 0


def _run(which: str) -> None:
    if which == "clock":
        clock.run()
        return
    keeps = Housekeeping(opened().application) if which == Urgency.ORDINARY else None
    queues.work(Urgency(which))
    if keeps is not None:
        keeps.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
