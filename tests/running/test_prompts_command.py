"""`hotline prompts`, for those who answer for the words: no account, no database, only hotline.toml."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from hotline.commands import prompts_command
from hotline.model import Language
from hotline.prompts.shipped import SECTIONS, shipped
from hotline.settings import wording as checks
from hotline.settings.load import SettingsProblems
from hotline.settings.sentences import Sentence
from tests.prompts.sounds import record, wav
from tests.running import forked

LINE = '[line]\nname = "Hotline"\nnumbers = ["+16175550100"]\nfailsafe_number = "+16175550199"\n'
EVERY = [
    (language, section, key)
    for language in Language
    for section, entries in shipped(language).sections.items()
    for key in entries
]


def centre(home: Path, more: str = "", line: str = LINE) -> dict[str, str]:
    file = home / "hotline.toml"
    file.write_text(line + more, encoding="utf-8")
    return {"HOTLINE_CONFIG": str(file)}


def test_what_comes_with_hotline_has_nothing_wrong(tmp_path: Path) -> None:
    told = prompts_command.check(centre(tmp_path)).splitlines()

    assert told == [f"{len(EVERY)} prompts, 0 of them recorded: nothing is wrong."]


def test_a_language_without_a_voice_is_said_openly(tmp_path: Path) -> None:
    """Which prompts are still to be recorded, as long as there are any that can be."""
    record(tmp_path, "recordings/ht/menu.wav", wav(9))
    told = prompts_command.check(centre(tmp_path, line=f'{LINE}languages = ["en", "ht"]\n'))

    assert "1 of them recorded" in told
    assert "the carrier has no voice for ht; not recorded yet: first_words, " in told
    assert " menu," not in told
    assert " confirmed," not in told


def test_accents_that_cost_more_are_told_and_taken(tmp_path: Path) -> None:
    words = "{NAME}: Não. Ligue para {NUMBER} quando quiser, a qualquer hora do dia ou da noite."
    more = f'languages = ["en", "pt"]\n[prompts.pt.text]\ngoodbye = "{words}"\n'
    told = prompts_command.check(centre(tmp_path, more))

    assert "[prompts.pt.text] goodbye is sent in 2 parts because of ã." in told


def test_a_name_that_makes_every_text_cost_more_is_told(tmp_path: Path) -> None:
    told = prompts_command.check(centre(tmp_path, line=LINE.replace("Hotline", "Linha São")))

    assert "[line] name makes every text cost more parts, because of ã." in told


def test_everything_that_is_wrong_is_listed(tmp_path: Path) -> None:
    record(tmp_path, "recordings/es/first_words.wav", wav(9))
    with pytest.raises(prompts_command.Wrong) as wrong:
        prompts_command.check(centre(tmp_path, '[prompts.es.voice]\nmenu = "{X}"\n'))

    told = str(wrong.value).splitlines()
    assert len(told) == 4
    assert all(line.startswith("  - ") for line in told[1:])
    assert "has {X}" in told[1]
    assert "must say 1 and 2 and 3 and 0" in told[2]
    assert "es/first_words.wav takes about 9.0 seconds" in told[3]


def test_a_sentence_that_one_language_lacks_is_missing() -> None:
    lines = [Sentence(*each, words="") for each in EVERY]
    without = [line for line in lines if (line.language, line.key) != (Language.HT, "menu")]

    assert list(prompts_command.missing(lines)) == []
    assert list(prompts_command.missing(without)) == [
        "[prompts.ht.text] menu is missing.",
        "[prompts.ht.voice] menu is missing.",
    ]


def test_every_prompt_is_listed_with_its_length(tmp_path: Path) -> None:
    record(tmp_path, "recordings/es/first_words.wav", wav(7.5))
    listed = prompts_command.listing(centre(tmp_path, '[prompts.pt.text]\ngoodbye = "{NAME}: {NUMBER}."\n'))
    head, *rows = [line.split(maxsplit=3) for line in listed.splitlines()]

    assert [*head[:3], *head[3].split()] == ["language", "where", "name", "reference", "length", "whose"]
    assert [tuple(row[:3]) for row in rows] == [tuple(map(str, each)) for each in EVERY]
    lines = listed.splitlines()
    assert any(
        line.startswith("es") and "V01" in line and re.search(r"7\.5 s +recorded$", line) for line in lines
    )
    assert any(
        line.startswith("pt") and "S13" in line and re.search(r"1 part +your words$", line) for line in lines
    )


def test_what_is_exported_can_be_taken_back_as_it_is(tmp_path: Path) -> None:
    """The whole of it is valid, and changes nothing."""
    exported = tomllib.loads(prompts_command.export(centre(tmp_path)))["prompts"]
    taken, problems = checks.written(exported)

    assert problems == ()
    for language, section, key in EVERY:
        words = shipped(language).sections[section][key]
        assert taken[(language, SECTIONS[section], key)] == words


def test_one_language_is_exported_with_the_reviewers_numbers(tmp_path: Path) -> None:
    exported = prompts_command.export(
        centre(tmp_path, '[prompts.ht.voice]\ngoodbye = "Mèsi."\n'), [Language.HT]
    )

    assert set(tomllib.loads(exported)["prompts"]) == {"ht"}
    assert 'goodbye = "Mèsi." # V17\n' in exported


def test_a_sheet_has_the_english_beside_each_sentence(tmp_path: Path) -> None:
    sheet = csv.DictReader(prompts_command.export(centre(tmp_path), [Language.PT], as_csv=True).splitlines())
    rows = {(row["section"], row["prompt"]): row for row in sheet}

    assert len(rows) == len([each for each in EVERY if each[0] is Language.PT])
    menu = rows["voice", "menu"]
    assert (menu["reference"], menu["language"]) == ("V03", "pt")
    assert menu["english"].startswith("For an emergency, press 1.")
    assert menu["words"].startswith("Para emergência, tecle 1.")


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    gone = {"HOTLINE_CONFIG": str(tmp_path / "none.toml")}
    with pytest.raises(SettingsProblems, match="there is no such file"):
        prompts_command.listing(gone)
    with pytest.raises(SettingsProblems, match="there is no such file"):
        prompts_command.export(gone)
    with pytest.raises(prompts_command.Wrong, match="there is no such file"):
        prompts_command.check(gone)


@pytest.mark.process
def test_the_command_needs_nothing_and_tells_by_its_exit_code(tmp_path: Path) -> None:
    """0 done, 1 something is wrong with the words, 2 there is no listing them."""

    def hotline(*arguments: str) -> subprocess.CompletedProcess[str]:
        return forked.run("hotline", "prompts", *arguments, env={"PATH": os.environ["PATH"]}, cwd=tmp_path)

    assert "nothing is wrong" in hotline("check").stdout
    assert "Pou kreyòl, peze 7." in hotline("export", "--csv", "--language", "ht").stdout
    centre(tmp_path, '[prompts.es.voice]\nmenu = "x"\n')
    checked, listed = hotline("check"), hotline("list")
    assert (checked.returncode, checked.stdout) == (1, "")
    assert "[prompts.es.voice] menu must say 1 and 2 and 3 and 0" in checked.stderr
    assert (listed.returncode, listed.stdout) == (2, "")
    assert "Nothing was done" in listed.stderr
