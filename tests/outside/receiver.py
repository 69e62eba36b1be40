"""Another system of the centre's: a real server on this machine that remembers what it was posted."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Posted:
    """One request."""

    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        """What it says."""
        read: dict[str, Any] = json.loads(self.body)
        return read


@dataclass
class Receiver:
    """Answers each request as `status` says of it; 200 unless told otherwise."""

    address: str = ""
    posted: list[Posted] = field(default_factory=list)
    status: Callable[[Posted], int] = lambda posted: 200

    @property
    def kinds(self) -> list[str]:
        """Of what was posted, in order."""
        return [one.event["type"] for one in self.posted]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Until the end of the block."""
    receiver = Receiver()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            posted = Posted({name.lower(): value for name, value in self.headers.items()}, body)
            receiver.posted.append(posted)
            self.send_response(receiver.status(posted))
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    receiver.address = f"http://127.0.0.1:{server.server_port}/hotline"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
