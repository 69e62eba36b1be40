"""The web application: Twilio's webhooks, the staff's pages, the public form, and the health of the application."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, Response, request

from hotline import paths
from hotline.console import console_wiring
from hotline.runtime import health, logs
from hotline.runtime.stand_in import STAND_IN, StandIn
from hotline.runtime.wiring import WEB_AT_MOST, WEB_PATIENCE, Wiring, open_checked
from hotline.settings.load import SettingsProblems, load_settings
from hotline.store.database import WRONG_KEY, Unsealable
from hotline.telephony.twiml import playing
from hotline.telephony.webhooks import answering
from hotline.telephony.webhooks.refusing import Refusing
from hotline.telephony.webhooks.signature import Signatures
from hotline.triage import urgency
from hotline.website import website_wiring

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


_DO_NOT_TRY_AGAIN = 3
"""The exit code by which gunicorn knows that another try would end in the same way."""


def create_app(opened: Wiring | None = None) -> Flask:
    """The Flask application. Without `opened`, the environment says what to open (says what
    is wrong with it, and exits)."""
    opened = opened or _from_environment()
    urgency.load()
    app = Flask("hotline")
    console_wiring.install(app, opened.application, opened.carrier)
    app.register_blueprint(health.blueprint(opened.application))
    app.extensions[STAND_IN] = StandIn(opened)
    for_telephones, pages = telephones(opened), app.wsgi_app
    for_anybody = website_wiring.create(opened.application).wsgi_app

    def by_path(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        # Telephones have an application of their own: nothing that is done for pages can stand in a caller's way.
        path = environ.get("PATH_INFO", "")
        if path.startswith(paths.TELEPHONES):
            return for_telephones(environ, start_response)
        return (for_anybody if paths.is_for_anybody(path) else pages)(environ, start_response)

    app.wsgi_app = by_path  # type: ignore[method-assign]
    return app


def _from_environment() -> Wiring:
    """Whatever keeps it from starting is said in words, and not as a traceback of the server's."""
    try:
        return open_checked(load_settings(os.environ), patience=WEB_PATIENCE, at_most=WEB_AT_MOST)
    except SettingsProblems as wrong:
        logs.cannot_start("The web", wrong.problems, os.environ)
    except Unsealable:
        logs.cannot_start("The web", (WRONG_KEY,), os.environ)
    sys.exit(_DO_NOT_TRY_AGAIN)


def telephones(opened: Wiring) -> WSGIApplication:
    """The application behind /twilio, signed by the carrier, and /recordings, for all: no sessions, tokens or pages."""
    settings = opened.application.settings
    app = Flask("hotline.telephony", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = answering.LARGEST
    app.config["MAX_FORM_MEMORY_SIZE"] = answering.LARGEST
    app.config["MAX_FORM_PARTS"] = 200
    tokens = [settings.twilio_auth_token.get_secret_value()]
    if settings.twilio_auth_token_secondary is not None:
        tokens.append(settings.twilio_auth_token_secondary.get_secret_value())
    signatures = Signatures(settings.public_base_url, tokens)
    webhooks = answering.Webhooks(opened.application, opened.renderer, signatures, opened.journal)
    refusing = Refusing(opened.application, signatures)

    @app.after_request
    def notice(response: Response) -> Response:
        refusing.noticed(request, response.status_code)
        return response

    app.register_blueprint(answering.blueprint(webhooks))
    app.register_blueprint(playing.blueprint(opened.renderer.prompts))
    return app.wsgi_app
