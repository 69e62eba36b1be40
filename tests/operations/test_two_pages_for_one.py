"""Somebody may have two pages about one thing; what becomes of them is told to it once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hotline.model import How, PageId
from hotline.operations.paging import reaching
from hotline.operations.staff import responder
from hotline.operations.transaction import Transaction
from hotline.store.cases import escalations, pages
from hotline.store.cases.pages import PageState
from tests.console.centre import open_centre


def test_a_phone_that_rang_in_vain_for_two_pages_about_one_emergency(tmp_path: Path) -> None:
    """Before, the second one found the emergency changed by the first, each time anew and for ever."""
    centre = open_centre(tmp_path)
    centre.calls_in("+16175550141", "1")
    escalation = centre.escalation()

    def work(transaction: Transaction) -> None:
        row = escalations.get(transaction.tx, escalation)
        assert row is not None
        first = next(one for one in pages.waiting_of(transaction.tx, escalation))
        others = row.escalation.ringing | {centre.people["Ana Lima"]}
        both = replace(row, escalation=replace(row.escalation, ringing=others))
        row = escalations.save(transaction.tx, both)
        second = replace(first, id=PageId("second"), reference="second", provider_sid=None)
        pages.add(transaction.tx, second)
        reaching.unreached(transaction, first.staff_id, [(first, row), (second, row)])

    centre.application.change(work)
    left = centre.application.look(lambda transaction: pages.of_escalation(transaction.tx, escalation))
    assert {one.state for one in left if one.staff_id == centre.people["Chloe Baptiste"]} >= {
        PageState.UNREACHED
    }


@pytest.mark.parametrize("key", ["1", "2", None])
def test_a_key_while_a_phone_stands_for_two_pages_about_one_emergency(
    tmp_path: Path, key: str | None
) -> None:
    """It is theirs, or they can't; of neither is anything told twice."""
    centre = open_centre(tmp_path)
    centre.calls_in("+16175550141", "1")
    escalation = centre.escalation()

    def work(transaction: Transaction) -> None:
        first = next(one for one in pages.waiting_of(transaction.tx, escalation) if one.how is How.CALL)
        waits = replace(first, id=PageId("second"), state=PageState.COVERED, provider_sid=None)
        pages.add(transaction.tx, waits)
        # Silence after the last time they were asked is a no, too.
        responder.pressed(transaction, first.id, responder.TRIES - 1, key, None)

    centre.application.change(work)
    row = centre.application.look(lambda transaction: escalations.get(transaction.tx, escalation))
    assert row is not None
    assert (row.escalation.accepted_by == centre.people["Chloe Baptiste"]) is (key == "1")
