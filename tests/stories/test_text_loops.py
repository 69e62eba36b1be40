"""Never a loop, never a bill: machines aren't answered, floods are capped, and what came twice happened once."""

from __future__ import annotations

from pathlib import Path

import pytest
import structlog

from hotline.model import PhoneNumber
from hotline.operations.transaction import Transaction
from hotline.store.people import callers
from tests.operations.outages import locked
from tests.operations.texting import MENU, SAFE, UNCLEAR, UNSURE, answers_to, writes
from tests.stories.centre import ASKS_FOR_METRICS, CENTRE
from tests.stories.conftest import Building
from tests.stories.records import callbacks_of, emergencies
from tests.stories.world import LINE, MIA, World
from tests.telephony.doorstep import build

OTHER_LINE = "+16175550170"
TWO_LINES = CENTRE.replace(f'["{LINE}"]', f'["{LINE}", "{OTHER_LINE}"]')
CAPPED = CENTRE + "[texts]\nreplies_per_hour_overall = 3\n"


def replies(world: World) -> list[str]:
    return [one.body for one in world.sim.messages if one.direction == "outbound-reply"]


@pytest.mark.parametrize("sender", ["72345", "+72345", "BankAlerts"])
def test_a_short_code_is_not_answered_and_a_person_reads_it(world: World, sender: str) -> None:
    """Nobody is there who could read an answer; what is written may be somebody's all the same. No phone rings."""
    world.sim.post_office.receive(sender, LINE, "Your code is 1234. Reply HELP for help", ())
    world.passes(10)
    assert replies(world) == []
    assert any(person.phone.inbox for person in world.staff)
    assert not any(person.rings for person in world.staff)


def test_two_numbers_of_ours_do_not_talk_to_each_other(building: Building) -> None:
    """Not even about emergencies."""
    world = building(TWO_LINES)
    for sender in (LINE, OTHER_LINE):
        world.sim.post_office.receive(sender, LINE, "1", ())
    world.passes(10)
    assert replies(world) == []
    assert emergencies(world) == []


def test_a_premium_number_that_texts_is_not_answered_and_its_emergency_is_paged(world: World) -> None:
    """What we write there costs money; whoever writes from there may be in danger all the same."""
    premium = "+19005550199"
    world.sim.post_office.receive(premium, LINE, "hi", ())
    world.sim.post_office.receive(premium, LINE, "he is not breathing", ())
    world.passes(10)
    assert replies(world) == []
    assert len(emergencies(world)) == 1


@pytest.mark.parametrize(
    "words", ["Auto-reply: I am away. If this is an emergency, call 911.", "This number is not monitored."]
)
def test_an_auto_responder_is_not_answered(world: World, words: str) -> None:
    """And nobody is fetched for it."""
    writes(world.mia, "hi")
    assert writes(world.mia, words) is None
    world.passes(5)
    assert not any(person.rings or person.phone.inbox for person in world.staff)


def test_words_that_telephones_and_people_write_are_read_by_one(world: World) -> None:
    """ "I'm driving" isn't answered, for a telephone would answer that; a coordinator sees it."""
    assert writes(world.mia, "I'm driving, can't talk right now") is None
    world.ana.reads("A text needs a person")


def test_a_thumb_on_what_to_do_in_an_emergency_pages_nobody_anew(world: World) -> None:
    """Reactions quote us; the emergency that is over stays over."""
    said = writes(world.mia, "my friend od'd") or ""
    world.cleo.answers().presses("1")
    world.mia.answers(within=30).presses("1").meets(world.cleo)
    world.passes(30)
    world.mia.hangs_up()
    world.cleo.hears("Is this emergency closed").presses("1")
    world.passes(5)
    assert writes(world.mia, f"Liked “{said}”") is None
    assert writes(world.mia, f"> {said}") is None
    assert emergencies(world) == []
    assert (writes(world.mia, f"> {said}\nhe stopped breathing again") or "").startswith("Call 911 now.")


@pytest.mark.parametrize(
    "machine", ["Thank you for your message!", "Is this an emergency? He is not breathing"]
)
def test_a_machine_that_always_says_the_same_falls_silent_with_us(world: World, machine: str) -> None:
    """Whatever it says: it is answered a few times, and paged for at most once."""
    writes(world.mia, machine)
    for _ in range(20):
        if writes(world.mia, machine) is None:
            break
        world.passes(15)
    assert len(answers_to(world.mia)) <= 5
    assert len(emergencies(world)) <= 1


def test_a_machine_that_never_says_the_same_twice_falls_silent_too(world: World) -> None:
    """Numbered emergencies: one page, and the danger is told once, however often it is said."""
    for number in range(40):
        writes(world.mia, f"ticket {number}: he is not breathing")
    assert len(answers_to(world.mia)) == 1
    assert len(emergencies(world)) == 1


def test_all_replies_together_are_capped_told_and_counted(building: Building) -> None:
    """A bill has an end; emergencies and opt-outs have none."""
    world = building(CAPPED)
    people = [world.person(f"+1617555{number:04}") for number in range(150, 156)]
    with structlog.testing.capture_logs() as logged:
        answered = [writes(person, "hi") for person in people[:5]]
    assert [said is not None for said in answered] == [True, True, True, False, False]
    assert any(line.get("cap") == "replies_per_hour_overall" for line in logged)
    figures = world.app.test_client().get("/metrics", headers=ASKS_FOR_METRICS).text
    assert "hotline_text_replies_1h 3.0" in figures
    world.passes(minutes=61)
    assert (writes(people[3], "hi") or "").startswith(MENU)
    assert [writes(person, "hello") is not None for person in people[:3]] == [True, True, False]
    assert (writes(people[5], "she stopped breathing") or "").startswith("Call 911 now.")


def test_what_the_network_delivers_twice_happened_once(world: World) -> None:
    """The same words a moment later, under another id: one effect, one reply."""
    for _ in range(3):
        world.mia.texts("2")
    world.passes(3)
    assert len(answers_to(world.mia)) == 1
    for _ in range(2):
        world.mia.texts("4")
    world.passes(3)
    assert len(answers_to(world.mia)) == 2
    assert len(callbacks_of(world)) == 1
    world.passes(20)
    assert writes(world.mia, "4") is None


def test_every_webhook_twice_is_one_reply(world: World) -> None:
    """With one MessageSid: the very same answer, and nothing more."""
    world.sim.faults.every_webhook_twice = True
    assert SAFE in (writes(world.mia, "2") or "")
    writes(world.mia, "4")
    assert (writes(world.mia, UNCLEAR) or "").startswith(UNSURE)
    assert len(callbacks_of(world)) == 1


def test_a_number_that_the_carrier_has_blocked_is_known_to_have_opted_out(world: World) -> None:
    """It told the carrier before it told us: 21610 is the news of it."""
    world.sim.post_office.blocked.add((MIA, LINE))
    world.mia.texts("hi there, can I ask something")
    world.passes(10)

    def opted_out(transaction: Transaction) -> bool:
        return callers.get(transaction.tx, PhoneNumber(MIA)).opted_out_at is not None

    assert world.look(opted_out)


def test_without_a_database_machines_are_not_answered_either(tmp_path: Path) -> None:
    """Nobody could count how often; people are told where help is."""
    door = build(tmp_path)
    with locked(door.here):
        assert "<Message" not in door.texts("Auto-reply: away", sid="SM1")
        assert "<Message" not in door.texts("hi", sid="SM2", caller="72345")
        assert "<Message" not in door.texts("hi", sid="SM3", caller=LINE)
        assert "In danger now?" in door.texts("hi", sid="SM4")
        assert "Call 911 now." in door.texts("he is not breathing", sid="SM5")
