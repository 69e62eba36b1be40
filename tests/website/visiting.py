"""Somebody before the "call me" form: what they see, fill in and send, without a browser."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from itertools import count
from pathlib import Path
from typing import Any, Final

from werkzeug.test import TestResponse

from hotline.model import PhoneNumber
from hotline.store.cases import callbacks
from hotline.store.cases.callbacks import CallbackRow
from tests.stories.centre import CENTRE, MIA
from tests.stories.world import World
from tests.telephony.doorstep import Doorstep, build

OPEN: Final = f"""{CENTRE}languages = ["en", "es", "pt", "ht"]
[call_me]
open = true
sites = ["https://www.example.org"]
privacy = "https://www.example.org/privacy"
"""
FILLED: Final = {
    "number": "617-555-0142",
    "line": "admissions",
    "when": "now",
    "language": "en",
    "agreed": "1",
}


def opened(folder: Path, centre: str = OPEN) -> Doorstep:
    """A centre with the form."""
    folder.mkdir(exist_ok=True)
    return build(folder / "home", centre=centre)


def worked_out(form: str) -> str:
    """What the page's script works out for it."""
    return next(
        str(one) for one in count() if hashlib.sha256(f"{form}:{one}".encode()).hexdigest()[:4] == "0000"
    )


def owed(door: Doorstep | World, number: str = MIA) -> list[CallbackRow]:
    """What is owed to this number."""
    found: list[CallbackRow] = door.look(
        lambda transaction: callbacks.open_for(transaction.tx, PhoneNumber(number))
    )
    return found


@dataclass
class Visitor:
    """One browser. It keeps no cookies; no answer may set one."""

    door: Doorstep | World
    address: str = "192.0.2.1"
    page: TestResponse = field(init=False)

    def looks(self, path: str = "/call-me/en", **headers: str) -> Visitor:
        """Load a page."""
        self.page = self._knock("GET", path, None, headers)
        return self

    def sends(self, path: str = "/call-me/en", **form: Any) -> Visitor:
        """Send what is before them, with this filled in; after a while unless `quick`, and as the page's script would
        have it unless `script` is False."""
        quick, script = form.pop("quick", False), form.pop("script", True)
        if not quick:
            self._waits()
        given = {"token": self.token, **FILLED, **form}
        if script and self.work:
            given.setdefault("proof", worked_out(self.work))
        self.page = self._knock("POST", path, {key: one for key, one in given.items() if one}, {})
        return self

    def _waits(self) -> None:
        if isinstance(self.door, World):
            self.door.passes(10)
        else:
            self.door.clock.now += timedelta(seconds=10)

    def sends_as_it_is(self, form: dict[str, str], path: str = "/call-me/en") -> Visitor:
        """Send exactly this."""
        self.page = self._knock("POST", path, form, {})
        return self

    @property
    def reads(self) -> str:
        """The page's words."""
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.page.text)).split())

    @property
    def token(self) -> str:
        """That of the form before them."""
        found = re.search(r'name="token" value="([^"]+)"', self.page.text)
        return found[1] if found else ""

    @property
    def work(self) -> str:
        """For what a number is to be worked out."""
        found = re.search(r'data-work="([^"]+)"', self.page.text)
        return found[1] if found else ""

    @property
    def is_asked_again(self) -> bool:
        """Whether the second step is before them."""
        return 'name="digits"' in self.page.text

    @property
    def is_told(self) -> bool:
        """Whether it was taken."""
        return 'class="sent"' in self.page.text

    def _knock(
        self, method: str, path: str, form: dict[str, str] | None, headers: dict[str, str]
    ) -> TestResponse:
        client = self.door.app.test_client(use_cookies=False)
        answer = client.open(
            path, method=method, data=form, headers=headers, environ_overrides={"REMOTE_ADDR": self.address}
        )
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        return answer
