"""An emergency in a thread that a coordinator has: it begins and ends, and the thread stays with whoever has it."""

from __future__ import annotations

import pytest

from hotline.console.thread import timeline_words
from hotline.model import Channel, EscalationId, StaffId, Subject
from hotline.operations.console import coordinator, reopening
from hotline.operations.staff.responder import Assigned, TakenByOther
from hotline.operations.texts import threads
from hotline.operations.texts.threads import Thread
from hotline.simulator import Attachment, Behaviour
from hotline.store.cases import contacts, pages
from hotline.triage.contact import ContactState
from tests.operations.texting import UNSURE, code_of, confirms, takes, thread_of, writes
from tests.stories.records import emergencies, the_emergency
from tests.stories.world import ANA, CLEO, World

QUESTION = "is it the green building"


@pytest.fixture
def taken(world: World) -> World:
    """Ana has Mia's thread, and Cleo the emergency that Mia's 1 has begun in it."""
    assert (writes(world.mia, QUESTION) or "").startswith(UNSURE)
    (waiting,) = world.board().threads
    assert accepts(world, waiting.escalation, ANA) == Assigned()
    assert (writes(world.mia, "1") or "").startswith("Call 911 now.")
    takes(world.cleo, "3")
    return world


def accepts(world: World, escalation: EscalationId, who: str) -> object:
    by = world.staff_id(who)
    return world.change(lambda transaction: coordinator.accept(transaction, escalation, by))


def closes(world: World, escalation: EscalationId, who: str) -> None:
    by = world.staff_id(who)
    world.change(lambda transaction: coordinator.close(transaction, escalation, by))
    world.passes(3)


def ends(world: World) -> EscalationId:
    """Cleo closes the emergency on the board."""
    emergency = the_emergency(world).escalation.id
    closes(world, emergency, CLEO)
    return emergency


def seen_by(world: World, who: str) -> Thread:
    contact, by = thread_of(world).id, world.staff_id(who)
    found: Thread | None = world.look(lambda transaction: threads.look(transaction, contact, by))
    assert found is not None
    return found


def test_the_thread_stays_with_whoever_has_it(taken: World) -> None:
    """What they write next stands in it, the menu keeps quiet, and Ana can answer."""
    before = thread_of(taken).id
    ends(taken)
    assert writes(taken.mia, "thanks, and the address?") is None
    assert writes(taken.mia, "2") is None
    row = thread_of(taken)
    assert (row.id, row.ended_at, row.state) == (before, None, ContactState.TEXT_WITH_PERSON)
    (shown,) = taken.board().threads
    assert (shown.contact, shown.accepted_by, shown.mine) == (before, "Ana Lima", True)
    thread = seen_by(taken, ANA)
    assert thread.mine is not None
    assert not thread.ended
    contact, by = before, taken.staff_id(ANA)
    taken.change(lambda transaction: threads.write(transaction, contact, "12 Elm St.", by, "k1", sure=True))
    taken.mia.reads("12 Elm St.")


def test_whoever_has_the_thread_is_told_of_what_they_write_next(taken: World) -> None:
    """As before the emergency; the clinician, who has closed it, isn't."""
    ends(taken)
    contact, by = thread_of(taken).id, taken.staff_id(ANA)
    taken.change(lambda transaction: threads.write(transaction, contact, "12 Elm St.", by, "k1", sure=True))
    taken.passes(minutes=2)
    ana, cleo = len(taken.texts_to(ANA)), len(taken.texts_to(CLEO))
    writes(taken.mia, "and the address?")
    assert len(taken.texts_to(ANA)) == ana + 1
    assert len(taken.texts_to(CLEO)) == cleo


def test_the_emergency_stands_under_lately_closed_beside_the_open_thread(taken: World) -> None:
    """And can be opened again there; what is open again stands there no more."""
    emergency = ends(taken)
    (closed,) = taken.board(CLEO).closed
    assert (closed.escalation, closed.subject, closed.channel, closed.owner, closed.mine) == (
        emergency,
        Subject.EMERGENCY,
        Channel.TEXT,
        "Cleo Park",
        True,
    )
    reopened = reopens(taken, emergency, CLEO)
    assert reopened == reopening.Reopened(thread_of(taken).id)
    assert taken.board(CLEO).closed == ()
    assert the_emergency(taken).escalation.accepted_by == taken.staff_id(CLEO)
    (shown,) = taken.board().threads
    assert shown.accepted_by == "Ana Lima"
    closes(taken, the_emergency(taken).escalation.id, CLEO)
    assert seen_by(taken, ANA).mine is not None
    assert writes(taken.mia, "2") is None


def reopens(world: World, escalation: EscalationId, who: str) -> object:
    by: StaffId = world.staff_id(who)
    return world.change(lambda transaction: reopening.reopen(transaction, escalation, by))


def test_a_thread_that_waits_for_somebody_waits_on(world: World) -> None:
    """Nobody had it yet: it is still to be read."""
    writes(world.mia, QUESTION)
    writes(world.mia, "1")
    takes(world.cleo, "3")
    ends(world)
    (waiting,) = world.board().threads
    assert waiting.accepted_by is None
    assert writes(world.mia, QUESTION + "?") is None
    assert len(world.board().threads) == 1
    assert thread_of(world).state == ContactState.TEXT_WITH_PERSON


def test_the_thread_is_closed_first_and_the_emergency_then(taken: World) -> None:
    """Both stand under what was closed lately, and nothing is open."""
    (thread,) = taken.board().threads
    closes(taken, thread.escalation, ANA)
    assert emergencies(taken) != []
    ends(taken)
    assert [one.subject for one in taken.board(CLEO).closed] == [Subject.EMERGENCY, Subject.THREAD]
    assert taken.board().threads == ()
    assert (writes(taken.mia, "hello") or "").startswith("Care Line: Reply 1 emergency")


def test_what_is_said_by_text_closes_no_more_than_on_the_board(taken: World) -> None:
    """DONE and a key: the emergency is over, and Ana's thread isn't."""
    confirms(taken.cleo, f"DONE {code_of(taken.cleo)}")
    assert emergencies(taken) == []
    assert seen_by(taken, ANA).mine is not None
    told = [line.words for line in timeline_words.lines(seen_by(taken, ANA).happened)]
    assert "The emergency was closed" in told


def test_a_callback_of_whoever_is_in_an_emergency_by_text_waits_for_that(world: World) -> None:
    """They asked for a call, and then wrote of danger: no coordinator rings them beside whoever has the emergency."""
    world.phones(Behaviour.OFF, world.ben, world.sue, world.dev, world.eva)
    world.mia.texts("2").reads("Is it safe")
    world.phones(Behaviour.OFF, world.ana)
    world.mia.texts("4").reads("You are in line")
    world.mia.texts("i took too much and my chest hurts").reads("Call 911 now")
    takes(world.cleo, "3")
    world.phones(Behaviour.RINGS, world.ana)
    world.passes(minutes=6)
    assert world.ana.phone.heard == []
    (card,) = world.board().callbacks
    assert card.after_emergency
    assert card.text_safe, "they have said so, and the call because of the danger asked them nothing"
    closes(world, the_emergency_only(world), CLEO)
    world.ana.answers(within=90).hears("A call back is due")


@pytest.mark.parametrize("key", ["2", "3", "0"])
def test_who_calls_in_an_emergency_by_text_that_somebody_has_is_spoken_to_and_put_through(
    world: World, key: str
) -> None:
    """Whatever they press. Whoever has it is rung, for a caller and not for a text; the caller's own leg rings
    everybody only after a minute of this call."""
    writes(world.mia, "he is not breathing")
    takes(world.cleo, "3")
    world.passes(minutes=2)
    world.mia.calls().hears("won't wake up").presses(key).hears("Put the phone on speaker", within=3)
    world.passes(20)
    assert not world.ana.rings
    world.cleo.answers().hears("Press 1 to connect").presses("1").meets(world.mia)


def the_emergency_only(world: World) -> EscalationId:
    (one,) = [row for row in emergencies(world) if row.escalation.subject is Subject.EMERGENCY]
    return one.escalation.id


# --- a text that nobody has ----------------------------------------------------------------------------------------


def test_no_phone_rings_for_a_text_whose_emergency_somebody_has(world: World) -> None:
    """Ana's and Ben's phones ring for Mia's question; then she writes of danger. The text is with whoever has that:
    their phones fall silent, no card stands beside the emergency's, and a late 1 by text and a press on an old board
    take nothing."""
    writes(world.mia, QUESTION)
    world.until(lambda: world.ana.rings and world.ben.rings, within=200)
    world.ana.answers().hears("Press 1")
    (waiting,) = world.board().threads
    code = code_of(world.ben)
    writes(world.mia, "my sister is turning blue")
    world.until(lambda: not world.ben.rings, within=12)
    world.ana.hears("not waiting any more")
    assert world.board().threads == ()
    takes(world.cleo, "3")
    world.passes(10)
    assert "not waiting any more" in (writes(world.ben, code) or "")
    assert accepts(world, waiting.escalation, ANA) == TakenByOther(world.staff_id(CLEO))
    assert seen_by(world, ANA).waiting is None
    paged = pages_of(world, waiting.escalation)
    world.passes(minutes=20)
    assert pages_of(world, waiting.escalation) == paged


def pages_of(world: World, escalation: EscalationId) -> int:
    """How many pages there were for it."""
    return len(world.look(lambda transaction: pages.of_escalation(transaction.tx, escalation)))


def test_what_is_unanswered_then_is_rung_for_again(world: World) -> None:
    """Nobody has written to her: when the emergency ends, her question is before all of them, as it was first."""
    writes(world.mia, QUESTION)
    world.until(lambda: world.ana.rings, within=200)
    writes(world.mia, "my sister is turning blue")
    takes(world.cleo, "3")
    world.passes(20)
    told = len(world.texts_to(ANA))
    ends(world)
    assert len(world.texts_to(ANA)) > told
    world.ana.answers(within=200).presses("1")
    world.passes(5)
    (shown,) = world.board().threads
    assert shown.accepted_by == "Ana Lima"


def test_what_whoever_had_the_emergency_has_answered_is_closed_with_it(world: World) -> None:
    """Cleo has read all of it and written last: nobody is rung."""
    writes(world.mia, QUESTION)
    writes(world.mia, "my sister is turning blue")
    takes(world.cleo, "3")
    contact, by = thread_of(world).id, world.staff_id(CLEO)
    world.change(lambda transaction: threads.write(transaction, contact, "Is she breathing?", by, "k1"))
    world.passes(5)
    ends(world)
    assert world.board().threads == ()
    over = world.look(lambda transaction: contacts.get(transaction.tx, contact))
    assert over.ended_at is not None


def test_an_answer_that_did_not_arrive_is_none(world: World) -> None:
    """What Cleo wrote was lost on its way: nobody has answered her, and her text is rung for again."""
    writes(world.mia, QUESTION)
    writes(world.mia, "my sister is turning blue")
    takes(world.cleo, "3")
    contact, by = thread_of(world).id, world.staff_id(CLEO)
    world.mia.phone.sms = "undelivered:30005"
    world.change(lambda transaction: threads.write(transaction, contact, "Is she breathing?", by, "k1"))
    world.passes(10)
    ends(world)
    (shown,) = world.board().threads
    assert shown.accepted_by is None


def test_a_picture_in_an_emergency_is_read_by_whoever_has_it(world: World) -> None:
    """No coordinator is rung for it."""
    writes(world.mia, "my sister is turning blue")
    takes(world.cleo, "3")
    world.passes(5)
    world.mia.texts("", media=[Attachment("image/jpeg", b"\xff\xd8\xff")])
    world.passes(minutes=4)
    assert world.board().threads == ()
    assert world.calls_to(ANA) == []
