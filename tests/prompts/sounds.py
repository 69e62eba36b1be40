"""Silence of any length, as files that a centre could have recorded."""

from __future__ import annotations

import io
import wave
from pathlib import Path

_FRAME = bytes((0xFF, 0xFB, 0x90, 0xC0)) + bytes(413)
"""MPEG 1, layer 3, 128 kbit/s, 44.1 kHz, mono: 417 bytes, 1152 samples."""


def wav(seconds: float) -> bytes:
    page = io.BytesIO()
    with wave.open(page, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(2 * round(seconds * 8000)))
    return page.getvalue()


def mp3(seconds: float) -> bytes:
    return _FRAME * round(seconds * 44100 / 1152)


def record(folder: Path, name: str, sound: bytes) -> Path:
    """Put a recording, such as ``es/first_words.wav``, into a folder of recordings."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(sound)
    return file
