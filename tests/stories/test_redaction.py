"""What was said is removed at the provider once it has arrived; here it stays, sealed."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import update

from hotline.effects import Origin, OriginKind
from hotline.operations.console import coordinator, undelivered
from hotline.operations.outbox import delivery
from hotline.operations.outbox.delivery import Job, TryAgain
from hotline.operations.texts import redaction, threads
from hotline.operations.transaction import Transaction
from hotline.simulator import Attachment
from hotline.store.database.tables import outbox as table
from hotline.store.traffic import messages, outbox
from tests.operations.texting import answers_to, thread_of, writes
from tests.stories.centre import CENTRE
from tests.stories.conftest import Building
from tests.stories.world import ANA, LINE, World

REDACTING = f"{CENTRE}\n[texts]\nredact_at_provider = true\n"
QUESTION = "is it the green building"


@pytest.fixture
def redacting(building: Building) -> World:
    """A centre that has it on."""
    return building(centre=REDACTING)


def at_the_provider(world: World) -> list[str]:
    """The words that are still there."""
    return [one.body for one in world.sim.messages if one.body and not one.deleted]


def written(world: World, words: str, key: str = "k1") -> None:
    """Ana claims Mia's thread, and writes."""
    by = world.staff_id(ANA)
    for thread in world.board().threads:
        world.change(partial(coordinator.accept, escalation_id=thread.escalation, by=by))
    contact = thread_of(world).id
    world.change(lambda transaction: threads.write(transaction, contact, words, by, key, sure=True))


def test_every_text_is_emptied_at_the_provider_and_kept_here(redacting: World) -> None:
    """In and out, to callers and to staff; the thread shows them all."""
    writes(redacting.mia, QUESTION)
    redacting.ana.reads("needs a person")
    writes(redacting.ana, "1")
    written(redacting, "Yes, it is.")
    redacting.mia.reads("Yes, it is.")
    redacting.passes(30)
    assert at_the_provider(redacting) == []
    contact = thread_of(redacting).id
    kept = redacting.look(
        lambda transaction: [one.body for one in messages.of_contact(transaction.tx, contact)]
    )
    assert kept[0] == QUESTION
    assert kept[-1] == "Yes, it is."
    assert all(kept)


def test_without_the_setting_nothing_is_removed(world: World) -> None:
    """That is a centre's own to decide."""
    writes(world.mia, QUESTION)
    world.leaps(minutes=70)
    assert QUESTION in at_the_provider(world)


def test_nothing_is_removed_before_it_has_arrived(redacting: World) -> None:
    """If the news of it never comes, it is tried after an hour, and again until the provider lets it."""
    redacting.mia.phone.sms = "silent"
    writes(redacting.mia, QUESTION)
    reply = next(one for one in redacting.sim.messages if one.direction == "outbound-reply")
    redacting.leaps(minutes=58)
    assert not [one for one in redacting.sim.rest_requests if one.path.endswith(f"{reply.sid}.json")]
    redacting.leaps(minutes=30)
    assert reply.body
    reply.status = "delivered"
    redacting.leaps(minutes=61)
    assert reply.body == ""


def test_the_news_may_be_lost(redacting: World) -> None:
    """It is removed all the same."""
    redacting.sim.faults.lose("sms-status", times=100)
    redacting.passes(1)
    writes(redacting.mia, QUESTION)
    written(redacting, "Yes, it is.")
    redacting.passes(10)
    assert "Yes, it is." in at_the_provider(redacting)
    redacting.leaps(minutes=62)
    assert "Yes, it is." not in at_the_provider(redacting)


@pytest.mark.parametrize("fault", ["drop_after", "time_out_after"])
def test_what_is_in_doubt_is_found_by_its_report_and_sent_once(redacting: World, fault: str) -> None:
    """Its words, by which it would be looked for, go only when it is known to exist."""
    writes(redacting.mia, QUESTION)
    getattr(redacting.sim.faults, fault)("messages")
    written(redacting, "Yes, it is.")
    redacting.passes(60)
    assert answers_to(redacting.mia).count("Yes, it is.") == 1
    assert (
        sum(
            one.direction == "outbound-api" and one.to == redacting.mia.phone.number
            for one in redacting.sim.messages
        )
        == 1
    )
    assert at_the_provider(redacting) == []


def test_pictures_stay_until_the_thread_would_be_quiet(redacting: World) -> None:
    """Somebody may have to look at them; after that nobody can."""
    redacting.mia.phone.texts(LINE, "look", [Attachment("image/png", b"PNG")])
    redacting.passes(5)
    sid = next(one.sid for one in redacting.sim.messages if one.direction == "inbound")
    office = redacting.sim.post_office
    redacting.leaps(minutes=23 * 60)
    assert office.media.of(sid)
    redacting.leaps(minutes=61)
    assert not office.media.of(sid)
    assert at_the_provider(redacting) == []


def test_what_is_being_removed_is_no_trouble_and_what_can_t_be_is(redacting: World) -> None:
    """Hourly for some days; then it stands on the page of what was not delivered, where an administrator sees it."""
    redacting.mia.phone.sms = "silent"
    writes(redacting.mia, QUESTION)
    redacting.leaps(minutes=62)
    assert redacting.look(undelivered.look).troubles == ()
    assert [redaction.pause(number).total_seconds() / 60 for number in (1, 2, 3, 4, redaction.TRIES)] == [
        1,
        5,
        15,
        60,
        60,
    ]
    reply = next(one for one in redacting.sim.messages if one.direction == "outbound-reply")
    about = Origin(OriginKind.REDACTION, reply.sid)

    def give_up(transaction: Transaction) -> None:
        (row,) = outbox.about(transaction.tx, about)
        worn_out = Job(replace(row, claims=redaction.TRIES + 1), look_up=False)
        transaction.tx.execute(
            update(table).where(table.c.id == row.id).values(claims=worn_out.row.claims, status="claimed")
        )
        delivery.settle(transaction, worn_out, TryAgain("20009"))

    redacting.change(give_up)
    (trouble,) = redacting.look(undelivered.look).troubles
    assert (trouble.what, trouble.error, trouble.trying) == ("removal", "20009", False)
