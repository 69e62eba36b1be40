"""Whether this Hotline is well, said to monitors in words and numbers that are nobody's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from sqlalchemy import make_url
from werkzeug.test import TestResponse

from hotline.operations.transaction import Transaction
from hotline.runtime import health
from hotline.store.cases import contacts
from hotline.store.keeping import backup_log
from hotline.store.people import schedules, staff
from hotline.store.traffic import outbox
from hotline.store.upkeep import heartbeats
from tests import databases
from tests.store.examples import effect
from tests.stories.centre import ASKS_FOR_METRICS, MIA
from tests.stories.redis_server import RedisServer
from tests.telephony.doorstep import Doorstep, build


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    """A Redis of this module's own."""
    started = RedisServer()
    started.start()
    yield started
    started.close()


@pytest.fixture
def well(tmp_path: Path, server: RedisServer) -> Doorstep:
    """A house in which everybody has just shown themselves."""
    if not server.is_running:
        server.start()
    # A pretended carrier's, at which numbers of films and examples are as they should be.
    door = build(tmp_path, redis_url=SecretStr(server.url), twilio_api_base_url="http://127.0.0.1:9")
    beat(door, "clock", *health.WORKERS)
    return door


def beat(door: Doorstep, *names: str) -> None:
    def now(transaction: Transaction) -> None:
        for name in names:
            heartbeats.beat(transaction.tx, name, transaction.now)

    door.here.application.change(now)


def ready(door: Doorstep) -> TestResponse:
    return door.app.test_client().get("/health/ready")


@contextmanager
def without_database(door: Doorstep) -> Iterator[None]:
    """Its file is no database any more."""
    path = Path(str(make_url(door.settings.database_url.get_secret_value()).database))
    door.here.application.database.dispose()
    kept = path.rename(path.with_suffix(".kept"))
    path.write_bytes(b"this is no database" * 100)
    yield
    path.unlink()
    kept.rename(path)


def test_a_house_that_is_well_is_ready(well: Doorstep) -> None:
    """200, and no reasons."""
    answer = ready(well)
    assert answer.status_code == 200
    assert answer.json == {
        "status": "ready",
        "reasons": [],
        "backup_age_seconds": None,
        "notes": ["No backups are made. `hotline backup key` makes the key for them."],
    }


def test_the_age_of_the_newest_backup_is_told(well: Doorstep) -> None:
    """In health and in the metrics; a missing one sends no caller elsewhere."""

    def counted() -> str:
        return metrics(well, "127.0.0.1", **ASKS_FOR_METRICS).text

    def made(transaction: Transaction) -> None:
        backup_log.begin(transaction.tx, "x", "file", transaction.now)
        backup_log.kept(transaction.tx, "x", transaction.now, 1, "digest")

    assert "hotline_backup_age_seconds" not in counted()
    well.here.application.change(made)
    well.clock.now += timedelta(minutes=5)
    beat(well, "clock", *health.WORKERS)
    answer = ready(well)
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["backup_age_seconds"] == 300
    assert "hotline_backup_age_seconds 300.0" in counted()
    assert "hotline_backup_failed 0.0" in counted()


def test_a_real_line_with_what_only_examples_have_is_not_ready(tmp_path: Path, server: RedisServer) -> None:
    """Its account, its numbers, the phones of its staff: each with what to write, and no number."""
    door = build(tmp_path, redis_url=SecretStr(server.url))
    beat(door, "clock", *health.WORKERS)
    answer = ready(door)
    assert answer.status_code == 503
    reasons = answer.json["reasons"]  # type: ignore[index]
    begun = (
        "TWILIO_ACCOUNT_SID is the example's",
        "[line] numbers: a number of films",
        "[line] failsafe_number",
    )
    assert all(any(one.startswith(words) for one in reasons) for words in begun), reasons
    assert any("of the phones are numbers of films and examples" in one for one in reasons), reasons
    assert "555" not in answer.text


def test_a_process_that_never_came_up_is_a_reason(tmp_path: Path) -> None:
    """Each is named; and so is a Redis that isn't there."""
    answer = ready(build(tmp_path, twilio_api_base_url="http://127.0.0.1:9"))
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["reasons"] == [
        "clock: has never shown itself",
        "worker:emergency: has never shown itself",
        "worker:urgent: has never shown itself",
        "worker:ordinary: has never shown itself",
        "redis: ConnectionError",
    ]


def test_a_clock_that_is_late_is_a_reason(well: Doorstep) -> None:
    """It ticks every second: ten without one are too many."""
    well.clock.now += health.CLOCK_LATE
    assert ready(well).status_code == 200
    well.clock.now += timedelta(seconds=1)
    answer = ready(well)
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json | {"status": "not ready", "reasons": ["clock: last seen 11 s ago"]} == answer.json


def test_a_worker_that_is_late_is_a_reason(well: Doorstep) -> None:
    """It shows itself every half minute while it waits."""
    well.clock.now += health.WORKER_LATE + timedelta(seconds=1)
    beat(well, "clock", "worker:emergency", "worker:urgent")
    answer = ready(well)
    assert answer.status_code == 503
    assert answer.json is not None
    assert (
        answer.json | {"status": "not ready", "reasons": ["worker:ordinary: last seen 91 s ago"]}
        == answer.json
    )


def test_a_redis_that_is_gone_is_a_reason(well: Doorstep, server: RedisServer) -> None:
    """Calls are answered all the same; somebody should look."""
    server.kill()
    answer = ready(well)
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json | {"status": "not ready", "reasons": ["redis: ConnectionError"]} == answer.json


def test_a_database_that_is_gone_is_a_reason(well: Doorstep) -> None:
    """Said in one word, and Redis is asked all the same."""
    with without_database(well):
        answer = ready(well)
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json | {"status": "not ready", "reasons": ["database: Unavailable"]} == answer.json


def test_a_process_that_lives_says_so_whatever_is_broken(well: Doorstep, server: RedisServer) -> None:
    """A restart would mend neither the database nor Redis."""
    server.kill()
    with without_database(well):
        answer = well.app.test_client().get("/health/live")
    assert answer.status_code == 200
    assert answer.json == {"status": "live"}


# --- metrics ---------------------------------------------------------------------------------------------------


def metrics(door: Doorstep, address: str = "127.0.0.1", **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return door.app.test_client().get("/metrics", headers=named, environ_base={"REMOTE_ADDR": address})


@pytest.mark.parametrize("authorization", ["", "Bearer ", "Bearer None", "Bearer the-token"])
@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.0.0.7", ""])
def test_without_a_token_metrics_are_for_nobody(tmp_path: Path, address: str, authorization: str) -> None:
    """A bare proxy on the same machine makes everybody come from 127.0.0.1: that address proves nothing."""
    door = build(tmp_path, metrics_token=None)
    assert metrics(door, address, Authorization=authorization).status_code == 403


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.7"])
@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        ("", 403),
        ("Bearer the-token", 200),
        ("Bearer the-token2", 403),
        ("Bearer ", 403),
        ("the-token", 403),
        ("Token the-token", 403),
        ("Basic the-token", 403),
        ("Bearer thé-token", 403),
        ("bearer the-token", 200),
    ],
)
def test_with_a_token_metrics_can_be_read_from_anywhere(
    tmp_path: Path, address: str, authorization: str, status: int
) -> None:
    """METRICS_TOKEN as a bearer token, whole; from this machine too."""
    door = build(tmp_path, metrics_token=SecretStr("the-token"))
    assert metrics(door, address, Authorization=authorization).status_code == status


def test_what_another_machine_does_in_this_one_s_place_is_told_here(well: Doorstep) -> None:
    """It rings as ever: but if that one dies, too, nobody does it."""
    here = well.here.application.machine
    assert here
    _beats_on(well, "clock", here)
    well.clock.now += timedelta(seconds=12)
    beat(well, *health.WORKERS)
    _beats_on(well, "clock", "another.example")
    assert ready(well).get_json()["reasons"] == [
        "clock on this machine: last seen 12 s ago; another machine does its work"
    ]
    found = metrics(well, **ASKS_FOR_METRICS).text
    assert f'hotline_machine_beat_age_seconds{{machine="{here}",process="clock"}} 12.0' in found
    assert 'hotline_machine_beat_age_seconds{machine="another.example",process="clock"} 0.0' in found
    _beats_on(well, "clock", here)
    assert ready(well).status_code == 200


@pytest.mark.postgres
@pytest.mark.parametrize(("by", "told"), [(4, None), (-4, None), (120, "ahead of"), (-120, "behind")])
def test_a_machine_whose_time_is_wrong_says_so(tmp_path: Path, by: int, told: str | None) -> None:
    """The others would see its leases run out at once, or never."""
    address = databases.postgresql()
    door = build(tmp_path, database=address)
    ready(door)  # connected, which takes its time on a busy machine
    door.clock.now = datetime.now(UTC) + timedelta(seconds=by)
    said = [one for one in ready(door).get_json()["reasons"] if one.startswith("time: ")]
    assert (
        said == []
        if told is None
        else re.match(rf"time: this machine is 1[12]\d s {told} the database", said[0])
    )
    door.here.application.database.dispose()
    databases.drop(address)


def _beats_on(door: Doorstep, name: str, machine: str) -> None:
    door.here.application.change(
        lambda transaction: heartbeats.beat(transaction.tx, name, transaction.now, machine)
    )


def test_metrics_count_what_is_open(well: Doorstep) -> None:
    """An emergency, a callback, what waits in the outbox, and how long ago each process showed itself."""
    well.calls("CA1")
    contact = well.look(lambda transaction: contacts.by_call(transaction.tx, "CA1"))
    well.post(f"/twilio/voice/turn/{contact.id}/1", {"CallSid": "CA1", "From": MIA, "Digits": "1"})
    well.clock.now += timedelta(seconds=20)
    well.post("/twilio/voice/status", {"CallSid": "CA1", "CallStatus": "completed"})
    answer = metrics(well, **ASKS_FOR_METRICS)
    found = {
        (one.name, *sorted(one.labels.values())): one.value
        for family in text_string_to_metric_families(answer.text)
        for one in family.samples
    }
    assert found["hotline_database_up",] == 1
    assert found["hotline_escalations_open", "emergency", "reaching"] == 1
    assert found["hotline_callbacks_open", "emergency"] == 1
    assert found["hotline_outbox_overdue", "emergency"] >= 1
    assert found["hotline_outbox_oldest_seconds", "emergency"] == 20
    assert found["hotline_beat_age_seconds", "clock"] == 20
    for told in (MIA, MIA[1:], contact.id, "CA1", "Cleo"):
        assert told not in answer.text


def test_metrics_say_that_the_database_is_gone(well: Doorstep) -> None:
    """A number, not an error."""
    with without_database(well):
        answer = metrics(well, **ASKS_FOR_METRICS)
    assert answer.status_code == 200
    assert "hotline_database_up 0.0" in answer.text


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/metrics"])
def test_health_is_only_looked_at(shared_door: Doorstep, path: str) -> None:
    """Nothing can be posted to it."""
    assert shared_door.knock(path).status_code == 405
    assert shared_door.knock(path, method="DELETE").status_code == 405


def test_a_house_without_staff_or_schedule_is_not_ready(well: Doorstep) -> None:
    """Every caller would be promised what nobody keeps; the reason says what to do."""

    def unscheduled(transaction: Transaction) -> None:
        for one in schedules.every(transaction.tx):
            schedules.put(transaction.tx, replace(one, always=()))

    def nobody_on_the_staff(transaction: Transaction) -> None:
        for one in staff.active(transaction.tx):
            staff.save(transaction.tx, replace(one, active=False))

    for empty, reason in ((unscheduled, "on any schedule"), (nobody_on_the_staff, "nobody who can be rung")):
        well.here.application.change(empty)
        answer = ready(well)
        assert answer.status_code == 503
        assert answer.json is not None
        (told,) = answer.json["reasons"]
        assert reason in told
        assert "hotline load" in told


def test_a_carrier_that_nothing_reaches_is_a_reason(well: Doorstep) -> None:
    """No phone rings and no text leaves, though everything of ours is well; over when anything is taken again."""

    def tried(name: str, error: str | None) -> None:
        def work(transaction: Transaction) -> None:
            row = effect(name, due_at=transaction.now, created_at=transaction.now)
            outbox.add(transaction.tx, row)
            claimed = outbox.claim(transaction.tx, row.id, transaction.now, timedelta(seconds=8))
            assert claimed is not None
            if error is None:
                outbox.sent(transaction.tx, claimed, transaction.now, f"CA-{name}")
            else:
                outbox.again(transaction.tx, claimed, transaction.now, error)

        well.here.application.change(work)
        well.clock.now += timedelta(seconds=1)

    tried("a", "ConnectionError")
    assert ready(well).status_code == 200
    tried("b", "ConnectionError")
    answer = ready(well)
    assert answer.status_code == 503
    assert answer.json is not None
    (told,) = answer.json["reasons"]
    assert told.startswith("the carrier: nothing has reached it for 2 s")
    tried("c", None)
    assert ready(well).status_code == 200
