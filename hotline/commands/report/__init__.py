"""``hotline report``: where callers were lost, how calls ended, how long it took to a human, which promises were kept.

Counted in the database, over the days until now or until the morning of a day; hours are those of the centre's time
zone. Everybody who contacted us is in one row of each table, and what is told of days that are over stays the same;
only what staff say of a text counts on the day of the text, whenever they say it.
Of people only the staff are named.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from hotline.commands import staff_file
from hotline.commands.report.report_tables import told
from hotline.commands.report.sheet import sheet
from hotline.operations.reports.figures import Figures, count
from hotline.settings.load import Settings
from hotline.store.database import Tx

__all__ = ["Figures", "count", "day", "days", "report", "sheet", "told"]

USUAL_DAYS: Final = 7
MOST_DAYS: Final = 3660


def days(written: str) -> int:
    """A number of days for the command line. Raises ValueError."""
    if not written.isdecimal() or not 1 <= int(written) <= MOST_DAYS:
        raise ValueError(f"must be a whole number of days, from 1 to {MOST_DAYS}")
    return int(written)


def day(written: str) -> date:
    """A day for the command line, such as 2026-03-09. Raises ValueError."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise ValueError("must be a day, such as 2026-03-09") from None


def report(environ: Mapping[str, str], days: int, *, as_csv: bool = False, before: date | None = None) -> str:
    """What the last days were like, or those before a day began: as tables for people, or as one sheet.

    Raises SettingsProblems, CommandRefused, StoreError.
    """

    def look(settings: Settings, tx: Tx, now: datetime) -> str:
        zone = ZoneInfo(settings.centre.line.timezone)
        until = now if before is None else datetime(before.year, before.month, before.day, tzinfo=zone)
        if until > now:
            raise staff_file.CommandRefused(f"{before} has not begun yet: choose today or a day before.")
        figures = count(tx, until.astimezone(UTC), days, zone)
        return sheet(figures) if as_csv else told(figures)

    return staff_file.look(environ, look)
