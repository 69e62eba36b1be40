"""The events of a call in every order, each up to five times, straight at our door: one end state."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.effects import PlaceCall
from hotline.model import ContactId, OutboxId, PageId
from hotline.operations import every_second
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, contacts, escalations, pages
from hotline.store.database.tables import outbox as outbox_table
from hotline.store.database.tables import timeline
from hotline.store.traffic import messages, outbox
from tests.stories.centre import LINE
from tests.telephony.doorstep import Doorstep, build

NEWS = {"initiated": 0, "ringing": 1, "in-progress": 2}
CALLERS = (f"+1617556{number:04}" for number in itertools.count())
SIDS = (f"CA{number:032}" for number in itertools.count(1))
Facts = tuple[object, ...]


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Doorstep:
    """One house for all the orders; each is tried with a caller of its own."""
    return build(tmp_path_factory.mktemp("orders"))


@dataclass
class Event:
    """One thing that the carrier posts."""

    path: str
    form: dict[str, str]


def reports(path: str, sid: str, end: str) -> list[Event]:
    """The four reports of one call."""
    numbered = {**NEWS, end: 3}
    return [
        Event(path, {"CallSid": sid, "CallStatus": status, "SequenceNumber": str(number)})
        for status, number in numbered.items()
    ]


def shuffled(count: int) -> st.SearchStrategy[list[int]]:
    """Orders of so many events, each of them one to five times."""
    times = st.lists(st.integers(1, 5), min_size=count, max_size=count)
    return times.flatmap(
        lambda often: st.permutations([one for one, times in enumerate(often) for _ in range(times)])
    )


def permutations(count: int) -> list[list[int]]:
    return [list(order) for order in itertools.permutations(range(count))]


def pass_by(door: Doorstep, seconds: float) -> None:
    """The clock's next look at the database."""
    door.clock.now += timedelta(seconds=seconds)
    every_second.beat(door.here.application)


def newest_call(door: Doorstep, kind: str) -> PlaceCall:
    """The newest call that was promised to leave: to "page" somebody, or to a "contact"."""

    def find(transaction: Transaction) -> PlaceCall:
        query = outbox_table.select().where(
            outbox_table.c.kind == "PlaceCall", outbox_table.c.subject_kind == kind
        )
        newest = transaction.tx.execute(query.order_by(outbox_table.c.created_at.desc())).first()
        assert newest is not None
        row = outbox.get(transaction.tx, OutboxId(newest.id))
        assert row is not None
        assert isinstance(row.effect, PlaceCall)
        return row.effect

    found: PlaceCall = door.look(find)
    return found


def emergency(door: Doorstep) -> str:
    """A new caller presses 1: their CallSid."""
    caller, sid = next(CALLERS), next(SIDS)
    door.calls(sid, caller)
    contact = door.look(lambda transaction: contacts.by_call(transaction.tx, sid))
    door.post(
        f"/twilio/voice/turn/{contact.id}/1", {"CallSid": sid, "From": caller, "To": LINE, "Digits": "1"}
    )
    return sid


def noted(transaction: Transaction, what: str, escalation: str) -> int:
    rows = transaction.tx.execute(timeline.select().where(timeline.c.escalation_id == escalation)).all()
    return sum(row.what == what for row in rows)


# --- each kind of call: what is posted, and how it ends ---------------------------------------------------------


def of_a_page(door: Doorstep, order: list[int]) -> Facts:
    """A clinician's phone rings and isn't answered by anybody."""
    emergency(door)
    page_id = PageId(newest_call(door, "page").path.rpartition("/")[2])
    events = reports(f"/twilio/voice/status/page/{page_id}", next(SIDS), "completed")
    for number in order:
        assert door.post(events[number].path, events[number].form).status_code == 200

    def facts(transaction: Transaction) -> Facts:
        page = pages.get(transaction.tx, page_id)
        assert page is not None
        row = escalations.get(transaction.tx, page.escalation_id)
        assert row is not None
        heard = noted(transaction, "unreached", row.escalation.id)
        return page.state, page.ended_at is not None, row.escalation.status, row.escalation.rung, heard

    found: Facts = door.look(facts)
    return found


def of_our_call(door: Doorstep, order: list[int]) -> Facts:
    """We ring a caller who hung up in an emergency; their phone isn't answered."""
    sid = emergency(door)
    door.post("/twilio/voice/status", {"CallSid": sid, "CallStatus": "completed"})
    pass_by(door, 1)
    contact = ContactId(newest_call(door, "contact").path.split("/")[-2])
    events = reports(f"/twilio/voice/status/contact/{contact}", next(SIDS), "no-answer")
    for number in order:
        assert door.post(events[number].path, events[number].form).status_code == 200

    def facts(transaction: Transaction) -> Facts:
        row = contacts.get(transaction.tx, contact)
        assert row is not None
        assert row.callback_id is not None
        owed = callbacks.get(transaction.tx, row.callback_id)
        assert owed is not None
        rule = owed.callback
        assert rule.due_at is not None
        return row.state, row.outcome, rule.status, rule.attempts, rule.due_at - transaction.now, rule.outcome

    found: Facts = door.look(facts)
    return found


def of_a_caller(door: Doorstep, order: list[int]) -> Facts:
    """Somebody calls, presses 2 and hangs up; the key's request comes after the first, for only that says where to."""
    caller, sid = next(CALLERS), next(SIDS)
    door = build(door.settings.home / sid)
    common = {"CallSid": sid, "From": caller, "To": LINE}
    begins = Event("/twilio/voice", {**common, "CallStatus": "ringing"})
    ends = Event("/twilio/voice/status", {**common, "CallStatus": "completed", "SequenceNumber": "0"})
    presses: Event | None = None
    later = False
    for number in order:
        event = (begins, ends, presses)[number]
        if event is None:
            later = True
            continue
        assert door.post(event.path, event.form).status_code == 200
        if presses is None and event is begins:
            contact = door.look(lambda transaction: contacts.by_call(transaction.tx, sid))
            presses = Event(f"/twilio/voice/turn/{contact.id}/1", {**common, "Digits": "2"})
    if later and presses is not None:
        door.post(presses.path, presses.form)
    pass_by(door, 125)

    def facts(transaction: Transaction) -> Facts:
        row = contacts.by_call(transaction.tx, sid)
        assert row is not None
        assert row.callback_id is not None
        owed = callbacks.get(transaction.tx, row.callback_id)
        assert owed is not None
        return (
            row.state,
            row.line,
            row.outcome,
            row.ended_at is not None,
            owed.callback.line,
            owed.callback.is_open,
        )

    found: Facts = door.look(facts)
    return found


def of_a_text(door: Doorstep, order: list[int]) -> Facts:
    """A reply of ours is delivered."""
    caller, sid = next(CALLERS), next(SIDS)
    door.texts("hi", sid, caller)
    words = ("queued", "sending", "sent", "delivered")
    for number in order:
        form = {"MessageSid": f"out-{sid}", "MessageStatus": words[number]}
        assert door.post(f"/twilio/sms/status/reply-{sid}", form).status_code == 200

    def facts(transaction: Transaction) -> Facts:
        reply = messages.get(transaction.tx, f"reply-{sid}")
        assert reply is not None
        return reply.status, reply.error

    found: Facts = door.look(facts)
    return found


Kind = Callable[[Doorstep, list[int]], Facts]
KINDS: dict[str, tuple[Kind, int]] = {
    "a page": (of_a_page, 4),
    "a call of ours": (of_our_call, 4),
    "a text of ours": (of_a_text, 4),
    "a caller": (of_a_caller, 3),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_order_ends_in_one_state(door: Doorstep, kind: str) -> None:
    """All the permutations of the events of one call."""
    happens, count = KINDS[kind]
    ends = {happens(door, order) for order in permutations(count)}
    assert len(ends) == 1, ends


@pytest.mark.parametrize("kind", KINDS)
def test_repeats_in_any_order_end_in_the_same_state(door: Doorstep, kind: str) -> None:
    """Each event up to five times, in any order."""
    happens, count = KINDS[kind]
    expected = happens(door, list(range(count)))

    @settings(max_examples=6)
    @given(shuffled(count))
    def any_order(order: list[int]) -> None:
        assert happens(door, order) == expected

    any_order()
