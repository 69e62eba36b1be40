"""What the board's buttons do, and to whom."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from hotline.callbacks.callback import CallbackStatus, CallerDialled
from hotline.callbacks.ledger import Became
from hotline.effects import Origin, OriginKind
from hotline.model import CallbackId, EscalationId, Outcome, Role
from hotline.oncall.escalation import EscalationStatus
from hotline.operations.callbacks import ringing_back
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, escalations, promises
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.database.periods import Period
from hotline.store.traffic import outbox
from tests.console.centre import Centre, press, token

TAKEN_BY_BEN = {"said": "Ben Ortiz has it.", "good": False}


def _callback(centre: Centre, callback: CallbackId) -> CallbackRow:
    row = centre.application.look(lambda transaction: callbacks.get(transaction.tx, callback))
    assert row is not None
    return row


def _status(centre: Centre, escalation: EscalationId) -> EscalationStatus:
    row = centre.application.look(lambda transaction: escalations.get(transaction.tx, escalation))
    assert row is not None
    return row.escalation.status


def test_a_claim_without_a_script_comes_back_to_the_card_and_says_so(centre: Centre) -> None:
    """A plain form, a redirect, and words on the page."""
    callback = centre.asks_for_callback()
    client = centre.signed_in("Ana Lima")
    response = press(client, f"/board/callbacks/{callback}/claim")
    assert (response.status_code, response.location) == (303, f"/board#callback-{callback}")
    text = client.get("/board").text
    assert "It is yours now." in text
    assert "With you" in text
    assert "It is yours now." not in client.get("/board").text
    assert _callback(centre, callback).callback.owner == centre.people["Ana Lima"]


def test_of_two_who_claim_one_wins_and_the_other_sees_who(centre: Centre) -> None:
    """By whichever button."""
    callback = centre.asks_for_callback()
    ana, ben = centre.signed_in("Ana Lima"), centre.signed_in("Ben Ortiz")
    assert press(ben, f"/board/callbacks/{callback}/claim", script=True).json == {
        "said": "It is yours now.",
        "good": True,
    }
    for button in ("claim", "call", "outcome"):
        response = press(ana, f"/board/callbacks/{callback}/{button}", script=True, outcome="reached")
        assert (response.status_code, response.json) == (200, TAKEN_BY_BEN)
    assert _callback(centre, callback).callback.owner == centre.people["Ben Ortiz"]
    assert "With Ben Ortiz" in ana.get("/board").text


def test_call_now_claims_and_rings_ones_own_phone(centre: Centre) -> None:
    """And says which key to press."""
    callback = centre.asks_for_callback()
    response = press(centre.signed_in("Ana Lima"), f"/board/callbacks/{callback}/call", script=True)
    assert response.json == {
        "said": "Your phone rings now. Press 1 on it, and the caller is called.",
        "good": True,
    }
    assert _callback(centre, callback).callback.status is CallbackStatus.TAKEN


def test_only_ones_own_callback_can_be_put_back(centre: Centre) -> None:
    """Back in line at once."""
    callback = centre.asks_for_callback()
    centre.claims("Ben Ortiz", callback)
    ana, ben = centre.signed_in("Ana Lima"), centre.signed_in("Ben Ortiz")
    refused = press(ana, f"/board/callbacks/{callback}/put-back", script=True)
    assert refused.json is not None
    assert refused.json["good"] is False
    assert _callback(centre, callback).callback.status is CallbackStatus.TAKEN
    assert press(ben, f"/board/callbacks/{callback}/put-back", script=True).json == {
        "said": "It is back in line.",
        "good": True,
    }
    assert _callback(centre, callback).callback.status is CallbackStatus.WAITING


def test_a_supervisor_takes_a_callback_from_whoever_has_it_and_they_are_told(centre: Centre) -> None:
    """At once, with its time as it was; nobody else does, and nobody's talk is cut."""
    callback = centre.asks_for_callback()
    promised = _callback(centre, callback).callback.promised_at
    centre.claims("Ana Lima", callback)
    address = f"/board/callbacks/{callback}/take-over"
    ben, eve = centre.signed_in("Ben Ortiz"), centre.signed_in("Eve Stone")
    assert address not in ben.get("/board").text
    assert press(ben, address).status_code == 403
    assert "Ana Lima has it. It becomes yours, and they are told." in eve.get("/board").text
    said = {"said": "It is yours now. Whoever had it is told.", "good": True}
    assert press(eve, address, script=True).json == said
    taken = _callback(centre, callback).callback
    assert (taken.owner, taken.status) == (centre.people["Eve Stone"], CallbackStatus.TAKEN)
    assert taken.promised_at == promised
    assert "take over" in centre.audited()
    hers = Origin(OriginKind.STAFF, centre.people["Ana Lima"])
    told = centre.application.look(lambda transaction: outbox.about(transaction.tx, hers))
    assert [getattr(one.effect, "body", "") for one in told] == [
        "Hotline: Eve has taken over your call back, asked for at 13:00. You needn't call. Thank you."
    ]
    assert press(eve, address, script=True).json == {
        "said": "It is yours now. Whoever had it is told.",
        "good": True,
    }


def test_a_callback_that_is_being_called_is_taken_from_nobody(centre: Centre) -> None:
    """Whoever rings for it stays with it."""
    callback = centre.asks_for_callback()
    centre.claims("Ana Lima", callback)

    def dialled(transaction: Transaction) -> None:
        row = callbacks.get(transaction.tx, callback)
        assert row is not None
        ringing_back.change(transaction, row, CallerDialled(transaction.now + timedelta(minutes=1)))

    centre.application.change(dialled)
    eve = centre.signed_in("Eve Stone")
    address = f"/board/callbacks/{callback}/take-over"
    assert address not in eve.get("/board").text
    assert press(eve, address, script=True).json == {"said": "Ana Lima has it.", "good": False}
    assert _callback(centre, callback).callback.owner == centre.people["Ana Lima"]


def test_an_outcome_is_set_after_claiming_and_can_be_corrected(centre: Centre) -> None:
    """By a colleague too, once it is closed; and only to an ending."""
    callback = centre.asks_for_callback()
    ana, ben = centre.signed_in("Ana Lima"), centre.signed_in("Ben Ortiz")
    address = f"/board/callbacks/{callback}/outcome"
    assert press(ana, address, script=True, outcome="reached").json == {
        "said": "Claim it first, then say how it ended.",
        "good": False,
    }
    centre.claims("Ana Lima", callback)
    booked = {"outcome": "booked_intake", "starts": "2026-03-04T10:00", "place": "12 Elm Street"}
    assert press(ana, address, script=True, **booked).json == {"said": "Saved: intake booked.", "good": True}
    assert _callback(centre, callback).callback.outcome is Outcome.BOOKED_INTAKE
    press(ben, address, outcome="no_answer")
    assert _callback(centre, callback).callback.outcome is Outcome.BOOKED_INTAKE
    press(ben, address, outcome="referred", unsaid="yes")
    assert _callback(centre, callback).callback.outcome is Outcome.REFERRED


def test_a_correction_overwrites_nothing_that_was_not_seen(centre: Centre) -> None:
    """What a colleague has said meanwhile is told, and stays."""
    callback = centre.asks_for_callback()
    centre.claims("Ana Lima", callback)
    address = f"/board/callbacks/{callback}/outcome"
    ana, ben = centre.signed_in("Ana Lima"), centre.signed_in("Ben Ortiz")
    press(ana, address, script=True, outcome="declined")
    press(ana, address, script=True, outcome="referred", unsaid="yes", was="declined")
    late = press(ben, address, script=True, outcome="booked_intake", was="declined")
    assert late.json == {
        "said": "Somebody has changed it meanwhile: it is referred on. Look again, then choose.",
        "good": False,
    }
    assert _callback(centre, callback).callback.outcome is Outcome.REFERRED


def test_a_message_that_was_not_safe_is_asked_about(centre: Centre) -> None:
    """A slip says nothing; whoever has left one all the same ticks that."""
    callback = centre.asks_for_callback()
    centre.claims("Ana Lima", callback)
    ana, address = centre.signed_in("Ana Lima"), f"/board/callbacks/{callback}/outcome"
    assert 'name="left"' in ana.get("/board").text
    refused = press(ana, address, script=True, outcome="left_message").json
    assert refused is not None
    assert refused["good"] is False
    assert "NO MESSAGE stands on the card" in refused["said"]
    assert _callback(centre, callback).callback.status is CallbackStatus.TAKEN
    told = press(ana, address, script=True, outcome="left_message", left="yes").json
    assert told is not None
    assert told["good"] is True
    assert _callback(centre, callback).callback.status is CallbackStatus.WAITING


def test_what_was_said_and_leaves_it_open_is_corrected_within_five_minutes(centre: Centre) -> None:
    """By whoever said it, as long as nobody has it; then it is claimed first, as everything that waits."""
    callback = centre.asks_for_callback()
    centre.claims("Ana Lima", callback)
    ana, ben, address = (
        centre.signed_in("Ana Lima"),
        centre.signed_in("Ben Ortiz"),
        f"/board/callbacks/{callback}/outcome",
    )
    press(ana, address, script=True, outcome="no_answer")
    assert "Correct: no answer" in ana.get("/board").text
    assert "Correct: no answer" not in ben.get("/board").text
    refused = press(ben, address, script=True, outcome="declined").json
    assert refused is not None
    assert refused["said"] == "Claim it first, then say how it ended."
    centre.clock.pass_by(timedelta(minutes=4))
    told = press(ana, address, script=True, outcome="declined").json
    assert told is not None
    assert told["good"] is True
    assert _callback(centre, callback).callback.outcome is Outcome.DECLINED
    press(ana, f"/board/callbacks/{callback}/undo")
    press(ana, address, script=True, outcome="no_answer")
    centre.clock.pass_by(timedelta(minutes=5))
    assert "Correct: no answer" not in ana.get("/board").text
    assert press(ana, address, script=True, outcome="declined").json == refused


def test_what_was_closed_by_mistake_is_undone_within_five_minutes(centre: Centre) -> None:
    """It is open again and theirs; later it can only be corrected."""
    callback = centre.asks_for_callback()
    centre.claims("Ana Lima", callback)
    ana = centre.signed_in("Ana Lima")
    press(ana, f"/board/callbacks/{callback}/outcome", script=True, outcome="declined")
    assert f"/board/callbacks/{callback}/undo" in ana.get("/board").text
    centre.clock.pass_by(timedelta(minutes=4))
    assert press(ana, f"/board/callbacks/{callback}/undo", script=True).json == {
        "said": "It is open again, and yours.",
        "good": True,
    }
    row = _callback(centre, callback)
    assert (row.callback.status, row.callback.owner) == (CallbackStatus.TAKEN, centre.people["Ana Lima"])
    assert "undo outcome" in centre.audited()
    press(ana, f"/board/callbacks/{callback}/outcome", script=True, outcome="declined")
    centre.clock.pass_by(timedelta(minutes=5))
    assert f"/board/callbacks/{callback}/undo" not in ana.get("/board").text
    refused = press(ana, f"/board/callbacks/{callback}/undo", script=True)
    assert refused.json is not None
    assert refused.json["good"] is False
    assert _callback(centre, callback).callback.outcome is Outcome.DECLINED


def test_what_is_undone_keeps_the_time_that_was_promised(centre: Centre) -> None:
    """The countdown goes on where it stood; that it was closed for a minute is nobody's try."""
    callback, ana = centre.asks_for_callback(), centre.signed_in("Ana Lima")
    centre.claims("Ana Lima", callback)
    before = _callback(centre, callback).callback
    press(ana, f"/board/callbacks/{callback}/outcome", outcome="reached")
    centre.clock.pass_by(timedelta(minutes=1))
    press(ana, f"/board/callbacks/{callback}/undo")
    after = _callback(centre, callback).callback
    assert (after.promised_at, after.attempts) == (before.promised_at, before.attempts)
    assert after.owner == centre.people["Ana Lima"]


def test_no_promise_is_kept_by_an_outcome_that_was_undone(centre: Centre) -> None:
    """By a slip they were "reached", whom nobody rang: after the undo it is still to be kept, in the report too."""
    callback, ana = centre.asks_for_callback(), centre.signed_in("Ana Lima")
    centre.claims("Ana Lima", callback)
    press(ana, f"/board/callbacks/{callback}/outcome", outcome="reached")
    centre.clock.pass_by(timedelta(seconds=20))
    press(ana, f"/board/callbacks/{callback}/undo")
    centre.clock.pass_by(timedelta(seconds=1))

    def counted(transaction: Transaction) -> dict[Became, int]:
        period = Period(transaction.now - timedelta(days=1), transaction.now)
        return {one.became: one.promises for one in promises.count(transaction.tx, period)}

    assert centre.application.look(counted) == {Became.WAITING: 1}


def test_what_they_have_asked_for_anew_is_not_undone_into_a_second_callback(centre: Centre) -> None:
    """One number is owed one call about one thing; the outcome can be corrected."""
    callback, ana = centre.asks_for_callback(), centre.signed_in("Ana Lima")
    centre.claims("Ana Lima", callback)
    press(ana, f"/board/callbacks/{callback}/outcome", outcome="reached")
    anew = centre.asks_for_callback()
    assert anew != callback
    assert "/undo" not in ana.get("/board").text
    assert press(ana, f"/board/callbacks/{callback}/undo", script=True).json["good"] is False  # type: ignore[index]


def test_asked_to_stop_is_undone_by_nobody_but_them(centre: Centre) -> None:
    """Their case tells it as it was: calls and texts, and to whom they said so."""
    callback = centre.asks_for_callback()
    centre.claims("Ana Lima", callback)
    ana = centre.signed_in("Ana Lima")
    press(ana, f"/board/callbacks/{callback}/outcome", script=True, outcome="asked_to_stop")
    assert "/undo" not in ana.get("/board").text
    refused = press(ana, f"/board/callbacks/{callback}/undo", script=True)
    assert refused.json is not None
    assert refused.json["good"] is False
    row = centre.application.look(lambda transaction: callbacks.get(transaction.tx, callback))
    assert row is not None
    told = ana.get(f"/threads/{row.contact_id}").text
    assert "They asked for no more calls, and ended texts · Ana Lima" in told


@pytest.mark.parametrize(
    ("later", "said"),
    [
        ("2026-03-03T09:30", "Saved: asked to be called later."),
        ("", "Saved: asked to be called later."),
        ("2026-03-01T09:30", "Choose a time to come, within 30 days."),
        ("2026-05-01T09:30", "Choose a time to come, within 30 days."),
        ("tomorrow", "Write the day and the time at which they asked to be called."),
    ],
)
def test_to_be_called_later_has_a_time_on_the_centres_wall(centre: Centre, later: str, said: str) -> None:
    """Half past nine in Boston is 14:30 UTC in March; without a time it is in an hour."""
    callback = centre.asks_for_callback()
    centre.claims("Ana Lima", callback)
    address = f"/board/callbacks/{callback}/outcome"
    response = press(centre.signed_in("Ana Lima"), address, script=True, outcome="call_later", later=later)
    assert response.json is not None
    assert response.json["said"] == said
    row = _callback(centre, callback)
    if later == "2026-03-03T09:30":
        assert row.callback.due_at == datetime(2026, 3, 3, 14, 30, tzinfo=UTC)
    elif not later:
        assert row.callback.due_at == centre.clock.now + timedelta(hours=1)
    else:
        assert row.callback.status is CallbackStatus.TAKEN


@pytest.mark.parametrize("given", ["", "nonsense", "emergency", "callback", "REACHED"])
def test_an_outcome_is_one_of_those_offered(centre: Centre, given: str) -> None:
    """Anything else changes nothing."""
    callback = centre.asks_for_callback()
    centre.claims("Ana Lima", callback)
    address = f"/board/callbacks/{callback}/outcome"
    response = press(centre.signed_in("Ana Lima"), address, script=True, outcome=given)
    assert response.json == {"said": "Choose how it ended, then save.", "good": False}
    assert _callback(centre, callback).callback.status is CallbackStatus.TAKEN


@pytest.mark.parametrize("name", ["Ana Lima", "Chloe Baptiste", "Adam Cole"])
def test_everybody_may_accept_an_emergency_and_it_stays_theirs(centre: Centre, name: str) -> None:
    """Their phone rings; they can say that they are still at it; the others see who has it."""
    centre.calls_in(keys="1")
    emergency = centre.escalation()
    client, eve = centre.signed_in(name), centre.signed_in("Eve Stone")
    response = press(client, f"/board/escalations/{emergency}/accept", script=True)
    assert response.json == {"said": "Your phone rings now. Press 1 on it to be connected.", "good": True}
    assert press(client, f"/board/escalations/{emergency}/keep", script=True).json == {
        "said": "Noted: you are still working on it.",
        "good": True,
    }
    late = press(eve, f"/board/escalations/{emergency}/accept", script=True)
    assert late.json == {"said": f"{name} has it.", "good": False}
    not_theirs = press(eve, f"/board/escalations/{emergency}/keep", script=True)
    assert not_theirs.json is not None
    assert not_theirs.json["good"] is False
    assert f"{name} has it." in eve.get("/board").text


@pytest.mark.parametrize(
    ("name", "status"), [("Ana Lima", 403), ("Chloe Baptiste", 200), ("Eve Stone", 200), ("Adam Cole", 403)]
)
def test_an_emergency_is_closed_by_those_who_may_judge_it(centre: Centre, name: str, status: int) -> None:
    """Never by a coordinator alone, whatever they have accepted."""
    centre.calls_in(keys="1")
    emergency = centre.escalation()
    client = centre.signed_in(name)
    press(client, f"/board/escalations/{emergency}/accept")
    response = press(client, f"/board/escalations/{emergency}/close", script=True)
    assert response.status_code == status
    assert (_status(centre, emergency) is EscalationStatus.CLOSED) == (status == 200)


def test_an_emergency_in_which_nobody_can_be_reached_is_closed_by_whoever_has_it(centre: Centre) -> None:
    """They hung up and withheld their number: there is nothing to judge, and "close it on the board" was said."""
    contact = centre.calls_in("", keys="1")
    emergency = centre.escalation()
    centre.hangs_up(contact)
    ana, ben = centre.signed_in("Ana Lima"), centre.signed_in("Ben Ortiz")
    press(ana, f"/board/escalations/{emergency}/accept")
    assert press(ben, f"/board/escalations/{emergency}/close", script=True).status_code == 403
    assert f"/board/escalations/{emergency}/close" in ana.get("/board").text
    assert press(ana, f"/board/escalations/{emergency}/close", script=True).status_code == 200
    assert _status(centre, emergency) is EscalationStatus.CLOSED


def test_somebody_in_an_emergency_who_hung_up_is_called_on_request(centre: Centre) -> None:
    """Before their two minutes are over; not twice."""
    contact = centre.calls_in(keys="1")
    centre.clock.pass_by(timedelta(seconds=30))
    centre.hangs_up(contact)
    emergency = centre.escalation()
    client = centre.signed_in("Chloe Baptiste")
    assert "Call them back now" in client.get("/board").text
    assert press(client, f"/board/escalations/{emergency}/ring-back", script=True).json == {
        "said": "They are being called now.",
        "good": True,
    }


def test_two_ways_to_call_somebody_back_say_whose_phone_rings_when(centre: Centre) -> None:
    """Whoever has it isn't offered to be connected with somebody who isn't there; on the board and on its page."""
    contact = centre.calls_in(keys="1")
    emergency, chloe = centre.escalation(), centre.signed_in("Chloe Baptiste")
    press(chloe, f"/board/escalations/{emergency}/accept")
    assert "Connect me: ring my phone" in chloe.get("/board").text
    centre.clock.pass_by(timedelta(seconds=30))
    centre.hangs_up(contact)
    for address in ("/board", f"/threads/{contact}"):
        page = chloe.get(address).text
        assert "Connect me" not in page
        assert re.search(r'class="alarm">Call them now: their phone first, then mine<', page)
        assert re.search(r'class="quiet">Only my phone now: I wait, theirs rings at 13:02<', page)
        assert "Call them back now" not in page


def test_whoever_writes_to_them_has_them_rung_no_more(centre: Centre) -> None:
    """Only whoever has it is offered that; once."""
    contact = centre.calls_in(keys="1")
    emergency, chloe = centre.escalation(), centre.signed_in("Chloe Baptiste")
    press(chloe, f"/board/escalations/{emergency}/accept")
    centre.clock.pass_by(timedelta(seconds=30))
    centre.hangs_up(contact)
    address, words = f"/board/escalations/{emergency}/write", "Don't ring them at 13:02, nor later"
    eve = centre.signed_in("Eve Stone")
    assert words in unescape(chloe.get("/board").text)
    assert words not in unescape(eve.get("/board").text)
    assert press(chloe, address, script=True).json == {
        "said": "Their phone isn't rung by itself any more. It stays yours until you close it.",
        "good": True,
    }
    page = chloe.get("/board").text
    assert "theirs rings at" not in page
    assert "Ring my phone, then theirs" in page
    assert press(chloe, address, script=True).json == {
        "said": "No call to them is to come, or it is not yours.",
        "good": False,
    }


def test_a_holding_caller_is_answered_once(centre: Centre) -> None:
    """By whoever is first."""
    contact = centre.calls_in(keys="2")
    ana, ben = centre.signed_in("Ana Lima"), centre.signed_in("Ben Ortiz")
    first = press(ben, f"/board/callers/{contact}/answer", script=True)
    assert first.json == {"said": "Your phone rings now. Press 1 on it to be connected.", "good": True}
    assert press(ana, f"/board/callers/{contact}/answer", script=True).json == TAKEN_BY_BEN


def test_a_text_is_claimed_and_closed_by_those_who_work(centre: Centre) -> None:
    """Not by somebody who may only look."""
    centre.texts("xyzzy the parking lot")
    thread = centre.escalation()
    ana, adam = centre.signed_in("Ana Lima"), centre.signed_in("Adam Cole")
    for button in ("accept", "close"):
        assert press(adam, f"/board/escalations/{thread}/{button}").status_code == 403
    assert _status(centre, thread) is EscalationStatus.REACHING
    assert press(ana, f"/board/escalations/{thread}/accept", script=True).json == {
        "said": "It is yours now.",
        "good": True,
    }
    assert press(ana, f"/board/escalations/{thread}/close", script=True).json == {
        "said": "Closed.",
        "good": True,
    }
    assert _status(centre, thread) is EscalationStatus.CLOSED


def test_an_emergencys_callback_is_no_ordinary_one(centre: Centre) -> None:
    """It can't be claimed away from its rings, nor closed with an outcome."""
    contact = centre.calls_in(keys="1")
    centre.clock.pass_by(timedelta(seconds=30))
    centre.hangs_up(contact)
    rows = centre.application.look(lambda transaction: callbacks.all_open(transaction.tx))
    client = centre.signed_in("Ana Lima")
    for button in ("claim", "call", "put-back", "outcome"):
        press(client, f"/board/callbacks/{rows[0].callback.id}/{button}", outcome="reached")
    assert centre.application.look(lambda transaction: callbacks.all_open(transaction.tx)) == rows


@pytest.mark.parametrize(
    "address", ["callbacks/x/claim", "callbacks/x/call", "callers/x/answer", "escalations/x/accept"]
)
def test_what_is_over_says_so(centre: Centre, address: str) -> None:
    """A button pressed too late is no error."""
    response = press(centre.signed_in("Ana Lima"), f"/board/{address}", script=True)
    assert (response.status_code, response.json) == (
        200,
        {"said": "That is not waiting any more.", "good": False},
    )


def test_a_role_taken_away_counts_at_once(centre: Centre) -> None:
    """The session ends with it; in a new one the new role holds."""
    callback = centre.asks_for_callback()
    client = centre.signed_in("Ana Lima")
    client.get("/board")
    forged = token(client, "/board")
    centre.change_person("Ana Lima", roles=frozenset({Role.ADMIN}))
    address = f"/board/callbacks/{callback}/claim"
    assert client.post(address, data={"csrf_token": forged}).location == "/sign-in"
    assert press(centre.signed_in("Ana Lima"), address).status_code == 403


@pytest.mark.parametrize("then", ["put back", "closed and undone, then put back"])
def test_a_time_that_they_asked_for_stays_when_it_is_claimed_and_put_back(centre: Centre, then: str) -> None:
    """And stands on the card while somebody has it."""
    callback = centre.asks_for_callback()
    ana = centre.signed_in("Ana Lima")
    where = f"/board/callbacks/{callback}"
    press(ana, f"{where}/claim")
    press(ana, f"{where}/outcome", outcome="call_later", later="2026-03-02T15:30")
    press(ana, f"{where}/claim")
    assert ">15:30</time>" in ana.get("/board").text
    if then != "put back":
        press(ana, f"/board/callbacks/{callback}/outcome", outcome="reached")
        press(ana, f"/board/callbacks/{callback}/undo")
        assert ">15:30</time>" in ana.get("/board").text
    centre.clock.pass_by(timedelta(minutes=1))
    press(ana, f"/board/callbacks/{callback}/put-back")
    assert ">15:30</time>" in ana.get("/board").text
    row = centre.application.look(lambda transaction: callbacks.get(transaction.tx, callback))
    assert row is not None
    assert row.callback.due_at == datetime(2026, 3, 2, 20, 30, tzinfo=UTC)


def test_two_open_emergencies_of_one_number_say_so_of_each_other(centre: Centre) -> None:
    """On both cards and on the page of the case: whose the other is, with the way there; who has one may take both."""
    first = centre.calls_in("+16175550142", keys="1")
    centre.hangs_up(first)
    one = centre.escalation()
    centre.texts("he is not breathing", "+16175550142")
    centre.add_person("Dan Reed", frozenset({Role.CLINICIAN}))
    chloe, dan = centre.signed_in("Chloe Baptiste"), centre.signed_in("Dan Reed")
    page = chloe.get("/board").text
    assert page.count("Same number</span>") == 2
    assert page.count("is open, too: nobody has it yet") == 2
    assert "too<span" not in page
    press(chloe, f"/board/escalations/{one}/accept")
    page = chloe.get("/board").text
    assert "is open, too: it is yours" in page
    assert re.search(r"Same number: take the one of [0-9:]+, too<", page)
    assert "is open, too: Chloe Baptiste has it" in dan.get("/board").text
    case = dan.get(f"/threads/{first}").text
    assert "is open, too: nobody has it yet" in case
    assert "in an emergency that is still open: nobody has it yet" in case


def test_another_number_is_not_said_to_be_the_same(centre: Centre) -> None:
    """Nor is one that was withheld."""
    centre.calls_in("+16175550142", keys="1")
    centre.calls_in("+16175550143", keys="1")
    assert "Same number" not in centre.signed_in("Chloe Baptiste").get("/board").text
