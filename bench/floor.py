"""The floor: the least that any Twilio application with a durable record does for one webhook.

Bare Flask, the SDK's signature check, one insert into SQLite with synchronous=FULL, one TwiML answer by the SDK.
Run under the same server with the same settings as Hotline.
"""

from __future__ import annotations

import os
import sqlite3
import threading

from flask import Flask, Response, abort, request
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Gather, VoiceResponse

_local = threading.local()


def _connection() -> sqlite3.Connection:
    if not hasattr(_local, "connection"):
        connection = sqlite3.connect(os.environ["FLOOR_DATABASE"], timeout=2.5, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        _local.connection = connection
    return _local.connection


def create_app() -> Flask:
    """The floor as an application."""
    app = Flask("floor")
    validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
    base = os.environ["PUBLIC_BASE_URL"]
    _connection().execute("CREATE TABLE IF NOT EXISTS turns (sid TEXT, digits TEXT, at REAL)")

    @app.post("/turn")
    def turn() -> Response:
        signature = request.headers.get("X-Twilio-Signature", "")
        if not validator.validate(f"{base}/turn", request.form, signature):
            abort(403)
        connection = _connection()
        connection.execute("BEGIN IMMEDIATE")
        row = (request.form["CallSid"], request.form.get("Digits"))
        connection.execute("INSERT INTO turns VALUES (?, ?, julianday('now'))", row)
        connection.execute("COMMIT")
        response = VoiceResponse()
        gather = Gather(input="dtmf speech", num_digits=1, action="/turn", timeout=7)
        gather.say("For an emergency, press 1. For treatment, press 2. For family support, press 3.")
        response.append(gather)
        response.redirect("/turn")
        return Response(str(response), mimetype="text/xml")

    return app
