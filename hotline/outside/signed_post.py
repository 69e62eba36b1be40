"""Posting events, signed as Standard Webhooks says: https://www.standardwebhooks.com

The receiver finds `webhook-id` (the same at each try: whoever has seen it has the event), `webhook-timestamp` (seconds)
and `webhook-signature`, an HMAC-SHA256 over the three of id, timestamp and body.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from functools import partial
from typing import Final

import requests
import structlog

from hotline.operations.outgoing import event_posting
from hotline.operations.outgoing.event_posting import Letter
from hotline.operations.transaction import Application

_log = structlog.get_logger("hotline.events")
_PATIENCE: Final = (5.0, 15.0)
"""Seconds to be connected, and to be answered."""
_TAKEN: Final = range(200, 300)


def signature(key: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """What goes into `webhook-signature`."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


class EventPost:
    """Carries events to the address in `[events]`. Two of them may run; each event is claimed by one."""

    def __init__(self, application: Application, session: requests.Session | None = None) -> None:
        self._application = application
        self._session = session or requests.Session()

    def carry(self) -> int:
        """Post what is due, until nothing is; how many were taken. Raises StoreError."""
        taken = 0
        while letters := self._application.change(event_posting.take_due):
            results = [self._carried(letter) for letter in letters]
            taken += sum(results)
            if not any(results):
                break  # nobody is there: what follows waits for its time
        return taken

    def tidy(self) -> None:
        """Forget what was taken long ago. Raises StoreError."""
        self._application.change(event_posting.forget_old)

    def _carried(self, letter: Letter) -> bool:
        error = self._post(letter)
        self._application.change(partial(event_posting.settle, event=letter.event, error=error))
        if error is not None:
            _log.warning(
                "an event was not taken", outgoing=letter.event.id, tries=letter.event.tries, error=error
            )
        return error is None

    def _post(self, letter: Letter) -> str | None:
        """Why it was not taken, in a word; None: it was."""
        settings = self._application.settings
        key = settings.events_secret
        if key is None:
            return "no EVENTS_SECRET"
        body = json.dumps(letter.body, separators=(",", ":"), ensure_ascii=False).encode()
        timestamp = int(self._application.clock().timestamp())
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Hotline",
            "webhook-id": letter.event.id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signature(key.get_secret_value(), letter.event.id, timestamp, body),
        }
        try:
            answer = self._session.post(
                settings.centre.events.address,
                data=body,
                headers=headers,
                timeout=_PATIENCE,
                allow_redirects=False,
                stream=True,
            )
            answer.close()  # whatever it says beside its status is nothing to us
        except requests.RequestException as failed:
            return type(failed).__name__
        return None if answer.status_code in _TAKEN else f"HTTP {answer.status_code}"
