"""The web's server: slow, huge and broken requests cost a telephone nothing, and are never answered with 5xx."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bench.slow import SlowClients
from hotline.runtime import web_worker
from tests.running.application import eventually
from tests.running.web import Web, web

pytestmark = pytest.mark.process

SLOW = 60
"""In small; `make slow-clients` has 500. Sixteen were enough for a server that reads in its threads."""
WEBHOOKS = 30


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """One web for all that doesn't end it."""
    with web(tmp_path_factory.mktemp("web")) as running:
        yield running


def answered_within(served: Web, name: str) -> list[float]:
    """How long each of some webhooks took, ten a second, from the moment it was due."""

    def one(number: int) -> float:
        due = began + number / 10
        time.sleep(max(0.0, due - time.monotonic()))
        status, said = served.webhook(f"CA{name}{number}")
        assert (status, "<Response>" in said) == (200, True)
        return time.monotonic() - due

    began = time.monotonic()
    with ThreadPoolExecutor(WEBHOOKS) as pool:
        return sorted(pool.map(one, range(WEBHOOKS)))


def test_telephones_are_answered_beside_clients_that_never_finish(served: Web) -> None:
    """Half headers, half bodies, a letter a second, answers that nobody takes: nine in ten webhooks within a second.

    A machine that is busy with other things has three tries; without threads of their own none is ever enough.
    """
    with SlowClients(served.port, SLOW) as slow:
        assert slow.all_here.wait(30)
        took = [answered_within(served, f"{tried}x")[WEBHOOKS * 9 // 10 - 1] for tried in range(3)]
    assert min(took) < 1


def test_a_slip_in_the_settings_takes_no_running_line_down(served: Web) -> None:
    """Saved, and not restarted yet: a process that dies then is replaced by one with the settings of the start."""
    config = served.log.with_name("hotline.toml")
    before = config.read_text()
    config.write_text("[line\n")
    try:
        died = _processes(served)[0]
        os.kill(died, signal.SIGKILL)
        eventually(lambda: len(_processes(served)) == 2 and died not in _processes(served), str, 60)
        for number in range(8):
            assert served.webhook(f"CAslip{number}")[0] == 200
        assert served.process.poll() is None
    finally:
        config.write_text(before)


def _processes(served: Web) -> list[int]:
    """Those that answer, oldest first."""
    children = Path(f"/proc/{served.process.pid}/task/{served.process.pid}/children").read_text()
    return sorted(int(one) for one in children.split())


def test_what_never_comes_in_whole_is_shown_out(served: Web) -> None:
    """After ten seconds, however busily it sends letters; whoever was sending is told why."""
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", served.port), 20) as one:
        one.sendall(b"GET / HTTP/1.1\r\nX-More: ")
        stop = threading.Event()
        letters = threading.Thread(target=_drip, args=(one, stop))
        letters.start()
        said = one.recv(1000)
        stop.set()
        letters.join()
    assert said.startswith(b"HTTP/1.1 408 ")
    assert web_worker.WHOLE_REQUEST - 1 < time.monotonic() - began < web_worker.WHOLE_REQUEST + 8


def _drip(one: socket.socket, stop: threading.Event) -> None:
    while not stop.wait(0.3):
        try:
            one.send(b"a")
        except OSError:
            return


HUGE = b"a" * (web_worker.LARGEST_HEADER + 10)
POST = b"POST /twilio/voice HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\nX-More: " + HUGE + b"\r\n\r\n", b"431"),
        (b"GET /" + HUGE + b" HTTP/1.1\r\n\r\n", b"431"),
        (POST + b"Content-Length: 1000000000\r\n\r\n", b"413"),
        (POST + b"Content-Length: 70000\r\nConnection: close\r\n\r\n" + b"a" * 70000, b"413"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"10000\r\n" + b"a" * 0x10000 + b"\r\n" * 1, b""),
        (POST + b"Content-Length: minus\r\n\r\n", b"400"),
        (POST + b"Content-Length: 5\r\nTransfer-Encoding: gzip\r\n\r\nhello", b"400"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", b"400"),
        (b"GARBAGE\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\nHost: a\n\n\r\n\r\n", b"400"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"400"),
        (b"GET http://[ HTTP/1.1\r\nHost: a\r\n\r\n", b"400"),
        (b"GET / HTTP/9.9\r\nHost: a\r\n\r\n", b""),
    ],
)
def test_what_is_too_large_or_no_http_is_the_sender_s_mistake(
    served: Web, sent: bytes, status: bytes
) -> None:
    """4xx from the server itself, and never one of 5xx."""
    said = served.says(sent, wait=2)
    assert b" 50" not in said[:20]
    assert said.split(b" ")[1:2] == [status] or status == b""


@pytest.mark.parametrize(
    "name", ["SCRIPT_NAME", "Script-Name", "PATH_INFO", "X-Script-Name", "X-Forwarded-Prefix"]
)
def test_no_header_moves_the_console_to_the_telephones_or_away(served: Web, name: str) -> None:
    """Addresses are what the request line says: `SCRIPT_NAME: /twilio` serves no page there, `/evil` breaks no call."""
    assert served.ask("GET", "/twilio/sign-in", headers={name: "/twilio"})[0] in (403, 404, 405)
    status, page = served.ask("GET", "/sign-in", headers={name: "/evil"})
    assert (status, "/evil" in page) == (200, False)
    status, said = served.webhook(f"CAscript{name.replace('-', '')}", **{name: "/evil"})
    assert (status, "/evil" in said, "<Response>" in said) == (200, False, True)


def test_a_long_form_that_comes_in_pieces_is_read_whole(served: Web) -> None:
    """A slow but honest phone signs in: pieces a moment apart are one request."""
    body = b"name=" + b"a" * 5000
    with socket.create_connection(("127.0.0.1", served.port), 20) as one:
        one.sendall(
            b"POST /sign-in HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: %d\r\n" % len(body)
        )
        for piece in (b"Content-Type: application/x-www-form-urlencoded\r\n\r\n", body[:2000], body[2000:]):
            time.sleep(0.1)
            one.sendall(piece)
        assert one.recv(1000).split(b" ")[1] in (
            b"400",
            b"200",
        )  # without the page's token; never 408, never 5xx


def test_told_to_stop_it_finishes_what_it_has_begun_and_is_gone(tmp_path: Path) -> None:
    """Whoever reached it is answered, or refused at once; idle and half connections keep nobody from stopping."""
    with web(tmp_path) as running:
        with SlowClients(running.port, 12) as slow, ThreadPoolExecutor(8) as pool:
            assert slow.all_here.wait(10)
            asked = [pool.submit(running.webhook, f"CAlast{number}") for number in range(8)]
            time.sleep(0.05)
            began = time.monotonic()
            running.process.send_signal(signal.SIGTERM)
            statuses = set()
            for one in asked:
                try:
                    statuses.add(one.result()[0])
                except ConnectionRefusedError:
                    continue
        assert statuses <= {200}
        assert running.process.wait(20) == 0
        assert time.monotonic() - began < 12


@pytest.mark.parametrize(
    ("path", "pool"),
    [
        ("/twilio/voice", "telephones"),
        ("/recordings/a/en/b.mp3", "telephones"),
        ("/health/ready", "health"),
        ("/metrics", "health"),
        ("/board", "pages"),
        ("/twilio", "pages"),
        ("", "pages"),
    ],
)
def test_each_kind_of_request_has_threads_of_its_own(path: str, pool: str) -> None:
    """A flood of pages queues behind pages."""
    assert web_worker.pool_of(path) == pool
