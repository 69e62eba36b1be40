"""What is typed after ``hotline oncall``."""

import os
from collections.abc import Callable
from datetime import datetime

import click

from hotline.commands import staff_file
from hotline.commands.oncall import (
    calendar_commands,
    fairness_command,
    looking,
    rehearsing,
    shift_commands,
    standing,
)
from hotline.commands.oncall.typed_shifts import clock_of, coming_time, done, member, typed_time
from hotline.commands.staff_file import CommandRefused
from hotline.commands.typed import Commands
from hotline.model import WITH_POLICY, AuditAction, AuditKind, Language, Subject
from hotline.oncall.schedule import Change, ChangeKind
from hotline.oncall.wall_clock import zone
from hotline.operations.at_work import walk_through
from hotline.operations.paging import duty, trial_pages
from hotline.operations.policies import trying_out
from hotline.operations.shifts import changing_shifts
from hotline.operations.transaction import Transaction
from hotline.settings.load import Settings
from hotline.store.database import Tx
from hotline.store.duty import shift_changes
from hotline.store.traffic import outbox

_DAYS = click.option(
    "--days", type=click.IntRange(1, 366), default=14, metavar="N", help="So many days; usually 14."
)
_NAME = click.argument("name")
_FROM = click.argument("starts", metavar="FROM")
_UNTIL = click.argument("ends", metavar="UNTIL")
_SCHEDULE = click.option("--schedule", metavar="SCHEDULE", help="Of this one only; usually of all.")

_OVERRULE = click.option(
    "--overrule",
    metavar="WHY",
    help="Although they would have too little rest or too many hours; it is kept.",
)


@click.group("oncall", cls=Commands)
def group() -> None:
    """Say who is on now and in the weeks to come, where nobody is, and what is otherwise for a while.

    FROM and UNTIL are by the schedule's own clock, as in "2026-12-05 19:00".
    """


def _look(work: Callable[[Tx, datetime], str]) -> None:
    click.echo(staff_file.look(os.environ, lambda settings, tx, now: work(tx, now)))


@group.command("now")
def _now() -> None:
    """Show who is on now, until when, and where nobody is in the next 72 hours."""
    _look(looking.now)


@group.command("weeks")
@click.argument("schedule", required=False)
@_DAYS
def _weeks(schedule: str | None, *, days: int) -> None:
    """Show who is on in the days to come."""
    _look(lambda tx, now: looking.weeks(tx, now, days, schedule))


@group.command("holes")
@_DAYS
def _holes(*, days: int) -> None:
    """Show where nobody is on in the days to come."""
    _look(lambda tx, now: looking.empty(tx, now, days))


@click.command("page")
@click.option("--dry-run", "dry", is_flag=True, help="Needed: somebody is paged only when somebody waits.")
@click.argument("subject", type=click.Choice([one.value for one in WITH_POLICY]))
@click.option(
    "--at", "written", metavar="WHEN", help='Such as "Sat 03:00", by the centre\'s clock; usually now.'
)
@click.option(
    "--language",
    type=click.Choice([one.value for one in Language]),
    help="What the caller speaks; usually the first of the centre's.",
)
def page(subject: str, *, dry: bool, written: str | None, language: str | None) -> None:
    """With --dry-run, show who would be rung when, if this happened and nobody answered. Nobody is rung."""
    if not dry:
        raise CommandRefused(
            "Write --dry-run. To call and text somebody as a test: `hotline oncall test NAME`."
        )

    def work(transaction: Transaction) -> str:
        at = transaction.now
        if written is not None:
            at = coming_time("--at", written, duty.clock_of(transaction), transaction.now)
        speaks = Language(language) if language else transaction.settings.centre.line.languages[0]
        found = trying_out.rehearsed(transaction, Subject(subject), at, speaks)
        return rehearsing.table(transaction, found)

    click.echo(done(work, writes=False))


@group.command("readiness")
def _readiness() -> None:
    """Show who could be reached now, who could not, since when, and how to mend it."""

    def work(transaction: Transaction) -> str:
        transaction.audit(AuditAction.CHECKED_READINESS, AuditKind.STAFF, "all")
        return standing.told(transaction)

    click.echo(done(work))


@group.command("walk-through")
@_NAME
def _walk_through(name: str) -> None:
    """Call somebody on the staff as a caller is rung back, so that they hear what a caller hears."""

    def work(transaction: Transaction) -> str:
        found = member(transaction, name)
        try:
            walk_through.ask(transaction, found)
        except walk_through.CannotWalk as refused:
            raise CommandRefused(str(refused)) from None
        return f"{found.name}'s phone rings in a moment. Nothing comes of the call."

    click.echo(done(work))


@group.command("test")
@_NAME
def _test(name: str) -> None:
    """Call and text somebody now, to see whether they can be reached."""

    def work(transaction: Transaction) -> str:
        found = member(transaction, name)
        if not found.active:
            raise CommandRefused(f"{found.name} is off the staff.")
        if found.is_trainee:
            raise CommandRefused(f"{found.name} is a trainee, and never rung.")
        if not found.verified:
            mend = f'`hotline staff verify "{found.name}" --by text` sends a code to it'
            raise CommandRefused(f"The phone of {found.name} is not verified: {mend}.")
        trial_pages.ask(transaction, found.id, None)
        if outbox.carrier_lost_since(transaction.tx, transaction.now) is not None:
            return (
                f"{found.name} is called and texted as soon as anything leaves: nothing reaches the carrier now. "
                "The log says why; look at this machine's network and at TWILIO_AUTH_TOKEN."
            )
        return (
            f"{found.name} is to be called and texted in a moment; "
            "`hotline oncall readiness` shows what came of it."
        )

    click.echo(done(work))


@group.command("changes")
def _changes() -> None:
    """Show what is otherwise than planned, now or later."""

    def work(settings: Settings, tx: Tx, now: datetime) -> str:
        return looking.changed(tx, now, zone(settings.centre.line.timezone))

    click.echo(staff_file.look(os.environ, work))


@group.command("on")
@_NAME
@click.argument("schedule")
@_FROM
@_UNTIL
@_OVERRULE
def _on(name: str, schedule: str, starts: str, ends: str, *, overrule: str | None) -> None:
    """Put somebody on a schedule as well."""
    _change(ChangeKind.ON, name, schedule, (starts, ends), overrule=overrule)


@group.command("off")
@_NAME
@_FROM
@_UNTIL
@_SCHEDULE
def _off(name: str, starts: str, ends: str, *, schedule: str | None) -> None:
    """Say that somebody is away."""
    _change(ChangeKind.OFF, name, schedule, (starts, ends))


@group.command("instead")
@_NAME
@click.argument("of")
@_FROM
@_UNTIL
@click.option("--schedule", required=True, metavar="SCHEDULE", help="On which.")
@_OVERRULE
def _instead(name: str, of: str, starts: str, ends: str, *, schedule: str, overrule: str | None) -> None:
    """Put somebody on wherever somebody else (OF) would be."""
    _change(ChangeKind.INSTEAD, name, schedule, (starts, ends), of, overrule=overrule)


@group.command("undo")
@click.argument("change")
def _undo(change: str) -> None:
    """Take a change back; CHANGE is what `hotline oncall changes` shows first. One that has begun ends now."""

    def work(transaction: Transaction) -> str:
        counting = shift_changes.counting(transaction.tx)
        meant = [one for one in counting if one.id.startswith(change)] if change else []
        if len(meant) != 1:
            raise CommandRefused(
                f'There is no change "{change}": `hotline oncall changes` shows those that count.'
            )
        changing_shifts.undo(transaction, meant[0].id)
        return "It is taken back, and whoever it concerns is told."

    click.echo(done(work))


def _change(
    kind: ChangeKind,
    name: str,
    schedule: str | None,
    span: tuple[str, str],
    instead_of: str | None = None,
    *,
    overrule: str | None = None,
) -> None:
    def work(transaction: Transaction) -> str:
        place = clock_of(transaction, schedule)
        person = member(transaction, name)
        try:
            change = Change(
                kind=kind,
                person=person.id,
                starts=typed_time("FROM", span[0], place),
                ends=typed_time("UNTIL", span[1], place),
                instead_of=member(transaction, instead_of).id if instead_of is not None else None,
            )
            changing_shifts.make(transaction, change, schedule, overrule=overrule)
        except ValueError as wrong:
            raise CommandRefused(str(wrong)) from None
        after = looking.empty(transaction.tx, transaction.now, 14)
        return f"It is so, and whoever it concerns is told.\n{after}"

    click.echo(done(work))


for _each in (*shift_commands.COMMANDS, *calendar_commands.CALENDAR_COMMANDS, fairness_command.fairness):
    group.add_command(_each)
