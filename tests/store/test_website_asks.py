"""A number that is left on the website: taken once, promised as any call is, and nothing of it changes what stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hotline.callbacks.callback import CallbackKind, OutcomeSet
from hotline.model import Channel, Language, Line, Outcome, PhoneNumber, StaffId, When
from hotline.operations.callbacks import ringing_back, stopping
from hotline.operations.conversation import blocking
from hotline.operations.keeping import removing
from hotline.operations.looking_back import consents_given
from hotline.operations.looking_back.consents_given import ConsentTo
from hotline.operations.transaction import Transaction
from hotline.operations.website import asking_for_call
from hotline.operations.website.asking_for_call import CallMeForm, NotAsked
from hotline.prompts import version_of
from hotline.settings.elsewhere.call_me_settings import CallMeTable
from hotline.store.cases import callbacks, contacts, promises, website_asks
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.cases.website_asks import WebsiteAsk
from hotline.store.database.periods import Period
from hotline.store.looking_back import found_cases
from hotline.store.looking_back.found_cases import CaseKind
from hotline.store.people import callers, staff
from hotline.store.reports import dispositions
from hotline.store.reports.dispositions import Disposition
from tests.store.conftest import BOTH
from tests.store.examples import CALLER, OTHER, member
from tests.store.houses import NOW, House, Houses

WORDS = "The line may call me.\nIt is safe to leave a message."
FORM = CallMeForm(
    id="form-1",
    number=CALLER,
    line=Line.ADMISSIONS,
    language=Language.ES,
    when=When.NOW,
    message_safe=True,
    text_safe=False,
    agreed=WORDS,
    name="Mia",
    origin="192.0.2.1",
)


@pytest.fixture(params=BOTH)
def house(request: pytest.FixtureRequest, houses: Houses) -> House:
    """An empty one, on each database."""
    return houses(request.param)


def sends(house: House, **different: Any) -> WebsiteAsk | NotAsked:
    """Somebody sends the form."""
    form = replace(FORM, **different)
    answer: WebsiteAsk | NotAsked = house.change(lambda transaction: asking_for_call.ask(transaction, form))
    return answer


def owed(house: House, number: PhoneNumber = CALLER) -> list[CallbackRow]:
    """What is owed to this number."""
    found: list[CallbackRow] = house.application.look(
        lambda transaction: callbacks.open_for(transaction.tx, number)
    )
    return found


def test_what_was_left_is_owed_as_any_call_is(house: House) -> None:
    """A contact that is over, a callback that is due now, a promise in the ledger, and what is safe there."""
    answer = sends(house)
    assert isinstance(answer, WebsiteAsk)
    (row,) = owed(house)
    assert (row.callback.line, row.callback.language, row.callback.kind) == (
        Line.ADMISSIONS,
        Language.ES,
        CallbackKind.ASKED,
    )
    assert (row.callback.message_safe, row.callback.text_safe) == (True, False)
    assert row.callback.due_at == NOW
    assert row.our_number == house.settings.centre.line.numbers[0].e164

    def look(transaction: Transaction) -> None:
        origin = contacts.get(transaction.tx, row.contact_id)
        assert origin is not None
        assert (origin.channel, origin.outcome, origin.ended_at) == (Channel.WEBSITE, Outcome.CALLBACK, NOW)
        assert origin.callback_id == row.callback.id
        assert promises.last(transaction.tx, row.callback.id) is not None
        counted = dispositions.dispositions(transaction.tx, Period(NOW, NOW + timedelta(hours=1)))
        assert [(one.channel, one.disposition) for one in counted] == [(Channel.WEBSITE, Disposition.OPEN)]
        kept = website_asks.of_contact(transaction.tx, row.contact_id)
        assert kept == answer
        assert (kept.words, kept.name, kept.version) == (WORDS, "Mia", version_of(WORDS))

    house.application.look(look)


def test_nobody_on_duty_is_said_and_no_time_is_promised(house: House) -> None:
    answer = sends(house)
    assert isinstance(answer, WebsiteAsk)
    assert answer.told == "confirmed_unstaffed"


def test_a_form_that_is_sent_twice_asks_once_and_is_answered_the_same(house: House) -> None:
    first = sends(house)
    house.now += timedelta(minutes=1)
    assert sends(house) == first
    (row,) = owed(house)
    assert row.callback.repeats == 0


def test_a_form_that_is_sent_again_with_something_else_in_it_is_not_taken_for_the_first(house: House) -> None:
    """Whoever has corrected a digit must not believe that the corrected number is called."""
    sends(house)
    assert sends(house, number=OTHER) is NotAsked.CHANGED
    assert owed(house, OTHER) == []


def test_a_form_changes_nothing_about_a_call_that_is_owed(house: House) -> None:
    """Neither its time, nor what is safe: whoever typed the number may be anybody."""
    sends(house, when=When.MORNING, message_safe=False)
    (before,) = owed(house)
    answer = sends(house, id="form-2", when=When.NOW, message_safe=True, text_safe=True)
    assert isinstance(answer, WebsiteAsk)
    (after,) = owed(house)
    assert after.callback.id == before.callback.id
    assert after.callback.due_at == before.callback.due_at
    assert (after.callback.message_safe, after.callback.text_safe) == (False, False)
    assert after.callback == before.callback


def test_a_call_that_only_waits_for_its_next_try_is_made_now(house: House) -> None:
    """Whoever was not reached, and asks once more, is told that we call within minutes."""
    sends(house)
    (row,) = owed(house)

    def tried(transaction: Transaction) -> None:
        taken = ringing_back.take(transaction, row, StaffId("s1"))
        ringing_back.change(transaction, taken, OutcomeSet(Outcome.NO_ANSWER, StaffId("s1")))

    house.change(tried)
    house.now += timedelta(minutes=1)
    (waiting,) = owed(house)
    assert waiting.callback.due_at is not None
    assert waiting.callback.due_at > house.now
    sends(house, id="form-2")
    (row,) = owed(house)
    assert (row.callback.due_at, row.callback.repeats) == (house.now, 1)


def test_a_number_that_wants_no_calls_is_not_called_because_of_a_form(house: House) -> None:
    """And whoever sent it learns nothing of that."""
    fresh = sends(house, id="form-0", number=OTHER)
    house.change(lambda transaction: stopping.stop(transaction, CALLER, None, None))
    house.now += timedelta(minutes=1)
    answer = sends(house)
    assert isinstance(fresh, WebsiteAsk)
    assert isinstance(answer, WebsiteAsk)
    assert (answer.told, answer.minutes) == (fresh.told, fresh.minutes)
    assert answer.contact_id is None
    assert owed(house) == []
    assert house.application.look(lambda transaction: callers.get(transaction.tx, CALLER).no_calls_at) == NOW


def test_neither_a_blocked_number_nor_one_of_the_staff_is_called(house: House) -> None:
    house.change(
        lambda transaction: blocking.block(transaction.tx, CALLER, "floods us", transaction.now, lasting=None)
    )
    house.change(lambda transaction: staff.add(transaction.tx, member("s1", phone=OTHER)))
    for n, number in enumerate((CALLER, OTHER)):
        answer = sends(house, id=f"form-{n}", number=number)
        assert isinstance(answer, WebsiteAsk)
        assert answer.contact_id is None
        assert owed(house, number) == []


def test_a_number_is_taken_so_often_a_day_and_no_more(house: House) -> None:
    """Whoever would have somebody's phone ring all day can't, and learns nothing."""
    for n in range(4):
        answer = sends(house, id=f"form-{n}", line=Line.FAMILY, origin=f"192.0.2.{n}")
        assert isinstance(answer, WebsiteAsk)
        assert (answer.contact_id is None) == (n == 3)
    house.now += timedelta(hours=25)
    answer = sends(house, id="form-9")
    assert isinstance(answer, WebsiteAsk)
    assert answer.contact_id is not None


def test_one_address_and_everybody_together_have_their_limits(house: House) -> None:
    """What is above them is refused in words, and may be sent again when the hour is over."""
    own = {"call_me": CallMeTable(open=True, asks_per_address=2, asks_per_hour=3)}
    settings = replace(house.settings, centre=house.settings.centre.model_copy(update=own))
    house.application = replace(house.application, settings=settings)
    numbers = [PhoneNumber(f"+1617555014{n}") for n in range(6)]
    assert isinstance(sends(house, id="a", number=numbers[0]), WebsiteAsk)
    assert isinstance(sends(house, id="b", number=numbers[1]), WebsiteAsk)
    assert sends(house, id="c", number=numbers[2]) is NotAsked.TOO_MANY
    assert isinstance(sends(house, id="d", number=numbers[3], origin="198.51.100.7"), WebsiteAsk)
    assert sends(house, id="e", number=numbers[4], origin="203.0.113.9") is NotAsked.TOO_MANY
    assert isinstance(sends(house, id="a", number=numbers[0]), WebsiteAsk), (
        "what was taken is answered as before"
    )
    house.now += timedelta(minutes=61)
    assert isinstance(sends(house, id="c", number=numbers[2]), WebsiteAsk)


def test_a_time_of_day_is_theirs(house: House) -> None:
    """It is noon in Boston and nine in the morning where this number lives."""
    answer = sends(house, number=PhoneNumber("+14155550123"), when=When.AFTERNOON)
    assert isinstance(answer, WebsiteAsk)
    assert answer.told == "confirmed_afternoon"
    (row,) = owed(house, PhoneNumber("+14155550123"))
    assert row.callback.due_at == NOW.replace(hour=20)


def test_what_they_agreed_to_is_kept_word_by_word(house: House) -> None:
    """With the language, the version and the time; what they left unticked is no answer."""
    sends(house)
    found = house.change(lambda transaction: consents_given.look(transaction, CALLER))
    assert [(one.to, one.given, one.at) for one in found] == [
        (ConsentTo.CALL, True, NOW),
        (ConsentTo.MESSAGE, True, NOW),
    ]
    assert all('"The line may call me. / It is safe to leave a message."' in one.how for one in found)


def test_a_case_of_the_website_is_found_as_such(house: House) -> None:
    sends(house)

    def look(transaction: Transaction) -> list[found_cases.FoundCase]:
        wanted = found_cases.CaseFilter(kind=CaseKind.WEBSITE)
        sides = found_cases.Sides(admissions=True, clinical=True, viewer=StaffId("s1"))
        return list(found_cases.find(transaction.tx, wanted, sides, 10).cases)

    assert [one.kind for one in house.application.look(look)] == [CaseKind.WEBSITE]


def test_whoever_is_forgotten_leaves_no_word_of_the_form(house: House) -> None:
    sends(house)
    (row,) = owed(house)
    house.change(lambda transaction: stopping.stop(transaction, CALLER, row.contact_id, None))
    house.change(lambda transaction: removing.forget(transaction, CALLER, "asked", StaffId("s1")))
    kept = house.application.look(lambda transaction: website_asks.of_contact(transaction.tx, row.contact_id))
    assert kept is None


def test_from_where_it_came_is_known_for_a_day(house: House) -> None:
    """And never but as a keyed hash."""
    sends(house)
    house.now += timedelta(hours=25)
    sends(house, id="form-2", number=OTHER, origin="198.51.100.7")
    origins = [one[3] for one in house.tables()["website_asks"]]
    assert origins.count(None) == 1
    assert not any(one and "198" in one for one in origins)
