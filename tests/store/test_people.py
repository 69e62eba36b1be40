"""Messages, callers, members of staff, and the plans they are on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from hotline.carrier_words import TextStatus
from hotline.model import ContactId, How, Language, Line, OutboxId, PhoneNumber, Role, StaffId, Subject
from hotline.oncall.policy import default_policy, late_policy
from hotline.oncall.rotations import Days, Rotation
from hotline.oncall.schedule import Change, ChangeKind, Schedule
from hotline.oncall.staffing.needs import Need
from hotline.oncall.staffing.shift_ask import AskKind, AskState, Shift, ShiftAsk
from hotline.oncall.week_hours import parse_hours
from hotline.store.cases import escalations, pages
from hotline.store.database import Database, Duplicate, Keyring, Stale
from hotline.store.database.periods import Period
from hotline.store.database.tables import messages as messages_table
from hotline.store.duty import calendar_feeds, duty_ledger, shift_asks, shift_changes
from hotline.store.duty.calendar_feeds import CalendarFeed
from hotline.store.duty.duty_ledger import DutyNoted, DutyStretch
from hotline.store.duty.shift_asks import AskedOf
from hotline.store.duty.shift_changes import ShiftChange
from hotline.store.overviews.crew import crew
from hotline.store.people import callers, schedules, staff
from hotline.store.reports.page_times import page_times
from hotline.store.traffic import messages
from hotline.store.traffic.messages import Direction, Media
from tests.store.examples import CALLER, MINUTE, NOW, OTHER, SECOND, escalation, member, message, page

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ROTATED = Keyring((b"b" * 32, b"a" * 32))


def test_a_message_comes_back_as_it_went_in_and_counts_once(database: Database) -> None:
    """A webhook that comes twice adds nothing."""
    given = message(body="two ô", error="30003", outbox_id=OutboxId("o1"))
    with database.write() as tx:
        assert messages.add(tx, given)
        assert not messages.add(tx, replace(given, id="m2", body="again"))
        found = messages.get(tx, "m1"), messages.by_sid(tx, "SM-m1")
        assert found == (given, given)
        assert messages.get(tx, "m2") is None


def test_a_thread_is_read_in_its_order(database: Database) -> None:
    """And no other thread's messages are in it."""
    with database.write() as tx:
        messages.add(tx, message("m2", at=NOW + SECOND))
        messages.add(tx, message("m1"))
        messages.add(tx, message("others", number=OTHER, contact_id=ContactId("c2")))
        assert [one.id for one in messages.of_contact(tx, ContactId("c1"))] == ["m1", "m2"]


def test_a_message_keeps_who_wrote_it_and_what_came_with_it(database: Database) -> None:
    """Media as ids of the provider's; in the database neither they nor their kind can be read."""
    media = (Media("image/jpeg", "ME" + "1" * 32), Media("text/vcard", None))
    given = message("m1", by_staff=StaffId("ana"), media=media)
    with database.write() as tx:
        messages.add(tx, given)
        assert messages.get(tx, "m1") == given
        kept = tx.execute(select(messages_table.c.media)).scalar_one()
    assert "image" not in kept


def test_what_did_not_arrive_is_found_the_newest_first(database: Database) -> None:
    """Only what we sent, and only since then."""
    ends = (TextStatus.FAILED, TextStatus.UNDELIVERED, TextStatus.DELIVERED, TextStatus.CANCELED)
    with database.write() as tx:
        for number, status in enumerate((*ends, TextStatus.QUEUED)):
            out = message(f"m{number}", direction=Direction.OUT, status=status, at=NOW + number * SECOND)
            messages.add(tx, out)
        messages.add(tx, message("theirs", status=TextStatus.FAILED))
        assert [one.id for one in messages.not_sent(tx, NOW, 10)] == ["m3", "m1", "m0"]
        assert [one.id for one in messages.not_sent(tx, NOW + SECOND, 1)] == ["m3"]


def test_a_messages_status_only_moves_forward(database: Database) -> None:
    """Whatever order the reports come in, and even before we know its MessageSid."""
    out = message("m1", direction=Direction.OUT, provider_sid=None, status=TextStatus.ACCEPTED, status_rank=0)
    with database.write() as tx:
        messages.add(tx, out)
        assert messages.advance_own(tx, "m1", TextStatus.DELIVERED, 5)
        messages.sent(tx, "m1", "SM-1", TextStatus.QUEUED, 1)
        assert not messages.advance(tx, "SM-1", TextStatus.SENT, 3)
        assert not messages.advance(tx, "SM-2", TextStatus.SENT, 3)
        found = messages.by_sid(tx, "SM-1")
        assert found is not None
        assert found.status == "delivered"
        assert messages.advance(tx, "SM-1", TextStatus.UNDELIVERED, 6, "30005")
        assert replace(found, status=TextStatus.UNDELIVERED, status_rank=6, error="30005") == messages.get(
            tx, "m1"
        )


def test_a_caller_is_remembered_without_their_number(database: Database, url: str) -> None:
    """Opt-out, language and replies, after a rotation of keys too."""
    with database.write() as tx:
        nobody = callers.get(tx, CALLER)
        assert (nobody.version, nobody.opted_out_at, nobody.replies) == (0, None, 0)
        known = replace(
            nobody,
            opted_out_at=NOW,
            stopped=frozenset({"+16175550100"}),
            started=frozenset({"+18575550100", "+18575550101"}),
            language=Language.ES,
            replies=2,
            replies_since=NOW,
        )
        kept = callers.save(tx, known)
        assert callers.get(tx, CALLER) == kept == replace(known, version=1)
        assert callers.get(tx, OTHER).version == 0
    rotated = Database(url, ROTATED, timedelta(seconds=5))
    with rotated.write() as tx:
        assert callers.get(tx, CALLER) == kept
        assert callers.save(tx, replace(kept, opted_out_at=None)).version == 2
    rotated.dispose()


def test_the_carrier_keeps_a_stop_for_each_pair_of_numbers(database: Database) -> None:
    """A stop told to us is for every number of ours; begun again at one, the carrier's at another still stands."""
    ours, other = "+16175550100", "+18575550100"
    with database.read() as tx:
        nobody = callers.get(tx, CALLER)
    unseen = nobody.refused(ours, NOW)
    assert unseen.is_out(ours)
    assert unseen.is_out(other)
    begun = unseen.opted_in(other)
    assert begun.is_out(ours)
    assert not begun.is_out(other)
    assert begun.refused(ours, NOW) == begun
    assert not begun.opted_in(ours).is_out(ours)
    stopped = begun.opted_out(NOW + SECOND)
    assert stopped.is_out(other)
    assert stopped.opted_in(other).is_out(ours)


def test_a_member_of_staff_comes_back_as_they_went_in(database: Database) -> None:
    """And is found by id, by phone and by name."""
    with database.write() as tx:
        fresh = staff.add(tx, member(name="Ana  Lima"))
        changed = replace(
            fresh,
            roles=frozenset({Role.CLINICIAN, Role.ADMIN}),
            languages=(Language.HT, Language.EN),
            password_hash="$argon2id$x",
            active=False,
            session_epoch=3,
        )
        saved = staff.save(tx, changed)
        assert saved == replace(changed, version=2)
        assert staff.get(tx, StaffId("s1")) == saved
        assert staff.by_phone(tx, saved.phone) == saved
        assert staff.by_name(tx, " ana LIMA ") == saved
        assert staff.matching(tx, "Ana Lima") == staff.matching(tx, saved.phone.e164) == saved
        assert staff.matching(tx, "Ben Ortiz") is None
        assert staff.get(tx, StaffId("s2")) is None


def test_lists_of_staff_are_by_name(database: Database) -> None:
    """Everyone, and those who are active."""
    with database.write() as tx:
        staff.add(tx, member("s1", name="Zoe"))
        staff.add(tx, member("s2", name="ben"))
        staff.add(tx, member("s3", name="Ana", active=False))
        assert [one.name for one in staff.everyone(tx)] == ["Ana", "ben", "Zoe"]
        assert [one.name for one in staff.active(tx)] == ["ben", "Zoe"]


def test_a_name_or_phone_belongs_to_one_person_even_after_a_rotation(database: Database, url: str) -> None:
    """Neither adding nor changing somebody makes a double."""
    ana, ben = member("s1", name="Ana"), member("s2", name="Ben")
    with database.write() as tx:
        staff.add(tx, ana)
    rotated = Database(url, ROTATED, timedelta(seconds=5))
    for double in (replace(ben, name="ANA"), replace(ben, phone=ana.phone)):
        with pytest.raises(Duplicate), rotated.write() as tx:
            staff.add(tx, double)
    with rotated.write() as tx:
        ben = staff.add(tx, ben)
    with pytest.raises(Duplicate), rotated.write() as tx:
        staff.save(tx, replace(ben, phone=ana.phone))
    rotated.dispose()


def test_nobody_sees_a_name_by_looking_at_a_row() -> None:
    """Not in a traceback, not in a log line."""
    shown = repr(member(name="Zoraida", phone=PhoneNumber("+16175550142"), password_hash="$argon2id$x"))
    assert not any(word in shown for word in ("Zoraida", "61755501", "argon2"))
    assert "hello" not in repr(message(body="hello"))


def test_schedules_and_policies_are_replaced_by_name(database: Database) -> None:
    """Loading the same file twice changes nothing; a changed one counts."""
    first = Schedule(name="coordinators", timezone="America/New_York", always=(StaffId("s1"),))
    second = Schedule(name="clinicians", timezone="UTC", always=())
    changed = replace(first, always=(StaffId("s2"), StaffId("s1")))
    with database.write() as tx:
        for schedule in (first, first, second, changed):
            schedules.put(tx, schedule)
        assert schedules.every(tx) == [second, changed]
        assert schedules.policy(tx, Subject.CALLBACK) is None
        emergency = default_policy(Subject.EMERGENCY)
        for policy in (emergency, default_policy(Subject.CALLBACK), late_policy(MINUTE)):
            schedules.put_policy(tx, policy)
        assert schedules.policy(tx, Subject.CALLBACK) == late_policy(MINUTE)
        assert schedules.every_policy(tx) == {
            Subject.CALLBACK: late_policy(MINUTE),
            Subject.EMERGENCY: emergency,
        }


def test_what_a_line_needs_is_replaced_by_name_and_gone_with_nobody(database: Database) -> None:
    spanish = Need(name="Spanish", line=Line.EMERGENCY, role=Role.CLINICIAN, languages=(Language.ES,))
    night = Need(name="night", line=Line.PERSON, people=2, hours=(parse_hours("20:00-08:00"),))
    more = replace(spanish, people=3)
    with database.write() as tx:
        for need in (spanish, spanish, night, more):
            schedules.put_need(tx, need)
        assert schedules.every_need(tx) == [more, night]
        schedules.put_need(tx, replace(night, people=0))
        assert schedules.every_need(tx) == [more]


def test_a_plan_comes_back_as_it_was_and_what_was_changed_with_the_crew(database: Database) -> None:
    """Until it is taken back or long over; one that concerns every schedule counts for each."""
    now = datetime(2026, 3, 2, 20, tzinfo=UTC)
    ana, ben = StaffId("s1"), StaffId("s2")
    rotation = Rotation(
        turns=((ana, ben), (ben,)),
        every=7 * DAY,
        starts=datetime(2026, 1, 5, 7),
        ends=datetime(2027, 1, 5, 7),
        hours=(parse_hours("Fri 20:00-Mon 08:00"), parse_hours("20:00-08:00")),
        days=Days.OTHERS,
        instead=True,
    )
    plan = Schedule(
        name="clinicians",
        timezone="America/New_York",
        rotations=(rotation,),
        holidays="US-MA",
        own_holidays=frozenset({date(2026, 12, 24)}),
        day_begins=time(7),
    )
    other = Schedule(name="coordinators", timezone="America/New_York", always=(ana,))

    def changed(
        name: str, schedule: str | None, at: datetime, instead_of: StaffId | None = None
    ) -> ShiftChange:
        kind = ChangeKind.OFF if instead_of is None else ChangeKind.INSTEAD
        change = Change(kind=kind, person=ben, starts=at, ends=at + DAY, instead_of=instead_of)
        return ShiftChange(id=name, schedule=schedule, change=change, made_by=ana, made_at=at)

    away, instead = changed("c1", None, now), changed("c2", "clinicians", now + MINUTE, ana)
    with database.write() as tx:
        for schedule in (plan, other):
            schedules.put(tx, schedule)
        for one in (away, instead):
            shift_changes.add(tx, one)
    with database.read() as tx:
        assert schedules.every(tx) == [plan, other]
        assert shift_changes.counting(tx) == [away, instead]
        assert crew(tx).schedules == (
            replace(plan, changes=(away.change, instead.change)),
            replace(other, changes=(away.change,)),
        )
    with database.write() as tx:
        assert shift_changes.undo(tx, "c2", ben, now + HOUR)
        assert not shift_changes.undo(tx, "c2", ben, now + HOUR)
        kept = shift_changes.get(tx, "c2")
        assert kept is not None
        assert (kept.undone_by, kept.undone_at) == (ben, now + HOUR)
        assert crew(tx).schedules == (
            replace(plan, changes=(away.change,)),
            replace(other, changes=(away.change,)),
        )
        shift_changes.add(tx, changed("c3", None, now + 3 * DAY))
        assert [one.id for one in shift_changes.counting(tx)] == ["c3"]


def test_what_is_asked_about_shifts_comes_back_as_it_was_with_whom_it_is_asked_of(database: Database) -> None:
    """Whoever is late with what has come of it is told so; a code is known by whose it is."""
    now = datetime(2026, 3, 2, 20, tzinfo=UTC)
    first, other = Shift("clinicians", now + DAY, now + 2 * DAY), Shift("night", now + 3 * DAY, now + 4 * DAY)
    ana, ben = StaffId("s1"), StaffId("s2")
    asked = ShiftAsk(
        id="a1",
        kind=AskKind.SWAP,
        shift=first,
        asked_at=now,
        asked_by=ana,
        person=ana,
        colleague=ben,
        back=other,
    )
    hole = ShiftAsk(id="a2", kind=AskKind.HOLE, shift=first, asked_at=now, need="Spanish")
    with database.write() as tx:
        for one in (member("s1"), member("s2")):
            staff.add(tx, one)
        assert shift_asks.add(tx, asked, {ben: "482913"}) == replace(asked, version=1)
        shift_asks.add(tx, hole, {ana: "482913", ben: "571204"})
    with database.write() as tx:
        assert shift_asks.ahead(tx, now) == [replace(asked, version=1), replace(hole, version=1)]
        assert [one.ask for one in shift_asks.waiting_for(tx, ben)] == ["a1", "a2"]
        found = shift_asks.by_code(tx, ben, "482913")
        assert found == AskedOf("a1", ben, "482913", None)
        assert shift_asks.by_code(tx, ana, "571204") is None
        shift_asks.note(tx, found, now, yes=True)
        assert [one.answer for one in shift_asks.asked_of(tx, "a1")] == [True]
        assert [one.ask for one in shift_asks.waiting_for(tx, ben)] == ["a2"]
        assert shift_asks.begun(tx, now) == []
        assert shift_asks.begun(tx, first.starts) == ["a1"]
        assert set(shift_asks.begun(tx, first.ends)) == {"a1", "a2"}
        taken = shift_asks.save(
            tx, replace(asked, version=1, state=AskState.TAKEN, decided_by=ben, decided_at=now)
        )
    with pytest.raises(Stale), database.write() as tx:
        shift_asks.save(tx, replace(asked, version=1, state=AskState.WITHDRAWN))
    with database.write() as tx:
        assert shift_asks.get(tx, "a1") == taken
        assert [one.id for one in shift_asks.ahead(tx, first.ends)] == ["a2"]
        change = Change(kind=ChangeKind.ON, person=ben, starts=now, ends=now + DAY)
        made = ShiftChange(
            id="c9", schedule="night", change=change, made_by=ana, made_at=now, ask="a1", overruled="ill"
        )
        shift_changes.add(tx, made)
        assert shift_changes.of_ask(tx, "a1") == [made]


def test_an_address_of_a_calendar_is_its_owners_and_ends_by_schedule(database: Database) -> None:
    now = datetime(2026, 3, 2, 20, tzinfo=UTC)
    ana = StaffId("s1")
    own, whole = CalendarFeed("f1", ana, None, ana, now), CalendarFeed("f2", ana, "night", None, now + HOUR)
    with database.write() as tx:
        staff.add(tx, member("s1"))
        for one in (own, whole):
            calendar_feeds.add(tx, one)
    with database.write() as tx:
        assert calendar_feeds.get(tx, "f1") == own
        assert calendar_feeds.of_owner(tx, ana) == [own, whole]
        assert (calendar_feeds.revoke(tx, ana, None), calendar_feeds.revoke(tx, ana, None)) == (1, 0)
        assert calendar_feeds.of_owner(tx, ana) == [whole]
        calendar_feeds.revoke_all(tx, ana)
        assert calendar_feeds.get(tx, "f2") is None


def test_who_was_on_is_noted_once_and_what_goes_on_is_one_stretch(database: Database) -> None:
    """Of two clocks that note the same, one does."""
    now = datetime(2026, 3, 2, 20, tzinfo=UTC)
    ana, ben = StaffId("s1"), StaffId("s2")
    whole = Period(now - DAY, now + DAY)
    with database.write() as tx:
        assert duty_ledger.note(tx, "night", None, now, ())
        assert not duty_ledger.note(tx, "night", None, now, ())
        begun = duty_ledger.noted(tx)["night"]
        first = DutyStretch("night", ana, now, now + HOUR)
        assert duty_ledger.note(tx, "night", begun, now + HOUR, [first])
        assert not duty_ledger.note(tx, "night", begun, now + HOUR, [first])
    with database.write() as tx:
        then = duty_ledger.noted(tx)["night"]
        assert then == DutyNoted(now, now + HOUR)
        more = [DutyStretch("night", one, now + HOUR, now + 2 * HOUR) for one in (ana, ben)]
        assert duty_ledger.note(tx, "night", then, now + 2 * HOUR, more)
    with database.read() as tx:
        assert set(duty_ledger.stretches(tx, whole)) == {
            DutyStretch("night", ana, now, now + 2 * HOUR),
            DutyStretch("night", ben, now + HOUR, now + 2 * HOUR),
        }
        assert duty_ledger.stretches(tx, Period(now + 2 * HOUR, now + DAY)) == []


def test_when_somebody_was_paged_and_whether_they_picked_up_is_found(database: Database) -> None:
    rung = page("p1", answered_at=NOW + SECOND, ended_at=NOW + MINUTE)
    texted = page("p2", how=How.TEXT, answered_at=NOW + SECOND)
    with database.write() as tx:
        staff.add(tx, member("s1"))
        escalations.add(tx, escalation())
        for one in (rung, texted):
            pages.add(tx, one)
    with database.read() as tx:
        found = page_times(tx, Period(NOW, NOW + DAY))
        assert [(one.placed, one.answered, one.ended) for one in found] == [
            (NOW, True, NOW + MINUTE),
            (NOW, False, None),
        ]
        assert page_times(tx, Period(NOW + SECOND, NOW + DAY)) == []
