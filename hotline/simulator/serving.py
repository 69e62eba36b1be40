"""The simulator as a server: REST API, control desk and real time, in threads of this process."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import WSGIRequestHandler, make_server

from hotline.simulator.control import control_app
from hotline.simulator.engine import Simulator
from hotline.simulator.hand_clock import wall_clock
from hotline.simulator.kernel import API_VERSION
from hotline.simulator.rest.rest_app import rest_app
from hotline.simulator.rest.rest_faults import BreakableConnections
from hotline.simulator.runner import Runner
from hotline.simulator.texts.media import STORE_PATH

PAPERS = ("/v1", "/v2", "/twiml")
"""Where Twilio's other APIs and its TwiML Bins are, of which each has a host of its own there."""

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class _Quiet(WSGIRequestHandler):
    """Says nothing about single requests: the ledger knows them."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""

    def connection_dropped(self, error: BaseException, environ: object = None) -> None:
        """Expected: the faults drop connections."""


class Served:
    """A context manager: within it `url` answers, and events run when the clock on the wall says so.

    `pages` is put at `/` beside the REST API (`/2010-04-01`, `/v1`, `/v2`, `/twiml`) and the control desk (`/sim`).
    """

    def __init__(
        self,
        simulator: Simulator,
        host: str = "127.0.0.1",
        port: int = 0,
        pages: WSGIApplication | None = None,
    ) -> None:
        rest = rest_app(simulator)
        parts: dict[str, WSGIApplication] = {"/sim": control_app(simulator)}
        if pages is not None:
            for prefix in (f"/{API_VERSION}", STORE_PATH.rstrip("/"), *PAPERS):
                parts[prefix] = _under(rest, prefix)
        whole = DispatcherMiddleware(pages or rest, parts)
        self._faults = simulator.faults
        self._server = make_server(
            host, port, BreakableConnections(whole), threaded=True, request_handler=_Quiet
        )
        self._runner = Runner(simulator, wall_clock)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="rest", daemon=True
        )
        self.url = f"http://{host}:{self._server.server_port}"
        simulator.post_office.media.address = self.url

    def __enter__(self) -> Served:
        self._thread.start()
        self._runner.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._faults.release()
        self._server.shutdown()
        self._runner.stop()
        self._server.server_close()


def _under(app: WSGIApplication, prefix: str) -> WSGIApplication:
    """Give a path prefix back that a dispatcher took away."""

    def restored(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["PATH_INFO"] = prefix + environ["PATH_INFO"]
        environ["SCRIPT_NAME"] = environ["SCRIPT_NAME"].removesuffix(prefix)
        return app(environ, start_response)

    return restored
