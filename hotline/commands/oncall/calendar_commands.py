"""``hotline oncall calendar`` and ``import``: shifts in people's own calendars, and from a calendar kept elsewhere."""

from pathlib import Path
from typing import Final

import click

from hotline import paths
from hotline.commands.oncall.typed_shifts import done, member
from hotline.commands.staff_file import CommandRefused
from hotline.operations.shifts import calendars
from hotline.operations.shifts.calendars import CalendarTaken
from hotline.operations.transaction import Transaction


@click.command("calendar")
@click.argument("name")
@click.option("--schedule", metavar="SCHEDULE", help="All of this schedule; usually their own shifts.")
@click.option("--revoke", is_flag=True, help="It opens no more.")
def _calendar(name: str, *, schedule: str | None, revoke: bool) -> None:
    """Print a private address at which somebody's calendar reads shifts; the one that they had opens no more."""

    def work(transaction: Transaction) -> str:
        owner = member(transaction, name)
        if revoke:
            gone = calendars.revoke(transaction, owner.id, schedule)
            return "It opens no more." if gone else "They have none."
        try:
            token = calendars.open_feed(transaction, owner.id, schedule)
        except ValueError as wrong:
            raise CommandRefused(str(wrong)) from None
        return f"{transaction.settings.public_base_url.rstrip('/')}{paths.CALENDAR.of(token)}"

    click.echo(done(work))


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("schedule")
@click.option("--dry-run", "dry", is_flag=True, help="Only say what would be done.")
def _import(file: Path, schedule: str, *, dry: bool) -> None:
    """Let a calendar (iCalendar, .ics) stand for the plan of SCHEDULE wherever it names somebody on the staff.

    What an earlier one has brought, and has not begun, is replaced. What wasn't understood is told.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as unreadable:
        raise CommandRefused(f"{file} can't be read: {unreadable}.") from None

    def work(transaction: Transaction) -> str:
        try:
            return _told(calendars.take(transaction, schedule, text, dry=dry), dry=dry)
        except ValueError as wrong:
            raise CommandRefused(f"{file}: {wrong}") from None

    click.echo(done(work, writes=not dry))


def _told(found: CalendarTaken, *, dry: bool) -> str:
    lines = [f"{found.shifts} shifts in the next six months."]
    if found.added or found.taken_back:
        lines.append(f"New changes: {found.added}; of an earlier calendar taken back: {found.taken_back}.")
    else:
        lines.append("Everything is so already.")
    if found.not_understood:
        lines += ["Not understood, and left out:", *(f"  - {one}" for one in found.not_understood)]
    if dry:
        lines.append("Nothing was changed.")
    return "\n".join(lines)


CALENDAR_COMMANDS: Final = (_calendar, _import)
