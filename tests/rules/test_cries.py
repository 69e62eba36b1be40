"""The table of very short messages: what is a cry whoever says it, what a person reads, what only looks like one."""

from __future__ import annotations

import time
from collections import Counter

import pytest

from hotline.model import Language
from hotline.triage.reading.cries import Cry, cry_of, rows_of, unmistakable
from hotline.triage.reading.spelling import spelt
from hotline.triage.reading.words import words_of

EN, ES, PT, HT = Language.EN, Language.ES, Language.PT, Language.HT


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (EN, "EMERGENCY"),
        (EN, "EMERGENCY CALL ME"),
        (EN, "S.O.S."),
        (EN, "🆘🆘🆘"),
        (EN, "9-1-1"),
        (EN, "988"),
        (EN, "help help he's not breathing!!"),
        (EN, "omg my son he won't wake up please hurry"),
        (EN, "I want to die"),
        (ES, "¡Auxilio! mi hijo no respira"),
        (ES, "quiero morirme"),
        (PT, "socorro ele não acorda"),
        (PT, "quero me matar"),
        (HT, "anmwe li pa respire"),
        (HT, "m pa vle viv anko"),
    ],
)
def test_a_cry_is_one_whoever_says_it(language: Language, words: str) -> None:
    """It pages even before anybody is proven, and however unsure the recogniser was."""
    assert unmistakable(words, language)


@pytest.mark.parametrize(
    "words",
    [
        "please state your name and why you are calling",
        "She's in the shower, call back in ten minutes",
        "Yeah, this is she",
        "if this is an emergency hang up and dial 911",
        "the person you are trying to reach is not available",
        "he passed away last year",
        "he's dead",
        "not an emergency",
        "I'm dying to talk to you but I'm driving",
        "stop calling me",
        "help me",
        "hello who is this",
        "",
    ],
)
def test_a_machine_a_child_or_an_aunt_cries_for_nobody(words: str) -> None:
    """What a phone's assistant or somebody else says on a call of ours is no cry, whatever words are in it."""
    assert not unmistakable(words, EN)


@pytest.mark.parametrize(
    ("language", "words", "cry"),
    [
        (EN, "help me please", Cry.PLEA),
        (ES, "ayúdenme porfa", Cry.PLEA),
        (PT, "me ajuda pfv", Cry.PLEA),
        (HT, "ede m souple", Cry.PLEA),
        (EN, "I can't do this anymore", Cry.ASK),
        (ES, "ya no puedo más", Cry.ASK),
        (PT, "não aguento mais", Cry.ASK),
        (HT, "m bouke ak lavi", Cry.ASK),
        (EN, "No response from him!!", Cry.ASK),
        (ES, "sin respuesta", Cry.ASK),
        (PT, "sem resposta", Cry.ASK),
        (HT, "pa gen repons", Cry.ASK),
        (EN, "phone died", Cry.CALM),
        (ES, "me muero de risa", Cry.CALM),
        (PT, "meu celular morreu", Cry.CALM),
        (HT, "m ap mouri grangou", Cry.CALM),
        (EN, "the meeting is at three", None),
    ],
)
def test_what_else_the_table_says(language: Language, words: str, cry: Cry | None) -> None:
    """What may be a cry a person reads; what only looks like one is calm; all else is left to the grammar."""
    assert cry_of(spelt(words_of(words), language), language) is cry


@pytest.mark.parametrize("language", list(Language))
def test_no_words_stand_under_two_headings_of_the_table(language: Language) -> None:
    """A row that another one outdoes would be corrected in vain."""
    rows = [row for cry in Cry for row in rows_of(cry, language)]
    assert [row for row, times in Counter(rows).items() if times > 1] == []


@pytest.mark.timed
def test_words_without_end_are_no_cry_and_cost_no_time() -> None:
    """A message made to be slow is only too long for the table."""
    started = time.perf_counter()
    assert not unmistakable("help " * 320, EN)
    assert time.perf_counter() - started < 1
