"""What Twilio posts is parsed once, at the door, and never makes us stumble."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.model import Outcome, PhoneNumber
from hotline.operations.conversation.caller import IncomingCall, IncomingText
from hotline.settings.centre import LineTable
from hotline.telephony.webhooks import incoming
from hotline.telephony.webhooks.incoming import Form, Malformed
from hotline.triage.caller_events import DialOver, Event, Pressed, Said, Silent

KNOWN = [
    "CallSid", "MessageSid", "SmsSid", "From", "To", "Digits", "SpeechResult", "Confidence", "CallStatus",
    "DialCallStatus", "DialBridged", "SequenceNumber", "Body", "NumMedia", "StirVerstat", "SipResponseCode",
]  # fmt: skip
NASTY = ["", " ", "\x00", "CA1", "SM" + "0" * 32, "+16175550142", "anonymous", "1", "9" * 5000, "-1", "NaN", "inf",
         "1e999", "٣", "²", "completed", "true", "�", "💊", "' OR 1=1 --", "<Response/>"]  # fmt: skip
FORMS = st.dictionaries(st.sampled_from(KNOWN), st.sampled_from(NASTY) | st.text(max_size=30))
LINE = LineTable.model_validate(
    {"name": "Care Line", "numbers": ["+16175550100"], "failsafe_number": "+16175550999"}
)


def read_call(form: Form) -> IncomingCall:
    return incoming.call(form, LINE)


def read_text(form: Form) -> IncomingText:
    return incoming.text(form, LINE.countries)


PARSERS: list[Callable[[Form], object]] = [
    read_call,
    read_text,
    incoming.event,
    incoming.key,
    incoming.sequence,
    incoming.outcome,
    lambda form: incoming.number(form.get("From"), LINE.countries),
]


@given(FORMS, st.sampled_from(PARSERS))
def test_no_form_makes_the_parser_stumble(form: dict[str, str], parse: Callable[[Form], object]) -> None:
    """It parses, or it is Malformed; nothing else is raised."""
    with suppress(Malformed):
        parse(form)


@given(FORMS)
def test_what_was_parsed_is_bounded(form: dict[str, str]) -> None:
    """Nothing that came in is longer than what it is kept in, and an id is safe in an address."""
    call = read_call({**form, "CallSid": "CA1"})
    assert call.sid.isascii()
    assert 1 <= len(call.sid) <= 64
    assert len(call.ours) <= 32
    assert call.ours.isprintable()
    assert call.stir is None or (len(call.stir) <= 64 and call.stir.isprintable())


@pytest.mark.parametrize("given_sid", ["", " ", "CA 1", "CA/1", "CA\x00", "CA" * 40, "CÄ1", "../x"])
def test_a_request_without_a_proper_id_is_malformed(given_sid: str) -> None:
    """Everything is keyed on the id: without one nothing can be kept."""
    for parse in (read_call, read_text):
        with pytest.raises(Malformed):
            parse({"CallSid": given_sid, "MessageSid": given_sid, "From": "+16175550142"})


@pytest.mark.parametrize(
    "shown",
    ["anonymous", "Anonymous", "", "unknown", "restricted", "+266696687", "+86282452253", "+8656696", "+2562533",
     "+7378742833", "sip:mia@example.org", "22395", "+", "+1617555O142", "client:mia", "+１６１７５５５０１４２"],
)  # fmt: skip
def test_a_withheld_number_is_nobody_s(shown: str) -> None:
    """Callers are never merged by it, and it is never dialled."""
    assert read_call({"CallSid": "CA1", "From": shown}).caller is None


def test_a_number_is_read_whatever_surrounds_it() -> None:
    """Blanks don't make a caller withheld."""
    assert read_call({"CallSid": "CA1", "From": " +16175550142 "}).caller == PhoneNumber("+16175550142")


@pytest.mark.parametrize(
    ("form", "event"),
    [
        ({}, Silent()),
        ({"Digits": ""}, Silent()),
        ({"Digits": "1"}, Pressed("1")),
        ({"Digits": "6175550143#"}, Pressed("6175550143#")),
        ({"Digits": "1", "SpeechResult": "help"}, Pressed("1")),
        ({"Digits": "１"}, Silent()),
        ({"Digits": "1" * 41}, Silent()),
        ({"SpeechResult": " he won't wake up ", "Confidence": "0.42"}, Said("he won't wake up", 0.42)),
        ({"SpeechResult": "help", "Confidence": ""}, Said("help", 0.0)),
        ({"SpeechResult": "help", "Confidence": "nan"}, Said("help", 0.0)),
        ({"SpeechResult": "help", "Confidence": "7"}, Said("help", 1.0)),
        ({"SpeechResult": "  "}, Silent()),
        ({"DialCallStatus": "completed"}, DialOver(True)),
        ({"DialCallStatus": "answered", "DialBridged": "true"}, DialOver(True)),
        ({"DialCallStatus": "completed", "DialBridged": "false"}, DialOver(False)),
        ({"DialCallStatus": "no-answer", "Digits": "1"}, DialOver(False)),
        ({"DialCallStatus": "", "Digits": "1"}, DialOver(False)),
    ],
)
def test_what_happened_on_a_call(form: dict[str, str], event: Event) -> None:
    """Keys before words, words before silence; the end of a <Dial> is its own event."""
    assert incoming.event(form) == event


def test_speech_is_cut_to_what_anybody_says_in_a_breath() -> None:
    """2,000 characters."""
    said = incoming.event({"SpeechResult": "a" * 9000})
    assert isinstance(said, Said)
    assert len(said.words) == 2000


@pytest.mark.parametrize(
    ("form", "body"),
    [
        ({"Body": "hi"}, "hi"),
        ({}, ""),
        ({"Body": "", "NumMedia": "0"}, ""),
        ({"Body": "", "NumMedia": "1"}, "[picture]"),
        ({"Body": "  ", "NumMedia": "3"}, "[picture]"),
        ({"Body": "look", "NumMedia": "1"}, "look"),
    ],
)
def test_what_a_text_says(form: dict[str, str], body: str) -> None:
    """A picture without words is something that a person must look at."""
    text = read_text({"MessageSid": "SM1", "From": "+16175550142", **form})
    assert text.body == body


@pytest.mark.parametrize("shown", ["6175550142", "16175550142", "+16175550142"])
def test_a_number_without_its_plus_is_read_if_it_is_one_at_home(shown: str) -> None:
    """Some networks leave it out; shown or texted, it is the same person."""
    assert read_call({"CallSid": "CA1", "From": shown}).caller == PhoneNumber("+16175550142")
    assert read_text({"MessageSid": "SM1", "From": shown}).sender == PhoneNumber("+16175550142")


@pytest.mark.parametrize(
    "shown",
    ["+252612345678", "+5352345678", "+18765550142", "+4791234567", "+881612345678", "+19005550142", "+16175550100",
     "+16175550999", "16175550100"],
)  # fmt: skip
def test_whom_we_never_ring_is_as_good_as_withheld(shown: str) -> None:
    """Somalia, Cuba, Jamaica, Norway, a satellite, a premium number, our own line and its failsafe."""
    assert read_call({"CallSid": "CA1", "From": shown}).caller is None


@pytest.mark.parametrize(
    "shown", ["+17875550142", "+19395550142", "+16715550142", "+13405550142", "+16845550142"]
)
def test_the_territories_are_at_home(shown: str) -> None:
    """Puerto Rico, Guam, the Virgin Islands, American Samoa."""
    assert read_call({"CallSid": "CA1", "From": shown}).caller == PhoneNumber(shown)


@pytest.mark.parametrize(
    "sender", ["22395", "+22395", "Bank", "", "anonymous", "+266696687", "rcs:", "+0001"]
)
def test_a_sender_without_a_number_gets_one_that_is_nobodys(sender: str) -> None:
    """Short codes and words: the same each time, so that what they write stays together; nobody else's."""
    form = {"MessageSid": "SM1", "From": sender, "Body": "hi"}
    text = read_text(form)
    assert text.sender.is_nobodys
    assert not LINE.reaches(text.sender)
    assert read_text(form).sender == text.sender
    assert read_text({**form, "From": f"{sender}x"}).sender != text.sender


def test_what_comes_without_any_address_stands_alone() -> None:
    """Two people without an address are not one."""
    one, other = (read_text({"MessageSid": sid, "From": ""}) for sid in ("SM1", "SM2"))
    assert one.sender != other.sender


@pytest.mark.parametrize("service", ["whatsapp:", "rcs:", "WhatsApp:"])
def test_another_service_s_sender_keeps_their_number_and_is_told_apart(service: str) -> None:
    """They can be called, and are never answered by SMS."""
    text = read_text({"MessageSid": "SM1", "From": f"{service}+16175550142", "To": "+16175550100"})
    assert text.sender == PhoneNumber("+16175550142")
    assert not text.is_sms
    assert read_text({"MessageSid": "SM1", "From": "+16175550142", "To": "+16175550100"}).is_sms


def test_an_old_name_of_a_message_s_id_is_known() -> None:
    """SmsSid, where MessageSid is missing."""
    text = read_text({"SmsSid": "SM2", "From": "+16175550142"})
    assert text.sid == "SM2"


@pytest.mark.parametrize(
    ("written", "number"),
    [("0", 0), ("7", 7), ("", 0), ("-1", 0), ("x", 0), ("1" * 9, 0), ("²", 0), ("٣", 0)],
)
def test_a_sequence_number_is_a_small_number_or_nought(written: str, number: int) -> None:
    """Reports are ordered by it; one that makes no sense is the oldest."""
    assert incoming.sequence({"SequenceNumber": written}) == number


@pytest.mark.parametrize(
    ("status", "sip", "outcome"),
    [
        ("busy", "", Outcome.BUSY),
        ("no-answer", "", Outcome.NO_ANSWER),
        ("canceled", "", Outcome.CALLED_OFF),
        ("failed", "", Outcome.NO_ANSWER),
        ("failed", "503", Outcome.NO_ANSWER),
        ("failed", "404", Outcome.NOT_IN_SERVICE),
        ("failed", "484", Outcome.NOT_IN_SERVICE),
        ("completed", "", None),
        ("ringing", "", None),
        ("", "", None),
    ],
)
def test_what_a_status_says_of_a_call_that_nobody_took(
    status: str, sip: str, outcome: Outcome | None
) -> None:
    """Only certain words for "no such number" close it for good."""
    assert incoming.outcome({"CallStatus": status, "SipResponseCode": sip}) == outcome
