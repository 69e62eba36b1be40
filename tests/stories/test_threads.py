"""Texts with a person: claimed by one, answered, handed over, closed; and nothing free to a phone that isn't safe."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.model import AuditKind, Outcome, PhoneNumber, StaffId
from hotline.operations.console import coordinator, reopening
from hotline.operations.staff.responder import Acceptance, Assigned, TakenByOther
from hotline.operations.texts import threads
from hotline.operations.texts.threads import Held, NotHanded, Thread, Wrote
from hotline.operations.texts.writing import Safe
from hotline.operations.transaction import Transaction
from hotline.simulator import Behaviour
from hotline.store.cases import contacts
from hotline.store.database.periods import Period
from hotline.store.people import audit, callers
from hotline.store.reports import dispositions
from hotline.store.reports.dispositions import Disposition
from tests.operations.texting import IN_LINE, MENU, UNSURE, answers_to, confirms, takes, thread_of, writes
from tests.stories.records import emergencies, the_callback
from tests.stories.world import ANA, BEN, CLEO, LINE, MIA, SUE, World

QUESTION = "is it the green building"


def claims(world: World, who: str) -> Acceptance:
    """Whoever has this phone claims the thread on the board."""
    (thread,) = world.board().threads
    by = world.staff_id(who)
    result: Acceptance = world.change(
        lambda transaction: coordinator.accept(transaction, thread.escalation, by)
    )
    return result


def seen_by(world: World, who: str) -> Thread:
    """The newest thread with Mia, as this member of staff sees it."""
    contact, by = thread_of(world).id, world.staff_id(who)
    found: Thread | None = world.look(lambda transaction: threads.look(transaction, contact, by))
    assert found is not None
    return found


def answers(world: World, who: str, words: str, key: str = "k1", *, sure: bool = False) -> Wrote | Held:
    """They write to Mia on the console."""
    contact, by = thread_of(world).id, world.staff_id(who)
    result: Wrote | Held = world.change(
        lambda transaction: threads.write(transaction, contact, words, by, key, sure=sure)
    )
    return result


@pytest.fixture
def claimed(world: World) -> World:
    """Mia has asked something, and Ana has it."""
    assert (writes(world.mia, QUESTION) or "").startswith(UNSURE)
    assert claims(world, ANA) == Assigned()
    return world


# --- one person has it -----------------------------------------------------------------------------------------


def test_a_coordinator_answers_and_the_menu_keeps_quiet_until_the_thread_is_closed(claimed: World) -> None:
    """From the hotline's number; what comes back is theirs; afterwards the menu speaks again."""
    assert answers(claimed, ANA, "Yes, we do.") == Wrote()
    claimed.mia.reads("Yes, we do.")
    assert claimed.mia.phone.inbox[-1].from_ == LINE
    for words in ("ok and when", "2", "hi", "thanks"):
        assert writes(claimed.mia, words) is None
    thread = seen_by(claimed, ANA)
    assert [(one.body, who) for one, who in thread.said][2:] == [
        ("Yes, we do.", "Ana Lima"),
        ("ok and when", None),
        ("2", None),
        ("hi", None),
        ("thanks", None),
    ]
    mine = thread.mine
    assert mine is not None
    claimed.change(lambda transaction: coordinator.close(transaction, mine.escalation, claimed.staff_id(ANA)))
    assert (writes(claimed.mia, "hello") or "").startswith(MENU)


def test_of_two_who_claim_one_wins_and_the_other_sees_who(claimed: World) -> None:
    """And can't write."""
    assert claims(claimed, BEN) == TakenByOther(claimed.staff_id(ANA))
    assert [one.owner for one in seen_by(claimed, BEN).open] == ["Ana Lima"]
    assert answers(claimed, BEN, "Hi!") is Held.NOT_YOURS


def test_nobody_writes_before_claiming(world: World) -> None:
    """A thread that two people answer is worse than one that waits."""
    writes(world.mia, QUESTION)
    assert answers(world, ANA, "Hi!") is Held.NOT_YOURS


def test_emergency_words_still_page_while_a_coordinator_writes(claimed: World) -> None:
    """S02 at once; the coordinator sees it in the thread."""
    answers(claimed, ANA, "Yes, we do.")
    assert (writes(claimed.mia, "he is not breathing") or "").startswith("Call 911 now.")
    for clinician in claimed.clinicians:
        assert clinician.rings
    assert len(emergencies(claimed)) == 1
    assert len(seen_by(claimed, ANA).open) == 2


def test_the_same_words_sent_twice_by_a_double_click_leave_once(claimed: World) -> None:
    """The form's key says that it is the same text; another text may say the same."""
    assert answers(claimed, ANA, "Yes.", "one") == Wrote()
    assert answers(claimed, ANA, "Yes.", "one") == Wrote(again=True)
    claimed.passes(5)
    assert answers_to(claimed.mia).count("Yes.") == 1
    answers(claimed, ANA, "Yes.", "two", sure=True)
    claimed.passes(5)
    assert answers_to(claimed.mia).count("Yes.") == 2


def test_a_lost_answer_of_the_carrier_is_looked_up_before_it_is_sent_again(claimed: World) -> None:
    """It had been created; the caller reads it once."""
    claimed.sim.faults.drop_after("messages")
    answers(claimed, ANA, "Yes, we do.")
    claimed.passes(30)
    assert answers_to(claimed.mia).count("Yes, we do.") == 1
    assert seen_by(claimed, ANA).said[-1][0].status == "delivered"


@pytest.mark.parametrize(("words", "why"), [("  ", Held.EMPTY), ("x" * 1601, Held.TOO_LONG)])
def test_what_can_t_be_sent_is_not_sent(claimed: World, words: str, why: Held) -> None:
    """Nothing, and more than the carrier takes."""
    assert answers(claimed, ANA, words) is why


def test_a_long_text_is_one_text(claimed: World) -> None:
    """In parts, of which nobody sees anything."""
    answers(claimed, ANA, "x" * 1600)
    claimed.mia.reads("x" * 1600)


def test_a_thread_that_was_closed_too_soon_goes_on_where_it_stopped(claimed: World) -> None:
    """Reopened by Ben: no phone rings, Mia's words stand in the same thread, the menu says nothing to them."""
    first, mine = thread_of(claimed).id, seen_by(claimed, ANA).mine
    assert mine is not None
    claimed.change(lambda transaction: coordinator.close(transaction, mine.escalation, claimed.staff_id(ANA)))
    claimed.passes(minutes=5)
    sent = len(claimed.sim.messages) + len(claimed.sim.calls)
    ben = claimed.staff_id(BEN)
    reopened = claimed.change(lambda transaction: reopening.reopen(transaction, mine.escalation, ben))
    assert reopened == reopening.Reopened(first)
    claimed.passes(minutes=2)
    assert len(claimed.sim.messages) + len(claimed.sim.calls) == sent
    assert writes(claimed.mia, "2") is None
    assert seen_by(claimed, BEN).said[-1][0].body == "2"
    assert answers(claimed, BEN, "Here I am.") == Wrote()
    claimed.mia.reads("Here I am.")
    again = seen_by(claimed, BEN).mine
    assert again is not None
    claimed.change(lambda transaction: coordinator.close(transaction, again.escalation, ben))
    assert (writes(claimed.mia, "hello") or "").startswith(MENU)


# --- handing over ----------------------------------------------------------------------------------------------


def _hand_over(world: World, to: str, by: str) -> NotHanded | None:
    thread = seen_by(world, by)
    whose = (thread.mine or thread.open[0]).escalation
    ids = world.staff_id(to), world.staff_id(by)
    result: NotHanded | None = world.change(lambda transaction: threads.hand_over(transaction, whose, *ids))
    return result


@pytest.mark.both_databases
def test_a_thread_is_handed_over_to_a_named_colleague(claimed: World) -> None:
    """Who is asked by text; from when they take it, it is theirs, and DONE and the key close it."""
    assert claimed.staff_id(SUE) in {one for one, _ in seen_by(claimed, ANA).colleagues}
    assert _hand_over(claimed, SUE, ANA) is None
    claimed.sue.reads("Ana asks you to take over")
    assert [one.owner for one in seen_by(claimed, ANA).open] == ["Ana Lima"]
    assert answers(claimed, SUE, "Hi!") is Held.NOT_YOURS
    ref = takes(claimed.sue)
    claimed.ana.reads("Sue has taken it over")
    assert [one.owner for one in seen_by(claimed, ANA).open] == ["Sue Hall"]
    assert answers(claimed, ANA, "Hi!") is Held.NOT_YOURS
    assert answers(claimed, SUE, "Hi!") == Wrote()
    assert "Press 1 on it to close" in (confirms(claimed.sue, f"DONE {ref}") or "")
    assert not claimed.board().threads


def test_only_whoever_has_it_hands_it_over_and_only_to_somebody_on_shift(claimed: World) -> None:
    """A thread never goes to somebody who isn't there."""
    assert _hand_over(claimed, SUE, BEN) is NotHanded.NOT_YOURS
    assert _hand_over(claimed, ANA, ANA) is NotHanded.NOT_ON
    nobody = StaffId("nobody")
    mine = seen_by(claimed, ANA).mine
    assert mine is not None
    by = claimed.staff_id(ANA)
    refused = claimed.change(lambda transaction: threads.hand_over(transaction, mine.escalation, nobody, by))
    assert refused is NotHanded.NOT_ON


# --- nobody is left waiting ------------------------------------------------------------------------------------


def test_a_claimed_thread_that_nobody_answers_is_put_before_everybody_again(claimed: World) -> None:
    """A console was closed: after a quarter of an hour the others are texted anew."""
    claimed.ben.reads("was taken by Ana")
    before = len(claimed.ben.phone.inbox)
    claimed.passes(minutes=14)
    assert len(claimed.ben.phone.inbox) == before
    claimed.passes(minutes=2)
    assert "a text needs a person" in claimed.ben.last_text
    assert claims(claimed, BEN) == Assigned()


def test_a_thread_whose_caller_has_the_last_word_to_say_stays_with_its_owner(claimed: World) -> None:
    """They were answered; nobody waits for us."""
    answers(claimed, ANA, "Yes, we do.")
    claimed.passes(minutes=40)
    assert [one.mine for one in seen_by(claimed, ANA).open] == [True]


# --- whether texting is safe -----------------------------------------------------------------------------------


def test_until_they_say_so_free_words_answer_only_what_they_have_just_written(claimed: World) -> None:
    """One answer; for a second one somebody must say that it must be. That is audited."""
    assert seen_by(claimed, ANA).safe is Safe.ANSWER
    assert answers(claimed, ANA, "Yes, we do.", "one") == Wrote()
    assert seen_by(claimed, ANA).safe is Safe.UNKNOWN
    assert answers(claimed, ANA, "About your treatment", "two") is Held.UNSURE
    claimed.passes(5)
    assert not claimed.mia.has_read("About your")
    assert answers(claimed, ANA, "About your treatment", "two", sure=True) == Wrote()
    trail = claimed.look(
        lambda transaction: [
            entry.action for entry in audit.about(transaction.tx, AuditKind.CONTACT, thread_of(claimed).id)
        ]
    )
    assert trail == ["text", "text without consent"]


def test_an_hour_later_the_phone_may_be_in_other_hands(claimed: World) -> None:
    """Their own text is no longer a reason."""
    claimed.passes(minutes=16)
    assert seen_by(claimed, ANA).safe is Safe.UNKNOWN


def test_neutral_words_may_always_go(claimed: World) -> None:
    """They say nothing about anybody."""
    answers(claimed, ANA, "Yes, we do.", "one")
    neutral = seen_by(claimed, ANA).neutral
    for number, one in enumerate(neutral):
        assert answers(claimed, ANA, one.words, f"n{number}") == Wrote()
    claimed.mia.reads(neutral[-1].words)


@pytest.mark.parametrize("safe", [True, False])
def test_what_they_say_about_it_holds(claimed: World, safe: bool) -> None:
    """A coordinator who reads it in their own words writes it down; a no beats their own text of a moment ago."""
    contact, by = thread_of(claimed).id, claimed.staff_id(ANA)
    assert claimed.change(lambda transaction: threads.set_safe(transaction, contact, by, safe=safe))
    assert not claimed.change(
        lambda transaction: threads.set_safe(transaction, contact, claimed.staff_id(BEN), safe=not safe)
    )
    assert seen_by(claimed, ANA).safe is (Safe.YES if safe else Safe.NO)
    assert answers(claimed, ANA, "One", "one") == (Wrote() if safe else Held.UNSURE)
    assert answers(claimed, ANA, "Two", "two") == (Wrote() if safe else Held.UNSURE)


def test_who_said_yes_to_our_question_may_be_written_to(world: World) -> None:
    """S04 answered with 4; later something needs a person."""
    assert (writes(world.mia, "2", "4") or "").startswith(IN_LINE)
    writes(world.mia, QUESTION)
    claims(world, ANA)
    assert seen_by(world, ANA).safe is Safe.YES


def test_who_said_no_to_our_question_is_not_written_to_lightly(world: World) -> None:
    """S04 answered with 5: their own text of a moment ago doesn't change that."""
    writes(world.mia, "2", "5", QUESTION)
    claims(world, ANA)
    assert seen_by(world, ANA).safe is Safe.NO
    assert answers(world, ANA, "Yes, we do.") is Held.UNSURE


def test_who_has_opted_out_is_never_written_to(claimed: World) -> None:
    """Not even with neutral words; and what waits to leave at that moment doesn't."""
    claimed.mia.texts("STOP")
    assert seen_by(claimed, ANA).safe is Safe.OPTED_OUT
    for words in ("Hello", seen_by(claimed, ANA).neutral[0].words):
        assert answers(claimed, ANA, words, sure=True) is Held.IMPOSSIBLE


def test_a_text_that_waits_is_not_sent_after_they_have_opted_out(claimed: World) -> None:
    """It was promised a moment before."""
    contact, by = thread_of(claimed).id, claimed.staff_id(ANA)

    def both(transaction: Transaction) -> None:
        threads.write(transaction, contact, "Yes, we do.", by, "k1")
        callers.save(
            transaction.tx,
            replace(callers.get(transaction.tx, PhoneNumber(MIA)), opted_out_at=transaction.now),
        )

    claimed.change(both)
    claimed.passes(60)
    assert not claimed.mia.has_read("Yes, we do.")
    assert seen_by(claimed, ANA).said[-1][0].status == "canceled"


def test_in_danger_to_life_nobody_is_asked_whether_texting_is_safe(world: World) -> None:
    """The clinician who has accepted may write at once."""
    writes(world.mia, "he is not breathing")
    (row,) = emergencies(world)
    by = world.staff_id(CLEO)
    world.change(lambda transaction: coordinator.accept(transaction, row.escalation.id, by))
    assert seen_by(world, CLEO).safe is Safe.DANGER
    assert answers(world, CLEO, "Is he awake?", "one") == Wrote()
    assert answers(world, CLEO, "Roll him on his side.", "two") == Wrote()
    world.mia.reads("Roll him on his side.")


# --- what did not arrive ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "status"), [("undelivered:30003", "undelivered"), ("failed:30007", "failed")]
)
def test_a_text_that_does_not_arrive_says_so_and_why(claimed: World, policy: str, status: str) -> None:
    """With the carrier's code."""
    claimed.mia.phone.sms = policy
    answers(claimed, ANA, "Yes, we do.")
    claimed.passes(10)
    message = seen_by(claimed, ANA).said[-1][0]
    assert (message.status, message.error) == (status, policy.partition(":")[2])


def test_21610_is_an_opt_out_that_we_did_not_hear(claimed: World) -> None:
    """The carrier had been told STOP; from now on it is call only."""
    claimed.sim.post_office.blocked.add((MIA, LINE))
    answers(claimed, ANA, "Yes, we do.")
    claimed.passes(10)
    thread = seen_by(claimed, ANA)
    assert (thread.said[-1][0].status, thread.said[-1][0].error) == ("failed", "21610")
    assert thread.safe is Safe.OPTED_OUT


def test_a_thread_that_is_closed_without_a_word_was_no_talk(claimed: World) -> None:
    """Nobody wrote to Mia and nobody called her: it is settled, and counts as nobody reached."""
    (thread,) = claimed.board().threads
    by, contact = claimed.staff_id(ANA), thread_of(claimed).id
    claimed.change(lambda transaction: coordinator.close(transaction, thread.escalation, by))
    closed = claimed.look(lambda transaction: contacts.get(transaction.tx, contact))
    assert closed.outcome is Outcome.SETTLED
    period = Period(claimed.clock.now - timedelta(hours=1), claimed.clock.now + timedelta(hours=1))
    became = claimed.look(lambda transaction: dispositions.dispositions(transaction.tx, period))
    assert [one.disposition for one in became] == [Disposition.LEFT]


def test_a_key_after_a_persons_question_answers_none_of_ours(world: World) -> None:
    """ "4 or 5?" was the last that she read: her 4, once the thread is closed, gives up no call."""
    world.phones(Behaviour.OFF, world.ana, world.ben, world.sue)
    writes(world.mia, "2", "4")
    world.passes(5)
    assert "Do you want no call at all?" in (writes(world.mia, "cancel my call") or "")
    assert writes(world.mia, QUESTION) is not None
    claims(world, ANA)
    assert answers(world, ANA, "Yes. Is 4 or 5 better for you?") == Wrote()
    (thread,) = world.board().threads
    world.change(lambda t: coordinator.close(t, thread.escalation, world.staff_id(ANA)))
    writes(world.mia, "4")
    assert the_callback(world).callback.is_open
