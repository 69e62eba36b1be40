"""Calls made by REST, and what telephones do with them."""

from __future__ import annotations

import pytest
from twilio.base.exceptions import TwilioRestException

from hotline.simulator import Behaviour, CallStatus, NotPossible, Phone

from .conftest import LINE, SITE, Application, World

ANA, BEN = "+16175550101", "+16175550102"
ALL_EVENTS = ["initiated", "ringing", "answered", "completed"]


def place(world: World, to: str = ANA, **more: object) -> str:
    call = world.client.calls.create(to=to, from_=LINE, url=f"{SITE}/staff", **more)
    return str(call.sid)


def test_a_call_rings_is_answered_and_tells_every_step(world: World, app: Application) -> None:
    """Progress is told in order, each with its number; the TwiML runs once a person has answered."""
    ana = world.sim.phone(ANA)
    app.says("/staff", "<Say>Hotline. Emergency waiting.</Say>")
    sid = place(world, status_callback=f"{SITE}/status", status_callback_event=ALL_EVENTS)
    assert world.client.calls(sid).fetch().status == "queued"
    world.pass_(1)
    assert ana.ringing
    assert ana.shows == LINE
    assert not ana.in_call
    world.pass_(4)
    ana.answer()
    world.pass_(10)
    assert ana.captions == ["Hotline. Emergency waiting."]
    assert [(form["CallStatus"], form["SequenceNumber"]) for form in app.forms("/status")] == [
        ("initiated", "0"),
        ("ringing", "1"),
        ("in-progress", "2"),
        ("completed", "3"),
    ]
    assert app.forms("/staff")[0]["Direction"] == "outbound-api"
    done = world.client.calls(sid).fetch()
    assert (done.status, done.duration, done.direction) == ("completed", "1", "outbound-api")
    assert ana.call_log == world.sim.calls


@pytest.mark.parametrize(
    ("behaviour", "status", "seconds"),
    [
        (Behaviour.BUSY, "busy", 2),
        (Behaviour.OFF, "failed", 2),
        (Behaviour.IGNORES, "no-answer", 22),
        (Behaviour.RINGS, "no-answer", 22),
    ],
)
def test_who_is_not_reached_ends_the_call_accordingly(
    world: World, app: Application, behaviour: Behaviour, status: str, seconds: int
) -> None:
    """Busy, dead and unanswered telephones each give their own status, and the TwiML is never asked for."""
    world.sim.phone(ANA, behaviour)
    sid = place(world, timeout=20)
    world.pass_(seconds)
    assert world.client.calls(sid).fetch().status == status
    assert app.forms("/staff") == []


def test_a_number_that_nobody_has_fails(world: World) -> None:
    """A call to a number without a telephone fails."""
    sid = place(world, to="+16175559999")
    world.pass_(2)
    assert world.client.calls(sid).fetch().status == "failed"


def test_a_telephone_in_a_call_is_busy_for_the_next(world: World, app: Application) -> None:
    """One telephone has one call at a time."""
    world.sim.phone(ANA)
    place(world)
    second = place(world)
    world.pass_(5)
    assert world.client.calls(second).fetch().status == "busy"


def test_a_declined_call_is_busy(world: World) -> None:
    """Declining ends the ringing call as busy."""
    ana = world.sim.phone(ANA)
    sid = place(world)
    world.pass_(2)
    ana.decline()
    assert not ana.ringing
    assert world.client.calls(sid).fetch().status == "busy"


def test_calls_start_one_a_second(world: World) -> None:
    """The second call waits its second at Twilio, and the third waits two."""
    phones = [world.sim.phone(f"+1617555010{n}") for n in range(3)]
    for phone in phones:
        place(world, to=phone.number)
    ringing = []
    for _ in range(3):
        world.pass_(1)
        ringing.append([phone.ringing for phone in phones])
    assert ringing == [[True, False, False], [True, True, False], [True, True, True]]


def test_a_call_canceled_while_queued_tells_nothing(world: World, app: Application) -> None:
    """A call that never left the queue sends no status callback; one that rings does."""
    ana = world.sim.phone(ANA)
    world.sim.phone(BEN)
    first = place(world, status_callback=f"{SITE}/status")
    second = place(world, to=BEN, status_callback=f"{SITE}/status")
    world.client.calls(second).update(status="canceled")
    world.pass_(2)
    rang = ana.ringing
    world.client.calls(first).update(status="completed")
    world.pass_(2)
    assert (rang, ana.ringing) == (True, False)
    assert [form["CallSid"] for form in app.forms("/status")] == [first]
    assert {call.status for call in world.sim.calls} == {CallStatus.CANCELED}


def test_a_voicemail_box_records_and_never_presses_a_key(world: World, app: Application) -> None:
    """The box picks up, speaks its greeting, records what begins after the beep, and hangs up on silence."""
    box = world.sim.phone(ANA, Behaviour.VOICEMAIL)
    gather = '<Gather numDigits="1" action="/key" timeout="4"><Say>Press 1 to connect.</Say></Gather>'
    app.says("/staff", gather, gather, gather, '<Pause length="60"/>')
    sid = place(world)
    world.pass_(20.9)
    assert box.ringing
    world.pass_(1)
    assert box.in_call
    world.pass_(60)
    assert box.captions == ["Press 1 to connect."] * 3
    assert box.recorded == ["Press 1 to connect."] * 2
    assert world.client.calls(sid).fetch().status == "completed"
    assert app.forms("/key") == []


@pytest.mark.parametrize(
    ("behaviour", "answered_by"),
    [(Behaviour.ANSWERS, "human"), (Behaviour.VOICEMAIL, "machine_end_beep")],
)
def test_machine_detection_says_who_answered(
    world: World, app: Application, behaviour: Behaviour, answered_by: str
) -> None:
    """The TwiML is asked for when detection is done, with AnsweredBy."""
    world.sim.phone(ANA, behaviour, after=2)
    sid = place(world, machine_detection="DetectMessageEnd")
    world.pass_(10)
    assert app.forms("/staff")[0]["AnsweredBy"] == answered_by
    assert world.client.calls(sid).fetch().answered_by == answered_by


def test_twiml_can_be_given_with_the_call(world: World, app: Application) -> None:
    """Inline TwiML runs without any webhook."""
    ana = world.sim.phone(ANA, Behaviour.ANSWERS)
    world.client.calls.create(to=ANA, from_=LINE, twiml="<Response><Say>hello</Say></Response>")
    world.pass_(6)
    assert ana.captions == ["hello"]
    assert world.sim.webhooks == []


def test_the_time_limit_ends_a_call(world: World, app: Application) -> None:
    """TimeLimit counts from the answer."""
    ana = world.sim.phone(ANA, Behaviour.ANSWERS)
    app.says("/staff", '<Pause length="600"/>')
    place(world, time_limit=30)
    world.pass_(33)
    assert ana.in_call
    world.pass_(2)
    assert not ana.in_call


def test_a_redirect_interrupts_whatever_the_leg_does(world: World, app: Application) -> None:
    """A new URL stops a Gather; its keys and its timeout lead nowhere any more."""
    ana = world.sim.phone(ANA, Behaviour.ANSWERS)
    app.says("/staff", '<Gather numDigits="1" action="/key"><Say>one two three</Say></Gather>')
    app.says("/moved", "<Say>moved</Say>", '<Pause length="30"/>')
    sid = place(world)
    world.pass_(5)
    world.client.calls(sid).update(url=f"{SITE}/moved")
    assert ana.hears_now == ""
    world.pass_(10)
    assert ana.captions == ["one two three", "moved"]
    ana.presses("1")
    world.client.calls(sid).update(twiml="<Response><Say>inline</Say></Response>")
    world.pass_(5)
    assert ana.captions[-1] == "inline"
    assert app.forms("/key") == []


def test_only_a_call_in_progress_can_be_redirected(world: World, app: Application) -> None:
    """21220 before the answer and after the end."""
    ana = world.sim.phone(ANA)
    sid = place(world)
    world.pass_(2)
    with pytest.raises(TwilioRestException) as ringing:
        world.client.calls(sid).update(url=f"{SITE}/moved")
    ana.decline()
    with pytest.raises(TwilioRestException) as over:
        world.client.calls(sid).update(status="completed")
    assert (ringing.value.code, over.value.code, over.value.status) == (21220, 21220, 400)


def test_a_telephone_refuses_what_it_cannot_do(world: World) -> None:
    """Nothing to answer, to press, to say or to hang up without a call; nobody answers what is ignored."""
    ana: Phone = world.sim.phone(ANA, Behaviour.IGNORES)
    for attempt in (ana.answer, ana.decline, ana.hangs_up, lambda: ana.presses("1"), lambda: ana.says("a")):
        with pytest.raises(NotPossible):
            attempt()
    with pytest.raises(NotPossible):
        ana.calls("+16175550000")
    with pytest.raises(NotPossible):
        ana.texts("+16175550000", "hello")
    place(world)
    world.pass_(2)
    with pytest.raises(NotPossible):
        ana.answer()
    with pytest.raises(NotPossible):
        ana.calls(LINE)
