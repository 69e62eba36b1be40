"""Numbers that nothing may ever dial here: Twilio refuses most of them, and this simulator all of them, loudly."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import PhoneNumberType

_NEVER = re.compile(
    r"""\+(
      \d{1,6}                      # every short code and emergency number, whatever stands before it
    | 1 \d11 \d*                   # 911 and its like
    | 1 (988 | 900 | 976) \d*      # the lifeline, and pay per call
    | 1 \d{3} ([2-9]11 | 976) \d*
    | 1 \d{3} 5551212 \d*          # directory assistance
    | (808 | 87[08] | 88[123] | 979) \d*   # satellites, and what belongs to no country
    )""",
    re.VERBOSE,
)
_COSTLY = {PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.PERSONAL_NUMBER}


def is_never_dialled(number: str) -> bool:
    """Whether a call or a text to it would be an outrage: help sent to the wrong place, or money lost."""
    if _NEVER.fullmatch(number):
        return True
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.number_type(parsed) in _COSTLY or phonenumbers.is_valid_short_number(parsed)
