"""Changing the key while the system runs: everything is sealed anew, bound to its row, and nobody's change is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from hotline.callbacks.admissions import RecordField
from hotline.effects import SendText
from hotline.model import ContactId, OutboxId, PhoneNumber, StaffId
from hotline.oncall.schedule import Change, ChangeKind
from hotline.store.cases import (
    admissions_records,
    callbacks,
    contacts,
    hand_offs,
    intakes,
    timeline,
    website_asks,
)
from hotline.store.cases.admissions_records import AdmissionsRecord, RecordAnswer
from hotline.store.cases.timeline import TimelineRow
from hotline.store.cases.website_asks import WebsiteAsk
from hotline.store.database import Database, Keyring, Unsealable
from hotline.store.database.tables import SEALED, metadata
from hotline.store.database.tables import callers as callers_table
from hotline.store.database.tables import canary as canary_table
from hotline.store.database.tables import staff as staff_table
from hotline.store.duty import shift_changes
from hotline.store.duty.shift_changes import ShiftChange
from hotline.store.keeping import legal_holds, removal
from hotline.store.keeping.legal_holds import HoldRow
from hotline.store.keeping.removal import RemovalKind, RemovalRow
from hotline.store.looking_back import exports, look_reasons
from hotline.store.looking_back.exports import Export
from hotline.store.looking_back.look_reasons import GivenReason, LookReason
from hotline.store.people import (
    blocks,
    brought_wishes,
    callers,
    phone_codes,
    second_factors,
    sessions,
    staff,
    staff_pins,
)
from hotline.store.people.blocks import Block
from hotline.store.people.brought_wishes import BroughtWish, NoMore
from hotline.store.people.phone_codes import PhoneCode
from hotline.store.people.second_factors import SecondFactorRow
from hotline.store.people.sessions import SessionRow
from hotline.store.people.staff_pins import StaffPin
from hotline.store.sign_in import passkeys, provider_names, sign_ins
from hotline.store.sign_in.passkeys import Passkey
from hotline.store.sign_in.sign_ins import SignIn
from hotline.store.traffic import messages, outbox, readings, staff_turns
from hotline.store.traffic.messages import Media
from hotline.store.traffic.readings import Why
from hotline.store.upkeep import canary, checkups, resealing, sign_offs
from hotline.store.upkeep.sign_offs import SignOff
from tests.observed import texts_with
from tests.store.examples import NOW, callback, contact, effect, hand_off, intake, member, message, referral
from tests.store.test_readings import reading
from tests.store.test_sealed import unbound

OLD, NEW = b"a" * 32, b"b" * 32
NUMBER = PhoneNumber("+12025550173")
WORDS = "heron at dusk"
ROWS = 31
"""With something sealed in them, in `old`."""


def passkey(whose: StaffId, called: str) -> Passkey:
    return Passkey(
        id="k1", staff_id=whose, credential="AA", public_key="AA", name=called, sign_count=0, created_at=NOW
    )


@pytest.fixture
def old(url: str) -> Iterator[Database]:
    """The database under its first key, with somebody in every table that knows anybody."""
    opened = Database(url, Keyring((OLD,)), busy=timedelta(seconds=10))
    canary.know_keys(opened)
    with opened.write() as tx:
        contacts.add(tx, contact(caller=NUMBER, data=WORDS))
        contacts.record_answer(tx, ContactId("c1"), "1", WORDS, NOW)
        staff_turns.record_answer(tx, "CA1", "whisper", WORDS, NOW)
        callbacks.add(tx, callback(number=NUMBER))
        messages.add(tx, message(number=NUMBER, body=WORDS, media=(Media("image/png", "ME1"),)))
        outbox.add(tx, effect(effect=SendText(NUMBER, WORDS, "/s")))
        whose = staff.add(tx, member(name="Zoraida Quill", phone=NUMBER))
        second_factors.begin(tx, SecondFactorRow(whose.id, "JBSWY3DPEHPK3PXP", NOW))
        taken = Change(kind=ChangeKind.ON, person=whose.id, starts=NOW, ends=NOW + timedelta(hours=1))
        change = ShiftChange(id="x1", schedule=None, change=taken, made_by=None, made_at=NOW, overruled=WORDS)
        shift_changes.add(tx, change)
        timeline.add(tx, TimelineRow(NOW, "noted", contact_id=ContactId("c1"), detail=WORDS))
        callers.save(tx, callers.get(tx, NUMBER))
        sign_ins.add(tx, SignIn("i1", whose.id, NOW, "password", True, WORDS))
        sessions.add(tx, SessionRow("s1", whose.id, NOW, NOW, "password", WORDS))
        provider_names.put(tx, whose.id, WORDS)
        passkeys.add(tx, passkey(whose.id, WORDS))
        blocks.add(tx, Block("b1", NUMBER, WORDS, None, NOW, None))
        brought_wishes.add(tx, [BroughtWish("w1", NUMBER, NoMore.BOTH, NOW, WORDS, NOW)])
        readings.add(tx, reading("m1", why=Why(WORDS, 0.5)))
        code = PhoneCode(
            staff_id=member().id, phone=NUMBER, code="482913", sent_at=NOW, until=NOW, sent_since=NOW
        )
        phone_codes.put(tx, code)
        staff_pins.put(tx, StaffPin(staff_id=member().id, pin="482913"))
        said = {RecordField.SUBSTANCES: RecordAnswer(WORDS, member().id, NOW)}
        admissions_records.put(tx, AdmissionsRecord(ContactId("c1"), said))
        intakes.add(tx, intake(place=WORDS))
        intakes.refer(tx, referral(to_whom=WORDS, why=WORDS))
        hand_offs.add(tx, hand_off(entry=WORDS, to_whom=WORDS))
        exports.begin(tx, Export("x1", NOW, whose.id, WORDS, "everything"))
        given = GivenReason("r1", ContactId("c1"), whose.id, NOW, LookReason.OTHER, WORDS)
        look_reasons.add(tx, given)
        checkups.end(tx, NOW, WORDS)
        sign_offs.keep(tx, SignOff("hipaa", "", WORDS, NOW))
        legal_holds.place(tx, HoldRow("h1", NUMBER, WORDS, NOW))
        removal.note(tx, RemovalRow("r1", NOW, next(iter(RemovalKind)), 1, reason=WORDS))
        website_asks.begin(tx, "w1", WORDS, WORDS, NOW)
        website_asks.settle(tx, WebsiteAsk("w1", NOW, "waits", 15, ContactId("c1"), words=WORDS, name=WORDS))
    yield opened
    opened.dispose()


def ring(url: str, *keys: bytes, bound_only: bool = False) -> Database:
    return Database(url, Keyring(keys, bound_only=bound_only), busy=timedelta(seconds=10))


def rotate(database: Database) -> int:
    """How many rows were sealed anew."""
    done = 0
    for table in resealing.tables():
        last, more = None, True
        while more:
            with database.write() as tx:
                one = resealing.batch(tx, last, table)
            done, last, more = done + one.resealed, one.last, one.last is not None
    return done


def everything(database: Database) -> None:
    """All of it can be opened, and all of it can be found."""
    with database.read() as tx:
        row = contacts.get(tx, ContactId("c1"))
        assert row is not None
        assert (row.caller, row.data) == (NUMBER, WORDS)
        assert contacts.answered(tx, ContactId("c1"), "1") == WORDS
        assert staff_turns.answered(tx, "CA1", "whisper") == WORDS
        assert [one.number for one in callbacks.all_open(tx)] == [NUMBER]
        assert [one.body for one in texts_with(tx, NUMBER)] == [WORDS]
        kept = outbox.get(tx, OutboxId("o1"))
        assert kept is not None
        assert isinstance(kept.effect, SendText)
        assert staff.by_phone(tx, NUMBER) == staff.by_name(tx, "zoraida quill")
        assert staff.by_phone(tx, NUMBER) is not None
        code = phone_codes.get(tx, member().id)
        assert code is not None
        assert (code.phone, code.code) == (NUMBER, "482913")
        pin = staff_pins.get(tx, member().id)
        assert pin is not None
        assert pin.pin == "482913"
        record = admissions_records.get(tx, ContactId("c1"))
        assert record.answers == {RecordField.SUBSTANCES: WORDS}
        (booked,), (sent,) = intakes.of_case(tx, ContactId("c1"))
        assert (booked.place, sent.to_whom, sent.why) == (WORDS, WORDS, WORDS)
        (handed,) = hand_offs.of_case(tx, ContactId("c1"))
        assert (handed.entry, handed.to_whom) == (WORDS, WORDS)
        assert [one.detail for one in timeline.of(tx, contact_id=ContactId("c1"))] == [WORDS]
        assert callers.get(tx, NUMBER).version == 1
        assert [one.reason for one in blocks.every(tx, NOW)] == [WORDS]
        assert [one.how for one in brought_wishes.of_numbers(tx, {NUMBER})] == [WORDS]
        whose = staff.by_phone(tx, NUMBER)
        assert whose is not None
        assert [one.place for one in sign_ins.of(tx, whose.id, 5)] == [WORDS]
        assert [one.name for one in passkeys.of(tx, whose.id)] == [WORDS]
        assert checkups.get(tx).found == WORDS
        assert sign_offs.every(tx)["hipaa"].who == WORDS
        assert [(one.number, one.reason) for one in legal_holds.holds(tx)] == [(NUMBER, WORDS)]
        assert [one.reason for one in removal.noted(tx, None)] == [WORDS]
        assert provider_names.by_name(tx, WORDS) == provider_names.everybody(tx)[whose.id]
        assert [one.place for one in sessions.of(tx, whose.id)] == [WORDS]
        asked = website_asks.of_contact(tx, ContactId("c1"))
        assert asked is not None
        assert (asked.words, asked.name) == (WORDS, WORDS)
        assert [one.why.reason for one in readings.of_contact(tx, ContactId("c1"))] == [WORDS]


def test_after_a_rotation_the_old_key_is_needed_no_more(old: Database, url: str) -> None:
    """Rows and look-ups alike; while both keys are there everything is read, before, after and in the middle."""
    both = ring(url, NEW, OLD)
    everything(both)
    assert rotate(both) == ROWS
    with both.write() as tx:
        assert resealing.waiting(tx) == 0
        canary.moult(tx)
    everything(both)
    only = ring(url, NEW)
    canary.know_keys(only)
    everything(only)
    with pytest.raises(Unsealable):
        canary.know_keys(ring(url, OLD))
    for opened in (both, only):
        opened.dispose()


def test_what_is_sealed_with_the_newest_key_is_left_alone(old: Database) -> None:
    """Nothing is to be done a second time, so that killing it costs nothing."""
    assert rotate(old) == 0


def test_a_rotation_that_was_killed_goes_on_where_it_was(old: Database, url: str) -> None:
    """What was done stays done."""
    both = ring(url, NEW, OLD)
    first = resealing.tables()[0]
    with both.write() as tx:
        done = resealing.batch(tx, None, first).resealed
        before = resealing.waiting(tx)
    assert done == 1
    assert rotate(both) == before == ROWS - 1
    everything(both)
    both.dispose()


def test_a_table_of_many_rows_goes_batch_by_batch(old: Database, url: str) -> None:
    """None is left out between two of them."""
    with old.write() as tx:
        for number in range(450):
            contacts.add(tx, contact(f"m{number}", provider_sid=f"CAm{number}"))
    both = ring(url, NEW, OLD)
    assert rotate(both) == ROWS + 450
    with both.read() as tx:
        assert resealing.waiting(tx) == 0
    both.dispose()


def test_the_form_that_was_bound_to_no_row_is_bound(old: Database, url: str) -> None:
    """Texts from before are read until then; afterwards none of that form is accepted any more."""
    with old.write() as tx:
        for table in metadata.sorted_tables:
            for column in table.columns:
                if column.info.get(SEALED) and table is not canary_table:
                    _unbind(tx, table, column)
        tx.execute(update(callers_table).values(number=None))
        tx.execute(canary_table.delete())
    canary.know_keys(old)
    assert not old.keys.bound_only
    everything(old)
    assert rotate(old) == ROWS
    with old.write() as tx:
        canary.moult(tx)
    strict = ring(url, OLD)
    canary.know_keys(strict)
    assert strict.keys.bound_only
    everything(strict)
    with old.write() as tx:
        tx.execute(update(staff_table).values(phone=unbound(NUMBER.e164, "staff.phone", OLD)))
    with strict.read() as tx, pytest.raises(Unsealable):
        staff.everyone(tx)
    strict.dispose()


def _unbind(tx: object, table: object, column: object) -> None:
    """What the column holds, in the form that was bound to its column only."""
    connection, where = tx.connection, f"{table.name}.{column.name}"  # type: ignore[attr-defined]
    found = connection.execute(select(table)).first()  # type: ignore[call-overload]
    token = getattr(found, column.name)  # type: ignore[attr-defined]
    if token is not None:
        key = resealing.row_key_of(table, found)  # type: ignore[arg-type]
        words = unbound(tx.keys.open(token, where, key), where, OLD)  # type: ignore[attr-defined]
        connection.execute(update(table).values({column.name: words}))  # type: ignore[arg-type,attr-defined]


def test_a_change_between_opening_and_saving_is_nobody_s_loss(old: Database, url: str) -> None:
    """The row that somebody else has changed is theirs; it is sealed with the newest key by them, or next time."""
    both = ring(url, NEW, OLD)
    table = next(one for one in resealing.tables() if one is staff_table)
    with both.read() as tx:
        found = tx.execute(select(table)).one()
        where = resealing.unchanged(table, found)
    with old.write() as tx:
        row = staff.by_phone(tx, NUMBER)
        assert row is not None
        staff.save(tx, row)
    with both.write() as tx:
        changed = tx.execute(update(table).where(*where).values(version=77)).rowcount
    assert changed == 0
    assert rotate(both) == ROWS
    both.dispose()


def test_a_row_that_no_key_opens_is_told_and_stops_nothing(old: Database, url: str) -> None:
    """It stays as it is, and keeps the old form from being given up."""
    with old.write() as tx:
        token = Keyring((b"z" * 32,)).seal("x", "blocks.reason", "b1")
        tx.execute(update(metadata.tables["blocks"]).values(reason=token))
    both = ring(url, NEW, OLD)
    assert rotate(both) == ROWS - 1
    with both.read() as tx:
        assert resealing.waiting(tx) == 1
    both.dispose()


def test_every_column_that_holds_something_sealed_is_known_as_such(old: Database) -> None:
    """A new one that isn't marked would be left behind by a rotation."""
    with old.read() as tx:
        for table in metadata.sorted_tables:
            for found in tx.execute(select(table)).all():
                for column in table.columns:
                    held = getattr(found, column.name)
                    sealed = isinstance(held, str) and held.startswith(tx.keys.mark)
                    assert not sealed or column.info.get(SEALED), f"{table.name}.{column.name}"


def test_whose_phone_was_copied_into_another_row_is_noticed(old: Database) -> None:
    """Somebody who can write to the database can't make a colleague's phone ring for another one."""
    with old.write() as tx:
        staff.add(tx, member("s2", name="Other", phone=PhoneNumber("+12025550174")))
        found = tx.execute(select(staff_table.c.phone).where(staff_table.c.id != "s2")).scalar_one()
        tx.execute(update(staff_table).where(staff_table.c.id == "s2").values(phone=found))
    with old.read() as tx, pytest.raises(Unsealable):
        staff.get(tx, StaffId("s2"))


def test_a_wrong_key_is_noticed_in_a_database_from_before_the_canary(old: Database, url: str) -> None:
    """Whatever it holds must open; a new database takes the key that it is given first."""
    with old.write() as tx:
        tx.execute(canary_table.delete())
    wrong = ring(url, NEW)
    with pytest.raises(Unsealable):
        canary.know_keys(wrong)
    canary.know_keys(old)
    wrong.dispose()
