"""The page itself, and the news that it asks for again and again."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from flask import Flask, Response, render_template, request

from hotline.simulator.page.cast import Cast, shown
from hotline.simulator.page.things_to_try import tries_of
from hotline.simulator.page.view import view

if TYPE_CHECKING:
    from hotline.simulator.engine import Simulator

CONTENT = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}
BEHAVIOURS = {
    "rings": "A person holds it",
    "voicemail": "A voicemail box answers",
    "busy": "It is busy",
    "off": "It is switched off",
    "ignores": "It rings, nobody hears it",
    "answers": "It answers by itself",
}
FATES = {
    "deliver": "arrive",
    "undelivered:30003": "don’t: it is off (30003)",
    "undelivered:30005": "don’t: no such phone (30005)",
    "undelivered:30006": "don’t: it is a landline (30006)",
    "failed:30007": "don’t: filtered as spam (30007)",
    "undelivered:30008": "don’t: nobody knows why (30008)",
    "failed:30034": "don’t: sender unregistered (30034)",
    "silent": "are never heard of again",
}
"""What becomes of texts to a telephone."""
LETTERS = {"2": "abc", "3": "def", "4": "ghi", "5": "jkl", "6": "mno", "7": "pqrs", "8": "tuv", "9": "wxyz"}


def pages(simulator: Simulator, cast: Cast) -> Flask:
    """`/`: the telephones. `/live`: what they show now, for a page that already has `seen` some version.

    The telephones are held through the control desk (`/sim/phones/...`), on the same address.
    """
    app = Flask(__name__)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["shown"] = shown
    app.jinja_env.globals["fates"] = FATES

    @app.get("/")
    def telephones() -> str:
        return render_template(
            "phones.html", cast=cast, tries=tries_of(cast), behaviours=BEHAVIOURS, letters=LETTERS
        )

    @app.get("/live")
    def live() -> Response:
        return _news(view(simulator.state(), cast, request.args.get("since", "")))

    @app.after_request
    def guard(response: Response) -> Response:
        response.headers.update(HEADERS)
        return response

    return app


def _news(seen_now: dict[str, object]) -> Response:
    """204 where nothing has changed but the time."""
    lasting = {name: value for name, value in seen_now.items() if name != "now"}
    version = hashlib.sha256(json.dumps(lasting, sort_keys=True).encode()).hexdigest()[:16]
    if request.args.get("seen") == version:
        return Response(status=204)
    return Response(json.dumps({"version": version, **seen_now}), mimetype="application/json")
