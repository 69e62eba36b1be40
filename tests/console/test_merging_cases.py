"""One person under two numbers: staff merge the cases, see what that does before it is done, and can undo it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from hotline.callbacks.callback import CallbackStatus, DetailsGiven, TimeChosen
from hotline.callbacks.ledger import Promise
from hotline.console.thread import merge_words
from hotline.model import CallbackId, Channel, ContactId, Line, Outcome, PhoneNumber
from hotline.operations import every_second
from hotline.operations.callbacks import ringing_back, stopping
from hotline.operations.texts import merge_plan, threads
from hotline.operations.texts.merged_cases import MergedCase
from hotline.operations.texts.threads import Thread
from hotline.operations.texts.writing import Safe
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, contacts, promises
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.people import callers
from hotline.store.people.callers import Caller
from tests.console.centre import Centre, press

MIA, OTHER = "+16175550142", "+16175550187"
ANA, BEN, CHLOE, EVE = "Ana Lima", "Ben Ortiz", "Chloe Baptiste", "Eve Stone"
MINUTE = timedelta(minutes=1)


def row_of(centre: Centre, callback: CallbackId) -> CallbackRow:
    found = centre.application.look(lambda transaction: callbacks.get(transaction.tx, callback))
    assert found is not None
    return found


def known(centre: Centre, number: str) -> Caller:
    return centre.application.look(lambda transaction: callers.get(transaction.tx, PhoneNumber(number)))


def page_of(centre: Centre, contact: ContactId, name: str = ANA) -> Thread:
    found = centre.application.look(
        lambda transaction: threads.look(transaction, contact, centre.people[name])
    )
    assert found is not None
    return found


def says_safe(centre: Centre, callback: CallbackId, *, message: bool, text: bool) -> None:
    """What the caller answered when they asked for it."""

    def work(transaction: Transaction) -> None:
        row = callbacks.get(transaction.tx, callback)
        assert row is not None
        ringing_back.change(transaction, row, DetailsGiven(message, text))

    centre.application.change(work)


class Pair:
    """Two callbacks: family support from one number, and ten minutes later admissions from another."""

    def __init__(self, centre: Centre, apart: timedelta = 10 * MINUTE) -> None:
        self.centre = centre
        self.family = centre.asks_for_callback(MIA, line="3")
        centre.clock.pass_by(apart)
        self.admissions = centre.asks_for_callback(OTHER)
        self.contacts = [row_of(centre, one).contact_id for one in (self.family, self.admissions)]

    def stand(self) -> dict[str, Any]:
        """Everything that matters of both."""
        rows = [row_of(self.centre, one) for one in (self.family, self.admissions)]
        return {
            "callbacks": [row.callback for row in rows],
            "numbers": [row.number for row in rows],
            "contacts": [self._contact(one) for one in self.contacts],
            "callers": [replace(known(self.centre, one), version=0) for one in (MIA, OTHER)],
            "safe": [page_of(self.centre, one).safe for one in self.contacts],
        }

    def _contact(self, contact: ContactId) -> tuple[object, ...]:
        row = self.centre.application.look(lambda transaction: contacts.get(transaction.tx, contact))
        assert row is not None
        return row.callback_id, row.data

    def merged(self, name: str = ANA, **form: str) -> tuple[str, bool]:
        return says(
            self.centre.signed_in(name),
            f"/threads/{self.contacts[0]}/merged",
            other=self.contacts[1],
            **form,
        )

    def undone(self, name: str = ANA, page: int = 0) -> tuple[str, bool]:
        merged = page_of(self.centre, self.contacts[page], name).merged
        address = f"/threads/{self.contacts[page]}/merged/{merged.last if merged else 'none'}/undo"
        return says(self.centre.signed_in(name), address)


def says(client: FlaskClient, address: str, **form: str) -> tuple[str, bool]:
    """What is answered to a press, and whether it was done."""
    answer = press(client, address, script=True, **form).json
    assert answer is not None
    return answer["said"], answer["good"]


MERGED = ("Merged. Both pages show both.", True)
UNDONE = ("Undone. Both are as they were; what has happened since stays.", True)


def test_one_callback_stays_and_both_come_back(centre: Centre) -> None:
    """The higher line and the earlier promise; undone, each is in everything as it was."""
    pair = Pair(centre)
    before = pair.stand()
    family, admissions = before["callbacks"]
    assert pair.merged(keep=pair.contacts[0]) == MERGED
    kept, other = row_of(centre, pair.family), row_of(centre, pair.admissions)
    assert (kept.callback.line, kept.number) == (Line.ADMISSIONS, PhoneNumber(MIA))
    assert kept.callback.promised_at == min(family.promised_at, admissions.promised_at)
    assert (other.callback.status, other.callback.outcome) == (CallbackStatus.CLOSED, Outcome.MERGED)
    assert page_of(centre, pair.contacts[1]).owed == pair.family, "whoever waited for that waits for this"
    assert centre.audited().count("merge") == 2
    assert pair.undone(page=1) == UNDONE
    assert pair.stand() == before
    assert centre.audited().count("unmerge") == 2
    assert pair.undone() == ("That is undone already.", False)


def test_both_pages_show_both_and_the_board_only_one(centre: Centre) -> None:
    """What happened in the other case says where; one that is merged can't be corrected or undone on the board."""
    pair = Pair(centre)
    ana = centre.signed_in(ANA)
    assert "The same person, too" not in ana.get(f"/threads/{pair.contacts[0]}").text
    pair.merged()
    for one, other in (pair.contacts, pair.contacts[::-1]):
        page = ana.get(f"/threads/{one}").text
        assert "The same person, too" in page
        assert f'href="/threads/{other}"' in page
        assert "They hold for somebody (call of 13:" in page
        assert "Merged with another case: the same person" in page
    board = ana.get("/board").text
    assert "Merged with another callback of theirs" in board
    assert sum(f'id="callback-{one}"' in board for one in (pair.family, pair.admissions)) == 1
    closed = next(one for one in (pair.family, pair.admissions) if not row_of(centre, one).callback.is_open)
    card = board.split(f'<li id="done-{closed}" ')[1].split("</li>")[0]
    assert "<form" not in card
    for act in ("undo", "claim"):
        assert not says(ana, f"/board/callbacks/{closed}/{act}")[1]
    assert not says(ana, f"/board/callbacks/{closed}/outcome", outcome="reached")[1]


def test_two_calls_of_one_minute_are_told_apart_by_the_second() -> None:
    """Where it is needed only; two of one second by their reference."""
    at = datetime(2026, 3, 2, 11, 46, 7, tzinfo=UTC)
    case = MergedCase(ContactId("aaaa1"), at, Channel.VOICE, Line.FAMILY, False, None, ())
    place, now = ZoneInfo("America/New_York"), at + timedelta(hours=1)
    own = replace(case, contact=ContactId("bbbb1"), at=at + timedelta(seconds=30))
    assert merge_words.shorts([case], own, place, now) == {"aaaa1": "call of 06:46:07"}
    later = replace(own, at=at + timedelta(minutes=1))
    assert merge_words.shorts([case], later, place, now) == {"aaaa1": "call of 06:46"}
    twin = replace(case, contact=ContactId("cccc1"))
    assert merge_words.shorts([case, twin], own, place, now) == {
        "aaaa1": "call of 06:46:07, Ref AAAA",
        "cccc1": "call of 06:46:07, Ref CCCC",
    }


def test_the_page_of_one_call_tells_it_apart_from_another_of_the_same_minute(centre: Centre) -> None:
    """Whichever of them is read, the other is named to the second."""
    pair = Pair(centre, apart=timedelta(seconds=5))
    pair.merged()
    ana = centre.signed_in(ANA)
    for one in pair.contacts:
        page = ana.get(f"/threads/{one}").text
        assert re.search(r"They hold for somebody \(call of \d\d:\d\d:\d\d\)", page)


def test_whoever_looks_at_one_has_looked_at_both(centre: Centre) -> None:
    """The account of a record's readers leaves nobody out."""
    pair = Pair(centre)
    pair.merged()
    looks = centre.audited().count("viewed thread")
    centre.signed_in(BEN).get(f"/threads/{pair.contacts[0]}")
    assert centre.audited().count("viewed thread") == looks + 2


def test_what_is_safe_is_what_is_safe_in_both(centre: Centre) -> None:
    """A no of one telephone holds for the other, on its page and in its callback; undone, each has its own again."""
    pair = Pair(centre)
    says_safe(centre, pair.family, message=True, text=True)
    says_safe(centre, pair.admissions, message=False, text=False)
    before = pair.stand()
    ana = centre.signed_in(ANA)
    preview = ana.get(f"/threads/{pair.contacts[0]}/merge", query_string={"other": pair.contacts[1]}).text
    assert "For the callback that stays: no message and no text." in preview
    pair.merged(keep=pair.contacts[0])
    kept = row_of(centre, pair.family).callback
    assert (kept.message_safe, kept.text_safe) == (False, False)
    page = ana.get(f"/threads/{pair.contacts[0]}").text
    assert "NO MESSAGE" in page
    assert "message ok" not in page
    pair.undone()
    assert pair.stand() == before


def test_a_text_that_is_unsafe_there_is_unsafe_here(centre: Centre) -> None:
    """Somebody texts that it is not safe, and calls from another number: no text goes to either."""
    centre.texts("I want detox", OTHER)
    thread = centre.application.look(
        lambda transaction: contacts.open_thread(transaction.tx, PhoneNumber(OTHER))
    )
    assert thread is not None
    ana = centre.signed_in(ANA)
    centre.texts("5", OTHER)
    centre.texts("5", OTHER)
    called = row_of(centre, centre.asks_for_callback(MIA)).contact_id
    assert page_of(centre, called).safe is not Safe.NO
    was = page_of(centre, thread.id).safe
    assert was is Safe.NO
    told = ana.get(f"/threads/{called}/merge", query_string={"other": thread.id}).text
    assert "For the number that ends in 42:" in told
    assert says(ana, f"/threads/{called}/merged", other=thread.id) == MERGED
    assert page_of(centre, called).safe is Safe.NO
    merged = page_of(centre, called).merged
    assert merged is not None
    assert says(ana, f"/threads/{called}/merged/{merged.last}/undo") == UNDONE
    assert page_of(centre, called).safe is not Safe.NO
    assert page_of(centre, thread.id).safe is Safe.NO


def stops(centre: Centre, number: str) -> None:
    centre.application.change(
        lambda transaction: stopping.stop(transaction, PhoneNumber(number), None, by=None)
    )


def test_who_asked_us_to_stop_stays_stopped_under_both_numbers(centre: Centre) -> None:
    """What they had asked for before that is over; undone, it waits, and the other number is free again."""
    callback = centre.asks_for_callback(MIA)
    contact = row_of(centre, callback).contact_id
    centre.clock.pass_by(MINUTE)
    other = centre.calls_in(OTHER, "2")
    centre.hangs_up(other)
    stops(centre, OTHER)
    ana = centre.signed_in(ANA)
    told = ana.get(f"/threads/{contact}/merge", query_string={"other": other}).text
    assert "Nobody is called any more" in told
    assert "that holds for both numbers" in told
    assert says(ana, f"/threads/{contact}/merged", other=other) == MERGED
    assert row_of(centre, callback).callback.outcome is Outcome.ASKED_TO_STOP
    assert known(centre, MIA).no_calls_at == known(centre, OTHER).no_calls_at
    assert "NO CALLS" in ana.get(f"/threads/{contact}").text
    merged = page_of(centre, contact).merged
    assert merged is not None
    assert says(ana, f"/threads/{contact}/merged/{merged.last}/undo") == UNDONE
    assert row_of(centre, callback).callback.is_open
    assert (known(centre, MIA).no_calls_at, known(centre, MIA).opted_out_at) == (None, None)
    assert known(centre, OTHER).no_calls_at is not None


def test_a_stop_from_either_number_ends_what_both_wait_for(centre: Centre) -> None:
    """Said once, to either number; after that nothing gives the calls back."""
    pair = Pair(centre)
    pair.merged(keep=pair.contacts[0])
    centre.clock.pass_by(MINUTE)
    stops(centre, OTHER)
    assert row_of(centre, pair.family).callback.outcome is Outcome.ASKED_TO_STOP
    assert None not in (known(centre, MIA).no_calls_at, known(centre, OTHER).no_calls_at)
    assert pair.undone() == UNDONE
    rows = [row_of(centre, one).callback for one in (pair.family, pair.admissions)]
    assert [row.outcome for row in rows] == [Outcome.ASKED_TO_STOP, Outcome.ASKED_TO_STOP]


def test_a_withheld_emergency_and_a_later_call_are_one_page(centre: Centre) -> None:
    """The emergency stays as it is; whoever may read only one side sees only that there is another."""
    emergency = centre.calls_in(None, "1")
    escalation = centre.escalation()
    centre.clock.pass_by(10 * MINUTE)
    callback = centre.asks_for_callback(MIA)
    contact = row_of(centre, callback).contact_id
    before = row_of(centre, callback).callback
    assert press(
        centre.signed_in(ANA), f"/threads/{contact}/merged", script=True, other=emergency
    ).status_code in (403, 404)
    eve = centre.signed_in(EVE)
    assert says(eve, f"/threads/{contact}/merged", other=emergency) == MERGED
    assert row_of(centre, callback).callback == before
    assert centre.escalation() == escalation
    page = eve.get(f"/threads/{emergency}").text
    assert "The same person, too" in page
    assert "To be called back (call of" in page
    coordinators = centre.signed_in(ANA).get(f"/threads/{contact}").text
    assert "its page is for another side" in coordinators
    assert f"/threads/{emergency}" not in coordinators
    merged = page_of(centre, contact, EVE).merged
    assert merged is not None
    undo = f"/threads/{contact}/merged/{merged.last}/undo"
    assert press(centre.signed_in(ANA), undo, script=True).status_code in (403, 404)
    assert says(eve, undo) == UNDONE


def test_nobody_merges_what_a_colleague_has_in_hand(centre: Centre) -> None:
    """Nor what is being called; one's own stays one's own."""
    pair = Pair(centre)
    centre.claims(BEN, pair.admissions)
    said, good = pair.merged()
    assert not good
    assert said.startswith("A colleague has one")
    preview = centre.signed_in(ANA).get(
        f"/threads/{pair.contacts[0]}/merge", query_string={"other": pair.contacts[1]}
    )
    assert "A colleague has one" in preview.text
    assert pair.merged(BEN, keep=pair.contacts[0]) == MERGED
    kept = row_of(centre, pair.family).callback
    assert (kept.status, kept.owner) == (CallbackStatus.TAKEN, centre.people[BEN])
    assert pair.undone(BEN) == UNDONE
    waits = row_of(centre, pair.admissions).callback
    assert (waits.status, waits.owner) == (CallbackStatus.WAITING, None)


def test_phones_that_ring_for_one_of_them_stop_and_ring_for_what_stays(centre: Centre) -> None:
    """Nobody is rung twice for one person."""
    pair = Pair(centre)
    every_second.beat(centre.application)
    rung = [one for one in (pair.family, pair.admissions) if row_of(centre, one).callback.status != "waiting"]
    assert rung
    assert pair.merged() == MERGED
    every_second.beat(centre.application)
    stand = [row_of(centre, one).callback for one in (pair.family, pair.admissions)]
    assert sum(one.is_open for one in stand) == 1


def test_who_had_asked_for_a_later_time_has_it_again_though_phones_have_rung_since(centre: Centre) -> None:
    """Merged with what was due at once, phones rang for it: undone, nobody is rung before the time that they chose."""
    pair = Pair(centre)
    tomorrow = centre.clock.now + timedelta(hours=20)

    def chosen(transaction: Transaction) -> None:
        row = callbacks.get(transaction.tx, pair.family)
        assert row is not None
        ringing_back.change(transaction, row, TimeChosen(tomorrow))

    centre.application.change(chosen)
    before = pair.stand()
    assert pair.merged(keep=pair.contacts[0]) == MERGED
    every_second.beat(centre.application)
    assert row_of(centre, pair.family).callback.status is CallbackStatus.RINGING
    assert pair.undone() == UNDONE
    assert pair.stand() == before
    every_second.beat(centre.application)
    assert row_of(centre, pair.family).callback.status is CallbackStatus.WAITING


def test_the_last_merging_is_undone_first(centre: Centre) -> None:
    """Three cases of one person: each page shows all, and they come apart in the order in which they came together."""
    pair = Pair(centre)
    third = row_of(centre, centre.asks_for_callback("+16175550166")).contact_id
    before = pair.stand()
    pair.merged(keep=pair.contacts[0])
    centre.clock.pass_by(MINUTE)
    ana = centre.signed_in(ANA)
    first = page_of(centre, pair.contacts[0]).merged
    assert says(ana, f"/threads/{pair.contacts[1]}/merged", other=pair.contacts[0]) == (
        "They are one case already.",
        False,
    )
    assert says(ana, f"/threads/{pair.contacts[1]}/merged", other=third) == MERGED
    shown = page_of(centre, pair.contacts[0]).merged
    assert first is not None
    assert shown is not None
    assert {one.contact for one in shown.cases} == {pair.contacts[1], third}
    early = says(ana, f"/threads/{pair.contacts[0]}/merged/{first.last}/undo")
    assert not early[1]
    assert pair.undone() == UNDONE
    assert pair.undone() == UNDONE
    assert pair.stand() == before


def test_promises_are_told_as_replaced_and_not_as_broken(centre: Centre) -> None:
    """The report of the day counts nobody twice, and nobody as lost."""
    pair = Pair(centre)
    pair.merged(keep=pair.contacts[0])

    def last(callback: CallbackId) -> Promise:
        found = centre.application.look(lambda transaction: promises.last(transaction.tx, callback))
        assert found is not None
        return found

    assert last(pair.admissions).ended == "replaced"
    assert last(pair.family).is_open
    pair.undone()
    assert last(pair.admissions).is_open
    assert last(pair.family).is_open


def test_the_other_case_is_found_by_time_or_reference(centre: Centre) -> None:
    """Only what one may see; what is done is shown first, and nothing is changed by looking."""
    pair = Pair(centre)
    ana = centre.signed_in(ANA)
    address = f"/threads/{pair.contacts[0]}/merge"
    assert f"other={pair.contacts[1]}" in ana.get(address).text
    centre.clock.pass_by(timedelta(days=3))
    ana = centre.signed_in(ANA)
    assert "Nothing else came in these two days" in ana.get(address).text
    reference = pair.admissions[:4]
    assert f"other={pair.contacts[1]}" in ana.get(address, query_string={"reference": reference}).text
    for short in ("3f", '"><b>', "3"):
        page = ana.get(address, query_string={"reference": short}).text
        assert "At least the first four letters or digits of a reference" in page, short
        assert "With this reference" not in page, short
    own = ana.get(address, query_string={"reference": pair.family[:4]}).text
    assert "is one case with this one already, so there is nothing to merge" in own
    assert "No case that you may see" in ana.get(address, query_string={"reference": "zzzz"}).text
    before = pair.stand()
    preview = ana.get(address, query_string={"other": pair.contacts[1]}).text
    assert "One callback stays: their admissions callback" in preview
    assert "Which number is called?" in preview
    assert pair.stand() == before
    assert ana.get(address, query_string={"other": "nobody"}).status_code == 404
    assert says(ana, f"/threads/{pair.contacts[0]}/merged", other=pair.contacts[0]) == (
        "They are one case already.",
        False,
    )


@pytest.mark.parametrize("keep", [0, 1])
def test_whose_number_is_called_is_chosen(centre: Centre, keep: int) -> None:
    """The time and the place are those of both; the number is that of the one that stays."""
    pair = Pair(centre)
    pair.merged(keep=pair.contacts[keep])
    stand = [row_of(centre, one) for one in (pair.family, pair.admissions)]
    (stays,) = [row for row in stand if row.callback.is_open]
    assert stays.number == PhoneNumber((MIA, OTHER)[keep])
    assert stays.callback.line is Line.ADMISSIONS


def test_a_plan_for_nobody_is_no_plan(centre: Centre) -> None:
    """A contact that there isn't is merged with nothing."""
    ana = centre.people[ANA]
    assert (
        centre.application.look(
            lambda transaction: merge_plan.plan(transaction, ContactId("x"), ContactId("y"), None, ana)
        )
        is None
    )


def test_whom_a_merged_case_has_reached_is_told_with_the_other_as_long_as_it_stands(centre: Centre) -> None:
    """Both numbers are one person's until somebody says that they are not; then each is accounted for alone again."""
    pair = Pair(centre)
    centre.signed_in(BEN).get(f"/threads/{pair.contacts[1]}")
    eve = centre.signed_in(EVE)
    account = f"/audit/reached/{pair.contacts[0]}"
    assert "Ben Ortiz" not in eve.get(account).text
    assert pair.merged() == MERGED
    page = eve.get(account).text
    assert "Ben Ortiz" in page
    assert "those of the cases merged with it" in page
    assert "Ben Ortiz" in eve.get(f"{account}/sheet").text
    assert pair.undone() == UNDONE
    page = eve.get(account).text
    assert "Ben Ortiz" not in page
    assert "those of the cases merged with it" not in page
