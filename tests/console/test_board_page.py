"""What the board shows, and what a look at it costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from hotline.callbacks.callback import OutcomeSet
from hotline.model import Language, Outcome, Role
from hotline.operations import flow_state
from hotline.operations.callbacks import ringing_back
from hotline.operations.console import coordinator
from hotline.operations.paging import duty
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, contacts, escalations
from tests.console.centre import Centre, open_centre, press
from tests.console.test_live_talks import put_through
from tests.settings.examples import REPOSITORY

POLL = {"X-Board": "1"}
MINUTE = timedelta(minutes=1)


def test_an_empty_board_says_what_will_appear_where(centre: Centre) -> None:
    """Every part of it."""
    text = centre.signed_in("Ana Lima").get("/board").text
    for words in (
        "No emergency. A new one appears here first",
        "Nobody is on the line.",
        "No callback is owed to anybody.",
        "No text waits for a person.",
        "Nothing closed yet.",
    ):
        assert words in text


def test_everything_that_waits_is_shown_with_what_matters(centre: Centre) -> None:
    """Numbers by their end, what is safe, promises, waits, who is on."""
    centre.calls_in("+16175550141", keys="1")
    centre.calls_in("+16175550143", keys="2")
    centre.asks_for_callback("+16175550144")
    centre.clock.pass_by(4 * MINUTE)
    centre.texts("can a person read this")
    text = centre.signed_in("Ana Lima").get("/board").text
    for number in ("0141", "0143", "0144", "0177"):
        assert f"Ending {number}" in text
    for words in (
        "Accept: ring my phone",
        "Phone rings: Chloe Baptiste.",
        "Answer: ring my phone",
        "NO MESSAGE",
        "TEXT: NOT SAID",
        ">11:00</time>",
        'Claim<span class="aside"> admissions callback, waiting 4 minutes</span>',
        "can a person read this",
        'title="Promised by Monday 2 March 2026, 13:15:00 EST"',
        "Ana Lima, Ben Ortiz",
    ):
        assert words in text
    assert "message ok" not in text


def test_what_is_safe_is_said_as_plainly(centre: Centre) -> None:
    """Only after the caller has said yes, twice."""
    contact = centre.calls_in("+16175550144", keys="24444")
    centre.hangs_up(contact)
    text = centre.signed_in("Ana Lima").get("/board").text
    assert "message ok" in text
    assert "text ok" in text
    assert "NO " not in text.split("<main", 1)[1].split("</main>")[0]


def test_a_broken_promise_is_late_in_red(centre: Centre) -> None:
    """Counting up."""
    centre.asks_for_callback()
    centre.clock.pass_by(16 * MINUTE)
    text = centre.signed_in("Ana Lima").get("/board").text
    assert 'data-tone="late"' in text
    assert "late by" in text


@pytest.mark.parametrize(
    ("name", "actions"),
    [
        ("Ana Lima", {"claim", "call", "accept", "answer"}),
        ("Chloe Baptiste", {"claim", "call", "accept", "answer", "close"}),
        ("Eve Stone", {"claim", "call", "accept", "answer", "close"}),
        ("Adam Cole", {"accept"}),
    ],
)
def test_only_buttons_that_would_work_are_shown(centre: Centre, name: str, actions: set[str]) -> None:
    """To everybody theirs."""
    centre.calls_in("+16175550141", keys="1")
    centre.calls_in("+16175550143", keys="2")
    centre.asks_for_callback("+16175550144")
    text = centre.signed_in(name).get("/board").text
    known = {"claim", "call", "put-back", "outcome", "accept", "answer", "keep", "ring-back", "close"}
    assert {one for one in known if f'/{one}" data-key' in text} == actions


def test_nothing_that_a_caller_or_a_name_says_becomes_markup(centre: Centre) -> None:
    """In words, in names, in attributes."""
    canary = "'\"><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}"
    centre.add_person(canary, frozenset({Role.COORDINATOR}))
    centre.texts(canary, "+16175550181")
    centre.texts(f"I want to kill myself {canary}", "+16175550182")
    callback = centre.asks_for_callback()
    centre.claims(canary, callback)
    for name in ("Eve Stone", canary):
        text = centre.signed_in(name).get("/board").text
        assert "&lt;script&gt;alert(2)" in text
        assert "<img src=x" not in text
        assert "<script>alert" not in text
        assert "49" not in text.split("kill myself", 1)[-1][:80]


def test_an_unchanged_board_costs_one_tiny_query(centre: Centre) -> None:
    """304 and no body, until anything changes or the minute is over."""
    client = centre.signed_in("Ana Lima")
    etag = client.get("/board/live", headers=POLL).headers["ETag"]
    asked = {**POLL, "If-None-Match": etag}
    response = client.get("/board/live", headers=asked)
    assert (response.status_code, response.data, response.headers["ETag"]) == (304, b"", etag)
    centre.calls_in()
    changed = client.get("/board/live", headers=asked)
    assert changed.status_code == 200
    assert "Ending 0142" in changed.text
    assert "617-555-0142" not in changed.text
    assert "<html" not in changed.text
    again = {**POLL, "If-None-Match": changed.headers["ETag"]}
    assert client.get("/board/live", headers=again).status_code == 304
    centre.clock.pass_by(MINUTE)
    assert client.get("/board/live", headers=again).status_code == 200


def test_the_page_carries_the_etag_of_what_it_shows(centre: Centre) -> None:
    """So the first poll is cheap already."""
    client = centre.signed_in("Ana Lima")
    etag = client.get("/board").text.split('data-etag="')[1].split('"')[0]
    assert client.get("/board/live", headers={**POLL, "If-None-Match": f'"{etag}"'}).status_code == 304


def test_no_board_is_taken_for_another_persons(centre: Centre) -> None:
    """An ETag is one session's."""
    ana, ben = centre.signed_in("Ana Lima"), centre.signed_in("Ben Ortiz")
    etag = ana.get("/board/live", headers=POLL).headers["ETag"]
    assert ben.get("/board/live", headers={**POLL, "If-None-Match": etag}).status_code == 200


def test_a_look_is_audited_once_an_hour_and_session(centre: Centre) -> None:
    """However often the board is drawn."""
    client = centre.signed_in("Ana Lima")
    for _ in range(3):
        client.get("/board")
        client.get("/board/live")
    assert centre.audited().count("viewed board") == 1
    for _ in range(13):
        centre.clock.pass_by(5 * MINUTE)
        client.get("/board")
    assert centre.audited().count("viewed board") == 2
    centre.signed_in("Ana Lima").get("/board")
    assert centre.audited().count("viewed board") == 3


def test_without_the_database_staff_are_told_and_the_page_comes_back(centre: Centre) -> None:
    """The page, the poll and the buttons say the same: callers are still being answered."""
    client = centre.signed_in("Ana Lima")
    etag = client.get("/board/live", headers=POLL).headers["ETag"]
    with centre.without_database():
        page = client.get("/board")
        poll = client.get("/board/live", headers={**POLL, "If-None-Match": etag})
    assert (page.status_code, poll.status_code) == (503, 503)
    assert "Callers are still being answered" in page.text
    assert '<meta http-equiv="refresh" content="5">' in page.text
    assert poll.json is not None
    assert poll.json["said"].startswith("The board can't be reached. Callers are still being answered")
    assert client.get("/board").status_code == 200


def test_a_long_thread_shows_its_end_and_keeps_the_rest_at_hand(centre: Centre) -> None:
    """Nothing is left out."""
    for number in range(9):
        centre.texts(f"message number {number}")
        centre.clock.pass_by(MINUTE)
    text = centre.signed_in("Ana Lima").get("/board").text
    assert "Earlier messages: " in text
    assert [f"message number {number}" in text for number in range(9)] == [True] * 9


def test_an_open_emergency_does_not_stand_among_what_was_closed(centre: Centre) -> None:
    """They were rung back and reached: nothing is closed by that. Once a human has closed it, it stands there."""
    contact = centre.calls_in("+16175550142", keys="1")
    emergency, eve = centre.escalation(), centre.people["Eve Stone"]
    centre.hangs_up(contact)

    def reached(transaction: Transaction) -> None:
        (row,) = callbacks.all_open(transaction.tx)
        ringing_back.change(transaction, row, OutcomeSet(Outcome.REACHED, eve))

    centre.application.change(reached)
    board = centre.signed_in("Eve Stone")
    assert "Emergency" not in board.get("/board").text.split('id="done"')[1]
    centre.application.change(lambda transaction: coordinator.close(transaction, emergency, eve))
    assert "Emergency" in board.get("/board").text.split('id="done"')[1]


def test_what_was_closed_lately_can_be_put_right(centre: Centre) -> None:
    """With the number and what is set now; nothing is chosen beforehand, so that nothing is overwritten by a slip."""
    callback = centre.asks_for_callback()
    centre.claims("Ana Lima", callback)
    ana = centre.people["Ana Lima"]
    centre.application.change(
        lambda transaction: coordinator.set_outcome(transaction, callback, Outcome.DECLINED, ana)
    )
    text = centre.signed_in("Ben Ortiz").get("/board").text
    closed = text.split('id="done"')[1]
    assert "Declined" in closed
    assert "Ending 0142" in closed
    assert "selected" not in closed
    assert '<input type="hidden" name="was" value="declined">' in closed
    assert "no_answer" not in closed


def test_a_text_in_another_language_is_marked_with_it(centre: Centre) -> None:
    """On its card, and on an emergency's: whoever takes it knows which language they need."""
    centre.texts("can my cousin come by on a thursday with the blue one")
    _speaks_spanish(centre)
    mark = '<span class="chip language">Spanish</span>'
    assert mark in centre.signed_in("Ana Lima").get("/board").text
    centre.texts("me quiero morir")
    board = centre.signed_in("Chloe Baptiste").get("/board").text
    emergency = board[board.index('class="card emergency') :]
    assert mark in emergency[: emergency.index("</h3>")]


def _speaks_spanish(centre: Centre) -> None:
    def change(transaction: Transaction) -> None:
        row = contacts.ongoing(transaction.tx)[-1]
        state = replace(flow_state.read(row), language=Language.ES)
        data = flow_state.written(state)
        contacts.save(transaction.tx, replace(row, language=Language.ES, data=data))

    centre.application.change(change)


def test_who_asked_for_help_in_spanish_is_said_to_speak_it_whatever_they_write_next(tmp_path: Path) -> None:
    """On the cards, on the pages, and to whoever is rung: it comes first."""
    config, usual = tmp_path / "hotline.toml", (REPOSITORY / "hotline.toml").read_text(encoding="utf-8")
    config.write_text(usual.replace('# languages = ["en"]', 'languages = ["en", "es"]'), encoding="utf-8")
    centre = open_centre(tmp_path, HOTLINE_CONFIG=str(config))
    centre.texts("necesito ayuda, tomé demasiadas pastillas", "+16175550190")
    centre.texts("¿puede leer esto una persona?", "+16175550191")
    spanish = '<span class="chip language">Spanish</span>'
    english = '<span class="chip language">English</span>'
    eve = centre.signed_in("Eve Stone")
    before = eve.get("/board").text
    assert (before.count(spanish), before.count(english)) == (2, 0)
    for number in ("+16175550190", "+16175550191"):
        centre.texts("please stop calling me, I am at work until five", number)
    after = eve.get("/board").text
    assert after.count(f"{spanish} {english}") == 2
    rows = centre.application.look(lambda transaction: escalations.all_open(transaction.tx))
    for row in rows:
        spoken = centre.application.look(partial(duty.language_of, row=row))
        assert spoken is Language.ES
        assert spanish in eve.get(f"/threads/{row.contact_id}").text
    centre.application.database.dispose()


def test_as_many_are_said_to_be_on_the_line_as_there_are_cards_that_say_so(centre: Centre) -> None:
    """Who is in an emergency is counted, too; also on the page that nobody touches."""
    centre.calls_in("+16175550141", "1")
    centre.calls_in("+16175550143", "2")
    centre.texts("I want to die")
    client = centre.signed_in("Eve Stone")
    for _ in range(2):
        text = client.get("/board").text
        assert text.count(">On the line now</span>") == 1
        assert "<b>2</b> on the line" in text
        assert 'On the line now <span class="count">2</span>' in text
        assert "In an emergency, above: 1" in text
        centre.clock.pass_by(timedelta(hours=1))


def test_who_talks_with_a_coordinator_and_is_in_an_emergency_is_one_caller(centre: Centre) -> None:
    """A clinician was paged from the case's page: one card, and the coordinator still finds the way to that page."""
    contact = put_through(centre)
    ana = centre.signed_in("Ana Lima")
    assert "<b>1</b> on the line" in ana.get("/board").text
    press(ana, f"/threads/{contact}/emergency", script=True)
    for client in (ana, centre.signed_in("Chloe Baptiste"), centre.signed_in("Eve Stone")):
        text = client.get("/board").text
        assert "<b>1</b> on the line" in text
        assert "In an emergency, above: 1" in text
        assert f'id="caller-{contact}"' not in text
    assert f'href="/threads/{contact}"' in ana.get("/board").text


def test_what_somebody_wrote_who_is_to_be_called_is_on_their_card(centre: Centre) -> None:
    """The question itself, and not the key that came after it; the rest is a click away. For whoever may read it; who
    has called has written nothing."""
    centre.asks_for_callback("+16175550144")
    for words in ("is there a women's group? i need treatment", "4"):
        centre.texts(words, "+16175550190")
    board = centre.signed_in("Ana Lima").get("/board").text
    assert board.count(">What they wrote<") == 1
    assert "Ending 0190" in board
    assert 'data-key="asked">is there a women&#39;s group? i need treatment</blockquote>' in board
    assert board.count('data-key="asked"') == 1
    there = board[: board.index(">What they wrote<")].rsplit('href="', 1)[1].split('"')[0]
    page = centre.signed_in("Ana Lima").get(there).text
    assert "women&#39;s group" in page
    assert 'They are to be called back: <a href="/board#callback-' in page
    assert "Nobody is needed here now." not in page
    chloe = centre.signed_in("Chloe Baptiste").get("/board").text
    assert ">What they wrote<" not in chloe
    assert "women" not in chloe


def test_who_is_owed_a_call_and_is_in_an_emergency_is_not_taken_for_two_people(centre: Centre) -> None:
    """What they had asked for waits, and the card says for what."""
    centre.asks_for_callback("+16175550144")
    centre.hangs_up(centre.calls_in("+16175550144", "1"))
    board = centre.signed_in("Ana Lima").get("/board").text
    assert (
        "They are in an emergency: this waits until that is over. Ask whoever has it before you call them."
        in board
    )
    assert "Something else was asked for from this number" not in board
    for line in ("2", "3"):
        centre.asks_for_callback("+16175550145", line)
    assert (
        centre.signed_in("Ana Lima").get("/board").text.count("Something else was asked for from this number")
        == 2
    )


def test_the_board_shows_a_number_in_full_to_whoever_has_it(centre: Centre) -> None:
    """Others look on: of the rest its end is enough to tell callers apart, and the case's page has it all."""
    callback = centre.asks_for_callback("+16175550142")
    ana, ben = centre.signed_in("Ana Lima"), centre.signed_in("Ben Ortiz")
    assert "617-555-0142" not in ana.get("/board").text
    assert press(ana, f"/board/callbacks/{callback}/claim").status_code in (200, 302, 303)
    assert "617-555-0142" in ana.get("/board").text
    shown = ben.get("/board").text
    assert "Ending 0142" in shown
    assert "617-555-0142" not in shown
