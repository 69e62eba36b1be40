"""Kinds of outages: a lock in real time, a full disk, a PostgreSQL that lets nobody in, a journal that fails, too."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hotline.model import PhoneNumber
from hotline.operations.transaction import Transaction
from hotline.runtime.wiring import WEB_PATIENCE
from hotline.simulator.twiml.document import MESSAGING, VOICE, parse
from hotline.store.cases import callbacks, contacts
from hotline.telephony.webhooks.read_back import read_back
from tests import databases
from tests.operations.outages import locked, nearly_full, postgresql_gone
from tests.stories.centre import LINE, MIA, SITE
from tests.telephony.doorstep import Doorstep, build

READ_LIMIT = 4.0
"""Seconds that the carrier waits, as the addresses that we hand out tell it."""


def is_failsafe(answer: str) -> bool:
    """The 911 sentence, and a <Dial> of the failsafe number: valid TwiML."""
    verbs = parse(answer, f"{SITE}/twilio/voice", VOICE)
    return [verb.name for verb in verbs] == ["Say", "Dial"] and "+16175550999" in answer


def comes_back(door: Doorstep) -> int:
    """The clock reads the journal: how many entries were new."""
    return read_back(door.here.application, door.here.renderer, door.here.journal)


def owed(door: Doorstep, number: str) -> bool:
    """Whether a callback to this number stands."""

    def look(transaction: Transaction) -> bool:
        return callbacks.open_for(transaction.tx, PhoneNumber(number)) != []

    found: bool = door.look(look)
    return found


def is_known(door: Doorstep, sid: str) -> bool:
    """Whether this call is in the books."""
    return door.look(lambda transaction: contacts.by_call(transaction.tx, sid)) is not None


def test_a_lock_is_waited_for_and_then_not(tmp_path: Path) -> None:
    """With the web's own patience: every answer within the carrier's limit, however many ask at once."""
    door = build(tmp_path, patience=WEB_PATIENCE.total_seconds())
    took: list[float] = []

    def knock(number: int) -> str:
        began = time.monotonic()
        answer = door.calls(f"CA{number}", f"+1617556{number:04}")
        took.append(time.monotonic() - began)
        return answer

    with locked(door.here), ThreadPoolExecutor(8) as together:
        answers = list(together.map(knock, range(8)))
    assert all(is_failsafe(answer) for answer in answers)
    assert max(took) < READ_LIMIT
    assert comes_back(door) == 8


def test_a_lock_that_ends_in_time_is_not_noticed(tmp_path: Path) -> None:
    """A second's wait, and the menu."""
    door = build(tmp_path, patience=WEB_PATIENCE.total_seconds())
    with ThreadPoolExecutor(1) as together:
        with locked(door.here):
            waiting = together.submit(door.calls)
            time.sleep(0.6)
            assert not waiting.done()
        assert "For treatment, press 2" in waiting.result(timeout=5)
    assert door.here.journal.files() == []


# --- a disk that is full ---------------------------------------------------------------------------------------


def dialogue(door: Doorstep, number: int) -> list[str]:
    """A whole call with a callback at its end, whatever the answers are."""
    sid, caller = f"CA{number}", f"+1617556{number:04}"
    heard = [door.calls(sid, caller)]
    for keys in ("2", "4", "4", "4", "5", "4"):
        action = re.search(r'action="(/twilio/voice/[^"#]*)', heard[-1])
        if action is None:
            break
        form = {"CallSid": sid, "From": caller, "To": LINE, "Digits": keys}
        heard.append(door.post(action[1], form).text)
    return heard


def test_on_a_full_disk_nobody_is_promised_what_isn_t_kept(tmp_path: Path) -> None:
    """Callers come until nothing fits any more: each is in line or hears the failsafe words, and none is lost."""
    door = build(tmp_path)
    told: list[str] = []
    failsafes = 0
    with nearly_full(door.here, pages_left=12):
        for number in range(32):
            heard = dialogue(door, number)
            for answer in heard:
                parse(answer, f"{SITE}/twilio/voice", VOICE)
            if any("You are in line" in answer for answer in heard):
                told.append(f"+1617556{number:04}")
            if any(is_failsafe(answer) for answer in heard):
                failsafes += 1
        assert failsafes > 0
        assert told
        assert all(owed(door, number) for number in told)
        texted = door.texts("I need help please", "SM1")
        parse(texted, f"{SITE}/twilio/sms", MESSAGING)
    kept = comes_back(door)
    assert kept > 0
    for number in range(32):
        assert is_known(door, f"CA{number}")


def test_with_room_enough_they_are_told_and_owed(tmp_path: Path) -> None:
    """The same dialogue on a disk with room: the promise is spoken, and stands."""
    door = build(tmp_path)
    assert any("You are in line" in answer for answer in dialogue(door, 1))
    assert owed(door, "+16175560001")


# --- no journal either -----------------------------------------------------------------------------------------


@pytest.fixture
def nowhere_to_write(tmp_path: Path) -> Doorstep:
    """A file where the journal's folder should be."""
    (tmp_path / "journal").write_text("in the way")
    return build(tmp_path)


def test_without_a_journal_a_call_is_answered_all_the_same(nowhere_to_write: Doorstep) -> None:
    """A human's telephone rings: that needs no disk."""
    with locked(nowhere_to_write.here):
        assert is_failsafe(nowhere_to_write.calls())


def test_without_a_journal_no_text_is_promised_a_call(nowhere_to_write: Doorstep) -> None:
    """Not even an emergency: it hears 911 and our number."""
    with locked(nowhere_to_write.here):
        said = nowhere_to_write.texts("he won't wake up")
    assert "911" in said
    assert "will call" not in said


# --- every kind of request -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "form", "begins", "holds"),
    [
        ("/twilio/voice", {"CallSid": "CA1", "From": MIA}, "Say", "9-1-1"),
        ("/twilio/voice/fallback", {"CallSid": "CA1", "ErrorCode": "11200"}, "Say", "9-1-1"),
        ("/twilio/voice/failsafe/again", {"CallSid": "CA1", "DialCallStatus": "no-answer"}, "Say", "9-1-1"),
        ("/twilio/voice/turn/c/3", {"CallSid": "CA1", "Digits": "2"}, "Say", "9-1-1"),
        ("/twilio/voice/room/c/e", {"CallSid": "CA1"}, "Say", "9-1-1"),
        ("/twilio/voice/page/p", {"CallSid": "CA1"}, "Say", "Nothing is lost"),
        ("/twilio/voice/page/p/key/0", {"CallSid": "CA1", "Digits": "1"}, "Say", "Nothing is lost"),
        ("/twilio/voice/screened/c/s", {"CallSid": "CA1", "Digits": "1"}, None, ""),
        ("/twilio/voice/screened/c/s", {"CallSid": "CA1"}, "Say", "Thank you"),
        ("/twilio/voice/status", {"CallSid": "CA1", "CallStatus": "completed"}, None, ""),
        ("/twilio/voice/status/page/p", {"CallSid": "CA1", "CallStatus": "busy"}, None, ""),
        ("/twilio/sms/status/m", {"MessageSid": "SM1", "MessageStatus": "sent"}, None, ""),
        ("/twilio/voice/waiting", {"CallSid": "CA1"}, "Pause", "not on the line yet"),
        ("/twilio/voice/failsafe/screen", {"CallSid": "CA1"}, "Gather", "Press 1 to connect"),
        ("/twilio/voice/failsafe/screened", {"CallSid": "CA1", "Digits": "1"}, None, ""),
        ("/twilio/voice/failsafe/screened", {"CallSid": "CA1"}, "Say", "Thank you"),
    ],
)
def test_every_address_has_an_answer_without_a_database(
    locked_door: Doorstep, path: str, form: dict[str, str], begins: str | None, holds: str
) -> None:
    """Callers hear the sentence, staff that nothing is lost, reports are thanked for: at once, and as TwiML."""
    answer = locked_door.post(path, form)
    assert answer.status_code == 200
    verbs = parse(answer.text, f"{SITE}{path}", VOICE)
    assert (verbs[0].name if verbs else None) == begins
    assert holds in answer.text


@pytest.fixture(scope="module")
def locked_door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doorstep]:
    """A house whose database is locked all the time."""
    door = build(tmp_path_factory.mktemp("locked"), patience=0.01)
    with locked(door.here):
        yield door


@pytest.mark.postgres
def test_a_postgresql_that_lets_nobody_in(tmp_path: Path) -> None:
    """Answered with the failsafe words; read back, and as before, as soon as it lets us in again."""
    url = databases.postgresql()
    door = build(tmp_path, database=url, patience=1)
    assert "For treatment, press 2" in door.calls("CA0")
    with postgresql_gone(url):
        began = time.monotonic()
        assert is_failsafe(door.calls("CA1"))
        assert "Call 911 now." in door.texts("he won't wake up")
        assert time.monotonic() - began < READ_LIMIT
        assert door.app.test_client().get("/health/ready").status_code == 503
    assert comes_back(door) == 2
    assert is_known(door, "CA1")
    assert "For treatment, press 2" in door.calls("CA2", "+16175550178")
    door.here.application.database.dispose()
    databases.drop(url)
