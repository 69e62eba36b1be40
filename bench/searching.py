"""`make bench-search`: what the page Search costs among a million callbacks, on SQLite and on PostgreSQL.

Three years are written in bulk: a million callbacks with the calls and texts that asked for them, half as many that led
to none, and the escalations of those. Then everything that the page can ask is asked again and again, alone and
combined, from the first page and from the middle, also what finds nothing. BENCH_CALLBACKS: how many.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any, Final

from bench.in_bulk import KEYS, Write, filled
from hotline.model import Language, Line, Outcome, PhoneNumber, StaffId
from hotline.store.database import Database
from hotline.store.database.tables import PHONE, callbacks, contacts, escalations
from hotline.store.looking_back import found_cases
from hotline.store.looking_back.found_cases import CaseFilter, CaseKind, FoundAt, Sides

CALLBACKS: Final = int(os.environ.get("BENCH_CALLBACKS", "1000000"))
UNTIL: Final = datetime(2026, 3, 1, tzinfo=UTC)
YEARS: Final = timedelta(days=3 * 365)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = 1_000_000
_AGAIN: Final = 3
_PAGE: Final = 50
STAFF: Final = 24
_NUMBERS: Final = CALLBACKS // 3 + 1
"""A caller calls three times, some of them more often."""
_LANGUAGES: Final = (*["en"] * 84, *["es"] * 9, *["pt"] * 5, *["ht"] * 2)
_LINES: Final = (*["admissions"] * 6, *["family"] * 2, "person")
_OUTCOMES: Final = (
    *["reached"] * 40, *["no_answer"] * 15, *["booked_intake"] * 14, *["declined"] * 10, *["referred"] * 8,
    *["left_message"] * 6, *["wrong_number"] * 4, *["not_admitted"] * 2, "asked_to_stop",
)  # fmt: skip
BOTH: Final = Sides(admissions=True, clinical=True, viewer=StaffId("s1"))
ADMISSIONS: Final = Sides(admissions=True, clinical=False, viewer=StaffId("s1"))
CLINICAL: Final = Sides(admissions=False, clinical=True, viewer=StaffId("s1"))


def _mixed(n: int) -> int:
    return n * 2_654_435_761 % 2**32


def _number(n: int) -> str:
    return f"+1{2_000_000_000 + n % _NUMBERS}"


def _rows(many: int, *, promised: bool) -> Iterator[tuple[dict[str, Any], int, int]]:
    """Each call or text, with its place and a number of its own that is the same in every run."""
    began, step = (
        (UNTIL - YEARS - _EPOCH) // timedelta(microseconds=1),
        YEARS // timedelta(microseconds=1) // many,
    )
    for n in range(many):
        mixed = _mixed(n if promised else n + CALLBACKS)
        emergency = not promised and mixed // 17 % 10 == 0
        channel = "text" if mixed // 19 % 4 == 0 else "voice"
        opened = began + n * step
        row = {
            "id": f"{mixed:08x}{n:012x}",
            "channel": channel,
            "outbound": False,
            "caller_number": None,
            "caller_lookup": KEYS.lookup(_number(n), PHONE),
            "our_number": "+16175550100",
            "room": f"r{n}{promised}",
            "state": "ended",
            "line": "emergency" if emergency else _LINES[mixed // 11 % 9],
            "language": _LANGUAGES[mixed // 7 % 100],
            "turn": 6,
            "data": "2.x",
            "opened_at": opened,
            "last_turn_at": opened + 90 * _SECOND,
            "ended_at": opened + 90 * _SECOND,
            "outcome": "callback"
            if promised
            else ("emergency" if emergency else ("reached", "left_early")[mixed % 2]),
            "callback_id": f"{mixed:08x}{n:011x}b" if promised else None,
            "version": 8,
        }
        yield row, n, mixed


def _contacts(many: int) -> Iterator[tuple[Any, ...]]:
    names = contacts.c.keys()
    for promised in (True, False):
        for row, _, _ in _rows(many if promised else many // 2, promised=promised):
            yield tuple(row.get(name) for name in names)


def _callbacks(many: int) -> Iterator[tuple[Any, ...]]:
    names = callbacks.c.keys()
    flags = ("message_safe", "text_safe", "wanted_now", "asked_later", "told_supervisor", "raised")
    usual = {**dict.fromkeys(flags, False), "attempts": 1, "repeats": 0, "version": 6, "called_for": "asked"}
    for asked, n, mixed in _rows(many, promised=True):
        still = n >= many - 40
        row = {
            **usual,
            **{name: asked[name] for name in ("line", "language", "room", "opened_at")},
            "id": asked["callback_id"],
            "contact_id": asked["id"],
            "number_lookup": asked["caller_lookup"],
            "status": "waiting" if still else "closed",
            "promised_at": asked["opened_at"] + 900 * _SECOND,
            "closed_at": None if still else asked["opened_at"] + 600 * _SECOND,
            "owner": None if still else f"s{mixed // 3 % STAFF}",
            "outcome": None if still else _OUTCOMES[mixed // 13 % 100],
        }
        yield tuple(row.get(name) for name in names)


def _escalations(many: int) -> Iterator[tuple[Any, ...]]:
    names = escalations.c.keys()
    texts = dict.fromkeys(("policy", "queue", "ringing", "passed_over", "coming", "knows"), "[]")
    for asked, n, mixed in _rows(many, promised=False):
        row = {
            **texts,
            **{name: asked[name] for name in ("line", "language", "room", "opened_at")},
            "id": f"e{n:019x}",
            "subject": "emergency" if asked["line"] == "emergency" else "admissions",
            "contact_id": asked["id"],
            "status": "closed",
            "rung": 0,
            "round": 0,
            "accepted_by": f"s{mixed // 3 % STAFF}" if mixed % 2 == 0 else None,
            "nobody": False,
            "closed_at": asked["ended_at"],
            "version": 4,
        }
        yield tuple(row.get(name) for name in names)


def fill(write: Write, many: int = CALLBACKS) -> None:
    """So many callbacks with what asked for them, and half as many contacts that led to none."""
    write(contacts, _contacts(many))
    write(callbacks, _callbacks(many))
    write(escalations, _escalations(many // 2))


# --- what is asked -------------------------------------------------------------------------------------------------

Search = tuple[str, CaseFilter, Sides]


def _searches() -> Iterator[Search]:
    """Alone, in pairs, and all together; with the rarest and the most usual of each."""
    month = {"since": UNTIL - timedelta(days=400), "until": UNTIL - timedelta(days=370)}
    parts: dict[str, tuple[dict[str, Any], ...]] = {
        "outcome": ({}, {"outcome": Outcome.REACHED}, {"outcome": Outcome.ASKED_TO_STOP}),
        "by": ({}, {"by": StaffId("s7")}),
        "language": ({}, {"language": Language.HT}, {"language": Language.EN}),
        "line": ({}, {"line": Line.PERSON}),
        "kind": ({}, {"kind": CaseKind.TEXT}, {"kind": CaseKind.EMERGENCY}),
        "time": ({}, month),
    }
    for chosen in product(*parts.values()):
        given = {name: value for part in chosen for name, value in part.items()}
        if sum(bool(part) for part in chosen) <= 3 or all(chosen):
            name = (
                " + ".join(part for part, value in zip(parts, chosen, strict=True) if value)
                or "nothing asked"
            )
            yield name, CaseFilter(**given), BOTH
    for place in (3, CALLBACKS // 2):
        yield "a number", CaseFilter(number=PhoneNumber(_number(place))), BOTH
        yield "a number, admissions", CaseFilter(number=PhoneNumber(_number(place))), ADMISSIONS
        yield "a reference", CaseFilter(reference=f"{_mixed(place):08x}"), BOTH
    yield "a number of nobody", CaseFilter(number=PhoneNumber("+19995550000")), BOTH
    yield "what is open", CaseFilter(still_open=True), BOTH
    for sides, name in ((ADMISSIONS, "admissions side"), (CLINICAL, "clinical side")):
        yield name, CaseFilter(), sides
        yield f"{name}, a coordinator", CaseFilter(by=StaffId("s7")), sides
        yield f"{name}, Haitian Creole", CaseFilter(language=Language.HT), sides


def _times(database: Database, search: Search, before: FoundAt | None) -> list[float]:
    """Milliseconds of each run, after one that isn't counted."""
    _, wanted, sides = search
    spent = []
    for _ in range(_AGAIN + 1):
        with database.read() as tx:
            began = time.perf_counter()
            found_cases.find(tx, wanted, sides, _PAGE, before)
            spent.append((time.perf_counter() - began) * 1000)
    return spent[1:]


def _table(name: str, database: Database, seconds: float) -> None:
    middle = FoundAt(UNTIL - YEARS / 2, "0")
    each: list[tuple[float, str]] = []
    every: list[float] = []
    for search in _searches():
        for before, where in ((None, ""), (middle, ", from the middle")):
            spent = _times(database, search, before)
            every += spent
            each.append((sorted(spent)[len(spent) // 2], f"{search[0]}{where}"))
    every.sort()
    print(f"\n{name}: {CALLBACKS:,} callbacks, written in {seconds:.0f} s; {len(each)} searches\n")
    for share in (50, 95, 99):
        print(f"| p{share} | {every[min(len(every) - 1, len(every) * share // 100)]:7.1f} ms |")
    print(f"| longest | {every[-1]:7.1f} ms |\n")
    for middling, asked in sorted(each, reverse=True)[:8]:
        print(f"  {middling:7.1f} ms  {asked}")


def main() -> None:
    """Fill, ask, and print the figures for each database."""
    for name, database, seconds in filled(fill):
        _table(name, database, seconds)


if __name__ == "__main__":
    main()
