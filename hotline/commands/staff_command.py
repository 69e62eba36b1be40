"""``hotline staff``: who is on the staff, what they may do, and how they sign in."""

import os
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import click

from hotline.commands import staff_file
from hotline.commands.staff_file import CommandRefused, handed_on, nobody_on
from hotline.commands.typed import Commands, asks_first, private
from hotline.model import AuditAction, AuditKind, How, Language, Role, StaffId
from hotline.operations import roster
from hotline.operations.at_work import contact_card, pins, verifying
from hotline.operations.at_work.pins import TooSimple
from hotline.operations.at_work.verifying import CannotVerify, CodeCheck
from hotline.operations.people import members
from hotline.operations.people.leaving import Left
from hotline.operations.sign_in import second_proof
from hotline.operations.transaction import Transaction
from hotline.settings.load import load_settings
from hotline.store.database import Duplicate, Tx
from hotline.store.people import sessions, staff
from hotline.store.people.staff import StaffRow
from hotline.store.sign_in import one_time_links

NAME = click.argument("name")
_PHONE = click.option(
    "--phone",
    "written",
    metavar="NUMBER",
    help="As it is dialled at home, or with its country code; better left out: then it is asked for.",
)
_ROLES = click.option(
    "--role",
    "roles",
    required=True,
    multiple=True,
    type=click.Choice([role.value for role in Role]),
    help="May be repeated.",
)
_LANGUAGES = click.option(
    "--language",
    "languages",
    multiple=True,
    default=[Language.EN.value],
    type=click.Choice([language.value for language in Language]),
    help="What they speak; may be repeated. Usually en.",
)
_VERIFIED = click.option("--verified", is_flag=True, help="The phone is known to be theirs: it may be rung.")


# --- what is done ------------------------------------------------------------------------------------------------


def known(tx: Tx, name: str) -> StaffRow:
    """The member of staff with this name. Raises CommandRefused."""
    row = staff.by_name(tx, name)
    if row is None:
        raise CommandRefused(f"{name} is not on the staff: `hotline staff list` shows who is.")
    return row


def change(environ: Mapping[str, str], name: str, work: Callable[[Transaction, StaffRow], str]) -> str:
    """Change a member of staff, in one transaction; what `work` returns. Raises CommandRefused, and as `load` does."""

    def found(transaction: Transaction) -> str:
        row = known(transaction.tx, name)
        try:
            return work(transaction, row)
        except members.CannotBe as wrong:
            raise CommandRefused(str(wrong)) from None
        except Duplicate:
            raise CommandRefused("Somebody else on the staff has that name, or that phone.") from None

    application = staff_file.opened(load_settings(environ))
    with application.database:
        return application.change(found)


def listed(environ: Mapping[str, str]) -> str:
    """Everybody, a line each. Looking is in the audit trail."""

    def work(transaction: Transaction) -> str:
        transaction.audit(AuditAction.VIEWED_STAFF, AuditKind.STAFF, "all")
        second_step = second_proof.everybody(transaction)
        links = one_time_links.unused(transaction.tx)
        linked = frozenset(one.staff_id for one in links if one.counts(transaction.now))
        return "\n".join(
            _line(transaction, row, second_step, linked)
            for row in staff.everyone(transaction.tx)
            if not row.has_left
        )

    application = staff_file.opened(load_settings(environ))
    with application.database:
        return application.change(work) or "Nobody is on the staff yet: `hotline staff add` adds somebody."


def _line(
    transaction: Transaction, row: StaffRow, second_step: frozenset[StaffId], linked: frozenset[StaffId]
) -> str:
    signed_in = sessions.count(transaction.tx, row.id, transaction.now - timedelta(hours=14))
    said = [
        row.name,
        row.phone.e164 if row.verified else f"{row.phone.e164} (not verified)",
        ", ".join(sorted(row.roles)) or "no role",
        ", ".join(row.languages),
    ]
    if not row.active:
        said.append("off the staff")
    elif row.id in linked:
        said.append("has a one-time link")
    elif row.password_hash is None:
        said.append("has no password")
    if row.id in second_step:
        said.append("second step")
    if signed_in:
        said.append("signed in")
    return "  ".join(said)


def what_is_handed_on(name: str, left: Left) -> str:
    """What somebody had, and who has it now."""
    lines = handed_on(left) or ["They had nothing open."]
    if left.schedules:
        lines.append(f"Off these schedules: {', '.join(left.schedules)}.")
    lines += nobody_on(left)
    lines += [
        f"The policy for {one} still names them: change it with `hotline load`." for one in left.policies
    ]
    return "\n".join((f"{name} is signed out everywhere, and is not rung any more.", *lines))


# --- the commands ------------------------------------------------------------------------------------------------


@click.group("staff", cls=Commands)
def group() -> None:
    """Say who is on the staff, what they may do, and how they sign in."""


@group.command("list")
def _list() -> None:
    """Show who is on the staff, and what they may do."""
    click.echo(listed(os.environ))


@group.command("add")
@NAME
@_PHONE
@_ROLES
@_LANGUAGES
@_VERIFIED
def _add(
    name: str, *, written: str | None, roles: tuple[str, ...], languages: tuple[str, ...], verified: bool
) -> None:
    """Add somebody, with a password for the console. NAME is such as "Ana Lima"."""
    phone = private(written, "Phone")
    newcomer = staff_file.Newcomer(name, phone, roles, languages, verified)
    click.echo(staff_file.add_staff(os.environ, newcomer, staff_file.ask_password))


@group.command("phone")
@NAME
@_PHONE
@_VERIFIED
def _set_phone(name: str, *, written: str | None, verified: bool) -> None:
    """Give somebody another phone."""
    number = private(written, "New phone")

    def work(transaction: Transaction, row: StaffRow) -> str:
        try:
            phone = roster.phone(number, transaction.settings.centre.line)
        except ValueError as wrong:
            raise CommandRefused(f"The phone of {row.name}: {wrong}.") from None
        members.set_phone(transaction, row, phone, verified=verified)
        mend = (
            f' It is not rung until it is verified: `hotline staff verify "{row.name}"` sends a code to it.'
        )
        unverified = "" if verified else mend
        return f"{row.name} has another phone.{unverified}"

    click.echo(change(os.environ, name, work))


@group.command("verify")
@NAME
@click.option(
    "--by",
    "how",
    type=click.Choice([How.TEXT.value, How.CALL.value]),
    help="Send a code: by text, or by a call on which it is read out.",
)
def _verify(name: str, *, how: str | None) -> None:
    """See whether a phone is somebody's: a code goes to it (--by text or --by call), and comes back (asked for)."""

    def send(transaction: Transaction, row: StaffRow) -> str:
        try:
            verifying.send(transaction, row, How(how or How.TEXT))
        except CannotVerify as wrong:
            raise CommandRefused(str(wrong)) from None
        minutes = int(transaction.settings.centre.readiness.code_lasts.total_seconds() // 60)
        return (
            f"A code goes to the phone of {row.name}, and counts for {minutes} minutes. Let them read it to you, and "
            f'type it in: `hotline staff verify "{row.name}"`. Or they type it in themselves, under Readiness.'
        )

    if how is not None:
        click.echo(change(os.environ, name, send))
        return
    code = private(None, "Code")

    def check(transaction: Transaction, row: StaffRow) -> str:
        return verifying.check(transaction, row, code)

    # A wrong one is counted: it is refused after the transaction.
    match CodeCheck(change(os.environ, name, check)):
        case CodeCheck.RIGHT:
            click.echo(f"The phone of {name} is verified, and is rung from now on.")
        case CodeCheck.WRONG:
            raise CommandRefused("That is another code. Nothing is changed.")
        case CodeCheck.NONE:
            raise CommandRefused(
                f'No code counts for {name} now: `hotline staff verify "{name}" --by text` sends one.'
            )


@group.command("pin")
@NAME
def _pin(name: str) -> None:
    """Give somebody a PIN for the staff line: six digits, asked for."""
    pin = private(None, "PIN")

    def work(transaction: Transaction, row: StaffRow) -> str:
        try:
            pins.choose(transaction, row, pin)
        except TooSimple as wrong:
            raise CommandRefused(str(wrong)) from None
        return f"From the phone of {row.name}, the staff line opens with it from now on."

    click.echo(change(os.environ, name, work))


@group.command("card")
@click.option("--qr", type=click.Path(path_type=Path), metavar="NEW.svg", help="As a QR code in a file, too.")
def _card(*, qr: Path | None) -> None:
    """Print a card for staff's phones, with every number that may ring them: to be let through at night."""
    card = contact_card.of(load_settings(os.environ).centre.line)
    if qr is not None:
        contact_card.code(card).save(str(qr), scale=5, border=4, light="#fff")
    click.echo(card, nl=False)


@group.command("guard")
@NAME
@click.argument("wanted", type=click.Choice(["on", "off"]))
def _guard(name: str, *, wanted: str) -> None:
    """Say whether somebody is let sleep after some pages in a night ("on", as usual), or rung all the same ("off")."""

    def work(transaction: Transaction, row: StaffRow) -> str:
        members.choose_guard(transaction, row, every_page=wanted == "off")
        if wanted == "off":
            return f"{row.name} is rung at night however often."
        return f"{row.name} is let sleep after some pages in a night, if others are there."

    click.echo(change(os.environ, name, work))


@group.command("rename")
@NAME
@click.argument("new")
def _rename(name: str, new: str) -> None:
    """Give somebody another name."""

    def work(transaction: Transaction, row: StaffRow) -> str:
        return f"{row.name} is called {members.rename(transaction, row, new).name} now."

    click.echo(change(os.environ, name, work))


@group.command("roles")
@NAME
@_ROLES
def _set_roles(name: str, *, roles: tuple[str, ...]) -> None:
    """Say what somebody may do; they sign in anew."""

    def work(transaction: Transaction, row: StaffRow) -> str:
        members.set_roles(transaction, row, map(Role, roles))
        return f"{row.name}: {', '.join(sorted(set(roles)))}. They sign in anew."

    click.echo(change(os.environ, name, work))


@group.command("deactivate")
@NAME
def _deactivate(name: str) -> None:
    """Take somebody off the staff for now, and hand on what they have."""
    click.echo(
        change(
            os.environ,
            name,
            lambda transaction, row: what_is_handed_on(row.name, members.deactivate(transaction, row)),
        )
    )


@group.command("activate")
@NAME
def _activate(name: str) -> None:
    """Put somebody on the staff again."""

    def work(transaction: Transaction, row: StaffRow) -> str:
        members.activate(transaction, row)
        return f"{row.name} is on the staff again."

    click.echo(change(os.environ, name, work))


@group.command("remove")
@NAME
@click.option("--yes", is_flag=True, help="Don't ask, even if somebody is watching.")
def _remove(name: str, *, yes: bool) -> None:
    """Take somebody off the staff for good, and hand on what they have."""
    if asks_first(yes=yes) and not click.confirm(
        f"For good, and it can't be undone (`deactivate` can). Remove {name}?"
    ):
        raise CommandRefused("Nothing was changed.")
    click.echo(
        change(
            os.environ,
            name,
            lambda transaction, row: what_is_handed_on(row.name, members.remove(transaction, row)),
        )
    )
