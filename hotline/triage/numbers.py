"""How a telephone number is written and said."""

from __future__ import annotations

from functools import lru_cache

import phonenumbers

from hotline.model import PhoneNumber


@lru_cache(1024)  # each sentence that names the line asks for it
def written(number: PhoneNumber) -> str:
    """The number as people write it at home: "617-555-0100"."""
    parsed = phonenumbers.parse(number.e164)
    national = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    return national.replace("(", "").replace(") ", "-") if parsed.country_code == 1 else national


def spoken(number: PhoneNumber) -> str:
    """The number as digits to be read one by one, country code left out for +1: "6 1 7, 5 5 5, 0 1 0 1"."""
    digits = number.e164[1:]
    american = len(digits) == 11 and digits.startswith("1")
    groups = [digits[1:4], digits[4:7], digits[7:]] if american else [digits]
    return ", ".join(" ".join(group) for group in groups)
