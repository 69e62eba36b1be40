"""How soon people are with a human, which promises are kept, and where callers are lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from hotline.callbacks.ledger import Became
from hotline.operations.reports.report_period import ReportDays
from hotline.operations.transaction import Transaction
from hotline.store.cases import promises
from hotline.store.cases.promises import LateCount, WordCount
from hotline.store.database import Tx
from hotline.store.reports import measures, splits, waits
from hotline.store.reports.measures import DropOff
from hotline.store.reports.splits import By, Place, PromisesBy, TimedTalk
from hotline.store.reports.waits import Percentiles, Waits

SPLIT_BY = (By.LINE, By.HOUR, By.LANGUAGE)


@dataclass(frozen=True, slots=True)
class ReachedSplit:
    """How soon, split in one way."""

    live: list[Percentiles]
    """On the call itself."""
    rung_back: list[Percentiles]
    """From the first promise to the talk."""
    promises: list[PromisesBy]


@dataclass(frozen=True, slots=True)
class ReachingPeople:
    """Everything that is told of it."""

    whole: ReachedSplit
    before: ReachedSplit
    """The whole, of the period before."""
    split: dict[By, ReachedSplit]
    faults: list[LateCount]
    by_word: list[WordCount]
    lost: list[DropOff]
    """The most frequent place first."""
    lost_before: int
    given_up: list[Waits]


def whole(transaction: Transaction, asked: ReportDays, split_by: Sequence[By] = ()) -> ReachingPeople:
    """Of the period, split in these ways, and what it is compared with."""
    tx, line = transaction.tx, asked.line
    now = _talks(tx, asked.place)
    before = [one for one in measures.drop_offs(tx, asked.before) if line in (None, one.line)]
    return ReachingPeople(
        whole=_reached(tx, asked.place, now, By.ALL),
        before=_reached(tx, asked.place_before, _talks(tx, asked.place_before), By.ALL),
        split={by: _reached(tx, asked.place, now, by) for by in split_by},
        faults=[],
        by_word=[],
        lost=[one for one in measures.drop_offs(tx, asked.period) if line in (None, one.line)],
        lost_before=sum(one.calls for one in before),
        given_up=[],
    )


def look(transaction: Transaction, asked: ReportDays) -> ReachingPeople:
    """The same, split, with why promises were late, which are kept by a word, and how long those waited who gave up."""
    tx, line = transaction.tx, asked.line
    return replace(
        whole(transaction, asked, SPLIT_BY),
        faults=[one for one in promises.faults(tx, asked.period) if line in (None, one.line)],
        by_word=[one for one in promises.by_word(tx, asked.period) if line in (None, one.line)],
        given_up=[one for one in waits.given_up(tx, asked.period) if line in (None, one.line)],
    )


def _talks(tx: Tx, place: Place) -> tuple[list[TimedTalk], list[TimedTalk]]:
    return splits.live(tx, place), splits.rung_back(tx, place)


def _reached(tx: Tx, place: Place, talks: tuple[list[TimedTalk], list[TimedTalk]], by: By) -> ReachedSplit:
    live, back = talks
    return ReachedSplit(splits.split(live, by), splits.split(back, by), splits.promised(tx, place, by))


def became(counted: Iterable[PromisesBy]) -> dict[str, Counter[Became]]:
    """The promises of each line, hour or language, by what became of them; in the order in which they come."""
    found: dict[str, Counter[Became]] = {}
    for one in counted:
        found.setdefault(one.by, Counter())[one.became] += one.promises
    return found


def kept_of_due(counted: Counter[Became]) -> float | None:
    """Which share was kept of those that were kept or late; None: none was either."""
    due = counted[Became.KEPT] + counted[Became.LATE]
    return counted[Became.KEPT] / due if due else None
