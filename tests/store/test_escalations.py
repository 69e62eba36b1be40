"""Escalations and their pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from hotline.carrier_words import CallEnd
from hotline.model import CallbackId, ContactId, EscalationId, How, Line, PageId, StaffId, Subject
from hotline.oncall.escalation import EscalationStatus
from hotline.store.cases import escalations, pages
from hotline.store.cases.pages import PageState, Purpose
from hotline.store.database import Database, Tx
from hotline.store.overviews import due, phones, staff_calls, telephones
from hotline.store.people import staff
from hotline.store.traffic import calls_seen
from tests.observed import lines_in_use
from tests.store.examples import MINUTE, NOW, SECOND, due_by, escalation, member, page, times_by

E1, S1, S2 = EscalationId("e1"), StaffId("s1"), StaffId("s2")


def accepted(escalation_id: str) -> escalations.EscalationRow:
    """An emergency that s1 has."""
    row = escalation(escalation_id)
    rule = replace(
        row.escalation, status=EscalationStatus.ACCEPTED, accepted_by=S1, accepted_at=NOW, next_at=None
    )
    return replace(row, escalation=rule)


def closed(escalation_id: str) -> escalations.EscalationRow:
    """One that is over."""
    row = escalation(escalation_id)
    return replace(row, escalation=replace(row.escalation, status=EscalationStatus.CLOSED, next_at=None))


def begin(tx: Tx) -> None:
    """An emergency, and two who can be paged."""
    escalations.add(tx, escalation())
    staff.add(tx, member("s1"))
    staff.add(tx, member("s2"))


def test_an_escalation_comes_back_as_it_went_in(database: Database) -> None:
    """Its own copy of the policy too, at both ends of its life."""
    with database.write() as tx:
        fresh = escalations.add(tx, escalation())
    with database.read() as tx:
        assert escalations.get(tx, E1) == fresh
    rule = replace(
        fresh.escalation,
        status=EscalationStatus.ACCEPTED,
        rung=1,
        round=2,
        next_at=None,
        accepted_by=S1,
        accepted_at=NOW,
        queue=(S2, S1),
        ringing=frozenset({S1, S2}),
        passed_over=frozenset({S2}),
        nobody=True,
    )
    later = replace(
        fresh,
        escalation=rule,
        line=Line.EMERGENCY,
        callback_id=CallbackId("b1"),
        touched_at=NOW,
        closed_at=NOW + MINUTE,
    )
    with database.write() as tx:
        escalations.save(tx, later)
    with database.read() as tx:
        assert escalations.get(tx, E1) == replace(later, version=2)
        assert escalations.get(tx, EscalationId("e2")) is None


def test_the_clock_finds_the_escalations_whose_next_step_has_come(database: Database) -> None:
    """Nothing that was accepted or closed, nothing before its time."""
    waiting = escalation("not_yet")
    with database.write() as tx:
        escalations.add(tx, escalation("due"))
        escalations.add(tx, replace(waiting, escalation=replace(waiting.escalation, next_at=NOW + SECOND)))
        escalations.add(tx, accepted("accepted"))
        escalations.add(tx, closed("closed"))
        assert due_by(tx, NOW).ids(due.RUNG) == ["due"]
        assert {one.escalation.id for one in escalations.all_open(tx)} == {"due", "not_yet", "accepted"}
        assert [one.escalation.id for one in escalations.accepted_by(tx, S1)] == ["accepted"]


def test_an_accepted_emergency_that_nobody_works_on_is_found(database: Database) -> None:
    """Since it was accepted, or since it was last touched."""
    with database.write() as tx:
        escalations.add(tx, accepted("left"))
        escalations.add(tx, replace(accepted("tended"), touched_at=NOW + MINUTE))
        assert due_by(tx, NOW + SECOND).ids(due.UNTOUCHED) == ["left"]


def test_who_did_not_take_the_call_and_has_done_nothing_since_is_found(database: Database) -> None:
    """Once; and who has done something about it since then isn't. What was kept of before, by a moment that was set
    back, is found as it was."""
    at, later = NOW + MINUTE, NOW + 2 * MINUTE
    with database.write() as tx:
        escalations.add(tx, replace(accepted("idle"), touched_at=NOW, not_taken_at=at))
        escalations.add(tx, replace(accepted("never"), not_taken_at=at))
        escalations.add(tx, replace(accepted("writes"), touched_at=at + SECOND, not_taken_at=at))
        escalations.add(tx, replace(accepted("of before"), touched_at=NOW - 4 * MINUTE))
        (kept,) = [one for one in escalations.all_open(tx) if one.escalation.id == "idle"]
        assert (kept.touched_at, kept.not_taken_at) == (NOW, at)

        def found(not_taken: datetime, untouched: datetime) -> list[str]:
            times = replace(times_by(NOW), not_taken=not_taken, untouched=untouched)
            return sorted(due.look(tx, times, asked=(), idle=()).ids(due.UNTOUCHED))

        assert found(at, NOW - 3 * MINUTE) == ["of before"]
        assert found(later, NOW - 3 * MINUTE) == ["idle", "never", "of before"]
        assert found(later, later) == ["idle", "never", "of before", "writes"]


def test_a_callback_finds_its_open_escalation(database: Database) -> None:
    """And none of a contact's."""
    callback = replace(escalation("b", Subject.CALLBACK), contact_id=None, callback_id=CallbackId("b1"))
    with database.write() as tx:
        escalations.add(tx, escalation("e"))
        escalations.add(tx, callback)
        for_callback = escalations.open_for_callback(tx, CallbackId("b1"))
        assert for_callback is not None
        assert for_callback.escalation.id == "b"
        assert escalations.open_for_callback(tx, CallbackId("b2")) is None


def test_a_page_comes_back_as_it_went_in(database: Database) -> None:
    """At both ends of its life."""
    with database.write() as tx:
        begin(tx)
        fresh = pages.add(tx, page("p1"))
        later = replace(
            fresh,
            state=PageState.DECLINED,
            provider_sid="CA-1",
            sent_at=NOW,
            answered_at=NOW + SECOND,
            ended_at=NOW + MINUTE,
        )
        assert pages.get(tx, PageId("p1")) == fresh
        pages.save(tx, later)
        assert pages.get(tx, PageId("p1")) == pages.by_sid(tx, "CA-1") == replace(later, version=2)
        assert pages.get(tx, PageId("p2")) is None


def test_a_reply_finds_the_newest_page_with_its_reference(database: Database) -> None:
    """However it is written, and only among the pages of whoever replied."""
    with database.write() as tx:
        begin(tx)
        pages.add(tx, page("older", reference="k7"))
        pages.add(tx, page("newer", reference="K7", placed_at=NOW + SECOND))
        pages.add(tx, page("others", reference="K7", staff_id=S2, placed_at=NOW + MINUTE))
        found = pages.by_reference(tx, S1, "k7")
        assert found is not None
        assert found.id == "newer"
        assert pages.by_reference(tx, S1, "K8") is None


def test_the_pages_of_an_escalation_and_of_a_person_are_found(database: Database) -> None:
    """All of the one, the open ones of the other."""
    with database.write() as tx:
        begin(tx)
        pages.add(tx, page("p1"))
        pages.add(tx, page("p2", state=PageState.DECLINED, placed_at=NOW + SECOND))
        pages.add(tx, page("p3", staff_id=S2, placed_at=NOW + MINUTE))
        assert [one.id for one in pages.of_escalation(tx, E1)] == ["p1", "p2", "p3"]
        assert [one.id for one in pages.open_of_staff(tx, S1)] == ["p1"]


def test_whose_phone_rings_or_is_in_use_is_busy(database: Database) -> None:
    """Whatever the page stands at, until its call is over; a text keeps nobody busy."""
    open_states = {
        PageState.PLACED,
        PageState.RINGING,
        PageState.ANSWERED,
        PageState.ACCEPTED,
        PageState.COVERED,
    }
    for state in PageState:
        for number, (ended_at, how) in enumerate([(None, How.CALL), (NOW, How.CALL), (None, How.TEXT)]):
            with database.write() as tx:
                name = f"{state}-{number}"
                escalations.add(tx, escalation(f"e-{name}"))
                who = staff.add(tx, member(f"s-{name}"))
                made = page(f"p-{name}", staff_id=who.id, state=state, ended_at=ended_at, how=how)
                pages.add(tx, replace(made, escalation_id=EscalationId(f"e-{name}")))
                busy = {one.page.staff_id for one in staff_calls.all_open(tx)}
                assert (who.id in busy) == (state in open_states and number == 0)


def test_whose_line_is_open_after_their_call_was_settled(database: Database) -> None:
    """They hear who has it, or say how it ended. Phones that were never picked up, texts, and calls whose end was told
    are no lines."""
    with database.write() as tx:
        begin(tx)
        done = page(
            "p1", state=PageState.DECLINED, answered_at=NOW, ended_at=NOW + SECOND, provider_sid="CA1"
        )
        pages.add(tx, replace(done, answered_at=None))
        pages.add(tx, replace(done, id=PageId("p2"), how=How.TEXT))
        pages.add(tx, replace(done, id=PageId("p3"), ended_at=None))
        pages.add(tx, replace(done, id=PageId("p4"), provider_sid=None))
        assert staff_calls.still_on(tx, [S1, S2], NOW) == frozenset()
        pages.add(tx, replace(done, id=PageId("p5"), provider_sid="CA5"))
        pages.add(
            tx, replace(done, id=PageId("p6"), staff_id=S2, state=PageState.ACCEPTED, provider_sid="CA6")
        )
        assert staff_calls.still_on(tx, [S1], NOW) == {S1}
        assert staff_calls.still_on(tx, [S1, S2], NOW) == {S1, S2}
        assert staff_calls.still_on(tx, [S1, S2], NOW + MINUTE) == frozenset()
        calls_seen.report(tx, "CA6", 4, CallEnd.COMPLETED, NOW + SECOND)
        assert staff_calls.still_on(tx, [S1, S2], NOW) == {S1}


def test_the_last_sign_of_a_call_is_the_latest_of_all(database: Database) -> None:
    """When it was placed, sent, picked up, or reported; with the callback that it is about."""
    with database.write() as tx:
        begin(tx)
        row = pages.add(tx, page("p1", provider_sid="CA1"))
        assert staff_calls.all_open(tx)[0].last_sign == NOW
        row = pages.save(tx, replace(row, sent_at=NOW + SECOND))
        assert staff_calls.all_open(tx)[0].last_sign == NOW + SECOND
        calls_seen.report(tx, "CA1", 1, None, NOW + MINUTE)
        pages.save(tx, replace(row, answered_at=NOW + 2 * SECOND))
        found = staff_calls.all_open(tx)[0]
        assert (found.last_sign, found.page.provider_sid, found.promised_at) == (NOW + MINUTE, "CA1", None)


def test_what_a_text_claims_and_what_is_offered_comes_back(database: Database) -> None:
    """And what the key on a page's call is for."""
    with database.write() as tx:
        begin(tx)
        row = escalation("claimed")
        rule = replace(row.escalation, ringing=frozenset({S1, S2}), coming=frozenset({S1}), offered_to=S2)
        escalations.add(tx, replace(row, escalation=rule))
        found = escalations.get(tx, EscalationId("claimed"))
        assert found is not None
        assert (found.escalation.coming, found.escalation.offered_to) == (frozenset({S1}), S2)
        asked = pages.add(tx, replace(page("p1"), purpose=Purpose.WRITE, regards="SM-1"))
        assert pages.get(tx, asked.id) == asked


def test_covered_pages_are_no_lines_and_open_lines_are_found(database: Database) -> None:
    """What waits until a phone is free, and what keeps it in use: called off or not, till its end is told."""
    with database.write() as tx:
        begin(tx)
        pages.add(tx, page("rings"))
        pages.add(tx, page("waits", state=PageState.COVERED, placed_at=NOW + SECOND))
        pages.add(tx, page("hears", state=PageState.CALLED_OFF, placed_at=NOW + MINUTE))
        pages.add(tx, page("over", state=PageState.CALLED_OFF, ended_at=NOW))
        pages.add(tx, page("text", how=How.TEXT))
        pages.add(tx, page("others", staff_id=S2, state=PageState.COVERED))
        assert [one.id for one in lines_in_use(tx, S1)] == ["rings", "hears"]
        assert [one.id for one, _ in phones.waiting(tx, [S1])] == ["waits"]
        assert due_by(tx, NOW).untold == [(S1, How.CALL), (S2, How.CALL)]
        assert "waits" not in {one.page.id for one in telephones.look(tx).running()}


def test_what_was_theirs_within_a_day_is_found(database: Database) -> None:
    """Open, or over since then; of pages, and of what they had accepted."""
    with database.write() as tx:
        begin(tx)
        pages.add(tx, page("old", state=PageState.DECLINED, ended_at=NOW))
        pages.add(tx, page("late", state=PageState.DECLINED, ended_at=NOW + MINUTE))
        pages.add(tx, page("open"))
        since = NOW + SECOND
        assert {one.id for one in pages.of_staff_since(tx, S1, since)} == {"late", "open"}
        for name, closed_at in (("then", NOW), ("now", NOW + MINUTE)):
            row = escalation(name)
            rule = replace(row.escalation, status=EscalationStatus.CLOSED, next_at=None, accepted_by=S1)
            escalations.add(tx, replace(row, escalation=rule, closed_at=closed_at))
        assert [one.escalation.id for one in escalations.theirs_since(tx, S1, since)] == ["now"]


def test_what_was_closed_lately_is_found_the_latest_first(database: Database) -> None:
    """Of these kinds alone, and about one contact if it is asked for."""
    both = (Subject.EMERGENCY, Subject.THREAD)
    ids = {"e1": MINUTE, "e2": 2 * MINUTE, "e3": 3 * MINUTE}
    with database.write() as tx:
        for one, after in ids.items():
            about = ContactId("c2" if one == "e2" else "c1")
            escalations.add(tx, replace(closed(one), contact_id=about, closed_at=NOW + after))
        escalations.add(tx, accepted("e4"))

    def found(since: datetime, **more: Any) -> list[str]:
        with database.read() as tx:
            rows = escalations.closed_since(tx, since, both, **{"limit": 9, **more})
        return [row.escalation.id for row in rows]

    assert found(NOW) == ["e3", "e2", "e1"]
    assert found(NOW + MINUTE) == ["e3", "e2"]
    assert found(NOW, limit=1) == ["e3"]
    assert found(NOW, contact_id=ContactId("c2")) == ["e2"]
    with database.read() as tx:
        assert escalations.closed_since(tx, NOW, (Subject.THREAD,), limit=9) == []


def test_the_policies_of_what_phones_ring_for_are_found_and_not_of_what_rests(database: Database) -> None:
    """Each once; what is looked at again only hours later keeps nobody's phone from others."""
    emergency, live = escalation("e1"), escalation("p1", Subject.PERSON)
    resting = replace(emergency.escalation, next_at=NOW + 480 * MINUTE)
    with database.write() as tx:
        for row in (emergency, escalation("e2"), live, escalation("c1", Subject.CALLBACK)):
            escalations.add(tx, row)
    wanted = (Subject.EMERGENCY, Subject.PERSON)
    with database.write() as tx:
        found = escalations.policies_reaching(tx, wanted, NOW)
        assert sorted(one.subject for one in found) == ["emergency", "person"]
        for escalation_id in ("e1", "e2"):
            kept = escalations.get(tx, EscalationId(escalation_id))
            assert kept is not None
            escalations.save(tx, replace(kept, escalation=replace(resting, id=EscalationId(escalation_id))))
        assert escalations.policies_reaching(tx, wanted, NOW) == [live.escalation.policy]
        assert len(escalations.policies_reaching(tx, wanted, NOW + 480 * MINUTE)) == 2
