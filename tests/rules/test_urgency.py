"""How messages are read: the promises that hold for every message, and the traps that must not work."""

from __future__ import annotations

import string
import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.model import Language
from hotline.triage.reading.concepts import understood
from hotline.triage.reading.opinion import features, opinion, packed, unpacked
from hotline.triage.reading.rules import hits
from hotline.triage.reading.words import words_of
from hotline.triage.urgency import Label, classify

EN, ES, PT, HT = Language.EN, Language.ES, Language.PT, Language.HT
LEXICONS = {
    language: tomllib.loads(
        (files("hotline.triage.reading") / "lexicon" / f"{language.value}.toml").read_text(encoding="utf-8")
    )
    for language in Language
}
RULES = tomllib.loads((files("hotline.triage.reading") / "rules.toml").read_text(encoding="utf-8"))

URGENT_WORDS = [
    (EN, "he won't wake up"),
    (EN, "she is not breathing"),
    (EN, "his lips are blue"),
    (EN, "I gave him narcan an hour ago"),
    (EN, "my toddler swallowed a methadone pill"),
    (EN, "two days without a drink, shaking and seeing bugs"),
    (EN, "I want to kill myself"),
    (EN, "i wrote a goodbye note"),
    (ES, "no respira"),
    (ES, "mi hermano está morado y no despierta"),
    (ES, "le dimos naloxona hace una hora"),
    (ES, "me quiero morir"),
    (PT, "ele não acorda e tá roxo"),
    (PT, "parou de beber faz dois dias e tá vendo bicho"),
    (PT, "quero me matar"),
    (HT, "li pa respire"),
    (HT, "pitit mwen pa ka reveye"),
    (HT, "mwen vle touye tèt mwen"),
]


@given(st.text(), st.sampled_from([None, *Language]))
def test_anything_that_can_be_written_is_read_and_always_the_same(
    text: str, language: Language | None
) -> None:
    """Never an error; one of the labels; a confidence from 0 to 1; the same words mean the same again."""
    reading = classify(text, language)
    assert reading.label in Label
    assert 0 <= reading.confidence <= 1
    assert reading.reason
    assert classify(text, language) == reading


@given(
    st.sampled_from(URGENT_WORDS),
    st.text(alphabet=" .,!?\n\t🙏😭", max_size=8),
    st.sampled_from([str.upper, str.lower, str.title, str.capitalize]),
)
def test_case_signs_and_spaces_around_the_words_change_nothing(
    said: tuple[Language, str], around: str, written: object
) -> None:
    """Shouted, whispered, wrapped in full stops: still urgent."""
    assert callable(written)
    assert classify(f"{around}{written(said[1])}{around}", said[0]).urgent


@given(
    st.sampled_from(URGENT_WORDS),
    st.sampled_from(
        [
            "Do you take MassHealth?",
            "What time do you open?",
            "Thanks.",
            "My appointment is on friday.",
            "STOP",
            "Please stop texting me.",
            "¿Cuánto cuesta el programa?",
            "Quanto custa?",
            "Konbyen sa koute?",
        ]
    ),
    st.booleans(),
)
def test_other_business_in_the_same_message_hides_no_emergency(
    said: tuple[Language, str], other: str, first: bool
) -> None:
    """An opt-out included: emergency words beat it."""
    language, words = said
    assert classify(f"{other} {words}." if first else f"{words}. {other}", language).urgent


@pytest.mark.parametrize(("language", "words"), URGENT_WORDS)
def test_accents_make_no_difference(language: Language, words: str) -> None:
    """Few people write them."""
    bare = words.translate(str.maketrans("áàâãéèêíóòôõúç’", "aaaaeeeioooouc'"))
    assert classify(bare, language).urgent


@pytest.mark.parametrize(("language", "words"), URGENT_WORDS)
def test_the_language_that_was_expected_makes_no_emergency_less_one(language: Language, words: str) -> None:
    """People switch languages when they are afraid."""
    assert all(classify(words, expected).urgent for expected in (None, *Language)), language


@pytest.mark.parametrize(
    "text",
    [
        "he wnt wake up",
        "hees not breathng",
        "unconcious",
        "my freind overdosd",
        "he is h a v i n g a seizure",
        "nt brething!!!",
        "i want to d1e",
        "su1cidal",
        "not brеathing",  # a Cyrillic letter
        "he\u200bwon't wake up not breathing",
        "HELP HES BLUEEEEE",
    ],
)
def test_slips_of_the_thumb_and_tricks_hide_nothing(text: str) -> None:
    """Typed in a hurry, in capitals, with digits or strangers' letters."""
    assert classify(text).urgent


@pytest.mark.parametrize(
    "text",
    [
        "please don't stop texting me",
        "stop by any time",
        "my ex won't stop texting me",
        "take me off the waitlist, i found a bed",
        "take me off methadone",
        "cancel my appointment",
        "i want to stop",
        "i want to quit",
        "get me off heroin please",
        "did you take me off the list? i still want the texts",
        "don't text me after 9pm",
        "leave me alone with my thoughts and i drink",
        "block my dealer's number?",
        "stop. i mean the drinking. i can't.",
        "can i unsubscribe from life lol",
        "no dejen de escribirme",
        "mi ex no deja de escribirme",
        "sáquenme de este vicio",
        "quiero parar",
        "cancela mi cita",
        "não para de mandar mensagem não, eu gosto",
        "me tira desse vício",
        "quero parar",
        "pa sispann ekri m",
        "mwen vle sispann",
        "li pa sispann ekri m",
    ],
)
def test_a_stop_word_alone_unsubscribes_nobody(text: str) -> None:
    """When unsure whether it's an opt-out, it isn't."""
    assert all(classify(text, language).label is not Label.OPT_OUT for language in (None, *Language))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (EN, "stop texting me"),
        (EN, "STOP"),
        (EN, "Lose my number"),
        (EN, "wrong person, stop texting"),
        (ES, "deja de escribirme"),
        (ES, "quítenme de la lista"),
        (PT, "parem de me mandar mensagem"),
        (PT, "apaga meu número"),
        (HT, "pa ekri m ankò"),
        (HT, "efase nimewo m lan"),
    ],
)
def test_an_opt_out_is_understood_in_any_words(language: Language, text: str) -> None:
    """By meaning, in every language."""
    assert classify(text, language).label is Label.OPT_OUT


@pytest.mark.parametrize(
    "text",
    [
        "this job is killing me",
        "dying to get in",
        "i'd kill for a bed",
        "overdose training on the 14th",
        "where do i pick up a narcan kit",
        "my mother died of an overdose in 2019",
        "how many mg is too much",
        "bus stop",
        "estoy muerto de cansancio",
        "morri de rir",
        "mwen mouri grangou",
    ],
)
def test_figures_of_speech_lessons_and_the_past_page_nobody(text: str) -> None:
    """A clinician who is woken for nothing sleeps through the next one."""
    assert not classify(text).urgent


def test_both_ends_of_an_endless_message_are_read() -> None:
    """What is too long to be a text is still not a place to overlook somebody in."""
    filler = "and then we talked about the weather. " * 3000
    assert classify(f"he is not breathing. {filler}").urgent
    assert classify(f"{filler} he is not breathing").urgent
    assert not classify(filler).urgent


@pytest.mark.parametrize(
    "piece", ["a", "not ", "he he ", "not wake ", "((((", "a.", "\u0301", "💊", "no no not "]
)
def test_a_message_made_to_be_slow_is_read_like_any_other(piece: str) -> None:
    """100 kB of anything: windows are bounded, so the work is too."""
    assert classify(piece * (100_000 // len(piece))).label in Label


def test_the_reason_quotes_the_words() -> None:
    """A clinician sees why they were paged."""
    assert "breath" in classify("hi, my son is not breathing").reason


def test_every_lexicon_speaks_of_the_same_concepts() -> None:
    """A rule that lacks a concept in one language would be silent there."""
    first = set(LEXICONS[EN]["concepts"])
    assert all(set(lexicon["concepts"]) == first for lexicon in LEXICONS.values())


def test_rules_name_only_concepts_that_there_are() -> None:
    """A misspelt concept never fires, and nobody would notice."""
    known = set(LEXICONS[EN]["concepts"])
    for rule in RULES["rules"]:
        named = {
            concept
            for pattern in rule["patterns"]
            for part in pattern.replace("&", " ").split()
            if not part.isdigit()
            for concept in part.split("|")
        }
        named |= {*rule.get("unless", ()), *rule.get("unless_here", ()), *rule.get("harmless", ())}
        assert named <= known, rule["name"]


def test_the_weights_are_small_whole_and_know_the_eight_labels() -> None:
    """Less than 600 KB, a number for each unit in every row, the same when packed again, refused when damaged."""
    kept = (files("hotline.triage.reading") / "weights.bin").read_bytes()
    model = unpacked(kept)
    assert len(kept) < 600_000
    assert sorted(model.labels) == sorted(label.value for label in Label if label is not Label.ASK)
    assert len(model.rows) == len(model.places) * len(model.bias)
    assert unpacked(packed(model)) == model
    with pytest.raises(ValueError, match="damaged"):
        unpacked(kept[:-1] + bytes([kept[-1] ^ 1]))


@pytest.mark.parametrize("label", [Label.EMERGENCY, Label.SUICIDE, Label.FAMILY])
def test_what_the_second_opinion_went_by_is_in_the_message(label: Label) -> None:
    """Whoever is paged because of it sees words that were written, or concepts that stand for them."""
    message = understood("she gave away her cat and says we will be better off by christmas", EN)
    thought = opinion(message)
    named = thought.because(label)
    assert 1 <= len(named) <= 3
    assert set(named) <= set(features(message))


def test_a_rule_is_doubted_only_for_what_stands_near() -> None:
    """Pages of harmless talk around a plain emergency change nothing."""
    talk = "the kitchen job sounds good and i can start on monday if the bus is running again by then. " * 8
    assert classify(f"{talk} my girlfriend is not breathing. {talk}").urgent


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (Language.EN, "my boyfriend took fentanyl and he is not breathing fine"),
        (Language.PT, "meu namorado usou fentanil e nao esta respirando normal"),
        (Language.HT, "mennaj mwen pran fentanyl li pa ka respire byen"),
    ],
)
def test_a_reassurance_after_a_not_is_none(language: Language, text: str) -> None:
    """What says that all is well covers what it seems to say; not where it's denied."""
    assert classify(text, language).label is Label.EMERGENCY


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (EN, "she wrote the twins birthday cards up to when they are 18"),
        (ES, "la ducha lleva una hora prendida y ella no dice nada"),
        (PT, "o chuveiro ta ligado faz uma hora e ela nao fala nada"),
        (HT, "m tande tout moun tankou m anba dlo"),
    ],
)
def test_what_nothing_names_is_paged_for_or_read_by_a_person_by_the_score(
    language: Language, text: str
) -> None:
    """Danger told in pictures holds no word that means it; what is read by the score counts for less in a talk."""
    assert all(hit.hint for hit in hits(understood(text, language)))
    reading = classify(text, language)
    assert reading.urgent or reading.label is Label.ASK
    assert not reading.named


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (Language.EN, "he breathes now, thanks"),
        (Language.EN, "ok he is breathing and talking now thank you so much"),
        (Language.EN, "thanks, she's breathing again"),
        (Language.ES, "gracias, ya respira"),
        (Language.ES, "ya está respirando, gracias a Dios"),
        (Language.PT, "obrigada, ele já está respirando"),
        (Language.HT, "mèsi, li respire kounye a"),
    ],
)
def test_relief_told_after_danger_is_read_by_a_person_and_pages_nobody(language: Language, text: str) -> None:
    assert classify(text, language).label is Label.ASK


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (Language.EN, "we narcanned him, he's breathing now"),
        (Language.EN, "he's breathing now but he's blue again"),
        (Language.EN, "he's awake now and took more"),
        (Language.EN, "how do i know if hes breathing again"),
        (Language.ES, "ya no respira"),
        (Language.ES, "ya respira pero bien raro"),
        (Language.ES, "le pusimos narcan y ya respira"),
        (Language.PT, "já acordou mas tá roxo"),
        (Language.HT, "li respire kounye a men je l vire"),
    ],
)
def test_relief_that_is_not_the_end_of_it_pages(language: Language, text: str) -> None:
    assert classify(text, language).urgent


@pytest.mark.parametrize(
    "text",
    [
        "im 15 and i drink every day, dont tell my mom. can someone help",
        "my brother has been drinking for years, can somebody help us",
        "can someone help me stop drinking",
    ],
)
def test_a_wish_for_help_beside_a_lasting_state_is_not_help_at_once(text: str) -> None:
    assert not classify(text, Language.EN).urgent


@pytest.mark.parametrize(
    "text", ["can someone help", "hes not breathing can someone help", "someone help hes blue"]
)
def test_a_wish_for_help_alone_or_beside_danger_is(text: str) -> None:
    assert classify(text, Language.EN).urgent


def test_what_is_told_of_a_film_pages_nobody() -> None:
    """The same words told of a film are a person's to read, or nobody's."""
    told = "she left her wallet by the water with a note for the kids"
    assert classify(told, EN).urgent
    assert not classify(f"last night in the movie {told}", EN).urgent


@given(st.text(alphabet=string.printable, max_size=80))
def test_plain_words_stay_as_they_are(text: str) -> None:
    """Reading words off words that were read before changes nothing."""
    once = [word.text for word in words_of(text)]
    again = [word.text for word in words_of(" ".join(once))]
    assert "".join(again) == "".join(once)
