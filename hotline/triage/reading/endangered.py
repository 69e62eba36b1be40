"""Who is in danger, and of what, as far as the rules that fit tell: what they are told to do follows it.

Words for a witness of an overdose (naloxone, breaths, roll them over) are for whoever sees one, or somebody who doesn't
wake or answer. Whoever took it themselves can do none of that, and is told what they can; any other danger is told in
general. Whom somebody hurts is told of a safe place, and nothing of naloxone or of doors, though their breath is short
by it ("he choked me i cant breathe"), or though they were made to take something. The words are in
`prompts/lists/who_took.toml`. Where it stays open who took it, somebody else did: a witness who lacks those words loses
more than whoever reads them in vain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from hotline.model import Danger
from hotline.prompts.word_lists import all_words, word_lists
from hotline.triage.reading.concepts import Span, UnderstoodMessage
from hotline.triage.reading.rules import Hit

_LIST: Final = "who_took"
_PERSONS: Final = ("PERSON", "SMALL_CHILD", "CHILD", "RELATIVE")
_NEAR: Final = 2
"""Words before a sign in which whoever has it is named."""
_DRUGS: Final = ("SUBSTANCE", "OPIOID", "PILLS")
_DOER: Final = 3
"""Words before what is done to somebody in which whoever does it is named."""
_ABLE: Final = frozenset(("can", "could"))
"""What may stand between what is done to somebody and a sign that is theirs by that: "he choked me cant breathe"."""
_BODY: Final = ("signs", "body", "taken")
"""What is an overdose, if it is somebody else's."""


def danger_of(message: UnderstoodMessage, fit: Sequence[Hit]) -> Danger:
    """What these rules find, of those that page as an emergency. Never SUICIDE: that is a label of its own."""
    found = [_told(message, hit) for hit in fit]
    kinds = {kind for kind, _ in found}
    body = [hit for kind, hit in found if kind == "body" and not _is_of_violence(message, hit)]
    if "signs" in kinds or any(_is_anothers(message, hit) for hit in body):
        return Danger.OVERDOSE
    if "made_to" in kinds:
        return Danger.BY_OTHERS
    if _took_it_themselves(message, [hit for kind, hit in found if kind in ("taken", "harm")]):
        return Danger.THEMSELVES
    if "taken" in kinds:
        return Danger.OVERDOSE
    if body:
        own = all(_is_their_own(message, hit) for hit in body)
        return Danger.THEMSELVES if own else Danger.OVERDOSE
    if "by_others" in kinds or _done_to_them(message):
        return Danger.BY_OTHERS
    return Danger.UNSAID if kinds <= {"unsaid"} else Danger.OTHER


def _told(message: UnderstoodMessage, hit: Hit) -> tuple[str, Hit]:
    """A hint finds no overdose in what is only drunk ("dad is drunk again"), nor does anything in blood or a heart."""
    if hit.tells == "body" and _is_of_another_kind(message, hit):
        return "", hit
    drunk = (
        hit.hint and hit.tells in _BODY and not _words("drunk").isdisjoint(hit.said.replace(",", "").split())
    )
    medicine = any(hit.start <= span.start < hit.end for span in _spans(message, ("PILLS", "OPIOID")))
    return ("" if drunk and not medicine else hit.tells), hit


def _is_of_another_kind(message: UnderstoodMessage, hit: Hit) -> bool:
    """Whether it goes by a sign, and every sign in the message is none of an overdose."""
    signs = message.concepts.get("SIGN", ())
    found = any(hit.start <= span.start and span.end <= hit.end for span in signs)
    return found and all(_other_signs().search(f"{message.said(span)} ") for span in signs)


def _spans(message: UnderstoodMessage, concepts: Sequence[str]) -> Iterator[Span]:
    for concept in concepts:
        yield from message.concepts.get(concept, ())


# --- what somebody took ------------------------------------------------------------------------------------------


def _took_it_themselves(message: UnderstoodMessage, taken: Sequence[Hit]) -> bool:
    if not taken:
        return False
    around = [message.sentences_around(hit.start, hit.end) for hit in taken]
    said = [f" {message.said(span)} " for span in dict.fromkeys(around)]
    if any(_by_form("theirs").search(one) for one in said):
        return False
    acts = _acts_in(message, [Span(hit.start, hit.end) for hit in taken]) or _acts_in(message, around)
    who = {_who_did(message, at) for at in acts}
    return False not in who and (True in who or any(_by_form("own").search(one) for one in said))


def _acts_in(message: UnderstoodMessage, spans: Sequence[Span]) -> list[int]:
    within = {at for span in spans for at in range(span.start, span.end)}
    return [at for at in sorted(within) if message.words[at].text in _by_subject("acts")]


def _who_did(message: UnderstoodMessage, at: int) -> bool | None:
    """Whether whoever writes did it, by the nearest word before it that says who; None if nothing tells."""
    act = message.words[at]
    others = _others(message)
    passed: list[str] = []
    for before in range(at - 1, -1, -1):
        word = message.words[before]
        if word.sentence != act.sentence:
            break
        if before in others:
            return False
        if word.text in _by_subject("themselves"):
            # Creole says "my child" with the same word after it.
            return None if _is_told_of_another(passed) else before - 1 not in others
        passed.append(word.text)
    named = any(_may_be_a_name(word) for word in passed)
    return True if act.text in _by_subject("alone") and not named else None


def _is_told_of_another(passed: Sequence[str]) -> bool:
    """Whether these words, the nearest to the act first, name who did it: "i think Josh took 40 pills"."""
    joins = _by_subject("joins")
    nearest = next((word for word in passed if word in joins or _may_be_a_name(word)), None)
    return nearest not in {None, *joins} and not _by_subject("tells_of").isdisjoint(passed)


def _may_be_a_name(word: str) -> bool:
    """Names are in no list; what names nobody is, as far as it stands before such acts."""
    return not any(word in _by_subject(kind) for kind in ("names_nobody", "acts", "tells_of"))


def _others(message: UnderstoodMessage) -> frozenset[int]:
    """Where somebody else is spoken of."""
    return frozenset(
        at
        for span in _spans(message, _PERSONS)
        if message.said(span) not in _words("nobody")
        for at in range(span.start, span.end)
        if message.words[at].text not in _words("own_body")
    )


# --- signs of the body -------------------------------------------------------------------------------------------


def _is_anothers(message: UnderstoodMessage, hit: Hit) -> bool:
    """Whether somebody else is spoken of in the sentence of this sign."""
    around = message.sentences_around(hit.start, hit.end)
    return any(around.start <= at < around.end for at in _others(message))


def _is_their_own(message: UnderstoodMessage, hit: Hit) -> bool:
    first = message.words[hit.start].sentence
    near = range(max(0, hit.start - _NEAR), hit.end)
    return any(
        message.words[at].text in _words("own_body") and message.words[at].sentence == first for at in near
    )


# --- what somebody does to them ----------------------------------------------------------------------------------


def _done_to_them(message: UnderstoodMessage) -> list[Span]:
    """What is told of violence to whoever writes, and is neither of long ago nor of a drug ("the dope hit me")."""
    drugs = list(_spans(message, _DRUGS))
    return [
        span
        for span in _spans(message, ("HURT_ME",))
        if not message.has_beside("PAST", message.sentences([span]))
        and not any(_is_beside(span, drug) for drug in drugs)
    ]


def _is_beside(span: Span, other: Span) -> bool:
    """Whether one stands next to the other, or a word away."""
    apart = max(other.start - span.end, span.start - other.end)
    return 0 <= apart < _NEAR


def _is_of_violence(message: UnderstoodMessage, hit: Hit) -> bool:
    """Whether this sign is what somebody does ("he is choking her"), or comes of what is done to whoever writes."""
    done = [*_spans(message, ("HURT_ME", "HURTING")), *_done_to_others(message)]
    inside = {at for span in done for at in range(span.start, span.end)}
    doers = {at for span in done for at in range(max(0, span.start - _DOER), span.start)}
    others = _others(message)
    if inside and all(at in inside or at in others for at in range(hit.start, hit.end)):
        return True
    to_them = _done_to_them(message)
    if not to_them:
        return False
    left = others - inside - doers
    near = range(max(0, hit.start - _NEAR), hit.end)
    around = message.sentences_around(hit.start, hit.end)
    return (
        any(_follows(message, span, hit) for span in to_them)
        or _is_of_nobody_else(message, set(near) - inside, left)
        or _is_of_nobody_else(message, set(range(around.start, around.end)) - inside - doers, left)
    )


def _done_to_others(message: UnderstoodMessage) -> Iterator[Span]:
    """Violence with whom it is done to: "is choking her". Alone, "is choking" is a sign."""
    for act in _spans(message, ("HURTS",)):
        near = (whom for whom in _spans(message, ("VICTIM",)) if 0 <= whom.start - act.end <= 1)
        if (whom := next(near, None)) is not None:
            yield Span(act.start, whom.end)


def _follows(message: UnderstoodMessage, done: Span, hit: Hit) -> bool:
    """Whether this sign comes right after what is done to them, with nobody named: "he choked me cant breathe"."""
    return done.end <= hit.start and _ABLE.issuperset(
        word.text for word in message.words[done.end : hit.start]
    )


def _is_of_nobody_else(message: UnderstoodMessage, places: set[int], others: frozenset[int]) -> bool:
    """Whether whoever writes is spoken of there, and nobody else."""
    own = any(message.words[at].text in _words("own_body") for at in places)
    return own and others.isdisjoint(places)


# --- words -------------------------------------------------------------------------------------------------------


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(all_words(_LIST, kind))


@cache
def _by_subject(kind: str) -> frozenset[str]:
    return frozenset(word_lists(_LIST)["by_subject"][kind])


@cache
def _by_form(kind: str) -> re.Pattern[str]:
    ways = "|".join(f"(?:{one})" for one in word_lists(_LIST)["by_form"][kind])
    return re.compile(rf"(?<= )(?:{ways})(?= )")


@cache
def _other_signs() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in all_words(_LIST, "other_signs")))
