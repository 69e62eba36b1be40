"""The REST API through Twilio's own client library."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from hotline.simulator import HandClock, Simulator, WsgiWeb, rest_app

from .conftest import LINE, SID, SITE, TOKEN, Application, World

ANA, BEN = "+16175550101", "+16175550102"
URL = f"{SITE}/api"


@pytest.mark.parametrize(
    ("sid", "token", "status", "code"),
    [(SID, "wrong", 401, 20003), ("AC" + "1" * 32, TOKEN, 401, 20003)],
)
def test_a_stranger_is_refused(world: World, sid: str, token: str, status: int, code: int) -> None:
    """401 with Twilio's error for a wrong token or account."""
    http = TwilioHttpClient(timeout=8)
    http.session = world.session
    with pytest.raises(TwilioRestException) as refused:
        Client(sid, token, http_client=http).calls("CA" + "0" * 32).fetch()
    assert (refused.value.status, refused.value.code) == (status, code)


def test_error_answers_have_twilios_shape(world: World) -> None:
    """code, message, more_info, status; for a missing resource, a foreign account, and no credentials."""
    base = "https://api.twilio.com/2010-04-01/Accounts"
    missing = world.session.get(f"{base}/{SID}/Calls/CA{'0' * 32}.json", auth=(SID, TOKEN))
    assert missing.status_code == 404
    assert missing.json() == {
        "code": 20404,
        "message": "The requested resource was not found",
        "more_info": "https://www.twilio.com/docs/errors/20404",
        "status": 404,
    }
    assert world.session.get(f"{base}/AC{'1' * 32}/Calls.json", auth=(SID, TOKEN)).status_code == 404
    assert world.session.get(f"{base}/{SID}/Faxes.json", auth=(SID, TOKEN)).json()["code"] == 20404
    assert world.session.get(f"{base}/{SID}/Calls.json").json()["code"] == 20003


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to": "911"}, 21211),
        ({"to": "anonymous"}, 21211),
        ({"from_": "Hotline"}, 21212),
        ({"from_": ANA}, 21210),
        ({"url": "not a url"}, 21205),
        ({"url": "/relative"}, 21205),
        ({"twiml": "<Response/>"}, 21205),
        ({"status_callback": "nowhere"}, 21205),
        ({"status_callback_event": ["rang"]}, 20001),
        ({"timeout": 0}, 20001),
        ({"timeout": 601}, 20001),
        ({"method": "GET"}, 20001),
        ({"machine_detection": "Maybe"}, 20001),
    ],
)
def test_a_call_that_cannot_be_made_is_refused(world: World, changes: dict[str, object], code: int) -> None:
    """Each refusal has Twilio's code and status 400, and nothing is created."""
    asked: dict[str, object] = {"to": ANA, "from_": LINE, "url": URL} | changes
    with pytest.raises(TwilioRestException) as refused:
        world.client.calls.create(**asked)
    assert (refused.value.code, refused.value.status) == (code, 400)
    assert world.sim.calls == []


def test_unknown_parameters_are_refused_and_written_down(world: World) -> None:
    """What the simulator doesn't know it doesn't silently ignore."""
    with pytest.raises(TwilioRestException) as refused:
        world.client.calls.create(to=ANA, from_=LINE, url=URL, record=True)
    assert refused.value.status == 400
    assert "Record" in world.sim.violations[0].what


def test_a_created_call_has_twilios_fields(world: World) -> None:
    """The library reads every field it knows; times are RFC 2822."""
    call = world.client.calls.create(to=ANA, from_=LINE, url=URL)
    assert (call.sid[:2], len(call.sid), call.status, call.direction) == ("CA", 34, "queued", "outbound-api")
    assert call.date_created == world.clock()
    assert (call.start_time, call.end_time, call.duration, call.answered_by) == (None, None, None, None)
    assert call.from_formatted == LINE
    raw = world.session.get(f"https://api.twilio.com{call.uri}", auth=(SID, TOKEN)).json()
    assert raw["date_created"] == "Mon, 02 Mar 2026 15:00:00 +0000"


def test_calls_are_found_by_number_time_and_status(world: World, app: Application) -> None:
    """To, From, Status, ParentCallSid and StartTime narrow the list; a queued call counts as created."""
    began = world.clock()
    first = world.client.calls.create(to=ANA, from_=LINE, url=URL).sid
    world.pass_(60)
    later = world.clock()
    second = world.client.calls.create(to=BEN, from_=LINE, url=URL).sid

    def found(**filters: object) -> list[str]:
        return [call.sid for call in world.client.calls.list(**filters)]

    assert found() == [second, first]
    assert found(to=ANA) == [first]
    assert found(from_=ANA) == []
    assert found(status="failed") == [first]
    assert found(status="queued", to=BEN) == [second]
    assert found(start_time_after=later) == [second]
    assert found(start_time_before=began + timedelta(seconds=30)) == [first]
    assert found(to=ANA, start_time_after=began) == [first]
    assert found(start_time="2026-03-02") == [second, first]
    assert found(start_time_after=datetime(2026, 3, 3, tzinfo=UTC)) == []
    assert found(end_time_after=began) == [first]
    assert found(parent_call_sid=first) == []


def test_long_lists_come_in_pages(world: World) -> None:
    """The library follows next_page_uri, filters kept."""
    for n in range(7):
        world.client.messages.create(to=ANA if n % 2 else BEN, from_=LINE, body=str(n))
    assert [one.body for one in world.client.messages.list(page_size=2)] == [str(n) for n in range(6, -1, -1)]
    assert [one.body for one in world.client.messages.list(to=BEN, page_size=3)] == ["6", "4", "2", "0"]
    assert len(world.client.messages.list(limit=3)) == 3


def test_what_comes_in_meanwhile_shifts_no_page(world: World) -> None:
    """A page is asked for by the token of the one before; by its number alone, or with a wrong size, by nobody."""
    for n in range(4):
        world.client.messages.create(to=ANA, from_=LINE, body=str(n))
    first = world.client.messages.page(page_size=2)
    assert [one.body for one in first] == ["3", "2"]
    world.client.messages.create(to=ANA, from_=LINE, body="new")
    assert [one.body for one in first.next_page()] == ["1", "0"]
    base = f"https://api.twilio.com/2010-04-01/Accounts/{SID}/Messages.json"
    for wrong in (
        "Page=1",
        "PageToken=PASM1",
        "Page=1&PageToken=PASM1",
        "PageSize=0",
        "PageSize=1001",
        "Page=x",
    ):
        assert world.session.get(f"{base}?{wrong}", auth=(SID, TOKEN)).status_code == 400
    calls = base.replace("Messages", "Calls")
    assert world.session.get(f"{calls}?Status=ended", auth=(SID, TOKEN)).status_code == 400


def test_a_number_is_pointed_somewhere_else(world: World, app: Application) -> None:
    """IncomingPhoneNumbers are listed, fetched and given new addresses, which then are used."""
    number = world.client.incoming_phone_numbers.list(phone_number=LINE)[0]
    assert (number.phone_number, number.voice_url) == (LINE, f"{SITE}/voice")
    updated = number.update(
        voice_url=f"{SITE}/new#rc=2",
        voice_fallback_url=f"{SITE}/fallback",
        status_callback=f"{SITE}/status",
        sms_url=f"{SITE}/newsms",
        sms_fallback_url=f"{SITE}/smsfallback",
    )
    assert (updated.voice_url, updated.sms_fallback_url) == (f"{SITE}/new#rc=2", f"{SITE}/smsfallback")
    assert world.client.incoming_phone_numbers(number.sid).fetch().status_callback == f"{SITE}/status"
    app.says("/new", "<Say>new</Say>")
    caller = world.caller()
    caller.calls(LINE)
    world.pass_(0)
    assert caller.captions == ["new"]
    assert world.client.incoming_phone_numbers.list(phone_number=ANA) == []
    with pytest.raises(TwilioRestException):
        world.client.incoming_phone_numbers("PN" + "0" * 32).update(voice_url=URL)


def test_an_answered_call_cannot_be_canceled(world: World, app: Application) -> None:
    """Canceled is for calls that weren't answered yet; completed ends any."""
    app.says("/voice", '<Pause length="2"/><Say>x</Say><Pause length="60"/>')
    caller = world.caller()
    call = caller.calls(LINE)
    world.pass_(5)
    assert caller.in_call
    with pytest.raises(TwilioRestException) as refused:
        world.client.calls(call.sid).update(status="canceled")
    assert refused.value.code == 21220
    with pytest.raises(TwilioRestException):
        world.client.calls(call.sid).update(status="busy")
    with pytest.raises(TwilioRestException):
        world.client.calls(call.sid).update()
    assert world.client.calls(call.sid).update(status="completed").status == "completed"
    assert not caller.in_call


def test_requests_never_post_webhooks_themselves(world: World, app: Application) -> None:
    """Even a redirect of a live call waits for the agenda to run."""
    app.says("/voice", '<Say>x</Say><Pause length="60"/>')
    call = world.caller().calls(LINE)
    world.pass_(2)
    posted = len(world.sim.webhooks)
    world.client.calls(call.sid).update(url=URL)
    assert len(world.sim.webhooks) == posted
    assert world.sim.next_due() == world.clock()
    world.pass_(0)
    assert len(world.sim.webhooks) == posted + 1


def test_two_simulators_know_nothing_of_each_other(world: World) -> None:
    """Every simulator is an account of its own."""
    other = Simulator(SID, TOKEN, HandClock(), WsgiWeb(rest_app(world.sim)))
    world.client.messages.create(to=ANA, from_=LINE, body="a")
    assert other.messages == []
    assert other.next_due() is None
