"""What somebody has agreed to can be told later: when, to what, how they said it, and when they took it back."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from hotline.model import PhoneNumber
from hotline.operations.looking_back import consents_given
from hotline.operations.looking_back.consents_given import Consent, ConsentTo
from hotline.simulator import Behaviour
from tests.prompts.sounds import record, wav
from tests.stories.conftest import Building
from tests.stories.world import CENTRE, MIA, World, build, settings_for


def told(world: World) -> list[Consent]:
    """All that is kept of Mia's."""
    found: list[Consent] = world.change(lambda one: consents_given.look(one, PhoneNumber(MIA)))
    return found


def in_words(world: World) -> list[tuple[str, bool, str]]:
    return [(one.to.value, one.given, one.how) for one in told(world)]


MESSAGE = "If you don't answer, is it safe to leave a message? For yes, press 4. For no, press 5."
TEXT = "Is it safe to text this number? For yes, press 4. For no, press 5."


def asked(words: str, played: str = "") -> str:
    """As a question in English is told, with the version of its words; `played`: of the recording of them."""
    version = sha256(words.encode()).hexdigest()[:12]
    return f'asked by the line in en "{words}" (words {version}{played})'


def says_so(world: World) -> None:
    """Mia asks for a call, and that a message is safe, and texts are."""
    world.phones(Behaviour.OFF, *world.staff)
    world.mia.calls().presses("2").hears("A coordinator will call you back", within=90).presses("4")
    world.mia.hears("message").presses("4").hears("text").presses("4").hangs_up()
    world.passes(5)


def restarted(world: World, tmp_path: Path, centre: str) -> World:
    """Hotline starts again, with these settings."""
    before = world.here.application
    address = before.settings.database_url.get_secret_value()
    settings = settings_for(tmp_path, address, world.redis.url, centre)
    return build(settings, world.redis, now=world.clock.now, database=before.database)


def test_what_was_asked_by_the_line_is_told_with_the_key_that_was_pressed(world: World) -> None:
    """Yes to a message, no to texts; a text that ends everything takes back what was a yes."""
    assert told(world) == []
    world.phones(Behaviour.OFF, *world.staff)
    world.mia.calls().presses("2").hears("A coordinator will call you back", within=90).presses("4")
    world.mia.hears("message").presses("4").hears("text").presses("5").hears("as soon as we can").presses("4")
    world.mia.hears("You are in line").hangs_up()
    assert in_words(world) == [
        ("to be called back", True, "they asked for it"),
        ("a message on a machine", True, f"{asked(MESSAGE)}, they pressed 4"),
        ("texts to this telephone", False, f"{asked(TEXT)}, they pressed 5"),
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


def test_the_words_that_were_heard_are_told_after_the_centre_has_changed_them(
    world: World, tmp_path: Path
) -> None:
    """Who agreed before the change agreed to what stood there then; who agrees after it, to what stands there now."""
    says_so(world)
    before = in_words(world)
    assert before[1:] == [
        ("a message on a machine", True, f"{asked(MESSAGE)}, they pressed 4"),
        ("texts to this telephone", True, f"{asked(TEXT)}, they pressed 4"),
    ]
    own = "May we text you, from {NUMBER}? For yes, press 4. For no, press 5."
    world = restarted(world, tmp_path, CENTRE + f'[prompts.en.voice]\nask_text = "{own}"\n')
    assert in_words(world) == before
    says_so(world)
    heard = own.replace("{NUMBER}", "6 1 7, 5 5 5, 0 1 0 0")
    assert in_words(world)[:3] == before
    assert in_words(world)[-1] == ("texts to this telephone", True, f"{asked(heard)}, they pressed 4")


def test_a_recording_that_was_played_is_told_by_its_fingerprint(building: Building, tmp_path: Path) -> None:
    """Its words stand beside it: what was played can be held against the file."""
    record(tmp_path, "recordings/en/ask_text.wav", wav(4))
    played = sha256((tmp_path / "recordings/en/ask_text.wav").read_bytes()).hexdigest()[:16]
    world = building()
    says_so(world)
    assert in_words(world)[-1] == (
        "texts to this telephone",
        True,
        f"{asked(TEXT, f', recording {played}')}, they pressed 4",
    )


def test_what_was_asked_by_text_is_told_in_its_words(world: World) -> None:
    """The question that they answered, and not the one before it."""
    for key in ("2", "2", "4"):
        world.mia.texts(key)
        world.passes(20)
    question = (
        "Care Line: You want a call. To get it, reply 4 if it is safe to call and text here, or 5 if not."
    )
    told_so = f"{asked(f'{question} In danger now? Call 911.')}, they wrote so by text"
    assert ("texts to this telephone", True, told_so) in in_words(world)
