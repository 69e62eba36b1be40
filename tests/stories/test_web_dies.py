"""Story 9, the web: killed before or after any commit, or gone in the middle of a call. Callers get to a human."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from hotline.simulator import Behaviour, WebReply, WebUnreachable, WsgiWeb
from hotline.telephony.twiml_bin import twiml_bin
from tests.operations.end_state import EndState, differences, end_state
from tests.stories.conftest import Building
from tests.stories.test_twice import Story, callback, emergency
from tests.stories.world import LINE, World
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
    world.sim.kernel.web = AtTwilio(twiml_bin(world.here.house.prompts, world.here.house.settings.centre))
    world.mia.hears(SENTENCE, within=60)
    world.failsafe.answers(within=15)
    world.passes(2)
    assert world.mia.talks_with(world.failsafe)
    world.sim.kernel.web = world.web
    world.mia.hangs_up()
    world.passes(minutes=3)
