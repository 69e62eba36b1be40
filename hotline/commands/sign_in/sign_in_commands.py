"""``hotline staff invite``, ``reset`` and what else is about signing in: as the page People does it, and more."""

import os
from collections.abc import Callable

import click

from hotline.commands import staff_file
from hotline.commands.staff_command import NAME, change, known
from hotline.commands.staff_file import CommandRefused
from hotline.commands.typed import private
from hotline.console.sign_in.passwords import hash_password
from hotline.oncall import wall_clock
from hotline.operations.sign_in import credentials, inviting, second_proof, single_sign_on, who_signs_in
from hotline.operations.sign_in.inviting import CannotInvite, Issued
from hotline.operations.transaction import Transaction
from hotline.store.people.staff import StaffRow

_TEXT = click.option(
    "--text", "by_text", is_flag=True, help="Text it to their phone, too, if that is verified."
)


def add_to(group: click.Group) -> None:
    """Put these commands into ``hotline staff``."""
    for one in (_set_password, _invite, _reset, _revoke, _break_glass, _end_second_step, _at_provider):
        group.add_command(one)


def _made(name: str, make: Callable[[Transaction, StaffRow], Issued], then: Callable[[StaffRow], str]) -> str:
    """Make a link, and say how it is handed over."""

    def work(transaction: Transaction, row: StaffRow) -> str:
        try:
            issued = make(transaction, row)
        except CannotInvite as wrong:
            raise CommandRefused(
                f"{wrong} (`hotline staff activate` puts somebody on the staff again.)"
            ) from None
        place = wall_clock.zone(transaction.settings.centre.line.timezone)
        texted = " It is texted to them, too." if issued.texted else ""
        return (
            f"{issued.address}\nHand this link to {row.name}, or tell them the code behind the #, by voice, to their "
            "face or on a phone that is known to be theirs. It opens once, until "
            f"{wall_clock.said(issued.until, place)}, and is shown this once.{texted} {then(row)}"
        )

    return change(os.environ, name, work)


@click.command("password")
@NAME
def _set_password(name: str) -> None:
    """Set somebody's password; they sign in anew. Better: let them choose it, by `invite` or `reset`."""
    # Whoever mistypes a name isn't asked for a password first.
    staff_file.look(os.environ, lambda settings, tx, now: known(tx, name).name)
    hashed = hash_password(staff_file.ask_password())

    def work(transaction: Transaction, row: StaffRow) -> str:
        credentials.set_password(transaction, row, hashed)
        return f"{row.name} signs in with the new password from now on."

    click.echo(change(os.environ, name, work))


@click.command("invite")
@NAME
@_TEXT
def _invite(name: str, *, by_text: bool) -> None:
    """Print a one-time link with which somebody chooses their first password; nobody else sees that."""
    click.echo(
        _made(
            name,
            lambda transaction, row: inviting.invite(transaction, row, None, by_text=by_text),
            lambda row: f"{row.name} chooses a password with it, and sets up a second step.",
        )
    )


@click.command("reset")
@NAME
@_TEXT
def _reset(name: str, *, by_text: bool) -> None:
    """End somebody's password and sessions, and print a one-time link with which they choose another."""
    click.echo(
        _made(
            name,
            lambda transaction, row: inviting.reset(transaction, row, None, by_text=by_text),
            lambda row: "The old password has ended, and every session with it; a text tells them so.",
        )
    )


@click.command("revoke-link")
@NAME
def _revoke(name: str) -> None:
    """End the one-time link that somebody has not used yet."""

    def work(transaction: Transaction, row: StaffRow) -> str:
        if not inviting.revoke(transaction, row, None):
            raise CommandRefused(f"{row.name} has no link that counts.")
        return f"The link of {row.name} opens nothing any more."

    click.echo(change(os.environ, name, work))


@click.command("break-glass")
@NAME
def _break_glass(name: str) -> None:
    """Print a link that lets somebody in once, within an hour, when nothing else does.

    Their password stays as it is; a second step is still asked for. A text tells them of it.
    """
    click.echo(
        _made(
            name,
            inviting.break_glass,
            lambda row: "It signs them in once, as they are.",
        )
    )


@click.command("second-step-off")
@NAME
def _end_second_step(name: str) -> None:
    """Let somebody who has lost their phone sign in with the password alone; they sign in anew.

    Be sure that it is them: to their face, or on a phone that is known to be theirs.
    """

    def work(transaction: Transaction, row: StaffRow) -> str:
        if not who_signs_in.end_second_step(transaction, row, None):
            raise CommandRefused(f"{row.name} has no second step: their password alone signs them in.")
        again = second_proof.must_be(transaction)
        then = " They set up another when they sign in next." if again else ""
        return f"{row.name} signs in with the password alone.{then}"

    click.echo(change(os.environ, name, work))


@click.command("provider-name")
@NAME
def _at_provider(name: str) -> None:
    """Say by which name your provider of single sign-on vouches for somebody: asked for; empty, and it doesn't."""
    there = private(None, "Name there")

    def work(transaction: Transaction, row: StaffRow) -> str:
        try:
            single_sign_on.name_them(transaction, row, there, None)
        except ValueError as wrong:
            raise CommandRefused(str(wrong)) from None
        return (
            f"{row.name} signs in by that name from now on."
            if there.strip()
            else f"{row.name} signs in there no more."
        )

    click.echo(change(os.environ, name, work))
