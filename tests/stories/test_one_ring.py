"""A flood of emergencies: each person's phone rings once at a time, and one ring covers all that wait for them."""

from __future__ import annotations

import itertools

from hotline.operations.answers import Then
from hotline.operations.staff import responder
from hotline.simulator import Behaviour
from hotline.store.cases import pages
from tests.operations.texting import takes
from tests.stories.people import Person
from tests.stories.records import emergencies
from tests.stories.world import CLEO, DEV, EVA, LINE, World


def flood(world: World, of: int, seconds: float) -> list[Person]:
    """So many people text an emergency within so many seconds."""
    people = [world.person(f"+1617555{2000 + number}", label=f"caller {number}") for number in range(of)]
    for person in people:
        person.phone.texts("+16175550100", "he is not breathing")
        world.passes(seconds / of)
    return people


def test_sixty_in_a_minute_ring_each_phone_once_at_a_time(world: World) -> None:
    """No clinician's phone is called again before its call is over; a handful of texts; and everybody is paged for."""
    world.phones(Behaviour.IGNORES, *world.staff)
    flood(world, of=60, seconds=60)
    assert len(emergencies(world)) == 60
    for number in (CLEO, DEV, EVA):
        calls = world.calls_to(number)
        assert 1 <= len(calls) <= 4
        for earlier, later in itertools.pairwise(calls):
            assert earlier.ended_at is not None
            assert later.created_at >= earlier.ended_at
        assert len([text for text in world.texts_to(number) if "emergenc" in text]) <= 5
    for row in emergencies(world):
        assert row.escalation.ringing or row.escalation.next_at is not None


def test_the_ring_says_how_many_wait_and_1_takes_the_one_who_has_waited_longest(world: World) -> None:
    """The others stay paged, and are offered to the same phone as soon as its line is free."""
    world.phones(Behaviour.IGNORES, world.dev, world.eva)
    first, second, third = flood(world, of=3, seconds=3)
    world.cleo.answers().hears("3 emergencies waiting").presses("1")
    first.answers(within=30)
    taken = [row for row in emergencies(world) if row.escalation.accepted_by == world.staff_id(CLEO)]
    assert len(taken) == 1
    assert len(world.calls_to(CLEO)) == 1
    first.hangs_up()
    world.cleo.leaves()
    world.until(lambda: world.cleo.rings, within=40)
    world.cleo.answers().hears("2 emergencies waiting").presses("1")
    second.answers(within=30)
    assert not third.rings


def test_a_caller_who_holds_the_line_comes_before_those_who_text(world: World) -> None:
    """They are there now."""
    world.phones(Behaviour.IGNORES, world.dev, world.eva)
    flood(world, of=2, seconds=2)
    world.mia.calls().presses("1")
    world.cleo.answers().hears("3 emergencies waiting").presses("1").meets(world.mia)


def test_a_step_of_what_somebody_else_has_taken_comes_too_late_and_the_next_is_offered(world: World) -> None:
    """Both have picked up, and press 1: the second key, and our taking away of the first, may cross on their way."""
    world.phones(Behaviour.IGNORES, world.eva)
    _, second = flood(world, of=2, seconds=2)
    world.cleo.answers().hears("2 emergencies waiting")
    world.dev.answers().hears("2 emergencies waiting")
    rung = world.look(lambda tx: pages.by_sid(tx.tx, world.calls_to(DEV)[-1].sid))
    world.cleo.presses("1")
    world.dev.hears("Emergency by text, waiting")
    late = world.change(lambda tx: responder.picked_up(tx, rung.id, rung.provider_sid))
    pressed = world.change(lambda tx: responder.pressed(tx, rung.id, 0, "1", rung.provider_sid))
    for answer in (late, pressed):
        assert answer.then is Then.LISTEN
        assert [one.prompt for one in answer.say] == ["page_text_emergency"]
    world.dev.presses("1")
    second.answers(within=30).presses("1").meets(world.dev)
    assert world.change(lambda tx: responder.picked_up(tx, rung.id, rung.provider_sid)).then is not Then.END


def test_the_ring_goes_on_for_the_others_when_somebody_else_takes_the_first(world: World) -> None:
    """Nobody's phone falls silent while somebody waits for them."""
    world.phones(Behaviour.IGNORES, world.eva)
    first, second = flood(world, of=2, seconds=2)
    world.dev.answers().hears("2 emergencies waiting").presses("1")
    world.passes(2)
    assert world.cleo.rings
    assert len(world.calls_to(CLEO)) == 1
    world.cleo.answers().hears("Emergency by text, waiting").presses("1")
    second.answers(within=30)
    first.answers(within=30)


def test_2_says_no_for_all_of_them(world: World) -> None:
    """Each goes on to the next person at once."""
    world.phones(Behaviour.OFF, world.dev, world.eva)
    flood(world, of=2, seconds=2)
    world.cleo.answers().hears("2 emergencies waiting").presses("2")
    world.until(lambda: world.sue.rings and world.ana.rings, within=10)
    for row in emergencies(world):
        assert world.staff_id(CLEO) not in row.escalation.ringing or row.escalation.rung == 1


def test_texts_about_many_are_one_text(world: World) -> None:
    """The first says one waits; the next, twenty seconds later, how many are new by then, and how many wait."""
    world.phones(Behaviour.IGNORES, *world.staff)
    flood(world, of=10, seconds=10)
    world.cleo.reads("9 NEW emergencies. Code of the first of them:", within=30)
    assert "10 wait in all" in world.cleo.last_text
    assert sum("emergenc" in text for text in world.texts_to(CLEO)) == 2


def test_1_by_text_for_many_is_answered_with_their_codes(world: World) -> None:
    """It would be a guess; and one code takes one."""
    world.phones(Behaviour.IGNORES, *world.staff)
    flood(world, of=3, seconds=3)
    world.cleo.reads("NEW emergencies. Code of the first of them:", within=40)
    world.cleo.texts("1").reads("waiting for you: ")
    assert all(row.escalation.coming == frozenset() for row in emergencies(world))
    code = world.cleo.last_text.split("you: ")[1][:6]
    world.cleo.texts(code)
    world.cleo.reads(f"{code}: your phone")
    assert sum(bool(row.escalation.coming) for row in emergencies(world)) == 1


def test_whoever_talks_is_not_said_to_be_paged(world: World) -> None:
    """The board says that she is on a call and rung when it is over; and that is what happens."""
    world.phones(Behaviour.OFF, *world.staff)
    world.phones(Behaviour.RINGS, world.cleo)
    world.mia.calls().presses("1")
    world.cleo.answers().presses("1").meets(world.mia)
    flood(world, of=1, seconds=1)
    world.passes(5)
    second = next(one for one in world.board().emergencies if one.accepted_by is None)
    assert len(second.on_calls) == 1
    assert second.on_calls[0] not in (*second.phones_ring, *second.texted)
    world.mia.hangs_up()
    world.cleo.leaves()
    world.until(lambda: world.cleo.rings, within=40)
    second = next(one for one in world.board().emergencies if one.accepted_by is None)
    assert second.on_calls == ()
    assert second.phones_ring != ()


def test_what_nobody_has_comes_before_ones_own_that_comes_back(world: World) -> None:
    """Cleo writes with Rosa, who calls now; Mia, whom nobody has, is on the line too: the key is for Mia, though Rosa
    has waited for longer."""
    rosa = world.person("+16175552100", label="Rosa")
    rosa.phone.texts(LINE, "my sister is turning blue")
    takes(world.cleo, "3")
    world.phones(Behaviour.IGNORES, world.dev, world.eva)
    world.passes(minutes=6)
    rosa.calls().presses("1")
    world.mia.calls().presses("1")
    world.cleo.answers(within=60).hears("2 emergencies waiting").presses("1").meets(world.mia)
