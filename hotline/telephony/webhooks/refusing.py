"""The carrier's own requests that we refuse: a silent refusal is a silent outage, for callers hear "application error".

A stranger's junk is none of the carrier's: what counts names our account and carries a signature. Where that signature
is right for another address or method, it is proved that the carrier asks, and known what to mend.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import structlog
from werkzeug.wrappers import Request

from hotline.model import ByWord, KeptWord
from hotline.operations.transaction import Application
from hotline.store.database import StoreError
from hotline.store.upkeep import refusals
from hotline.telephony.webhooks.signature import HEADER, Signatures

_log = structlog.get_logger("hotline.webhooks")
_TOLD_EVERY: Final = timedelta(minutes=1)


class Cause(KeptWord):
    """Why the carrier is refused."""

    SIGNATURE = "signature"
    """Likely; it can't be proved, for the signature is right for nothing that we know."""
    URL = "url"
    METHOD = "method"
    ADDRESS = "address"


ADVICE: Final = ByWord(
    {
        Cause.SIGNATURE: "its requests are signed with another token than TWILIO_AUTH_TOKEN: copy the primary one",
        Cause.URL: "its requests are signed for another address than PUBLIC_BASE_URL: "
        "set it to what the numbers point to",
        Cause.METHOD: "it asks by GET: choose HTTP POST for every address of the numbers",
        Cause.ADDRESS: "it asks for an address that we don't have: "
        "look for a slash at the end, or a slip, at the numbers",
    },
    "why, only a later version knows: look into its log",
)


class Refusing:
    """Notices, counts and tells, once a minute and cause in each process."""

    def __init__(self, application: Application, signatures: Signatures) -> None:
        self._application, self._signatures = application, signatures
        self._lock = threading.Lock()
        self._waiting: Counter[Cause] = Counter()
        self._told: dict[Cause, datetime] = {}

    def noticed(self, request: Request, status: int) -> None:
        """A request was answered with this status. Never raises."""
        cause = self._cause(request, status)
        if cause is None:
            return
        now = self._application.clock()
        with self._lock:
            self._waiting[cause] += 1
            told = self._told.get(cause)
            if told is not None and abs(now - told) < _TOLD_EVERY:
                return
            self._told[cause] = now
            count = self._waiting.pop(cause)
        _log.error("the carrier is being refused", cause=cause, times=count, likely=ADVICE[cause])
        try:
            self._application.change(
                lambda transaction: refusals.add(transaction.tx, cause, count, transaction.now)
            )
        except StoreError:
            with self._lock:
                self._waiting[cause] += count

    def _cause(self, request: Request, status: int) -> Cause | None:
        if status not in (403, 404, 405) or not request.headers.get(HEADER):
            return None
        account = request.values.get("AccountSid", "")
        if account != self._application.settings.twilio_account_sid:
            return None
        if status == 403:
            moved = any(self._signatures.is_genuine(request, base) for base in _bases(request))
            return Cause.URL if moved else Cause.SIGNATURE
        if not self._signatures.is_genuine(request):
            return None
        return Cause.METHOD if status == 405 else Cause.ADDRESS


def _bases(request: Request) -> Iterator[str]:
    """Addresses that the carrier may know us by: as the request was addressed, here or at a proxy before us."""
    hosts = {request.host, request.headers.get("X-Forwarded-Host", request.host).split(",")[0].strip()}
    paths = {"", request.headers.get("X-Forwarded-Prefix", "").rstrip("/")}
    for host in hosts:
        for scheme in ("https", "http"):
            for path in paths:
                base = f"{scheme}://{host}{path}"
                if urlsplit(base).hostname:
                    yield base
