"""Calling somebody into a conference, and who or what answers there."""

from __future__ import annotations

import pytest
from twilio.base.exceptions import TwilioRestException

from hotline.simulator import Behaviour

from .conftest import LINE, SITE, Application, World
from .test_conferences import ANA, BEN, enter, room

RINGING = "[ringing]"


def called_into(world: World, number: str, **more: object) -> str:
    """The CallSid of a call to this number, into Ana's room."""
    made = world.client.conferences("contact-1").participants.create(
        from_=LINE, to=number, timeout=20, **{"end_conference_on_exit": True, "beep": "false", **more}
    )
    return str(made.call_sid)


def test_whoever_waits_hears_it_ring_and_who_answers_is_there(world: World, app: Application) -> None:
    """No document is asked for; when they leave, the room is over."""
    ana = enter(world, app, ANA, room())
    ben = world.sim.phone(BEN)
    called_into(world, BEN, status_callback=f"{SITE}/told", status_callback_event=["answered", "completed"])
    world.pass_(3)
    assert ana.captions[-1] == RINGING
    assert ana.talking_with == set()
    ben.answer()
    world.pass_(1)
    assert (ana.talking_with, ben.talking_with) == ({BEN}, {ANA})
    assert ben.heard == []
    ben.hangs_up()
    world.pass_(2)
    assert "out of the room" in ana.captions
    assert [form["CallStatus"] for form in app.forms("/told")] == ["in-progress", "completed"]


def test_a_ring_in_vain_leaves_the_room_as_it_was(world: World, app: Application) -> None:
    """And whoever comes into the room while it rings hears it, too."""
    world.sim.phone(BEN, Behaviour.IGNORES)
    called_into(world, BEN)
    world.pass_(3)
    ana = enter(world, app, ANA, room())
    assert RINGING in ana.captions
    world.pass_(30)
    assert ana.in_call
    assert world.sim.calls[0].status == "no-answer"


def test_unknown_parameters_and_numbers_are_refused(world: World) -> None:
    """As everywhere."""
    for wrong in ({"to": "911"}, {"to": BEN, "early_media": True, "call_reason": "x"}):
        with pytest.raises(TwilioRestException):
            world.client.conferences("contact-1").participants.create(from_=LINE, **wrong)
    world.sim.violations.clear()


def test_a_screening_assistant_rings_when_something_was_said_to_it(world: World, app: Application) -> None:
    """It answers, asks, and lets the telephone ring only then; the person is on the line when they pick up."""
    ana = enter(world, app, ANA, room())
    ben = world.sim.phone(BEN, Behaviour.SCREENED, after=1)
    called_into(world, BEN)
    world.pass_(6)
    assert "state your name" in ana.captions[-1]
    assert [ben.ringing] == [False]
    ana.says("This is Ana.")
    world.pass_(1)
    assert ben.ringing
    ben.answer()
    ben.says("Hi Ana")
    assert ana.captions[-1] == "Hi Ana"


@pytest.mark.parametrize("late", [0.5, 9.0])
def test_a_machine_talks_first_or_late(world: World, app: Application, late: float) -> None:
    """Whoever is in the room hears it, and a child's voice alike."""
    ana = enter(world, app, ANA, room())
    ben = world.sim.phone(BEN, Behaviour.ANSWERS, after=1)
    ben.speaks_first, ben.speaks_after = "Mommy is in the shower.", late
    called_into(world, BEN)
    world.pass_(2 + late - 0.4)
    assert "Mommy is in the shower." not in ana.captions
    world.pass_(2)
    assert "Mommy is in the shower." in ana.captions
