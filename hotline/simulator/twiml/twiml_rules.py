"""What Twilio accepts, as a table: per element its attributes, its children, its text.

Left out on purpose, and so refused: everything that records, queues, pays or leaves the telephone network.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hotline.simulator.twiml.element import Element
from hotline.simulator.twiml.never import is_never_dialled

Check = Callable[[str], str | None]
"""Says what is wrong with a value, or None."""


def _nothing(element: Element) -> str | None:
    return None


@dataclass(frozen=True)
class ElementRule:
    """One element: `text` is None where text isn't allowed; `whole` looks at the element altogether."""

    attributes: Mapping[str, Check] = field(default_factory=dict)
    children: frozenset[str] = frozenset()
    text: Check | None = None
    whole: Callable[[Element], str | None] = _nothing


def number(low: int, high: int) -> Check:
    def check(value: str) -> str | None:
        good = value.isdecimal() and low <= int(value) <= high
        return None if good else f"a whole number from {low} to {high} is needed"

    return check


def matching(pattern: str, need: str) -> Check:
    compiled = re.compile(pattern)

    def check(value: str) -> str | None:
        return None if compiled.fullmatch(value) else f"{need} is needed"

    return check


def words_of(*allowed: str) -> Check:
    """Space-separated words, each once."""

    def check(value: str) -> str | None:
        given = value.split(" ")
        good = set(given) <= set(allowed) and len(given) == len(set(given))
        return None if good else f"only {', '.join(allowed)} are known, each once"

    return check


def any_of(*checks: Check) -> Check:
    def check(value: str) -> str | None:
        complaints = [one(value) for one in checks]
        return None if None in complaints else str(complaints[-1])

    return check


def spoken(value: str) -> str | None:
    if not value:
        return "has nothing to say"
    return "says more than 4096 characters" if len(value) > 4096 else None


boolean = matching(r"true|false", "true or false")
method = matching(r"POST", "POST (this simulator never asks by GET)")
url = matching(r"(https?://[^\s/]+\S*|/\S*|[^\s:/?#]+[^\s:]*|\?\S*)?", "a URL, absolute or relative,")
full_url = matching(r"(https?://[^\s/]+\S*|/\S*|[^\s:/?#]+[^\s:]*|\?\S*)", "a URL")
e164 = matching(r"\+[1-9]\d{6,14}", "a telephone number in E.164 form")


def dialled(value: str) -> str | None:
    if is_never_dialled(value):
        return "no emergency, short or costly number is ever to be dialled: another one"
    return e164(value)


language = matching(r"[a-z]{2,3}(-[A-Z][A-Za-z]{3})?-([A-Z]{2}|\d{3})|arb", "a language tag such as en-US")
voice = matching(r"man|woman|alice|(Polly|Google|Azure)\.[A-Za-z0-9.-]+", "a voice of Twilio's")
keys = matching(r"[0-9*#wW]+", "a row of keys (0-9 * # w)")
progress = words_of("initiated", "ringing", "answered", "completed")
happenings = words_of("start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement")
models = matching(
    r"default|numbers_and_commands|phone_call|experimental_(conversations|utterances)"
    r"|googlev2_(long|short|telephony|telephony_short)|deepgram_nova-[23](-general|-phonecall)?",
    "a speech model of Twilio's",
)


def _gather(element: Element) -> str | None:
    takes = element.get("input", "dtmf").split(" ")
    speech_only = {"hints", "language", "speechTimeout", "speechModel", "enhanced", "profanityFilter"} | {
        "partialResultCallback"
    }
    if "speech" not in takes and (wrong := speech_only & set(element.attributes)):
        return f"has {sorted(wrong)[0]} without speech in its input"
    if "dtmf" not in takes and (wrong := {"numDigits", "finishOnKey"} & set(element.attributes)):
        return f"has {sorted(wrong)[0]} without dtmf in its input"
    if len(element.get("hints").split(",")) > 500:
        return "has more than 500 hints"
    return None


def _dial(element: Element) -> str | None:
    kinds = [child.name for child in element.children]
    if not kinds:
        return "dials nobody: a Number or a Conference is needed"
    if "Conference" in kinds and len(kinds) > 1:
        return "has a Conference beside something else"
    return "dials more than 10 numbers" if len(kinds) > 10 else None


def _message(element: Element) -> str | None:
    if element.text and element.children:
        return "has text beside its children"
    if len([child for child in element.children if child.name == "Body"]) > 1:
        return "has two bodies"
    body = element.text or "".join(child.text for child in element.children if child.name == "Body")
    if not body and not element.children:
        return "has neither a body nor a picture"
    return "is longer than 1600 characters" if len(body) > 1600 else None


_SAY = ElementRule({"voice": voice, "language": language, "loop": number(0, 1000)}, text=spoken)
_PLAY = ElementRule({"loop": number(0, 1000), "digits": keys}, text=url, whole=lambda play: (
    None if bool(play.text) != ("digits" in play.attributes) else "needs either a URL or digits"
))  # fmt: skip
_PAUSE = ElementRule({"length": number(1, 3600)})
_REDIRECT = ElementRule({"method": method}, text=full_url)
_HANGUP = ElementRule()
_CALLBACK = {"statusCallback": full_url, "statusCallbackMethod": method}

VOICE: Mapping[str, ElementRule] = {
    "Response": ElementRule(
        children=frozenset({"Say", "Play", "Pause", "Gather", "Redirect", "Hangup", "Reject", "Dial"})
    ),
    "Say": _SAY,
    "Play": _PLAY,
    "Pause": _PAUSE,
    "Redirect": _REDIRECT,
    "Hangup": _HANGUP,
    "Reject": ElementRule({"reason": matching(r"rejected|busy", "rejected or busy")}),
    "Gather": ElementRule(
        {
            "input": matching(r"dtmf|speech|dtmf speech|speech dtmf", "dtmf, speech or both"),
            "action": url,
            "method": method,
            "timeout": number(1, 600),
            "speechTimeout": any_of(number(1, 600), matching(r"auto", "seconds or auto")),
            "numDigits": number(1, 1000),
            "finishOnKey": matching(r"[0-9*#]?", "one key, or nothing"),
            "actionOnEmptyResult": boolean,
            "language": language,
            "hints": matching(r"[^<>]*", "plain words"),
            "bargeIn": boolean,
            "speechModel": models,
            "enhanced": boolean,
            "profanityFilter": boolean,
            "partialResultCallback": full_url,
            "partialResultCallbackMethod": method,
        },
        frozenset({"Say", "Play", "Pause"}),
        whole=_gather,
    ),
    "Dial": ElementRule(
        {
            "action": url,
            "method": method,
            "timeout": number(5, 600),
            "timeLimit": number(1, 14400),
            "hangupOnStar": boolean,
            "callerId": e164,
            "answerOnBridge": boolean,
        },
        frozenset({"Number", "Conference"}),
        whole=_dial,
    ),
    "Number": ElementRule(
        {"url": full_url, "method": method, "statusCallbackEvent": progress, "sendDigits": keys, **_CALLBACK},
        text=dialled,
    ),
    "Conference": ElementRule(
        {
            "startConferenceOnEnter": boolean,
            "endConferenceOnExit": boolean,
            "beep": matching(r"true|false|onEnter|onExit", "true, false, onEnter or onExit"),
            "waitUrl": url,
            "waitMethod": method,
            "muted": boolean,
            "maxParticipants": number(2, 250),
            "participantLabel": matching(r"\S{1,128}", "up to 128 characters without spaces"),
            "statusCallbackEvent": happenings,
            **_CALLBACK,
        },
        text=matching(r"[^\s<>?/&#]{1,128}", "a room's name"),
    ),
}

WAITING: Mapping[str, ElementRule] = {
    "Response": ElementRule(children=frozenset({"Say", "Play", "Pause", "Redirect"})),
    "Say": _SAY,
    "Play": _PLAY,
    "Pause": _PAUSE,
    "Redirect": _REDIRECT,
}
"""What may be played to somebody who waits in a conference room."""

MESSAGING: Mapping[str, ElementRule] = {
    "Response": ElementRule(children=frozenset({"Message", "Redirect"})),
    "Message": ElementRule(
        {"to": dialled, "from": e164, "action": full_url, "method": method, "statusCallback": full_url},
        frozenset({"Body", "Media"}),
        text=lambda text: None,
        whole=_message,
    ),
    "Body": ElementRule(text=lambda text: None if text else "is empty"),
    "Media": ElementRule(text=full_url),
    "Redirect": _REDIRECT,
}
