"""The application of the public form: no session, no cookie, nothing of the console's, and none of its threads.

It stands alone for two reasons: what strangers send is answered by nothing that staff or telephones need, and it may be
shown in a frame, which none of staff's pages may.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from flask import Flask, Response, abort, request
from werkzeug.exceptions import HTTPException

from hotline import paths
from hotline.operations.transaction import Application
from hotline.settings.elsewhere.call_me_settings import CallMeTable
from hotline.website import call_me_page

LARGEST: Final = 16 * 1024
"""Bytes of a form; one that is filled in has under one KiB."""
_FIXED: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex",
}
_TRANSPORT: Final = "max-age=31536000"


def create(application: Application) -> Flask:
    """The application behind /call-me; every address of it is 404 unless `[call_me] open`."""
    settings = application.settings.centre.call_me
    app = Flask("hotline.website", template_folder=".", static_url_path=f"{paths.CALL_ME}/static")
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.config.update(MAX_CONTENT_LENGTH=LARGEST, MAX_FORM_MEMORY_SIZE=LARGEST, MAX_FORM_PARTS=50)
    app.extensions[call_me_page.HOUSE] = application

    @app.before_request
    def is_there() -> None:
        if not settings.open:
            abort(404)

    _headers(app, settings, https=application.settings.public_base_url.startswith("https:"))
    app.register_error_handler(HTTPException, partial(_refused, settings))
    for rule in (paths.CALL_ME, f"{paths.CALL_ME}/<language>"):
        app.add_url_rule(rule, view_func=call_me_page.show, methods=["GET"])
        app.add_url_rule(rule, view_func=call_me_page.send, methods=["POST"])
    emergency = f"{paths.CALL_ME}/<language>/emergency"
    app.add_url_rule(emergency, view_func=call_me_page.danger, methods=["GET"])
    return app


def content(settings: CallMeTable) -> str:
    """What a browser may load and do here, and who may show it in a frame."""
    framed = " ".join(settings.sites) or "'none'"
    own = ("script-src 'self'", "style-src 'self'", "form-action 'self'", "base-uri 'none'")
    return "; ".join(("default-src 'none'", *own, f"frame-ancestors {framed}"))


def _headers(app: Flask, settings: CallMeTable, *, https: bool) -> None:
    policy = content(settings)

    def add(response: Response) -> Response:
        response.headers.update(_FIXED)
        response.headers["Content-Security-Policy"] = policy
        if not settings.sites:
            response.headers["X-Frame-Options"] = "DENY"
        if https:
            response.headers["Strict-Transport-Security"] = _TRANSPORT
        static = request.endpoint == "static" and response.status_code < 400
        response.headers["Cache-Control"] = "no-cache" if static else "no-store"
        return response

    app.after_request(add)


def _refused(settings: CallMeTable, error: HTTPException) -> Response:
    """What isn't there, can't be done, or has failed: a page that says whom to call."""
    status = error.code if error.code is not None and error.code >= 400 else 400
    if not settings.open:
        return Response("There is nothing here.\n", status, mimetype="text/plain")
    response = call_me_page.page().shown("fault_here.html", status)
    allowed = dict(error.get_headers()).get("Allow")
    if allowed:
        response.headers["Allow"] = allowed
    return response
