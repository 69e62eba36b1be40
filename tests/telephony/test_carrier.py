"""Effects become REST calls; what came of them is certain, ambiguous, or final, and never an exception."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from hotline.effects import CallOff, Effect, HangUp, PlaceCall, SendText
from hotline.model import Outcome, PhoneNumber
from hotline.operations.outbox.delivery import GiveUp, Result, Sent, TryAgain, Unsure
from hotline.settings.load import Settings
from hotline.telephony.rest.carrier import NO_SUCH_NUMBER, NOT_NOW, NOT_NOW_STATUS
from tests.stories.centre import ANA, CENTRE, LINE, MIA, SID, SITE, settings_for
from tests.telephony.doorstep import AFTERNOON
from tests.telephony.wires import CALL, CREATES, TEXT, UPDATES, Wire, carrier


def answered(settings: Settings, effect: Effect, status: int, code: int | None) -> Result:
    body = json.dumps({"status": status, "message": f"no {MIA}", "code": code})
    return carrier(settings, Wire(status, body)).perform(effect)


# --- what is sent ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("effect", [*CREATES, *UPDATES], ids=lambda effect: type(effect).__name__)
def test_no_request_waits_for_ever(settings: Settings, effect: Effect) -> None:
    """Every one carries the time-out of the settings."""
    wire = Wire()
    assert isinstance(carrier(settings, wire).perform(effect), Sent)
    assert wire.timeouts == [settings.centre.carrier.request_timeout.total_seconds()]


def test_looking_up_does_not_wait_for_ever_either(settings: Settings) -> None:
    """Nor do lists."""
    wire = Wire(200, json.dumps({"calls": [], "messages": []}))
    for effect in CREATES:
        carrier(settings, wire).look_up(effect, AFTERNOON)
    assert wire.timeouts == [settings.centre.carrier.request_timeout.total_seconds()] * 2


OTHER = "+18575550100"
BY_OTHER = [replace(one, from_=PhoneNumber(OTHER)) for one in (CALL, TEXT)]


@pytest.mark.parametrize("effect", BY_OTHER, ids=lambda effect: type(effect).__name__)
@pytest.mark.parametrize("still_ours", [True, False])
def test_what_leaves_comes_from_the_number_that_it_names(
    tmp_path: Path, effect: PlaceCall | SendText, still_ours: bool
) -> None:
    """While that is ours; else from the first one, and what may have left before is looked for by any."""
    numbers = f'numbers = ["{LINE}", "{OTHER if still_ours else "+18575550101"}"]'
    centre = CENTRE.replace(f'numbers = ["{LINE}"]', numbers)
    settings = settings_for(tmp_path, f"sqlite:///{tmp_path}/none.db", "unix:///nowhere", centre)
    wire = Wire()
    carrier(settings, wire).perform(effect)
    assert parse_qs(str(wire.requests[0].body))["From"] == [OTHER if still_ours else LINE]
    carrier(settings, wire).look_up(effect, AFTERNOON)
    looked = parse_qs(urlsplit(str(wire.requests[1].url)).query)
    assert looked.get("From") == ([OTHER] if still_ours else None)


def test_a_call_is_placed_with_our_addresses_and_our_number(settings: Settings) -> None:
    """From the number that callers know; every status is asked for; every address has a retry policy."""
    wire = Wire()
    carrier(settings, wire).perform(CALL)
    form = parse_qs(str(wire.requests[0].body))
    assert form["To"] == [ANA]
    assert form["From"] == [LINE]
    assert form["Timeout"] == ["25"]
    assert form["Url"] == [f"{SITE}/twilio/voice/page/p1#ct=2000&rt=4000&rc=2&rp=all"]
    assert form["StatusCallback"] == [f"{SITE}/twilio/voice/status/page/p1#ct=2000&rt=4000&rc=2&rp=all"]
    assert form["StatusCallbackEvent"] == ["ringing", "completed"]


def test_machines_are_looked_for_only_where_somebody_must_know(settings: Settings) -> None:
    """In the background, so that nobody who picks up waits for it; the result goes to an address of ours."""
    wire = Wire()
    carrier(settings, wire).perform(CALL)
    carrier(settings, wire).perform(replace(CALL, machine_path="/twilio/voice/machine/c1"))
    plain, watched = (parse_qs(str(request.body)) for request in wire.requests)
    assert {name: value for name, value in watched.items() if name not in plain} == {
        "MachineDetection": ["DetectMessageEnd"],
        "AsyncAmd": ["true"],
        "AsyncAmdStatusCallback": [f"{SITE}/twilio/voice/machine/c1#ct=2000&rt=4000&rc=2&rp=all"],
        "AsyncAmdStatusCallbackMethod": ["POST"],
    }


def test_requests_go_to_the_configured_address(settings: Settings) -> None:
    """A simulator, or a carrier that speaks like Twilio, with a path of its own."""
    wire = Wire()
    elsewhere = replace(settings, twilio_api_base_url="https://carrier.example/api")
    carrier(elsewhere, wire).perform(CALL)
    assert str(wire.requests[0].url) == f"https://carrier.example/api/2010-04-01/Accounts/{SID}/Calls.json"


# --- the error table -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(NO_SUCH_NUMBER))
def test_a_number_that_can_t_be_called_is_given_up(settings: Settings, code: int) -> None:
    """And that is the outcome that the callback gets."""
    assert answered(settings, CALL, 400, code) == GiveUp(str(code), Outcome.NOT_IN_SERVICE)


@pytest.mark.parametrize("code", sorted(NOT_NOW))
@pytest.mark.parametrize("effect", [*CREATES, *UPDATES], ids=lambda effect: type(effect).__name__)
def test_what_was_never_processed_is_tried_again(settings: Settings, effect: Effect, code: int) -> None:
    """Too many requests, a token that is being mended: certain, and safe to repeat."""
    assert answered(settings, effect, 401 if code != 20429 else 429, code) == TryAgain(str(code))


@pytest.mark.parametrize("status", sorted(NOT_NOW_STATUS))
@pytest.mark.parametrize("effect", CREATES, ids=lambda effect: type(effect).__name__)
def test_the_same_without_a_code(settings: Settings, effect: Effect, status: int) -> None:
    """A proxy's or a load balancer's own answer."""
    assert carrier(settings, Wire(status, "<html>busy</html>")).perform(effect) == TryAgain(str(status))


@pytest.mark.parametrize("code", [21610, 21408, 21220, 20404, 30034, 21617, None])
@pytest.mark.parametrize("effect", [*CREATES, *UPDATES], ids=lambda effect: type(effect).__name__)
def test_a_refusal_for_good_is_given_up(settings: Settings, effect: Effect, code: int | None) -> None:
    """Opted out, not allowed, over already: it says nothing about whether the number exists."""
    given_up: object = GiveUp(str(code or 400), Outcome.NO_ANSWER)
    if code == 21220 and isinstance(effect, HangUp | CallOff):
        # What is over needn't be ended, and what was answered isn't to be called off: that is no trouble.
        given_up = Sent(effect.call_sid)
    assert answered(settings, effect, 400, code) == given_up


@pytest.mark.parametrize("status", [500, 502, 503, 504, 599])
def test_a_server_error_is_ambiguous_where_something_was_to_be_made(settings: Settings, status: int) -> None:
    """It may have been made: it is looked up first. What only changes something is simply repeated."""
    for effect in CREATES:
        assert answered(settings, effect, status, None) == Unsure(str(status))
    for effect in UPDATES:
        assert answered(settings, effect, status, None) == TryAgain(str(status))


@pytest.mark.parametrize(
    "breaks",
    [
        requests.ReadTimeout("no answer"),
        requests.ConnectionError("reset by peer"),
        requests.exceptions.ChunkedEncodingError("cut off"),
        requests.exceptions.SSLError("what?"),
        requests.exceptions.ContentDecodingError("what?"),
        OSError("broken pipe"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_answer_that_was_lost_is_ambiguous(settings: Settings, breaks: Exception) -> None:
    """Nobody knows whether the request arrived."""
    for effect in CREATES:
        assert isinstance(carrier(settings, Wire(breaks=breaks)).perform(effect), Unsure)
    for effect in UPDATES:
        assert isinstance(carrier(settings, Wire(breaks=breaks)).perform(effect), TryAgain)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html>hello</html>",
        "{",
        "[]",
        "null",
        "{}",
        '{"sid": null}',
        '{"sid": 7}',
        '"SID"',
        '{"sid": ""}',
    ],
)
def test_an_answer_without_an_id_is_ambiguous(settings: Settings, body: str) -> None:
    """A proxy said 201, and nobody knows what was made."""
    for effect in CREATES:
        assert isinstance(carrier(settings, Wire(201, body)).perform(effect), Unsure)


@given(
    st.integers(200, 599),
    st.text(max_size=30) | st.just('{"code": "x", "status": "y", "type": 1, "title": 2}'),
)
def test_no_answer_makes_the_carrier_stumble(settings: Settings, status: int, body: str) -> None:
    """Whatever comes back, there is a result; and it quotes nobody's number."""
    for effect in (*CREATES, *UPDATES):
        result = carrier(settings, Wire(status, body)).perform(effect)
        assert isinstance(result, Sent | TryAgain | Unsure | GiveUp)


def test_a_reason_never_holds_what_the_provider_wrote(settings: Settings) -> None:
    """Twilio quotes the number in its messages; we keep the code."""
    for status, code in ((400, 21211), (429, 20429), (500, None), (400, 21610)):
        assert MIA not in repr(answered(settings, TEXT, status, code))
    broken = requests.ConnectionError(f"https://api.example/{MIA}")
    assert MIA not in repr(carrier(settings, Wire(breaks=broken)).perform(CALL))
