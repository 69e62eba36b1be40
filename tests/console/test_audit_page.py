"""Audit: who did and looked at what, whether that is whole, and whom a caller's record has reached."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from markupsafe import escape
from werkzeug.test import TestResponse

from hotline.callbacks.follow_through import NotAdmittedReason
from hotline.console.audit import worked_words
from hotline.console.audit.worked_words import worked
from hotline.model import AuditAction, AuditKind, ContactId, Outcome, PhoneNumber
from hotline.operations.console import coordinator
from hotline.operations.looking_back import disclosures
from hotline.operations.looking_back.disclosures import ReachedBy
from hotline.operations.looking_back.exporting import NOTICE
from hotline.operations.transaction import Transaction
from hotline.operations.watching import trail_sealing
from hotline.store.cases import intakes
from hotline.store.cases.follow_ups import FollowUpState
from hotline.store.cases.intakes import IntakeRow, IntakeState
from hotline.store.cases.pages import Purpose
from tests.console.centre import EPOCH, Centre, press
from tests.console.test_search import export, search
from tests.console.test_sides import DANGER, WORDS, thread
from tests.store.examples import referral

ANA, BEN, CHLOE, EVE, ADAM = "Ana Lima", "Ben Ortiz", "Chloe Baptiste", "Eve Stone", "Adam Cole"


def lines(page: TestResponse) -> list[str]:
    """The entries, a line each, as they are read."""
    listed = re.search(r'<ul class="found.*?</ul>', page.text, re.DOTALL)
    each = re.findall(r"<li.*?</li>", listed[0], re.DOTALL) if listed else []
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", one)).strip() for one in each]


def test_the_trail_says_who_looked_at_what(centre: Centre) -> None:
    """To supervisors and admins, the newest first; nobody of those who called."""
    contact = thread(centre, WORDS, "+16175550181")
    centre.signed_in(ANA).get(f"/threads/{contact}")
    for name in (EVE, ADAM):
        page = centre.signed_in(name).get("/audit")
        newest = lines(page)[1 if name == ADAM else 0]
        assert "Ana Lima" in newest or name == ADAM
        assert any("Ana Lima viewed thread contact" in one for one in lines(page))
        assert "555-0181" not in page.text
        assert WORDS not in page.text
    for name in (ANA, CHLOE):
        assert centre.signed_in(name).get("/audit").status_code == 403
        assert "/audit" not in centre.signed_in(name).get("/board").text


def test_it_is_found_by_who_what_whom_and_when(centre: Centre) -> None:
    """By people's names, by words, by how a reference begins, and by days."""
    one, two = (thread(centre, WORDS, f"+1617555018{n}") for n in (1, 2))
    for name, contact in ((ANA, one), (ANA, two), (BEN, two)):
        centre.signed_in(name).get(f"/threads/{contact}")
    client = centre.signed_in(EVE)

    def found(query: str) -> int:
        return len(lines(client.get(f"/audit?{query}")))

    assert found("what=viewed+thread") == 3
    assert found(f"what=viewed+thread&by={centre.people[ANA]}") == 2
    assert found(f"about={two[:6].upper()}") == 2
    assert found(f"about={two}&by={centre.people[BEN]}&what=viewed+thread") == 1
    assert found("what=viewed+thread&since=2026-03-02&until=2026-03-02") == 3
    assert found("what=viewed+thread&until=2026-03-01") == 0
    assert "Nothing fits all of this" in client.get("/audit?what=block").text
    assert found("since=nonsense&by=nobody&about=%3Cscript%3E") > 3


def test_older_ones_are_on_the_next_page(centre: Centre) -> None:
    """And those of more than a month ago, where they are asked for."""
    for n in range(120):
        centre.application.change(
            lambda t, n=n: t.audit(AuditAction.LOOK, AuditKind.BLOCKS, f"b{n}")  # type: ignore[misc]
        )
    client = centre.signed_in(EVE)
    first = client.get("/audit?what=look")
    (further,) = re.findall(r'href="(/audit\?before=[^"]+)"', first.text)
    assert (len(lines(first)), len(lines(client.get(further.replace("&amp;", "&"))))) == (100, 20)
    centre.clock.pass_by(timedelta(days=31))
    client = centre.signed_in(EVE)
    assert lines(client.get("/audit?what=look")) == []
    assert len(lines(client.get("/audit?what=look&since=2026-03-01"))) == 100


def test_looking_at_the_trail_is_in_it_once_an_hour(centre: Centre) -> None:
    """And checking it, each time."""
    client = centre.signed_in(EVE)
    for _ in range(3):
        client.get("/audit")
    assert centre.audited().count("viewed audit") == 1
    press(client, "/audit/verify")
    assert centre.audited().count("verified trail whole") == 1


def test_a_click_checks_the_seals(centre: Centre) -> None:
    """What waits is told; what was changed is told with its place."""
    thread(centre, WORDS, "+16175550181")
    client = centre.signed_in(EVE)
    client.get("/audit")
    page = client.get("/audit").text
    assert "0 entries are sealed, 1 wait to be, since" in page
    assert "Not sealed yet" in page
    trail_sealing.keep(centre.application)
    page = press(client, "/audit/verify").text
    assert "Whole: entries 1 to 1 are as they were sealed" in page
    assert "Sealed, 1" in page
    with centre.application.database.write() as tx:
        tx.connection.exec_driver_sql("UPDATE audit SET staff_id = 'x' WHERE id = 1")
    assert "Broken at place 1: the entry, or its seal, was changed" in press(client, "/audit/verify").text


def test_why_somebody_looked_is_read_by_supervisors_alone(centre: Centre) -> None:
    """In their own words; admins see that there was a reason."""
    contact = thread(centre, WORDS, "+16175550181")
    centre.clock.pass_by(timedelta(days=1))
    client = centre.signed_in(ANA)
    client.get(f"/threads/{contact}")
    press(client, f"/threads/{contact}/reason", reason="other", words="their sister asked")
    assert "their sister asked" in centre.signed_in(EVE).get("/audit").text
    admin = centre.signed_in(ADAM).get("/audit").text
    assert 'reason given <span lang="en">other</span>' in admin
    assert "their sister asked" not in admin
    assert f"/threads/{contact}" not in admin


# --- whom did this record reach? ---------------------------------------------------------------------------------


def reached(centre: Centre, contact: ContactId) -> list[tuple[str, ReachedBy, str]]:
    """Whom, and how."""
    found = centre.application.look(lambda t: disclosures.look(t, contact))
    assert found is not None
    return [(one.to, one.way, one.detail) for one in found.times]


def test_everybody_whom_it_reached_is_told(centre: Centre) -> None:
    """Who looked, said why, worked on it, searched for it, took it out, and to whom they were referred."""
    contact = thread(centre, WORDS, "+16175550181")
    escalation = centre.escalation()
    centre.signed_in(ANA).get(f"/threads/{contact}")
    centre.application.change(lambda t: coordinator.accept(t, escalation, centre.people[ANA]))
    centre.application.change(lambda t: coordinator.close(t, escalation, centre.people[ANA]))
    centre.clock.pass_by(timedelta(days=3))
    ben, eve = centre.signed_in(BEN), centre.signed_in(EVE)
    search(ben, number="+16175550181")
    press(ben, f"/threads/{contact}/reason", reason="review", words="a sample")
    ben.get(f"/threads/{contact}")
    assert NOTICE in export(eve, number="+16175550181", reason="the court's order").text
    row = referral(id="r1", contact_id=contact, to_whom="Harbour detox", reason=NotAdmittedReason.NO_BED)
    centre.application.change(lambda t: intakes.refer(t.tx, row))
    told = reached(centre, contact)
    for one in (
        ("Ana Lima", ReachedBy.LOOKED, ""),
        ("Ana Lima", ReachedBy.WORKED, "accept"),
        ("Ana Lima", ReachedBy.WORKED, "close"),
        ("Ben Ortiz", ReachedBy.SEARCHED, ""),
        ("Ben Ortiz", ReachedBy.REASON, "review: a sample"),
        ("Ben Ortiz", ReachedBy.LOOKED, ""),
        ("Eve Stone", ReachedBy.EXPORTED, "the court's order"),
        ("Harbour detox", ReachedBy.REFERRED, ""),
    ):
        assert one in told, (one, told)


def test_what_was_asked_by_text_and_closed_by_key_is_told(centre: Centre) -> None:
    """Whatever staff do by text about an emergency stands in the trail, and in this account."""
    emergency = centre.calls_in("+16175550166", "1")
    escalation = centre.escalation()
    for action in (AuditAction.ASKED_BY_TEXT_TO, AuditAction.CONFIRMED_BY_KEY_TO):
        centre.application.change(
            lambda t, action=action: t.audit(  # type: ignore[misc]
                action, AuditKind.ESCALATION, escalation, by=centre.people[CHLOE], detail="close"
            )
        )
    told = reached(centre, emergency)
    assert ("Chloe Baptiste", ReachedBy.WORKED, "asked by text to close") in told
    assert ("Chloe Baptiste", ReachedBy.WORKED, "confirmed by key to close") in told


def test_what_was_done_about_an_intake_is_told_also_once_it_is_taken_back(centre: Centre) -> None:
    """Put right, missed, and that taken back: in words, on the page and in the sheet, in the reader's language."""
    contact = thread(centre, WORDS, "+16175550181")
    ana = centre.people[ANA]
    row = IntakeRow("i1", contact, None, EPOCH, EPOCH, ana, state=IntakeState.TAKEN_BACK)

    def done(transaction: Transaction) -> None:
        intakes.add(transaction.tx, row)
        for how in ("told", IntakeState.MISSED, "unmarked", IntakeState.CANCELLED):
            transaction.audit(AuditAction.INTAKE, AuditKind.INTAKE, "i1", by=ana, detail=how)
        transaction.audit(
            AuditAction.OUTCOME, AuditKind.CONTACT, contact, by=ana, detail=Outcome.BOOKED_INTAKE
        )
        transaction.audit(AuditAction.UNDO_OUTCOME, AuditKind.CONTACT, contact, by=ana)
        transaction.audit(AuditAction.HAND_OFF, AuditKind.CONTACT, contact, by=ana, detail="ringing")
        transaction.audit(
            AuditAction.HAND_OVER, AuditKind.CONTACT, contact, by=ana, detail=centre.people[BEN]
        )

    centre.application.change(done)
    eve = centre.signed_in(EVE)
    page = eve.get(f"/audit/reached/{contact}").text
    sheet = list(csv.reader(io.StringIO(eve.get(f"/audit/reached/{contact}/sheet").text)))
    told = [one[3] for one in sheet[2:-1] if one[2] == "Worked on it"]
    assert told == [
        "Said how it ended: Intake booked",
        "Took back how it ended",
        "Handed the caller over to somebody outside: they were rung",
        "Handed the callback to a colleague: Ben Ortiz",
        "The intake: when and where was put right",
        "The intake: they didn't come",
        "The intake: what was said of it was taken back",
        "The intake: they cancelled it",
    ]
    for one in told:
        assert str(escape(one)) in page
    in_spanish = eve.get(f"/audit/reached/{contact}", headers={"Accept-Language": "es"}).text
    for one in told:
        assert str(escape(one)) not in in_spanish


def test_every_action_about_a_case_has_words_and_so_has_what_follows_it() -> None:
    """No word of the trail's own stands in an account: neither of what was done, nor of how."""
    for action in AuditAction:
        words = worked(action.value)
        assert words[0].isupper() or words == action.value
    for action, hows in worked_words.HOW.items():
        for how in hows:
            assert worked(f"{action} {how}") == f"{worked(action)}: {hows[how]}"
    for states in (IntakeState, FollowUpState):
        action = AuditAction.INTAKE if states is IntakeState else AuditAction.FOLLOW_UP
        assert {one.value for one in states} <= set(worked_words.HOW[action])
    asked = {one.value for one in Purpose}
    assert asked <= set(worked_words.HOW[AuditAction.CONFIRMED_BY_KEY_TO])


def test_all_that_came_from_one_number_is_one_account(centre: Centre) -> None:
    """From whichever of its cases it is asked; another number's is another."""
    first = thread(centre, WORDS, "+16175550181")
    centre.asks_for_callback("+16175550181")
    other = thread(centre, DANGER, "+16175550182")
    centre.signed_in(EVE).get(f"/threads/{first}")
    centre.signed_in(EVE).get(f"/threads/{other}")
    (call,) = [
        one
        for one in re.findall(r'href="/threads/(\w+)"', search(centre.signed_in(EVE), line="admissions").text)
        if one != first
    ]
    assert ("Eve Stone", ReachedBy.LOOKED, "") in reached(centre, ContactId(call))
    assert len([one for one in reached(centre, other) if one[1] is ReachedBy.LOOKED]) == 1


def test_the_account_is_a_page_and_a_sheet_and_asking_is_written_down(centre: Centre) -> None:
    """The sheet has the notice, and names the caller nowhere."""
    contact = thread(centre, WORDS, "+16175550181")
    client = centre.signed_in(EVE)
    case = client.get(f"/threads/{contact}").text
    assert f'href="/audit/reached/{contact}"' in case
    page = client.get(f"/audit/reached/{contact}")
    assert "Looked at the case" in page.text
    sheet = client.get(f"/audit/reached/{contact}/sheet")
    found = list(csv.reader(io.StringIO(sheet.text)))
    assert found[0] == found[-1] == [NOTICE]
    assert found[1] == ["when", "whom", "how", "detail"]
    assert ["Eve Stone", "Looked at the case"] in [one[1:3] for one in found[2:-1]]
    assert "0181" not in sheet.text
    assert PhoneNumber("+16175550181").e164 not in page.text
    assert centre.audited().count("viewed disclosures") == 1
    assert client.get("/audit/reached/nobody").status_code == 404


@pytest.mark.parametrize("name", [ANA, CHLOE, ADAM])
def test_only_supervisors_account(centre: Centre, name: str) -> None:
    """Nobody else is offered it."""
    contact = thread(centre, WORDS, "+16175550181")
    client = centre.signed_in(name)
    assert client.get(f"/audit/reached/{contact}").status_code == 403
    assert "/audit/reached" not in client.get(f"/threads/{contact}").text


def test_a_withheld_number_s_account_is_of_that_case_alone(centre: Centre) -> None:
    """There is nothing to find others by."""
    contact = centre.calls_in(None, "1")
    page = centre.signed_in(EVE).get(f"/audit/reached/{contact}")
    assert "This case alone" in page.text
