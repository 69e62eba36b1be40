"""A later version has run here, and kept words that this one doesn't know: during a deploy, or before a way back.

Each kept word is turned into one of tomorrow's, in every row that has one, on both databases; and everything is
looked at and listened to. Nothing fails, the word is told as one that isn't known, and it stays as it was kept.
"""

from __future__ import annotations

import base64
import json
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, Text, select, update
from structlog.testing import capture_logs

from hotline.callbacks.callback import CallbackStatus
from hotline.commands import cli
from hotline.model import (
    WITH_POLICY,
    CallbackId,
    Channel,
    ContactId,
    How,
    Language,
    Line,
    Outcome,
    PageId,
    PhoneNumber,
    RoomName,
    StaffId,
    Subject,
    TimelineWord,
    is_known,
)
from hotline.oncall.escalation import EscalationStatus
from hotline.oncall.policy import default_policy
from hotline.oncall.schedule import Change, ChangeKind
from hotline.oncall.staffing.needs import Need
from hotline.oncall.staffing.shift_ask import AskKind, Shift, ShiftAsk
from hotline.operations import every_second, flow_state
from hotline.operations.answers import StaffAnswer, Then
from hotline.operations.callbacks import ringing_back
from hotline.operations.conversation import caller, live_talk
from hotline.operations.outbox import delivery
from hotline.operations.outgoing import event_posting
from hotline.operations.paging import key_request, reaching
from hotline.operations.staff import confirming, responder, whisper
from hotline.operations.transaction import Transaction
from hotline.operations.watching import each_minute
from hotline.store.cases import (
    callbacks,
    contacts,
    escalations,
    follow_ups,
    hand_offs,
    intakes,
    pages,
)
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.follow_ups import FollowUpRow
from hotline.store.cases.hand_offs import HandOffRow
from hotline.store.cases.intakes import IntakeRow, ReferralRow
from hotline.store.cases.pages import Purpose
from hotline.store.database import Tx, rows
from hotline.store.database.tables import metadata
from hotline.store.database.tables import outbox as outbox_table
from hotline.store.database.tables.columns import SEALED
from hotline.store.duty import shift_asks, shift_changes
from hotline.store.duty.shift_changes import ShiftChange
from hotline.store.keeping import backup_log, removal
from hotline.store.looking_back import look_reasons
from hotline.store.looking_back.look_reasons import GivenReason, LookReason
from hotline.store.people import brought_wishes, phone_tests, schedules
from hotline.store.people.brought_wishes import BroughtWish, NoMore
from hotline.store.people.phone_tests import PhoneTest, TrialKind
from hotline.store.sign_in import one_time_links
from hotline.store.sign_in.one_time_links import LinkKind, OneTimeLink
from hotline.store.traffic import readings
from hotline.store.traffic.outgoing_events import OutgoingEvent
from hotline.store.traffic.readings import Judged, Judgement
from hotline.store.upkeep import carrier_lists, resealing, unowned
from hotline.store.upkeep.carrier_lists import TakenUpKind
from hotline.triage.caller_events import Pressed
from tests import databases
from tests.console.centre import DATA_KEY, Centre, open_centre, token
from tests.console.every_route import ALL, addresses, furnish
from tests.settings.examples import good_environment
from tests.store.conftest import BOTH

EMPTY = frozenset({"calls_seen", "legs", "merges", "outgoing_events", "sign_ins"})
"""Tables of which there is nothing here: what is in them is asked for by those who wrote it."""
MIA = "+16175550142"
NEW = "of_tomorrow"
"""A word that no version has."""
WORDS = frozenset(
    {
        "audit.action",
        "audit.subject_kind",
        "backups.problem",
        "backups.status",
        "brought_wishes.what",
        "callbacks.called_for",
        "callbacks.language",
        "callbacks.line",
        "callbacks.outcome",
        "callbacks.status",
        "callers.language",
        "calls_seen.final_status",
        "contacts.channel",
        "contacts.ended_in",
        "contacts.language",
        "contacts.last_prompt",
        "contacts.line",
        "contacts.outcome",
        "contacts.said",
        "contacts.state",
        "contacts.stir",
        "escalations.language",
        "escalations.line",
        "escalations.status",
        "escalations.subject",
        "follow_ups.state",
        "hand_offs.status",
        "intakes.state",
        "look_reasons.reason",
        "messages.direction",
        "messages.error",
        "messages.status",
        "one_time_links.kind",
        "outbox.error",
        "outbox.kind",
        "outbox.status",
        "outbox.subject_kind",
        "outbox.urgency",
        "outgoing_events.detail",
        "outgoing_events.error",
        "outgoing_events.kind",
        "outgoing_events.status",
        "pages.how",
        "pages.purpose",
        "pages.state",
        "phone_tests.kind",
        "phone_tests.result",
        "promises.channel",
        "promises.ended",
        "promises.line",
        "readings.did",
        "readings.judged",
        "readings.label",
        "readings.language",
        "referrals.outcome",
        "referrals.reason",
        "removals.kind",
        "sessions.how",
        "shift_ask_codes.answer",
        "shift_asks.kind",
        "shift_asks.state",
        "shift_changes.kind",
        "sign_ins.how",
        "staff.page_language",
        "taken_up.kind",
        "timeline.what",
        "website_asks.language",
        "website_asks.told",
    }
)
"""Every column that holds a word of ours, or of the carrier's that is acted upon."""
IN_JSON: Mapping[str, tuple[str, ...]] = {
    "admissions_records.answers": ("{}",),
    "callers.started": (),
    "callers.stopped": (),
    "contacts.data": ("channel", "state", "line", "language", "danger", "when", "left_open", "ended_from"),
    "directory_entries.kinds": ("0",),
    "directory_entries.languages": ("0",),
    "escalations.policy": ("subject", "rung.0.how.0", "rung.0.languages.0"),
    "legs.answer": ("then", "question"),
    "merges.before": (),
    "merges.moved": (),
    "messages.media": (),
    "needs.need": ("line", "role", "languages.0"),
    "outbox.body": (),
    "policies.policy": ("rung.0.how.0", "rung.0.languages.0"),
    "readings.why": (),
    "schedules.plan": ("rotation.0.days",),
    "staff.languages": ("0",),
    "staff.roles": ("0",),
    "turns.answer": ("then", "wait", "language"),
}
"""Every column that holds a value of ours as JSON, and where in it words are; {}: the words under which others are."""
NO_WORDS = frozenset(
    {
        "account", "always", "answer", "asked_for", "code", "coming", "credential", "data_keys",
        "digest", "file", "folded", "hours", "key_id", "knows", "last_prompt", "mark", "name",
        "need", "notes", "numbers", "of", "origin", "our_number", "passed_over", "password_hash",
        "provider_sid", "public_key", "queue", "reference", "refused", "regards", "revision",
        "ringing", "schedule", "sent", "source", "stir", "timezone", "towns", "trouble", "version",
    }
)  # fmt: skip
"""Names of columns that hold names, hashes, ids of the carrier's, and lists of ids."""
_IDS = (
    "_id",
    "_by",
    "_to",
    "_sid",
    "sid",
    "_lookup",
    "room",
    "owner",
    "person",
    "colleague",
    "instead_of",
    "again",
)
_MORE_IDS = frozenset(
    {"about", "by_staff", "given_to", "undone_by", "second_of", "asked_of", "ask", "back_schedule", "id"}
)


def _columns() -> Iterator[tuple[Table, Any]]:
    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Text) and not column.primary_key and not column.foreign_keys:
                yield table, column


def test_every_column_of_words_is_known() -> None:
    """A new column of text says whether words are in it: then it is tried with one of tomorrow's."""
    known = WORDS | IN_JSON.keys()
    for table, column in _columns():
        name = f"{table.name}.{column.name}"
        other = column.info or column.name in NO_WORDS | _MORE_IDS or column.name.endswith(_IDS)
        assert name in known or other, name
    assert known <= {f"{table.name}.{column.name}" for table, column in _columns()}


@dataclass
class Place:
    """A centre with something of everything, and how to make it so again."""

    centre: Centre
    url: str
    home: Path
    of: dict[str, str]
    afresh: Callable[[], None]


def _more(transaction: Transaction, of: Mapping[str, str], people: Mapping[str, StaffId]) -> None:
    """Of each kind that people and callers left nothing of yet."""
    tx, now, ana, hour = transaction.tx, transaction.now, people["Ana Lima"], timedelta(hours=1)
    contact, escalation = ContactId(of["contact_id"]), of["escalation_id"]
    case = contacts.get(tx, ContactId(of["thread"]))
    assert case is not None
    contacts.add(
        tx,
        replace(
            case,
            id=ContactId("over"),
            room=RoomName("over"),
            ended_at=now,
            outcome=Outcome.REFERRED,
            line=Line.ADMISSIONS,
            escalation_id=None,
            version=0,
        ),
    )
    wish = BroughtWish("w1", PhoneNumber(MIA), NoMore.TEXTS, now, "texted STOP", now)
    brought_wishes.add(tx, [wish])
    backup_log.begin(tx, "k1", "copy.hotline", now)
    backup_log.failed(tx, "k1", now, "it broke")
    follow_ups.add(tx, FollowUpRow(escalation, contact, now, ana))  # type: ignore[arg-type]
    hand_offs.add(tx, HandOffRow("h1", contact, RoomName("r"), PageId("p"), "a", "Bay Detox", ana, now))
    intakes.add(tx, IntakeRow("i9", ContactId("over"), None, now, now, ana, due_at=now))
    intakes.refer(tx, ReferralRow("r1", contact, None, Outcome.NOT_ADMITTED, "Bay Detox", now, ana))
    look_reasons.add(tx, GivenReason("l1", contact, ana, now, LookReason.OTHER, "a letter"))
    schedules.put_need(tx, Need(name="two", line=Line.ADMISSIONS, people=2))
    schedules.put_policy(tx, default_policy(Subject.ADMISSIONS))
    removal.note(tx, removal.RemovalRow("x1", now, removal.RemovalKind.CASES, 1))
    shift = Shift("coordinators", now + hour, now + 2 * hour)
    shift_asks.add(
        tx, ShiftAsk(id="a1", kind=AskKind.COVER, shift=shift, asked_at=now, person=ana), {ana: "K7"}
    )
    change = Change(kind=ChangeKind.ON, person=people["Ben Ortiz"], starts=now + hour, ends=now + 2 * hour)
    shift_changes.add(
        tx, ShiftChange(id="s1", schedule="coordinators", change=change, made_by=ana, made_at=now)
    )
    phone_tests.add_if_new(
        tx,
        PhoneTest(
            id="t1", staff_id=ana, kind=TrialKind.ASKED, escalation_id=None, begun_at=now, watched=True
        ),
    )
    one_time_links.add(
        tx,
        OneTimeLink(
            id="o1",
            staff_id=ana,
            kind=LinkKind.INVITATION,
            code="c",
            by=None,
            issued_at=now,
            until=now + hour,
        ),
    )
    (read, *_) = readings.of_contact(tx, case.id)
    readings.judge(tx, read.message_id, Judged(Judgement.NO_EMERGENCY, ana, now))
    carrier_lists.note(tx, "CA77", TakenUpKind.CALL, now, now)


@pytest.fixture(scope="module", params=BOTH)
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """On each database."""
    home = tmp_path_factory.mktemp("tomorrow")
    url = databases.postgresql() if request.param == "postgresql" else databases.sqlite(home)
    centre = open_centre(home, elsewhere=url)
    of = furnish(centre)
    centre.application.change(lambda transaction: _more(transaction, of, centre.people))
    with centre.application.database.read() as tx:
        kept = {table: tx.execute(select(table)).all() for table in metadata.sorted_tables}
    begun = centre.clock.now

    def afresh() -> None:
        centre.clock.now = begun
        with centre.application.database.write() as tx:
            for table in reversed(metadata.sorted_tables):
                tx.execute(table.delete())
            for table, found in kept.items():
                if found:
                    tx.execute(table.insert(), [dict(row._mapping) for row in found])

    yield Place(centre, url, home, of, afresh)
    centre.application.database.dispose()
    if request.param == "postgresql":
        databases.drop(url)


def look_at_everything(place: Place) -> None:
    """Every page, the clock at later and later times, each report, an export."""
    centre = place.centre
    client = centre.signed_in(ALL)
    for rule, address in addresses(centre, "GET", place.of):
        if rule.startswith(("/console/static", "/settings", "/checkup")):
            continue
        response = client.get(address)
        assert response.status_code < 500 or rule.startswith("/sign-in/single"), (rule, response.text)
    for name in ("thread", "danger", "contact_id"):
        assert client.get(f"/threads/{place.of[name]}").status_code in (200, 302, 303)
    form = {"csrf_token": token(client, "/board"), "reason": "an audit", "all": "1"}
    assert client.post("/search/export", data=form).status_code in (200, 302)
    for passed in (0, 1, 60, 3600, 86400):
        centre.clock.pass_by(timedelta(seconds=passed))
        with capture_logs() as logs:
            assert every_second.beat(centre.application).failed == 0, logs
            each_minute.look(centre.application)
        assert [line for line in logs if line["log_level"] in ("error", "critical")] == []


COMMANDS = (
    "report --days 3650",
    "report --days 3650 --csv",
    "status",
    "audit list --days 3650",
    f"consents {MIA}",
    'breach --staff "Ana Lima" --since 2026-01-01',
    "events list",
    "dump",
    "dump --sheet staff",
    "dump --sheet policies",
    "directory list",
    "directory dump",
    "block list",
    "staff list",
    "oncall now",
    "oncall weeks",
    "oncall holes",
    "oncall changes",
    "oncall asks",
    "oncall fairness",
    "oncall readiness",
    "page emergency --dry-run",
    "purge --dry-run",
    "purge --log",
    f"forget {MIA} --reason asked --dry-run",
    "hold list",
    "backup list",
    "classify --review --month 2026-03",
)
"""Every command that only looks at what is kept."""


def type_every_command(place: Place, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What each ends with; none raises anything that it doesn't tell in words."""
    given = {"DATABASE_URL": place.url, "HOTLINE_DATA_KEY": base64.b64encode(DATA_KEY).decode()}
    for name, value in good_environment(place.home, **given).items():
        monkeypatch.setenv(name, value)
    return [cli.main(shlex.split(one)) for one in COMMANDS]


def hear_everything(place: Place) -> None:
    """What staff are told before a key and after it, for each page and whoever else could be asked; what callers hear
    at their next key; and all that an event tells."""
    centre, say = place.centre, place.centre.application.prompts.say

    def whispers(transaction: Transaction) -> None:
        open_ones = escalations.all_open(transaction.tx)
        for row, person in ((row, person) for row in open_ones for person in centre.people.values()):
            heard = [whisper.asked(transaction, row, person), *whisper.joining(transaction, row, person)]
            assert all(say(one.prompt, values=one.values).words for one in heard)
        for owed in callbacks.all_open(transaction.tx):
            assert ringing_back.whisper_time(transaction, owed) >= timedelta(0)
        for contact in transaction.tx.execute(select(metadata.tables["contacts"].c.id)).scalars().all():
            event = OutgoingEvent("v1", NEW, contact, transaction.now, contact_id=contact, detail=NEW)
            assert event_posting.body(transaction, event)["type"] == NEW

    def answered(transaction: Transaction, page_id: PageId, key: str | None) -> StaffAnswer:
        page, row = responder.find(transaction, page_id)
        if page.purpose is Purpose.JOIN and key is None:
            return responder.picked_up(transaction, page_id, None)
        if page.purpose is Purpose.JOIN:
            return responder.pressed(transaction, page_id, 0, key, None)
        if key is None:
            return confirming.picked_up(transaction, page, row, None)
        return confirming.pressed(transaction, page, row, 0, key, None)

    centre.application.look(whispers)
    with centre.application.database.read() as tx:
        table = metadata.tables["pages"]
        calls = tx.execute(select(table.c.id).where(table.c.how != How.TEXT)).scalars().all()
        table = metadata.tables["contacts"]
        ongoing = tx.execute(select(table.c.id).where(table.c.ended_at.is_(None))).scalars().all()
        callers = [row for row in (contacts.get(tx, one) for one in ongoing) if row and _is_call(row)]
    for page in calls:
        for key in (None, "9", "3", "2", "1"):
            said = _tried(centre, partial(answered, page_id=PageId(page), key=key))
            assert all(say(one.prompt, values=one.values).words for one in said.say)
    for row in callers:
        for key in ("9", "2", "1"):
            told = _tried(centre, partial(caller.hear, contact_id=row.id, turn=row.turn, event=Pressed(key)))
            assert all(say(one.prompt, told.language, one.values).words for one in told.say)


def let_everything_ring(transaction: Transaction, of: Mapping[str, str]) -> None:
    """Phones ring for all that staff are reached for, and for the keys that texts of theirs ask for."""
    case = contacts.get(transaction.tx, ContactId(of["contact_id"]))
    assert case is not None
    theirs = next(one for one in escalations.all_open(transaction.tx) if one.escalation.accepted_by)
    about = reaching.About(case.room, Line.ADMISSIONS, Language.EN, case.id, CallbackId(of["callback_id"]))
    for subject in WITH_POLICY:
        reaching.open_for(transaction, subject, about, default_policy(subject))
    like_it = replace(default_policy(Subject.EMERGENCY), subject=Subject.HELP, acknowledge=1)
    reaching.open_for(transaction, Subject.HELP, about, like_it)
    for purpose in (Purpose.CLOSE, Purpose.WRITE):
        key_request.ask(transaction, theirs, StaffId(theirs.escalation.accepted_by or ""), purpose)


class _Undone(Exception):
    """What was only tried, and what came of it."""

    def __init__(self, came: Any) -> None:
        super().__init__()
        self.came = came


def _tried(centre: Centre, work: Callable[[Transaction], Any]) -> Any:
    """What comes of it as things stand; then they stand so again."""

    def undone(transaction: Transaction) -> None:
        raise _Undone(work(transaction))

    with pytest.raises(_Undone) as then:
        centre.application.change(undone)
    return then.value.came


def _is_call(row: ContactRow) -> bool:
    return flow_state.read(row).channel is Channel.VOICE and not row.outbound


def _rounds() -> list[dict[str, tuple[str, str]]]:
    """Of each table one word in each round, until each has been tried: "" or where it is in a JSON."""
    each: dict[str, list[tuple[str, str]]] = {}
    for table, column in (one.split(".") for one in sorted(WORDS)):
        each.setdefault(table, []).append((column, ""))
    for name, paths in IN_JSON.items():
        table, column = name.split(".")
        each.setdefault(table, []).extend((column, path) for path in paths)
    longest = max(map(len, each.values()))
    return [{table: some[n] for table, some in each.items() if n < len(some)} for n in range(longest)]


def _changed(value: Any, path: list[str]) -> Any:
    """The same with a word of tomorrow's there; as it is where nothing is written."""
    if not path:
        return NEW
    if path == ["{}"]:
        return dict(zip((NEW, *list(value)[1:]), value.values(), strict=True))
    if isinstance(value, list):
        first, *others = value
        return [_changed(first, path[1:]), *others]
    if path[0] in value and value[path[0]] is not None:
        return {**value, path[0]: _changed(value[path[0]], path[1:])}
    return {**value, path[0]: [NEW]} if path[1:] == ["0"] else value


def _put(tx: Tx, name: str, column: str, path: str) -> int:
    """Write it into every row; how many there are."""
    table = metadata.tables[name]
    if name == "timeline":  # what is sealed there is bound to the word
        for row in tx.execute(select(table).where(table.c.detail.is_not(None))).all():
            words = tx.keys.open(row.detail, "timeline.detail", resealing.row_key_of(table, row))
            of = rows.row_key(row.contact_id, row.callback_id, row.escalation_id, rows.stamp(row.at), NEW)
            detail = tx.keys.seal(words, "timeline.detail", of)
            tx.execute(update(table).where(table.c.id == row.id).values(detail=detail))
    if not path:
        write = update(table).values({column: NEW})
        return tx.execute(write.where(table.c[column].is_not(None))).rowcount or tx.execute(write).rowcount
    is_sealed, where = table.c[column].info.get(SEALED), f"{name}.{column}"
    found = tx.execute(select(table)).all()
    for row in found:
        key, kept = resealing.row_key_of(table, row), getattr(row, column)
        if kept is None:
            continue
        value = json.loads(tx.keys.open(kept, where, key) if is_sealed else kept)
        words = json.dumps(_changed(value, path.split(".")))
        same = [one == getattr(row, one.name) for one in table.primary_key]
        written = tx.keys.seal(words, where, key) if is_sealed else words
        tx.execute(update(table).where(*same).values({column: written}))
    return len(found)


@pytest.mark.proof("postgresql")
@pytest.mark.parametrize("which", _rounds(), ids=lambda which: f"{len(which)}-tables")
def test_words_that_are_not_known_hurt_nothing(place: Place, which: dict[str, tuple[str, str]]) -> None:
    """In each row of each table."""
    place.afresh()
    with place.centre.application.database.write() as tx:
        for table, (column, path) in which.items():
            assert _put(tx, table, column, path) or table in EMPTY, (table, column)
    hear_everything(place)
    look_at_everything(place)


def test_where_no_word_is_known_every_command_that_only_looks_ends(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is raised to whoever asks at the server."""
    place.afresh()
    with place.centre.application.database.write() as tx:
        for which in _rounds():
            for table, (column, path) in which.items():
                _put(tx, table, column, path)
    ends = type_every_command(place, monkeypatch)
    assert set(ends) <= {0, 1}, dict(zip(COMMANDS, ends, strict=True))


@pytest.mark.proof
@pytest.mark.parametrize("which", _rounds(), ids=lambda which: f"{len(which)}-tables")
def test_each_word_that_is_not_known_is_read_on_the_command_line_and_heard_while_everything_rings(
    place: Place, which: dict[str, tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By whoever asks at the server, by staff whose telephone rings for whatever it may ring for, by callers."""
    place.afresh()
    application = place.centre.application
    application.change(lambda transaction: let_everything_ring(transaction, place.of))
    with application.database.write() as tx:
        for table, (column, path) in which.items():
            _put(tx, table, column, path)
    ends = type_every_command(place, monkeypatch)
    assert set(ends) <= {0, 1}, dict(zip(COMMANDS, ends, strict=True))
    hear_everything(place)


@pytest.mark.proof
def test_every_command_that_only_looks_is_typed_well(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where every word is known all of them end well, but for the one that says by it that somebody is wanted."""
    place.afresh()
    ends = dict(zip(COMMANDS, type_every_command(place, monkeypatch), strict=True))
    assert {one for one, code in ends.items() if code} <= {"status"}


def test_how_a_talk_ended_may_be_told_in_a_word_of_a_later_version(place: Place) -> None:
    """The board shows that something was said."""
    place.afresh()
    over = ContactId("over")

    def told(transaction: Transaction) -> None:
        transaction.note(TimelineWord.OUTCOME, contact=over, detail=NEW)
        row = contacts.get(transaction.tx, over)
        assert row is not None
        assert live_talk.said(transaction, [row])[over].outcome == NEW

    place.centre.application.change(told)
    assert place.centre.signed_in(ALL).get("/board").status_code == 200


def test_what_is_saved_again_stays_as_it_was_kept(place: Place) -> None:
    """Of every noun whose rows are saved whole."""
    place.afresh()
    words: dict[str, list[str]] = {name: [] for name in ("contacts", "callbacks", "escalations", "pages")}
    for one in sorted(WORDS):
        if one.split(".")[0] in words:
            words[one.split(".")[0]].append(one.split(".")[1])
    with place.centre.application.database.write() as tx:
        for table, columns in words.items():
            tx.execute(update(metadata.tables[table]).values(dict.fromkeys(columns, NEW)))
    nouns: dict[str, Any] = {
        "contacts": contacts,
        "callbacks": callbacks,
        "escalations": escalations,
        "pages": pages,
    }
    with place.centre.application.database.write() as tx:
        for table, noun in nouns.items():
            for (row_id,) in tx.execute(select(metadata.tables[table].c.id)).all():
                row = noun.get(tx, row_id)
                noun.save(tx, row)
    with place.centre.application.database.read() as tx:
        for table, columns in words.items():
            kept = [metadata.tables[table].c[one] for one in columns]
            assert {word for row in tx.execute(select(*kept)) for word in row} == {NEW}, table


def test_who_stands_where_only_a_later_version_knows_the_way_is_asked_what_they_want(place: Place) -> None:
    """A key on a call, and a text; what that version wrote down of them, and nobody has changed, is there still."""
    place.afresh()
    centre = place.centre
    call, number = centre.calls_in("+16175550143", "2"), "+16175550144"
    centre.texts("hello", number)
    with centre.application.database.write() as tx:
        for path in ("state", "line", "language"):
            _put(tx, "contacts", path, "")
            _put(tx, "contacts", "data", path)
    answer = centre.application.change(lambda t: caller.hear(t, call, 1, Pressed("9")))
    assert answer.then is Then.LISTEN
    assert answer.language is Language.EN
    centre.texts("4", number)
    with centre.application.database.read() as tx:
        row = contacts.get(tx, call)
        assert row is not None
        assert (row.line, row.language) == (NEW, NEW)
        thread = contacts.open_thread(tx, PhoneNumber(number))
        assert thread is not None
        assert is_known(flow_state.read(thread).state)
    # And danger is danger.
    centre.application.change(lambda t: caller.hear(t, call, 2, Pressed("1")))
    opened = centre.application.look(lambda t: escalations.all_open(t.tx))
    assert [one.room for one in opened if one.escalation.subject is Subject.EMERGENCY].count(
        RoomName(call)
    ) == 1


def test_what_only_a_later_version_can_send_waits_for_it(place: Place) -> None:
    """It is claimed by no other, and reported by no clock; with any other word it leaves, and as the most pressing."""
    place.afresh()
    centre = place.centre
    centre.calls_in("+16175550145", "1")
    with centre.application.database.write() as tx:
        _put(tx, "outbox", "kind", "")
        found = tx.execute(select(outbox_table.c.id)).scalars().all()
    centre.clock.pass_by(timedelta(minutes=1))
    assert found
    for one in found:
        assert centre.application.change(partial(delivery.claim, outbox_id=one)) is None
    assert every_second.beat(centre.application).neglected == ()
    place.afresh()
    centre.calls_in("+16175550145", "1")
    with centre.application.database.write() as tx:
        _put(tx, "outbox", "urgency", "")
    centre.clock.pass_by(timedelta(seconds=3))
    assert every_second.beat(centre.application).neglected


@pytest.mark.parametrize("word", ["callbacks.status", "escalations.status", "escalations.subject"])
def test_what_only_a_later_version_sees_to_is_told_to_a_supervisor(place: Place, word: str) -> None:
    """After a way back nothing that is open is forgotten: it is found to have nobody."""
    place.afresh()
    centre = place.centre
    open_ones = centre.application.look(
        lambda t: (len(callbacks.all_open(t.tx)), len(escalations.all_open(t.tx)))
    )
    table, column = word.split(".")
    with centre.application.database.write() as tx:
        _put(tx, table, column, "")
    centre.clock.pass_by(timedelta(minutes=4))
    found = centre.application.look(lambda t: unowned.look(t.tx, t.now))
    theirs = {one.id for one in found if one.why == "only a later version knows what becomes of it"}
    assert len(theirs) == open_ones[table == "escalations"]


def test_words_between_which_is_looked_are_in_one_order_everywhere() -> None:
    """Whatever the database's order of letters is: small ones alone."""
    assert all(one.value.isalpha() and one.value.islower() for one in (*CallbackStatus, *EscalationStatus))
