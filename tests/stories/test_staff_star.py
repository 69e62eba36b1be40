"""In the middle of a talk, * and a key bring in a clinician or an interpreter; the caller never leaves the room."""

import pytest

from hotline.model import Outcome, Subject
from hotline.operations.transaction import Transaction
from hotline.simulator import Behaviour
from hotline.store.cases import escalations, timeline
from tests.stories.centre import ANA, CENTRE
from tests.stories.conftest import Building
from tests.stories.records import callbacks_of, contact_of, emergencies, last_outcome
from tests.stories.test_staff_languages import speaking
from tests.stories.world import Person, World

OFFICE = "+16175550177"
WITH_OFFICE = CENTRE + f'languages = ["en", "es"]\ninterpreter_number = "{OFFICE}"\n'
MOMENT = "One moment, please"
NEXT = "The next person is being called"
ALONE = "The other person has left the call"


def with_ben(world: World) -> None:
    """Mia and Ben talk."""
    world.mia.calls().presses("2")
    world.ben.answers().presses("1").meets(world.mia)
    world.until(lambda: not world.ana.rings, within=12)
    world.passes(20)


def all_talk(*people: Person) -> bool:
    """Whether all of these hear each other, and nobody else."""
    return all(one.talks_with(*(other for other in people if other is not one)) for one in people)


def happened(world: World) -> list[str]:
    """What the timeline tells of Mia's call."""

    def read(transaction: Transaction) -> list[str]:
        return [line.what for line in timeline.of(transaction.tx, contact_id=contact_of(world).id)]

    told: list[str] = world.look(read)
    return told


def asked_in(world: World) -> list[str]:
    """How the questions for a clinician stand that are not closed."""
    rows = world.look(lambda transaction: escalations.all_open(transaction.tx))
    return [row.escalation.status for row in rows if row.escalation.subject is Subject.CLINICIAN]


# --- a language that nobody here speaks --------------------------------------------------------------------------


def test_whoever_speaks_yet_another_language_is_told_to_stay_and_gets_a_person(building: Building) -> None:
    """Said last, so that it keeps nobody from the keys; the person who comes can ring interpreters."""
    world = building(WITH_OFFICE)
    world.mia.calls().hears("oprima 8").hears("For another language, stay on the line")
    world.until(lambda: world.ben.rings, within=90)
    world.ben.answers().presses("1").meets(world.mia)
    world.until(lambda: not world.ana.rings, within=12)
    world.phones(Behaviour.RINGS, world.person(OFFICE))
    world.ben.presses("*").presses("2")
    world.until(lambda: world.person(OFFICE).rings, within=30)


def test_without_interpreters_nothing_is_said_of_other_languages(world: World) -> None:
    """What nobody can keep isn't said."""
    world.mia.calls()
    world.passes(20)
    assert not world.mia.has_heard("For another language")


# --- the key itself --------------------------------------------------------------------------------------------


def test_the_caller_hears_that_it_is_for_a_moment_and_nothing_else(world: World) -> None:
    """No silence, no "left alone": Mia stays in the room, and Ben is back with her after a silence of his."""
    with_ben(world)
    world.ben.presses("*").hears("Clinician, press 1")
    world.mia.hears(MOMENT)
    world.ben.meets(world.mia, within=20)
    assert not world.mia.has_heard(ALONE)


def test_whoever_knows_the_keys_needs_no_menu(world: World) -> None:
    """*2 in one breath: nothing is said about keys, only what comes of it."""
    with_ben(world)
    world.ben.presses("*").presses("2").hears("There is no interpreter number").meets(world.mia)
    assert not world.ben.has_heard("Clinician, press 1")


def test_when_mia_hangs_up_nobody_is_asked_about_her_call_as_if_it_went_on(world: World) -> None:
    """Ben's own line may tell us first that the room is closed: he hears how to end it, not how to go on."""
    with_ben(world)
    world.mia.phone.hangs_up()
    world.ben.hears("How did it end", within=3)
    assert not world.ben.has_heard("Clinician, press 1")


@pytest.mark.parametrize("key", ["0", "5", "6", "#", "*"])
def test_any_other_key_goes_back_at_once(world: World, key: str) -> None:
    """Whatever was pressed by mistake costs two seconds."""
    with_ben(world)
    world.ben.presses("*").presses(key).meets(world.mia, within=3)


def test_again_and_again(world: World) -> None:
    """Each time * is pressed it is answered anew."""
    with_ben(world)
    for _ in range(3):
        world.ben.presses("*").hears("Clinician, press 1").presses("5").meets(world.mia, within=3)
        world.passes(2)


def test_9_leaves_for_the_outcome_menu(world: World) -> None:
    """The one key after which Mia is alone, and is told so."""
    with_ben(world)
    world.ben.presses("*").presses("9").hears("How did it end").presses("1").hears("Saved")
    world.mia.hears(ALONE).hangs_up()
    world.passes(3)
    assert last_outcome(world) is Outcome.REACHED
    assert callbacks_of(world) == []


def test_bens_line_drops_in_the_middle_of_it(world: World) -> None:
    """Whoever was only away for a key and is gone is gone: Mia is fetched back, and somebody is rung for her."""
    with_ben(world)
    world.ben.presses("*").hangs_up()
    world.mia.hears(ALONE).hears("getting a person")
    world.ben.answers(within=20).presses("1").meets(world.mia)


def test_mia_hangs_up_in_the_middle_of_it(world: World) -> None:
    """The key after that finds nobody: Ben is asked how it ended, as after any talk."""
    with_ben(world)
    world.ben.presses("*").hears("Clinician, press 1")
    world.mia.hangs_up()
    world.ben.presses("1").hears("How did it end").presses("2").hears("Saved")
    world.passes(3)
    assert last_outcome(world) is Outcome.REACHED
    assert not any(one.rings for one in world.clinicians)


def test_mia_hangs_up_and_he_never_pressed_a_key(world: World) -> None:
    """The same after his silence."""
    with_ben(world)
    world.ben.presses("*")
    world.mia.hangs_up()
    world.ben.hears("How did it end").hangs_up()


# --- a clinician -----------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_a_clinician_joins_the_same_room(world: World) -> None:
    """All clinicians on call are rung; the first to press 1 is in, and the others' phones stop ringing."""
    with_ben(world)
    world.ben.presses("*").presses("1").hears("A clinician is being called").meets(world.mia)
    world.dev.answers().hears("You are asked into a call. Admissions. English").presses("1")
    world.dev.hears("You are joining the call")
    world.until(lambda: all_talk(world.mia, world.ben, world.dev), within=12)
    world.until(lambda: not world.cleo.rings and not world.eva.rings, within=12)
    assert not world.ana.rings
    assert "clinician_asked" in happened(world)
    assert emergencies(world) == []
    world.mia.hangs_up()
    world.ben.hears("How did it end").presses("1")
    world.dev.hears("Thank you. Goodbye")
    world.passes(3)
    assert asked_in(world) == []
    assert last_outcome(world) is Outcome.REACHED


def test_ben_leaves_and_the_clinician_goes_on(world: World) -> None:
    """Mia is not alone: nobody tells her that she is."""
    with_ben(world)
    world.ben.presses("*").presses("1")
    world.dev.answers().presses("1")
    world.until(lambda: all_talk(world.mia, world.ben, world.dev), within=12)
    world.ben.presses("*").presses("9").hears("How did it end").presses("5").hears("Saved")
    world.dev.meets(world.mia)
    assert not world.mia.has_heard(ALONE)
    world.dev.hangs_up()
    world.mia.hears(ALONE).hangs_up()
    world.passes(3)
    assert asked_in(world) == []


def test_all_decline_and_ben_is_told(world: World) -> None:
    """A short whisper, once, and he is back with Mia; nobody's phone rings again for it."""
    with_ben(world)
    world.ben.presses("*").presses("1").meets(world.mia)
    for one, words in zip(world.clinicians, (NEXT, NEXT, "Thank you. Goodbye"), strict=True):
        one.answers().presses("2").hears(words)
    world.ben.hears("No clinician can join now").meets(world.mia)
    world.passes(60)
    assert not any(one.rings for one in world.clinicians)
    assert not world.mia.has_heard(ALONE)
    assert asked_in(world) == []


def test_nobody_answers_and_ben_is_told(world: World) -> None:
    """The same when the phones ring in vain."""
    with_ben(world)
    world.ben.presses("*").presses("1").meets(world.mia)
    world.ben.hears("No clinician can join now", within=45).meets(world.mia)


def test_no_clinician_is_free(world: World) -> None:
    """It is said at once: nobody is waited for in vain. A clinician in a call is not torn from it."""
    world.phones(Behaviour.OFF, world.dev, world.eva)
    other = world.person("+16175550143")
    other.calls().presses("1")
    world.cleo.answers().presses("1").meets(other)
    world.passes(5)
    with_ben(world)
    world.ben.presses("*").presses("1")
    world.ben.hears("No clinician can join now", within=20).meets(world.mia)
    assert other.talks_with(world.cleo)


def test_asking_twice_rings_once(world: World) -> None:
    """Their phones ring already."""
    with_ben(world)
    world.ben.presses("*").presses("1").meets(world.mia)
    world.ben.presses("*").presses("1").hears("A clinician is being called").meets(world.mia)
    assert len(world.calls_to(world.cleo.phone.number)) == 1


def test_mia_is_gone_before_the_clinician_presses_1(world: World) -> None:
    """Nobody is rung back for it: Ben, with whom she talked, says how it ended."""
    with_ben(world)
    world.ben.presses("*").presses("1").meets(world.mia)
    world.dev.answers()
    world.mia.hangs_up()
    world.dev.presses("1").hears("not waiting any more")
    world.ben.hears("How did it end").presses("1")
    world.until(lambda: not world.cleo.rings, within=12)
    world.passes(5)
    assert not world.mia.rings


def test_ben_is_cut_off_before_the_clinician_presses_1(world: World) -> None:
    """Mia is on the line still: whoever comes first talks with her."""
    with_ben(world)
    world.ben.presses("*").presses("1").meets(world.mia)
    world.dev.answers()
    world.ben.hangs_up()
    world.mia.hears(ALONE)
    world.dev.presses("1").meets(world.mia)


def test_a_clinician_in_an_emergency_brings_in_another(world: World) -> None:
    """And the emergency stays whose it is."""
    world.mia.calls().presses("1")
    world.cleo.answers().presses("1").meets(world.mia)
    world.until(lambda: not world.dev.rings, within=12)
    world.cleo.presses("*").presses("1")
    world.dev.answers().hears("Cleo has an emergency, and asks for somebody beside them. English").presses(
        "1"
    )
    world.until(lambda: all_talk(world.mia, world.cleo, world.dev), within=12)
    world.mia.hangs_up()
    world.dev.hears("Thank you. Goodbye")
    world.cleo.hears("Is this emergency closed").presses("1")
    world.passes(2)
    assert emergencies(world) == []
    assert asked_in(world) == []


# --- an interpreter --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("after", [0.0, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("rung_back", [False, True])
def test_mia_is_gone_as_the_second_clinician_joins(world: World, after: float, *, rung_back: bool) -> None:
    """Neither of the two stays in an empty room and waits for her, also not on a call of ours to her."""
    world.mia.calls().hears("9-1-1").presses("1").hears("Please hang up now", within=1)
    if rung_back:
        world.passes(20)
        world.mia.hangs_up()
        world.cleo.answers(within=30).presses("1")
        world.mia.answers(within=200).hears("We are calling you back").presses("1")
    else:
        world.cleo.answers().presses("1")
    world.cleo.meets(world.mia)
    world.passes(30)
    world.cleo.presses("*").presses("1")
    world.until(lambda: world.dev.rings, within=10)
    world.dev.answers()
    world.dev.phone.presses("1")
    world.passes(after)
    world.mia.phone.hangs_up()
    heard = ("Is this emergency closed", "They have left the call", "hung up")
    world.until(lambda: any(map(world.cleo.has_heard, heard)), within=15)
    world.until(lambda: not world.dev.in_call or any(map(world.dev.has_heard, heard)), within=15)


@pytest.mark.parametrize("after", [0.0, 1.0, 2.0])
def test_mia_is_gone_while_ben_hears_that_somebody_is_called(world: World, after: float) -> None:
    """He comes back into an empty room: he hears that she has hung up, and never that she isn't there yet."""
    with_ben(world)
    world.ben.presses("*").phone.presses("2")
    world.passes(after)
    world.mia.phone.hangs_up()
    world.ben.hears("hung up", within=8).hears("How did it end")
    assert not world.ben.has_heard("not on the line yet")


@pytest.fixture
def spanish(building: Building) -> World:
    """Mia talks with Ben, who speaks no Spanish; the interpreters' office had its phone off when they met."""
    world = building(centre=WITH_OFFICE, document=speaking(ANA))
    office = world.person(OFFICE, label="the interpreters")
    world.phones(Behaviour.OFF, world.ana, office)
    world.mia.calls().presses("8").presses("2")
    world.ben.answers(within=45).hears("You will need an interpreter. Press 1").presses("1").meets(world.mia)
    world.ben.hears("The interpreter did not answer", within=30).meets(world.mia)
    world.phones(Behaviour.RINGS, office)
    return world


def test_where_nobody_speaks_the_language_an_interpreter_is_rung_at_once(building: Building) -> None:
    """Mia hears so in Spanish, once, and is with Ben meanwhile; a second wish for one rings no second time."""
    world = building(centre=WITH_OFFICE, document=speaking(ANA))
    office = world.person(OFFICE, label="the interpreters")
    world.phones(Behaviour.OFF, world.ana)
    world.mia.calls().presses("8").presses("2")
    world.ben.answers(within=45).presses("1")
    world.mia.hears("Estoy llamando a un intérprete", within=20).meets(world.ben)
    world.ben.presses("*").presses("2").hears("An interpreter for Spanish is being called").meets(world.mia)
    office.answers().presses("1")
    world.until(lambda: all_talk(world.mia, world.ben, office), within=12)
    assert len(world.calls_to(OFFICE)) == 1


def test_who_speaks_the_language_needs_none(building: Building) -> None:
    """Ana does."""
    world = building(centre=WITH_OFFICE, document=speaking(ANA))
    world.person(OFFICE, label="the interpreters")
    world.mia.calls().presses("8").presses("2")
    world.ana.answers(within=20).presses("1").meets(world.mia)
    assert not world.mia.has_heard("intérprete")
    assert world.calls_to(OFFICE) == []


def test_an_interpreter_joins_and_gets_no_details(spanish: World) -> None:
    """They hear the language, press 1, and are in the room; Mia hears in Spanish that they are coming."""
    office = spanish.person(OFFICE)
    spanish.ben.presses("*").presses("2").hears("An interpreter for Spanish is being called")
    spanish.mia.hears("intérprete")
    spanish.ben.meets(spanish.mia)
    office.answers().hears("Hotline. An interpreter is needed for Spanish. Press 1.")
    assert not office.talks_with(spanish.mia, spanish.ben)
    office.presses("1")
    spanish.until(lambda: all_talk(spanish.mia, spanish.ben, office), within=12)
    assert {one.text for one in office.phone.heard if one.text} == {
        "Hotline. An interpreter is needed for Spanish. Press 1."
    }
    assert not spanish.mia.has_heard("Se fue")
    spanish.mia.hangs_up()
    office.hears("Thank you. Goodbye")
    spanish.ben.hears("How did it end").presses("1")
    spanish.passes(3)
    told = happened(spanish)
    assert [what for what in told if what.startswith("interpreter")] == [
        "interpreter_called",
        "interpreter_unreached",
        "interpreter_called",
        "interpreter_joined",
        "interpreter_left",
    ]


@pytest.mark.parametrize("way", [Behaviour.BUSY, Behaviour.OFF, Behaviour.VOICEMAIL])
def test_the_interpreters_do_not_answer_and_ben_is_told(spanish: World, way: Behaviour) -> None:
    """A box that answers is no interpreter: only key 1 is."""
    spanish.phones(way, spanish.person(OFFICE))
    spanish.ben.presses("*").presses("2").meets(spanish.mia, within=20)
    spanish.ben.hears("The interpreter did not answer", within=90).meets(spanish.mia)
    assert "interpreter_unreached" in happened(spanish)
    assert "interpreter_joined" not in happened(spanish)


def test_they_press_1_when_nobody_needs_them_any_more(spanish: World) -> None:
    """The talk is over."""
    office = spanish.person(OFFICE)
    spanish.ben.presses("*").presses("2").meets(spanish.mia, within=20)
    office.answers()
    spanish.mia.hangs_up()
    office.presses("1").hears("not waiting any more")


def test_ben_is_lost_and_the_interpreter_is_nobody_to_stay_with(spanish: World) -> None:
    """Mia is fetched back as if she were alone: an interpreter can't help her."""
    office = spanish.person(OFFICE)
    spanish.ben.presses("*").presses("2").meets(spanish.mia, within=20)
    office.answers().presses("1")
    spanish.until(lambda: all_talk(spanish.mia, spanish.ben, office), within=12)
    spanish.ben.hangs_up()
    office.hears("Thank you. Goodbye")
    spanish.ben.answers(within=60).presses("1").meets(spanish.mia)


def test_without_a_number_it_is_said_so(world: World) -> None:
    """And Ben is back at once."""
    with_ben(world)
    world.ben.presses("*").presses("2").hears("There is no interpreter number").meets(world.mia)
