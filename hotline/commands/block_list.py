"""``hotline block add``, ``remove``, ``list``: who isn't put through for a while, and why."""

import argparse
import os
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from hotline.commands.paperwork import Refused, change
from hotline.commands.typed import private
from hotline.dialling import read
from hotline.model import PhoneNumber, StaffId
from hotline.operations.conversation import blocking
from hotline.settings.durations import parse_duration
from hotline.settings.load import Settings
from hotline.store import staff
from hotline.store.blocks import Block
from hotline.store.database import Tx

Adds = Callable[[str, str, Callable[[argparse.Namespace], str]], argparse.ArgumentParser]
"""Makes a command of a name, a promise, and whatever carries it out and says what came of it."""
_NUMBER = "such as +16175550101; better left out: then it is asked for, and is in no list of processes"


def explain(adds: Adds) -> None:
    """Make the three commands."""
    add = adds("add", "stop putting a number through; emergencies always are", _add)
    add.add_argument("number", metavar="NUMBER", nargs="?", help=_NUMBER)
    add.add_argument(
        "--reason", metavar="WORDS", help="why, for whoever reads the list; if left out, it is asked for"
    )
    add.add_argument(
        "--for", dest="lasting", type=_duration, metavar="TIME", help='such as "7d"; else until removed'
    )
    adds("remove", "put a number through again", _remove).add_argument(
        "number", metavar="NUMBER", nargs="?", help=_NUMBER
    )
    adds("list", "show who is not put through, why, and until when", _list)


def add(environ: Mapping[str, str], number: str, reason: str, lasting: timedelta | None) -> str:
    """Put a number on the list; returns what to tell the person who asked. Raises Refused, and as `load` does."""

    def work(settings: Settings, tx: Tx, now: datetime) -> str:
        line = settings.centre.line
        ours = line.ours
        try:
            made = blocking.block(tx, _parsed(settings, number), reason, now, lasting=lasting, ours=ours)
        except blocking.NotBlocked as refused:
            raise Refused(str(refused)) from None
        return f"Blocked {_until(made)}. Emergencies from there are still put through."

    return change(environ, work)


def remove(environ: Mapping[str, str], number: str) -> str:
    """Take a number off the list; returns what to tell. Raises Refused if it isn't on it."""

    def work(settings: Settings, tx: Tx, now: datetime) -> str:
        if not blocking.unblock(tx, _parsed(settings, number), now):
            raise Refused("That number is not on the block list.")
        return "It is put through again."

    return change(environ, work)


def listed(environ: Mapping[str, str]) -> str:
    """The list, a line each, the newest first. Looking at it is in the audit trail."""

    def work(_settings: Settings, tx: Tx, now: datetime) -> str:
        names = {member.id: member.name for member in staff.everyone(tx)}
        return "\n".join(_line(block, names) for block in blocking.listed(tx, now)) or "Nobody is blocked."

    return change(environ, work)


def _line(block: Block, names: Mapping[StaffId, str]) -> str:
    by = names.get(block.by, "somebody") if block.by else "the command line"
    return (
        f"{block.number.e164}  {_until(block)}  {block.reason}  ({by}, {block.created_at:%Y-%m-%d %H:%M} UTC)"
    )


def _until(block: Block) -> str:
    return f"until {block.expires_at:%Y-%m-%d %H:%M} UTC" if block.expires_at else "until it is removed"


def _parsed(settings: Settings, written: str) -> PhoneNumber:
    number = read(written, settings.centre.line.countries)
    if number is None:
        raise Refused("That is not a telephone number: write it such as +16175550101.")
    return number


def _duration(written: str) -> timedelta:
    try:
        return parse_duration(written)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(str(wrong)) from None


def _number(given: argparse.Namespace) -> str:
    return private(given.number, "Number")


def _add(given: argparse.Namespace) -> str:
    number = _number(given)
    return add(os.environ, number, private(given.reason, "Reason"), given.lasting)


def _remove(given: argparse.Namespace) -> str:
    return remove(os.environ, _number(given))


def _list(_given: argparse.Namespace) -> str:
    return listed(os.environ)
