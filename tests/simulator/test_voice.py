"""An incoming call: what is posted, what is heard, how it ends."""

from __future__ import annotations

from flask import Response

from hotline.simulator import CallStatus

from .conftest import LINE, SID, SITE, Application, World


def test_a_call_posts_twilios_parameters_and_plays_the_answer(world: World, app: Application) -> None:
    """The first webhook of a call carries Twilio's names, and the caller hears the document to its end."""
    app.says("/voice", "<Say>one two three four five</Say>", '<Pause length="2"/>', "<Say>six</Say>")
    caller = world.caller()
    call = caller.calls(LINE)
    world.pass_(0)
    assert app.forms("/voice") == [
        {
            "CallSid": call.sid,
            "AccountSid": SID,
            "From": caller.number,
            "To": LINE,
            "Caller": caller.number,
            "Called": LINE,
            "CallStatus": "ringing",
            "ApiVersion": "2010-04-01",
            "Direction": "inbound",
        }
    ]
    assert (caller.in_call, caller.hears_now) == (True, "one two three four five")
    world.pass_(60)
    assert [(one.text, (one.at - call.created_at).total_seconds()) for one in caller.heard] == [
        ("one two three four five", 0.0),
        ("six", 4.0),
    ]
    assert call.status is CallStatus.COMPLETED
    assert call.seconds == 5
    assert not caller.in_call
    assert world.sim.violations == []


def test_a_withheld_number_arrives_as_anonymous(world: World, app: Application) -> None:
    """Who withholds their number isn't named, and STIR/SHAKEN's verdict is passed on."""
    app.says("/voice", "<Hangup/>")
    world.caller().calls(LINE, withheld=True, stir="TN-Validation-Passed-A")
    world.pass_(0)
    form = app.forms("/voice")[0]
    assert (form["From"], form["Caller"], form["StirVerstat"]) == (
        "anonymous",
        "anonymous",
        "TN-Validation-Passed-A",
    )


def test_gather_posts_digits_when_enough_keys_came(world: World, app: Application) -> None:
    """A key cuts the prompt and, with numDigits reached, is posted at once to the action."""
    app.says("/voice", '<Gather action="/key?turn=1" numDigits="1"><Say>press one or two</Say></Gather>')
    app.says("/key", "<Say>thank you</Say>")
    caller = world.caller()
    caller.calls(LINE)
    world.pass_(0.5)
    caller.presses("2")
    world.pass_(0)
    form = app.forms("/key")[0]
    assert (form["Digits"], form["FinishedOnKey"], form["msg"]) == ("2", "", "Gather End")
    assert world.sim.webhooks[-1].url == f"{SITE}/key?turn=1"
    assert caller.captions == ["press one or two", "thank you"]


def test_gather_waits_its_timeout_after_the_last_prompt_and_falls_through(
    world: World, app: Application
) -> None:
    """Five seconds of silence after the prompt lead to the next verb, without a webhook."""
    app.says(
        "/voice", '<Gather action="/key"><Say>one two three four five</Say></Gather>', "<Say>nobody</Say>"
    )
    caller = world.caller()
    caller.calls(LINE)
    world.pass_(6.9)
    assert caller.captions == ["one two three four five"]
    world.pass_(0.2)
    assert caller.captions[-1] == "nobody"
    assert app.forms("/key") == []


def test_silence_is_posted_when_the_gather_asks_for_it(world: World, app: Application) -> None:
    """actionOnEmptyResult sends an empty result to the action, by default the document's own URL."""
    app.says("/voice", '<Gather actionOnEmptyResult="true" timeout="3"/>')
    world.caller().calls(LINE)
    world.pass_(3)
    assert [form.get("Digits") for form in app.forms("/voice")] == [None, ""]


def test_keys_end_with_the_finish_key_or_with_a_pause(world: World, app: Application) -> None:
    """Without numDigits, `#` ends the row; and so does the timeout after the last key."""
    app.says("/voice", '<Gather action="/row" timeout="4"/>')
    app.says("/row", '<Gather action="/end" finishOnKey="*" timeout="2"/>')
    app.says("/end", "<Hangup/>")
    caller = world.caller()
    caller.calls(LINE)
    world.pass_(0)
    caller.presses("617#")
    world.pass_(0)
    assert (app.forms("/row")[0]["Digits"], app.forms("/row")[0]["FinishedOnKey"]) == ("617", "#")
    caller.presses("4")
    world.pass_(1.5)
    caller.presses("2")
    world.pass_(1.9)
    assert app.forms("/end") == []
    world.pass_(0.2)
    assert app.forms("/end")[0]["Digits"] == "42"


def test_the_finish_key_alone_counts_as_silence(world: World, app: Application) -> None:
    """A lone `#` says nothing: the next verb follows."""
    app.says("/voice", '<Gather action="/key"/>', "<Say>still here</Say>")
    caller = world.caller()
    caller.calls(LINE)
    world.pass_(0)
    caller.presses("#")
    world.pass_(0)
    assert caller.captions == ["still here"]


def test_speech_is_posted_with_its_confidence(world: World, app: Application) -> None:
    """Words are posted once the speaker has been silent for speechTimeout; keys that came first win."""
    gather = (
        '<Gather input="dtmf speech" action="/heard" speechTimeout="auto" partialResultCallback="/part"/>'
    )
    app.says("/voice", gather)
    app.says("/heard", gather)
    caller = world.caller()
    caller.calls(LINE)
    world.pass_(0)
    caller.says("he won't wake up", confidence=0.75)
    world.pass_(0.5)
    assert app.forms("/heard") == []
    world.pass_(1)
    form = app.forms("/heard")[0]
    assert (form["SpeechResult"], form["Confidence"]) == ("he won't wake up", "0.75")
    assert app.forms("/part")[0]["UnstableSpeechResult"] == "he won't wake up"
    caller.says("help")
    world.pass_(0.5)
    caller.says("him")
    world.pass_(1)
    assert app.forms("/heard")[1]["SpeechResult"] == "help him"
    caller.says("one")
    caller.presses("1#")
    world.pass_(5)
    assert app.forms("/heard")[2]["Digits"] == "1"


def test_words_during_a_prompt_are_missed_without_barge_in(world: World, app: Application) -> None:
    """bargeIn="false" lets the prompt be finished first."""
    app.says(
        "/voice", '<Gather input="speech" bargeIn="false" action="/heard"><Say>wait for me</Say></Gather>'
    )
    caller = world.caller()
    caller.calls(LINE)
    world.pass_(0.2)
    caller.says("help")
    world.pass_(3)
    assert app.forms("/heard") == []


def test_keys_outside_of_a_gather_are_lost(world: World, app: Application) -> None:
    """Nobody listens to keys while a Say runs."""
    app.says("/voice", "<Say>please listen to all of this</Say>")
    caller = world.caller()
    caller.calls(LINE)
    world.pass_(0.1)
    caller.presses("1")
    assert caller.lost_keys == ["1"]


def test_redirect_follows_relative_addresses(world: World, app: Application) -> None:
    """A relative address starts from the document's own URL."""
    world.sim.kernel.numbers[LINE].voice_url = f"{SITE}/twilio/voice?x=1"
    app.says("/twilio/voice", "<Redirect>next/step</Redirect>", "<Say>never said</Say>")
    app.says("/twilio/next/step", "<Redirect>/top</Redirect>")
    app.says("/top", "<Say>top</Say>")
    caller = world.caller()
    caller.calls(LINE)
    world.pass_(0)
    assert caller.captions == ["top"]
    assert app.forms("/top")[0]["CallStatus"] == "ringing"


def test_reject_never_answers(world: World, app: Application) -> None:
    """A rejected call is never connected; with reason busy it ends as busy."""
    app.says("/voice", '<Reject reason="busy"/>')
    call = world.caller().calls(LINE)
    world.pass_(0)
    assert (call.status, call.answered_at) == (CallStatus.BUSY, None)


def test_say_and_play_repeat(world: World, app: Application) -> None:
    """loop says it again; a known recording has its own words and length; tones are shown."""
    world.sim.recording(f"{SITE}/menu.mp3", "For an emergency, press 1.", 4.0)
    app.says(
        "/voice",
        '<Say loop="2">again</Say>',
        "<Play>/menu.mp3</Play>",
        "<Play>/x.mp3</Play>",
        '<Play digits="12"/>',
    )
    caller = world.caller()
    call = caller.calls(LINE)
    world.pass_(30)
    assert caller.captions == [
        "again",
        "again",
        "For an emergency, press 1.",
        "[recording: x.mp3]",
        "[tones: 12]",
    ]
    assert call.seconds == 10


def test_hanging_up_stops_everything_and_tells_the_status_callback(world: World, app: Application) -> None:
    """Once the caller has gone nothing more is asked, but the number's status callback is told."""
    world.sim.kernel.numbers[LINE].status_callback = f"{SITE}/status"
    app.says("/voice", '<Gather action="/key"><Say>hello</Say></Gather>', "<Redirect>/voice</Redirect>")
    caller = world.caller()
    call = caller.calls(LINE)
    world.pass_(2)
    caller.hangs_up()
    world.pass_(60)
    assert len(app.forms("/voice")) == 1
    form = app.forms("/status")[0]
    assert (form["CallSid"], form["CallStatus"], form["CallDuration"]) == (call.sid, "completed", "2")
    assert form["SequenceNumber"] == "0"
    assert form["Timestamp"].endswith("+0000")


def test_an_http_error_asks_the_fallback_with_the_error(world: World, app: Application) -> None:
    """The number's fallback URL gets ErrorCode and ErrorUrl, and what it says is carried out."""
    number = world.sim.kernel.numbers[LINE]
    number.voice_url, number.voice_fallback_url = f"{SITE}/voice#rc=2&rp=all", f"{SITE}/fallback"
    app.answers["/voice"] = Response(status=500)
    app.says("/fallback", "<Say>Hang up and dial 9-1-1.</Say>")
    caller = world.caller()
    caller.calls(LINE)
    world.pass_(0)
    assert [post.attempt for post in world.sim.webhooks] == [1, 2, 3, 1]
    form = app.forms("/fallback")[0]
    assert (form["ErrorCode"], form["ErrorUrl"]) == ("11200", f"{SITE}/voice")
    assert caller.captions == ["Hang up and dial 9-1-1."]


def test_without_a_working_fallback_the_caller_hears_the_application_error(
    world: World, app: Application
) -> None:
    """A failing fallback isn't asked twice: Twilio apologises and ends the call."""
    world.sim.kernel.numbers[LINE].voice_fallback_url = f"{SITE}/fallback"
    app.answers["/voice"] = app.answers["/fallback"] = Response(status=503)
    caller = world.caller()
    call = caller.calls(LINE)
    world.pass_(20)
    assert caller.captions == ["An application error has occurred. Goodbye."]
    assert call.status is CallStatus.COMPLETED
    assert [post.url for post in world.sim.webhooks] == [f"{SITE}/voice", f"{SITE}/fallback"]


def test_a_twiml_bin_works_while_the_application_is_down(world: World) -> None:
    """A fallback that Twilio hosts answers although nothing of ours does."""
    bin_url = "https://handler.twilio.com/twiml/EH1"
    world.sim.bin(bin_url, "<Response><Say>Dial 9-1-1.</Say></Response>")
    world.sim.kernel.numbers[LINE].voice_fallback_url = bin_url
    world.web.down = True
    caller = world.caller()
    caller.calls(LINE)
    world.pass_(0)
    assert caller.captions == ["Dial 9-1-1."]


def test_no_answer_for_fifteen_seconds_is_an_application_error(world: World, app: Application) -> None:
    """The limit passes on the clock, then the call fails."""
    app.says("/voice", "<Say>too late</Say>")
    world.web.slowness = 20.0
    caller = world.caller()
    caller.calls(LINE)
    world.pass_(14.9)
    assert caller.captions == []
    world.pass_(0.2)
    assert caller.captions == ["An application error has occurred. Goodbye."]
