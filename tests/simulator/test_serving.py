"""The simulator as a server: real HTTP, real time, real threads."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import requests
from flask import Response
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from werkzeug.serving import make_server

from hotline.simulator import Behaviour, HttpWeb, NotPossible, Served, Simulator, WebTimeout, WebUnreachable
from hotline.simulator import wall_clock as now

from .conftest import LINE, SID, TOKEN, Application

ANA = "+16175550101"


def until(true: Callable[[], object], seconds: float = 5.0) -> None:
    """Wait for something that other threads bring about."""
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "it didn't happen"
        time.sleep(0.01)


class _Redirected(TwilioHttpClient):  # type: ignore[misc]
    """Twilio's client, sent to the simulator instead of api.twilio.com."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=1)
        self._base = base

    def request(self, method: str, url: str, *args: object, **more: object) -> object:
        return super().request(method, url.replace("https://api.twilio.com", self._base), *args, **more)


@dataclass
class Live:
    app: Application
    sim: Simulator
    url: str
    web_url: str
    client: Client

    def post(self, path: str, **body: object) -> requests.Response:
        return requests.post(f"{self.url}/sim/{path}", json=body, timeout=5)


@pytest.fixture
def live() -> Iterator[Live]:
    app = Application()
    web = make_server("127.0.0.1", 0, app.flask(), threaded=True)
    threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    base = f"http://127.0.0.1:{web.server_port}"
    sim = Simulator(SID, TOKEN, now, HttpWeb({"https://hotline.example": base}))
    sim.exchange.calls_per_second, sim.exchange.set_up = 100, 0.05
    with Served(sim) as served:
        sim.number(LINE, voice_url="https://hotline.example/voice", sms_url=f"{base}/sms")
        yield Live(app, sim, served.url, base, Client(SID, TOKEN, http_client=_Redirected(served.url)))
    web.shutdown()
    web.server_close()


def test_a_call_and_a_text_go_all_the_way_over_http(live: Live) -> None:
    """A caller is answered, a staff telephone rings, a text arrives: in real time."""
    live.app.says("/voice", '<Gather action="/key" numDigits="1"><Say>press one</Say></Gather>')
    live.app.says("/key", "<Say>thank you</Say>")
    caller = live.sim.phone("+16175550142")
    caller.calls(LINE)
    until(lambda: caller.hears_now == "press one")
    caller.presses("1")
    until(lambda: caller.hears_now == "thank you")
    ana = live.sim.phone(ANA)
    live.client.calls.create(to=ANA, from_=LINE, url=f"{live.web_url}/key")
    live.client.messages.create(to=ANA, from_=LINE, body="S01")
    until(lambda: ana.ringing and ana.inbox)
    assert live.sim.violations == []


def test_one_slow_webhook_does_not_hold_up_the_others(live: Live) -> None:
    """While one answer is awaited, another caller is served."""
    go_on = threading.Event()

    def slow(form: dict[str, str]) -> str:
        if form["From"] == "+16175550142":
            go_on.wait(5)
        return "<Response><Say>hello</Say></Response>"

    live.app.answers["/voice"] = slow
    first, second = live.sim.phone("+16175550142"), live.sim.phone("+16175550143")
    first.calls(LINE)
    second.calls(LINE)
    until(lambda: second.captions == ["hello"])
    assert first.captions == []
    go_on.set()
    until(lambda: first.captions == ["hello"])


def test_a_held_answer_can_be_released(live: Live) -> None:
    """A delayed create is done, but its answer waits until it is let go."""
    live.sim.faults.delay(60, "messages")
    answers: list[int] = []
    url = f"{live.url}/2010-04-01/Accounts/{SID}/Messages.json"

    def send() -> None:
        form = {"To": ANA, "From": LINE, "Body": "S01"}
        answers.append(requests.post(url, data=form, auth=(SID, TOKEN), timeout=30).status_code)

    sender = threading.Thread(target=send)
    sender.start()
    until(lambda: live.sim.messages)
    assert answers == []
    live.post("faults", fault="release")
    sender.join(5)
    assert answers == [201]


def test_dropped_and_timed_out_answers_over_http(live: Live) -> None:
    """The client's connection really breaks, or its patience really ends; the thing is created or not."""
    live.post("faults", fault="drop_before", resource="messages")
    live.post("faults", fault="drop_after", resource="messages")
    for created in (0, 1):
        with pytest.raises(requests.exceptions.ConnectionError):
            live.client.messages.create(to=ANA, from_=LINE, body="S01")
        assert len(live.sim.messages) == created
    live.sim.faults.time_out_after()
    with pytest.raises(requests.exceptions.ReadTimeout):
        live.client.messages.create(to=ANA, from_=LINE, body="S01")
    assert len(live.sim.messages) == 2
    live.sim.faults.release()


def test_the_control_desk_holds_every_telephone(live: Live) -> None:
    """Telephones are made, call, press, speak, text, are answered and changed by JSON."""
    live.app.says("/voice", '<Gather input="dtmf speech" action="/key" numDigits="1"/>')
    live.app.says("/key", '<Pause length="60"/>')
    assert live.post("phones", number=ANA, behaviour="rings", label="Ana").json() == {"number": ANA}
    sid = live.post(f"phones/{ANA}/calls", to=LINE).json()["sid"]
    phone = live.sim.phone(ANA)
    until(lambda: phone.in_call)
    assert live.post(f"phones/{ANA}/says", words="hello").status_code == 200
    assert live.post(f"phones/{ANA}/presses", keys="1").status_code == 200
    until(lambda: live.app.forms("/key"))
    live.post(f"phones/{ANA}/hangs_up")
    live.post(f"phones/{ANA}/texts", to=LINE, body="hi")
    live.post(f"phones/{ANA}/behaves", behaviour="busy", after=1, sms="silent", when_off="no-answer")
    until(lambda: live.app.forms("/sms"))
    assert (phone.behaviour, phone.after, phone.sms) == (Behaviour.BUSY, 1, "silent")
    live.post(f"phones/{ANA}/behaves", behaviour="rings", detected_as="fax", detected_after=3)
    assert (phone.detected_as, phone.detected_after) == ("fax", 3)
    for answer in ("answer", "decline"):
        live.client.calls.create(to=ANA, from_=LINE, url=f"{live.web_url}/key")
        until(lambda: phone.ringing)
        assert live.post(f"phones/{ANA}/{answer}").status_code == 200
        if answer == "answer":
            live.post(f"phones/{ANA}/hangs_up")
    state = requests.get(f"{live.url}/sim/state", timeout=5).json()
    assert state["calls"][0]["sid"] == sid
    assert state["phones"][0]["label"] == "Ana"
    ledger = requests.get(f"{live.url}/sim/ledger", timeout=5).json()
    assert [call["status"] for call in ledger["calls"]] == ["completed", "completed", "busy"]
    assert len(ledger["rest_requests"]) == 2
    assert live.post("numbers", number="+16175550109").status_code == 200
    assert live.post("bins", url="https://bin.example/1", document="<Response/>").status_code == 200
    assert live.post("faults", every_webhook_twice=True).status_code == 200
    assert live.sim.faults.every_webhook_twice


def test_the_control_desk_says_what_is_wrong(live: Live) -> None:
    """404 for unknown telephones and actions, 409 for what can't be done, 400 for a wrong body."""
    live.post("phones", number=ANA)
    assert live.post("phones/+16175559999/answer").status_code == 404
    assert live.post(f"phones/{ANA}/explode").status_code == 404
    assert live.post(f"phones/{ANA}/answer").status_code == 409
    assert live.post(f"phones/{ANA}/calls").status_code == 400
    assert live.post("faults", fault="hold").status_code == 400
    assert requests.post(f"{live.url}/sim/faults", data="fault=clear", timeout=5).status_code == 415
    elsewhere = {"Origin": "https://elsewhere.example"}
    assert requests.get(f"{live.url}/sim/state", headers=elsewhere, timeout=5).status_code == 403
    assert requests.post(f"{live.url}/sim/faults", json=["clear"], timeout=5).status_code == 400


def test_pages_can_be_put_beside_the_api() -> None:
    """Pages at the root leave the REST API and the control desk where they are."""
    sim = Simulator(SID, TOKEN, now, HttpWeb())
    page = Response("the page", mimetype="text/plain")
    with Served(sim, pages=page) as served:
        assert requests.get(f"{served.url}/anything", timeout=5).text == "the page"
        assert requests.get(f"{served.url}/sim/state", timeout=5).json()["account_sid"] == SID
        calls = f"{served.url}/2010-04-01/Accounts/{SID}/Calls.json"
        assert requests.get(calls, auth=(SID, TOKEN), timeout=5).json()["calls"] == []


def test_http_tells_silence_from_absence(live: Live) -> None:
    """No answer in time is one thing, no connection another."""
    waiting = threading.Event()

    def never(form: dict[str, str]) -> str:
        waiting.wait(5)
        return ""

    live.app.answers["/never"] = never
    with pytest.raises(WebTimeout):
        HttpWeb().post(f"{live.web_url}/never", {}, "", 0.1)
    waiting.set()
    with pytest.raises(WebUnreachable):
        HttpWeb().post("http://127.0.0.1:1/", {}, "", 1.0)


@pytest.mark.process
def test_the_command_serves_until_it_is_told_to_end() -> None:
    """It prints its address, answers there with the numbers and telephones asked for, and ends cleanly."""
    command = [
        sys.executable, "-m", "hotline.simulator", "--port", "0", "--web", "http://127.0.0.1:1",
        "--public", "https://hotline.example", "--number", LINE, "--phone", f"{ANA}=voicemail:Ana",
    ]  # fmt: skip
    environment = {**os.environ, "TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": TOKEN}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        state = requests.get(f"{url}/sim/state", timeout=5).json()
        process.terminate()
        assert process.wait(10) == 0
    assert state["numbers"][0]["voice_url"] == "https://hotline.example/twilio/voice"
    assert (state["phones"][0]["label"], state["phones"][0]["behaviour"]) == ("Ana", "voicemail")


@pytest.mark.process
def test_the_command_needs_an_account() -> None:
    """Without account and token it says what is missing, with exit code 2."""
    command = [sys.executable, "-m", "hotline.simulator", "--web", "http://127.0.0.1:1"]
    bare = {name: value for name, value in os.environ.items() if not name.startswith("TWILIO_")}
    ended = subprocess.run(command, capture_output=True, text=True, env=bare, timeout=20, check=False)
    assert ended.returncode == 2
    assert "TWILIO_ACCOUNT_SID" in ended.stderr


def test_a_phone_says_when_something_is_not_possible(live: Live) -> None:
    """The same rules hold for telephones in real time."""
    with pytest.raises(NotPossible):
        live.sim.phone(ANA).answer()
