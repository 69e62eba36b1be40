"""The machine, the database, the settings and the staff: what is found of each, and what of nothing."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import socket
from typing import Any

import pytest
from flask import Flask
from pydantic import SecretStr
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from hotline.model import Language, PhoneNumber, Role, StaffId
from hotline.oncall.rotations import Rotation
from hotline.oncall.schedule import Schedule
from hotline.operations.checkup import (
    asked_for,
    by_hand,
    found_at_once,
    machine_found,
    people_found,
    settings_found,
)
from hotline.operations.checkup.account_seen import NotSeen
from hotline.operations.checkup.finding import Finding, Severity
from hotline.operations.checkup.machine_seen import (
    DatabaseSeen,
    DiskSeen,
    Keeps,
    MachineSeen,
    NotPlayed,
    RedisSeen,
)
from hotline.operations.transaction import Application, Transaction
from hotline.runtime.examining import database_probe, disks, machine_probe
from hotline.runtime.wiring import open_application
from hotline.settings.load import load_settings
from hotline.simulator.serving import Served
from hotline.store.keeping import backup_log, sealed_file
from hotline.store.migrations import migrate
from hotline.store.people import schedules, staff
from hotline.store.people.staff import StaffRow
from hotline.store.upkeep import heartbeats, sign_offs
from hotline.telephony.twiml import playing
from tests import databases
from tests.going_live.account import CENTRE, bad, open_account
from tests.prompts.sounds import record, wav
from tests.settings.examples import OLDER_KEY, good_environment

NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)
GIB = 2**30
WELL = MachineSeen(
    disks=(DiskSeen("/var/lib/hotline", Keeps.EVERYTHING, 40 * GIB, 100 * GIB),),
    certificate_ends=NOW + timedelta(days=60),
    public="hotline",
    redis=RedisSeen("Redis 7.2.4", "noeviction"),
)
AT_WORK = DatabaseSeen("sqlite", "0001", "0001", keys_fit=True, beats=dict.fromkeys(machine_found.LATE, NOW))


def with_free(free: int | NotSeen, keeps: Keeps = Keeps.EVERYTHING) -> MachineSeen:
    """The same with another disk beside it, or in its place."""
    other = DiskSeen("/mnt/other", keeps, free, 100 * GIB)
    return replace(WELL, disks=(other,) if keeps is Keeps.EVERYTHING else (*WELL.disks, other))


def test_a_machine_that_is_well_has_nothing_amiss() -> None:
    """Disk, address, certificate, Redis, version, keys, workers."""
    assert bad([*machine_found.machine(WELL, NOW), *machine_found.database(AT_WORK, NOW)]) == set()


@pytest.mark.parametrize(
    ("seen", "key", "severity"),
    [
        (with_free(GIB), "machine.disk", Severity.DOUBTFUL),
        (with_free(GIB // 4), "machine.disk", Severity.WRONG),
        (with_free(NotSeen("no such file")), "machine.disk", Severity.WRONG),
        (with_free(GIB // 4, Keeps.DATABASE), "machine.disk", Severity.WRONG),
        (with_free(GIB, Keeps.BACKUPS), "machine.disk", Severity.DOUBTFUL),
        (replace(WELL, certificate_ends=NOW + timedelta(days=15)), "machine.certificate", Severity.DOUBTFUL),
        (replace(WELL, certificate_ends=NOW + timedelta(days=2)), "machine.certificate", Severity.WRONG),
        (replace(WELL, certificate_ends=NotSeen("expired")), "machine.certificate", Severity.WRONG),
        (replace(WELL, public="status 502"), "machine.public", Severity.WRONG),
        (
            replace(WELL, not_played=(NotPlayed("en/goodbye", "status 404"),)),
            "machine.recordings",
            Severity.WRONG,
        ),
        (replace(WELL, public=NotSeen("ConnectionError")), "machine.public", Severity.WRONG),
        (replace(WELL, redis=NotSeen("ConnectionError")), "machine.redis", Severity.DOUBTFUL),
        (replace(WELL, redis=RedisSeen("Valkey 9", "allkeys-lru")), "machine.redis", Severity.DOUBTFUL),
        (replace(WELL, open_files=("/etc/hotline.env",)), "machine.open_file", Severity.WRONG),
    ],
)
def test_what_a_machine_lacks_is_found(seen: MachineSeen, key: str, severity: Severity) -> None:
    """With what it does to callers."""
    (found,) = [one for one in machine_found.machine(seen, NOW) if one.severity is not Severity.GOOD]
    assert (found.key, found.severity) == (key, severity)
    assert found.callers
    assert found.mend


@pytest.mark.parametrize(
    ("seen", "key"),
    [
        (replace(AT_WORK, revision=NotSeen("OperationalError")), "database.away"),
        (replace(AT_WORK, revision=None), "database.old"),
        (replace(AT_WORK, revision="0000"), "database.old"),
        (replace(AT_WORK, revision="0002", newer=True), "database.newer"),
        (replace(AT_WORK, keys_fit=False, beats=None), "database.keys"),
        (replace(AT_WORK, beats={}), "database.workers"),
        (replace(AT_WORK, beats={"clock": NOW - timedelta(minutes=1)}), "database.workers"),
    ],
)
def test_what_a_database_lacks_is_found(seen: DatabaseSeen, key: str) -> None:
    """All of it is wrong."""
    (found,) = [one for one in machine_found.database(seen, NOW) if one.severity is not Severity.GOOD]
    assert (found.key, found.severity) == (key, Severity.WRONG)


def test_a_machine_is_looked_at_without_a_crash_whatever_is_away(tmp_path: Path) -> None:
    """Nothing runs here: no Redis, nobody at the public address, a home that others can read."""
    account = open_account(
        tmp_path / "home", PUBLIC_BASE_URL="https://127.0.0.1:1", TWILIO_API_BASE_URL="http://127.0.0.1:1"
    )
    os.chmod(tmp_path / "home", 0o755)
    seen = machine_probe.machine(account.settings)
    assert isinstance(seen.redis, NotSeen)
    assert isinstance(seen.public, NotSeen)
    assert isinstance(seen.certificate_ends, NotSeen)
    assert seen.open_files == (str(tmp_path / "home"),)
    assert not isinstance(seen.disks[0].free, NotSeen)


def _other_sound(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "audio/x-wav")])
    return [wav(1.0)]


def _a_page(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    return [b"<p>Welcome</p>"]


def _nothing(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("404 Not Found", [("Content-Type", "text/plain")])
    return [b"no"]


@pytest.mark.parametrize(
    ("instead", "why"),
    [
        (None, None),
        (_nothing, "status 404"),
        (_a_page, "no sound but text/html"),
        (_other_sound, "another sound"),
    ],
)
def test_each_recording_is_fetched_as_the_carrier_does_it(
    tmp_path: Path, instead: Any, why: str | None
) -> None:
    """What our own pages answer is well; a proxy that answers for us, or nothing, is found."""
    record(tmp_path / "recordings", "en/goodbye.wav", wav(2.0))
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    here = f"http://127.0.0.1:{port}"
    account = open_account(tmp_path, PUBLIC_BASE_URL=here, TWILIO_API_BASE_URL=here)
    ours = Flask("ours")
    ours.register_blueprint(playing.blueprint(account.prompts))
    ours.add_url_rule("/health/live", view_func=lambda: {"status": "live"})
    pages = DispatcherMiddleware(ours, {"/recordings": instead} if instead else {})
    with Served(account.sim, port=port, pages=pages):
        found = machine_probe.machine(account.settings).not_played
    assert [(one.name, one.why) for one in found] == ([("en/goodbye", why)] if why else [])


def test_each_disk_is_looked_at_once(tmp_path: Path) -> None:
    """A home that isn't there is told; what lies on the home's own disk is not told again; a full one is named."""
    account = open_account(tmp_path / "home")
    (one,) = disks.disks(account.settings)
    assert one.keeps is Keeps.EVERYTHING
    (gone,) = disks.disks(replace(account.settings, home=tmp_path / "nowhere"))
    assert isinstance(gone.free, NotSeen)
    shared = Path("/dev/shm")
    if shared.is_dir() and shared.stat().st_dev != tmp_path.stat().st_dev:
        there = replace(account.settings, database_url=SecretStr(f"sqlite:///{shared}/hotline.db"))
        assert [two.keeps for two in disks.disks(there)] == [Keeps.EVERYTHING, Keeps.DATABASE]
    assert not list(disks.full(account.settings))
    proc = replace(account.settings, home=Path("/proc"))  # a folder in which there is no room
    assert [told.split(":")[0] for told in disks.full(proc)][:1] == ["disk"]


@pytest.fixture
def application(tmp_path: Path) -> Application:
    """A centre with a database in which nobody is yet."""
    settings = open_account(tmp_path).settings
    databases.sqlite_at(settings.home / "hotline.db")
    return open_application(settings, clock=lambda: NOW, resident=False).application


def test_a_database_tells_its_version_and_who_works_on_it(application: Application) -> None:
    """Whether our keys are its, too."""
    application.change(lambda transaction: heartbeats.beat(transaction.tx, "clock", NOW))
    seen = database_probe.database(application)
    assert (seen.kind, seen.revision, seen.keys_fit) == ("sqlite", migrate.newest(), True)
    assert seen.beats == {"clock": NOW}


def test_a_database_that_is_not_there_yet_is_told(tmp_path: Path) -> None:
    """And nothing is made by looking."""
    settings = open_account(tmp_path).settings
    seen = database_probe.database(open_application(settings, resident=False).application)
    assert seen.keys_fit is None
    assert bad(list(machine_found.database(seen, NOW))) in ({"database.old"}, {"database.away"})


def found_people(application: Application) -> list[Finding]:
    return application.look(
        lambda transaction: list(people_found.people(transaction.tx, NOW, "America/New_York"))
    )


def _member(name: str, number: int, *roles: Role, verified: bool = True) -> StaffRow:
    return StaffRow(
        StaffId(f"{number:020x}"),
        name,
        PhoneNumber(f"+1617496030{number}"),
        verified,
        frozenset(roles),
        (Language.EN,),
        password_hash="x",
    )


def test_nobody_on_the_staff_is_told(application: Application) -> None:
    """Before everything else."""
    assert bad(found_people(application)) == {"people.none"}


def test_unverified_phones_and_holes_are_told(application: Application) -> None:
    """By name where they are on duty; who is on none is counted."""

    def fill(transaction: Transaction) -> None:
        ana, ben = (
            _member("Ana Lima", 1, Role.COORDINATOR, verified=False),
            _member("Ben Ortiz", 2, Role.ADMIN),
        )
        for one in (ana, ben, _member("Eve Stone", 3, Role.SUPERVISOR, verified=False)):
            staff.add(transaction.tx, one)
        on_duty = Schedule(name="coordinators", timezone="America/New_York", always=(ana.id,))
        schedules.put(transaction.tx, on_duty)

    application.change(fill)
    found = {one.key: one for one in found_people(application)}
    assert set(found) == {"people.unverified_on_duty", "people.unverified", "people.holes"}
    assert "Ana Lima" in found["people.unverified_on_duty"].what
    assert "Eve" not in found["people.unverified"].what
    assert found["people.holes"].severity is Severity.WRONG


@pytest.mark.parametrize(
    ("on_for", "severity"),
    [(2, Severity.WRONG), (4, Severity.DOUBTFUL), (13, Severity.DOUBTFUL), (15, Severity.GOOD)],
)
def test_a_hole_is_told_for_two_weeks_and_is_wrong_when_it_is_near(
    application: Application, on_for: int, severity: Severity
) -> None:
    """Days until the schedule ends, after which nobody is on."""

    def fill(transaction: Transaction) -> None:
        eve = _member("Eve Stone", 3, Role.SUPERVISOR, Role.ADMIN)
        staff.add(transaction.tx, eve)
        now = NOW.replace(tzinfo=None)
        rota = Rotation(
            turns=((eve.id,),),
            every=timedelta(days=30),
            starts=now - timedelta(days=9),
            ends=now + timedelta(days=on_for),
        )
        plan = Schedule(name="clinicians", timezone="UTC", rotations=(rota,))
        schedules.put(transaction.tx, plan)

    application.change(fill)
    found = {one.key: one.severity for one in found_people(application)}
    assert found["people.holes"] is severity


def test_a_line_whose_schedules_name_nobody_is_wrong(application: Application) -> None:
    """As it is right after `hotline setup`: nothing is said to be well manned."""

    def fill(transaction: Transaction) -> None:
        staff.add(transaction.tx, _member("Eve Stone", 3, Role.SUPERVISOR, Role.ADMIN))

    application.change(fill)
    assert "people.no_schedule" in bad(found_people(application))
    assert "people.holes" not in {one.key for one in found_people(application)}
    application.change(
        lambda transaction: schedules.put(
            transaction.tx, Schedule(name="clinicians", timezone="America/New_York")
        )
    )
    assert "people.no_schedule" in bad(found_people(application))


def test_what_nobody_may_do_is_told(application: Application) -> None:
    """Coordinators alone: nobody is told what is late, nobody changes anything, and nobody has a password."""
    alone = replace(_member("Ana Lima", 1, Role.COORDINATOR), password_hash=None)
    application.change(lambda transaction: staff.add(transaction.tx, alone))
    found = {one.key: one.severity for one in found_people(application)}
    assert found["people.no_supervisor"] is Severity.WRONG
    assert found["people.no_admin"] is Severity.DOUBTFUL
    assert found["people.nobody_signs_in"] is Severity.DOUBTFUL


def test_how_old_the_newest_backup_is_is_told(tmp_path: Path) -> None:
    """Once one was made, and opened again."""
    keys = f'[backups]\nkeys = ["{sealed_file.new_keys().public}"]\n'
    settings = open_account(tmp_path, CENTRE + keys).settings
    databases.sqlite_at(settings.home / "hotline.db")
    here = open_application(settings, clock=lambda: NOW, resident=False).application

    def made(transaction: Transaction) -> None:
        backup_log.begin(
            transaction.tx, "b1", "hotline-20260302-120000.jsonl.gz.age", NOW - timedelta(hours=6)
        )
        backup_log.kept(transaction.tx, "b1", NOW - timedelta(hours=6), 1, "digest")

    here.change(made)
    (found,) = here.look(lambda transaction: list(found_at_once.backups(transaction)))
    here.database.dispose()
    assert (found.key, found.severity) == ("backups.age", Severity.GOOD)
    assert "6 hours" in found.what


def test_whatever_can_be_amiss_is_tried_out() -> None:
    """Each such finding by its key, in some test."""
    tests = "".join(one.read_text(encoding="utf-8") for one in Path(__file__).parents[1].rglob("test_*.py"))
    sources = Path(settings_found.__file__).parent.glob("*.py")
    looks = {key for one in sources for key in _AMISS.findall(one.read_text(encoding="utf-8"))}
    assert len(looks) > 50
    assert sorted(key for key in looks if f'"{key}"' not in tests) == []


_AMISS = re.compile(r'\b(?:wrong|doubtful)\(\s*Topic\.[A-Z_]+,\s+"([a-z_.]+)"')


def test_what_people_sign_is_good_until_it_changes_or_is_long_ago(application: Application) -> None:
    """Words as long as they are the same, a look for half a year."""
    application.change(lambda transaction: asked_for.sign(transaction, "hipaa", "Adam Cole"))
    application.change(lambda transaction: asked_for.sign(transaction, "clinician", "Dr. Baptiste"))

    def keys(application: Application, now: datetime) -> set[str]:
        return application.look(
            lambda transaction: bad(
                list(by_hand.found(application.prompts, sign_offs.every(transaction.tx), now))
            )
        )

    everything = {f"by_hand.{one.key}" for one in by_hand.LOOKS} | {
        "words.signed.clinician",
        "words.signed.lawyer",
    }
    assert keys(application, NOW) == everything - {"by_hand.hipaa", "words.signed.clinician"}
    assert keys(application, NOW + timedelta(days=181)) == everything - {"words.signed.clinician"}
    said = dict(application.prompts.sentences)
    first = next(iter(said))
    changed = replace(
        application, prompts=replace(application.prompts, sentences=said | {first: "Something else."})
    )
    assert "words.signed.clinician" in keys(changed, NOW)


@pytest.mark.parametrize(("key", "who"), [("nothing", "Adam Cole"), ("hipaa", "  ")])
def test_nothing_else_is_signed_and_not_by_nobody(application: Application, key: str, who: str) -> None:
    """The refusal names what can be signed."""
    with pytest.raises(ValueError, match=r"signed|Say who"):
        application.change(lambda transaction: asked_for.sign(transaction, key, who))


def test_settings_that_may_be_meant_otherwise_are_told(tmp_path: Path) -> None:
    """An example's values, a machine without a name, and what a centre should decide once."""
    config = tmp_path / "hotline.toml"
    config.write_text(
        '[line]\nname = "Line"\nnumbers = ["+16175550100"]\nfailsafe_number = "+16174960199"\n'
        'languages = ["en", "ht"]\n[callbacks]\nopening = "key"\n',
        encoding="utf-8",
    )
    settings = load_settings(good_environment(tmp_path, HOTLINE_CONFIG=str(config)))
    assert bad(list(settings_found.settings(settings, on_postgresql=True))) == {
        "settings.example",
        "settings.registered_name",
        "settings.second_step",
        "settings.metrics",
        "settings.redis",
        "words.no_creole_voice",
    }


def test_what_is_left_over_from_changing_keys_is_told(tmp_path: Path) -> None:
    """A second token, an old data key: each opens something for whoever has it."""
    older = f"{good_environment(tmp_path)['HOTLINE_DATA_KEY']},{OLDER_KEY}"
    settings = open_account(tmp_path, TWILIO_AUTH_TOKEN_SECONDARY="0" * 32, HOTLINE_DATA_KEY=older).settings
    keys = {one.key for one in settings_found.settings(settings, on_postgresql=False)}
    assert {"settings.second_token", "settings.old_key"} <= keys


def test_a_line_that_nothing_calls_to_see_whether_it_answers_is_told(application: Application) -> None:
    """For a person to decide."""
    (found,) = application.look(lambda transaction: list(found_at_once.canary(transaction)))
    assert (found.key, found.severity) == ("canary.off", Severity.DOUBTFUL)


@pytest.mark.parametrize(("written", "found"), [("183d", True), ("2192d", False), ("0s", False)])
def test_what_is_removed_before_six_years_is_told(tmp_path: Path, written: str, found: bool) -> None:
    """Whoever owes an accounting of who has seen what owes it for so long."""
    settings = open_account(tmp_path, f'{CENTRE}[retention]\ncases = "{written}"\n').settings
    keys = {one.key for one in settings_found.settings(settings, on_postgresql=False)}
    assert ("settings.retention" in keys) is found


def test_a_form_that_is_open_is_looked_at(tmp_path: Path) -> None:
    """Whether it is read on the way, what becomes of what is written, and who may show it."""
    config = tmp_path / "hotline.toml"
    line = '[line]\nname = "Line"\nnumbers = ["+16175550100"]\nfailsafe_number = "+16174960199"\n'

    def found(more: str, site: str) -> set[str]:
        config.write_text(f"{line}[call_me]\nopen = true\n{more}", encoding="utf-8")
        given = load_settings(good_environment(tmp_path, HOTLINE_CONFIG=str(config)))
        told = settings_found.settings(replace(given, public_base_url=site), on_postgresql=False)
        return {key for key in bad(list(told)) if "call_me" in key}

    bare = {"settings.call_me_open", "settings.call_me_privacy", "settings.call_me_sites"}
    assert found("", "http://127.0.0.1:8000") == bare
    named = 'sites = ["https://www.example.org"]\nprivacy = "https://www.example.org/privacy"\n'
    assert found(named, "https://hotline.example") == set()


def test_a_centre_without_backups_is_told(application: Application) -> None:
    """What would be lost, and the command that makes the key."""
    (found,) = application.look(lambda transaction: list(found_at_once.backups(transaction)))
    assert (found.key, found.severity) == ("backups.amiss", Severity.WRONG)
    assert "hotline backup key" in found.mend
