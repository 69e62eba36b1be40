"""While nothing of the carrier's reaches us, people call and write: all of them are taken up from its own lists."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import process_time

import pytest
from sqlalchemy import text

from hotline.callbacks.callback import CallbackKind
from hotline.carrier_words import TextStatus
from hotline.model import Outcome, PhoneNumber
from hotline.simulator import Attachment, Behaviour
from hotline.store.cases import callbacks, contacts
from hotline.store.people import callers
from hotline.store.traffic import messages
from hotline.store.upkeep import carrier_lists, tallies
from hotline.telephony.rest import recovering
from hotline.telephony.rest.listing import NotListed, Pace
from hotline.telephony.rest.recovering import Looked
from tests.operations.outages import locked
from tests.store.threads import in_threads
from tests.stories.conftest import Building
from tests.stories.records import callbacks_of, emergencies, the_callback
from tests.stories.world import CENTRE, LINE, MIA, PERSON_FIRST, World

BIN = "https://handler.twilio.com/twiml/EH1"
EVERYTHING = 10**6


def look(world: World) -> Looked:
    """What the clock does every minute."""
    pace = Pace(steady=lambda: 0.0, wait=lambda seconds: None)
    return recovering.look(world.here.application, world.here.renderer, world.here.carrier.lists(pace))


@contextmanager
def unheard(world: World, *, minutes: float = 30) -> Iterator[None]:
    """Nothing that the carrier tells us arrives, for so long after what is done in it; then it arrives again."""
    look(world)
    world.sim.faults.lose(times=EVERYTHING)
    yield
    world.clock.let_pass(world.sim, minutes * 60)
    world.sim.faults.clear()


def rings_and_gives_up(world: World, number: str = MIA, *, withheld: bool = False) -> None:
    """Somebody calls, hears what Twilio has to say, and hangs up."""
    caller = world.person(number)
    caller.phone.calls(LINE, withheld=withheld)
    world.clock.let_pass(world.sim, 15)
    if caller.in_call:
        caller.phone.hangs_up()
    world.clock.let_pass(world.sim, 1)


def written(world: World, words: str, number: str = MIA) -> None:
    """Somebody texts."""
    world.person(number).phone.texts(LINE, words)
    world.clock.let_pass(world.sim, 1)


@pytest.mark.both_databases
def test_a_call_that_nobody_heard_is_called_back_with_an_apology(world: World) -> None:
    """The record has the call's own times; the phones of coordinators ring, and Mia hears that we are sorry."""
    at = world.clock.now
    with unheard(world):
        rings_and_gives_up(world)
    assert look(world) == Looked(calls=1)
    owed = the_callback(world)
    assert owed.callback.kind is CallbackKind.UNHEARD
    origin = world.look(lambda transaction: contacts.get(transaction.tx, owed.contact_id))
    assert abs(origin.opened_at - at) < timedelta(seconds=2)
    assert abs(origin.ended_at - at) < timedelta(seconds=30)
    world.ana.answers(within=30).presses("1").hears("They called while our line was down")
    world.mia.answers(within=60).hears("We missed a call from you. We are sorry.").presses("1").meets(
        world.ana
    )


@pytest.mark.both_databases
def test_of_several_machines_that_read_the_lists_at_once_one_takes_each_up(world: World) -> None:
    """Each has a clock: the call is one callback, the text one thread."""
    with unheard(world):
        rings_and_gives_up(world)
        written(world, "hello", "+16175550188")
    found: list[Looked] = []
    in_threads([lambda: found.append(look(world))] * 4)
    assert sum(one.calls for one in found) == 1
    assert sum(one.texts for one in found) == 1
    assert len(callbacks_of(world)) == 1


def test_whoever_opens_the_talk_is_told_what_to_say(building: Building) -> None:
    """Where no machine speaks, the coordinator says sorry: once they know who it is."""
    world = building(centre=PERSON_FIRST)
    with unheard(world):
        rings_and_gives_up(world)
    look(world)
    world.ana.answers(within=30).presses("1").hears("Our line was down. I am sorry.", within=60)
    world.mia.answers(within=60).meets(world.ana)


def test_a_call_that_only_met_the_bin_is_called_back(building: Building) -> None:
    """Twilio read them its words, and the failsafe number rang: whether anybody talked with them, nobody knows."""
    world = building()
    world.sim.bin(
        BIN,
        "<Response><Say>In danger, hang up and dial 9-1-1.</Say><Dial><Number>+16175550999</Number></Dial></Response>",
    )
    world.sim.kernel.numbers[LINE].voice_fallback_url = BIN
    world.phones(Behaviour.IGNORES, world.failsafe)
    with unheard(world, minutes=5):
        world.mia.phone.calls(LINE)
        world.clock.let_pass(world.sim, 20)
        assert world.failsafe.rings
        world.mia.phone.hangs_up()
    assert look(world).calls == 1
    assert the_callback(world).number == PhoneNumber(MIA)


def test_a_call_that_goes_on_is_taken_up_when_it_is_over(world: World) -> None:
    """It is not forgotten, however long it lasts: the next looks go back to where it began."""
    look(world)
    world.sim.bin(BIN, "<Response><Pause length='2400'/></Response>")
    world.sim.kernel.numbers[LINE].voice_fallback_url = BIN
    world.sim.faults.lose(times=EVERYTHING)
    world.mia.phone.calls(LINE)
    for _ in range(3):
        world.clock.let_pass(world.sim, 600)
        assert look(world) == Looked(soon=True)
    world.mia.phone.hangs_up()
    world.clock.let_pass(world.sim, 60)
    assert look(world) == Looked(calls=1)


@pytest.mark.both_databases
def test_an_old_text_is_put_before_a_person_who_is_told_how_old_it_is(world: World) -> None:
    """No menu answers it: they read that it came late, and a person reads it."""
    with unheard(world):
        written(world, "2")
    assert look(world) == Looked(texts=1)
    world.mia.reads("We got your text late. We are sorry.")
    world.ana.reads("A text needs a person").reads("Sent 30 minutes ago")
    world.ana.answers(within=300).hears("Waiting 3")
    kept = world.look(lambda transaction: messages.by_sid(transaction.tx, world.sim.messages[0].sid))
    assert world.clock.now - kept.at > timedelta(minutes=30)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("necesito hablar con alguien de mi familia", "Recibimos tarde"),
        ("preciso falar com alguém sobre meu filho", "chegou tarde"),
        ("mwen bezwen pale ak yon moun tanpri", "rive an reta"),
    ],
)
def test_it_is_said_in_their_language(building: Building, words: str, said: str) -> None:
    """As everything is."""
    world = building(centre=CENTRE.replace("[line]", '[line]\nlanguages = ["en", "es", "pt", "ht"]'))
    with unheard(world):
        written(world, words)
    look(world)
    world.mia.reads(said)


def test_a_text_of_a_moment_ago_is_answered_as_ever(world: World) -> None:
    """Within a quarter of an hour the menu is still an answer."""
    with unheard(world, minutes=3):
        written(world, "hi")
    look(world)
    world.mia.reads("Reply 1 emergency, 2 call me, 3 family").texts("2").reads("Is it safe")


def test_an_emergency_pages_at_any_age_and_says_how_old_it_is(world: World) -> None:
    """They are told what to do, clinicians' phones ring at once, and each hears since when."""
    with unheard(world):
        written(world, "my son won't wake up")
    look(world)
    world.until(lambda: world.cleo.rings, within=2)
    assert len(emergencies(world)) == 1
    world.mia.reads("Call 911 now")
    world.cleo.reads("Emergency waiting").reads("Sent 30 minutes ago: it reached us late.")
    world.cleo.answers().hears("waiting 30 minutes").presses("1")
    world.mia.answers(within=60).presses("1").meets(world.cleo)


def test_an_opt_out_is_honoured(world: World) -> None:
    """Who called and then wrote that they want no calls is not called."""
    with unheard(world):
        rings_and_gives_up(world)
        written(world, "please stop calling me")
    look(world)
    world.passes(60)
    assert [row.callback.outcome for row in callbacks_of(world)] == [Outcome.ASKED_TO_STOP]
    assert not world.ana.rings
    assert world.calls_to(MIA) == []


def test_who_had_asked_for_no_calls_is_not_called_for_having_called(world: World) -> None:
    """They chose nothing on that call: what they said before holds."""
    world.mia.texts("do not call me any more").reads("no more texts")
    assert (
        world.look(lambda transaction: callers.get(transaction.tx, PhoneNumber(MIA)).no_calls_at) is not None
    )
    with unheard(world):
        rings_and_gives_up(world)
    assert look(world).calls == 1
    assert callbacks_of(world) == []


def test_a_withheld_number_is_counted_and_told(world: World) -> None:
    """Nobody can call them: a supervisor is told how many there were."""
    with unheard(world):
        rings_and_gives_up(world, withheld=True)
        rings_and_gives_up(world, "+16175550143")
    assert look(world).calls == 2
    assert len(callbacks_of(world)) == 1
    world.sue.reads("In line now: calls 2, texts 0").reads("Hid their number, can't be called: 1")
    counted = world.look(lambda transaction: tallies.every(transaction.tx))
    assert (counted["unheard calls"], counted["unheard calls, number withheld"]) == (2, 1)


def test_who_called_again_and_was_served_is_not_called(world: World) -> None:
    """The line is back, they call again and talk with Ben: nobody calls them for the call before."""
    with unheard(world):
        rings_and_gives_up(world)
    world.mia.calls().presses("2")
    world.ben.answers(within=30).presses("1").meets(world.mia)
    look(world)
    assert callbacks_of(world) == []
    world.passes(40)
    world.mia.hangs_up()


@pytest.mark.both_databases
def test_a_webhook_that_comes_while_the_list_is_read_is_the_same_text(world: World) -> None:
    """One contact and one answer, whichever of the two is first."""
    look(world)
    world.sim.faults.slow(40, kind="sms")
    world.mia.phone.texts(LINE, "hi")
    world.clock.let_pass(world.sim, 30)
    assert look(world).texts == 1
    world.passes(30)
    assert len(world.texts_to(MIA)) == 1
    assert look(world).texts == 0
    world.mia.texts("2").reads("Is it safe")


def test_a_webhook_that_comes_late_for_a_call_changes_nothing(world: World) -> None:
    """The report of its end arrives after it was taken up."""
    look(world)
    world.sim.faults.lose(kind="voice", times=EVERYTHING)
    world.sim.faults.slow(60, kind="status")
    rings_and_gives_up(world)
    world.clock.let_pass(world.sim, 25)
    assert look(world).calls == 1
    world.sim.faults.clear()
    world.passes(60)
    assert len(callbacks_of(world)) == 1


def test_what_is_new_is_left_to_its_webhook(world: World) -> None:
    """A list that is read in the moment of a text takes nothing up, and looks again soon."""
    look(world)
    world.sim.faults.lose(times=EVERYTHING)
    written(world, "hi")
    assert look(world) == Looked(soon=True)
    world.clock.let_pass(world.sim, 20)
    assert look(world) == Looked(texts=1)


def test_staff_who_wrote_long_ago_are_told_that_nothing_was_done(world: World) -> None:
    """A 1 from half an hour ago takes nothing now; a cry for help of theirs is one."""
    with unheard(world):
        written(world, "off", "+16175550101")
        written(world, "he is not breathing", "+16175550102")
    assert look(world).texts == 2
    world.ana.reads("Nothing was done with it")
    assert len(emergencies(world)) == 1


def test_lost_ends_are_settled_without_asking_for_each(world: World) -> None:
    """A talk whose end was lost, and a text of ours that never arrived."""
    look(world)
    world.mia.calls().presses("2")
    world.ana.answers(within=30).presses("1").meets(world.mia)
    other = world.person("+16175550143")
    world.passes(40)
    world.sim.faults.lose(times=EVERYTHING)
    world.mia.phone.hangs_up()
    other.phone.texts(LINE, "hi")
    world.clock.let_pass(world.sim, 30)
    found = look(world)
    assert (found.texts, found.ends) == (1, 2)
    assert world.look(lambda transaction: contacts.ongoing(transaction.tx)[0].channel.value) == "text"
    world.passes(2)
    world.clock.let_pass(world.sim, 30)
    world.sim.faults.clear()
    assert look(world).ends == 1
    reply = next(one.sid for one in world.sim.messages if one.to == other.phone.number)
    sent = world.look(lambda transaction: messages.by_sid(transaction.tx, reply))
    assert sent.status is TextStatus.DELIVERED


def test_a_text_to_staff_that_has_arrived_is_no_lost_end(world: World) -> None:
    """Of these only what went wrong is kept: they are not settled anew at every look."""
    look(world)
    world.mia.phone.texts(LINE, "he is not breathing")
    world.passes(40)
    world.clock.let_pass(world.sim, 30)
    assert any(one.to == world.ana.phone.number for one in world.sim.messages)
    assert look(world).ends == 0


def test_a_full_disk_and_a_lost_journal_lose_nobody(world: World) -> None:
    """The database is locked and the journal can't be written: what came is on Twilio's list."""
    look(world)
    world.here.journal._folder.parent.mkdir(parents=True, exist_ok=True)
    world.here.journal._folder.write_text("not a folder")
    with locked(world.here):
        rings_and_gives_up(world)
        written(world, "hi", "+16175550143")
        world.clock.let_pass(world.sim, 30)
    world.here.journal._folder.unlink()
    assert look(world) == Looked(calls=1, texts=1)


def test_a_carrier_that_lists_nothing_loses_nothing(world: World) -> None:
    """The look is given up, and the next one begins where this one did."""
    with unheard(world):
        rings_and_gives_up(world)
    world.sim.faults.lists_fail(503)
    with pytest.raises(NotListed):
        look(world)
    world.sim.faults.lists_fail()
    with pytest.raises(NotListed):
        look(world)
    world.sim.faults.clear()
    world.passes(minutes=20)
    assert look(world).calls == 1


def test_pictures_are_found_with_their_text(world: World) -> None:
    """The list says only that there are some: they are asked for."""
    with unheard(world):
        world.mia.phone.texts(LINE, "look", media=[Attachment("image/png", b"png")])
        world.clock.let_pass(world.sim, 1)
    assert look(world).texts == 1
    kept = world.look(lambda transaction: messages.by_sid(transaction.tx, world.sim.messages[0].sid))
    assert [(one.content_type, one.sid is not None) for one in kept.media] == [("image/png", True)]


def test_nothing_of_before_the_first_look_is_taken_up(world: World) -> None:
    """The account may have belonged to something else until now."""
    world.sim.faults.lose(times=EVERYTHING)
    written(world, "hi")
    world.clock.let_pass(world.sim, 60)
    assert look(world) == Looked()
    assert look(world) == Looked()
    world.sim.faults.clear()
    world.sim.messages.clear()


@pytest.mark.both_databases
def test_half_an_hour_of_calls_and_texts_is_taken_up_whole(world: World) -> None:
    """Twenty of each: every one is on record, in its order, and a second look finds nothing more."""
    with unheard(world, minutes=10):
        for place in range(20):
            rings_and_gives_up(world, f"+16175551{place:03}")
            written(world, "hello, is anybody there", f"+16175552{place:03}")
            world.clock.let_pass(world.sim, 60)
    began = process_time()
    assert look(world) == Looked(calls=20, texts=20)
    assert process_time() - began < 12, "200 of each have a minute: `python -m bench.recovery`"
    assert look(world) == Looked()
    owed = world.look(lambda transaction: callbacks.all_open(transaction.tx))
    assert len(owed) == 20
    told = world.look(
        lambda transaction: carrier_lists.since(transaction.tx, world.clock.now - timedelta(hours=1))
    )
    assert (told.calls, told.texts, told.hidden) == (20, 20, 0)


def test_whoever_cried_for_help_is_taken_up_first(world: World) -> None:
    """However many called and wrote before them: they are the first who are taken up."""
    with unheard(world):
        for place in range(3):
            rings_and_gives_up(world, f"+16175551{place:03}")
            written(world, "hello, is anybody there", f"+16175552{place:03}")
        written(world, "he is not breathing")
    help_wanted = world.sim.messages[-1].sid
    look(world)
    on_postgresql = world.here.application.settings.database_url.get_secret_value().startswith("postgresql")
    as_written = text(f"SELECT sid FROM taken_up ORDER BY {'ctid' if on_postgresql else 'rowid'}")
    assert world.look(lambda transaction: transaction.tx.execute(as_written).scalar()) == help_wanted
