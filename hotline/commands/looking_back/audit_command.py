"""``hotline audit verify`` and ``hotline audit list``: whether the audit trail is whole, and what stands in it.

`verify` needs the tables and nothing else: with the sealing key it checks the marks, too.
"""

from __future__ import annotations

import csv
import io
import os
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import click
from sqlalchemy.exc import ArgumentError

from hotline.commands import report as reporting
from hotline.commands import staff_file
from hotline.commands.aligned import aligned
from hotline.commands.staff_file import CommandRefused
from hotline.commands.typed import Commands, Written
from hotline.model import StaffId
from hotline.settings.load import Settings
from hotline.store.database import Database, Keyring, Tx
from hotline.store.people import audit, staff
from hotline.store.people.audit import AuditEntry, AuditFilter
from hotline.store.upkeep import audit_chain
from hotline.store.upkeep.audit_chain import Head, Tail, Verifying

BROKEN: Final = 1
_PATIENCE: Final = timedelta(seconds=60)
_HEAD: Final = re.compile(r"(\d{1,18}):([0-9a-f]{64})", re.ASCII)
_USUAL: Final = 50
_MOST: Final = 10_000
_COLUMNS: Final = ("number", "when", "who", "what", "about", "id")


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found."""

    checked: Verifying
    tail: Tail
    key: bool
    """There was a sealing key, so that marks could be checked."""

    @property
    def code(self) -> int:
        """0 if the trail is whole."""
        return 0 if self.checked.broken is None else BROKEN


def kept_head(written: str) -> Head:
    """A head as `verify` prints it. Raises ValueError."""
    found = _HEAD.fullmatch(written.strip())
    if found is None:
        raise ValueError(
            "must be a head as `hotline audit verify` prints it: a number, a colon and 64 letters"
        )
    return Head(int(found[1]), found[2])


def verify(database: Database, anchors: Sequence[Head], *, key: bool = True) -> Verified:
    """Go along the whole chain. Raises StoreError."""
    going = Verifying(anchors=anchors)
    more = True
    while more:
        with database.read() as tx:
            more = going.page(tx)
    with database.read() as tx:
        return Verified(going, audit_chain.tail(tx), key)


def told(found: Verified, zone: ZoneInfo) -> str:
    """In words: what was checked, the first thing that is wrong, and the head to keep."""
    broken, head = found.checked.broken, found.checked.head
    lines = []
    if broken is not None:
        entry = f"entry {broken.entry_id}" if broken.entry_id is not None else "the last entry"
        at = f", written {broken.at.astimezone(zone):%Y-%m-%d %H:%M:%S}" if broken.at is not None else ""
        lines.append(f"BROKEN at place {broken.place} ({entry}{at}): {broken.why}.")
        lines.append(f"The {head.place} entries before it are as they were sealed.")
    else:
        lines.append(f"Whole: {head.place} entries are as they were sealed.")
        lines.append(_unsealed(found.tail, zone))
    marks = found.checked.marks
    if not found.key:
        lines.append(
            "Without the sealing key, marks were not checked: whoever can write the tables could have"
        )
        lines.append(
            "made the chain anew. A head that was kept elsewhere (--anchor) shows that they haven't."
        )
    else:
        unknown = f", {marks.unknown} made with keys that are here no more" if marks.unknown else ""
        lines.append(f"Marks made with the sealing key: {marks.right} right{unknown}.")
        if marks.unknown:
            lines.append(f"The last right one, at place {marks.last}, covers everything before it.")
    if broken is None:
        lines.append(f"Head, to keep elsewhere: {head}")
    return "\n".join(lines)


def _unsealed(tail: Tail, zone: ZoneInfo) -> str:
    if tail.oldest is None:
        return "None waits to be sealed."
    since = f"{tail.oldest.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    return f"{tail.entries} wait to be sealed, the oldest since {since}: the clock seals once a minute."


# --- listing -------------------------------------------------------------------------------------------------------


def listed(
    environ: Mapping[str, str], wanted: AuditFilter, who: str | None, days: int, at_most: int
) -> list[list[str]]:
    """The newest entries of so many days, a row each with the columns' names first. Raises CommandRefused for a name
    that nobody has, and as `look` does."""

    def look(settings: Settings, tx: Tx, now: datetime) -> list[list[str]]:
        names = {member.id: member.name for member in staff.everyone(tx)}
        by = _whose(names, who) if who is not None else None
        found = audit.find(tx, replace(wanted, by=by, since=now - timedelta(days=days)), at_most)
        zone = ZoneInfo(settings.centre.line.timezone)
        return [list(_COLUMNS), *(_row(one, names, zone) for one in found)]

    return staff_file.look(environ, look)


def _whose(names: Mapping[StaffId, str], who: str) -> StaffId:
    found = next((one for one, name in names.items() if name.casefold() == who.strip().casefold()), None)
    if found is None:
        raise CommandRefused(f"Nobody is called {who!r}: `hotline staff list` has the names.")
    return found


def _row(one: AuditEntry, names: Mapping[StaffId, str], zone: ZoneInfo) -> list[str]:
    who = names.get(one.staff_id, one.staff_id) if one.staff_id is not None else "the system"
    at = f"{one.at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    return [str(one.id), at, who, one.action, one.subject_kind, one.subject_id]


def sheet(rows: Sequence[Sequence[str]]) -> str:
    """As CSV."""
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue()


# --- the command line ----------------------------------------------------------------------------------------------


@click.group("audit", cls=Commands)
def group() -> None:
    """Check the audit trail, and read it."""


@group.command("verify")
@click.option(
    "--anchor",
    "anchors",
    type=Written("head", kept_head),
    multiple=True,
    metavar="HEAD",
    help="A head that was kept earlier: from this command, or from the log. It must lie in the trail.",
)
@click.option(
    "--database",
    "address",
    metavar="URL",
    help="Look there, such as at a copy, and not where the environment says: no settings and no key are needed.",
)
@click.pass_context
def _verify(context: click.Context, anchors: tuple[Head, ...], address: str | None) -> None:
    """Say whether the audit trail is as it was sealed: 0 if it is, 1 and the first thing that isn't.

    It reads ids and words of Hotline's own, and shows nobody's.
    """
    database, zone = _elsewhere(address) if address is not None else _here()
    with database:
        found = verify(database, anchors, key=address is None)
    click.echo(told(found, zone))
    context.exit(found.code)


def _elsewhere(address: str) -> tuple[Database, ZoneInfo]:
    try:
        return Database(address, Keyring((secrets.token_bytes(32),)), _PATIENCE), ZoneInfo("UTC")
    except (ValueError, ArgumentError):
        raise CommandRefused("That is no database of ours: sqlite:///FILE, or postgresql://...") from None


def _here() -> tuple[Database, ZoneInfo]:
    database = staff_file.open_here(os.environ)
    zone = staff_file.look(os.environ, lambda settings, tx, now: settings.centre.line.timezone)
    return database, ZoneInfo(zone)


@group.command("list")
@click.option("--who", metavar="NAME", help="What this member of staff did.")
@click.option("--what", metavar="WORDS", help='Only this, such as "viewed thread" or "outcome".')
@click.option(
    "--about", metavar="ID", help="Only what was done to this: a contact's id, a callback's, a person's."
)
@click.option(
    "--days",
    type=Written("days", reporting.days),
    default=reporting.USUAL_DAYS,
    metavar="N",
    help="Usually 7.",
)
@click.option("--most", type=click.IntRange(1, _MOST), default=_USUAL, metavar="N", help=f"Usually {_USUAL}.")
@click.option("--csv", "as_csv", is_flag=True, help="As a sheet; else as a table to read.")
def _list(
    *, who: str | None, what: str | None, about: str | None, days: int, most: int, as_csv: bool
) -> None:
    """Print what stands in the audit trail, the newest first: who, what, to what, when. No caller is named."""
    rows = listed(os.environ, AuditFilter(action=what, subject=about), who, days, most)
    click.echo(sheet(rows) if as_csv else "\n".join(aligned(rows)), nl=not as_csv)
