"""Twilio's way of saying no."""

from __future__ import annotations

from flask import Response, jsonify

MESSAGES = {
    20001: "Invalid parameter",
    20003: "Authenticate",
    20009: "Cannot delete or change this resource before it has reached a final state",
    20404: "The requested resource was not found",
    20429: "Too Many Requests",
    20500: "Internal Server Error",
    20503: "Service Unavailable",
    21205: "Url is not a valid URL",
    21210: "'From' phone number not verified",
    21211: "Invalid 'To' Phone Number",
    21212: "Invalid 'From' Number",
    21220: "Call is not in-progress. Cannot redirect.",
    21266: "'To' and 'From' number cannot be the same",
    21602: "Message body is required.",
    21606: "The 'From' phone number provided is not a valid message-capable Twilio phone number",
    21610: "Attempt to send to unsubscribed recipient",
    21617: "The concatenated message body exceeds the 1600 character limit",
}


class RestError(Exception):
    """An error answer: Twilio's code, the HTTP status, and what is wrong in particular."""

    def __init__(self, code: int, status: int = 400, detail: str = "") -> None:
        super().__init__(detail or MESSAGES[code])
        self.code = code
        self.status = status
        self.detail = detail


def error_answer(error: RestError) -> Response:
    """Twilio's JSON for it."""
    message = MESSAGES[error.code] + (f": {error.detail}" if error.detail else "")
    answer = jsonify(
        code=error.code,
        message=message,
        more_info=f"https://www.twilio.com/docs/errors/{error.code}",
        status=error.status,
    )
    answer.status_code = error.status
    return answer


def not_found() -> RestError:
    return RestError(20404, 404)
