"""Answering machine detection in the background: what is told of whoever picked up, to whom, and when."""

from __future__ import annotations

import pytest
from twilio.base.exceptions import TwilioRestException

from hotline.simulator import Behaviour, Phone

from .conftest import LINE, SID, SITE, Application, World

ANA = "+16175550101"
TOLD = f"{SITE}/machine#ct=2000&rt=4000&rc=2&rp=all"
BACKGROUND: dict[str, object] = {
    "machine_detection": "DetectMessageEnd",
    "async_amd": "true",
    "async_amd_status_callback": TOLD,
    "async_amd_status_callback_method": "POST",
}


@pytest.fixture
def box(world: World, app: Application) -> Phone:
    """A voicemail box with a greeting of five seconds; our call says something for half a minute."""
    app.says("/staff", "<Say>You asked for a call.</Say>", '<Pause length="30"/>')
    return world.sim.phone(ANA, Behaviour.VOICEMAIL, after=2)


def place(world: World, **more: object) -> str:
    return str(world.client.calls.create(to=ANA, from_=LINE, url=f"{SITE}/staff", **more).sid)


def told(app: Application) -> list[str]:
    """AnsweredBy, each time it was told."""
    return [form["AnsweredBy"] for form in app.forms("/machine")]


def test_the_call_goes_on_and_the_result_is_posted_afterwards(
    world: World, app: Application, box: Phone
) -> None:
    """Nothing is held up: the TwiML is asked for at once, without AnsweredBy; the box's beep ends the detection."""
    sid = place(world, **BACKGROUND)
    world.pass_(3.5)
    assert box.in_call
    assert "AnsweredBy" not in app.forms("/staff")[0]
    world.pass_(4)
    assert told(app) == []
    assert world.client.calls(sid).fetch().answered_by is None
    world.pass_(1)
    assert app.forms("/machine") == [
        {
            "AccountSid": SID,
            "CallSid": sid,
            "AnsweredBy": "machine_end_beep",
            "MachineDetectionDuration": "5000",
        }
    ]
    assert world.client.calls(sid).fetch().answered_by == "machine_end_beep"
    assert world.sim.violations == []


@pytest.mark.parametrize(
    ("mode", "behaviour", "beeps", "answered_by"),
    [
        ("DetectMessageEnd", Behaviour.ANSWERS, True, "human"),
        ("DetectMessageEnd", Behaviour.VOICEMAIL, True, "machine_end_beep"),
        ("DetectMessageEnd", Behaviour.VOICEMAIL, False, "machine_end_silence"),
        ("Enable", Behaviour.ANSWERS, True, "human"),
        ("Enable", Behaviour.VOICEMAIL, True, "machine_start"),
    ],
)
def test_each_mode_has_its_own_words(
    world: World, app: Application, box: Phone, mode: str, behaviour: Behaviour, beeps: bool, answered_by: str
) -> None:
    """`Enable` is quick and says machine_start; `DetectMessageEnd` waits for the beep, or for silence."""
    box.behaviour, box.mailbox.beeps = behaviour, beeps
    place(world, **{**BACKGROUND, "machine_detection": mode})
    world.pass_(15)
    assert told(app) == [answered_by]


@pytest.mark.parametrize(
    "taken_for",
    [
        "human",
        "machine_start",
        "machine_end_beep",
        "machine_end_silence",
        "machine_end_other",
        "fax",
        "unknown",
    ],
)
def test_it_errs_when_asked_to(world: World, app: Application, box: Phone, taken_for: str) -> None:
    """Whoever picks up is taken for something else, and at another time."""
    box.behaviour, box.detected_as, box.detected_after = Behaviour.ANSWERS, taken_for, 12.0
    place(world, **BACKGROUND)
    world.pass_(14)
    assert told(app) == []
    world.pass_(2)
    assert told(app) == [taken_for]


def test_a_long_greeting_ends_as_unknown(world: World, app: Application, box: Phone) -> None:
    """Detection gives up after its time-out."""
    box.mailbox.greeting = 20.0
    place(world, **BACKGROUND, machine_detection_timeout=10)
    world.pass_(14)
    assert told(app) == ["unknown"]


def test_a_call_that_is_over_first_is_never_judged(world: World, app: Application, box: Phone) -> None:
    """Nobody is told anything."""
    sid = place(world, **BACKGROUND)
    world.pass_(5)
    world.client.calls(sid).update(status="completed")
    world.pass_(20)
    assert told(app) == []


def test_it_is_told_twice_and_late_when_asked_to(world: World, app: Application, box: Phone) -> None:
    """It is one of the reports that come in any number, and at any time."""
    world.sim.faults.duplicate(2, kind="machine")
    world.sim.faults.reorder(seed=3, spread=5.0)
    place(world, **BACKGROUND)
    world.pass_(8.5)
    assert told(app) == []
    world.pass_(5)
    assert told(app) == ["machine_end_beep"] * 3


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"async_amd": "yes"}, 20001),
        ({"async_amd_status_callback": "/machine"}, 21205),
        ({"async_amd_status_callback_method": "GET"}, 20001),
        ({"machine_detection_timeout": 60}, 20001),
        ({"machine_detection": "DetectMessage"}, 20001),
    ],
)
def test_wrong_parameters_are_refused(world: World, changes: dict[str, object], code: int) -> None:
    """With Twilio's code; no call is made."""
    with pytest.raises(TwilioRestException) as refused:
        place(world, **{**BACKGROUND, **changes})
    assert refused.value.code == code
    assert world.sim.calls == []


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"machine_detection": "Enable", "async_amd": "true"}, "21262"),
        ({"async_amd": "true", "async_amd_status_callback": TOLD}, "without MachineDetection"),
        ({"machine_detection": "Enable", "async_amd_status_callback": TOLD}, "without AsyncAmd"),
        ({**BACKGROUND, "send_digits": "1"}, "SendDigits"),
    ],
)
def test_what_twilio_would_silently_ignore_is_written_down(
    world: World, box: Phone, given: dict[str, object], what: str
) -> None:
    """The call is made; whoever expected a result is told why there will be none."""
    place(world, **given)
    (violation,) = world.sim.violations
    assert what in violation.what
