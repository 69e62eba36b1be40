"""Danger in a thread that a coordinator has: what is named pages as ever; what is doubtful reaches that coordinator."""

from __future__ import annotations

import pytest

from hotline.model import Language
from hotline.operations.conversation import text_readings
from hotline.operations.conversation.text_readings import Doubt
from hotline.operations.transaction import Transaction
from hotline.store.traffic import readings
from hotline.store.traffic.readings import Judgement
from hotline.triage.meaning import names_danger
from tests.operations.texting import FOUR_LANGUAGES, UNCLEAR, thread_of, writes
from tests.stories.conftest import Building
from tests.stories.records import emergencies
from tests.stories.test_threads import claims
from tests.stories.world import ANA, World

NAMED = (
    (Language.ES, "me voy a cortar las venas esta noche. adios"),
    (Language.PT, "vou cortar os meus pulsos esta noite. adeus"),
    (Language.HT, "m pral koupe venn mwen aswe a. orevwa"),
    (Language.EN, "im going to open my veins tonight. goodbye"),
)
HINTED = "i put the pills back in the drawer, is the office open"
DENIED = "ya no quiero vivir asi, necesito ayuda para dejar de tomar"
TOLD = "read this now: they may be in danger"


@pytest.fixture
def claimed(building: Building) -> World:
    world = building(FOUR_LANGUAGES)
    writes(world.mia, UNCLEAR)
    claims(world, ANA)
    return world


@pytest.mark.parametrize(("language", "words"), NAMED)
def test_cutting_ones_veins_is_named_danger(language: Language, words: str) -> None:
    """In all four languages: so it pages in a thread that somebody has, too."""
    assert names_danger(words, language)


@pytest.mark.parametrize("words", [words for _, words in NAMED])
def test_it_pages_in_a_thread_that_a_coordinator_has(claimed: World, words: str) -> None:
    """As it does in a thread that nobody has."""
    writes(claimed.mia, words)
    claimed.until(lambda: all(one.rings for one in claimed.clinicians), 12)
    assert len(emergencies(claimed)) == 1


def test_a_hint_that_would_page_is_put_before_the_coordinator_at_once(claimed: World) -> None:
    """By text to their phone within seconds, each time anew; and on the card, until somebody says what it was."""
    writes(claimed.mia, HINTED)
    claimed.passes(5)
    assert not emergencies(claimed)
    assert sum(TOLD in text for text in claimed.texts_to(ANA)) == 1
    (thread,) = claimed.board(ANA).threads
    assert thread.doubt is Doubt.WOULD_PAGE
    writes(claimed.mia, "where is the bridge clinic")
    claimed.passes(30)
    assert sum(TOLD in text for text in claimed.texts_to(ANA)) == 2
    by, contact = claimed.staff_id(ANA), thread_of(claimed).id

    def say(transaction: Transaction) -> None:
        for one in readings.of_contact(transaction.tx, contact):
            text_readings.judge(transaction, contact, one.message_id, Judgement.NO_EMERGENCY, by)

    claimed.change(say)
    (thread,) = claimed.board(ANA).threads
    assert thread.doubt is None


def test_what_was_found_and_argued_away_is_on_the_card_and_988_in_the_answer(building: Building) -> None:
    """It pages nobody; whoever accepts sees it before they open anything."""
    world = building(FOUR_LANGUAGES)
    assert "988" in (writes(world.mia, DENIED) or "")
    (thread,) = world.board(ANA).threads
    assert thread.doubt is Doubt.FOUND
    assert not emergencies(world)
