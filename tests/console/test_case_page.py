"""The page of a case: everything that happened in one timeline, notes with their versions, earlier contacts, flags."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hotline.console.frame import sight
from hotline.console.thread import timeline_words
from hotline.console.thread.case_words import earlier_days
from hotline.model import CallbackId, Channel, ContactId, Line, Outcome, Role
from hotline.operations.callbacks import ringing_back
from hotline.operations.console import coordinator, earlier_contacts
from hotline.operations.console.earlier_contacts import EarlierContact
from hotline.operations.conversation import caller
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, contacts
from hotline.store.cases.timeline import TimelineRow
from hotline.triage.caller_events import HungUp, Pressed
from tests.console.centre import EPOCH, Centre, press
from tests.console.test_admissions_record import owed, writes
from tests.console.test_live_talks import put_through, talked
from tests.console.test_sides import DANGER, WORDS, thread
from tests.operations.statements import counted

ANA, BEN, CHLOE, EVE = "Ana Lima", "Ben Ortiz", "Chloe Baptiste", "Eve Stone"
BOSTON = ZoneInfo("America/New_York")
NO_MESSAGE = "NO MESSAGE: leave nothing on a machine, or with anybody else"


def told(centre: Centre, contact: ContactId, name: str = ANA) -> list[str]:
    """What stands in the timeline of this page, without the times."""
    page = centre.signed_in(name).get(f"/threads/{contact}").text
    shown = page[page.index('class="happened" data-key="happened"') :].split("</ol>")[0]
    lines = re.findall(r'<span class="from">(.*?)</span>', shown, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", one).split(" · ", 1)[1].strip() for one in lines]


def presses(centre: Centre, contact: ContactId, keys: str) -> None:
    """The caller presses a key, or types several digits at once."""

    def work(transaction: Transaction) -> None:
        row = contacts.get(transaction.tx, contact)
        assert row is not None
        caller.hear(transaction, contact, row.turn, Pressed(keys))

    centre.application.change(work)


# --- one timeline ------------------------------------------------------------------------------------------------


def test_a_call_and_what_came_of_it_stand_in_one_timeline(centre: Centre) -> None:
    """Keys, whose phones rang, our call and how it ended, the outcome, and who looked."""
    callback, contact = owed(centre)
    centre.clock.pass_by(timedelta(minutes=2))
    centre.claims(ANA, callback)
    dialled = centre.application.change(partial(_dial, callback=callback))
    centre.clock.pass_by(timedelta(minutes=1))
    gone = partial(caller.hear, contact_id=dialled, turn=99, event=HungUp(Outcome.NO_ANSWER))
    centre.application.change(gone)
    centre.clock.pass_by(timedelta(minutes=1))
    said = partial(
        coordinator.set_outcome, callback_id=callback, outcome=Outcome.DECLINED, by=centre.people[ANA]
    )
    centre.application.change(said)
    centre.signed_in(BEN).get(f"/threads/{contact}")
    centre.clock.pass_by(timedelta(minutes=1))
    lines = told(centre, contact)
    inorder = [
        "They pressed 2. They hold for somebody",
        "Staff are being reached",
        "To be called back",
        "The call was over",
        "The callback was claimed · Ana Lima",
        "We called them",
        "Our call was over: no answer",
        "How it ended: declined · Ana Lima",
        "Looked at this page · Ben Ortiz",
    ]
    places = [lines.index(one) for one in inorder]
    assert places == sorted(places), lines


def _dial(transaction: Transaction, callback: CallbackId) -> ContactId:
    row = callbacks.get(transaction.tx, callback)
    assert row is not None
    dialled = ringing_back.dial_caller(transaction, row)
    assert dialled.call_contact_id is not None
    return dialled.call_contact_id


def state(centre: Centre, contact: ContactId, name: str = ANA) -> tuple[str, bool]:
    """What this page says of how it stands, and whether it offers to call them."""
    page = centre.signed_in(name).get(f"/threads/{contact}").text
    said = re.search(r'<p class="state" data-key="state">(.*?)</p>', page, re.DOTALL)
    assert said is not None
    return re.sub(r"<[^>]+>", "", said[1]).strip(), "Call: ring my phone" in page


def test_the_page_of_a_call_says_who_talks_with_them_and_offers_no_second_call(centre: Centre) -> None:
    """As the board does: whoever writes it down while talking isn't told that nobody is needed."""
    holding = centre.calls_in("+16175550143", "2")
    assert state(centre, holding) == ("They are on the line, and nobody talks with them yet.", False)
    centre.hangs_up(holding)
    contact = put_through(centre)
    assert state(centre, contact) == ("You are talking with them.", False)
    assert state(centre, contact, BEN) == ("Ana Lima is talking with them.", False)
    centre.hangs_up(contact)
    said, may_call = state(centre, contact)
    assert ("talking" in said, may_call) == (False, True)


def test_while_our_call_to_them_rings_the_page_says_so(centre: Centre) -> None:
    """On the page of whoever asked for it; and not that they are to be called back."""
    callback, contact = owed(centre)
    assert state(centre, contact)[0].endswith("They are to be called back: see the board.")
    centre.claims(ANA, callback)
    centre.application.change(partial(_dial, callback=callback))
    assert state(centre, contact) == ("Their phone rings now.", False)


def test_a_number_that_somebody_types_is_no_key(centre: Centre) -> None:
    """Digits that are somebody's telephone stand in no timeline."""
    contact = centre.calls_in("+16175550142", keys="245")
    presses(centre, contact, "6175550188")
    assert not any("0188" in one for one in told(centre, contact))


def test_texts_stand_in_it_in_their_own_words(centre: Centre) -> None:
    """Theirs, and ours that left by themselves."""
    contact = thread(centre, WORDS, "+16175550181")
    page = centre.signed_in(ANA).get(f"/threads/{contact}").text
    shown = page[page.index('class="happened" data-key="happened"') :]
    assert f'They wrote</span><span class="words" dir="auto">{WORDS}</span>' in shown


def test_whose_phones_rang_is_one_line_however_many() -> None:
    """Between what else happened, and apart from those that were not reached."""
    order = [
        ("page rang", ANA),
        ("page rang", BEN),
        ("unreached", ANA),
        ("page texted", CHLOE),
        ("page rang", ANA),
    ]
    happened = [
        (TimelineRow(EPOCH + timedelta(minutes=minute), what), who)
        for minute, (what, who) in enumerate(order)
    ]
    assert [(one.words, one.who) for one in timeline_words.lines(happened)] == [
        ("Phone rang", "Ana Lima, Ben Ortiz"),
        ("Call not taken", ANA),
        ("Asked by text", CHLOE),
        ("Phone rang", ANA),
    ]


def test_the_page_of_what_was_closed_lately_is_one_press_away(centre: Centre) -> None:
    """For whoever has a word to add to it; a clinician may not read an admissions case."""
    callback, contact = owed(centre)
    for act in ("claim", "outcome"):
        press(centre.signed_in(ANA), f"/board/callbacks/{callback}/{act}", outcome="declined")
    card, link = f'<li id="done-{callback}" ', f'href="/threads/{contact}"'
    assert link in centre.signed_in(ANA).get("/board").text.split(card)[1].split("</li>")[0]
    assert link not in centre.signed_in(CHLOE).get("/board").text.split(card)[1].split("</li>")[0]


# --- notes -------------------------------------------------------------------------------------------------------


def note_of(centre: Centre, contact: ContactId, words: str) -> str:
    """Ana writes a note; where it can be changed."""
    client = centre.signed_in(ANA)
    press(client, f"/threads/{contact}/note", script=True, note=words)
    found: list[str] = re.findall(
        r'action="(/threads/[^"]+/notes/\d+)"', client.get(f"/threads/{contact}").text
    )
    return found[-1]


def test_a_line_break_of_a_note_is_one_character_as_in_the_browsers_count(centre: Centre) -> None:
    """Forms send two for it: a note that had room while it was typed has room when it arrives."""
    _, contact = owed(centre)
    words = "\r\n".join(["a"] * 1000) + "b"
    said = press(centre.signed_in(ANA), f"/threads/{contact}/note", script=True, note=words).json
    assert said == {"said": "Written down.", "good": True}
    said = press(centre.signed_in(ANA), f"/threads/{contact}/note", script=True, note=words + "c").json
    assert said == {"said": "Not written down: it is too long. Write it as two notes.", "good": False}


def test_a_note_is_put_right_by_its_writer_and_its_versions_stay(centre: Centre) -> None:
    """The newest stands there, what stood before is one press away, and all of it is sealed."""
    _, contact = owed(centre)
    address = note_of(centre, contact, "sister: Lena")
    ana = centre.signed_in(ANA)
    centre.clock.pass_by(timedelta(minutes=5))
    for was, words in (("sister: Lena", "sister: Lina"), ("sister: Lina", "sister: Lina, 10 Elm St")):
        said = press(ana, address, script=True, was=was, note=words).json
        assert said == {"said": "Changed.", "good": True}
    page = centre.signed_in(BEN).get(f"/threads/{contact}").text
    assert '<span class="words" dir="auto">sister: Lina, 10 Elm St</span>' in page
    assert "What stood there before" in page
    assert page.index("sister: Lena</span>") < page.index("sister: Lina</span>")
    assert any(one.startswith("Note · Ana Lima · changed ") for one in told(centre, contact))
    assert centre.audited().count("note changed") == 2
    for file in centre.database_file.parent.glob(f"{centre.database_file.name}*"):
        assert b"sister" not in Path(file).read_bytes()


def test_nobody_else_changes_it_and_nothing_is_written_over(centre: Centre) -> None:
    """A colleague is told whose it is; two screens of its writer are told apart; pressed twice, it is one change."""
    _, contact = owed(centre)
    address = note_of(centre, contact, "first")
    ana, ben = centre.signed_in(ANA), centre.signed_in(BEN)
    assert address not in ben.get(f"/threads/{contact}").text
    refused = press(ben, address, script=True, was="first", note="mine").json
    assert refused == {"said": "Not done: the note is a colleague's. Write one of your own.", "good": False}
    for _ in range(2):
        said = press(ana, address, script=True, was="first", note="second").json
        assert said == {"said": "Changed.", "good": True}
    late = press(ana, address, script=True, was="first", note="third").json
    assert late is not None
    assert not late["good"]
    empty = press(ana, address, script=True, was="second", note=" ").json
    assert empty == {"said": "Write something first.", "good": False}
    assert centre.audited().count("note changed") == 1


# --- earlier contacts --------------------------------------------------------------------------------------------


def test_what_came_from_their_number_before_is_told_in_words(centre: Centre) -> None:
    """Called twice, talked with Ana for a minute, asked for detox; by the day, with their pages."""
    first = talked(centre)
    writes(centre.signed_in(ANA), first, wants="detox")
    centre.hangs_up(centre.calls_in("+16175550142"))
    centre.clock.pass_by(timedelta(days=2))
    now = centre.calls_in("+16175550142", "2")
    page = centre.signed_in(ANA).get(f"/threads/{now}").text
    talk = "Ana Lima talked with them for 1 min; wanted: detox."
    assert f"Called twice on Monday; asked for admissions; {talk}" in page
    assert f'href="/threads/{first}"' in page
    other = centre.calls_in("+16175550143", "2")
    assert "Earlier from this number" not in centre.signed_in(ANA).get(f"/threads/{other}").text


def test_an_earlier_record_of_the_number_is_pointed_out_and_not_taken_over(centre: Centre) -> None:
    """Beside the empty record, with the danger that was written down then; not where there is none, nor to whoever may
    read no record."""
    first = talked(centre)
    ana = centre.signed_in(ANA)
    pointed_out = "An earlier record of this number is not taken over"
    assert pointed_out not in ana.get(f"/threads/{first}").text
    writes(ana, first, suicide="yes")
    centre.clock.pass_by(timedelta(hours=1))
    now = centre.calls_in("+16175550142", "2")
    ana = centre.signed_in(ANA)
    page = ana.get(f"/threads/{now}").text
    assert pointed_out in page
    assert 'href="#earlier"' in page
    assert "danger was written down: thoughts of suicide" in page
    assert 'id="danger" data-warns data-keeps="hidden" hidden>' in page
    theirs = earlier(centre, now)
    assert [(one.dangers, one.recorded) for one in sight.of_earlier(theirs, [Role.ADMIN])] == [((), False)]
    other = centre.calls_in("+16175550143", "2")
    assert pointed_out not in ana.get(f"/threads/{other}").text


def earlier(centre: Centre, contact: ContactId) -> tuple[EarlierContact, ...]:
    return centre.application.look(lambda transaction: earlier_contacts.look(transaction, contact))


def test_of_the_other_side_only_that_there_was_a_contact_is_told(centre: Centre) -> None:
    """Whoever may not read emergencies isn't told of one."""
    thread(centre, DANGER, "+16175550142")
    escalation = centre.escalation()
    for act in (coordinator.accept, coordinator.close):
        centre.application.change(partial(act, escalation_id=escalation, by=centre.people[CHLOE]))
    centre.clock.pass_by(timedelta(days=1))
    _, contact = owed(centre)
    page = centre.signed_in(ANA).get(f"/threads/{contact}").text
    assert "Wrote once yesterday." in page
    assert "in an emergency" not in page
    assert "Wrote once yesterday; in an emergency." in centre.signed_in(EVE).get(f"/threads/{contact}").text


def test_an_emergency_of_the_last_day_is_told_to_whoever_talks_with_them_now(centre: Centre) -> None:
    """That there was one and whose, and no word of it: on the other side, too."""
    thread(centre, DANGER, "+16175550142")
    escalation = centre.escalation()
    for act in (coordinator.accept, coordinator.close):
        centre.application.change(partial(act, escalation_id=escalation, by=centre.people[CHLOE]))
    centre.clock.pass_by(timedelta(hours=2))
    _, contact = owed(centre)
    page = centre.signed_in(ANA).get(f"/threads/{contact}").text
    assert "Wrote once today; in an emergency: Chloe Baptiste had it." in page
    assert DANGER not in page


def test_ten_earlier_contacts_cost_no_more_statements_than_one(centre: Centre) -> None:
    """Whoever has the page open asks for it whenever anything has changed."""
    owed(centre, "+16175550142", "2")
    for nth in range(9):
        owed(centre, "+16175550150", "2")
        centre.clock.pass_by(timedelta(hours=3 + nth))
    eve = centre.signed_in(EVE)
    ran = []
    for number in ("+16175550142", "+16175550150"):
        contact = centre.calls_in(number)
        eve.get(f"/threads/{contact}")
        with counted(60) as statements:
            eve.get(f"/threads/{contact}/live", headers={"X-Board": "1"})
        ran.append(len(statements))
    assert ran[0] == ran[1]


def test_days_are_said_as_people_say_them() -> None:
    """Today, yesterday, on Tuesday, on a date; calls and texts counted apart."""
    found = [
        EarlierContact(None, EPOCH, Channel.VOICE, None),
        EarlierContact(None, EPOCH - timedelta(days=1), Channel.TEXT, None),
        EarlierContact(None, EPOCH - timedelta(days=1), Channel.VOICE, None),
        EarlierContact(
            None,
            EPOCH - timedelta(days=6),
            Channel.VOICE,
            Line.FAMILY,
            who="Ben Ortiz",
            talked=timedelta(minutes=12),
        ),
        EarlierContact(
            None, EPOCH - timedelta(days=20), Channel.TEXT, Line.ADMISSIONS, outcome=Outcome.BOOKED_INTAKE
        ),
    ]
    assert [day.words for day in earlier_days(found, EPOCH, BOSTON)] == [
        "Called once today.",
        "Called once and wrote once yesterday.",
        "Called once on Tuesday; asked for family support; Ben Ortiz talked with them for 12 min.",
        "Wrote once on Tuesday 10 February; asked for admissions; intake booked.",
    ]


# --- what must not be overlooked ---------------------------------------------------------------------------------


def flags(centre: Centre, contact: ContactId) -> list[str]:
    """What stands above everything else on the page."""
    page = centre.signed_in(ANA).get(f"/threads/{contact}").text
    assert page.index('class="flags"') < page.index('data-key="about"')
    shown = page[page.index('<ul class="flags"') :].split("</ul>")[0]
    return [re.sub(r"<[^>]+>", "", one) for one in re.findall(r"<li[^>]*>(.+?)</li>", shown)]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("24445", ["message ok", "NO TEXT: they said that it is not safe"]),
        ("24454", [NO_MESSAGE, "text ok"]),
        ("", [NO_MESSAGE, "TEXT: NOT SAID: somebody else may hold the phone"]),
    ],
)
def test_what_is_safe_stands_above_everything_else(centre: Centre, keys: str, expected: list[str]) -> None:
    """On the page of a call as on that of a text."""
    contact = centre.calls_in("+16175550142", "2")
    for key in keys[1:]:
        presses(centre, contact, key)
    assert flags(centre, contact) == expected


def test_a_withheld_number_says_so(centre: Centre) -> None:
    """Nothing else need be said of it."""
    withheld = ["NUMBER WITHHELD: they can be neither called nor texted"]
    assert flags(centre, centre.calls_in(None, "2")) == withheld
