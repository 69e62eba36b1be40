"""Whole calls at random, with every webhook twice, late or out of order, and a hang-up at any moment.

Whatever happens: each answer is TwiML that the strict carrier takes, a repeat is answered alike, and when the call is
over exactly one thing owns what the caller wanted.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline.model import Line, Outcome, PhoneNumber, Subject
from hotline.operations.transaction import Transaction
from hotline.simulator.twiml.document import VOICE, parse
from hotline.store.cases import callbacks, contacts
from hotline.store.cases.contacts import ContactRow
from hotline.store.overviews import conference
from tests.stories.centre import CENTRE, LINE, SITE
from tests.telephony.doorstep import Doorstep, build
from tests.telephony.walker import Walker

FOUR = CENTRE.replace("[line]", '[line]\nlanguages = ["en", "es", "pt", "ht"]', 1)
WORDS = ("treatment", "yes", "no", "he won't wake up", "I want to die", "eh", "español", "tomorrow", "police")
NUMBERS = itertools.count()
Step = Callable[[Walker], object]


def pressing(keys: str) -> Step:
    return lambda walker: walker.goes_on(Digits=keys)


def saying(words: str, confidence: float) -> Step:
    return lambda walker: walker.says(words, confidence)


def waiting(seconds: int) -> Step:
    return lambda walker: walker.waits(seconds)


def dialled(status: str) -> Step:
    return lambda walker: walker.goes_on(DialCallStatus=status)


def repeating(back: int) -> Step:
    """The carrier sends an earlier webhook once more."""
    return lambda walker: walker.repeats(back)


def staff_answer(walker: Walker) -> None:
    walker.is_answered_by_staff()


STEPS: st.SearchStrategy[Step] = st.one_of(
    st.builds(pressing, st.sampled_from([*"0123456789#*", "6175550177#", "911#", "9005550100#"])),
    st.builds(saying, st.sampled_from(WORDS), st.sampled_from((0.0, 0.4, 0.9))),
    st.just(lambda walker: walker.is_silent()),
    st.builds(waiting, st.sampled_from((1, 20, 70, 600))),
    st.builds(dialled, st.sampled_from(("completed", "no-answer", "busy", "failed"))),
    st.builds(repeating, st.integers(0, 5)),
    st.just(staff_answer),
    st.just(lambda walker: walker.hangs_up()),
)


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Doorstep:
    """One house for all of them: its staff are seldom free, as in life."""
    home: Path = tmp_path_factory.mktemp("walks")
    return build(home, centre=FOUR)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=14), withheld=st.booleans())
def test_a_call_ends_in_one_owned_state(door: Doorstep, steps: list[Step], withheld: bool) -> None:
    """However it went."""
    number = next(NUMBERS)
    caller = "+266696687" if withheld else f"+1617557{number:04}"
    walker = Walker(door, f"CAwalk{number}", caller).begins()
    for step in steps:
        step(walker)
    for answer in walker.heard:
        parse(answer, f"{SITE}/twilio/voice", VOICE)
    walker.hangs_up()
    owners = door.look(lambda transaction: owned_by(transaction, walker.contact))
    assert len(owners) == 1, (walker.contact.state, walker.contact.outcome, owners)
    if not withheld:
        assert door.look(lambda transaction: open_callbacks(transaction, PhoneNumber(caller))) <= 1


def owned_by(transaction: Transaction, row: ContactRow) -> list[str]:
    """What this contact ended in: one thing and no two."""
    assert row.ended_at is not None
    emergency = conference.open_escalation(transaction.tx, row.room, Subject.EMERGENCY) is not None
    owed = callbacks.get(transaction.tx, row.callback_id) if row.callback_id else None
    found: list[str] = []
    if row.outcome is Outcome.EMERGENCY:
        found.append("emergency" if emergency else "an emergency that nobody has")
    if row.outcome is Outcome.CALLBACK:
        found.append(
            "callback" if owed and (owed.callback.is_open or emergency) else "a callback that isn't there"
        )
    if row.outcome in (Outcome.REACHED, Outcome.LEFT_EARLY, Outcome.BLOCKED, Outcome.UNREACHABLE):
        found.append(row.outcome)
    live = [
        one for one in conference.open_escalations(transaction.tx, row.room) if one.escalation.subject in LIVE
    ]
    if live and not conference.staff_in(transaction.tx, row.room):
        found.append("phones that ring for nobody")
    return found


LIVE = (Subject.ADMISSIONS, Subject.FAMILY, Subject.PERSON)


def open_callbacks(transaction: Transaction, number: PhoneNumber) -> int:
    """How many are owed to this number; an emergency's is one of its own, beside what was asked for."""
    asked = (one for one in callbacks.all_open(transaction.tx) if one.callback.line is not Line.EMERGENCY)
    return sum(row.number == number for row in asked)


def test_hanging_up_at_every_verb_leaves_one_owner(tmp_path: Path) -> None:
    """The longest way through the dialogue, ended after each of its answers."""
    door = build(tmp_path, centre=FOUR)
    way = ("8", "2", "4", "5", "6175550177#", "4", "4", "5", "5", "3")
    for length in range(len(way) + 1):
        walker = Walker(door, f"CAverb{length}", f"+1617558{length:04}").begins().presses(*way[:length])
        walker.hangs_up().hangs_up()
        (owner,) = door.look(partial(owned_by, row=walker.contact))
        assert owner == (Outcome.LEFT_EARLY if length == 0 else "callback")
        assert door.look(lambda transaction: len(contacts.ongoing(transaction.tx))) == 0


def test_a_repeat_is_answered_alike(tmp_path: Path) -> None:
    """At once and much later, each webhook of a whole dialogue gets the words that it got the first time."""
    door = build(tmp_path, centre=FOUR)
    walker = Walker(door).begins().presses("2", "4", "4", "4", "5", "4")
    for back in range(len(walker.asked)):
        again = walker.door.post(*walker.asked[back])
        assert again.text == walker.heard[back]
    walker.waits(3600)
    for back in range(len(walker.asked)):
        assert walker.door.post(*walker.asked[back]).text == walker.heard[back]
    assert door.look(lambda transaction: len(callbacks.all_open(transaction.tx))) == 1
    assert LINE not in "".join(walker.heard[:2])
