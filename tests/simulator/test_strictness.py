"""What the interpreter refuses, and what it takes."""

from __future__ import annotations

import pytest
from flask import Response

from hotline.simulator import CallStatus
from hotline.simulator.twiml.document import MAX_DOCUMENT, VOICE, BadTwiml, parse

from .conftest import LINE, Application, World

BASE = "https://hotline.example/twilio/voice?turn=1#rc=2"

REFUSED = [
    "<Enqueue>room</Enqueue>",
    "<Record/>",
    "<say>hello</say>",
    "<Response/>",
    "stray text",
    "<Hangup/>stray text",
    "<Say/>",
    "<Say>   </Say>",
    f"<Say>{'a' * 4097}</Say>",
    "<Say volume='loud'>hello</Say>",
    "<Say voice='robot'>hello</Say>",
    "<Say language='english'>hello</Say>",
    "<Say loop='-1'>hello</Say>",
    "<Say><break/>hello</Say>",
    "<Play/>",
    "<Play digits='1'>/a.mp3</Play>",
    "<Play digits='x'/>",
    "<Play>ftp://files.example/a.mp3</Play>",
    "<Pause length='0'/>",
    "<Pause length='soon'/>",
    "<Pause>hello</Pause>",
    "<Gather><Dial><Number>+16175550101</Number></Dial></Gather>",
    "<Gather><Gather/></Gather>",
    "<Gather>hello</Gather>",
    "<Gather input='voice'/>",
    "<Gather input='dtmf  speech'/>",
    "<Gather method='GET'/>",
    "<Gather method='post'/>",
    "<Gather timeout='auto'/>",
    "<Gather timeout='0'/>",
    "<Gather timeout='2.5'/>",
    "<Gather speechTimeout='2'/>",
    "<Gather input='speech' speechTimeout='never'/>",
    "<Gather input='speech' numDigits='1'/>",
    "<Gather input='speech' finishOnKey='#'/>",
    "<Gather numDigits='0'/>",
    "<Gather numDigits='one'/>",
    "<Gather finishOnKey='##'/>",
    "<Gather hints='yes, no'/>",
    "<Gather action='gopher://x'/>",
    "<Gather actionOnEmptyResult='True'/>",
    "<Gather actionOnEmptyResult='yes'/>",
    "<Gather partialResultCallback='/partial'/>",
    "<Gather input='speech' partialResultCallback=''/>",
    "<Gather input='speech' speechModel='mind_reading'/>",
    "<Gather input='speech' hints='" + ",".join("a" * 501) + "'/>",
    "<Redirect/>",
    "<Redirect method='GET'>/voice</Redirect>",
    "<Hangup reason='busy'/>",
    "<Hangup>bye</Hangup>",
    "<Reject reason='rude'/>",
    "<Dial/>",
    "<Dial>+16175550101</Dial>",
    "<Dial><Client>ana</Client></Dial>",
    "<Dial record='true'><Number>+16175550101</Number></Dial>",
    "<Dial timeout='4'><Number>+16175550101</Number></Dial>",
    "<Dial timeout='20s'><Number>+16175550101</Number></Dial>",
    "<Dial callerId='anonymous'><Number>+16175550101</Number></Dial>",
    "<Dial><Number>911</Number></Dial>",
    "<Dial><Number>617-555-0101</Number></Dial>",
    "<Dial><Number statusCallbackEvent='rang'>+16175550101</Number></Dial>",
    "<Dial><Number sendDigits='abc'>+16175550101</Number></Dial>",
    "<Dial>" + "<Number>+16175550101</Number>" * 11 + "</Dial>",
    "<Dial><Conference>a</Conference><Conference>b</Conference></Dial>",
    "<Dial><Conference>a</Conference><Number>+16175550101</Number></Dial>",
    "<Dial><Conference/></Dial>",
    "<Dial><Conference>two words</Conference></Dial>",
    "<Dial><Conference beep='loud'>a</Conference></Dial>",
    "<Dial><Conference record='record-from-start'>a</Conference></Dial>",
    "<Dial><Conference maxParticipants='1'>a</Conference></Dial>",
    "<Dial><Conference statusCallbackEvent='start start'>a</Conference></Dial>",
    "<Dial><Conference waitMethod='GET'>a</Conference></Dial>",
]

TAKEN = [
    "",
    "<!-- a comment --><Say voice='Polly.Joanna-Neural' language='en-US'>hello</Say>",
    "<Say voice='alice' language='pt-BR' loop='0'>olá</Say>",
    "<Play digits='1w2#'/>",
    "<Play loop='3'>https://files.example/a.mp3</Play>",
    "<Pause/>",
    "<Gather/>",
    "<Gather input='dtmf speech' action='/a?x=1#rc=2&amp;rp=all' method='POST' timeout='7'"
    " speechTimeout='auto' numDigits='10' finishOnKey='' actionOnEmptyResult='true' language='es-US'"
    " hints='uno, dos'"
    " bargeIn='true' speechModel='phone_call' enhanced='true' profanityFilter='false'>"
    "<Say>a</Say><Pause length='2'/><Play>b.mp3</Play></Gather>",
    "<Gather action=''/>",
    "<Redirect method='POST'>?turn=2</Redirect>",
    "<Reject/>",
    "<Dial action='/a' timeout='25' timeLimit='3600' hangupOnStar='true' callerId='+16175550100'"
    " answerOnBridge='false'><Number url='/w' method='POST' statusCallback='/s'"
    " statusCallbackEvent='initiated answered' statusCallbackMethod='POST' sendDigits='ww1'>"
    "+16175550101</Number></Dial>",
    "<Dial><Conference startConferenceOnEnter='true' endConferenceOnExit='false' beep='onEnter' waitUrl=''"
    " waitMethod='POST' muted='false' maxParticipants='5' statusCallback='/c'"
    " statusCallbackEvent='start end join leave' statusCallbackMethod='POST' participantLabel='staff-1'>"
    "contact-1</Conference></Dial>",
]


@pytest.mark.parametrize("verbs", REFUSED)
def test_what_twilio_would_not_carry_out_is_refused(verbs: str) -> None:
    """Unknown elements, attributes, values and nestings are errors, not warnings."""
    with pytest.raises(BadTwiml):
        parse(f"<Response>{verbs}</Response>", BASE, VOICE)


@pytest.mark.parametrize("verbs", TAKEN)
def test_what_twilio_documents_is_taken(verbs: str) -> None:
    """Documented verbs with documented attributes are read."""
    parse(f"<?xml version='1.0' encoding='UTF-8'?><Response>{verbs}</Response>", BASE, VOICE)


@pytest.mark.parametrize(
    "document",
    [
        "",
        "hello",
        "<Response>",
        "<Respond/>",
        "<!DOCTYPE x [<!ENTITY a 'b'>]><Response><Say>&a;</Say></Response>",
        f"<Response><!-- {'a' * MAX_DOCUMENT} --></Response>",
    ],
)
def test_what_is_no_twiml_document_is_refused(document: str) -> None:
    """Not XML, another root, entities, or more than 64 kB."""
    with pytest.raises(BadTwiml):
        parse(document, BASE, VOICE)


@pytest.mark.parametrize(
    ("given", "absolute"),
    [
        ("/top", "https://hotline.example/top"),
        ("next", "https://hotline.example/twilio/next"),
        ("?turn=2", "https://hotline.example/twilio/voice?turn=2"),
        ("../up#rt=900", "https://hotline.example/up#rt=900"),
        ("", BASE),
        ("https://other.example/a", "https://other.example/a"),
    ],
)
def test_relative_addresses_start_from_the_document(given: str, absolute: str) -> None:
    """As a browser would resolve them; empty means the document itself."""
    gather = parse(f'<Response><Gather action="{given}"/></Response>', BASE, VOICE)[0]
    assert gather.url("action") == absolute


@pytest.mark.parametrize(
    "answer",
    [
        "<Response><Enqueue>a</Enqueue></Response>",
        "<Response><Dial callerId='+16175550777'><Number>+16175550101</Number></Dial></Response>",
        "<Response><Say>before</Say><Reject/></Response>",
        "<Response><Redirect>/next#rc=9</Redirect></Response>",
        "<Response><Redirect>/next#retries=2</Redirect></Response>",
        "<Response><Redirect>/next#ct=99</Redirect></Response>",
        "<Response><Redirect>/next#rp=sometimes</Redirect></Response>",
        Response("<Response/>", mimetype="text/html"),
        Response("<Response/>", mimetype="application/json"),
    ],
)
def test_a_broken_rule_ends_the_call_and_is_written_down(
    world: World, app: Application, answer: str | Response
) -> None:
    """One violation, the application error for the caller, and the call is over."""
    app.answers["/voice"] = answer
    caller = world.caller()
    call = caller.calls(LINE)
    world.pass_(10)
    assert len(world.sim.violations) == 1
    assert world.sim.violations[0].sid == call.sid
    assert caller.captions[-1] == "An application error has occurred. Goodbye."
    assert call.status is CallStatus.COMPLETED


def test_an_empty_document_is_an_application_error(world: World, app: Application) -> None:
    """An empty answer to a voice webhook is no TwiML."""
    app.answers["/voice"] = ""
    caller = world.caller()
    caller.calls(LINE)
    world.pass_(10)
    assert caller.captions == ["An application error has occurred. Goodbye."]
