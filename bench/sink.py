"""A carrier that only notes when it was asked for what: the far end of a page, for measuring."""

from __future__ import annotations

import itertools
import json
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to create something; `at` in seconds of the monotonic clock."""

    at: float
    kind: str
    to: str
    url: str
    sid: str
    status: str
    """Where its news go."""


class Sink:
    """An HTTP server on loopback that creates calls and messages in name only."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.news = threading.Condition()
        numbers = itertools.count(1)
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                at = time.monotonic()
                length = int(self.headers.get("Content-Length", "0"))
                form = parse_qs(self.rfile.read(length).decode())
                kind = "calls" if "Calls" in self.path else "messages"
                status = form.get("StatusCallback", [""])[0]
                url = form.get("Url", [status])[0]
                sid = f"{'CA' if kind == 'calls' else 'SM'}{next(numbers):032x}"
                with outer.news:
                    outer.asked.append(Asked(at, kind, form.get("To", [""])[0], url, sid, status))
                    outer.news.notify_all()
                body = json.dumps({"sid": sid, "status": "queued"}).encode()
                self.send_response(201)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *arguments: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def first_call_after(self, since: int, within: float) -> Asked | None:
        """The first call asked for after the first `since` requests, waiting for it at most so long (seconds)."""
        until = time.monotonic() + within
        with self.news:
            while True:
                for one in self.asked[since:]:
                    if one.kind == "calls" and "/page/" in one.url:
                        return one
                left = until - time.monotonic()
                if left <= 0 or not self.news.wait(left):
                    return None
