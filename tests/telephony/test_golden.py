"""Golden TwiML: what the carrier is told in every state of a call, in every language, to the letter.

A change of words or of verbs shows here as a change of golden/*.xml, to be read before it is agreed to:
``HOTLINE_WRITE_GOLDEN=1 pytest tests/telephony/test_golden.py`` writes them anew.
"""

from __future__ import annotations

import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from hotline.callbacks.callback import CallbackStatus
from hotline.model import Language
from hotline.operations.callbacks import ringing_back
from hotline.operations.transaction import Transaction
from hotline.referral.hand_off import HandOffStatus
from hotline.simulator.twiml.document import VOICE, parse
from hotline.store.cases import callbacks, hand_offs
from hotline.store.cases.hand_offs import HandOffRow
from hotline.store.overviews import conference
from hotline.store.people import staff
from hotline.triage.contact import ContactState
from tests.scripts import TEXT_STATES
from tests.stories.centre import CENTRE, SITE
from tests.telephony.doorstep import Doorstep, build
from tests.telephony.walker import Walker

GOLDEN = Path(__file__).parent / "golden"
KEYS = {Language.EN: (), Language.ES: ("8",), Language.PT: ("9",), Language.HT: ("7",)}
WITH_STAFF = (
    ContactState.IN_ROOM,
    ContactState.ON_HOLD,
    ContactState.AFTER_TALK,
    ContactState.ASKED_FOR_CALL,
    ContactState.ENDED,
)
"""A call that needs somebody free has an application to itself."""
Walk = Callable[[Walker], Walker]


def dialogue(walker: Walker) -> Walker:
    return walker.presses("2", "4")


def asked_text(walker: Walker) -> Walker:
    return dialogue(walker).presses("4", "4")


def rung_back(walker: Walker) -> Walker:
    """Ana calls them: the first words of a call of ours, which is the walker's call from now on."""
    asked_text(walker).presses("5", "5").hangs_up()

    def dial(transaction: Transaction) -> str:
        (row,) = callbacks.all_open(transaction.tx)
        ana = next(one.id for one in staff.active(transaction.tx) if one.name == "Ana Lima")
        dialled = ringing_back.dial_caller(transaction, ringing_back.take(transaction, row, ana))
        assert dialled.callback.status is CallbackStatus.CALLING
        return str(dialled.call_contact_id)

    contact = walker.door.here.application.change(dial)
    walker.sid = "CA-ours"
    walker.heard.append(f'<Gather action="/twilio/voice/turn/{contact}/0">')
    return walker.goes_on()


def told_aside(walker: Walker) -> Walker:
    """Whoever talks with them speaks with somebody else, and they are taken out of the room for a moment."""
    walker.presses("2").is_answered_by_staff().is_silent()
    contact = walker.contact

    def hand_over(transaction: Transaction) -> None:
        (page,) = conference.staff_in(transaction.tx, contact.room)
        now = transaction.now
        row = HandOffRow("h", contact.id, contact.room, page.id, "a", "Harbor Detox", page.staff_id, now)
        hand_offs.add(transaction.tx, replace(row, status=HandOffStatus.ASIDE))

    walker.door.here.application.change(hand_over)
    walker.heard.append(f'<Gather action="/twilio/voice/hold/{contact.id}/errand">')
    return walker.goes_on()


WALKS: Mapping[str, tuple[ContactState, Walk]] = {
    "menu": (ContactState.MENU, lambda caller: caller),
    "menu, after a silence": (ContactState.MENU, lambda caller: caller.is_silent()),
    "menu, after words nobody is sure of": (ContactState.MENU, lambda caller: caller.says("eh", 0.1)),
    "menu, the second time": (ContactState.MENU, lambda caller: caller.is_silent(2)),
    "menu, the third time": (ContactState.HOLDING, lambda caller: caller.is_silent(3)),
    "holding": (ContactState.HOLDING, lambda caller: caller.presses("3")),
    "holding, a while": (ContactState.HOLDING, lambda caller: caller.presses("2").is_silent()),
    "emergency": (ContactState.EMERGENCY, lambda caller: caller.presses("1")),
    "emergency, what to do": (ContactState.EMERGENCY, lambda caller: caller.presses("1").is_silent()),
    "emergency, what else to do": (ContactState.EMERGENCY, lambda caller: caller.presses("1").is_silent(2)),
    "emergency, the police key": (ContactState.EMERGENCY, lambda caller: caller.presses("1").is_silent(3)),
    "emergency, the police": (ContactState.EMERGENCY, lambda caller: caller.presses("1", "6")),
    "emergency, suicide": (ContactState.EMERGENCY, lambda caller: caller.says("i want to kill myself")),
    "dialling": (ContactState.DIALLING, lambda caller: caller.presses("1").waits(61).is_silent()),
    "dialling, the failsafe number": (
        ContactState.DIALLING,
        lambda caller: caller.presses("1").waits(61).is_silent().goes_on(DialCallStatus="no-answer"),
    ),
    "choose_number": (ContactState.CHOOSE_NUMBER, dialogue),
    "choose_number, a wrong key": (ContactState.CHOOSE_NUMBER, lambda caller: dialogue(caller).presses("6")),
    "type_number": (ContactState.TYPE_NUMBER, lambda caller: dialogue(caller).presses("5")),
    "type_number, refused": (
        ContactState.TYPE_NUMBER,
        lambda caller: dialogue(caller).presses("5", "9005550100#"),
    ),
    "type_number, for 911": (ContactState.TYPE_NUMBER, lambda caller: dialogue(caller).presses("5", "911#")),
    "check_number": (ContactState.CHECK_NUMBER, lambda caller: dialogue(caller).presses("5", "6175550177#")),
    "ask_message": (ContactState.ASK_MESSAGE, lambda caller: dialogue(caller).presses("4")),
    "ask_text": (ContactState.ASK_TEXT, asked_text),
    "ask_when": (ContactState.ASK_WHEN, lambda caller: asked_text(caller).presses("5")),
    "choose_when": (ContactState.CHOOSE_WHEN, lambda caller: asked_text(caller).presses("5", "5")),
    "check_when": (
        ContactState.CHECK_WHEN,
        lambda caller: asked_text(caller).presses("5").says("tomorrow at 3 pm"),
    ),
    "farewell, at the time that they named": (
        ContactState.FAREWELL,
        lambda caller: asked_text(caller).presses("5").says("tomorrow at 3 pm").presses("4"),
    ),
    "farewell": (ContactState.FAREWELL, lambda caller: asked_text(caller).presses("5", "4")),
    "farewell, this evening": (
        ContactState.FAREWELL,
        lambda caller: asked_text(caller).presses("5", "5", "3"),
    ),
    "in_room": (ContactState.IN_ROOM, lambda caller: caller.presses("2").is_answered_by_staff().is_silent()),
    "on_hold": (ContactState.ON_HOLD, told_aside),
    "after_talk": (
        ContactState.AFTER_TALK,
        lambda caller: (
            caller.presses("2").is_answered_by_staff().is_silent().goes_on(DialCallStatus="completed")
        ),
    ),
    "asked_for_call": (ContactState.ASKED_FOR_CALL, rung_back),
    "ended, for somebody else": (ContactState.ENDED, lambda caller: rung_back(caller).presses("3")),
}


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Doorstep]:
    """Fresh doors of a line that speaks four languages."""
    centre = CENTRE.replace("[line]", '[line]\nlanguages = ["en", "es", "pt", "ht"]', 1)
    return lambda: build(tmp_path_factory.mktemp("door"), centre=centre)


def plain(twiml: str) -> str:
    """The answer, one verb to a line, with its ids made the same each time."""
    names: dict[str, str] = {}
    same = re.sub(
        r"\b[0-9a-f]{20}\b", lambda found: names.setdefault(found[0], f"id-{len(names) + 1}"), twiml
    )
    tree = ET.fromstring(same)
    ET.indent(tree)
    return ET.tostring(tree, encoding="unicode")


def test_every_state_of_a_call_is_among_them() -> None:
    """None is left out."""
    assert {state for state, _ in WALKS.values()} == set(ContactState) - TEXT_STATES


@pytest.mark.parametrize("language", Language)
def test_what_the_carrier_is_told(doors: Callable[[], Doorstep], language: Language) -> None:
    """To the letter; and the strict carrier takes every one of them."""
    told = []
    shared = doors()
    for number, (name, (state, walk)) in enumerate(WALKS.items()):
        door = doors() if state in WITH_STAFF else shared
        caller = Walker(door, f"CA{number}", f"+1617556{number:04}").begins().presses(*KEYS[language])
        walk(caller)
        assert caller.contact.state == state, name
        assert caller.contact.language is language
        parse(caller.heard[-1], f"{SITE}/twilio/voice", VOICE)
        told.append(f"<!-- {name} -->\n{plain(caller.heard[-1])}\n")
        caller.hangs_up()
    written = "\n".join(told)
    golden = GOLDEN / f"{language}.xml"
    if os.environ.get("HOTLINE_WRITE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(written)
    assert written == golden.read_text()
