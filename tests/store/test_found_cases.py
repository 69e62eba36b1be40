"""Cases are found by what is known of them, by whoever may see them, a page at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from hotline.callbacks.callback import CallbackKind, CallbackStatus
from hotline.model import (
    CallbackId,
    Channel,
    ContactId,
    EscalationId,
    Language,
    Line,
    Outcome,
    PhoneNumber,
    RoomName,
    StaffId,
    Subject,
)
from hotline.oncall.escalation import EscalationStatus
from hotline.store.cases import callbacks, contacts, escalations
from hotline.store.database import Database, Tx
from hotline.store.looking_back import exports, found_cases
from hotline.store.looking_back.exports import Export
from hotline.store.looking_back.found_cases import CaseFilter, CaseKind, FoundAt, Sides
from tests.store.examples import CALLER, MINUTE, NOW, OTHER, callback, contact, escalation

ANA, BEN, CHLOE = StaffId("s-ana"), StaffId("s-ben"), StaffId("s-chloe")
BOTH = Sides(admissions=True, clinical=True, viewer=ANA)
ADMISSIONS = Sides(admissions=True, clinical=False, viewer=ANA)
CLINICAL = Sides(admissions=False, clinical=True, viewer=CHLOE)
NEITHER = Sides(admissions=False, clinical=False, viewer=BEN)


def at(minutes: int) -> datetime:
    return NOW + minutes * MINUTE


def call(tx: Tx, contact_id: str, minutes: int, **different: Any) -> None:
    """A call or text that is over."""
    given = {"line": Line.ADMISSIONS, "outcome": Outcome.REACHED, **different}
    over = {"opened_at": at(minutes), "ended_at": at(minutes + 1), "provider_sid": f"CA{contact_id}"}
    contacts.add(tx, contact(contact_id, **{**over, **given}))


def promised(tx: Tx, callback_id: str, contact_id: str, minutes: int, **different: Any) -> None:
    """A callback that is over, and the call that asked for it."""
    of_call = {"channel": different.pop("channel", Channel.VOICE), "caller": different.pop("caller", CALLER)}
    number = different.pop("number", of_call["caller"])
    call(tx, contact_id, minutes, outcome=Outcome.CALLBACK, callback_id=CallbackId(callback_id), **of_call)
    closed = different.pop("closed", True)
    given = {"outcome": Outcome.REACHED, "owner": ANA, "status": CallbackStatus.CLOSED} if closed else {}
    row = callback(callback_id, number, opened_at=at(minutes), **{**given, **different})
    row = replace(row, contact_id=ContactId(contact_id), room=RoomName(f"room-{contact_id}"))
    callbacks.add(tx, replace(row, closed_at=at(minutes + 30) if closed else None))


def had(tx: Tx, escalation_id: str, contact_id: str, minutes: int, by: StaffId, **different: Any) -> None:
    """Somebody had what led to no callback."""
    row = escalation(escalation_id, Subject.ADMISSIONS)
    rule = replace(row.escalation, accepted_by=by, opened_at=at(minutes), status=EscalationStatus.CLOSED)
    rule = replace(rule, **different)
    row = replace(row, contact_id=ContactId(contact_id), room=RoomName(f"room-{contact_id}"))
    over = rule.status is EscalationStatus.CLOSED
    escalations.add(tx, replace(row, escalation=rule, closed_at=at(minutes + 5) if over else None))


@pytest.fixture
def kept(database: Database) -> Database:
    """A little of everything."""
    with database.write() as tx:
        promised(tx, "ba01", "ca01", 1)
        promised(tx, "ba02", "ca02", 2, owner=BEN, outcome=Outcome.BOOKED_INTAKE, language=Language.HT)
        promised(tx, "ba03", "ca03", 3, line=Line.FAMILY, channel=Channel.TEXT, caller=OTHER)
        promised(tx, "ba04", "ca04", 4, closed=False)
        promised(tx, "ba05", "ca05", 5, kind=CallbackKind.FOLLOW_UP, line=Line.PERSON, owner=CHLOE)
        call(tx, "ca06", 6, language=Language.ES)
        had(tx, "ea06", "ca06", 6, ANA)
        call(tx, "ca07", 7, line=Line.EMERGENCY, outcome=Outcome.EMERGENCY)
        had(tx, "ea07", "ca07", 7, CHLOE, subject=Subject.EMERGENCY)
        call(tx, "ca08", 8, line=None, outcome=Outcome.LEFT_EARLY, caller=None)
        call(tx, "ca09", 9, channel=Channel.TEXT, ended_at=None, outcome=None, caller=OTHER)
        had(tx, "ea09", "ca09", 9, BEN, subject=Subject.EMERGENCY, status=EscalationStatus.ACCEPTED)
        call(tx, "ca10", 10, outbound=True, callback_id=CallbackId("ba01"))
    return database


def found(
    database: Database, sides: Sides = BOTH, at_most: int = 50, before: FoundAt | None = None, **wanted: Any
) -> list[str]:
    """The references, the latest first."""
    with database.read() as tx:
        page = found_cases.find(tx, CaseFilter(**wanted), sides, at_most, before)
        return [one.reference for one in page.cases]


def test_everything_that_came_in_is_one_case(kept: Database) -> None:
    """A callback, or what led to none; our own calls are no cases."""
    assert found(kept) == ["ca09", "ca08", "ca07", "ca06", "ba05", "ba04", "ba03", "ba02", "ba01"]


WANTED: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a number": ({"number": OTHER}, ["ca09", "ba03"]),
    "nobody's number": ({"number": PhoneNumber("+16175550100")}, []),
    "a reference of a callback": ({"reference": "ba02"}, ["ba02"]),
    "a reference of a call": ({"reference": "ca06"}, ["ca06"]),
    "from": ({"since": at(8)}, ["ca09", "ca08"]),
    "until": ({"until": at(2)}, ["ba01"]),
    "a line": ({"line": Line.FAMILY}, ["ba03"]),
    "a language": ({"language": Language.HT}, ["ba02"]),
    "another language": ({"language": Language.ES}, ["ca06"]),
    "calls": ({"kind": CaseKind.CALL}, ["ca08", "ca06", "ba05", "ba04", "ba02", "ba01"]),
    "texts": ({"kind": CaseKind.TEXT}, ["ca09", "ba03"]),
    "emergencies": ({"kind": CaseKind.EMERGENCY}, ["ca07"]),
    "an outcome": ({"outcome": Outcome.BOOKED_INTAKE}, ["ba02"]),
    "an outcome of both": ({"outcome": Outcome.REACHED}, ["ca06", "ba05", "ba03", "ba01"]),
    "open": ({"still_open": True}, ["ca09", "ba04"]),
    "who had it": ({"by": ANA}, ["ca06", "ba03", "ba01"]),
    "who has it": ({"by": BEN}, ["ca09", "ba02"]),
    "several at once": (
        {"by": BEN, "outcome": Outcome.BOOKED_INTAKE, "language": Language.HT, "line": Line.ADMISSIONS},
        ["ba02"],
    ),
    "who, and open": ({"by": BEN, "still_open": True}, ["ca09"]),
    "who, in a language": ({"by": ANA, "language": Language.ES}, ["ca06"]),
    "several that don't meet": ({"by": BEN, "outcome": Outcome.DECLINED}, []),
    "a number on a line": ({"number": OTHER, "line": Line.FAMILY, "outcome": Outcome.REACHED}, ["ba03"]),
}


@pytest.mark.parametrize("what", WANTED)
def test_cases_are_found_by(kept: Database, what: str) -> None:
    """Alone and together."""
    wanted, expected = WANTED[what]
    assert found(kept, **wanted) == expected


SIDES: dict[str, tuple[Sides, list[str]]] = {
    "admissions": (ADMISSIONS, ["ca08", "ca06", "ba04", "ba03", "ba02", "ba01"]),
    "clinical": (CLINICAL, ["ca07", "ba05"]),
    "neither": (NEITHER, ["ba02"]),
}


@pytest.mark.parametrize("side", SIDES)
def test_a_side_sees_its_own(kept: Database, side: str) -> None:
    """And whatever callback was their own; a text in which there is an emergency now is the clinical side's."""
    sides, expected = SIDES[side]
    assert found(kept, sides) == expected


def test_page_by_page_each_case_comes_once(kept: Database) -> None:
    """Also where several began in the same moment."""
    with kept.write() as tx:
        for n in range(7):
            call(tx, f"cb{n:02}", 20)
    everything = found(kept)
    for size in (1, 2, 3, 5):
        pages: list[str] = []
        before: FoundAt | None = None
        while True:
            with kept.read() as tx:
                page = found_cases.find(tx, CaseFilter(), BOTH, size, before)
            pages += [one.reference for one in page.cases]
            before = page.behind
            if before is None:
                break
        assert pages == everything


def test_a_number_finds_whoever_withheld_it_and_typed_it(database: Database) -> None:
    """And a call from it that asked for a callback elsewhere; each case once."""
    with database.write() as tx:
        promised(tx, "ba01", "ca01", 1, caller=None, number=OTHER)
        promised(tx, "ba02", "ca02", 2, caller=OTHER, number=CALLER)
        promised(tx, "ba03", "ca03", 3, caller=OTHER)
    assert found(database, number=OTHER) == ["ba03", "ca02", "ba01"]
    assert found(database, number=CALLER) == ["ba02"]


def test_what_is_told_of_a_case(kept: Database) -> None:
    """Who had it, how it ended, and whose number it is."""
    with kept.read() as tx:
        cases = {one.reference: one for one in found_cases.find(tx, CaseFilter(), BOTH, 50).cases}
    booked, text = cases["ba02"], cases["ca09"]
    assert (booked.by, booked.outcome, booked.open, booked.number) == (
        BEN,
        Outcome.BOOKED_INTAKE,
        False,
        CALLER,
    )
    assert (booked.contact, booked.at) == (ContactId("ca02"), at(2))
    assert (text.by, text.outcome, text.open, text.kind) == (BEN, None, True, CaseKind.TEXT)
    assert (cases["ca06"].by, cases["ca08"].by, cases["ca08"].number) == (ANA, None, None)


def test_who_calls_in_the_emergency_of_a_text_is_told_of_as_whose_that_was(kept: Database) -> None:
    """They wrote, and then called: both are one emergency."""
    with kept.write() as tx:
        call(tx, "ca11", 11, line=Line.EMERGENCY, caller=OTHER, escalation_id=EscalationId("ea09"))
    with kept.read() as tx:
        newest = found_cases.find(tx, CaseFilter(), BOTH, 1).cases[0]
    assert (newest.reference, newest.by) == ("ca11", BEN)


def test_who_was_asked_in_beside_them_had_nothing_of_it(kept: Database) -> None:
    """A clinician in a talk, help in an emergency, a supervisor: it is whose who took it, and is found by that."""
    aside = (Subject.CLINICIAN, Subject.HELP, Subject.SUPERVISOR, Subject.SECOND)
    with kept.write() as tx:
        for place, subject in enumerate(aside):
            had(tx, f"eb{place}", "ca06", 7 + place, BEN, subject=subject)
            had(tx, f"ec{place}", "ca07", 8 + place, BEN, subject=subject)
    with kept.read() as tx:
        cases = {one.reference: one for one in found_cases.find(tx, CaseFilter(), BOTH, 50).cases}
    assert (cases["ca06"].by, cases["ca07"].by) == (ANA, CHLOE)
    assert found(kept, by=BEN) == ["ca09", "ba02"]


def test_an_emergency_that_the_clock_calls_back_is_whose_it_was_taken_by(kept: Database) -> None:
    """Its callback itself is nobody's; another of the same person's that nobody has stays nobody's."""
    with kept.write() as tx:
        promised(tx, "ba12", "ca12", 12, line=Line.EMERGENCY, closed=False)
        had(tx, "ea12", "ca12", 12, CHLOE, subject=Subject.EMERGENCY, status=EscalationStatus.ACCEPTED)
    with kept.read() as tx:
        cases = {one.reference: one for one in found_cases.find(tx, CaseFilter(), BOTH, 50).cases}
    assert (cases["ba12"].by, cases["ba04"].by) == (CHLOE, None)


def test_an_emergency_that_is_called_back_is_told_as_it_began_and_came(kept: Database) -> None:
    """It came by text; its callback is opened when they are called, later than a call of theirs that is its own row.
    Whatever the pages' size, each comes once."""
    with kept.write() as tx:
        call(tx, "ca14", 15, line=Line.EMERGENCY, escalation_id=EscalationId("ea13"))
        had(tx, "ea13", "ca13", 10, CHLOE, subject=Subject.EMERGENCY)
        promised(tx, "ba13", "ca13", 17, line=Line.EMERGENCY, channel=Channel.TEXT)
        owed = callbacks.get(tx, CallbackId("ba13"))
        assert owed is not None
        callbacks.save(tx, replace(owed, escalation_id=EscalationId("ea13")))
    with kept.read() as tx:
        cases = found_cases.find(tx, CaseFilter(), BOTH, 50).cases
        paged, before = [], None
        while True:
            page = found_cases.find(tx, CaseFilter(), BOTH, 1, before)
            paged += [one.reference for one in page.cases]
            if (before := page.behind) is None:
                break
    assert [(one.reference, one.at, one.channel) for one in cases[:2]] == [
        ("ca14", at(15), Channel.VOICE),
        ("ba13", at(10), Channel.TEXT),
    ]
    assert sorted(paged) == sorted(one.reference for one in cases)


def test_what_left_the_house_is_known_by_case(database: Database) -> None:
    """Each contact of a file once, however many of its callbacks were in it."""
    one, two = (Export(f"x{n}", at(n), ANA, "the auditor of the state", "line family") for n in (1, 2))
    add: Callable[[Tx, str, list[str]], None] = lambda tx, export, some: exports.add(  # noqa: E731
        tx, export, [ContactId(each) for each in some], len(some)
    )
    with database.write() as tx:
        for each in (one, two):
            exports.begin(tx, each)
        add(tx, "x1", ["c1", "c1", "c2"])
        add(tx, "x1", ["c2", "c3"])
        add(tx, "x2", ["c3"])
    with database.read() as tx:
        assert exports.get(tx, "x1") == replace(one, cases=5)
        assert exports.get(tx, "x9") is None
        of_three = exports.with_any(tx, [ContactId("c3"), ContactId("c9")])
        assert [(export.id, export.reason, contact) for export, contact in of_three] == [
            ("x1", "the auditor of the state", "c3"),
            ("x2", "the auditor of the state", "c3"),
        ]


def test_by_the_number_of_ours_that_they_used(kept: Database) -> None:
    """Whatever service it was used by; a callback by the number that it is made from."""
    unit = PhoneNumber("+16175550131")
    with kept.write() as tx:
        call(tx, "ca21", 21, our_number=unit.e164)
        call(tx, "ca22", 22, our_number=f"whatsapp:{unit.e164}", channel=Channel.TEXT)
        promised(tx, "ba23", "ca23", 23)
        row = callbacks.get(tx, CallbackId("ba23"))
        assert row is not None
        callbacks.save(tx, replace(row, our_number=unit.e164))
    assert found(kept, reached_at=unit) == ["ba23", "ca22", "ca21"]
    assert found(kept, reached_at=PhoneNumber("+16175550199")) == []
    with kept.read() as tx:
        (newest, second, _) = found_cases.find(tx, CaseFilter(reached_at=unit), BOTH, 50).cases
    assert (newest.reached_at, second.reached_at) == (unit.e164, f"whatsapp:{unit.e164}")
