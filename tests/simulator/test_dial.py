"""<Dial> with numbers: ringing together, screening, joining."""

from __future__ import annotations

import pytest

from hotline.simulator import Behaviour, CallStatus, Phone

from .conftest import LINE, SITE, Application, World

ANA, BEN, EVE = "+16175550101", "+16175550102", "+16175550103"
SCREEN = '<Gather numDigits="1" action="/accept"><Say>Press 1 to connect.</Say></Gather>'


def dials(app: Application, *numbers: str, attributes: str = 'action="/after"') -> None:
    app.says("/voice", f"<Dial {attributes}>{''.join(numbers)}</Dial>")
    app.says("/after", "<Say>the dial is over</Say>", '<Pause length="60"/>')


def start(world: World, seconds: float = 2) -> Phone:
    caller = world.caller()
    caller.calls(LINE)
    world.pass_(seconds)
    return caller


def test_a_plain_number_is_joined_when_it_answers(world: World, app: Application) -> None:
    """Caller and called hear each other until one hangs up; then the action is told how it went."""
    dials(app, f"<Number>{ANA}</Number>")
    ana = world.sim.phone(ANA)
    caller = start(world)
    assert ana.ringing
    assert ana.shows == caller.number
    ana.answer()
    world.pass_(30)
    assert caller.talking_with == {ANA}
    assert ana.talking_with == {caller.number}
    ana.says("hello, this is Ana")
    assert [(one.text, one.by) for one in caller.heard] == [("hello, this is Ana", ANA)]
    ana.hangs_up()
    world.pass_(1)
    form = app.forms("/after")[0]
    child = world.sim.calls[1]
    assert child.created_by == "dial"
    assert child.parent is world.sim.calls[0]
    assert {name: form[name] for name in form if name.startswith("Dial")} == {
        "DialCallStatus": "completed",
        "DialBridged": "true",
        "DialCallSid": child.sid,
        "DialCallDuration": "30",
    }
    assert caller.hears_now == "the dial is over"
    assert world.sim.violations == []


@pytest.mark.parametrize(
    ("behaviour", "status"),
    [(Behaviour.BUSY, "busy"), (Behaviour.OFF, "failed"), (Behaviour.IGNORES, "no-answer")],
)
def test_the_action_is_told_why_nobody_came(
    world: World, app: Application, behaviour: Behaviour, status: str
) -> None:
    """DialCallStatus says busy, failed or no-answer."""
    dials(app, f"<Number>{ANA}</Number>", attributes='action="/after" timeout="15"')
    world.sim.phone(ANA, behaviour)
    start(world, 17)
    assert app.forms("/after")[0]["DialCallStatus"] == status
    assert app.forms("/after")[0]["DialBridged"] == "false"


def test_without_an_action_the_next_verb_follows(world: World, app: Application) -> None:
    """A Dial without action goes on in the same document."""
    app.says("/voice", f"<Dial><Number>{ANA}</Number></Dial>", "<Say>nobody is there</Say>")
    world.sim.phone(ANA, Behaviour.BUSY)
    caller = start(world)
    assert caller.captions == ["nobody is there"]


def test_the_first_through_the_screening_wins(world: World, app: Application) -> None:
    """All ring together; answering isn't enough, the first whose document ends is joined, the rest let go."""
    numbers = [f'<Number url="/screen">{number}</Number>' for number in (ANA, BEN, EVE)]
    dials(app, *numbers)
    app.says("/screen", SCREEN)
    app.says("/accept")
    ana, ben, eve = (world.sim.phone(number) for number in (ANA, BEN, EVE))
    caller = start(world)
    assert ana.ringing
    assert ben.ringing
    assert eve.ringing
    ana.answer()
    ben.answer()
    world.pass_(1)
    assert caller.talking_with == set()
    assert eve.ringing
    ben.presses("1")
    world.pass_(1)
    assert caller.talking_with == {BEN}
    assert (ana.in_call, eve.ringing) == (False, False)
    assert app.forms("/accept")[0]["To"] == BEN
    assert app.forms("/accept")[0]["ParentCallSid"] == world.sim.calls[0].sid
    statuses = [call.status for call in world.sim.calls[1:]]
    assert statuses == [CallStatus.COMPLETED, CallStatus.IN_PROGRESS, CallStatus.CANCELED]


def test_hanging_up_in_the_screening_leaves_the_dial_to_the_others(world: World, app: Application) -> None:
    """A person who hangs up, and a box that is hung up on, count as no-answer; the others go on ringing."""
    dials(app, *[f'<Number url="/screen">{number}</Number>' for number in (ANA, BEN)])
    app.says("/screen", SCREEN, "<Hangup/>")
    ana, ben = world.sim.phone(ANA), world.sim.phone(BEN)
    caller = start(world)
    ana.answer()
    world.pass_(1)
    ana.hangs_up()
    world.pass_(1)
    assert ben.ringing
    ben.answer()
    world.pass_(20)
    assert not ben.in_call
    assert app.forms("/after")[0]["DialCallStatus"] == "no-answer"
    assert caller.hears_now == "the dial is over" or caller.captions[-1] == "the dial is over"


def test_voicemail_boxes_never_get_through_a_screening(world: World, app: Application) -> None:
    """A box answers, presses nothing, and the caller is never joined to it."""
    dials(app, f'<Number url="/screen">{ANA}</Number>')
    app.says("/screen", SCREEN, "<Hangup/>")
    world.sim.phone(ANA, Behaviour.VOICEMAIL, after=5)
    caller = start(world, 40)
    assert app.forms("/after")[0]["DialCallStatus"] == "no-answer"
    assert all(one.by == "" for one in caller.heard)


def test_the_ringing_stops_when_the_caller_hangs_up(world: World, app: Application) -> None:
    """Nobody is left ringing for a caller who has gone; the action is told, and its answer ignored."""
    dials(app, f"<Number>{ANA}</Number>")
    ana = world.sim.phone(ANA)
    caller = start(world)
    caller.hangs_up()
    world.pass_(1)
    assert not ana.ringing
    form = app.forms("/after")[0]
    assert (form["CallStatus"], form["DialCallStatus"]) == ("completed", "canceled")
    assert caller.captions == []


def test_the_called_side_is_hung_up_with_the_caller(world: World, app: Application) -> None:
    """When the caller hangs up, the other leg ends too."""
    dials(app, f"<Number>{ANA}</Number>")
    ana = world.sim.phone(ANA, Behaviour.ANSWERS)
    caller = start(world, 10)
    caller.hangs_up()
    world.pass_(1)
    assert not ana.in_call


def test_star_ends_the_dial_for_the_caller(world: World, app: Application) -> None:
    """With hangupOnStar, `*` lets the called person go and asks the action; other keys do nothing."""
    dials(app, f"<Number>{ANA}</Number>", attributes='action="/after" hangupOnStar="true"')
    ana = world.sim.phone(ANA, Behaviour.ANSWERS)
    caller = start(world, 10)
    caller.presses("5*")
    world.pass_(1)
    assert not ana.in_call
    assert caller.lost_keys == ["5"]
    assert app.forms("/after")[0]["DialCallStatus"] == "completed"


def test_the_line_stays_unanswered_until_the_bridge_if_so_wanted(world: World, app: Application) -> None:
    """answerOnBridge keeps the caller's own call ringing; callerId is what the called side sees."""
    dials(
        app, f"<Number>{ANA}</Number>", attributes=f'answerOnBridge="true" callerId="{LINE}" timeLimit="20"'
    )
    ana = world.sim.phone(ANA)
    caller = start(world)
    assert ana.shows == LINE
    open_line = [caller.in_call]
    ana.answer()
    open_line.append(caller.in_call)
    world.pass_(21)
    assert [*open_line, caller.in_call] == [False, True, False]


def test_the_called_legs_progress_is_told(world: World, app: Application) -> None:
    """A Number's status callback hears of its own leg."""
    events = "initiated ringing answered completed"
    dials(app, f'<Number statusCallback="/leg" statusCallbackEvent="{events}">{ANA}</Number>')
    world.sim.phone(ANA, Behaviour.ANSWERS)
    caller = start(world, 10)
    caller.hangs_up()
    world.pass_(1)
    told = [(form["CallStatus"], form["Direction"]) for form in app.forms("/leg")]
    assert told == [
        (status, "outbound-dial") for status in ("initiated", "ringing", "in-progress", "completed")
    ]


@pytest.mark.parametrize("who", ["parent", "child"])
def test_either_leg_can_be_taken_out_of_the_bridge(world: World, app: Application, who: str) -> None:
    """Redirecting the caller ends the called leg; redirecting the called leg lets the caller's Dial end."""
    dials(app, f"<Number>{ANA}</Number>")
    app.says("/moved", "<Say>moved</Say>", '<Pause length="60"/>')
    ana = world.sim.phone(ANA, Behaviour.ANSWERS)
    caller = start(world, 10)
    sid = world.sim.calls[0 if who == "parent" else 1].sid
    world.client.calls(sid).update(url=f"{SITE}/moved")
    world.pass_(1)
    if who == "parent":
        assert caller.captions[-1] == "moved"
        assert not ana.in_call
        assert app.forms("/after") == []
    else:
        assert ana.captions[-1] == "moved"
        assert app.forms("/after")[0]["DialCallStatus"] == "completed"
        assert ana.in_call


def test_a_leg_taken_away_in_its_screening_counts_as_no_answer(world: World, app: Application) -> None:
    """The Dial doesn't wait for somebody who was sent elsewhere."""
    dials(app, f'<Number url="/screen">{ANA}</Number>')
    app.says("/screen", SCREEN)
    app.says("/moved", '<Pause length="60"/>')
    ana = world.sim.phone(ANA)
    start(world)
    ana.answer()
    world.pass_(1)
    world.client.calls(world.sim.calls[1].sid).update(url=f"{SITE}/moved")
    world.pass_(1)
    assert app.forms("/after")[0]["DialCallStatus"] == "no-answer"
    assert ana.in_call
