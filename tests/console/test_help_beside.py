"""On the console somebody in an emergency calls a colleague to it; whoever comes reads and writes beside them."""

from __future__ import annotations

from flask.testing import FlaskClient

from hotline.model import ContactId, EscalationId, Subject
from hotline.store.cases import escalations
from tests.console.centre import Centre, press
from tests.console.test_emergency_page import _do, _offers, _texted
from tests.console.test_on_call_page import text

CHLOE, ANA, EVE = "Chloe Baptiste", "Ana Lima", "Eve Stone"


def _asked(centre: Centre) -> tuple[ContactId, EscalationId, FlaskClient]:
    """Chloe has an emergency by text, and has asked for somebody."""
    contact = _texted(centre)
    escalation = centre.escalation()
    chloe = centre.signed_in(CHLOE)
    _do(chloe, escalation, "accept")
    assert "help" in _offers(chloe.get("/board").text)
    assert _do(chloe, escalation, "help").startswith("Called now: ")
    return contact, escalation, chloe


def _help(centre: Centre) -> EscalationId:
    rows = centre.application.look(lambda transaction: escalations.all_open(transaction.tx))
    return next(row.escalation.id for row in rows if row.escalation.subject is Subject.HELP)


def test_whoever_comes_reads_and_writes_and_the_owner_keeps_it(centre: Centre) -> None:
    """A coordinator doesn't see the clinical side; who helps does, until they help no more."""
    contact, escalation, chloe = _asked(centre)
    ana = centre.signed_in(ANA)
    board = ana.get("/board").text
    assert "Called to help: " in text(board)
    assert "Help Chloe Baptiste" in text(board)
    assert ana.get(f"/threads/{contact}").status_code == 403
    helped = _help(centre)
    assert _do(ana, helped, "accept").startswith("You help with it now")
    page = ana.get(f"/threads/{contact}").text
    assert "You help with it." in text(page)
    assert 'name="words"' in page
    assert {"help", "help-over"} <= _offers(page)
    assert not {"hand-over", "keep"} & _offers(page)
    assert "Ana Lima helps." in text(chloe.get("/board").text)
    assert "You have it." in text(chloe.get("/board").text)
    sent = press(ana, f"/threads/{contact}/write", script=True, words="I am here, too", key="k1").get_json()
    assert sent["good"]
    assert _do(ana, helped, "help-over") == "Whoever has it is told that you help no more."
    assert ana.get(f"/threads/{contact}").status_code == 403
    assert _do(ana, escalation, "help").startswith("NOT: It is not yours")


def test_somebody_without_it_asks_nobody(centre: Centre) -> None:
    """Neither for an emergency that is another's, nor for one that waits; nor is a button there for it."""
    _texted(centre)
    escalation = centre.escalation()
    eve = centre.signed_in(EVE)
    assert "help" not in _offers(eve.get("/board").text)
    assert _do(eve, escalation, "help") == "NOT: It is not yours: accept it first."


def test_when_nobody_else_can_be_rung_it_is_said_at_once(centre: Centre) -> None:
    """Nobody waits for whom nobody has called."""
    for name in centre.people:
        if name != CHLOE:
            centre.change_person(name, verified=False)
    _texted(centre)
    escalation = centre.escalation()
    chloe = centre.signed_in(CHLOE)
    _do(chloe, escalation, "accept")
    assert _do(chloe, escalation, "help").startswith("NOT: Nobody else can be called now. It stays yours.")


def test_the_covered_board_names_nobody_who_helps(centre: Centre) -> None:
    """A locked screen says how many wait, and nothing of people."""
    _asked(centre)
    _do(centre.signed_in(ANA), _help(centre), "accept")
    eve = centre.signed_in(EVE)
    assert "Ana Lima helps" in text(eve.get("/board").text)
    centre.clock.now += centre.application.settings.centre.console.idle
    covered = eve.get("/board/live").text
    assert "Ana Lima" not in covered


def test_a_help_is_closed_with_the_emergency(centre: Centre) -> None:
    """Nothing rings for what is over."""
    _, escalation, chloe = _asked(centre)
    _do(chloe, escalation, "close")
    rows = centre.application.look(lambda transaction: escalations.all_open(transaction.tx))
    assert rows == []
