"""What a page's own script asks most of the time is answered before the app begins on it: is anything new? Nothing is.

Who asks is found out as everywhere, with the one statement of `signed_in`. Whoever was signed out, left, has other
roles or is locked now has another tag, or none, and goes on to the app; so does whoever has touched the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, Response

from hotline.console.frame import headers, polling, signed_in
from hotline.console.language import speech
from hotline.operations.transaction import Application
from hotline.store.database import StoreError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


def install(app: Flask, application: Application, *, https: bool) -> None:
    """Stand before the app."""
    onward = app.wsgi_app
    always = {**headers.always(https=https), "Cache-Control": "no-store", "Vary": "Cookie"}

    def look(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = _unchanged(app, application, environ) if _only_watches(environ) else None
        if answer is None:
            return onward(environ, start_response)
        answer.headers.update(always)
        return answer(environ, start_response)

    app.wsgi_app = look  # type: ignore[method-assign]


def _only_watches(environ: WSGIEnvironment) -> bool:
    asked = environ["REQUEST_METHOD"] == "GET" and environ.get("PATH_INFO", "").endswith("/live")
    by_script = environ.get("HTTP_X_BOARD") == "1" and "HTTP_IF_NONE_MATCH" in environ
    return asked and by_script and "HTTP_X_TOUCHED" not in environ


def _unchanged(app: Flask, application: Application, environ: WSGIEnvironment) -> Response | None:
    request = app.request_class(environ)
    kept = app.session_interface.open_session(app, request)
    try:
        held = signed_in.glanced(application, kept) if kept else None
    except StoreError:
        return None  # the app says so in words
    environ[signed_in.GLANCED] = (held,)
    if held is None:
        return None
    language = speech.asked_for(held.person.page_language, kept or {}, request)
    tag = polling.etag_of(held, held.revision, polling.minute_of(held.looked_at), language)
    if not request.if_none_match.contains_weak(tag):
        return None
    return Response(status=304, headers={"ETag": f'"{tag}"', **polling.times(held, application.clock())})
