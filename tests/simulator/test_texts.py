"""Text messages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Response
from twilio.base.exceptions import TwilioRestException

from hotline.simulator import Phone
from hotline.simulator.texts.message import segments

from .conftest import LINE, SID, SITE, Application, World


def bodies(phone: Phone) -> list[str]:
    return [text.body for text in phone.inbox]


def test_a_text_posts_twilios_parameters_and_is_answered(world: World, app: Application) -> None:
    """The webhook carries the message; each <Message> of the answer arrives at the sender's telephone."""
    app.says("/sms", "<Message>first &amp; last</Message>", "<Message><Body>second</Body></Message>")
    person = world.caller()
    message = person.texts(LINE, "hello", media=["1.jpg"])
    world.pass_(0)
    form = app.forms("/sms")[0]
    assert form["MessageSid"] == form["SmsSid"] == message.sid
    assert (form["From"], form["To"], form["Body"]) == (person.number, LINE, "hello")
    assert (form["NumMedia"], form["NumSegments"]) == ("1", "1")
    assert form["MessageSid"].startswith("MM")
    assert form["MediaUrl0"].startswith(
        f"https://api.twilio.com/2010-04-01/Accounts/{SID}/Messages/{message.sid}/Media/ME"
    )
    assert form["MediaContentType0"] == "image/jpeg"
    assert person.inbox == []
    world.pass_(2)
    assert bodies(person) == ["first & last", "second"]
    assert [one.created_by for one in world.sim.messages] == ["phone", "twiml", "twiml"]


def test_a_sent_text_is_queued_then_sent_then_delivered(world: World, app: Application) -> None:
    """The first status comes with the REST answer, the later ones by callback."""
    person = world.caller()
    sent = world.client.messages.create(
        to=person.number, from_=LINE, body="S01", status_callback=f"{SITE}/told"
    )
    assert (sent.status, sent.num_segments, sent.direction) == ("queued", "1", "outbound-api")
    world.pass_(2)
    assert [form["MessageStatus"] for form in app.forms("/told")] == ["sent", "delivered"]
    assert bodies(person) == ["S01"]
    assert world.client.messages(sent.sid).fetch().status == "delivered"


@pytest.mark.parametrize(
    ("sms", "status", "code"),
    [("undelivered:30003", "undelivered", "30003"), ("failed:30007", "failed", "30007")],
)
def test_what_does_not_arrive_says_why(
    world: World, app: Application, sms: str, status: str, code: str
) -> None:
    """The telephone's policy gives the last status and its error code."""
    person = world.sim.phone("+16175550150", sms=sms)
    sent = world.client.messages.create(
        to=person.number, from_=LINE, body="S01", status_callback=f"{SITE}/told"
    )
    world.pass_(2)
    assert (app.forms("/told")[-1]["MessageStatus"], app.forms("/told")[-1]["ErrorCode"]) == (status, code)
    assert person.inbox == []
    assert world.client.messages(sent.sid).fetch().error_code == int(code)


def test_some_texts_are_never_heard_of_again(world: World) -> None:
    """A silent network leaves the message as sent; an unknown number gives 30005."""
    world.sim.phone("+16175550150", sms="silent")
    for to in ("+16175550150", "+16175559999"):
        world.client.messages.create(to=to, from_=LINE, body="S01")
    world.pass_(60)
    assert [(one.status, one.error_code) for one in world.sim.messages] == [
        ("sent", None),
        ("undelivered", 30005),
    ]


@pytest.mark.parametrize(
    "word", ["STOP", "stop", " Stopall ", "UNSUBSCRIBE", "cancel", "END", "quit", "REVOKE", "optout"]
)
def test_a_stop_word_blocks_and_is_still_posted(world: World, app: Application, word: str) -> None:
    """Twilio answers by itself and posts the webhook; whatever is sent then is refused with 21610."""
    app.says("/sms", "<Message>never seen</Message>")
    person = world.caller()
    person.texts(LINE, word)
    world.pass_(2)
    assert app.forms("/sms")[0]["Body"] == word
    assert [(text.by_provider, text.body[:8]) for text in person.inbox] == [(True, "You have")]
    assert (world.sim.messages[-1].status, world.sim.messages[-1].error_code) == ("failed", 21610)
    with pytest.raises(TwilioRestException) as refused:
        world.client.messages.create(to=person.number, from_=LINE, body="S01")
    assert (refused.value.code, refused.value.status) == (21610, 400)


def test_a_sentence_with_stop_in_it_blocks_nothing(world: World) -> None:
    """Only the whole message counts."""
    person = world.caller()
    person.texts(LINE, "I want to stop using")
    world.client.messages.create(to=person.number, from_=LINE, body="S01")
    world.pass_(2)
    assert bodies(person) == ["S01"]


@pytest.mark.parametrize("word", ["START", "unstop", "yes"])
def test_a_start_word_undoes_it(world: World, word: str) -> None:
    """After START the person can be written to again."""
    person = world.caller()
    person.texts(LINE, "STOP")
    person.texts(LINE, word)
    world.client.messages.create(to=person.number, from_=LINE, body="S01")
    world.pass_(2)
    assert [text.by_provider for text in person.inbox] == [True, True, False]


def test_yes_from_somebody_who_never_stopped_is_just_a_text(world: World, app: Application) -> None:
    """No answer of Twilio's own to a start word that undoes nothing, nor to a second STOP."""
    person = world.caller()
    person.texts(LINE, "yes")
    assert person.inbox == []
    person.texts(LINE, "stop")
    person.texts(LINE, "stop")
    assert len(person.inbox) == 1


def test_help_is_answered_by_twilio_unless_that_is_switched_off(world: World, app: Application) -> None:
    """HELP is posted in any case."""
    person = world.caller()
    person.texts(LINE, "HELP")
    world.sim.post_office.answers_help = False
    person.texts(LINE, "info")
    world.pass_(2)
    assert len(person.inbox) == 1
    assert [form["Body"] for form in app.forms("/sms")] == ["HELP", "info"]


def test_a_failed_sms_webhook_asks_the_fallback_if_there_is_one(world: World, app: Application) -> None:
    """Without a fallback nothing happens; with one it is told the error."""
    app.answers["/sms"] = Response(status=500)
    person = world.caller()
    person.texts(LINE, "one")
    world.pass_(2)
    assert person.inbox == []
    world.sim.kernel.numbers[LINE].sms_fallback_url = f"{SITE}/sms2"
    app.says("/sms2", "<Redirect>/sms3</Redirect>")
    app.says("/sms3", '<Message statusCallback="/told">from the fallback</Message>')
    person.texts(LINE, "two")
    world.pass_(2)
    assert app.forms("/sms2")[0]["ErrorCode"] == "11200"
    assert bodies(person) == ["from the fallback"]
    assert [form["MessageStatus"] for form in app.forms("/told")] == ["sent", "delivered"]


def test_messages_by_rest_are_listed_redacted_and_deleted(world: World) -> None:
    """Redacting and deleting are for messages in a final state; filters are by number and time."""
    person = world.caller()
    before = world.clock()
    sent = world.client.messages.create(to=person.number, from_=LINE, body="private")
    with pytest.raises(TwilioRestException) as early:
        world.client.messages(sent.sid).update(body="")
    assert early.value.code == 20009
    world.pass_(60)
    world.client.messages.create(to=person.number, from_=LINE, body="later")
    found = world.client.messages.list(
        to=person.number, from_=LINE, date_sent_before=before - timedelta(seconds=1)
    )
    assert found == []
    found = world.client.messages.list(to=person.number, date_sent_after=before)
    assert [one.body for one in found] == ["later", "private"]
    assert world.client.messages(sent.sid).update(body="").body == ""
    assert world.client.messages(sent.sid).delete()
    with pytest.raises(TwilioRestException) as gone:
        world.client.messages(sent.sid).fetch()
    assert gone.value.code == 20404
    assert [one.body for one in world.client.messages.list()] == ["later"]


@pytest.mark.parametrize(
    ("to", "from_", "body", "code"),
    [
        ("911", LINE, "a", 21211),
        ("+16175550142", "hotline", "a", 21212),
        ("+16175550142", "+16175550111", "a", 21606),
        (LINE, LINE, "a", 21266),
        ("+16175550142", LINE, "", 21602),
        ("+16175550142", LINE, "a" * 1601, 21617),
    ],
)
def test_a_message_that_cannot_be_sent_is_refused(
    world: World, to: str, from_: str, body: str, code: int
) -> None:
    """Each refusal has Twilio's code."""
    with pytest.raises(TwilioRestException) as refused:
        world.client.messages.create(to=to, from_=from_, body=body)
    assert (refused.value.code, refused.value.status) == (code, 400)
    assert world.sim.messages == []


def test_texts_between_two_of_our_own_numbers_come_in_as_webhooks(world: World, app: Application) -> None:
    """A text to another number of the account is a new inbound message there."""
    other = "+16175550109"
    world.sim.number(other, sms_url=f"{SITE}/other")
    world.client.messages.create(to=other, from_=LINE, body="echo")
    world.pass_(2)
    assert (app.forms("/other")[0]["From"], app.forms("/other")[0]["Body"]) == (LINE, "echo")


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ê" * 70, 1),
        ("ê" * 71, 2),
        ("", 1),
        ("€" * 153, 3),
        ("a" * 152 + "€" * 77, 3),
        ("\f" * 80, 1),
        ("😀" * 67, 3),
    ],
)
def test_segments_are_counted_as_they_are_charged(body: str, count: int) -> None:
    """160 or 153 GSM-7 characters, 70 or 67 in UCS-2; what takes two places is not cut in half."""
    assert segments(body) == count


@pytest.mark.parametrize(
    "document",
    [
        "<Response><Say>voice</Say></Response>",
        "<Response><Message/></Response>",
        "<Response><Message>text<Body>and body</Body></Message></Response>",
        "<Response><Message><Body>one</Body><Body>two</Body></Message></Response>",
        f"<Response><Message>{'a' * 1601}</Message></Response>",
        "<Response><Message to='911'>a</Message></Response>",
        "<Response><Message from='+16175550111'>a</Message></Response>",
        "<Response><Message priority='high'>a</Message></Response>",
        "no xml at all",
    ],
)
def test_a_bad_messaging_document_is_a_violation(world: World, app: Application, document: str) -> None:
    """Nothing is sent, and the broken rule is written down."""
    app.answers["/sms"] = document
    person = world.caller()
    person.texts(LINE, "hello")
    world.pass_(2)
    assert person.inbox == []
    assert len(world.sim.violations) == 1


def test_an_answer_that_is_not_xml_is_a_violation_and_an_empty_one_is_none(
    world: World, app: Application
) -> None:
    """A plain-text answer to an SMS webhook breaks the rules; an empty answer means: no reply."""
    app.answers["/sms"] = Response("hello", mimetype="text/plain")
    world.caller().texts(LINE, "one")
    world.pass_(1)
    assert len(world.sim.violations) == 1
    app.answers["/sms"] = Response("", mimetype="text/plain")
    world.caller().texts(LINE, "two")
    world.pass_(1)
    assert len(world.sim.violations) == 1
