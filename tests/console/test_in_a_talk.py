"""What the page of a case gives whoever talks with somebody: what to say, a clinician, and what to do if they fall
silent; and what it leaves when they have spoken of suicide."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.console.frame.asking import HOUSE
from hotline.model import ContactId, Language, Line, Outcome, Subject
from hotline.operations.console import coordinator
from hotline.operations.transaction import Transaction
from hotline.prompts import load
from hotline.store.cases import contacts, escalations
from tests.console.centre import Centre, press
from tests.console.test_admissions_record import owed, writes
from tests.console.test_live_talks import put_through
from tests.console.test_what_follows import says, shown

ANA, BEN, CHLOE, EVE = "Ana Lima", "Ben Ortiz", "Chloe Baptiste", "Eve Stone"
SILENT = "They have stopped answering: start the clock, page a clinician"


def subjects(centre: Centre) -> list[Subject]:
    """What a human has, or is asked for."""
    rows = centre.application.look(lambda transaction: escalations.all_open(transaction.tx))
    return sorted(row.escalation.subject for row in rows)


def spoken_to(centre: Centre, contact: ContactId, language: Language, line: Line = Line.ADMISSIONS) -> str:
    """The script on Ana's page of a case in this language, and of this line."""

    def change(transaction: Transaction) -> None:
        row = contacts.get(transaction.tx, contact)
        assert row is not None
        contacts.save(transaction.tx, replace(row, language=language, line=line))

    centre.application.change(change)
    page = centre.signed_in(ANA).get(f"/threads/{contact}").text
    return page.partition('data-key="script"')[2].partition("</details>")[0]


def test_the_script_is_in_the_caller_s_language_with_the_reader_s_beside_it(centre: Centre) -> None:
    """From the greeting to what comes next; open while they talk, and neutral before a call of ours."""
    prompts = load(Language, centre.application.prompts.constants)
    centre.app.extensions[HOUSE] = replace(centre.application, prompts=prompts)
    contact = put_through(centre)
    script = spoken_to(centre, contact, Language.ES)
    assert " open" in script.partition(">")[0]
    assert '<span class="words" lang="es">Hola, le habla Ana.' in script
    assert '<span class="facts" lang="en">Hello, this is Ana.' in script
    for part in ("To begin", "What to ask, in any order", "Before you hang up"):
        assert part in script
    assert "Section 35" not in script
    callback, called = owed(centre, "+16175550143")
    centre.claims(ANA, callback)
    script = spoken_to(centre, called, Language.EN)
    assert "Until they have said that it is them" in script
    assert "did you ask for a call?" in script
    assert 'lang="es"' not in script


def test_the_family_line_has_section_35_and_an_emergency_its_own(centre: Centre) -> None:
    """Who may ask a court for it, where, from when, and that it is not taken back; only if they ask."""
    contact = put_through(centre)
    script = spoken_to(centre, contact, Language.EN, Line.FAMILY)
    assert "Section 35, in Massachusetts: only if they ask for it" in script
    assert "a blood relative, a guardian, the police, a doctor or a court official" in script
    assert "from 8:30 in the morning" in script
    assert "take it back without the court" in script
    press(centre.signed_in(ANA), f"/threads/{contact}/emergency")
    script = spoken_to(centre, contact, Language.EN, Line.FAMILY)
    assert "Where are you? The town first" in script
    assert "Section 35" not in script


@pytest.mark.parametrize("language", Language)
def test_every_line_of_the_script_is_there_in_every_language(language: Language) -> None:
    """What the centre has on, and what it may put on."""
    said = load([language], {})
    assert len([one for one in said.sentences if one[0] is language and one[2].startswith("read_")]) > 30


def test_a_clinician_is_brought_into_an_ordinary_talk(centre: Centre) -> None:
    """By whoever is in it; for others the button isn't there, and does nothing."""
    contact = put_through(centre)
    address = f"/threads/{contact}/clinician"
    assert address in centre.signed_in(ANA).get(f"/threads/{contact}").text
    assert address not in centre.signed_in(BEN).get(f"/threads/{contact}").text
    assert says(centre.signed_in(BEN), address)[1] is False
    assert Subject.CLINICIAN not in subjects(centre)
    for _ in range(2):
        assert says(centre.signed_in(ANA), address)[1] is True
        assert subjects(centre).count(Subject.CLINICIAN) == 1


def test_a_caller_who_stops_answering_in_an_ordinary_talk_has_numbers_and_a_clock(centre: Centre) -> None:
    """Clinicians are paged by that, and the page stays hers: she is on the line with them."""
    contact = put_through(centre)
    ana = centre.signed_in(ANA)
    page = ana.get(f"/threads/{contact}").text
    assert SILENT in page
    assert "dial the dispatch centre of their town" in page
    words, good = says(ana, f"/threads/{contact}/silent", answers="no")
    assert (good, "clinicians are paged" in words) == (True, True)
    assert Subject.EMERGENCY in subjects(centre)
    shown_now = ana.get(f"/threads/{contact}")
    assert shown_now.status_code == 200
    assert "Until you call dispatch:" in shown_now.text
    says(ana, f"/threads/{contact}/silent", answers="yes")
    assert "Until you call dispatch:" not in ana.get(f"/threads/{contact}").text


def test_a_callback_is_handed_to_a_colleague(centre: Centre) -> None:
    """To one who is on shift, who is told; theirs at once, with its story."""
    callback, contact = owed(centre)
    centre.claims(ANA, callback)
    ana, address = centre.signed_in(ANA), f"/board/callbacks/{callback}/hand-over"
    assert address in ana.get("/board").text
    assert says(ana, address, to=centre.people["Adam Cole"])[1] is False
    assert says(centre.signed_in(EVE), address, to=centre.people[BEN])[1] is False
    assert says(ana, address, to=centre.people[BEN]) == ("Ben Ortiz has it now, and is told by text.", True)
    (mine,) = shown(centre, BEN).callbacks
    assert mine.mine
    assert "The call back was handed to a colleague" in ana.get(f"/threads/{contact}").text
    assert "hand over p1" in centre.audited()
    assert says(ana, address, to=centre.people[BEN])[1] is False


def test_thoughts_of_suicide_without_an_emergency_are_offered_a_follow_up(centre: Centre) -> None:
    """When it is said how the talk ended; by whoever said it, and once."""
    callback, contact = owed(centre)
    centre.claims(ANA, callback)
    ana = centre.signed_in(ANA)
    writes(ana, contact, suicide="yes")
    assert shown(centre).follow_ups == ()
    says(ana, f"/board/callbacks/{callback}/outcome", outcome="reached")
    (offered,) = shown(centre).follow_ups
    assert offered.after_talk
    page = ana.get("/board").text
    assert "After a talk about suicide" in page
    assert says(ana, f"/board/follow-ups/{offered.escalation}/agree", at="2026-03-04T10:00")[1] is True
    says(ana, f"/board/callbacks/{callback}/outcome", outcome="declined")
    assert shown(centre).follow_ups == ()
    assert "follow up agreed" in centre.audited()


def test_an_emergency_that_is_open_offers_it_when_it_is_closed(centre: Centre) -> None:
    """Not twice."""
    callback, contact = owed(centre)
    centre.claims(ANA, callback)
    ana = centre.signed_in(ANA)
    writes(ana, contact, suicide="yes")
    press(ana, f"/threads/{contact}/emergency")
    says(ana, f"/board/callbacks/{callback}/outcome", outcome="reached")
    assert shown(centre).follow_ups == ()
    emergency = centre.escalation()
    centre.application.change(lambda t: coordinator.accept(t, emergency, centre.people[CHLOE]))
    centre.application.change(lambda t: coordinator.close(t, emergency, centre.people[CHLOE]))
    (offered,) = shown(centre, CHLOE).follow_ups
    assert not offered.after_talk


def test_to_whom_somebody_was_referred_is_said_or_left_unsaid_on_purpose(centre: Centre) -> None:
    """An empty place alone would leave a hole in the log of referrals."""
    callback, _ = owed(centre)
    centre.claims(ANA, callback)
    ana, address = centre.signed_in(ANA), f"/board/callbacks/{callback}/outcome"
    words, good = says(ana, address, outcome="referred", to_whom=" ")
    assert (good, words) == (False, "Write to whom you referred them, or tick that it stays unsaid.")
    assert says(ana, address, outcome="referred", unsaid="yes")[1] is True
    assert shown(centre).unnamed == ()


def test_who_referred_somebody_by_key_is_asked_on_the_board_to_whom(centre: Centre) -> None:
    """Only they; what they write stands in the log and in the account, which have no empty name until then."""
    callback, contact = owed(centre)
    centre.claims(ANA, callback)
    centre.application.change(
        lambda t: coordinator.set_outcome(t, callback, Outcome.REFERRED, centre.people[ANA])
    )
    ana, ben, eve = (centre.signed_in(name) for name in (ANA, BEN, EVE))
    (one,) = shown(centre).unnamed
    address = f"/board/referrals/{one.referral}/to-whom"
    asked = "Yours: say to whom you referred them"
    assert asked in ana.get("/board").text
    assert asked not in ben.get("/board").text
    centre.clock.pass_by(timedelta(minutes=1))
    days = "span=days&first=2026-03-02&last=2026-03-02"
    assert 'words">Not said yet</td>' in eve.get(f"/reports/outcomes?{days}").text
    account = f"/audit/reached/{contact}"
    assert "Not said to whom" in eve.get(account).text
    assert says(ana, address, to_whom=" ") == (
        "Write to whom you referred them, or choose that it stays unsaid.",
        False,
    )
    assert says(ben, address, to_whom="Harbor Detox")[1] is False
    assert says(ana, address, to_whom="Harbor Detox") == ("Saved: to whom you referred them.", True)
    assert asked not in ana.get("/board").text
    assert 'words">Harbor Detox</td>' in eve.get(f"/reports/outcomes?{days}").text
    page = eve.get(account).text
    assert "Harbor Detox" in page
    assert "Not said to whom" not in page
    assert "To whom they were referred was said" in ana.get(f"/threads/{contact}").text
    assert "referral named" in centre.audited()


def test_to_whom_may_stay_unsaid_after_a_key_too(centre: Centre) -> None:
    """The log says so, and nobody is asked any more."""
    callback, _ = owed(centre)
    centre.claims(ANA, callback)
    centre.application.change(
        lambda t: coordinator.set_outcome(t, callback, Outcome.REFERRED, centre.people[ANA])
    )
    (one,) = shown(centre).unnamed
    ana = centre.signed_in(ANA)
    assert says(ana, f"/board/referrals/{one.referral}/to-whom", unsaid="yes") == (
        "Saved: the log of referrals says that nobody was named.",
        True,
    )
    assert shown(centre).unnamed == ()
    centre.clock.pass_by(timedelta(minutes=1))
    log = centre.signed_in(EVE).get("/reports/outcomes?span=days&first=2026-03-02&last=2026-03-02").text
    assert 'words">Not said</td>' in log
