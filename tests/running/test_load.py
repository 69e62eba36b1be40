"""`hotline load`: the staff file is one change, shown before it is made; what is wrong in it is said in words."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from hotline.commands import cli, staff_file
from hotline.model import AuditKind, Language, Line, PhoneNumber, RoomName, StaffId, Subject
from hotline.oncall.written_schedule import PLAN, ROTATION
from hotline.operations.callbacks import ringing_back
from hotline.operations.console import coordinator
from hotline.operations.conversation import caller
from hotline.operations.paging import reaching
from hotline.operations.staff import responder
from hotline.operations.transaction import Transaction
from hotline.runtime.wiring import open_application
from hotline.settings.load import load_settings
from hotline.settings.toml_places import line_of
from hotline.store.cases import callbacks, contacts, escalations
from hotline.store.people import audit, staff
from hotline.triage.turn import PromiseCallback
from tests.running import at_home
from tests.settings.examples import REPOSITORY, good_environment

Load = Callable[..., tuple[int, str]]
ANA, BEN = "+16175550101", "+16175550102"


def member(name: str, phone: str | None = ANA, more: str = "") -> str:
    number = f'phone = "{phone}"\n' if phone else ""
    return f'[[staff]]\nname = "{name}"\n{number}verified = true\nroles = ["coordinator"]\n{more}\n'


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Load:
    """Load a file of these words: the exit code, and what is said on both streams."""
    environ = good_environment(tmp_path)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    at_home.empty(tmp_path)
    file = tmp_path / "staff.toml"

    def run(written: str, *more: str) -> tuple[int, str]:
        file.write_text(written, encoding="utf-8")
        monkeypatch.setattr(sys, "stdin", io.StringIO())
        code = cli.main(["load", str(file), *more])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


def phones(tmp_path: Path) -> dict[str, str]:
    """Whose phone is which, by name, of those who are on the staff."""
    database = staff_file.open_here(good_environment(tmp_path))
    with database.read() as tx:
        found = {row.name: row.phone.e164 for row in staff.everyone(tx) if row.active}
    database.dispose()
    return found


# --- one change ------------------------------------------------------------------------------------------------


def test_two_people_swap_their_phones(load: Load, tmp_path: Path) -> None:
    """Neither is ever somebody's twice."""
    load(member("Ana Lima", ANA) + member("Ben Ortiz", BEN))
    code, said = load(member("Ana Lima", BEN) + member("Ben Ortiz", ANA))
    assert (code, phones(tmp_path)) == (0, {"Ana Lima": BEN, "Ben Ortiz": ANA})
    assert "Ana Lima: another phone" in said


CLERKS = '[[schedule]]\nname = "coordinators"\ntimezone = "America/New_York"\nalways = ["Ana Lima"]\n'


def test_another_phone_is_verified_by_a_code_and_not_by_the_file(load: Load, tmp_path: Path) -> None:
    """However often it is loaded; meanwhile they stay on their schedule as nobody. A newcomer's is as the file says."""
    load(member("Ana Lima", ANA) + CLERKS)
    assert verified(tmp_path) == {"Ana Lima": True}
    for _ in range(2):
        code, said = load(member("Ana Lima", BEN) + CLERKS)
        assert (code, verified(tmp_path)) == (0, {"Ana Lima": False})
    code, said = load(member("Ana Lima", ANA) + CLERKS)
    assert (
        'phone not verified: `hotline staff verify "Ana Lima"`'
        in load(member("Ana Lima", BEN), "--dry-run")[1]
    )
    code, said = load(CLERKS.replace("coordinators", "supervisors"))
    assert code == 1
    assert '`hotline staff verify "Ana Lima"` sends a code' in said


def test_what_is_not_written_of_a_phone_stays_as_it_is(load: Load, tmp_path: Path) -> None:
    load(member("Ana Lima", ANA))
    load(member("Ana Lima", ANA).replace("verified = true\n", ""))
    assert verified(tmp_path) == {"Ana Lima": True}
    load(member("Ana Lima", ANA).replace("verified = true", "verified = false"))
    assert verified(tmp_path) == {"Ana Lima": False}


def verified(tmp_path: Path) -> dict[str, bool]:
    """Whose phone may be rung."""
    database = staff_file.open_here(good_environment(tmp_path))
    with database.read() as tx:
        found = {row.name: row.verified for row in staff.everyone(tx)}
    database.dispose()
    return found


def test_somebody_gets_another_name_and_stays_who_they_are(load: Load, tmp_path: Path) -> None:
    """With their password, and whatever is theirs; loading it again changes nothing."""
    load(member("Ana Lima"))
    renamed = member("Ana Costa", more='was = "Ana Lima"\n')
    code, said = load(renamed)
    assert (code, phones(tmp_path)) == (0, {"Ana Costa": ANA})
    assert "Ana Costa: was Ana Lima" in said
    assert "Everything is so already" in load(renamed)[1]


def test_a_leavers_phone_becomes_a_newcomers(load: Load, tmp_path: Path) -> None:
    """In the same file, whichever of the two is named first."""
    load(member("Ana Lima"))
    left = member("Ana Lima", more="active = false\n")
    code, said = load(member("Zoe Quill") + left)
    assert (code, phones(tmp_path)) == (0, {"Zoe Quill": ANA})
    assert "Ana Lima: gives up the phone; off the staff" in said


def test_a_phone_whose_owner_isnt_named_is_asked_about(load: Load, tmp_path: Path) -> None:
    """The same person with another name, or somebody else: only whoever writes the file knows."""
    load(member("Ana Lima"))
    code, said = load(member("Zoe Quill"))
    assert code == 1
    assert 'write was = "Ana Lima" here; if Ana Lima has left, list them, too, with active = false' in said
    assert phones(tmp_path) == {"Ana Lima": ANA}


def test_a_duty_phone_is_a_member_of_its_own(load: Load) -> None:
    """Whoever answers it is somebody: two can't be one phone, and the words say what to do."""
    code, said = load(member("Ana Lima") + member("Ben Ortiz"))
    assert code == 1
    assert re.search(
        r"staff\.toml, line 9: \[\[staff\]\] Ben Ortiz: phone: it is also Ana Lima's.*Duty phone", said
    )


def test_who_is_put_off_the_staff_hands_on_what_they_have_as_by_the_command(
    load: Load, tmp_path: Path
) -> None:
    """The dry run says what; then the callback is in line again, the text and the emergency are asked for anew."""
    rota = '[[schedule]]\nname = "coordinators"\ntimezone = "America/New_York"\nalways = ["Ben Ortiz"]\n'
    load(member("Ana Lima") + member("Ben Ortiz", BEN) + rota)
    put_off = member("Ana Lima", ANA, "active = false")
    application = open_application(load_settings(good_environment(tmp_path))).application
    ana = application.look(lambda transaction: staff.by_name(transaction.tx, "Ana Lima"))
    assert ana is not None
    for subject in (Subject.EMERGENCY, Subject.THREAD):
        application.change(partial(_has, subject=subject, who=ana.id))
    application.change(partial(_claims, who=ana.id))

    handed_on = (
        "Ana Lima, who is signed out everywhere and not rung any more: 1 emergency: everybody on call is paged "
        "anew. 1 text thread: everybody on shift is asked anew. 1 callback: back in line, for whoever is free."
    )
    code, said = load(put_off, "--dry-run")
    assert (code, handed_on in said, "Nothing was changed." in said) == (0, True, True)
    assert set(application.look(_owners)) == {ana.id}
    code, said = load(put_off)
    assert (code, handed_on in said) == (0, True)
    assert set(application.look(_owners)) == {None}
    assert "deactivated" in [
        one.action
        for one in application.look(lambda transaction: audit.about(transaction.tx, AuditKind.STAFF, ana.id))
    ]
    assert "signed out" not in load(put_off)[1]
    application.database.dispose()


def _has(transaction: Transaction, subject: Subject, who: StaffId) -> None:
    about = reaching.About(RoomName(f"room-{subject}"), None, Language.EN)
    responder.accept(transaction, reaching.open_for(transaction, subject, about), who)


def _claims(transaction: Transaction, who: StaffId) -> None:
    call = caller.IncomingCall(f"CA{1:032}", PhoneNumber("+16175550142"), "+16175550100", None)
    contact = caller.answer(transaction, call).contact
    row = contacts.get(transaction.tx, contact)
    assert row is not None
    owed = ringing_back.promise(
        transaction, row, PromiseCallback(Line.ADMISSIONS, PhoneNumber("+16175550142"), ready=True)
    )
    coordinator.claim(transaction, owed.callback.id, who)


def _owners(transaction: Transaction) -> list[StaffId | None]:
    """Who has what is open."""
    open_now = [one.escalation.accepted_by for one in escalations.all_open(transaction.tx)]
    return [*open_now, *(one.callback.owner for one in callbacks.all_open(transaction.tx))]


def test_that_nobody_is_left_on_a_schedule_is_said_before_it_is_done(load: Load) -> None:
    """Unless the same file puts somebody else on it."""
    rota = '[[schedule]]\nname = "coordinators"\ntimezone = "America/New_York"\nalways = ["{}"]\n'
    load(member("Ana Lima") + member("Ben Ortiz", BEN) + rota.format("Ana Lima"))
    put_off = member("Ana Lima", ANA, "active = false")
    assert "NOBODY is on coordinators now" in load(put_off, "--dry-run")[1]
    assert "NOBODY" not in load(put_off + rota.format("Ben Ortiz"), "--dry-run")[1]
    assert "NOBODY is on coordinators now" in load(put_off)[1]


def test_nothing_is_asked_where_nothing_would_be_changed(tmp_path: Path) -> None:
    """Loaded a second time, a file says that everything is so; whoever watches is asked the first time only."""
    environ = good_environment(tmp_path)
    at_home.empty(tmp_path)
    file, shown = tmp_path / "staff.toml", list[str]()
    file.write_text(member("Ana Lima"), encoding="utf-8")

    def agrees(wanted: str) -> bool:
        shown.append(wanted)
        return True

    assert "Ana Lima: new" not in staff_file.load(environ, file, agreed=agrees), "they have just read it"
    assert "Everything is so already." in staff_file.load(environ, file, agreed=agrees)
    assert shown == ["  Ana Lima: new, coordinator"]


def test_a_dry_run_says_what_would_be_done_and_does_nothing(load: Load, tmp_path: Path) -> None:
    """New and changed people, schedules; then that nothing was changed."""
    written = member("Ana Lima") + '[[schedule]]\nname = "coordinators"\ntimezone = "America/New_York"\n'
    code, said = load(written + 'always = ["Ana Lima"]\n', "--dry-run")
    assert code == 0
    assert "Ana Lima: new, coordinator" in said
    assert "schedule coordinators: Ana Lima" in said
    assert "Nothing was changed." in said
    assert phones(tmp_path) == {}


# --- in words ----------------------------------------------------------------------------------------------------

SCHEDULE = '[[schedule]]\nname = "{name}"\ntimezone = "{zone}"\nalways = ["{who}"]\n'


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("[[shedule]]\n", r"\[\[shedule\]\]: is not a table here; did you mean \"schedule\"\?"),
        (
            member("Ana Lima").replace("roles", "role"),
            r"line 5: .*role: is not a key here; did you mean \"roles\"\?",
        ),
        (
            member("Ana Lima").replace('["coordinator"]', "[]"),
            r"line 5: .*roles: name at least one of coordinator",
        ),
        (
            member("Ana Lima").replace('"coordinator"', '"cordinator"'),
            r"\"cordinator\" is not known here; did you mean \"coordinator\"\?",
        ),
        (member("Ana Lima").replace("true", '"yes"'), r"line 4: .*verified: write true or false"),
        (member("Ana Lima") + member("ana  LIMA", BEN), r"line 8: .*name: \"ana  LIMA\" is there twice"),
        (member("Ana Lima", "+16175550100"), r"line 3: .*phone: it is the line's own number"),
        (member("Ana Lima", "+447911123456"), r"phone: it is outside of countries in hotline.toml"),
        (member("Ana Lima", "+16175550101 x123"), r"phone: an extension can't be dialled"),
        (member("Ana Lima", "+16175550101;ext=123"), r"phone: an extension can't be dialled"),
        (member("Ana Lima", None), r"phone: is missing: add it"),
        (
            member("Ana Lima") + SCHEDULE.format(name="coordinator", zone="America/New_York", who="Ana Lima"),
            r"line 8: .*policies look for \"coordinators\"",
        ),
        (
            member("Ana Lima") + SCHEDULE.format(name="coordinators", zone="EST", who="Ana Lima"),
            r"line 9: .*timezone: \"EST\" knows no place",
        ),
        (
            member("Ana Lima") + SCHEDULE.format(name="coordinators", zone="Etc/GMT-5", who="Ana Lima"),
            r"\"Etc/GMT-5\" knows no place, and no summer time",
        ),
        (
            member("Ana Lima") + SCHEDULE.format(name="coordinators", zone="America/Newyork", who="Ana Lima"),
            r"did you mean \"America/New_York\"\?",
        ),
        (
            member("Ana Lima")
            + SCHEDULE.format(name="coordinators", zone="America/New_York", who="Ana Lina"),
            r"line 10: .*nobody on the staff is called \"Ana Lina\"; did you mean \"Ana Lima\"\?",
        ),
        (
            '[[policy]]\nsubject = "emergancy"\n',
            r"line 2: .*\"emergancy\" is not known; did you mean \"emergency\"\?",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_what_to_write(load: Load, written: str, said: str) -> None:
    """One voice for all: where, what, and the nearest known word; and nothing was changed."""
    code, told = load(written)
    assert code == 1
    assert "Nothing was changed. To mend:" in told
    assert re.search(said, told), told
    assert "Traceback" not in told


@pytest.mark.parametrize("phone", ["+16175550100", "+491701234567", "617 555 01", "911"])
def test_one_slip_of_somebody_is_told_once_and_not_again_at_each_schedule(load: Load, phone: str) -> None:
    """They are in the file, under [[staff]]: only their phone is to be mended."""
    rota = SCHEDULE.format(name="coordinators", zone="America/New_York", who="Ana Lima")
    code, told = load(member("Ana Lima", phone) + rota)
    assert code == 1
    assert re.search(r"line 3: \[\[staff\]\] Ana Lima: phone: ", told), told
    assert told.count("[[") == 1


def test_slips_of_every_kind_are_told_at_the_first_try(load: Load) -> None:
    """What is written wrongly, what names nobody, and what can't be rung; each once."""
    written = (
        member("Ben Ortiz", BEN).replace("roles", "role")
        + member("Kim Roe", "+16175550100", 'language = ["en"]')
        + SCHEDULE.format(name="coordinators", zone="Amerika/New_York", who="Anna Lima")
        + SCHEDULE.format(name="clinicians", zone="America/New_York", who="Zoe Quill")
        + '[[need]]\nname = "nights"\nline = "family"\npeople = "two"\n'
        + '[[policy]]\nsubject = "family"\nrung = 5\n'
    )
    code, told = load(written)
    assert code == 1
    for slip in ('role: is not a key here', 'language: is not a key here', "phone: it is the line's own number",
                 '"Amerika/New_York" is not a time zone', 'nobody on the staff is called "Zoe Quill"',
                 "people: write a number", "rung: a policy needs at least one"):  # fmt: skip
        assert told.count(slip) == 1, (slip, told)
    assert "Traceback" not in told


def test_every_slip_within_one_table_is_told_at_the_first_try(load: Load) -> None:
    """Whoever mends a rung's `how` reads of its `wait`, too, and of the next rung's; so with a plan and a need."""
    written = (
        member("Ana Lima")
        + SCHEDULE.format(name="coordinators", zone="Mars", who="Zoe Quill")
        + '[[schedule.rotation]]\nturns = ["Who"]\nevery = "7x"\nstarts = "x"\ndyas = 1\n'
        + '[[need]]\nname = "n"\nline = "x"\nrole = "y"\n'
        + '[[policy]]\nsubject = "emergency"\nacknowledge = 9\n'
        + '[[policy.rung]]\nwho = ["schedule:nix", "stff:x"]\nhow = ["fax"]\nwait = "soon"\n'
        + "[[policy.rung]]\nwho = []\nwait = 3\n"
    )
    code, told = load(written)
    assert code == 1
    for slip in (
        '"Mars" is not a time zone', 'nobody on the staff is called "Zoe Quill"', 'nobody on the staff is called "Who"',
        "rotation 1: every: write whole hours", "rotation 1: starts: write", "rotation 1: dyas: is not a key here",
        "line: use one of emergency", "role: use one of coordinator", "acknowledge: write 1, or 2",
        'there is no schedule "nix"', "rung 1: who: 'stff:x' must be", "rung 1: how: 'fax' must be",
        "rung 1: wait: must be", "rung 2: who: name at least one", "rung 2: wait: must be", "rung 2: how: must be",
    ):  # fmt: skip
        assert told.count(slip) == 1, (slip, told)


@pytest.mark.parametrize("policy", ["rung = [5]", "rung = [{who = 5}]", 'rung = "x"'])
def test_a_policy_in_no_form_at_all_is_refused_in_words(load: Load, policy: str) -> None:
    """Beside a schedule, which is held against what policies name."""
    rota = SCHEDULE.format(name="coordinators", zone="America/New_York", who="Ana Lima")
    code, told = load(member("Ana Lima") + rota + f'[[policy]]\nsubject = "family"\n{policy}\n')
    assert code == 1
    assert "[[policy]] family: " in told
    assert "Traceback" not in told


def test_an_invisible_mark_at_the_start_is_nobodys_business(load: Load, tmp_path: Path) -> None:
    """Editors put it there; so do names whose letters are put together in two ways."""
    code, _ = load("\ufeff" + member("Ana Lima\u0301"))
    assert code == 0
    assert "Everything is so already" in load(member("Ana Lim\u00e1"))[1]


# --- the document about it ---------------------------------------------------------------------------------------


def test_the_documented_example_is_taken_as_it_stands(load: Load) -> None:
    """And every key that a staff file may have is in it."""
    document = (REPOSITORY / "docs" / "staff-file.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```toml staff\n(.*?)^```$", document, re.MULTILINE | re.DOTALL)
    code, said = load(example)
    assert code == 0, said
    for key in ("name", "was", "phone", "verified", "roles", "languages", "active", "timezone", "always", "subject",
                "pause", "who", "how", "together", "wait", *PLAN[:-1], *ROTATION):  # fmt: skip
        assert re.search(rf"^\| `{key}` \|", document, re.MULTILINE), key


def test_the_line_of_a_key() -> None:
    """In its own table; of a table without it, the header's."""
    text = '[[staff]]\nname = "A"\n\n[[staff]]\nphone = "1"\nname = "B"\n[[policy]]\nsubject = "x"\n[[policy.rung]]\n'
    assert line_of(text, "staff", 1, "name") == 6
    assert line_of(text, "staff", 0, "phone") == 1
    assert line_of(text, "policy", 0, None) == 7
    assert line_of(text, "schedule", 0, "name") is None


@pytest.mark.parametrize("more", [[], ["--dry-run"]])
def test_a_schedule_with_a_hole_is_loaded_and_the_next_hole_is_told(load: Load, more: list[str]) -> None:
    """Once, and what to do; where there is none, nothing."""
    load(member("Ana Lima"))
    hole = CLERKS.replace('always = ["Ana Lima"]', "always = []")
    code, said = load(member("Ana Lima") + hole, *more)
    assert code == 0, said
    assert said.count("NOBODY who can be rung is on coordinators, from ") == 1
    assert "put somebody on, in this file or under On call." in said
    assert "NOBODY" not in load(member("Ana Lima") + CLERKS, *more)[1]
