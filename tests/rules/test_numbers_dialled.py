"""Which numbers may be dialled at all: by enumeration over every country's emergency and short numbers."""

from __future__ import annotations

from collections.abc import Iterator

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata, PhoneNumberType

from hotline.dialling import Refusal, callback_number, may_be_dialled
from hotline.model import PhoneNumber

SHORT_KINDS = (
    "emergency", "short_code", "premium_rate", "standard_rate", "toll_free", "carrier_specific", "sms_services",
)  # fmt: skip
COSTLY = (PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.PERSONAL_NUMBER)
NO_COUNTRY = (800, 808, 870, 878, 881, 882, 883, 888, 979)


def numbers(*written: str) -> Iterator[PhoneNumber]:
    """Those that are numbers in form: most of the others can't even be said to the carrier."""
    for one in written:
        if 3 <= len(one) - 1 <= 15:
            yield PhoneNumber(one)


def short_numbers() -> Iterator[PhoneNumber]:
    """Every emergency and short number that any country's metadata names, alone and behind its country's code."""
    for region in phonenumbers.SUPPORTED_SHORT_REGIONS:
        found = PhoneMetadata.short_metadata_for_region(region)
        assert found is not None
        code = phonenumbers.country_code_for_region(region)
        for kind in SHORT_KINDS:
            described = getattr(found, kind)
            if described is not None and described.example_number:
                yield from numbers(f"+{described.example_number}", f"+{code}{described.example_number}")


def emergency_numbers() -> set[str]:
    """All of them, in the whole world: every row of three digits that is one anywhere, and every example."""
    rows = {str(digits).zfill(3) for digits in range(1000)} | {str(digits) for digits in range(10, 100)}
    examples = {
        found.emergency.example_number
        for region in phonenumbers.SUPPORTED_SHORT_REGIONS
        if (found := PhoneMetadata.short_metadata_for_region(region)) and found.emergency
    }
    rows |= {one for one in examples if one}
    return {
        row
        for row in rows
        if any(
            phonenumbers.is_emergency_number(row, region) for region in phonenumbers.SUPPORTED_SHORT_REGIONS
        )
    }


def american() -> Iterator[PhoneNumber]:
    """N11, 988, 976 and 900 in every place that they can take in a North American number, and alone."""
    special = [f"{n}11" for n in range(10)] + ["988"]
    for one in special:
        yield from numbers(f"+{one}", f"+1{one}", f"+1{one}5550101", f"+1{one}2345678")
    for one in ("900", "976"):
        yield from numbers(f"+1{one}5550101", f"+1{one}2345678")
    for area in (code for code in range(200, 1000)):
        yield from numbers(f"+1{area}9765432", f"+1{area}5551212", f"+1{area}9110000", f"+1{area}4111234")


def test_no_emergency_or_short_number_of_any_country_may_be_dialled() -> None:
    """Not one of those that the metadata names, with or without a country code."""
    refused = list(short_numbers())
    assert len(refused) > 1000
    assert [one.e164 for one in refused if may_be_dialled(one)] == []


def test_no_emergency_number_may_be_dialled_behind_any_country_code() -> None:
    """911 is 911 behind +1, +44 or +509: a network may look no further than its end."""
    everywhere = emergency_numbers()
    assert {"911", "112", "999", "000", "110", "119", "190", "114"} <= everywhere
    codes = ["", *map(str, COUNTRY_CODE_TO_REGION_CODE)]
    tried = [number for code in codes for short in everywhere for number in numbers(f"+{code}{short}")]
    assert len(tried) > 10_000
    assert [one.e164 for one in tried if may_be_dialled(one)] == []


def test_no_n11_no_lifeline_and_nothing_paid_per_call_may_be_dialled_in_north_america() -> None:
    """Wherever it stands in the number, in every area code there could be."""
    assert [one.e164 for one in american() if may_be_dialled(one)] == []


@pytest.mark.parametrize("code", NO_COUNTRY)
def test_nothing_that_belongs_to_no_country_may_be_dialled(code: int) -> None:
    """Satellites, international premium and shared-cost numbers."""
    example = phonenumbers.example_number_for_non_geo_entity(code)
    assert example is not None
    assert not may_be_dialled(PhoneNumber(f"+{code}{example.national_number}"))


def test_no_costly_kind_of_number_may_be_dialled_in_any_country() -> None:
    """Premium, shared-cost and personal numbers."""
    found = 0
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in COSTLY:
            example = phonenumbers.example_number_for_type(region, kind)
            if example is not None:
                found += 1
                written = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
                assert not may_be_dialled(PhoneNumber(written)), (region, kind)
    assert found > 200


def test_plain_numbers_of_every_country_may_be_dialled() -> None:
    """A guard that refused everything would pass the tests above: fixed and mobile phones are let through."""
    refused = [
        region
        for region in sorted(phonenumbers.SUPPORTED_REGIONS)
        for kind in (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.TOLL_FREE)
        if (example := phonenumbers.example_number_for_type(region, kind)) is not None
        and phonenumbers.number_type(example) in (kind, PhoneNumberType.FIXED_LINE_OR_MOBILE)
        and not may_be_dialled(
            PhoneNumber(phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164))
        )
    ]
    assert refused == []


@pytest.mark.parametrize(
    "number", ["+16175550101", "+18005550101", "+18885550199", "+50934101234", "+442071234567"]
)
def test_a_plain_number_may_be_dialled(number: str) -> None:
    """Callers' and staff's."""
    assert may_be_dialled(PhoneNumber(number))


def test_an_area_code_that_was_opened_since_may_be_dialled() -> None:
    """Several are, every year: their callers must not wait for our next version."""
    unknown = PhoneNumber("+12325550101")
    assert phonenumbers.number_type(phonenumbers.parse(unknown.e164)) == PhoneNumberType.UNKNOWN
    assert may_be_dialled(unknown)
    for never in ("+13005550101", "+13705550101", "+19605550101", "+12990550101", "+12325555"):
        assert not may_be_dialled(PhoneNumber(never))


@given(st.integers(100, 10**15 - 1).map(lambda digits: f"+{digits}"))
def test_what_may_be_dialled_is_never_short_never_an_emergency_and_never_costly(written: str) -> None:
    """Any row of digits: whatever passes is a full number of a country, of a plain kind."""
    number = PhoneNumber(written)
    if not may_be_dialled(number):
        return
    parsed = phonenumbers.parse(written)
    national = phonenumbers.national_significant_number(parsed)
    assert not phonenumbers.is_valid_short_number(parsed)
    assert phonenumbers.number_type(parsed) not in COSTLY
    assert not any(
        phonenumbers.is_emergency_number(digits, region)
        for region in phonenumbers.SUPPORTED_SHORT_REGIONS
        for digits in (national, written[1:])
    )
    if parsed.country_code == 1:
        assert not phonenumbers.connects_to_emergency_number(national, "US")


@pytest.mark.parametrize(
    "typed",
    ["911", "988", "411", "112", "1911", "+911", "19005550101", "6179765432", "6175551212", "5005550006"],
)
def test_such_a_number_can_t_be_typed_as_a_callback_number_either(typed: str) -> None:
    """The caller is told kindly, and asked for another one."""
    assert isinstance(callback_number(typed, ("US", "CA"), ()), Refusal)


@given(st.text("0123456789+*#", max_size=16))
def test_whatever_is_typed_only_what_may_be_dialled_becomes_a_callback_number(typed: str) -> None:
    """Whatever countries are allowed."""
    for countries in (("US",), ("GB", "HT"), ("BR", "US", "CN")):
        number = callback_number(typed, countries, ())
        assert isinstance(number, Refusal) or may_be_dialled(number)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        *((typed, Refusal.EMERGENCY) for typed in ("911", "9-1-1", "9*11", "1911", "+1911", "112", "999")),
        *((typed, Refusal.LIFELINE) for typed in ("988", "9-8-8", "1988")),
        *((typed, Refusal.NOT_A_NUMBER) for typed in ("61755", "411", "0", "9110")),
    ],
)
def test_a_number_for_emergencies_is_known_as_one_and_not_as_one_that_is_too_short(
    typed: str, reason: Refusal
) -> None:
    """Whoever writes it may need it now."""
    assert callback_number(typed, ["US"], ()) is reason
