"""The web application: Twilio's door, the staff's pages, and the health of the house."""

from __future__ import annotations

import os

from flask import Flask

from hotline import console, health
from hotline.opening import WEB_PATIENCE, Opened, open_house
from hotline.settings import load_settings
from hotline.telephony import webhooks
from hotline.telephony.signature import Signatures


def create_app(opened: Opened | None = None) -> Flask:
    """The Flask application. Without `opened`, the environment says which house (raises SettingsProblems)."""
    opened = opened or open_house(load_settings(os.environ), patience=WEB_PATIENCE)
    settings = opened.house.settings
    app = Flask("hotline")
    app.config["MAX_CONTENT_LENGTH"] = webhooks.LARGEST
    app.config["MAX_FORM_MEMORY_SIZE"] = webhooks.LARGEST
    app.config["MAX_FORM_PARTS"] = 200
    tokens = [settings.twilio_auth_token.get_secret_value()]
    if settings.twilio_auth_token_secondary is not None:
        tokens.append(settings.twilio_auth_token_secondary.get_secret_value())
    signatures = Signatures(settings.public_base_url, tokens)
    csrf = console.install(app, opened.house)
    door = webhooks.Door(opened.house, opened.renderer, signatures, opened.journal)
    twilio = webhooks.blueprint(door)
    # Signed by the carrier, and no browser's: a token of ours has no place there.
    csrf.exempt(twilio)
    app.register_blueprint(twilio)
    app.register_blueprint(health.blueprint(opened.house))
    return app
