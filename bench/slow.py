"""Clients that hold a connection for as long as they are let, and ask for nothing whole."""

from __future__ import annotations

import itertools
import select
import socket
import threading
import time
from types import TracebackType

_FORM = b"POST /twilio/voice HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
_BEGUN = (
    b"",
    b"GET / HTTP/1.1\r\nHost: a\r\nX-More: ",
    b"GET /sign-in HTTP/1.1\r\nHost: a\r\nX-More: ",
    _FORM + b"Content-Length: 5000\r\n\r\n",
    _FORM + b"Transfer-Encoding: chunked\r\n\r\n1388\r\n",
    b"GET /sign-in HTTP/1.1\r\nHost: a\r\n\r\n" * 5,
)
"""Nothing at all; half a header, left so; half a header, half a body, half a chunk, a letter at a time; answers that
nobody takes away."""
_DRIPS = frozenset({2, 3, 4})


class SlowClients:
    """A context manager: within it, so many of them hold the port, and come again when they are shown out."""

    def __init__(self, port: int, many: int, every: float = 1.0) -> None:
        """`every`: seconds between two letters."""
        self._port, self._many, self._every = port, many, every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.shown_out = 0
        self.all_here = threading.Event()

    def __enter__(self) -> SlowClients:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        held: list[tuple[int, socket.socket]] = []
        kinds = itertools.cycle(range(len(_BEGUN)))
        while not self._stop.is_set():
            while len(held) < self._many and not self._stop.is_set():
                held += self._begin(next(kinds))
            self.all_here.set()
            self._stop.wait(self._every)
            held = [one for one in held if self._goes_on(*one)]
        for _, one in held:
            one.close()

    def _begin(self, kind: int) -> list[tuple[int, socket.socket]]:
        try:
            one = socket.create_connection(("127.0.0.1", self._port), 5)
            one.sendall(_BEGUN[kind])
        except OSError:
            time.sleep(0.05)
            return []
        return [(kind, one)]

    def _goes_on(self, kind: int, one: socket.socket) -> bool:
        try:
            if kind in _DRIPS:
                one.send(b"a")
            if kind == len(_BEGUN) - 1 or not _is_readable(one) or one.recv(1000):
                return True
        except OSError:
            pass
        self.shown_out += 1
        one.close()
        return False


def _is_readable(one: socket.socket) -> bool:
    poll = select.poll()
    poll.register(one, select.POLLIN)
    return bool(poll.poll(0))
