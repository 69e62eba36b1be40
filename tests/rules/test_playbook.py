"""The script language of rules: it plays, it tells, and it can't be forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from hotline.model import Language, Line, Subject
from hotline.triage.caller_events import Began, Pressed, Silent
from hotline.triage.contact import ContactState
from hotline.triage.turn import Listen, Reach, Spoken, Wait
from tests.conftest import pytest_pyfunc_call
from tests.playbook import Given, Playbook, Stands, Unchanged, unplayed
from tests.scripts import Call


class Echo(Playbook):
    """A rule that says everything as often as it is told, and counts what it heard."""

    def begin(self) -> None:
        self.times, self.heard = 1, 0

    def given(self, facts: dict[str, Any]) -> None:
        self.times = facts["times"]

    def happens(self, event: Any) -> Sequence[Any]:
        self.heard += 1
        if event == "crash":
            raise ValueError("no")
        return [event] * self.times

    @property
    def subject(self) -> SimpleNamespace:
        return SimpleNamespace(heard=self.heard)


def complaint(script: Playbook) -> list[str]:
    """What a script that fails says, line by line."""
    with pytest.raises(AssertionError) as failed:
        assert script
    return str(failed.value).splitlines()[1:]


def test_what_comes_as_it_is_written_passes_and_may_go_on() -> None:
    """Facts hold from where they are given; a script that was played can be played on."""
    script = Echo() >> "a" << "a" >> Given(times=2) >> "b" << "b" << "b" << Stands(heard=2)
    assert script
    assert script >> Given(times=0) >> "c"
    assert script << Stands(heard=3)


def test_a_failure_is_the_whole_conversation() -> None:
    """As written, and as it went: what agrees stands there, too."""
    assert complaint(Echo() >> "a" << "a" >> "b" << "x" >> "c" << "c") == [
        "  >> a",
        "     << a",
        "  >> b",
        "-    << x",
        "+    << b",
        "  >> c",
        "     << c",
    ]


def test_too_much_too_little_and_the_wrong_order_fail() -> None:
    """Nothing is left out by not being written."""
    twice = Given(times=2)
    assert complaint(Echo() >> twice >> "a" << "a")[-1] == "+    << a"
    assert complaint(Echo() >> "a" << "a" << "a")[-1] == "-    << a"
    assert complaint(Echo() >> "a")[-1] == "+    << a"
    call = Call(ContactState.HOLDING, line=Line.ADMISSIONS) >> Pressed("1")
    assert '-    << "emergency"' in complaint(
        call << Reach(Subject.EMERGENCY) << "emergency" << Listen(Wait.BRIEF)
    )


def test_a_field_that_stands_otherwise_fails() -> None:
    """And shows how it stands."""
    assert complaint(Echo() >> "a" << "a" << Stands(heard=5))[-2:] == [
        "-    << Stands(heard=5)",
        "+    << Stands(heard=1)",
    ]


def test_what_changes_nothing_can_be_said_and_is_compared_as_a_whole() -> None:
    """Whatever the fields are."""
    assert Call(ContactState.ENDED) >> Silent() << ... << Unchanged()
    assert complaint(Echo() >> "a" << "a" << Unchanged())[-1] == "+    << Stands(unchanged=False)"


def test_three_dots_are_anything_and_a_class_is_any_of_its_kind() -> None:
    """Where it doesn't matter: nothing, too."""
    assert Echo() >> Given(times=3) >> "a" << ... << "a" << "a" << ...
    assert Echo() >> Given(times=3) >> "a" << "a" << ...
    assert Echo() >> Given(times=0) >> "a" << ...
    assert Echo() >> "a" << str
    assert complaint(Echo() >> "a" << ... << int)[-1] == "-    << int"


def test_an_answer_to_nothing_is_a_mistake_in_the_script() -> None:
    """Facts alone bring nothing."""
    for script in (Echo(), Echo() >> Given(times=1)):
        with pytest.raises(TypeError, match="nothing has happened"):
            script << "a"
        assert script


def test_a_rule_that_raises_tells_how_it_came_to_it() -> None:
    """The conversation until then is with the error."""
    with pytest.raises(ValueError, match="no") as failed:
        assert Echo() >> "a" << "a" >> "crash"
    assert failed.value.__notes__ == ["in this conversation:\n>> a\n   << a\n>> crash"]


def test_a_script_that_nobody_asserts_is_known() -> None:
    """Once, as it was written: tests/conftest.py fails the test for it."""
    Echo() >> "a" << "a" << int
    assert unplayed() == [">> a\n   << a\n   << int"]
    assert unplayed() == []
    played = Echo()
    assert played
    played >> "more"
    assert unplayed() == [">> more"]


def test_a_test_that_forgets_to_assert_fails() -> None:
    """Whatever else it has found."""
    around = pytest_pyfunc_call()
    next(around)
    Echo() >> "a"
    with pytest.raises(AssertionError, match=r"never asserted:\n\s*>> a"):
        around.send(None)


def test_a_prompt_is_its_key_in_the_contact_s_language() -> None:
    """Another language has to be written."""
    assert (
        Call()
        >> Given(languages=(Language.EN, Language.HT))
        >> Began()
        << "first_words"
        << Spoken("language_choice", language=Language.HT)
        << "menu"
        << Listen(Wait.MENU)
        << Stands(state=ContactState.MENU, language=Language.EN)
        >> Silent()
        << "no_input"
        << "menu"
        << Listen
    )
