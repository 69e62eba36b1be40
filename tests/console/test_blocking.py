"""Blocking a number from the board: with a reason and for a time, by those who may, and on the record."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from flask.testing import FlaskClient

from hotline.callbacks.callback import CallbackStatus
from hotline.console.page_words import BLOCKED_FOR
from hotline.model import CallbackId, ContactId, Outcome, PhoneNumber
from hotline.operations.callbacks import undoing
from hotline.operations.console import board
from hotline.operations.conversation import caller
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, contacts, escalations
from hotline.store.people import blocks
from hotline.store.people.blocks import Block
from hotline.triage.caller_events import Pressed
from tests.console.centre import EPOCH, Centre, press
from tests.operations.statements import counted

MIA = "+16175550142"


def blocked(centre: Centre) -> list[Block]:
    return centre.application.look(lambda transaction: blocks.every(transaction.tx, transaction.now))


def _lately_closed(client: FlaskClient, callback: CallbackId) -> str:
    """What stands on the board of this closed callback."""
    return client.get("/board").text.split(f'<li id="done-{callback}" ')[1].split("</li>")[0]


@pytest.mark.parametrize("how_long", BLOCKED_FOR)
@pytest.mark.parametrize("name", ["Ana Lima", "Eve Stone"])
def test_a_number_is_blocked_for_a_time_and_with_a_reason(centre: Centre, name: str, how_long: str) -> None:
    """By a coordinator or a supervisor; who it was is on the record."""
    contact = centre.calls_in(MIA, "2")
    response = press(
        centre.signed_in(name),
        f"/board/callers/{contact}/block",
        script=True,
        reason="threats",
        lasting=how_long,
    )
    assert response.json == {
        "said": "Blocked. Emergencies from that number are still put through.",
        "good": True,
    }
    (made,) = blocked(centre)
    assert (made.number, made.reason, made.by) == (PhoneNumber(MIA), "threats", centre.people[name])
    assert made.expires_at == EPOCH + BLOCKED_FOR[how_long][1]
    assert "block" in centre.audited()


def test_who_is_blocked_is_owed_nothing_and_says_so_and_it_can_be_undone(centre: Centre) -> None:
    """Their callback closes; a card of theirs is marked; one press puts them through, and what was owed is back."""
    callback = centre.asks_for_callback(MIA)
    contact = centre.application.look(lambda transaction: callbacks.get(transaction.tx, callback)).contact_id  # type: ignore[union-attr]
    ana = centre.signed_in("Ana Lima")
    assert "They wait for no callback" not in ana.get("/board").text
    centre.texts("can my cousin come by on a thursday with the blue one", MIA)
    before = ana.get("/board").text
    assert "This also closes their admissions callback. Their text stays open." in before
    told = press(ana, f"/board/callers/{contact}/block", script=True, reason="threats", lasting="day")
    assert told.json is not None
    assert told.json["said"].startswith(
        "Blocked. Closed with it: their admissions callback. Their text stays open."
    )
    row = centre.application.look(lambda transaction: callbacks.get(transaction.tx, callback))
    assert row is not None
    assert (row.callback.is_open, row.callback.outcome) == (False, Outcome.BLOCKED)
    assert "Undo and unblock" in ana.get("/board").text
    assert "Ana Lima" in _lately_closed(ana, callback), "who blocked them, though the callback was nobody's"
    assert press(ana, f"/board/callbacks/{callback}/undo", script=True).json == {
        "said": "It is open again, and yours. Their number is not blocked any more.",
        "good": True,
    }
    assert blocked(centre) == []
    row = centre.application.look(lambda transaction: callbacks.get(transaction.tx, callback))
    assert row is not None
    assert row.callback.is_open
    press(ana, f"/board/callers/{contact}/block", script=True, reason="threats", lasting="day")
    again = centre.calls_in(MIA, "2")
    assert 'class="chip late">Blocked' in ana.get("/board").text
    told = press(ana, f"/board/callers/{again}/unblock", script=True)
    assert told.json is not None
    assert (told.json["good"], blocked(centre)) == (True, [])


def test_all_that_a_block_closed_is_said_and_is_open_again_when_it_is_undone(centre: Centre) -> None:
    """Two of one line have asked from one number; whichever of them is undone, the other goes back to whoever had it,
    or into the line."""
    one = centre.asks_for_callback(MIA)

    def asks_for_another(transaction: Transaction) -> CallbackId:
        row = callbacks.get(transaction.tx, one)
        assert row is not None
        other = replace(row, callback=replace(row.callback, id=CallbackId("other")))
        return callbacks.add(transaction.tx, other).callback.id

    other = centre.application.change(asks_for_another)
    eve = centre.signed_in("Eve Stone")
    contact = centre.application.look(lambda transaction: callbacks.get(transaction.tx, one)).contact_id  # type: ignore[union-attr]
    assert "This also closes their 2 admissions callbacks." in eve.get("/board").text
    told = press(eve, f"/board/callers/{contact}/block", script=True, reason="threats", lasting="day")
    assert told.json is not None
    assert told.json["said"].startswith("Blocked. Closed with it: their 2 admissions callbacks.")
    assert press(eve, f"/board/callbacks/{one}/undo", script=True).json == {
        "said": "It is open again, and yours. So is 1 more callback of theirs, as it stood. "
        "Their number is not blocked any more.",
        "good": True,
    }
    found = centre.application.look(
        lambda transaction: [callbacks.get(transaction.tx, each) for each in (one, other)]
    )
    stand = [(row.callback.status, row.callback.owner) for row in found if row is not None]
    assert stand == [(CallbackStatus.TAKEN, centre.people["Eve Stone"]), (CallbackStatus.WAITING, None)]


def _owes_mia(centre: Centre) -> tuple[CallbackId, ContactId]:
    """A callback that a block has closed, and the case."""
    return _owes(centre, MIA)


def _owes(centre: Centre, number: str) -> tuple[CallbackId, ContactId]:
    callback = centre.asks_for_callback(number)
    row = centre.application.look(lambda transaction: callbacks.get(transaction.tx, callback))
    assert row is not None
    told = press(
        centre.signed_in("Ana Lima"),
        f"/board/callers/{row.contact_id}/block",
        script=True,
        reason="threats",
        lasting="week",
    )
    assert told.json is not None
    assert told.json["good"], told.json
    return callback, row.contact_id


def test_the_board_asks_once_for_all_that_blocks_have_closed(centre: Centre) -> None:
    """However many numbers were blocked."""

    def statements() -> int:
        with counted(500) as ran:
            centre.application.look(
                lambda transaction: board.board(transaction, centre.people["Ana Lima"], at_most=50)
            )
        return len(ran)

    _owes_mia(centre)
    of_one = statements()
    for last in range(5):
        _owes(centre, f"+1617555076{last}")
    assert statements() <= of_one


def test_the_page_asks_once_for_all_that_is_blocked(centre: Centre) -> None:
    """However many numbers are, and whatever their blocks have closed."""
    eve = centre.signed_in("Eve Stone")

    def statements() -> int:
        with counted(500) as ran:
            assert eve.get("/blocked").status_code == 200
        return len(ran)

    _owes_mia(centre)
    statements()  # the session is seen to be there once a minute
    of_one = statements()
    for last in range(5):
        _owes(centre, f"+1617555076{last}")
        press(
            eve,
            f"/board/callers/{centre.calls_in(f'+1617555077{last}', '2')}/block",
            script=True,
            reason="threats",
            lasting="week",
        )
    assert statements() <= of_one
    assert len(blocked(centre)) == 11
    assert eve.get("/blocked").text.count("It closed their admissions callback") == 6


def _stands(centre: Centre, callback: CallbackId) -> tuple[CallbackStatus, Outcome | None]:
    row = centre.application.look(lambda transaction: callbacks.get(transaction.tx, callback))
    assert row is not None
    return row.callback.status, row.callback.outcome


def test_who_unblocks_a_number_is_told_what_the_block_closed_and_brings_it_back_in_one_step(
    centre: Centre,
) -> None:
    """Long after a slip could be undone: it is in line again, due when it was, and so late; its promise goes on."""
    callback, case = _owes_mia(centre)
    before = centre.application.look(lambda transaction: callbacks.get(transaction.tx, callback))
    assert before is not None
    centre.clock.pass_by(timedelta(hours=3))
    eve = centre.signed_in("Eve Stone")
    page = eve.get("/blocked").text
    assert "It closed their admissions callback, promised for" in page
    assert f'href="/threads/{case}"' in page
    assert "Unblock, and bring it back" in page
    (one,) = blocked(centre)
    assert press(eve, f"/blocked/{one.id}/unblock", script=True, bring_back="yes").json == {
        "said": "Not blocked any more. Open again, due when it was: their admissions callback.",
        "good": True,
        "at": f"/threads/{case}",
        "link": "Open the case",
    }
    assert _stands(centre, callback) == (CallbackStatus.WAITING, None)
    row = centre.application.look(lambda transaction: callbacks.get(transaction.tx, callback))
    assert row is not None
    assert row.callback.promised_at == before.callback.promised_at, "it keeps its place, and is late"
    assert row.callback.due_at == centre.clock.now, "and phones ring for it now"
    assert blocked(centre) == []


def test_what_stays_closed_when_a_number_is_unblocked_is_said_and_comes_back_from_the_case(
    centre: Centre,
) -> None:
    """On the list, and on the case's page, until it is back, or they have asked again; on the board once it is pressed,
    for there it would be asked for each number anew, every second."""
    callback, case = _owes_mia(centre)
    again = centre.calls_in(MIA, "2")
    centre.clock.pass_by(timedelta(hours=3))
    ana = centre.signed_in("Ana Lima")
    closed = "The block has closed their admissions callback: nobody calls them unless that is brought back."
    assert closed in ana.get(f"/threads/{again}").text
    assert closed not in ana.get("/board").text
    told = press(ana, f"/board/callers/{again}/unblock", script=True).json
    assert told == {
        "said": f"Not blocked any more. {closed}",
        "good": True,
        "at": f"/threads/{case}",
        "link": "Open the case",
    }
    assert _stands(centre, callback) == (CallbackStatus.CLOSED, Outcome.BLOCKED)
    assert "Bring it back" in ana.get(f"/threads/{case}").text
    assert "Bring it back" not in centre.signed_in("Chloe Baptiste").get(f"/threads/{case}").text
    assert press(ana, f"/board/callbacks/{callback}/undo", script=True).json == {
        "said": "It is open again, and yours.",
        "good": True,
    }
    assert "Bring it back" not in ana.get(f"/threads/{case}").text


def test_nothing_comes_back_in_the_place_of_what_was_asked_for_since(centre: Centre) -> None:
    """Nor what was closed longer ago than a block on a page lasts."""
    _owes_mia(centre)
    ana = centre.signed_in("Ana Lima")
    (one,) = blocked(centre)
    assert press(ana, f"/blocked/{one.id}/unblock", script=True).json["good"]  # type: ignore[index]
    centre.clock.pass_by(timedelta(minutes=1))
    newer = centre.asks_for_callback(MIA)
    for outcome in (None, Outcome.REACHED):
        if outcome is not None:
            press(ana, f"/board/callbacks/{newer}/claim", script=True)
            press(ana, f"/board/callbacks/{newer}/outcome", script=True, outcome=outcome.value)
        found = centre.application.look(
            lambda transaction: undoing.closed_by_block(transaction, PhoneNumber(MIA))
        )
        assert found == []


def test_what_was_closed_too_long_ago_is_not_brought_back(centre: Centre) -> None:
    """Unblocking is all that is offered."""
    _owes_mia(centre)
    centre.clock.pass_by(timedelta(days=31))
    found = centre.application.look(
        lambda transaction: undoing.closed_by_block(transaction, PhoneNumber(MIA))
    )
    assert found == []


@pytest.mark.parametrize(
    "form", [{}, {"reason": " ", "lasting": next(iter(BLOCKED_FOR))}, {"reason": "x", "lasting": "for ever"}]
)
def test_without_a_reason_or_a_time_nothing_is_blocked(centre: Centre, form: dict[str, str]) -> None:
    """And the board says what is missing."""
    contact = centre.calls_in(MIA, "2")
    response = press(centre.signed_in("Ana Lima"), f"/board/callers/{contact}/block", script=True, **form)
    assert response.json is not None
    assert response.json["good"] is False
    assert blocked(centre) == []


def test_there_is_nothing_to_block_in_a_withheld_number_or_a_call_of_long_ago(centre: Centre) -> None:
    """No button, and nothing behind it."""
    contact = centre.calls_in(None, "2")
    client = centre.signed_in("Ana Lima")
    assert '/block"' not in client.get("/board").text
    for gone in (contact, "x"):
        response = press(client, f"/board/callers/{gone}/block", script=True, reason="threats", lasting="day")
        assert response.json == {"said": "There is no number to block.", "good": False}


def test_a_number_that_was_only_typed_is_not_offered_to_be_blocked(centre: Centre) -> None:
    """It may be anybody's: somebody else's calls would be kept out. The card shows it to be called."""
    contact = centre.calls_in(None, ["2", "4", "6175550152", "4"])
    centre.hangs_up(contact)
    client = centre.signed_in("Ana Lima")
    board = client.get("/board").text
    assert "0152" in board
    assert '/block"' not in board
    response = press(client, f"/board/callers/{contact}/block", script=True, reason="threats", lasting="day")
    assert response.json == {"said": "There is no number to block.", "good": False}


@pytest.mark.parametrize(
    ("name", "shown"), [("Ana Lima", True), ("Eve Stone", True), ("Chloe Baptiste", False)]
)
def test_the_button_is_there_for_those_who_may_press_it(centre: Centre, name: str, shown: bool) -> None:
    """On callers' and on callbacks' cards."""
    caller = centre.calls_in("+16175550143", "2")
    centre.asks_for_callback(MIA)
    text = centre.signed_in(name).get("/board").text
    assert (f"/board/callers/{caller}/block" in text) is shown
    assert text.count('/block"') == (2 if shown else 0)


def test_a_text_of_a_blocked_number_is_marked_and_unblocked_on_its_card_and_its_page(centre: Centre) -> None:
    """And a number is blocked there, with what that ends."""
    centre.texts("can my cousin come by on a thursday with the blue one", MIA)
    contact = centre.application.look(lambda transaction: contacts.ongoing(transaction.tx))[-1].id
    ana = centre.signed_in("Ana Lima")
    for page in ("/board", f"/threads/{contact}"):
        text = ana.get(page).text
        assert f"/board/callers/{contact}/block" in text
        assert "They wait for no callback. Their text stays open." in text
        assert 'class="chip late">Blocked' not in text
    here = f"/threads/{contact}"
    back = press(ana, f"/board/callers/{contact}/block", reason="threats", lasting="day", back=here)
    assert back.location == here
    for page in ("/board", here):
        text = ana.get(page).text
        assert 'class="chip late">Blocked' in text
        assert f"/board/callers/{contact}/unblock" in text
    assert press(ana, f"/board/callers/{contact}/unblock", script=True).json == {
        "said": "Not blocked any more.",
        "good": True,
    }
    chloe = centre.signed_in("Chloe Baptiste")
    assert f"/board/callers/{contact}/block" not in chloe.get("/board").text


def test_an_emergency_by_text_of_a_blocked_number_says_so(centre: Centre) -> None:
    """It is put through all the same; whoever takes it knows."""
    centre.texts("can my cousin come by on a thursday with the blue one", MIA)
    contact = centre.application.look(lambda transaction: contacts.ongoing(transaction.tx))[-1].id
    ana = centre.signed_in("Ana Lima")
    press(ana, f"/board/callers/{contact}/block", reason="threats", lasting="day")
    centre.texts("I want to die", MIA)
    assert "Blocked number" in centre.signed_in("Chloe Baptiste").get("/board").text


def test_whoever_may_not_unblock_can_not_undo_what_a_block_has_closed(centre: Centre) -> None:
    """A clinician may work on callbacks, and not lift a block."""
    callback = centre.asks_for_callback(MIA)
    contact = centre.application.look(lambda transaction: callbacks.get(transaction.tx, callback)).contact_id  # type: ignore[union-attr]
    press(centre.signed_in("Ana Lima"), f"/board/callers/{contact}/block", reason="threats", lasting="day")
    chloe = centre.signed_in("Chloe Baptiste")
    assert f"/board/callbacks/{callback}/undo" not in chloe.get("/board").text
    assert press(chloe, f"/board/callbacks/{callback}/undo", script=True).json == {
        "said": "A block closed it: whoever may unblock the number undoes that.",
        "good": False,
    }
    assert len(blocked(centre)) == 1


@pytest.mark.parametrize("keys", ["2", "24", "2444"])
def test_who_is_blocked_while_they_wait_is_told_so_at_their_next_turn(centre: Centre, keys: str) -> None:
    """On hold, or while they say how they would be called: nobody is got for them, and no call is promised."""
    contact = centre.calls_in("+16175550150", keys)
    ana, lasting = centre.signed_in("Ana Lima"), next(iter(BLOCKED_FOR))
    press(ana, f"/board/callers/{contact}/block", reason="threats", lasting=lasting)
    row = centre.application.look(lambda transaction: contacts.get(transaction.tx, contact))
    assert row is not None
    pressed = partial(caller.hear, contact_id=contact, turn=row.turn, event=Pressed("4"))
    answer = centre.application.change(pressed)
    assert [one.prompt for one in answer.say] == ["first_words", "blocked"]
    centre.hangs_up(contact)
    board = centre.signed_in("Eve Stone").get("/board").text
    assert "No callback is owed to anybody." in board
    assert "Nobody is on the line." in board
    assert centre.application.look(lambda transaction: escalations.all_open(transaction.tx)) == []


def test_who_is_blocked_while_on_the_line_is_owed_no_call_when_they_hang_up(centre: Centre) -> None:
    """They had just rung again: nobody is rung for them afterwards."""
    contact = centre.calls_in("+16175550150", "2")
    ana, lasting = centre.signed_in("Ana Lima"), next(iter(BLOCKED_FOR))
    press(ana, f"/board/callers/{contact}/block", reason="threats", lasting=lasting)
    centre.hangs_up(contact)
    owed = centre.application.look(
        lambda transaction: callbacks.open_for(transaction.tx, PhoneNumber("+16175550150"))
    )
    assert owed == []
    row = centre.application.look(lambda transaction: contacts.get(transaction.tx, contact))
    assert row is not None
    assert row.outcome is Outcome.BLOCKED
