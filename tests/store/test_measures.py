"""What is counted of calls and promises, by examples that were counted by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, or_, update

from hotline.callbacks.ledger import Became, End, Promise
from hotline.model import (
    CallbackId,
    Channel,
    ContactId,
    EscalationId,
    How,
    Language,
    Line,
    Outcome,
    PhoneNumber,
    StaffId,
    Subject,
    TimelineWord,
)
from hotline.store.cases import callbacks, contacts, escalations, pages, promises, timeline
from hotline.store.cases.pages import PageState
from hotline.store.cases.promises import LateCount, LateReason, PromiseCount, WordCount
from hotline.store.cases.timeline import TimelineRow
from hotline.store.database import Database, Tx, tables
from hotline.store.database.periods import Period
from hotline.store.people import staff
from hotline.store.reports import crew_measures, dispositions, measures, waits
from hotline.store.reports.crew_measures import Work
from hotline.store.reports.dispositions import Contacts, Disposition
from hotline.store.reports.measures import DropOff, Ended, Quarter
from hotline.store.reports.waits import Spread, Waits
from hotline.store.traffic import messages
from hotline.triage.contact import ContactState
from tests.observed import became
from tests.store.examples import (
    MINUTE,
    NOW,
    SECOND,
    callback,
    contact,
    escalation,
    member,
    message,
    page,
    thread,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TODAY = Period(NOW, NOW + DAY)
_ids = count()


def add(tx: Tx, many: int = 1, **different: Any) -> None:
    """Calls that have ended, each from a number of its own."""
    usual = {"opened_at": NOW, "ended_at": NOW + MINUTE, "ended_in": "menu", "outcome": Outcome.LEFT_EARLY}
    for _ in range(many):
        number = next(_ids)
        usual["caller"] = PhoneNumber(f"+1617{number:07}")
        contacts.add(tx, contact(f"m{number}", **{**usual, **different}))


def reached(tx: Tx, *waits: timedelta, **different: Any) -> None:
    """Calls that came to a human after so long."""
    for wait in waits:
        at = different.get("opened_at", NOW) + wait
        add(tx, reached_at=at, ended_in="in_room", outcome=Outcome.REACHED, **different)


def not_calls(tx: Tx) -> None:
    """What must never be counted among the calls of the day."""
    add(tx, opened_at=NOW - SECOND, last_prompt="menu")
    add(tx, opened_at=NOW + DAY, last_prompt="menu")
    add(tx, outbound=True, last_prompt="asked_for_call")
    add(tx, channel=Channel.TEXT, provider_sid=None, last_prompt="menu")


def test_callers_are_lost_at_the_last_prompt_that_they_heard(database: Database) -> None:
    """By prompt, language and line; the most frequent place first."""
    with database.write() as tx:
        not_calls(tx)
        add(tx, 3, last_prompt="menu")
        add(tx, 1, last_prompt="menu", language=Language.PT)
        add(
            tx,
            2,
            last_prompt="waiting",
            line=Line.ADMISSIONS,
            ended_in="holding",
            outcome=Outcome.CALLBACK,
        )
        add(
            tx,
            4,
            last_prompt="guidance_1",
            line=Line.EMERGENCY,
            ended_in="emergency",
            outcome=Outcome.EMERGENCY,
        )
        # Not lost: told the promise, with a human, still on the line, blocked.
        add(tx, last_prompt="goodbye", line=Line.FAMILY, ended_in="farewell", outcome=Outcome.CALLBACK)
        reached(tx, MINUTE, last_prompt="waiting", line=Line.ADMISSIONS)
        add(tx, last_prompt="menu", ended_at=None, ended_in=None, outcome=None)
        add(tx, last_prompt="blocked", outcome=Outcome.BLOCKED)
    with database.read() as tx:
        assert measures.drop_offs(tx, TODAY) == [
            DropOff("guidance_1", Language.EN, Line.EMERGENCY, 4),
            DropOff("menu", Language.EN, None, 3),
            DropOff("waiting", Language.EN, Line.ADMISSIONS, 2),
            DropOff("menu", Language.PT, None, 1),
        ]


def test_calls_are_counted_by_how_they_ended(database: Database) -> None:
    """And by language and line; those that go on count too."""
    with database.write() as tx:
        not_calls(tx)
        add(tx, 2)
        add(tx, line=Line.FAMILY, outcome=Outcome.CALLBACK, language=Language.ES)
        add(tx, ended_at=None, ended_in=None, outcome=None)
    with database.read() as tx:
        assert measures.outcomes(tx, TODAY) == [
            Ended(None, Language.EN, None, 1),
            Ended(Outcome.CALLBACK, Language.ES, Line.FAMILY, 1),
            Ended(Outcome.LEFT_EARLY, Language.EN, None, 2),
        ]


def test_calls_are_counted_by_the_quarter_of_an_hour(database: Database) -> None:
    """12:00 to 12:15 is one quarter; 12:15 begins the next."""
    noon = NOW.replace(microsecond=0)
    with database.write() as tx:
        not_calls(tx)
        add(tx, 2, opened_at=NOW)
        add(tx, opened_at=noon + 15 * MINUTE - timedelta(microseconds=1))
        add(tx, opened_at=noon + 15 * MINUTE)
    with database.read() as tx:
        assert measures.quarters(tx, TODAY) == [
            Quarter(noon, Outcome.LEFT_EARLY, 3),
            Quarter(noon + 15 * MINUTE, Outcome.LEFT_EARLY, 1),
        ]


def test_everybody_is_counted_once_by_what_became_of_them(database: Database) -> None:
    """As of the period's end: what happened a day later doesn't change what is told of the day."""
    with database.write() as tx:
        not_calls(tx)
        for name, outcome, closed_at in (
            ("kept", Outcome.REACHED, NOW + HOUR),
            ("booked", Outcome.BOOKED_INTAKE, NOW + HOUR),
            ("next day", Outcome.REACHED, NOW + DAY + SECOND),
            ("open", None, None),
            ("in vain", Outcome.NOT_IN_SERVICE, NOW + HOUR),
        ):
            callbacks.add(tx, replace(callback(name, outcome=outcome), closed_at=closed_at))
        admissions: dict[str, Any] = {"line": Line.ADMISSIONS, "outcome": Outcome.CALLBACK}
        reached(tx, MINUTE, SECOND, line=Line.ADMISSIONS)
        # Reached live, and their old callback kept by it: that is live, once.
        reached(tx, MINUTE, line=Line.ADMISSIONS, callback_id=CallbackId("kept"))
        for ended_in, name in (
            ("farewell", "kept"),
            ("holding", "booked"),
            ("holding", "next day"),
            ("holding", "open"),
            ("ask_text", "open"),
            ("holding", "in vain"),
            ("ask_text", "in vain"),
        ):
            add(tx, ended_in=ended_in, callback_id=CallbackId(name), **admissions)
        add(tx, line=Line.EMERGENCY, ended_in="emergency", outcome=Outcome.EMERGENCY)
        add(
            tx,
            line=Line.EMERGENCY,
            ended_at=NOW + DAY + SECOND,
            ended_in="dialling",
            outcome=Outcome.EMERGENCY,
        )
        add(tx, outcome=Outcome.BLOCKED)
        add(tx)
        text: dict[str, Any] = {"channel": Channel.TEXT, "provider_sid": None, "line": Line.FAMILY}
        contacts.add(tx, contact("written to", ended_at=None, **text))
        messages.add(
            tx, message("m1", contact_id=ContactId("written to"), by_staff=StaffId("s1"), at=NOW + HOUR)
        )
        add(tx, **text)
    with database.read() as tx:
        found = dispositions.dispositions(tx, TODAY)
    assert found == [
        Contacts(None, Channel.TEXT, Disposition.LEFT, 1),  # of `not_calls`
        Contacts(None, Channel.VOICE, Disposition.BLOCKED, 1),
        Contacts(None, Channel.VOICE, Disposition.LEFT, 1),
        Contacts(Line.ADMISSIONS, Channel.VOICE, Disposition.ABANDONED, 1),
        Contacts(Line.ADMISSIONS, Channel.VOICE, Disposition.ENDED, 1),
        Contacts(Line.ADMISSIONS, Channel.VOICE, Disposition.LATER, 2),
        Contacts(Line.ADMISSIONS, Channel.VOICE, Disposition.LIVE, 3),
        Contacts(Line.ADMISSIONS, Channel.VOICE, Disposition.OPEN, 3),
        Contacts(Line.EMERGENCY, Channel.VOICE, Disposition.ENDED, 1),
        Contacts(Line.EMERGENCY, Channel.VOICE, Disposition.OPEN, 1),
        Contacts(Line.FAMILY, Channel.TEXT, Disposition.ENDED, 1),
        Contacts(Line.FAMILY, Channel.TEXT, Disposition.LIVE, 1),
    ]


def test_whoever_has_called_again_and_talked_has_talked_since(database: Database) -> None:
    """By number, and by the end: in an emergency that was closed in their thread, and for who gave up. Not what is
    still owed, nor who chose nothing, nor whose number is withheld, nor before."""
    emergency, admissions = Line.EMERGENCY, Line.ADMISSIONS
    again = [PhoneNumber(f"+1781555010{n}") for n in range(6)]
    closed: dict[str, Any] = {"line": emergency, "outcome": Outcome.EMERGENCY}
    gave_up: dict[str, Any] = {"line": admissions, "ended_in": "holding"}
    with database.write() as tx:
        callbacks.add(tx, callback("owed"))
        add(tx, channel=Channel.TEXT, provider_sid=None, ended_in="text_emergency", caller=again[0], **closed)
        add(tx, caller=again[1], **gave_up)
        add(tx, caller=again[2], callback_id=CallbackId("owed"), **gave_up)
        add(tx, caller=again[3])
        add(tx, caller=None, **gave_up)
        add(tx, caller=again[4], opened_at=NOW + 3 * HOUR, **gave_up)
        add(tx, caller=again[5], **gave_up)
        for number in (*again[:5], None):
            reached(tx, MINUTE, opened_at=NOW + HOUR, caller=number, line=Line.PERSON)
        reached(tx, MINUTE, opened_at=NOW + DAY, caller=again[5], line=Line.PERSON)
    with database.read() as tx:
        found = dispositions.dispositions(tx, TODAY)
    assert found == [
        Contacts(None, Channel.VOICE, Disposition.LEFT, 1),
        Contacts(admissions, Channel.VOICE, Disposition.ABANDONED, 3),
        Contacts(admissions, Channel.VOICE, Disposition.LATER, 1),
        Contacts(admissions, Channel.VOICE, Disposition.OPEN, 1),
        Contacts(emergency, Channel.TEXT, Disposition.LATER, 1),
        Contacts(Line.PERSON, Channel.VOICE, Disposition.LIVE, 6),
    ]


def test_a_thread_is_open_as_long_as_something_is_owed_in_it(database: Database) -> None:
    """Under the line for which they are to be called; in which a person is to read something; the others wait for
    them, and not for us."""
    with database.write() as tx:
        callbacks.add(tx, callback("owed", line=Line.ADMISSIONS))
        contacts.add(tx, thread("to be called", callback_id=CallbackId("owed")))
        contacts.add(tx, thread("to be read"))
        read = replace(escalation("about", Subject.THREAD), contact_id=ContactId("to be read"))
        escalations.add(tx, read)
        contacts.add(tx, thread("said hi"))
    with database.read() as tx:
        assert dispositions.dispositions(tx, TODAY) == [
            Contacts(None, Channel.TEXT, Disposition.LEFT, 1),
            Contacts(None, Channel.TEXT, Disposition.OPEN, 1),
            Contacts(Line.ADMISSIONS, Channel.TEXT, Disposition.OPEN, 1),
        ]


def test_a_thread_that_was_an_emergency_is_one_whatever_it_became(database: Database) -> None:
    """It has begun anew since, or asks for admissions; it had opened the emergency, or had become part of one."""
    with database.write() as tx:
        for number, line in enumerate((None, Line.ADMISSIONS, Line.EMERGENCY)):
            contacts.add(tx, thread(f"opened {number}", line=line))
            opened = replace(escalation(f"e{number}"), contact_id=ContactId(f"opened {number}"))
            escalations.add(tx, opened)
        contacts.add(tx, thread("joined"))
        word = ContactState.TEXT_EMERGENCY.value
        timeline.add(tx, TimelineRow(NOW, word, contact_id=ContactId("joined")))
        contacts.add(tx, thread("said hi"))
        add(tx, line=Line.ADMISSIONS)
    with database.read() as tx:
        found: Counter[tuple[Line | None, Channel]] = Counter()
        for one in dispositions.dispositions(tx, TODAY):
            found[one.line, one.channel] += one.contacts
    assert found == {
        (Line.EMERGENCY, Channel.TEXT): 4,
        (None, Channel.TEXT): 1,
        (Line.ADMISSIONS, Channel.VOICE): 1,
    }


OF_CALLERS = [one for one in Outcome if one is not Outcome.STAFF_LINE]


def test_whoever_has_shown_that_they_are_on_the_staff_is_in_no_row(database: Database) -> None:
    """Neither among the calls, nor among those that were lost."""
    with database.write() as tx:
        for outcome in (Outcome.STAFF_LINE, Outcome.LEFT_EARLY):
            add(tx, opened_at=NOW, ended_at=NOW + MINUTE, ended_in="menu", outcome=outcome)
    with database.read() as tx:
        became = dispositions.dispositions(tx, TODAY)
        ended = measures.outcomes(tx, TODAY)
        lost = measures.drop_offs(tx, TODAY)
    assert [one.contacts for one in became] == [1]
    assert [(one.outcome, one.calls) for one in ended] == [(Outcome.LEFT_EARLY, 1)]
    assert sum(one.calls for one in lost) == 1


@given(
    calls=st.lists(
        st.fixed_dictionaries(
            {
                "line": st.sampled_from([None, *Line]),
                "channel": st.sampled_from(Channel),
                "ended_in": st.sampled_from(["menu", "holding", "emergency", "farewell", "in_room"]),
                "outcome": st.sampled_from([None, *OF_CALLERS]),
                "minutes": st.none() | st.integers(0, 60),
                "reached": st.none() | st.integers(0, 60),
                "callback_id": st.sampled_from([None, CallbackId("open"), CallbackId("kept")]),
                "outbound": st.booleans(),
            }
        ),
        max_size=15,
    ),
    until=st.integers(1, 60),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_the_rows_add_up_and_the_next_hour_changes_none(
    database: Database, calls: list[dict[str, Any]], until: int
) -> None:
    """Whatever happened: each contact but staff's is in one row, nobody has waited less than nothing, and what happens
    after the period changes neither who became what, nor how calls ended, nor who was lost, gave up or was reached."""
    period = Period(NOW, NOW + until * MINUTE)
    with database.write() as tx:
        for table in (tables.contacts, tables.promises, tables.callbacks):
            tx.execute(delete(table))
        callbacks.add(tx, callback("open"))
        callbacks.add(tx, replace(callback("kept", outcome=Outcome.REACHED), closed_at=NOW + 30 * MINUTE))
        for name in ("open", "kept"):
            promise(tx, name, made_at=NOW + 10 * MINUTE)
        for one in calls:
            minutes, reached_after = one.pop("minutes"), one.pop("reached")
            ended_at = None if minutes is None else NOW + minutes * MINUTE
            reached_at = None if reached_after is None else NOW + reached_after * MINUTE
            number = f"CA{next(_ids)}" if one["channel"] is Channel.VOICE else None
            add(tx, ended_at=ended_at, reached_at=reached_at, provider_sid=number, **one)
    with database.read() as tx:
        then = _settled(tx, period)
        waited = [*waits.live(tx, period), *waits.given_up(tx, period), *waits.rung_back(tx, period)]
    of_callers = [one for one in calls if not one["outbound"] and one["outcome"] is not Outcome.STAFF_LINE]
    assert sum(one.contacts for one in then[0]) == len(of_callers)
    assert all(least >= timedelta(0) for one in waited for least in astuple(one)[2:])
    with database.write() as tx:
        kept, at = tables.contacts.c, period.until + MINUTE
        goes_on = or_(kept.ended_at.is_(None), kept.ended_at > period.until)
        tx.execute(update(tables.contacts).where(goes_on, kept.reached_at.is_(None)).values(reached_at=at))
        tx.execute(update(tables.contacts).where(kept.ended_at.is_(None)).values(ended_at=at))
        tx.execute(
            update(tables.callbacks)
            .where(tables.callbacks.c.closed_at.is_(None))
            .values(closed_at=period.until + MINUTE, outcome=Outcome.REACHED.value)
        )
    with database.read() as tx:
        assert _settled(tx, period) == then


def _settled(tx: Tx, period: Period) -> tuple[list[Any], ...]:
    return (
        dispositions.dispositions(tx, period),
        measures.outcomes(tx, period),
        measures.drop_offs(tx, period),
        measures.quarters(tx, period),
        waits.given_up(tx, period),
        waits.live(tx, period),
        waits.rung_back(tx, period),
    )


def test_those_who_gave_up_had_waited_so_long(database: Database) -> None:
    """Until they hung up, if they have talked with nobody since."""
    with database.write() as tx:
        for minutes in (1, 2, 3):
            add(tx, line=Line.FAMILY, ended_in="holding", ended_at=NOW + minutes * MINUTE)
        reached(tx, 9 * MINUTE, line=Line.FAMILY)
    with database.read() as tx:
        assert waits.given_up(tx, TODAY) == [Waits(Line.FAMILY, 3, 2 * MINUTE, 3 * MINUTE, 3 * MINUTE)]


def test_the_time_to_a_human_is_told_by_nearest_rank(database: Database) -> None:
    """Of 1 to 10 seconds: half within 5, nine in ten within 9, all within 10. Of one caller: theirs."""
    with database.write() as tx:
        not_calls(tx)
        add(tx, 5, line=Line.ADMISSIONS, ended_in="holding")
        reached(tx, *(n * SECOND for n in (3, 1, 10, 7, 2, 9, 4, 8, 6, 5)), line=Line.ADMISSIONS)
        reached(tx, 90 * SECOND, line=Line.PERSON)
        reached(tx, SECOND, line=Line.PERSON, opened_at=NOW - HOUR)
    with database.read() as tx:
        assert waits.live(tx, TODAY) == [
            Waits(Line.ADMISSIONS, 10, 5 * SECOND, 9 * SECOND, 10 * SECOND),
            Waits(Line.PERSON, 1, 90 * SECOND, 90 * SECOND, 90 * SECOND),
        ]


def test_the_spread_of_waits_counts_each_bound_with_what_is_below_it(database: Database) -> None:
    """5 s is within 5 s."""
    with database.write() as tx:
        not_calls(tx)
        reached(tx, *(n * SECOND for n in (1, 5, 6, 61)), line=Line.PERSON)
        reached(tx, SECOND, line=Line.FAMILY)
    with database.read() as tx:
        assert waits.spread(tx, TODAY, [5 * SECOND, MINUTE]) == [
            Spread(Line.FAMILY, (1, 1), 1, SECOND),
            Spread(Line.PERSON, (2, 3), 4, 73 * SECOND),
        ]


def test_who_was_rung_back_has_waited_since_the_promise(database: Database) -> None:
    """Until they first talked after it, in whichever attempt; by the line that it was promised for."""
    with database.write() as tx:
        for name, made_at in (("b1", NOW - 10 * MINUTE), ("b2", NOW), ("b3", NOW)):
            callbacks.add(tx, callback(name, opened_at=NOW + 9 * HOUR, line=Line.PERSON))
            promise(tx, name, made_at=made_at)
        ours: dict[str, Any] = {"outbound": True, "line": Line.ADMISSIONS}
        add(tx, callback_id=CallbackId("b1"), outcome=Outcome.NO_ANSWER, **ours)
        reached(tx, 2 * MINUTE, 9 * MINUTE, callback_id=CallbackId("b1"), **ours)
        reached(tx, 3 * MINUTE, callback_id=CallbackId("b2"), **ours)
        reached(tx, 1 * MINUTE, callback_id=CallbackId("b3"), opened_at=NOW + DAY, **ours)
        reached(tx, 1 * MINUTE, callback_id=CallbackId("b3"), line=Line.ADMISSIONS)
    with database.read() as tx:
        assert waits.rung_back(tx, TODAY) == [Waits(Line.ADMISSIONS, 2, 3 * MINUTE, 12 * MINUTE, 12 * MINUTE)]


def test_an_emergency_is_rung_back_after_the_hang_up_never_before(database: Database) -> None:
    """A talk before it was an emergency is none of its own."""
    with database.write() as tx:
        callbacks.add(tx, callback("e", line=Line.EMERGENCY, opened_at=NOW + 5 * MINUTE))
        ours: dict[str, Any] = {"outbound": True, "line": Line.EMERGENCY, "callback_id": CallbackId("e")}
        reached(tx, MINUTE, 7 * MINUTE, **ours)
    with database.read() as tx:
        assert waits.rung_back(tx, TODAY) == [Waits(Line.EMERGENCY, 1, 2 * MINUTE, 2 * MINUTE, 2 * MINUTE)]


def promise(tx: Tx, callback_id: str = "b1", channel: Channel = Channel.VOICE, **different: Any) -> Promise:
    """Write down a promise of admissions, made now for in a quarter of an hour."""
    usual = {"line": Line.ADMISSIONS, "made_at": NOW, "promised_at": NOW + 15 * MINUTE}
    made = Promise(**{**usual, **different})
    promises.write(tx, CallbackId(callback_id), channel, made)
    return made


def test_a_promise_is_settled_once(database: Database) -> None:
    """The newest is found; what is settled stays."""
    with database.write() as tx:
        assert promises.last(tx, CallbackId("b1")) is None
        made = promise(tx)
        promise(tx, "another", made_at=NOW + SECOND)
        assert promises.last(tx, CallbackId("b1")) == made
        kept = replace(made, tried_at=NOW + MINUTE)
        promises.go_on(tx, CallbackId("b1"), made, kept)
        promises.go_on(tx, CallbackId("b1"), made, replace(made, ended_at=NOW + HOUR, ended=End.WITHDRAWN))
        assert promises.last(tx, CallbackId("b1")) == kept
        assert promises.last(tx, CallbackId("another")) != kept


def test_a_promise_that_goes_on_is_told_by_one_entry_at_any_time(database: Database) -> None:
    """Withdrawn in the sixth minute, and undone in the seventh."""
    ended, went_on = NOW + 6 * MINUTE, NOW + 7 * MINUTE
    with database.write() as tx:
        made = promise(tx)
        withdrawn = replace(made, ended_at=ended, ended=End.WITHDRAWN)
        promises.go_on(tx, CallbackId("b1"), made, withdrawn)
        promises.go_on(tx, CallbackId("b1"), withdrawn, replace(withdrawn, stands_until=went_on))
        promise(tx, stands_from=went_on)

    def told(at: datetime) -> list[tuple[Became, int]]:
        with database.read() as tx:
            return [(one.became, one.promises) for one in promises.count(tx, Period(TODAY.since, at))]

    assert told(NOW + 5 * MINUTE) == [(Became.WAITING, 1)]
    assert told(ended) == [(Became.WITHDRAWN, 1)]
    assert told(went_on) == [(Became.WAITING, 1)]
    assert told(NOW + HOUR) == [(Became.LATE, 1)]


_moments = st.integers(0, 40).map(lambda minutes: NOW + minutes * MINUTE)


@given(
    entries=st.lists(
        st.tuples(
            st.sampled_from([Line.ADMISSIONS, Line.FAMILY]),
            _moments,
            _moments,
            st.none() | _moments,
            st.sampled_from([None, *End]),
            st.none() | st.integers(0, 10).map(lambda minutes: minutes * MINUTE),
        ),
        max_size=12,
    ),
    until=st.integers(1, 45),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_promises_add_up_to_all_that_were_made(
    database: Database,
    entries: list[tuple[Line, datetime, datetime, datetime | None, End | None, timedelta | None]],
    until: int,
) -> None:
    """Each is in one row, the one that the rule says; whatever the database."""
    period = Period(NOW, NOW + until * MINUTE)
    expected: Counter[tuple[Line, Became]] = Counter()
    with database.write() as tx:
        tx.execute(delete(tables.promises))
        for n, (line, made_at, promised_at, settled_at, ended, taken_back) in enumerate(entries):
            how: dict[str, Any] = (
                {"ended_at": settled_at, "ended": ended} if ended else {"tried_at": settled_at}
            )
            if not ended and settled_at is not None and taken_back is not None:
                how |= {"ended_at": settled_at + taken_back, "ended": End.WITHDRAWN}
            made = promise(tx, f"p{n}", line=line, made_at=made_at, promised_at=promised_at, **how)
            if made_at < period.until:
                expected[line, became(made, period.until)] += 1
    with database.read() as tx:
        assert {(one.line, one.became): one.promises for one in promises.count(tx, period)} == expected


def test_it_is_told_why_a_promise_was_late(database: Database) -> None:
    """Nobody rung; rung, and nobody took it; taken, and not called in time."""
    with database.write() as tx:
        staff.add(tx, member())
        for name, state in (("b1", None), ("b2", PageState.UNREACHED), ("b3", PageState.ACCEPTED)):
            promise(tx, name)
            rung = replace(escalation(f"e-{name}", Subject.CALLBACK), callback_id=CallbackId(name))
            escalations.add(tx, rung)
            if state is not None:
                placed = page(f"p-{name}", escalation_id=rung.escalation.id, placed_at=NOW + MINUTE)
                pages.add(tx, replace(placed, state=state))
            if state is PageState.ACCEPTED:
                taken_at(tx, name, NOW + 2 * MINUTE)
        promise(tx, "kept", tried_at=NOW + MINUTE)
    with database.read() as tx:
        assert promises.faults(tx, TODAY) == [
            LateCount(Line.ADMISSIONS, LateReason.NOBODY_RUNG, 1),
            LateCount(Line.ADMISSIONS, LateReason.NOBODY_TOOK, 1),
            LateCount(Line.ADMISSIONS, LateReason.NOT_CALLED, 1),
        ]
        assert promises.count(tx, TODAY) == [
            PromiseCount(Line.ADMISSIONS, Channel.VOICE, Became.KEPT, 1),
            PromiseCount(Line.ADMISSIONS, Channel.VOICE, Became.LATE, 3),
        ]


def test_what_is_kept_by_a_word_alone_is_told_apart(database: Database) -> None:
    """Closed by an outcome in the moment in which it was kept; whoever was rung, or talked, was so before that."""
    with database.write() as tx:
        for name, tried_at in (("said", 5), ("rung", 3)):
            outcome = replace(callback(name, outcome=Outcome.REACHED), closed_at=NOW + 5 * MINUTE)
            callbacks.add(tx, outcome)
            promise(tx, name, tried_at=NOW + tried_at * MINUTE)
        too_late = replace(callback("late", outcome=Outcome.REACHED), closed_at=NOW + 20 * MINUTE)
        callbacks.add(tx, too_late)
        promise(tx, "late", tried_at=NOW + 20 * MINUTE)
    with database.read() as tx:
        assert promises.by_word(tx, TODAY) == [WordCount(Line.ADMISSIONS, 1)]
        assert promises.by_word(tx, Period(NOW, NOW + 4 * MINUTE)) == []


def taken_at(tx: Tx, callback_id: str, at: datetime) -> None:
    """Somebody has had this callback from then on, by key or on the board."""
    timeline.add(tx, TimelineRow(at, TimelineWord.CALLBACK_TAKEN, callback_id=CallbackId(callback_id)))


def test_what_else_of_theirs_was_taken_takes_no_callback(database: Database) -> None:
    """Their emergency of the same thread was; this rang in vain, or was never rung for, or was taken too late."""
    with database.write() as tx:
        staff.add(tx, member())
        for name, rang in (("never", False), ("vain", True), ("late", True)):
            promise(tx, name)
            emergency = replace(escalation(f"x-{name}", Subject.EMERGENCY), callback_id=CallbackId(name))
            escalations.add(tx, emergency)
            pages.add(
                tx,
                replace(
                    page(f"xp-{name}", escalation_id=emergency.escalation.id, placed_at=NOW + MINUTE),
                    state=PageState.ACCEPTED,
                ),
            )
            if rang:
                rung = replace(escalation(f"c-{name}", Subject.CALLBACK), callback_id=CallbackId(name))
                escalations.add(tx, rung)
                placed = page(f"cp-{name}", escalation_id=rung.escalation.id, placed_at=NOW + MINUTE)
                state = PageState.ACCEPTED if name == "late" else PageState.UNREACHED
                pages.add(tx, replace(placed, state=state))
        taken_at(tx, "late", NOW + 16 * MINUTE)
        promise(tx, "claimed")
        taken_at(tx, "claimed", NOW + 5 * MINUTE)
    with database.read() as tx:
        assert promises.faults(tx, TODAY) == [
            LateCount(Line.ADMISSIONS, LateReason.NOBODY_RUNG, 1),
            LateCount(Line.ADMISSIONS, LateReason.NOBODY_TOOK, 2),
            LateCount(Line.ADMISSIONS, LateReason.NOT_CALLED, 1),
        ]


def test_what_staff_were_asked_and_did_is_told_by_person(database: Database) -> None:
    """And how soon what waited was first taken."""
    with database.write() as tx:
        for person in ("s1", "s2"):
            staff.add(tx, member(person))
        escalations.add(tx, escalation())
        escalations.add(tx, escalation("e2"))
        s1, s2 = StaffId("s1"), StaffId("s2")
        pages.add(tx, page("p1", answered_at=NOW + SECOND, provider_sid="CA1"))
        pages.add(tx, page("p2", how=How.TEXT, provider_sid="SM1"))
        pages.add(tx, page("p3", staff_id=s2, provider_sid="CA2"))
        pages.add(tx, page("p4", staff_id=s2, placed_at=NOW + DAY, provider_sid="CA3"))
        pages.add(tx, page("p5", escalation_id=EscalationId("e2")))  # the call of p1 is about this, too
        claimed = escalation("e3")
        rule = replace(claimed.escalation, accepted_by=s1, accepted_at=NOW + 30 * SECOND)
        escalations.add(tx, replace(claimed, escalation=rule))
        escalations.add(tx, replace(escalation("e4"), closed_at=NOW + HOUR))
        for what, by, after, about in (
            ("taken_over", s2, 2 * HOUR, "e1"),
            ("accepted", s1, 90 * SECOND, "e1"),
            ("accepted", s2, HOUR, "e1"),
            ("claimed", s2, HOUR, "b1"),
            ("accepted", s2, HOUR, "b1"),  # by their own key, once they had asked to be rung for it
            ("outcome", s1, HOUR, None),
            ("opted_out", None, HOUR, None),
            ("opted_out", None, DAY, None),
        ):
            timeline.add(
                tx,
                TimelineRow(
                    NOW + after,
                    what,
                    callback_id=CallbackId(about) if about == "b1" else None,
                    escalation_id=EscalationId(about) if about and about != "b1" else None,
                    by_staff=by,
                ),
            )
        messages.add(tx, message("m1", by_staff=s2, at=NOW + HOUR))
    with database.read() as tx:
        assert crew_measures.by_person(tx, TODAY) == [
            Work(s1, rung=1, texted=1, picked_up=1, took=1, outcomes=1, texts=0),
            Work(s2, rung=1, texted=0, picked_up=0, took=2, outcomes=0, texts=1),
        ]
        (taken,) = crew_measures.taken(tx, TODAY)
        assert (taken.subject, taken.opened, taken.waiting, taken.over_untaken) == (
            Subject.EMERGENCY,
            4,
            1,
            1,
        )
        assert taken.taken is not None
        assert (taken.taken.times, taken.taken.p50) == (2, 30 * SECOND)
        assert crew_measures.stops(tx, TODAY) == (1, 0)


_LATER = st.none() | st.integers(-5, 90)


@given(
    opened=st.lists(st.tuples(st.integers(0, 60), _LATER, _LATER, _LATER), max_size=12),
    until=st.integers(1, 60),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_who_took_what_is_never_less_than_nothing_and_the_next_hour_changes_none(
    database: Database, opened: list[tuple[int, int | None, int | None, int | None]], until: int
) -> None:
    """Claimed on the board, accepted by key, closed before anybody had it, or none of these by the period's end; calls
    of ours that are picked up after it were not picked up in it."""
    period, after = Period(NOW, NOW + until * MINUTE), NOW + (until + 1) * MINUTE
    person = StaffId("s1")
    with database.write() as tx:
        for table in (tables.timeline, tables.pages, tables.escalations):
            tx.execute(delete(table))
        if staff.get(tx, person) is None:
            staff.add(tx, member(person))
        for number, (minute, claimed, accepted, closed) in enumerate(opened):
            at = NOW + minute * MINUTE
            one, rule = escalation(f"t{number}"), escalation(f"t{number}").escalation
            rule = replace(rule, opened_at=at)
            if claimed is not None:
                rule = replace(rule, accepted_by=person, accepted_at=at + claimed * MINUTE)
            ended = at + max(0, closed) * MINUTE if closed is not None else None
            escalations.add(tx, replace(one, escalation=rule, closed_at=ended))
            answered = at + max(0, accepted) * MINUTE if accepted is not None else None
            about = EscalationId(f"t{number}")
            pages.add(
                tx,
                page(
                    f"t{number}",
                    escalation_id=about,
                    placed_at=at,
                    answered_at=answered,
                    provider_sid=f"CA{number}",
                ),
            )
            if answered is not None:
                timeline.add(tx, TimelineRow(answered, "accepted", escalation_id=about, by_staff=person))
    with database.read() as tx:
        then = crew_measures.taken(tx, period), crew_measures.by_person(tx, period)
    for counted in then[0]:
        assert min(counted.opened, counted.waiting, counted.over_untaken) >= 0
        assert counted.taken is None or counted.taken.p50 >= timedelta(0)
    with database.write() as tx:
        kept = tables.escalations.c
        tx.execute(update(tables.escalations).where(kept.accepted_at.is_(None)).values(accepted_at=after))
        tx.execute(update(tables.escalations).where(kept.closed_at.is_(None)).values(closed_at=after))
        tx.execute(update(tables.pages).where(tables.pages.c.answered_at.is_(None)).values(answered_at=after))
        for number in range(len(opened)):
            about = EscalationId(f"t{number}")
            timeline.add(tx, TimelineRow(after, "accepted", escalation_id=about, by_staff=person))
    with database.read() as tx:
        assert (crew_measures.taken(tx, period), crew_measures.by_person(tx, period)) == then


def test_the_last_waits_are_those_of_the_line_and_of_callers(database: Database) -> None:
    """The latest answer first, however early the call began; not before the moment asked for."""

    def times() -> Iterator[tuple[datetime, timedelta]]:
        yield NOW - HOUR, HOUR + SECOND
        yield NOW, 5 * SECOND
        yield NOW, 3 * SECOND
        yield NOW - MINUTE, 59 * SECOND  # answered a second too early

    with database.write() as tx:
        for opened_at, wait in times():
            reached(tx, wait, opened_at=opened_at, line=Line.FAMILY)
        reached(tx, SECOND, line=Line.PERSON)
        reached(tx, SECOND, line=Line.FAMILY, outbound=True)
        add(tx, line=Line.FAMILY)
    with database.read() as tx:
        assert waits.last(tx, Line.FAMILY, NOW, 9) == [5 * SECOND, 3 * SECOND, HOUR + SECOND]
        assert waits.last(tx, Line.FAMILY, NOW, 2) == [5 * SECOND, 3 * SECOND]


def test_a_day_without_calls_has_nothing_to_tell(database: Database) -> None:
    """And nothing fails of it."""
    with database.read() as tx:
        assert measures.drop_offs(tx, TODAY) == []
        assert measures.outcomes(tx, TODAY) == []
        assert measures.quarters(tx, TODAY) == []
        assert dispositions.dispositions(tx, TODAY) == []
        assert waits.live(tx, TODAY) == []
        assert waits.rung_back(tx, TODAY) == []
        assert waits.given_up(tx, TODAY) == []
        assert waits.spread(tx, TODAY, [MINUTE]) == []
        assert promises.count(tx, TODAY) == []
        assert promises.faults(tx, TODAY) == []
        assert crew_measures.by_person(tx, TODAY) == []
        assert crew_measures.taken(tx, TODAY) == []
        assert crew_measures.stops(tx, TODAY) == (0, 0)


def test_who_had_written_and_was_called_has_waited_since_a_person_was_to_read_it(database: Database) -> None:
    """In an emergency, since that began. Nobody had promised a call, so none of them was rung back."""
    with database.write() as tx:
        for name, line, subject in (
            ("q", Line.PERSON, Subject.THREAD),
            ("e", Line.EMERGENCY, Subject.EMERGENCY),
        ):
            contacts.add(tx, thread(f"text-{name}", opened_at=NOW - HOUR))
            whose = ContactId(f"text-{name}")
            escalations.add(tx, replace(escalation(f"about-{name}", subject), contact_id=whose))
            asked = callback(name, line=line, opened_at=NOW + 3 * MINUTE)
            callbacks.add(tx, replace(asked, contact_id=whose))
            promise(tx, name, made_at=NOW + 3 * MINUTE)
            ours: dict[str, Any] = {"outbound": True, "line": line, "callback_id": CallbackId(name)}
            reached(tx, 4 * MINUTE, 9 * MINUTE, **ours)
    with database.read() as tx:
        assert waits.called(tx, TODAY) == [
            Waits(Line.EMERGENCY, 1, 4 * MINUTE, 4 * MINUTE, 4 * MINUTE),
            Waits(Line.PERSON, 1, 4 * MINUTE, 4 * MINUTE, 4 * MINUTE),
        ]
        assert waits.rung_back(tx, TODAY) == []


def test_whom_the_menu_promised_a_call_by_text_was_rung_back(database: Database) -> None:
    """A person had read something of theirs before, and closed it."""
    with database.write() as tx:
        contacts.add(tx, thread("text", opened_at=NOW - HOUR))
        about = replace(escalation("about", Subject.THREAD), contact_id=ContactId("text"))
        escalations.add(tx, replace(about, closed_at=NOW + MINUTE))
        asked = callback("b1", opened_at=NOW + 2 * MINUTE)
        callbacks.add(tx, replace(asked, contact_id=ContactId("text")))
        promise(tx, made_at=NOW + 2 * MINUTE)
        ours: dict[str, Any] = {"outbound": True, "line": Line.ADMISSIONS, "callback_id": CallbackId("b1")}
        reached(tx, 4 * MINUTE, **ours)
    with database.read() as tx:
        assert waits.called(tx, TODAY) == []
        assert waits.rung_back(tx, TODAY) == [Waits(Line.ADMISSIONS, 1, 2 * MINUTE, 2 * MINUTE, 2 * MINUTE)]
