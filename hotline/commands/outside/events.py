"""``hotline events``: what another system of the centre's was told, and what it could not be."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import click

from hotline.commands.staff_file import CommandRefused, change
from hotline.commands.typed import Commands
from hotline.settings.load import Settings
from hotline.store.database import Tx
from hotline.store.traffic import outgoing_events
from hotline.store.traffic.outgoing_events import OutgoingEvent

_SHOWN: Final = 100


def listed(environ: Mapping[str, str]) -> str:
    """How many wait, and each that was given up, the newest first. Raises as `load` does."""

    def work(settings: Settings, tx: Tx, now: datetime) -> str:
        return "\n".join(_lines(settings, tx))

    return change(environ, work)


def _lines(settings: Settings, tx: Tx) -> Iterator[str]:
    zone, held = ZoneInfo(settings.centre.line.timezone), outgoing_events.held(tx)
    if not settings.centre.events.address:
        yield "Nobody is told of events: [events] in hotline.toml has no address (docs/events.md)."
    since = (
        f", the oldest since {held.oldest_at.astimezone(zone):%Y-%m-%d %H:%M %Z}" if held.oldest_at else ""
    )
    yield f"{held.waiting} waiting{since}; {held.dead} given up."
    for event in outgoing_events.dead_letters(tx, _SHOWN):
        yield _line(event, zone)
    if held.dead:
        yield "`hotline events again` sends all of these again, `hotline events again ID` one of them."


def _line(event: OutgoingEvent, zone: ZoneInfo) -> str:
    return f"{event.id}  {event.at.astimezone(zone):%Y-%m-%d %H:%M %Z}  {event.kind}  {event.case}  {event.error}"


def again(environ: Mapping[str, str], event_id: str | None) -> str:
    """Have what was given up sent again; what to tell. Raises CommandRefused if there is nothing of the kind."""

    def work(settings: Settings, tx: Tx, now: datetime) -> str:
        revived = outgoing_events.revive(tx, now, event_id)
        if event_id is not None and not revived:
            raise CommandRefused(
                f"No event {event_id} was given up: `hotline events list` shows those that were."
            )
        return f"{revived} to be sent again within seconds, if Hotline runs."

    return change(environ, work)


@click.group("events", cls=Commands)
def group() -> None:
    """Look at what another system of yours could not be told, and send it again."""


@group.command("list")
def _list() -> None:
    """Show how many events wait, and those that were given up."""
    click.echo(listed(os.environ))


@group.command("again")
@click.argument("event_id", metavar="[ID]", required=False)
def _again(event_id: str | None) -> None:
    """Send again what was given up: one event, or all."""
    click.echo(again(os.environ, event_id))
