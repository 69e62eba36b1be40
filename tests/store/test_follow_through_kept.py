"""What comes after a talk, kept and counted: the same on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.callbacks.admissions import RecordField
from hotline.callbacks.callback import CallbackKind, CallbackStatus
from hotline.callbacks.follow_through import NotAdmittedReason
from hotline.model import CallbackId, ContactId, EscalationId, Outcome, StaffId
from hotline.store.cases import (
    admissions_records,
    callbacks,
    contacts,
    follow_ups,
    intakes,
    timeline,
    whole_case,
)
from hotline.store.cases.admissions_records import AdmissionsRecord, RecordAnswer
from hotline.store.cases.follow_ups import FollowUpRow, FollowUpState
from hotline.store.cases.intakes import IntakeState
from hotline.store.cases.timeline import TimelineRow
from hotline.store.database import Database, Stale, Tx
from hotline.store.database.periods import Period
from hotline.store.overviews import due, on_the_board
from hotline.store.overviews.on_the_board import OnTheBoard
from hotline.store.reports import follow_through_counts
from hotline.store.reports.follow_through_counts import (
    FollowUpBecame,
    FollowUpCount,
    IntakeBecame,
    IntakeCount,
    NotAdmittedCount,
)
from tests.store.examples import CALLER, NOW, callback, contact, due_by, intake, referral

HOUR = timedelta(hours=1)
TODAY = Period(NOW - HOUR, NOW + HOUR)
ANA = StaffId("s1")


def test_a_record_is_changed_by_one_at_a_time(database: Database) -> None:
    """Who is late does it again on what stands there."""
    said = {RecordField.WANTS: RecordAnswer("detox", ANA, NOW)}
    with database.write() as tx:
        contacts.add(tx, contact())
        first = admissions_records.put(tx, AdmissionsRecord(ContactId("c1"), said))
    assert first.version == 1
    with database.write() as tx:
        admissions_records.put(tx, replace(first, kept={}))
    with pytest.raises(Stale), database.write() as tx:
        admissions_records.put(tx, first)
    with database.read() as tx:
        assert admissions_records.of(tx, [ContactId("c1")])[ContactId("c1")].answers == {}
        assert admissions_records.get(tx, ContactId("c9")).version == 0


def _on_the_board(tx: Tx) -> OnTheBoard:
    return on_the_board.look(tx, NOW, closed_after=NOW, promised_after=NOW, subjects=(), held=(), at_most=9)


def test_intakes_are_due_and_counted(database: Database) -> None:
    """Those whose time has come are found by the clock; each is counted once, as of the period's end."""
    with database.write() as tx:
        intakes.add(tx, intake(id="i1", starts_at=NOW + 47 * HOUR, due_at=NOW + 90 * HOUR))
        intakes.add(tx, intake(id="i2", starts_at=NOW + 49 * HOUR, due_at=NOW - HOUR))
        intakes.add(tx, intake(id="i3", due_at=NOW + HOUR))
        came = intakes.add(tx, intake(id="i4", starts_at=NOW + HOUR))
        intakes.save(tx, replace(came, state=IntakeState.CAME, marked_at=NOW + HOUR, marked_by=ANA))
        later = intakes.add(tx, intake(id="i5", starts_at=NOW + HOUR))
        intakes.save(tx, replace(later, state=IntakeState.MISSED, marked_at=NOW + 2 * HOUR, marked_by=ANA))
        over = intakes.add(tx, intake(id="i6"))
        intakes.save(tx, replace(over, state=IntakeState.TAKEN_BACK, marked_at=NOW))
        intakes.refer(tx, referral())
        intakes.refer(tx, referral(id="r2", outcome=Outcome.REFERRED, reason=None))
        intakes.refer(tx, referral(id="r3", contact_id=ContactId("c2")))
        intakes.take_referrals_back(tx, ContactId("c2"), None, NOW)
    with database.read() as tx:
        assert due_by(tx, NOW).ids(due.INTAKES) == ["i2"]
        assert [one.id for one in _on_the_board(tx).intakes] == ["i2", "i3", "i1"]
        assert follow_through_counts.booked(tx, TODAY) == [
            IntakeCount(True, IntakeBecame.AHEAD, 2),
            IntakeCount(True, IntakeBecame.CAME, 1),
            IntakeCount(False, IntakeBecame.AHEAD, 1),
            IntakeCount(None, IntakeBecame.AHEAD, 1),
        ]
        assert follow_through_counts.not_admitted(tx, TODAY) == [
            NotAdmittedCount(NotAdmittedReason.NO_BED, 1)
        ]


def test_a_referral_is_asked_about_until_it_is_named_or_taken_back(database: Database) -> None:
    """Once it was named, nobody names it again."""
    by_key = {"outcome": Outcome.REFERRED, "reason": None, "to_whom": "", "asked_of": ANA}
    with database.write() as tx:
        intakes.refer(tx, referral(id="r1", **by_key))
        intakes.refer(tx, referral(id="r2", contact_id=ContactId("c2"), **by_key))
        intakes.refer(tx, referral(id="r3", contact_id=ContactId("c3")))
        intakes.take_referrals_back(tx, ContactId("c2"), None, NOW)
    with database.read() as tx:
        assert [one.id for one in _on_the_board(tx).unnamed] == ["r1"]
        assert [intakes.unnamed(tx, one) is not None for one in ("r1", "r2", "r3", "r9")] == [
            True,
            False,
            False,
            False,
        ]
    with database.write() as tx:
        assert intakes.name(tx, "r1", "Bay Detox")
        assert not intakes.name(tx, "r1", "another")
        assert not intakes.name(tx, "r2", "another")
    with database.read() as tx:
        assert _on_the_board(tx).unnamed == ()
        assert [one.to_whom for one in intakes.of_case(tx, ContactId("c1"))[1]] == ["Bay Detox"]


def test_an_intake_that_was_before_they_asked_is_not_soon(database: Database) -> None:
    """It was booked for a day that is over: nobody waited for it."""
    with database.write() as tx:
        row = intake(id="i1")
        intakes.add(tx, replace(row, starts_at=row.asked_at - HOUR))
    with database.read() as tx:
        assert follow_through_counts.booked(tx, TODAY) == [IntakeCount(False, IntakeBecame.AHEAD, 1)]


def test_follow_ups_are_counted_by_what_became_of_their_callback(database: Database) -> None:
    """Each once."""
    kept = callback("b1", status=CallbackStatus.CLOSED, outcome=Outcome.REACHED, kind=CallbackKind.FOLLOW_UP)
    with database.write() as tx:
        callbacks.add(tx, replace(kept, closed_at=NOW))
        callbacks.add(tx, callback("b2", kind=CallbackKind.FOLLOW_UP))
        said = {"state": FollowUpState.AGREED, "said_at": NOW, "said_by": ANA}
        for name, more in (
            ("e1", {**said, "callback_id": CallbackId("b1")}),
            ("e2", {**said, "callback_id": CallbackId("b2")}),
            ("e3", {**said, "state": FollowUpState.DECLINED}),
            ("e4", {**said, "state": FollowUpState.NOT_ASKED}),
            ("e5", {}),
        ):
            follow_ups.add(tx, FollowUpRow(EscalationId(name), ContactId("c1"), NOW, ANA, **more))  # type: ignore[arg-type]
    with database.read() as tx:
        assert [one.id for one in _on_the_board(tx).follow_ups] == ["e5"]
        assert follow_through_counts.followed_up(tx, TODAY) == [
            FollowUpCount(became, 1)
            for became in (
                FollowUpBecame.REACHED,
                FollowUpBecame.AGREED,
                FollowUpBecame.DECLINED,
                FollowUpBecame.NOT_ASKED,
                FollowUpBecame.OFFERED,
            )
        ]


def test_a_case_is_found_whole(database: Database) -> None:
    """The contact, what it asked for, our call for that, and all their lines; and what came from the number before."""
    with database.write() as tx:
        contacts.add(tx, contact("c1"))
        contacts.add(tx, contact("c0", provider_sid="CA0", opened_at=NOW - 5 * HOUR))
        callbacks.add(tx, callback("b1"))
        ours = contact("c2", provider_sid="CA2", outbound=True, callback_id=CallbackId("b1"))
        contacts.add(tx, ours)
        for name in ("c1", "c2", "c0"):
            timeline.add(tx, TimelineRow(NOW, "noted", contact_id=ContactId(name)))
        timeline.add(tx, TimelineRow(NOW, "claimed", callback_id=CallbackId("b1")))
    with database.read() as tx:
        case = whole_case.look(tx, [ContactId("c1")], [])
        assert case.contacts == ("c1", "c2")
        assert case.callbacks == ("b1",)
        assert [one.contact for one in case.calls] == ["c2"]
        told = timeline.of_case(tx, case.contacts, case.callbacks, case.escalations)
        assert [one.what for one in told] == ["noted", "noted", "claimed"]
        caller = contact().caller or CALLER
        found = whole_case.earlier(tx, caller, NOW - 24 * HOUR, case.contacts, 9)
        assert [one.id for one in found] == ["c0"]
        assert whole_case.owners(tx, []) == {}
