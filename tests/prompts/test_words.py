"""What comes with Hotline: complete, understood, short enough, and telling nobody why we call."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from importlib import resources
from pathlib import Path

import pytest

from hotline.model import Channel, Language
from hotline.operations.answers import NAMES_STAR
from hotline.prompts import PromptMissing, load, seconds
from hotline.prompts.lengths import beyond_gsm7, placeholders, segments
from hotline.prompts.references import REFERENCES
from hotline.prompts.shipped import SECTIONS, STAFF, shipped
from hotline.settings import wording

REFERENCE: dict[str, dict[str, str]] = json.loads(Path(__file__).with_name("reference.json").read_text())
"""The reference texts by number and language: each as the beginning of its SHA-256."""
OTHERS = [language for language in Language if language is not Language.EN]
CALLERS = ("voice", "text", "suggestions", "website", "script")
CHOICE = "language_choice"
"""How a language offers itself, in itself."""
ENGLISH = shipped(Language.EN).sections
TELLING = (
    *("recover", "rehab", "addict", "detox", "clinic", "drug", "substance"),
    *("recupera", "adicci", "adict", "desintox", "clínica", "droga"),
    *("vício", "viciad", "dependên", "dependen"),
    *("adiksyon", "klinik", "dwòg", "sant tretman"),
)


def words(language: Language, section: str, key: str) -> str:
    return shipped(language).sections[section][key]


def every(language: Language) -> list[tuple[str, str, str]]:
    """All that callers hear or read."""
    sections = shipped(language).sections
    return [(section, key, said) for section in CALLERS for key, said in sections[section].items()]


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("section", CALLERS)
def test_every_language_has_every_sentence_that_callers_hear_or_read(
    language: Language, section: str
) -> None:
    """And none that English lacks."""
    assert set(shipped(language).sections[section]) == set(ENGLISH[section])


@pytest.mark.parametrize("language", OTHERS)
def test_staff_hear_and_read_english(language: Language) -> None:
    """What they hear is in one file only, and each name stands for one sentence."""
    assert set(shipped(language).sections) == set(CALLERS)
    assert set(ENGLISH) == set(SECTIONS)
    for staff in STAFF:
        assert not set(ENGLISH[staff]) & set(ENGLISH[staff.removeprefix("staff_")])


@pytest.mark.parametrize("language", Language)
def test_the_same_is_filled_in_in_every_language(language: Language) -> None:
    for section, key, said in every(language):
        assert placeholders(said) == placeholders(ENGLISH[section][key]), key


@pytest.mark.parametrize("language", Language)
def test_keys_and_emergency_numbers_are_the_same_in_every_language(language: Language) -> None:
    """A menu that offers another key in one language would put callers through to somebody else."""
    for section, key, said in every(language):
        numbers = set(re.findall(r"\d(?:-?\d)*", said))
        expected = set(re.findall(r"\d(?:-?\d)*", ENGLISH[section][key]))
        if key in ("suicide", "taken", "lifeline_first") and language is Language.ES:
            expected |= {"2"}  # 988 answers Spanish behind its key 2
        if key == "emergency" and section == "text":
            numbers, expected = numbers - {"1", "5"}, expected - {"1", "5"}  # one breath every five seconds
        assert key == CHOICE or numbers == expected, key


def test_each_language_offers_itself_with_a_key_of_its_own() -> None:
    """And none with a key that means something else wherever one is."""
    keys = {re.findall(r"\d", words(language, "voice", CHOICE))[-1] for language in OTHERS}
    assert keys == {"7", "8", "9"}


@pytest.mark.parametrize("language", Language)
def test_the_first_words_take_less_than_eight_seconds_and_the_menu_less_than_twenty(
    language: Language,
) -> None:
    said = load(Language, {"NAME": "Care Line", "NUMBER": "617-555-0100"})
    assert said.seconds("first_words", language) < 8
    assert said.seconds("menu", language) < 20


@pytest.mark.parametrize("language", Language)
def test_the_first_words_without_a_database_begin_as_all_others_do(language: Language) -> None:
    assert words(language, "voice", "failsafe").startswith(words(language, "voice", "first_words"))


@pytest.mark.parametrize("language", Language)
def test_every_text_is_one_segment_with_the_longest_name_and_number(language: Language) -> None:
    for section, key, said in every(language):
        if section in ("text", "suggestions"):
            text = wording.filled(said)
            assert beyond_gsm7(text) == "", key
            assert segments(text) == 1, key


def test_every_text_to_staff_is_one_segment() -> None:
    for key, said in ENGLISH["staff_text"].items():
        assert segments(wording.filled(said)) == 1, key


@pytest.mark.parametrize("language", Language)
def test_nothing_tells_what_it_is_about(language: Language) -> None:
    """Others may stand beside the phone. V06 alone speaks of drugs: to somebody who asked about the police."""
    for _, key, said in every(language):
        if key == "police":
            continue
        assert [word for word in TELLING if word in said.casefold()] == [], key


@pytest.mark.parametrize("language", Language)
def test_what_may_reach_somebody_else_names_no_reason(language: Language) -> None:
    """No treatment, no help, no emergency, no name of ours."""
    reasons = (
        "treat",
        "help",
        "emergen",
        "tratam",
        "ayud",
        "ajud",
        "tretman",
        "ijans",
        "{name}",
        "911",
        "9-",
    )
    discreet = [("voice", key) for key in wording.NAMELESS - {"discreet"}] + [("text", "discreet")]
    discreet += [("suggestions", key) for key in ("suggest_good_time", "suggest_when", "suggest_call_us")]
    for section, key in [*discreet, ("voice", "ask_message"), ("voice", "ask_text")]:
        said = words(language, section, key).casefold()
        assert [word for word in reasons if word in said] == [], key


@pytest.mark.parametrize("language", Language)
def test_the_reference_texts_are_said_as_they_are(language: Language) -> None:
    """Whoever changes one of them changes what a reviewer has signed, and says so here."""
    for (channel, key), number in REFERENCES.items():
        if language not in REFERENCE[number]:
            assert (number, language) == ("V02", Language.EN)  # a sentence of ours
            continue
        section = "voice" if channel is Channel.VOICE else "text"
        said = words(language, section, key)
        if number == "V05":
            said = " ".join(words(language, section, half) for half in ("guidance_1", "guidance_2"))
        if number == "V12":
            parts = ("family", "family_coordinator", "family_care")
            said = " ".join(words(language, section, part) for part in parts)
        if key == "someone_else":
            whole = words(language, section, "someone_else_script")
            assert whole.endswith(f" {said}")
            said = whole
        assert sha256(said.encode()).hexdigest().startswith(REFERENCE[number][language]), key


def test_every_reference_text_is_in_use() -> None:
    assert set(REFERENCES.values()) == set(REFERENCE)


@pytest.mark.parametrize("language", Language)
def test_every_file_begins_with_its_review_notice(language: Language) -> None:
    """Nobody takes a draft for more than it is."""
    head = (
        resources.files("hotline.prompts").joinpath(f"{language}.toml").read_text("utf-8").split("[voice]")[0]
    )
    assert "REVIEW NOTICE: drafts" in head
    assert ("native-speaking translator" if language is not Language.EN else "sign-off") in head


@pytest.mark.parametrize("language", Language)
def test_a_sentence_is_spelled_with_plain_signs(language: Language) -> None:
    """No sign that a voice would read aloud, and no 911 that it would read as nine hundred and eleven."""
    for section, key, said in every(language):
        assert said == " ".join(said.split()), key
        if section == "voice":
            assert not re.search(r"\b(911|988)\b|[#*&@/\"()]", said), key
            assert said[-1] in ".?", key


@pytest.mark.parametrize("language", Language)
def test_hints_are_what_the_recogniser_takes(language: Language) -> None:
    """At most 500 of at most 100 letters; those of the menu name the emergency first."""
    hints = load(Language, {})
    for number in (False, True):
        each = hints.hints(language, number=number).split(", ")
        assert len(each) <= 500
        assert all(0 < len(one) <= 100 for one in each)
    first = hints.hints(language).split(", ")[0]
    assert first in words(language, "voice", "menu").casefold()


def test_a_language_in_which_nothing_is_written_is_refused() -> None:
    with pytest.raises(PromptMissing):
        load(["tlh"], {})  # type: ignore[list-item]


def test_a_prompt_or_a_value_that_is_not_there_is_a_fault_of_ours() -> None:
    said = load([], {"NAME": "Care Line"})
    with pytest.raises(PromptMissing, match="nothing_like_it"):
        said.text("nothing_like_it", Channel.VOICE)
    with pytest.raises(PromptMissing, match="MIN"):
        said.text("wait_minutes", Channel.VOICE)


def test_a_language_that_is_not_on_is_answered_in_english_and_in_an_english_voice() -> None:
    """A caller whose language was switched off meanwhile is still told about 911."""
    said = load([Language.ES], {})
    assert said.say("first_words", Language.ES).language is Language.ES
    assert said.say("first_words", Language.PT).language is Language.EN
    assert said.text("first_words", Channel.VOICE, Language.PT) == words(Language.EN, "voice", "first_words")
    assert said.seconds("first_words", Language.PT) == said.seconds("first_words")


def test_our_number_is_said_digit_by_digit_and_written_as_at_home() -> None:
    said = load([], {"NUMBER": "617-555-0100"}, spoken={"NUMBER": "6 1 7, 5 5 5, 0 1 0 0"})
    assert "is 6 1 7, 5 5 5, 0 1 0 0." in said.text("voicemail", Channel.VOICE, values=[("FIRST", "Ana")])
    assert "Call 617-555-0100 " in said.text("discreet", Channel.TEXT, values=[("FIRST", "Ana")])
    spoken = said.text("voicemail", Channel.VOICE, values=[("FIRST", "Ana")])
    assert said.seconds("voicemail") == seconds(spoken)


def test_what_names_star_on_the_way_into_a_room_is_listened_through() -> None:
    """Whoever hears "press star" presses it before the sentence is over."""
    said = ENGLISH["staff_voice"].items()
    assert {key for key, words in said if re.search(r"press star\b", words.lower())} == NAMES_STAR
