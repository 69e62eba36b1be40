"""Danger that is told in passing, in code or lightly; and what only quotes it, denies it or has outlived it."""

from __future__ import annotations

import pytest

from hotline.model import Language
from hotline.triage.reading.concepts import understood
from hotline.triage.reading.rules import hits
from hotline.triage.urgency import Label, classify

EN, ES, PT, HT = Language.EN, Language.ES, Language.PT, Language.HT

PAGES = [
    (EN, "please I think my son OD'd"),
    (EN, "mom O.D.'d on the couch"),
    (EN, "he od’ed again hurry"),
    (EN, "my mom overdosed on the couch"),
    (EN, "my brother overdosed on what they gave him"),
    (EN, "I'd like to order a pizza to 12 Main St. yes he is still here"),
    (ES, "quiero una pizza de queso para la calle Elm, él está aquí oyendo"),
    (PT, "quero uma pizza grande, finge que é a pizzaria, ele tá do meu lado"),
    (HT, "m vle yon pizza, li chita bò kote m, reponn wi sèlman"),
    (EN, "his words keep coming out jumbled since lunch"),
    (ES, "se le torció la boca y no levanta el brazo"),
    (PT, "a boca dele entortou, boca torta, e o braço direito tá dormente"),
    (HT, "bouch li kwochi epi bra dwat li lou"),
    (EN, "swallowed the baggie when the cops pulled up"),
    (ES, "me tragué las bolsitas"),
    (PT, "engoli os papelotes"),
    (HT, "li vale twa sachè"),
    (EN, "she keeps picking threads out of the air"),
    (ES, "anda agarrando hilos en el aire"),
    (PT, "ela tá pegando coisas no ar"),
    (HT, "l ap ranmase bagay nan vid"),
    (EN, "there's blood coming under the bathroom door"),
    (ES, "sale agua roja debajo de la puerta"),
    (PT, "tá saindo sangue por baixo da porta"),
    (HT, "dlo wouj ap koule anba pòt la"),
    (EN, "dad is lighting the curtains on fire"),
    (ES, "le prendió fuego a la casa"),
    (PT, "ele tacou fogo na casa"),
    (HT, "li mete dife nan kay la"),
    (EN, "where i'm going there's no phones"),
    (ES, "donde voy no hay teléfono"),
    (PT, "para onde eu vou não tem telefone"),
    (HT, "kote m prale a pa gen telefòn"),
    (EN, "she texted everyone goodbye and her phone is off"),
    (ES, "me escribió adiós y apagó el celular"),
    (PT, "mandou tchau e desligou o celular"),
    (HT, "li voye yon mesaj orevwa epi telefòn li etenn"),
]


@pytest.mark.parametrize(("language", "text"), PAGES)
def test_danger_that_is_told_in_passing_pages(language: Language, text: str) -> None:
    """A code, a sign that is seen, or a leave-taking: whatever else the message sounds like."""
    assert classify(text, language).urgent


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (EN, "stuff was way stronger than usual"),
        (ES, "creo que se me fue la mano con eso"),
        (PT, "acho que exagerei na dose"),
        (HT, "m mete twòp aswè a"),
        (EN, "tell my kids daddy always loved them"),
        (ES, "que mis hijos sepan que los quise"),
        (PT, "que meus filhos saibam disso"),
        (HT, "pou pitit mwen konnen m te la"),
        (EN, "sitting on the tracks, nice night"),
        (ES, "sentada en los rieles mirando las estrellas"),
        (PT, "sentado nos trilhos ouvindo nada"),
        (HT, "m chita sou ray tren an"),
        (EN, "left the door unlocked so nobody has to break it"),
        (ES, "dejé la puerta sin seguro para ustedes"),
        (PT, "deixei a porta destrancada para vocês"),
        (HT, "m kite pòt la louvri pou lapolis"),
        (EN, "getting sleepier and sleepier"),
        (ES, "se me cierran los ojos"),
        (PT, "as letras estão dançando"),
        (HT, "je m ap fèmen"),
    ],
)
def test_what_may_be_danger_told_lightly_is_before_a_person_at_once(language: Language, text: str) -> None:
    """Whatever the score finds, and though nothing in it is called danger."""
    reading = classify(text, language)
    assert reading.urgent or reading.label is Label.ASK


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (EN, "can I get a pizza delivered to the sober house?"),
        (EN, "what pizza place do you all order from for group"),
        (ES, "¿puedo pedir una pizza para el grupo?"),
        (PT, "podemos pedir uma pizza para a reunião?"),
        (HT, "èske nou ka kòmande pizza pou gwoup la?"),
        (EN, "my words came out well at group last night"),
        (EN, "the door is open at 9 right?"),
        (ES, "¿la puerta está abierta a las nueve?"),
        (PT, "a porta abre às nove?"),
        (HT, "èske pòt la louvri a nevè?"),
        (ES, "dile a la consejera que gracias"),
        (PT, "fala para a moça que obrigado"),
        (HT, "di konseye a mèsi pou mwen"),
    ],
)
def test_the_same_things_in_ordinary_talk_page_nobody(language: Language, text: str) -> None:
    """Pizzas, doors, words and bridges are everybody's."""
    assert not classify(text, language).urgent


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (EN, "nobody overdosed here, wrong house"),
        (EN, "he's not unconscious, only ignoring me"),
        (ES, "nadie tuvo una sobredosis aquí"),
        (PT, "ninguém teve overdose aqui"),
        (HT, "pèsonn pa fè ovèdoz isit la"),
        (EN, "your brochure says blue lips, can you mail us some?"),
        (ES, "el folleto dice labios azules, ¿me mandan más?"),
        (PT, "o folheto diz lábios roxos, pode mandar mais?"),
        (HT, "afich la di bouch ble, nou ka voye lòt?"),
        (EN, "the ambulance came last month and he is well, any groups for dads?"),
    ],
)
def test_what_is_denied_quoted_or_outlived_pages_nobody(language: Language, text: str) -> None:
    """A denial right before it, a leaflet, or a life since then."""
    assert not classify(text, language).urgent


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (EN, "no he's unconscious"),
        (EN, "not just sleepy, he overdosed"),
        (EN, "your brochure says blue lips and my son has blue lips"),
        (ES, "no, está inconsciente"),
        (PT, "não, ele teve overdose"),
        (HT, "non, li fè ovèdoz"),
    ],
)
def test_a_no_that_denies_something_else_hides_nothing(language: Language, text: str) -> None:
    """The denial counts only for what it stands right before, in its own clause."""
    assert classify(text, language).urgent


def test_what_holds_a_rule_back_leaves_a_hint_for_a_sure_score() -> None:
    """A word of lessons or of supposition explains away what the score doubts, and no more."""
    found = hits(understood("my toddler swallowed a pill from the kit for class", EN))
    assert any(hit.least >= 0.6 or not hit.hint for hit in found)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (EN, "HELP ME ANYONE"),
        (EN, "im not safe"),
        (ES, "voy a saltar"),
        (PT, "salva ela"),
        (HT, "tanpri sove l"),
    ],
)
def test_the_shortest_pleas_page(language: Language, text: str) -> None:
    """Somebody to be saved, a place that isn't safe, a jump: there is nothing else in them."""
    assert classify(text, language).urgent


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (EN, "SOMEONE ANSWER"),
        (ES, "contesten por favor"),
        (PT, "pelo amor de deus respondeee"),
        (HT, "yon moun reponn"),
    ],
)
def test_whoever_begs_for_an_answer_is_before_a_person_at_once(language: Language, text: str) -> None:
    """It may be about a callback, and may be the last that is written."""
    reading = classify(text, language)
    assert reading.urgent or reading.label is Label.ASK
