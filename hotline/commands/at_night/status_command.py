"""``hotline status``: how the line stands now, for whoever is on the night shift.

It reads the database itself, so it works while the web is down. Exit codes: 0 nothing wants doing; 1 something does;
2 the settings can't be read; 3 the database can't.
"""

from __future__ import annotations

import os
import time
from typing import Final

import click

from hotline.commands.aligned import aligned
from hotline.commands.at_night import glance
from hotline.commands.at_night.screen_line import Told
from hotline.commands.staff_file import opened
from hotline.oncall.wall_clock import said, zone
from hotline.operations.transaction import Application
from hotline.runtime import health
from hotline.runtime.wake_ups import connect
from hotline.settings.load import load_settings
from hotline.store.database import StoreError, Unsealable

WANTS_DOING, NO_DATABASE = 1, 3
_MARK: Final = "!"


@click.command("status")
@click.option(
    "--watch", type=click.IntRange(min=1, max=3600), metavar="SECONDS", help="Again and again, until Ctrl-C."
)
def command(*, watch: int | None) -> int:
    """How the line stands now: emergencies, who is on, what waits, the carrier, health, backups, the canary.

    No caller's name, number or word is shown. Exit code 0: nothing wants doing. 1: what is marked "!" does. 3: the
    database can't be read.
    """
    application = opened(load_settings(os.environ))
    with application.database:
        words, code = screen(application)
        while watch is not None:
            click.clear()
            click.echo(words)
            time.sleep(watch)
            words, code = screen(application)
    click.echo(words)
    return code


def screen(application: Application) -> tuple[str, int]:
    """The screen, and the exit code. Never raises for a database or a Redis that is away."""
    line = application.settings.centre.line
    head = f"{line.name}, {said(application.clock(), zone(line.timezone))}"
    try:
        told = application.look(glance.look)
    except (StoreError, Unsealable) as error:
        words = "The database can't be read: callers hear the 911 sentence and the failsafe number."
        return f"{head}\n{_MARK} {words} ({type(error).__name__})", NO_DATABASE
    redis_here = connect(application.settings.redis_url.get_secret_value())
    amiss = health.problems(application, redis_here)
    told = (*told, *(Told("health", one, calls=True) for one in amiss or ()))
    if not amiss:
        told = (*told, Told("health", "everything runs"))
    rows = [(_MARK if one.calls else " ", one.about, one.words) for one in told]
    return "\n".join((head, *aligned(rows))), WANTS_DOING if glance.calls_for_somebody(told) else 0
