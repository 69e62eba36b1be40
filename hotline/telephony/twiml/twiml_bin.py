"""The last answers: what Twilio itself says when none of our machines can be reached. Pasted there as TwiML Bins."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, assert_never

from twilio.twiml.voice_response import Dial, VoiceResponse

from hotline.model import Language
from hotline.prompts import Prompts
from hotline.settings.centre import Centre
from hotline.telephony.twiml.voices import voice_of

_RINGS_FOR: Final = 60
"""Seconds: long enough for somebody who has to find the telephone."""
_ROUNDS: Final = 2


class Whose(StrEnum):
    """Who hears it."""

    CALLS = "calls"
    """Whoever calls us."""
    CALLED = "called"
    """A caller, or somebody else, who picks up a call of ours."""
    STAFF = "staff"


def twiml_bin(prompts: Prompts, centre: Centre, whose: Whose = Whose.CALLS) -> str:
    """What these people hear then. It needs nothing of ours, promises nothing, and knows nobody.

    In the line's first language; staff's are in English.
    """
    match whose:
        case Whose.CALLS:
            return _for_callers(prompts, centre)
        case Whose.CALLED:
            return _for_called(prompts, centre)
        case Whose.STAFF:
            return _for_staff(prompts, centre)
        case _:
            assert_never(whose)


def _for_called(prompts: Prompts, centre: Centre) -> str:
    """Nothing that tells whoever has picked up who calls: a person comes, or nobody does."""
    response = VoiceResponse()
    _say(response, prompts, centre, "getting_person", centre.line.languages[0])
    response.append(_failsafe(centre))
    response.hangup()
    return str(response)


def _for_staff(prompts: Prompts, centre: Centre) -> str:
    response = VoiceResponse()
    _say(response, prompts, centre, "cut_off", Language.EN)
    response.hangup()
    return str(response)


def _say(response: VoiceResponse, prompts: Prompts, centre: Centre, prompt: str, language: Language) -> None:
    said = prompts.say(prompt, language)
    voice = voice_of(centre.voices, said.language)
    response.say(said.words, voice=voice.name, language=voice.locale)


def _failsafe(centre: Centre) -> Dial:
    dial = Dial(timeout=_RINGS_FOR, caller_id=centre.line.numbers[0].e164, answer_on_bridge=True)
    dial.number(centre.line.failsafe_number.e164)
    return dial


def _for_callers(prompts: Prompts, centre: Centre) -> str:
    """The 911 sentence and a <Dial> of the failsafe number, twice; then the 911 sentence alone, and the end.

    No address of ours, and no recording, for we would have to play it.
    """
    response = VoiceResponse()
    language = centre.line.languages[0]
    for _ in range(_ROUNDS):
        _say(response, prompts, centre, "failsafe", language)
        response.append(_failsafe(centre))
    _say(response, prompts, centre, "first_words", language)
    response.hangup()
    return str(response)
