"""What people say is read before the one writer is held, and in bounded time whatever they write."""

from __future__ import annotations

import time

import pytest

from hotline.model import Language
from hotline.store.cases import contacts
from hotline.telephony.webhooks import routes
from hotline.telephony.webhooks.reading_ahead import read_ahead
from hotline.triage.meaning import read, read_once
from tests.stories.centre import LINE, MIA
from tests.telephony.doorstep import Doorstep


def texted(body: str, sid: str = "SM9", caller: str = MIA) -> dict[str, str]:
    return {"MessageSid": sid, "From": caller, "To": LINE, "Body": body}


def read_in_the_transaction(door: Doorstep, path: str, form: dict[str, str]) -> int:
    """How many readings the transaction had to do itself, after everything was read ahead."""
    found = routes.find(path)
    assert found is not None
    address, ids = found
    read_once.cache_clear()
    read_ahead(door.here.application, address, form, ids)
    before = read_once.cache_info().misses
    assert before >= 1
    door.here.application.change(lambda transaction: address.handler(transaction, form, **ids))
    return read_once.cache_info().misses - before


@pytest.mark.parametrize(
    "body",
    [
        "my son took something and he is not waking up",
        "quiero hablar con alguien por favor, no aguanto mas",
        "no " * 525 + "not",
        "STOP",
        "2",
        "Liked “Reply 2 for treatment”",
        "",
    ],
)
def test_a_text_costs_the_transaction_no_reading(door: Doorstep, body: str) -> None:
    """Of a first text, in whichever language, hostile or a keyword."""
    assert read_in_the_transaction(door, "/twilio/sms", texted(body)) == 0


def test_a_text_in_an_open_thread_is_read_in_its_language(door: Doorstep) -> None:
    """Also with our own words quoted in it, which are taken away first."""
    door.texts("hola, necesito tratamiento para mi hijo", sid="SM1")
    said = door.texts("2", sid="SM2")
    quoted = f"> {said[60:120]}\nsi claro, llamen por favor"
    assert read_in_the_transaction(door, "/twilio/sms", texted(quoted)) == 0


def test_what_is_said_costs_the_transaction_no_reading(door: Doorstep) -> None:
    """Speech at the menu, in the call's language."""
    door.calls("CA1")
    row = door.look(lambda transaction: contacts.by_call(transaction.tx, "CA1"))
    form = {"CallSid": "CA1", "From": MIA, "SpeechResult": "I need a bed for my brother", "Confidence": "0.9"}
    assert read_in_the_transaction(door, f"/twilio/voice/turn/{row.id}/{row.turn}", form) == 0


def test_the_doors_read_ahead(door: Doorstep) -> None:
    """A webhook's words are worked out once in all."""
    read_once.cache_clear()
    door.texts("is there a bed free tonight, my brother is ready to come in")
    assert read_once.cache_info().misses == 1


WORST = [
    ("no " * 525 + "not")[:1580],
    ("not " * 400)[:1580],
    ("i want to die " * 120)[:1580],
    ("don't want to " * 120)[:1580],
    ("she is not breathing " * 80)[:1580],
    ("nobody not never no " * 80)[:1580],
    ("né " * 530)[:1580],
    ("> " * 800)[:1580],
    "😀" * 800,
    "." * 1600,
]


@pytest.mark.parametrize("words", WORST, ids=[words[:12] for words in WORST])
def test_no_text_takes_long_to_read(words: str) -> None:
    """The longest that a network joins, at its most hostile, in every language: less than a second of this machine."""
    for language in Language:
        read_once.cache_clear()
        began = time.process_time()
        read(words, language)
        assert time.process_time() - began < 1
