"""After an outage, what the journal kept comes in through the same doors: once, in order, and only what still holds."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest

from hotline.effects import PlaceCall, SendText
from hotline.model import Line, Subject
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks, contacts, escalations
from hotline.store.database import Contended, Database, Tx
from hotline.store.database.tables import outbox as outbox_table
from hotline.store.traffic import messages, outbox
from hotline.store.traffic.outbox import OutboxRow
from hotline.telephony.webhooks.journal import Journal
from hotline.telephony.webhooks.read_back import read_back
from hotline.triage.contact import ContactState
from tests.stories.centre import LINE, MIA
from tests.telephony.doorstep import Doorstep

T = TypeVar("T")
CALL = {"CallSid": "CA1", "From": MIA, "To": LINE, "CallStatus": "ringing"}
OVER = {**CALL, "CallStatus": "completed", "SequenceNumber": "3"}
TEXT = {"MessageSid": "SM1", "From": MIA, "To": LINE, "Body": "hi"}


def keep(door: Doorstep, path: str, form: dict[str, str], book: Journal | None = None) -> None:
    """A webhook that could not be recorded."""
    door.clock.now += timedelta(milliseconds=10)
    assert (book or door.here.journal).write(path, form, door.clock.now)


def read(door: Doorstep) -> int:
    """The database is back."""
    return read_back(door.here.application, door.here.renderer, door.here.journal)


def effects(door: Doorstep) -> list[OutboxRow]:
    """Everything that was ever to leave."""

    def every(transaction: Transaction) -> list[OutboxRow]:
        ids = transaction.tx.execute(outbox_table.select().order_by(outbox_table.c.created_at)).all()
        return [row for one in ids if (row := outbox.get(transaction.tx, one.id)) is not None]

    found: list[OutboxRow] = door.look(every)
    return found


def contact(door: Doorstep, sid: str = "CA1") -> contacts.ContactRow:
    row: contacts.ContactRow | None = door.look(lambda transaction: contacts.by_call(transaction.tx, sid))
    assert row is not None
    return row


def test_whoever_called_is_owed_a_callback(door: Doorstep) -> None:
    """They heard the 911 sentence and hung up: the callback stands, although they chose nothing."""
    keep(door, "/twilio/voice", CALL)
    keep(door, "/twilio/voice/status", OVER)
    assert read(door) == 2
    (owed,) = door.look(lambda transaction: callbacks.all_open(transaction.tx))
    assert owed.number.e164 == MIA
    assert owed.callback.line is Line.PERSON
    assert door.here.journal.files() == []


def test_a_call_whose_end_is_reported_later_is_owed_one_too(door: Doorstep) -> None:
    """The database came back while they were still on the line."""
    keep(door, "/twilio/voice", CALL)
    read(door)
    assert door.look(lambda transaction: callbacks.all_open(transaction.tx)) == []
    door.post("/twilio/voice/status", OVER)
    assert len(door.look(lambda transaction: callbacks.all_open(transaction.tx))) == 1


def test_the_failsafe_loop_makes_no_second_contact(door: Doorstep) -> None:
    """Coming round again and again is one call, and takes no turn of the menu."""
    keep(door, "/twilio/voice", CALL)
    for _ in range(5):
        keep(door, "/twilio/voice/failsafe/again", {**CALL, "DialCallStatus": "no-answer"})
    assert read(door) == 6
    assert contact(door).state == ContactState.MENU
    assert contact(door).turn == 1
    assert effects(door) == []


@pytest.mark.parametrize("path", ["/twilio/voice/failsafe/again", "/twilio/voice/fallback"])
def test_a_call_of_which_only_the_later_part_was_kept_is_a_call(door: Doorstep, path: str) -> None:
    """Whatever reached us first, somebody was there."""
    keep(door, path, CALL)
    keep(door, "/twilio/voice/status", OVER)
    read(door)
    assert len(door.look(lambda transaction: callbacks.all_open(transaction.tx))) == 1


def test_key_1_in_the_outage_opens_the_emergency(door: Doorstep) -> None:
    """The page leaves as soon as the database is back."""
    door.calls()
    keep(door, f"/twilio/voice/turn/{contact(door).id}/1", {**CALL, "Digits": "1"})
    read(door)
    (running,) = door.look(lambda transaction: escalations.all_open(transaction.tx))
    assert running.escalation.subject is Subject.EMERGENCY
    assert any(isinstance(one.effect, PlaceCall) for one in effects(door))


def test_key_1_counts_although_they_have_hung_up(door: Doorstep) -> None:
    """The end of the call was reported before the journal was read."""
    door.calls()
    row = contact(door)
    keep(door, f"/twilio/voice/turn/{row.id}/1", {**CALL, "Digits": "1"})
    door.post("/twilio/voice/status", OVER)
    read(door)
    (running,) = door.look(lambda transaction: escalations.all_open(transaction.tx))
    assert running.escalation.subject is Subject.EMERGENCY
    (owed,) = door.look(lambda transaction: callbacks.all_open(transaction.tx))
    assert owed.callback.line is Line.EMERGENCY


def test_words_of_an_emergency_through_the_fallback_count(door: Doorstep) -> None:
    """The key came with the request for the fallback address, because the first one had failed."""
    door.calls()
    lost = f"https://hotline.example/twilio/voice/turn/{contact(door).id}/1"
    keep(door, "/twilio/voice/fallback", {**CALL, "Digits": "1", "ErrorCode": "11200", "ErrorUrl": lost})
    read(door)
    (running,) = door.look(lambda transaction: escalations.all_open(transaction.tx))
    assert running.escalation.subject is Subject.EMERGENCY


def test_silence_in_the_outage_is_not_held_against_them(door: Doorstep) -> None:
    """They were listening to something else."""
    door.calls()
    for _ in range(4):
        keep(door, f"/twilio/voice/turn/{contact(door).id}/1", CALL)
    read(door)
    assert contact(door).state == ContactState.MENU


def test_a_text_gets_its_real_reply(door: Doorstep) -> None:
    """By REST, once; it was answered with the failsafe words at the time."""
    keep(door, "/twilio/sms", TEXT)
    keep(door, "/twilio/sms", TEXT)
    assert read(door) == 2
    (reply,) = [one.effect for one in effects(door)]
    assert isinstance(reply, SendText)
    assert reply.to.e164 == MIA
    assert "Reply 1 emergency" in reply.body
    assert "<Message>" not in door.texts("hi"), (
        "the request comes once more: what it asks for has left by itself"
    )
    assert len(effects(door)) == 1


def test_a_status_is_read_back_too(door: Doorstep) -> None:
    """Of a text..."""
    door.texts("hi")
    keep(door, "/twilio/sms/status/reply-SM1", {"MessageSid": "SM9", "MessageStatus": "delivered"})
    read(door)
    reply = door.look(lambda transaction: messages.get(transaction.tx, "reply-SM1"))
    assert reply.status == "delivered"


def page_of(door: Doorstep) -> tuple[str, str]:
    """An emergency's first page: our id for it, and its leg's path."""
    door.calls()
    door.post(f"/twilio/voice/turn/{contact(door).id}/1", {**CALL, "Digits": "1"})
    call = next(one.effect for one in effects(door) if isinstance(one.effect, PlaceCall))
    return call.path.rpartition("/")[2], call.path


def test_a_key_that_was_answered_with_goodbye_accepts_nothing(door: Doorstep) -> None:
    """Their leg was let go then: the case is not theirs, and goes on ringing."""
    _, path = page_of(door)
    keep(door, f"{path}/key/0", {"CallSid": "CA7", "From": LINE, "To": "+16175550103", "Digits": "1"})
    read(door)
    (running,) = door.look(lambda transaction: escalations.all_open(transaction.tx))
    assert running.escalation.accepted_by is None


def test_the_end_of_a_leg_is_read_back(door: Doorstep) -> None:
    """So that the next one is rung."""
    page, _ = page_of(door)
    ended = {"CallSid": "CA7", "CallStatus": "no-answer", "SequenceNumber": "3"}
    keep(door, f"/twilio/voice/status/page/{page}", ended)
    before = len(effects(door))
    assert read(door) == 1
    assert len(effects(door)) >= before
    assert read(door) == 0


def test_webhooks_of_several_processes_are_read_in_the_order_of_their_time(door: Doorstep) -> None:
    """The end of a call that another process wrote down doesn't come before its beginning."""
    other = Journal(door.settings.home / "journal", door.here.application.database.keys)
    door.clock.now += timedelta(seconds=5)
    keep(door, "/twilio/voice/status", OVER, other)
    door.clock.now -= timedelta(seconds=3)
    keep(door, "/twilio/voice", CALL)
    read(door)
    assert contact(door).ended_at is not None


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/twilio/voice/turn/nobody/7", {"CallSid": "CA9", "Digits": "1", "From": MIA, "To": LINE}),
        ("/twilio/voice/page/nobody/after/stay1", {"CallSid": "CA9"}),
        ("/twilio/voice/status/page/nobody", {"CallSid": "CA9", "CallStatus": "completed"}),
        ("/twilio/voice", {}),
        ("/twilio/sms", {"Body": "hi"}),
        ("/nowhere", {"a": "b"}),
        ("", {}),
    ],
)
def test_what_makes_no_sense_holds_up_nothing(door: Doorstep, path: str, form: dict[str, str]) -> None:
    """It is read, it changes nothing that others need, and those behind it are read, too."""
    keep(door, path, form)
    keep(door, "/twilio/voice", CALL)
    read(door)
    assert contact(door).caller is not None
    assert door.here.journal.files() == []


def test_what_was_read_is_not_read_again(door: Doorstep) -> None:
    """Even if the reader died before it could remove the file, and if another clock reads it at once."""
    keep(door, "/twilio/sms", TEXT)
    (file,) = door.here.journal.files()
    copy = file.read_bytes()
    assert read(door) == 1
    file.write_bytes(copy)
    assert read(door) == 0
    assert len(effects(door)) == 1
    assert door.here.journal.files() == []


def test_an_entry_that_makes_us_stumble_is_set_aside(door: Doorstep) -> None:
    """The others are read, the clock goes on, and it is tried again when the clock is started anew."""
    keep(door, "/twilio/voice", {**CALL, "CallSid": 7})  # type: ignore[dict-item]
    keep(door, "/twilio/voice", CALL)
    assert read(door) == 1
    assert contact(door).state == ContactState.MENU
    assert door.here.journal.files() == []
    door.here.journal.take_up_again()
    assert len(door.here.journal.files()) == 1
    assert read(door) == 0


def test_a_journal_that_can_t_be_opened_is_said(door: Doorstep) -> None:
    """An OSError, which the clock survives."""
    keep(door, "/twilio/voice", CALL)
    (file,) = door.here.journal.files()
    os.unlink(file)
    file.mkdir()
    with pytest.raises(OSError, match="directory"):
        read(door)


class InTheWay(Database):
    """Others are in the way of every change, as it seems, until `let` is set."""

    let = False

    def transact(self, change: Callable[[Tx], T]) -> T:
        """As the database's own, once it is let."""
        if not self.let:
            raise Contended("others were in the way until the time was over")
        return super().transact(change)


def test_an_entry_that_others_are_in_the_way_of_waits_and_holds_up_nothing(door: Doorstep) -> None:
    """It is tried again later, and later each time; before, the clock tried it every second, and did nothing else."""
    here = door.here
    url = here.application.settings.database_url.get_secret_value()
    crowded = InTheWay(url, here.application.database.keys, timedelta(seconds=1))
    application = replace(here.application, database=crowded)
    keep(door, "/twilio/voice", CALL)
    assert read_back(application, here.renderer, here.journal) == 0
    crowded.let = True
    assert read_back(application, here.renderer, here.journal) == 0
    door.clock.now += timedelta(seconds=9)
    assert read_back(application, here.renderer, here.journal) == 0
    door.clock.now += timedelta(seconds=1)
    assert read_back(application, here.renderer, here.journal) == 1
    assert here.journal.files() == []
    crowded.dispose()
