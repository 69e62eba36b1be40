"""A centre's own words and recordings, as part of its settings: wrong ones start nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotline.model import Channel, Language
from hotline.settings.load import Settings, SettingsProblems, load_settings
from tests.prompts.sounds import record, wav
from tests.settings.examples import good_environment

LINE = '[line]\nname = "Hotline"\nnumbers = ["+16175550100"]\nfailsafe_number = "+16175550199"\n'


def settings(home: Path, more: str = "", line: str = LINE) -> Settings:
    file = home / "hotline.toml"
    file.write_text(line + more, encoding="utf-8")
    return load_settings(good_environment(home, HOTLINE_CONFIG=str(file)))


def refused(home: Path, more: str, line: str = LINE) -> tuple[str, ...]:
    with pytest.raises(SettingsProblems) as wrong:
        settings(home, more, line)
    return wrong.value.problems


def test_without_any_the_centre_says_what_comes_with_hotline(tmp_path: Path) -> None:
    wording = settings(tmp_path).wording
    assert wording.sentences == {}
    assert wording.recordings == {}


def test_sentences_and_recordings_are_taken_from_beside_the_file(tmp_path: Path) -> None:
    record(tmp_path, "recordings/ht/menu.wav", wav(9))
    wording = settings(tmp_path, '[prompts.es.voice]\ngoodbye = "Gracias."\n').wording

    assert wording.sentences == {(Language.ES, Channel.VOICE, "goodbye"): "Gracias."}
    assert list(wording.recordings) == [(Language.HT, "menu")]


def test_recordings_may_be_kept_elsewhere(tmp_path: Path) -> None:
    record(tmp_path / "elsewhere", "ht/menu.wav", wav(9))
    near = settings(tmp_path, '[voices]\nrecordings = "elsewhere"\n')
    far = settings(tmp_path, f'[voices]\nrecordings = "{tmp_path}/elsewhere"\n')

    assert list(near.wording.recordings) == list(far.wording.recordings) == [(Language.HT, "menu")]


def test_a_folder_that_is_named_must_be_there(tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, '[voices]\nrecordings = "recrdings"\n')

    assert "[voices] recordings: there is no folder" in problem
    assert str(tmp_path / "recrdings") in problem


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    """With what is wrong in the environment, and with the file or the folder that each thing is in."""
    record(tmp_path, "recordings/es/hello.wav", wav(1))
    file = tmp_path / "hotline.toml"
    file.write_text(f'{LINE}[prompts.es.voice]\ngodbye = "x"\nmenu = "1 2 3"\n', encoding="utf-8")
    with pytest.raises(SettingsProblems) as wrong:
        load_settings(good_environment(tmp_path, HOTLINE_CONFIG=str(file), SECRET_KEY=""))

    key, first, second, recording = wrong.value.problems
    assert key.startswith("SECRET_KEY ")
    assert first == f'{file}: [prompts.es.voice] godbye is not a prompt: the nearest is "goodbye".'
    assert second.startswith(f"{file}: [prompts.es.voice] menu must say 0")
    assert recording.startswith(f"{tmp_path}/recordings: es/hello.wav is named after no prompt")


@pytest.mark.parametrize(
    "voice", ['"Polly.Lupe-Neural"', '"Polly.Lupe-Neural es"', '"es-US"', '"a b es-US"', "3"]
)
def test_a_voice_is_named_with_its_locale(tmp_path: Path, voice: str) -> None:
    (problem,) = refused(tmp_path, f"[voices]\nes = {voice}\n")

    assert "[voices] es must be a " in problem


def test_prompts_are_tables(tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, "", line=f"prompts = 3\n{LINE}")

    assert "[prompts] is wrong" in problem
