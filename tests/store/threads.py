"""Several things at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence


def in_threads(work: Sequence[Callable[[], object]]) -> None:
    """Run all of `work` at once; when all is over, raise the first thing that any of it raised."""
    failures: list[BaseException] = []

    def run(one: Callable[[], object]) -> None:
        try:
            one()
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
