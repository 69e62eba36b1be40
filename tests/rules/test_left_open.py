"""A question of ours by text, to which they write something else first: its key answers it all the same."""

from __future__ import annotations

from typing import Final

import pytest

from hotline.model import Language, Line, Subject
from hotline.triage.caller_events import Silent, Texted
from hotline.triage.contact import ContactState
from hotline.triage.open_callback import CallbackStanding, OpenCallback
from hotline.triage.turn import CancelCall, PromiseCallback, Reach
from tests.playbook import Given, Stands
from tests.scripts import MIA, Thread

SAFE: Final = ContactState.TEXT_SAFE
CANCEL: Final = ContactState.TEXT_CANCEL
THREAD: Final = Reach(Subject.THREAD)
OWED: Final = OpenCallback(Line.ADMISSIONS, CallbackStanding.IN_LINE, 15, text_safe=True)
ELSEWHERE: Final = {
    Language.EN: "is the side door open",
    Language.ES: "la puerta de al lado esta abierta",
    Language.PT: "qual o nome da rua",
    Language.HT: "pot la louvri",
}
"""Something that no menu knows."""


def promised(language: Language) -> PromiseCallback:
    return PromiseCallback(Line.FAMILY, MIA, ready=True, text_safe=True, language=language)


@pytest.mark.parametrize("language", Language)
def test_yes_it_is_safe_counts_after_another_question(language: Language) -> None:
    """They have their place, and are told so; in each language."""
    assert (
        Thread(SAFE, line=Line.FAMILY, language=language, language_chosen=True)
        >> Texted(ELSEWHERE[language])
        << ["unsure", THREAD]
        << Stands(left_open=SAFE)
        >> Given(thread_open=True)
        >> Texted("4")
        << ["confirmed", promised(language)]
        << Stands(state=ContactState.TEXT_WAITING, text_safe=True, left_open=None)
    )


@pytest.mark.parametrize("language", Language)
def test_no_it_is_not_safe_counts_too(language: Language) -> None:
    """Nothing rings there."""
    assert (
        Thread(SAFE, line=Line.FAMILY, language=language, language_chosen=True)
        >> Texted(ELSEWHERE[language])
        << ["unsure", THREAD]
        >> Given(thread_open=True)
        >> Texted("5")
        << ["goodbye"]
        << Stands(text_safe=False, left_open=None)
    )


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(("key", "said"), [("4", ["cancelled", CancelCall()]), ("5", ["confirmed"])])
def test_whether_to_have_no_call_at_all_is_answered_late(
    language: Language, key: str, said: list[object]
) -> None:
    """By 4 as by 5."""
    assert (
        Thread(CANCEL, line=Line.ADMISSIONS, language=language, language_chosen=True)
        >> Given(open_callback=OWED)
        >> Texted(ELSEWHERE[language])
        << ["unsure", THREAD]
        << Stands(state=ContactState.TEXT_WAITING, left_open=CANCEL)
        >> Given(thread_open=True)
        >> Texted(key)
        << said
        << Stands(left_open=None)
    )


def test_a_question_of_the_same_keys_takes_its_place() -> None:
    """4 is the answer to what was asked last."""
    assert (
        Thread(SAFE, line=Line.FAMILY, left_open=None)
        >> Texted(ELSEWHERE[Language.EN])
        << ["unsure", THREAD]
        << Stands(left_open=SAFE)
        >> Given(open_callback=OWED, thread_open=True)
        >> Texted("status")
        << ...
        >> Texted("2")
        << ...
        >> Texted("4")
        << ...
        << Stands(left_open=None)
    )


def test_what_was_answered_is_not_answered_again() -> None:
    """A second 4 answers nothing."""
    assert (
        Thread(SAFE, line=Line.FAMILY)
        >> Texted("4")
        << ["confirmed", PromiseCallback(Line.FAMILY, MIA, ready=True, text_safe=True)]
        << Stands(left_open=None)
        >> Given(open_callback=OWED)
        >> Texted("4")
        << []
    )


def test_once_a_person_has_the_thread_a_key_is_for_them() -> None:
    """They may have asked something themselves."""
    assert (
        Thread(SAFE, line=Line.FAMILY)
        >> Texted(ELSEWHERE[Language.EN])
        << ["unsure", THREAD]
        >> Given(thread_open=True, thread_taken=True)
        >> Texted("4")
        << []
    )


def test_only_a_key_answers_late_and_only_while_they_wait() -> None:
    """ "Yes" may be about anything by then; and an emergency, or the end of texts, is no time for it."""
    begun = Thread(SAFE, line=Line.FAMILY) >> Texted(ELSEWHERE[Language.EN]) << ["unsure", THREAD]
    assert begun >> Given(thread_open=True) >> Texted("yes") << []
    for ends in ("he is not breathing", "stop texting me"):
        begun = Thread(SAFE, line=Line.FAMILY) >> Texted(ELSEWHERE[Language.EN]) << ["unsure", THREAD]
        assert begun >> Texted(ends) << ... << Stands(left_open=None)


def test_a_silence_leaves_it_open() -> None:
    """A person reads the thread, and their 4 still gives them their place."""
    assert (
        Thread(SAFE, line=Line.FAMILY)
        >> Silent()
        << [THREAD]
        >> Given(thread_open=True)
        >> Texted("4")
        << ["confirmed", PromiseCallback(Line.FAMILY, MIA, ready=True, text_safe=True)]
    )
