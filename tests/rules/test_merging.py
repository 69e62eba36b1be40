"""One person, two callbacks: merged, nobody waits longer or is called less discreetly; given back, nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.callbacks.callback import Callback, CallbackKind, CallbackStatus, OutcomeSet
from hotline.callbacks.callback_moves import open_callback, step
from hotline.callbacks.ledger import Became, End, Promise, follow
from hotline.callbacks.merging import BeforeMerging, ToldSafe, can_be_merged, merge, stricter, unmerge
from hotline.callbacks.promise import priority
from hotline.model import CallbackId, Language, Line, Outcome
from tests.observed import became
from tests.rules.test_callback_moves import (
    ANA,
    HOUR,
    MINUTE,
    NOW,
    PLAN,
    check_what_always_holds,
    every_event,
)

LINES = (Line.PERSON, Line.ADMISSIONS, Line.FAMILY)
KINDS = (CallbackKind.ASKED, CallbackKind.MISSED_INTAKE)


def waiting(name: str = "kept", line: Line = Line.ADMISSIONS, **changed: Any) -> Callback:
    """One that waits since a minute ago."""
    fresh = open_callback(CallbackId(name), line, Language.EN, NOW - MINUTE, PLAN, due_at=NOW - MINUTE)
    return replace(fresh, **changed)


@st.composite
def waiting_ones(draw: st.DrawFn, name: str) -> Callback:
    """Every callback that may be merged."""
    opened_at = NOW - draw(st.timedeltas(timedelta(0), timedelta(days=2)))
    attempts = draw(st.integers(0, 5))
    due_at = NOW + draw(st.timedeltas(-timedelta(days=1), timedelta(days=1)))
    flag = st.booleans()
    return waiting(
        name,
        draw(st.sampled_from(LINES)),
        opened_at=opened_at,
        promised_at=opened_at + draw(st.timedeltas(timedelta(0), timedelta(days=3))),
        due_at=None if attempts and draw(flag) else due_at,
        attempts=attempts,
        repeats=draw(st.integers(0, 5)),
        message_safe=draw(flag),
        text_safe=draw(flag),
        wanted_now=draw(flag),
        asked_later=draw(flag),
        raised=draw(flag),
        kind=draw(st.sampled_from(KINDS)),
    )


@st.composite
def pairs(draw: st.DrawFn) -> BeforeMerging:
    """Two of them, or one, of somebody who may have asked us to stop."""
    stopped_at = draw(st.none() | st.timedeltas(timedelta(0), timedelta(days=2)).map(lambda ago: NOW - ago))
    told = ToldSafe(draw(st.sampled_from((None, True, False))), draw(st.sampled_from((None, True, False))))
    other = draw(st.none() | waiting_ones("other"))
    return BeforeMerging(draw(waiting_ones("kept")), other, stopped_at, told)


def both(before: BeforeMerging) -> list[Callback]:
    """Those that there are."""
    return [one for one in (before.kept, before.other) if one is not None]


@given(pairs())
def test_merging_and_giving_back_at_once_changes_nothing(before: BeforeMerging) -> None:
    """Neither of the two, in anything."""
    kept, _ = merge(before)
    assert unmerge(kept, before) == (before.kept, before.other)


@given(pairs())
def test_who_is_merged_comes_no_later_than_they_would_have(before: BeforeMerging) -> None:
    """The higher line, the earlier promise; nobody loses an attempt or their place."""
    kept, other = merge(before)
    if other is not None:
        check_what_always_holds(replace(other, outcome=Outcome.REACHED))
    check_what_always_holds(kept)
    if not kept.is_open:
        return
    for one in both(before):
        if before.stopped_at is None or one.opened_at > before.stopped_at:
            assert kept.promised_at <= one.promised_at
            assert kept.attempts <= one.attempts
            assert one.due_at is None or (kept.due_at is not None and kept.due_at <= one.due_at)
            for ahead in (timedelta(0), HOUR, 30 * HOUR):
                assert priority(kept, NOW + ahead)[:3] <= priority(one, NOW + ahead)[:3]


@given(pairs())
def test_what_is_safe_is_what_is_safe_in_both(before: BeforeMerging) -> None:
    """A message or a text that one of them forbids goes to nobody."""
    kept, _ = merge(before)
    if kept.is_open:
        message = before.told.message is not False and before.kept.message_safe
        text = before.told.text is not False and before.kept.text_safe
        assert kept.message_safe == (message and all(one.message_safe for one in both(before)))
        assert kept.text_safe == (text and all(one.text_safe for one in both(before)))


@given(pairs(), st.timedeltas(timedelta(0), timedelta(days=3)))
def test_a_person_who_asked_us_to_stop_stays_stopped(before: BeforeMerging, after: timedelta) -> None:
    """What they asked for before that is over; only what they have asked for since is rung, at its own time."""
    stopped_at = max(one.opened_at for one in both(before)) + after
    kept, other = merge(replace(before, stopped_at=stopped_at))
    assert kept.outcome is Outcome.ASKED_TO_STOP
    assert other is None or other.outcome is Outcome.MERGED
    since = replace(
        before.other or waiting("other"), opened_at=stopped_at + MINUTE, promised_at=NOW + 30 * HOUR
    )
    again, _ = merge(replace(before, other=since, stopped_at=stopped_at))
    assert (again.opened_at, again.promised_at, again.due_at) == (
        since.opened_at,
        since.promised_at,
        since.due_at,
    )


@given(pairs(), st.lists(st.sampled_from(every_event()), max_size=6))
def test_whatever_happens_meanwhile_giving_back_owes_nobody_less(
    before: BeforeMerging, events: list[object]
) -> None:
    """The other one waits as it did; what has happened to the one that stayed has happened."""
    kept, _ = merge(before)
    now = kept
    for number, event in enumerate(events):
        now = step(now, event, NOW + number * MINUTE, PLAN)  # type: ignore[arg-type]
    back, other = unmerge(now, before)
    assert other == before.other
    check_what_always_holds(back)
    tried = (
        "opened_at",
        "promised_at",
        "attempts",
        "repeats",
        "wanted_now",
        "asked_later",
        "owner",
        "outcome",
    )
    untouched = (kept.status, kept.due_at, kept.outcome) == (now.status, now.due_at, now.outcome)
    waits = now.status in (CallbackStatus.WAITING, CallbackStatus.RINGING)
    if waits and all(getattr(now, name) == getattr(kept, name) for name in tried):
        # Phones of ours may have rung for it: that is nothing that has happened to them.
        assert (back.status, back.due_at) == (before.kept.status, before.kept.due_at)
    elif not untouched:
        assert (back.status, back.owner, back.outcome, back.lease_until) == (
            now.status,
            now.owner,
            now.outcome,
            now.lease_until,
        )
    for name in ("message_safe", "text_safe", "promised_at", "line"):
        if getattr(now, name) != getattr(kept, name):
            assert getattr(back, name) == getattr(now, name), "said since then, it stays"


@pytest.mark.parametrize("event", every_event(), ids=repr)
def test_one_that_is_merged_moves_with_the_other_only(event: object) -> None:
    """No correction, no undo and no late report opens it beside the one that stays."""
    _, other = merge(BeforeMerging(waiting(), waiting("other")))
    assert other is not None
    assert step(other, event, NOW, PLAN) == other  # type: ignore[arg-type]


def test_nobody_is_merged_by_saying_how_a_call_ended() -> None:
    """It is no outcome that a person chooses."""
    assert step(waiting(), OutcomeSet(Outcome.MERGED, ANA), NOW, PLAN) == waiting()


def test_what_has_an_end_or_a_holder_of_its_own_is_not_merged() -> None:
    """An emergency, an agreed call after one, and whatever somebody has in their hands."""
    for one in (
        waiting(line=Line.EMERGENCY),
        waiting(kind=CallbackKind.FOLLOW_UP),
        *(waiting(status=status) for status in CallbackStatus if status is not CallbackStatus.WAITING),
    ):
        assert not can_be_merged(one)
        with pytest.raises(ValueError, match="wait"):
            merge(BeforeMerging(one, waiting("other")))
        with pytest.raises(ValueError, match="wait"):
            merge(BeforeMerging(waiting("other"), one))
    with pytest.raises(ValueError, match="wait"):
        merge(BeforeMerging(waiting(), waiting()))
    with pytest.raises(ValueError, match="another"):
        unmerge(waiting("third"), BeforeMerging(waiting(), waiting("other")))


@pytest.mark.parametrize(("own", "theirs"), list(product((None, True, False), repeat=2)))
def test_a_no_holds_for_every_telephone_and_a_yes_for_its_own(own: bool | None, theirs: bool | None) -> None:
    """Whoever said yes of one telephone has said nothing of the other."""
    expected = False if theirs is False else own
    assert stricter(ToldSafe(own, None), [ToldSafe(theirs, None)]) == ToldSafe(expected, None)
    assert stricter(ToldSafe(None, own), [ToldSafe(None, theirs)]) == ToldSafe(None, expected)


# --- what was promised -------------------------------------------------------------------------------------------


class Books:
    """Two callbacks and what was written down of each."""

    def __init__(self, kept: Callback, other: Callback | None) -> None:
        assert other is not None
        self.now = NOW
        self.stand = {"kept": kept, "other": other}
        self.entries: dict[str, list[Promise]] = {
            name: list(follow(None, None, one, NOW)) for name, one in self.stand.items()
        }

    def becomes(self, kept: Callback, other: Callback | None) -> None:
        self.now += MINUTE
        assert other is not None
        for name, after in (("kept", kept), ("other", other)):
            book = self.entries[name]
            written = follow(book[-1] if book else None, self.stand[name], after, self.now)
            if written and book and written[0].made_at == book[-1].made_at:
                book.pop()
            book += written
            self.stand[name] = after

    def told(self, name: str) -> list[Became]:
        return [became(one, self.now + MINUTE) for one in self.entries[name]]


def test_two_promises_become_the_earlier_one_and_both_again() -> None:
    """None is told as broken by the merging, nor as kept."""
    before = BeforeMerging(
        waiting(line=Line.FAMILY, promised_at=NOW + 2 * HOUR), waiting("other", promised_at=NOW + HOUR)
    )
    books = Books(before.kept, before.other)
    merged, closed = merge(before)
    books.becomes(merged, closed)
    assert books.told("other") == [Became.REPLACED]
    assert books.told("kept") == [Became.REPLACED, Became.WAITING]
    assert books.entries["kept"][-1].promised_at == NOW + HOUR
    books.becomes(*unmerge(merged, before))
    assert [book[-1].promised_at for book in books.entries.values()] == [NOW + 2 * HOUR, NOW + HOUR]
    assert books.told("other") == [Became.REPLACED, Became.WAITING]
    assert books.told("kept")[-1] is Became.WAITING


def test_attempts_that_are_given_back_keep_no_promise() -> None:
    """The one that stayed had been tried twice; giving that back is no call."""
    before = BeforeMerging(waiting(attempts=2, promised_at=NOW + HOUR), waiting("other"))
    books = Books(before.kept, before.other)
    merged, closed = merge(before)
    books.becomes(merged, closed)
    books.becomes(*unmerge(merged, before))
    assert all(one.tried_at is None for one in books.entries["kept"])


def test_who_asked_and_was_to_be_rung_for_a_missed_intake_too_is_promised_what_they_asked_for() -> None:
    """Given back, that promise goes with whom it was made to."""
    before = BeforeMerging(waiting(kind=CallbackKind.MISSED_INTAKE), waiting("other"))
    books = Books(before.kept, before.other)
    assert books.entries["kept"] == []
    merged, closed = merge(before)
    books.becomes(merged, closed)
    assert books.told("kept") == [Became.WAITING]
    books.becomes(*unmerge(merged, before))
    assert [one.ended for one in books.entries["kept"]] == [End.REPLACED]
    assert books.told("other")[-1] is Became.WAITING
