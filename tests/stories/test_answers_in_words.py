"""Pages are answered by text in the words that people use; what says something else takes nothing."""

from __future__ import annotations

import pytest

from hotline.model import PhoneNumber, StaffId
from hotline.operations.by_text import staff_phone
from hotline.operations.conversation.caller import IncomingText
from hotline.operations.staff.dialled_in import LATE
from hotline.operations.transaction import Transaction
from hotline.prompts.word_lists import all_words
from hotline.store.cases import pages
from hotline.store.cases.pages import PageRow, PageState
from hotline.triage.texts.staff_replies import Verb
from tests.operations.texting import UNCLEAR, answers_to, code_of, confirms, takes, writes
from tests.stories.records import emergencies
from tests.stories.world import ANA, CLEO, LINE, World


@pytest.fixture
def paged(world: World) -> World:
    """A text waits for a person, and Ana and Ben are asked."""
    writes(world.mia, UNCLEAR)
    world.ana.reads("A text needs a person")
    return world


def test_on_it_takes_it_as_a_key_on_the_phone_proves(paged: World) -> None:
    """Until then it is nobody's."""
    assert "your phone rings now" in (writes(paged.ana, "I'll take it") or "")
    assert paged.board().threads[0].accepted_by is None
    paged.ana.answers().presses("1")
    assert paged.board().threads[0].accepted_by == "Ana Lima"


@pytest.mark.parametrize("words", ["voy {code}", "OK, got it! #{code}", "👍 {code}"])
def test_a_code_may_stand_beside_them(paged: World, words: str) -> None:
    assert "your phone rings now" in (writes(paged.ana, words.format(code=code_of(paged.ana))) or "")


def test_who_cant_is_passed_over_at_once(paged: World) -> None:
    """And the others are asked on."""
    assert "passed on" in (writes(paged.ana, "Sorry, can't") or "")
    assert "your phone rings now" in (writes(paged.ben, "sí") or "")


@pytest.mark.parametrize("words", ["yes but I can't", "on it tomorrow", "got it?", "ok no", "thanks"])
def test_what_says_something_else_takes_nothing(paged: World, words: str) -> None:
    """They are told which code waits."""
    assert "waiting for you" in (writes(paged.ana, words) or "")
    assert not paged.ana.rings


@pytest.fixture
def two_at_once(world: World) -> World:
    """Cleo has Mia's emergency, and another one waits on her screen."""
    writes(world.mia, "me quiero morir")
    takes(world.cleo, "3")
    world.passes(25)
    before = code_of(world.cleo)
    writes(world.person("+16175550143"), "my son won't wake up")
    world.until(lambda: code_of(world.cleo) != before, within=30)
    return world


@pytest.mark.parametrize("words", ["no puedo", "can't", "2", "👎", "m pa kapab", "não posso"])
def test_who_has_one_emergency_and_cant_take_another_says_it_in_any_words(
    two_at_once: World, words: str
) -> None:
    """It is passed on as by a 2, and never offered to, or read by, the caller of theirs."""
    before = answers_to(two_at_once.mia)
    waits = code_of(two_at_once.cleo)
    assert writes(two_at_once.cleo, words) == f"Hotline: {waits} has been passed on. Thank you."
    assert two_at_once.staff_id(CLEO) in _declined(two_at_once)
    assert answers_to(two_at_once.mia) == before


@pytest.mark.parametrize("words", ["voy", "on it", "wi", "yes"])
def test_who_has_one_emergency_takes_another_in_any_words(two_at_once: World, words: str) -> None:
    """As by a 1: it is theirs by the key on their phone."""
    waits = code_of(two_at_once.cleo)
    told = writes(two_at_once.cleo, words) or ""
    assert told.startswith(f"Hotline: {waits}: your phone ")
    assert "caller" not in told


def test_every_word_for_1_and_2_is_about_what_waits(two_at_once: World) -> None:
    """In every language, one after the other: none is offered to the caller, or read by them."""
    before = answers_to(two_at_once.mia)
    person = two_at_once.staff_id(CLEO)
    sender = PhoneNumber(two_at_once.cleo.phone.number)

    def answered(transaction: Transaction) -> list[str]:
        said: list[str] = []
        for verb in (Verb.TAKE, Verb.DECLINE):
            for words in dict.fromkeys(all_words("staff_replies", verb.value)):
                text = IncomingText(sid=f"SM{len(said)}", sender=sender, ours=LINE, body=words)
                said.append(staff_phone.answer(transaction, person, text) or words)
        return said

    told = two_at_once.change(answered)
    assert len(told) > 200
    assert [one for one in told if "aller" in one or "Hotline: " not in one] == []
    assert answers_to(two_at_once.mia) == before


def test_the_code_of_ones_own_makes_it_words_for_the_caller(two_at_once: World) -> None:
    """ "voy" may be what Mia is to read; nobody claims anything by it."""
    mine = next(page.reference for page in _pages(two_at_once) if page.state is PageState.ACCEPTED)
    assert "your words" in (writes(two_at_once.cleo, f"{mine} voy") or "")
    assert all(row.escalation.coming == frozenset() for row in emergencies(two_at_once))


def test_who_writes_with_a_caller_is_told_that_a_no_went_to_us(world: World) -> None:
    """It may have been their answer to the caller: the way to send it is told."""
    writes(world.mia, "he is not breathing")
    mine = takes(world.cleo, "3")
    confirms(world.cleo, f"{mine} I am here")
    world.passes(25)
    writes(world.person("+16175550143"), "my son won't wake up")
    world.until(lambda: code_of(world.cleo) != mine, within=30)
    assert writes(world.cleo, "no") == (
        f"Hotline: {code_of(world.cleo)} has been passed on. Thank you. "
        f"Not sent to your caller: for that, begin with {mine}."
    )
    assert world.mia.phone.inbox[-1].body != "no"
    assert "is not waiting" not in (writes(world.cleo, "Is he on his side?") or "")
    world.mia.reads("Is he on his side?")


def test_a_cant_that_comes_late_is_about_what_a_colleague_has_taken(two_at_once: World) -> None:
    """A moment ago it waited on their screen: it isn't meant for their caller."""
    waits = code_of(two_at_once.cleo)
    takes(two_at_once.dev)
    two_at_once.cleo.reads(f"{waits} was taken by Dev")
    assert f"{waits} was taken by Dev" in (writes(two_at_once.cleo, "no puedo") or "")
    assert f"{waits} was taken by Dev" in (writes(two_at_once.cleo, "on it") or "")


def test_a_no_while_nothing_waits_is_not_offered_to_the_caller(world: World) -> None:
    """Nor sent by a YES to what was asked before it."""
    writes(world.mia, "me quiero morir")
    mine = takes(world.cleo, "3")
    assert "Send to the caller?" in (writes(world.cleo, "is it bad") or "")
    assert f"{mine} is yours. To give it to somebody else" in (writes(world.cleo, "no puedo") or "")
    assert "your words" not in (writes(world.cleo, "YES") or "")
    assert not world.mia.has_read("no puedo")


def test_a_yes_is_for_the_words_that_were_asked_about_last(two_at_once: World) -> None:
    """And takes nothing that waits: that was on their screen before."""
    assert "Send to the caller?" in (writes(two_at_once.cleo, "is somebody with you") or "")
    assert "your words" in (writes(two_at_once.cleo, "YES") or "")
    assert all(row.escalation.coming == frozenset() for row in emergencies(two_at_once))


def _pages(world: World) -> list[PageRow]:
    person = world.staff_id(CLEO)

    def theirs(transaction: Transaction) -> list[PageRow]:
        return pages.of_staff_since(transaction.tx, person, transaction.now - LATE)

    found: list[PageRow] = world.look(theirs)
    return found


def _declined(world: World) -> set[StaffId]:
    return {one.staff_id for one in _pages(world) if one.state is PageState.DECLINED}


def test_a_page_answered_by_text_after_somebody_else_accepted_it(world: World) -> None:
    """Whoever is late hears who has it, in whichever words they are; it stays where it is."""
    world.mia.calls().presses("1")
    code = code_of(world.dev)
    world.cleo.answers().presses("1").meets(world.mia)
    world.dev.reads("was taken by Cleo")
    for words in (code, f"on it {code}", f"{code} voy"):
        assert f"{code} was taken by Cleo" in (writes(world.dev, words) or "")
    assert "was taken by Cleo" in (writes(world.dev, "on it") or "")
    (row,) = emergencies(world)
    assert row.escalation.accepted_by == world.staff_id(CLEO)
    assert not world.dev.rings


def test_words_when_nothing_waits_make_nobody_a_caller_within_a_day(paged: World) -> None:
    """Ben took it: Ana's late "on it" is answered as staff's."""
    writes(paged.ben, "on it")
    paged.ben.answers().presses("1")
    paged.passes(5)
    assert "was taken by Ben" in (writes(paged.ana, "on it") or "")
    assert paged.staff_id(ANA) not in {row.escalation.accepted_by for row in emergencies(paged)}
