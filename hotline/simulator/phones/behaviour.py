"""What telephones do, and what they can't do."""

from __future__ import annotations

from enum import StrEnum


class Behaviour(StrEnum):
    """What a telephone does when it is called."""

    RINGS = "rings"
    ANSWERS = "answers"
    VOICEMAIL = "voicemail"
    BUSY = "busy"
    OFF = "off"
    IGNORES = "ignores"
    SCREENED = "screened"
    """A machine answers, asks who calls and why, and the telephone rings when something has been said to it."""


class NotPossible(Exception):
    """A telephone in this state can't do that: answer when nothing rings, press a key without a call."""
