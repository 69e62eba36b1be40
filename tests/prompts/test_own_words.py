"""A centre's own sentences and recordings: taken as they are, or refused with everything that is wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.model import Channel, Language
from hotline.prompts import load
from hotline.prompts.recordings import LARGEST, TYPES
from hotline.settings import wording
from tests.prompts.sounds import mp3, record, wav

SENTENCES = load(Language, {}).sentences
FIRST_WORDS = "If someone won't wake up, hang up and dial 9-1-1."


def complaints(toml: str) -> str:
    taken, problems = wording.written(tomllib.loads(toml))
    assert not (taken and problems) or len(problems) < toml.count("=")
    return "\n".join(problems)


def test_a_sentence_of_the_centre_is_said_instead_of_ours() -> None:
    taken, problems = wording.written({"en": {"voice": {"first_words": FIRST_WORDS}}})
    said = load([], {}, replaced=taken)

    assert problems == ()
    assert said.text("first_words", Channel.VOICE) == FIRST_WORDS
    assert said.text("menu", Channel.VOICE) == SENTENCES[(Language.EN, Channel.VOICE, "menu")]


def test_a_sentence_in_a_language_that_is_off_waits_until_it_is_on() -> None:
    taken, _ = wording.written({"pt": {"voice": {"goodbye": "Obrigado."}}})

    assert load([], {}, replaced=taken).text("goodbye", Channel.VOICE, Language.PT).startswith("Thank you")
    assert load([Language.PT], {}, replaced=taken).text("goodbye", Channel.VOICE, Language.PT) == "Obrigado."


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ('[fr.voice]\nmenu = "x"', "[prompts.fr] is not a language: use en, es, pt, ht."),
        ('es = "x"', "[prompts] es must hold tables such as [prompts.es.voice]."),
        (
            '[es.fax]\nmenu = "x"',
            "[prompts.es.fax] is not known: use voice, text, suggestions, website, script.",
        ),
        (
            '[es.staff_text]\npage_over = "x"',
            "[prompts.es.staff_text] is not known (staff hear and read English)",
        ),
        (
            '[en.hints]\nmenu = "x"',
            "[prompts.en.hints] is not known: use voice, text, suggestions, website, script, staff_voice, "
            "staff_text.",
        ),
        ('[es]\nvoice = "x"', "[prompts.es.voice] must hold sentences"),
        ('[es.voice]\nfirstwords = "x"', 'firstwords is not a prompt: the nearest is "first_words".'),
        ('[es.voice]\nxyzzy = "x"', "xyzzy is not a prompt: `hotline prompts list` names them all."),
        ("[es.voice]\nmenu = 3", "[prompts.es.voice] menu must be one line of words in quotes."),
        ('[es.voice]\ngoodbye = " "', "goodbye must be one line of words in quotes."),
        ('[es.voice]\ngoodbye = "a\\nb"', "goodbye must be one line of words in quotes."),
        ('[es.voice]\ngoodbye = "{"', "goodbye has braces that hold no plain name"),
        ('[es.voice]\ngoodbye = "{NAME.x}"', "goodbye has braces that hold no plain name"),
        ('[es.voice]\ngoodbye = "{WHO}"', "goodbye has {WHO}, which isn't known here: use {NAME}, {NUMBER}."),
        ('[es.voice]\nvoicemail = "{FIRST} {NUMBER} {NAME}"', "has {NAME}, which isn't known here"),
        ('[es.voice]\nasked_for_call = "{NAME} 1"', "has {NAME}, which isn't known here: use none."),
        (
            '[es.voice]\nwait_minutes = "Pronto."',
            "wait_minutes lacks {MIN}: callers need what is filled in there.",
        ),
        ('[es.voice]\nmenu = "Oprima 1, 2 o 3."', "menu must say 0, as the sentence that it replaces does."),
        ('[en.voice]\nfirst_words = "Dial 911."', "first_words must say 9-1-1"),
        ('[en.voice]\nsuicide = "Dial 9-8-8."', "suicide must say 9-1-1"),
        ('[en.staff_voice]\npage_live = "Press 1."', "page_live must say 2"),
        (
            f'[en.voice]\nfirst_words = "{"now " * 21}9-1-1"',
            "first_words takes about 9.6 seconds: 8 at most.",
        ),
        (f'[en.voice]\nmenu = "{"now " * 50}1 2 3 0"', "menu takes about 21.6 seconds: 20 at most."),
        (f'[en.text]\ngoodbye = "{{NAME}} {{NUMBER}} {"x" * 137}"', "goodbye is sent in 2 parts"),
        (f'[pt.text]\ngoodbye = "{{NAME}} {{NUMBER}} {"ã" * 137}"', "goodbye is 161 letters long"),
        (
            '[en.text]\ngoodbye = "{NAME} Rehab {NUMBER}"',
            'must not contain "rehab": others may see or hear it.',
        ),
        ('[en.voice]\nsomeone_else = "The clinic says no."', 'must not contain "clinic"'),
    ],
)
def test_what_is_wrong_with_a_sentence_is_told(toml: str, told: str) -> None:
    assert told in complaints(toml)


@pytest.mark.parametrize(
    "toml",
    [
        '[en.voice]\ngoodbye = "Thank you for calling {NAME}. Our number is {NUMBER}."',
        '[en.voice]\nadmissions = "We help with detox. For this number, press 4. For another, press 5."',
        '[en.voice]\nguidance_2 = "Not breathing? Breathe for them, slowly."',
        '[en.text]\nemergency = "Call 911 now. Breathe for them."',
        '[pt.text]\nconfirmed = "{NAME}: Você está na fila. Ligamos do {NUMBER} em {MIN} min. Se piorar, ligue 911."',
        '[en.staff_text]\npage_over = "Ref {REF} is over."',
        f'[en.voice]\nfirst_words = "{"now " * 17}9-1-1"',
        f'[en.text]\ngoodbye = "{{NAME}} {{NUMBER}} {"x" * 136}"',
    ],
)
def test_what_a_centre_may_well_say_is_taken(toml: str) -> None:
    """A missing letter would be worse than a second segment: correct words matter more."""
    assert complaints(toml) == ""


def test_everything_that_is_wrong_is_told_at_once_and_the_rest_is_taken() -> None:
    taken, problems = wording.written(
        {
            "en": {"voice": {"menu": "{X}", "goodbye": "Goodbye."}},
            "es": {"text": {"nothing": "", "goodbye": "{NAME}"}},
            "xx": {},
        }
    )

    assert list(taken) == [(Language.EN, Channel.VOICE, "goodbye")]
    assert [each.split()[1] for each in problems] == ["menu", "menu", "nothing", "goodbye", "is"]


@given(st.recursive(st.none() | st.integers() | st.text(max_size=9), lambda inner: st.dictionaries(
    st.sampled_from([*Language, "voice", "text", "menu", "goodbye", "x"]), inner, max_size=3
)))  # fmt: skip
def test_whatever_is_written_is_taken_or_told(tables: Any) -> None:
    if isinstance(tables, Mapping):
        taken, problems = wording.written(tables)
        assert all(key in SENTENCES for key in taken)
        assert all(each.endswith(".") for each in problems)
        for sentence in taken.values():
            sentence.format_map({**wording.WIDEST, "DIGITS": "1"})


# --- recordings ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("ending", "sound"), [("wav", wav), ("mp3", mp3)])
def test_a_recording_is_played_for_as_long_as_it_lasts(tmp_path: Path, ending: str, sound: Any) -> None:
    record(tmp_path, f"es/first_words.{ending}", sound(7.0))
    taken, problems = wording.recorded(tmp_path, SENTENCES)
    said = load([Language.ES], {}, recordings=taken)
    recording = said.say("first_words", Language.ES).recording

    assert problems == ()
    assert recording is not None
    assert recording.name == f"first_words.{ending}"
    assert recording.content_type == TYPES[f".{ending}"]
    assert said.seconds("first_words", Language.ES) == pytest.approx(7, abs=0.1)
    assert said.say("first_words", Language.EN).recording is None
    assert said.say("menu", Language.ES).recording is None


@pytest.mark.parametrize(
    ("name", "sound", "told"),
    [
        ("first_words.wav", wav(1), "is in no language's folder"),
        ("fr/first_words.wav", wav(1), "is in no language's folder"),
        ("es/old/first_words.wav", wav(1), "is in no language's folder"),
        ("es/first-words.wav", wav(1), "is named after no prompt"),
        ("es/page_live.wav", wav(1), "is named after no prompt"),
        ("es/confirmed.wav", wav(1), "can't be a recording, for {MIN}, {NUMBER} in it changes"),
        ("es/first_words.ogg", b"OggS", "is not a recording: use .mp3 or .wav"),
        ("es/first_words.WAV", wav(1), "is not a recording: use .mp3 or .wav"),
        ("es/first_words.mp3", wav(1), "has something else in it than its ending .mp3 says"),
        ("es/first_words.wav", mp3(1), "has something else in it than its ending .wav says"),
        ("es/first_words.mp3", b"", "has something else in it"),
        ("es/first_words.mp3", b"\xff\xf1\x50\x80" + bytes(99), "has something else in it"),
        ("es/first_words.mp3", b"ID3", "is empty or damaged"),
        ("es/first_words.wav", wav(0), "is empty or damaged"),
        ("es/first_words.wav", b"RIFF\0\0\0\0WAVE", "is empty or damaged"),
        ("es/first_words.wav", wav(8.2), "takes about 8.2 seconds: 8 at most"),
        ("es/menu.mp3", mp3(21), "seconds: 20 at most"),
        ("es/goodbye.wav", wav(1) + bytes(LARGEST), "is larger than 2 MiB"),
    ],
)
def test_what_is_wrong_with_a_recording_is_told(tmp_path: Path, name: str, sound: bytes, told: str) -> None:
    record(tmp_path, name, sound)
    taken, problems = wording.recorded(tmp_path, SENTENCES)

    assert taken == {}
    assert len(problems) == 1
    assert problems[0].startswith(f"{name} ")
    assert told in problems[0]


def test_one_prompt_has_one_recording(tmp_path: Path) -> None:
    record(tmp_path, "es/goodbye.wav", wav(1))
    record(tmp_path, "es/goodbye.mp3", mp3(1))
    _, problems = wording.recorded(tmp_path, SENTENCES)

    assert problems == ("es/goodbye.wav is there twice, also as goodbye.mp3: keep one.",)


def test_what_a_file_manager_leaves_behind_is_no_recording(tmp_path: Path) -> None:
    record(tmp_path, ".DS_Store", b"x")
    record(tmp_path, "es/.goodbye.wav.swp", b"x")
    record(tmp_path, ".git/es/goodbye.wav", b"x")

    assert wording.recorded(tmp_path, SENTENCES) == ({}, ())


def test_without_a_folder_everything_is_spoken(tmp_path: Path) -> None:
    assert wording.recorded(tmp_path / "none", SENTENCES) == ({}, ())


def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    record(tmp_path, "es/goodbye.wav", wav(1)).unlink()
    (tmp_path / "es" / "goodbye.wav").symlink_to("/proc/self/mem")
    _, problems = wording.recorded(tmp_path, SENTENCES)

    assert [each.split(" (")[0] for each in problems] == ["es/goodbye.wav can't be read"]
