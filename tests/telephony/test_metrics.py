"""What monitoring is told of the last day's calls: counts, and never a person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from hotline.callbacks.ledger import Promise
from hotline.effects import Urgency
from hotline.model import CallbackId, Channel, Language, Line, Outcome, Subject
from hotline.oncall.escalation import EscalationStatus
from hotline.prompts.shipped import shipped
from hotline.runtime import metrics
from hotline.store.cases import contacts, promises
from hotline.store.database.tables import contacts as contacts_table
from hotline.store.upkeep import lateness
from hotline.store.upkeep.unowned import UnownedKind
from tests.store.examples import OTHER, contact
from tests.stories.centre import ASKS_FOR_METRICS
from tests.telephony.doorstep import AFTERNOON, Doorstep, build

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
_ids = count()


@pytest.fixture
def application(tmp_path: Any) -> Doorstep:
    """A house that nobody has called yet."""
    return build(tmp_path)


def add(door: Doorstep, many: int = 1, **different: Any) -> None:
    """Calls that began five minutes ago, and are over."""
    usual = {
        "opened_at": AFTERNOON - 5 * MINUTE,
        "ended_at": AFTERNOON,
        "ended_in": "menu",
        "outcome": Outcome.LEFT_EARLY,
        "last_prompt": "menu",
    }
    with door.here.application.database.write() as tx:
        for _ in range(many):
            contacts.add(tx, contact(f"m{next(_ids)}", **{**usual, **different}))


def samples(door: Doorstep) -> dict[tuple[str, ...], float]:
    """Every figure, by its name and its labels' values."""
    answer = door.app.test_client().get("/metrics", headers=ASKS_FOR_METRICS)
    assert answer.status_code == 200
    return {
        (one.name, *(value for _, value in sorted(one.labels.items()))): one.value
        for family in text_string_to_metric_families(answer.text)
        for one in family.samples
    }


def test_the_calls_of_the_last_day_are_counted(application: Doorstep) -> None:
    """By outcome, by the last prompt of the lost, by how they came to a human; labels in the order of their names."""
    add(application, 3)
    add(application, opened_at=AFTERNOON - timedelta(hours=24, seconds=1))
    add(application, channel=Channel.TEXT, provider_sid=None)
    admissions: dict[str, Any] = {"line": Line.ADMISSIONS, "language": Language.HT}
    lost: dict[str, Any] = {"ended_in": "holding", "outcome": Outcome.CALLBACK, "caller": OTHER}
    add(application, 2, last_prompt="waiting", **lost, **admissions)
    add(
        application,
        reached_at=AFTERNOON - 4 * MINUTE,
        ended_in="in_room",
        outcome=Outcome.REACHED,
        **admissions,
    )
    add(
        application,
        reached_at=AFTERNOON - 5 * MINUTE,
        ended_at=None,
        ended_in=None,
        outcome=None,
        **admissions,
    )
    with application.here.application.database.write() as tx:
        for minutes, tried_at in ((5, AFTERNOON - 9 * MINUTE), (5, None), (15, None)):
            made_at = AFTERNOON - 10 * MINUTE
            made = Promise(
                line=Line.ADMISSIONS,
                made_at=made_at,
                promised_at=made_at + minutes * MINUTE,
                tried_at=tried_at,
            )
            promises.write(tx, CallbackId("b"), Channel.VOICE, made)
    found = samples(application)
    assert found["hotline_calls_24h", "en", "none", "left_early"] == 3
    assert found["hotline_calls_24h", "ht", "admissions", "callback"] == 2
    assert found["hotline_calls_24h", "ht", "admissions", "reached"] == 1
    assert found["hotline_calls_24h", "ht", "admissions", "none"] == 1
    assert found["hotline_calls_lost_24h", "en", "none", "menu"] == 3
    assert found["hotline_calls_lost_24h", "ht", "admissions", "waiting"] == 2
    assert found["hotline_calls_reached_24h", "live", "admissions"] == 2
    assert found["hotline_calls_reached_24h", "later", "admissions"] == 0
    assert found["hotline_calls_abandoned_24h", "admissions"] == 2
    assert found["hotline_time_to_human_24h_seconds_bucket", "5.0", "admissions"] == 1
    assert found["hotline_time_to_human_24h_seconds_bucket", "45.0", "admissions"] == 1
    assert found["hotline_time_to_human_24h_seconds_bucket", "60.0", "admissions"] == 2
    assert found["hotline_time_to_human_24h_seconds_bucket", "+Inf", "admissions"] == 2
    assert found["hotline_time_to_human_24h_seconds_gsum", "admissions"] == 60
    assert found["hotline_time_to_human_24h_seconds_gcount", "admissions"] == 2
    kept, late, waiting = (
        found["hotline_promises_24h", "admissions", state] for state in ("kept", "late", "waiting")
    )
    assert (kept, late, waiting) == (1, 1, 1)


def test_a_day_is_counted_once_in_some_seconds_however_often_it_is_asked_for(application: Doorstep) -> None:
    """A monitor that asks too often costs callers nothing."""
    add(application)
    name = ("hotline_calls_24h", "en", "none", "left_early")
    assert samples(application)[name] == 1
    add(application)
    application.clock.now += metrics.KEPT - SECOND
    assert samples(application)[name] == 1
    application.clock.now += SECOND
    assert samples(application)[name] == 2


@pytest.fixture(scope="module")
def often(tmp_path_factory: pytest.TempPathFactory) -> Doorstep:
    """A house that is asked many times."""
    return build(tmp_path_factory.mktemp("often"))


def words(*kinds: Iterable[object]) -> set[str]:
    return {str(word) for kind in kinds for word in kind}


PROMPTS = words(*(shipped(language).sections["voice"] for language in Language))
CLOSED = {
    "line": words(Line, ["none"]),
    "language": words(Language),
    "outcome": words(Outcome, ["none"]),
    "prompt": PROMPTS | {"none", "other"},
    "how": {"live", "later"},
    "state": {"kept", "late", "waiting"},
    "le": words(bound.total_seconds() for bound in (*metrics.BOUNDS, *lateness.BOUNDS)) | {"+Inf"},
    "subject": words(Subject),
    "status": words(EscalationStatus),
    "urgency": words(Urgency),
    "kind": words(UnownedKind),
    "process": {"clock", "worker:emergency", "worker:urgent", "worker:ordinary"},
}
free_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.none() | free_text | st.sampled_from(sorted(PROMPTS)), free_text), max_size=4))
def test_no_label_can_hold_free_text(often: Doorstep, kept: list[tuple[str | None, str]]) -> None:
    """Whatever words ever stood in a column of ours, each label is one of a known few."""
    with often.here.application.database.write() as tx:
        tx.execute(contacts_table.delete())
    for prompt, ended_in in kept:
        add(often, last_prompt=prompt, ended_in=ended_in, line=Line.PERSON)
    often.clock.now += metrics.KEPT
    answer = often.app.test_client().get("/metrics", headers=ASKS_FOR_METRICS)
    seen = 0
    for family in text_string_to_metric_families(answer.text):
        for one in family.samples:
            for label, value in one.labels.items():
                assert value in CLOSED[label], label
                seen += 1
    assert seen or not kept
