"""``hotline demo sample-months``: invented calls of the weeks before, so that the demo's reports tell something.

Everything in them is over, marked as a sample, and the same for the same days. They end yesterday, so that
what somebody tries in the demo today is counted apart from them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from hotline.commands.samples.invented import invented
from hotline.commands.samples.sample_rows import SampleRows
from hotline.model import Role, StaffId
from hotline.settings.load import Settings
from hotline.store.database import Database, Tx
from hotline.store.database.periods import Period
from hotline.store.people import staff
from hotline.store.reports import samples

WEEKS: Final = 9
"""Eight, to compare four with four, and one for the month before."""
_NOTHING: Final = "The sample months are there already: nothing was changed."


def fill(settings: Settings, database: Database, now: datetime, weeks: int = WEEKS) -> str:
    """Put so many weeks of samples before `now` (UTC), unless there are any; what was done, in words. Raises
    StoreError."""
    zone = ZoneInfo(settings.centre.line.timezone)
    today = now.astimezone(zone).date()
    last = today - timedelta(days=1)
    first = today - timedelta(weeks=weeks)
    ours = settings.centre.line.numbers[0].e164

    def write(tx: Tx) -> str:
        if samples.any_in(tx, Period(datetime(1970, 1, 1, tzinfo=UTC), now)):
            return _NOTHING
        gathered = SampleRows(tx, _crew(tx), ours, now)
        stories = list(invented(first, last, zone))
        for story in stories:
            gathered.tell(story)
        for table, rows in gathered.rows.items():
            tx.execute(insert(table), rows)
        return f"{len(stories)} invented contacts, from {first} to {last}: see Reports in the console."

    return database.transact(write)


def _crew(tx: Tx) -> dict[Role, list[StaffId]]:
    """Who works as what; whoever is there stands in for a role that nobody has."""
    everyone = [one for one in staff.everyone(tx) if one.active]
    return {role: [one.id for one in everyone if role in one.roles] or [everyone[0].id] for role in Role}
