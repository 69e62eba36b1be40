"""`hotline setup`: asked in order, checked at once, stopped and taken up again, and nothing written over."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from hotline.commands.cli import main
from hotline.commands.going_live.centre_files import Folder, config_text
from hotline.commands.going_live.questions import SetupQuestion
from hotline.commands.going_live.setup_command import gathered, set_up, until_it_stands
from hotline.commands.staff_file import CommandRefused, ask_password, look
from hotline.model import Role
from hotline.settings.load import Settings, load_settings
from hotline.simulator.serving import Served
from hotline.store.people import staff
from hotline.store.people.staff import StaffRow
from tests.going_live.account import LINE, PAGING, Account, open_account

PASSWORD = "correct horse battery staple"


@pytest.fixture
def carrier(tmp_path: Path) -> Iterator[tuple[str, Account]]:
    account = open_account(tmp_path / "account")
    with Served(account.sim) as served:
        yield served.url, account


def good(carrier: tuple[str, Account]) -> dict[str, str]:
    """All answers, as they would be typed."""
    url, account = carrier
    return {
        "api_base_url": url,
        "account_sid": account.settings.twilio_account_sid,
        "auth_token": account.settings.twilio_auth_token.get_secret_value(),
        "numbers": LINE,
        "name": "Care Line",
        "registered_name": "Care Center, Inc.",
        "failsafe_number": "+16174960199",
        "paging_number": PAGING,
        "timezone": "America/New_York",
        "languages": "en, es",
        "public_base_url": url,
        "database_url": "",
        "admin_name": "Adam Cole",
        "admin_phone": "+16174960303",
    }


@pytest.fixture
def centre(tmp_path: Path) -> Path:
    folder = tmp_path / "centre"
    folder.mkdir()
    return folder


Ask = Callable[[SetupQuestion, str], str]


def typed(answers: Mapping[str, str], asked: list[str], *, first: Mapping[str, str] | None = None) -> Ask:
    """Somebody who types these; `first`: what they type the first time."""
    wrongly = dict(first or {})

    def ask(one: SetupQuestion, wrong: str) -> str:
        asked.append(f"{one.key}: {wrong}" if wrong else one.key)
        return wrongly.pop(one.key, None) or answers[one.key]

    return ask


def _set_up(folder: Path, answers: Mapping[str, str]) -> list[str]:
    said: list[str] = []
    given = gathered(Folder(folder), None, answers, said.append)
    set_up(Folder(folder), given, said.append, lambda _: False, lambda: PASSWORD)
    return said


def _environment(folder: Path) -> dict[str, str]:
    lines = (folder / "hotline.env").read_text().splitlines()
    return {name: value.strip("'") for name, _, value in (line.partition("=") for line in lines)}


def test_everything_is_asked_in_order_and_written_down(carrier: tuple[str, Account], centre: Path) -> None:
    """What was set up can be run: settings are read, the database is there, and the first admin is in."""
    asked: list[str] = []
    said: list[str] = []
    answers = good(carrier)
    here = {"api_base_url": answers["api_base_url"]}
    given = gathered(Folder(centre), typed(answers, asked), here, said.append)
    assert asked == [key for key in answers if key != "api_base_url"]
    assert any(LINE in one for one in said), "the account's numbers are told with the token"
    set_up(Folder(centre), given, said.append, lambda _: False, lambda: PASSWORD)
    settings = load_settings(_environment(centre))
    line = settings.centre.line
    assert [one.e164 for one in line.own] == [LINE, PAGING]
    assert (line.name, line.business, [*line.languages]) == ("Care Line", "Care Center, Inc.", ["en", "es"])
    assert settings.metrics_token is not None
    (admin,) = look(_environment(centre), _everybody)
    assert (admin.name, admin.roles, admin.verified) == ("Adam Cole", frozenset({Role.ADMIN}), False)
    assert admin.password_hash


def _everybody(_settings: Settings, tx: object, _now: object) -> list[StaffRow]:
    return staff.active(tx)  # type: ignore[arg-type]


def test_secrets_are_in_files_that_only_their_owner_reads(carrier: tuple[str, Account], centre: Path) -> None:
    """And nowhere else: not in hotline.env, not in what was answered so far."""
    answers = good(carrier)
    gathered(Folder(centre), None, answers, lambda _: None)
    assert answers["auth_token"] not in Folder(centre).saved.read_text()
    _set_up(centre, answers)
    files = [one for one in centre.rglob("*") if one.is_file() and "var" not in one.parts]
    assert {one.name for one in files} == {
        "hotline.toml",
        "hotline.env",
        "twilio_auth_token",
        "data_key",
        "secret_key",
        "metrics_token",
    }
    assert {one.stat().st_mode & 0o777 for one in files} == {0o600}
    assert (centre / "secrets").stat().st_mode & 0o777 == 0o700
    assert answers["auth_token"] not in (centre / "hotline.env").read_text()


WRONG: dict[str, tuple[str, str]] = {
    "account_sid": ("AC12", "is wrong"),
    "auth_token": ("another-token-of-somebody", "refused by the carrier"),
    "numbers": ("+16174960777", "none of the account's numbers"),
    "name": ("Detox Line", "detox"),
    "failsafe_number": (LINE, "must not be one of the line's numbers"),
    "paging_number": (LINE, "must not be one of the line's numbers"),
    "timezone": ("America/Boston", "is not a time zone"),
    "languages": ("en, xx", "must be"),
    "public_base_url": ("http://hotline.example.org", "https://"),
    "database_url": ("postgresql://hotline:x@127.0.0.1:1/hotline", "can't be reached"),
    "admin_name": ("Adam", "last name"),
    "admin_phone": ("(617) 496-0199", "it is the failsafe number"),
}


@pytest.mark.parametrize("key", WRONG)
def test_a_wrong_answer_is_told_at_once_and_asked_again(
    carrier: tuple[str, Account], centre: Path, key: str
) -> None:
    """In the words that hotline.toml and the environment have for it."""
    answer, word = WRONG[key]
    asked: list[str] = []
    answers = good(carrier)
    here = {"api_base_url": answers["api_base_url"]}
    gathered(Folder(centre), typed(answers, asked, first={key: answer}), here, lambda _: None)
    place = asked.index(key)
    assert asked[place + 1].startswith(f"{key}: ")
    assert word in asked[place + 1]


@pytest.mark.parametrize(
    ("key", "answer", "word"),
    [
        ("numbers", "617 496", "(entry 1) must be"),
        ("paging_number", "+16174960199", "must not be the failsafe number"),
        ("admin_phone", LINE, "the line's own number"),
        ("admin_phone", PAGING, "the line's own number"),
        ("admin_phone", "55", "not a possible number"),
        ("database_url", "mysql://hotline@127.0.0.1/hotline", "it starts with sqlite"),
    ],
)
def test_numbers_are_held_against_all_that_was_said_before(
    carrier: tuple[str, Account], centre: Path, key: str, answer: str, word: str
) -> None:
    """By the question's name, and no name from inside."""
    asked: list[str] = []
    answers = good(carrier)
    here = {"api_base_url": answers["api_base_url"]}
    gathered(Folder(centre), typed(answers, asked, first={key: answer}), here, lambda _: None)
    told = asked[asked.index(key) + 1]
    assert word in told
    assert "_number" not in told.removeprefix(f"{key}: ")


def test_numbers_are_read_as_people_write_them(carrier: tuple[str, Account], centre: Path) -> None:
    """As in the staff file: without a country code they are the U.S.'s."""
    answers = good(carrier) | {"failsafe_number": "(617) 496-0199", "admin_phone": "617 496 0303"}
    given = gathered(Folder(centre), None, answers, lambda _: None)
    assert (given["failsafe_number"], given["admin_phone"]) == ("+16174960199", "+16174960303")


def test_an_answer_that_is_refused_at_the_end_is_asked_once_more(
    carrier: tuple[str, Account], centre: Path
) -> None:
    """And nothing else is: somebody who is on the staff has that phone already."""
    _set_up(centre, good(carrier))
    answers = good(carrier) | {"admin_name": "Eva Moss"}
    asked: list[str] = []
    said: list[str] = []
    ask = typed({"admin_phone": "+16174960304"}, asked)
    until_it_stands(Folder(centre), ask, answers, said.append, lambda _: False, lambda: PASSWORD)
    assert asked == ["admin_phone"]
    assert any(one.startswith("+16174960303: ") for one in said)
    assert said[-1] == "Eva Moss can sign in now."


def test_a_password_that_is_too_short_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it must be is said before it is typed; so for everybody whose password is asked in a terminal."""
    terminal, other = os.openpty()
    os.write(terminal, f"short\n{PASSWORD}\nanother\n{PASSWORD}\n{PASSWORD}\n".encode())
    with os.fdopen(other) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        assert ask_password(lambda _: stdin.readline().rstrip("\n")) == PASSWORD
    os.close(terminal)
    rule, short, differ = capsys.readouterr().out.splitlines()
    assert "at least 12 characters" in rule
    assert "5 characters" in short
    assert "not the same" in differ


def test_it_is_taken_up_where_it_was_stopped(carrier: tuple[str, Account], centre: Path) -> None:
    """What was answered is not asked again; the token neither, though it is in no file of answers."""
    answers = good(carrier)

    class Stopped(Exception):
        pass

    def stops(one: SetupQuestion, _wrong: str) -> str:
        if one.key == "timezone":
            raise Stopped
        return answers[one.key]

    here = {"api_base_url": answers["api_base_url"]}
    with pytest.raises(Stopped):
        gathered(Folder(centre), stops, here, lambda _: None)
    before = {key: str(value) for key, value in tomllib.loads(Folder(centre).saved.read_text()).items()}
    asked: list[str] = []
    gathered(Folder(centre), typed(answers, asked), before, lambda _: None)
    assert asked == ["timezone", "languages", "public_base_url", "database_url", "admin_name", "admin_phone"]
    before = {key: str(value) for key, value in tomllib.loads(Folder(centre).saved.read_text()).items()}
    gathered(Folder(centre), typed({}, []), before, lambda _: None)


def test_setting_up_once_more_changes_nothing(carrier: tuple[str, Account], centre: Path) -> None:
    """Keys above all: with others nobody could read what is there."""
    _set_up(centre, good(carrier))
    before = {one: one.read_bytes() for one in centre.rglob("*") if one.is_file() and "var" not in one.parts}
    said = _set_up(centre, good(carrier))
    assert {one: one.read_bytes() for one in before} == before
    assert "Adam Cole is on the staff already." in said


def test_a_file_that_says_something_else_is_kept_unless_somebody_agrees(
    carrier: tuple[str, Account], centre: Path
) -> None:
    """A centre's own changes are its own."""
    _set_up(centre, good(carrier))
    own = (centre / "hotline.toml").read_text().replace('# admissions = "15m"', 'admissions = "5m"')
    (centre / "hotline.toml").write_text(own)
    said = _set_up(centre, good(carrier))
    assert (centre / "hotline.toml").read_text() == own
    assert any("Kept" in one for one in said)


def test_machines_give_all_answers_in_a_file(
    carrier: tuple[str, Account],
    centre: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Lists as lists; what is missing or wrong is told all at once, and nothing is written over."""
    monkeypatch.chdir(centre)
    answers = good(carrier) | {"admin_password": PASSWORD}
    lines = [f'{key} = "{value}"' for key, value in answers.items() if key != "languages"]
    (centre / "answers.toml").write_text("\n".join([*lines, 'languages = ["en", "es"]']))
    assert main(["setup", "--answers", "answers.toml"]) == 0
    told = capsys.readouterr().out
    assert "hotline provision" in told
    assert PASSWORD not in told
    (centre / "hotline.toml").write_text('[line]\nname = "Other"\n')
    assert main(["setup", "--answers", "answers.toml"]) == 1
    assert "was not touched" in capsys.readouterr().err
    (centre / "answers.toml").write_text('name = "Care Line"\ntimezone = "Nowhere"\n')
    assert main(["setup", "--answers", "answers.toml"]) == 1
    problems = capsys.readouterr().err
    assert "account_sid is missing" in problems
    assert "timezone" in problems
    (centre / "answers.toml").write_text('nmae = "Care Line"\n')
    assert main(["setup", "--answers", "answers.toml"]) == 1
    assert "nobody asks for nmae" in capsys.readouterr().err


def test_nobody_is_asked_where_nobody_is(
    centre: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A machine gives a file."""
    monkeypatch.chdir(centre)
    assert main(["setup"]) == 1
    assert "--answers" in capsys.readouterr().err
    assert os.listdir(centre) == []


def test_where_no_line_is_one_thing_to_type_is_said(
    centre: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And not what all is missing; nor where a shell has not read what is there."""
    for name in ("PUBLIC_BASE_URL", "TWILIO_ACCOUNT_SID", "SECRET_KEY", "HOTLINE_CONFIG", "HOTLINE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(centre)
    assert main(["status"]) == 2
    (_, told) = capsys.readouterr().err.strip().splitlines()
    assert told.endswith("To set one up: hotline setup.")
    (centre / "hotline.env").touch()
    assert main(["status"]) == 2
    (_, told) = capsys.readouterr().err.strip().splitlines()
    assert told.endswith("set -a; . ./hotline.env; set +a")
    assert main(["doctor"]) == 2
    assert "is missing" not in capsys.readouterr().out


def test_every_default_stands_in_the_file_that_is_written() -> None:
    """As in hotline.toml itself: a centre sees what it could decide."""
    text = config_text(
        {"name": "Care Line", "numbers": LINE, "failsafe_number": "+16174960199", "languages": "en,es"}
    )
    assert '\nname = "Care Line"\n' in text
    assert f'\nnumbers = ["{LINE}"]\n' in text
    assert '\nlanguages = ["en", "es"]\n' in text
    assert '\nsecond_step = "required"\n' in text
    assert "# live_answer" in text


def test_a_disk_that_refuses_is_told_in_words(centre: Path) -> None:
    """And not by a traceback."""
    (centre / "secrets").write_text("no folder")
    with pytest.raises(CommandRefused, match="can't be"):
        Folder(centre).make_keys()
