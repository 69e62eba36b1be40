"""What tests serve has answered everything once they end: the next test's database is in the same place."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.request import urlopen

from werkzeug.wrappers import Response

from tests.console.browser import serving

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


def test_what_is_being_answered_is_waited_for() -> None:
    """Somebody still waits for an answer when the test is over: it has been given before the server is gone."""
    asked, may_go_on, done = threading.Event(), threading.Event(), threading.Event()

    def slow(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        asked.set()
        assert may_go_on.wait(10)
        done.set()
        return Response("at last")(environ, start_response)

    answers: list[bytes] = []
    with serving(slow) as address:
        asking = threading.Thread(target=lambda: answers.append(urlopen(address, timeout=10).read()))
        asking.start()
        assert asked.wait(10)
        threading.Timer(0.1, may_go_on.set).start()
    assert done.is_set()
    asking.join()
    assert answers == [b"at last"]
