"""What somebody who waits for a call can do about it by text: ask how it stands, have it now, later, or not at all.

Nothing is promised that the turn's own requests don't carry out, and nothing but neutral words is written until the
caller has said that texting is safe. A call that was asked for is given up only by a yes to that very question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final

from hotline.model import Language, Subject
from hotline.prompts.word_lists import all_words
from hotline.triage.contact import Contact, ContactState
from hotline.triage.facts import Facts
from hotline.triage.meaning import Meaning, key_of, plain
from hotline.triage.menu import EMERGENCY_KEY, YES_KEY
from hotline.triage.open_callback import CallbackStanding, Hour, OpenCallback
from hotline.triage.texts import times
from hotline.triage.texts.keywords import is_thankful, is_wordless
from hotline.triage.turn import CallLater, CallNow, CancelCall, Reach, Spoken, Turn


class Wish(Enum):
    """What they want of their callback."""

    STATUS = auto()
    NOW = auto()
    LATER = auto()
    CANCEL = auto()


WORDS: Final[dict[Wish, frozenset[str]]] = {
    wish: frozenset(all_words("self_service", wish.name.lower())) for wish in Wish
}
"""Each the whole message, as `plain` leaves it; of bare CANCEL the carrier makes an opt-out."""

_WISH_OF: Final = {words: wish for wish, phrases in WORDS.items() for words in phrases}
_YES: Final = frozenset(all_words("self_service", "yes"))
"""What cancels a call, beside the key. "OK" and "fine" are said to whatever was written last."""
QUESTIONS: Final = frozenset({ContactState.TEXT_WHEN, ContactState.TEXT_CANCEL})
IN_LINE: Final = QUESTIONS | {ContactState.TEXT_WAITING}


def wish(words: str) -> Wish | None:
    """What the whole message says about the caller's callback; None if it says something else, or more."""
    return _WISH_OF.get(_bare(words))


_OF_CALLS: Final = frozenset(all_words("self_service", "puts_off"))
_PUTS_OFF: Final = _OF_CALLS | frozenset(all_words("self_service", "cant_talk"))
_LONGEST: Final = max(len(words.split()) for words in _PUTS_OFF)
_FOR_GOOD: Final = all_words("self_service", "for_good")
_PLEASE: Final = all_words("self_service", "please")
_PARTS: Final = re.compile(r"[.,;:!?\n]+(?!\d)|\s[-–—]+\s")
"""Between two parts of a message. No part ends within 10:30 or 9.5."""


@dataclass(frozen=True, slots=True)
class _PutOff:
    """What is written in a part that begins by saying that no call is to come now."""

    head: str
    """That it isn't to come, as it stands in the list."""
    rest: str
    """All else, as they wrote it, without a "please" between the two."""


def parts(words: str) -> list[str]:
    """What a message says, part by part."""
    return [part.strip() for part in _PARTS.split(words) if part.strip()]


def puts_off(words: str) -> bool:
    """Whether some part of it begins by saying that no call is to come now: "not now please, my wife is here"."""
    return any(_put_off_in(part) is not None for part in parts(words))


def besides(words: str) -> str:
    """What a message says besides that no call is to come now; the same words if it doesn't say that."""
    each = [(part, _put_off_in(part)) for part in parts(words)]
    if all(found is None for _, found in each):
        return words
    return ". ".join(part if found is None else found.rest for part, found in each).strip(". ")


def without_please(words: str) -> str:
    """The message without the "please" behind "don't call right now", which is read with it as a plea for now; the same
    words if there is none."""
    each = [(part, _put_off_in(part)) for part in parts(words)]
    if not any(found is not None and found.head in _OF_CALLS for _, found in each):
        return words
    return ". ".join(
        part if found is None or found.head not in _OF_CALLS else f"{found.head} {found.rest}".strip()
        for part, found in each
    )


def _put_off_in(part: str) -> _PutOff | None:
    """None if it doesn't begin so, or if they want no call for good."""
    if any(f" {word} " in f" {_bare(part)} " for word in _FOR_GOOD):
        return None
    # It may begin with a "please" itself.
    for written in (part.split(), _after_please(part.split())):
        for count in range(min(_LONGEST, len(written)), 0, -1):
            head = _bare(" ".join(written[:count]))
            if head in _PUTS_OFF:
                return _PutOff(head, " ".join(_after_please(written[count:])))
    return None


def _bare(words: str) -> str:
    return plain(words.replace("'", "").replace("’", ""))


def _after_please(written: list[str]) -> list[str]:
    for count in (2, 1):
        if _bare(" ".join(written[:count])) in _PLEASE:
            return written[count:]
    return written


def is_keyword(contact: Contact, words: str, facts: Facts) -> bool:
    """Whether this is a keyword of somebody who is owed a call: as the whole message, "not now" is no plea.

    Nor is a mere time that answers our own question for one. Key 1 is the emergency here, too.
    """
    quiet = (
        contact.state in (ContactState.TEXT_EMERGENCY, ContactState.TEXT_WITH_PERSON) or facts.thread_taken
    )
    if facts.open_callback is None or quiet or key_of(words, contact.language) == EMERGENCY_KEY:
        return False
    return wish(words) is not None or (contact.state is ContactState.TEXT_WHEN and facts.wanted is not None)


def answer(contact: Contact, words: str, meaning: Meaning, facts: Facts) -> Turn | None:
    """The turn of somebody who is owed a call; None if this has nothing to do with it."""
    if facts.open_callback is None:
        return None
    asked = (
        _answered(contact, words, meaning, facts, facts.open_callback)
        if facts.open_callback.text_safe
        else None
    )
    if asked is not None:
        return asked
    wanted = wish(words)
    if wanted is None and puts_off(words):
        return _put_off(contact, facts, facts.open_callback)
    if wanted is None and facts.wanted is not None and key_of(words, contact.language) is None:
        wanted = Wish.LATER
    if wanted is None and is_wordless(words):
        if "?" not in words:
            return _at_a_sign(contact, words, facts, facts.open_callback)
        wanted = Wish.STATUS
    if wanted is None:
        return None
    if not facts.open_callback.text_safe:
        return _first_is_it_safe(contact, facts, facts.open_callback, wanted)
    return _carried_out(contact, wanted, facts, facts.open_callback)


def _at_a_sign(contact: Contact, words: str, facts: Facts, open_callback: OpenCallback) -> Turn:
    """A sign that no menu knows: a person reads it, and they are told how their call stands. A thumb or a heart that
    answers no question of ours thanks, and needs no answer."""
    if is_thankful(words) and contact.state not in (ContactState.TEXT_SAFE, *QUESTIONS):
        return Turn(contact)
    read = a_person_reads_it(contact)
    if not open_callback.text_safe:
        return read
    told = () if facts.thread_open else (standing(contact, facts, open_callback),)
    return replace(read, contact=_waiting(contact, open_callback), say=told)


def _answered(
    contact: Contact, words: str, meaning: Meaning, facts: Facts, open_callback: OpenCallback
) -> Turn | None:
    """The answer to a question of ours about the callback."""
    if contact.state is ContactState.TEXT_WHEN and facts.wanted is not None:
        return _later(contact, facts, open_callback)
    if contact.state is ContactState.TEXT_CANCEL and meaning is Meaning.NO:
        return _told(contact, facts, open_callback)
    if contact.state is ContactState.TEXT_CANCEL and _surely(words, contact.language):
        over = replace(contact, state=ContactState.TEXT_MENU, line=None)
        return Turn(over, (Spoken("cancelled"),), requests=(CancelCall(),))
    return None


def _surely(words: str, language: Language) -> bool:
    return key_of(words, language) == YES_KEY or plain(words) in _YES


def _first_is_it_safe(contact: Contact, facts: Facts, open_callback: OpenCallback, wanted: Wish) -> Turn:
    """They asked by telephone, and never said that texting is safe."""
    if wanted in (Wish.LATER, Wish.CANCEL):
        # Neither is told anything about the call, and neither is rung at once.
        read = a_person_reads_it(contact)
        later = CallLater(facts.wanted.at if facts.wanted else None)
        return replace(read, requests=(later, *read.requests)) if wanted is Wish.LATER else read
    asked = replace(contact, state=ContactState.TEXT_SAFE, line=open_callback.line)
    again = contact.state is ContactState.TEXT_SAFE and wanted is Wish.NOW
    return Turn(asked, (Spoken("safe_again" if again else "family"),))


def _carried_out(contact: Contact, wanted: Wish, facts: Facts, open_callback: OpenCallback) -> Turn:
    match wanted:
        case Wish.STATUS:
            return _told(contact, facts, open_callback)
        case Wish.NOW:
            return _now(contact, facts, open_callback)
        case Wish.LATER if facts.wanted is not None:
            return _later(contact, facts, open_callback)
        case Wish.LATER:
            asked = _waiting(contact, open_callback, ContactState.TEXT_WHEN)
            return Turn(asked, (Spoken("ask_when"),), requests=(CallLater(),))
        case Wish.CANCEL:
            return Turn(_waiting(contact, open_callback, ContactState.TEXT_CANCEL), (Spoken("ask_cancel"),))


def _put_off(contact: Contact, facts: Facts, open_callback: OpenCallback) -> Turn:
    """No call comes while somebody is beside them, say. They are told when it does, or asked; a person reads why."""
    if not open_callback.text_safe:
        return _first_is_it_safe(contact, facts, open_callback, Wish.LATER)
    turn = _carried_out(contact, Wish.LATER, facts, open_callback)
    if any(isinstance(request, Reach) for request in turn.requests):
        return turn
    return replace(turn, requests=(*turn.requests, Reach(Subject.THREAD)))


def put_off_quietly(contact: Contact, words: str, facts: Facts) -> Turn | None:
    """A person reads what they write, or talks with them: no machine answers, but no call comes now either. Whoever has
    taken the call already reads it, and decides."""
    taken = (CallbackStanding.TAKEN, CallbackStanding.CALLING)
    owed = facts.open_callback is not None and facts.open_callback.standing not in taken
    if not owed or contact.state is ContactState.TEXT_EMERGENCY or facts.blocked or not puts_off(words):
        return None
    return Turn(contact, requests=(CallLater(facts.wanted.at if facts.wanted is not None else None),))


def _now(contact: Contact, facts: Facts, open_callback: OpenCallback) -> Turn:
    """At the front of the line again, and at night too; whoever already is being rung is told so."""
    return replace(_told(contact, facts, asked_again(open_callback, facts)), requests=(CallNow(),))


def asked_again(open_callback: OpenCallback, facts: Facts) -> OpenCallback:
    """How the callback stands once its caller has asked for it anew, with whatever is told of it then."""
    if open_callback.standing not in (
        CallbackStanding.AT_TIME,
        CallbackStanding.UNREACHED,
        CallbackStanding.IN_LINE,
    ):
        return open_callback
    soon = (
        open_callback.minutes if open_callback.standing is CallbackStanding.IN_LINE else facts.promise_minutes
    )
    return replace(
        open_callback, standing=CallbackStanding.IN_LINE, minutes=min(soon, facts.promise_minutes), at=None
    )


def _later(contact: Contact, facts: Facts, open_callback: OpenCallback) -> Turn:
    wanted = facts.wanted
    if wanted is None or open_callback.standing is CallbackStanding.CALLING:
        # Their phone rings this very moment: that can't be undone by a text.
        return a_person_reads_it(contact)
    said = _time(wanted, facts.now or wanted, contact.language)
    return Turn(_waiting(contact, open_callback), (said,), requests=(CallLater(wanted.at),))


def _told(contact: Contact, facts: Facts, open_callback: OpenCallback) -> Turn:
    return Turn(_waiting(contact, open_callback), (standing(contact, facts, open_callback),))


def standing(contact: Contact, facts: Facts, open_callback: OpenCallback) -> Spoken:
    """How the callback stands, in words that hold now."""
    match open_callback.standing:
        case CallbackStanding.IN_LINE if facts.nobody_on:
            return Spoken("confirmed_unstaffed")
        case CallbackStanding.IN_LINE | CallbackStanding.AT_TIME if facts.held_back:
            return Spoken("confirmed_soon")
        case CallbackStanding.IN_LINE:
            return Spoken("confirmed", (("MIN", str(max(1, open_callback.minutes))),))
        case CallbackStanding.AT_TIME if open_callback.at is not None and facts.now is not None:
            return _time(Hour(open_callback.at, facts.now.zone), facts.now, contact.language)
        case (
            CallbackStanding.RINGING
            | CallbackStanding.TAKEN
            | CallbackStanding.CALLING
            | CallbackStanding.UNREACHED
        ):
            return Spoken(f"status_{open_callback.standing}")
        case _:
            return Spoken("status_late")


def _time(hour: Hour, now: Hour, language: Language) -> Spoken:
    return Spoken(*times.told(hour.at, now.at, hour.zone, language))


def _waiting(
    contact: Contact, open_callback: OpenCallback, state: ContactState = ContactState.TEXT_WAITING
) -> Contact:
    return replace(contact, state=state, line=open_callback.line)


def a_person_reads_it(contact: Contact) -> Turn:
    """S07, and the thread is put before a coordinator; whoever is in line stays there."""
    in_line = contact.state in IN_LINE
    handed = replace(contact, state=ContactState.TEXT_WAITING if in_line else ContactState.TEXT_WITH_PERSON)
    return Turn(handed, (Spoken("unsure"),), requests=(Reach(Subject.THREAD),))
