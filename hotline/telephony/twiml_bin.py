"""The last answer: what Twilio itself says when none of our machines can be reached. Pasted there as a TwiML Bin."""

from __future__ import annotations

from typing import Final

from twilio.twiml.voice_response import Dial, VoiceResponse

from hotline.centre import Centre
from hotline.prompts import Prompts
from hotline.telephony.voices import voice_of

_RINGS_FOR: Final = 60
"""Seconds: long enough for somebody who has to find the telephone."""
_ROUNDS: Final = 2


def twiml_bin(prompts: Prompts, centre: Centre) -> str:
    """The 911 sentence and a <Dial> of the failsafe number, twice; then the 911 sentence alone, and the end.

    It needs nothing of ours: no address, and no recording, for we would have to play it. It promises nothing, and
    knows nobody. In the line's first language.
    """
    response = VoiceResponse()
    language = centre.line.languages[0]

    def say(prompt: str) -> None:
        said = prompts.say(prompt, language)
        voice = voice_of(centre.voices, said.language)
        response.say(said.words, voice=voice.name, language=voice.locale)

    for _ in range(_ROUNDS):
        say("failsafe")
        dial = Dial(timeout=_RINGS_FOR, caller_id=centre.line.numbers[0].e164, answer_on_bridge=True)
        dial.number(centre.line.failsafe_number.e164)
        response.append(dial)
    say("first_words")
    response.hangup()
    return str(response)
