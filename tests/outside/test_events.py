"""Events: signed, at least once, in order within a case, and without a word or a number that nobody has switched on."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from hotline.commands.outside import events as command
from hotline.commands.staff_file import CommandRefused
from hotline.model import Outcome, TimelineWord
from hotline.model.event_kinds import KINDS
from hotline.operations.console import undelivered
from hotline.operations.outgoing import event_posting
from hotline.operations.transaction import Transaction
from hotline.outside.signed_post import EventPost, signature
from hotline.store.cases import callbacks
from hotline.store.traffic import outgoing_events
from hotline.store.traffic.outgoing_events import EventStatus
from tests import databases
from tests.outside.receiver import Posted, Receiver, receiving
from tests.running.application import REPOSITORY
from tests.settings.examples import good_environment
from tests.store.conftest import BOTH
from tests.stories.centre import CENTRE, DATA_KEY, EVENTS_SECRET, METRICS, MIA
from tests.telephony.doorstep import Doorstep, build

TOM = "+16175550188"
DOCUMENT = (REPOSITORY / "docs" / "events.md").read_text(encoding="utf-8")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Answers 200 to all."""
    with receiving() as one:
        yield one


@pytest.fixture(params=BOTH)
def door(request: pytest.FixtureRequest, tmp_path: Path, receiver: Receiver) -> Doorstep:
    """A centre that tells this receiver."""
    return opened(
        tmp_path, receiver, database=databases.postgresql() if request.param == "postgresql" else None
    )


def opened(
    folder: Path, receiver: Receiver, fields: tuple[str, ...] = (), database: str | None = None
) -> Doorstep:
    """The same, with these fields switched on."""
    named = ", ".join(f'"{one}"' for one in fields)
    centre = f'{CENTRE}\n[events]\naddress = "{receiver.address}"\nfields = [{named}]\n'
    return build(folder / "home", centre=centre, database=database)


def asks_for_call(door: Doorstep, number: str) -> None:
    """By two texts: a call back is promised."""
    for words in ("2", "4"):
        door.texts(words, sid=f"SM{words}{number[-4:]}", caller=number)
        door.clock.now += timedelta(seconds=20)


def carry(door: Doorstep) -> int:
    """What the thread beside the clock does each second."""
    return EventPost(door.here.application).carry()


def later(door: Doorstep, **time: float) -> None:
    """Time goes by."""
    door.clock.now += timedelta(**time)


def held(door: Doorstep) -> outgoing_events.EventsHeld:
    """What waits, and is dead."""
    found: outgoing_events.EventsHeld = door.look(lambda transaction: outgoing_events.held(transaction.tx))
    return found


def test_the_signature_is_the_one_of_the_standard() -> None:
    """With the example that Standard Webhooks' own libraries are tested with."""
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    assert signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == (
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def test_a_promise_is_told_of_once_and_proves_itself(door: Doorstep, receiver: Receiver) -> None:
    """With the check that docs/events.md gives; nothing waits afterwards."""
    asks_for_call(door, MIA)
    assert carry(door) >= 1
    assert "callback.opened" in receiver.kinds
    assert carry(door) == 0
    assert held(door).waiting == 0
    (example,) = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
    names: dict[str, Any] = {}
    exec(example, names)
    now = door.clock().timestamp()
    for one in receiver.posted:
        assert names["is_hotlines"](EVENTS_SECRET, one.headers, one.body, now)
        assert not names["is_hotlines"](EVENTS_SECRET, one.headers, one.body + b" ", now)
        assert not names["is_hotlines"](EVENTS_SECRET, one.headers, one.body, now + 301)
        assert not names["is_hotlines"]("whsec_" + "A" * 40, one.headers, one.body, now)


def test_without_fields_only_ids_leave(door: Doorstep, receiver: Receiver) -> None:
    """No number, no word, no line; the notice is always there."""
    asks_for_call(door, MIA)
    carry(door)
    assert receiver.posted
    for one in receiver.posted:
        assert set(one.event["data"]) <= {"case", "contact", "callback", "escalation", "staff", "subject"}
        assert "42 CFR part 2" in one.event["notice"]
        # Four digits of an id or of a time's fraction are no caller's number.
        told = re.sub(rb'"subject":"admissions"|[0-9a-f]{20}|\.[0-9]+', b"", one.body)
        assert not re.search(rb"617|555|admissions|\"en\"", told)


@pytest.mark.parametrize(
    ("field", "value"), [("line", "admissions"), ("language", "en"), ("number", MIA), ("outcome", None)]
)
def test_each_field_is_there_only_if_it_is_switched_on(
    tmp_path: Path, receiver: Receiver, field: str, value: str | None
) -> None:
    """And no other with it."""
    door = opened(tmp_path, receiver, (field,))
    asks_for_call(door, MIA)
    carry(door)
    (told,) = [one.event["data"] for one in receiver.posted if one.event["type"] == "callback.opened"]
    assert told.get(field) == value
    assert not {"line", "language", "number", "outcome"} - {field} & set(told)


def test_what_is_not_taken_is_tried_again_and_holds_up_its_own_case_alone(
    door: Doorstep, receiver: Receiver
) -> None:
    """Another caller's events leave meanwhile; order within each case is kept."""
    asks_for_call(door, MIA)
    first = _cases(door)

    def refuses_the_first(posted: Posted) -> int:
        return 503 if posted.event["data"]["case"] in first else 200

    receiver.status = refuses_the_first
    carry(door)
    asks_for_call(door, TOM)
    carry(door)
    taken = [one for one in receiver.posted if refuses_the_first(one) == 200]
    assert "callback.opened" in [one.event["type"] for one in taken]
    assert held(door).waiting > 0
    assert carry(door) == 0, "its pause isn't over"
    receiver.status = lambda posted: 200
    before = len(receiver.posted)
    later(door, minutes=6)
    carry(door)
    assert held(door).waiting == 0
    ids = [one.headers["webhook-id"] for one in receiver.posted[before:]]
    assert len(set(ids)) == len(ids)
    for case in first:
        times = [
            one.event["timestamp"] for one in receiver.posted[before:] if one.event["data"]["case"] == case
        ]
        assert all(earlier <= following for earlier, following in pairwise(times))


def test_events_of_one_case_leave_in_their_order_whatever_is_refused(
    door: Doorstep, receiver: Receiver
) -> None:
    """Taken, ended, taken back: while the second is refused, nothing later of that case is so much as tried."""
    asks_for_call(door, MIA)
    carry(door)
    receiver.posted.clear()
    words = (TimelineWord.CALLBACK_TAKEN, TimelineWord.OUTCOME, TimelineWord.OUTCOME_UNDONE)
    told = {TimelineWord.OUTCOME: Outcome.REACHED.value}
    for word in words:
        later(door, minutes=1)
        door.here.application.change(partial(_note, word=word, detail=told.get(word)))
    receiver.status = lambda posted: 503 if posted.event["type"] == "callback.outcome" else 200
    for _ in range(4):
        carry(door)
    assert receiver.kinds == ["callback.taken", "callback.outcome"]
    assert held(door).waiting == 2
    receiver.status = lambda posted: 200
    later(door, minutes=10)
    for _ in range(4):
        carry(door)
    assert receiver.kinds[2:] == ["callback.outcome", "callback.outcome_undone"]
    times = [one.event["timestamp"] for one in receiver.posted[2:]]
    assert times[0] < times[1]
    assert held(door).waiting == 0


def test_how_a_call_back_ended_leaves_where_it_is_switched_on(tmp_path: Path, receiver: Receiver) -> None:
    """In the word that docs/events.md gives; of no other event."""
    door = opened(tmp_path, receiver, ("outcome",))
    asks_for_call(door, MIA)
    end = partial(_note, word=TimelineWord.OUTCOME, detail=Outcome.REACHED.value)
    door.here.application.change(end)
    for _ in range(4):
        carry(door)
    outcomes = {one.event["type"]: one.event["data"].get("outcome") for one in receiver.posted}
    assert outcomes.pop("callback.outcome") == "reached"
    assert set(outcomes.values()) == {None}


def _note(transaction: Transaction, *, word: TimelineWord, detail: str | None) -> None:
    (row,) = callbacks.all_open(transaction.tx)
    transaction.note(word, contact=row.contact_id, callback=row.callback.id, detail=detail)


def _cases(door: Doorstep) -> set[str]:
    due = door.here.application.change(
        lambda transaction: outgoing_events.claim_due(transaction.tx, transaction.now, timedelta(0), 100)
    )
    return {one.case for one in due}


def test_nobody_there_is_three_days_of_tries_and_then_a_dead_letter(
    door: Doorstep, receiver: Receiver
) -> None:
    """Which somebody has sent again, with the same id."""
    receiver.status = lambda posted: 302
    asks_for_call(door, MIA)
    carry(door)
    tried = receiver.posted[0].headers["webhook-id"]
    for pause in event_posting.PAUSES:
        door.clock.now += pause + timedelta(seconds=1)
        carry(door)
    tries = [one for one in receiver.posted if one.headers["webhook-id"] == tried]
    assert len(tries) == len(event_posting.PAUSES) + 1
    assert sum(event_posting.PAUSES, timedelta()) > timedelta(days=3)
    assert held(door).dead >= 1
    dead = door.look(lambda transaction: outgoing_events.dead_letters(transaction.tx, 100))
    assert {one.error for one in dead} == {"HTTP 302"}
    receiver.status = lambda posted: 204
    revived = door.here.application.change(
        lambda transaction: outgoing_events.revive(transaction.tx, transaction.now, tried)
    )
    assert revived == 1
    carry(door)
    assert receiver.posted[-1].headers["webhook-id"] == tried or tried in [
        one.headers["webhook-id"] for one in receiver.posted[-3:]
    ]


def test_a_receiver_that_is_gone_costs_no_event(door: Doorstep, receiver: Receiver) -> None:
    """Nothing listens there: the word for it is kept, and what is left to do."""
    post = EventPost(door.here.application)
    asks_for_call(door, MIA)
    waiting = held(door).waiting
    claimed = door.here.application.change(event_posting.take_due)
    door.here.application.change(
        lambda transaction: [
            event_posting.settle(transaction, one.event, "ConnectionError") for one in claimed
        ]
    )
    assert held(door).waiting == waiting
    later(door, seconds=6)
    assert post.carry() == waiting


def test_an_event_is_claimed_by_one(door: Doorstep, receiver: Receiver) -> None:
    """A second look finds nothing until the lease is over; whoever lost it changes nothing."""
    asks_for_call(door, MIA)
    first = door.here.application.change(event_posting.take_due)
    assert first
    assert door.here.application.change(event_posting.take_due) == []
    door.clock.now += event_posting.LEASE
    second = door.here.application.change(event_posting.take_due)
    assert [one.event.id for one in second] == [one.event.id for one in first]
    door.here.application.change(
        lambda transaction: event_posting.settle(transaction, first[0].event, "late")
    )
    assert door.here.application.change(
        lambda transaction: event_posting.settle(transaction, second[0].event, None)
    )
    status = door.look(lambda transaction: outgoing_events.held(transaction.tx))
    assert status.dead == 0


def test_what_was_taken_is_forgotten_after_a_month(door: Doorstep, receiver: Receiver) -> None:
    """What waits, or is dead, is not."""
    asks_for_call(door, MIA)
    carry(door)
    asks_for_call(door, TOM)
    waiting = held(door).waiting
    door.clock.now += event_posting.KEPT + timedelta(days=1)
    gone = door.here.application.change(event_posting.forget_old)
    assert gone == len(receiver.posted)
    assert held(door).waiting == waiting > 0


def test_nothing_is_written_where_nobody_is_told(tmp_path: Path) -> None:
    """Without an address there is no row."""
    door = build(tmp_path / "home", centre=CENTRE)
    asks_for_call(door, MIA)
    assert held(door) == outgoing_events.EventsHeld(0, None, 0)
    assert EventStatus.WAITING.value == "waiting"


def test_the_document_tells_of_every_kind() -> None:
    """And of none that isn't there."""
    told = re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \|", DOCUMENT, re.MULTILINE)
    assert sorted(told) == sorted(KINDS.values())


def test_what_was_given_up_is_told_and_sent_again(tmp_path: Path, receiver: Receiver) -> None:
    """On the command line, in the figures and on Deliveries."""
    door = opened(tmp_path, receiver)
    receiver.status = lambda posted: 500
    asks_for_call(door, MIA)
    for pause in (timedelta(0), *event_posting.PAUSES):
        door.clock.now += pause + timedelta(seconds=1)
        carry(door)
    dead = held(door).dead
    assert dead
    assert door.look(undelivered.look).events_given_up == dead
    figures = door.knock("/metrics", headers={"Authorization": f"Bearer {METRICS}"}, method="GET").text
    assert f'hotline_events{{status="dead"}} {dead}.0' in figures
    environ = {
        "DATABASE_URL": door.settings.database_url.get_secret_value(),
        "HOTLINE_CONFIG": str(door.settings.config_path),
        "HOTLINE_DATA_KEY": base64.b64encode(DATA_KEY).decode(),
        "EVENTS_SECRET": EVENTS_SECRET,
    }
    told = command.listed(good_environment(tmp_path, **environ))
    assert f"{dead} given up" in told
    assert "HTTP 500" in told
    assert MIA[2:] not in told
    with pytest.raises(CommandRefused, match="No event evt_0 was given up"):
        command.again(good_environment(tmp_path, **environ), "evt_0")
    assert command.again(good_environment(tmp_path, **environ), None).startswith(f"{dead} to be sent again")
    receiver.status = lambda posted: 200
    door.clock.now = datetime.now(UTC) + timedelta(seconds=5)  # a command's time is the wall's
    carry(door)
    assert held(door) == outgoing_events.EventsHeld(0, None, 0)
