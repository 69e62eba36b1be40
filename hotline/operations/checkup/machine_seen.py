"""What was seen of the machine, of what stands before it, and of the database: data that whoever runs us fills in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from hotline.operations.checkup.account_seen import NotSeen


@dataclass(frozen=True, slots=True)
class RedisSeen:
    """The wake-up queue's server."""

    server: str
    """Which one, and its version: "Redis 7.2.4"; Valkey tells Redis's version beside its own."""
    policy: str
    """What it does when its memory is full: "noeviction"."""


class Keeps(Enum):
    """What Hotline keeps on a disk."""

    EVERYTHING = auto()
    """HOTLINE_HOME, and whatever is not named apart."""
    DATABASE = auto()
    BACKUPS = auto()


@dataclass(frozen=True, slots=True)
class DiskSeen:
    """One disk, by the first folder of ours that is on it."""

    folder: str
    keeps: Keeps
    free: int | NotSeen
    """Bytes that can still be written."""
    size: int
    """Bytes of the disk."""


@dataclass(frozen=True, slots=True)
class NotPlayed:
    """A recording that the carrier would fetch from us, and does not get."""

    name: str
    """Such as "en/goodbye"."""
    why: str
    """What came instead, in English: "status 404"."""


@dataclass(frozen=True, slots=True)
class MachineSeen:
    """This machine, at this moment."""

    disks: tuple[DiskSeen, ...]
    """Each once, that of HOTLINE_HOME first."""
    certificate_ends: datetime | NotSeen | None
    """When the certificate of the public address ends; None where there is none, for it is this machine's own."""
    public: str | NotSeen
    """What answers at the public address: "hotline", or what else said."""
    redis: RedisSeen | NotSeen
    not_played: tuple[NotPlayed, ...] = ()
    """Recordings that don't come from the public address; asked only where Hotline answers there."""
    open_files: tuple[str, ...] = ()
    """Files with secrets that others on this machine can read."""


@dataclass(frozen=True, slots=True)
class DatabaseSeen:
    """The database of record."""

    kind: str
    """"sqlite" or "postgresql"."""
    revision: str | NotSeen | None
    """How far its tables are; None before `hotline migrate`."""
    head: str
    """How far they are to be."""
    newer: bool = False
    """A later version has changed it."""
    keys_fit: bool | None = None
    """Whether our keys open it; None where that could not be asked."""
    beats: Mapping[str, datetime] | None = None
    """When the clock and the workers last showed themselves (UTC)."""
