"""Anything at all may be texted, by anybody, in any order and as often as they like, through the real door."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.model import PhoneNumber
from hotline.operations.transaction import Transaction
from hotline.simulator.twiml.document import MESSAGING, parse
from hotline.store.cases import callbacks, escalations
from tests.observed import texts_with
from tests.stories.centre import ANA, LINE, MIA, SITE, TOKEN
from tests.telephony.doorstep import Doorstep, build

OTHERS = ["+16175550143", ANA, "72345", "Bank", LINE, "+19005550199", "anonymous"]
SAID = [
    *(
        "",
        " ",
        "hi",
        "1",
        "2",
        "3",
        "4",
        "5",
        "0",
        "yes",
        "no",
        "STOP",
        "START",
        "HELP",
        "CANCEL",
        "thanks",
        "status",
    ),
    *(
        "now",
        "later",
        "6pm",
        "tonight",
        "cancel my call",
        "he is not breathing",
        "i want to die",
        "hola",
        "kreyòl",
    ),
    *(
        "is the side door open",
        "stop texting me",
        "I'm driving",
        "Auto-reply: away",
        "x" * 1600,
        "👍",
        "²",
        "\u202e1",
    ),
]
TEXTS = st.sampled_from(SAID) | st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200)
SENDERS = st.sampled_from([MIA, MIA, MIA, *OTHERS])
_sids = count()


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doorstep]:
    """One house for the whole storm; nothing of ours stumbles in it."""
    made = build(tmp_path_factory.mktemp("storm"), centre=_centre())
    with structlog.testing.capture_logs() as logged:
        yield made
    assert [line for line in logged if line["log_level"] in ("error", "critical")] == []


def _centre() -> str:
    return (
        f'[line]\nname = "Care Line"\nnumbers = ["{LINE}"]\nfailsafe_number = "+16175550999"\n'
        'languages = ["en", "es", "pt", "ht"]\n[texts]\nreplies_per_hour_overall = 100000\n'
    )


def texted(door: Doorstep, sender: str, body: str, sid: str, **more: str) -> str | None:
    """What is answered, as Twilio would carry it out; None if nothing is."""
    form = {"MessageSid": sid, "From": sender, "To": LINE, "Body": body, **more}
    answer = door.post("/twilio/sms", form, token=TOKEN)
    assert answer.status_code == 200
    verbs = parse(answer.text, f"{SITE}/twilio/sms", MESSAGING)
    assert len(verbs) <= 1
    return verbs[0].text or "" if verbs else None


def stands(door: Doorstep) -> tuple[int, int, int]:
    """How much there is: callbacks and escalations that are open, texts with Mia."""

    def read(transaction: Transaction) -> tuple[int, int, int]:
        kept = texts_with(transaction.tx, PhoneNumber(MIA))
        return len(callbacks.all_open(transaction.tx)), len(escalations.all_open(transaction.tx)), len(kept)

    found: tuple[int, int, int] = door.look(read)
    return found


@settings(max_examples=40)
@given(st.lists(st.tuples(SENDERS, TEXTS, st.integers(0, 90), st.integers(0, 2)), max_size=12))
def test_every_text_is_answered_once_at_most_and_has_its_effect_once(
    door: Doorstep, storm: list[tuple[str, str, int, int]]
) -> None:
    """Of any letters and length, from anybody, repeated under its own id at once or later: one answer, one effect."""
    before: list[tuple[str, str, str, str | None]] = []
    for sender, body, seconds, again in storm:
        door.clock.now += timedelta(seconds=seconds)
        sid = f"SM{next(_sids)}"
        answered = texted(door, sender, body, sid)
        then = stands(door)
        for _ in range(again):
            assert texted(door, sender, body, sid) == answered
        assert stands(door) == then
        before.append((sender, body, sid, answered))
        if sender in (LINE, "72345", "Bank", "+19005550199", "anonymous"):
            assert answered is None
    then = stands(door)
    for sender, body, sid, answered in reversed(before):
        assert texted(door, sender, body, sid) == answered
    assert stands(door) == then
    owed = [one.number for one in door.look(lambda transaction: callbacks.all_open(transaction.tx))]
    assert len(owed) == len(set(owed))


@settings(max_examples=20)
@given(TEXTS, st.sampled_from(["{}", "{} {}", "Re: {}", "Auto: {}", "{number}. {}", "{}?"]))
def test_whoever_answers_everything_is_not_answered_for_ever(door: Doorstep, first: str, frame: str) -> None:
    """A machine that echoes us, that frames what we say, or that counts: within the hour there is silence."""
    sender = f"+1617555{next(_sids) % 10_000:04}"
    said: str | None = first
    replies = 0
    for number in range(60):
        door.clock.now += timedelta(seconds=5)
        answered = texted(door, sender, said or "", f"SM{next(_sids)}")
        if answered is None:
            break
        replies += 1
        said = re.sub(r"\s+", " ", frame.replace("{number}", str(number)).replace("{}", answered))
    assert replies <= 30
