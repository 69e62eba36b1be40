"""``hotline oncall fairness``: who has carried what in a quarter."""

from datetime import timedelta
from typing import Final

import click

from hotline.commands.aligned import aligned
from hotline.commands.oncall.typed_shifts import done
from hotline.commands.typed import Written
from hotline.oncall.staffing.fairness import QuarterYear, parse_quarter
from hotline.oncall.wall_clock import said, zone
from hotline.operations.shifts import fair_shares
from hotline.operations.shifts.fair_shares import FairShare
from hotline.operations.transaction import Transaction

_HEAD: Final = (
    "",
    "hours",
    "nights",
    "weekends",
    "holidays",
    "paged",
    "at night",
    "min awake",
    "nights to come",
)


@click.command("fairness")
@click.option(
    "--quarter",
    type=Written("quarter", parse_quarter),
    metavar="2026-Q4",
    help="Usually the present one.",
)
def fairness(*, quarter: QuarterYear | None) -> None:
    """Show who has carried what in a quarter: nights, weekends, holidays, pages, minutes awake."""

    def work(transaction: Transaction) -> str:
        found = fair_shares.look(transaction, quarter)
        rows = [_HEAD, *(_row(one) for one in found.shares)]
        since = said(found.since, zone(transaction.settings.centre.line.timezone)) if found.since else "now"
        note = f"A night is {found.night}. Who was on is known since {since}."
        return "\n".join((str(found.quarter), *aligned(rows, words=1), note))

    click.echo(done(work, writes=False))


def _row(one: FairShare) -> tuple[str, ...]:
    numbers = (
        one.carried.hours // timedelta(hours=1),
        one.carried.nights,
        one.carried.weekends,
        one.carried.holidays,
        one.paged,
        one.paged_at_night,
        one.awake // timedelta(minutes=1),
        one.planned.nights,
    )
    return one.name, *map(str, numbers)
