"""What stands against somebody new, in the words of the page: the rules are the staff file's, its words aren't."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from hotline.console.language.speech import Words, gettext
from hotline.dialling import Flaw, Refusal, home_number, refusal
from hotline.lettering import LONGEST_NAME
from hotline.model import PhoneNumber, Role
from hotline.operations.roster.roster_document import Problem
from hotline.settings.centre import LineTable
from hotline.store.people.staff import StaffRow

_NO_PHONE: Final = Words(
    {
        Flaw.NOT_FULL: "That is no telephone number: write it with its area code, such as (617) 555-0101.",
        Flaw.EXTENSION: "An extension can't be rung: give them a number of their own, without it.",
        Flaw.NOT_POSSIBLE: "That is not a possible number: check its digits.",
        Flaw.EMERGENCY: "That is an emergency number: give them a phone of their own.",
        Flaw.NEVER_DIALLED: "That is an emergency, premium or satellite number, or nobody's: we never ring such.",
    }
)


def against(
    found: Iterable[Problem], phone: str, roles: frozenset[Role], line: LineTable, staff: Iterable[StaffRow]
) -> str:
    """All of it, for whoever filled in the form. `staff`: whoever is on it now."""
    keys = {one.key for one in found}
    said: list[str] = []
    if "name" in keys:
        said.append(gettext("A name has 1 to %(most)s letters.", most=LONGEST_NAME))
    if "phone" in keys:
        said.append(_of_phone(phone, line, staff))
    if "roles" in keys and roles:
        said.append(gettext("A trainee only looks on: name no other role beside it."))
    elif "roles" in keys:
        said.append(gettext("Say at least one role."))
    if "languages" in keys:
        said.append(gettext("Say at least one language that they speak."))
    return " ".join(said)


def _of_phone(written: str, line: LineTable, staff: Iterable[StaffRow]) -> str:
    number = home_number(written, line.countries)
    if isinstance(number, Flaw):
        return _NO_PHONE[number]
    match refusal(number, line.countries, line.ours):
        case Refusal.OURS if number == line.failsafe_number:
            return gettext(
                "That is the failsafe number, which rings when nobody on the staff can be rung: give them another."
            )
        case Refusal.OURS:
            return gettext("That is the line's own number: the call would come back to it.")
        case Refusal.COUNTRY:
            return gettext(
                "That is outside of the countries that this line rings: whoever runs the server can add one."
            )
        case _:
            return _somebodys(number, staff)


def _somebodys(number: PhoneNumber, staff: Iterable[StaffRow]) -> str:
    name = next(one.name for one in staff if one.phone == number)
    return gettext(
        "That is %(name)s's phone. If it is the same person, use Change beside their name; if %(name)s has left, put "
        "them off the staff first; if they share it, give each a phone of their own.",
        name=name,
    )
