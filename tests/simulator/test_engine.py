"""The engine itself: independence, order, repeatability, an end to every circle."""

from __future__ import annotations

import ast
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Response

import hotline.simulator
from hotline.simulator import Behaviour, EndlessEvents, HandClock, Simulator, WsgiWeb

from .conftest import LINE, SID, SITE, TOKEN, Application, World

ANA = "+16175550101"


def test_it_imports_nothing_of_ours() -> None:
    """The simulator knows nothing of the application, so it can't be bent to fit it."""
    package = Path(hotline.simulator.__file__).parent
    for module in package.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                assert node.level < 2
                names = [node.module or ""] if node.level == 0 else []
            for name in names:
                within = f"{name}.".startswith("hotline.simulator.")
                assert within or name.split(".")[0] not in ("hotline", "workers", "twilio"), (module, name)


def story() -> list[tuple[datetime, str]]:
    app, clock = Application(), HandClock()
    sim = Simulator(SID, TOKEN, clock, WsgiWeb(app.flask()))
    sim.number(LINE, voice_url=f"{SITE}/voice", sms_url=f"{SITE}/sms", status_callback=f"{SITE}/status")
    sim.faults.reorder(seed=5)
    app.says("/voice", f'<Dial action="/after"><Number url="/screen">{ANA}</Number></Dial>')
    app.says("/screen", '<Gather numDigits="1" action="/in"><Say>press one</Say></Gather>')
    app.says("/in")
    app.says("/after", "<Say>bye</Say>")
    caller, ana = sim.phone("+16175550142"), sim.phone(ANA, Behaviour.ANSWERS)
    caller.calls(LINE)
    clock.let_pass(sim, 5)
    ana.presses("1")
    clock.let_pass(sim, 20)
    ana.hangs_up()
    clock.let_pass(sim, 60)
    return [(post.at, post.url) for post in sim.webhooks] + [(one.at, one.text) for one in caller.heard]


def test_the_same_story_happens_the_same_way_twice() -> None:
    """Nothing depends on chance or on the speed of the machine."""
    assert story() == story()


def test_events_that_are_run_late_happen_at_their_own_time(world: World, app: Application) -> None:
    """A clock that jumps loses nothing: what follows from an event follows at the right distance."""
    app.says("/voice", "<Say>a b c d e</Say>", '<Pause length="4"/>', "<Say>end</Say>")
    caller = world.caller()
    call = caller.calls(LINE)
    world.clock.now += timedelta(minutes=5)
    assert world.sim.run_due(world.clock.now) > 3
    assert [(one.at - call.created_at).total_seconds() for one in caller.heard] == [0, 6]
    assert call.seconds == 7
    assert world.sim.next_due() is None


def test_a_circle_of_redirects_is_noticed(world: World, app: Application) -> None:
    """A document that redirects to itself without ever taking time is an error, not a hang."""
    app.says("/voice", "<Redirect>/voice</Redirect>")
    world.caller().calls(LINE)
    world.sim.most_events = 200
    with pytest.raises(EndlessEvents):
        world.pass_(0)


def test_the_state_can_be_shown_as_json(world: World, app: Application) -> None:
    """Telephones, calls, rooms, texts, webhooks and broken rules, as plain data."""
    app.says("/voice", '<Dial><Conference waitUrl="">contact-1</Conference></Dial>')
    app.answers["/sms"] = Response("oops", mimetype="text/plain")
    caller = world.caller()
    caller.calls(LINE)
    caller.texts(LINE, "STOP")
    world.sim.faults.error(500)
    world.pass_(2)
    state = json.loads(json.dumps(world.sim.state()))
    assert state["phones"][0]["in_call"] is True
    assert state["phones"][0]["inbox"][0]["by_provider"] is True
    assert state["conferences"][0]["participants"][0]["number"] == caller.number
    assert state["blocked"] == [[caller.number, LINE]]
    assert state["violations"][0]["sid"] == state["messages"][0]["sid"]
    assert state["counts"] == {"calls": 1, "messages": 1, "webhooks": 2}
    assert state["faults"]["rest"][0]["status"] == 500
