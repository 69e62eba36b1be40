"""What has been kept for long enough goes, whoever asks is forgotten, what is held stays, and counts stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from hotline.commands.samples import sample_months
from hotline.model import AuditAction, AuditKind, ContactId, PhoneNumber, StaffId, TimelineWord
from hotline.operations import flow_state
from hotline.operations.conversation import blocking
from hotline.operations.keeping import removing
from hotline.operations.keeping.removing import CannotForget
from hotline.operations.reports import figures
from hotline.operations.transaction import Transaction
from hotline.settings.keeping_settings import RetentionTable
from hotline.store.cases import callbacks, contacts, intakes, timeline, whole_case
from hotline.store.cases.callbacks import CallbackRow
from hotline.store.database import Keyring
from hotline.store.database.tables import metadata
from hotline.store.keeping import removal
from hotline.store.keeping.removal import RemovalKind
from hotline.store.looking_back import look_reasons
from hotline.store.looking_back.look_reasons import GivenReason, LookReason
from hotline.store.people import audit, brought_wishes, callers, staff
from hotline.store.people.brought_wishes import BroughtWish, NoMore
from hotline.store.sign_in import sign_ins
from hotline.store.traffic import messages, readings, staff_turns
from hotline.store.upkeep import audit_chain, carrier_lists, resealing
from hotline.store.upkeep.carrier_lists import TakenUpKind
from tests.proofs import PROOFS
from tests.store.conftest import BOTH
from tests.store.examples import CALLER, callback, contact, intake, member, message, referral
from tests.store.houses import NOW, House, Houses

OTHER = PhoneNumber("+16175550177")
WORDS = "only to you"
YEARS = timedelta(days=2192)
STORES = pytest.mark.parametrize("kind", BOTH)


def owes(callback_id: str, case: str, *, over: bool = False) -> CallbackRow:
    """A call that was promised in this case."""
    return replace(callback(callback_id), contact_id=ContactId(case), closed_at=NOW if over else None)


def fill(house: House) -> None:
    """Two calls of one caller, one of another; words wherever words may be."""

    def work(transaction: Transaction) -> None:
        tx = transaction.tx
        staff.add(tx, member("s1", name="Ana Lima"))
        for one, number in (("c1", CALLER), ("c2", CALLER), ("c3", OTHER)):
            over = contact(
                one, provider_sid=f"CA-{one}", caller=number, ended_at=NOW, callback_id="b1", reached_at=NOW
            )
            contacts.add(tx, over)
            messages.add(
                tx, message(f"m-{one}", contact_id=one, number=number, body=WORDS, provider_sid=f"SM-{one}")
            )
            transaction.note(TimelineWord.OPTED_IN, contact=ContactId(one), detail=WORDS)
            carrier_lists.note(tx, f"CA-{one}", TakenUpKind.CALL, NOW, NOW)
            carrier_lists.note(tx, f"SM-{one}", TakenUpKind.TEXT, NOW, NOW)
        callbacks.add(tx, owes("b1", "c1", over=True))
        brought_wishes.add(tx, [BroughtWish("w1", CALLER, NoMore.TEXTS, NOW, WORDS, NOW)])
        intakes.add(tx, intake(contact_id="c1"))
        intakes.refer(tx, referral(contact_id="c1"))
        callers.save(tx, callers.get(tx, CALLER).opted_out(NOW))
        transaction.audit(AuditAction.LOOK, AuditKind.CONTACT, "c1", by=StaffId("s1"))

    house.change(work)


def everything(house: House) -> str:
    """All that is kept, opened where it is sealed: what whoever has the database and its key can read."""
    found: list[str] = []
    with house.application.database.read() as tx:
        for table in metadata.sorted_tables:
            sealed = [column.name for column in table.columns if column.info.get("sealed")]
            for row in tx.execute(select(table)):
                found += [str(value) for value in row]
                bound = resealing.row_key_of(table, row)
                for name in sealed:
                    token = getattr(row, name)
                    if token is not None:
                        found.append(tx.keys.open(token, f"{table.name}.{name}", bound))
    return "\n".join(found)


def forget(house: House, number: PhoneNumber = CALLER) -> removal.RemovalRow:
    """As they asked."""
    row: removal.RemovalRow = house.change(
        lambda one: removing.forget(one, number, "by letter", StaffId("s1"))
    )
    return row


@STORES
def test_nothing_of_a_forgotten_caller_is_left(houses: Houses, kind: str) -> None:
    """No number, no word, no id of the carrier's by which it would tell the number, no hash of it."""
    here = houses(kind)
    fill(here)
    keys: Keyring = here.application.database.keys
    traces = [CALLER.e164, *keys.lookups(CALLER.e164, "phone"), "CA-c1", "CA-c2", "SM-c1", "SM-c2"]
    assert all(trace in everything(here) for trace in traces)
    row = forget(here)
    left = everything(here)
    assert [trace for trace in traces if trace in left] == []
    assert row.things == 2
    # Somebody else's stays.
    assert OTHER.e164 in left
    assert left.count(WORDS) == 2
    with here.application.database.read() as tx:
        case = contacts.get(tx, ContactId("c1"))
        assert case is not None
        assert case.caller is not None
        assert case.caller.is_nobodys
        assert flow_state.read(case).typed is None
        other = contacts.get(tx, ContactId("c2"))
        assert other is not None
        assert other.caller == case.caller
        whole_case.look(tx, (ContactId("c1"),), ())
        assert messages.get(tx, "m-c1") is not None
        assert intakes.of_case(tx, ContactId("c1"))[1][0].to_whom == ""
        assert [line.what for line in timeline.of_case(tx, ["c1"], [], [])][-1] == TimelineWord.REMOVED  # type: ignore[list-item]


@STORES
def test_what_a_leg_was_answered_goes_with_its_case(houses: Houses, kind: str) -> None:
    """By the call's id the carrier's log tells the number."""
    here = houses(kind)
    fill(here)
    here.change(lambda one: staff_turns.record_answer(one.tx, "CA-c1", "1", "", NOW))
    assert "CA-c1" in everything(here)
    forget(here)
    assert "CA-c1" not in everything(here)


def test_every_id_of_the_carriers_is_known_to_whoever_removes() -> None:
    """A new column with one is looked at: it is emptied with its case, or it is a call to the staff."""
    of_cases = {
        "contacts.provider_sid",
        "messages.provider_sid",
        "hand_offs.provider_sid",
        "taken_up.sid",
        "legs.call_sid",
        "calls_seen.call_sid",
        "outbox.provider_sid",
    }
    of_staff = {"pages.provider_sid", "listeners.call_sid"}
    every = {f"{table.name}.{one.name}" for table in metadata.sorted_tables for one in table.columns}
    assert {one for one in every if one.endswith("sid")} == of_cases | of_staff


@STORES
def test_that_somebody_was_forgotten_can_be_told_to_them_alone(houses: Houses, kind: str) -> None:
    """By a keyed hash: from the record nobody learns who it was."""
    here = houses(kind)
    fill(here)
    assert here.application.look(lambda one: removing.was_forgotten(one, CALLER)) == []
    forget(here)
    (row,) = here.application.look(lambda one: removing.was_forgotten(one, CALLER))
    assert (row.kind, row.reason, row.by, row.at) == (RemovalKind.CALLER, "by letter", "s1", NOW)
    assert here.application.look(lambda one: removing.was_forgotten(one, OTHER)) == []
    with here.application.database.read() as tx:
        (entry,) = audit.find(tx, audit.AuditFilter(action=AuditAction.FORGOTTEN), 5)
        assert entry.subject_id == row.id


@STORES
def test_whoever_is_owed_something_is_not_forgotten(houses: Houses, kind: str) -> None:
    """Nor who is held, nor who is blocked: the reason says what to do first."""
    here = houses(kind)
    fill(here)
    here.change(lambda one: callbacks.add(one.tx, owes("b2", "c2")))
    with pytest.raises(CannotForget, match="still open"):
        forget(here)
    here.change(lambda one: removing.hold(one, OTHER, "court", None))
    with pytest.raises(CannotForget, match="legal hold"):
        forget(here, OTHER)
    third = PhoneNumber("+16175550166")
    here.change(lambda one: blocking.block(one.tx, third, "threats", one.now, lasting=timedelta(days=1)))
    with pytest.raises(CannotForget, match="block list"):
        forget(here, third)
    here.now += timedelta(days=2)
    forget(here, third)


@STORES
def test_the_audit_trail_is_whole_afterwards(houses: Houses, kind: str) -> None:
    """Its entries are ids and words of ours, and stay."""
    here = houses(kind)
    fill(here)
    here.change(lambda one: audit_chain.seal(one.tx, one.now))
    forget(here)
    here.now += YEARS + timedelta(days=1)
    removing.purge(here.application)
    here.change(lambda one: audit_chain.seal(one.tx, one.now))
    with here.application.database.read() as tx:
        going = audit_chain.Verifying()
        assert not going.page(tx)
        assert going.broken is None
        assert going.head.place == len(audit.find(tx, audit.AuditFilter(), 50)) == 3


def counted(house: House) -> Any:
    """Everything that reports tell of the months before."""
    return house.application.look(
        lambda one: figures.count(one.tx, NOW + timedelta(days=1), 70, ZoneInfo("America/New_York"))
    )


@pytest.mark.proof("postgresql")
@STORES
def test_reports_tell_the_same_after_everybody_is_gone(houses: Houses, kind: str) -> None:
    """Weeks of invented calls of two months: first one caller is forgotten, then everything has been kept for long
    enough. `make proofs` takes all nine weeks."""
    here = houses(kind)
    here.change(lambda one: staff.add(one.tx, member("s1", name="Ana Lima")))
    sample_months.fill(here.settings, here.application.database, NOW, sample_months.WEEKS if PROOFS else 2)
    before = counted(here)
    with here.application.database.read() as tx:
        number = next(iter(sorted(removal.numbers(tx), key=lambda one: one.e164)))
    forget(here, number)
    assert counted(here) == before
    here.now += YEARS + timedelta(days=1)
    waits = here.application.look(removing.waiting)
    done = removing.purge(here.application)
    assert {one: number for one, number in waits.items() if number} == done
    assert done[RemovalKind.CASES] > 100
    with here.application.database.read() as tx:
        assert removal.numbers(tx) == set()
    assert counted(here) == before
    assert removing.purge(here.application) == {}


# --- for how long --------------------------------------------------------------------------------------------------


@STORES
def test_each_kind_is_kept_as_long_as_the_centre_says(houses: Houses, kind: str) -> None:
    """A day less, and it is all there; whoever hung up early goes earlier."""
    here = houses(kind)
    fill(here)
    passing = contact("c4", provider_sid="CA-c4", ended_at=NOW, callback_id=None, reached_at=None)
    here.change(lambda one: contacts.add(one.tx, passing))

    def gone(after: timedelta) -> dict[RemovalKind, int]:
        here.now = NOW + after
        return removing.purge(here.application)

    assert gone(timedelta(days=364)) == {}
    assert gone(timedelta(days=365, seconds=1)) == {RemovalKind.PASSING: 1}
    assert gone(YEARS) == {}
    assert gone(YEARS + timedelta(seconds=1)) == {RemovalKind.CASES: 3}
    # That they want no texts outlives what they said.
    with here.application.database.read() as tx:
        assert callers.get(tx, CALLER).opted_out_at == NOW
    found = here.application.look(lambda one: removal.noted(one.tx, None))
    assert [(one.kind, one.things) for one in found] == [(RemovalKind.CASES, 3), (RemovalKind.PASSING, 1)]


@STORES
def test_nothing_shorter_is_removed_than_was_chosen(houses: Houses, kind: str) -> None:
    """ "0s" keeps for good; every setting changes something."""
    here = houses(kind)
    fill(here)

    def more(transaction: Transaction) -> None:
        tx = transaction.tx
        look_reasons.add(tx, GivenReason("r1", ContactId("c1"), StaffId("s1"), NOW, LookReason.REVIEW, WORDS))
        sign_ins.add(tx, sign_ins.SignIn("i1", StaffId("s1"), NOW, "password", True, "a network"))

    here.change(more)
    here.now = NOW + timedelta(days=40_000)
    for key, removed in (
        ("cases", {RemovalKind.CASES: 3}),
        ("accounts", {RemovalKind.ACCOUNTS: 1}),
        ("sign_ins", {RemovalKind.SIGN_INS: 1}),
    ):
        nothing = dict.fromkeys(RetentionTable.model_fields, timedelta(0))
        for_good = RetentionTable(**nothing)
        assert _purged(here, for_good) == {}
        if key != "accounts":
            assert _purged(here, for_good.model_copy(update={key: timedelta(days=1)})) == removed


@STORES
@pytest.mark.parametrize("key", ["accounts", "sign_ins", "mechanics"])
def test_what_is_of_no_case_goes_the_day_it_is_due(houses: Houses, kind: str, key: str) -> None:
    """A row of each table: a day less and it is there, a second more and it is gone; what goes on stays."""
    here = houses(kind)
    here.change(_of_no_case)
    kept = timedelta(days=10)
    nothing = dict.fromkeys(RetentionTable.model_fields, timedelta(0))
    asked = RetentionTable(**{**nothing, key: kept})
    here.now = NOW + kept
    assert _purged(here, asked) == {}
    here.now += timedelta(seconds=1)
    many = {"accounts": 1, "sign_ins": 1, "mechanics": len(MECHANICS)}[key]
    assert _purged(here, asked) == {RemovalKind(key): many}
    with here.application.database.read() as tx:
        left = {table.name: len(tx.execute(select(table)).all()) for table in MECHANICS}
        reasons = [one.words for one in tx.execute(select(metadata.tables["look_reasons"]))]
        tries = tx.execute(select(metadata.tables["sign_ins"])).all()
    assert left == {name: STAY.get(name, 0) + (0 if key == "mechanics" else 1) for name in left}
    assert (reasons == [None]) is (key == "accounts")
    assert (tries == []) is (key == "sign_ins")
    assert _purged(here, asked) == {}


MECHANICS = tuple(
    metadata.tables[one]
    for one in ("legs", "calls_seen", "journal_read", "website_asks", "spent_challenges", "taken_up")
)
STAY = {"calls_seen": 1, "website_asks": 1, "taken_up": 1}
"""What isn't over, belongs to a case, or wasn't told yet."""


def _of_no_case(transaction: Transaction) -> None:
    tx = transaction.tx
    staff.add(tx, member("s1", name="Ana Lima"))
    contacts.add(tx, contact("c1", provider_sid="CA-c1", ended_at=NOW))
    look_reasons.add(tx, GivenReason("r1", ContactId("c1"), StaffId("s1"), NOW, LookReason.REVIEW, WORDS))
    sign_ins.add(tx, sign_ins.SignIn("i1", StaffId("s1"), NOW, "password", True, "a network"))
    over = {"call_sid": "CA-1", "last_sequence": 1, "final_status": "completed", "at": NOW}
    form = {"id": "w1", "at": NOW, "sent": "hash", "minutes": 30}
    took = {"sid": "CA-3", "kind": "call", "at": NOW, "taken_at": NOW, "hidden": False, "told": True}
    values: dict[str, list[dict[str, Any]]] = {
        "legs": [{"call_sid": "CA-1", "step": "begin", "answer": "", "at": NOW}],
        "calls_seen": [over, {**over, "call_sid": "CA-2", "final_status": None}],
        "journal_read": [{"entry_id": "e1", "at": NOW}],
        "website_asks": [form, {**form, "id": "w2", "contact_id": "c1"}],
        "spent_challenges": [{"id": "ch1", "at": NOW}],
        "taken_up": [took, {**took, "sid": "CA-4", "told": False}],
    }
    for table in MECHANICS:
        for one in values[table.name]:
            tx.execute(table.insert().values(**one))


def _purged(house: House, kept: RetentionTable) -> dict[RemovalKind, int]:
    settings = house.settings
    own = replace(settings, centre=settings.centre.model_copy(update={"retention": kept}))
    return removing.purge(replace(house.application, settings=own))


@STORES
def test_a_case_with_words_of_a_later_version_is_removed_like_any_other(houses: Houses, kind: str) -> None:
    """Nobody's number stays for longer because a version that is here no more has written of them."""
    here = houses(kind)
    fill(here)
    theirs = update(metadata.tables["contacts"]).values(state="of_tomorrow", channel="of_tomorrow")
    here.change(lambda one: one.tx.execute(theirs))
    here.now = NOW + YEARS + timedelta(days=1)
    assert removing.purge(here.application) == {RemovalKind.CASES: 3}


@STORES
def test_what_is_held_outlives_everything(houses: Houses, kind: str) -> None:
    """One caller's, then everybody's, until it is released; a promise to their number, too."""
    here = houses(kind)
    fill(here)
    hold = here.change(lambda one: removing.hold(one, CALLER, "court order 17", StaffId("s1")))
    here.now = NOW + YEARS + timedelta(days=1)
    assert removing.purge(here.application) == {RemovalKind.CASES: 1}
    assert here.application.look(lambda one: removal.held(one.tx)) == 2
    everybody = here.change(lambda one: removing.hold(one, None, "inquiry", None))
    assert here.change(lambda one: removing.release(one, hold.id, None))
    assert removing.purge(here.application) == {}
    assert here.change(lambda one: removing.release(one, everybody.id, None))
    assert not here.change(lambda one: removing.release(one, everybody.id, None))
    assert removing.purge(here.application) == {RemovalKind.CASES: 2}


@STORES
def test_what_goes_on_is_not_old(houses: Houses, kind: str) -> None:
    """A callback that is still owed keeps the call that asked for it, however long ago that was."""
    here = houses(kind)
    fill(here)
    here.change(lambda one: callbacks.add(one.tx, owes("b2", "c2")))
    here.now = NOW + YEARS + timedelta(days=1)
    assert removing.purge(here.application) == {RemovalKind.CASES: 2}


@STORES
def test_once_a_day(houses: Houses, kind: str) -> None:
    """Whoever looks first, on whichever machine."""
    here = houses(kind)
    assert here.application.look(removing.is_due)
    assert here.change(removing.begin)
    assert not here.change(removing.begin)
    assert not here.application.look(removing.is_due)
    here.now += timedelta(days=1)
    assert here.application.look(removing.is_due)


@STORES
def test_keys_change_after_somebody_is_gone(houses: Houses, kind: str) -> None:
    """What stands in the place of numbers and words is sealed anew as everything is."""
    here = houses(kind)
    fill(here)
    forget(here)
    newer = Keyring((b"n" * 32, *here.application.database.keys.secrets))
    database = here.application.database
    database.keys = newer
    for table in resealing.tables():
        last: Any = None
        while True:
            one = database.transact(lambda tx, table=table, last=last: resealing.batch(tx, last, table))  # type: ignore[misc]
            last = one.last
            if last is None:
                break
    with database.read() as tx:
        assert resealing.waiting(tx) == 0
        case, other = contacts.get(tx, ContactId("c1")), contacts.get(tx, ContactId("c2"))
    assert case is not None
    assert other is not None
    assert case.caller == other.caller
    (row,) = here.application.look(lambda one: removing.was_forgotten(one, CALLER))
    assert row.things == 2


@STORES
def test_a_backup_of_before_brings_nobody_back(houses: Houses, kind: str) -> None:
    """By the marks that were left on the machine."""
    here = houses(kind)
    fill(here)
    mark = here.application.database.keys.signed(CALLER.e164, removing.MARK)
    assert here.change(lambda one: removing.forget_again(one, [mark])) == 1
    assert CALLER.e164 not in everything(here)
    assert here.change(lambda one: removing.forget_again(one, [mark])) == 0
    assert here.change(lambda one: removing.forget_again(one, [])) == 0


def test_readings_of_texts_keep_their_judgement() -> None:
    """What is counted of them is no word of anybody's: the column that quotes is the one that is emptied."""
    assert {column.name for column in metadata.tables["readings"].columns if column.info.get("sealed")} == {
        "why"
    }
    assert readings.Did.PAGED
