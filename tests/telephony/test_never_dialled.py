"""Nothing of ours ever dials 911: not by REST, not in an answer, whoever asks for it and however it got in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import phonenumbers
import pytest
import requests
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneMetadata

from hotline.dialling import may_be_dialled
from hotline.effects import PlaceCall, SendText
from hotline.model import ContactId, Language, Outcome, PhoneNumber, RoomName, StaffId
from hotline.operations import roster
from hotline.operations.answers import Answer, Dialled, Then
from hotline.operations.outbox.delivery import GiveUp, Sent
from hotline.settings.load import Settings, read_centre
from hotline.simulator import HandClock, Simulator, WsgiAdapter, WsgiWeb, rest_app
from hotline.simulator.twiml.document import VOICE, BadTwiml, parse
from hotline.telephony.rest.carrier import NEVER_DIALLED, Carrier
from hotline.telephony.webhooks.incoming import call
from hotline.triage.turn import Spoken, Wait
from tests.stories.centre import ANA, FAILSAFE, LINE, SID, SITE, STAFF, TOKEN
from tests.telephony.doorstep import build
from tests.telephony.test_twiml import HERE

ALWAYS = (
    "+911", "+1911", "+988", "+1988", "+112", "+999", "+44999", "+110", "+1411", "+1211",
    "+19115550101", "+19885550101", "+16179110101", "+16174110101", "+16179760101", "+19005550101", "+19765550101",
    "+16175551212", "+15005550006", "+8816123456", "+870301234567", "+979123456789", "+447011234567",
)  # fmt: skip
"""Of every sort one or two."""


def short_numbers() -> Iterable[str]:
    """Every emergency number that any country's metadata names, alone and behind +1 and its own code."""
    for region in phonenumbers.SUPPORTED_SHORT_REGIONS:
        found = PhoneMetadata.short_metadata_for_region(region)
        if found and found.emergency and found.emergency.example_number:
            short = found.emergency.example_number
            yield from (f"+{short}", f"+1{short}", f"+{phonenumbers.country_code_for_region(region)}{short}")


FORBIDDEN = [one for one in dict.fromkeys((*ALWAYS, *short_numbers())) if len(one) > 3]
NUMBERS = st.sampled_from(FORBIDDEN) | st.integers(100, 10**15 - 1).map(lambda digits: f"+{digits}")


class Twilio:
    """The strict simulator behind the real carrier."""

    def __init__(self, settings: Settings) -> None:
        clock = HandClock(datetime(2026, 3, 2, 20, 0, tzinfo=UTC))
        self.sim = Simulator(SID, TOKEN, clock, WsgiWeb(Flask("nobody")))
        self.sim.number(LINE, voice_url=f"{SITE}/twilio/voice", sms_url=f"{SITE}/twilio/sms")
        self.session = requests.Session()
        self.session.mount("https://api.twilio.com", WsgiAdapter(rest_app(self.sim)))
        self.carrier = Carrier(settings, self.session)

    @property
    def dialled(self) -> list[str]:
        """Every number that a call or a text left for."""
        return [*(call.to for call in self.sim.calls), *(text.to for text in self.sim.messages)]


@pytest.fixture(scope="module")
def twilio(settings: Settings) -> Twilio:
    return Twilio(settings)


def effects(to: str) -> tuple[PlaceCall, SendText]:
    number = PhoneNumber(to)
    return (
        PlaceCall(number, "/twilio/voice/page/p1", "/twilio/voice/status/page/p1", 25),
        SendText(number, "Care Line: hello.", "/twilio/sms/status/m1"),
    )


# --- by REST ---------------------------------------------------------------------------------------------------


def test_no_rest_call_of_ours_goes_to_any_emergency_short_or_costly_number(twilio: Twilio) -> None:
    """The real carrier gives up before a request is made; the pretend Twilio never hears of it."""
    for number in FORBIDDEN:
        for effect in effects(number):
            assert twilio.carrier.perform(effect) == GiveUp(NEVER_DIALLED, Outcome.NOT_IN_SERVICE)
    assert twilio.dialled == []
    assert twilio.sim.violations == []


@given(NUMBERS)
def test_whatever_leaves_by_rest_may_be_dialled(twilio: Twilio, number: str) -> None:
    """Any row of digits: it is given up, or it is a plain number."""
    for effect in effects(number):
        result = twilio.carrier.perform(effect)
        assert may_be_dialled(PhoneNumber(number)) == (not isinstance(result, GiveUp))
    assert all(may_be_dialled(PhoneNumber(one)) for one in twilio.dialled)
    assert twilio.sim.violations == []


def test_plain_numbers_are_still_called(settings: Settings) -> None:
    """A carrier that refused everybody would pass the tests above."""
    twilio = Twilio(settings)
    assert all(isinstance(twilio.carrier.perform(effect), Sent) for effect in effects(ANA))
    assert twilio.dialled == [ANA, ANA]


@pytest.mark.parametrize("number", ALWAYS)
def test_the_pretend_twilio_refuses_them_by_itself(settings: Settings, number: str) -> None:
    """Loudly: a request that got past us would fail every story."""
    twilio = Twilio(settings)
    for path, more in (("Calls", {"Url": f"{SITE}/x"}), ("Messages", {"Body": "hello"})):
        answer = twilio.session.post(
            f"https://api.twilio.com/2010-04-01/Accounts/{SID}/{path}.json",
            data={"To": number, "From": LINE, **more},
            auth=(SID, TOKEN),
        )
        assert (answer.status_code, answer.json()["code"]) == (400, 21211)
    assert len(twilio.sim.violations) == 2
    assert twilio.dialled == []


# --- in an answer ----------------------------------------------------------------------------------------------


def dialling(*numbers: str, then: Then = Then.DIAL) -> Answer:
    people = tuple(Dialled(StaffId("ana"), PhoneNumber(one)) for one in numbers)
    return Answer(ContactId("c0ffee"), 5, Language.EN, (Spoken("emergency"),), then, Wait.MENU, dial=people)


def dialled_in(twiml: str) -> list[str]:
    parse(twiml, SITE, VOICE)
    return [
        str(one.text)
        for one in ElementTree.fromstring(twiml).iter()
        if one.tag in ("Number", "Sip", "Client")
    ]


@pytest.mark.parametrize("then", Then)
def test_no_answer_dials_any_emergency_short_or_costly_number(then: Then) -> None:
    """Whatever shape the answer has; it stays an answer that Twilio carries out, and that listens or goes on."""
    for start in range(0, len(FORBIDDEN), 10):
        answer = replace(dialling(*FORBIDDEN[start : start + 10], then=then), room=RoomName("c0ffee"))
        assert dialled_in(HERE.voice(answer)) == []


@given(st.lists(NUMBERS, max_size=9))
def test_whatever_an_answer_dials_may_be_dialled(numbers: list[str]) -> None:
    """The others of the crew are still rung."""
    dialled = dialled_in(HERE.voice(dialling(*numbers, ANA)))
    assert all(may_be_dialled(PhoneNumber(one)) for one in dialled)
    assert ANA in dialled


def test_a_caller_for_whom_nobody_may_be_dialled_is_listened_to() -> None:
    """They hear the words, their keys work, and the line is asked again: nobody is cut off."""
    twiml = HERE.voice(dialling("+911"))
    verbs = [one.tag for one in ElementTree.fromstring(twiml)]
    assert verbs == ["Gather", "Redirect"]


def test_when_we_are_broken_only_the_failsafe_number_is_dialled() -> None:
    """And the settings refuse any that may not be."""
    assert dialled_in(HERE.failsafe()) == [FAILSAFE]


@pytest.mark.parametrize("number", ALWAYS)
def test_the_pretend_twilio_carries_out_no_answer_that_dials_them(number: str) -> None:
    """Strict by itself."""
    with pytest.raises(BadTwiml):
        parse(f"<Response><Dial><Number>{number}</Number></Dial></Response>", SITE, VOICE)


# --- at the doors ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ALWAYS)
def test_no_such_number_gets_onto_the_staff(tmp_path_factory: pytest.TempPathFactory, number: str) -> None:
    """Told with what to do; nothing is taken."""
    door = build(tmp_path_factory.mktemp("staff"))
    document = {"staff": [{**STAFF["staff"][0], "name": "New", "phone": number}]}
    with pytest.raises(roster.Problems, match="phone: "):
        door.here.application.database.transact(lambda tx: roster.load(tx, document, door.clock()))


@pytest.mark.parametrize("number", ALWAYS)
@pytest.mark.parametrize("key", ["failsafe_number", "numbers"])
def test_no_such_number_gets_into_the_settings(tmp_path: Path, key: str, number: str) -> None:
    """Neither as the failsafe, nor as one of ours."""
    given = {"numbers": f'["{LINE}"]', "failsafe_number": f'"{FAILSAFE}"'}
    given[key] = f'["{number}"]' if key == "numbers" else f'"{number}"'
    file = tmp_path / "hotline.toml"
    file.write_text(
        "[line]\nname = 'Care Line'\n" + "".join(f"{one} = {what}\n" for one, what in given.items())
    )
    centre, problems = read_centre(file)
    assert centre is None
    assert key in problems[0]


@pytest.mark.parametrize("number", ALWAYS)
def test_a_caller_who_shows_such_a_number_is_asked_for_another_one(number: str) -> None:
    """As if it were withheld: numbers are shown falsely so that somebody rings them back, and pays."""
    form = {"CallSid": "CA" + "1" * 32, "From": number, "To": LINE}
    assert call(form, HERE.centre.line).caller is None
