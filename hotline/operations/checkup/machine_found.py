"""The machine, what stands before it, Redis, and the database's version, keys and workers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from hotline.effects import Urgency
from hotline.operations.checkup.account_seen import AccountSeen, NotSeen
from hotline.operations.checkup.finding import Finding, Topic, doubtful, good, wrong
from hotline.operations.checkup.machine_seen import (
    DatabaseSeen,
    DiskSeen,
    Keeps,
    MachineSeen,
    NotPlayed,
    RedisSeen,
)
from hotline.worded import worded, worded_many

_GIB: Final = 2**30
_LEAST_FREE, _LITTLE_FREE = _GIB // 2, 2 * _GIB
_SOON, _VERY_SOON = timedelta(days=21), timedelta(days=7)
"""Certificates that renew themselves do so a month before their end."""
_NAMED: Final = 8
"""At most so many recordings are named."""
_APART, _FAR_APART = timedelta(seconds=3), timedelta(seconds=30)
LATE: Final = {"clock": timedelta(seconds=10)} | {f"worker:{lane}": timedelta(seconds=90) for lane in Urgency}
"""Since when each was last seen, at most."""


def machine(seen: MachineSeen, now: datetime) -> Iterator[Finding]:
    """Disk, files, the public address and its certificate, Redis."""
    for one in seen.disks:
        yield _disk(one)
    for name in seen.open_files:
        yield wrong(
            Topic.MACHINE,
            "machine.open_file",
            worded("%(name)s can be read by others on this machine.", name=name),
            worded("Whoever has an account here can read secrets, and with them what callers have said."),
            f"chmod o-rwx {name}",
        )
    yield _public(seen)
    yield from _recordings(seen.not_played)
    yield from _certificate(seen.certificate_ends, now)
    yield _redis(seen.redis)


def _disk(seen: DiskSeen) -> Finding:
    if isinstance(seen.free, NotSeen):
        return wrong(
            Topic.MACHINE,
            "machine.disk",
            worded("The folder of HOTLINE_HOME can't be looked at (%(why)s).", why=seen.free.why),
            worded("Nothing can be written down: callers hear the failsafe words only."),
            worded("Make the folder, and let the user that runs Hotline write to it."),
        )
    free, size = f"{seen.free / _GIB:.1f}", f"{seen.size / _GIB:.1f}"
    told = (
        worded("%(free)s GiB of %(size)s are free where Hotline keeps its data.", free=free, size=size)
        if seen.keeps is Keeps.EVERYTHING
        else worded(
            "%(free)s GiB of %(size)s are free in %(folder)s.", free=free, size=size, folder=seen.folder
        )
    )
    if seen.keeps is Keeps.BACKUPS:
        callers = worded(
            "None at once; but when it is full, no backup is made, and what is lost later can't be put back."
        )
        mend = worded("Make room, or choose another [backups] folder, or a smaller `keep`.")
    else:
        callers = worded(
            "When it is full, calls are put through to the failsafe number, and texts are not answered."
        )
        mend = worded("Make room, or put HOTLINE_HOME and the database on a larger disk.")
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
            worded("PUBLIC_BASE_URL does not answer from here (%(why)s).", why=seen.public.why),
            worded("If it doesn't answer the carrier either, every caller hears what the TwiML Bin says."),
            worded(
                "Is Hotline running, does the proxy before it lead to its port, and does the name lead to "
                "this machine? If "
                "this machine can't reach itself by its public name, look from another one."
            ),
        )
    if seen.public != "hotline":
        return wrong(
            Topic.MACHINE,
            "machine.public",
            worded("At PUBLIC_BASE_URL stands something else than Hotline (%(public)s).", public=seen.public),
            worded("Callers hear that an application error has occurred, or the TwiML Bin."),
            worded("Let the proxy lead everything under PUBLIC_BASE_URL to Hotline's port."),
        )
    return good(Topic.MACHINE, "machine.public", worded("Hotline answers at its public address."))


def _recordings(seen: Sequence[NotPlayed]) -> Iterator[Finding]:
    if seen:
        named = [f"{one.name} ({one.why})" for one in seen[:_NAMED]]
        yield wrong(
            Topic.MACHINE,
            "machine.recordings",
            worded_many(
                "%(num)s recording does not come from PUBLIC_BASE_URL: %(which)s.",
                "%(num)s recordings do not come from PUBLIC_BASE_URL: %(which)s.",
                len(seen),
                which=", ".join((*named, *(("...",) if seen[_NAMED:] else ()))),
            ),
            worded(
                "Where one is to be played, callers hear nothing, or that an application error has occurred: no voice "
                "reads the sentence instead."
            ),
            worded(
                "Let the proxy lead /recordings/ to Hotline, untouched. If the files are new, they are not played yet: "
                "put the same files on each machine, and restart."
            ),
        )


def _certificate(ends: datetime | NotSeen | None, now: datetime) -> Iterator[Finding]:
    if ends is None:
        return
    callers = worded(
        "From the day on which it ends, the carrier refuses to speak to us: callers hear the TwiML Bin only."
    )
    mend = worded(
        "Renew it, and look why it did not renew itself: Caddy does by itself, certbot by its timer."
    )
    if isinstance(ends, NotSeen):
        yield wrong(
            Topic.MACHINE,
            "machine.certificate",
            worded(
                "The certificate of PUBLIC_BASE_URL is not one that others trust (%(why)s).", why=ends.why
            ),
            worded("The carrier refuses to speak to us, as far as can be seen from here."),
            mend,
        )
        return
    days = (ends - now).days
    told = worded_many(
        "The certificate of PUBLIC_BASE_URL holds for %(num)s more day.",
        "The certificate of PUBLIC_BASE_URL holds for %(num)s more days.",
        days,
    )
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
            worded("Redis does not answer (%(why)s).", why=seen.why),
            worded(
                "Nobody is lost: the clock finds what is due by itself. An emergency's page may leave some "
                "seconds later."
            ),
            worded("With `hotline run` it starts by itself. Else start the one of REDIS_URL."),
        )
    if seen.policy != "noeviction":
        return doubtful(
            Topic.MACHINE,
            "machine.redis",
            worded(
                "Redis throws away what it holds when its memory is full (%(policy)s).", policy=seen.policy
            ),
            worded("Hints to workers go missing: what they were about leaves some seconds later."),
            worded("Set maxmemory-policy to noeviction."),
        )
    return good(
        Topic.MACHINE,
        "machine.redis",
        worded("%(server)s answers, and throws nothing away.", server=seen.server),
    )


def clocks(account: AccountSeen) -> Iterator[Finding]:
    """Our clock against the carrier's."""
    if account.ahead is None:
        return
    apart = abs(account.ahead)
    seconds = f"{apart.total_seconds():.0f}"
    told = (
        worded("This machine's clock is %(seconds)s s behind.", seconds=seconds)
        if account.ahead > timedelta(0)
        else worded("This machine's clock is %(seconds)s s ahead.", seconds=seconds)
    )
    mend = worded("Let the machine keep its time by the network: `timedatectl set-ntp true`, or chrony.")
    if apart >= _FAR_APART:
        yield wrong(
            Topic.MACHINE,
            "machine.clock",
            told,
            worded(
                "Callers are rung back at other times than they were promised; calls that we look for at "
                "the carrier are "
                "not found."
            ),
            mend,
        )
    elif apart >= _APART:
        yield doubtful(Topic.MACHINE, "machine.clock", told, worded("None yet; it may be drifting."), mend)
    else:
        yield good(Topic.MACHINE, "machine.clock", worded("This machine's clock goes with the carrier's."))


def database(seen: DatabaseSeen, now: datetime) -> Iterator[Finding]:
    """Version, keys, and who works on it."""
    if isinstance(seen.revision, NotSeen):
        yield wrong(
            Topic.DATABASE,
            "database.away",
            worded("The database can't be used (%(why)s).", why=seen.revision.why),
            worded("Callers hear the failsafe words, and the failsafe number rings; nothing else works."),
            worded("Is it there, may this user use it, and is DATABASE_URL right?"),
        )
        return
    yield _version(seen)
    if seen.keys_fit is False:
        yield wrong(
            Topic.DATABASE,
            "database.keys",
            worded("HOTLINE_DATA_KEY is not the key of this database."),
            worded("Nothing starts: nobody's number or words can be read."),
            worded("Find the key with which the database was made. Without it what it holds is lost."),
        )
    elif seen.keys_fit:
        yield good(Topic.DATABASE, "database.keys", worded("Our keys open the database."))
    if seen.beats is not None:
        yield from _at_work(seen, now)


def _version(seen: DatabaseSeen) -> Finding:
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(seen.kind, seen.kind)
    if seen.newer:
        return wrong(
            Topic.DATABASE,
            "database.newer",
            worded(
                "A later version of Hotline has changed the database (to %(revision)s).",
                revision=seen.revision,
            ),
            worded("This version doesn't start on it."),
            worded("Install that version again, or restore a backup of before."),
        )
    if isinstance(seen.revision, str) and seen.revision > seen.head:
        return good(
            Topic.DATABASE,
            "database.version",
            worded(
                "The database (%(name)s) is at %(revision)s, of a later version, which has only added to "
                "%(head)s.",
                name=name,
                revision=seen.revision,
                head=seen.head,
            ),
        )
    if seen.revision != seen.head:
        return wrong(
            Topic.DATABASE,
            "database.old",
            worded("The database (%(name)s) has no tables yet.", name=name)
            if seen.revision is None
            else worded(
                "The database (%(name)s) is at %(revision)s, this version's is %(head)s.",
                name=name,
                revision=seen.revision,
                head=seen.head,
            ),
            worded("What is running may fail at whatever is new."),
            worded("Run `hotline migrate`; `hotline run` does it by itself."),
        )
    return good(
        Topic.DATABASE,
        "database.version",
        worded("The database (%(name)s) is at this version, %(head)s.", name=name, head=seen.head),
    )


def _at_work(seen: DatabaseSeen, now: datetime) -> Iterator[Finding]:
    beats = seen.beats or {}
    away = [name for name, late in LATE.items() if name not in beats or now - beats[name] > late]
    if not away:
        yield good(Topic.DATABASE, "database.workers", worded("The clock and all workers are at work."))
        return
    yield wrong(
        Topic.DATABASE,
        "database.workers",
        worded("Nothing is at work: neither the clock nor any worker.")
        if len(away) == len(LATE)
        else worded("Not at work: %(away)s.", away=", ".join(away)),
        worded("Staff are not called and texts don't leave, or late."),
        worded("Start Hotline (`hotline run`, or the Procfile's processes). If it runs, look at its log."),
    )
