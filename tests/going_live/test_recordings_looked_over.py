"""Recordings that say what was said once, and those that are missing where no voice of the carrier's can stand in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hotline.model import Channel, Language
from hotline.operations.checkup.finding import Finding, Severity
from hotline.operations.checkup.said import recordings_found
from hotline.operations.looking_back import recording_history
from hotline.operations.transaction import Application
from hotline.prompts import load
from hotline.prompts.recordings import RecordedPrompt
from hotline.settings.sentences import unrecorded
from tests.prompts.sounds import record, wav
from tests.telephony.doorstep import build

_GOODBYE = "Thank you. Call again."


def _starts(
    application: Application,
    words: str = _GOODBYE,
    sound: str = "a",
    *,
    recorded: tuple[str, ...] = ("goodbye",),
) -> tuple[Finding, ...]:
    """Hotline is started with these words and this recording of them; what a check-up finds then."""
    sounds = {
        (language, key): RecordedPrompt(f"{key}.mp3", "audio/mpeg", sound.encode(), 2.0, sound)
        for language in (Language.EN, Language.HT)
        for key in recorded
    }
    prompts = load(
        list(Language),
        application.prompts.constants,
        replaced={(Language.EN, Channel.VOICE, "goodbye"): words},
        recordings=sounds,
    )
    line = application.settings.centre.line.model_copy(update={"languages": tuple(Language)})
    centre = application.settings.centre.model_copy(update={"line": line})
    now = replace(application, prompts=prompts, settings=replace(application.settings, centre=centre))
    now.change(recording_history.note)
    return now.look(lambda transaction: tuple(recordings_found.recordings(transaction)))


@pytest.fixture
def application(tmp_path: Path) -> Application:
    """A house with a database."""
    return build(tmp_path).here.application


def _old(found: tuple[Finding, ...]) -> list[Finding]:
    return [one for one in found if one.key == "words.recordings_old"]


def _gone(found: tuple[Finding, ...]) -> list[Finding]:
    return [one for one in found if one.key == "words.recordings_gone"]


def test_a_recording_of_other_words_is_told_until_there_is_a_new_one(application: Application) -> None:
    """After each start, by its name; another comma is no other word. The old words again are well, too."""
    assert not _old(_starts(application))
    assert not _old(_starts(application, "Thank you - call again!"))
    for _ in range(2):
        (found,) = _old(_starts(application, "Thanks. Call us at any time."))
        assert found.severity is Severity.DOUBTFUL
        assert "en/goodbye" in found.what
        assert "ht/goodbye" not in found.what, "its words are as they were"
    assert not _old(_starts(application))
    assert _old(_starts(application, "Thanks. Call us at any time."))
    assert not _old(_starts(application, "Thanks. Call us at any time.", sound="b"))


def test_a_recording_that_is_gone_is_named_and_its_words_are_spoken(application: Application) -> None:
    """Until it is there again, or two weeks have passed; whoever never had one is told nothing."""
    assert not _gone(_starts(application))
    (found,) = _gone(_starts(application, recorded=()))
    assert found.severity is Severity.DOUBTFUL
    assert "en/goodbye" in found.what
    assert "ht/goodbye" in found.what
    for _ in range(2):
        assert _gone(_starts(application, recorded=()))
    assert not _gone(_starts(application))
    (found,) = _gone(_starts(application, recorded=()))
    later = replace(application, clock=lambda: application.clock() + recording_history.GONE_LATELY * 1.01)
    assert not _gone(_starts(later, recorded=()))


@pytest.mark.parametrize("left", ["nothing", "an empty file"])
def test_callers_hear_the_words_of_a_recording_that_is_gone(tmp_path: Path, left: str) -> None:
    """Without its file they are spoken; with an empty one Hotline says so and does not start."""
    record(tmp_path, "recordings/en/first_words.wav", wav(6.5))
    assert "<Play>" in build(tmp_path).calls("CA1")
    file = tmp_path / "recordings" / "en" / "first_words.wav"
    file.unlink()
    if left == "nothing":
        heard = build(tmp_path).calls("CA2")
        assert "<Play>" not in heard
        assert "9-1-1" in heard
    else:
        file.write_bytes(b"")
        with pytest.raises(Exception, match=r"first_words\.wav"):
            build(tmp_path)


def test_what_no_voice_speaks_and_nobody_recorded_is_named(application: Application) -> None:
    """In Creole only; whoever has recorded everything that can be is told nothing."""
    (found,) = (one for one in _starts(application) if one.key == "words.recordings_missing")
    assert found.severity is Severity.DOUBTFUL
    assert "ht/first_words" in found.what
    assert found.what.endswith(", ....")
    assert "ht/goodbye" not in found.what
    assert "en/" not in found.what
    prompts = load(list(Language), application.prompts.constants)
    everything = tuple(unrecorded(prompts, Language.HT))
    assert not _starts(application, recorded=everything, sound="c")
