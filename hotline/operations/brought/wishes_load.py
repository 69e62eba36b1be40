"""Taking over who wants no more calls or texts from the system that was here before.

Such a wish holds from the moment at which it was said: what they asked of this line afterwards stands, and so does
every emergency. Their own calls and texts are answered like any other's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, TypeVar

from hotline.callbacks.callback import CallbackKind
from hotline.model import AuditAction, AuditKind, PhoneNumber, TimelineWord
from hotline.operations.brought.wishes_sheet import ToldWish
from hotline.operations.callbacks import one_person, stopping
from hotline.operations.transaction import Transaction, new_id
from hotline.store.cases import callbacks, timeline
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.looking_back import whose_record
from hotline.store.people import brought_wishes, callers, staff
from hotline.store.people.brought_wishes import BroughtWish, NoMore
from hotline.store.people.callers import Caller

_One = TypeVar("_One")
_AT_ONCE: Final = 500
"""Numbers that are looked for in one statement."""
_NO_TEXTS: Final = frozenset({NoMore.TEXTS, NoMore.BOTH})
_NO_CALLS: Final = frozenset({NoMore.CALLS, NoMore.BOTH})


@dataclass(frozen=True, slots=True)
class PlannedWishes:
    """What taking a list over does."""

    new: tuple[ToldWish, ...]
    """Those that are not kept yet."""
    already: int
    after: tuple[Caller, ...]
    """What is remembered of a number afterwards, where that changes."""
    ending: tuple[tuple[PhoneNumber, datetime], ...]
    """Whose promised calls end that were promised until then (UTC)."""
    ended: int
    """So many callbacks."""
    asked_since: int
    """Numbers that have asked us for a call since they said so: they are still called."""
    texts_since: int
    """Numbers that have asked us for texts since: they are still texted."""

    @property
    def told(self) -> tuple[str, ...]:
        """What is done, a line each, for whoever loads the list; no number is in it."""
        counted = [
            (f"want no more {words}", sum(one.what is what for one in self.new))
            for what, words in (
                (NoMore.TEXTS, "texts"),
                (NoMore.CALLS, "calls"),
                (NoMore.BOTH, "calls and no more texts"),
            )
        ]
        lines = [
            *((f"new: {words}", number) for words, number in counted),
            ("kept so already", self.already),
            ("callbacks end that were promised before", self.ended),
            ("have asked this line for a call since: they are called all the same", self.asked_since),
            ("have asked this line for texts since: they are texted all the same", self.texts_since),
        ]
        width = len(f"{max((number for _, number in lines), default=0)}")
        return tuple(f"{number:>{width}} {words}" for words, number in lines if number)


def never(transaction: Transaction) -> dict[PhoneNumber, str]:
    """Numbers that are no caller's, and why they can be on no such list: nobody could be paged there."""
    line = transaction.settings.centre.line
    ours = dict.fromkeys(line.ours, "it is a number of the line's own: take the line out")
    words = "it is the phone of a member of staff, who could not be paged by text: take the line out"
    theirs = {one.phone: words for one in staff.everyone(transaction.tx) if one.active}
    return {**theirs, **ours}


def plan(transaction: Transaction, wishes: Sequence[ToldWish]) -> PlannedWishes:
    """What `take` would do now. Only looks."""
    new, already = [], 0
    of: dict[PhoneNumber, list[ToldWish]] = {}
    for several in _parts(wishes):
        kept = {
            _key(one) for one in brought_wishes.of_numbers(transaction.tx, {one.number for one in several})
        }
        for one in several:
            if _key(one) in kept:
                already += 1
                continue
            kept.add(_key(one))
            new.append(one)
            of.setdefault(one.number, []).append(one)
    looked = [
        found
        for numbers in _parts(list(of))
        for found in _looked(transaction, {number: of[number] for number in numbers})
    ]
    return PlannedWishes(
        new=tuple(new),
        already=already,
        after=tuple({one.after.lookup: one.after for one in looked if one.after != one.before}.values()),
        ending=tuple(
            (one.after.number, one.no_calls_from) for one in looked if one.no_calls_from and one.ended
        ),
        ended=sum(one.ended for one in looked),
        asked_since=sum(one.asked_since for one in looked),
        texts_since=sum(one.texts_since for one in looked),
    )


def take(transaction: Transaction, planned: PlannedWishes) -> None:
    """Do what was planned in this transaction, and keep a record of each wish; in the audit trail once."""
    tx, now = transaction.tx, transaction.now
    for number, said_at in planned.ending:
        stopping.end_promises(transaction, number, said_at, None)
    for after in planned.after:
        callers.save(tx, after)
    brought_wishes.add(
        tx, (BroughtWish(new_id(), one.number, one.what, one.said_at, one.how, now) for one in planned.new)
    )
    if planned.new:
        transaction.audit(AuditAction.LOAD, AuditKind.WISHES, "wishes")


def _parts(whole: Sequence[_One]) -> Iterator[Sequence[_One]]:
    return (whole[begun : begun + _AT_ONCE] for begun in range(0, len(whole), _AT_ONCE))


@dataclass(frozen=True, slots=True)
class _Looked:
    before: Caller
    after: Caller
    no_calls_from: datetime | None
    ended: int
    asked_since: bool
    texts_since: bool


def _key(one: ToldWish | BroughtWish) -> tuple[PhoneNumber, NoMore, datetime, str]:
    return one.number, one.what, one.said_at, one.how


def _looked(transaction: Transaction, of: dict[PhoneNumber, list[ToldWish]]) -> Iterator[_Looked]:
    """What becomes of each of these numbers, and of others of the same people, as far as staff have said so."""
    tx = transaction.tx
    known = callers.several(tx, of)
    owed = callbacks.to_numbers(tx, of)
    with_cases = {row.number for row in owed} | {number for number, caller in known.items() if caller.version}
    for number, wishes in of.items():
        theirs = [row for row in owed if row.number == number] if number in with_cases else []
        yield _of_number(transaction, known[number], wishes, theirs)
        others = one_person.other_numbers(transaction, number, None) if number in with_cases else ()
        for other in others:
            if other not in of:
                caller = callers.several(tx, {other})[other]
                yield _of_number(transaction, caller, wishes, callbacks.to_numbers(tx, {other}))


def _of_number(
    transaction: Transaction, before: Caller, wishes: Sequence[ToldWish], owed: Sequence[CallbackRow]
) -> _Looked:
    no_texts = max((one.said_at for one in wishes if one.what in _NO_TEXTS), default=None)
    no_calls = max((one.said_at for one in wishes if one.what in _NO_CALLS), default=None)
    asked_since = no_calls is not None and any(
        row.callback.kind is CallbackKind.ASKED and row.callback.opened_at > no_calls for row in owed
    )
    texts_since = no_texts is not None and _wants_texts_since(transaction, before, no_texts)
    after = before
    if no_texts is not None and not texts_since:
        after = after.opted_out(no_texts)
    if no_calls is not None and not asked_since:
        after = replace(after, no_calls_at=max(no_calls, after.no_calls_at or no_calls))
    ended = sum(stopping.ends(row, no_calls) for row in owed) if no_calls is not None else 0
    return _Looked(before, after, no_calls, ended, asked_since, texts_since)


def _wants_texts_since(transaction: Transaction, caller: Caller, said_at: datetime) -> bool:
    """Whether they have written to us since then (UTC) that they want texts."""
    if not caller.started:
        return False
    whose = whose_record.of_number(transaction.tx, caller.number, AuditKind.NUMBER.value)
    return any(
        line.what == TimelineWord.OPTED_IN and line.at > said_at
        for contact in whose.contacts
        for line in timeline.of(transaction.tx, contact_id=contact)
    )
