"""The default way of ringing back: a person speaks first, and no machine says a word to whoever answers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hotline.callbacks.callback import CallbackStatus
from hotline.console.page_words import try_ended
from hotline.model import Channel, EscalationId, Line, Outcome, PhoneNumber
from hotline.operations.console import coordinator
from hotline.simulator import Behaviour
from hotline.store.cases import contacts
from hotline.store.reports.dispositions import Contacts, Disposition
from tests.stories.conftest import Building
from tests.stories.records import the_callback
from tests.stories.test_measured import figures
from tests.stories.test_warm_hand_off import HARBOR, with_directory
from tests.stories.world import ANA, CLEO, LINE, MIA, PERSON_FIRST, World

NO_HOLD = PERSON_FIRST + '[waits]\nlive_answer = "0s"\n'
MESSAGE = "Hello, this is Ana. I am returning your call."


def owe(world: World, *, message: bool = False) -> None:
    """Mia has asked for a call; Ana's phone rings for it, and nobody else's."""
    world.phones(Behaviour.OFF, world.ben, world.sue)
    world.mia.calls().presses("2").hears("A coordinator will call you back", within=90).presses("4")
    world.mia.hears("leave a message").presses("4" if message else "5").hears("text").presses("5")
    world.mia.hears("as soon as we can").presses("4").hears("You are in line").hangs_up()
    world.until(lambda: world.ana.rings)
    world.mia.phone.heard.clear()


@pytest.fixture
def owing(building: Building) -> World:
    """A world as it is by default."""
    world = building(centre=NO_HOLD)
    owe(world)
    return world


def ana_takes_it(world: World) -> None:
    """She presses 1, hears what to say, and is in the room when Mia's telephone rings."""
    world.ana.answers().presses("1").hears("Admissions call back").hears("Hello, is this a good time?")
    world.ana.hears("[ringing]", within=20)


def spoken_to_mia(world: World) -> set[str]:
    """Whatever a machine of ours has said to her telephone since it was dialled."""
    return {one.text for one in world.mia.phone.heard if not one.by}


def owed(world: World) -> CallbackStatus:
    return the_callback(world).callback.status


@pytest.mark.parametrize(
    ("key", "said"), [("2", "somebody else was there"), ("3", "a machine, nothing left on it")]
)
def test_the_board_says_of_the_try_who_it_was(owing: World, key: str, said: str) -> None:
    """As Ana has said by key, and not merely that the call ended."""
    ana_takes_it(owing)
    owing.mia.answers().meets(owing.ana)
    owing.passes(10)
    owing.mia.hangs_up()
    owing.ana.hears("Who was it").presses(key).hears("Saved")
    (waiting,) = owing.board().callbacks
    assert [try_ended(one.outcome) for one in waiting.tries] == [said]


def test_what_is_undone_is_not_said_of_the_try_any_more(owing: World) -> None:
    """Ana pressed 1 for the right person and takes it back on the board: it is hers to say again."""
    ana_takes_it(owing)
    owing.mia.answers().meets(owing.ana)
    owing.passes(10)
    owing.mia.hangs_up()
    owing.ana.hears("Who was it").presses("1").hears("How did it end").hangs_up()
    owing.passes(2)
    callback, ana = the_callback(owing).callback.id, owing.staff_id(ANA)
    assert owing.change(lambda transaction: coordinator.undo(transaction, callback, ana)) is not None
    (waiting,) = owing.board().callbacks
    assert waiting.mine
    assert [try_ended(one.outcome) for one in waiting.tries] == ["ended"]


@pytest.mark.parametrize("again", ["blocked", "settled"])
def test_what_was_said_of_the_try_before_it_was_closed_stays_said(owing: World, again: str) -> None:
    """Ana reached them, and they are to be called later; what is closed since by mistake says nothing of that call."""
    ana_takes_it(owing)
    owing.mia.answers().meets(owing.ana)
    owing.passes(10)
    owing.mia.hangs_up()
    owing.ana.hears("Who was it").presses("1").hears("How did it end").presses("3").hears("Saved")
    (waiting,) = owing.board().callbacks
    assert [try_ended(one.outcome) for one in waiting.tries] == ["reached the right person"]
    ana, row = owing.staff_id(ANA), the_callback(owing)
    if again == "blocked":
        number, day = PhoneNumber(MIA), timedelta(days=1)
        owing.change(lambda tx: coordinator.block(tx, number, "threats", day, ana))
    else:
        owing.change(lambda tx: coordinator.claim(tx, row.callback.id, ana))
        owing.change(lambda tx: coordinator.set_outcome(tx, row.callback.id, Outcome.SETTLED, ana))
    assert owing.change(lambda tx: coordinator.undo(tx, row.callback.id, ana)) is not None
    (waiting,) = owing.board().callbacks
    assert [try_ended(one.outcome) for one in waiting.tries] == ["reached the right person"]


def test_she_hears_it_ring_and_they_talk_with_no_key_pressed(owing: World) -> None:
    """From our number; not a word by a machine; the outcome's first question is who it was."""
    ana_takes_it(owing)
    assert owing.mia.phone.shows == LINE
    owing.mia.answers().meets(owing.ana)
    assert owed(owing) is CallbackStatus.ANSWERED
    owing.passes(60)
    owing.mia.hangs_up()
    owing.ana.hears("Who was it").presses("1").hears("How did it end").presses("2").hears("Saved")
    owing.passes(3)
    kept = the_callback(owing).callback
    assert (kept.status, kept.outcome, kept.attempts) == (CallbackStatus.CLOSED, Outcome.BOOKED_INTAKE, 1)
    assert spoken_to_mia(owing) == set()


@pytest.mark.parametrize(
    ("key", "delay"),
    [("2", timedelta(minutes=15)), ("3", timedelta(minutes=15)), ("4", timedelta(minutes=15))],
)
def test_anybody_else_is_an_attempt_that_failed(owing: World, key: str, delay: timedelta) -> None:
    """A child, a machine, nobody: tried again when an attempt in vain is."""
    owing.mia.phone.speaks_first = "Mommy is in the shower."
    ana_takes_it(owing)
    owing.mia.answers().meets(owing.ana)
    owing.ana.hears("Mommy is in the shower")
    owing.passes(30)
    owing.mia.hangs_up()
    owing.ana.hears("Who was it").presses(key).hears("Saved")
    again = the_callback(owing).callback
    assert again.status is CallbackStatus.WAITING
    assert again.due_at is not None
    assert abs(again.due_at - owing.clock.now - delay) < timedelta(seconds=30)
    assert spoken_to_mia(owing) == set()


def test_an_end_without_an_outcome_is_never_reached(owing: World) -> None:
    """However long they talked: it stays hers, she is asked by text, then it was an attempt that failed."""
    ana_takes_it(owing)
    owing.mia.answers().meets(owing.ana)
    owing.passes(120)
    owing.ana.hangs_up()
    owing.until(lambda: not owing.mia.in_call, within=20)
    assert owed(owing) is CallbackStatus.UNSAID
    assert the_callback(owing).callback.owner == owing.staff_id(ANA)
    owing.passes(115)
    assert not owing.ana.has_read("Who was it")
    owing.ana.reads("Who was it, and how did it end?")
    assert owed(owing) is CallbackStatus.ASKED
    owing.passes(minutes=17)
    again = the_callback(owing).callback
    assert (again.status, again.owner, again.outcome) == (CallbackStatus.WAITING, None, None)
    assert spoken_to_mia(owing) == set()


def test_she_says_on_the_board_who_it_was(owing: World) -> None:
    """After she has hung up first, and was asked by nobody yet."""
    ana_takes_it(owing)
    owing.mia.answers().meets(owing.ana)
    owing.passes(30)
    owing.ana.hangs_up()
    owing.passes(5)
    callback_id, ana = the_callback(owing).callback.id, owing.staff_id(ANA)
    owing.change(lambda transaction: coordinator.set_outcome(transaction, callback_id, Outcome.REFERRED, ana))
    owing.passes(minutes=20)
    assert the_callback(owing).callback.outcome is Outcome.REFERRED
    assert not owing.ana.has_read("Who was it")


@pytest.mark.both_databases
@pytest.mark.parametrize("when", ["during the talk", "while she is asked by key"])
def test_how_it_ended_said_on_the_page_alone_tells_that_it_was_them(owing: World, when: str) -> None:
    """Nobody presses a key: the promise's wait ends with their talk all the same, in every report."""
    ana_takes_it(owing)
    owing.mia.answers().meets(owing.ana)
    met = owing.clock.now
    owing.passes(40)
    row, ana = the_callback(owing).callback, owing.staff_id(ANA)
    if when == "while she is asked by key":
        owing.mia.hangs_up()
        owing.ana.hears("Who was it")
    owing.change(lambda tx: coordinator.set_outcome(tx, row.id, Outcome.NOT_ADMITTED, ana))
    owing.ana.hangs_up()
    owing.until(lambda: not owing.mia.in_call, within=20)
    owing.passes(5)
    found = figures(owing)
    assert found.dispositions == [Contacts(Line.ADMISSIONS, Channel.VOICE, Disposition.LATER, 1)]
    (rung,) = found.rung_back
    assert abs(rung.p50 - (met - row.opened_at)) < timedelta(seconds=15)


@pytest.mark.parametrize("before", [Outcome.NOT_ADMITTED, Outcome.CALL_LATER])
def test_what_is_corrected_was_no_talk_in_any_report(owing: World, before: Outcome) -> None:
    """Ana said on the page how it ended, and then that it was somebody else."""
    ana_takes_it(owing)
    owing.mia.answers().meets(owing.ana)
    owing.passes(40)
    owing.mia.hangs_up()
    owing.ana.hears("Who was it").hangs_up()
    owing.passes(2)
    callback, ana = the_callback(owing).callback.id, owing.staff_id(ANA)
    assert owing.change(lambda tx: coordinator.set_outcome(tx, callback, before, ana))
    assert owing.change(lambda tx: coordinator.set_outcome(tx, callback, Outcome.SOMEBODY_ELSE, ana))
    found = figures(owing)
    assert found.dispositions == [Contacts(Line.ADMISSIONS, Channel.VOICE, Disposition.OPEN, 1)]
    assert found.rung_back == []
    (waiting,) = owing.board().callbacks
    assert [try_ended(one.outcome) for one in waiting.tries] == ["somebody else was there"]


def test_a_screening_assistant_hears_a_human_and_lets_her_through(owing: World) -> None:
    """It asks who calls and why; she answers in neutral words; Mia's telephone rings, and they talk."""
    owing.phones(Behaviour.SCREENED, owing.mia)
    ana_takes_it(owing)
    owing.ana.hears("state your name", within=15).says("Hello, this is Ana, returning a call.")
    owing.mia.answers().says("Hi Ana")
    owing.ana.hears("Hi Ana")
    assert spoken_to_mia(owing) == set()


@pytest.mark.parametrize("late", [1.0, 12.0])
@pytest.mark.parametrize("safe", [True, False])
def test_a_machine_gets_a_message_only_by_star_4_and_only_where_one_is_safe(
    building: Building, safe: bool, late: float
) -> None:
    """Whether it talks at once or late. Without a yes nothing is left, whatever is pressed."""
    world = building(centre=NO_HOLD)
    owe(world, message=safe)
    world.phones(Behaviour.VOICEMAIL, world.mia, after=4)
    world.mia.phone.speaks_first, world.mia.phone.speaks_after = "Hi, leave a message.", late
    world.mia.phone.mailbox.greeting = late + 3
    ana_takes_it(world)
    world.ana.hears("leave a message", within=30)
    world.passes(4)
    world.ana.presses("*").presses("4")
    if safe:
        world.ana.hears("The message is being left")
        world.until(lambda: not world.mia.in_call, within=60)
        assert world.mia.phone.recorded[-1].startswith(MESSAGE)
        assert owed(world) is CallbackStatus.WAITING
    else:
        world.ana.hears("No message may be left there")
        world.ana.hears("go back to the call")
        world.passes(6)
        world.ana.presses("*").presses("9").hears("Who was it").presses("3").hears("Saved")
        world.until(lambda: not world.mia.in_call, within=60)
        assert spoken_to_mia(world) == set()


@pytest.mark.both_databases
@pytest.mark.parametrize("picked_up", [False, True])
def test_a_clinician_who_was_asked_in_before_it_was_heard_to_be_a_machine_is_let_go(
    building: Building, *, picked_up: bool
) -> None:
    """Cleo hears that nobody waits, also if she has picked up already and presses 1; the others ring no longer."""
    world = building(centre=NO_HOLD)
    owe(world, message=True)
    world.phones(Behaviour.VOICEMAIL, world.mia, after=4)
    world.mia.phone.speaks_first, world.mia.phone.speaks_after = "Hi, leave a message.", 1.0
    world.mia.phone.mailbox.greeting = 4
    ana_takes_it(world)
    world.ana.hears("leave a message", within=30)
    world.ana.presses("*").presses("1").hears("A clinician is being called")
    world.until(lambda: world.cleo.rings, within=10)
    if picked_up:
        world.cleo.answers().hears("You are asked into a call")
    world.passes(4)
    world.ana.presses("*").presses("4").hears("The message is being left")
    if picked_up:
        world.cleo.presses("1")
    else:
        world.cleo.answers()
    world.cleo.hears("not waiting any more")
    world.until(lambda: not any(one.rings for one in world.clinicians), within=12)


def test_a_telephone_that_is_not_answered_rings_45_seconds(owing: World) -> None:
    """She is told, and let go; the next attempt is due."""
    owing.phones(Behaviour.IGNORES, owing.mia)
    ana_takes_it(owing)
    owing.passes(43)
    assert owing.mia.phone.ringing
    owing.ana.hears("They did not answer", within=30)
    assert owed(owing) is CallbackStatus.WAITING


def test_the_news_that_it_was_answered_never_comes(owing: World) -> None:
    """They talk all the same; afterwards it is hers to say who it was."""
    ana_takes_it(owing)
    owing.sim.faults.lose(kind="status", times=1)
    owing.mia.answers().meets(owing.ana)
    assert owed(owing) is CallbackStatus.CALLING
    owing.passes(40)
    owing.mia.hangs_up()
    owing.passes(3)
    assert owed(owing) is CallbackStatus.UNSAID


def test_an_emergency_is_met_by_the_clinician_who_waits(building: Building) -> None:
    """No key is asked of somebody in danger; until she says that it was them, they are rung at their times."""
    world = building(centre=NO_HOLD)
    world.mia.calls().presses("1").hears("Put the phone on speaker", within=20)
    world.mia.hangs_up()
    world.cleo.answers().presses("1").hears("They hung up").hears("Hello, is this a good time?")
    world.mia.phone.heard.clear()
    world.mia.answers(within=130).meets(world.cleo)
    assert spoken_to_mia(world) == set()
    world.passes(40)
    world.mia.hangs_up()
    world.cleo.hears("If you talked with the right person")
    assert owed(world) is CallbackStatus.WAITING
    world.cleo.presses("2").hears("Saved")
    assert the_callback(world).callback.outcome is Outcome.REACHED
    world.passes(minutes=12)
    assert len(world.calls_to(MIA)) == 1


def test_who_waits_for_a_call_that_is_made_later_is_told_nothing_of_ringing_now(building: Building) -> None:
    """Two minutes are left to 911: until then nothing rings, and nobody says so."""
    world = building(centre=PERSON_FIRST)
    world.mia.calls().presses("1").hears("Put the phone on speaker", within=20).hangs_up()
    world.cleo.answers(within=20).presses("1").hears("We call them in 2 minutes")
    world.cleo.hears("When we call, you hear it ring").hears("They are not on the line yet")
    assert "Still calling" not in " ".join(one.text for one in world.cleo.phone.heard)


def test_an_emergency_with_nobody_in_the_room_is_asked_by_the_machine(building: Building) -> None:
    """Whose it is comes first, once somebody speaks; key 1, and only a cry of what is said, count."""
    world = building(centre=NO_HOLD)
    world.phones(Behaviour.OFF, *world.staff)
    world.mia.calls().presses("1")
    world.mia.hangs_up()
    world.mia.answers(within=10).says("hello?").hears("Hello, this is Care Line").hears(
        "We are calling you back"
    )
    world.mia.presses("1").hears("Please hang up now and dial 9-1-1")


def answers_at_the_end(world: World, answer: str) -> None:
    """What Cleo does when she is asked whether it was them, and whether it is over."""
    world.cleo.hears("If you talked with the right person")
    match answer:
        case "hangs up":
            world.cleo.hangs_up()
        case "nothing":
            world.until(lambda: not world.cleo.in_call, within=100)
        case "asks again":
            for _ in range(3):
                world.passes(8)
                world.cleo.presses("9").hears("If you talked with the right person")
            world.cleo.presses("3").hears("Saved")
        case _:
            world.cleo.presses(answer).hears("Saved")


@pytest.mark.parametrize("answer", ["1", "2", "3", "nothing", "hangs up", "asks again"])
@pytest.mark.parametrize("talk", [100, 280])
def test_who_has_just_talked_in_an_emergency_is_not_rung_anew(
    building: Building, answer: str, talk: int
) -> None:
    """Not while Cleo is asked, and for two minutes from the end of the talk, whenever that call was begun. Unless she
    says that it was them, they are rung again after that."""
    world = building(centre=PERSON_FIRST)
    world.mia.texts("1").reads("Call 911 now")
    world.cleo.answers(within=30).presses("1")
    world.mia.answers(within=60).meets(world.cleo)
    world.passes(talk)
    world.mia.hangs_up()
    over = world.clock.now
    answers_at_the_end(world, answer)
    assert len(world.calls_to(MIA)) == 1
    world.passes((over + timedelta(seconds=115) - world.clock.now).total_seconds())
    assert len(world.calls_to(MIA)) == 1
    world.passes(minutes=12)
    again = world.calls_to(MIA)[1:]
    if answer in ("1", "2"):
        assert again == []
    else:
        assert again[0].created_at - over < timedelta(minutes=2, seconds=20)


def test_who_talked_before_a_call_that_nobody_took_has_talked(building: Building) -> None:
    """Cleo let the question pass, and the clock's next call rang in vain: she is still asked whether that had been
    them, and an emergency that is closed so was closed after a talk."""
    world = building(centre=PERSON_FIRST)
    world.mia.texts("1").reads("Call 911 now")
    world.cleo.answers(within=30).presses("1")
    world.mia.answers(within=60).meets(world.cleo)
    world.passes(100)
    world.mia.hangs_up()
    world.cleo.hears("If you talked with the right person").hangs_up()
    world.phones(Behaviour.IGNORES, world.mia)
    world.passes(minutes=3)
    assert len(world.calls_to(MIA)) == 2
    (shown,) = world.board().emergencies
    assert shown.unsaid
    closes(world, shown.escalation, was_them=True)
    assert the_callback(world).callback.outcome is Outcome.REACHED


def rung_back_and_met(world: World) -> None:
    """She hung up as she was told, was rung back two minutes later, and talks with Cleo for 13 seconds."""
    world.mia.calls().presses("1").hears("Put the phone on speaker", within=20).hangs_up()
    world.cleo.answers(within=20).presses("1").hears("They hung up")
    world.mia.answers(within=130).meets(world.cleo)
    world.passes(13)


@pytest.mark.parametrize("by", ["key", "board"])
def test_a_short_talk_of_an_emergency_is_a_talk(building: Building, by: str) -> None:
    """Once the clinician has said that it was them, by key or on the board, nobody has given up."""
    world = building(centre=PERSON_FIRST)
    rung_back_and_met(world)
    world.mia.hangs_up()
    if by == "key":
        world.cleo.hears("If you talked with the right person").presses("1").hears("Saved")
    else:
        (shown,) = world.board().emergencies
        assert shown.unsaid
        closes(world, shown.escalation, was_them=True)
    found = figures(world)
    assert found.dispositions == [Contacts(Line.EMERGENCY, Channel.VOICE, Disposition.LATER, 1)]
    assert ([one.people for one in found.rung_back], found.given_up) == ([1], [])


def test_nobody_in_an_emergency_has_given_up(building: Building) -> None:
    """They hung up because we told them to. Who it was that answered, nobody has said: closed without a talk."""
    world = building(centre=PERSON_FIRST)
    rung_back_and_met(world)
    (shown,) = world.board().emergencies
    closes(world, shown.escalation, was_them=False)
    found = figures(world)
    assert found.dispositions == [Contacts(Line.EMERGENCY, Channel.VOICE, Disposition.ENDED, 1)]
    assert (found.rung_back, found.given_up) == ([], [])


def closes(world: World, emergency: EscalationId, *, was_them: bool) -> None:
    cleo = world.staff_id(CLEO)
    world.change(lambda transaction: coordinator.close(transaction, emergency, cleo, was_them=was_them))
    world.passes(3)


def test_a_warm_hand_off_moves_no_time_to_a_human(owing: World) -> None:
    """They were reached when they were first put together, and not when all three were."""
    with_directory(owing)
    ana_takes_it(owing)
    owing.mia.answers().meets(owing.ana)
    met = owing.clock.now
    owing.passes(60)
    owing.ana.presses("*").presses("3").hears("Harbor Detox, press 1").presses("1")
    owing.until(lambda: owing.person(HARBOR).rings, within=30)
    them = owing.person(HARBOR).answers().hears("speak with you").presses("1")
    owing.ana.hears("Your caller holds").meets(them)
    owing.ana.presses("*").hears("To bring everybody together, press 1").presses("1")
    owing.ana.hears("You are all together now")
    owing.passes(10)
    owing.mia.hangs_up()
    owing.ana.hears("Who was it", within=30).presses("1")
    call = the_callback(owing).call_contact_id
    assert call is not None
    reached = owing.look(lambda transaction: contacts.get(transaction.tx, call))
    assert abs(reached.reached_at - met) < timedelta(seconds=15)
