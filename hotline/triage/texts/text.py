"""A text thread: what is read first, what a keyword does, the safe-to-call question, and a person for everything else.

Theory of operation
-------------------
One reply at most answers one text, and only where something of ours can arrive. What a text means is asked in this
order, and the first that fits decides:

0. "Stop calling me" and its like (`stop_calling`), whole messages from a list: an opt-out, whatever else reads in it.
1. Emergency and suicide words. They page from every state, whoever wrote them and whatever was written before; only
   the reply depends on whether it can arrive, on whether a machine would answer it, and on what they have been told
   in this emergency already, by us or by the human who has it. The whole messages of 3 are
   no such words: "not now" is said by people who have no time.
2. What only looks as if a person had written it: no reply.
3. Wishes about a callback that is owed (`self_service`): "no me llamen" gives up a call, and doesn't end texts.
   Who is owed one and sends a sign alone is told how it stands, and a person reads it; a thumb or a heart thanks.
4. An opt-out in any wording, an opt-in, a plea for help about this number.
5. What reached us so late that a menu answers nothing (`Texted.late`): a person reads it, and they are told so.
6. Answers to our own questions, the menu, the line's words.
7. Everything else: a person reads it; and so is all that comes from where no text of ours can go.

While a human has the thread, or is asked to, only 1, 2 and 4 are ours; the rest is between the two of them. Who is
in line for a call keeps 3 until somebody has taken the thread.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from hotline.model import Danger, Language, Line, Outcome, PhoneNumber, Subject
from hotline.triage.caller_events import Author, Event, Texted
from hotline.triage.contact import Contact, ContactState
from hotline.triage.facts import ANSWERS_DANGER, Facts
from hotline.triage.meaning import (
    Meaning,
    danger_of,
    is_carrier_keyword,
    is_rather_danger,
    may_mean_danger,
    plain,
    read,
    unblocks,
)
from hotline.triage.menu import LANGUAGE_WORDS, NO_KEY, YES_KEY
from hotline.triage.open_callback import CallbackStanding, OpenCallback
from hotline.triage.texts import self_service
from hotline.triage.texts.keywords import key_of
from hotline.triage.texts.language_of import language_of
from hotline.triage.texts.self_service import IN_LINE, QUESTIONS, Wish, a_person_reads_it, wish
from hotline.triage.texts.stop_calling import keeps_calls, names_calls, stops_calls
from hotline.triage.turn import (
    CallLater,
    Close,
    OptIn,
    OptOut,
    PromiseCallback,
    Reach,
    RememberLanguage,
    Spoken,
    Turn,
)

URGENT: Final = frozenset({Meaning.EMERGENCY, Meaning.SUICIDE})
_LINE_OF: Final = {
    Meaning.ADMISSIONS: Line.ADMISSIONS,
    Meaning.FAMILY: Line.FAMILY,
    Meaning.PERSON: Line.PERSON,
}
_QUIET: Final = frozenset({ContactState.TEXT_EMERGENCY, ContactState.TEXT_WITH_PERSON})
_BY_KEYS: Final = frozenset({ContactState.TEXT_SAFE, ContactState.TEXT_CANCEL})
"""Questions that 4 and 5 answer."""
_WAITS: Final = frozenset({ContactState.TEXT_WITH_PERSON, ContactState.TEXT_WAITING})
"""In which nothing is asked that keys answer, but for lines."""
_FRESH: Final = frozenset({ContactState.TEXT_MENU, ContactState.TEXT_STOPPED, ContactState.ENDED})


def step(contact: Contact, event: Event, facts: Facts) -> Turn:
    """The reply to one text, or to a silence in a thread that had been asked something."""
    if not isinstance(event, Texted):
        return _quiet(contact)
    person = event.by is Author.PERSON
    written = in_their_language(contact, event.words, facts) if person else contact
    turn = _sayable(written, event, facts, _meant(written, event, facts))
    turn = _with_question(written, event, _read_at_once(event, facts, turn))
    if written.language is contact.language:
        return turn
    return replace(turn, requests=(RememberLanguage(written.language), *turn.requests))


def in_their_language(contact: Contact, words: str, facts: Facts) -> Contact:
    """The contact, in the language of these words if it is clear which that is; or in the one that they name."""
    named = _named(words, facts)
    clear = named or language_of(words, facts.languages)
    return contact if clear is None else replace(contact, language=clear, language_chosen=True)


def is_opt_out(words: str, language: Language, facts: Facts) -> bool:
    """Whether these words end texts, in whatever wording."""
    return _ends_all(words) or _meaning(words, language, facts) is Meaning.OPT_OUT


def _ends_all(words: str) -> bool:
    """Whether they want no more calls, ever; "don't call now, he's home" is about this one."""
    return stops_calls(self_service.besides(words))


def _meaning(words: str, language: Language, facts: Facts) -> Meaning:
    """What the message is read as; what only puts off a call ends nothing, and its "please" is no plea ("don't call
    right now please"). Whatever else is read as danger stays danger."""
    meaning = read(words, language, facts.phrases)
    if meaning is Meaning.OPT_OUT:
        apart = self_service.besides(words)
    elif meaning in URGENT:
        apart = self_service.without_please(words)
    else:
        return meaning
    if apart == words:
        return meaning
    again = read(apart, language, facts.phrases) if apart else Meaning.ASK
    return again if again in (Meaning.OPT_OUT, *URGENT) else Meaning.ASK


def _named(words: str, facts: Facts) -> Language | None:
    named = LANGUAGE_WORDS.get(plain(words))
    return named if named in facts.languages else None


def _sayable(contact: Contact, event: Texted, facts: Facts, turn: Turn) -> Turn:
    """Words only where they can arrive, and are wanted; a question that nobody would read is a person's to ask."""
    invited = any(isinstance(request, OptIn) for request in turn.requests)
    arrives = facts.answerable and (not facts.opted_out or invited)
    urgent = any(
        isinstance(request, Reach) and request.subject is Subject.EMERGENCY for request in turn.requests
    )
    if event.by is Author.PERSON and arrives and (urgent or facts.replies_left):
        return turn
    asked = (
        turn.contact.state in (ContactState.TEXT_SAFE, *QUESTIONS) and turn.contact.state is not contact.state
    )
    if asked and event.by is Author.PERSON:
        handed = a_person_reads_it(contact)
        return replace(handed, say=(), requests=(*turn.requests, *handed.requests))
    return replace(turn, say=())


def _read_at_once(event: Texted, facts: Facts, turn: Turn) -> Turn:
    """Whom no text of ours can reach, no menu can serve: a person reads whatever they write, but for opt-outs."""
    seen = facts.thread_open or turn.contact.state in _QUIET or facts.blocked
    asked = any(isinstance(request, Reach | OptOut) for request in turn.requests)
    if not facts.out_of_reach or event.by is not Author.PERSON or seen or asked:
        return turn
    handed = a_person_reads_it(turn.contact)
    return replace(handed, say=(), requests=(*turn.requests, *handed.requests))


def _meant(contact: Contact, event: Texted, facts: Facts) -> Turn:
    if _ends_all(event.words):
        return _stopped(contact, event, facts)
    heard = event.words, contact.language, facts.phrases
    meaning = _meaning(event.words, contact.language, facts)
    if meaning in URGENT and facts.thread_taken and not is_rather_danger(*heard):
        meaning = Meaning.ASK  # and a person reads it already
    if meaning in URGENT and not self_service.is_keyword(contact, event.words, facts):
        return _emergency(contact, facts, Danger.SUICIDE if meaning is Meaning.SUICIDE else danger_of(*heard))
    if event.by is not Author.PERSON:
        return Turn(contact) if facts.blocked else _machine(contact, event.by)
    if facts.opted_out and unblocks(event.words):
        meaning = Meaning.OPT_IN
    keyword = _keyword(contact, event, meaning, facts)
    answered = _answered_yet(contact, event, meaning, facts)
    if answered is not None:
        return answered
    if contact.state in _QUIET or facts.thread_taken:
        offered = keyword or _offered(contact, event, meaning, facts)
        return offered or self_service.put_off_quietly(contact, event.words, facts) or Turn(contact)
    if facts.blocked:
        return keyword or _told_blocked(contact, meaning, facts)
    return _served(contact, event, meaning, keyword, facts)


def _answered_yet(contact: Contact, event: Texted, meaning: Meaning, facts: Facts) -> Turn | None:
    """The answer, by its key, to a question of ours to which they had written something else first.

    Nothing that was said since is answered by that key; but once a person has the thread, it may answer that person.
    """
    key = key_of(event.words, contact.language)
    if contact.left_open is None or key not in (YES_KEY, NO_KEY) or facts.thread_taken or facts.blocked:
        return None
    return _served(replace(contact, state=contact.left_open, left_open=None), event, meaning, None, facts)


def _with_question(before: Contact, event: Texted, turn: Turn) -> Turn:
    """The turn, with the question that it leaves without an answer."""
    left_open = turn.contact.left_open
    if turn.contact.state not in _WAITS:
        left_open = None
    elif before.state in _BY_KEYS:
        meant = read(event.words, before.language)
        left_open = None if meant in (Meaning.YES, Meaning.NO) else before.state
    if left_open is turn.contact.left_open:
        return turn
    return replace(turn, contact=replace(turn.contact, left_open=left_open))


def _served(contact: Contact, event: Texted, meaning: Meaning, keyword: Turn | None, facts: Facts) -> Turn:
    """What the menu makes of it; nobody has them yet."""
    if keyword is not None and not _gives_up_a_call(event.words, facts):
        return keyword
    if event.late:
        return _late(contact, meaning)
    served = self_service.answer(contact, event.words, meaning, facts)
    answered = served or keyword or _answer(contact, event, meaning, facts)
    told = facts.thread_open and any(one.prompt == "unsure" for one in answered.say)
    answered = replace(answered, say=()) if told else answered
    return _somebody_looks(answered) if event.media else answered


def _told_blocked(contact: Contact, meaning: Meaning, facts: Facts) -> Turn:
    """Once in a thread they are told what is still open to them, as a caller is; else nothing is answered."""
    if contact.blocked or facts.emergency_goes_on or _needs_no_answer(contact, meaning):
        return Turn(contact)
    return Turn(replace(contact, blocked=True), say=(Spoken("text_blocked"),))


def _late(contact: Contact, meaning: Meaning) -> Turn:
    """They have waited for an answer that never came: a person reads it, whatever a menu would have made of it."""
    if _needs_no_answer(contact, meaning):
        return Turn(contact)
    return replace(a_person_reads_it(contact), say=(Spoken("read_late"),))


def _offered(contact: Contact, event: Texted, meaning: Meaning, facts: Facts) -> Turn | None:
    """While they wait for a person to read what they wrote, the keys that they were offered meanwhile do what was said.

    Not once somebody has it: then a number answers that person's question.
    """
    waits = contact.state is ContactState.TEXT_WITH_PERSON and not facts.thread_taken and not facts.blocked
    line = _LINE_OF.get(meaning)
    if not waits or line is None or key_of(event.words, contact.language) is None:
        return None
    return _choose(contact, line, facts)


def _somebody_looks(turn: Turn) -> Turn:
    """What came with the words is put before a person, whatever the words were answered."""
    if any(isinstance(request, Reach) for request in turn.requests):
        said = tuple(Spoken("picture") if one.prompt == "unsure" else one for one in turn.say)
        return replace(turn, say=said)
    return replace(turn, requests=(*turn.requests, Reach(Subject.THREAD)))


def _gives_up_a_call(words: str, facts: Facts) -> bool:
    """Whether what reads like the end of texts is about the call that is owed. The carrier's own words never are."""
    return facts.open_callback is not None and wish(words) is Wish.CANCEL and not is_carrier_keyword(words)


def _emergency(contact: Contact, facts: Facts, told: Danger) -> Turn:
    """What to do is told once, and again only for a new danger; never into a talk with the human who has it. A cry
    alone, or what may be anything, is no new one."""
    urgent = contact.in_danger(told, anew=not facts.emergency_goes_on)
    prompt = ANSWERS_DANGER[urgent.danger]
    nothing_new = told in (Danger.UNSAID, Danger.OTHER) and bool(facts.danger_told)
    known = prompt in facts.danger_told or nothing_new or facts.human_writes
    words = () if known else (Spoken(prompt),)
    reads_it = bool(words) and facts.answerable and not facts.opted_out
    urgent = replace(
        urgent,
        state=ContactState.TEXT_EMERGENCY,
        line=Line.EMERGENCY,
        heard_911=contact.heard_911 or reads_it or bool(facts.danger_told),
    )
    return Turn(urgent, words, requests=(Reach(Subject.EMERGENCY, told is Danger.SUICIDE),))


def _machine(contact: Contact, by: Author) -> Turn:
    """No reply, for it would be answered; what a person may have written all the same, a person reads."""
    if by is Author.MACHINE or contact.state in _QUIET:
        return Turn(contact)
    return replace(a_person_reads_it(contact), say=())


def _keyword(contact: Contact, event: Texted, meaning: Meaning, facts: Facts) -> Turn | None:
    match meaning:
        case Meaning.OPT_OUT:
            return _stopped(contact, event, facts)
        case Meaning.OPT_IN:
            resumed = ContactState.TEXT_MENU if contact.state is ContactState.TEXT_STOPPED else contact.state
            return Turn(replace(contact, state=resumed), (Spoken("started"),), requests=(OptIn(),))
        case Meaning.HELP:
            return Turn(contact, (Spoken("help"),))
        case _:
            return None


def _stopped(contact: Contact, event: Texted, facts: Facts) -> Turn:
    """No more texts and calls. The carrier has answered by itself if it saw its own keyword, which ends texts only.

    That no call comes either is told to whoever spoke of it, or was owed one and may be told so; not in an emergency,
    in which one may come. Whoever asks for calls in place of texts keeps theirs.
    """
    bare = is_carrier_keyword(event.words)
    of_theirs = facts.open_callback is not None and facts.open_callback.text_safe
    of_calls = of_theirs or names_calls(event.words)
    keeps = bare or keeps_calls(event.words)
    ends_calls = of_calls and not keeps and not facts.emergency_goes_on
    words = () if bare else (Spoken("stopped_calls" if ends_calls else "stopped"),)
    state = (
        ContactState.TEXT_EMERGENCY
        if contact.state is ContactState.TEXT_EMERGENCY
        else ContactState.TEXT_STOPPED
    )
    return Turn(replace(contact, state=state), words, requests=(OptOut(calls_too=not keeps),))


def _answer(contact: Contact, event: Texted, meaning: Meaning, facts: Facts) -> Turn:
    named = _named(event.words, facts) is not None
    if contact.state is ContactState.TEXT_SAFE and (named or meaning in (Meaning.YES, Meaning.NO)):
        line = contact.line or Line.PERSON
        safe = meaning is Meaning.YES
        return _choose(contact, line, facts, named=True) if named else _safe(contact, facts, safe=safe)
    if _needs_no_answer(contact, meaning):
        return Turn(contact)
    wanted = wish(event.words)
    if wanted is Wish.STATUS:
        return Turn(contact, (Spoken("status_none"),))
    line_chosen = Line.PERSON if wanted is Wish.NOW else _LINE_OF.get(meaning)
    greeted = named or meaning is Meaning.GREETING
    if _asks_instead(contact, event.words, line_chosen):
        return a_person_reads_it(contact)
    if line_chosen is not None or (greeted and contact.state in IN_LINE):
        return _choose(contact, line_chosen or contact.line or Line.PERSON, facts)
    if greeted and contact.state in _FRESH:
        return Turn(replace(contact, state=ContactState.TEXT_MENU), (Spoken("menu"),))
    read_by_person = a_person_reads_it(contact)
    if meaning is Meaning.STOP_LIKE:
        return replace(read_by_person, say=(Spoken("unsure_opt_out"),))
    found = meaning is Meaning.ASK and may_mean_danger(event.words, contact.language, facts.phrases)
    return replace(read_by_person, say=(Spoken("unsure_danger"),)) if found else read_by_person


def _asks_instead(contact: Contact, words: str, line: Line | None) -> bool:
    """They were asked whether a call is safe, and write more about the same thing instead: the same words again would
    answer nothing, and a person can."""
    again = contact.state is ContactState.TEXT_SAFE and line is not None and line is contact.line
    return again and key_of(words, contact.language) is None


def _needs_no_answer(contact: Contact, meaning: Meaning) -> bool:
    if contact.state in IN_LINE and meaning in (Meaning.YES, Meaning.NO):
        return True
    return meaning is Meaning.THANKS and contact.state is not ContactState.TEXT_SAFE


def _choose(contact: Contact, line: Line, facts: Facts, *, named: bool = False) -> Turn:
    """`named`: they have only named a language, in which the question is to be asked."""
    if contact.state in IN_LINE and facts.open_callback is not None and facts.open_callback.text_safe:
        return Turn(contact, (self_service.standing(contact, facts, facts.open_callback),))
    asked = replace(contact, state=ContactState.TEXT_SAFE, line=line)
    question = _question(line)
    if contact.state is ContactState.TEXT_SAFE and not named and question == _question(contact.line):
        # The same words once more would say neither that they were understood, nor what is to be answered.
        question = "safe_again"
    return Turn(asked, (Spoken(question),))


def _question(line: Line | None) -> str:
    return "admissions" if line is Line.ADMISSIONS else "family"


def _safe(contact: Contact, facts: Facts, *, safe: bool) -> Turn:
    """Yes: a callback, committed with this turn. No: nothing of ours will ring or write there."""
    number = contact.caller
    if number is None:
        return a_person_reads_it(contact)
    contact = replace(contact, text_safe=safe)
    if not safe and facts.open_callback is not None:
        # They had asked for a call, which would ring here: not now, and a person finds out what is safe.
        handed = replace(contact, state=ContactState.TEXT_WITH_PERSON)
        return Turn(handed, (Spoken("goodbye"),), requests=(CallLater(), Reach(Subject.THREAD)))
    if not safe:
        return Turn(replace(contact, state=ContactState.TEXT_MENU), (Spoken("goodbye"),))
    line = contact.line or Line.PERSON
    waiting = replace(contact, state=ContactState.TEXT_WAITING)
    open_callback = facts.open_callback or OpenCallback(
        line, CallbackStanding.IN_LINE, facts.promise_minutes, text_safe=True
    )
    said = self_service.standing(waiting, facts, self_service.asked_again(open_callback, facts))
    # Whoever's phone is ringing at this moment has no need to be put back into the line.
    ready = open_callback.standing is not CallbackStanding.CALLING
    return Turn(waiting, (said,), requests=(_promise(contact, line, number, ready=ready),))


def _promise(contact: Contact, line: Line, number: PhoneNumber, *, ready: bool) -> PromiseCallback:
    language = contact.language if contact.language_chosen else None
    return PromiseCallback(line, number, ready=ready, text_safe=True, language=language)


def _quiet(contact: Contact) -> Turn:
    """Nobody wrote for a while. A question left open is put before a person; a thread with nothing open ends."""
    if contact.state is ContactState.TEXT_SAFE:
        handed = replace(contact, state=ContactState.TEXT_WITH_PERSON, left_open=contact.state)
        return Turn(handed, requests=(Reach(Subject.THREAD),))
    if contact.state in QUESTIONS:
        # They are in line as they were, or for later; a yes that comes next week answers something else.
        return Turn(replace(contact, state=ContactState.TEXT_WAITING))
    if contact.state in (ContactState.TEXT_MENU, ContactState.TEXT_STOPPED):
        return Turn(replace(contact, state=ContactState.ENDED), requests=(Close(Outcome.QUIET),))
    return Turn(contact)
