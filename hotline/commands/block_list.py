"""``hotline block add``, ``remove``, ``list``: who isn't put through for a while, and why."""

import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import click

from hotline.commands.staff_file import CommandRefused, change
from hotline.commands.typed import Commands, Written, private
from hotline.dialling import read
from hotline.durations import parse_duration
from hotline.model import PhoneNumber, StaffId
from hotline.operations.conversation import blocking
from hotline.settings.load import Settings
from hotline.store.database import Tx
from hotline.store.people import staff
from hotline.store.people.blocks import Block

_NUMBER = click.argument("number", required=False)


def add(environ: Mapping[str, str], number: str, reason: str, lasting: timedelta | None) -> str:
    """Put a number on the list; returns what to tell the person who asked.

    Raises CommandRefused, and as `load` does.
    """

    def work(settings: Settings, tx: Tx, now: datetime) -> str:
        line = settings.centre.line
        ours = line.ours
        try:
            made = blocking.block(tx, _parsed(settings, number), reason, now, lasting=lasting, ours=ours)
        except blocking.NotBlocked as refused:
            raise CommandRefused(str(refused)) from None
        return f"Blocked {_until(made, _zone(settings))}. Emergencies from there are still put through."

    return change(environ, work)


def remove(environ: Mapping[str, str], number: str) -> str:
    """Take a number off the list; returns what to tell. Raises CommandRefused if it isn't on it."""

    def work(settings: Settings, tx: Tx, now: datetime) -> str:
        if not blocking.unblock(tx, _parsed(settings, number), now):
            raise CommandRefused("That number is not on the block list.")
        return "It is put through again."

    return change(environ, work)


def listed(environ: Mapping[str, str]) -> str:
    """The list, a line each, the newest first. Looking at it is in the audit trail."""

    def work(settings: Settings, tx: Tx, now: datetime) -> str:
        names = {member.id: member.name for member in staff.everyone(tx)}
        zone = _zone(settings)
        return (
            "\n".join(_line(block, names, zone) for block in blocking.listed(tx, now)) or "Nobody is blocked."
        )

    return change(environ, work)


def _zone(settings: Settings) -> ZoneInfo:
    return ZoneInfo(settings.centre.line.timezone)


def _line(block: Block, names: Mapping[StaffId, str], zone: ZoneInfo) -> str:
    by = names.get(block.by, "somebody") if block.by else "the command line"
    return (
        f"{block.number.e164}  {_until(block, zone)}  {block.reason}  ({by}, {_at(block.created_at, zone)})"
    )


def _until(block: Block, zone: ZoneInfo) -> str:
    return f"until {_at(block.expires_at, zone)}" if block.expires_at else "until it is removed"


def _at(moment: datetime, zone: ZoneInfo) -> str:
    """On the centre's wall, and in which zone that is."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}"


def _parsed(settings: Settings, written: str) -> PhoneNumber:
    number = read(written, settings.centre.line.countries)
    if number is None:
        raise CommandRefused("That is not a telephone number: write it such as +16175550101.")
    return number


@click.group("block", cls=Commands)
def group() -> None:
    """Say who isn't put through; emergencies always are."""


@group.command("add")
@_NUMBER
@click.option(
    "--reason", metavar="WORDS", help="Why, for whoever reads the list; if left out, it is asked for."
)
@click.option(
    "--for",
    "lasting",
    type=Written("time", parse_duration),
    metavar="TIME",
    help='Such as "7d"; else until it is removed.',
)
def _add(number: str | None, *, reason: str | None, lasting: timedelta | None) -> None:
    """Stop putting a number through; emergencies always are.

    NUMBER is such as +16175550101. Better left out: then it is asked for, and is in no list of processes.
    """
    given = private(number, "Number")
    click.echo(add(os.environ, given, private(reason, "Reason"), lasting))


@group.command("remove")
@_NUMBER
def _remove(number: str | None) -> None:
    """Put a number through again.

    NUMBER is such as +16175550101. Better left out: then it is asked for, and is in no list of processes.
    """
    click.echo(remove(os.environ, private(number, "Number")))


@group.command("list")
def _list() -> None:
    """Show who is not put through, why, and until when."""
    click.echo(listed(os.environ))
