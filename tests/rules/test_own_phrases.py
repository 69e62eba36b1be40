"""A centre's own phrases: what they add to the reading, and what they can never take from it."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.model import Channel, Language, PhoneNumber, Subject
from hotline.phrases import NONE, Phrase, Phrases, folded, of_several_words, phrase
from hotline.triage import flow
from hotline.triage.caller_events import Author, Said, Texted
from hotline.triage.contact import Contact, ContactState
from hotline.triage.facts import Facts
from hotline.triage.reading.own_phrases import standing, without
from hotline.triage.taught import read_for
from hotline.triage.texts import text
from hotline.triage.turn import Reach, Turn
from hotline.triage.urgency import Label, classify

PAGES = Phrases(must_page=(Phrase("code purple"), Phrase("código morado", Language.ES)))
DATA = Path(__file__).parents[1] / "data"


def hinted(language: Language) -> list[str]:
    """Invented messages that page by nothing but a hint with a score; some, whatever the lexicons hold today."""
    found: list[str] = []
    for line in (
        (DATA / f"urgency-taught-{language.value}.jsonl").read_text(encoding="utf-8").splitlines()[::7]
    ):
        words = json.loads(line)["text"]
        reading = classify(words, language)
        if reading.urgent and not reading.named:
            found.append(words)
        if len(found) == 8:
            break
    return found


@pytest.mark.parametrize(
    "words",
    [
        "code purple",
        "CODE  Purple!! at the front desk",
        "hi, its me. we have a còde purple 😬 here",
    ],
)
def test_a_phrase_that_must_page_pages_however_it_is_typed(words: str) -> None:
    """As a witness that can be named, so within a talk with a coordinator too."""
    reading = read_for(PAGES, words, Language.EN)
    assert (reading.label, reading.named) == (Label.EMERGENCY, True)
    assert reading.reason == "the centre's own phrase: “code purple”"


@pytest.mark.parametrize("words", ["codes purple", "code. purple", "purple code", "encode purpled things"])
def test_only_whole_words_in_a_row_within_a_sentence_are_the_phrase(words: str) -> None:
    assert not standing(PAGES.must_page, words, Language.EN)


def test_a_phrase_of_one_language_counts_in_that_language() -> None:
    """Of the thread, or of the words themselves."""
    assert standing(PAGES.must_page, "codigo morado", Language.ES)
    assert standing(PAGES.must_page, "hay un codigo morado aqui en la sala", Language.EN)
    assert not standing(PAGES.must_page, "they call it codigo morado in the book that i read", Language.EN)


@pytest.mark.parametrize("language", [Language.EN, Language.ES])
def test_a_phrase_that_must_never_page_turns_a_hint_into_a_question_to_a_person(language: Language) -> None:
    """And says which phrase it was, and what would have been."""
    found = hinted(language)
    assert found
    for words in found:
        whole = " ".join(folded(words))
        reading = read_for(Phrases(must_never_page=(Phrase(whole),)), words, language)
        if standing((Phrase(whole),), words, language):
            assert reading.label is Label.ASK
            assert reading.reason.startswith("the centre's phrase “")
            assert classify(words, language).reason in reading.reason


def test_a_hint_elsewhere_in_the_message_pages_as_ever() -> None:
    """The phrase excuses its own words, and no others."""
    words = "see you at the tea room. my kid is blue and cold and I am scared"
    before = classify(words, Language.EN)
    assert before.urgent
    assert read_for(Phrases(must_never_page=(Phrase("tea room"),)), words, Language.EN) == before


@pytest.mark.parametrize(
    "words",
    [
        "he is not breathing",
        "she overdosed just now",
        "i want to kill myself tonight",
        "no respira mi hermano",
        "ele nao esta respirando",
        "li pa ka respire",
        "emergency",
    ],
)
def test_no_phrase_silences_what_is_named(words: str) -> None:
    """Not even the message itself."""
    before = classify(words)
    assert before.urgent
    assert before.named
    phrases = Phrases(must_never_page=(Phrase(words), Phrase(" ".join(words.split()[:2])), Phrase("is not")))
    assert read_for(phrases, words) == before


@given(words=st.text(max_size=80), own=st.text(max_size=30), never=st.text(max_size=30))
def test_phrases_never_lower_a_reading_below_a_person(words: str, own: str, never: str) -> None:
    """Whatever they are and whatever is written: urgent stays urgent, or a person reads it at once."""
    before = classify(words)
    after = read_for(Phrases((Phrase(own),), (Phrase(never),)), words)
    if before.urgent:
        assert after.urgent or (after.label is Label.ASK and not before.named)
    elif not after.urgent:
        assert after == before


@pytest.mark.parametrize("words", ["STOP", "1", "stop all", "Liked “code purple at the desk”"])
def test_keywords_and_reactions_are_nobodys_phrase(words: str) -> None:
    """They are read as they always were."""
    own = Phrases(must_page=(Phrase("stop all"), Phrase("stop"), Phrase("1"), Phrase("code purple")))
    expected = classify(words, Language.EN)
    assert read_for(own, words, Language.EN) == expected or words == "stop all"
    assert read_for(own, "Liked “code purple at the desk”", Language.EN).label is Label.OTHER


def test_without_phrases_nothing_changes() -> None:
    assert read_for(NONE, "code purple at the desk") == classify("code purple at the desk")


def test_the_rest_of_a_message_keeps_its_sentences() -> None:
    """So that words which the phrase had parted don't come to mean something together."""
    assert (
        without((Phrase("tea room"),), "See you, tea room. Not breathing well")
        == "see you. not breathing well"
    )


# --- in the flow ---------------------------------------------------------------------------------------------------

THREAD = Contact(
    Channel.TEXT, ContactState.TEXT_WITH_PERSON, caller=PhoneNumber("+16175550142"), language=Language.EN
)


def subjects(turn: Turn) -> list[Subject]:
    return [ask.subject for ask in turn.requests if isinstance(ask, Reach)]


def test_in_a_thread_that_a_coordinator_has_a_phrase_pages() -> None:
    """A text; without the phrase nothing happens, for the coordinator reads it."""
    event = Texted("we have a code purple", Author.PERSON)
    taken = Facts(thread_open=True, thread_taken=True)
    assert subjects(text.step(THREAD, event, taken)) == []
    assert subjects(text.step(THREAD, event, replace(taken, phrases=PAGES))) == [Subject.EMERGENCY]


def test_a_phrase_pages_on_a_call_when_it_was_heard_well() -> None:
    """And not when the recogniser was unsure, nor on a call of ours before the person is proven."""
    call = Contact(Channel.VOICE, ContactState.MENU, language=Language.EN)
    facts = Facts(phrases=PAGES)
    assert subjects(flow.step(call, Said("code purple", 0.9), facts)) == [Subject.EMERGENCY]
    assert Subject.EMERGENCY not in subjects(flow.step(call, Said("code purple", 0.3), facts))
    ours = replace(call, state=ContactState.ASKED_FOR_CALL, unproven=True)
    assert Subject.EMERGENCY not in subjects(flow.step(ours, Said("code purple", 0.9), facts))


def test_a_hint_that_is_held_back_on_a_call_leads_to_a_person() -> None:
    """Not to the question again."""
    words = next(one for one in hinted(Language.EN) if len(set(one) & set(".!?\n;:…")) == 0)
    call = Contact(Channel.VOICE, ContactState.MENU, language=Language.EN)
    facts = Facts(phrases=Phrases(must_never_page=(Phrase(" ".join(folded(words))),)))
    assert subjects(flow.step(call, Said(words, 0.9), Facts())) == [Subject.EMERGENCY]
    assert Subject.EMERGENCY not in subjects(flow.step(call, Said(words, 0.9), facts))
    assert flow.step(call, Said(words, 0.9), facts).contact.line is not None


# --- what is a phrase ----------------------------------------------------------------------------------------------


def test_a_phrase_may_be_of_one_language() -> None:
    """`es: ` before it; spaces around it are no part of it."""
    assert phrase(" es:  código morado ") == Phrase("código morado", Language.ES)
    assert phrase("code purple") == Phrase("code purple", None)


@pytest.mark.parametrize(
    "written", ["", "ok", "help", "es: sí", "!!!! ??", "please", "es: gracias", "x" * 81, "a\nphrase", 7]
)
def test_what_is_in_too_many_messages_is_no_phrase(written: object) -> None:
    """Too short, an everyday word alone, no words, a story."""
    with pytest.raises(ValueError, match=r"must|is a word"):
        phrase(written)


def test_one_word_holds_no_page_back() -> None:
    with pytest.raises(ValueError, match="two words at least"):
        of_several_words(Phrase("overdose"))
    assert of_several_words(Phrase("overdose day")) == Phrase("overdose day")


@pytest.mark.timed
def test_many_phrases_cost_a_message_little() -> None:
    """The most that the settings take, and the longest text at its most hostile: no more than reading it costs."""
    own = Phrases(
        tuple(Phrase(f"code purple {number} now") for number in range(200)),
        tuple(Phrase(f"blue room {number} now") for number in range(200)),
    )
    words = "code purple 7 " * 110 + "blue room 9 " * 10
    read_for(own, words)
    began = time.process_time()
    standing((*own.must_page, *own.must_never_page), words, None)
    assert time.process_time() - began < 0.02
