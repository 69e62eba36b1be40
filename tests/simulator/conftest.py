"""A small application with canned answers, and a simulator with a hand-moved clock that calls it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import pytest
from flask import Flask, Response, request
from requests import Session
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from hotline.simulator import HandClock, Phone, Simulator, WsgiAdapter, WsgiWeb, rest_app

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

SID = "AC" + "0" * 32
TOKEN = "the-auth-token"
LINE = "+16175550100"
SITE = "https://hotline.example"
Answer = str | Response | Callable[[dict[str, str]], str | Response]


@dataclass
class Application:
    """Answers each path with what was put there: text, a response, or a function of the form."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)

    def says(self, path: str, *verbs: str) -> None:
        """Answer `path` with a voice or messaging document of these verbs."""
        self.answers[path] = f"<Response>{''.join(verbs)}</Response>"

    def forms(self, path: str) -> list[dict[str, str]]:
        return [form for asked, form, _ in self.asked if asked == path]

    def flask(self) -> Flask:
        app = Flask("canned")

        @app.post("/<path:path>")
        def answer(path: str) -> Response:
            form = request.form.to_dict()
            self.asked.append((f"/{path}", form, dict(request.headers)))
            given = self.answers.get(f"/{path}", Response(status=204))
            given = given(form) if callable(given) and not isinstance(given, Response) else given
            return Response(given, mimetype="text/xml") if isinstance(given, str) else given

        return app


@dataclass
class World:
    """What a test needs: the simulator, its clock, the application, and the application's REST client."""

    app: Application
    web: WsgiWeb
    clock: HandClock
    sim: Simulator
    session: Session
    client: Client

    def pass_(self, seconds: float = 0.0) -> None:
        self.clock.let_pass(self.sim, seconds)

    def caller(self) -> Phone:
        return self.sim.phone("+16175550142")


@pytest.fixture
def world() -> Iterator[World]:
    app, clock = Application(), HandClock()
    web = WsgiWeb(app.flask())
    sim = Simulator(SID, TOKEN, clock, web)
    sim.number(LINE, voice_url=f"{SITE}/voice", sms_url=f"{SITE}/sms")
    session = Session()
    made = cache(lambda: rest_app(sim))

    def rest(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        return made()(environ, start)  # built when first asked: most tests never do

    session.mount("https://", WsgiAdapter(rest))
    http = TwilioHttpClient(timeout=8)
    http.session = session
    yield World(app, web, clock, sim, session, Client(SID, TOKEN, http_client=http))
    assert sim.differing_answers == []


@pytest.fixture
def app(world: World) -> Application:
    return world.app
