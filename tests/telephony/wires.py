"""Carriers at the other end of the wire, who say what they are told to say; and what is sent to them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import requests
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter

from hotline.effects import (
    CallOff,
    DeleteMedia,
    Effect,
    HangUp,
    PlaceCall,
    RedactMessage,
    RedirectCall,
    SendText,
)
from hotline.model import PhoneNumber
from hotline.settings.load import Settings
from hotline.telephony.rest.carrier import Carrier
from tests.stories.centre import ANA, MIA

CALL = PlaceCall(PhoneNumber(ANA), "/twilio/voice/page/p1", "/twilio/voice/status/page/p1", 25)
TEXT = SendText(PhoneNumber(MIA), "Care Line: hello.", "/twilio/sms/status/m1")
REDIRECT = RedirectCall("CA" + "1" * 32, "/twilio/voice/room/c1")
HANG_UP = HangUp("CA" + "1" * 32)
CREATES: list[Effect] = [CALL, TEXT]
UPDATES: list[Effect] = [
    REDIRECT,
    HANG_UP,
    CallOff("CA" + "1" * 32),
    RedactMessage("SM" + "1" * 32),
    DeleteMedia("MM" + "1" * 32, ("ME" + "1" * 32,)),
]


@dataclass
class Wire(BaseAdapter):
    """A carrier at the other end of the wire who always says the same, or breaks the same way."""

    status: int = 201
    body: str = json.dumps({"sid": "SID1"})
    breaks: Exception | None = None
    requests: list[PreparedRequest] = field(default_factory=list)
    timeouts: list[object] = field(default_factory=list)

    def send(self, request: PreparedRequest, **how: object) -> Response:  # type: ignore[override]
        self.requests.append(request)
        self.timeouts.append(how.get("timeout"))
        if self.breaks is not None:
            raise self.breaks
        answer = Response()
        answer.status_code, answer._content, answer.encoding = self.status, self.body.encode(), "utf-8"
        answer.request, answer.url = request, str(request.url)
        return answer

    def close(self) -> None:
        """Nothing is kept open."""


def carrier(settings: Settings, wire: Wire) -> Carrier:
    session = requests.Session()
    session.mount("https://", wire)
    return Carrier(settings, session)
