"""Tries to sign in: how many are checked, and how long the next one waits.

A try takes its place in the database before anything is checked, so that forty at once, over several processes, are
forty tries. It counts for three things: this account from this address, this account from anywhere, and anything from
this address; the last two allow ten times as many, for a whole shift may sign in from one address. A device on which
this account has signed in before counts by itself alone: no stranger's guesses ever keep it out. On a new device, the
first try from an address from which nobody has failed for this account waits for strangers' guesses only when they are
ten times as many again: whoever would keep somebody out needs hundreds of addresses in an hour. Keys are hashes: who
reads the table learns neither names nor addresses.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from hotline.operations.transaction import Transaction
from hotline.store.people import sign_in_tries
from hotline.store.people.sign_in_tries import Tries

LONGEST_WAIT: Final = timedelta(minutes=15)
FORGOTTEN: Final = timedelta(hours=1)
"""After so long without a failure it is as if there had been none."""
_FROM_ALL: Final = 10
"""How many times as many failures an account may have from anywhere, and an address with any account."""
_UNITS: Final = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


@dataclass(frozen=True, slots=True)
class Backoff:
    """So many failures are free; each one after them makes the next try wait twice as long as the one before."""

    free: int
    pause: timedelta

    @classmethod
    def read(cls, written: str) -> Backoff:
        """Such as "5/minute": five are free, then a minute, two, four."""
        found = re.fullmatch(r"(\d+)/(\w+)", written)
        assert found is not None  # noqa: S101 - the settings were checked
        return cls(int(found[1]), timedelta(seconds=_UNITS[found[2]]))

    def wait(self, tries: Tries, now: datetime) -> timedelta:
        """From now until the next try may be made; zero or less: now."""
        if now >= tries.last_at + max(FORGOTTEN, self.pause) or tries.failures < self.free:
            return timedelta(0)
        doubled = min(tries.failures - self.free, 16)
        return min(self.pause * (1 << doubled), max(LONGEST_WAIT, self.pause)) - (now - tries.last_at)

    def after(self, tries: Tries | None, now: datetime) -> int:
        """How many failures there are with one more."""
        old = tries is None or now >= tries.last_at + max(FORGOTTEN, self.pause)
        return 1 if old or tries is None else tries.failures + 1


class TooSoon(Exception):
    """Too many tries: nothing was checked, and the next one waits. The console's answer to it is 429."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__()
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try, and what it counts for."""

    rules: Mapping[str, Backoff]
    """By the key under which it is counted."""
    pair: str = ""
    """Of these, this account from this address..."""
    account: str = ""
    """...and this account from anywhere."""


def attempt(secret: str, rule: Backoff, account: str, address: str, device: str | None) -> Attempt:
    """`account`: whose it is, or what was typed; `device`: one on which this account has signed in before."""

    def key(*parts: str) -> str:
        return hmac.new(secret.encode(), "\0".join(parts).encode(), hashlib.sha256).hexdigest()

    if device is not None:
        return Attempt({key("device", device, account): rule})
    many = Backoff(rule.free * _FROM_ALL, rule.pause)
    pair, anywhere = key("pair", account, address), key("account", account)
    return Attempt({pair: rule, anywhere: many, key("address", address): many}, pair, anywhere)


def waits(transaction: Transaction, made: Attempt) -> timedelta:
    """How long this attempt must wait; changes nothing."""
    return _longest(made, sign_in_tries.get(transaction.tx, list(made.rules)), transaction.now)


def take(transaction: Transaction, made: Attempt) -> timedelta:
    """Take a place for this attempt, as if it had failed: zero, or how long it must wait, and nothing was taken."""
    known = sign_in_tries.hold(transaction.tx, list(made.rules), transaction.now)
    wait = _longest(made, known, transaction.now)
    if wait > timedelta(0):
        return wait
    for key, rule in made.rules.items():
        sign_in_tries.put(
            transaction.tx, key, Tries(rule.after(known.get(key), transaction.now), transaction.now)
        )
    sign_in_tries.drop_old(transaction.tx, transaction.now - timedelta(days=1))
    return timedelta(0)


def give_back(transaction: Transaction, made: Attempt) -> None:
    """It was right, or was not checked: it never counted. Earlier failures from the same place are forgotten, too."""
    known = sign_in_tries.hold(transaction.tx, list(made.rules), transaction.now)
    for position, key in enumerate(made.rules):
        tries = known.get(key)
        if tries is not None:
            failures = 0 if position == 0 else max(0, tries.failures - 1)
            sign_in_tries.put(transaction.tx, key, Tries(failures, tries.last_at))


def _longest(made: Attempt, known: Mapping[str, Tries], now: datetime) -> timedelta:
    waiting = [_rule(made, key, known, now).wait(known[key], now) for key in made.rules if key in known]
    return max(waiting, default=timedelta(0))


def _rule(made: Attempt, key: str, known: Mapping[str, Tries], now: datetime) -> Backoff:
    """What holds for this key: of an account, more is borne where nobody has failed from this address."""
    rule, here = made.rules[key], known.get(made.pair)
    if key != made.account or (here is not None and here.failures and now < here.last_at + FORGOTTEN):
        return rule
    return Backoff(rule.free * _FROM_ALL, rule.pause)
