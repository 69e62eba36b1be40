"""`python -m bench.reading`: how long it takes to read a message: ordinary ones, and long ones made to be slow."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Final

from hotline.model import Language
from hotline.runtime.loading import loading
from hotline.triage import urgency

DATA: Final = Path(__file__).parents[1] / "tests" / "data"
LENGTHS: Final = (400, 1600, 6400)
"""Characters. 1,600 is the longest joined text message."""
REPEATED: Final = (
    "he is not wake up and blue ",
    "don't stop texting me ",
    "stop texting me please ",
    "unsubscribe him from the program ",
    "no ",
    "no me manden mas mensajes ",
    "nao quero mais ",
    "m ap mouri ",
    "pa voye mesaj ankò ",
    "took 30 pills ",
    "brethng ",
    "s t o p ",
    "🙏🏽 ❤️ ",
)


def main() -> None:
    """Read every invented message once, and long ones, and print the milliseconds that each took."""
    started = time.process_time()
    with loading():
        urgency.load()
    loaded = time.process_time() - started
    rows = [
        (row["text"], Language(row["language"]))
        for path in sorted(DATA.glob("urgency-*.jsonl"))
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())
    ]
    taken = sorted(_seconds(text, language) for text, language in rows)
    sys.stdout.write(
        f"{len(rows)} messages: p50 {1000 * taken[len(taken) // 2]:.2f} ms, "
        f"p99 {1000 * taken[len(taken) * 99 // 100]:.2f} ms, slowest {1000 * taken[-1]:.1f} ms\n"
        f"loading, which a server does before it takes calls: {1000 * loaded:.0f} ms\n"
    )
    worst: dict[int, tuple[float, str]] = dict.fromkeys(LENGTHS, (0.0, ""))
    for language in Language:
        own = [text for text, of in rows if of is language]
        joined = " ".join(own[:: max(1, len(own) // 300)])
        for kind, text in (("different messages", joined), *((f"{one!r} repeated", one) for one in REPEATED)):
            for length in LENGTHS:
                long = (text * (length // len(text) + 1))[:length]
                seconds = min(_seconds(long, language) for _ in range(3))
                worst[length] = max(worst[length], (seconds, f"{language.name} {kind}"))
    for length, (seconds, what) in worst.items():
        sys.stdout.write(f"slowest of {length:,} characters: {1000 * seconds:.1f} ms ({what})\n")


def _seconds(text: str, language: Language) -> float:
    started = time.process_time()
    urgency.classify(text, language)
    return time.process_time() - started


if __name__ == "__main__":
    main()
