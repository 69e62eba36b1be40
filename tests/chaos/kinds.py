"""The table of a chaotic day: a line for each kind of contact, with what was wrong and how long things took."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select

from hotline.commands.aligned import aligned
from hotline.model import Line, Subject
from hotline.operations.transaction import Transaction
from hotline.store.database.tables import pages
from tests.chaos.audit import Complaint, Known, known_of
from tests.chaos.day import Day
from tests.chaos.people import Person

_WRONG = ("lost", "doubled", "false words", "stuck")


@dataclass
class _Kind:
    """What was seen of one kind of contact. Times in seconds."""

    contacts: int = 0
    paged: list[float] = field(default_factory=list)
    """From an emergency to the first call or text to the staff that the carrier has taken."""
    late: list[float] = field(default_factory=list)
    """From what was promised for a callback to its first call; 0 if it came in time."""
    human: list[float] = field(default_factory=list)
    """From their first act to their first talk."""


def table(day: Day, found: Sequence[Complaint]) -> Iterator[str]:
    """For people to read. What belongs to nobody has the last line."""
    kinds = day.board.application.look(lambda transaction: _seen(day, transaction))
    wrong: dict[tuple[str, str], int] = defaultdict(int)
    for one in found:
        wrong[one.person.kind if one.person else "(nobody's)", one.kind] += 1
    heads = ("kind", "contacts", *_WRONG, "paged after", "callback late by", "with a human after")
    rows: list[tuple[str, ...]] = [heads]
    for name, kind in sorted(kinds.items()):
        times = (_p50_p99(each) for each in (kind.paged, kind.late, kind.human))
        rows.append((name, str(kind.contacts), *_counts(wrong, name), *times))
    everything = [sum(wrong[key] for key in list(wrong) if key[1] == what) for what in _WRONG]
    rows.append(("(nobody's)", "", *_counts(wrong, "(nobody's)"), "", "", ""))
    rows.append(("all", str(len(day.callers)), *map(str, everything), *_all(kinds.values())))
    yield "Times are p50/p99, in seconds."
    yield from aligned(rows)


def _counts(wrong: dict[tuple[str, str], int], name: str) -> Iterator[str]:
    return (str(wrong[name, what]) for what in _WRONG)


def _all(kinds: Iterable[_Kind]) -> Iterator[str]:
    every = list(kinds)
    for times in ([one.paged for one in every], [one.late for one in every], [one.human for one in every]):
        yield _p50_p99([second for some in times for second in some])


def _p50_p99(times: list[float]) -> str:
    took = sorted(times)
    if not took:
        return "-"
    return "/".join(f"{took[min(len(took) - 1, int(len(took) * part))]:.1f}" for part in (0.5, 0.99))


def _seen(day: Day, transaction: Transaction) -> dict[str, _Kind]:
    kinds: dict[str, _Kind] = defaultdict(_Kind)
    first = select(pages.c.escalation_id, func.min(pages.c.sent_at).label("at")).group_by(
        pages.c.escalation_id
    )
    rows = transaction.tx.execute(first).mappings()
    placed: dict[str, datetime] = {str(row["escalation_id"]): row["at"] for row in rows if row["at"]}
    for one in day.callers:
        kind, known = kinds[one.kind], known_of(transaction, one)
        kind.contacts += 1
        kind.paged += _paged(known, placed)
        kind.late += _late(one, known)
        if one.talks and one.did:
            kind.human.append((one.talks[0].began - one.did[0][0]).total_seconds())
    return kinds


def _paged(known: Known, placed: dict[str, datetime]) -> Iterator[float]:
    for row in known.escalations:
        if row.escalation.subject is Subject.EMERGENCY and row.escalation.id in placed:
            yield max(0.0, (placed[row.escalation.id] - row.escalation.opened_at).total_seconds())


def _late(one: Person, known: Known) -> Iterator[float]:
    ours = [call.created_at for call in one.phone.call_log if call.direction == "outbound-api"]
    for row in known.callbacks:
        rung = [at for at in ours if at >= row.callback.opened_at]
        if rung and row.callback.line is not Line.EMERGENCY:
            yield max(timedelta(0), min(rung) - row.callback.promised_at).total_seconds()
