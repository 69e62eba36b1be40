"""What every answer tells the browser: run nothing that isn't ours, show us in no frame, keep no copy."""

from __future__ import annotations

from flask import Flask, Response, request

CONTENT = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
FIXED = {
    "Content-Security-Policy": CONTENT,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
TRANSPORT = "max-age=31536000"


def always(*, https: bool) -> dict[str, str]:
    """What every answer has."""
    return {**FIXED, "Strict-Transport-Security": TRANSPORT} if https else FIXED


def install(app: Flask, *, https: bool) -> None:
    """Put them on every answer of the app, errors included. What a view has set itself stays."""

    def add(response: Response) -> Response:
        for name, value in always(https=https).items():
            response.headers.setdefault(name, value)
        if request.endpoint == "console.static" and response.status_code < 400:
            response.headers.setdefault("Cache-Control", "no-cache")
        elif request.endpoint == "console.calendar" and response.status_code < 400:
            pass  # it says itself how long a calendar may keep it
        else:
            response.headers["Cache-Control"] = "no-store"
        return response

    app.after_request(add)
