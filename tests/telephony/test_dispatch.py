"""From the outbox to the carrier and back: claimed once, carried out outside of any transaction, settled."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from sqlalchemy import make_url

from hotline.carrier_words import TextStatus
from hotline.effects import Origin, OriginKind, PlaceCall, SendText, Urgency
from hotline.model import OutboxId, PhoneNumber
from hotline.operations.transaction import Transaction
from hotline.simulator import Simulator, WsgiAdapter, WsgiWeb, rest_app
from hotline.store.database import Unavailable
from hotline.store.traffic import messages, outbox
from hotline.store.traffic.messages import Direction, MessageRow
from hotline.store.traffic.outbox import EffectStatus, OutboxRow
from hotline.telephony.rest import dispatch
from tests.stories.centre import ANA, LINE, MIA, SID, TOKEN
from tests.telephony.doorstep import AFTERNOON, Doorstep, build


class Watched(WsgiAdapter):
    """The way to the provider; something may happen while a request is under way."""

    meanwhile: Callable[[], object] = staticmethod(lambda: None)

    def send(self, request: requests.PreparedRequest, **how: object) -> requests.Response:  # type: ignore[override]
        self.meanwhile()
        return super().send(request, **how)  # type: ignore[arg-type]


@dataclass
class Post:
    """A house, and a strict provider whom it can reach."""

    door: Doorstep
    sim: Simulator
    wire: Watched
    sent: list[OutboxId] = field(default_factory=list)

    def promise(self, *, to_caller: bool = False, text: bool = False) -> OutboxId:
        """Something that must leave."""

        def put(transaction: Transaction) -> OutboxId:
            if text:
                to, queued = PhoneNumber(MIA), TextStatus.QUEUED
                row = MessageRow("m1", None, Direction.OUT, to, "hello", queued, 1, transaction.now)
                messages.add(transaction.tx, row)
                effect = SendText(PhoneNumber(MIA), "hello", "/twilio/sms/status/m1")
                return transaction.send(effect, about=Origin(OriginKind.MESSAGE, "m1"), to_caller=True)
            call = PlaceCall(PhoneNumber(ANA), "/twilio/voice/page/p", "/twilio/voice/status/page/p", 20)
            return transaction.send(call, about=Origin(OriginKind.STAFF, "ana"), to_caller=to_caller)

        kept: OutboxId = self.door.here.application.change(put)
        return kept

    def deliver(self, outbox_id: OutboxId) -> bool:
        return dispatch.deliver(self.door.here.application, self.door.here.carrier, outbox_id)

    def row(self, outbox_id: OutboxId) -> OutboxRow:
        found: OutboxRow = self.door.look(lambda transaction: outbox.get(transaction.tx, outbox_id))
        return found

    def passes(self, seconds: float) -> None:
        self.door.clock.now += timedelta(seconds=seconds)


@pytest.fixture
def post(tmp_path: Path) -> Post:
    """Nothing has left yet."""
    session = requests.Session()
    door = build(tmp_path, session=session)
    sim = Simulator(SID, TOKEN, door.clock, WsgiWeb(lambda environ, start: [b""]))
    sim.number(LINE)
    wire = Watched(rest_app(sim))
    session.mount("https://", wire)
    return Post(door, sim, wire)


def test_what_was_promised_leaves_once(post: Post) -> None:
    """A second hint for the same row finds nothing to do."""
    kept = post.promise()
    assert post.deliver(kept)
    assert not post.deliver(kept)
    assert post.row(kept).status is EffectStatus.SENT
    assert [call.sid for call in post.sim.calls] == [post.row(kept).provider_sid]


def test_an_unknown_id_is_nothing_to_do(post: Post) -> None:
    """A hint may outlive its row."""
    assert not post.deliver(OutboxId("nothing"))


def test_what_is_not_due_yet_waits(post: Post) -> None:
    """A hint that came early changes nothing."""

    def later(transaction: Transaction) -> OutboxId:
        text = SendText(PhoneNumber(ANA), "later", "/twilio/sms/status")
        due_at = transaction.now + timedelta(seconds=60)
        return transaction.send(
            text, about=Origin(OriginKind.STAFF, "ana"), urgency=Urgency.ORDINARY, due_at=due_at
        )

    kept = post.door.here.application.change(later)
    assert not post.deliver(kept)
    post.passes(60)
    assert post.deliver(kept)


def test_no_transaction_is_open_while_the_carrier_is_asked(post: Post) -> None:
    """Somebody else can write at that very moment."""
    path = make_url(post.door.settings.database_url.get_secret_value()).database
    wrote: list[str] = []

    def write() -> None:
        with sqlite3.connect(str(path), timeout=0) as other:
            other.execute("BEGIN IMMEDIATE")
            wrote.append("yes")

    post.wire.meanwhile = write
    post.deliver(post.promise())
    assert wrote == ["yes"]


def test_while_one_carries_it_out_nobody_else_does(post: Post) -> None:
    """The claim is a lease, and it is committed before the request leaves."""
    kept = post.promise()
    second: list[bool] = []

    def another() -> None:
        post.wire.meanwhile = lambda: None
        second.append(post.deliver(kept))

    post.wire.meanwhile = another
    assert post.deliver(kept)
    assert second == [False]
    assert len(post.sim.calls) == 1


@pytest.mark.parametrize("text", [False, True])
def test_what_left_although_the_answer_was_lost_is_not_repeated(post: Post, text: bool) -> None:
    """It is looked up two seconds later, found, and settled."""
    post.sim.faults.drop_after()
    kept = post.promise(to_caller=True, text=text)
    assert post.deliver(kept)
    assert post.row(kept).status is EffectStatus.UNSURE
    assert not post.deliver(kept)
    post.passes(2)
    assert post.deliver(kept)
    assert post.row(kept).status is EffectStatus.SENT
    assert len(post.sim.calls) + len(post.sim.messages) == 1
    if text:
        assert (
            post.door.look(lambda transaction: messages.get(transaction.tx, "m1")).provider_sid
            == post.sim.messages[0].sid
        )


def test_what_never_left_is_sent_after_the_look_up(post: Post) -> None:
    """By whoever looked it up: it waits for nobody else."""
    post.sim.faults.drop_before()
    kept = post.promise(to_caller=True)
    post.deliver(kept)
    post.passes(2)
    assert post.deliver(kept)
    assert post.row(kept).status is EffectStatus.SENT
    assert len(post.sim.calls) == 1
    assert not post.deliver(kept)


def test_somebody_else_s_call_to_the_same_number_is_not_taken_for_ours(post: Post) -> None:
    """A call that a settled row stands for is another one."""
    first = post.promise()
    post.deliver(first)
    post.sim.faults.drop_before()
    second = post.promise(to_caller=True)
    post.deliver(second)
    post.passes(2)
    post.deliver(second)
    assert post.row(second).status is EffectStatus.SENT
    assert len(post.sim.calls) == 2


def test_a_look_up_that_fails_is_repeated_and_nothing_is_sent(post: Post) -> None:
    """Not knowing is no reason to send twice."""
    post.sim.faults.drop_after()
    kept = post.promise(to_caller=True)
    post.deliver(kept)
    post.passes(2)

    def gone() -> None:
        raise requests.ConnectionError("away")

    post.wire.meanwhile = gone
    assert post.deliver(kept)
    assert post.row(kept).status is EffectStatus.UNSURE
    post.wire.meanwhile = lambda: None
    post.passes(30)
    assert post.deliver(kept)
    assert len(post.sim.calls) == 1


def test_too_many_requests_are_tried_again_after_the_settings_delays(post: Post) -> None:
    """After 1, 5, 15 and 60 seconds; then it is given up, and that is recorded."""
    post.sim.faults.error(429, times=5)
    kept = post.promise()
    for delay in (1, 5, 15, 60):
        assert post.deliver(kept)
        assert post.row(kept).status is EffectStatus.WAITING
        assert post.row(kept).due_at == post.door.clock.now + timedelta(seconds=delay)
        post.passes(delay)
    assert post.deliver(kept)
    assert (post.row(kept).status, post.row(kept).error) == (EffectStatus.FAILED, "20429")


def test_what_can_t_be_done_is_given_up_at_once(post: Post) -> None:
    """With the provider's code, and no word of a person's."""
    post.sim.post_office.blocked.add((MIA, LINE))
    kept = post.promise(text=True)
    post.deliver(kept)
    row = post.row(kept)
    assert (row.status, row.error) == (EffectStatus.FAILED, "21610")
    assert post.door.look(lambda transaction: messages.get(transaction.tx, "m1")).status == "failed"


def test_a_database_that_is_away_is_said_to_whoever_asked(post: Post, tmp_path: Path) -> None:
    """StoreError: the row is still there, and the clock finds it."""
    kept = post.promise()
    path = make_url(post.door.settings.database_url.get_secret_value()).database
    with sqlite3.connect(str(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable):
            post.deliver(kept)
        other.rollback()
    assert post.sim.calls == []
    assert post.row(kept).status is EffectStatus.WAITING


def test_a_database_that_goes_away_in_the_middle_leaves_a_lease(post: Post) -> None:
    """The call was placed and couldn't be recorded: the lease ends, and it is looked up, not repeated."""
    kept = post.promise(to_caller=True)
    path = make_url(post.door.settings.database_url.get_secret_value()).database
    other = sqlite3.connect(str(path), isolation_level=None)
    post.wire.meanwhile = lambda: other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable):
        post.deliver(kept)
    other.rollback()
    other.close()
    post.wire.meanwhile = lambda: None
    row = post.row(kept)
    assert row.status is EffectStatus.CLAIMED
    assert len(post.sim.calls) == 1
    lease = post.door.settings.centre.deliveries.lease
    assert (row.claimed_at, row.lease_until) == (AFTERNOON, AFTERNOON + lease)
