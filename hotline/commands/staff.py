"""``hotline staff``: who is on the staff, what they may do, and how they sign in."""

import argparse
import os
from collections.abc import Callable, Mapping
from datetime import timedelta

from hotline.commands import paperwork
from hotline.commands.paperwork import Refused, handed_on, nobody_on
from hotline.commands.typed import private
from hotline.console.passwords import hash_password
from hotline.model import Language, Role
from hotline.operations.people import members, roster
from hotline.operations.people.members import Left
from hotline.operations.transaction import Transaction
from hotline.runtime.wiring import open_checked
from hotline.settings.load import load_settings
from hotline.store import audit, sessions, staff
from hotline.store.failures import Taken
from hotline.store.staff import StaffRow

Adds = Callable[[str, str, Callable[[argparse.Namespace], str]], argparse.ArgumentParser]
"""Makes a command of a name, a promise, and whatever carries it out and says what came of it."""
_PHONE = "with country code, such as +16175550101; better left out: then it is asked for"
_NAME = 'such as "Ana Lima"'


def explain(adds: Adds) -> None:
    """Make the commands."""
    adds("list", "show who is on the staff, and what they may do", _list)
    add = adds("add", "add somebody, with a password for the console", _add)
    add.add_argument("name", metavar="NAME", help=_NAME)
    add.add_argument("--phone", metavar="NUMBER", help=_PHONE)
    _takes_roles(add)
    add.add_argument("--language", action="append", choices=[language.value for language in Language])
    _takes_verified(add)
    phone = _one(adds, "phone", "give somebody another phone", _set_phone)
    phone.add_argument("--phone", metavar="NUMBER", help=_PHONE)
    _takes_verified(phone)
    rename = _one(adds, "rename", "give somebody another name", _rename)
    rename.add_argument("new", metavar="NEW", help="the new name")
    _takes_roles(_one(adds, "roles", "say what somebody may do; they sign in anew", _set_roles))
    _one(adds, "password", "set somebody's password; they sign in anew", _set_password)
    _one(adds, "reset", "print a one-time code with which somebody chooses a new password", _reset)
    _one(adds, "deactivate", "take somebody off the staff for now, and hand on what they have", _deactivate)
    _one(adds, "activate", "put somebody on the staff again", _activate)
    _one(adds, "remove", "take somebody off the staff for good, and hand on what they have", _remove)


def _one(
    adds: Adds, name: str, promise: str, work: Callable[[argparse.Namespace], str]
) -> argparse.ArgumentParser:
    command = adds(name, promise, work)
    command.add_argument("name", metavar="NAME", help=_NAME)
    return command


def _takes_roles(command: argparse.ArgumentParser) -> None:
    command.add_argument("--role", required=True, action="append", choices=[role.value for role in Role])


def _takes_verified(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--verified", action="store_true", help="the phone is known to be theirs: it may be rung"
    )


# --- what is done ------------------------------------------------------------------------------------------------


def change(environ: Mapping[str, str], name: str, work: Callable[[Transaction, StaffRow], str]) -> str:
    """Change a member of staff, in one transaction; what `work` returns. Raises Refused, and as `load` does."""

    def found(transaction: Transaction) -> str:
        row = staff.by_name(transaction.tx, name)
        if row is None:
            raise Refused(f"{name} is not on the staff: `hotline staff list` shows who is.")
        try:
            return work(transaction, row)
        except Taken:
            raise Refused("Somebody else on the staff has that name, or that phone.") from None

    application = open_checked(load_settings(environ), patience=paperwork.PATIENCE).application
    try:
        return application.change(found)
    finally:
        application.database.dispose()


def listed(environ: Mapping[str, str]) -> str:
    """Everybody, a line each. Looking is in the audit trail."""

    def work(transaction: Transaction) -> str:
        audit.add(transaction.tx, audit.Entry(transaction.now, None, "viewed staff", "staff", "all"))
        return "\n".join(
            _line(transaction, row) for row in staff.everyone(transaction.tx) if not row.has_left
        )

    application = open_checked(load_settings(environ), patience=paperwork.PATIENCE).application
    try:
        return application.change(work) or "Nobody is on the staff yet: `hotline staff add` adds somebody."
    finally:
        application.database.dispose()


def _line(transaction: Transaction, row: StaffRow) -> str:
    signed_in = sessions.count(transaction.tx, row.id, transaction.now - timedelta(hours=14))
    said = [
        row.name,
        row.phone.e164 if row.verified else f"{row.phone.e164} (not verified)",
        ", ".join(sorted(row.roles)) or "no role",
        ", ".join(row.languages),
    ]
    if not row.active:
        said.append("off the staff")
    elif row.reset_code is not None:
        said.append("must choose a password with a code")
    elif row.password_hash is None:
        said.append("has no password")
    if signed_in:
        said.append("signed in")
    return "  ".join(said)


def told(name: str, left: Left) -> str:
    """What somebody had, and who has it now."""
    lines = handed_on(left) or ["They had nothing open."]
    if left.schedules:
        lines.append(f"Off these schedules: {', '.join(left.schedules)}.")
    lines += nobody_on(left)
    lines += [
        f"The policy for {one} still names them: change it with `hotline load`." for one in left.policies
    ]
    return "\n".join((f"{name} is signed out everywhere, and is not rung any more.", *lines))


def _list(_given: argparse.Namespace) -> str:
    return listed(os.environ)


def _add(given: argparse.Namespace) -> str:
    phone = private(given.phone, "Phone, with country code")
    languages = tuple(given.language or ["en"])
    newcomer = paperwork.Newcomer(given.name, phone, tuple(given.role), languages, given.verified)
    return paperwork.add_staff(os.environ, newcomer, paperwork.ask_password())


def _set_phone(given: argparse.Namespace) -> str:
    written = private(given.phone, "New phone, with country code")

    def work(transaction: Transaction, row: StaffRow) -> str:
        try:
            phone = roster.phone(written, transaction.settings.centre.line)
        except ValueError as wrong:
            raise Refused(f"The phone of {row.name}: {wrong}.") from None
        members.set_phone(transaction, row, phone, verified=given.verified)
        unverified = "" if given.verified else " It is not rung until it is verified (--verified)."
        return f"{row.name} has another phone.{unverified}"

    return change(os.environ, given.name, work)


def _rename(given: argparse.Namespace) -> str:
    new = " ".join(given.new.split())
    if not 1 <= len(new) <= roster.LONGEST_NAME:
        raise Refused(f"A name has 1 to {roster.LONGEST_NAME} letters.")

    def work(transaction: Transaction, row: StaffRow) -> str:
        members.rename(transaction, row, new)
        return f"{row.name} is called {new} now."

    return change(os.environ, given.name, work)


def _set_roles(given: argparse.Namespace) -> str:
    def work(transaction: Transaction, row: StaffRow) -> str:
        members.set_roles(transaction, row, map(Role, given.role))
        return f"{row.name}: {', '.join(sorted(set(given.role)))}. They sign in anew."

    return change(os.environ, given.name, work)


def _set_password(given: argparse.Namespace) -> str:
    hashed = hash_password(paperwork.ask_password())

    def work(transaction: Transaction, row: StaffRow) -> str:
        members.set_password(transaction, row, hashed)
        return f"{row.name} signs in with the new password from now on."

    return change(os.environ, given.name, work)


def _reset(given: argparse.Namespace) -> str:
    def work(transaction: Transaction, row: StaffRow) -> str:
        if not row.active:
            raise Refused(f"{row.name} is off the staff: `hotline staff activate` puts them on it again.")
        code = members.issue_code(transaction, row)
        site = transaction.settings.public_base_url
        return (
            f"{code}\nTell {row.name} this code, by voice, to their face or on a phone that is known to be theirs. "
            f"They choose a new password with it at {site}/sign-in/code, once, within a day. "
            "The old password has ended."
        )

    return change(os.environ, given.name, work)


def _deactivate(given: argparse.Namespace) -> str:
    return change(
        os.environ, given.name, lambda transaction, row: told(row.name, members.deactivate(transaction, row))
    )


def _activate(given: argparse.Namespace) -> str:
    def work(transaction: Transaction, row: StaffRow) -> str:
        members.activate(transaction, row)
        return f"{row.name} is on the staff again."

    return change(os.environ, given.name, work)


def _remove(given: argparse.Namespace) -> str:
    return change(
        os.environ, given.name, lambda transaction, row: told(row.name, members.remove(transaction, row))
    )
