"""The canary: marked numbers, names and words can't be read in the database itself."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import make_url, text

from hotline.callbacks.admissions import RecordField
from hotline.effects import SendText
from hotline.model import ContactId, PhoneNumber, StaffId
from hotline.oncall.schedule import Change, ChangeKind
from hotline.store.cases import admissions_records, callbacks, contacts, hand_offs, intakes, timeline
from hotline.store.cases.admissions_records import AdmissionsRecord, EarlierAnswer, RecordAnswer
from hotline.store.cases.timeline import TimelineRow
from hotline.store.database import Database
from hotline.store.database.tables import metadata
from hotline.store.duty import shift_changes
from hotline.store.duty.shift_changes import ShiftChange
from hotline.store.people import blocks, brought_wishes, callers, staff
from hotline.store.people.blocks import Block
from hotline.store.people.brought_wishes import BroughtWish, NoMore
from hotline.store.traffic import messages, outbox, readings
from hotline.store.traffic.readings import Why
from tests.store.examples import NOW, callback, contact, effect, hand_off, intake, member, message, referral
from tests.store.test_readings import reading

NUMBER = PhoneNumber("+12025550173")
CANARIES = ("2025550173", "Zoraida", "heron at dusk")


def fill(database: Database) -> None:
    """Marked people in every table that knows any."""
    words = "heron at dusk"
    with database.write() as tx:
        contacts.add(tx, contact(caller=NUMBER, data=words))
        contacts.record_answer(tx, ContactId("c1"), "1", words, NOW)
        callbacks.add(tx, callback(number=NUMBER))
        messages.add(tx, message(number=NUMBER, body=words))
        outbox.add(tx, effect(effect=SendText(NUMBER, words, "/s")))
        staff.add(tx, member(name="Zoraida Quill", phone=NUMBER))
        timeline.add(
            tx, TimelineRow(NOW, "noted", contact_id=ContactId("c1"), detail=f"Zoraida {NUMBER.e164}")
        )
        callers.save(tx, callers.get(tx, NUMBER))
        blocks.add(tx, Block("b1", NUMBER, f"{words}: Zoraida", None, NOW, None))
        brought_wishes.add(
            tx, [BroughtWish("w1", NUMBER, NoMore.BOTH, NOW, f"{words}: Zoraida {NUMBER.e164}", NOW)]
        )
        away = Change(kind=ChangeKind.OFF, person=StaffId("s1"), starts=NOW, ends=NOW + timedelta(hours=1))
        why = f"{words}: Zoraida"
        made = ShiftChange(id="sc1", schedule=None, change=away, made_by=None, made_at=NOW, overruled=why)
        shift_changes.add(tx, made)
        readings.add(tx, reading(why=Why(f"suicide: “{words}”", 0.9)))
        said = RecordAnswer(words, StaffId("s1"), NOW, (EarlierAnswer("Zoraida", StaffId("s1"), NOW),))
        admissions_records.put(tx, AdmissionsRecord(ContactId("c1"), {RecordField.SUBSTANCES: said}))
        intakes.add(tx, intake(place=words))
        intakes.refer(tx, referral(to_whom=words, why="Zoraida"))
        hand_offs.add(tx, hand_off(entry=words, to_whom="Zoraida"))


def test_whoever_copies_the_database_learns_nobodys_number_name_or_words(
    database: Database, url: str
) -> None:
    """On SQLite in the raw bytes of its files, on PostgreSQL in the text of every row."""
    fill(database)
    if make_url(url).get_backend_name() == "sqlite":
        path = Path(str(make_url(url).database))
        files = list(path.parent.glob(path.name + "*"))
        assert len(files) == 3, "the file, its log and its shared memory"
        found = b"".join(file.read_bytes() for file in files).decode("latin-1")
    else:
        found = everything(database)
    assert "room-c1" in found, "the search itself works"
    assert [canary for canary in CANARIES if canary in found] == []


def everything(database: Database) -> str:
    """Every row of every table as text."""
    with database.read() as tx:
        queries = [f"SELECT CAST(t AS text) FROM {table.name} t" for table in metadata.sorted_tables]
        return "\n".join(row for query in queries for row in tx.execute(text(query)).scalars())
