"""Whose records were reachable with an account, or in a backup: nobody too few, and how far it went."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.model import AuditAction, AuditKind, ContactId, Line, PhoneNumber, StaffId
from hotline.operations.keeping import removing
from hotline.operations.looking_back import breached
from hotline.operations.looking_back.breached import Breached, HowFar
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, contacts
from hotline.store.keeping import backup_log
from hotline.store.looking_back import exports
from hotline.store.looking_back.exports import Export
from hotline.store.people import audit, staff
from tests.store.conftest import BOTH
from tests.store.examples import CALLER, callback, contact, member
from tests.store.houses import NOW, House, Houses

pytestmark = pytest.mark.parametrize("kind", BOTH)
OTHER = PhoneNumber("+16175550177")
EVE = StaffId("s1")
DAY = timedelta(days=1)


def fill(house: House) -> None:
    """Five cases of three people: one was exported, one opened, one worked on by its callback, one an emergency."""

    def work(transaction: Transaction) -> None:
        tx = transaction.tx
        staff.add(tx, member(EVE, name="Eve Tran"))
        for one, number, line in (
            ("c1", CALLER, Line.ADMISSIONS),
            ("c2", CALLER, Line.FAMILY),
            ("c3", OTHER, Line.ADMISSIONS),
            ("c4", OTHER, Line.EMERGENCY),
            ("c5", None, Line.ADMISSIONS),
        ):
            contacts.add(tx, contact(one, provider_sid=f"CA-{one}", caller=number, line=line, ended_at=NOW))
        callbacks.add(tx, replace(callback("b1"), contact_id=ContactId("c3"), closed_at=NOW))
        exports.begin(tx, Export("x1", NOW, EVE, "for the board", "all", 1))
        exports.add(tx, "x1", [ContactId("c1")], 1)
        transaction.audit(AuditAction.VIEWED_THREAD, AuditKind.CONTACT, "c2", by=EVE)
        transaction.audit(AuditAction.CLAIM, AuditKind.CALLBACK, "b1", by=EVE)

    house.change(work)


def by_account(house: House, *, admissions: bool = True, clinical: bool = False) -> dict[str, HowFar]:
    found: Breached = house.change(
        lambda one: breached.by_account(
            one, EVE, NOW - DAY, NOW + DAY, admissions=admissions, clinical=clinical
        )
    )
    return {one.contact: how for one, how in found.cases}


def test_an_account_reached_what_it_took_opened_and_could_have_read(houses: Houses, kind: str) -> None:
    """On the sides that its roles read; an emergency is not the admissions side's. Asking is in the trail."""
    here = houses(kind)
    fill(here)
    surely = {"c1": HowFar.EXPORTED, "c2": HowFar.OPENED, "c3": HowFar.OPENED}
    assert by_account(here) == {**surely, "c5": HowFar.READABLE}
    assert by_account(here, admissions=False, clinical=True) == {**surely, "c4": HowFar.READABLE}
    assert by_account(here, admissions=False) == surely
    with here.application.database.read() as tx:
        asked = audit.AuditFilter(action=AuditAction.ASKED_WHO_WAS_REACHABLE, subject=EVE)
        assert len(audit.find(tx, asked, 9)) == 3


def test_what_came_after_the_time_was_not_reached(houses: Houses, kind: str) -> None:
    """Nor what nobody was in any more before it began."""
    here = houses(kind)
    fill(here)
    later = contact("c6", provider_sid="CA-c6", caller=OTHER, opened_at=NOW + 2 * DAY)
    here.change(lambda one: contacts.add(one.tx, later))
    assert "c6" not in by_account(here)
    here.now = NOW - 2 * DAY
    here.change(lambda one: removing.forget(one, CALLER, "by letter", None))
    assert {one for one in by_account(here) if one in ("c1", "c2")} == set()


def test_a_backup_holds_who_was_there_when_it_was_made(houses: Houses, kind: str) -> None:
    """Three people: two with a number, and whoever withheld theirs."""
    here = houses(kind)
    fill(here)
    here.now = NOW + timedelta(minutes=1)
    here.change(lambda one: backup_log.begin(one.tx, "x", "file", one.now))
    later = contact("c6", provider_sid="CA-c6", caller=OTHER, opened_at=NOW + DAY)
    here.change(lambda one: contacts.add(one.tx, later))

    def look(transaction: Transaction) -> Breached:
        row = backup_log.named(transaction.tx, "file")
        assert row is not None
        return breached.by_backup(transaction, row.id, row.begun_at)

    found: Breached = here.change(look)
    assert [one.contact for one, _ in found.cases] == ["c1", "c2", "c3", "c4", "c5"]
    assert found.people == 3
    assert found.of(HowFar.READABLE) == 5
    here.now = NOW + 2 * DAY
    here.change(lambda one: removing.forget(one, CALLER, "by letter", None))
    # They were in it all the same, and have to be told: how, is for whoever asked to be forgotten to have thought of.
    assert len(here.change(look).cases) == 5
