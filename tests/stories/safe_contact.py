"""A callback owed to Mia, with what she has said is safe, in the words of a story."""

from __future__ import annotations

from hotline.simulator import Behaviour
from hotline.store.traffic import messages
from hotline.store.traffic.messages import MessageRow
from tests.stories.conftest import Building
from tests.stories.records import the_callback
from tests.stories.world import CENTRE, MIA, World

NO_LIVE = CENTRE + '[waits]\nlive_answer = "0s"\n'
"""Nobody is rung live: the callback dialogue at once."""
BUSINESS = "Hello, this is Care Line, 6 1 7, 5 5 5, 0 1 0 0."
"""What a machine that calls says first."""
NEUTRAL = "You asked for a call. Press 1."
ELSE_KEY = "If this call is for someone else, press 3."
MESSAGE = "Hello, this is Ana. I am returning your call. My number is 6 1 7, 5 5 5, 0 1 0 0. Thank you."
TEXT = "Hi, this is Ana. Returning your message. Call 617-555-0100 at a good time for you."


def owing(building: Building, *, message: bool = False, text: bool = False) -> World:
    """A world in which Mia has asked for a call; Ana's phone rings for it, and nobody else's."""
    world = building(centre=NO_LIVE)
    world.phones(Behaviour.OFF, world.ben, world.sue)
    key = {True: "4", False: "5"}
    world.mia.calls().presses("2").hears("A coordinator will call you back", within=90).presses("4")
    world.mia.hears("leave a message").presses(key[message]).hears("text this number").presses(key[text])
    world.mia.hears("as soon as we can").presses("4").hears("You are in line").hangs_up()
    world.until(lambda: world.ana.rings)
    return world


def mia_is_dialled(world: World) -> None:
    """Ana presses 1; Mia's telephone is dialled. What Mia heard before is forgotten."""
    world.mia.phone.heard.clear()
    world.ana.answers().hears("A call back is due").presses("1")
    world.until(lambda: len(world.calls_to(MIA)) > 0, within=15)


def heard(world: World) -> set[str]:
    """Every sentence that Mia's telephone has been spoken since it was dialled, by a machine of ours."""
    return {one.text for one in world.mia.phone.heard if not one.by}


def discreet_texts(world: World) -> list[str]:
    """What we have texted Mia of our own accord."""
    return [one.body for one in world.sim.messages if one.to == MIA and one.created_by == "rest"]


def kept_text(world: World) -> MessageRow | None:
    """The discreet text as it is kept."""
    message_id = f"discreet-{the_callback(world).callback.id}"
    found: MessageRow | None = world.look(lambda transaction: messages.get(transaction.tx, message_id))
    return found
