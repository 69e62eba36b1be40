"""An emergency from beginning to end, on the board and on its page: by text, by telephone, with a withheld number."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from hotline.callbacks.callback import CallbackStatus
from hotline.console.thread import timeline_words
from hotline.effects import Origin, OriginKind
from hotline.model import ContactId, EscalationId, Outcome, TimelineWord
from hotline.operations import flow_state
from hotline.operations.callbacks import ringing_back
from hotline.operations.staff import connect
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts, escalations, timeline
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.traffic import outbox
from hotline.triage.contact import ContactState
from tests.console.centre import EPOCH, Centre, press

NOTE = "Her sister is on the way to her"


def _texted(centre: Centre) -> ContactId:
    centre.texts("I want to die")
    return _contact(centre)


def _called(centre: Centre) -> ContactId:
    return centre.calls_in("+16175550188", "1")


def _withheld(centre: Centre) -> ContactId:
    contact = centre.calls_in(None, "1")
    centre.hangs_up(contact)
    return contact


KINDS = {"by text": _texted, "by telephone": _called, "with a withheld number": _withheld}


def _contact(centre: Centre) -> ContactId:
    row = centre.application.look(lambda transaction: escalations.get(transaction.tx, centre.escalation()))
    assert row is not None
    assert row.contact_id is not None
    return row.contact_id


def _do(client: FlaskClient, escalation: EscalationId, what: str, **form: str) -> str:
    data = {"script": True, **form}
    answer = press(client, f"/board/escalations/{escalation}/{what}", **data)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    said: dict[str, str] = answer.json or {}
    return said["said"] if said["good"] else f"NOT: {said['said']}"


def _offers(page: str) -> set[str]:
    return set(re.findall(r'action="/board/escalations/[^/]+/([a-z-]+)"', page))


@pytest.mark.parametrize("kind", KINDS)
def test_an_emergency_is_worked_on_and_closed_where_it_is_seen(centre: Centre, kind: str) -> None:
    """Accept, still working, hand over, close: each on the board and on its page, for every caller."""
    contact = KINDS[kind](centre)
    connect = () if kind == "with a withheld number" else ("accept",)
    kept = "Keep it until the person is safe." if connect else "Nobody can be called: close it"
    escalation, here = centre.escalation(), f"/threads/{contact}"
    chloe = centre.signed_in("Chloe Baptiste")
    for page in (chloe.get("/board").text, chloe.get(here).text):
        assert {"accept", "close"} <= _offers(page)
        assert "hand-over" not in _offers(page)
    assert here in chloe.get("/board").text
    assert _do(chloe, escalation, "accept").startswith(("It is yours now", "Your phone rings now"))
    for page in (chloe.get("/board").text, chloe.get(here).text):
        assert {*connect, "keep", "hand-over", "close"} <= _offers(page)
        assert f"You have it. {kept}" in page
    assert _do(chloe, escalation, "keep").startswith("Noted")
    assert press(chloe, f"/board/escalations/{escalation}/close", back=here).location == here
    page = chloe.get(here).text
    assert "Closed" in page
    assert "The emergency was closed · Chloe Baptiste" in page
    assert _offers(page) == {"reopen"}
    assert "No emergency." in chloe.get("/board").text


def test_who_hung_up_and_withheld_the_number_is_said_to_be_out_of_reach(centre: Centre) -> None:
    """No button promises that a phone rings for somebody whom nobody can call."""
    contact, chloe = _withheld(centre), centre.signed_in("Chloe Baptiste")
    gone = centre.escalation()
    for page in (chloe.get("/board").text, chloe.get(f"/threads/{contact}").text):
        assert "They have hung up, and there is no number to call." in page
        assert "ring my phone" not in page
    centre.clock.pass_by(timedelta(seconds=5))
    centre.texts("I want to die", "+16175550191")
    board = chloe.get("/board").text
    assert board.index("Emergency by text") < board.index("They have hung up")
    press(chloe, f"/board/escalations/{gone}/accept")
    assert "Connect me" not in chloe.get("/board").text


def test_it_is_handed_over_when_the_other_confirms(centre: Centre) -> None:
    """Until then it is shown as asked for, to both, and stays where it is."""
    contact = _called(centre)
    escalation, here = centre.escalation(), f"/threads/{contact}"
    chloe, eve = centre.signed_in("Chloe Baptiste"), centre.signed_in("Eve Stone")
    to_eve = centre.people["Eve Stone"]
    assert _do(chloe, escalation, "hand-over", to=to_eve) == "NOT: Not done: it is not yours."
    _do(chloe, escalation, "accept")
    assert "Eve Stone</option>" in chloe.get("/board").text
    assert _do(chloe, escalation, "hand-over", to=centre.people["Ana Lima"]).startswith(
        "NOT: Not done: choose"
    )
    asked = _do(chloe, escalation, "hand-over", to=to_eve)
    assert asked == "They are asked to take it over. Until they do, it stays yours."
    for page in (chloe.get("/board").text, chloe.get(here).text):
        assert "You have it. Keep it until the person is safe. Eve Stone is asked to take it over." in page
    for page in (eve.get("/board").text, eve.get(here).text):
        assert "They ask you to take it over." in page
        assert ">Take it over<" in page
    _do(eve, escalation, "accept")
    assert "Eve Stone has it." in chloe.get(here).text


@pytest.mark.parametrize("kind", KINDS)
def test_a_supervisor_takes_it_over_at_once_and_whoever_had_it_is_told(centre: Centre, kind: str) -> None:
    """Audited, on the timeline; by text to the one who had it."""
    contact = KINDS[kind](centre)
    escalation, here = centre.escalation(), f"/threads/{contact}"
    chloe, eve = centre.signed_in("Chloe Baptiste"), centre.signed_in("Eve Stone")
    _do(chloe, escalation, "accept")
    for page in (eve.get("/board").text, eve.get(here).text):
        assert "take-over" in _offers(page)
        assert "Chloe Baptiste has it." in page
    assert _do(eve, escalation, "take-over") == "It is yours now. Whoever had it is told."
    assert "Eve Stone has it." in chloe.get("/board").text
    page = eve.get(here).text
    assert "You have it." in page
    assert "Taken over at once, by a supervisor · Eve Stone" in page
    assert "take over" in centre.audited()
    her = Origin(OriginKind.STAFF, centre.people["Chloe Baptiste"])
    told = centre.application.look(lambda transaction: outbox.about(transaction.tx, her))
    assert any("Eve has taken it over" in getattr(one.effect, "body", "") for one in told)


@pytest.mark.parametrize("name", ["Ana Lima", "Chloe Baptiste", "Adam Cole"])
def test_nobody_but_a_supervisor_takes_it_from_somebody(centre: Centre, name: str) -> None:
    """Not by a button, and not by its address."""
    _called(centre)
    escalation = centre.escalation()
    _do(centre.signed_in("Eve Stone"), escalation, "accept")
    client = centre.signed_in(name)
    assert "take-over" not in _offers(client.get("/board").text)
    assert press(client, f"/board/escalations/{escalation}/take-over").status_code == 403


@pytest.mark.parametrize("kind", KINDS)
def test_a_note_stands_on_the_page_with_who_and_when_and_sealed_in_the_database(
    centre: Centre, kind: str
) -> None:
    """For whoever may read the page; pressed twice, it stands there once; nothing that is empty."""
    contact = KINDS[kind](centre)
    here, chloe = f"/threads/{contact}", centre.signed_in("Chloe Baptiste")
    assert press(chloe, f"{here}/note", note=NOTE).location == here
    press(chloe, f"{here}/note", note=f" {NOTE} ")
    page = centre.signed_in("Eve Stone").get(here).text
    assert page.count(f'<span class="words" dir="auto">{NOTE}') == 1
    assert re.search(r"<time[^>]+>13:00</time> · Note · Chloe Baptiste</span>", page)
    empty = press(chloe, f"{here}/note", script=True, note="  ")
    assert empty.json == {"said": "Write something first.", "good": False}
    assert press(chloe, f"{here}/note", script=True, note="x" * 2001).json["good"] is False  # type: ignore[index]
    assert press(centre.signed_in("Ana Lima"), f"{here}/note", note=NOTE).status_code == 403
    assert centre.audited().count("note") == 1
    for file in centre.database_file.parent.glob(f"{centre.database_file.name}*"):
        assert NOTE.encode() not in Path(file).read_bytes()


def test_a_note_is_no_markup_and_no_text_to_anybody(centre: Centre) -> None:
    """It is for colleagues."""
    contact = _texted(centre)
    client = centre.signed_in("Eve Stone")
    press(client, f"/threads/{contact}/note", note="<script>alert(1)</script>")
    page = client.get(f"/threads/{contact}").text
    assert "&lt;script&gt;alert(1)" in page
    lines = centre.application.look(lambda transaction: timeline.of(transaction.tx, contact_id=contact))
    assert lines[-1].what == "note"


def test_a_coordinator_has_no_way_to_an_emergency_s_page_until_it_is_theirs(centre: Centre) -> None:
    """The board leads nobody to a page that is refused."""
    contact = _called(centre)
    ana = centre.signed_in("Ana Lima")
    assert f"/threads/{contact}" not in ana.get("/board").text
    assert ana.get(f"/threads/{contact}").status_code == 403
    _do(ana, centre.escalation(), "accept")
    assert f"/threads/{contact}" in ana.get("/board").text
    assert ana.get(f"/threads/{contact}").status_code == 200


def test_phones_that_rang_in_vain_all_night_are_one_line() -> None:
    """With how often whose; what happened in between stands between; a note is never swallowed."""
    order = [
        ("reaching", None), ("unreached", "Dan Reed"), ("unreached", "Ana Lima"), ("unreached", "Dan Reed"),
        ("ended", None), ("ended", None), ("unreached", "Dan Reed"), ("note", "Eve Stone"), ("note", "Eve Stone"),
    ]  # fmt: skip
    happened = [
        (timeline.TimelineRow(EPOCH + timedelta(minutes=minute), what, detail="Her sister knows"), who)
        for minute, (what, who) in enumerate(order)
    ]
    lines = timeline_words.lines(happened)
    assert [(one.words, one.who) for one in lines] == [
        ("Staff are being reached", ""),
        ("Call not taken", "Dan Reed, 2×, Ana Lima"),
        ("The call was over", ""),
        ("Call not taken", "Dan Reed"),
        ("Note", "Eve Stone"),
        ("Note", "Eve Stone"),
    ]
    assert (lines[1].at, lines[1].until) == (EPOCH + timedelta(minutes=1), EPOCH + timedelta(minutes=3))


def test_every_word_of_the_timeline_is_said_in_plain_words() -> None:
    """But for those that only other parts of Hotline look for, or that say what another line says already."""
    silent = {word for word in TimelineWord if word.startswith(("interpreter_", "wants_"))}
    silent |= {
        TimelineWord.PROMISE_BROKEN,
        TimelineWord.NOTE_CHANGED,
        *(TimelineWord(f"callback_{one}") for one in CallbackStatus),
    }
    assert {word for word in TimelineWord if word not in timeline_words.WORDS} == silent


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (("4",), "They withheld their number, and gave us this one."),
        (
            (),
            "They withheld their number, typed this one, and did not confirm it: it may be a stranger's.",
        ),
    ],
    ids=["confirmed", "unconfirmed"],
)
def test_a_number_that_was_typed_is_shown_and_called_and_never_blocked(
    centre: Centre, keys: tuple[str, ...], said: str
) -> None:
    """Theirs is withheld: who reads it must know that it may be anybody's, and can call it when it is over."""
    contact = centre.calls_in(None, ["2", "4", "6175550142#", *keys, "1"])
    centre.hangs_up(contact)
    chloe, here = centre.signed_in("Chloe Baptiste"), f"/threads/{contact}"
    for page, number in (("/board", "Ending 0142"), (here, "617-555-0142")):
        shown = chloe.get(page).text
        assert number in shown
        assert said in shown
        assert "no number to call" not in shown
    escalation = centre.escalation()
    _do(chloe, escalation, "accept")
    _do(chloe, escalation, "close")
    eve = centre.signed_in("Eve Stone").get(here).text
    assert f"/board/callers/{contact}/call" in eve
    assert f"/board/callers/{contact}/block" not in eve


def test_one_emergency_stands_once_among_what_was_closed(centre: Centre) -> None:
    """It was rung back, too: that is over with it, and no line of its own."""
    contact = centre.calls_in("+16175550188", "1")
    centre.hangs_up(contact)
    chloe, escalation = centre.signed_in("Chloe Baptiste"), centre.escalation()
    _do(chloe, escalation, "accept")
    _do(chloe, escalation, "close")
    board = chloe.get("/board").text
    closed = board[board.index('id="done"') :]
    assert closed.count("Ending 0188") == 1
    assert "Emergency call</strong> · Closed" in closed


def test_whoever_closes_it_says_who_answered_our_call(centre: Centre) -> None:
    """Asked only where a call of ours was answered, and nobody has said by whom; else one button closes it."""
    contact = _called(centre)
    centre.hangs_up(contact)
    escalation, chloe = centre.escalation(), centre.signed_in("Chloe Baptiste")
    _do(chloe, escalation, "accept")
    assert "Yes, close it" in chloe.get("/board").text
    _answered_by_somebody(centre, escalation)
    for page in (chloe.get("/board").text, chloe.get(f"/threads/{contact}").text):
        assert "Yes, close it" not in page
        assert "It was them: close it" in page
        assert "Not them, or I don't know: close it" in page
    assert _do(chloe, escalation, "close", who="them") == "Closed."
    assert _owed(centre, escalation).callback.outcome is Outcome.REACHED
    assert "It was them" not in chloe.get("/board").text


def test_that_it_was_them_is_said_by_nobody_who_did_not_say_it(centre: Centre) -> None:
    """Closed all the same, and nobody is counted as reached."""
    centre.hangs_up(_called(centre))
    escalation, chloe = centre.escalation(), centre.signed_in("Chloe Baptiste")
    _do(chloe, escalation, "accept")
    _answered_by_somebody(centre, escalation)
    assert _do(chloe, escalation, "close", who="unknown") == "Closed."
    assert _owed(centre, escalation).callback.outcome is Outcome.SETTLED


def _owed(centre: Centre, escalation: EscalationId) -> CallbackRow:
    def look(transaction: Transaction) -> CallbackRow | None:
        row = escalations.get(transaction.tx, escalation)
        return connect.callback_of(transaction, row) if row is not None else None

    found = centre.application.look(look)
    assert found is not None
    return found


def _answered_by_somebody(centre: Centre, escalation: EscalationId) -> None:
    """They are dialled, and somebody or something has been with a clinician, and hung up."""

    def work(transaction: Transaction) -> None:
        dialled = ringing_back.dial_caller(transaction, _owed(centre, escalation))
        call = contacts.get(transaction.tx, dialled.call_contact_id or dialled.contact_id)
        assert call is not None
        met = replace(flow_state.read(call), state=ContactState.ENDED, unproven=True)
        over = replace(call, ended_at=transaction.now, joined_at=transaction.now, state=met.state)
        contacts.save(transaction.tx, replace(over, data=flow_state.written(met)))

    centre.application.change(work)


def test_the_head_has_the_last_danger_and_the_last_words(centre: Centre) -> None:
    """Not only what opened it: who reads the page from its top knows of the pills."""
    for words in ("i want to die", "i took all the pills", "my mother is here"):
        centre.texts(words)
        centre.clock.pass_by(timedelta(minutes=1))
    client = centre.signed_in("Chloe Baptiste")
    (page,) = set(re.findall(r"/threads/[0-9a-f]+", client.get("/board").text))
    head = client.get(page).text.partition('data-key="state"')[0]
    quoted = re.findall(r'<blockquote dir="auto" data-key="head-\d">([^<]+)</blockquote>', head)
    assert quoted == ["i want to die", "i took all the pills", "my mother is here"]
