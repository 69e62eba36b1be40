"""Connection overrides: what a webhook URL's fragment asks of Twilio's patience."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urldefrag, urlsplit

Trouble = Literal["ct", "rt", "4xx", "5xx"]
VOICE_LIMIT = 15.0
"""Seconds that Twilio waits for a webhook altogether."""
RETRY_POLICIES = frozenset({"4xx", "5xx", "ct", "rt", "all"})
_MILLISECONDS = {"ct": (100, 10000), "rt": (100, 15000), "tt": (100, 15000)}


class BadOverride(ValueError):
    """The fragment names an override that Twilio doesn't have, or a value out of its range."""


class Patience(float):
    """Seconds allowed for an answer, with the seconds allowed for connecting beside it."""

    connect: float

    def __new__(cls, read: float, connect: float) -> Patience:
        patience = super().__new__(cls, read)
        patience.connect = connect
        return patience


@dataclass(frozen=True)
class Overrides:
    """Seconds to connect, to read and in total; how many retries, and after which kinds of trouble."""

    connect: float = 5.0
    read: float = VOICE_LIMIT
    total: float = VOICE_LIMIT
    retries: int = 1
    retry_on: frozenset[str] = frozenset({"ct"})

    def retries_after(self, trouble: Trouble) -> bool:
        return "all" in self.retry_on or trouble in self.retry_on

    def patience(self, spent: float) -> Patience:
        """What is left for the next attempt when `spent` seconds are gone."""
        left = max(self.total - spent, 0.0)
        return Patience(min(self.read, left), min(self.connect, left))


def overrides_of(url: str) -> Overrides:
    """Read `#ct=2000&rt=4000&tt=..&rc=2&rp=all`.

    Raises BadOverride for an unknown name or a bad value.
    """
    values: dict[str, str] = {}
    for pair in filter(None, urlsplit(url).fragment.split("&")):
        name, _, value = pair.partition("=")
        if name not in {*_MILLISECONDS, "rc", "rp"} or name in values:
            raise BadOverride(f"connection override {pair!r} is unknown or given twice")
        values[name] = value
    return Overrides(
        connect=_seconds(values, "ct", 5.0),
        read=_seconds(values, "rt", VOICE_LIMIT),
        total=_seconds(values, "tt", VOICE_LIMIT),
        retries=_retries(values.get("rc", "1")),
        retry_on=_policy(values.get("rp", "ct")),
    )


def without_fragment(url: str) -> str:
    """The URL as it is posted to and signed."""
    return urldefrag(url).url


def _seconds(values: dict[str, str], name: str, default: float) -> float:
    if name not in values:
        return default
    low, high = _MILLISECONDS[name]
    if not values[name].isdecimal() or not low <= int(values[name]) <= high:
        raise BadOverride(f"connection override {name}={values[name]!r} is not in {low}..{high} ms")
    return int(values[name]) / 1000


def _retries(value: str) -> int:
    if value not in {"0", "1", "2", "3", "4", "5"}:
        raise BadOverride(f"connection override rc={value!r} is not in 0..5")
    return int(value)


def _policy(value: str) -> frozenset[str]:
    policy = frozenset(value.split(","))
    if not policy <= RETRY_POLICIES:
        raise BadOverride(f"connection override rp={value!r} is not made of 4xx, 5xx, ct, rt, all")
    return policy
