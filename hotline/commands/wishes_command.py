"""``hotline wishes load``: who told the system that was here before that they want no more calls or texts."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from hotline.commands import staff_file
from hotline.commands.staff_file import CommandRefused
from hotline.commands.typed import Commands, asks_first
from hotline.operations.brought import wishes_load
from hotline.operations.brought.wishes_sheet import ToldWish, WishReader, read_wishes
from hotline.operations.roster import Problems
from hotline.operations.transaction import Transaction
from hotline.settings.load import load_settings


def load(
    environ: Mapping[str, str], file: Path, *, dry: bool = False, agreed: Callable[[str], bool] | None = None
) -> str:
    """Take the whole list, or nothing of it; returns what was done. `dry`: only say what would be. `agreed`: is shown
    that, if there is anything to do, and decides. None: nobody is asked.

    Raises SettingsProblems, CommandRefused and StoreError.
    """
    text = staff_file.text_of(file)
    application = staff_file.opened(load_settings(environ))
    line = application.settings.centre.line
    with application.database:
        reader = WishReader(
            line.countries, ZoneInfo(line.timezone), application.clock(), application.look(wishes_load.never)
        )
        sheet = read_wishes(text, reader)
        with staff_file.in_words(file, text, sheet.lines):
            if sheet.problems:
                raise Problems(sheet.problems)
        wishes: list[ToldWish] = sheet.wishes
        planned = application.look(lambda transaction: wishes_load.plan(transaction, wishes))
        told = "\n".join(f"  {one}" for one in planned.told) or "  Nobody is on the list."
        if dry or not planned.new:
            return f"{told}\nNothing was changed."
        if agreed is not None and not agreed(told):
            raise CommandRefused("Nothing was changed.")

        def take(transaction: Transaction) -> None:
            now_planned = wishes_load.plan(transaction, wishes)
            if now_planned.told != planned.told:
                raise CommandRefused(
                    "Somebody has called, written or been called in this moment; nothing was changed. Load it again."
                )
            wishes_load.take(transaction, now_planned)

        application.change(take)
    done = "Kept: `hotline consents` shows for a number what was said, when and how."
    return done if agreed is not None else f"{told}\n{done}"


@click.group("wishes", cls=Commands)
def group() -> None:
    """Take over who wants no more calls or texts."""


@group.command("load")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", "dry", is_flag=True, help="Only say what would be done.")
@click.option("--yes", is_flag=True, help="Don't ask, even if somebody is watching.")
def _load(file: Path, *, dry: bool, yes: bool) -> None:
    """Take who told your former system that they want no more calls or texts; may be repeated.

    FILE is a sheet (CSV) with the columns number, what ("no texts", "no calls" or "both"), when and how; "-" reads it
    from a pipe.
    """
    click.echo(load(os.environ, file, dry=dry, agreed=asks_first(yes=yes)))
