"""The language that is written in: changed to only where it is clear."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.model import Language
from hotline.triage.texts.language_of import language_of

EN, ES, PT, HT = Language
DATA = Path(__file__).parents[1] / "data"
CHAT = Path(__file__).parents[3] / "shared" / "reference" / "chat"


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("my son wont wake up please help", EN),
        ("i want to stop using, where do i begin", EN),
        ("mi hijo no despierta", ES),
        ("necesito ayuda con el alcohol", ES),
        ("no le veo sentido a seguir viviendo", ES),
        ("¿quién es?", ES),
        ("meu irmão não acorda", PT),
        ("quero parar de beber, vocês podem me ajudar?", PT),
        ("pitit mwen pa reveye", HT),
        ("mwen bezwen èd pou m sispann bwè", HT),
        ("AYUDA", ES),
        ("ajuda", PT),
        ("Èd", HT),
        ("hola", ES),
        ("oi", PT),
        ("bonjou", HT),
        ("gracias", ES),
        ("cuando me llaman", ES),
        ("a que hora me llaman", ES),
        ("quando vao me ligar", PT),
        ("kile yap rele m", HT),
        ("when are you calling me", EN),
    ],
)
def test_the_language_of_plain_words_is_known(words: str, language: Language) -> None:
    assert language_of(words, tuple(Language)) is language


@pytest.mark.parametrize(
    "words", ["", "2", "STOP", "START", "help", "INFO", "ok", "no", "👍", "911", "Maria", "???"]
)
def test_what_belongs_to_no_language_changes_nothing(words: str) -> None:
    """The carriers' keywords are told to everybody in English."""
    assert language_of(words, tuple(Language)) is None


def test_a_language_that_the_line_doesn_t_speak_is_not_changed_to() -> None:
    """Nor is its neighbour taken for it."""
    for spoken in ((EN,), (EN, ES), (EN, HT)):
        assert language_of("meu irmão não acorda, preciso de ajuda agora", spoken) is None
    assert language_of("mi hijo no despierta", (EN, ES)) is ES


def test_one_foreign_word_in_a_sentence_changes_nothing() -> None:
    """Somebody who speaks of their abuela writes English all the same."""
    assert language_of("my abuela has been drinking and i need help", tuple(Language)) is EN


@pytest.mark.parametrize(
    "words",
    [
        "bonjour comment allez vous",
        "ciao come stai",
        "je ne sais pas quoi faire",
        "wie geht es dir",
        "asdkj qwe zxc",
    ],
)
def test_other_languages_are_none_of_ours(words: str) -> None:
    """They are answered as before, and not in whichever of ours is nearest."""
    assert language_of(words, tuple(Language)) is None


@pytest.mark.parametrize(("language", "found"), [(EN, 0.85), (ES, 0.9), (PT, 0.88), (HT, 0.9)])
def test_most_messages_are_answered_in_their_language(language: Language, found: float) -> None:
    """Of messages that nothing was learned from, and none of them in another's."""
    messages = [json.loads(line)["text"] for line in (DATA / f"urgency-heldout-{language}.jsonl").open()]
    read = Counter(language_of(words, tuple(Language)) for words in messages)
    assert read[language] >= found * len(messages)
    assert read[language] + read[None] == len(messages)


@pytest.mark.parametrize(("language", "found"), [(EN, 0.85), (ES, 0.8), (PT, 0.75), (HT, 0.95)])
def test_ordinary_talk_is_answered_in_its_language(language: Language, found: float) -> None:
    """Real and human-written texts, where they are at hand; one in a hundred may be another's, as some are."""
    talk = CHAT / f"{language}.jsonl"
    if not talk.exists():
        pytest.skip("no ordinary talk here")
    messages = [json.loads(line)["text"] for line in talk.read_text(encoding="utf-8").splitlines()[::7]]
    read = Counter(language_of(words, tuple(Language)) for words in messages)
    assert read[language] >= found * len(messages)
    assert len(messages) - read[language] - read[None] <= 0.01 * len(messages)


@given(st.text(max_size=300))
def test_any_text_has_a_language_or_none(words: str) -> None:
    """Never an error, and the same again."""
    found = language_of(words, tuple(Language))
    assert found is None or found in Language
    assert language_of(words, tuple(Language)) is found
