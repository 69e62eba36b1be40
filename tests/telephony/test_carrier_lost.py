"""Answers that are lost on a real network, and what was made all the same."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from hotline.effects import Effect, PlaceCall, SendText
from hotline.model import PhoneNumber
from hotline.operations.outbox.delivery import Sent, TryAgain, Unsure
from hotline.settings.load import Settings
from hotline.simulator import HandClock, Simulator, WsgiAdapter, WsgiWeb, rest_app
from hotline.telephony.rest.carrier import Carrier
from tests.stories.centre import LINE, MIA, SID, TOKEN, settings_for
from tests.telephony.doorstep import AFTERNOON
from tests.telephony.wires import CALL, CREATES, TEXT, UPDATES, Wire, carrier


@contextmanager
def listening(*, answers: bytes | None = None) -> Iterator[str]:
    """A server that takes a request and answers so, or not at all."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        held: list[socket.socket] = []

        def serve() -> None:
            try:
                while True:
                    taken, _ = server.accept()
                    held.append(taken)
                    if answers is not None:
                        taken.recv(65536)
                        taken.sendall(answers)
                        taken.close()
            except OSError:
                return

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
        for taken in held:
            taken.close()


def over_the_network(settings: Settings, address: str, seconds: float) -> Carrier:
    centre = settings.centre.model_copy(
        update={
            "carrier": settings.centre.carrier.model_copy(
                update={"request_timeout": timedelta(seconds=seconds)}
            )
        }
    )
    return Carrier(replace(settings, twilio_api_base_url=address, centre=centre))


def test_a_refused_connection_is_certain(settings: Settings) -> None:
    """Nobody was there, so nothing was made: tried again without a look-up."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert isinstance(over_the_network(settings, f"http://127.0.0.1:{port}", 1).perform(CALL), TryAgain)


def test_a_carrier_who_never_answers_is_left_in_time(settings: Settings) -> None:
    """And it is ambiguous: the request had arrived."""
    with listening() as address:
        began = time.monotonic()
        assert isinstance(over_the_network(settings, address, 0.2).perform(CALL), Unsure)
        assert time.monotonic() - began < 2


def test_a_connection_cut_in_the_middle_is_ambiguous(settings: Settings) -> None:
    """Half an answer is none."""
    with listening(answers=b"HTTP/1.1 201 CREATED\r\nContent-Length: 100\r\n\r\n{") as address:
        assert isinstance(over_the_network(settings, address, 1).perform(CALL), Unsure)


# --- looking up ------------------------------------------------------------------------------------------------


@dataclass
class Provider:
    """A strict provider, and our carrier to it."""

    sim: Simulator
    clock: HandClock
    carrier: Carrier


@pytest.fixture
def provider(settings: Settings) -> Provider:
    """With nobody at our end."""
    clock = HandClock(AFTERNOON)
    sim = Simulator(SID, TOKEN, clock, WsgiWeb(lambda environ, start: [b""]))
    sim.number(LINE)
    session = requests.Session()
    session.mount("https://", WsgiAdapter(rest_app(sim)))
    return Provider(sim, clock, Carrier(settings, session))


@pytest.mark.parametrize("effect", CREATES, ids=lambda effect: type(effect).__name__)
def test_what_was_made_although_the_answer_was_lost_is_found(provider: Provider, effect: Effect) -> None:
    """By its numbers, its words and its time."""
    provider.sim.faults.drop_after()
    assert isinstance(provider.carrier.perform(effect), Unsure)
    made = [one.sid for one in provider.sim.calls] + [one.sid for one in provider.sim.messages]
    assert provider.carrier.look_up(effect, AFTERNOON) == tuple(made)


@pytest.mark.parametrize("effect", CREATES, ids=lambda effect: type(effect).__name__)
def test_what_was_never_made_is_not_found(provider: Provider, effect: Effect) -> None:
    """Then it may be sent again."""
    provider.sim.faults.drop_before()
    assert isinstance(provider.carrier.perform(effect), Unsure)
    assert provider.carrier.look_up(effect, AFTERNOON) == ()


def test_an_older_call_to_the_same_number_is_not_taken_for_it(provider: Provider) -> None:
    """Nor one to another number, nor another text; those of now are found, the oldest first."""
    provider.carrier.perform(CALL)
    provider.carrier.perform(TEXT)
    provider.clock.now += timedelta(minutes=5)
    since = provider.clock.now
    assert provider.carrier.look_up(CALL, since) == ()
    other = PlaceCall(PhoneNumber(MIA), CALL.path, CALL.status_path, 25)
    provider.carrier.perform(other)
    provider.carrier.perform(SendText(TEXT.to, "Something else.", TEXT.status_path))
    first = provider.carrier.perform(CALL)
    provider.clock.now += timedelta(seconds=2)
    second = provider.carrier.perform(CALL)
    assert isinstance(first, Sent)
    assert isinstance(second, Sent)
    assert provider.carrier.look_up(CALL, since) == (first.sid, second.sid)
    assert provider.carrier.look_up(TEXT, since) == ()


def test_a_look_up_that_fails_is_tried_again(settings: Settings) -> None:
    """Not knowing is no reason to send twice."""
    for wire in (Wire(500, ""), Wire(429, ""), Wire(200, "nonsense"), Wire(breaks=requests.ReadTimeout())):
        for effect in CREATES:
            assert isinstance(carrier(settings, wire).look_up(effect, AFTERNOON), TryAgain)


def test_what_changes_a_call_needs_no_look_up(settings: Settings) -> None:
    """Redirecting or ending it twice does no harm."""
    wire = Wire()
    for effect in UPDATES:
        assert carrier(settings, wire).look_up(effect, AFTERNOON) == ()
    assert wire.requests == []


def test_the_carrier_opens_nothing_before_it_is_used(tmp_path: Path) -> None:
    """A process may start while the provider is away."""
    Carrier(settings_for(tmp_path, f"sqlite:///{tmp_path}/none.db", "unix:///nowhere"))
