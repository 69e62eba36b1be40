"""The TwiML Bin: what Twilio says by itself while none of our machines can be reached."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote_plus

import pytest

from hotline.commands.cli import main
from hotline.commands.going_live import provision
from hotline.model import Language
from hotline.prompts import load
from hotline.settings.centre import Centre
from hotline.simulator import Behaviour, HandClock, Simulator, WebReply, WebUnreachable
from hotline.simulator.twiml.document import VOICE, parse
from hotline.telephony.twiml.twiml_bin import Whose, twiml_bin
from tests.settings.examples import good_environment
from tests.stories.centre import BEN, FAILSAFE, LINE, MIA, RETRY, SID, SITE, TOKEN

BIN = "https://handler.twilio.com/twiml/EH" + "0" * 32
SENTENCE = "If someone won't wake up or can't breathe, hang up and dial 9-1-1."


class AtTwilio:
    """What Twilio keeps for us answers always; of our own machines there are none."""

    def __init__(self, kept: str) -> None:
        self.kept = kept

    def post(self, url: str, headers: Mapping[str, str], body: str, timeout: float) -> WebReply:
        if url.startswith(BIN):
            return WebReply(200, {"content-type": "text/xml"}, self.kept)
        raise WebUnreachable("nobody is there")


def text(*languages: Language) -> str:
    line = {"name": "Care Line", "numbers": [LINE], "failsafe_number": FAILSAFE, "languages": list(languages)}
    centre = Centre.model_validate({"line": line})
    return twiml_bin(load(languages, {"NAME": "Care Line", "NUMBER": "617-555-0100"}), centre)


CLOCK = HandClock(datetime(2026, 3, 2, 20, tzinfo=UTC))


@pytest.fixture
def gone() -> Simulator:
    """A Twilio without us; the number's fallback is the bin."""
    sim = Simulator(SID, TOKEN, CLOCK, AtTwilio(text(Language.EN)))
    sim.number(LINE, voice_url=f"{SITE}/twilio/voice{RETRY}", voice_fallback_url=BIN)
    return sim


def test_the_911_sentence_is_heard_and_the_failsafe_number_rings(gone: Simulator) -> None:
    """After the three times that Twilio asks us in vain; whoever answers there talks with the caller."""
    mia, failsafe = gone.phone(MIA), gone.phone(FAILSAFE)
    mia.calls(LINE)
    CLOCK.let_pass(gone, 15)
    assert mia.captions[0].startswith(SENTENCE)
    failsafe.answer()
    CLOCK.let_pass(gone, 2)
    assert mia.talking_with == {FAILSAFE}
    assert [(one.to, one.from_) for one in gone.calls if one.direction != "inbound"] == [(FAILSAFE, LINE)]
    assert gone.violations == []


def test_the_failsafe_number_rings_twice_and_then_911_is_said_once_more(gone: Simulator) -> None:
    """And nothing that isn't so: nobody comes any more."""
    mia, failsafe = gone.phone(MIA), gone.phone(FAILSAFE, Behaviour.IGNORES)
    mia.calls(LINE)
    CLOCK.let_pass(gone, 200)
    assert len([one for one in gone.calls if one.handset is failsafe]) == 2
    assert mia.captions[-1] == SENTENCE
    assert not mia.in_call
    assert gone.violations == []


@pytest.mark.parametrize("languages", [(Language.EN,), (Language.ES, Language.EN), (Language.HT,)])
def test_it_is_twiml_that_needs_nothing_of_ours(languages: tuple[Language, ...]) -> None:
    """No address in it; 911 in every sentence, in the line's first language; and nothing but the failsafe number."""
    verbs = parse(text(*languages), BIN, VOICE)
    assert [verb.name for verb in verbs] == ["Say", "Dial", "Say", "Dial", "Say", "Hangup"]
    for verb in verbs:
        assert verb.name != "Say" or "9-1-1" in verb.text
        assert all((one.name, one.text) == ("Number", FAILSAFE) for one in verb.children)
    assert "http" not in text(*languages)
    assert "twilio/" not in text(*languages)


def test_the_command_prints_it(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """`hotline twiml-bin`, to be pasted at Twilio; nothing is connected to, and nothing is made."""
    home = tmp_path_factory.mktemp("bin")
    environ = good_environment(home)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert main(["twiml-bin"]) == 0
    printed = capsys.readouterr().out
    assert printed.strip() == provision.bin_text(environ)
    parse(printed.strip(), BIN, VOICE)
    for whose in Whose:
        assert main(["twiml-bin", whose.value]) == 0
        parse(capsys.readouterr().out.strip(), BIN, VOICE)
    assert list(home.iterdir()) == []


class OnlyTheRoom(AtTwilio):
    """We answer until the caller and a colleague are in a room, and then nothing of ours does."""

    gone = False

    def post(self, url: str, headers: Mapping[str, str], body: str, timeout: float) -> WebReply:
        if self.gone or url.startswith(BIN):
            return super().post(url, headers, body, timeout)
        star = ' hangupOnStar="true" action="/twilio/staff/after"' if quote_plus(BEN) in body else ""
        room = f"<Response><Dial{star}><Conference>r1</Conference></Dial></Response>"
        return WebReply(200, {"content-type": "text/xml"}, room)


def test_who_presses_star_while_nothing_of_ours_is_there_is_told_and_their_caller_stays() -> None:
    """The talk itself goes on without us; the bin lets nobody into a room. See ADR 86."""
    centre = Centre.model_validate(
        {"line": {"name": "Care Line", "numbers": [LINE], "failsafe_number": FAILSAFE}}
    )
    prompts = load([Language.EN], {"NAME": "Care Line", "NUMBER": "617-555-0100"})
    here = OnlyTheRoom(twiml_bin(prompts, centre, Whose.STAFF))
    clock = HandClock(datetime(2026, 3, 2, 20, tzinfo=UTC))
    sim = Simulator(SID, TOKEN, clock, here)
    sim.number(LINE, voice_url=f"{SITE}/twilio/voice{RETRY}", voice_fallback_url=BIN)
    mia, ben = sim.phone(MIA), sim.phone(BEN)
    for one in (mia, ben):
        one.calls(LINE)
        clock.let_pass(sim, 2)
    here.gone = True
    clock.let_pass(sim, 600)
    assert ben.number in mia.talking_with, "a talk needs nothing of ours"
    ben.presses("*")
    clock.let_pass(sim, 30)
    assert ben.captions[-1].startswith("Hotline. This call can't go on now. Nothing is lost.")
    assert not ben.in_call
    assert mia.in_call
