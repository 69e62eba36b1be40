"""What comes after a talk, on the board: intakes, those who aren't admitted, and calls after an emergency."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from hotline.callbacks.callback import CallbackKind
from hotline.commands.report import count, sheet, told
from hotline.model import AuditKind, CallbackId, ContactId, EscalationId, Outcome, PhoneNumber
from hotline.operations import every_second, flow_state
from hotline.operations.callbacks import stopping
from hotline.operations.console import coordinator, reopening
from hotline.operations.console.board import Board, board
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, contacts, follow_ups, intakes
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.cases.follow_ups import FollowUpState
from hotline.store.cases.intakes import IntakeRow, IntakeState
from hotline.store.database.periods import Period
from hotline.store.people import audit
from hotline.store.reports.dispositions import dispositions
from hotline.store.reports.follow_through_counts import FollowUpBecame, FollowUpCount, followed_up
from tests.console.centre import Centre, press, token
from tests.console.test_admissions_record import owed, writes
from tests.console.test_live_talks import talked

ANA, BEN, CHLOE, EVE, ADAM = "Ana Lima", "Ben Ortiz", "Chloe Baptiste", "Eve Stone", "Adam Cole"
BOSTON = ZoneInfo("America/New_York")
PLACE = "Harbor House, door B"


def says(client: FlaskClient, address: str, **form: str) -> tuple[str, bool]:
    """What is answered to a press, and whether it was done."""
    answer = press(client, address, script=True, **form).json
    assert answer is not None
    return answer["said"], answer["good"]


def shown(centre: Centre, name: str = ANA) -> Board:
    return centre.application.look(lambda transaction: board(transaction, centre.people[name]))


def beat(centre: Centre) -> None:
    """The clock looks once."""
    every_second.beat(centre.application)


def the_intakes(centre: Centre, contact: ContactId) -> list[IntakeRow]:
    return centre.application.look(lambda transaction: intakes.of_case(transaction.tx, contact)[0])


def row_of(centre: Centre, callback: CallbackId) -> CallbackRow:
    found = centre.application.look(lambda transaction: callbacks.get(transaction.tx, callback))
    assert found is not None
    return found


def booked(centre: Centre, **form: str) -> tuple[CallbackId, ContactId, str]:
    """A callback of Ana's ended with an intake: the callback, its contact, and the intake."""
    callback, contact = owed(centre)
    centre.claims(ANA, callback)
    given = form or {"unknown": "yes"}
    said = says(
        centre.signed_in(ANA), f"/board/callbacks/{callback}/outcome", outcome="booked_intake", **given
    )
    lacks = "" if form else " Not known yet: its day and time and its place."
    assert said == (f"Saved: intake booked.{lacks}", True)
    (row,) = the_intakes(centre, contact)
    return callback, contact, row.id


def at(centre: Centre, day: int, hour: int, minute: int = 0) -> None:
    """It is this time in March, on the centre's wall."""
    now = datetime(2026, 3, day, hour, minute, tzinfo=BOSTON)
    centre.clock.pass_by(now - centre.clock.now)


# --- intakes -----------------------------------------------------------------------------------------------------


def test_an_intake_is_booked_with_its_day_time_and_place(centre: Centre) -> None:
    """They asked on Monday at one: Wednesday at ten is within 48 hours, Thursday isn't."""
    _, contact, intake = booked(centre, starts="2026-03-04T10:00", place=PLACE)
    ana = centre.signed_in(ANA)
    page = ana.get("/board").text
    assert PLACE in page
    assert "Within 48 hours of asking" in page
    said = says(ana, f"/board/intakes/{intake}/when", starts="2026-03-05T10:00", place=PLACE)
    assert said == ("Saved: when and where the intake is.", True)
    assert "More than 48 hours after asking" in ana.get("/board").text
    assert PLACE not in centre.signed_in(ADAM).get("/board").text
    (row,) = the_intakes(centre, contact)
    assert row.starts_at == datetime(2026, 3, 5, 10, 0, tzinfo=BOSTON)


def test_by_key_it_is_asked_for_afterwards_when_and_where(centre: Centre) -> None:
    """A key says only that one is booked."""
    _, _, intake = booked(centre)
    ana = centre.signed_in(ANA)
    assert "when and where?" in ana.get("/board").text
    assert says(ana, f"/board/intakes/{intake}/when", starts="", place=PLACE)[1] is False
    assert says(ana, f"/board/intakes/{intake}/when", starts="2026-03-04T10:00", place="")[1] is False
    assert says(ana, f"/board/intakes/{intake}/when", starts="2026-03-04T10:00", place=PLACE)[1] is True
    assert "when and where?" not in ana.get("/board").text


def test_on_the_day_after_somebody_says_that_they_came(centre: Centre) -> None:
    """Not before; and then nothing more is owed."""
    _, contact, intake = booked(centre, starts="2026-03-04T10:00", place=PLACE)
    at(centre, 4, 15)
    page = centre.signed_in(ANA).get("/board").text
    assert PLACE in page
    assert "Did they come?" not in page
    at(centre, 5, 9)
    beat(centre)
    ben = centre.signed_in(BEN)
    assert "Did they come?" in ben.get("/board").text
    assert says(ben, f"/board/intakes/{intake}/came", came="yes") == ("Saved: they came.", True)
    assert says(ben, f"/board/intakes/{intake}/came", came="no")[1] is False
    at(centre, 5, 15)
    beat(centre)
    assert shown(centre).callbacks == ()
    assert the_intakes(centre, contact)[0].state is IntakeState.CAME


def test_who_stands_at_the_desk_is_ticked_on_the_day_itself(centre: Centre) -> None:
    """They come early; that somebody didn't come can be said once its time has come, and when it is asked is told."""
    _, contact, intake = booked(centre, starts="2026-03-04T10:00", place=PLACE)
    came, missed = "They came<", "They didn't<"

    def page(hour: int, minute: int = 0) -> str:
        at(centre, 4, hour, minute)
        return centre.signed_in(ANA).get("/board").text

    assert came not in page(8)
    assert "Whether they came is asked on" in page(8)
    early = page(9, 30)
    assert came in early
    assert missed not in early
    assert missed in page(10, 30)
    assert says(centre.signed_in(ANA), f"/board/intakes/{intake}/came", came="yes") == (
        "Saved: they came.",
        True,
    )
    assert the_intakes(centre, contact)[0].state is IntakeState.CAME


def test_who_cancels_an_intake_is_called_by_nobody(centre: Centre) -> None:
    """It stands on the timeline and in the report, and is taken back a moment later like the others."""
    _, contact, intake = booked(centre, starts="2026-03-04T10:00", place=PLACE)
    ana = centre.signed_in(ANA)
    said = says(ana, f"/board/intakes/{intake}/came", came="cancelled")
    assert said == ("Saved: they cancelled it. Nobody calls them because of it.", True)
    assert "They cancelled" in ana.get("/board").text
    assert says(ana, f"/board/intakes/{intake}/came-undo")[1]
    assert says(ana, f"/board/intakes/{intake}/came", came="cancelled")[1]
    assert "They cancelled their intake" in ana.get(f"/threads/{contact}").text
    at(centre, 5, 15)
    beat(centre)
    assert shown(centre).callbacks == ()
    (row,) = the_intakes(centre, contact)
    assert (row.state, row.due_at) == (IntakeState.CANCELLED, None)
    counted = centre.application.look(
        lambda transaction: sheet(count(transaction.tx, transaction.now, 7, BOSTON))
    )
    assert any("cancelled" in line and "intake" in line for line in counted.splitlines())


@pytest.mark.parametrize("came", ["yes", "no", "cancelled"])
def test_whether_they_came_is_taken_back_a_moment_later(centre: Centre, came: str) -> None:
    """By whoever works, for five minutes; it is asked again, the call that came of it is off, and who did so is on
    record. Nobody is called off who is being called."""
    _, contact, intake = booked(centre, starts="2026-03-04T10:00", place=PLACE)
    at(centre, 5, 10)
    before = the_intakes(centre, contact)[0].due_at
    ben, undo = centre.signed_in(BEN), f"/board/intakes/{intake}/came-undo"
    says(ben, f"/board/intakes/{intake}/came", came=came)
    board_now = ben.get("/board").text
    assert f'id="marked-{intake}"' in board_now
    assert f'action="{undo}"' in board_now
    assert says(ben, undo) == ("Taken back: whether they came is asked again.", True)
    (row,) = the_intakes(centre, contact)
    assert (row.state, row.due_at, row.marked_by) == (IntakeState.BOOKED, before, None)
    assert shown(centre).callbacks == ()
    assert shown(centre).intakes[0].to_be_marked
    assert f'id="marked-{intake}"' not in ben.get("/board").text
    entries = centre.application.look(
        lambda transaction: audit.about(transaction.tx, AuditKind.INTAKE, intake)
    )
    assert [one.staff_id for one in entries].count(centre.people[BEN]) == 2
    says(ben, f"/board/intakes/{intake}/came", came=came)
    if came == "no":
        centre.claims(BEN, shown(centre).callbacks[0].callback)
        assert says(ben, undo)[1] is False
    else:
        centre.clock.pass_by(timedelta(minutes=5))
        assert says(ben, undo)[1] is False
    assert the_intakes(centre, contact)[0].state is not IntakeState.BOOKED


def test_a_call_that_was_taken_back_is_told_as_that_and_as_nobody_s_refusal(centre: Centre) -> None:
    """On the board, on their page and in the search; how the talk with them ended stays what was said of it."""
    _, contact, intake = booked(centre, starts="2026-03-04T10:00", place=PLACE)
    at(centre, 5, 10)
    ben = centre.signed_in(BEN)
    says(ben, f"/board/intakes/{intake}/came", came="no")
    (owed_now,) = shown(centre).callbacks
    assert says(ben, f"/board/intakes/{intake}/came-undo")[1]
    row = row_of(centre, owed_now.callback)
    assert (row.callback.outcome, row.callback.owner) == (Outcome.TAKEN_BACK, None)
    closed = re.search(rf'<li id="done-{owed_now.callback}".*?</li>', ben.get("/board").text, re.DOTALL)
    assert closed is not None
    assert "Taken back with what it was opened for" in closed[0]
    assert "<form" not in closed[0]
    assert says(ben, f"/board/callbacks/{owed_now.callback}/outcome", outcome="reached")[1] is False
    assert says(ben, f"/board/callbacks/{owed_now.callback}/undo")[1] is False
    page = ben.get(f"/threads/{contact}").text
    assert 'name="was" value="booked_intake"' in page
    assert "Declined." not in page
    found = ben.get("/search?line=admissions&until=2026-03-31").text
    assert "<span>Taken back, nobody called</span>" in found
    assert "<span>Declined</span>" not in found


@pytest.mark.parametrize("marked", [True, False])
def test_who_did_not_come_is_called(centre: Centre, *, marked: bool) -> None:
    """Because somebody said so, or because nobody has said by two in the afternoon; raised as their record says, and
    promised to nobody."""
    callback, contact, intake = booked(centre, starts="2026-03-04T10:00", place=PLACE)
    writes(centre.signed_in(ANA), contact, pregnant="yes")
    at(centre, 5, 13, 59)
    beat(centre)
    assert shown(centre).callbacks == ()
    if marked:
        words = says(centre.signed_in(BEN), f"/board/intakes/{intake}/came", came="no")
        assert words == ("Saved: they did not come. They are called.", True)
    at(centre, 5, 14)
    beat(centre)
    (again,) = shown(centre).callbacks
    assert (again.kind, again.raised) == (CallbackKind.MISSED_INTAKE, True)
    assert again.callback != callback
    assert again.number == row_of(centre, callback).number
    assert "Intake missed: call them" in centre.signed_in(ANA).get("/board").text
    (row,) = the_intakes(centre, contact)
    assert row.state is (IntakeState.MISSED if marked else IntakeState.UNSAID)
    assert row.again == again.callback
    report = centre.application.look(
        lambda transaction: sheet(count(transaction.tx, transaction.now, 7, BOSTON))
    )
    promised = [line for line in report.splitlines() if line.startswith("promises,")]
    assert len(promised) == 1, "the one that they asked for"


def test_an_intake_of_which_nobody_says_the_time_becomes_a_callback_too(centre: Centre) -> None:
    """On the day after the two in which it should have been."""
    booked(centre)
    at(centre, 5, 13)
    beat(centre)
    assert shown(centre).callbacks == ()
    at(centre, 5, 14)
    beat(centre)
    assert [one.kind for one in shown(centre).callbacks] == [CallbackKind.MISSED_INTAKE]


def test_who_has_asked_again_meanwhile_is_not_called_twice(centre: Centre) -> None:
    """What they have asked for themselves is what they are called by."""
    booked(centre, starts="2026-03-04T10:00", place=PLACE)
    at(centre, 5, 13)
    asked, _ = owed(centre)
    at(centre, 5, 14)
    beat(centre)
    assert [one.callback for one in shown(centre).callbacks] == [asked]


def test_who_asks_while_they_are_to_be_called_is_promised_it(centre: Centre) -> None:
    """It is one callback, and from then on theirs."""
    booked(centre, starts="2026-03-04T10:00", place=PLACE)
    at(centre, 5, 14)
    beat(centre)
    (missed,) = shown(centre).callbacks
    asked, _ = owed(centre)
    assert asked == missed.callback
    assert row_of(centre, asked).callback.kind is CallbackKind.ASKED


def test_an_outcome_that_is_corrected_or_undone_takes_its_intake_with_it(centre: Centre) -> None:
    """Booked by mistake; nobody is asked whether they came."""
    callback, contact, _ = booked(centre, starts="2026-03-04T10:00", place=PLACE)
    ana = centre.signed_in(ANA)
    says(ana, f"/board/callbacks/{callback}/outcome", outcome="declined", was="booked_intake")
    assert the_intakes(centre, contact) == []
    says(ana, f"/board/callbacks/{callback}/outcome", outcome="booked_intake", was="declined", unknown="yes")
    assert len(the_intakes(centre, contact)) == 1
    assert says(ana, f"/board/callbacks/{callback}/undo")[1] is True
    assert the_intakes(centre, contact) == []
    assert shown(centre).intakes == ()


def test_a_live_talk_ends_with_an_intake_as_well(centre: Centre) -> None:
    """And its undoing takes it back."""
    contact = talked(centre)
    ana = centre.signed_in(ANA)
    address = f"/board/callers/{contact}"
    says(ana, f"{address}/outcome", outcome="booked_intake", was="", starts="2026-03-04T10:00", place=PLACE)
    (row,) = the_intakes(centre, contact)
    assert row.place == PLACE
    assert says(ana, f"{address}/undo") == ("Taken back.", True)
    assert the_intakes(centre, contact) == []


def test_a_correction_that_is_undone_gives_back_what_was_said_before(centre: Centre) -> None:
    """The intake stands again, with its day and place, and so does a referral; nobody is lost by a slip."""
    contact = talked(centre)
    ana = centre.signed_in(ANA)
    address = f"/board/callers/{contact}"
    says(ana, f"{address}/outcome", outcome="booked_intake", was="", starts="2026-03-04T10:00", place=PLACE)
    (before,) = the_intakes(centre, contact)
    centre.clock.pass_by(timedelta(minutes=1))
    says(ana, f"{address}/outcome", outcome="referred", was="booked_intake", to_whom="Harbor Detox")
    assert the_intakes(centre, contact) == []
    centre.clock.pass_by(timedelta(minutes=1))
    says(ana, f"{address}/outcome", outcome="reached", was="referred")
    assert says(ana, f"{address}/undo")[1] is True
    referrals = centre.application.look(lambda transaction: intakes.of_case(transaction.tx, contact)[1])
    assert [one.to_whom for one in referrals] == ["Harbor Detox"]
    assert says(ana, f"{address}/undo")[1] is True
    (stands,) = the_intakes(centre, contact)
    assert (stands.starts_at, stands.place, stands.due_at) == (before.starts_at, PLACE, before.due_at)


def test_what_is_said_of_the_call_after_a_missed_intake_is_that_callbacks(centre: Centre) -> None:
    """It stands by itself among what was closed, and its undoing opens it again: nobody is left whom nobody calls."""
    contact = talked(centre)
    ana, ben = centre.signed_in(ANA), centre.signed_in(BEN)
    says(
        ana, f"/board/callers/{contact}/outcome", outcome="booked_intake", was="", starts="2026-03-04T10:00",
        place=PLACE,
    )  # fmt: skip
    centre.clock.pass_by(timedelta(minutes=6))
    (intake,) = the_intakes(centre, contact)
    says(ben, f"/board/intakes/{intake.id}/came", came="no")
    (again,) = shown(centre, BEN).callbacks
    centre.claims(BEN, again.callback)
    address = f"/board/callbacks/{again.callback}"
    assert says(ben, f"{address}/outcome", outcome="declined")[1]
    board_now = shown(centre, BEN)
    assert [(one.callback, one.may_be_undone) for one in board_now.done] == [(again.callback, True)]
    assert [(one.outcome, one.may_be_undone) for one in board_now.talks] == [(Outcome.BOOKED_INTAKE, False)]
    assert not says(ben, f"/board/callers/{contact}/undo")[1]
    assert says(ben, f"{address}/undo")[1]
    (back,) = shown(centre, BEN).callbacks
    assert (back.callback, back.mine) == (again.callback, True)


# --- not admitted, referred --------------------------------------------------------------------------------------


def test_who_is_not_admitted_is_connected_with_somebody_else(centre: Centre) -> None:
    """Why, and with whom, must be said; the callback is closed, and counts as talked with."""
    callback, contact = owed(centre)
    centre.claims(ANA, callback)
    ana, address = centre.signed_in(ANA), f"/board/callbacks/{callback}/outcome"
    for wrong in (
        {},
        {"reason": "no_bed"},
        {"connected": "Bay Detox"},
        {"reason": "insurance", "connected": "x"},
    ):
        words, good = says(ana, address, outcome="not_admitted", **wrong)
        assert (words[:32], good) == ("Choose why they are not admitted", False)
    done = says(ana, address, outcome="not_admitted", reason="no_bed", connected="Bay Detox, Sam", why="full")
    assert done == ("Saved: not admitted.", True)
    _, (sent,) = centre.application.look(lambda transaction: intakes.of_case(transaction.tx, contact))
    assert (sent.to_whom, sent.why, sent.outcome) == ("Bay Detox, Sam", "full", Outcome.NOT_ADMITTED)
    assert row_of(centre, callback).callback.outcome is Outcome.NOT_ADMITTED


def test_who_is_not_admitted_and_could_be_connected_with_nobody_has_that_on_record(centre: Centre) -> None:
    """With why, in words; it is no disclosure to anybody, and the log of denials says nobody."""
    callback, contact = owed(centre)
    centre.claims(ANA, callback)
    ana, address = centre.signed_in(ANA), f"/board/callbacks/{callback}/outcome"
    words, good = says(ana, address, outcome="not_admitted", reason="no_bed", nobody="yes")
    assert not good
    assert words.endswith("if with nobody, tick that, and write why.")
    assert says(ana, address, outcome="not_admitted", reason="no_bed", nobody="yes", why="they hung up")[1]
    _, (sent,) = centre.application.look(lambda transaction: intakes.of_case(transaction.tx, contact))
    assert (sent.to_whom, sent.why) == ("", "they hung up")
    centre.clock.pass_by(timedelta(minutes=1))
    log = centre.signed_in(EVE).get("/reports/outcomes").text
    assert "they hung up" in log
    assert "Nobody" in log


def test_to_whom_somebody_was_referred_is_kept(centre: Centre) -> None:
    """And corrected with the outcome."""
    callback, contact = owed(centre)
    centre.claims(ANA, callback)
    ana, address = centre.signed_in(ANA), f"/board/callbacks/{callback}/outcome"
    assert says(ana, address, outcome="referred", to_whom="Shelter on Main St")[1] is True
    assert says(ana, address, outcome="referred", was="referred", to_whom="Shelter on Elm St")[1] is True
    _, (sent,) = centre.application.look(lambda transaction: intakes.of_case(transaction.tx, contact))
    assert sent.to_whom == "Shelter on Elm St"


# --- after an emergency ------------------------------------------------------------------------------------------


def closed_emergency(centre: Centre, number: str = "+16175550150") -> EscalationId:
    """Somebody's emergency is closed by Chloe, who had it."""
    centre.hangs_up(centre.calls_in(number, keys="1"))
    escalation = centre.escalation()
    for act in (coordinator.accept, coordinator.close):
        centre.application.change(partial(act, escalation_id=escalation, by=centre.people[CHLOE]))
    return escalation


def test_a_closed_emergency_is_offered_a_call_some_days_later(centre: Centre) -> None:
    """To those of the clinical side, with a time that fits; others see only that it stands there."""
    escalation = closed_emergency(centre)
    page = centre.signed_in(CHLOE).get("/board").text
    assert "After an emergency" in page
    assert 'value="2026-03-03T13:00"' in page
    assert f"/board/follow-ups/{escalation}/agree" in page
    ana = centre.signed_in(ANA)
    assert f"/board/follow-ups/{escalation}/agree" not in ana.get("/board").text
    assert (
        press(ana, f"/board/follow-ups/{escalation}/agree", script=True, at="2026-03-03T14:00").status_code
        == 403
    )


def test_who_agrees_is_called_at_that_time_with_a_script(centre: Centre) -> None:
    """It stands among the callbacks, and is due today when its day has come; done when they have talked."""
    escalation = closed_emergency(centre)
    chloe, address = centre.signed_in(CHLOE), f"/board/follow-ups/{escalation}/agree"
    assert says(chloe, address, at="2026-03-03T12:00")[0].startswith("Choose a time at least 24 hours")
    assert says(chloe, address, at="2026-03-05T14:00")[0].startswith("Choose a time within 72 hours")
    assert says(chloe, address, at="2026-03-03T22:00")[0].startswith("Choose a time between 08:00 and 21:00")
    assert says(chloe, address, at="soon")[1] is False
    assert says(chloe, address, at="2026-03-04T10:00")[1] is True
    assert says(chloe, address, at="2026-03-04T10:00")[1] is False
    (later,) = shown(centre).callbacks
    assert later.kind is CallbackKind.FOLLOW_UP
    assert shown(centre).follow_ups_due == 0
    assert "Follow-ups due today" not in centre.signed_in(ANA).get("/board").text
    at(centre, 4, 9)
    assert shown(centre).follow_ups_due == 1
    due = f'<a href="#callback-{later.callback}">Follow-ups due today: 1</a>'
    assert due in centre.signed_in(ANA).get("/board").text
    beat(centre)
    assert not shown(centre).callbacks[0].phones_ring
    at(centre, 4, 10)
    beat(centre)
    assert shown(centre).callbacks[0].phones_ring
    ana = centre.signed_in(ANA)
    page = ana.get("/board").text
    assert "Follow-up, as agreed" in page
    assert "Are you safe now?" in page
    centre.claims(ANA, later.callback)
    says(ana, f"/board/callbacks/{later.callback}/outcome", outcome="reached")
    assert shown(centre).callbacks == ()
    assert shown(centre).follow_ups == ()


def test_a_follow_up_is_found_and_leaves_the_house_as_one(centre: Centre) -> None:
    """Not as a call or a text of theirs: they had agreed to it."""
    escalation = closed_emergency(centre)
    assert says(centre.signed_in(CHLOE), f"/board/follow-ups/{escalation}/agree", at="2026-03-04T10:00")[1]
    eve, told = centre.signed_in(EVE), "Follow-up after an emergency"
    assert f"<strong>{told}</strong>" in eve.get("/search?outcome=open").text
    given = {"csrf_token": token(eve, "/search"), "outcome": "open", "reason": "a subpoena"}
    assert f",{told}," in eve.post("/search/export", data=given).text


@pytest.mark.parametrize(
    ("asked", "state"), [("yes", FollowUpState.DECLINED), ("no", FollowUpState.NOT_ASKED)]
)
def test_who_declines_or_cannot_be_asked_is_not_called(
    centre: Centre, asked: str, state: FollowUpState
) -> None:
    """It is said once, and audited."""
    escalation = closed_emergency(centre)
    chloe = centre.signed_in(CHLOE)
    assert says(chloe, f"/board/follow-ups/{escalation}/refuse", asked=asked)[1] is True
    row = centre.application.look(lambda transaction: follow_ups.get(transaction.tx, escalation))
    assert row is not None
    assert row.state is state
    assert shown(centre).follow_ups == ()
    assert f"follow up {state}" in centre.audited()


def test_who_withheld_a_number_and_typed_one_is_offered_a_call_there(centre: Centre) -> None:
    """The emergency's card showed it, and it is where they would be rung."""
    contact = centre.calls_in(None, keys="1")
    typed = PhoneNumber("+16175550152")

    def types_it(transaction: Transaction) -> None:
        row = contacts.get(transaction.tx, contact)
        assert row is not None
        state = replace(flow_state.read(row), typed=typed)
        contacts.save(transaction.tx, replace(row, data=flow_state.written(state)))

    centre.application.change(types_it)
    escalation = centre.escalation()
    centre.application.change(partial(coordinator.close, escalation_id=escalation, by=centre.people[CHLOE]))
    (offered,) = shown(centre).follow_ups
    assert (offered.number, offered.typed) == (typed, True)
    chloe = centre.signed_in(CHLOE)
    assert "They withheld their number, typed this one, and did not confirm it" in chloe.get("/board").text
    assert says(chloe, f"/board/follow-ups/{escalation}/agree", at="2026-03-04T10:00")[1] is True
    (later,) = shown(centre).callbacks
    assert later.number == typed


def test_several_emergencies_of_one_person_are_one_card_and_one_call(centre: Centre) -> None:
    """It says for which; whoever closed any of them may say, once for all; a later one is for that call, too."""
    first = closed_emergency(centre)
    centre.clock.pass_by(timedelta(minutes=30))
    second = closed_emergency(centre)
    other = closed_emergency(centre, "+16175550151")
    one, another = shown(centre, CHLOE).follow_ups
    assert (one.escalation, len(one.before), another.escalation) == (second, 1, other)
    chloe = centre.signed_in(CHLOE)
    assert "2 emergencies of theirs" in chloe.get("/board").text
    assert says(chloe, f"/board/follow-ups/{second}/agree", at="2026-03-04T10:00")[1] is True
    assert [card.escalation for card in shown(centre).follow_ups] == [other]
    third = closed_emergency(centre)
    assert [card.escalation for card in shown(centre).follow_ups] == [other]

    def read(transaction: Transaction) -> list[tuple[FollowUpState, CallbackId | None]]:
        rows = [follow_ups.get(transaction.tx, each) for each in (first, second, third)]
        return [(row.state, row.callback_id) for row in rows if row is not None]

    (later,) = shown(centre).callbacks
    assert centre.application.look(read) == [(FollowUpState.AGREED, later.callback)] * 3


def test_an_emergency_that_was_opened_again_is_offered_once(centre: Centre) -> None:
    """Closed by mistake, opened, and closed: nothing new has happened to them."""
    escalation = closed_emergency(centre)
    centre.application.change(partial(reopening.reopen, escalation_id=escalation, by=centre.people[CHLOE]))
    again = centre.escalation()
    centre.application.change(partial(coordinator.close, escalation_id=again, by=centre.people[CHLOE]))
    (offered,) = shown(centre).follow_ups
    assert (offered.escalation, offered.before) == (escalation, ())


def test_an_agreed_call_that_they_end_by_wanting_none_is_told_as_such(centre: Centre) -> None:
    """Lately closed as the follow-up that it was; in the report not among those who declined when they were asked."""
    escalation = closed_emergency(centre)
    ana = centre.signed_in(ANA)
    says(centre.signed_in(CHLOE), f"/board/follow-ups/{escalation}/agree", at="2026-03-04T10:00")
    centre.application.change(
        partial(stopping.stop, number=PhoneNumber("+16175550150"), contact=None, by=None)
    )
    page = " ".join(re.sub(r"<[^>]+>", " ", ana.get("/board").text).split())
    assert "Follow-up after an emergency · Ended: they want no calls" in page
    now = centre.clock()
    period = Period(now - timedelta(days=1), now + timedelta(minutes=1))
    assert centre.application.look(lambda tx: followed_up(tx.tx, period)) == [
        FollowUpCount(FollowUpBecame.NO_CALLS, 1)
    ]


def test_nobody_without_a_number_is_offered_one(centre: Centre) -> None:
    """They withheld it."""
    centre.hangs_up(centre.calls_in(None, keys="1"))
    escalation = centre.escalation()
    centre.application.change(partial(coordinator.close, escalation_id=escalation, by=centre.people[CHLOE]))
    assert shown(centre).follow_ups == ()


def test_a_locked_page_names_what_they_agreed_to_as_the_board_does(centre: Centre) -> None:
    """It is no callback to a person that was promised; and nothing of people is told."""
    escalation, chloe = closed_emergency(centre), centre.signed_in(CHLOE)
    says(chloe, f"/board/follow-ups/{escalation}/agree", at="2026-03-04T10:00")
    centre.clock.pass_by(timedelta(minutes=16))
    locked = " ".join(re.sub(r"<[^>]+>", " ", chloe.get("/board").text).split())
    assert "Follow-up, as agreed by Wed 12:00" in locked
    assert "0150" not in locked


def test_what_they_ask_for_themselves_is_another_matter(centre: Centre) -> None:
    """A call that they agreed to is neither theirs to be raised, nor kept, by asking for a person."""
    escalation = closed_emergency(centre)
    says(centre.signed_in(CHLOE), f"/board/follow-ups/{escalation}/agree", at="2026-03-04T10:00")
    (agreed,) = shown(centre).callbacks
    asked = centre.calls_in("+16175550150", keys="04")
    centre.hangs_up(asked)
    owed_now = {one.callback: one for one in shown(centre).callbacks}
    assert len(owed_now) == 2
    assert owed_now[agreed.callback].repeats == 0
    assert not any(one.others_asked for one in owed_now.values())


# --- the report --------------------------------------------------------------------------------------------------


def test_the_report_has_each_of_them_in_one_column(centre: Centre) -> None:
    """As of the period's end; and nobody who contacted us stands in another column because of them."""
    _, _, first = booked(centre, starts="2026-03-03T10:00", place=PLACE)
    escalation = closed_emergency(centre)
    says(centre.signed_in(CHLOE), f"/board/follow-ups/{escalation}/agree", at="2026-03-04T10:00")
    closed_emergency(centre, "+16175550151")
    callback, _ = owed(centre, "+16175550143")
    centre.claims(ANA, callback)
    ana = centre.signed_in(ANA)
    says(ana, f"/board/callbacks/{callback}/outcome", outcome="not_admitted", reason="no_bed", connected="x")
    monday = centre.clock.now
    before = _counted(centre, monday)
    at(centre, 4, 9)
    says(centre.signed_in(ANA), f"/board/intakes/{first}/came", came="no")
    assert _counted(centre, monday) == before, "what is told of Monday stays"
    words = centre.application.look(
        lambda transaction: told(count(transaction.tx, transaction.now, 7, BOSTON))
    )
    plain = " ".join(words.split())
    assert "within 48 hours 1 0 1 0 0 0 0 %" in plain
    assert "no bed 1" in plain
    assert "2 0 1 0 0 0 0 1" in plain


def _counted(centre: Centre, until: datetime) -> tuple[object, ...]:
    def look(transaction: Transaction) -> tuple[object, ...]:
        figures = count(transaction.tx, until + timedelta(seconds=1), 7, BOSTON)
        return (
            tuple(dispositions(transaction.tx, figures.period)),
            tuple(figures.intakes),
            tuple(figures.promises),
        )

    return centre.application.look(look)


# --- they have asked for no calls --------------------------------------------------------------------------------


def test_who_asked_for_no_calls_is_followed_up_only_if_they_are_asked_once_more(centre: Centre) -> None:
    """The card says since when; one press isn't enough; and the callback that comes of it says so, too."""
    escalation = closed_emergency(centre)
    centre.texts("stop calling me", "+16175550150")
    chloe, address = centre.signed_in(CHLOE), f"/board/follow-ups/{escalation}/agree"
    for anybody in (chloe, centre.signed_in(ANA)):
        assert "They asked for no calls at" in anybody.get("/board").text
    words, good = says(chloe, address, at="2026-03-04T10:00")
    assert (words.startswith("They asked for no calls at 13:00. Only if they want this one"), good) == (
        True,
        False,
    )
    assert shown(centre).callbacks == ()
    assert says(chloe, address, at="2026-03-04T10:00", agreed="yes")[1] is True
    (later,) = shown(centre).callbacks
    assert later.no_calls_since is not None
    assert "They have agreed to this one since, and to no other." in chloe.get("/board").text


@pytest.mark.parametrize("marked", [True, False])
def test_who_asked_for_no_calls_is_not_called_about_a_missed_intake(centre: Centre, *, marked: bool) -> None:
    """Whether somebody says that they didn't come, or nobody says anything."""
    callback, contact, intake = booked(centre, starts="2026-03-04T10:00", place=PLACE)
    number = row_of(centre, callback).number
    assert number is not None
    centre.texts("stop calling me", number.e164)
    at(centre, 5, 13)
    ana = centre.signed_in(ANA)
    assert "They aren't called, whether they come or not." in ana.get("/board").text
    assert "Unsaid at" not in ana.get("/board").text
    if marked:
        words = says(ana, f"/board/intakes/{intake}/came", came="no")[0]
        assert words.endswith("They asked for no calls, or have no number: nobody calls them.")
    at(centre, 5, 14)
    beat(centre)
    assert shown(centre).callbacks == ()
    assert the_intakes(centre, contact)[0].again is None


def test_their_page_calls_whoever_asked_for_no_calls_only_if_they_want_it(centre: Centre) -> None:
    """Neither now nor later; nor is what was closed a moment before opened again."""
    callback, contact = owed(centre)
    number = row_of(centre, callback).number
    assert number is not None
    centre.claims(ANA, callback)
    ana = centre.signed_in(ANA)
    says(ana, f"/board/callbacks/{callback}/outcome", outcome="reached")
    centre.texts("stop calling me", number.e164)
    assert says(ana, f"/board/callbacks/{callback}/undo")[1] is False
    page = ana.get(f"/threads/{contact}").text
    assert "They asked for no calls at" in page
    assert "Call all the same" in page
    assert "NO CALLS" in page
    assert "CALL ONLY" not in page
    for asked, given in (("call", {}), ("plan", {"later": "2026-03-04T10:00"})):
        assert says(ana, f"/board/callers/{contact}/{asked}", **given)[1] is False
        assert shown(centre).callbacks == ()
    assert says(ana, f"/board/callers/{contact}/plan", later="2026-03-04T10:00", agreed="yes")[1] is True
    assert len(shown(centre).callbacks) == 1


# --- what is not known yet --------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [{}, {"starts": "2026-03-04T10:00"}, {"place": PLACE}])
def test_an_intake_without_its_day_or_place_is_saved_only_if_that_is_meant(
    centre: Centre, form: dict[str, str]
) -> None:
    """The form asks right there; "not known yet" is said, with what is missing and the way to where it is asked for."""
    callback, contact = owed(centre)
    centre.claims(ANA, callback)
    ana, outcome = centre.signed_in(ANA), f"/board/callbacks/{callback}/outcome"
    assert says(ana, outcome, outcome="booked_intake", **form) == (
        "Write the day, the time and the place of the intake, or tick that they are not known yet.",
        False,
    )
    assert the_intakes(centre, contact) == []
    said = press(ana, outcome, script=True, outcome="booked_intake", unknown="yes", **form).json
    (row,) = the_intakes(centre, contact)
    assert said is not None
    assert (said["at"], said["link"]) == (f"/board#intake-{row.id}", "Say it here")
    assert ("its place" in said["said"], "its day and time" in said["said"]) == (
        "place" not in form,
        "starts" not in form,
    )
    assert (row.place, row.starts_at is None) == (form.get("place"), "starts" not in form)
    assert f'id="intake-{row.id}"' in ana.get("/board").text


# --- a time that is past -----------------------------------------------------------------------------------------


def test_an_intake_that_is_past_is_asked_about_before_it_is_kept(centre: Centre) -> None:
    """With the outcome and afterwards; and nobody is called the minute after it was written down late."""
    callback, contact = owed(centre)
    centre.claims(ANA, callback)
    ana, outcome = centre.signed_in(ANA), f"/board/callbacks/{callback}/outcome"
    past = {"outcome": "booked_intake", "starts": "2026-03-01T10:00", "place": PLACE}
    asked = ("That is past: is it right? If so, tick that it was then, and save again.", False)
    assert says(ana, outcome, **past) == asked
    assert the_intakes(centre, contact) == []
    assert says(ana, outcome, outcome="booked_intake", unknown="yes")[1] is True
    (row,) = the_intakes(centre, contact)
    when = f"/board/intakes/{row.id}/when"
    assert says(ana, when, starts="2026-03-01T10:00", place=PLACE) == asked
    assert says(ana, when, starts="2025-03-04T10:00", place=PLACE, past="yes")[1] is False
    assert the_intakes(centre, contact)[0].starts_at is None
    assert says(ana, when, starts="2026-02-28T10:00", place=PLACE, past="yes")[1] is True
    beat(centre)
    assert shown(centre).callbacks == ()
    assert "Did they come?" in ana.get("/board").text


def test_a_supervisor_gives_up_what_was_tried_in_vain(centre: Centre) -> None:
    """And nobody else; nor before anybody has tried. It is told as what it is, and not as a talk."""
    callback, contact = owed(centre)
    eve, address = centre.signed_in("Eve Stone"), f"/board/callbacks/{callback}/outcome"
    centre.claims("Eve Stone", callback)
    assert "Given up" not in eve.get("/board").text
    assert says(eve, address, outcome="not_reached") == ("Choose how it ended, then save.", False)
    says(eve, address, outcome="no_answer")
    centre.claims(ANA, callback)
    ana = centre.signed_in(ANA)
    assert "Given up" not in ana.get("/board").text
    assert says(ana, address, outcome="not_reached")[1] is False
    says(ana, address, outcome="no_answer")
    centre.claims("Eve Stone", callback)
    assert "Given up: tried, and never reached" in eve.get("/board").text
    assert says(eve, address, outcome="not_reached") == ("Saved: given up: tried, and never reached.", True)
    assert row_of(centre, callback).callback.outcome is Outcome.NOT_REACHED
    page = eve.get(f"/threads/{contact}").text
    assert "Given up: tried, and never reached" in page or "given up: tried, and never reached" in page
    assert says(eve, f"/board/callbacks/{callback}/undo")[1] is True
