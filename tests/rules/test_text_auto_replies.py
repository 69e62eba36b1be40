"""What no person has written isn't answered; what is quoted of ours is no news; an emergency in the rest is one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.model import Language
from hotline.prompts.shipped import shipped
from hotline.triage.caller_events import Author
from hotline.triage.meaning import Meaning, read
from hotline.triage.texts.auto_replies import own_words, quotable

TEXTS = [
    words.replace("{NAME}", "Care Line").replace("{NUMBER}", "617-555-0100")
    for language in Language
    for words in shipped(language).sections["text"].values()
]
OURS = quotable(TEXTS)
S02 = TEXTS[1]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    "frame", ["{}", "Liked “{}”", "Reaccionó con 👍 a “{}”", "Loved “{}”", "> {}", "Fwd: {}"]
)
def test_our_own_words_that_come_back_are_a_machine_s_and_say_nothing(text: str, frame: str) -> None:
    """A thumb on S02 would page clinicians for ever else."""
    sent = text.replace("{MIN}", "15").replace("{TIME}", "6:00 PM EST").replace("{DATE}", "March 7")
    sent = sent.replace("{FIRST}", "Ana")
    words, by = own_words(frame.format(sent), OURS, [sent])
    assert read(words) not in (Meaning.EMERGENCY, Meaning.SUICIDE, Meaning.OPT_OUT)
    assert by is Author.MACHINE or frame == "Fwd: {}"
    words, _ = own_words(frame.format(sent), OURS)
    assert read(words) not in (Meaning.EMERGENCY, Meaning.SUICIDE, Meaning.OPT_OUT)


def test_the_words_of_a_question_are_no_quotation_in_its_answer() -> None:
    """Only the whole message is one, with whatever telephones put around it."""
    asked = "Tell me at once if he stops breathing or turns blue"
    answered = "he stops breathing or turns blue"
    assert own_words(answered, OURS, [asked]) == (answered, Author.PERSON)
    assert own_words(f"“{asked}”", OURS, [asked]) == ("", Author.MACHINE)
    assert own_words(f"{asked}? he is blue", OURS, [asked])[0].endswith("he is blue")


def test_what_somebody_adds_to_a_quotation_is_read() -> None:
    """The whole quotation goes, and every word of theirs stays."""
    words, by = own_words(f"> {S02}\nhe isn't breathing", OURS)
    assert by is Author.PERSON
    assert words.endswith("he isn't breathing")
    assert read(words) is Meaning.EMERGENCY


@pytest.mark.parametrize(
    "words", ["in danger now", "call 911", "i took something", "roll on side", "give narcan"]
)
def test_a_few_words_that_are_also_ours_are_somebody_s_own(words: str) -> None:
    assert own_words(words, OURS) == (words, Author.PERSON)


@pytest.mark.parametrize(
    "words",
    [
        "Auto-reply: I can't see texts at the moment.",
        "AUTOMATIC REPLY: away until Monday",
        "I'm driving with Driving Focus turned on. I'll see your message when I get where I'm going.",
        "(I'm not receiving notifications. I'm driving with Do Not Disturb While Driving turned on.)",
        "This number is not monitored.",
        "This is an automated message. Msg & data rates may apply.",
        "Respuesta automática: vuelvo el lunes",
        "Resposta automática: volto segunda",
        "Repons otomatik: m pa la",
        "Liked an image",
    ],
)
def test_what_only_machines_write_is_known_for_it(words: str) -> None:
    assert own_words(words, OURS)[1] is Author.MACHINE


@pytest.mark.parametrize(
    "words",
    [
        *(
            "I'm driving",
            "im in a meeting, call you back later",
            "Out of the office until Monday",
            "map kondi la",
        ),
        *("Estoy manejando", "estou dirigindo", "do not reply to this my husband reads it"),
    ],
)
def test_what_people_write_too_is_put_before_one(words: str) -> None:
    """It isn't answered, and is read; what else stands there is weighed without the canned words."""
    assert own_words(words, OURS)[1] is Author.PERHAPS_MACHINE
    said, _ = own_words(f"{words}. he is not breathing", OURS)
    assert read(said) is Meaning.EMERGENCY
    assert read(own_words("I'm driving, can't talk right now", OURS)[0]) is not Meaning.EMERGENCY


@pytest.mark.parametrize(
    "words",
    [
        "Auto-reply: I am away. If this is an emergency, call 911.",
        "Automatic reply: In case of emergency dial 911 or go to the nearest emergency room.",
        "Respuesta automática. En caso de emergencia llame al 911.",
        "Resposta automática: se for urgente ou emergência ligue 911.",
    ],
)
def test_advice_to_everybody_is_nobody_s_emergency(words: str) -> None:
    """Out-of-office notes name 911; nobody is paged for one."""
    said, by = own_words(words, OURS)
    assert by is Author.MACHINE
    assert read(said) not in (Meaning.EMERGENCY, Meaning.SUICIDE)


def test_an_emergency_in_a_machine_s_words_is_one() -> None:
    """Whoever set it up may have done so for this."""
    said, by = own_words("auto reply: he overdosed, he is not breathing", OURS)
    assert by is Author.MACHINE
    assert read(said) is Meaning.EMERGENCY


@given(st.text(max_size=400))
def test_any_text_is_somebody_s(words: str) -> None:
    """Without a quotation in it, every letter is left."""
    said, by = own_words(words, OURS)
    if by is Author.PERSON:
        assert said == words


@given(st.lists(st.sampled_from(" ".join(TEXTS).split()), max_size=40).map(" ".join))
def test_words_of_ours_in_any_order_are_never_more_than_they_were(words: str) -> None:
    said, _ = own_words(words, OURS)
    assert len(said) <= len(words)


REACTIONS = [
    "\u200a\u200b👍\u200b to “\u200bCall 911 now, he may be dying\u200b”",
    "❤️ to “is he breathing?”",
    "😂 a “no respira”",
    "Removed a like from “call 911”",
    "Removed a heart from “he is not breathing”",
    "Removed 👍 from “STOP to end texts”",
    "Le gusta “llame al 911”",
    "A Juan le gustó “no respira”",
    "Me encanta “una sobredosis”",
    "Reaccionó con ❤️ a “se está muriendo”",
    "Eliminó un me gusta de “llame al 911”",
    "Curtiu “ligue para 911”",
    "Gostou de “ele não respira”",
    "Reagiu com ❤️ a “overdose”",
    "Removeu uma curtida de “overdose”",
    "Aimé “li pa respire”",
    "A aimé “rele 911”",
    "A réagi avec ❤️ à “rele 911”",
    "Loved an image",
    "Emphasized “STOP”",
    "Questioned “are you safe?”",
]


@pytest.mark.parametrize("text", REACTIONS)
def test_a_thumb_or_a_heart_in_any_telephone_s_words_says_nothing(text: str) -> None:
    """With and without the invisible marks around what is quoted, given and taken back, in the languages people set."""
    assert own_words(text, OURS) == ("", Author.MACHINE)
    assert read(text) not in (Meaning.EMERGENCY, Meaning.SUICIDE, Meaning.OPT_OUT)


@pytest.mark.parametrize(
    "text",
    [
        "loved him and now he is not breathing",
        "removed from the house, i want to die",
        "liked it, took 40 pills",
    ],
)
def test_a_sentence_that_only_begins_like_one_is_read(text: str) -> None:
    assert own_words(text, OURS)[1] is Author.PERSON
