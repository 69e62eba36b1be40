"""A trainee hears a talk of somebody whom they shadow: only once the caller has agreed, muted, and never in its way."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from hotline.model import Role
from hotline.operations import roster
from hotline.operations.staff import listening
from hotline.operations.staff.listening import LetIn
from hotline.simulator import Behaviour
from hotline.store.cases import listeners
from hotline.store.people import staff
from tests.stories.conftest import Building
from tests.stories.records import contact_of, emergencies
from tests.stories.test_shifts import named
from tests.stories.test_staff_star import MOMENT, happened
from tests.stories.world import STAFF, Person, World

ZOE = "+16175550107"
HEARS = "agrees that you listen"


def with_zoe(**more: Any) -> dict[str, Any]:
    """The staff, and Zoe, who learns: on with the coordinators and the clinicians."""
    zoe = {"name": "Zoe Quinn", "phone": ZOE, "verified": True, "roles": ["trainee"], "listens": True, **more}
    beside = [
        {**one, "always": [*one["always"], "Zoe Quinn"]} if one["name"] != "supervisors" else one
        for one in STAFF["schedule"]
    ]
    return {**STAFF, "staff": [*STAFF["staff"], zoe], "schedule": beside}


@pytest.fixture
def shadowed(building: Building) -> World:
    """Ben talks with Mia about admissions; Zoe is on with him."""
    return talking(building(document=with_zoe()))


def talking(world: World) -> World:
    """Mia and Ben talk."""
    world.mia.calls().presses("2")
    world.ben.answers().presses("1").meets(world.mia)
    world.until(lambda: not world.ana.rings, within=12)
    world.passes(20)
    return world


def let_in(world: World) -> Person:
    """Ben has asked Mia, and says so by key; Zoe picks up, and hears them."""
    zoe = world.person(ZOE)
    world.ben.presses("*").presses("8").meets(world.mia)
    zoe.answers().hears(HEARS).hears("To listen, press 1").presses("1")
    world.until(lambda: zoe.phone.listening_to == {world.mia.phone.number, world.ben.phone.number})
    return zoe


def there(world: World) -> int:
    """How many trainees hear a talk, or are called to one."""
    return len(world.look(lambda transaction: listeners.all_there(transaction.tx)))


# --- asked first -----------------------------------------------------------------------------------------------


def test_nobody_is_called_to_listen_before_the_caller_has_agreed(shadowed: World) -> None:
    """Whoever has the talk is told who may, and by which key they say that the caller agrees; until then no phone of
    a trainee's rings."""
    world = shadowed
    assert world.ben.has_heard("Zoe may listen, if the caller agrees: press star, then 8")
    world.passes(60)
    assert world.calls_to(ZOE) == []
    zoe = let_in(world)
    assert "listener_called" in happened(world)
    assert world.mia.talks_with(world.ben)
    assert zoe.phone.talking_with == set()


def test_the_caller_and_the_one_who_talks_hear_a_tone_when_she_comes_and_goes(shadowed: World) -> None:
    """What is said reaches her, and nothing of hers reaches them; she leaves whenever she likes."""
    world = shadowed
    zoe = let_in(world)
    assert world.mia.has_heard("[beep]")
    assert world.ben.has_heard("[beep]")
    world.mia.says("I have been sick since Tuesday")
    assert zoe.has_heard("I have been sick since Tuesday")
    zoe.says("nobody hears this")
    assert not world.mia.has_heard("nobody hears this")
    beeps = world.mia.phone.captions.count("[beep]")
    zoe.presses("*").hears("nothing more to hear")
    world.passes(2)
    assert world.mia.phone.captions.count("[beep]") == beeps + 1
    world.until(lambda: not zoe.in_call)
    assert (world.mia.talks_with(world.ben), there(world)) == (True, 0)
    assert happened(world)[-2:] == ["listener_joined", "listener_left"]


def test_the_menu_says_whether_somebody_listens_and_the_key_ends_it(shadowed: World) -> None:
    """The caller has changed her mind: one key, and the trainee's call is over."""
    world = shadowed
    world.ben.presses("*").hears("If the caller agrees that Zoe listens, press 8").presses("6").meets(
        world.mia
    )
    zoe = let_in(world)
    world.ben.presses("*").hears("Zoe listens, or is called to. To end that, press 8").presses("8")
    world.ben.hears("Nobody listens any more").meets(world.mia)
    world.until(lambda: not zoe.in_call)
    assert there(world) == 0


# --- never in the way ------------------------------------------------------------------------------------------


def test_a_caller_is_never_alone_with_somebody_who_cannot_answer(shadowed: World) -> None:
    """While Ben is away from the talk for a moment Zoe is out of it, so Mia hears that it is only a moment; and back
    with him."""
    world = shadowed
    zoe = let_in(world)
    world.mia._heard_from = len(world.mia.phone.heard)
    world.ben.presses("*")
    zoe.hears("away from the call for a moment")
    world.mia.hears(MOMENT)
    assert zoe.phone.listening_to == set()
    world.ben.presses("6").meets(world.mia)
    world.until(lambda: zoe.phone.listening_to == {world.mia.phone.number, world.ben.phone.number})


def test_she_keeps_no_talk_alive_and_is_nobody_who_is_with_the_caller(shadowed: World) -> None:
    """Ben's line breaks: Mia is fetched as if Zoe had never been there, and Zoe's call is over."""
    world = shadowed
    zoe = let_in(world)
    world.ben.hangs_up()
    world.until(lambda: not zoe.in_call, within=12)
    world.mia.hears("The other person has left the call")
    assert there(world) == 0


def test_the_caller_hangs_up_and_her_call_is_over_too(shadowed: World) -> None:
    """Only Ben is asked how it ended."""
    world = shadowed
    zoe = let_in(world)
    world.mia.hangs_up()
    zoe.hears("nothing more to hear")
    world.until(lambda: not zoe.in_call)
    world.ben.hears("How did it end").presses("1").hears("Saved")
    assert not zoe.has_heard("How did it end")


def test_a_machine_on_her_phone_hears_nothing(shadowed: World) -> None:
    """Only a key connects; whoever doesn't come is noted, and may be called again."""
    world = shadowed
    zoe = world.person(ZOE)
    world.phones(Behaviour.VOICEMAIL, zoe, after=1)
    world.ben.presses("*").presses("8").meets(world.mia)
    world.until(lambda: there(world) == 0, within=90)
    assert zoe.phone.listening_to == set()
    assert happened(world)[-1] == "listener_unreached"
    assert not any("sick" in one for one in zoe.phone.recorded)


def test_news_of_the_end_of_her_call_is_lost(shadowed: World) -> None:
    """The carrier is asked, and she listens no more."""
    world = shadowed
    zoe = let_in(world)
    world.sim.faults.lose(url_part="listening", times=5)
    zoe.hangs_up()
    world.passes(5)
    assert there(world) == 1
    world.until(lambda: there(world) == 0, within=90)
    assert world.mia.talks_with(world.ben)


def test_whoever_is_late_hears_that_it_is_over(shadowed: World) -> None:
    """Her phone still rings when the talk ends: it stops, or says so."""
    world = shadowed
    zoe = world.person(ZOE)
    world.ben.presses("*").presses("8").meets(world.mia)
    world.until(lambda: zoe.rings)
    world.ben.hangs_up()
    world.until(lambda: not zoe.rings, within=12)
    assert there(world) == 0


# --- never accepting -------------------------------------------------------------------------------------------


def test_she_can_accept_nothing_by_key_text_or_board(building: Building) -> None:
    """An emergency: she hears Cleo's talk by Cleo's word, and it stays Cleo's whatever Zoe does."""
    world = building(document=with_zoe())
    zoe = world.person(ZOE)
    world.phones(Behaviour.IGNORES, world.dev, world.eva)
    world.mia.calls().presses("1")
    world.cleo.answers().presses("1").meets(world.mia)
    assert not world.cleo.has_heard("may listen")
    assert not zoe.rings
    world.cleo.presses("*").presses("8").meets(world.mia)
    zoe.answers().hears("Emergency").presses("1")
    world.until(lambda: bool(zoe.phone.listening_to))
    zoe.presses("1").presses("2").presses("9")
    zoe.texts("on it")
    zoe.texts("done")
    world.passes(5)
    (case,) = emergencies(world)
    assert case.escalation.accepted_by == named(world, "Cleo Park")
    assert case.escalation.status == "accepted"
    room = contact_of(world).room
    for name in ("Zoe Quinn", "Dev Rao"):
        by = named(world, name)
        assert world.change(partial(listening.let_in, room=room, by=by)) is LetIn.NO_TALK
    world.cleo.hangs_up()
    world.until(lambda: not zoe.in_call)


def test_she_is_let_in_from_the_board_by_whoever_has_the_talk(shadowed: World) -> None:
    """Without leaving the talk; and let out again."""
    world = shadowed
    room, ben = contact_of(world).room, named(world, "Ben Ortiz")
    seen = world.look(lambda transaction: listening.seen(transaction, room, ben))
    assert (seen.could, seen.there) == (("Zoe Quinn",), ())
    assert world.change(lambda transaction: listening.let_in(transaction, room, ben)) is LetIn.CALLED
    assert world.change(lambda transaction: listening.let_in(transaction, room, ben)) is LetIn.CALLED
    zoe = world.person(ZOE)
    zoe.answers().presses("1")
    world.until(lambda: bool(zoe.phone.listening_to))
    assert len(world.calls_to(ZOE)) == 1
    ana = world.look(lambda transaction: listening.seen(transaction, room, named(world, "Ana Lima")))
    assert (ana.there, ana.could, ana.mine) == (("Zoe Quinn",), (), False)
    world.change(lambda transaction: listening.put_out(transaction, room, ben))
    world.until(lambda: not zoe.in_call)
    assert world.mia.talks_with(world.ben)


# --- who may ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [{"listens": False}, {"verified": False}])
def test_only_whose_centre_says_so_and_whose_phone_is_theirs_is_called(
    building: Building, more: dict[str, Any]
) -> None:
    """Nothing is said of it to whoever talks, and the key calls nobody."""
    world = talking(building(document=with_zoe(**more)))
    assert not world.ben.has_heard("may listen")
    world.ben.presses("*").presses("8").hears("No trainee can listen now").meets(world.mia)
    world.passes(20)
    assert world.calls_to(ZOE) == []


def test_whoever_works_is_no_listener(building: Building) -> None:
    """In the staff file that is refused; a trainee who begins to work listens no more."""
    world = building(document=with_zoe())
    works = {**with_zoe(roles=["coordinator"])}
    with pytest.raises(roster.Problems, match="only a trainee listens"):
        world.change(lambda transaction: roster.load(transaction.tx, works, transaction.now))
    del works["staff"][-1]["listens"]
    world.change(lambda transaction: roster.load(transaction.tx, works, transaction.now))
    row = world.look(lambda transaction: staff.by_name(transaction.tx, "Zoe Quinn"))
    assert (row.roles, row.may_listen) == ({Role.COORDINATOR}, False)
