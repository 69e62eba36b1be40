"""How the line's numbers are to be pointed: what the carrier's edge says, held against what was seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urldefrag

FIELDS: Final[Mapping[str, str]] = {
    "voice_url": "calls",
    "voice_method": "how calls are asked",
    "voice_fallback_url": "calls, when nothing of ours answers",
    "voice_fallback_method": "how that is asked",
    "status_callback": "the end of calls",
    "status_callback_method": "how that is told",
    "sms_url": "texts",
    "sms_method": "how texts are asked",
    "sms_fallback_url": "texts, when the first address fails",
    "sms_fallback_method": "how that is asked",
    "voice_application_sid": "an application for calls",
    "sms_application_sid": "an application for texts",
    "trunk_sid": "a trunk",
}
"""What of a number we point, by the carrier's names, and what it is in words; in the order of a diff."""
ELSEWHERE: Final = ("voice_application_sid", "sms_application_sid", "trunk_sid")
"""While one of these is set, addresses count for nothing."""


@dataclass(frozen=True, slots=True)
class Bin:
    """A TwiML Bin that ours are held against."""

    setting: str
    """Where its address stands in `hotline.toml`."""
    address: str
    text: str
    """What it must say now."""


@dataclass(frozen=True, slots=True)
class WantedPointing:
    """How every number of ours is to be pointed, and what the bins must say."""

    pointed: Mapping[str, str]
    bins: tuple[Bin, ...] = ()

    def changes(self, seen: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
        """The fields that are otherwise, with what is there and what is to be."""
        for name in FIELDS:
            have, want = seen.get(name, ""), self.pointed[name]
            if not same(name, have, want):
                yield name, have, want


def same(name: str, have: str, want: str) -> bool:
    """Whether two values of a field come to the same: the order of overrides does not matter."""
    if not name.endswith("_url") and name != "status_callback":
        return have == want
    return same_place(have, want) and set(overrides(have)) == set(overrides(want))


def same_place(have: str, want: str) -> bool:
    """Whether both lead to the same address, however long the carrier waits there."""
    return urldefrag(have).url == urldefrag(want).url


def overrides(address: str) -> list[str]:
    """How long the carrier waits at this address, and how often it asks: what stands behind the #."""
    return [one for one in urldefrag(address).fragment.split("&") if one]
