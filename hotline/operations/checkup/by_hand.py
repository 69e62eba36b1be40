"""What no program can see: whoever has looked signs, and is asked again when it is long ago or when it has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from hotline.model import Language
from hotline.operations.checkup.finding import Finding, Topic, doubtful, good
from hotline.prompts import Prompts
from hotline.store.upkeep.sign_offs import SignOff
from hotline.worded import joined, worded

LASTS: Final = timedelta(days=180)
"""How long a look holds."""


@dataclass(frozen=True, slots=True)
class ByHand:
    """One thing to look at."""

    key: str
    topic: Topic
    ask: str
    """What must be so."""
    callers: str
    """What it does to callers if it isn't, behind "If not:"."""
    how: str
    """Where to look."""


LOOKS: Final = (
    ByHand(
        "hipaa",
        Topic.BY_HAND,
        worded(
            "The carrier has signed a business associate agreement (Security or Enterprise Edition), and "
            "the account has "
            "its HIPAA flag."
        ),
        worded("that somebody called is kept by a company that owes them nothing for it."),
        worded("At the carrier: the account's general settings, HIPAA; the agreement with your papers."),
    ),
    ByHand(
        "stop-help",
        Topic.BY_HAND,
        worded("The carrier's own replies to STOP and HELP name 911 and 988."),
        worded("whoever texts STOP in danger is told only that they will get no more messages."),
        worded(
            "At the carrier: the messaging service, Opt-out management (Advanced Opt-Out); the words are in what "
            "`hotline provision --papers` prints."
        ),
    ),
    ByHand(
        "branded-calling",
        Topic.BY_HAND,
        worded("Branded Calling is off for the line's numbers, or shows a name that tells nothing."),
        worded("whoever holds the phone of somebody who is rung back reads who calls, and why."),
        worded("At the carrier: Trust Hub, Registrations, Branded calling."),
    ),
    ByHand(
        "failsafe",
        Topic.BY_HAND,
        worded("A person has answered the failsafe number, by day and by night, and knows what it is for."),
        worded("when nothing else works, the last call rings at a machine."),
        worded("Call it now, and once at night. A voicemail box there would take the calls."),
    ),
    ByHand(
        "spending",
        Topic.BY_HAND,
        worded(
            "The account has money for weeks, refills by itself, and tells somebody at twice a usual day's price."
        ),
        worded("an empty account is shut: nobody is called, nobody hears anything."),
        worded("At the carrier: Billing, Auto recharge, and Usage triggers."),
    ),
    ByHand(
        "key-copy",
        Topic.BY_HAND,
        worded("A copy of HOTLINE_DATA_KEY is kept where the backups are not."),
        worded("after a disk dies, nobody knows any more whom a call was promised."),
        worded("In a safe, or in the centre's password keeper; try that it can be read."),
    ),
    ByHand(
        "walk-through",
        Topic.BY_HAND,
        worded(
            "Somebody has called and texted the line from outside, pressed 1, and was answered by a clinician."
        ),
        worded("the first to find out that something is missing is somebody in danger."),
        worded(
            "Call each number from a phone that is no staff's: hear the first words, press 1, be answered, "
            "hang up. Then "
            "press 2, leave a callback, and take it. Then text it."
        ),
    ),
)
_OF_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "clinician": (
        worded("A clinician has signed off what is said in an emergency, word by word"),
        worded("Not yet: a clinician has signed off what is said in an emergency, word by word"),
    ),
    "lawyer": (
        worded("A lawyer has signed off what is said about consent, machines and stopping"),
        worded("Not yet: a lawyer has signed off what is said about consent, machines and stopping"),
    ),
}
"""That it was, and that it wasn't."""
_LANGUAGES: Final = {
    Language.ES: worded("Spanish"),
    Language.PT: worded("Portuguese"),
    Language.HT: worded("Haitian Creole"),
}


def words_keys(prompts: Prompts) -> dict[str, str]:
    """What is to be signed of the words of the languages that are on, and what that is now."""
    spoken = {language for language, _, _ in prompts.sentences}
    english = fingerprint(prompts, None)
    named = dict.fromkeys(_OF_WORDS, english)
    return named | {f"native-{one.value}": fingerprint(prompts, one) for one in _LANGUAGES if one in spoken}


def fingerprint(prompts: Prompts, language: Language | None) -> str:
    """What all sentences are at the moment: those of one language, or of all."""
    told = sorted(
        f"{spoken}\0{channel}\0{key}\0{sentence}"
        for (spoken, channel, key), sentence in prompts.sentences.items()
        if language in (None, spoken)
    )
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def keys(prompts: Prompts) -> dict[str, str]:
    """Everything that can be signed, and what it is of: what changes makes a signature count no more."""
    return {one.key: "" for one in LOOKS} | words_keys(prompts)


def found(prompts: Prompts, signed: Mapping[str, SignOff], now: datetime) -> Iterator[Finding]:
    """Each as it stands."""
    for one in LOOKS:
        held = signed.get(one.key)
        if held is not None and now - held.at < LASTS:
            yield good(one.topic, f"by_hand.{one.key}", joined((one.ask, f"({_by(held)})")))
        else:
            asked = (
                worded("Nobody has looked whether this is so: %(ask)s", ask=one.ask)
                if held is None
                else worded("Nobody has looked for half a year whether this is so: %(ask)s", ask=one.ask)
            )
            yield doubtful(
                one.topic,
                f"by_hand.{one.key}",
                asked,
                worded("If not: %(callers)s", callers=one.callers),
                worded("%(how)s Then `hotline doctor sign %(key)s`.", how=one.how, key=one.key),
            )
    for key, now_is in words_keys(prompts).items():
        yield _of_words(key, now_is, signed.get(key))


def _of_words(key: str, now_is: str, held: SignOff | None) -> Finding:
    if key in _OF_WORDS:
        was, was_not = _OF_WORDS[key]
    else:
        language = _LANGUAGES[Language(key.removeprefix("native-"))]
        was = worded("A native speaker has signed off what is said in %(language)s", language=language)
        was_not = worded(
            "Not yet: a native speaker has signed off what is said in %(language)s", language=language
        )
    if held is not None and held.of == now_is:
        return good(Topic.WORDS, f"words.signed.{key}", worded("%(ask)s (%(by)s).", ask=was, by=_by(held)))
    return doubtful(
        Topic.WORDS,
        f"words.signed.{key}",
        worded("%(not_yet)s.", not_yet=was_not)
        if held is None
        else worded("%(not_yet)s, and it has changed since (%(by)s).", not_yet=was_not, by=_by(held)),
        worded("Words that nobody of the trade has read may be wrong in the one moment in which they count."),
        worded(
            "`hotline prompts export` prints every sentence, to be read and signed; then "
            '`hotline doctor sign %(key)s --by "Who they are"`.',
            key=key,
        ),
    )


def _by(held: SignOff) -> str:
    return f"{held.who}, {held.at:%Y-%m-%d}"
