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
    """What it does to callers if it isn't."""
    how: str
    """Where to look."""


LOOKS: Final = (
    ByHand(
        "hipaa",
        Topic.BY_HAND,
        "The carrier has signed a business associate agreement (Security or Enterprise Edition), and the account has "
        "its HIPAA flag.",
        "That somebody called is kept by a company that owes them nothing for it.",
        "At the carrier: the account's general settings, HIPAA; the agreement with your papers.",
    ),
    ByHand(
        "stop-help",
        Topic.BY_HAND,
        "The carrier's own replies to STOP and HELP name 911 and 988.",
        "Whoever texts STOP in danger is told only that they will get no more messages.",
        "At the carrier: the messaging service, Opt-out management (Advanced Opt-Out); the words are in what "
        "`hotline provision --papers` prints.",
    ),
    ByHand(
        "branded-calling",
        Topic.BY_HAND,
        "Branded Calling is off for the line's numbers, or shows a name that tells nothing.",
        "Whoever holds the phone of somebody who is rung back reads who calls, and why.",
        "At the carrier: Trust Hub, Registrations, Branded calling.",
    ),
    ByHand(
        "failsafe",
        Topic.BY_HAND,
        "A person has answered the failsafe number, by day and by night, and knows what it is for.",
        "When nothing else works, the last call rings at a machine.",
        "Call it now, and once at night. A voicemail box there would take the calls.",
    ),
    ByHand(
        "spending",
        Topic.BY_HAND,
        "The account has money for weeks, refills by itself, and tells somebody at twice a usual day's price.",
        "An empty account is shut: nobody is called, nobody hears anything.",
        "At the carrier: Billing, Auto recharge, and Usage triggers.",
    ),
    ByHand(
        "key-copy",
        Topic.BY_HAND,
        "A copy of HOTLINE_DATA_KEY is kept where the backups are not.",
        "After a disk dies, nobody knows any more whom a call was promised.",
        "In a safe, or in the centre's password keeper; try that it can be read.",
    ),
    ByHand(
        "walk-through",
        Topic.BY_HAND,
        "Somebody has called and texted the line from outside, pressed 1, and was answered by a clinician.",
        "The first to find out that something is missing is somebody in danger.",
        "Call each number from a phone that is no staff's: hear the first words, press 1, be answered, hang up. Then "
        "press 2, leave a callback, and take it. Then text it.",
    ),
)
_OF_WORDS: Final[Mapping[str, str]] = {
    "clinician": "A clinician has signed off what is said in an emergency, word by word",
    "lawyer": "A lawyer has signed off what is said about consent, machines and stopping",
}
_LANGUAGES: Final = {Language.ES: "Spanish", Language.PT: "Portuguese", Language.HT: "Haitian Creole"}


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
            yield good(one.topic, f"by_hand.{one.key}", f"{one.ask} ({_by(held)})")
        else:
            asked = "Nobody has looked" if held is None else "Nobody has looked for half a year"
            yield doubtful(
                one.topic,
                f"by_hand.{one.key}",
                f"{asked} whether this is so: {one.ask}",
                f"If not: {_lower(one.callers)}",
                f"{one.how} Then `hotline doctor sign {one.key}`.",
            )
    for key, now_is in words_keys(prompts).items():
        yield _of_words(key, now_is, signed.get(key))


def _of_words(key: str, now_is: str, held: SignOff | None) -> Finding:
    if key in _OF_WORDS:
        asked = _OF_WORDS[key]
    else:
        asked = f"A native speaker has signed off what is said in {_LANGUAGES[Language(key.removeprefix('native-'))]}"
    if held is not None and held.of == now_is:
        return good(Topic.WORDS, f"words.signed.{key}", f"{asked} ({_by(held)}).")
    since = "." if held is None else f", and it has changed since ({_by(held)})."
    return doubtful(
        Topic.WORDS,
        f"words.signed.{key}",
        f"Not yet: {_lower(asked)}{since}",
        "Words that nobody of the trade has read may be wrong in the one moment in which they count.",
        "`hotline prompts export` prints every sentence, to be read and signed; then "
        f'`hotline doctor sign {key} --by "Who they are"`.',
    )


def _by(held: SignOff) -> str:
    return f"{held.who}, {held.at:%Y-%m-%d}"


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
