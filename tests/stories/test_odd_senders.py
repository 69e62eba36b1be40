"""Whom nothing of ours can reach: a person reads them at once, an emergency pages, and nothing is sent there."""

from __future__ import annotations

import pytest

from hotline.operations.console import coordinator
from hotline.operations.console.thread_cards import UnreadThread
from hotline.operations.texts import threads
from hotline.operations.texts.threads import Held
from hotline.operations.texts.writing import Safe
from hotline.simulator import Behaviour
from tests.operations.texting import UNCLEAR, answers_to, thread_of, writes
from tests.proofs import proofs
from tests.stories.conftest import Building
from tests.stories.records import callbacks_of, emergencies
from tests.stories.world import ANA, CENTRE, FAILSAFE, LINE, MIA, World

DANGER = "he is not breathing please help"
SOMALIA, CUBA, JAMAICA = "+252612345678", "+5352345678", "+18765550142"
SHORT, WORD, WHATSAPP, RCS = "22395", "Bank", f"whatsapp:{MIA}", f"rcs:{MIA}"
ELSEWHERE = [WHATSAPP, RCS]


def left_for(world: World, *numbers: str) -> list[str]:
    """Every call and text of ours to these."""
    texts = [one.to for one in world.sim.messages if one.direction != "inbound"]
    calls = [one.to for one in world.sim.calls if one.direction != "inbound"]
    return [to for to in (*texts, *calls) if to in numbers]


def the_thread(world: World) -> UnreadThread:
    """The one thread on the board."""
    (thread,) = world.board().threads
    return thread


@pytest.mark.parametrize("shown", [SHORT, SOMALIA, FAILSAFE, WHATSAPP])
def test_an_emergency_pages_whoever_sent_it(world: World, shown: str) -> None:
    """The page says that it must be called, or can't be reached back; nothing is sent there, and nobody is dialled."""
    world.mia.texts(DANGER, shown_as=shown)
    page = "by call only" if shown in ELSEWHERE else "They can't be reached back"
    world.cleo.reads(page, within=5)
    world.cleo.answers().presses("1")
    if shown not in ELSEWHERE:
        world.cleo.hears("Read it on the board")
    world.passes(minutes=3)
    assert len(emergencies(world)) == 1
    allowed = {MIA} if shown in ELSEWHERE else set()
    assert set(left_for(world, shown, MIA)) <= allowed
    assert world.texts_to(MIA) == []


@pytest.mark.parametrize(
    ("shown", "words"), [(SHORT, UNCLEAR), (WORD, "hi"), (CUBA, "2"), (WHATSAPP, "2"), (RCS, "hi")]
)
def test_whatever_else_they_write_a_person_reads_at_once(world: World, shown: str, words: str) -> None:
    """Marked as what it is; written to it can't be."""
    world.mia.texts(words, shown_as=shown)
    world.ana.reads("A text needs a person", within=5)
    thread = the_thread(world)
    ana = world.staff_id(ANA)
    world.change(lambda transaction: coordinator.accept(transaction, thread.escalation, ana))
    contact = thread.contact
    assert contact is not None
    seen = world.look(lambda transaction: threads.look(transaction, contact, ana))
    assert seen.safe is (Safe.ELSEWHERE if shown in ELSEWHERE else Safe.OUT_OF_REACH)
    held = world.change(
        lambda transaction: threads.write(transaction, contact, "hello", ana, "k1", sure=True)
    )
    assert held is Held.IMPOSSIBLE
    assert left_for(world, shown, MIA) == []
    assert callbacks_of(world) == []


def test_what_one_of_them_writes_stays_together(world: World) -> None:
    """One thread, one page: no storm."""
    for words in (UNCLEAR, "are you there", "hello?"):
        world.mia.texts(words, shown_as=SHORT)
        world.passes(20)
    assert len(world.board().threads) == 1


def test_a_thread_by_another_service_is_not_the_one_by_sms(world: World) -> None:
    """What is written back by SMS goes to the SMS's thread only."""
    writes(world.mia, UNCLEAR)
    world.mia.texts("is the back door open", shown_as=WHATSAPP)
    assert len(world.board().threads) == 2


def test_digits_without_a_plus_are_the_number_that_they_are(world: World) -> None:
    """The same person, answered as ever."""
    assert writes(world.mia, "hi") is not None
    before = thread_of(world).id
    world.mia.texts("help he is not breathing", shown_as=MIA.removeprefix("+")).reads("911")
    assert thread_of(world).id == before


@pytest.mark.parametrize("shown", [LINE, f"whatsapp:{LINE}"])
def test_our_own_number_pages_nobody(world: World, shown: str) -> None:
    """A loop would page all night: it is kept, and that is all."""
    for _ in range(5):
        world.mia.texts(DANGER, shown_as=shown)
        world.passes(2)
    world.passes(minutes=2)
    assert emergencies(world) == []
    assert world.board().threads == ()


@pytest.mark.parametrize(
    "shown",
    [
        SOMALIA,
        *proofs([CUBA, JAMAICA, LINE, FAILSAFE, "sip:mia@example.org", "client:mia", "anonymous", SHORT]),
    ],
)
def test_a_caller_who_shows_what_we_never_ring_is_not_rung(world: World, shown: str) -> None:
    """An emergency that hangs up is paged, and nobody is dialled; who asks for a call is asked for a number."""
    world.mia.calls(shown_as=shown).presses("1").hears("hang up now and dial 9-1-1")
    world.mia.hangs_up()
    world.passes(minutes=12)
    assert len(emergencies(world)) == 1
    assert left_for(world, shown) == []


def test_a_caller_from_abroad_is_asked_for_a_number_at_home(building: Building) -> None:
    """As one whose number is withheld; Puerto Rico is at home."""
    world = building(centre=CENTRE + '[waits]\nlive_answer = "0s"\n')
    world.phones(Behaviour.OFF, *world.staff)
    world.mia.calls(shown_as=JAMAICA).presses("2").hears("number", within=90)
    world.mia.presses(f"{JAMAICA[2:]}#").presses("7875550142#").hears("7 8 7").presses("4")
    world.mia.hears("message").presses("5").hears("text").presses("5").hears("as soon as we can").presses("4")
    world.mia.hears("You are in line")
    (owed,) = callbacks_of(world)
    assert owed.number is not None
    assert owed.number.e164 == "+17875550142"
    assert answers_to(world.mia) == []
