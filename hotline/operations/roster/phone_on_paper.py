"""A phone of staff, as it is written: full, possible, and one that may be rung."""

from __future__ import annotations

from typing import Final

from hotline.dialling import Flaw, Refusal, home_number, refusal
from hotline.model import PhoneNumber
from hotline.settings.centre import LineTable

FLAWS: Final = {
    Flaw.NOT_FULL: "it is no telephone number: write one such as +16175550101",
    Flaw.EXTENSION: "an extension can't be dialled: give them a number of their own, without it",
    Flaw.NOT_POSSIBLE: "it is not a possible number: check its digits",
    Flaw.EMERGENCY: (
        "it is an emergency number: a call of ours to it reaches the dispatch centre of our number's registered "
        "address. Give them a phone of their own, such as +16175550101"
    ),
    Flaw.NEVER_DIALLED: "it is an emergency, premium or satellite number, or nobody's: such are never dialled",
}


def phone(written: str, line: LineTable | None = None) -> PhoneNumber:
    """A phone of staff as it is written, with its country code or as it is dialled at home. Raises ValueError, in an
    operator's words."""
    number = home_number(written, line.countries if line is not None else ())
    if isinstance(number, Flaw):
        raise ValueError(FLAWS[number])
    match refusal(number, line.countries, line.ours) if line is not None else None:
        case Refusal.OURS if line is not None and number == line.failsafe_number:
            raise ValueError(
                "it is the failsafe number: that rings when nobody on the staff can be rung; give them another phone"
            )
        case Refusal.OURS:
            raise ValueError("it is the line's own number: the call would come back to it")
        case Refusal.COUNTRY:
            raise ValueError(
                "it is outside of countries in hotline.toml: add its country there, if it is right"
            )
        case _:
            return number
