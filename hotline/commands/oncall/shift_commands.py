"""What people ask of each other about their shifts, as an operator types it: ``hotline oncall asks``, ``cover``,
``swap``, ``offer``, ``withdraw``, and ``takeover``.
"""

from collections.abc import Callable
from typing import Final

import click

from hotline.commands.aligned import aligned
from hotline.commands.oncall.typed_shifts import clock_of, done, member, typed_time
from hotline.commands.staff_file import CommandRefused
from hotline.model import NOT_KNOWN, ByWord
from hotline.oncall.staffing.shift_ask import AskKind, AskState, Shift, ShiftAsk
from hotline.oncall.wall_clock import said
from hotline.operations.shifts import answering_asks, asking_for_shifts, shift_words, taking_over
from hotline.operations.transaction import Transaction
from hotline.store.duty import shift_asks
from hotline.store.overviews import crew

_NAME = click.argument("name")
_SCHEDULE = click.argument("schedule")
_FROM = click.argument("starts", metavar="FROM")
_UNTIL = click.argument("ends", metavar="UNTIL")
_IS_ASKED: Final = ByWord({AskKind.SWAP: "swap", AskKind.COVER: "cover", AskKind.HOLE: "hole"}, NOT_KNOWN)


def _shift(transaction: Transaction, schedule: str, starts: str, ends: str) -> Shift:
    place = clock_of(transaction, schedule)
    return Shift(schedule, typed_time("FROM", starts, place), typed_time("UNTIL", ends, place))


def _ask(work: Callable[[Transaction], str]) -> None:
    def said(transaction: Transaction) -> str:
        try:
            return work(transaction)
        except ValueError as wrong:
            raise CommandRefused(str(wrong)) from None

    click.echo(done(said))


def _asked(transaction: Transaction, ask: ShiftAsk) -> str:
    names = crew.names(transaction.tx)
    asked = [names.get(one.staff, "?") for one in shift_asks.asked_of(transaction.tx, ask.id)]
    return f"Asked by text: {', '.join(sorted(asked))}."


@click.command("asks")
def _asks() -> None:
    """Show what is asked about shifts, and what was taken and has not ended."""

    def work(transaction: Transaction) -> str:
        rows = [_row(transaction, one) for one in shift_asks.ahead(transaction.tx, transaction.now)]
        return "\n".join(aligned(rows)) if rows else "Nothing is asked."

    click.echo(done(work, writes=False))


def _row(transaction: Transaction, ask: ShiftAsk) -> tuple[str, ...]:
    names = crew.names(transaction.tx)
    whose = names.get(ask.person, "?") if ask.person is not None else ask.need or ""
    back = f"for {shift_words.said(transaction, ask.back)}" if ask.back is not None else ""
    taken = f"taken by {names.get(ask.decided_by, '?')}" if ask.decided_by is not None else "open"
    state = taken if ask.state is AskState.TAKEN else "open"
    return ask.id[:8], _IS_ASKED[ask.kind], whose, shift_words.said(transaction, ask.shift), back, state


@click.command("cover")
@_NAME
@_SCHEDULE
@_FROM
@_UNTIL
def _cover(name: str, schedule: str, starts: str, ends: str) -> None:
    """Ask everybody who could have this shift of theirs; the first YES has it."""

    def work(transaction: Transaction) -> str:
        shift = _shift(transaction, schedule, starts, ends)
        return _asked(transaction, asking_for_shifts.cover(transaction, shift, member(transaction, name).id))

    _ask(work)


@click.command("swap")
@_NAME
@click.argument("colleague")
@_SCHEDULE
@_FROM
@_UNTIL
@click.option(
    "--for", "back", nargs=2, metavar="FROM UNTIL", help="What they give for it, on the same schedule."
)
def _swap(
    name: str, colleague: str, schedule: str, starts: str, ends: str, *, back: tuple[str, str] | None
) -> None:
    """Ask a colleague to have this shift of theirs, and to give one for it, or nothing."""

    def work(transaction: Transaction) -> str:
        mine = _shift(transaction, schedule, starts, ends)
        theirs = _shift(transaction, schedule, *back) if back is not None else None
        people = member(transaction, name).id, member(transaction, colleague).id
        return _asked(transaction, asking_for_shifts.swap(transaction, mine, *people, theirs))

    _ask(work)


@click.command("offer")
@_SCHEDULE
@_FROM
@_UNTIL
@click.option("--need", metavar="NAME", help="For this need; usually because nobody is on.")
def _offer(schedule: str, starts: str, ends: str, *, need: str | None) -> None:
    """Ask everybody who could fill a hole; the first YES has it."""

    def work(transaction: Transaction) -> str:
        shift = _shift(transaction, schedule, starts, ends)
        return _asked(transaction, asking_for_shifts.offer(transaction, shift, need))

    _ask(work)


@click.command("withdraw")
@click.argument("ask")
def _withdraw(ask: str) -> None:
    """Take back what is asked, or what has come of it; ASK is what `hotline oncall asks` shows first."""

    def work(transaction: Transaction) -> str:
        known = shift_asks.ahead(transaction.tx, transaction.now)
        meant = [one for one in known if one.id.startswith(ask)] if ask else []
        if len(meant) != 1:
            raise CommandRefused(f'There is no ask "{ask}": `hotline oncall asks` shows them.')
        answering_asks.withdraw(transaction, meant[0].id)
        return "It is taken back, and whoever it concerns is told."

    _ask(work)


@click.command("takeover")
@_NAME
@click.argument("of")
@_SCHEDULE
@click.option("--until", metavar="WHEN", help="Usually until their time is over, a day at most.")
def _takeover(name: str, of: str, schedule: str, *, until: str | None) -> None:
    """Put somebody on at once instead of somebody (OF) who has to run; both are told."""

    def work(transaction: Transaction) -> str:
        place = clock_of(transaction, schedule)
        ends = typed_time("--until", until, place) if until is not None else None
        people = member(transaction, name).id, member(transaction, of).id
        made = taking_over.take_over(transaction, *people, schedule, until=ends)
        return f"It is so until {said(made.change.ends, place)}, and both are told."

    _ask(work)


COMMANDS: Final = (_asks, _cover, _swap, _offer, _withdraw, _takeover)
