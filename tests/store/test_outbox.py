"""The outbox: what was promised leaves once, or is known to be in doubt."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from hotline.effects import (
    CallOff,
    DeleteMedia,
    Effect,
    HangUp,
    Origin,
    OriginKind,
    PlaceCall,
    RedactMessage,
    RedirectCall,
    SendText,
    Urgency,
)
from hotline.model import OutboxId
from hotline.store.database import Database
from hotline.store.database.tables import outbox as outbox_table
from hotline.store.traffic import outbox
from hotline.store.traffic.outbox import Backlog, EffectStatus, OutboxRow, WakeUp
from tests.store.examples import CALLER, MINUTE, NOW, OTHER, SECOND, due_by, effect
from tests.store.threads import in_threads

O1 = OutboxId("o1")
LEASE = 30 * SECOND


def claimed(database: Database) -> OutboxRow:
    """o1, claimed just now."""
    with database.write() as tx:
        outbox.add(tx, effect())
        row = outbox.claim(tx, O1, NOW, LEASE)
        assert row is not None
        return row


def now_is(database: Database) -> EffectStatus:
    """Where o1 stands."""
    with database.read() as tx:
        row = outbox.get(tx, O1)
        assert row is not None
        return row.status


@pytest.mark.parametrize(
    "given",
    [
        PlaceCall(to=CALLER, path="/twilio/voice/page/p1", status_path="/s", ring_seconds=25),
        RedirectCall(call_sid="CA-1", path="/r"),
        HangUp(call_sid="CA-1"),
        CallOff(call_sid="CA-1"),
        SendText(to=CALLER, body="ô, 911", status_path="/s"),
        PlaceCall(to=CALLER, path="/p", status_path="/s", ring_seconds=25, from_=OTHER),
        SendText(to=CALLER, body="hi", status_path="/s", from_=OTHER),
        RedactMessage(message_sid="SM-1"),
        DeleteMedia(message_sid="SM-1", media=("ME-1", "ME-2")),
    ],
)
def test_every_effect_comes_out_as_it_went_in(database: Database, given: Effect) -> None:
    """With its number, its words and its path."""
    row = effect(effect=given, to_caller=True, urgency=Urgency.URGENT)
    with database.write() as tx:
        outbox.add(tx, row)
    with database.read() as tx:
        assert outbox.get(tx, O1) == row
        assert outbox.get(tx, OutboxId("o2")) is None


@pytest.mark.parametrize(
    ("kind", "body", "given"),
    [
        (
            "PlaceCall",
            '{"to":{"e164":"+16175550199"},"path":"/p","status_path":"/s","ring_seconds":25,"machine_path":null}',
            PlaceCall(CALLER, "/p", "/s", 25),
        ),
        (
            "SendText",
            '{"to":{"e164":"+16175550199"},"body":"hi","status_path":"/s"}',
            SendText(CALLER, "hi", "/s"),
        ),
    ],
)
def test_what_was_promised_before_numbers_were_named_still_leaves(
    database: Database, kind: str, body: str, given: Effect
) -> None:
    """Rows of an older version, which say nothing of where they come from: from the line's first number."""
    with database.write() as tx:
        outbox.add(tx, effect(effect=given))
        values = {"kind": kind, "body": tx.keys.seal(body, "outbox.body", O1)}
        tx.execute(update(outbox_table).values(**values))
    with database.read() as tx:
        row = outbox.get(tx, O1)
        assert row is not None
        assert row.effect == given


def test_of_twenty_who_claim_one_row_exactly_one_gets_it(database: Database) -> None:
    """However many workers were rung."""
    with database.write() as tx:
        outbox.add(tx, effect())
    won: list[OutboxRow] = []

    def claim() -> None:
        row = database.transact(lambda tx: outbox.claim(tx, O1, NOW, LEASE))
        if row is not None:
            won.append(row)

    in_threads([claim] * 20)
    assert [(row.status, row.claims, row.lease_until) for row in won] == [
        (EffectStatus.CLAIMED, 1, NOW + LEASE)
    ]


def test_nothing_is_claimed_before_its_time_or_out_of_nothing(database: Database) -> None:
    """A wake-up that comes early changes nothing."""
    with database.write() as tx:
        outbox.add(tx, effect(due_at=NOW + SECOND))
        assert outbox.claim(tx, O1, NOW, LEASE) is None
        assert outbox.claim(tx, OutboxId("o2"), NOW, LEASE) is None
        assert outbox.claim(tx, O1, NOW + SECOND, LEASE) is not None


def test_what_is_due_comes_urgent_first_and_then_by_age(database: Database) -> None:
    """What isn't due yet waits."""
    with database.write() as tx:
        outbox.add(tx, effect("old", due_at=NOW - MINUTE))
        outbox.add(tx, effect("urgent", urgency=Urgency.URGENT))
        outbox.add(tx, effect("urgent_older", urgency=Urgency.URGENT, due_at=NOW - SECOND))
        outbox.add(tx, effect("later", due_at=NOW + SECOND))
        assert [one.id for one in due_by(tx, NOW).effects] == ["urgent_older", "urgent", "old"]
        assert outbox.backlog(tx, NOW) == [
            Backlog(Urgency.ORDINARY, 1, NOW - MINUTE),
            Backlog(Urgency.URGENT, 2, NOW - SECOND),
        ]


def test_a_claim_that_nobody_settled_is_found_when_its_lease_is_over(database: Database) -> None:
    """A worker that died is noticed by time alone."""
    claimed(database)
    with database.read() as tx:
        assert due_by(tx, NOW + LEASE - SECOND).expired == []
        assert due_by(tx, NOW + LEASE).expired == [("o1", 1)]


def test_what_was_sent_is_settled_once(database: Database) -> None:
    """With the provider's id; settling it again changes nothing."""
    row = claimed(database)
    with database.write() as tx:
        assert outbox.sent(tx, row, NOW + SECOND, "CA-9")
        assert not outbox.failed(tx, row, NOW + SECOND, "20404")
        assert not outbox.again(tx, row, NOW, "20429")
        found = outbox.get(tx, O1)
    assert found is not None
    assert (found.status, found.provider_sid, found.settled_at) == (EffectStatus.SENT, "CA-9", NOW + SECOND)
    assert found.lease_until is None


def test_failed_and_dropped_are_final(database: Database) -> None:
    """Nobody gets to claim them again."""
    row = claimed(database)
    with database.write() as tx:
        assert outbox.failed(tx, row, NOW, "21211")
        assert outbox.claim(tx, O1, NOW + MINUTE, LEASE) is None
        outbox.add(tx, effect("o2"))
        other = outbox.claim(tx, OutboxId("o2"), NOW, LEASE)
        assert other is not None
        assert outbox.dropped(tx, other, NOW, "accepted meanwhile")
        assert due_by(tx, NOW + MINUTE).effects == []


def test_what_is_to_be_tried_again_waits_for_its_time(database: Database) -> None:
    """And counts its claims."""
    row = claimed(database)
    with database.write() as tx:
        assert outbox.again(tx, row, NOW + MINUTE, "20429")
        assert outbox.claim(tx, O1, NOW + SECOND, LEASE) is None
        second = outbox.claim(tx, O1, NOW + MINUTE, LEASE)
    assert second is not None
    assert (second.claims, second.error) == (2, "20429")


def test_whoever_lost_a_claim_can_no_longer_settle_the_row(database: Database) -> None:
    """A worker that comes back late is told so, and doesn't undo what its successor did."""
    first = claimed(database)
    with database.write() as tx:
        outbox.again(tx, first, NOW, "lease over")
        second = outbox.claim(tx, O1, NOW, LEASE)
        assert second is not None
        assert not outbox.sent(tx, first, NOW, "CA-late")
        assert not outbox.unsure(tx, first, NOW, "timeout")
    assert now_is(database) is EffectStatus.CLAIMED


def test_a_late_success_counts_as_long_as_nobody_else_has_begun(database: Database) -> None:
    """Better known to have left than sent twice."""
    row = claimed(database)
    with database.write() as tx:
        outbox.again(tx, row, NOW, "lease over")
        assert outbox.sent(tx, row, NOW, "CA-late")
    assert now_is(database) is EffectStatus.SENT


def test_what_is_in_doubt_is_looked_up_by_one_and_then_settled(database: Database) -> None:
    """It isn't due for sending; its time comes again if whoever looks it up dies."""
    row = claimed(database)
    with database.write() as tx:
        assert outbox.unsure(tx, row, NOW + SECOND, "timeout")
        assert due_by(tx, NOW).effects == []
        assert [(one.id, one.unsure) for one in due_by(tx, NOW + SECOND).effects] == [("o1", True)]
        assert outbox.claim_unsure(tx, O1, NOW, LEASE) is None
        looking = outbox.claim_unsure(tx, O1, NOW + SECOND, LEASE)
        assert looking is not None
        assert outbox.claim_unsure(tx, O1, NOW + SECOND, LEASE) is None
        assert [(one.id, one.unsure) for one in due_by(tx, NOW + MINUTE).effects] == [("o1", True)]
        assert not outbox.sent(tx, row, NOW, "CA-1")
        assert outbox.sent(tx, looking, NOW, "CA-1")


def test_what_waits_can_be_hastened(database: Database) -> None:
    """Only what is not due yet; a wake-up is sent for it."""
    about = Origin(OriginKind.REDACTION, "SM-1")
    with database.write() as tx:
        outbox.add(tx, effect(origin=about, due_at=NOW + MINUTE))
        assert outbox.hasten(tx, about, NOW) == [WakeUp(O1, Urgency.ORDINARY)]
        assert outbox.hasten(tx, about, NOW) == []
        assert outbox.claim(tx, O1, NOW, LEASE) is not None


def test_what_was_sent_and_did_not_arrive_is_in_trouble(database: Database) -> None:
    """As is what failed, or is being tried again; not what was dropped, or went well."""
    row = claimed(database)
    with database.write() as tx:
        assert outbox.troubled(tx, NOW, 10) == []
        outbox.sent(tx, row, NOW, "SM-1")
        assert not outbox.reported(tx, "SM-2", "30003")
        assert outbox.reported(tx, "SM-1", "30003")
        assert [one.error for one in outbox.troubled(tx, NOW, 10)] == ["30003"]
        assert outbox.troubled(tx, NOW + MINUTE, 10) == []


def tried(database: Database, name: str, after: int, error: str | None) -> None:
    """An effect that was carried out so many seconds after NOW, and what came of it: an error, or nothing wrong."""
    with database.write() as tx:
        at = NOW + after * SECOND
        outbox.add(tx, effect(name, due_at=at, created_at=at))
        row = outbox.claim(tx, OutboxId(name), at, LEASE)
        assert row is not None
        if error is None:
            outbox.sent(tx, row, at, f"CA-{name}")
        else:
            outbox.again(tx, row, at + MINUTE, error)


def lost_since(database: Database, after: int) -> float | None:
    """Since so many seconds after NOW, as it is seen later."""
    with database.read() as tx:
        found = outbox.carrier_lost_since(tx, NOW + after * SECOND)
    return None if found is None else (found - NOW).total_seconds()


def test_since_when_nothing_has_reached_the_carrier(database: Database) -> None:
    """Since the first that was tried in vain after the last that was taken; one alone is no sign."""
    tried(database, "before", 0, None)
    tried(database, "a", 10, "ConnectionError")
    assert lost_since(database, 11) is None
    tried(database, "b", 20, "20003")
    tried(database, "refused", 21, "21211")
    assert lost_since(database, 22) == 10
    assert lost_since(database, 2 * 3600) is None
    tried(database, "after", 30, None)
    assert lost_since(database, 31) is None
    tried(database, "c", 40, "ReadTimeout")
    tried(database, "d", 41, "ReadTimeout")
    assert lost_since(database, 42) == 40


def test_what_is_tried_again_begins_no_new_outage(database: Database) -> None:
    """It lasts since the first try, though each later one is claimed anew."""
    tried(database, "before", 0, None)
    tried(database, "a", 10, "20003")
    tried(database, "b", 20, "20003")
    for name in ("a", "b"):
        with database.write() as tx:
            row = outbox.claim(tx, OutboxId(name), NOW + 90 * SECOND, LEASE)
            assert row is not None
            outbox.again(tx, row, NOW + 5 * MINUTE, "20003")
    assert lost_since(database, 95) == 10
    tried(database, "after", 100, None)
    with database.write() as tx:
        row = outbox.claim(tx, OutboxId("a"), NOW + 6 * MINUTE, LEASE)
        assert row is not None
        outbox.again(tx, row, NOW + 7 * MINUTE, "20003")
    assert lost_since(database, 370) == 100


def test_what_was_refused_for_its_own_sake_says_nothing_of_the_carrier(database: Database) -> None:
    """A number that nobody has, a text that was stopped."""
    for number, error in enumerate(("21211", "21610", "never dialled", "30006")):
        tried(database, f"e{number}", number, error)
    assert lost_since(database, 10) is None
