"""Readiness: everybody sees who can't be reached; each sees to their own phone, and supervisors to everybody's."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial

from flask.testing import FlaskClient

from hotline.effects import Origin, OriginKind, PlaceCall, SendText
from hotline.model import ContactId, How, StaffId
from hotline.operations.console import coordinator
from hotline.operations.staff import responder
from hotline.operations.transaction import Transaction
from hotline.store.database import rows
from hotline.store.database.tables import escalations
from hotline.store.people import phone_codes, staff, stray_codes
from hotline.store.traffic import outbox
from hotline.store.upkeep import heartbeats
from tests.console.centre import Centre, press
from tests.console.test_on_call_page import text
from tests.observed import open_pages
from tests.store.examples import effect

EVE, ANA = "Eve Stone", "Ana Lima"


def code_of(centre: Centre, who: StaffId) -> str:
    found = centre.application.look(lambda transaction: phone_codes.get(transaction.tx, who))
    assert found is not None
    return found.code


def told(client: FlaskClient, address: str, **form: str) -> str:
    """What the page's script says after a press."""
    return str(press(client, address, script=True, **form).get_json()["said"])


def verifies(client: FlaskClient, who: StaffId, code: str) -> str:
    return told(client, f"/readiness/{who}/verify", code=code)


def test_everybody_sees_who_stands_how_and_can_page_themselves(centre: Centre) -> None:
    """Nobody's number is on it."""
    client = centre.signed_in(ANA)
    page = client.get("/readiness").text
    said = text(page)
    assert "Ana Lima You On now No call of ours went to this phone in the last two weeks." in said
    assert page.count("Page me now") == 1
    assert "Send a test page<" not in page
    assert "+1617" not in page
    assert not re.search(r"\d{3}-\d{4}", page)
    assert "Your phone rings in a moment" in told(client, f"/readiness/{centre.people[ANA]}/test")
    assert "Being tested" in client.get("/readiness").text


def test_one_hears_on_one_s_own_phone_what_a_caller_hears_and_sends_it_to_nobody_else(centre: Centre) -> None:
    """By a button of one's own, in the trail; a supervisor, too, calls no colleague so."""
    client, ana = centre.signed_in(ANA), centre.people[ANA]
    walk = f"/readiness/{ana}/walk"
    assert client.get("/readiness").text.count("Call me as a caller is called") == 1
    assert (
        told(client, walk) == "Your phone rings in a moment, as a caller's does. Nothing comes of the call."
    )
    about = Origin(OriginKind.STAFF, ana)
    (call,) = centre.application.look(lambda transaction: outbox.about(transaction.tx, about))
    assert isinstance(call.effect, PlaceCall)
    assert call.effect.from_ == centre.application.settings.centre.line.numbers[0]
    assert "tested walk through" in centre.audited()
    assert press(centre.signed_in(EVE), walk, script=True).status_code == 403
    centre.change_person(ANA, verified=False)
    assert "can't be rung" in press(client, walk, script=True).get_json()["said"]


def test_that_an_emergency_would_ring_nobody_at_first_is_said_on_board_and_here(centre: Centre) -> None:
    """With the schedule, and a way to put somebody on; as soon as whoever is on it can't be rung."""
    client = centre.signed_in(ANA)
    for page in ("/readiness", "/board"):
        assert 'data-key="nobody-first"' not in client.get(page).text
    centre.change_person("Chloe Baptiste", verified=False)
    for page in ("/readiness", "/board"):
        said = text(client.get(page).text)
        assert "Nobody who can be rung is on now: clinicians." in said
        assert "An emergency that begins now loses time until it reaches others." in said


def test_who_cannot_be_reached_stands_under_that_heading_and_nobody_else(centre: Centre) -> None:
    """A phone that was called a moment ago is none that no call went to."""
    centre.change_person("Ben Ortiz", verified=False)
    centre.calls_in(keys="1")
    centre.application.change(_phones_ring)
    page = centre.signed_in(ANA).get("/readiness").text
    unreached, _, others = page.partition('aria-labelledby="others"')
    assert "Can't be reached, as far as is known 1 " in text(unreached).replace("&#39;", "'")
    assert ("Ben Ortiz" in unreached, "Ben Ortiz" in others) == (True, False)
    assert (f"ready-{centre.people[ANA]}" in unreached, f"ready-{centre.people[ANA]}" in others) == (
        False,
        True,
    )
    assert "No call of ours was answered on this phone in the last two weeks; the last went to it" in text(
        others
    )


def _phones_ring(transaction: Transaction) -> None:
    """The carrier says so: a call that never left is one that nobody missed."""
    for one in open_pages(transaction.tx):
        if one.how is How.CALL:
            responder.ringing(transaction, one.id, f"CA-{one.id}")


def test_calls_that_never_left_are_missed_by_nobody(centre: Centre) -> None:
    """While nothing reaches the carrier, no phone is blamed for it."""
    centre.calls_in(keys="1")

    def rings_in_vain(transaction: Transaction) -> None:
        for one in open_pages(transaction.tx):
            if one.how is How.CALL:
                responder.leg_over(transaction, one.id)

    for _ in range(3):
        centre.application.change(rings_in_vain)
        centre.clock.pass_by(timedelta(minutes=1))
    assert "in vain" not in centre.signed_in(ANA).get("/readiness").text


def test_who_missed_two_calls_is_said_to_have_answered_nothing_and_may_only_have_been_away(
    centre: Centre,
) -> None:
    """Calls that stopped because a colleague was first are none that they missed."""

    def rings_in_vain(transaction: Transaction, *, colleague: bool) -> None:
        page = next(one for one in open_pages(transaction.tx) if one.staff_id == ben and one.how is How.CALL)
        _phones_ring(transaction)
        if colleague:
            coordinator.accept(transaction, page.escalation_id, centre.people[ANA])
        responder.leg_over(transaction, page.id)

    ben, client = centre.people["Ben Ortiz"], centre.signed_in(ANA)
    for colleague, number in ((True, "41"), (False, "42"), (False, "43")):
        contact = centre.calls_in(f"+161755501{number}", keys="2")
        centre.application.change(partial(rings_in_vain, colleague=colleague))
        centre.hangs_up(contact)
        centre.clock.pass_by(timedelta(minutes=1))
    said = text(client.get("/readiness").text)
    assert "Has answered nothing since Mon 2 Mar 13:01: 2 calls rang in vain, not counting those that" in said
    assert "Ask them another way whether they were only away from it" in said


def test_a_code_makes_a_phone_one_that_is_rung(centre: Centre) -> None:
    """A wrong one is told; the right one is in the audit trail."""
    ana = centre.people[ANA]
    centre.change_person(ANA, verified=False)
    client = centre.signed_in(ANA)
    said = text(client.get("/readiness").text)
    assert "The phone is not verified: it is never rung." in said
    assert "Page me now" not in said
    press(client, f"/readiness/{ana}/code", how="text")
    assert "another code" in verifies(client, ana, "abc")
    assert "is verified, and is rung" in verifies(client, ana, code_of(centre, ana))
    assert "Page me now" in client.get("/readiness").text
    assert centre.audited().count("phone verified") == 1


def test_others_phones_are_seen_to_by_whoever_looks_after_people(centre: Centre) -> None:
    """A colleague may not, whatever they post."""
    ben = centre.people["Ben Ortiz"]
    centre.change_person("Ben Ortiz", verified=False)
    for address in ("test", "code", "verify"):
        assert press(centre.signed_in(ANA), f"/readiness/{ben}/{address}").status_code == 403
    eve = centre.signed_in(EVE)
    assert "not verified" in told(eve, f"/readiness/{ben}/test")
    press(eve, f"/readiness/{ben}/code", how="call")
    assert "is verified, and is rung" in verifies(eve, ben, code_of(centre, ben))
    assert "Ben Ortiz is called and texted now" in told(eve, f"/readiness/{ben}/test")


def test_a_code_that_is_too_old_is_told(centre: Centre) -> None:
    centre.change_person(ANA, verified=False)
    client, ana = centre.signed_in(ANA), centre.people[ANA]
    press(client, f"/readiness/{ana}/code", how="text")
    code = code_of(centre, ana)
    centre.clock.pass_by(timedelta(minutes=10))
    assert "No code counts for this phone now" in verifies(client, ana, code)


def test_somebody_who_has_left_is_told_so(centre: Centre) -> None:
    gone = centre.people["Ben Ortiz"]
    centre.change_person("Ben Ortiz", active=False)
    assert "not on the staff any more" in told(centre.signed_in(EVE), f"/readiness/{gone}/test")


def test_everybody_says_for_themselves_how_often_they_are_woken_and_what_their_pin_is(centre: Centre) -> None:
    """Nobody for another, a supervisor neither."""
    ana = centre.people[ANA]
    client, eve = centre.signed_in(ANA), centre.signed_in(EVE)
    assert "however often you were" in told(client, f"/readiness/{ana}/guard", every_page="1")
    assert "Let me sleep if others are there" in client.get("/readiness").text
    assert "is let sleep" in told(client, f"/readiness/{ana}/guard", every_page="")
    assert "opens with this PIN" in told(client, f"/readiness/{ana}/pin", pin="482913")
    assert "6 digits" in told(client, f"/readiness/{ana}/pin", pin="12345")
    for address in ("guard", "pin"):
        assert press(eve, f"/readiness/{ana}/{address}").status_code == 403


def test_what_has_nobody_and_a_clock_that_stands_still_are_shown(centre: Centre) -> None:
    """On the board, too, and on no other day."""
    client = centre.signed_in(EVE)
    assert "stood still" not in client.get("/readiness").text
    contact = centre.calls_in("+16175550141", keys="1")
    centre.application.change(lambda transaction: _nobodys(transaction, contact))
    centre.clock.pass_by(timedelta(minutes=4))
    for page in ("/readiness", "/board"):
        assert "The clock has stood still since" in text(client.get(page).text)
    assert "Who has it works here no more." in text(client.get("/readiness").text)


def test_a_carrier_that_nothing_reaches_is_shown(centre: Centre) -> None:
    """On the board and on Readiness, until something is taken again: phones that were to ring don't."""
    client = centre.signed_in(EVE)
    for name in ("a", "b"):
        centre.application.change(partial(_tried, name, "ConnectionError"))
        centre.clock.pass_by(timedelta(seconds=1))
    for page in ("/readiness", "/board"):
        assert "Nothing has reached the telephone carrier since" in text(client.get(page).text)
    centre.application.change(partial(_tried, "c", None))
    for page in ("/readiness", "/board"):
        assert "telephone carrier" not in text(client.get(page).text)


def _tried(name: str, error: str | None, transaction: Transaction) -> None:
    row = effect(name, due_at=transaction.now, created_at=transaction.now)
    outbox.add(transaction.tx, row)
    claimed = outbox.claim(transaction.tx, row.id, transaction.now, timedelta(seconds=8))
    assert claimed is not None
    if error is None:
        outbox.sent(transaction.tx, claimed, transaction.now, f"CA-{name}")
    else:
        outbox.again(transaction.tx, claimed, transaction.now, error)


def _nobodys(transaction: Transaction, contact: ContactId) -> None:
    """A clock has just shown itself, and somebody has an emergency who isn't there."""
    heartbeats.beat(transaction.tx, "clock", transaction.now)
    theirs = [escalations.c.contact_id == contact]
    rows.change(transaction.tx, escalations, theirs, {"status": "accepted", "accepted_by": "gone"})


def test_the_card_can_be_had_for_this_phone_or_another(centre: Centre) -> None:
    """Every number that may ring them."""
    client = centre.signed_in(ANA)
    assert "<svg" in client.get("/readiness").text
    card = client.get("/readiness/card.vcf")
    assert card.mimetype == "text/vcard"
    assert "TEL;TYPE=WORK,VOICE:+16175550100" in card.text


def texted(centre: Centre, who: str, error: str | None) -> None:
    """A text to somebody left, and then didn't arrive (or did)."""

    def work(transaction: Transaction) -> None:
        row = staff.get(transaction.tx, centre.people[who])
        assert row is not None
        about = Origin(OriginKind.STAFF, row.id)
        sent = transaction.send(SendText(row.phone, "Hello", "/twilio/sms/status"), about=about)
        claimed = outbox.claim(transaction.tx, sent, transaction.now, timedelta(seconds=30))
        assert claimed is not None
        outbox.sent(transaction.tx, claimed, transaction.now, f"SM{sent}")
        if error is not None:
            outbox.reported(transaction.tx, f"SM{sent}", error)

    centre.application.change(work)


def test_whose_texts_fail_stands_there_with_why_and_how_to_mend_it(centre: Centre) -> None:
    """Since the first that failed after one that arrived; the next one that arrives takes them off."""
    texted(centre, "Ben Ortiz", "30006")
    texted(centre, "Ben Ortiz", None)
    centre.clock.pass_by(timedelta(hours=1))
    texted(centre, "Ben Ortiz", "30003")
    centre.clock.pass_by(timedelta(hours=1))
    texted(centre, "Ben Ortiz", "21610")
    texted(centre, "Chloe Baptiste", "30003")
    texted(centre, "Chloe Baptiste", None)
    page = text(centre.signed_in(ANA).get("/readiness").text).replace("&#39;", "'")
    assert "Texts that don't arrive 1" in page
    said = page.partition("Texts that don't arrive")[2]
    assert said.lstrip(" 1").startswith(
        "Ben Ortiz The last 2 texts did not arrive, since Mon 2 Mar 14:00. They have ended texts from this number. "
        "Ask them to text START from that phone to our number. Then send a test page."
    )
    centre.clock.pass_by(timedelta(minutes=1))
    texted(centre, "Ben Ortiz", None)
    assert "Texts that don" not in text(centre.signed_in(ANA).get("/readiness").text)


def test_a_code_from_the_wrong_phone_is_seen_to_by_a_supervisor(centre: Centre) -> None:
    """The board of supervisors and admins says so, until one of them has; coordinators aren't asked."""
    ana, eve = centre.signed_in(ANA), centre.signed_in(EVE)
    assert "wrong phone" not in eve.get("/board").text
    ben, chloe = centre.people["Ben Ortiz"], centre.people["Chloe Baptiste"]
    centre.application.change(
        lambda transaction: stray_codes.counted(transaction.tx, chloe, ben, "stray1", transaction.now)
    )
    assert "A code came by text from the wrong phone" in eve.get("/board").text
    assert "wrong phone" not in ana.get("/board").text
    assert "wrong phone" not in ana.get("/readiness").text
    said = text(eve.get("/readiness").text)
    assert "The code of Chloe Baptiste 1 time from the phone of Ben Ortiz, last Mon 2 Mar 13:00." in said
    assert press(ana, "/readiness/strays/stray1/seen").status_code == 403
    assert told(eve, "/readiness/strays/stray1/seen").startswith("Noted.")
    assert told(eve, "/readiness/strays/stray1/seen") == "Somebody has seen to it."
    assert "wrong phone" not in eve.get("/board").text
    assert "code seen to" in centre.audited()


def test_whoever_looks_after_people_sees_that_there_are_no_backups(centre: Centre) -> None:
    """And how that is mended; nobody else can do anything about it."""
    said = text(centre.signed_in(EVE).get("/readiness").text)
    assert "No backups are made. hotline backup key makes the key for them." in said
    assert "backup" not in text(centre.signed_in(ANA).get("/readiness").text)
