"""What happened, who did it, who is alive, and what the provider reported."""

from __future__ import annotations

import itertools

from sqlalchemy import select

from hotline.carrier_words import CallEnd
from hotline.model import AuditAction, AuditKind, CallbackId, ContactId, EscalationId, Outcome, StaffId
from hotline.store.cases import timeline
from hotline.store.cases.timeline import TimelineRow
from hotline.store.database import Database
from hotline.store.database.tables import calls_seen as seen
from hotline.store.people import audit
from hotline.store.people.audit import AuditEntry
from hotline.store.traffic import calls_seen
from hotline.store.upkeep import heartbeats, journal_read
from tests.store.examples import NOW, SECOND


def test_the_timeline_tells_what_happened_in_the_order_in_which_it_was_written(database: Database) -> None:
    """To a contact, its callback and its escalation; whatever the clocks said."""
    first = TimelineRow(NOW + SECOND, "opened", contact_id=ContactId("c1"))
    second = TimelineRow(NOW, "accepted", escalation_id=EscalationId("e1"), by_staff=StaffId("s1"))
    third = TimelineRow(NOW, "noted", callback_id=CallbackId("b1"), detail="ô")
    with database.write() as tx:
        for line in (first, second, third):
            timeline.add(tx, line)
        assert timeline.of(tx, contact_id=ContactId("c1")) == [first]
        assert timeline.of(tx, contact_id=ContactId("c1"), callback_id=CallbackId("b1")) == [first, third]
        assert timeline.of(tx, escalation_id=EscalationId("e1")) == [second]
        assert timeline.of(tx) == []


def test_the_audit_trail_tells_who_did_what(database: Database) -> None:
    """About one thing."""
    ana = StaffId("s1")
    with database.write() as tx:
        audit.add(tx, NOW, ana, AuditAction.VIEWED_THREAD, AuditKind.CONTACT, "c1")
        audit.add(
            tx, NOW + SECOND, None, AuditAction.OUTCOME, AuditKind.CONTACT, "c1", detail=Outcome.REACHED
        )
        audit.add(tx, NOW + SECOND, None, AuditAction.CLOSE, AuditKind.CALLBACK, "c1")
        assert audit.about(tx, AuditKind.CONTACT, "c1") == [
            AuditEntry(NOW, ana, "viewed thread", "contact", "c1"),
            AuditEntry(NOW + SECOND, None, "outcome reached", "contact", "c1"),
        ]


def test_the_last_beat_counts(database: Database) -> None:
    """An older one that comes late doesn't make anybody look dead."""
    with database.write() as tx:
        for name, at in (("clock", NOW), ("clock", NOW + SECOND), ("clock", NOW), ("worker", NOW)):
            heartbeats.beat(tx, name, at)
        assert heartbeats.last(tx) == {"clock": NOW + SECOND, "worker": NOW}


def test_each_machine_has_beats_of_its_own(database: Database) -> None:
    """Whoever asks whether there is a clock at all needs not know where; one machine's does not hide another's."""
    with database.write() as tx:
        heartbeats.beat(tx, "clock", NOW, "one.example")
        heartbeats.beat(tx, "clock", NOW + SECOND, "two.example")
        heartbeats.beat(tx, "worker:urgent", NOW, "")
        assert heartbeats.last(tx) == {"clock": NOW + SECOND, "worker:urgent": NOW}
        assert heartbeats.last_on_each(tx) == {
            ("clock", "one.example"): NOW,
            ("clock", "two.example"): NOW + SECOND,
        }
        assert set(heartbeats.keys(tx, NOW + SECOND)) == {"clock", "clock@two.example"}
        assert heartbeats.forget_machines(tx, NOW + SECOND) == 1
        assert heartbeats.last_on_each(tx) == {("clock", "two.example"): NOW + SECOND}
        assert heartbeats.last(tx) == {"clock": NOW + SECOND, "worker:urgent": NOW}


def test_a_journal_entry_is_read_back_once(database: Database) -> None:
    """However often the journal is read."""
    with database.write() as tx:
        assert journal_read.mark(tx, "j1", NOW)
        assert not journal_read.mark(tx, "j1", NOW + SECOND)
        assert journal_read.mark(tx, "j2", NOW)


def test_reports_of_a_call_end_in_one_state_whatever_their_order(database: Database) -> None:
    """Every permutation, each report twice: the end sticks and is news once."""
    reports = [(0, None), (1, None), (2, None), (3, CallEnd.COMPLETED)]
    for number, order in enumerate(itertools.permutations(reports)):
        sid = f"CA-{number}"
        with database.write() as tx:
            news = [calls_seen.report(tx, sid, *one, NOW) for one in order for _ in range(2)]
            kept = select(seen.c.last_sequence, seen.c.final_status).where(seen.c.call_sid == sid)
            assert tx.execute(kept).one() == (3, CallEnd.COMPLETED)
        assert news[order.index((3, CallEnd.COMPLETED)) * 2]
        assert news.count(True) <= 4
