"""`hotline directory`: whom callers may be sent to comes from a file, is shown, and goes back into one."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from hotline.commands import cli, directory_command, staff_file
from hotline.model import AuditKind
from hotline.operations.roster.directory_document import KEYS
from hotline.store.people import audit, directory
from tests.rules.test_fitting_entries import MONEY
from tests.running import at_home
from tests.settings.examples import REPOSITORY, good_environment

Say = Callable[..., tuple[int, str]]
HARBOR = """[[entry]]
name = "Harbor Detox"
kinds = ["detox"]
numbers = ["(617) 555-0161"]
hours = ["Mon-Fri 8:00-18:00", "Sat 9:00-12:00"]
languages = ["en", "es"]
hand_offs = true
notes = "Ask for a bed first."
"""
BOSTON = """[[entry]]
name = "Boston dispatch"
kinds = ["dispatch"]
numbers = ["617-555-0167"]
hours = "always"
towns = ["Boston"]
"""


@pytest.fixture
def centre(tmp_path: Path) -> dict[str, str]:
    """The environment of a centre with an empty database."""
    environ = good_environment(tmp_path)
    at_home.empty(tmp_path)
    return environ


@pytest.fixture
def say(
    centre: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Say:
    """Load a file of these words: the exit code, and what is said on both streams."""
    for name, value in centre.items():
        monkeypatch.setenv(name, value)

    def run(written: str, *more: str, name: str = "directory.toml") -> tuple[int, str]:
        file = tmp_path / name
        file.write_text(written, encoding="utf-8")
        code = cli.main(["directory", "load", str(file), *more])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


def test_a_file_is_taken_shown_and_written_out_and_again_changes_nothing(
    say: Say, centre: dict[str, str]
) -> None:
    """Numbers as people write them; each change is in the audit trail."""
    code, said = say(HARBOR + BOSTON)
    assert (code, said) == (
        0,
        "  Harbor Detox: new\n  Boston dispatch: new\nTook 2 entries; 2 of them new or changed.\n",
    )
    dumped = directory_command.dump(centre)
    assert "+16175550161" in dumped
    assert 'hours = ["Mon-Fri 08:00-18:00", "Sat 09:00-12:00"]' in dumped
    assert 'hours = "always"' in dumped
    assert "Everything is so already.\nTook 2 entries; 0 of them" in say(dumped)[1]
    listed = directory_command.listed(centre)
    assert "Boston dispatch  dispatch  +16175550167  open now" in listed
    assert listed.splitlines()[1].endswith("takes hand-offs")
    database = staff_file.open_here(centre)
    with database.read() as tx:
        for one in directory.every(tx):
            (noted,) = audit.about(tx, AuditKind.DIRECTORY, one.id)
            assert (noted.action, noted.staff_id) == ("directory added", None)
    database.dispose()


def test_nothing_is_done_in_a_dry_run(say: Say, centre: dict[str, str]) -> None:
    code, said = say(HARBOR, "--dry-run")
    assert (code, said) == (0, "  Harbor Detox: new\nNothing was changed.\n")
    assert directory_command.listed(centre).startswith("Nobody is in the directory")


def test_a_sheet_says_the_same(say: Say, centre: dict[str, str]) -> None:
    """With several in one cell, and in whatever words a sheet has for yes."""
    sheet = (
        "Name;Kinds;Numbers;Hours;Languages;Towns;Hand offs;Notes\n"
        'Harbor Detox;detox;(617) 555-0161;"Mon-Fri 8:00-18:00; Sat 9:00-12:00";en, es;;x;Ask for a bed first.\n'
        "Boston dispatch;dispatch;617-555-0167;always;;Boston;no;\n"
    )
    assert say(sheet, name="directory.csv")[0] == 0
    as_sheet, as_toml = directory_command.dump(centre, sheet=True), directory_command.dump(centre)
    assert "Everything is so already" in say(HARBOR + BOSTON)[1]
    assert "Everything is so already" in say(as_sheet, name="again.csv")[1]
    assert "Everything is so already" in say(as_toml)[1]


def test_who_is_named_no_more_stays_and_who_is_retired_is_shown_no_more(
    say: Say, centre: dict[str, str]
) -> None:
    say(HARBOR + BOSTON)
    assert "Harbor Detox: retired" in say(HARBOR + "active = false\n")[1]
    assert directory_command.listed(centre).splitlines()[0].startswith("Boston dispatch")
    assert "Harbor Detox: back" in say(HARBOR)[1]
    renamed = HARBOR.replace('"Harbor Detox"', '"Harbor Hospital"\nwas = "Harbor Detox"')
    assert "Harbor Detox, now Harbor Hospital: another name" in say(renamed)[1]
    assert "Everything is so already" in say(renamed)[1]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('numbers = ["911"]', "it is an emergency number, which everybody dials from their own phone"),
        ('numbers = ["+1 911"]', "only 988 may stand as it is"),
        ('numbers = ["900 555 0123"]', "such are never dialled"),
        ('numbers = ["617 555 0100"]', "the call would come back"),
        ('numbers = ["+44 20 7946 0123"]', "outside of countries"),
        ('numbers = ["617 555 0161 ext. 4"]', "the extension in notes"),
        ('numbers = ["call us"]', "write it with its area code"),
        ('numbers = ["988"]\nhand_offs = true', "rings a number of ten digits"),
        ('hours = "weekdays"', 'write "always", or a list'),
        ('hours = ["Mon-Fri"]', 'write hours such as "Mon-Fri 08:00-20:00"'),
        ('timezone = "Boston"', "is no time zone"),
        ('languages = ["spanish"]', '"spanish" is not known here'),
        ('kinds = ["detocks"]', 'did you mean "detox"?'),
        ('kinds = ["dispatch"]', "name the towns that it serves"),
        (
            'kinds = ["dispatch"]\ntowns = ["Boston"]\nhand_offs = true',
            "dialled by people, from their own phone",
        ),
        ("fee = 100", "is not a key here"),
        ("notes = 7", "write a text in quotes"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_nothing_is_taken(
    say: Say, centre: dict[str, str], written: str, told: str
) -> None:
    """In the voice of the staff file."""
    kinds = "" if "kinds" in written else 'kinds = ["other"]\n'
    code, said = say(f'[[entry]]\nname = "Harbor"\n{kinds}{written}\n')
    assert code == 1
    assert "Nothing was changed. To mend:" in said
    assert "directory.toml, line " in said
    assert told in said
    assert directory_command.listed(centre).startswith("Nobody is in the directory")


def test_a_dispatch_centre_is_rung_under_no_other_name(say: Say) -> None:
    """Whether it comes in the same file or was there before."""
    disguised = HARBOR.replace("555-0161", "555-0167")
    assert "which we never ring" in say(disguised + BOSTON)[1]
    assert say(BOSTON)[0] == 0
    assert "which we never ring" in say(disguised)[1]
    assert say(disguised.replace("hand_offs = true\n", ""))[0] == 0
    assert "which we never ring" in say(disguised)[1]


def test_every_key_is_in_the_guide() -> None:
    """And no other."""
    guide = (REPOSITORY / "docs/referrals.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in guide.splitlines() if line.startswith("| `")]
    assert {key for row in rows for key in re.findall(r"`(\w+)`", row)} == set(KEYS) - {"was"}


def test_no_key_is_for_money() -> None:
    """Nobody is paid for sending somebody anywhere (18 USC 220)."""
    assert not [key for key in KEYS for word in MONEY if word in key.split("_")]


@pytest.mark.parametrize("file", ["docs/directory-massachusetts.toml", "hotline/samples/directory.toml"])
def test_the_files_that_we_ship_can_be_taken(say: Say, file: str) -> None:
    """Each entry says where it is known from."""
    text = (REPOSITORY / file).read_text(encoding="utf-8")
    assert say(text)[0] == 0
    assert text.count("\nsource = ") == text.count("[[entry]]")
