"""Yes and no as people say them when we ask whether a message is safe; what is neither is asked once more."""

from __future__ import annotations

from itertools import product

import pytest

from hotline.model import Language, Line
from hotline.prompts.word_lists import all_words
from hotline.triage.call.agreeing import agreed
from hotline.triage.caller_events import Said, Silent
from hotline.triage.contact import ContactState
from hotline.triage.turn import Listen, Wait
from tests.playbook import Stands
from tests.scripts import Call

YES = """
yes
ok
sure
yeah sure
Yes, it is safe.
Yeah, it's safe
it’s safe
yes it's fine, thank you
Sure, leave a message
yes please leave a message
that's right
absolutely
sí
Sí, claro
sí, está bien
claro que sí
sí, puede dejar un mensaje
sim
sim, claro
pode deixar
sim, pode deixar um recado
wi
wi, dakò
wi, ou ka kite yon mesaj
""".strip().splitlines()
NO = """
no
no thank you
please don't
No, it's not safe
don't leave a message
no, claro que no
para nada
não pode
não, obrigada
non, mèsi
""".strip().splitlines()
NEITHER = """
i guess so
maybe
not sure
yeah no
is it safe
no it's safe
yes but not at night
yes unless my husband answers
yes and no
leave a message
no sé
sí pero de día
pa ou ka
who hears it
yes yes yes yes yes yes yes yes yes yes yes yes yes
""".strip().splitlines()
MENU = Listen(Wait.MENU)


def asked(language: Language = Language.EN) -> Call:
    """Mia, who was asked whether a message is safe."""
    return Call(ContactState.ASK_MESSAGE, line=Line.ADMISSIONS, language=language)


@pytest.mark.parametrize(
    ("words", "answer"),
    [(one, said) for said, every in ((True, YES), (False, NO), (None, NEITHER)) for one in every],
)
def test_every_word_agrees_or_every_word_refuses(words: str, answer: bool | None) -> None:
    """Or it is no answer."""
    assert agreed(words) is answer
    assert agreed(words.upper()) is answer


def test_no_words_are_no_answer() -> None:
    """Nor is what is no word."""
    assert agreed("") is agreed("...") is None


def test_nothing_agrees_and_refuses() -> None:
    """Not even in two languages: each list may be asked whatever the caller speaks."""
    agrees, refuses = (
        {*all_words("keywords", whole), *all_words("choices", part)}
        for whole, part in (("yes", "agrees"), ("no", "refuses"))
    )
    beside = {*all_words("choices", "beside_an_answer")}
    assert not agrees & refuses
    assert not beside & refuses


@pytest.mark.parametrize(
    ("language", "words"), [*product([Language.EN], YES[:12]), (Language.ES, "Sí, claro")]
)
def test_a_spoken_yes_makes_a_message_safe(language: Language, words: str) -> None:
    """At once, if it was heard well; in whatever words."""
    heard = asked(language) >> Said(words) << ... << Stands(state=ContactState.ASK_TEXT, message_safe=True)
    assert heard
    assert asked(language) >> Said(words, 0.4) << ["say_again", "ask_message", MENU]


@pytest.mark.parametrize("again", [Said("i guess so"), Said("yeah sure", 0.4), Silent()])
def test_a_doubtful_answer_is_asked_for_once_more_and_then_nothing_is_left(again: Said | Silent) -> None:
    """Doubt never makes a message safe."""
    script = asked() >> Said("i guess so") << ["say_again", "ask_message", MENU]
    assert script >> again << ... << Stands(state=ContactState.ASK_TEXT, message_safe=False)
