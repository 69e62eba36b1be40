"""Talks that came about live, under what was closed lately: how they ended is said, put right and taken back there."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from hotline.model import ContactId, Outcome, PageId
from hotline.operations.console import coordinator
from hotline.operations.conversation import caller
from hotline.operations.staff import responder
from hotline.operations.transaction import Transaction
from hotline.store.cases import pages
from hotline.triage.caller_events import Fetched
from tests.console.centre import Centre, press

TAKEN_BACK = {"said": "Taken back.", "good": True}


def put_through(centre: Centre, number: str | None = "+16175550142", who: str = "Ana Lima") -> ContactId:
    """Somebody chose admissions, and talks with this person."""
    contact = centre.calls_in(number, "2")

    def answers(transaction: Transaction) -> None:
        (page,) = pages.open_of_staff(transaction.tx, centre.people[who])
        _presses_1(transaction, page.id)
        caller.hear(transaction, contact, 99, Fetched())

    centre.application.change(answers)
    return contact


def talked(centre: Centre, number: str | None = "+16175550142", who: str = "Ana Lima") -> ContactId:
    """Somebody chose admissions, was put through to this person, and has hung up after a minute."""
    contact = put_through(centre, number, who)
    centre.clock.pass_by(timedelta(minutes=1))
    centre.hangs_up(contact)
    return contact


def _presses_1(transaction: Transaction, page: PageId) -> None:
    responder.picked_up(transaction, page, "CA" + "9" * 32)
    responder.pressed(transaction, page, 0, "1", "CA" + "9" * 32)


def test_it_stands_there_and_asks_whoever_had_it(centre: Centre) -> None:
    """Open for Ana, who talked with them; with the number, the time and her name."""
    contact = talked(centre)
    board = centre.signed_in("Ana Lima").get("/board").text
    assert "Yours: say how it ended" in board
    assert "<h3>Admissions, put through" in board
    assert "617-555-0142" in board
    assert f"/board/callers/{contact}/outcome" in board
    assert f'href="/threads/{contact}"' in board
    assert '<option value="">How did it end?</option>' in board
    assert '<details data-key="correct" open>' not in centre.signed_in("Ben Ortiz").get("/board").text


def test_whoever_said_how_a_callback_ended_is_named_though_it_was_nobody_s(centre: Centre) -> None:
    """By key, when they had called again themselves: nobody had claimed it."""
    callback, ben = centre.asks_for_callback(), centre.signed_in("Ben Ortiz")
    said = partial(
        coordinator.set_outcome, callback_id=callback, outcome=Outcome.REFERRED, by=centre.people["Ben Ortiz"]
    )
    assert centre.application.change(said)
    board = ben.get("/board").text
    done = board[board.index(f'id="done-{callback}"') :]
    assert "Ben Ortiz" in done.split('class="acts"')[0].split("<details")[0]


def test_it_is_said_corrected_and_taken_back(centre: Centre) -> None:
    """Each in a few words, and each in the audit trail."""
    contact = talked(centre)
    ana, ben = centre.signed_in("Ana Lima"), centre.signed_in("Ben Ortiz")
    address = f"/board/callers/{contact}/outcome"
    booked = {"outcome": "booked_intake", "starts": "2026-03-04T10:00", "place": "12 Elm Street"}
    said = press(ana, address, script=True, was="", **booked)
    assert said.json == {"said": "Saved: intake booked.", "good": True}
    assert "put through · Intake booked" in ana.get("/board").text
    late = press(ben, address, script=True, outcome="declined", was="").json
    assert late == {
        "said": "Somebody has changed it meanwhile: it is intake booked. Look again, then choose.",
        "good": False,
    }
    assert press(ben, address, script=True, outcome="declined", was="booked_intake").json == {
        "said": "Saved: declined.",
        "good": True,
    }
    assert press(ben, f"/board/callers/{contact}/undo", script=True).json == TAKEN_BACK
    assert "put through · Intake booked" in ana.get("/board").text
    centre.clock.pass_by(timedelta(minutes=6))
    assert f"/board/callers/{contact}/undo" not in ana.get("/board").text
    assert press(ben, f"/board/callers/{contact}/undo", script=True).json != TAKEN_BACK
    assert [one for one in centre.audited() if "outcome" in one] == [
        "outcome booked_intake",
        "outcome declined",
        "undo outcome",
    ]


def test_who_is_to_be_called_later_stands_among_the_callbacks_with_the_time(centre: Centre) -> None:
    """The time is on the centre's wall."""
    contact = talked(centre)
    ana = centre.signed_in("Ana Lima")
    address = f"/board/callers/{contact}/outcome"
    answer = press(ana, address, script=True, outcome="call_later", was="", later="2026-03-02T15:30")
    assert answer.json == {
        "said": "Saved: asked to be called later. They stand among the callbacks now.",
        "good": True,
    }
    board = ana.get("/board").text
    assert "first try" in board
    assert ">15:30</time>" in board
    done = board[board.index(f'id="talk-{contact}"') :]
    assert "put through · Asked to be called later" in done
    assert 'href="#callback-' in done
    assert f"/board/callers/{contact}/outcome" not in done
    assert press(ana, address, script=True, outcome="call_later", was="", later="x").json["good"] is False  # type: ignore[index]


def test_that_they_are_called_later_is_taken_back(centre: Centre) -> None:
    """Within five minutes, by Undo in Lately closed; then the talk is over as before, and nobody is called."""
    contact = talked(centre)
    ana = centre.signed_in("Ana Lima")
    press(ana, f"/board/callers/{contact}/outcome", script=True, outcome="call_later", was="")
    assert f"/board/callers/{contact}/undo" in ana.get("/board").text
    assert press(ana, f"/board/callers/{contact}/undo", script=True).json == TAKEN_BACK
    board = ana.get("/board").text
    assert "Yours: say how it ended" in board
    assert "No callback is owed to anybody." in board


def test_what_happens_without_a_time_is_said_as_it_is(centre: Centre) -> None:
    """At night it is not in an hour."""
    talked(centre)
    said = "Without a time: in an hour, or in the morning if that is at night."
    assert said in centre.signed_in("Ana Lima").get("/board").text


@pytest.mark.parametrize("given", ["", "busy", "nonsense"])
def test_what_is_not_offered_is_not_taken(centre: Centre, given: str) -> None:
    """Nothing is changed."""
    contact = talked(centre)
    ana = centre.signed_in("Ana Lima")
    answer = press(ana, f"/board/callers/{contact}/outcome", script=True, outcome=given, was="")
    assert answer.json == {"said": "Choose how it ended, then save.", "good": False}


def test_whoever_withheld_their_number_is_not_to_be_called_again(centre: Centre) -> None:
    """There is nobody to call."""
    contact = talked(centre, None)
    ana = centre.signed_in("Ana Lima")
    board = ana.get("/board").text
    done = board[board.index(f'id="talk-{contact}"') :]
    assert "Number withheld" in done
    assert 'value="reached"' in done
    assert 'value="call_later"' not in done
    answer = press(ana, f"/board/callers/{contact}/outcome", script=True, outcome="call_later", was="")
    assert answer.json["good"] is False  # type: ignore[index]


def test_an_admin_sees_neither_the_number_nor_its_page(centre: Centre) -> None:
    """And may say nothing of it."""
    contact = talked(centre)
    adam = centre.signed_in("Adam Cole")
    board = adam.get("/board").text
    assert "Admissions</strong>, put through" in board
    assert "555-0142" not in board
    assert f"/threads/{contact}" not in board
    assert press(adam, f"/board/callers/{contact}/outcome", script=True, outcome="reached").status_code == 403
    assert press(adam, f"/board/callers/{contact}/undo", script=True).status_code == 403


def test_what_one_has_not_said_stands_beside_ones_own_work_until_it_is_said(centre: Centre) -> None:
    """Under Yours, not at the end of the page; of a colleague's it stands under Lately closed."""
    contact = talked(centre)
    ana, ben = centre.signed_in("Ana Lima"), centre.signed_in("Ben Ortiz")
    page = ana.get("/board").text
    assert "Yours: say how it ended" in page
    assert page.count(f'id="talk-{contact}"') == 1
    assert page.index(f'id="talk-{contact}"') < page.index('id="callbacks"') < page.index('id="done"')
    theirs = ben.get("/board").text
    assert "Yours: say how it ended" not in theirs
    assert theirs.index(f'id="talk-{contact}"') > theirs.index('id="done"')
    press(ana, f"/board/callers/{contact}/outcome", script=True, outcome="declined", was="")
    page = ana.get("/board").text
    assert "Yours: say how it ended" not in page
    assert page.index(f'id="talk-{contact}"') > page.index('id="done"')
