"""Calls that are taken for running, as the clock asks after them."""

from __future__ import annotations

from dataclasses import replace

from hotline.carrier_words import CallEnd
from hotline.effects import Origin, OriginKind
from hotline.model import ContactId, OutboxId, PageId, RoomName, StaffId
from hotline.store.cases import contacts, escalations, listeners, pages
from hotline.store.cases.listeners import ListenerRow
from hotline.store.cases.pages import PageState
from hotline.store.database import Database, Tx
from hotline.store.overviews import quiet_calls
from hotline.store.people import staff
from hotline.store.traffic import calls_seen, outbox
from hotline.store.traffic.outbox import EffectStatus
from tests.store.examples import MINUTE, NOW, SECOND, contact, effect, escalation, member, page


def quiet(tx: Tx) -> list[tuple[str, str]]:
    """Which calls, and whose."""
    found = quiet_calls.running(tx, NOW, NOW - MINUTE)
    return [(one.whose.kind, one.sid) for one in found]


def test_calls_of_staff_that_run_or_were_settled_a_moment_ago(database: Database) -> None:
    """Those that rang in vain, texts, and what was settled long ago are none; nor is what the carrier has ended."""
    with database.write() as tx:
        escalations.add(tx, escalation())
        staff.add(tx, member("s1"))
        one = page("p1", provider_sid="CA1")
        pages.add(tx, one)
        settled = replace(one, state=PageState.ACCEPTED, answered_at=NOW, ended_at=NOW)
        pages.add(tx, replace(settled, id=PageId("p2"), provider_sid="CA2"))
        pages.add(tx, replace(settled, id=PageId("p3"), provider_sid="CA3", ended_at=NOW - 2 * MINUTE))
        pages.add(
            tx, replace(one, id=PageId("p4"), provider_sid="CA4", state=PageState.UNREACHED, ended_at=NOW)
        )
        pages.add(tx, replace(one, id=PageId("p5"), provider_sid=None))
        assert quiet(tx) == [("page", "CA1"), ("page", "CA2")]
        calls_seen.report(tx, "CA2", 4, CallEnd.COMPLETED, NOW)
        assert quiet(tx) == [("page", "CA1")]


def test_calls_of_callers_and_of_interpreters_who_were_rung_for_them(database: Database) -> None:
    """Until the caller's own call is over."""
    with database.write() as tx:
        row = contacts.add(tx, contact("c1", provider_sid="CA1"))
        rung = replace(effect("o1"), origin=Origin(OriginKind.INTERPRETER, "c1"), status=EffectStatus.SENT)
        outbox.add(tx, replace(rung, provider_sid="CA9"))
        outbox.add(tx, replace(rung, id=OutboxId("o2"), status=EffectStatus.WAITING))
        assert sorted(quiet(tx)) == [("contact", "CA1"), ("interpreter", "CA9")]
        contacts.save(tx, replace(row, ended_at=NOW))
        assert quiet(tx) == []


def test_calls_of_trainees_who_hear_a_talk(database: Database) -> None:
    """Until they hear it no more."""
    with database.write() as tx:
        row = ListenerRow("l1", RoomName("r1"), ContactId("c1"), StaffId("s1"), StaffId("s2"), NOW)
        row = listeners.add(tx, row)
        assert quiet(tx) == []
        row = listeners.save(tx, replace(row, call_sid="CA7", joined_at=NOW))
        assert quiet(tx) == [("listener", "CA7")]
        assert [one.id for one in listeners.there(tx, RoomName("r1"))] == ["l1"]
        assert listeners.there(tx, RoomName("r2")) == []
        listeners.save(tx, replace(row, ended_at=NOW))
        assert quiet(tx) == []
        assert listeners.all_there(tx) == []
        assert listeners.get(tx, "l1") == replace(row, ended_at=NOW, version=row.version + 1)


def test_a_call_that_was_asked_after_a_moment_ago_is_left_alone(database: Database) -> None:
    """And a question alone is no sign of life; the answer is."""
    with database.write() as tx:
        contacts.add(tx, contact("c1", provider_sid="CA1", last_turn_at=NOW))
        calls_seen.asked(tx, "CA1", NOW, NOW + SECOND)
        assert quiet_calls.running(tx, NOW, NOW) == []
        (found,) = quiet_calls.running(tx, NOW + 2 * SECOND, NOW)
        assert (found.whose, found.last_sign) == (Origin(OriginKind.CONTACT, ContactId("c1")), NOW)
        calls_seen.heard(tx, "CA1", NOW + 3 * SECOND)
        (found,) = quiet_calls.running(tx, NOW + 2 * SECOND, NOW)
        assert found.last_sign == NOW + 3 * SECOND
        assert not found.doubted
        calls_seen.doubt(tx, "CA1")
        (found,) = quiet_calls.running(tx, NOW, NOW)
        assert found.doubted
        calls_seen.over(tx, "CA1", NOW + 3 * SECOND)
        assert quiet_calls.running(tx, NOW + 2 * SECOND, NOW) == []
