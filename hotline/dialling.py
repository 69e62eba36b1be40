"""One door for numbers, whether typed, shown, texted, loaded or blocked: which may be rung or texted, and which not.

No emergency service, no short code, nothing that costs more, nothing outside of the centre's countries, and none of
the centre's own.

A call of ours to 911 would reach the centre of our own number's registered address, and send help there instead of
to the caller: callers are told to dial it themselves. Everything that leaves passes `may_be_dialled`, whatever let
the number in.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumberType, ValidationResult

from hotline.model import PhoneNumber

_PLAIN: Final = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.VOIP,
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.UAN,
    }
)
"""Kinds of number that cost what a call costs. Premium, shared-cost and personal (070 in the United Kingdom, 500 in
the United States: the classics of toll fraud), pagers, mailboxes and unknown kinds are not among them."""

_NORTH_AMERICA: Final = 1
_NEITHER: Final = re.compile(
    r"""
    .11             # 911 and its seven sisters, as an area code...
    | ...[2-9]11    # ...or an exchange: neither is ever given to a subscriber
    | 988           # the lifeline; no area code, and kept from becoming one
    | 900 | 976     # pay per call
    | ...976
    | ...5551212    # directory assistance, charged per call
    """,
    re.VERBOSE,
)
_NEW_AREA_CODE: Final = re.compile(r"(?![2-9](?:00|9.))(?!37|96)[2-9]\d{2}[2-9]\d{6}")
"""What an area code looks like that was opened after our metadata was made: no N00, N9X, 37X or 96X."""
_LIFELINE: Final = "988"
_CALLERS_COME_FROM: Final = ("US", "BR", "CV", "DO", "GB", "GT", "HT", "MX", "PT", "SV")
"""Whose emergency number may come to a caller's mind who speaks one of our languages."""
_LONGEST_SHORT: Final = 6
"""Digits of the longest emergency number anywhere."""


TERRITORIES: Final[Mapping[str, frozenset[str]]] = {"US": frozenset({"AS", "GU", "MP", "PR", "VI"})}
"""Countries whose name means these, too: a call from Boston to San Juan or Guam is a domestic one."""


class Refusal(StrEnum):
    """Why a number is neither rung nor texted."""

    NOT_A_NUMBER = "not_a_number"
    COUNTRY = "country"
    NOT_PLAIN = "not_plain"
    OURS = "ours"
    EMERGENCY = "emergency"
    """911 or 112, as anybody would dial it: whoever writes that may need it now."""
    LIFELINE = "lifeline"
    """988, likewise."""


class Flaw(StrEnum):
    """Why what an operator has written for a number can't be taken."""

    NOT_FULL = "not_full"
    """It has no country code, or is no number at all."""
    EXTENSION = "extension"
    NOT_POSSIBLE = "not_possible"
    EMERGENCY = "emergency"
    """A short number of emergency services, or of the lifeline."""
    NEVER_DIALLED = "never_dialled"


def refusal(
    number: PhoneNumber, countries: Collection[str], ours: Collection[PhoneNumber] = ()
) -> Refusal | None:
    """Why a caller with this number can't be rung or texted; None if they can. `countries` as ISO codes."""
    if number in ours:
        return Refusal.OURS
    country = country_of(number)
    if not any(country == one or country in TERRITORIES.get(one, ()) for one in countries):
        return Refusal.COUNTRY
    return None if may_be_dialled(number) else Refusal.NOT_PLAIN


@lru_cache(1024)  # of whoever calls or writes it is asked several times in one turn
def country_of(number: PhoneNumber) -> str | None:
    """The ISO code of its country; that of the United States for a North American area code that we don't know yet."""
    try:
        parsed = phonenumbers.parse(number.e164)
    except phonenumbers.NumberParseException:
        return None
    known: str | None = phonenumbers.region_code_for_number(parsed)
    unknown = known is None and parsed.country_code == _NORTH_AMERICA and may_be_dialled(number)
    return "US" if unknown else known


def read(written: str, countries: Collection[str]) -> PhoneNumber | None:
    """What somebody wrote for a number, with its country code or as it is dialled at home; None if it is none.

    Without a country code it is one of the first of these countries in which it is a number at all. Extensions are no
    part of what can be rung or texted: a number with one is none.
    """
    homes: list[str | None] = [None] if written.strip().startswith("+") else list(countries) or ["US"]
    for home in homes:
        parsed, number = _parsed(written, home)
        if parsed is None or number is None or parsed.extension:
            continue
        if phonenumbers.is_valid_number(parsed) or may_be_dialled(number):
            return number
    return None


def callback_number(
    typed: str, countries: Collection[str], ours: Collection[PhoneNumber]
) -> PhoneNumber | Refusal:
    """The number that a caller typed or sent, as `read`, if it can be rung back; else why not."""
    helper = _helper(typed)
    if helper is not None:
        return helper
    number = read(typed, countries)
    if number is None:
        return Refusal.NOT_A_NUMBER
    return refusal(number, countries, ours) or number


def full_number(written: str) -> PhoneNumber | Flaw:
    """What an operator wrote for a number that we'll dial, with its country code; else what is wrong with it."""
    if _is_help(written):
        return Flaw.EMERGENCY
    parsed, number = _parsed(written, None)
    if parsed is None:
        return Flaw.NOT_FULL
    if parsed.extension:
        return Flaw.EXTENSION
    if number is None or not phonenumbers.is_possible_number(parsed):
        return Flaw.NOT_POSSIBLE
    return number if may_be_dialled(number) else Flaw.NEVER_DIALLED


def home_number(written: str, countries: Collection[str]) -> PhoneNumber | Flaw:
    """As `full_number`; without a country code it is a number of the first of these countries in which it is one."""
    if written.strip().startswith("+"):
        return full_number(written)
    flaws = [_at_home(written, home) for home in list(countries) or ["US"]]
    return next((one for one in flaws if isinstance(one, PhoneNumber)), flaws[0])


def _at_home(written: str, home: str) -> PhoneNumber | Flaw:
    parsed, number = _parsed(written, home)
    if _is_help(written):
        return Flaw.EMERGENCY
    if parsed is None:
        return Flaw.NOT_FULL
    if parsed.extension:
        return Flaw.EXTENSION
    if number is None or not phonenumbers.is_possible_number(parsed):
        return Flaw.NOT_POSSIBLE
    return number if may_be_dialled(number) else Flaw.NEVER_DIALLED


def _parsed(written: str, home: str | None) -> tuple[phonenumbers.PhoneNumber | None, PhoneNumber | None]:
    """As the library reads it, dialled in `home`, and as our own; each of them None if it is none."""
    try:
        parsed = phonenumbers.parse(written, home)
    except phonenumbers.NumberParseException:
        return None, None
    try:
        form = phonenumbers.PhoneNumberFormat.E164
        return parsed, PhoneNumber(phonenumbers.format_number(parsed, form))
    except ValueError:
        return parsed, None


@lru_cache(1024)
def may_be_dialled(number: PhoneNumber) -> bool:
    """Whether a call or a text of ours may go to this number.

    False for the emergency and short numbers of every country, with or without a country code before them; for
    premium, shared-cost and personal numbers; for satellites and everything else that belongs to no country; for what
    is not a full number; and for numbers that nobody has been given, because that is where toll fraud lives. The one
    exception: a well-formed North American number in an area code that we don't know. Several are opened every year.
    """
    try:
        parsed = phonenumbers.parse(number.e164)
    except phonenumbers.NumberParseException:
        return False
    if phonenumbers.is_possible_number_with_reason(parsed) != ValidationResult.IS_POSSIBLE:
        return False
    national = phonenumbers.national_significant_number(parsed)
    # What follows the country's code is not always what is dialled there: some of it may be left out at home.
    followed = number.e164[1 + len(str(parsed.country_code)) :]
    emergency = any(_is_emergency(digits) for digits in {number.e164[1:], followed, national})
    if emergency or phonenumbers.is_valid_short_number(parsed):
        return False
    country = phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    if country == phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY:
        return False
    kind = phonenumbers.number_type(parsed)
    if parsed.country_code != _NORTH_AMERICA:
        return kind in _PLAIN
    # There, what is dialled at home is what is written abroad: a network that looks no further than 911 must not.
    if _NEITHER.match(national) or phonenumbers.connects_to_emergency_number(national, "US"):
        return False
    return kind in _PLAIN or (
        kind == PhoneNumberType.UNKNOWN and _NEW_AREA_CODE.fullmatch(national) is not None
    )


def _is_help(written: str) -> bool:
    alone = _alone(written)
    return _LIFELINE in alone or any(_is_emergency(one) for one in alone)


def _helper(written: str) -> Refusal | None:
    """EMERGENCY or LIFELINE if a caller means that, however it is written: 9-1-1, +1 911, 112, 988, or what was
    dialled where they come from (192, 118). A piece of a number isn't that, even if it is one somewhere, as 555 is."""
    alone = _alone(written)
    if _LIFELINE in alone:
        return Refusal.LIFELINE
    known = any(
        phonenumbers.is_emergency_number(one, region) for one in alone for region in _CALLERS_COME_FROM
    )
    return Refusal.EMERGENCY if known else None


def _alone(written: str) -> tuple[str, str]:
    digits = "".join(sign for sign in written if sign.isdecimal())
    return digits, digits.removeprefix("1")


def _is_emergency(digits: str) -> bool:
    """Whether these digits alone, dialled in any country at all, reach its emergency services."""
    return len(digits) <= _LONGEST_SHORT and _is_emergency_somewhere(digits)


@lru_cache(4096)
def _is_emergency_somewhere(digits: str) -> bool:
    regions = phonenumbers.SUPPORTED_SHORT_REGIONS
    return any(phonenumbers.is_emergency_number(digits, region) for region in regions)
