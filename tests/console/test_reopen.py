"""What was closed too soon is opened again, within a day: by whoever had it, or who may take its kind."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from flask.testing import FlaskClient

from hotline.model import ContactId, EscalationId
from hotline.operations.console import board, coordinator
from hotline.operations.console.emergency_cards import Emergency
from hotline.store.cases import contacts, escalations
from hotline.store.cases.contacts import ContactRow
from hotline.store.people import audit
from hotline.triage.contact import ContactState
from tests.console.centre import Centre, press
from tests.console.test_thread_page import NUMBER, QUESTION, claimed, said, send
from tests.observed import audit_trail, waiting_to_leave

YOURS = {"said": "It is open again, and yours.", "good": True}
EMERGENCY_YOURS = {"said": "It is open again, and yours: see Emergencies on the board.", "good": True}
CLOSED = {"said": "Closed.", "good": True}
TOO_LATE = {"said": "That was closed more than a day ago: it stays closed.", "good": False}
DAY = timedelta(days=1)


def _closes(centre: Centre, name: str = "Ana Lima") -> EscalationId:
    escalation = centre.escalation()
    centre.application.change(partial(coordinator.close, escalation_id=escalation, by=centre.people[name]))
    return escalation


def _closed(centre: Centre) -> tuple[ContactId, EscalationId]:
    """A thread that Ana has closed."""
    thread = claimed(centre)
    return thread, _closes(centre)


def _reopens(client: FlaskClient, escalation: EscalationId) -> object:
    answer = press(client, f"/board/escalations/{escalation}/reopen", script=True)
    return answer.json if answer.status_code == 200 else answer.status_code


def _row(centre: Centre, contact: ContactId) -> ContactRow:
    row = centre.application.look(lambda transaction: contacts.get(transaction.tx, contact))
    assert row is not None
    return row


@pytest.mark.parametrize("where", ["/board", "its page"])
def test_a_thread_is_reopened_from_its_page_and_from_lately_closed(centre: Centre, where: str) -> None:
    """It is theirs at once, nobody is paged, they can write; the audit trail and the page tell of it."""
    thread, escalation = _closed(centre)
    ana, page = centre.signed_in("Ana Lima"), f"/threads/{thread}"
    address = f"/board/escalations/{escalation}/reopen"
    assert address in ana.get(page if where == "its page" else where).text
    before = centre.application.look(lambda transaction: waiting_to_leave(transaction.tx, transaction.now))
    assert _reopens(ana, escalation) == YOURS
    after = centre.application.look(lambda transaction: waiting_to_leave(transaction.tx, transaction.now))
    assert after == before
    assert "The thread was opened again" in ana.get(page).text
    assert address not in ana.get(page).text + ana.get("/board").text
    assert send(ana, thread, "One thing more.", sure="1")[0] == 303
    assert "reopen" in centre.audited()


def test_what_they_write_next_stands_in_the_thread_that_was_reopened(centre: Centre) -> None:
    """And the menu is quiet, as if it had never been closed."""
    thread, escalation = _closed(centre)
    assert _row(centre, thread).ended_at is not None
    _reopens(centre.signed_in("Ana Lima"), escalation)
    centre.texts("2", NUMBER)
    row = _row(centre, thread)
    assert (row.ended_at, row.state, row.outcome) == (None, ContactState.TEXT_WITH_PERSON, None)
    assert "2" in [one.body for one in said(centre, thread)]


def test_whoever_may_take_a_text_may_reopen_it(centre: Centre) -> None:
    """Ben, who didn't have it; not Adam, who may not take texts, and sees no button."""
    _, escalation = _closed(centre)
    adam = centre.signed_in("Adam Cole")
    assert f"/{escalation}/reopen" not in adam.get("/board").text
    assert _reopens(adam, escalation) == 403
    assert _reopens(centre.signed_in("Ben Ortiz"), escalation) == YOURS


def test_of_two_who_reopen_it_one_has_it(centre: Centre) -> None:
    """The other is told who; the same person twice has it once."""
    _, escalation = _closed(centre)
    ana = centre.signed_in("Ana Lima")
    assert _reopens(ana, escalation) == _reopens(ana, escalation) == YOURS
    taken = {"said": "Ana Lima has it.", "good": False}
    assert _reopens(centre.signed_in("Ben Ortiz"), escalation) == taken
    assert centre.audited().count("reopen") == 1


def test_after_a_day_it_stays_closed(centre: Centre) -> None:
    """To the second; no button offers what is refused."""
    thread, escalation = _closed(centre)
    centre.clock.pass_by(DAY - timedelta(seconds=1))
    assert "/reopen" in centre.signed_in("Ana Lima").get("/board").text
    centre.clock.pass_by(timedelta(seconds=1))
    ana = centre.signed_in("Ana Lima")
    assert "/reopen" not in ana.get("/board").text + ana.get(f"/threads/{thread}").text
    assert _reopens(ana, escalation) == TOO_LATE
    assert _reopens(ana, EscalationId("none")) == TOO_LATE


def test_if_they_have_written_again_it_goes_on_there(centre: Centre) -> None:
    """The old page leads to the new one, where whoever reopens it can write."""
    thread, escalation = _closed(centre)
    centre.texts("thanks", NUMBER)
    ana = centre.signed_in("Ana Lima")
    newest = centre.application.look(lambda transaction: contacts.ongoing(transaction.tx))[-1].id
    assert newest != thread
    assert f'href="/threads/{newest}"' in ana.get(f"/threads/{thread}").text
    answer = press(ana, f"/board/escalations/{escalation}/reopen", script=True).json
    assert answer == {
        "said": "They have written again since. It is open there, and yours: see Texts on the board.",
        "good": True,
    }
    assert send(ana, newest, "You are welcome.", sure="1")[0] == 303
    for page in (ana.get(f"/threads/{thread}").text, ana.get("/board").text):
        assert "/reopen" not in page


def test_if_somebody_has_what_they_wrote_since_that_is_said(centre: Centre) -> None:
    """There are never two people in one talk."""
    _, escalation = _closed(centre)
    centre.texts(QUESTION + " again", NUMBER)
    newer = centre.escalation()
    centre.application.change(partial(coordinator.accept, escalation_id=newer, by=centre.people["Ben Ortiz"]))
    taken = {"said": "Ben Ortiz has it.", "good": False}
    assert _reopens(centre.signed_in("Ana Lima"), escalation) == taken


def test_if_nobody_has_what_they_wrote_since_it_is_theirs_who_reopens(centre: Centre) -> None:
    """They don't have to accept what they have just opened."""
    _, escalation = _closed(centre)
    centre.texts(QUESTION + " again", NUMBER)
    answer = press(centre.signed_in("Ben Ortiz"), f"/board/escalations/{escalation}/reopen", script=True).json
    assert answer["good"] is True  # type: ignore[index]
    newer = centre.application.look(lambda transaction: escalations.get(transaction.tx, centre.escalation()))
    assert newer is not None
    assert newer.escalation.accepted_by == centre.people["Ben Ortiz"]


@pytest.mark.parametrize("kind", ["text", "call", "withheld"])
def test_an_emergency_that_was_closed_too_soon_is_one_again(centre: Centre, kind: str) -> None:
    """It stands among the emergencies as its clinician's, who is paged for nothing and can ring them."""
    if kind == "text":
        centre.texts("I want to die")
    else:
        centre.hangs_up(centre.calls_in("+16175550188" if kind == "call" else None, "1"))
    chloe = centre.signed_in("Chloe Baptiste")
    press(chloe, f"/board/escalations/{centre.escalation()}/accept")
    escalation = _closes(centre, "Chloe Baptiste")
    assert "No emergency." in chloe.get("/board").text
    assert "Yes, reopen it" in chloe.get("/board").text
    assert _reopens(chloe, escalation) == EMERGENCY_YOURS
    board = chloe.get("/board").text
    assert "You have it." in board
    assert f"/board/escalations/{centre.escalation()}/close" in board
    assert "escalation" in [entry.subject_kind for entry in _audit(centre) if entry.action == "reopen"]


def test_an_emergency_began_when_it_began_however_often_it_is_opened_again(centre: Centre) -> None:
    """On the board and on its page; when it was opened again last stands beside it."""
    contact = centre.calls_in("+16175550188", "1")
    centre.hangs_up(contact)
    chloe = centre.signed_in("Chloe Baptiste")
    press(chloe, f"/board/escalations/{centre.escalation()}/accept")
    (began,) = _emergencies(centre)
    assert began.reopened_at is None
    for _ in range(2):
        escalation = _closes(centre, "Chloe Baptiste")
        centre.clock.pass_by(timedelta(minutes=11))
        _reopens(chloe, escalation)
        (again,) = _emergencies(centre)
        assert again.since == began.since
        assert again.reopened_at == centre.application.look(lambda transaction: transaction.now)
    for page in (chloe.get("/board").text, chloe.get(f"/threads/{contact}").text):
        assert "opened again" in page


def _emergencies(centre: Centre) -> tuple[Emergency, ...]:
    chloe = centre.people["Chloe Baptiste"]
    return centre.application.look(lambda transaction: board.board(transaction, chloe)).emergencies


def _reopened_by_ben(centre: Centre) -> tuple[FlaskClient, EscalationId]:
    """Ben, who may close no emergency, has reopened one that Chloe had closed."""
    centre.texts("I want to die")
    press(centre.signed_in("Chloe Baptiste"), f"/board/escalations/{centre.escalation()}/accept")
    closed = _closes(centre, "Chloe Baptiste")
    centre.clock.pass_by(timedelta(minutes=1))
    ben = centre.signed_in("Ben Ortiz")
    assert "You can take that back for five minutes" in ben.get("/board").text
    assert _reopens(ben, closed) == EMERGENCY_YOURS
    return ben, centre.escalation()


def _closes_again(client: FlaskClient, escalation: EscalationId) -> object:
    answer = press(client, f"/board/escalations/{escalation}/close", script=True)
    return answer.json if answer.status_code == 200 else answer.status_code


def test_whoever_reopened_an_emergency_by_mistake_closes_it_again(centre: Centre) -> None:
    """Within five minutes, and nobody else who may close none: it is their own doing that they take back."""
    ben, escalation = _reopened_by_ben(centre)
    assert "Undo: close it again" in ben.get("/board").text
    assert _closes_again(centre.signed_in("Ana Lima"), escalation) == 403
    centre.clock.pass_by(timedelta(minutes=4))
    assert _closes_again(ben, escalation) == CLOSED
    assert "No emergency." in ben.get("/board").text


@pytest.mark.parametrize("since", ["five minutes", "their words", "their call"])
def test_what_somebody_must_judge_is_not_taken_back(centre: Centre, since: str) -> None:
    """Later, or if they have written or called since, only a clinician or a supervisor closes it."""
    ben, escalation = _reopened_by_ben(centre)
    centre.clock.pass_by(timedelta(minutes=5 if since == "five minutes" else 1))
    if since == "their words":
        centre.texts("I have the pills here")
    if since == "their call":
        centre.calls_in("+16175550177", "1")
    assert "Undo: close it again" not in ben.get("/board").text
    assert _closes_again(ben, escalation) == 403


def test_an_emergency_that_goes_on_in_a_newer_thread_is_looked_for_among_the_emergencies(
    centre: Centre,
) -> None:
    """Not among the texts."""
    centre.texts("I want to die")
    escalation = _closes(centre, "Chloe Baptiste")
    centre.texts("thanks")
    answer = press(centre.signed_in("Ben Ortiz"), f"/board/escalations/{escalation}/reopen", script=True).json
    assert answer == {
        "said": "They have written again since. It is open there, and yours: see Emergencies on the board.",
        "good": True,
    }


def _audit(centre: Centre) -> list[audit.AuditEntry]:
    return centre.application.look(lambda transaction: audit_trail(transaction.tx, centre.clock.now - DAY))


def test_whoever_closed_it_can_still_read_it(centre: Centre) -> None:
    """A clinician who took a text of admissions is not thrown off its page by closing it."""
    thread = claimed(centre, by="Chloe Baptiste")
    chloe = centre.signed_in("Chloe Baptiste")
    here = f"/threads/{thread}"
    answer = press(chloe, f"/board/escalations/{centre.escalation()}/close", back=here)
    assert (answer.location, chloe.get(here).status_code) == (here, 200)
    centre.clock.pass_by(DAY)
    assert centre.signed_in("Chloe Baptiste").get(here).status_code == 403


def test_an_admin_sees_that_it_was_closed_but_not_whose_it_was(centre: Centre) -> None:
    """No number among what was lately closed, be it a text, an emergency or a callback."""
    _closed(centre)
    callback = centre.asks_for_callback("+16175550142")
    centre.claims("Ana Lima", callback)
    press(centre.signed_in("Ana Lima"), f"/board/callbacks/{callback}/outcome", outcome="reached")
    board = centre.signed_in("Adam Cole").get("/board").text
    assert "Text thread</strong> · Closed" in board
    assert "Admissions</strong> · Reached the right person" in board
    assert "555-01" not in board
    assert "Ending 01" not in board
    assert "Ending 0142" in centre.signed_in("Ana Lima").get("/board").text
