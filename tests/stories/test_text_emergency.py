"""An emergency by text: answered and paged at once, whatever was written before."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hotline.console.thread import timeline_words
from hotline.model import EscalationId, Language, PhoneNumber
from hotline.operations.callbacks.emergency_callbacks import WRITING
from hotline.operations.console import coordinator
from hotline.operations.conversation import blocking
from hotline.operations.texts import suggestions, threads
from hotline.simulator import Behaviour
from hotline.store.traffic import messages
from tests.operations.texting import FOUR_LANGUAGES, MENU, UNCLEAR, thread_of, writes
from tests.stories.centre import CLEO, DEV
from tests.stories.conftest import Building
from tests.stories.records import emergencies
from tests.stories.world import LINE, MIA, World


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("1", "Call 911 now. Say where you are."),
        ("one", "Call 911 now."),
        ("my friend od'd and he wont wake up", "Call 911 now."),
        ("STOP he is not breathing", "Call 911 now."),
        ("2. she is turning blue", "Call 911 now."),
        ("I want to die", "You matter. Call or text 988 now"),
        ("my stepdad hits me", "Call 911 now, or text 911 if you can't talk"),
    ],
)
def test_an_emergency_is_answered_and_paged_at_once(world: World, words: str, said: str) -> None:
    """S02 or S03, and in the same second text and call to every clinician on call."""
    assert (writes(world.mia, words) or "").startswith(said)
    for clinician in world.clinicians:
        assert clinician.rings
        clinician.reads("emergency waiting")
    assert len(emergencies(world)) == 1


@pytest.mark.both_databases
def test_the_clinician_s_key_calls_the_texter(world: World) -> None:
    """They were told that we will call; whoever presses 1 talks with them, and only a human closes it."""
    writes(world.mia, "1")
    world.cleo.answers().hears("Emergency by text, waiting").presses("1")
    world.mia.answers(within=30).hears("We are calling you back. Press 1").presses("1").meets(world.cleo)
    world.passes(30)
    world.mia.hangs_up()
    world.cleo.hears("Is this emergency closed").presses("1").hears("Saved")
    world.passes(10)
    assert emergencies(world) == []
    assert (writes(world.mia, "hi") or "").startswith(MENU)


def test_while_a_clinician_has_it_the_menu_keeps_quiet(world: World) -> None:
    """Nothing gets an answer; new emergency words are the same emergency, and what to do has been said."""
    writes(world.mia, "1")
    assert writes(world.mia, "hello?") is None
    assert writes(world.mia, "2") is None
    assert writes(world.mia, "are you coming") is None
    assert writes(world.mia, "not breathing now") is None
    assert len(emergencies(world)) == 1


def test_somebody_who_opted_out_still_pages_by_call_only(world: World) -> None:
    """No text reaches them, and none is said to have been sent; the page and the board say so, and key 1 calls them."""
    writes(world.mia, "STOP")
    assert writes(world.mia, "he won't wake up") is None
    assert len(emergencies(world)) == 1
    thread = thread_of(world)
    sent = world.look(
        lambda transaction: [one.direction for one in messages.of_contact(transaction.tx, thread.id)]
    )
    assert "out" not in sent
    for clinician in world.clinicians:
        clinician.reads("by call only: texts don't reach them. Code")
    assert world.board().emergencies[0].call_only
    world.dev.answers().presses("1")
    world.mia.answers(within=30).presses("1").meets(world.dev)


def test_whoever_told_only_the_carrier_to_stop_is_found_out_and_called(world: World) -> None:
    """The reply comes back with 21610: the clinicians are told at once that a call is all there is."""
    world.sim.post_office.blocked.add((MIA, LINE))
    world.mia.texts("he won't wake up")
    for clinician in world.clinicians:
        clinician.reads("by call only: texts don't reach them. Code")
    assert world.board().emergencies[0].call_only


def test_whom_texts_reach_is_no_call_only_emergency(world: World) -> None:
    """START puts an end to that."""
    writes(world.mia, "STOP", "START")
    assert (writes(world.mia, "he won't wake up") or "").startswith("Call 911 now.")
    world.cleo.reads("emergency waiting. Code")
    assert not world.board().emergencies[0].call_only


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("mi hijo no despierta y no respira", "Llame al 911 ya."),
        ("meu filho não acorda, não respira", "Ligue 911 agora."),
        ("pitit mwen pa reveye, li pa respire", "Rele 911 kounye a."),
        ("ya no quiero vivir, me quiero morir", "Su vida importa."),
        ("não quero mais viver, quero morrer", "Sua vida importa."),
    ],
)
def test_an_emergency_is_answered_in_the_language_written(building: Building, words: str, said: str) -> None:
    """From the first word on, and those who are paged for it are told which it is."""
    world = building(FOUR_LANGUAGES)
    assert (writes(world.mia, words) or "").startswith(said)
    (running,) = emergencies(world)
    assert running.language is not Language.EN


def test_a_blocked_number_s_emergency_is_answered_and_paged(world: World) -> None:
    """Nothing else of it is: no menu, no coordinator; what is open to it is told once."""
    world.change(
        lambda transaction: blocking.block(
            transaction.tx, PhoneNumber(MIA), "abuse", transaction.now, lasting=None
        )
    )
    assert "In danger? Call 911, or write EMERGENCY" in (writes(world.mia, "hi") or "")
    assert writes(world.mia, UNCLEAR) is None
    world.passes(5)
    assert not any(person.phone.inbox for person in world.staff)
    assert (writes(world.mia, "she is not breathing") or "").startswith("Call 911 now.")
    assert len(emergencies(world)) == 1


def test_an_emergency_is_answered_above_any_cap(world: World) -> None:
    """Ten texts too many, and then somebody stops breathing."""
    for number in range(12):
        writes(world.mia, f"hi{'!' * number}")
    assert (writes(world.mia, "she stopped breathing") or "").startswith("Call 911 now.")
    assert len(emergencies(world)) == 1


def _declines_cleo_s_call(world: World) -> str:
    """Mia's emergency by text is Cleo's, who called her and has hung up; Mia can't talk. The emergency."""
    writes(world.mia, "1")
    world.cleo.answers().hears("Emergency by text, waiting").presses("1")
    world.until(lambda: world.mia.rings, within=30)
    world.mia.declines()
    world.cleo.leaves()
    world.passes(5)
    (running,) = emergencies(world)
    return str(running.escalation.id)


def _next_ring(world: World) -> datetime | None:
    (card,) = world.board(CLEO).emergencies
    return card.ring_back_at


def _is_put_off(world: World) -> bool:
    at, now = _next_ring(world), world.clock.now
    assert world.board(CLEO).emergencies[0].writes
    return at is not None and now + WRITING - timedelta(seconds=10) < at <= now + WRITING


def test_while_they_write_no_machine_rings_them(world: World) -> None:
    """They wrote that somebody is beside them: each text of either side puts the next ring off by five minutes."""
    _declines_cleo_s_call(world)
    assert writes(world.mia, "cant talk my dad is here. can you text") is None
    assert _is_put_off(world)
    world.passes(minutes=4)
    thread = thread_of(world)
    cleo = world.staff_id(CLEO)
    world.change(lambda tx: threads.write(tx, thread.id, "I'm here. Are you safe?", cleo, "k1", sure=True))
    assert _is_put_off(world)
    world.passes(minutes=4.8)
    assert not world.mia.rings
    world.until(lambda: world.mia.rings, within=30)


def test_whoever_has_it_can_have_them_rung_no_more(world: World) -> None:
    """Until they say otherwise themselves: it stays open and theirs, and they can still have them rung."""
    emergency = EscalationId(_declines_cleo_s_call(world))
    cleo, dev = world.staff_id(CLEO), world.staff_id(DEV)
    assert not world.change(lambda tx: coordinator.write_instead(tx, emergency, dev))
    assert world.change(lambda tx: coordinator.write_instead(tx, emergency, cleo))
    assert not world.change(lambda tx: coordinator.write_instead(tx, emergency, cleo))
    assert _next_ring(world) is None
    page = world.look(lambda tx: threads.look(tx, thread_of(world).id, cleo))
    assert "Their phone isn't rung by itself any more" in [
        one.words for one in timeline_words.lines(page.happened)
    ]
    world.passes(minutes=60)
    assert not world.mia.rings
    assert len(emergencies(world)) == 1
    world.change(lambda tx: coordinator.accept(tx, emergency, cleo))
    world.cleo.answers(within=30).presses("1")
    world.until(lambda: world.mia.rings, within=30)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("yes but my stepdad hits me", "Get somewhere safe if you can."),
        ("mi marido me esta pegando", "Busque un lugar seguro si puede."),
        ("meu marido esta me batendo", "Procure um lugar seguro."),
        ("mari m ap bat mwen", "Al yon kote ki san danje si w kapab."),
    ],
)
def test_whom_somebody_hurts_is_told_of_no_overdose(building: Building, words: str, said: str) -> None:
    """Nor that we call: whoever is beside them would hear it. Whoever picks up for it is told so before they choose."""
    world = building(FOUR_LANGUAGES)
    answered = writes(world.mia, words) or ""
    assert said in answered
    assert "Narcan" not in answered
    world.cleo.answers().hears("Somebody beside them may be violent, and a call may harm them").presses("3")
    assert len(emergencies(world)) == 1
    assert not world.mia.rings


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("i took a whole bottle of pills", ("Call 911 now.", "Unlock the door.", "988")),
        ("me tome un frasco entero de pastillas", ("Llame al 911 ya.", "Abra la puerta.", "988")),
        ("tomei o frasco todo de remedio", ("Ligue 911 agora.", "Abra a porta.", "988")),
        ("m sot vale tout grenn yo", ("Rele 911 kounye a.", "Louvri", "988")),
    ],
)
def test_whoever_took_it_themselves_is_told_what_they_can_do(
    building: Building, words: str, said: tuple[str, ...]
) -> None:
    """911, the door, somebody near, 988; no naloxone and breaths. So they are on the telephone, if they call."""
    world = building(FOUR_LANGUAGES)
    answered = writes(world.mia, words) or ""
    assert all(part in answered for part in said)
    assert "Narcan" not in answered
    assert writes(world.mia, "1") is None
    world.mia.calls()
    world.passes(30)
    heard = " ".join(one.text for one in world.mia.phone.heard)
    assert "9-8-8" in heard
    assert "Narcan" not in heard


def test_whoever_took_it_hears_it_on_our_call_back_too(world: World) -> None:
    """Whoever has the emergency has them called: while they wait for the room, they hear what they can do."""
    writes(world.mia, "i took a whole bottle of pills")
    world.cleo.answers().presses("1")
    world.mia.answers(within=30)
    world.cleo.hangs_up()
    world.mia.presses("1").hears("Unlock the door")


def test_a_child_with_a_drunk_father_reads_of_no_overdose(world: World) -> None:
    """It pages, and is answered as any other danger: 911, a safe place, somebody near."""
    answered = writes(world.mia, "im 14 and my dad is drunk again idk what to do") or ""
    assert answered.startswith("Call 911 now.")
    assert "Get somewhere safe" in answered
    assert "Narcan" not in answered
    assert len(emergencies(world)) == 1


def test_what_is_worse_is_told_after_it(world: World) -> None:
    """A new danger has its own words, and is what whoever picks up hears of."""
    assert "safe" in (writes(world.mia, "my stepdad hits me") or "")
    assert world.board(CLEO).emergencies[0].by_others
    assert "Narcan" in (writes(world.mia, "he hit her and she isn't breathing") or "")
    assert not world.board(CLEO).emergencies[0].by_others
    world.cleo.answers().hears("Press 1 to take it and call them, 3")


def test_words_at_hand_fit_the_danger(world: World) -> None:
    """Who wants to die, or is hurt, is asked about themselves, and nobody's breath."""
    writes(world.mia, "i want to die")
    labels = world.look(lambda tx: [one.label for one in suggestions.fitting(tx, thread_of(world))])
    assert labels == [
        "Where are you?",
        "Are you alone?",
        "Put it out of reach?",
        "988, too",
        "Have you called 911?",
    ]
    writes(world.mia, "my stepdad hits me")
    labels = world.look(lambda tx: [one.label for one in suggestions.fitting(tx, thread_of(world))])
    assert labels == ["Where are you?", "Are you safe there?", "Have you called 911?", "Is this a good time?"]
    writes(world.mia, "my son took all my pills and he cant breathe")
    labels = world.look(lambda tx: [one.label for one in suggestions.fitting(tx, thread_of(world))])
    assert "Are they breathing?" in labels


def test_danger_written_to_somebody_on_another_call_is_for_others_too(world: World) -> None:
    """Cleo has Mia's and talks with somebody else: what Mia writes now, she can't read."""
    world.phones(Behaviour.IGNORES, world.eva)
    writes(world.mia, "i want to die")
    world.cleo.answers().hears("Emergency by text, waiting").presses("3")
    world.until(lambda: not world.dev.rings, within=40)
    writes(world.mia, "i took all my pills")
    world.passes(5)
    assert not world.dev.rings
    other = world.person("+16175552001", label="other")
    other.calls().presses("1")
    world.cleo.answers(within=30).presses("1").meets(other)
    world.until(lambda: not world.dev.rings, within=40)
    writes(world.mia, "hello?")
    world.passes(5)
    assert not world.dev.rings
    writes(world.mia, "i cant breathe anymore")
    world.dev.answers(within=30).hears("has an emergency, and asks for somebody beside them").presses("1")
    world.cleo.reads("comes to help you", within=20)
