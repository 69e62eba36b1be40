"""How a text was read, put for those who must decide whether that was right. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from hotline.console.language.speech import Words, gettext
from hotline.store.traffic.readings import Did, Judgement, KeptReading
from hotline.triage.texts.keywords import Kind
from hotline.triage.urgency import Label

JUDGEMENTS: Final[Mapping[Judgement, str]] = Words(
    {
        Judgement.EMERGENCY: "This was an emergency",
        Judgement.NO_EMERGENCY: "This was not an emergency",
    }
)
"""What may be said of a text: its buttons, and what stands there afterwards."""
_LABELS: Final[Mapping[str, str]] = Words(
    {
        Label.EMERGENCY: "an emergency",
        Label.SUICIDE: "danger to their own life",
        Label.ASK: "perhaps dangerous",
        Label.OPT_OUT: "a wish for no more texts",
        Label.HELP: "a question who we are",
        Label.ADMISSIONS: "about treatment",
        Label.FAMILY: "about somebody else's use",
        Label.STOP_LIKE: "perhaps a wish for no more texts",
        Label.OTHER: "ordinary",
    }
)
RULES: Final[Mapping[str, str]] = Words(
    {
        "a child and a drug": "a child and a drug",
        "a cry for help with a sign": "a cry for help with a sign",
        "a fire": "a fire",
        "a sign, and little else": "a sign, and little else is said",
        "a state of the body": "a state of the body",
        "a stroke": "a stroke",
        "a thing swallowed that burns or blocks": "a thing swallowed that burns or blocks",
        "alcohol or sedative withdrawal": "alcohol or sedative withdrawal",
        "all of it taken": "all of it taken",
        "asks for an ambulance or for help at once": "asks for an ambulance or for help at once",
        "asks for somebody's help": "asks for somebody's help",
        "at an edge": "stands at an edge",
        "attempt": "an attempt",
        "bad supply": "a bad supply",
        "behind a door, and does not come": "behind a door, and does not come",
        "beside themselves without drink or sedatives": "beside themselves without drink or sedatives",
        "bleeds inside": "bleeds inside",
        "body sign": "a sign of the body",
        "breathing": "doesn't breathe, or hardly",
        "cannot speak freely": "cannot speak freely",
        "chest": "pain in the chest",
        "colour": "colour of skin or lips",
        "death, a means or a leave-taking": "death, a means or a leave-taking",
        "does not move": "doesn't move",
        "does not respond": "doesn't respond",
        "does not respond, and little else": "doesn't respond, and little else is said",
        "does not speak, with other signs": "doesn't speak, with other signs",
        "does not wake": "doesn't wake",
        "down or out": "down, or out cold",
        "drugged": "drugged by somebody",
        "drugs inside the body": "drugs inside the body",
        "drunk at the wheel": "drunk at the wheel",
        "dying or dead": "dying or dead",
        "emergency": "an emergency, in that word",
        "fades, or breaks off": "fades, or breaks off",
        "farewell for ever": "farewell for ever",
        "grasps at what is not there, or speaks with the dead": "grasps at what is not there, or speaks with the dead",
        "harm to oneself": "harm to oneself",
        "held, or not able to speak freely": "held, or not able to speak freely",
        "how much or how high it takes": "how much or how high it takes",
        "infection with fever": "infection with fever",
        "last words for somebody": "last words for somebody",
        "leaving, living or a means, in words that are everybody's": "leaving, living or a means, in everybody's words",
        "lying there, and unwell": "lying there, and unwell",
        "means at hand": "the means are at hand",
        "mixed": "several things taken together",
        "more or stronger than meant": "more or stronger than meant",
        "naloxone given": "naloxone was given",
        "no count of what was taken": "no count of what was taken",
        "no pulse": "no pulse",
        "no way back": "no way back",
        "nothing brings them round": "nothing brings them round",
        "orders food as a cover, or cannot speak freely": "orders food as a cover, or cannot speak freely",
        "overdose": "overdose",
        "poison": "poison",
        "pregnant, and bleeding or in pain": "pregnant, and bleeding or in pain",
        "puts things in order": "puts things in order",
        "seizure": "a seizure",
        "somebody is seen lying, or water comes from under a door": "somebody seen lying, or water from under a door",
        "somebody unwell, and little else": "somebody unwell, and little else",
        "somebody's body, or what they took, in words that are everybody's": "a body, or what was taken, plainly said",
        "somebody, and what is around them": "somebody, and what is around them",
        "something taken": "something was taken",
        "suicide": "suicide, in that word",
        "taken, and unwell": "taken, and unwell",
        "too much": "too much was taken",
        "took leave": "a leave-taking",
        "took leave, and is silent since": "took leave, and is silent since",
        "using alone": "uses alone",
        "violence": "violence",
        "violence that goes on, or locked in": "violence that goes on, or locked in",
        "violence, and whoever does it is near": "violence, and whoever does it is near",
        "made to take something": "made to take something",
        "somebody is made to take something": "somebody is made to take something",
        "somebody is forced to take something": "somebody is forced to take something",
        "violence, or help asked for at once": "violence, or help asked for at once",
        "what is arranged or said before leaving": "what is arranged or said before leaving",
        "wish to be dead, plan or goodbye": "wish to be dead, plan or goodbye",
        "withdrawal": "withdrawal",
    }
)
"""What each rule of the reader finds, by its name."""
_FOUND: Final[Mapping[str, str]] = Words(
    {
        "a cry for help": "a cry for help",
        "a plea": "a plea",
        "may be a cry for help": "may be a cry for help",
        "told that it is over": "told that it is over",
        "wants no more messages": "wants no more messages",
        "chooses from the menu": "chooses from the menu",
        "wants to stop": "wants to stop",
        "a telephone's note that somebody reacted to another message": "a telephone's note of a reaction to a message",
        "not": "not",
        "the rest of the message": "the rest of the message",
        "nothing that ends": "nothing that ends",
    }
)
"""What else the reader says in its reasons, in words of its own."""
_KINDS: Final[Mapping[str, str]] = Words(
    {
        Kind.STOP: "stopping texts",
        Kind.START: "having texts again",
        Kind.HELP: "asking who we are",
        Kind.YES: "yes",
        Kind.NO: "no",
        Kind.THANKS: "thanks",
        Kind.GREETING: "a greeting",
        Kind.EMERGENCY: "an emergency",
        Kind.ADMISSIONS: "treatment",
        Kind.FAMILY: "family support",
        Kind.PERSON: "a person",
    }
)
_NAMED: Final = re.compile(r"(^|; )([^“”;:]+)(?=: “)")
_WORD: Final = re.compile(r"the whole message is a word for (\w+)")
_KEY: Final = re.compile(r"the whole message is the key (.+)")
_GOODBYE: Final = re.compile(r"“(.*)”, and may be a goodbye: “(.*)”", re.DOTALL)
_NOT_SURELY: Final = re.compile(r"“(.*)”, but “(.*)”: not surely an opt-out", re.DOTALL)
_LIKENESS: Final = re.compile(r"reads like (\w+) by (.*)", re.DOTALL)
_URGENT: Final = (Label.EMERGENCY, Label.SUICIDE)
_UNSURE: Final = "unsure: "
_LIKE: Final = "reads like "
_MARKS: Final = re.compile(r"[<>^~$]")
"""Of the reader's own on features: where one begins, what concept it is, what it sounds like."""


def reason(kept: KeptReading) -> str:
    """Why this text paged, was put before a person, or neither; it quotes the text."""
    why, score = _plain(kept.why.reason), gettext("score %(score)s", score=f"{kept.why.confidence:.2f}")
    if kept.label == Label.ASK:
        return f"{_who(kept)}: {_doubt(kept.why.reason, score)}."
    if kept.label in _URGENT and kept.did is not Did.PAGED:
        return gettext(
            "%(who)s: perhaps %(labels)s, by a hint and %(score)s: %(why)s.",
            who=_who(kept),
            labels=_LABELS[kept.label],
            score=score,
            why=why,
        )
    what = gettext("Read as %(label)s", label=_LABELS.get(kept.label, kept.label))
    if kept.label in _URGENT:
        if kept.named:
            return gettext("%(what)s, named: %(why)s.", what=what, why=why)
        return gettext("%(what)s, by a hint and %(score)s: %(why)s.", what=what, score=score, why=why)
    if kept.did is Did.ASKED:
        return gettext(
            "A person was asked, as the menu can't answer it. %(what)s; no danger found.", what=what
        )
    return gettext("%(what)s; no danger found.", what=what) if kept.did is Did.OTHER else f"{what}: {why}."


def _who(kept: KeptReading) -> str:
    return gettext("A person was asked") if kept.did is Did.ASKED else gettext("Not paged")


def _doubt(given: str, score: str) -> str:
    found = given.removeprefix(_UNSURE)
    if not given.startswith(_UNSURE):
        return f"{score}, {_plain(given)}"
    if found.startswith(_LIKE):
        return gettext("%(score)s, no named danger. It %(plain)s", score=score, plain=_plain(found))
    return gettext(
        "%(score)s, which speaks against what was found: %(plain)s", score=score, plain=_plain(found)
    )


def _plain(given: str) -> str:
    """Without the reader's own marks; what it calls by a concept's name in small letters; its own words, which are kept
    in English, in the page's language."""
    quoted = re.sub(r"“([^”]*)”", lambda seen: f"“{_unmarked(seen[1])}”", given)
    if like := _LIKENESS.fullmatch(quoted):
        by = gettext("its whole") if like[2] == "its whole" else like[2]
        return gettext("reads like %(label)s by %(said)s", label=_LABELS.get(like[1], like[1]), said=by)
    if word := _WORD.fullmatch(quoted):
        return gettext("the whole message is a word for %(kind)s", kind=_KINDS.get(word[1], word[1]))
    if key := _KEY.fullmatch(quoted):
        return gettext("the whole message is the key %(key)s", key=key[1])
    if goodbye := _GOODBYE.fullmatch(quoted):
        return gettext("“%(said)s”, and may be a goodbye: “%(why)s”", said=goodbye[1], why=goodbye[2])
    if doubt := _NOT_SURELY.fullmatch(quoted):
        against = _FOUND.get(doubt[2], doubt[2])
        return gettext("“%(said)s”, but “%(why)s”: not surely an opt-out", said=doubt[1], why=against)
    return _NAMED.sub(lambda named: f"{named[1]}{_named(named[2])}", _FOUND.get(quoted, quoted))


def _named(name: str) -> str:
    """What a rule found; of before, when it had another name, as it was called then."""
    return RULES.get(name) or _FOUND.get(name, name)


def _unmarked(feature: str) -> str:
    plain = _MARKS.sub("", feature).strip().replace("_", " ")
    return plain.lower() if plain.isupper() and feature.startswith("<") else plain
