"""How texts were read, and what staff say of them: kept sealed, counted so that every row adds up."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from hotline.model import ContactId, Language, StaffId
from hotline.store.database import Database, Tx, tables
from hotline.store.database.periods import Period
from hotline.store.traffic import readings
from hotline.store.traffic.readings import Did, Judged, Judgement, KeptReading, Why
from tests.store.examples import MINUTE, NOW, SECOND

DAY = timedelta(days=1)
TODAY = Period(NOW, NOW + DAY)
ANA, EVE = StaffId("s1"), StaffId("s2")
_ids = count()


def reading(message_id: str = "m1", **different: Any) -> KeptReading:
    usual: dict[str, Any] = {
        "message_id": message_id,
        "contact_id": ContactId("c1"),
        "at": NOW,
        "language": Language.EN,
        "label": "emergency",
        "named": True,
        "did": Did.PAGED,
        "why": Why("overdose: “fentanyl”", 0.97),
    }
    return KeptReading(**{**usual, **different})


def test_a_reading_is_kept_once_and_opened_as_it_was(database: Database) -> None:
    """Again changes nothing; of a thread the oldest comes first."""
    with database.write() as tx:
        assert readings.add(tx, reading("m2", at=NOW + SECOND))
        assert readings.add(tx, reading("m1"))
        assert not readings.add(tx, reading("m1", label="other"))
        readings.add(tx, reading("m3", contact_id=ContactId("c2")))
    with database.read() as tx:
        assert readings.of_contact(tx, ContactId("c1")) == [reading("m1"), reading("m2", at=NOW + SECOND)]
        assert readings.get(tx, "m1") == reading("m1")
        assert readings.get(tx, "m9") is None


def test_why_it_was_read_so_is_sealed(database: Database) -> None:
    """It quotes the message."""
    with database.write() as tx:
        readings.add(tx, reading())
        found = tx.execute(select(tables.readings)).one()
    assert "fentanyl" not in repr(tuple(found))
    assert "fentanyl" not in repr(reading())


def test_the_last_judgement_counts_and_may_be_taken_back(database: Database) -> None:
    """With who, and when."""
    first, last = Judged(Judgement.EMERGENCY, ANA, NOW), Judged(Judgement.NO_EMERGENCY, EVE, NOW + MINUTE)
    with database.write() as tx:
        readings.add(tx, reading())
        assert readings.judge(tx, "m1", first)
        assert not readings.judge(tx, "m9", first)
    for judged in (first, last, None):
        with database.write() as tx:
            readings.judge(tx, "m1", judged)
        with database.read() as tx:
            assert readings.get(tx, "m1") == reading(judged=judged)


def test_a_judgement_redraws_pages(database: Database) -> None:
    """Whoever has the thread open sees it."""
    with database.write() as tx:
        readings.add(tx, reading())
    with database.write() as tx:
        readings.judge(tx, "m1", Judged(Judgement.EMERGENCY, ANA, NOW))
        assert tx.board_changed


def test_what_is_disputed(database: Database) -> None:
    """What paged and was no emergency, what was one and did not page; nothing that nobody has judged."""
    del database
    found = {
        (did, judgement): reading(did=did, judged=judgement and Judged(judgement, ANA, NOW)).disputed
        for did in Did
        for judgement in (None, *Judgement)
    }
    assert {one for one, disputed in found.items() if disputed} == {
        (Did.PAGED, Judgement.NO_EMERGENCY),
        *((did, Judgement.EMERGENCY) for did in Did if did is not Did.PAGED),
    }


def test_a_period_holds_the_texts_that_came_in_it(database: Database) -> None:
    """From its first moment on, without its last; those that were judged, if only these are asked for."""
    with database.write() as tx:
        for name, at in {"a": NOW - SECOND, "b": NOW, "c": NOW + DAY - SECOND, "d": NOW + DAY}.items():
            readings.add(tx, reading(name, at=at))
        readings.judge(tx, "c", Judged(Judgement.EMERGENCY, ANA, NOW))
    with database.read() as tx:
        assert [one.message_id for one in readings.between(tx, TODAY)] == ["b", "c"]
        assert [one.message_id for one in readings.between(tx, TODAY, judged_only=True)] == ["c"]


EACH = st.tuples(
    st.sampled_from(Language), st.sampled_from(Did), st.sampled_from([None, *Judgement]), st.integers(-1, 1)
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(texts=st.lists(EACH, max_size=12))
def test_every_text_of_a_period_is_counted_once(
    database: Database, texts: list[tuple[Language, Did, Judgement | None, int]]
) -> None:
    """In one row, by its language, what came of it, and what is said of it."""
    with database.write() as tx:
        tx.execute(tables.readings.delete())
        for language, did, judgement, day in texts:
            _keep(tx, language, did, judgement, day)
    inside = Counter(one[:3] for one in texts if one[3] == 0)
    with database.read() as tx:
        rows = readings.counted(tx, TODAY)
    assert {(one.language, one.did, one.judged): one.messages for one in rows} == inside
    assert len(rows) == len(inside)


def _keep(tx: Tx, language: Language, did: Did, judgement: Judgement | None, day: int) -> None:
    message = f"n{next(_ids)}"
    readings.add(tx, reading(message, language=language, did=did, at=NOW + day * DAY))
    if judgement:
        readings.judge(tx, message, Judged(judgement, ANA, NOW))
