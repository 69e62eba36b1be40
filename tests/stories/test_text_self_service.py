"""Self-service by text on a call that is owed: how it stands, now, later, not at all; told only as it holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hotline.callbacks.callback import CallbackStatus
from hotline.model import Outcome, Subject
from hotline.operations.console import coordinator
from hotline.simulator import Behaviour
from hotline.store.cases import escalations
from hotline.store.cases.escalations import EscalationRow
from hotline.triage.contact import ContactState
from tests.operations.texting import FINDING, IN_LINE, UNSURE, answers_to, thread_of, writes
from tests.stories.conftest import Building
from tests.stories.records import callbacks_of, the_callback
from tests.stories.world import ANA, MIA, World

ASK_WHEN = "Care Line: OK, not now. When should we call?"
ASK_CANCEL = "Care Line: Do you want no call at all? Reply 4 for no call, 5 to stay in line."
NIGHT = datetime(2026, 3, 3, 4, 30, tzinfo=UTC)
"""Half past eleven in Boston."""


def asks_for_a_call(world: World) -> None:
    """Mia is in line, and nobody picks up yet."""
    world.phones(Behaviour.OFF, world.ana, world.ben, world.sue)
    writes(world.mia, "2", "4")
    world.passes(5)


def waits_for_a_person(world: World) -> bool:
    """Whether what they wrote is before a person."""
    return Subject.THREAD in [one.escalation.subject for one in open_ones(world)]


def open_ones(world: World) -> list[EscalationRow]:
    found: list[EscalationRow] = world.look(lambda transaction: escalations.all_open(transaction.tx))
    return found


def due_in(world: World) -> timedelta:
    due = the_callback(world).callback.due_at
    assert due is not None
    left: timedelta = due - world.clock.now
    return left


# --- "not now", and why ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "not now please, my wife is here. tomorrow at 10am",
        "Please don't call me now!! he's home. Call tomorrow at 10 am",
        "ahora no por favor, esta mi esposo. mañana a las 10",
        "pa rele m kounye a, mari m la. demen a 10",
    ],
)
def test_nobody_is_rung_whom_somebody_is_beside(world: World, words: str) -> None:
    """Whatever else they write with it: the call comes at their time, and a person reads the rest."""
    asks_for_a_call(world)
    reply = writes(world.mia, words)
    assert reply is not None
    assert timedelta(hours=12) < due_in(world) < timedelta(hours=24)
    world.phones(Behaviour.RINGS, world.ana, world.ben)
    world.passes(minutes=20)
    assert not world.mia.rings
    assert waits_for_a_person(world)


def test_who_names_no_time_is_asked_for_one(world: World) -> None:
    """And isn't rung meanwhile."""
    asks_for_a_call(world)
    assert (writes(world.mia, "Not right now, I'm with my kids") or "").startswith(ASK_WHEN)
    world.phones(Behaviour.RINGS, world.ana, world.ben)
    world.passes(minutes=20)
    assert not world.mia.rings
    assert waits_for_a_person(world)


@pytest.mark.parametrize(
    "words",
    [
        "don't call now please, my husband is here",
        "Don’t call right now pls my mom is home",
        "not a good time, he is in the room",
        "no llamen ahora, estoy en el trabajo",
        "não liguem agora, estou no trabalho",
        "tanpri pa rele m kounye a, mari m la",
    ],
)
def test_a_reason_is_no_other_wish(world: World, words: str) -> None:
    """Neither the end of texts, nor of the call."""
    asks_for_a_call(world)
    reply = writes(world.mia, words) or ""
    assert "STOP" not in reply
    assert due_in(world) > timedelta(minutes=30)
    assert the_callback(world).callback.is_open


@pytest.mark.parametrize("taken", [False, True])
def test_nor_while_a_person_reads_what_they_wrote(world: World, taken: bool) -> None:
    """The call has a later time; no machine answers whom somebody has, who sees it."""
    asks_for_a_call(world)
    writes(world.mia, "will they ask my landlord about me")
    assert waits_for_a_person(world)
    if taken:
        (thread,) = [one.escalation for one in open_ones(world) if one.escalation.subject is Subject.THREAD]
        world.change(lambda transaction: coordinator.accept(transaction, thread.id, world.staff_id(ANA)))
    assert (writes(world.mia, "not now please, he is here. tomorrow at 10am") is None) is taken
    assert timedelta(hours=12) < due_in(world) < timedelta(hours=24)


@pytest.mark.parametrize(
    "words",
    [
        "not now, he took all his pills and he is blue",
        "it's a bad time he od'd",
        "can't talk right now he'll kill me",
        "don't call right now please he's got a gun",
        "no llamen ahora, mi marido me va a matar",
        "agora não, ele está me batendo",
        "pa kounye a, l ap bat mwen",
    ],
)
def test_who_is_in_danger_puts_off_nothing(world: World, words: str) -> None:
    """An emergency stays one, in whatever words it is put off."""
    asks_for_a_call(world)
    writes(world.mia, words)
    assert thread_of(world).state == ContactState.TEXT_EMERGENCY


# --- STATUS ----------------------------------------------------------------------------------------------------


def test_the_status_is_told_as_it_is(world: World) -> None:
    """Being rung for, taken by somebody, being called; and nothing that isn't so."""
    assert writes(world.mia, "status") == (
        "Care Line: No call is planned. To get a call, reply 2. In danger now? Call 911."
    )
    writes(world.mia, "2", "4")
    world.until(lambda: world.ana.rings)
    assert (writes(world.mia, "STATUS") or "").startswith(FINDING)
    world.ana.answers().presses("1")
    world.until(lambda: world.mia.rings)
    assert (writes(world.mia, "any update?") or "").startswith(
        "Care Line: We are calling you now, from 617-555"
    )
    assert the_callback(world).callback.status is CallbackStatus.CALLING


@pytest.mark.parametrize("sign", ["😢", "💔", "...", "😭😭"])
def test_a_sign_that_no_menu_knows_is_read_by_a_person_and_told_how_the_call_stands(
    world: World, sign: str
) -> None:
    """They are no stranger who is to choose; what they write on meanwhile is answered by nobody."""
    asks_for_a_call(world)
    assert (writes(world.mia, sign) or "").startswith((IN_LINE, FINDING))
    assert len(world.board().threads) == 1
    assert writes(world.mia, sign + sign) is None
    assert (writes(world.mia, "status") or "").startswith((IN_LINE, FINDING))


def test_who_asked_by_telephone_and_sends_a_sign_is_told_that_a_person_reads_it(world: World) -> None:
    """Nothing is written of a call before they have said that texting is safe; "?" asks how it stands."""
    world.phones(Behaviour.OFF, world.ana, world.ben, world.sue)
    world.mia.calls().presses("2").hears("A coordinator will call you back", within=90)
    world.mia.hangs_up()
    assert "Is it safe to call here? Reply 4 yes, 5 no." in (writes(world.mia, "???") or "")
    assert not world.board().threads
    assert (writes(world.mia, "😢") or "").startswith(UNSURE)
    assert len(world.board().threads) == 1


@pytest.mark.parametrize("sign", ["👍", "❤️", "👍🏽 ❤"])
def test_a_thumb_or_a_heart_thanks_and_needs_no_answer(world: World, sign: str) -> None:
    """Nobody is asked to read it, and they stay in line."""
    asks_for_a_call(world)
    assert writes(world.mia, sign) is None
    assert not world.board().threads
    assert the_callback(world).callback.is_open


def test_minutes_are_counted_down_and_never_told_past_the_promise(world: World) -> None:
    """Fifteen, then fewer, then an apology; each true when it is sent."""
    world.phones(Behaviour.OFF, *world.staff)
    writes(world.mia, "2", "4")
    told = writes(world.mia, "how long") or ""
    assert told.startswith((IN_LINE, FINDING))
    world.passes(minutes=16)
    late = writes(world.mia, "how much longer") or ""
    assert late.startswith(("Care Line: You are still in line. We are late, and sorry.", FINDING))
    assert "within" not in late


def test_who_asked_by_telephone_is_told_nothing_before_they_say_that_texting_is_safe(world: World) -> None:
    """The neutral question first; a yes is the same callback, not a second one."""
    world.phones(Behaviour.OFF, world.ana, world.ben, world.sue)
    world.mia.calls().presses("2").hears("A coordinator will call you back", within=90)
    world.mia.hangs_up()
    assert "Is it safe to call here? Reply 4 yes, 5 no." in (writes(world.mia, "status") or "")
    assert (writes(world.mia, "4") or "").startswith((IN_LINE, FINDING))
    assert the_callback(world).callback.text_safe


def test_who_says_that_it_is_not_safe_is_not_rung_at_once(world: World) -> None:
    """The call that they asked for by telephone waits, and a person finds out what is safe."""
    world.phones(Behaviour.OFF, world.ana, world.ben, world.sue)
    world.mia.calls().presses("2").hears("A coordinator will call you back", within=90)
    world.mia.hangs_up()
    writes(world.mia, "status", "5")
    assert due_in(world) > timedelta(minutes=50)
    world.ana.reads("A text needs a person")
    assert the_callback(world).callback.is_open


# --- LATER -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "told", "after"),
    [
        ("6pm", "today at 6:00 PM EST", 3),
        ("in 2 hours", "today at 5:00 PM EST", 2),
        ("tmrw 9am", "tomorrow at 9:00 AM EST", 18),
        ("tonight", "today at 5:00 PM EST", 2),
        ("saturday at 10", "March 7 at 10:00 AM EST", 115),
    ],
)
def test_later_asks_when_and_keeps_to_it(world: World, words: str, told: str, after: int) -> None:
    """No staff phone rings meanwhile; at the time that was told they do."""
    asks_for_a_call(world)
    assert (writes(world.mia, "later") or "").startswith(ASK_WHEN)
    assert (writes(world.mia, words) or "").startswith(f"Care Line: We will call you {told} or soon after")
    assert abs(due_in(world) - timedelta(hours=after)) < timedelta(minutes=1)
    assert told in (writes(world.mia, "status") or "")


def test_a_time_may_come_with_the_wish(world: World) -> None:
    """ "Call me tomorrow at 9" needs no question."""
    asks_for_a_call(world)
    assert "tomorrow at 9:00 AM EST" in (writes(world.mia, "can you call me tomorrow at 9") or "")
    world.phones(Behaviour.RINGS, world.ana)
    world.passes(minutes=5)
    assert not world.ana.rings


def test_later_at_night_is_the_next_day_unless_the_night_is_named(building: Building) -> None:
    """By the caller's own clock."""
    world = building(now=NIGHT)
    asks_for_a_call(world)
    writes(world.mia, "later")
    assert "tomorrow at 8:00 AM EST" in (writes(world.mia, "in the morning") or "")
    assert "today at 11:45 PM EST" in (writes(world.mia, "at 11:45 pm") or "")


def test_who_names_no_time_is_called_after_a_while(world: World) -> None:
    """The question isn't asked twice, and its late answer is nothing; the call comes all the same."""
    asks_for_a_call(world)
    writes(world.mia, "later")
    assert due_in(world) > timedelta(minutes=55)
    world.passes(minutes=12)
    assert thread_of(world).state == ContactState.TEXT_WAITING
    assert len(answers_to(world.mia)) == 3
    world.phones(Behaviour.RINGS, world.ana)
    world.passes(minutes=50)
    world.ana.answers(within=60).hears("A call back is due")


def test_a_time_that_isn_t_understood_is_read_by_a_person(world: World) -> None:
    """And they stay in line meanwhile."""
    asks_for_a_call(world)
    writes(world.mia, "later")
    assert (writes(world.mia, "whenever my landlord has left") or "").startswith(UNSURE)
    world.ana.reads("A text needs a person")
    assert the_callback(world).callback.is_open


# --- NOW -------------------------------------------------------------------------------------------------------


def test_now_is_now_even_at_night(world: World) -> None:
    """Whoever had put it off is in line again, within the promise, and is rung."""
    asks_for_a_call(world)
    writes(world.mia, "later", "tomorrow 9am")
    assert (writes(world.mia, "NOW") or "").startswith(IN_LINE)
    assert the_callback(world).callback.wanted_now
    world.phones(Behaviour.RINGS, world.ana)
    world.ana.answers(within=90).presses("1")
    world.mia.answers(within=30).presses("1").meets(world.ana)


def test_nobody_was_reached_and_now_brings_the_call_again(world: World) -> None:
    """After an attempt the status says when it comes again; NOW doesn't wait for it."""
    writes(world.mia, "2", "4")
    world.phones(Behaviour.OFF, world.mia)
    world.ana.answers(within=30).presses("1")
    world.until(lambda: the_callback(world).callback.attempts == 1)
    world.until(lambda: the_callback(world).callback.due_at is not None, 60)
    world.ana.leaves()
    world.passes(5)
    world.phones(Behaviour.RINGS, world.mia)
    assert "We will call you today at" in (writes(world.mia, "status") or "")
    assert (writes(world.mia, "call me now") or "").startswith(IN_LINE)
    world.ana.answers(within=90).presses("1")
    world.mia.answers(within=30).presses("1").meets(world.ana)


# --- CANCEL ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", ["cancel my call", "never mind", "don't call me", "no me llamen", "anile apel la"]
)
def test_a_call_is_given_up_after_one_question(world: World, words: str) -> None:
    """4, and it is closed as declined by the caller; nobody rings there any more, and texts go on."""
    asks_for_a_call(world)
    assert (writes(world.mia, words) or "").startswith(ASK_CANCEL)
    assert the_callback(world).callback.is_open
    assert (writes(world.mia, "4") or "").startswith("Care Line: OK, we will not call you.")
    assert the_callback(world).callback.outcome is Outcome.DECLINED
    world.phones(Behaviour.RINGS, world.ana, world.ben)
    world.passes(minutes=3)
    assert world.calls_to(MIA) == []
    assert (writes(world.mia, "2") or "").startswith("Care Line: We can help.")


@pytest.mark.parametrize("words", ["5", "no", "ok", "hello?", "thanks"])
def test_anything_but_yes_keeps_the_call(world: World, words: str) -> None:
    """A misread word costs nobody their place."""
    asks_for_a_call(world)
    writes(world.mia, "cancel my call", words)
    assert the_callback(world).callback.is_open


def test_a_yes_that_comes_much_later_cancels_nothing(world: World) -> None:
    """By then it answers something else."""
    asks_for_a_call(world)
    writes(world.mia, "never mind")
    world.passes(minutes=12)
    writes(world.mia, "yes")
    assert the_callback(world).callback.is_open


def test_bare_cancel_is_the_carriers_and_ends_texts_not_the_call(world: World) -> None:
    """It blocks our texts by itself; the call that was asked for still comes."""
    asks_for_a_call(world)
    assert writes(world.mia, "CANCEL") is None
    assert the_callback(world).callback.is_open
    (owed,) = callbacks_of(world)
    assert owed.callback.outcome is None


def test_who_has_opted_out_may_still_say_when(world: World) -> None:
    """Their wish is carried out, though no text can confirm it; a question that can't reach them is a person's."""
    asks_for_a_call(world)
    writes(world.mia, "STOP")
    assert writes(world.mia, "call me tomorrow at 9") is None
    assert due_in(world) > timedelta(hours=17)
    assert writes(world.mia, "never mind") is None
    world.ana.reads("A text needs a person")
    assert the_callback(world).callback.is_open
