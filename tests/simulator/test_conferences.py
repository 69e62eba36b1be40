"""Conference rooms."""

from __future__ import annotations

import pytest

from hotline.simulator import Behaviour, Phone

from .conftest import LINE, SITE, Application, World

ANA, BEN = "+16175550101", "+16175550102"


def room(attributes: str = 'waitUrl=""', dial: str = 'action="/left"', beep: str = "false") -> str:
    return f'<Dial {dial}><Conference beep="{beep}" {attributes}>contact-1</Conference></Dial>'


def enter(world: World, app: Application, number: str, verbs: str) -> Phone:
    """Have somebody's telephone answer and go into the room."""
    path = f"/enter/{number[1:]}"
    app.says(path, verbs)
    app.says("/left", "<Say>out of the room</Say>", '<Pause length="60"/>')
    phone = world.sim.phone(number, Behaviour.ANSWERS, after=1)
    world.client.calls.create(to=number, from_=LINE, url=f"{SITE}{path}")
    world.pass_(4)
    return phone


def test_people_hear_each_other_only_when_both_are_in(world: World, app: Application) -> None:
    """One alone hears nobody; two hear each other; when one leaves, the other stays."""
    ana = enter(world, app, ANA, room())
    assert ana.in_call
    assert ana.talking_with == set()
    ben = enter(world, app, BEN, room())
    assert (ana.talking_with, ben.talking_with) == ({BEN}, {ANA})
    assert len(world.sim.conferences) == 1
    ben.hangs_up()
    world.pass_(1)
    assert ana.in_call
    assert ana.talking_with == set()
    assert world.sim.conferences[0].status == "in-progress"
    ana.hangs_up()
    world.pass_(1)
    assert world.sim.conferences[0].reason == "last-participant-left"


def test_a_room_waits_for_somebody_who_may_start_it(world: World, app: Application) -> None:
    """startConferenceOnEnter=false waits until another starts the room."""
    ana = enter(world, app, ANA, room('waitUrl="" startConferenceOnEnter="false"'))
    ben = enter(world, app, BEN, room('waitUrl="" startConferenceOnEnter="false"'))
    assert ana.talking_with == set()
    caller = enter(world, app, "+16175550103", room())
    assert caller.talking_with == {ANA, BEN}
    assert ben.talking_with == {ANA, caller.number}


def test_the_end_of_the_room_asks_everybodys_action(world: World, app: Application) -> None:
    """Who leaves with endConferenceOnExit ends it for all; the others go on with their Dial's action."""
    ana = enter(world, app, ANA, room('waitUrl="" endConferenceOnExit="true"'))
    ben = enter(world, app, BEN, room())
    ana.hangs_up()
    world.pass_(1)
    assert ben.captions == ["out of the room"]
    ended = world.sim.conferences[0]
    assert (ended.status, ended.reason) == ("completed", "participant-with-end-conference-on-exit-left")
    assert [form["DialCallStatus"] for form in app.forms("/left")] == ["answered", "answered"]
    again = enter(world, app, "+16175550103", room())
    assert again.in_call
    assert len(world.sim.conferences) == 2


def test_keys_do_nothing_in_a_room_but_star_leads_out_of_it(world: World, app: Application) -> None:
    """hangupOnStar takes that one leg out to the action."""
    ana = enter(world, app, ANA, room(dial='action="/left" hangupOnStar="true"'))
    ben = enter(world, app, BEN, room())
    ben.presses("*1")
    assert ben.lost_keys == ["*", "1"]
    ana.presses("1*")
    world.pass_(0.5)
    assert ana.lost_keys == ["1"]
    assert ana.hears_now == "out of the room"
    assert ben.in_call
    assert ben.talking_with == set()


def test_a_redirect_takes_a_leg_out_of_the_room(world: World, app: Application) -> None:
    """A redirected leg leaves without its action being asked."""
    ana = enter(world, app, ANA, room())
    ben = enter(world, app, BEN, room())
    app.says("/moved", '<Pause length="60"/>')
    world.client.calls(world.sim.calls[0].sid).update(url=f"{SITE}/moved")
    world.pass_(1)
    assert ana.in_call
    assert ben.talking_with == set()
    assert app.forms("/left") == []


def test_whoever_waits_hears_the_wait_document_again_and_again(world: World, app: Application) -> None:
    """The waitUrl is played to one alone, until the second comes; no waitUrl means Twilio's music."""
    app.says("/wait", "<Say>a b c d e</Say>", "<Redirect>/wait2</Redirect>")
    app.says("/wait2", "<Say>v w x y z</Say>")
    ana = enter(world, app, ANA, room('waitUrl="/wait"'))
    world.pass_(4)
    assert ana.captions[:3] == ["a b c d e", "v w x y z", "a b c d e"]
    assert "ConferenceSid" in app.forms("/wait")[0]
    enter(world, app, BEN, room('waitUrl="/wait"'))
    assert ana.hears_now == ""
    before = len(ana.heard)
    world.pass_(10)
    assert len(ana.heard) == before
    app.says("/other", "<Dial><Conference>elsewhere</Conference></Dial>")
    world.client.calls(world.sim.calls[0].sid).update(url=f"{SITE}/other")
    world.pass_(1)
    assert ana.hears_now == "[hold music]"


def test_a_wait_document_may_not_gather(world: World, app: Application) -> None:
    """Only Say, Play, Pause and Redirect are allowed while waiting."""
    app.says("/wait", "<Gather/>")
    enter(world, app, ANA, room('waitUrl="/wait"'))
    assert [one.what for one in world.sim.violations] == ["<Gather> is not allowed in <Response>"]


def test_the_rooms_events_are_told(world: World, app: Application) -> None:
    """start, join, leave, mute, hold and end arrive with the room's name and a running number."""
    told = 'waitUrl="" statusCallback="/room" statusCallbackEvent="start end join leave mute hold"'
    enter(world, app, ANA, room(told + ' participantLabel="ana"'))
    ben = enter(world, app, BEN, room())
    sid = world.sim.conferences[0].sid
    world.client.conferences(sid).participants(world.sim.calls[0].sid).update(muted=True)
    assert ben.talking_with == set()
    world.client.conferences(sid).participants("ana").update(muted=False, hold=True)
    world.client.conferences(sid).participants("ana").update(hold=False)
    assert ben.talking_with == {ANA}
    ben.hangs_up()
    world.pass_(1)
    world.client.conferences(sid).update(status="completed")
    world.pass_(1)
    forms = app.forms("/room")
    assert [form["StatusCallbackEvent"] for form in forms] == [
        "participant-join",
        "participant-join",
        "conference-start",
        "participant-mute",
        "participant-unmute",
        "participant-hold",
        "participant-unhold",
        "participant-leave",
        "participant-leave",
        "conference-end",
    ]
    assert [form["SequenceNumber"] for form in forms] == [str(n) for n in range(1, 11)]
    assert {form["FriendlyName"] for form in forms} == {"contact-1"}
    assert forms[0]["ParticipantLabel"] == "ana"
    assert forms[-1]["ReasonConferenceEnded"] == "conference-ended-via-api"


def test_rooms_and_participants_by_rest(world: World, app: Application) -> None:
    """Rooms are found by name and status, participants listed, fetched, and put out to their action."""
    ana = enter(world, app, ANA, room())
    enter(world, app, BEN, room())
    found = world.client.conferences.list(friendly_name="contact-1", status="in-progress")
    assert [one.sid for one in found] == [world.sim.conferences[0].sid]
    assert world.client.conferences.list(friendly_name="contact-2") == []
    assert world.client.conferences(found[0].sid).fetch().friendly_name == "contact-1"
    inside = world.client.conferences(found[0].sid).participants
    assert [one.call_sid for one in inside.list()] == [call.sid for call in world.sim.calls]
    assert inside.list(muted=True) == []
    first = world.sim.calls[0].sid
    assert inside(first).fetch().hold is False
    assert inside(first).delete()
    world.pass_(1)
    assert ana.captions == ["out of the room"]
    assert len(inside.list()) == 1


def test_who_is_muted_hears_the_others_and_is_heard_by_nobody(world: World, app: Application) -> None:
    """But they are somebody in the room: the hold music is only for whoever is alone there."""
    app.says("/wait", "<Say>please wait</Say>", '<Pause length="60"/>')
    waits = f'waitUrl="{SITE}/wait" waitMethod="POST"'
    ana = enter(world, app, ANA, room(waits))
    ben = enter(world, app, BEN, room())
    zoe = enter(world, app, "+16175550103", room('waitUrl="" muted="true" startConferenceOnEnter="false"'))
    assert (ana.talking_with, zoe.talking_with) == ({BEN}, set())
    assert (zoe.listening_to, ana.listening_to) == ({ANA, BEN}, {BEN})
    ana.says("how are you")
    zoe.says("nobody hears this")
    assert "how are you" in zoe.captions
    assert "nobody hears this" not in ana.captions + ben.captions
    assert ana.captions.count("please wait") == 1
    ben.hangs_up()
    world.pass_(2)
    assert ana.captions.count("please wait") == 1
    zoe.hangs_up()
    world.pass_(2)
    assert ana.captions.count("please wait") == 2


def test_a_beep_tells_the_others_that_somebody_comes_and_goes(world: World, app: Application) -> None:
    """Unless the leg's own terms say otherwise; they themselves hear none."""
    ana = enter(world, app, ANA, room())
    ben = enter(world, app, BEN, room(beep="true"))
    assert (ana.captions, ben.captions) == (["[beep]"], [])
    ben.hangs_up()
    world.pass_(1)
    assert ana.captions == ["[beep]", "[beep]"]


def test_a_full_room_takes_nobody_more(world: World, app: Application) -> None:
    """Beyond maxParticipants the Dial fails."""
    for number in (ANA, BEN):
        enter(world, app, number, room('maxParticipants="2"'))
    enter(world, app, "+16175550103", room('maxParticipants="2"'))
    assert app.forms("/left")[0]["DialCallStatus"] == "failed"


@pytest.mark.parametrize("seconds", [30, 60])
def test_a_stay_can_be_limited(world: World, app: Application, seconds: int) -> None:
    """timeLimit ends the stay."""
    ana = enter(world, app, ANA, room(dial=f'action="/left" timeLimit="{seconds}"'))
    world.pass_(seconds - 5)
    assert ana.captions == []
    world.pass_(5)
    assert ana.captions == ["out of the room"]
