"""What people write of themselves: that they may be under 18, and from whom it must be kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.model import Channel, Language, Subject
from hotline.triage.caller_events import Author, Said, Texted
from hotline.triage.contact import Contact, ContactState
from hotline.triage.facts import Facts
from hotline.triage.flow import step
from hotline.triage.reading.about_themselves import may_be_a_minor, without_secrets
from hotline.triage.turn import Reach
from hotline.triage.urgency import Label, classify

MINORS = (
    "im 15 and i cant stop vaping weed, dont tell my mom",
    "I’m a 16 y/o girl",
    "i am 17 years old",
    "I'm fifteen",
    "im under 18",
    "16f here",
    "im in 9th grade",
    "tengo 15 años",
    "tengo 15 años y no puedo dejar de vapear",
    "tengo quince",
    "tengo 16, ayuda",
    "soy menor de edad",
    "tenho 16 anos e nao consigo",
    "sou menor",
    "tenho 15",
    "m gen 15 an",
    "mwen gen 15an pa di manman m",
    "mwen poko gen 18 an",
    "im 14",
    "IM ONLY 13",
    "I'm 15yo",
    "i'm 15 years old",
    "im 15. days are hard",
    "my age is 12",
    "15 year old girl here",
    "tengo catorce años",
    "tenho quinze anos",
    "m gen kenz an",
    "im not 18 yet",
    "im 16 can i get help",
    "hi im sam im 16",
)
NO_MINORS = (
    "im 15 min away",
    "im 15 minutes late",
    "im 15 days sober",
    "im 16 weeks pregnant",
    "my son is 15",
    "i have a 15 year old",
    "im 18",
    "im 45",
    "tengo 15 años sobrio",
    "tengo 15 años tomando",
    "tengo 15 años de casada",
    "tenho 15 anos limpo",
    "tenho 10 anos usando crack",
    "mwen gen 15 an depi m ap bwe",
    "i was 15 when i started",
    "since i was 14",
    "im 12 years clean",
    "im 10 beers in",
    "i took 15 pills",
    "15 year old son needs help",
    "im 8 and a half months pregnant",
    "mi hijo tiene 15 años",
    "my daughter turns 15",
    "tengo 15 dias limpio",
    "im 10 4",
    "im 16mg of suboxone",
    "im 17 miles from you",
    "i'm 9 months pregnant",
    "im on day 15",
    "tengo 10 hijos",
    "im 15 years in recovery",
)
THEIR_OWN = (
    (Language.EN, "im 15 and i cant stop vaping weed, dont tell my mom"),
    (Language.EN, "i cant stop drinking, please don't tell my wife"),
    (Language.EN, "im 17 and i need detox but my dad will kill me if he finds out"),
    (Language.EN, "can i get into detox without my parents knowing"),
    (Language.ES, "soy menor de edad y no puedo dejar de fumar mota, no le digan a mi mamá"),
    (Language.PT, "tenho 16 anos e não consigo parar de fumar maconha, não conta pra minha mãe"),
    (Language.HT, "mwen gen 15 an m pa ka sispann fimen bòz, pa di manman m"),
)


@pytest.mark.parametrize("words", MINORS)
def test_who_says_that_they_are_under_18_may_be_a_minor(words: str) -> None:
    """In four languages, in figures and in words."""
    assert may_be_a_minor(words)


@pytest.mark.parametrize("words", NO_MINORS)
def test_minutes_days_and_other_people_s_ages_are_nobody_s_own(words: str) -> None:
    """Nor are years of sobriety."""
    assert not may_be_a_minor(words)


@pytest.mark.parametrize("age", range(8, 30))
def test_eighteen_is_no_minor(age: int) -> None:
    told = (f"im {age}", f"tengo {age} años", f"tenho {age} anos", f"mwen gen {age} an")
    assert all(may_be_a_minor(words) is (age < 18) for words in told)


@pytest.mark.parametrize(("language", "words"), THEIR_OWN)
def test_whoever_must_not_hear_of_it_is_not_whom_it_is_about(language: Language, words: str) -> None:
    """Their own wish to stop is read as that, and pages nobody."""
    assert classify(words, language).label in (Label.ADMISSIONS, Label.ASK)


@pytest.mark.parametrize(
    "words", ["my son uses heroin, dont tell my husband", "my mom drinks every day, dont tell my dad i wrote"]
)
def test_somebody_else_s_use_stays_somebody_else_s(words: str) -> None:
    assert classify(words).label in (Label.FAMILY, Label.ASK)


@pytest.mark.parametrize(
    "words", ["he isnt breathing, dont tell my mom", "i want to die dont tell my mom im 15"]
)
def test_a_secret_takes_no_danger_away(words: str) -> None:
    assert classify(words).urgent


def test_a_secret_is_left_out_and_the_rest_stays() -> None:
    assert without_secrets("I can't stop. Don't tell my mom. Please help") == "i cant stop . . please help"
    assert without_secrets("tell my mom that i love her") is None


@pytest.mark.parametrize(("language", "words"), [one for one in THEIR_OWN if may_be_a_minor(one[1])])
def test_a_minor_s_text_is_marked_and_pages_nobody(language: Language, words: str) -> None:
    """And the mark stays, whatever they write next."""
    thread = Contact(Channel.TEXT, ContactState.TEXT_MENU, language=language)
    turn = step(thread, Texted(words), Facts(languages=tuple(Language)))
    assert turn.contact.may_be_minor
    assert not any(isinstance(one, Reach) and one.subject is Subject.EMERGENCY for one in turn.requests)
    assert step(turn.contact, Texted("ok"), Facts()).contact.may_be_minor


def test_a_machine_has_no_age_and_whoever_picks_up_our_call_may_be_a_child() -> None:
    thread = Contact(Channel.TEXT, ContactState.TEXT_MENU)
    assert not step(thread, Texted("im 15", Author.MACHINE), Facts()).contact.may_be_minor
    asked = Contact(Channel.VOICE, ContactState.ASKED_FOR_CALL)
    assert not step(asked, Said("im 12"), Facts()).contact.may_be_minor
    menu = Contact(Channel.VOICE, ContactState.MENU)
    assert step(menu, Said("im fifteen and i need help"), Facts()).contact.may_be_minor


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    """Without an error."""
    may_be_a_minor(text)
    without_secrets(text)
