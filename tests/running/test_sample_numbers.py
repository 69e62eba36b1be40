"""Nobody goes live with the numbers of the example without being told."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from hotline.commands import staff_file
from hotline.commands.run import listening
from hotline.dialling import read
from hotline.model import PhoneNumber
from hotline.operations.watching.sample_numbers import is_sample, warnings
from hotline.runtime.wiring import open_database
from hotline.settings.load import Settings, load_settings
from tests.running import at_home
from tests.settings.examples import REPOSITORY, good_environment

THEIRS = {"TWILIO_ACCOUNT_SID": "AC" + "1" * 32, "PUBLIC_BASE_URL": "https://line.centre.test"}
REAL = '[line]\nname = "Hotline"\nnumbers = ["+16172530000"]\nfailsafe_number = "+16172531000"\n'
STAFF = '[[staff]]\nname = "Ana Lima"\nphone = "{}"\nverified = true\nroles = ["coordinator"]\n'


def told(directory: Path, centre: str | None, phone: str, **environment: str) -> tuple[str, ...]:
    """What is said of a centre whose line is this, or the shipped one, and of whose one member that is the phone."""
    environ = good_environment(directory, **environment)
    config = directory / "centre.toml"
    config.write_text(centre or (REPOSITORY / "hotline.toml").read_text("utf-8"), encoding="utf-8")
    environ["HOTLINE_CONFIG"] = str(config)
    at_home.empty(directory)
    staff = directory / "staff.toml"
    staff.write_text(STAFF.format(phone), encoding="utf-8")
    staff_file.load(environ, staff)
    settings: Settings = load_settings(environ)
    database = open_database(settings, staff_file.PATIENCE)
    with database.read() as tx:
        found = warnings(settings, tx)
    database.dispose()
    return found


@pytest.mark.parametrize(
    "number",
    ["+16175550100", "+16175550199", "+12125554240", "+18005550123", "+442079460123", "+447700900123"],
)
def test_numbers_of_films_and_examples_are_known(number: str) -> None:
    """North America's 555, and the United Kingdom's."""
    assert is_sample(PhoneNumber(number))


@pytest.mark.parametrize(
    "number",
    ["+16172530000", "+16175560100", "+15556170100", "+18005558355", "+442079450123", "+5511955501234"],
)
def test_other_numbers_are_somebodys(number: str) -> None:
    """555 elsewhere in the number, or in a toll-free one, is nothing special."""
    assert not is_sample(PhoneNumber(number))


def test_the_samples_are_samples() -> None:
    """Whoever copies what we ship is told of each of its numbers."""
    shipped = [REPOSITORY / "hotline.toml", *(REPOSITORY / "hotline/samples").glob("*.toml")]
    for file in shipped:
        written = tomllib.loads(file.read_text("utf-8"))
        line = written.get("line", {})
        numbers = [*line.get("numbers", ()), *filter(None, [line.get("failsafe_number")])]
        numbers += [one["phone"] for one in written.get("staff", ())]
        theirs = [number for one in written.get("entry", ()) for number in one["numbers"] if number != "988"]
        numbers += [read(number, ["US"]).e164 for number in theirs]  # type: ignore[union-attr]
        assert numbers
        assert all(is_sample(PhoneNumber(number)) for number in numbers)


def test_who_runs_with_the_shipped_example_is_told_what_will_not_ring(tmp_path: Path) -> None:
    """The line's numbers, its last resort, and how many of the staff's phones; no number, no name."""
    said = told(tmp_path, None, "+16175550101", **THEIRS)
    assert [one.partition(":")[0].partition(" is ")[0] for one in said] == [
        "[line] numbers",
        "[line] failsafe_number",
        "staff",
    ]
    assert "555" not in " ".join(said)
    assert "Ana" not in " ".join(said)


def test_who_runs_with_the_account_and_address_of_the_readme_is_told(tmp_path: Path) -> None:
    """As they stand there; the token is not shown."""
    names = {
        "account_sid": "TWILIO_ACCOUNT_SID",
        "auth_token": "TWILIO_AUTH_TOKEN",
        "public_base_url": "PUBLIC_BASE_URL",
    }
    text = (REPOSITORY / "README.md").read_text("utf-8")
    shown = {
        names[name]: value for name, value in re.findall(r'^ *(\w+) = "(\S+)"$', text, re.M) if name in names
    }
    said = told(tmp_path, REAL, "+16172532000", **shown)
    assert [one.split()[0] for one in said] == list(names.values())
    assert shown["TWILIO_AUTH_TOKEN"] not in " ".join(said)


def test_where_it_listens_is_said_and_what_must_stand_before_it(tmp_path: Path) -> None:
    assert listening(load_settings(good_environment(tmp_path, PORT="8123", **THEIRS))) == (
        "Hotline listens at http://127.0.0.1:8123. Its address is https://line.centre.test: "
        "something with HTTPS must stand there and lead to it."
    )


def test_who_has_written_their_own_is_told_nothing(tmp_path: Path) -> None:
    """A line with real numbers, and staff with real phones."""
    assert told(tmp_path, REAL, "+16172532000", **THEIRS) == ()


def test_with_a_pretended_carrier_samples_are_as_they_should_be(tmp_path: Path) -> None:
    """The demo says nothing of them."""
    elsewhere = {"TWILIO_API_BASE_URL": "http://127.0.0.1:9", "PUBLIC_BASE_URL": "http://127.0.0.1:8000"}
    assert told(tmp_path, None, "+16175550101", **elsewhere) == ()
