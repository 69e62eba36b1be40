"""The machine, what stands before it, Redis, and the database's version, keys and workers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from hotline.effects import Urgency
from hotline.operations.checkup.account_seen import AccountSeen, NotSeen
from hotline.operations.checkup.finding import Finding, Topic, doubtful, good, wrong
from hotline.operations.checkup.machine_seen import DatabaseSeen, MachineSeen, RedisSeen

_GIB: Final = 2**30
_LEAST_FREE, _LITTLE_FREE = _GIB // 2, 2 * _GIB
_SOON, _VERY_SOON = timedelta(days=21), timedelta(days=7)
"""Certificates that renew themselves do so a month before their end."""
_APART, _FAR_APART = timedelta(seconds=3), timedelta(seconds=30)
LATE: Final = {"clock": timedelta(seconds=10)} | {f"worker:{lane}": timedelta(seconds=90) for lane in Urgency}
"""Since when each was last seen, at most."""


def machine(seen: MachineSeen, now: datetime) -> Iterator[Finding]:
    """Disk, files, the public address and its certificate, Redis."""
    yield _disk(seen)
    for name in seen.open_files:
        yield wrong(
            Topic.MACHINE,
            "machine.open_file",
            f"{name} can be read by others on this machine.",
            "Whoever has an account here can read secrets, and with them what callers have said.",
            f"chmod o-rwx {name}",
        )
    yield _public(seen)
    yield from _certificate(seen.certificate_ends, now)
    yield _redis(seen.redis)


def _disk(seen: MachineSeen) -> Finding:
    if isinstance(seen.free, NotSeen):
        return wrong(
            Topic.MACHINE,
            "machine.disk",
            f"The folder of HOTLINE_HOME can't be looked at ({seen.free.why}).",
            "Nothing can be written down: callers hear the failsafe words only.",
            "Make the folder, and let the user that runs Hotline write to it.",
        )
    told = f"{seen.free / _GIB:.1f} GiB of {seen.size / _GIB:.0f} are free where Hotline keeps its data."
    callers = "When it is full, calls are put through to the failsafe number, and texts are not answered."
    mend = "Make room, or put HOTLINE_HOME and the database on a larger disk."
    if seen.free < _LEAST_FREE:
        return wrong(Topic.MACHINE, "machine.disk", told, callers, mend)
    if seen.free < _LITTLE_FREE:
        return doubtful(Topic.MACHINE, "machine.disk", told, callers, mend)
    return good(Topic.MACHINE, "machine.disk", told)


def _public(seen: MachineSeen) -> Finding:
    if isinstance(seen.public, NotSeen):
        return wrong(
            Topic.MACHINE,
            "machine.public",
            f"PUBLIC_BASE_URL does not answer from here ({seen.public.why}).",
            "If it doesn't answer the carrier either, every caller hears what the TwiML Bin says.",
            "Is Hotline running, does the proxy before it lead to its port, and does the name lead to this machine? If "
            "this machine can't reach itself by its public name, look from another one.",
        )
    if seen.public != "hotline":
        return wrong(
            Topic.MACHINE,
            "machine.public",
            f"At PUBLIC_BASE_URL stands something else than Hotline ({seen.public}).",
            "Callers hear that an application error has occurred, or the TwiML Bin.",
            "Let the proxy lead everything under PUBLIC_BASE_URL to Hotline's port.",
        )
    return good(Topic.MACHINE, "machine.public", "Hotline answers at its public address.")


def _certificate(ends: datetime | NotSeen | None, now: datetime) -> Iterator[Finding]:
    if ends is None:
        return
    callers = (
        "From the day on which it ends, the carrier refuses to speak to us: callers hear the TwiML Bin only."
    )
    mend = "Renew it, and look why it did not renew itself: Caddy does by itself, certbot by its timer."
    if isinstance(ends, NotSeen):
        yield wrong(
            Topic.MACHINE,
            "machine.certificate",
            f"The certificate of PUBLIC_BASE_URL is not one that others trust ({ends.why}).",
            "The carrier refuses to speak to us, as far as can be seen from here.",
            mend,
        )
        return
    days = (ends - now).days
    told = f"The certificate of PUBLIC_BASE_URL holds for {days} more day{'s' if days != 1 else ''}."
    if ends - now < _VERY_SOON:
        yield wrong(Topic.MACHINE, "machine.certificate", told, callers, mend)
    elif ends - now < _SOON:
        yield doubtful(Topic.MACHINE, "machine.certificate", told, callers, mend)
    else:
        yield good(Topic.MACHINE, "machine.certificate", told)


def _redis(seen: RedisSeen | NotSeen) -> Finding:
    if isinstance(seen, NotSeen):
        return doubtful(
            Topic.MACHINE,
            "machine.redis",
            f"Redis does not answer ({seen.why}).",
            "Nobody is lost: the clock finds what is due by itself. An emergency's page may leave some seconds later.",
            "With `hotline run` it starts by itself. Else start the one of REDIS_URL.",
        )
    if seen.policy != "noeviction":
        return doubtful(
            Topic.MACHINE,
            "machine.redis",
            f"Redis throws away what it holds when its memory is full ({seen.policy}).",
            "Hints to workers go missing: what they were about leaves some seconds later.",
            "Set maxmemory-policy to noeviction.",
        )
    return good(Topic.MACHINE, "machine.redis", f"Redis {seen.version} answers, and throws nothing away.")


def clocks(account: AccountSeen) -> Iterator[Finding]:
    """Our clock against the carrier's."""
    if account.ahead is None:
        return
    apart = abs(account.ahead)
    side = "behind" if account.ahead > timedelta(0) else "ahead"
    told = f"This machine's clock is {apart.total_seconds():.0f} s {side}."
    mend = "Let the machine keep its time by the network: `timedatectl set-ntp true`, or chrony."
    if apart >= _FAR_APART:
        yield wrong(
            Topic.MACHINE,
            "machine.clock",
            told,
            "Callers are rung back at other times than they were promised; calls that we look for at the carrier are "
            "not found.",
            mend,
        )
    elif apart >= _APART:
        yield doubtful(Topic.MACHINE, "machine.clock", told, "None yet; it may be drifting.", mend)
    else:
        yield good(Topic.MACHINE, "machine.clock", "This machine's clock goes with the carrier's.")


def database(seen: DatabaseSeen, now: datetime) -> Iterator[Finding]:
    """Version, keys, and who works on it."""
    if isinstance(seen.revision, NotSeen):
        yield wrong(
            Topic.DATABASE,
            "database.away",
            f"The database can't be used ({seen.revision.why}).",
            "Callers hear the failsafe words, and the failsafe number rings; nothing else works.",
            "Is it there, may this user use it, and is DATABASE_URL right?",
        )
        return
    yield _version(seen)
    if seen.keys_fit is False:
        yield wrong(
            Topic.DATABASE,
            "database.keys",
            "HOTLINE_DATA_KEY is not the key of this database.",
            "Nothing starts: nobody's number or words can be read.",
            "Find the key with which the database was made. Without it what it holds is lost.",
        )
    elif seen.keys_fit:
        yield good(Topic.DATABASE, "database.keys", "Our keys open the database.")
    if seen.beats is not None:
        yield from _at_work(seen, now)


def _version(seen: DatabaseSeen) -> Finding:
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(seen.kind, seen.kind)
    if seen.newer:
        return wrong(
            Topic.DATABASE,
            "database.newer",
            f"A later version of Hotline has changed the database (to {seen.revision}).",
            "This version doesn't start on it.",
            "Install that version again, or restore a backup of before.",
        )
    if isinstance(seen.revision, str) and seen.revision > seen.head:
        return good(
            Topic.DATABASE,
            "database.version",
            f"The database ({name}) is at {seen.revision}, of a later version, which has only added to {seen.head}.",
        )
    if seen.revision != seen.head:
        steps = (
            "has no tables yet"
            if seen.revision is None
            else f"is at {seen.revision}, this version's is {seen.head}"
        )
        return wrong(
            Topic.DATABASE,
            "database.old",
            f"The database ({name}) {steps}.",
            "What is running may fail at whatever is new.",
            "Run `hotline migrate`; `hotline run` does it by itself.",
        )
    return good(Topic.DATABASE, "database.version", f"The database ({name}) is at this version, {seen.head}.")


def _at_work(seen: DatabaseSeen, now: datetime) -> Iterator[Finding]:
    beats = seen.beats or {}
    away = [name for name, late in LATE.items() if name not in beats or now - beats[name] > late]
    if not away:
        yield good(Topic.DATABASE, "database.workers", "The clock and all workers are at work.")
        return
    yield wrong(
        Topic.DATABASE,
        "database.workers",
        "Nothing is at work: neither the clock nor any worker."
        if len(away) == len(LATE)
        else f"Not at work: {', '.join(away)}.",
        "Staff are not called and texts don't leave, or late.",
        "Start Hotline (`hotline run`, or the Procfile's processes). If it runs, look at its log.",
    )
