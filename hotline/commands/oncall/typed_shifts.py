"""Times and people as they are typed after ``hotline oncall``, and the transaction in which it is done."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hotline.commands import staff_file
from hotline.commands.staff_file import CommandRefused
from hotline.oncall.wall_clock import moment, zone
from hotline.oncall.week_hours import next_time
from hotline.operations.transaction import Transaction
from hotline.settings.load import load_settings
from hotline.store.people import schedules, staff
from hotline.store.people.staff import StaffRow


def typed_time(key: str, written: str, place: ZoneInfo) -> datetime:
    """A day and a time by the clock of a place (UTC). Raises CommandRefused."""
    try:
        found = datetime.fromisoformat(written.strip())
    except ValueError:
        raise CommandRefused(f'{key}: write a day and a time, as in "2026-12-05 19:00".') from None
    return moment(found, place) if found.tzinfo is None else found.astimezone(UTC)


def coming_time(key: str, written: str, place: ZoneInfo, now: datetime) -> datetime:
    """The same (UTC); or a time of the week or the day, such as "Sat 03:00": the next one. Raises CommandRefused."""
    found = next_time(written, now, place)
    if found is not None:
        return found
    try:
        return typed_time(key, written, place)
    except CommandRefused:
        raise CommandRefused(f'{key}: write a time, as in "Sat 03:00" or "2026-12-05 03:00".') from None


def clock_of(transaction: Transaction, schedule: str | None) -> ZoneInfo:
    """By which clock times of a schedule are typed; the centre's for one that there isn't, and for all of them."""
    zones = {one.name: one.timezone for one in schedules.every(transaction.tx)}
    return zone(zones.get(schedule or "", transaction.settings.centre.line.timezone))


def member(transaction: Transaction, name: str) -> StaffRow:
    """Who is called so. Raises CommandRefused."""
    row = staff.by_name(transaction.tx, name)
    if row is None:
        raise CommandRefused(f"{name} is not on the staff: `hotline staff list` shows who is.")
    return row


def done(work: Callable[[Transaction], str], *, writes: bool = True) -> str:
    """What `work` returns, done in one transaction."""
    application = staff_file.opened(load_settings(os.environ))
    with application.database:
        return application.change(work) if writes else application.look(work)
