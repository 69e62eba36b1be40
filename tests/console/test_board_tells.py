"""What the board says is so: of texts that don't arrive, of phones that don't ring, of the order of things."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from hotline.callbacks.callback import CallbackStatus, CallerDialled, PickedUp, TalkOver
from hotline.carrier_words import TextStatus
from hotline.console import page_words
from hotline.console.language import dates
from hotline.model import CallbackId, ContactId, Language, Line, Outcome, PhoneNumber
from hotline.operations.callbacks import ringing_back
from hotline.operations.console import coordinator
from hotline.operations.console.callback_cards import WaitingCallback
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, contacts
from hotline.store.traffic import messages
from hotline.store.traffic.messages import Direction, MessageRow
from tests.console.centre import EPOCH, Centre, press
from tests.store.examples import contact

NUMBER = "+16175550144"


def _board(centre: Centre, name: str = "Ana Lima") -> str:
    return centre.signed_in(name).get("/board").text


def _safe_to_text(centre: Centre) -> None:
    """They want to be called back, and have said that a message and a text are safe."""
    centre.hangs_up(centre.calls_in(NUMBER, keys="24444"))


def test_a_text_is_not_called_safe_after_stop(centre: Centre) -> None:
    """Whatever they said before."""
    _safe_to_text(centre)
    assert "text ok" in _board(centre)
    centre.texts("STOP", NUMBER)
    board = _board(centre)
    assert "NO TEXT: they sent STOP" in board
    assert "text ok" not in board


def test_a_text_is_not_called_safe_on_a_landline(centre: Centre) -> None:
    """As the carrier said of the last one."""
    _safe_to_text(centre)
    lost = MessageRow(
        id="m1",
        contact_id=None,
        direction=Direction.OUT,
        number=PhoneNumber(NUMBER),
        body="x",
        status=TextStatus.UNDELIVERED,
        status_rank=9,
        at=EPOCH,
        error="30006",
    )
    centre.application.change(lambda transaction: messages.add(transaction.tx, lost))
    board = _board(centre)
    assert "NO TEXT: a landline" in board
    assert "text ok" not in board


def test_one_s_own_emergency_stands_below_what_nobody_has(centre: Centre) -> None:
    """And that somebody is on the line in one isn't denied below."""
    centre.calls_in("+16175550141", keys="1")
    first, chloe = centre.escalation(), centre.people["Chloe Baptiste"]
    centre.application.change(partial(coordinator.accept, escalation_id=first, by=chloe))
    centre.clock.pass_by(timedelta(seconds=5))
    centre.calls_in("+16175550142", keys="1")
    board = _board(centre, "Chloe Baptiste")
    assert board.index("Ending 0142") < board.index("555-0141")
    assert "Nobody else is on the line." in board


def test_the_skip_link_leads_to_emergencies_first(centre: Centre) -> None:
    """It is the first thing on the page, and its target stands before all else that waits."""
    board = _board(centre)
    assert re.search(r'<a class="skip" href="#(\w+)">', board)[1] == "emergencies"  # type: ignore[index]
    places = [board.index(f'id="{name}"') for name in ("emergencies", "callers", "callbacks", "texts")]
    assert places == sorted(places)


def test_callbacks_stand_in_the_order_that_is_said(centre: Centre) -> None:
    """By line, then by the time promised."""
    for number, line in (("+16175550151", "3"), ("+16175550152", "2"), ("+16175550153", "2")):
        centre.asks_for_callback(number, line)
        centre.clock.pass_by(timedelta(minutes=1))
    board = _board(centre)
    assert "what is late, then by line, each by the time promised" in board
    places = [board.index(f"Ending 0{number}") for number in (152, 153, 151)]
    assert places == sorted(places)


def test_what_is_late_stands_above_what_has_time_left(centre: Centre) -> None:
    """A family callback that is past its promise, and an admissions one that has just been asked for."""
    centre.asks_for_callback("+16175550151", "3")
    centre.clock.pass_by(timedelta(hours=1))
    centre.asks_for_callback("+16175550152", "2")
    board = _board(centre)
    assert board.index("Ending 0151") < board.index("Ending 0152")


def test_who_is_to_be_called_tomorrow_stands_below_who_is_due_now(centre: Centre) -> None:
    """Even on a line that comes first; and of two for later, the one whose time comes first."""
    ana = centre.signed_in("Ana Lima")
    for number, line, later in (
        ("+16175550151", "4", "2026-03-04T15:00"),
        ("+16175550152", "2", "2026-03-03T15:00"),
    ):
        callback = centre.asks_for_callback(number, line)
        centre.claims("Ana Lima", callback)
        press(ana, f"/board/callbacks/{callback}/outcome", outcome="call_later", later=later)
    centre.asks_for_callback("+16175550153", "3")
    board = _board(centre)
    places = [board.index(f"Ending 0{number}") for number in (153, 152, 151)]
    assert places == sorted(places)
    assert "Then what is for later, by its time." in board


def _waiting(**different: object) -> WaitingCallback:
    given: dict[str, object] = {
        "callback": CallbackId("c"), "contact": ContactId("x"), "line": Line.PERSON, "language": Language.EN,
        "status": CallbackStatus.RINGING, "number": None, "opened_at": EPOCH, "due_at": None, "promised_at": EPOCH,
        "late": False, "attempts": 0, "repeats": 0, "owner": None, "mine": False, "message_safe": False,
        "text_safe": False, "needs_supervisor": False,
    }  # fmt: skip
    return WaitingCallback(**{**given, **different})  # type: ignore[arg-type]


def test_phones_are_said_to_ring_only_while_one_does() -> None:
    """Between two rounds, nobody took it yet; and a call to any person is a callback like others."""
    assert page_words.callback_state(_waiting(phones_ring=("Ana", "Ben"))) == "Phones ring: Ana, Ben"
    assert page_words.callback_state(_waiting(phones_ring=("Ana",))) == "Phone rings: Ana"
    assert page_words.callback_state(_waiting()) == "Nobody took it yet"
    assert page_words.callback_news(_waiting(status=CallbackStatus.WAITING)) == "Callback waiting"
    assert (
        page_words.callback_news(_waiting(line=Line.FAMILY)) == "Family support callback: nobody took it yet"
    )


def test_each_try_is_told_and_until_when_the_next_is_to_be_made(centre: Centre) -> None:
    """One clock: while a try is planned the countdown counts to it, and to what is promised only when none is."""
    callback, ana = centre.asks_for_callback(NUMBER), centre.signed_in("Ana Lima")
    board = ana.get("/board").text
    assert "next try" not in board
    assert "data-until-words>left</span>" in board
    centre.claims("Ana Lima", callback)
    press(ana, f"/board/callbacks/{callback}/outcome", outcome="no_answer")
    board = ana.get("/board").text
    assert "tried 1×" in board
    assert "next try" in board
    assert re.search(r"next try <time[^>]*>[\d:]+</time>, by <time[^>]*>[\d:]+</time> at the latest", board)
    assert 'data-until-words="next try in">next try in</span>' in board
    counted = re.search(r'<time class="left" datetime="([^"]*)"', board)
    planned = re.search(r'next try <time datetime="([^"]*)"', board)
    assert counted is not None
    assert planned is not None
    assert counted[1] == planned[1]


def test_of_each_of_our_calls_it_is_told_when_it_was_and_how_it_ended(centre: Centre) -> None:
    """The latest first, with the time on the wall."""
    callback = centre.asks_for_callback(NUMBER)
    calls = ((0, Outcome.NO_ANSWER), (20, Outcome.BUSY))

    def were_made(transaction: Transaction) -> None:
        for after, outcome in calls:
            at = EPOCH + timedelta(minutes=after)
            made = contact(f"o{after}", outbound=True, callback_id=callback, opened_at=at)
            contacts.add(transaction.tx, replace(made, ended_at=at, outcome=outcome))

    centre.application.change(were_made)
    centre.clock.pass_by(timedelta(minutes=26))
    page = _board(centre)
    card = page[page.index(f'id="callback-{callback}"') :]
    assert "What happened at our 2 calls: busy" in card
    listed = card.partition('<ol class="tries">')[2].partition("</ol>")[0]
    told = re.findall(r"<li><time[^>]*>([\d:]+)</time> ([^<]+)</li>", listed)
    assert told == [("13:20", "busy"), ("13:00", "no answer")]


def test_whoever_hung_up_in_an_emergency_is_to_be_called_back_and_then_is(centre: Centre) -> None:
    """With the time, which is two minutes later; from that moment on, that it is being done."""
    call = centre.calls_in(NUMBER, keys="1")
    board = _board(centre, "Chloe Baptiste")
    assert "to be called back at" not in board
    centre.clock.pass_by(timedelta(seconds=30))
    centre.hangs_up(call)
    board = _board(centre, "Chloe Baptiste")
    assert re.search(r"to be called back at <time[^>]*>13:02</time>", board)
    assert "being called back" not in board
    centre.clock.pass_by(timedelta(minutes=2))
    board = _board(centre, "Chloe Baptiste")
    assert "being called back" in board
    assert "to be called back at" not in board


def test_a_long_text_stands_on_the_board_by_its_first_lines(centre: Centre) -> None:
    """All of it is behind a press; what may be danger in it is seen at once."""
    long = "I wanted to ask about the day programme and what I need to bring along. " * 20
    centre.texts(long)
    board = _board(centre)
    assert f'<span class="first">{long[:200]}' in board
    assert f'<div dir="auto">{long}</div></details>' in board
    centre.texts(f"{long}i dont see the point of going on {long}", "+16175550143")
    assert _board(centre).count('<span class="first">') == 1


def test_what_to_do_is_said_by_the_words_on_its_button(centre: Centre) -> None:
    """A thread is accepted, and nothing tells anybody to claim it."""
    centre.texts("is the side door open")
    board = _board(centre)
    assert ">Accept" in board
    assert "Claim the thread" not in board


def test_whoever_has_been_called_is_counted_down_for_no_more(centre: Centre) -> None:
    """Their owner has yet to say who it was: no time is promised for another call until then."""
    callback, ana = centre.asks_for_callback(NUMBER), centre.signed_in("Ana Lima")
    centre.claims("Ana Lima", callback)

    def is_called(transaction: Transaction) -> None:
        for event in (
            CallerDialled(transaction.now + timedelta(minutes=2)),
            PickedUp(transaction.now),
            TalkOver(transaction.now + timedelta(minutes=2)),
        ):
            row = callbacks.get(transaction.tx, callback)
            assert row is not None
            ringing_back.change(transaction, row, event)

    centre.application.change(is_called)
    board = ana.get("/board").text
    card = board[board.index(f'id="callback-{callback}"') :].split('class="acts"')[0]
    assert "The call is over: you must say who it was" in card
    assert '<span class="left">Called</span>' in card
    assert "tried 1×" in card
    for untrue in ("data-until", "next try", "at the latest"):
        assert untrue not in card
    # Nor is anything offered that is refused: it isn't theirs to put back until they have said who it was.
    assert f"/board/callbacks/{callback}/put-back" not in board
    assert f"/board/callbacks/{callback}/call" in board


def test_the_wall_s_clock_is_never_ahead_of_the_wall() -> None:
    """23:59:59 is 23:59; a minute is said when it has begun."""
    zone, at = ZoneInfo("America/New_York"), datetime(2026, 3, 3, 4, 59, 59, tzinfo=UTC)
    assert dates.clock(at, zone) == "23:59"
    assert dates.clock(at, zone, at + timedelta(seconds=1)) == "Mon 23:59"


@pytest.mark.parametrize("outcome", [one for one in Outcome if one in page_words.OUTCOMES])
def test_how_a_try_ended_is_said_in_its_own_words(outcome: Outcome) -> None:
    """Never merely "ended", if it is known."""
    assert page_words.try_ended(outcome) == page_words.OUTCOMES[outcome].lower()
    assert page_words.try_ended(None) == "going on"


def test_what_one_has_is_named_above_with_the_way_to_it(centre: Centre) -> None:
    """However long the lists are: callbacks, texts and emergencies of one's own, and nothing where one has nothing."""
    first, others = centre.asks_for_callback("+16175550101"), centre.signed_in("Ben Ortiz")
    for number in range(5):
        centre.asks_for_callback(f"+1617555012{number}", "0")
    assert 'class="yours"' not in others.get("/board").text
    centre.claims("Ana Lima", first)
    yours = (
        centre.signed_in("Ana Lima").get("/board").text.partition('class="yours"')[2].partition("</nav>")[0]
    )
    assert f'href="#callback-{first}"' in yours
    assert yours.count("<li") == 1
    assert "promised by 13:15" in yours
    assert 'class="yours"' not in others.get("/board").text
