"""`hotline staff`: people come, change and go; what they had has somebody's name on it at once."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from hotline.commands import cli, staff_file
from hotline.commands import staff_command as staffing
from hotline.console import console_wiring
from hotline.model import CallbackId, Role
from hotline.operations.console import coordinator
from hotline.operations.people import members
from hotline.operations.people.leaving import Left
from hotline.operations.sign_in import inviting
from hotline.operations.transaction import Transaction
from hotline.settings.load import load_settings
from hotline.store.cases import callbacks, escalations
from hotline.store.people import phone_codes, schedules, staff
from hotline.store.people.staff import StaffRow
from tests.console.centre import Centre, sign_in
from tests.console.conftest import centre  # noqa: F401  # the fixture
from tests.observed import audit_trail
from tests.running import at_home
from tests.settings.examples import good_environment

PASSWORD = "four plain random words"
Hotline = Callable[..., tuple[int, str, str]]


@pytest.fixture
def hotline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Hotline:
    """The command, in this process, on an empty database: its exit code, and what it says on both streams."""
    environ = good_environment(tmp_path)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    at_home.empty(tmp_path)

    def run(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        code = cli.main(arguments)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def add(
    hotline: Hotline, name: str = "Ana Lima", phone: str = "+16175550101", role: str = "coordinator"
) -> None:
    code, _, err = hotline("staff", "add", name, "--role", role, "--verified", typed=f"{phone}\n{PASSWORD}\n")
    assert (code, err) == (0, "")


def test_a_phone_and_a_password_are_asked_for_and_never_on_the_command_line(hotline: Hotline) -> None:
    """One line of standard input each, where nobody sits at a terminal."""
    add(hotline)
    code, out, _ = hotline("staff", "list")
    assert (code, out) == (0, "Ana Lima  +16175550101  coordinator  en\n")


def test_the_first_admin_is_added_by_command_signs_in_and_reaches_the_settings(
    hotline: Hotline, tmp_path: Path
) -> None:
    """On a database that has nobody yet; what callers said is not theirs to see."""
    add(hotline, "Adam Cole", "+16175550109", "admin")
    application = staff_file.opened(load_settings(good_environment(tmp_path)))
    app = Flask("first")
    console_wiring.install(app, application)
    app.config["PREFERRED_URL_SCHEME"] = "https"
    client = app.test_client()
    assert sign_in(client, "Adam Cole", "wrong").status_code == 401
    assert sign_in(client, "Adam Cole", PASSWORD).location == "/board"
    for page in ("/settings", "/people"):
        assert client.get(page).status_code == 200, page
    assert "Adam Cole" in client.get("/people").text
    assert client.get("/search").status_code == 403
    application.database.dispose()


def test_a_number_or_words_on_the_command_line_are_taken_with_a_warning(hotline: Hotline) -> None:
    """Old scripts go on; everybody is told why they shouldn't."""
    ana = ("staff", "add", "Ana Lima", "--role", "coordinator", "--phone", "+16175550101")
    assert "list of processes" in hotline(*ana, typed=f"{PASSWORD}\n")[2]
    assert "list of processes" in hotline("classify", "help, he is not breathing")[2]
    assert "list of processes" in hotline("block", "add", "+16175550142", "--reason", "x")[2]
    assert hotline("classify", typed="help, he is not breathing\n")[2] == ""
    code, out, err = hotline("block", "add", typed="+16175550143\nshouts\n")
    assert (code, err) == (0, "")
    assert "Blocked" in out
    assert hotline("block", "remove", typed="+16175550143\n")[0] == 0


def test_who_was_loaded_gets_a_password(hotline: Hotline) -> None:
    """Nobody is locked out by doing things in another order; `add` says which command it is."""
    document = '[[staff]]\nname = "Ana Lima"\nphone = "+16175550101"\nroles = ["coordinator"]\n'
    assert hotline("load", "-", typed=document)[0] == 0
    assert "has no password" in hotline("staff", "list")[1]
    again = hotline("staff", "add", "Ana Lima", "--role", "coordinator", typed=f"+16175550101\n{PASSWORD}\n")
    assert again[0] == 1
    assert "hotline staff password" in again[2]
    assert hotline("staff", "password", "ana lima", typed=f"{PASSWORD}\n")[0] == 0
    assert hotline("staff", "list")[1] == "Ana Lima  +16175550101 (not verified)  coordinator  en\n"


def test_nobody_is_asked_for_a_password_in_vain(hotline: Hotline) -> None:
    """A name that nobody has, or somebody has already, and a number that can't be are told first."""
    add(hotline)
    code, _, said = hotline("staff", "password", "Ana Limma", typed="x\n")
    assert (code, said) == (1, "Ana Limma is not on the staff: `hotline staff list` shows who is.\n")
    for name, phone, told in (
        ("Ana Lima", "+16175550102", "Ana Lima is on the staff already"),
        ("Ben Ortiz", "911", "it is an emergency number"),
    ):
        code, _, said = hotline("staff", "add", name, "--role", "coordinator", typed=f"{phone}\nx\n")
        assert (code, told in said, "letters" in said) == (1, True, False)


def test_names_phones_and_roles_change(hotline: Hotline) -> None:
    """Each is said; a new phone is not rung until it is known to be theirs."""
    add(hotline)
    assert hotline("staff", "rename", "Ana Lima", "Ana  Souza")[:2] == (
        0,
        "Ana Lima is called Ana Souza now.\n",
    )
    assert "not rung" in hotline("staff", "phone", "Ana Souza", typed="+1 617 555 0109\n")[1]
    assert hotline("staff", "roles", "Ana Souza", "--role", "supervisor", "--role", "admin")[0] == 0
    assert hotline("staff", "list")[1] == "Ana Souza  +16175550109 (not verified)  admin, supervisor  en\n"


def test_a_code_makes_a_phone_one_that_is_rung(hotline: Hotline, tmp_path: Path) -> None:
    """Sent by text or by call, typed in by whoever it was read to; a wrong one is counted, and refused."""
    assert (
        hotline("staff", "add", "Ana Lima", "--role", "coordinator", typed=f"+16175550101\n{PASSWORD}\n")[0]
        == 0
    )
    assert "not verified" in hotline("oncall", "test", "Ana Lima")[2]
    assert "No code counts" in hotline("staff", "verify", "Ana Lima", typed="123456\n")[2]
    assert "counts for 10 minutes" in hotline("staff", "verify", "Ana Lima", "--by", "text")[1]
    assert hotline("staff", "verify", "Ana Lima", typed="12345\n")[0] == 1
    database = staff_file.open_here(good_environment(tmp_path))
    with database.read() as tx:
        row = staff.by_name(tx, "Ana Lima")
        kept = phone_codes.get(tx, row.id) if row is not None else None
    database.dispose()
    assert kept is not None
    assert kept.tries == 1
    assert "is rung from now on" in hotline("staff", "verify", "Ana Lima", typed=f"{kept.code}\n")[1]
    assert "verified already" in hotline("staff", "verify", "Ana Lima", "--by", "call")[2]
    assert "called and texted" in hotline("oncall", "test", "Ana Lima")[1]
    assert "answered no call in the last two weeks" in hotline("oncall", "readiness")[1]
    assert "opens with it" in hotline("staff", "pin", "Ana Lima", typed="482913\n")[1]
    assert "6 digits" in hotline("staff", "pin", "Ana Lima", typed="48291\n")[2]
    assert "however often" in hotline("staff", "guard", "Ana Lima", "off")[1]
    assert "every_page = true" in hotline("dump")[1]
    assert "let sleep" in hotline("staff", "guard", "Ana Lima", "on")[1]
    picture = tmp_path / "card.svg"
    assert hotline("staff", "card", "--qr", str(picture))[1].startswith("BEGIN:VCARD")
    assert "<svg" in picture.read_text()


def test_what_can_t_be_is_refused_in_words(hotline: Hotline) -> None:
    """Nobody of that name, somebody else's name or phone, no phone at all, too short a password."""
    add(hotline)
    add(hotline, "Ben Ortiz", "+16175550102")
    refused = [
        hotline("staff", "deactivate", "Zoe Nobody"),
        hotline("staff", "rename", "Ana Lima", "BEN ortiz"),
        hotline("staff", "phone", "Ana Lima", typed="+16175550102\n"),
        hotline("staff", "phone", "Ana Lima", typed="911\n"),
        hotline("staff", "password", "Ana Lima", typed="short\n"),
        hotline("staff", "rename", "Ana Lima", " "),
    ]
    for code, out, err in refused:
        assert (code, out) == (1, "")
        assert err
        assert "Traceback" not in err


@pytest.mark.parametrize("written", ["617-555-0120", "(617) 555-0120", "1 617 555 0120", "+1 617.555.0120"])
def test_a_phone_is_read_as_everywhere_else(hotline: Hotline, tmp_path: Path, written: str) -> None:
    """As it is dialled at home or from abroad: by both commands, and in the staff file."""
    add(hotline, "Zoe Park", written)
    assert "+16175550120" in hotline("dump")[1]
    assert hotline("staff", "phone", "Zoe Park", typed="617-555-0121\n")[0] == 0
    file = tmp_path / "staff.toml"
    member = f'[[staff]]\nname = "Zoe Park"\nphone = "{written}"\nroles = ["coordinator"]\n'
    file.write_text(member, encoding="utf-8")
    code, told, _ = hotline("load", str(file))
    assert (code, "Zoe Park" in told) == (0, True)
    assert "+16175550120" in hotline("dump")[1]


@pytest.mark.parametrize("command", ["add", "phone"])
@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("+16175550100", "it is the line's own number: the call would come back to it."),
        ("+16175550199", "it is the failsafe number: that rings when nobody on the staff can be rung"),
        (
            "+442079460123",
            "it is outside of countries in hotline.toml: add its country there, if it is right.",
        ),
        ("call me", "it is no telephone number: write one such as +16175550101."),
        ("+16175550101 x5", "an extension can't be dialled"),
    ],
)
def test_a_phone_that_can_t_be_rung_is_refused_as_in_the_staff_file(
    hotline: Hotline, command: str, number: str, why: str
) -> None:
    """With whose it is and the way out; nothing is changed, and no number is repeated."""
    add(hotline, "Ben Ortiz", "+16175550102")
    name = "Zoe Park" if command == "add" else "Ben Ortiz"
    more = ("--role", "coordinator") if command == "add" else ()
    code, out, err = hotline("staff", command, name, *more, typed=f"{number}\n{PASSWORD}\n")
    assert (code, out) == (1, "")
    assert err.startswith(f"The phone of {name}: {why}")
    assert number not in err.replace("such as +16175550101", "")
    assert hotline("staff", "list")[1] == "Ben Ortiz  +16175550102  coordinator  en\n"


def test_a_reset_prints_a_code_and_ends_the_old_password(hotline: Hotline) -> None:
    """With where to use it, and for how long."""
    add(hotline)
    code, out, _ = hotline("staff", "reset", "Ana Lima")
    assert code == 0
    link, _, typed = out.split("\n")[0].partition("#")
    assert link.endswith("/sign-in/code")
    assert len(typed.replace("-", "")) == 16
    assert "has a one-time link" in hotline("staff", "list")[1]


def test_whoever_has_left_is_on_no_list_and_frees_name_and_phone(hotline: Hotline) -> None:
    """A newcomer may have both; what `dump` prints can be loaded."""
    add(hotline)
    code, out, _ = hotline("staff", "remove", "Ana Lima")
    assert code == 0
    assert "They had nothing open." in out
    assert hotline("staff", "list")[1].startswith("Nobody is on the staff")
    add(hotline)
    dumped = hotline("dump")[1]
    assert dumped.count("[[staff]]") == 1
    assert hotline("load", "-", typed=dumped)[0] == 0


def test_deactivating_can_be_undone(hotline: Hotline) -> None:
    """Off the staff, and on it again."""
    add(hotline)
    assert hotline("staff", "deactivate", "Ana Lima")[0] == 0
    assert "off the staff" in hotline("staff", "list")[1]
    assert "staff activate" in hotline("staff", "reset", "Ana Lima")[2]
    assert hotline("staff", "activate", "Ana Lima")[0] == 0
    assert "off the staff" not in hotline("staff", "list")[1]


# --- what they had -----------------------------------------------------------------------------------------------


def leave(centre: Centre, name: str, how: Callable[[Transaction, StaffRow], Left]) -> Left:  # noqa: F811
    """Somebody leaves; what they had."""

    def work(transaction: Transaction) -> Left:
        row = staff.get(transaction.tx, centre.people[name])
        assert row is not None
        return how(transaction, row)

    return centre.application.change(work)


@pytest.mark.parametrize("how", [members.deactivate, members.remove])
def test_what_somebody_had_is_others_at_once(
    centre: Centre,  # noqa: F811
    how: Callable[[Transaction, StaffRow], Left],
) -> None:
    """A callback is back in line, a text and an emergency are asked for anew; their sessions are over."""
    client = centre.signed_in("Ana Lima")
    first = centre.asks_for_callback("+16175550142")
    centre.claims("Ana Lima", first)
    centre.texts("can a person read this")
    text = centre.escalation()
    centre.clock.pass_by(timedelta(seconds=1))
    centre.application.change(
        lambda transaction: coordinator.accept(transaction, text, centre.people["Ana Lima"])
    )
    centre.calls_in("+16175550150", keys="1")
    emergency = centre.escalation()
    centre.application.change(
        lambda transaction: coordinator.accept(transaction, emergency, centre.people["Ana Lima"])
    )
    left = leave(centre, "Ana Lima", how)
    assert (left.callbacks, left.texts, left.emergencies) == (1, 1, 1)

    def look(transaction: Transaction) -> tuple[object, list[object]]:
        row = callbacks.get(transaction.tx, CallbackId(first))
        assert row is not None
        open_now = [one.escalation.accepted_by for one in escalations.all_open(transaction.tx)]
        return row.callback.owner, open_now  # type: ignore[return-value]

    owner, accepted = centre.application.look(look)
    assert owner is None
    assert set(accepted) == {None}
    assert client.get("/board").status_code == 303


def test_who_was_the_last_on_a_schedule_is_missed_when_they_are_put_off_the_staff(centre: Centre) -> None:  # noqa: F811
    """They stay on it, for they may come back; but until then nobody is."""
    left = leave(centre, "Chloe Baptiste", members.deactivate)
    assert (left.schedules, left.empty) == ((), ("clinicians",))
    assert "NOBODY is on clinicians now" in staffing.what_is_handed_on("Chloe Baptiste", left)
    assert leave(centre, "Ana Lima", members.deactivate).empty == ()
    assert leave(centre, "Ben Ortiz", members.deactivate).empty == ("coordinators",)


def test_a_leaver_is_off_the_schedules_and_an_empty_one_is_shouted(centre: Centre) -> None:  # noqa: F811
    """Nobody else is on call for clinicians: whoever removes her reads it."""
    left = leave(centre, "Chloe Baptiste", members.remove)
    assert (left.schedules, left.empty) == (("clinicians",), ("clinicians",))
    assert "NOBODY is on clinicians now" in staffing.what_is_handed_on("Chloe Baptiste", left)
    on = centre.application.look(
        lambda transaction: {one.name: one.always for one in schedules.every(transaction.tx)}
    )
    assert on["clinicians"] == ()
    row = centre.application.look(
        lambda transaction: staff.get(transaction.tx, centre.people["Chloe Baptiste"])
    )
    assert row is not None
    assert row.name.startswith("Chloe Baptiste (left 2026-03-02")
    assert row.has_left


def test_all_of_it_is_in_the_audit_trail(centre: Centre) -> None:  # noqa: F811
    """What was done to whose account, in order."""

    def work(transaction: Transaction) -> None:
        def ana() -> StaffRow:
            row = staff.get(transaction.tx, centre.people["Ana Lima"])
            assert row is not None
            return row

        members.rename(transaction, ana(), "Ana Souza")
        members.set_roles(transaction, ana(), [Role.SUPERVISOR])
        inviting.reset(transaction, ana(), None)
        members.deactivate(transaction, ana())
        members.activate(transaction, ana())
        members.remove(transaction, ana())

    centre.application.change(work)
    said = centre.application.look(lambda transaction: [one.action for one in audit_trail(transaction.tx)])
    assert said == ["renamed", "roles changed", "password reset", "deactivated", "activated", "removed"]
