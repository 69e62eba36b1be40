"""What somebody has agreed to can be told later: when, to what, how they said it, and when they took it back."""

from __future__ import annotations

from hotline.model import PhoneNumber
from hotline.operations.looking_back import consents_given
from hotline.operations.looking_back.consents_given import Consent, ConsentTo
from hotline.simulator import Behaviour
from tests.stories.world import MIA, World


def told(world: World) -> list[Consent]:
    """All that is kept of Mia's."""
    found: list[Consent] = world.change(lambda one: consents_given.look(one, PhoneNumber(MIA)))
    return found


def in_words(world: World) -> list[tuple[str, bool, str]]:
    return [(one.to.value, one.given, one.how) for one in told(world)]


def test_what_was_asked_by_the_line_is_told_with_the_key_that_was_pressed(world: World) -> None:
    """Yes to a message, no to texts; a text that ends everything takes back what was a yes."""
    assert told(world) == []
    world.phones(Behaviour.OFF, *world.staff)
    world.mia.calls().presses("2").hears("A coordinator will call you back", within=90).presses("4")
    world.mia.hears("message").presses("4").hears("text").presses("5").hears("as soon as we can").presses("4")
    world.mia.hears("You are in line").hangs_up()
    assert in_words(world) == [
        ("to be called back", True, "they asked for it"),
        ("a message on a machine", True, "asked by the line in en, they pressed 4"),
        ("texts to this telephone", False, "asked by the line in en, they pressed 5"),
    ]
    assert all(one.withdrawn_at is None for one in told(world))
    world.mia.texts("STOP CALLING")
    world.passes(5)
    calls = [one for one in told(world) if one.to is ConsentTo.CALL]
    assert calls[0].withdrawn_at is not None


def test_what_was_written_by_text_is_told_as_such(world: World) -> None:
    """STOP is a no that nobody asked for; START is a yes that holds until the next one."""
    world.mia.texts("hi")
    world.mia.texts("STOP")
    world.passes(5)
    world.mia.texts("START")
    world.passes(5)
    said = [one for one in told(world) if one.to is ConsentTo.TEXT]
    assert [(one.given, one.how) for one in said] == [
        (False, "they wrote so by text"),
        (True, "they wrote so by text"),
    ]
    world.mia.texts("STOP")
    world.passes(5)
    said = [one for one in told(world) if one.to is ConsentTo.TEXT]
    assert said[1].withdrawn_at == said[2].at
