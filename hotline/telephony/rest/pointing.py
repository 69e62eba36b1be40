"""How a number of ours is to be pointed at us, and pointing it: the carrier's side of `hotline provision`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import requests

from hotline import paths
from hotline.operations.checkup.number_wanted import ELSEWHERE, Bin, WantedPointing
from hotline.prompts import Prompts
from hotline.settings.load import Settings
from hotline.telephony.rest.carrier import connected
from hotline.telephony.twiml.renderer import RETRY
from hotline.telephony.twiml.twiml_bin import Whose, twiml_bin

BIN: Final = re.compile(r"https://handler\.twilio\.com/twiml/EH[0-9a-f]{32}")
"""What the address of a TwiML Bin looks like."""
_METHODS: Final = (
    "voice_method", "voice_fallback_method", "status_callback_method", "sms_method", "sms_fallback_method",
)  # fmt: skip


def wanted(settings: Settings, prompts: Prompts) -> WantedPointing:
    """How all numbers are to be pointed, and what the TwiML Bins are to say that the centre has made."""
    ours = settings.centre.carrier
    pointed = {
        "voice_url": _ours(settings, paths.VOICE),
        "voice_fallback_url": ours.calls_fallback or _ours(settings, paths.VOICE_FALLBACK),
        "status_callback": _ours(settings, paths.VOICE_STATUS),
        "sms_url": _ours(settings, paths.SMS),
        # The same again: what was recorded of a text is answered as it was.
        "sms_fallback_url": _ours(settings, paths.SMS),
        **dict.fromkeys(_METHODS, "POST"),
        **dict.fromkeys(ELSEWHERE, ""),
    }
    made = (
        ("calls_fallback", ours.calls_fallback, Whose.CALLS),
        ("called_fallback", ours.called_fallback, Whose.CALLED),
        ("staff_fallback", ours.staff_fallback, Whose.STAFF),
    )
    bins = [Bin(name, at, twiml_bin(prompts, settings.centre, whose)) for name, at, whose in made if at]
    return WantedPointing(pointed, tuple(bins))


def _ours(settings: Settings, path: str) -> str:
    return f"{settings.public_base_url}{path}{RETRY}"


class Pointer:
    """Points numbers of the account. Raises what the SDK and `requests` raise."""

    def __init__(self, settings: Settings, session: requests.Session | None = None) -> None:
        client, _ = connected(settings, session)
        self._client: Any = client

    def point(self, sid: str, fields: Mapping[str, str]) -> None:
        """Set these fields of a number, by the carrier's names."""
        self._client.incoming_phone_numbers(sid).update(**fields)

    def let_number_decide(self, service: str, *, asks_number: bool) -> None:
        """Whether texts to a service's numbers go where each number points."""
        self._client.messaging.v1.services(service).update(use_inbound_webhook_on_number=asks_number)
