"""The admissions record: what may be answered, who comes first by it, and what offers the emergency."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.callbacks.admissions import (
    CHOICES,
    LONGEST,
    NO,
    UNSURE,
    YES,
    RaiseReason,
    RecordField,
    answer,
    dangers,
    is_left_to_ask,
    raise_reasons,
)
from hotline.callbacks.callback_moves import open_callback
from hotline.callbacks.promise import RAISED_LEAD, priority
from hotline.model import CallbackId, Language, Line
from tests.rules.test_callback_promise import NOON, PLAN, a_callback
from tests.running.application import REPOSITORY

MINUTE = timedelta(minutes=1)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        one: st.sampled_from(CHOICES[one]) if one in CHOICES else st.text(max_size=20) for one in RecordField
    },
)


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        (RecordField.SEDATING, YES, RaiseReason.WITHDRAWAL),
        (RecordField.SEIZURES, YES, RaiseReason.WITHDRAWAL),
        (RecordField.PREGNANT, YES, RaiseReason.PREGNANT),
        (RecordField.PREGNANT, UNSURE, RaiseReason.PREGNANT),
        (RecordField.INJECTS, YES, RaiseReason.INJECTS),
        (RecordField.ROUTE, "injects", RaiseReason.INJECTS),
    ],
)
def test_each_risk_brings_somebody_forward(field: RecordField, value: str, reason: RaiseReason) -> None:
    """By itself, and with the reason that is said."""
    assert raise_reasons({field: value}) == (reason,)


def test_what_another_answer_has_told_is_not_asked_again() -> None:
    """Who injects most of the time isn't asked whether they inject; what somebody has written there stays."""
    assert is_left_to_ask(RecordField.INJECTS, {RecordField.ROUTE: "several"})
    assert not is_left_to_ask(RecordField.INJECTS, {RecordField.ROUTE: "injects"})
    assert is_left_to_ask(RecordField.INJECTS, {RecordField.ROUTE: "injects", RecordField.INJECTS: "no"})
    assert all(
        is_left_to_ask(one, {RecordField.ROUTE: "injects"})
        for one in set(RecordField) - {RecordField.INJECTS}
    )


def test_nothing_else_does() -> None:
    """Of all that can be chosen; and words bring nobody forward, whatever they say."""
    chosen = {
        (one, value) for one, values in CHOICES.items() for value in values if raise_reasons({one: value})
    }
    assert chosen == {
        (RecordField.SEDATING, YES),
        (RecordField.SEIZURES, YES),
        (RecordField.PREGNANT, YES),
        (RecordField.PREGNANT, UNSURE),
        (RecordField.INJECTS, YES),
        (RecordField.ROUTE, "injects"),
    }
    assert not any(
        raise_reasons({one: "pregnant, injects, seizures"}) for one in RecordField if one not in CHOICES
    )


@given(ANSWERS, st.sampled_from(["", *CHOICES[RecordField.INSURANCE]]))
def test_how_somebody_is_insured_changes_nothing(answers: dict[RecordField, str], payer: str) -> None:
    """Whatever else was answered: neither why they come first, nor what offers the emergency."""
    other = {**answers, RecordField.INSURANCE: payer}
    assert (raise_reasons(other), dangers(other)) == (raise_reasons(answers), dangers(answers))


def test_no_rule_of_whose_turn_it_is_knows_of_insurance() -> None:
    """A callback has no place for it; and of all that decides an order, nothing names it."""
    assert not any("insur" in name or "payer" in name for name in a_callback().__dataclass_fields__)
    deciding = [REPOSITORY / "hotline" / "callbacks", REPOSITORY / "hotline" / "oncall"]
    deciding += [REPOSITORY / "hotline" / "operations" / room for room in ("callbacks", "paging", "staff")]
    named = {
        file.name
        for folder in deciding
        for file in folder.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "INSURANCE"
    }
    assert named <= {"admissions.py"}
    source = (REPOSITORY / "hotline" / "callbacks" / "admissions.py").read_text(encoding="utf-8")
    assert source.count("INSURANCE") == 2, "where it is a place, and what may be chosen there"


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ({RecordField.SUICIDE: YES}, (RecordField.SUICIDE,)),
        ({RecordField.SUICIDE: UNSURE}, (RecordField.SUICIDE,)),
        ({RecordField.SUICIDE: NO}, ()),
        ({RecordField.SAFE_AT_HOME: NO}, (RecordField.SAFE_AT_HOME,)),
        ({RecordField.SAFE_AT_HOME: YES}, ()),
        ({RecordField.BREATHING_OR_HEART: YES}, (RecordField.BREATHING_OR_HEART,)),
        ({RecordField.PREGNANT: YES}, ()),
        ({}, ()),
    ],
)
def test_an_answer_of_danger_offers_the_emergency(
    answers: dict[RecordField, str], found: tuple[RecordField, ...]
) -> None:
    """Doubt about suicide counts as danger, doubt about the rest doesn't."""
    assert dangers(answers) == found


def test_only_what_is_offered_may_be_chosen_and_words_have_a_length() -> None:
    """An answer may always be taken out again."""
    assert [answer(RecordField.PREGNANT, one) for one in ("yes", "", "Yes", "pregnant")] == [
        "yes",
        "",
        None,
        None,
    ]
    assert answer(RecordField.WANTS, " detox \r\n today ") == "detox \n today"
    assert answer(RecordField.WANTS, "x" * LONGEST) == "x" * LONGEST
    assert answer(RecordField.WANTS, "x" * (LONGEST + 1)) is None


@given(st.integers(0, 119), st.integers(0, 300))
def test_who_is_raised_comes_before_their_line(earlier: int, since: int) -> None:
    """Before those in the same place who were promised up to two hours earlier."""
    other = a_callback(Line.ADMISSIONS, NOON, "other")
    asked = NOON + earlier * MINUTE
    raised = replace(a_callback(Line.ADMISSIONS, asked, "raised"), raised=True)
    now = asked + since * MINUTE
    assert priority(raised, now)[0] > priority(other, now)[0] or priority(raised, now) < priority(other, now)


def test_who_waits_quietly_is_not_passed_for_ever() -> None:
    """Somebody who is promised more than two hours later is called later, raised or not."""
    quiet = a_callback(Line.ADMISSIONS, NOON, "quiet")
    later = replace(a_callback(Line.ADMISSIONS, NOON + RAISED_LEAD + MINUTE, "later"), raised=True)
    now = later.promised_at + 5 * RAISED_LEAD
    assert priority(quiet, now) < priority(later, now)


@pytest.mark.parametrize("line", [Line.EMERGENCY, Line.PERSON])
def test_nobody_is_raised_over_a_line_above(line: Line) -> None:
    """While nobody is late."""
    raised = replace(a_callback(Line.ADMISSIONS, NOON, "raised"), raised=True)
    assert priority(a_callback(line, NOON, "above"), NOON) < priority(raised, NOON)


def test_every_mixture_of_payers_leaves_the_order_as_it_is() -> None:
    """Three callbacks with all payers that there are, raised by the same other answers: one order."""
    payers = ["", *CHOICES[RecordField.INSURANCE]]
    orders = set()
    for mixture in product(payers, repeat=3):
        owed = []
        for nth, payer in enumerate(mixture):
            answers = {RecordField.INSURANCE: payer, **({RecordField.PREGNANT: YES} if nth == 2 else {})}
            one = open_callback(
                CallbackId(str(nth)), Line.ADMISSIONS, Language.EN, NOON + nth * MINUTE, PLAN, due_at=NOON
            )
            owed.append(replace(one, raised=bool(raise_reasons(answers))))
        orders.add(tuple(one.id for one in sorted(owed, key=lambda one: priority(one, NOON))))
    assert orders == {("2", "0", "1")}
