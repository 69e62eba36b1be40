"""The REST API's answers that get lost, come late, or are errors without a reason."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from flask import Response, request

from hotline.simulator.carrier_faults import Faults, Resource, RestFault
from hotline.simulator.rest.rest_errors import RestError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

IN_PROCESS = "simulator.in_process"
READ_TIMEOUT = "simulator.read_timeout"
ERROR_CODES = {429: 20429, 503: 20503}


class AnswerLost(Exception):
    """The client is to see no answer: a broken connection if `dropped`, else a time-out."""

    def __init__(self, dropped: bool) -> None:
        super().__init__("connection broken" if dropped else "no answer in time")
        self.dropped = dropped


def create_with_faults(faults: Faults, resource: Resource, create: Callable[[], Response]) -> Response:
    """Carry out a create, and let befall it what the faults say."""
    fault = faults.for_create(resource)
    if fault is None:
        return create()
    if fault.action == "drop_before":
        raise AnswerLost(dropped=True)
    if fault.action == "error":
        if fault.created:
            create()
        raise RestError(ERROR_CODES.get(fault.status, 20500), fault.status)
    if fault.action == "delay":
        return _delayed(faults, fault, create)
    create()
    if fault.action == "time_out_after" and not request.environ.get(IN_PROCESS):
        faults.hold(None)
    raise AnswerLost(dropped=fault.action == "drop_after")


def fail_fetch(faults: Faults) -> None:
    """Let befall the fetching of one call what the faults say. Raises RestError, AnswerLost."""
    _fail(faults.no_fetches)


def fail_list(faults: Faults) -> None:
    """The same of a page of a list. Raises RestError, AnswerLost."""
    _fail(faults.no_lists)


def _fail(status: int | None) -> None:
    if status is None:
        return
    if status == 0:
        raise AnswerLost(dropped=False)
    raise RestError(ERROR_CODES.get(status, 20500), status)


def _delayed(faults: Faults, fault: RestFault, create: Callable[[], Response]) -> Response:
    """Over HTTP the answer is really held; in this process only the client's time-out is looked at."""
    if request.environ.get(IN_PROCESS):
        answer = create()
        patience = request.environ.get(READ_TIMEOUT)
        if patience is not None and fault.seconds >= patience:
            raise AnswerLost(dropped=False)
        return answer
    if fault.created:
        answer = create()
        faults.hold(fault.seconds)
        return answer
    faults.hold(fault.seconds)
    return create()


class BreakableConnections:
    """Wraps the REST app for a real server (Werkzeug's): lost answers close the client's socket."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            return self._app(environ, start_response)
        except AnswerLost:
            connection = environ.get("werkzeug.socket")
            if isinstance(connection, socket.socket):
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            start_response("500 Lost", [("Content-Length", "0")])
            return []
