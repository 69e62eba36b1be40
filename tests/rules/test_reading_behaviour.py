"""What must change a reading and what must not, at scale; and an hour's ordinary chat, which pages nobody."""

from __future__ import annotations

import itertools

import pytest

from hotline.model import Channel, Language, Subject
from hotline.triage.caller_events import Texted
from hotline.triage.contact import Contact, ContactState
from hotline.triage.facts import Facts
from hotline.triage.flow import step
from hotline.triage.meaning import Meaning, read
from hotline.triage.turn import Reach
from hotline.triage.urgency import classify

EN, ES, PT, HT = Language.EN, Language.ES, Language.PT, Language.HT

DANGERS = {
    EN: [
        "my brother is not breathing",
        "she took all her pills an hour ago",
        "i want to kill myself tonight",
    ],
    ES: ["mi hermano no respira", "se tomó todas las pastillas hace una hora", "me quiero matar esta noche"],
    PT: ["meu irmão não respira", "ela tomou todos os comprimidos agora", "quero me matar hoje"],
    HT: ["frè m nan pa ka respire", "li bwè tout grenn yo kounye a", "mwen vle touye tèt mwen aswè a"],
}
AROUND = {
    EN: [("hi ", ""), ("sorry to bother you but ", " please"), ("", " thank you"), ("omg ", "!!! 😭")],
    ES: [
        ("hola ", ""),
        ("perdón la molestia pero ", " por favor"),
        ("", " gracias"),
        ("dios mío ", "!!! 😭"),
    ],
    PT: [("oi ", ""), ("desculpa incomodar mas ", " por favor"), ("", " obrigada"), ("meu deus ", "!!! 😭")],
    HT: [("bonjou ", ""), ("padon deranje ou men ", " tanpri"), ("", " mèsi"), ("bondye ", "!!! 😭")],
}
CASES = [
    (language, f"{before}{words}{after}")
    for language in Language
    for words, (before, after) in itertools.product(DANGERS[language], AROUND[language])
]


@pytest.mark.parametrize(("language", "text"), CASES)
def test_politeness_filler_case_and_signs_hide_no_danger(language: Language, text: str) -> None:
    """Urgent as it is, in capitals, without its accents' signs, spaced out, and with dots for spaces."""
    for written in (text, text.upper(), text.replace(" ", "  "), text.replace(" ", "... ", 1), f"{text} 🙏"):
        assert classify(written, language).urgent, written


CALM = [
    (EN, "my brother is not suicidal, he just needs a ride"),
    (EN, "no one overdosed, the class is about overdoses"),
    (EN, "my grandfather died ten years ago, i still miss him"),
    (EN, "this traffic is killing me, running late"),
    (EN, "my phone died, sorry"),
    (ES, "me muero de risa con tu mensaje"),
    (PT, "meu celular morreu, desculpa"),
    (HT, "telefòn mwen mouri, padon"),
]


@pytest.mark.parametrize(("language", "text"), CALM)
def test_what_is_denied_long_ago_or_a_figure_of_speech_pages_nobody(language: Language, text: str) -> None:
    """The same words, turned by negation, time or what they are said of."""
    assert not classify(text, language).urgent


@pytest.mark.parametrize(
    ("language", "denied", "meant"),
    [
        (EN, "she doesn't want to hurt herself", "she wants to hurt herself"),
        (ES, "no quiere hacerse daño", "quiere hacerse daño"),
        (PT, "ela não quer se matar", "ela quer se matar"),
        (HT, "li pa vle touye tèt li", "li vle touye tèt li"),
        (EN, "he does not want to kill himself", "he does not want to kill himself but he has a gun"),
    ],
)
def test_a_wish_to_harm_oneself_turns_with_its_denial(language: Language, denied: str, meant: str) -> None:
    """Denied, it pages nobody by these words alone; what comes after a "but" may take that back."""
    assert not classify(denied, language).urgent
    assert classify(meant, language).urgent


CHAT = [
    "ok i will think about it",
    "how are you today?",
    "running late, the bus broke down",
    "lol my phone died again",
    "that movie killed me haha",
    "can we talk tomorrow at 3 instead",
    "my mom says hi",
    "yes that works",
    "i'm so tired after work",
    "what time does the office close",
    "google says 6:30 but i can walk",
    "thanks for listening to me",
    "he didn't reply to my text",
    "see you tomorrow, good night",
]


@pytest.mark.parametrize(
    "words",
    ["me voy a cortar las venas esta noche. adios", "he is not breathing", "i want to die"],
)
def test_what_is_rather_danger_than_not_pages_from_a_thread_that_a_coordinator_has(words: str) -> None:
    """They may have looked away from it."""
    contact = Contact(channel=Channel.TEXT, state=ContactState.TEXT_WITH_PERSON)
    facts = Facts(thread_open=True, thread_taken=True, languages=tuple(Language))
    turn = step(contact, Texted(words), facts)
    assert [one.subject for one in turn.requests if isinstance(one, Reach)] == [Subject.EMERGENCY]


@pytest.mark.parametrize(
    "words",
    [
        "im 15 and my friend gave me percs i want to stop, dont tell my mom",
        "dont tell my mom",
        "please don't tell my wife",
    ],
)
def test_whom_it_must_be_kept_from_is_no_leave_taking(words: str) -> None:
    """A person reads it; nobody is paged because a mother must not hear of it."""
    assert not classify(words, EN).urgent


def test_who_says_more_than_whom_to_keep_it_from_is_read_for_the_rest() -> None:
    for words in (
        "i took 40 pills dont tell my mom",
        "don't tell my wife, tell my kids i love them, goodbye",
    ):
        assert classify(words, EN).urgent


def test_an_hours_chat_with_a_coordinator_pages_nobody() -> None:
    """A coordinator has the thread: whatever the score thinks of talk, no emergency opens."""
    contact = Contact(channel=Channel.TEXT, state=ContactState.TEXT_WITH_PERSON)
    facts = Facts(thread_open=True, thread_taken=True)
    for words in CHAT * 3:
        turn = step(contact, Texted(words), facts)
        assert not [
            ask for ask in turn.requests if isinstance(ask, Reach) and ask.subject is Subject.EMERGENCY
        ], words
        contact = turn.contact


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("want to stop drinking", EN),
        ("help me stop using", EN),
        ("i cant stop drinking", EN),
        ("quiero dejar de beber", ES),
        ("quisiera dejar de tomar", ES),
        ("hola, necesito dejar de consumir", ES),
        ("oi, quero parar de beber", PT),
        ("queria parar de usar", PT),
        ("nao consigo parar de beber", PT),
        ("mwen vle sispann bwè", HT),
        ("bonjou, m bezwen sispann pran dwog", HT),
        ("mwen bezwen tretman, mwen pa ka kanpe bwè", HT),
        ("mwen pa ka kanpe fimen, mwen vle tretman", HT),
    ],
)
def test_a_plain_wish_to_stop_using_asks_for_treatment(words: str, language: Language) -> None:
    """And is no wish for fewer messages, nor one to die."""
    assert read(words, language) is Meaning.ADMISSIONS


@pytest.mark.parametrize(
    ("words", "language", "meaning"),
    [
        ("i want to stop texts", EN, Meaning.OPT_OUT),
        ("quiero dejar de recibir mensajes", ES, Meaning.OPT_OUT),
        ("quero parar de receber mensagens", PT, Meaning.OPT_OUT),
        ("mwen vle sispann resevwa mesaj", HT, Meaning.OPT_OUT),
        ("my son wants to stop drinking", EN, Meaning.FAMILY),
        ("quisiera dejar de existir", ES, Meaning.SUICIDE),
        ("queria parar de sofrer", PT, Meaning.SUICIDE),
        ("i want to stop drinking and i took all my pills", EN, Meaning.EMERGENCY),
    ],
)
def test_what_else_somebody_wants_to_stop_is_read_as_ever(
    words: str, language: Language, meaning: Meaning
) -> None:
    """Texts, somebody else's drinking, living, or beside a danger."""
    assert read(words, language) is meaning
