"""Pictures and files that come with a text: kept under ids, handed out by a store of their own for a while."""

from __future__ import annotations

import mimetypes
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.simulator.kernel import API_VERSION, Kernel, new_sid

API = "https://api.twilio.com"
STORE_PATH = "/media-store/"
TICKET_LASTS = timedelta(hours=4)
"""How long an address in the store is good, once it has been asked for."""


@dataclass(frozen=True)
class Attachment:
    """One file; a name alone stands for a small file of that kind."""

    content_type: str
    data: bytes

    @classmethod
    def of(cls, given: str | Attachment) -> Attachment:
        """A file, or the name of one."""
        if isinstance(given, Attachment):
            return given
        kind = mimetypes.guess_type(given)[0] or "image/jpeg"
        return cls(kind, b"pretend " + given.encode())


class MediaStore:
    """Every method is called with the kernel's lock held."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._files: dict[tuple[str, str], Attachment] = {}
        self._tickets: dict[str, tuple[tuple[str, str], datetime]] = {}
        self.address = "https://mms.twiliocdn.com"
        """Where the store is reached from outside."""

    def keep(self, message_sid: str, given: Sequence[str | Attachment]) -> tuple[str, ...]:
        """Keep what came with a message; the addresses under which the account can ask for it."""
        urls = []
        for one in given:
            sid = new_sid("ME")
            self._files[message_sid, sid] = Attachment.of(one)
            urls.append(
                f"{API}/{API_VERSION}/Accounts/{self._kernel.account_sid}/Messages/{message_sid}/Media/{sid}"
            )
        return tuple(urls)

    def of(self, message_sid: str) -> dict[str, Attachment]:
        """What is kept of a message, by its id."""
        return {sid: file for (message, sid), file in self._files.items() if message == message_sid}

    def delete(self, message_sid: str, media_sid: str) -> bool:
        """Forget a file; False if it isn't there."""
        return self._files.pop((message_sid, media_sid), None) is not None

    def delete_all(self, message_sid: str) -> None:
        """Forget everything that came with a message."""
        for sid in self.of(message_sid):
            self.delete(message_sid, sid)

    def ticket(self, message_sid: str, media_sid: str) -> str | None:
        """An address in the store that needs no credentials, for a while; None if there is no such file."""
        if (message_sid, media_sid) not in self._files:
            return None
        token = secrets.token_urlsafe(24)
        self._tickets[token] = ((message_sid, media_sid), self._kernel.now() + TICKET_LASTS)
        return f"{self.address}{STORE_PATH}{token}"

    def redeem(self, token: str) -> Attachment | None:
        """The file for which a ticket was given out; None once it is gone, or the ticket too old."""
        which, until = self._tickets.get(token, (("", ""), self._kernel.now()))
        return self._files.get(which) if self._kernel.now() < until else None
