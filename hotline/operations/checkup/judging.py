"""Everything that was seen, judged: the whole list, worst first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from hotline.operations.checkup import (
    calling_found,
    machine_found,
    numbers_found,
    settings_found,
    texting_found,
)
from hotline.operations.checkup.account_seen import AccountSeen, NotSeen
from hotline.operations.checkup.finding import Finding, Topic, good, worst_first, wrong
from hotline.operations.checkup.machine_seen import DatabaseSeen, MachineSeen
from hotline.operations.checkup.number_wanted import WantedPointing
from hotline.settings.load import Settings
from hotline.worded import worded


@dataclass(frozen=True, slots=True)
class OfPeople:
    """What the database says of the staff and of what was signed."""

    found: tuple[Finding, ...] = ()
    countries: frozenset[str] = frozenset()
    """Where the staff's phones are."""
    rung_at_once: int = 1
    """For an emergency that begins now."""


@dataclass(frozen=True, slots=True)
class AllSeen:
    """What was looked at, at one moment."""

    settings: Settings
    wanted: WantedPointing
    machine: MachineSeen
    database: DatabaseSeen
    account: AccountSeen
    people: OfPeople


def judged(seen: AllSeen, now: datetime) -> tuple[Finding, ...]:
    """`now`: UTC."""
    return worst_first(
        (
            *settings_found.settings(seen.settings, on_postgresql=seen.database.kind == "postgresql"),
            *account(seen.account),
            *_at_the_carrier(seen),
            *machine_found.machine(seen.machine, now),
            *machine_found.clocks(seen.account),
            *machine_found.database(seen.database, now),
            *seen.people.found,
        )
    )


def account(account: AccountSeen) -> Iterator[Finding]:
    """Whether the carrier knows it, lets us in, and has it at work."""
    if isinstance(account.status, NotSeen):
        refused = account.status.why in ("401", "403", "404")
        yield wrong(
            Topic.ACCOUNT,
            "account.away",
            worded(
                "The carrier refuses our account or token (%(why)s); nothing else of the account could be "
                "looked at.",
                why=account.status.why,
            )
            if refused
            else worded(
                "The carrier does not answer (%(why)s); nothing else of the account could be looked at.",
                why=account.status.why,
            ),
            worded(
                "No phone of staff rings, no text leaves, and nobody is rung back. If the token is wrong, the "
                "carrier's own requests are refused, too: whoever calls hears that an application error has "
                "occurred, and no 911 sentence."
            )
            if refused
            else worded(
                "Whoever calls is answered, but no phone of staff rings, no text leaves, and nobody is rung back."
            ),
            worded("Copy TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN anew from the account's page.")
            if refused
            else worded(
                "Look at this machine's network, and whether it may reach the carrier's API by HTTPS."
            ),
        )
        return
    if account.status != "active":
        yield wrong(
            Topic.ACCOUNT,
            "account.status",
            worded("The account is %(status)s.", status=account.status),
            worded("Nothing works: no calls, no texts."),
            worded("Look at the account's page: an unpaid bill or a question of the carrier's."),
        )
    elif account.kind == "Trial":
        yield wrong(
            Topic.ACCOUNT,
            "account.trial",
            worded("It is a trial account."),
            worded(
                "Callers hear the carrier's advertisement before the 911 sentence, and only numbers that "
                "you have shown to "
                "be yours can be called or texted: nobody is rung back."
            ),
            worded("Upgrade the account."),
        )
    else:
        yield good(Topic.ACCOUNT, "account.status", worded("The account is active, and takes our token."))


def _at_the_carrier(seen: AllSeen) -> Iterator[Finding]:
    account, line = seen.account, seen.settings.centre.line
    if not account.answered:
        return
    yield from numbers_found.numbers(line, account, seen.wanted)
    yield from numbers_found.canary(seen.settings.centre.canary.number, account)
    yield from numbers_found.outage(line, account, seen.wanted)
    yield from texting_found.registration(line, account)
    yield from texting_found.countries(line, seen.people.countries, account)
    yield from calling_found.shown(line, account)
    yield from calling_found.countries(line, seen.people.countries, account)
    yield from calling_found.pace(seen.settings.centre, account, rung_at_once=seen.people.rung_at_once)
