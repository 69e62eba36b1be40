"""What was promised is written down once: whatever happens afterwards, yesterday's figures stay yesterday's."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hotline.callbacks.callback import (
    AttemptEnded,
    Callback,
    CallerDialled,
    ConnectedLive,
    Event,
    NobodyTook,
    OutcomeSet,
    StaffRung,
    Taken,
    TimeChosen,
    Undone,
)
from hotline.callbacks.callback_moves import open_callback, step
from hotline.callbacks.ledger import Became, End, Promise, follow, never_talked, talk
from hotline.model import CallbackId, Language, Line, Outcome
from tests.observed import became, tells
from tests.rules.test_callback_moves import ANA, HOUR, MINUTE, NOW, PLAN, every_event

LATER = 60 * HOUR


class Book:
    """One callback, and everything that was written down about it."""

    def __init__(self, line: Line = Line.ADMISSIONS) -> None:
        self.now = NOW
        self.callback: Callback = open_callback(
            CallbackId("cb"), line, Language.EN, NOW, PLAN, due_at=NOW + MINUTE
        )
        self.closed_at: datetime | None = None
        self.talked_at: datetime | None = None
        self.entries: list[Promise] = []
        self._write(None, self.callback)

    def happens(self, *events: Event, after: timedelta = MINUTE) -> Book:
        self.now += after
        for event in events:
            before, self.callback = self.callback, step(self.callback, event, self.now, PLAN)
            self._write(before, self.callback)
        return self

    def corrected(self, line: Line) -> Book:
        """They chose another line meanwhile; an emergency begins when they hang up."""
        self.now += MINUTE
        before, self.callback = self.callback, replace(self.callback, line=line, opened_at=self.now)
        self._write(before, self.callback)
        return self

    def _write(self, before: Callback | None, after: Callback) -> None:
        last = self.entries[-1] if self.entries else None
        self._settle(last, follow(last, before, after, self.now, closed_at=self.closed_at))
        self.closed_at = None if after.is_open else self.closed_at or self.now

    def talks(self, after: timedelta = MINUTE) -> Book:
        """They call by themselves, and are with a human."""
        self.now += after
        self.talked_at = self.now
        last = self.entries[-1] if self.entries else None
        if last is not None and self.callback.is_open:
            self._settle(last, talk(last, self.now))
        return self

    def were_gone(self, after: timedelta = MINUTE) -> Book:
        """They had hung up before that human could speak."""
        self.now += after
        last = self.entries[-1] if self.entries else None
        if last is not None and self.talked_at is not None:
            self._settle(last, never_talked(last, self.callback, self.talked_at, self.now))
        return self

    def _settle(self, last: Promise | None, written: tuple[Promise, ...]) -> None:
        if written and last is not None and not written[0].is_open:
            self.entries.pop()
        self.entries += written

    def became(self, at: datetime | None = None) -> list[Became]:
        at = at or self.now
        return [became(one, at) for one in self.entries if tells(one, at)]


def taken() -> tuple[Event, ...]:
    return StaffRung(NOW + 5 * HOUR), Taken(ANA, NOW + 5 * HOUR), CallerDialled(NOW + 5 * HOUR)


def test_a_promise_is_kept_by_the_first_attempt_in_time() -> None:
    """Whatever comes of it."""
    book = Book().happens(*taken())
    assert book.became(NOW + HOUR) == [Became.KEPT]
    book.happens(AttemptEnded(Outcome.NO_ANSWER))
    book.happens(*taken(), after=3 * HOUR)
    assert book.became() == [Became.KEPT], "that it is tried again was promised to nobody"


def test_a_promise_whose_time_has_come_is_late_for_ever() -> None:
    """Waiting until then, late a moment afterwards, and no attempt makes it good."""
    book = Book().happens(StaffRung(NOW + HOUR), NobodyTook(NOW + 40 * MINUTE), after=10 * MINUTE)
    assert book.became(NOW + 15 * MINUTE) == [Became.WAITING]
    book.happens(*taken(), after=20 * MINUTE)
    assert book.became() == [Became.LATE]
    assert book.became(NOW + 15 * MINUTE) == [Became.WAITING], "as it was known then"


def test_an_emergency_leaves_the_promise_where_it_was_made() -> None:
    """Admissions stays admissions: kept ones stay kept, the open one is told apart."""
    kept = Book().happens(*taken()).happens(AttemptEnded(Outcome.NO_ANSWER)).corrected(Line.EMERGENCY)
    assert [(one.line, became(one, kept.now + HOUR)) for one in kept.entries] == [
        (Line.ADMISSIONS, Became.KEPT)
    ]
    waiting = Book().corrected(Line.EMERGENCY)
    assert [(one.line, one.ended) for one in waiting.entries] == [(Line.ADMISSIONS, End.EMERGENCY)]


def test_another_time_or_line_is_another_promise() -> None:
    """The one before was not broken."""
    chose = Book().happens(TimeChosen(NOW + 4 * HOUR))
    assert [one.ended for one in chose.entries] == [End.REPLACED, None]
    assert chose.entries[1].promised_at == NOW + 4 * HOUR + 15 * MINUTE
    book = Book(Line.FAMILY)
    book.corrected(Line.ADMISSIONS)
    assert [(one.line, one.ended) for one in book.entries] == [
        (Line.FAMILY, End.REPLACED),
        (Line.ADMISSIONS, None),
    ]


def test_to_be_called_later_is_a_promise_of_its_own() -> None:
    book = Book().happens(*taken()).happens(OutcomeSet(Outcome.CALL_LATER, ANA), after=5 * MINUTE)
    assert [(one.made_at, one.is_open) for one in book.entries] == [
        (NOW, False),
        (NOW + 6 * MINUTE, True),
    ]


def test_talking_with_us_before_we_ring_keeps_the_promise() -> None:
    """And what nobody wants any more is neither kept nor broken."""
    assert Book().happens(ConnectedLive()).became(NOW + LATER) == [Became.KEPT]
    assert Book().happens(OutcomeSet(Outcome.DECLINED, None)).became(NOW + LATER) == [Became.WITHDRAWN]


def test_a_talk_that_begins_in_time_keeps_the_promise_however_long_it_takes() -> None:
    """Also one for something else: the callback is still open, and what was promised is kept."""
    book = Book().talks()
    assert book.became() == [Became.KEPT]
    book.happens(*taken(), after=HOUR)
    assert book.became() == [Became.KEPT]
    assert Book().talks(after=16 * MINUTE).became() == [Became.LATE], "it was too late"


def test_a_talk_that_was_none_keeps_nothing() -> None:
    """They were gone before anybody spoke with them: it is owed still, and late if nobody rings them."""
    book = Book().talks()
    talked = book.now
    book.were_gone()
    assert book.became() == [Became.WAITING]
    assert book.became(talked) == [Became.KEPT], "as it was known then"
    assert book.became(NOW + LATER) == [Became.LATE]
    closed = Book().talks().happens(ConnectedLive()).were_gone()
    assert closed.became() == [Became.REPLACED], "another one is promised instead"


def test_what_was_closed_by_mistake_and_is_open_again_waits_again() -> None:
    """That it was withdrawn stays so for the time until then; it is the same promise, and told once."""
    book = Book().happens(OutcomeSet(Outcome.BLOCKED, ANA))
    blocked = book.now + timedelta(seconds=20)
    book.happens(Undone(ANA, NOW + HOUR))
    assert book.became(book.now + MINUTE) == [Became.WAITING]
    assert (book.entries[1].made_at, book.entries[1].promised_at) == (NOW, book.callback.promised_at)
    assert book.became(blocked) == [Became.WITHDRAWN], "as it was known then"
    book.happens(CallerDialled(NOW + 5 * HOUR))
    assert book.became(book.now + MINUTE) == [Became.KEPT]
    assert book.became(blocked) == [Became.WITHDRAWN]


def test_what_is_undone_twice_is_one_promise_all_the_same() -> None:
    """Blocked, undone, settled, undone, and withdrawn in the end."""
    book = Book()
    for outcome in (Outcome.BLOCKED, Outcome.SETTLED):
        book.happens(OutcomeSet(outcome, ANA)).happens(Undone(ANA, NOW + HOUR))
        assert book.became(book.now + MINUTE) == [Became.WAITING]
    book.happens(OutcomeSet(Outcome.DECLINED, ANA))
    assert book.became(NOW + LATER) == [Became.WITHDRAWN]


def test_a_slip_that_is_undone_keeps_no_promise() -> None:
    """ "Reached", said of somebody whom nobody rang, and taken back: they are still to be rung, by the same time."""
    book = Book().happens(OutcomeSet(Outcome.REACHED, ANA))
    before_the_undo = book.now + timedelta(seconds=20)
    assert book.became(before_the_undo) == [Became.KEPT]
    book.happens(Undone(ANA, NOW + HOUR))
    assert book.became(book.now + MINUTE) == [Became.WAITING]
    assert book.became(before_the_undo) == [Became.KEPT], "as it was known then"
    assert book.became(NOW + LATER) == [Became.LATE]


def test_a_slip_that_is_corrected_keeps_no_promise() -> None:
    """Not reached, but settled without a talk. Undone after that, it waits again."""
    book = Book().happens(OutcomeSet(Outcome.REACHED, ANA), after=2 * MINUTE)
    book.happens(OutcomeSet(Outcome.SETTLED, ANA))
    assert book.became(NOW + LATER) == [Became.WITHDRAWN]
    book.happens(Undone(ANA, NOW + HOUR))
    assert book.became(book.now + MINUTE) == [Became.WAITING]


def test_what_rang_stays_kept_whatever_is_undone() -> None:
    """Their phone did ring in time."""
    book = Book().happens(*taken()).happens(OutcomeSet(Outcome.REACHED, ANA)).happens(Undone(ANA, NOW + HOUR))
    assert book.became(book.now + MINUTE) == [Became.KEPT]
    assert book.became(NOW + LATER) == [Became.KEPT]


def test_what_was_late_is_late_once_whatever_is_undone() -> None:
    """Said, or closed, after its time, and open again."""
    for outcome in (Outcome.REACHED, Outcome.SETTLED):
        book = Book().happens(OutcomeSet(outcome, ANA), after=HOUR).happens(Undone(ANA, NOW + 2 * HOUR))
        assert book.became(NOW + LATER) == [Became.LATE]


def test_an_emergency_is_no_promise_by_the_clock() -> None:
    assert Book(Line.EMERGENCY).happens(*taken()).entries == []


@given(
    st.sampled_from([Line.PERSON, Line.ADMISSIONS, Line.FAMILY]),
    st.lists(
        st.tuples(st.sampled_from([*every_event(), "talks", "were gone"]), st.integers(0, 90)), max_size=25
    ),
)
def test_history_does_not_change(line: Line, history: list[tuple[Event | str, int]]) -> None:
    """Each promise is in one row at any time; what was counted at a time is counted so for that time ever after."""
    book = Book(line)
    told: dict[datetime, list[Became]] = {}
    for event, minutes in history:
        match event:
            case "talks":
                book.talks(after=minutes * MINUTE)
            case "were gone":
                book.were_gone(after=minutes * MINUTE)
            case str():
                raise AssertionError(event)
            case _:
                book.happens(event, after=minutes * MINUTE)
        told[book.now] = book.became(book.now)
        made = [one for one in book.entries if one.stands_from is None and one.made_at < book.now]
        assert len(told[book.now]) == len(made), "each by one entry"
        anew = book.entries[-1:] and book.entries[-1].made_at == book.now  # counts from the next moment on
        if book.callback.is_open and not anew and not any(one.tried_at for one in book.entries):
            assert told[book.now][-1:] != [Became.WITHDRAWN], "what is open was withdrawn by nobody"
    book.now += LATER
    for at, then in told.items():
        assert book.became(at) == then
    for one in book.entries:
        assert one.tried_at is None or one.ended_at is None or one.tried_at <= one.ended_at
        assert one.made_at <= (one.tried_at or one.ended_at or book.now)
    assert sum(one.is_open for one in book.entries) <= 1
