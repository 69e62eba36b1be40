"""Every sentence that says what happens next is spoken by what makes it happen; none is left out of this list."""

from __future__ import annotations

import itertools
import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

import hotline.prompts
from hotline.model import Channel, Danger, Language, Line, PhoneNumber, When
from hotline.triage.call import next_words
from hotline.triage.caller_events import Event, Pressed, Silent
from hotline.triage.contact import Contact, ContactState
from hotline.triage.facts import Facts
from hotline.triage.flow import step
from hotline.triage.turn import Dial, Listen, PromiseCallback, Reach, Turn

MIA: Final = PhoneNumber("+16175550142")
HOLDS: Final = Contact(Channel.VOICE, ContactState.HOLDING, line=Line.ADMISSIONS, caller=MIA)
ASKED: Final = Contact(Channel.VOICE, ContactState.ASK_TEXT, line=Line.ADMISSIONS, caller=MIA)


def words(turn: Turn) -> list[str]:
    """The prompts that a turn says."""
    return [one.prompt for one in turn.say]


@pytest.mark.parametrize("state", [state for state in ContactState if not state.value.startswith("text_")])
def test_a_call_back_is_promised_in_an_emergency_only_to_somebody_with_a_number(state: ContactState) -> None:
    """From every state of a call, key 1 with a withheld number promises none."""
    for caller, typed in itertools.product((MIA, None), (MIA, None)):
        contact = Contact(Channel.VOICE, state, line=Line.PERSON, caller=caller, callback_number=typed)
        said = words(step(contact, Pressed("1"), Facts()))
        assert ("emergency" in said) <= (caller is not None or typed is not None)
        assert ("emergency_hidden" in said) <= (caller is None and typed is None)


@pytest.mark.parametrize(("on_calls", "no_number"), list(itertools.product((True, False), (True, False))))
@pytest.mark.parametrize("event", [Silent(), Pressed("7")])
def test_who_holds_is_told_what_is_so(on_calls: bool, no_number: bool, event: Event) -> None:
    """Staff are on calls if they are; 4 is offered to whom it brings a call back, in each language alike."""
    contact = replace(HOLDS, no_number=no_number)
    facts = Facts(all_on_calls=on_calls, languages=tuple(Language))
    said = set(words(step(contact, event, facts)))
    wanted = "waiting_only" if no_number else ("waiting" if on_calls else "waiting_ringing")
    assert said & {"waiting", "waiting_only", "waiting_ringing"} == {wanted}
    four = step(contact, Pressed("4"), facts)
    assert any(isinstance(ask, PromiseCallback) for ask in four.requests) == (not no_number)


@pytest.mark.parametrize("when", [None, *When])
def test_no_time_is_promised_when_no_more_calls_leave_by_themselves(when: When | None) -> None:
    """Whatever time they named: a person decides."""
    assert next_words.confirmed(replace(ASKED, when=when), Facts(held_back=True)).prompt == "confirmed_soon"


@pytest.mark.parametrize(("nobody_on", "when"), list(itertools.product((True, False), (None, *When))))
def test_a_number_of_minutes_is_promised_only_while_somebody_is_on_duty(
    nobody_on: bool, when: When | None
) -> None:
    """And never without the callback that keeps it."""
    facts = Facts(nobody_on=nobody_on)
    turn = step(replace(ASKED, when=when), Pressed("4"), facts)
    (said,) = [word for word in words(turn) if word.startswith("confirmed")]
    assert any(isinstance(ask, PromiseCallback) and ask.ready for ask in turn.requests)
    if when in (None, When.NOW):
        assert said == ("confirmed_unstaffed" if nobody_on else "confirmed")
    else:
        assert said == f"confirmed_{when}"
    assert next_words.confirmed(replace(ASKED, when=when), facts).prompt == said


@pytest.mark.parametrize("state", [state for state in ContactState if not state.value.startswith("text_")])
@pytest.mark.parametrize("event", [Silent(), *map(Pressed, "0123456789*#")])
def test_a_person_is_being_got_when_one_is(state: ContactState, event: Event) -> None:
    """ "I am getting a person for you" goes with phones that are set ringing, or a dial from the call itself."""
    for line, over, danger in itertools.product(Line, (True, False), Danger):
        contact = Contact(Channel.VOICE, state, line=line, caller=MIA, danger=danger)
        turn = step(contact, event, Facts(ring_over=over))
        if "getting_person" in words(turn):
            assert isinstance(turn.then, Dial) or any(isinstance(ask, Reach) for ask in turn.requests)
            assert isinstance(turn.then, Dial | Listen)


SAYS_WHAT_IS_NEXT: Final = re.compile(
    r"\bwill\b|\bwe call\b|are (calling|finding|getting|on calls)|am getting|being called|rings? (again|now)|"
    r"is rung|try again|no one is here|goes to|go to the|read your text|don't call",
    re.IGNORECASE,
)
KNOWN: Final = {
    "emergency, emergency_hidden": "by whether there is a number: here",
    "waiting, waiting_ringing, waiting_only": "by who rings and who talks: here",
    "confirmed, confirmed_unstaffed, confirmed_afternoon, confirmed_evening, confirmed_morning": "here",
    "confirmed_time": "by what they have named and heard again: tests/rules/test_dialogue",
    "check_time_today, check_time_tomorrow, check_time_date": "keep the callback open: tests/rules/test_dialogue",
    "confirmed_soon": "by whether calls still leave by themselves: here, and tests/stories/test_spending",
    "getting_person, interpreter": "with the phones that ring for it: here, and test_flow_proofs",
    "admissions, family_coordinator, family_callback, person_callback": "open the callback in the same turn",
    "number_withheld": "the callback is opened with the number that is asked for",
    "check_number": "a number that is read back, before it is promised anything",
    "failsafe": "a <Dial> of the failsafe number follows in the same document: tests/telephony",
    "calling_back": "key 1 leads to the emergency, with a human or without: tests/rules/test_call_flow",
    "someone_else, someone_else_script": "neutral words, to somebody who is not told what about",
    "suicide, taken, danger": "the page leaves in the same turn: test_endangered, test_text_proofs",
    "unsure, unsure_danger, picture": "the escalation of the thread is opened in the same turn: test_text_proofs",
    "stopped, cancelled": "nothing is sent or rung any more: tests/stories/test_text_stop, test_text_self_service",
    "stopped_calls": "what was owed is over in the same turn: tests/stories/test_asked_to_stop",
    "later_today, later_tomorrow, later_date": "the time is committed in the same turn",
    "status_late, status_ringing, status_taken, status_calling, status_unreached": "by the callback's status",
    "outcome_emergency_who": "key 3 is an attempt that failed, which has another time: tests/stories",
    "good_time, ask_when, invalid_key": "questions, that promise nothing",
    "needs_interpreter, needs_own_interpreter": "by the languages of whoever hears it: test_staff_languages",
    "whisper_later, whisper_elsewhere, whisper_gone": "tests/stories/test_crossings",
    "opening_script_later": "before a call that is made later: tests/stories/test_person_first",
    "late_script": "before a call that is late: tests/stories/test_put_back",
    "calling_now": "in an emergency with the call, else before it: tests/stories/test_calling_now",
    "still_calling": "heard by staff alone in a room, while the caller's phone rings, or before it does",
    "not_answered, not_answered_last": "by whether another time is set: tests/stories/test_what_is_next",
    "declined, declined_last, rings_again": "by whether a phone rings: tests/stories/test_what_is_next",
    "staff_call, staff_call_emergency": "1 places the call in the same turn: test_staff_late",
    "hand_off_calling, hand_off_running": "with the ring in the same transaction: test_warm_hand_off",
    "clinician_called, help_called, interpreter_called": "with the ring in the same transaction: test_staff_star",
}


def test_no_sentence_that_says_what_is_next_is_left_out() -> None:
    """A new one is written into this list, with what makes it true."""
    known = {prompt for listed in KNOWN for prompt in listed.split(", ")}
    folder = Path(hotline.prompts.__file__).parent
    written = tomllib.loads((folder / "en.toml").read_text())
    tells = {
        key
        for table in ("voice", "text", "staff_voice")
        for key, sentence in written[table].items()
        if SAYS_WHAT_IS_NEXT.search(sentence)
    }
    assert tells - known == set()
