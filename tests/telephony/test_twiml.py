"""Every kind of answer as TwiML, word for word; and all of it TwiML that Twilio carries out."""

# ruff: noqa: E501 - TwiML is shown as it is sent

from __future__ import annotations

import re
from typing import get_args
from xml.dom import minidom

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.model import Channel, ContactId, Language, PageId, PhoneNumber, RoomName, StaffId
from hotline.operations.answers import Answer, Dialled, Question, StaffAnswer, Then
from hotline.operations.incoming_text import Reply
from hotline.prompts import load
from hotline.prompts.lengths import placeholders
from hotline.settings.centre import Centre
from hotline.simulator.twiml.document import MESSAGING, VOICE, WAITING, parse
from hotline.telephony.twiml.renderer import RETRY, Renderer
from hotline.telephony.webhooks.handlers import Result, Screened, render
from hotline.triage.meaning import Meaning
from hotline.triage.turn import Spoken, Wait
from tests.stories.centre import FAILSAFE, LINE, SITE

CENTRE = Centre.model_validate(
    {"line": {"name": "Care Line", "numbers": [LINE], "failsafe_number": FAILSAFE}}
)
PROMPTS = load([Language.EN], {"NAME": "Care Line", "NUMBER": "617-555-0100"})
HERE = Renderer(PROMPTS, CENTRE)
CONTACT, PAGE, ROOM, STAFF = ContactId("c0ffee"), PageId("page1"), RoomName("c0ffee"), StaffId("ana")
EN = Language.EN
DUE = (("LINE", "Family"), ("LANGUAGE", "Spanish"), ("WAIT", "5 minutes"), ("ATTEMPT", "2"))


def pretty(twiml: str) -> str:
    """Indented, with the voice, the hints and the retry policy left out for the eye."""
    lines = minidom.parseString(twiml).toprettyxml(indent="  ").splitlines()[1:]
    short = "\n".join(lines).replace(' voice="Polly.Joanna-Neural"', "").replace(' language="en-US"', "")
    short = re.sub(r' hints="[^"]*"', "", short)
    return short.replace(RETRY.replace("&", "&amp;"), "#retry")


def listening(then: Then = Then.LISTEN, wait: Wait = Wait.MENU, *say: str) -> Answer:
    return Answer(CONTACT, 3, EN, tuple(Spoken(one) for one in say), then, wait)


GOLDEN: dict[str, tuple[Result, str]] = {
    "a question": (
        listening(Then.LISTEN, Wait.MENU, "invalid_key"),
        """<Response>
  <Gather action="/twilio/voice/turn/c0ffee/3#retry" actionOnEmptyResult="true" finishOnKey="" input="dtmf speech" method="POST" numDigits="1" timeout="7">
    <Say>Sorry, that key didn't work. Let's try again.</Say>
  </Gather>
  <Redirect method="POST">/twilio/voice/turn/c0ffee/3#retry</Redirect>
</Response>""",
    ),
    "a moment of the hold": (
        listening(Then.LISTEN, Wait.BRIEF),
        """<Response>
  <Gather action="/twilio/voice/turn/c0ffee/3#retry" actionOnEmptyResult="true" finishOnKey="" input="dtmf speech" method="POST" numDigits="1" timeout="1"/>
  <Redirect method="POST">/twilio/voice/turn/c0ffee/3#retry</Redirect>
</Response>""",
    ),
    "a number": (
        listening(Then.LISTEN_NUMBER, Wait.MENU, "number_country"),
        """<Response>
  <Gather action="/twilio/voice/turn/c0ffee/3#retry" actionOnEmptyResult="true" finishOnKey="#" input="dtmf speech" method="POST" timeout="10">
    <Say>Sorry, we can't call that country.</Say>
  </Gather>
  <Redirect method="POST">/twilio/voice/turn/c0ffee/3#retry</Redirect>
</Response>""",
    ),
    "a caller joins the room": (
        Answer(CONTACT, 4, EN, (), Then.JOIN, room=ROOM),
        """<Response>
  <Dial action="/twilio/voice/turn/c0ffee/4#retry" method="POST">
    <Conference beep="false" endConferenceOnExit="true" startConferenceOnEnter="true" waitMethod="POST" waitUrl="/twilio/voice/moment/c0ffee#retry">c0ffee</Conference>
  </Dial>
</Response>""",
    ),
    "the caller's own leg dials": (
        Answer(
            CONTACT,
            5,
            EN,
            (Spoken("emergency"),),
            Then.DIAL,
            dial=(Dialled(STAFF, PhoneNumber("+16175550101")), Dialled(None, PhoneNumber(FAILSAFE))),
        ),
        """<Response>
  <Say>Please hang up now and dial 9-1-1. They can send an ambulance. We can't. We will call you back at this number.</Say>
  <Dial action="/twilio/voice/turn/c0ffee/5#retry" answerOnBridge="true" callerId="+16175550100" method="POST" timeout="20">
    <Number method="POST" url="/twilio/voice/screen/c0ffee/ana#retry">+16175550101</Number>
    <Number method="POST" url="/twilio/voice/failsafe/screen/c0ffee#retry">+16175550999</Number>
  </Dial>
</Response>""",
    ),
    "the end of a call": (
        listening(Then.END, Wait.MENU, "goodbye"),
        """<Response>
  <Say>Thank you for calling. Call us any time, day or night.</Say>
  <Hangup/>
</Response>""",
    ),
    "nothing more": (listening(Then.REST), "<Response/>"),
    "alone in a room for a moment": (
        listening(Then.WAIT, Wait.MENU, "one_moment"),
        """<Response>
  <Say>One moment, please. Stay on the line.</Say>
  <Pause length="2"/>
</Response>""",
    ),
    "a page": (
        StaffAnswer(PAGE, (Spoken("page_callback", DUE),), Then.LISTEN, tries=1),
        """<Response>
  <Gather action="/twilio/voice/page/page1/key/1#retry" actionOnEmptyResult="true" finishOnKey="" input="dtmf" method="POST" numDigits="1" timeout="6">
    <Say>Hotline. A call back is due. Family. Spanish. Waiting 5 minutes. Attempt 2. Press 1 to take it, 2 if you can't, 9 to hear this again.</Say>
  </Gather>
  <Redirect method="POST">/twilio/voice/page/page1/key/1#retry</Redirect>
</Response>""",
    ),
    "how it ended": (
        StaffAnswer(PAGE, (Spoken("outcome_emergency"),), Then.LISTEN, question=Question.OUTCOME, tries=2),
        """<Response>
  <Gather action="/twilio/voice/page/page1/outcome/2#retry" actionOnEmptyResult="true" finishOnKey="" input="dtmf" method="POST" numDigits="1" timeout="6">
    <Say>Is this emergency closed? To close it, press 1. To keep it yours, press 2 or hang up. To hear this again, press 9.</Say>
  </Gather>
  <Redirect method="POST">/twilio/voice/page/page1/outcome/2#retry</Redirect>
</Response>""",
    ),
    "the key after *": (
        StaffAnswer(PAGE, (Spoken("star_menu"),), Then.LISTEN, question=Question.STAR, tries=1, stay="second"),
        """<Response>
  <Gather action="/twilio/voice/page/page1/star/second/1#retry" actionOnEmptyResult="true" finishOnKey="" input="dtmf" method="POST" numDigits="1" timeout="3">
    <Say>Clinician, press 1. Interpreter, press 2. To hand over to somebody outside, press 3. To leave the call, press 9. To go back, any other key.</Say>
  </Gather>
  <Redirect method="POST">/twilio/voice/page/page1/star/second/1#retry</Redirect>
</Response>""",
    ),
    "the second after *": (
        StaffAnswer(PAGE, (), Then.LISTEN, question=Question.STAR, stay="second"),
        """<Response>
  <Gather action="/twilio/voice/page/page1/star/second/0#retry" actionOnEmptyResult="true" finishOnKey="" input="dtmf" method="POST" numDigits="1" timeout="1"/>
  <Redirect method="POST">/twilio/voice/page/page1/star/second/0#retry</Redirect>
</Response>""",
    ),
    "a member of staff joins the room": (
        StaffAnswer(PAGE, (), Then.JOIN, room=ROOM, stay="first"),
        """<Response>
  <Dial action="/twilio/voice/page/page1/after/first#retry" hangupOnStar="true" method="POST">
    <Conference beep="false" endConferenceOnExit="false" startConferenceOnEnter="true" waitMethod="POST" waitUrl="/twilio/voice/waiting#retry">c0ffee</Conference>
  </Dial>
</Response>""",
    ),
    "the end of a leg": (
        StaffAnswer(PAGE, (Spoken("outcome_saved"),), Then.END),
        """<Response>
  <Say>Saved. Thank you. Goodbye.</Say>
  <Hangup/>
</Response>""",
    ),
    "screening somebody dialled": (
        Screened(Spoken("failsafe_screen"), action="/twilio/voice/failsafe/screened"),
        """<Response>
  <Gather action="/twilio/voice/failsafe/screened#retry" actionOnEmptyResult="true" finishOnKey="" input="dtmf" method="POST" numDigits="1" timeout="6">
    <Say>Hotline. A caller is waiting. It may be an emergency. Press 1 to connect.</Say>
  </Gather>
  <Redirect method="POST">/twilio/voice/failsafe/screened#retry</Redirect>
</Response>""",
    ),
    "screened, and connected": (Screened(), "<Response/>"),
    "an interpreter joins the room": (
        Screened(room=ROOM, action="/twilio/voice/interpreter/c0ffee/after"),
        """<Response>
  <Dial action="/twilio/voice/interpreter/c0ffee/after#retry" method="POST">
    <Conference beep="false" endConferenceOnExit="false" startConferenceOnEnter="true" waitMethod="POST" waitUrl="/twilio/voice/waiting#retry">c0ffee</Conference>
  </Dial>
</Response>""",
    ),
    "screened, and let go": (
        Screened(goodbye=(Spoken("declined"),)),
        """<Response>
  <Say>Thank you. The next person is being called. Goodbye.</Say>
  <Hangup/>
</Response>""",
    ),
    "the carrier told us something": (None, "<Response/>"),
}  # fmt: skip
TEXTS: dict[str, tuple[Reply, str]] = {
    "a reply of the flow": (
        Reply("reply-SM1", listening(Then.REST, Wait.MENU, "goodbye")),
        """<Response>
  <Message statusCallback="/twilio/sms/status/reply-SM1#retry">Care Line: Thank you. Call 617-555-0100 any time, day or night.</Message>
</Response>""",
    ),
    "a reply to staff": (
        Reply("reply-SM1", words="Hotline: ref 0AF3 is closed."),
        """<Response>
  <Message statusCallback="/twilio/sms/status/reply-SM1#retry">Hotline: ref 0AF3 is closed.</Message>
</Response>""",
    ),
    "a silent turn": (Reply("reply-SM1", listening(Then.REST)), "<Response/>"),
    "no reply": (Reply("reply-SM1"), "<Response/>"),
}


@pytest.mark.parametrize("kind", GOLDEN)
def test_an_answer_on_the_telephone(kind: str) -> None:
    """What is decided is what is rendered, and Twilio would carry it out."""
    result, twiml = GOLDEN[kind]
    rendered = render(HERE, result)
    assert pretty(rendered) == twiml
    parse(rendered, f"{SITE}/twilio/voice", VOICE)


@pytest.mark.parametrize("kind", TEXTS)
def test_an_answer_to_a_text(kind: str) -> None:
    """One message at most, whose delivery is reported to us."""
    result, twiml = TEXTS[kind]
    rendered = render(HERE, result)
    assert pretty(rendered) == twiml
    parse(rendered, f"{SITE}/twilio/sms", MESSAGING)


def test_every_kind_of_answer_is_among_these() -> None:
    """A kind that is added is rendered here, too."""
    shown = {type(result) for result, _ in (*GOLDEN.values(), *TEXTS.values())}
    assert shown == {*get_args(Result)}
    voiced = {result.then for result, _ in GOLDEN.values() if isinstance(result, Answer)}
    assert voiced == {*Then}


def test_without_a_database_the_911_sentence_comes_first() -> None:
    """Then the failsafe number rings, and afterwards the call comes back to us."""
    assert (
        pretty(HERE.failsafe())
        == """<Response>
  <Say>If someone won't wake up or can't breathe, hang up and dial 9-1-1. Please stay on the line. I am getting a person for you.</Say>
  <Dial action="/twilio/voice/failsafe/again#retry" answerOnBridge="true" callerId="+16175550100" method="POST" timeout="20">
    <Number method="POST" url="/twilio/voice/failsafe/screen#retry">+16175550999</Number>
  </Dial>
</Response>"""
    )
    parse(HERE.failsafe(), f"{SITE}/twilio/voice", VOICE)


@pytest.mark.parametrize(
    ("meaning", "words"),
    [
        (Meaning.EMERGENCY, "Call 911 now."),
        (Meaning.SUICIDE, "You matter."),
        (Meaning.ADMISSIONS, "In danger now? Call 911."),
        (Meaning.UNSURE, "In danger now? Call 911."),
        (None, "In danger now? Call 911."),
    ],
)
def test_without_a_database_a_text_is_promised_nothing_that_is_not_kept(
    meaning: Meaning | None, words: str
) -> None:
    """Only an emergency that is in the journal is told that we will call."""
    said = HERE.failsafe_text(meaning, "")
    assert words in said
    promises = "will call you" in said
    assert promises is (meaning in (Meaning.EMERGENCY, Meaning.SUICIDE))
    parse(said, f"{SITE}/twilio/sms", MESSAGING)


def test_nobody_waits_in_silence_in_a_room() -> None:
    """A member of staff alone in a room hears that it goes on."""
    parse(HERE.waiting(), f"{SITE}/twilio/voice/waiting", WAITING)
    assert "not on the line yet" in HERE.waiting()


def test_a_caller_alone_in_a_room_hears_that_it_is_for_a_moment() -> None:
    """Words and pauses are all that Twilio carries out there, with a database and without."""
    told = render(HERE, listening(Then.WAIT, Wait.MENU, "interpreter"))
    for twiml in (told, HERE.moment()):
        parse(twiml, f"{SITE}/twilio/voice/moment/c0ffee", WAITING)
    assert "One moment, please" in HERE.moment()


def test_a_public_address_with_a_path_is_kept_to() -> None:
    """Whatever we hand out leads back through the proxy that Twilio came by."""
    there = Renderer(PROMPTS, CENTRE, "/line")
    for result, _ in (*GOLDEN.values(), *TEXTS.values()):
        assert '"/twilio' not in render(there, result)
        assert ">/twilio" not in render(there, result)
    assert '"/line/twilio/voice/failsafe/again' in there.failsafe()


VALUES = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


@given(
    st.sampled_from(sorted(key for _, channel, key in PROMPTS.sentences if channel is Channel.VOICE)), VALUES
)
def test_whatever_is_filled_in_stays_words(key: str, value: str) -> None:
    """A name or a number in a sentence can't become a verb."""
    blanks = placeholders(PROMPTS.sentences[(EN, Channel.VOICE, key)])
    said = Spoken(key, tuple((name, value) for name in blanks))
    twiml = render(HERE, Answer(CONTACT, 1, EN, (said,), Then.END))
    verbs = parse(twiml, f"{SITE}/twilio/voice", VOICE)
    assert [verb.name for verb in verbs] == ["Say", "Hangup"]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40))
def test_words_to_staff_stay_words(words: str) -> None:
    """As do those of a text."""
    if words.strip():
        (message,) = parse(HERE.reply(words, "m1"), f"{SITE}/twilio/sms", MESSAGING)
        assert message.text == " ".join(words.split())
