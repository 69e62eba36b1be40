"""How the simulator reaches the application: over HTTP, or straight into a WSGI callable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

import urllib3
from werkzeug.test import Client

from hotline.simulator.asking.overrides import Patience

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


@dataclass(frozen=True)
class WebReply:
    """What the application answered; header names are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""


class WebTimeout(Exception):
    """Connected, but no answer came within the time allowed."""


class WebUnreachable(Exception):
    """No connection could be made."""


class Web(Protocol):
    """The way to the application."""

    def post(self, url: str, headers: Mapping[str, str], body: str, timeout: float) -> WebReply:
        """Post a form; `timeout` is in seconds. Raises WebTimeout or WebUnreachable."""
        ...


class HttpWeb:
    """Real HTTP; no retries and no redirects of its own.

    `reroute` maps the start of a public address to where it is really served: webhooks are signed for the
    one and posted to the other.
    """

    def __init__(self, reroute: Mapping[str, str] | None = None) -> None:
        self._reroute = dict(reroute or {})
        self._pool = urllib3.PoolManager(num_pools=4, maxsize=16, retries=False)

    def post(self, url: str, headers: Mapping[str, str], body: str, timeout: float) -> WebReply:
        connect = timeout.connect if isinstance(timeout, Patience) else min(timeout, 5.0)
        patience = urllib3.Timeout(connect=max(connect, 0.01), read=max(float(timeout), 0.01))
        try:
            reply = self._pool.request(
                "POST",
                self._place(url),
                body=body.encode(),
                headers=dict(headers),
                timeout=patience,
                redirect=False,
            )
        except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError) as error:
            raise WebUnreachable(type(error).__name__) from error
        except urllib3.exceptions.ReadTimeoutError as error:
            raise WebTimeout(type(error).__name__) from error
        except urllib3.exceptions.HTTPError as error:
            raise WebUnreachable(type(error).__name__) from error
        lowered = {name.lower(): value for name, value in reply.headers.items()}
        return WebReply(reply.status, lowered, reply.data.decode("utf-8", "replace"))

    def _place(self, url: str) -> str:
        for public, real in self._reroute.items():
            if url.startswith(public):
                return real + url.removeprefix(public)
        return url


class WsgiWeb:
    """The application in this process, called in the thread that runs the event.

    `down` makes every post unreachable. `slowness`, in seconds of simulated time, is how long every answer
    takes: longer than the time allowed, and the application works but its answer comes too late.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self.down = False
        self.slowness = 0.0

    def post(self, url: str, headers: Mapping[str, str], body: str, timeout: float) -> WebReply:
        if self.down:
            raise WebUnreachable("the application is down")
        parts = urlsplit(url)
        reply = Client(self._app).open(
            method="POST",
            path=parts.path or "/",
            query_string=parts.query,
            base_url=f"{parts.scheme}://{parts.netloc}",
            headers=dict(headers),
            data=body.encode(),
        )
        if self.slowness > timeout:
            raise WebTimeout("the answer came too late")
        lowered = {name.lower(): value for name, value in reply.headers.items()}
        return WebReply(reply.status_code, lowered, reply.get_data(as_text=True))
