"""Staff telephones, asked for once for many people; and many rows saved at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hotline.carrier_words import CallEnd
from hotline.model import Channel, EscalationId, How, RoomName, Subject
from hotline.store.cases import contacts, escalations, pages
from hotline.store.cases.pages import PageState, Purpose
from hotline.store.database import Database, Stale, Tx
from hotline.store.overviews import holding, phones, staff_calls, telephones
from hotline.store.people import staff
from hotline.store.traffic import calls_seen
from tests.store.examples import MINUTE, NOW, SECOND, contact, due_by, escalation, member, page
from tests.store.test_escalations import S1, S2, accepted, begin

THREAD = EscalationId("thread")


def both(tx: Tx) -> None:
    """An emergency e1, a text that must be read, and two people."""
    begin(tx)
    escalations.add(tx, escalation("thread", Subject.THREAD))


def test_whose_line_is_open_and_whose_for_an_emergency(database: Database) -> None:
    """Ringing, in use, or settled with its end not told; a key that they asked for is as pressing as an emergency."""
    with database.write() as tx:
        both(tx)
        staff.add(tx, member("s3"))
        crew = [S1, S2, member("s3").id]
        assert phones.lines(tx, crew, NOW) == phones.Lines(frozenset(), frozenset())
        waits = page("waits", staff_id=S1, state=PageState.COVERED)
        pages.add(tx, waits)
        pages.add(tx, replace(waits, id=page("text").id, how=How.TEXT, state=PageState.PLACED))
        assert phones.lines(tx, crew, NOW).open == frozenset()
        pages.add(tx, replace(page("less", staff_id=S1), escalation_id=THREAD, pressing=False))
        assert phones.lines(tx, crew, NOW) == phones.Lines(frozenset({S1}), frozenset())
        asked = page("asked", staff_id=S2, purpose=Purpose.CLOSE)
        pages.add(tx, replace(asked, escalation_id=THREAD))
        assert phones.lines(tx, crew, NOW) == phones.Lines(frozenset({S1, S2}), frozenset({S2}))
        done = page(
            "done",
            staff_id=crew[2],
            state=PageState.DECLINED,
            answered_at=NOW,
            ended_at=NOW,
            provider_sid="CA1",
        )
        pages.add(tx, done)
        assert phones.lines(tx, crew, NOW).pressing == frozenset({S2, crew[2]})
        assert phones.lines(tx, crew, NOW + SECOND).pressing == frozenset({S2})
        calls_seen.report(tx, "CA1", 1, CallEnd.COMPLETED, NOW)
        assert phones.lines(tx, crew, NOW).pressing == frozenset({S2})


def test_who_was_texted_a_moment_ago_about_an_emergency(database: Database) -> None:
    """Not what waits to be told, what is about less, or what is older."""
    with database.write() as tx:
        both(tx)
        text = page("t1", staff_id=S1, how=How.TEXT, placed_at=NOW)
        pages.add(tx, replace(text, state=PageState.COVERED))
        pages.add(tx, replace(text, id=page("t2").id, escalation_id=THREAD, pressing=False))
        assert phones.told_at(tx, [S1, S2], NOW - SECOND).keys() == frozenset()
        pages.add(tx, replace(text, id=page("t3").id))
        assert phones.told_at(tx, [S1, S2], NOW - SECOND).keys() == {S1}
        assert phones.told_at(tx, [S2], NOW - SECOND).keys() == frozenset()
        assert phones.told_at(tx, [S1, S2], NOW).keys() == frozenset()


def test_a_text_that_never_left_keeps_no_other_back(database: Database) -> None:
    """It waited to be merged with others, and was called off; one that had left counts, whatever became of it."""
    with database.write() as tx:
        both(tx)
        gone = page("t1", staff_id=S1, how=How.TEXT, placed_at=NOW, state=PageState.CALLED_OFF, ended_at=NOW)
        pages.add(tx, gone)
        assert phones.told_at(tx, [S1], NOW - SECOND).keys() == frozenset()
        pages.add(tx, replace(gone, id=page("t2").id, provider_sid="SM1"))
        assert phones.told_at(tx, [S1], NOW - SECOND).keys() == {S1}


def test_of_many_texts_to_somebody_the_last_one_is_read(database: Database) -> None:
    """However many emergencies there were lately: this is asked for whenever somebody is rung."""
    with database.write() as tx:
        both(tx)
        for number in range(5):
            pages.add(tx, page(f"t{number}", staff_id=S1, how=How.TEXT, placed_at=NOW + number * SECOND))
        found = telephones.look(tx, NOW - MINUTE)
        assert (found.lines, found.last_text) == ((), {S1: NOW + 4 * SECOND})


def test_what_waits_for_whom(database: Database) -> None:
    """Each with what it is about; a text that was told of waits, and is not untold."""
    with database.write() as tx:
        both(tx)
        covered = page("c1", staff_id=S1, state=PageState.COVERED)
        pages.add(tx, covered)
        told = replace(
            covered, id=page("c2").id, how=How.TEXT, escalation_id=THREAD, pressing=False, sent_at=NOW
        )
        pages.add(tx, replace(told, placed_at=NOW + SECOND))
        pages.add(tx, replace(covered, id=page("over").id, ended_at=NOW))
        found = phones.waiting(tx, [S1, S2])
        assert [(one.id, about.escalation.id) for one, about in found] == [("c1", "e1"), ("c2", "thread")]
        assert phones.waiting(tx, [S2]) == []
        assert due_by(tx, NOW).untold == [(S1, How.CALL)]


def test_emergencies_that_wait_for_one_phone_are_two_at_most(database: Database) -> None:
    """Whichever one is looked away from, another still keeps the phone."""
    with database.write() as tx:
        begin(tx)
        for number in range(5):
            about = escalations.add(tx, escalation(f"more{number}")).escalation.id
            covered = page(f"c{number}", staff_id=S1, state=PageState.COVERED)
            pages.add(tx, replace(covered, escalation_id=about))
        found = staff_calls.all_open(tx)
        assert len({one.page.escalation_id for one in found}) == len(found) == 2
        assert {one.page.staff_id for one in found} == {S1}


def test_codes_that_are_somebody_s_already(database: Database) -> None:
    """Each with whose it is; nothing for those that nobody has."""
    with database.write() as tx:
        begin(tx)
        pages.add(tx, page("p1", staff_id=S1, reference="111111"))
        pages.add(tx, page("p2", staff_id=S2, reference="222222", ended_at=NOW))
        found = pages.references(tx, ["111111", "222222", "333333"])
        assert found == {(S1, "111111"), (S2, "222222")}


def test_rooms_in_which_somebody_is_on_the_line(database: Database) -> None:
    """Not texts, not what has ended, not a call of ours that rings."""
    with database.write() as tx:
        rows: dict[str, dict[str, object]] = {
            "talks": {},
            "rings": {"state": "asked"},
            "over": {"ended_at": NOW},
            "text": {"channel": Channel.TEXT, "provider_sid": None},
        }
        for name, different in rows.items():
            contacts.add(tx, contact(name, room=RoomName(name), **different))
        rooms = [RoomName(name) for name in ("talks", "rings", "over", "text", "nowhere")]
        assert contacts.rooms_on_the_line(tx, rooms, "asked") == {"talks"}


def test_what_was_accepted_is_found_by_who_is_in_its_room(database: Database) -> None:
    """A caller in one of these states, who has not hung up; with when the last page for them was over."""
    with database.write() as tx:
        staff.add(tx, member("s1"))
        for name, subject in (
            ("left", Subject.FAMILY),
            ("gone", Subject.FAMILY),
            ("urgent", Subject.EMERGENCY),
        ):
            row = accepted(name)
            rule = replace(row.escalation, subject=subject)
            escalations.add(tx, replace(row, escalation=rule, room=RoomName(name)))
            contacts.add(
                tx,
                contact(name, room=RoomName(name), state="alone", ended_at=NOW if name == "gone" else None),
            )
        pages.add(tx, replace(page("p1", ended_at=NOW), escalation_id=EscalationId("left")))
        found = holding.everybody(tx, ["alone"])
        assert [(one.row.escalation.id, one.last_over, dict(one.paged_at)) for one in found] == [
            ("left", NOW, {S1: NOW})
        ]
        assert holding.everybody(tx, ["elsewhere"]) == []


def test_many_pages_and_escalations_are_saved_at_once(database: Database) -> None:
    """Each with its next version, as one by one."""
    with database.write() as tx:
        begin(tx)
        made = pages.add_all(tx, [page("p1", staff_id=S1), page("p2", staff_id=S2)])
        other = escalations.add(tx, escalation("e2"))
        first = escalations.get(tx, EscalationId("e1"))
        assert first is not None
        pages.save_all(tx, [replace(one, state=PageState.UNREACHED, ended_at=NOW) for one in made])
        escalations.save_all(tx, [replace(one, touched_at=NOW + MINUTE) for one in (first, other)])
        pages.save_all(tx, [])
        assert [escalations.get(tx, one.escalation.id) for one in (first, other)] == [
            replace(one, touched_at=NOW + MINUTE, version=one.version + 1) for one in (first, other)
        ]
    with database.read() as tx:
        found = [pages.get(tx, one.id) for one in made]
        assert [(one.state, one.version) for one in found if one] == [(PageState.UNREACHED, 2)] * 2


def test_if_one_of_many_was_changed_meanwhile_none_is_saved(database: Database) -> None:
    """As one by one: it raises Stale, and the transaction is undone."""
    with database.write() as tx:
        begin(tx)
        made = pages.add_all(tx, [page("p1", staff_id=S1), page("p2", staff_id=S2)])
        pages.save(tx, replace(made[1], state=PageState.RINGING))
    with pytest.raises(Stale), database.write() as tx:
        pages.save_all(tx, [replace(one, state=PageState.UNREACHED) for one in made])
    with database.read() as tx:
        found = [pages.get(tx, one.id) for one in made]
        assert [one.state for one in found if one] == [PageState.PLACED, PageState.RINGING]


def test_a_row_that_was_written_is_known_as_it_would_be_read(database: Database) -> None:
    """Within its transaction and after it, with everything that the database adds by itself."""
    with database.write() as tx:
        begin(tx)
        written = pages.add(tx, page("p1", staff_id=S1))
        assert pages.get(tx, written.id) == written
        saved = pages.save(tx, replace(written, state=PageState.RINGING, provider_sid="CA1"))
        within = pages.get(tx, written.id), staff.get(tx, S1), escalations.get(tx, EscalationId("e1"))
        assert within[0] == saved
    with database.read() as tx:
        assert (
            pages.get(tx, written.id),
            staff.get(tx, S1),
            escalations.get(tx, EscalationId("e1")),
        ) == within
