"""A centre to look at: a real database, five people, a clock that tests turn, and callers who do things."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from http.cookies import SimpleCookie
from pathlib import Path

from argon2 import PasswordHasher
from flask import Flask, Response, session
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.test import TestResponse

from hotline.console import console_wiring
from hotline.console.frame import signed_in
from hotline.console.sign_in import devices
from hotline.console.sign_in.passwords import hash_password
from hotline.model import CallbackId, ContactId, EscalationId, Language, PhoneNumber, Role, StaffId
from hotline.oncall.schedule import Schedule
from hotline.operations import incoming_text
from hotline.operations.answers import Answer
from hotline.operations.console import coordinator
from hotline.operations.conversation import caller
from hotline.operations.transaction import Application, Transaction
from hotline.prompts import load
from hotline.settings.load import load_settings
from hotline.settings.sign_on_settings import SingleSignOnTable
from hotline.store.cases import callbacks, escalations
from hotline.store.database import Database, Keyring, Tx
from hotline.store.people import schedules, staff
from hotline.store.people.staff import StaffRow
from hotline.store.traffic.outbox import WakeUp
from hotline.triage.caller_events import HungUp, Pressed
from tests import databases
from tests.observed import audit_trail
from tests.settings.examples import good_environment

PASSWORD = "correct horse battery"
QUICKLY = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
"""How passwords are hashed here, where nobody tries to guess one: in earnest each takes a tenth of a second."""
DATA_KEY, _BUSY = b"k" * 32, timedelta(seconds=5)
EPOCH = datetime(2026, 3, 2, 18, 0, 0, tzinfo=UTC)
PEOPLE: dict[str, frozenset[Role]] = {
    "Ana Lima": frozenset({Role.COORDINATOR}),
    "Ben Ortiz": frozenset({Role.COORDINATOR}),
    "Chloe Baptiste": frozenset({Role.CLINICIAN}),
    "Eve Stone": frozenset({Role.SUPERVISOR}),
    "Adam Cole": frozenset({Role.ADMIN}),
}
SCHEDULES = {
    "coordinators": ("Ana Lima", "Ben Ortiz"),
    "clinicians": ("Chloe Baptiste",),
    "supervisors": ("Eve Stone",),
}


class NoWakeUps:
    """Rings nothing: no worker is there."""

    def ring(self, waiting: Sequence[WakeUp]) -> None:
        """Nobody comes."""

    @property
    def is_quiet(self) -> bool:
        """It rings as well as ever."""
        return False


class CompiledOnce(BytecodeCache):
    """The pages of every centre of this test process, compiled by the first one."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Use what is kept."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = CompiledOnce()


@dataclass
class Clock:
    """The time, which stands still until a test turns it on."""

    now: datetime = EPOCH

    def __call__(self) -> datetime:
        """The time, UTC."""
        return self.now

    def pass_by(self, duration: timedelta) -> None:
        """Turn it on."""
        self.now += duration


@dataclass
class Centre:
    """The application, the app, and what callers do."""

    application: Application
    app: Flask
    clock: Clock
    database_file: Path
    people: dict[str, StaffId] = field(default_factory=dict)
    calls: int = 0

    def someone(self) -> FlaskClient:
        """A browser in which nobody is signed in."""
        return self.app.test_client()

    def signed_in(self, name: str) -> FlaskClient:
        """A browser in which this person has signed in: the session is there, and nobody's password was checked."""
        client = self.someone()
        for cookie in self.cookies(name).values():
            client.set_cookie(cookie.key, cookie.value)
        return client

    def cookies(self, name: str) -> SimpleCookie:
        """What the browser of somebody who has signed in keeps."""
        who = self.people[name]
        with self.app.test_request_context():
            _, secret = self.application.change(lambda transaction: signed_in.begin(transaction, who))
            signed_in.keep(secret)
            response = Response()
            self.app.session_interface.save_session(self.app, session, response)
            devices.remember(response, who)
        return SimpleCookie("; ".join(response.headers.getlist("Set-Cookie")))

    def calls_in(self, number: str | None = "+16175550142", keys: Sequence[str] = "") -> ContactId:
        """Somebody calls, and presses these keys one after the other; several at once, where a number is asked for."""
        self.calls += 1
        given = PhoneNumber(number) if number else None
        call = caller.IncomingCall(f"CA{self.calls:032}", given, "+16175550100", "TN-Validation-Passed-A")
        answer = self.application.change(lambda transaction: caller.answer(transaction, call))
        for key in keys:
            pressed = partial(_press, contact=answer.contact, turn=answer.next_turn, key=key)
            answer = self.application.change(pressed)
        return answer.contact

    def hangs_up(self, contact: ContactId) -> None:
        """The caller puts the phone down."""
        self.application.change(lambda transaction: caller.hear(transaction, contact, 99, HungUp()))

    def asks_for_callback(self, number: str = "+16175550142", line: str = "2") -> CallbackId:
        """Somebody calls, chooses a line and then to be called back, and hangs up."""
        contact = self.calls_in(number, line + "4")
        self.hangs_up(contact)
        found = [row for row in self._callbacks() if row.number == PhoneNumber(number)]
        return found[0].callback.id

    def texts(self, words: str, number: str = "+16175550177") -> None:
        """Somebody texts."""
        self.calls += 1
        text = caller.IncomingText(f"SM{self.calls:032}", PhoneNumber(number), "+16175550100", words)
        self.application.change(lambda transaction: incoming_text.receive(transaction, text))

    def escalation(self) -> EscalationId:
        """The one that was opened last."""
        rows = self.application.look(lambda transaction: escalations.all_open(transaction.tx))
        return max(rows, key=lambda row: row.escalation.opened_at).escalation.id

    def claims(self, name: str, callback: CallbackId) -> None:
        """A colleague claims a callback."""
        self.application.change(
            lambda transaction: coordinator.claim(transaction, callback, self.people[name])
        )

    def change_person(self, name: str, **different: object) -> None:
        """Somebody's account is changed."""

        def work(transaction: Transaction) -> None:
            row = staff.get(transaction.tx, self.people[name])
            assert row is not None
            staff.save(transaction.tx, replace(row, **different))  # type: ignore[arg-type]

        self.application.change(work)

    def add_person(self, name: str, roles: frozenset[Role]) -> None:
        """Somebody new."""
        row = _member(len(self.people), name, roles)
        self.application.change(lambda transaction: staff.add(transaction.tx, row))
        self.people[name] = row.id

    def audited(self) -> list[str]:
        """What is in the audit trail, in order."""
        return [
            entry.action for entry in self.application.look(lambda transaction: audit_trail(transaction.tx))
        ]

    @contextmanager
    def without_database(self) -> Iterator[None]:
        """For a while the database can't be read."""
        self._execute("ALTER TABLE revision RENAME TO gone")
        yield
        self._execute("ALTER TABLE gone RENAME TO revision")

    def forget_schedules(self) -> None:
        """There are none, as before the first staff file."""
        self._execute("DELETE FROM schedules")

    def _execute(self, statement: str) -> None:
        with closing(sqlite3.connect(self.database_file)) as connection:
            connection.execute(statement)
            connection.commit()

    def _callbacks(self) -> list[callbacks.CallbackRow]:
        return self.application.look(lambda transaction: callbacks.all_open(transaction.tx))


def open_centre(
    directory: Path,
    console_table: Mapping[str, object] | None = None,
    file: Path | None = None,
    *,
    single_sign_on: SingleSignOnTable | None = None,
    elsewhere: str | None = None,
    **environment: str,
) -> Centre:
    """A centre with its five people, of whom all but the admin are on shift.

    `file`: its database, which other tests have used and will use again; see `databases.opened`. `elsewhere`: the
    address of an empty database that is to be its own instead.
    """
    here = {"PUBLIC_BASE_URL": "http://127.0.0.1:8000", "TWILIO_API_BASE_URL": "http://127.0.0.1:9"}
    given = {**here, **environment}
    settings = load_settings(good_environment(directory, **given))
    table = settings.centre.console.model_copy(update=console_table)
    provider = single_sign_on or settings.centre.single_sign_on
    tables = {"console": table, "single_sign_on": provider}
    settings = replace(settings, centre=settings.centre.model_copy(update=tables))
    address = elsewhere or databases.sqlite_at(file or directory / "centre.db", _with_people)
    if elsewhere:
        _with_people(elsewhere)
    database = (
        databases.opened(address, _BUSY, DATA_KEY) if file else Database(address, Keyring((DATA_KEY,)), _BUSY)
    )
    clock = Clock()
    prompts = load(settings.centre.line.languages, {"NAME": "Hotline", "NUMBER": "617-555-0100"})
    application = Application(settings, database, prompts, NoWakeUps(), clock)
    app = Flask("centre")
    console_wiring.install(app, application, hasher=QUICKLY)
    app.jinja_env.bytecode_cache = _COMPILED
    people = {name: _id(number) for number, name in enumerate(PEOPLE)}
    return Centre(application, app, clock, Path(address.removeprefix("sqlite:///")), people)


def _with_people(address: str) -> None:
    """Everybody, and their duties."""
    database = Database(address, Keyring((DATA_KEY,)), _BUSY)
    database.transact(_put_people)
    database.dispose()


def _put_people(tx: Tx) -> None:
    tx.at = EPOCH
    people = {name: _member(number, name, roles) for number, (name, roles) in enumerate(PEOPLE.items())}
    for row in people.values():
        staff.add(tx, row)
    for schedule, names in SCHEDULES.items():
        always = tuple(people[name].id for name in names)
        schedules.put(tx, Schedule(name=schedule, timezone="America/New_York", always=always))


def _member(number: int, name: str, roles: frozenset[Role]) -> StaffRow:
    phone = PhoneNumber(f"+1617555{number + 201:04}")
    return StaffRow(_id(number), name, phone, True, roles, (Language.EN,), kept_password())


def _id(number: int) -> StaffId:
    return StaffId(f"p{number}")


def _press(transaction: Transaction, contact: ContactId, turn: int, key: str) -> Answer:
    return caller.hear(transaction, contact, turn, Pressed(key))


@cache
def kept_password() -> str:
    """Everybody's password, hashed once."""
    return hash_password(PASSWORD, QUICKLY)


def token(client: FlaskClient, page: str) -> str:
    """The token that the forms of a page carry."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert found is not None
    return found[1]


def sign_in(client: FlaskClient, who: str, password: str = PASSWORD, onward: str = "") -> TestResponse:
    """Fill in the sign-in form and send it."""
    form = {"csrf_token": token(client, "/sign-in"), "who": who, "password": password}
    return client.post(f"/sign-in{onward}", data=form)


def press(client: FlaskClient, address: str, *, script: bool = False, **form: str) -> TestResponse:
    """Press a button of the board."""
    headers = {"X-Board": "1"} if script else {}
    return client.post(address, data={"csrf_token": token(client, "/board"), **form}, headers=headers)
