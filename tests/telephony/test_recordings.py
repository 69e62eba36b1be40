"""A centre's recordings on the telephone: played instead of the voice, and served to whoever asks."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from hotline.simulator.twiml.document import VOICE, parse
from tests.prompts.sounds import record, wav
from tests.stories.centre import SITE
from tests.telephony.doorstep import Doorstep, build

SOUND = wav(6.5)
YEAR = 31536000


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Doorstep:
    """A door behind which the first words are recorded."""
    home = tmp_path_factory.mktemp("recorded")
    record(home, "recordings/en/first_words.wav", SOUND)
    door = build(home)
    (home / "recordings" / "en" / "first_words.wav").unlink()
    return door


def played(door: Doorstep, sid: str) -> str:
    """The address in the answer to a call."""
    (play,) = ElementTree.fromstring(door.calls(sid)).iter("Play")
    assert play.text is not None
    return play.text


def test_a_recorded_prompt_is_played_and_all_others_are_spoken(recorded: Doorstep) -> None:
    """In the place where it would have been said, and so that Twilio would carry it out."""
    twiml = recorded.calls("CA1")
    (gather, _) = parse(twiml, f"{SITE}/twilio/voice", VOICE)
    assert [verb.name for verb in gather.children] == ["Play", "Say"]
    assert "9-1-1" not in twiml


def test_it_is_served_as_what_it_is_and_may_be_kept_for_ever(recorded: Doorstep) -> None:
    """Although its file has vanished meanwhile: a caller never hears an error instead of the first words."""
    answer = recorded.knock(played(recorded, "CA2"), method="GET")
    assert answer.status_code == 200
    assert answer.data == SOUND
    assert answer.content_type == "audio/wav"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers
    kept = answer.cache_control
    assert (kept.public, kept.immutable, kept.max_age) == (True, True, YEAR)
    assert not kept.no_store
    assert not kept.no_cache


def test_heads_ranges_and_what_is_there_already_are_answered(recorded: Doorstep) -> None:
    address = played(recorded, "CA3")
    head = recorded.knock(address, method="HEAD")
    part = recorded.knock(address, headers={"Range": "bytes=4-11"}, method="GET")
    etag = head.headers["ETag"]
    same = recorded.knock(address, headers={"If-None-Match": etag}, method="GET")

    assert (head.status_code, head.data, head.content_length) == (200, b"", len(SOUND))
    assert (part.status_code, part.data) == (206, SOUND[4:12])
    assert (same.status_code, same.data) == (304, b"")


@pytest.mark.parametrize(
    "change",
    [
        ("first_words.wav", "menu.wav"),
        ("first_words.wav", "first_words.mp3"),
        ("first_words.wav", "../../../hotline.toml"),
        ("first_words.wav", "%2e%2e/%2e%2e/%2e%2e/hotline.toml"),
        ("first_words.wav", "..%2f..%2f..%2fhotline.toml"),
        ("first_words.wav", ""),
        ("/en/", "/es/"),
        ("/en/", "/en/../en/"),
        ("/recordings/", "/recordings/0"),
    ],
)
def test_nothing_else_is_served(recorded: Doorstep, change: tuple[str, str]) -> None:
    """No other name, no other folder, no other sound under the same name."""
    address = played(recorded, "CA4").replace(*change)
    assert recorded.knock(address, method="GET").status_code == 404


def test_a_recording_can_only_be_listened_to(recorded: Doorstep) -> None:
    address = played(recorded, "CA5")
    assert recorded.knock(address, method="POST").status_code == 405
    assert recorded.knock(address, method="DELETE").status_code == 405


def test_another_sound_has_another_address(recorded: Doorstep, tmp_path: Path) -> None:
    """So the carrier, which keeps the old one, plays the new one from the first call on."""
    record(tmp_path, "recordings/en/first_words.wav", wav(6.0))
    assert played(build(tmp_path), "CA6") != played(recorded, "CA6")


def test_without_a_database_a_recording_still_plays(tmp_path: Path) -> None:
    """It is in memory, and its address needs nothing."""
    record(tmp_path, "recordings/en/failsafe.wav", SOUND)
    door = build(tmp_path)
    door.here.application.database.dispose()
    for file in tmp_path.glob("*.db*"):
        file.write_bytes(b"no database any more")
    assert door.knock(played(door, "CA7"), method="GET").data == SOUND
