"""Who is offered by key in a talk: by what they do, whether they are open and their name, and by nothing else."""

from __future__ import annotations

from dataclasses import fields

import pytest

from hotline.model import Line
from hotline.referral.directory_entry import WRITTEN, DirectoryEntry, ReferralKind
from hotline.referral.fitting_entries import AT_MOST, FITTING, Candidate, fitting

DETOX, OUTPATIENT, HELPLINE = ReferralKind.DETOX, ReferralKind.OUTPATIENT, ReferralKind.HELPLINE
MONEY = (
    "fee",
    "price",
    "cost",
    "money",
    "paid",
    "pay",
    "rate",
    "commission",
    "bonus",
    "dollar",
    "amount",
    "rank",
)


def entry(name: str, *kinds: ReferralKind, **more: object) -> DirectoryEntry:
    """One that takes hand-offs at a number of its own."""
    given = {"numbers": (f"+1617555{160 + len(name):04}",), "hand_offs": True, "languages": ("en",), **more}
    return DirectoryEntry(id=name, name=name, kinds=kinds, **given)  # type: ignore[arg-type]


def offered(line: Line, *found: tuple[DirectoryEntry, bool | None], language: str = "en") -> list[str]:
    """Their names, in the order of the keys."""
    return [one.name for one in fitting([Candidate(*one) for one in found], line, language)]


def test_a_line_is_offered_what_its_callers_need_each_kind_once_before_any_twice() -> None:
    """By name within a kind, so that nobody is preferred."""
    b, a, helps, out = entry("B", DETOX), entry("A", DETOX), entry("H", HELPLINE), entry("O", OUTPATIENT)
    given = [(b, True), (a, True), (helps, True), (out, True)]
    assert offered(Line.ADMISSIONS, *given) == ["A", "O", "H", "B"]
    assert offered(Line.EMERGENCY, *given) == ["H"]


def test_who_is_closed_is_not_offered_and_who_may_be_comes_after_who_is_open() -> None:
    """Hours that nobody has written down keep nobody out."""
    given = [(entry("A", DETOX), None), (entry("B", DETOX), True), (entry("C", DETOX), False)]
    assert offered(Line.ADMISSIONS, *given) == ["B", "A"]


def test_who_does_not_speak_the_language_is_not_offered_and_interpreters_speak_every_one() -> None:
    given = [(entry("A", DETOX), True), (entry("B", DETOX, languages=("any",)), True)]
    assert offered(Line.ADMISSIONS, *given, language="ht") == ["B"]


@pytest.mark.parametrize(
    "more",
    [
        {"hand_offs": False},
        {"numbers": ()},
        {"numbers": ("988",)},
        {"active": False},
        {"kinds": (ReferralKind.DISPATCH,)},
        {"kinds": (DETOX, ReferralKind.DISPATCH)},
    ],
)
def test_what_no_call_of_ours_may_reach_is_never_offered(more: dict[str, object]) -> None:
    """No dispatch centre, no short number, nobody retired, nobody who takes no such calls."""
    kinds = more.pop("kinds", (DETOX,))
    one = entry("A", *kinds, **more)  # type: ignore[misc]
    assert one.rung is None
    assert offered(Line.ADMISSIONS, (one, True)) == []


def test_no_more_than_can_be_kept_in_mind() -> None:
    given = [(entry(letter * 2, DETOX), True) for letter in "ABCDEFG"]
    assert offered(Line.ADMISSIONS, *given) == ["AA", "BB", "CC", "DD"]
    assert AT_MOST == 4


def test_every_line_has_something_to_offer_and_none_offers_dispatch() -> None:
    assert set(FITTING) == set(Line)
    assert all(ReferralKind.DISPATCH not in kinds for kinds in FITTING.values())


def test_there_is_no_place_for_money_in_an_entry() -> None:
    """18 USC 220: nothing of what somebody pays, and no ranking, is among what is kept or what is written of them."""
    names = {one.name for one in fields(DirectoryEntry)} | set(WRITTEN) | {one.value for one in ReferralKind}
    assert not [name for name in names for word in MONEY if word in name.split("_")]
