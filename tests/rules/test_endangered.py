"""What an emergency is, and whose: told by whoever has it and by whoever sees it, in four languages."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Final

import pytest

from hotline.model import Danger, Language, Subject
from hotline.triage.call.emergency import ANY_DANGER, GUIDANCE, PARTS, THEMSELVES
from hotline.triage.caller_events import Said, Silent, Texted
from hotline.triage.contact import ContactState
from hotline.triage.facts import ANSWERS_DANGER, WHAT_TO_DO
from hotline.triage.meaning import danger_of
from hotline.triage.turn import Listen, Reach, Wait
from hotline.triage.urgency import classify
from tests.playbook import Given, Stands
from tests.scripts import Call, Thread

REACH: Final = Reach(Subject.EMERGENCY)
BRIEF: Final = Listen(Wait.BRIEF)
OWN: Final = {
    Language.EN: (
        "i took a whole bottle of pills",
        "ive taken too many pills",
        "took all my pills",
        "swallowed 40 tylenol",
        "just took the whole bottle of my moms xanax",
        "i think im overdosing",
        "i od'd",
        "i took all of it, please, i am alone",
        "idk how many i took",
        "i took 30 pills and my lips are blue",
        "i took all my pills because he did this to me",
        "i drank bleach",
        "i cut my wrists",
        "i cant breathe",
        "im dying",
        "help, accidentally took 30 xanax",
        "been drinking and took 30 xanax",
        "i got scared and took 40 pills",
        "i think i overdosed",
    ),
    Language.ES: (
        "me tome un frasco entero de pastillas",
        "me tomé todo el frasco",
        "tomé demasiadas pastillas",
        "me acabo de tomar todas las pastillas",
        "acabo de tragarme 30 pastillas",
        "me trague todo el frasco",
        "todo el frasco me lo tome",
        "he tomado demasiadas pastillas",
        "me tomé todas las pastillas de mi mamá",
        "tuve una sobredosis",
        "bebí cloro",
        "creo que tomé demasiadas pastillas",
        "no puedo respirar",
    ),
    Language.PT: (
        "tomei o frasco todo de remedio",
        "tomei todos os comprimidos",
        "acabei de engolir 30 comprimidos",
        "engoli a caixa toda de remédio",
        "tomei remedio demais",
        "tomei todos os remedios da minha mae",
        "tive uma overdose",
        "não consigo respirar",
    ),
    Language.HT: (
        "mwen pran twop grenn",
        "m sot vale tout grenn yo",
        "m vale tout boutèy grenn lan",
        "mwen bwè tout grenn manman m yo",
        "mwen fè yon ovèdòz",
        "mwen pa ka respire",
    ),
}
"""Told by whoever took it, or whose body it is."""
ANOTHERS: Final = {
    Language.EN: (
        "my son took a whole bottle of pills",
        "he took too many pills",
        "she swallowed 40 tylenol",
        "my roommate od'd",
        "my friend and i took too much and he passed out",
        "i took too many too but my boyfriend wont wake up",
        "he is not breathing",
        "my toddler ate my pills",
        "i gave him narcan and hes still not breathing",
        "hes dying",
        "she cut her wrists",
        "he overdosed",
        "Josh swallowed a bag of fentanyl",
        "help Kayla od'd",
        "Maria just took 30 xanax",
        "Tyler overdosed in the bathroom",
        "i think Josh took 40 pills",
        "i found Josh overdosed",
        "im scared that Kayla overdosed",
        "we both took fentanyl",
        "not breathing",
        "overdose",
    ),
    Language.ES: (
        "mi hijo se tomo todo el frasco",
        "se tomó todas las pastillas",
        "mi hermano tuvo una sobredosis",
        "ella tomó demasiadas pastillas",
        "no respira",
        "mi esposo no despierta",
    ),
    Language.PT: (
        "ele tomou o frasco todo",
        "minha filha engoliu 30 comprimidos",
        "meu irmão teve uma overdose",
        "ela não respira",
        "ele não acorda",
    ),
    Language.HT: (
        "pitit mwen pran twop grenn",
        "li pran twop grenn",
        "frè m vale tout boutèy grenn lan",
        "li fè yon ovèdòz",
        "li pa respire",
        "papa m pa ka reveye",
        "m panse Jean pran twop grenn",
    ),
}
"""Told by whoever sees it, or by nobody knows whom."""
ANYTHING_ELSE: Final = (
    "im 14 and my dad is drunk again idk what to do",
    "my mom is drunk again and im scared",
    "chest pain",
    "i think im having a heart attack",
    "theres a fire in the house",
    "i havent had a drink in 2 days and im seeing things",
    "im pregnant and bleeding",
    "there is so much blood",
    "she had a stroke",
    "me duele mucho el pecho",
    "mi mama tuvo un derrame",
    "estoy embarazada y sangrando",
    "minha mae teve um derrame",
    "estou gravida e sangrando",
    "mwen ansent epi m ap senyen anpil",
)
"""Danger, and none of an overdose."""
CRIES: Final = ("1", "emergency", "911", "help me", "send an ambulance", "ayúdame", "socorro", "anmwe")
"""Nothing of what it is."""


@pytest.mark.parametrize(("language", "words"), [(of, words) for of in OWN for words in OWN[of]])
def test_whoever_took_it_themselves_is_told_what_they_can_do(language: Language, words: str) -> None:
    """911, the door, somebody near them, 988: and no naloxone and breaths, which nobody gives themselves."""
    assert classify(words, language).urgent
    assert danger_of(words, language) is Danger.THEMSELVES
    assert ANSWERS_DANGER[Danger.THEMSELVES] == "taken"


@pytest.mark.parametrize(("language", "words"), [(of, words) for of in ANOTHERS for words in ANOTHERS[of]])
def test_whoever_sees_it_is_told_what_to_do_for_them(language: Language, words: str) -> None:
    """Naloxone and breaths; also where it stays open who took it."""
    assert classify(words, language).urgent
    assert danger_of(words, language) is Danger.OVERDOSE


@pytest.mark.parametrize("words", ANYTHING_ELSE)
def test_words_of_an_overdose_are_for_an_overdose(words: str) -> None:
    """A drunk father, a heart, blood, a fire: 911, and nothing of naloxone."""
    assert classify(words).urgent
    assert danger_of(words) is Danger.OTHER


@pytest.mark.parametrize("words", CRIES)
def test_a_cry_alone_is_taken_for_what_it_mostly_is_here(words: str) -> None:
    """An overdose that somebody sees: naloxone harms nobody, and its lack may kill."""
    assert danger_of(words) is Danger.UNSAID
    assert ANSWERS_DANGER[Danger.UNSAID] == ANSWERS_DANGER[Danger.OVERDOSE]
    assert PARTS[Danger.UNSAID] == PARTS[Danger.OVERDOSE] == GUIDANCE


def test_every_danger_has_words_by_text_and_on_the_telephone() -> None:
    """And a rule tells of no other than the reader knows."""
    assert set(ANSWERS_DANGER) == set(PARTS) == set(Danger)
    written = (files("hotline.triage.reading") / "rules.toml").read_text(encoding="utf-8")
    told = {rule.get("tells", "") for rule in tomllib.loads(written)["rules"]}
    assert told == {"", "signs", "body", "taken", "harm", "by_others", "made_to", "unsaid"}
    assert {"taken", "danger"} <= WHAT_TO_DO


def test_on_the_telephone_whoever_took_it_hears_what_they_can_do() -> None:
    """Round and round, until somebody comes; and again from the beginning once they tell what it is."""
    rounds = [[one, REACH, BRIEF] for one in (*THEMSELVES, THEMSELVES[0])]
    script = Call() >> Said("i took a whole bottle of pills") << ["emergency", REACH, BRIEF]
    for said in rounds:
        script = script >> Silent() << said
    assert script
    assert (
        Call(state=ContactState.EMERGENCY, loops=1)
        >> Silent()
        << ["guidance_2", REACH, BRIEF]
        >> Said("i swallowed the whole bottle of pills")
        << ["taken", REACH, BRIEF]
        >> Said("please hurry send an ambulance")
        << ["getting_person", REACH, BRIEF]
    )


def test_who_took_it_too_goes_on_hearing_what_to_do_for_the_other() -> None:
    """Somebody lies there and doesn't breathe: breaths are not given up for it."""
    assert (
        Call(state=ContactState.EMERGENCY)
        >> Said("he is not breathing")
        << ["guidance_1", REACH, BRIEF]
        >> Said("i took fentanyl too")
        << ["taken", REACH, BRIEF]
        >> Silent()
        << ["guidance_2", REACH, BRIEF]
        << Stands(danger=Danger.OVERDOSE)
    )


def test_on_the_telephone_any_other_danger_is_told_in_general() -> None:
    """Nothing of naloxone and breaths."""
    script = Call() >> Said("there is a fire in the house") << ["emergency", REACH, BRIEF]
    for said in (*ANY_DANGER, ANY_DANGER[0]):
        script = script >> Silent() << [said, REACH, BRIEF]
    assert script


def test_a_worse_word_has_its_answer_and_a_vaguer_one_none() -> None:
    """By text: what may be anything replaces nothing that was told more plainly."""
    begun = Thread(state=ContactState.TEXT_EMERGENCY, danger=Danger.OTHER)
    going_on = {"emergency_goes_on": True, "danger_told": frozenset({"danger"})}
    assert begun >> Given(**going_on) >> Texted("he is not breathing") << ["emergency", REACH]
    for vague in ("1", "help me", "im 14 and my dad is drunk again idk what to do"):
        told = Thread(state=ContactState.TEXT_EMERGENCY, danger=Danger.THEMSELVES)
        facts = Given(emergency_goes_on=True, danger_told=frozenset({"taken"}))
        assert told >> facts >> Texted(vague) << [REACH] << Stands(danger=Danger.THEMSELVES)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (Language.EN, "he choked me and took my phone"),
        (Language.EN, "my stepdad hits me"),
        (Language.EN, "he has a knife and wont let me leave"),
    ],
)
def test_whom_somebody_hurts_is_never_told_to_unlock_the_door(language: Language, words: str) -> None:
    """Whoever it was done to isn't who took something: "choked me and took" is somebody else's act."""
    assert danger_of(words, language) is Danger.BY_OTHERS
