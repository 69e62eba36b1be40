"""Story 9, the web: killed before or after any commit, or gone in the middle of a call. Callers get to a human."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from hotline.simulator import Behaviour, WebReply, WebUnreachable, WsgiWeb
from hotline.telephony.twiml.twiml_bin import Whose, twiml_bin
from tests.operations.end_state import EndState, differences, end_state
from tests.stories.conftest import Building
from tests.stories.test_twice import Story, callback, emergency
from tests.stories.world import CENTRE, LINE, World
from tests.telephony.test_twiml_bin import BIN, SENTENCE, AtTwilio


@dataclass
class Dies:
    """A web whose process is killed whenever something is asked for the first time; another one takes its place."""

    web: WsgiWeb
    committed: bool
    """Whether it had decided and committed by then, and only its answer was never heard."""
    asked: set[str] = field(default_factory=set)

    def post(self, url: str, headers: Mapping[str, str], body: str, timeout: float) -> WebReply:
        token = headers["I-Twilio-Idempotency-Token"]
        if token in self.asked:
            return self.web.post(url, headers, body, timeout)
        self.asked.add(token)
        if self.committed:
            self.web.post(url, headers, body, timeout)
        raise WebUnreachable("killed")


@pytest.mark.parametrize("story", [emergency, callback], ids=lambda story: str(story.__name__))
def test_the_carrier_asks_again_and_gets_the_same_answer(building: Building, story: Story) -> None:
    """At every turn of caller and staff: the call ends as it ends undisturbed, row for row and ring for ring."""
    undisturbed = _end(building(), story)
    for committed in (True, False):
        world = building()
        dies = world.sim.kernel.web = Dies(world.web, committed)
        assert differences(undisturbed, _end(world, story)) == []
        assert len(dies.asked) > 20


def _end(world: World, story: Story) -> EndState:
    story(world)
    world.passes(60)
    return end_state(world)


def test_a_caller_whom_all_our_machines_leave_gets_the_911_sentence_and_the_failsafe_number(
    world: World,
) -> None:
    """They hold, and everything of ours is gone: Twilio goes on by itself, with the TwiML Bin."""
    world.sim.kernel.numbers[LINE].voice_fallback_url = BIN
    world.mia.calls().hears("press 2").presses("2").hears("getting a person")
    world.phones(Behaviour.IGNORES, *world.staff)
    world.sim.kernel.web = AtTwilio(
        twiml_bin(world.here.application.prompts, world.here.application.settings.centre)
    )
    world.mia.hears(SENTENCE, within=60)
    world.failsafe.answers(within=15)
    world.passes(2)
    assert world.mia.talks_with(world.failsafe)
    world.sim.kernel.web = world.web
    world.mia.hangs_up()
    world.passes(minutes=3)


CALLED_BIN, STAFF_BIN = "https://handler.twilio.example/called", "https://handler.twilio.example/staff"
WITH_BINS = f'{CENTRE}\n[carrier]\ncalled_fallback = "{CALLED_BIN}"\nstaff_fallback = "{STAFF_BIN}"\n'


def everything_of_ours_is_gone(world: World) -> None:
    """Nothing answers but what Twilio keeps."""
    prompts, centre = world.here.application.prompts, world.here.application.settings.centre
    world.sim.bin(CALLED_BIN, twiml_bin(prompts, centre, Whose.CALLED))
    world.sim.bin(STAFF_BIN, twiml_bin(prompts, centre, Whose.STAFF))
    world.sim.kernel.web = AtTwilio("")


def test_staff_who_pick_up_while_we_restart_hear_that_nothing_is_lost(building: Building) -> None:
    """And not Twilio's "application error"; the emergency's phones ring again as soon as we are back."""
    world = building(centre=WITH_BINS)
    world.mia.calls().presses("1")
    world.until(lambda: world.cleo.rings)
    everything_of_ours_is_gone(world)
    world.cleo.answers().hears("Nothing is lost")
    world.until(lambda: not world.cleo.in_call)
    world.sim.kernel.web = world.web
    assert not world.cleo.has_heard("application error")
    world.cleo.answers(within=120).hears("Emergency waiting").presses("1").meets(world.mia)


def test_a_caller_who_picks_up_while_we_restart_gets_a_person_and_hears_nothing_that_tells(
    building: Building,
) -> None:
    """Whoever it is that has picked up: no word of emergencies, and the failsafe number rings."""
    world = building(centre=WITH_BINS)
    world.phones(Behaviour.OFF, world.ben, world.sue)
    world.mia.calls().presses("2").hears("getting a person").hangs_up()
    world.until(lambda: not world.ana.rings, within=5)
    world.ana.answers(within=20).presses("1")
    world.until(lambda: world.mia.rings)
    everything_of_ours_is_gone(world)
    world.mia.answers().hears("getting a person")
    world.failsafe.answers(within=15)
    world.until(lambda: world.mia.talks_with(world.failsafe))
    assert not world.mia.has_heard("application error")
    world.sim.kernel.web = world.web
    world.mia.hangs_up()
    world.ana.leaves()
    world.passes(minutes=4)


def test_without_bins_another_address_of_ours_is_asked(world: World) -> None:
    """One answer is lost on its way, and Twilio doesn't ask for it again: both are asked anew, and talk."""
    world.phones(Behaviour.OFF, world.ben, world.sue)
    world.mia.calls().presses("2").hears("getting a person").hangs_up()
    world.until(lambda: not world.ana.rings, within=5)
    world.sim.faults.lose(kind="voice", url_part="/voice/page/")
    world.ana.answers(within=20).hears("A call back is due").presses("1")
    world.sim.faults.lose(kind="voice", url_part="/voice/turn/")
    world.mia.answers().hears("You asked for a call").presses("1").meets(world.ana)
