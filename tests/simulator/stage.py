"""A page with Mia, Tom and Kim on one side, and Ana, Ben and Chloe on the other, and a small hotline behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from werkzeug.serving import make_server

from hotline.simulator import HttpWeb, Served, Simulator
from hotline.simulator import wall_clock as now
from hotline.simulator.page import Cast, PretendCaller, PretendMember, pages

from .conftest import LINE, SID, TOKEN, Application

MIA, TOM, KIM = "+16175550150", "+16175550151", "+16175550152"
ANA, BEN, CHLOE = "+16175550101", "+16175550102", "+16175550103"
CAST = Cast(
    LINE,
    (PretendCaller(MIA, "Mia"), PretendCaller(TOM, "Tom"), PretendCaller(KIM, "Kim", withheld=True)),
    (
        PretendMember(ANA, "Ana Lima", "Coordinator"),
        PretendMember(BEN, "Ben Ortiz", "Coordinator"),
        PretendMember(CHLOE, "Chloe Baptiste", "Clinician"),
    ),
    "http://127.0.0.1:8000",
)
MENU = "For an emergency, press 1. For treatment, press 2."
DIAL = (
    f'<Dial callerId="{LINE}"><Number url="/screen">{ANA}</Number><Number url="/screen">{BEN}</Number></Dial>'
)


@dataclass
class Stage:
    """What a test needs: the canned hotline, the simulator, and the page's address."""

    app: Application
    sim: Simulator
    url: str


def canned() -> Application:
    """Says a menu; 2 rings Ana and Ben and joins who presses 1 to the caller; answers texts."""
    app = Application()
    app.says("/voice", f'<Gather action="/key" numDigits="1"><Say>{MENU}</Say><Pause length="60"/></Gather>')
    app.says("/key", DIAL)
    app.says("/screen", '<Gather numDigits="1" action="/accepted"><Say>Press 1 to connect.</Say></Gather>')
    app.says("/accepted")
    app.says("/staff", '<Gather numDigits="1" action="/accepted"><Say>Press 1.</Say></Gather>')
    app.says("/sms", "<Message>We can help. Reply 4 yes, 5 no.</Message>")
    return app


def furnish(sim: Simulator, cast: Cast = CAST) -> None:
    """Give everybody of the cast a telephone."""
    for one in cast.handsets:
        sim.phone(one.number, label=one.name)


@contextmanager
def staged(port: int = 0) -> Iterator[Stage]:
    """The page over real HTTP, in real time."""
    app = canned()
    web = make_server("127.0.0.1", 0, app.flask(), threaded=True)
    threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    base = f"http://127.0.0.1:{web.server_port}"
    sim = Simulator(SID, TOKEN, now, HttpWeb())
    sim.exchange.calls_per_second, sim.exchange.set_up = 100, 0.05
    sim.number(LINE, voice_url=f"{base}/voice", sms_url=f"{base}/sms")
    furnish(sim)
    try:
        with Served(sim, port=port, pages=pages(sim, CAST)) as served:
            yield Stage(app, sim, served.url)
    finally:
        web.shutdown()
        web.server_close()
