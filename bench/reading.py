"""`python -m bench.reading`: how long it takes to read a message, and how much of each corpus is read rightly."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from hotline.model import Language
from hotline.triage.urgency import classify

DATA = Path(__file__).parents[1] / "tests" / "data"


def main() -> None:
    """Read every invented message once and print the milliseconds each took."""
    started = time.perf_counter()
    classify("hallo wrold")
    first = time.perf_counter() - started
    rows = [
        json.loads(line)
        for path in sorted(DATA.glob("urgency-*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    taken = []
    for row in rows:
        started = time.perf_counter()
        classify(row["text"], Language(row["language"]))
        taken.append(time.perf_counter() - started)
    taken.sort()
    started = time.perf_counter()
    classify("he is not wake up and blue " * 4000)
    longest = time.perf_counter() - started
    sys.stdout.write(
        f"{len(rows)} messages: p50 {1000 * taken[len(taken) // 2]:.2f} ms, "
        f"p99 {1000 * taken[len(taken) * 99 // 100]:.2f} ms, slowest {1000 * taken[-1]:.1f} ms\n"
        f"the first of a process, which loads the lexicons: {1000 * first:.0f} ms\n"
        f"100 kB of urgent words, of which both ends are read: {1000 * longest:.0f} ms\n"
    )


if __name__ == "__main__":
    main()
