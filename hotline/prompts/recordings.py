"""A centre's own recordings of prompts: ``<language>/<prompt>.mp3`` or ``.wav`` in one folder.

They are read once, at the start, and kept in memory: what plays can't change or vanish while Hotline runs.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Final

from tinytag import TinyTag, TinyTagException

TYPES: Final[Mapping[str, str]] = MappingProxyType({".mp3": "audio/mpeg", ".wav": "audio/wav"})
"""Kinds of files and their content types: both are among those that Twilio's <Play> takes."""
LARGEST: Final = 2 * 1024 * 1024
"""Bytes of a recording: more than half a minute in good quality; a telephone can't carry better."""


@dataclass(frozen=True, slots=True, repr=False)
class RecordedPrompt:
    """One recorded prompt."""

    name: str
    """Its file's name, such as ``first_words.mp3``."""
    content_type: str
    sound: bytes
    seconds: float
    digest: str
    """Of the sound: another recording has another address, so that each may be kept for ever."""


class Unplayable(ValueError):
    """Why a file can't be played; the message goes after its name."""


def read(file: Path) -> RecordedPrompt:
    """The recording in a file. Raises Unplayable and OSError."""
    kind = TYPES.get(file.suffix)
    if kind is None:
        raise Unplayable(f"is not a recording: use {' or '.join(TYPES)}")
    sound = file.read_bytes()
    if len(sound) > LARGEST:
        raise Unplayable("is larger than 2 MiB: save it for the telephone (mono, 8 to 24 kHz)")
    if not _is(kind, sound):
        raise Unplayable(f"has something else in it than its ending {file.suffix} says: save it as that")
    try:
        length = TinyTag.get(filename=file.name, file_obj=io.BytesIO(sound), tags=False).duration
    except TinyTagException:
        length = None
    if not length:
        raise Unplayable("is empty or damaged: save it again")
    return RecordedPrompt(file.name, kind, sound, length, sha256(sound).hexdigest()[:16])


def _is(kind: str, sound: bytes) -> bool:
    if kind == "audio/wav":
        return sound[:4] == b"RIFF" and sound[8:12] == b"WAVE"
    # An MP3 begins with tags, or with eleven set bits and a layer that isn't zero, which only AAC has.
    frame = len(sound) > 1 and sound[0] == 0xFF and sound[1] & 0xE0 == 0xE0 and sound[1] & 0x06 != 0
    return sound[:3] == b"ID3" or frame
