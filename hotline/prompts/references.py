"""Under which number each prompt stands in the reference texts; whoever reviews them knows them by it.

A prompt without a number is a plain sentence of ours. V05 is said in two halves; V12 in three parts, of which the
middle one, that a coordinator will call, is left out while a person is being got; `someone_else` is the end of V19.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hotline.model import Channel

REFERENCES: Final[Mapping[tuple[Channel, str], str]] = MappingProxyType(
    {
        (Channel.VOICE, "first_words"): "V01",
        (Channel.VOICE, "language_choice"): "V02",
        (Channel.VOICE, "menu"): "V03",
        (Channel.VOICE, "menu_speech"): "V03b",
        (Channel.VOICE, "emergency"): "V04",
        (Channel.VOICE, "guidance_1"): "V05",
        (Channel.VOICE, "guidance_2"): "V05",
        (Channel.VOICE, "police"): "V06",
        (Channel.VOICE, "suicide"): "V07",
        (Channel.VOICE, "admissions"): "V08",
        (Channel.VOICE, "ask_message"): "V09",
        (Channel.VOICE, "ask_text"): "V10",
        (Channel.VOICE, "confirmed"): "V11",
        (Channel.VOICE, "family"): "V12",
        (Channel.VOICE, "family_coordinator"): "V12",
        (Channel.VOICE, "family_care"): "V12",
        (Channel.VOICE, "invalid_key"): "V13",
        (Channel.VOICE, "no_input"): "V14",
        (Channel.VOICE, "getting_person"): "V15",
        (Channel.VOICE, "waiting"): "V16",
        (Channel.VOICE, "goodbye"): "V17",
        (Channel.VOICE, "voicemail"): "V18",
        (Channel.VOICE, "someone_else_script"): "V19",
        (Channel.VOICE, "someone_else"): "V19",
        (Channel.VOICE, "interpreter"): "V20",
        (Channel.TEXT, "menu"): "S01",
        (Channel.TEXT, "emergency"): "S02",
        (Channel.TEXT, "suicide"): "S03",
        (Channel.TEXT, "admissions"): "S04",
        (Channel.TEXT, "confirmed"): "S05",
        (Channel.TEXT, "family"): "S06",
        (Channel.TEXT, "unsure"): "S07",
        (Channel.TEXT, "stopped"): "S08",
        (Channel.TEXT, "help"): "S09",
        (Channel.TEXT, "started"): "S10",
        (Channel.TEXT, "discreet"): "S11",
        (Channel.TEXT, "unsure_opt_out"): "S12",
        (Channel.TEXT, "goodbye"): "S13",
    }
)
