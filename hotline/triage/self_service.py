"""What somebody who waits for a call can do about it by text: ask how it stands, have it now, later, or not at all.

Nothing is promised that the turn's own asks don't carry out, and nothing but neutral words is written until the
caller has said that texting is safe. A call that was asked for is given up only by a yes to that very question.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum, auto
from typing import Final

from hotline.model import Language, Subject
from hotline.triage import times
from hotline.triage.contact import Contact, State
from hotline.triage.facts import Facts
from hotline.triage.meaning import Meaning, key_of, plain
from hotline.triage.menu import EMERGENCY_KEY, YES_KEY
from hotline.triage.owed import Hour, Owed, Standing
from hotline.triage.turn import CallLater, CallNow, CancelCall, Reach, Spoken, Turn


class Wish(Enum):
    """What they want of their callback."""

    STATUS = auto()
    NOW = auto()
    LATER = auto()
    CANCEL = auto()


def _phrases(written: str) -> frozenset[str]:
    return frozenset(one.strip() for one in written.replace("\n", ",").split(",") if one.strip())


WORDS: Final[dict[Wish, frozenset[str]]] = {
    Wish.STATUS: _phrases(
        """
        status, my status, update, any update, any updates, any news, how long, how long is the wait, how much longer
        how long will it take, where am i in line, when will you call, when are you calling, when will you call me
        when will someone call, when will someone call me, am i still in line, still waiting, i am still waiting
        im still waiting, nobody called, no one called, nobody called me, no one has called, no one called me
        estado, estatus, cuanto falta, cuanto tiempo falta, cuando me llaman, cuando me van a llamar, cuando llaman
        sigo esperando, todavia espero, no me han llamado, nadie me ha llamado, nadie me llamo
        situacao, quanto falta, quanto tempo falta, quando vao ligar, quando voces ligam, quando vao me ligar
        ainda estou esperando, ninguem ligou, ninguem me ligou
        estati, konben tan, konben tan anko, kile n ap rele m, kile nou ap rele m, kile yo ap rele m
        m ap tann toujou, pesonn pa rele m
        """
    ),
    Wish.NOW: _phrases(
        """
        now, call now, call me now, call me right now, right now, call me asap, asap
        i am ready, im ready, ready, ready now, im free now, i am free now, call again, call me again
        ahora, ya, ahora mismo, llame ahora, llamen ahora, llameme ahora, llamenme ahora, llamame ahora, llamenme ya
        llameme ya, ahora si, estoy listo, estoy lista
        agora, agora mesmo, ligue agora, liga agora, me liga agora, me ligue agora, pode ligar agora, podem ligar agora
        kounye a, koulye a, kounyea, rele m kounye a, rele mwen kounye a, rele m koulye a, mwen pare, m pare
        """
    ),
    Wish.LATER: _phrases(
        """
        later, call later, call me later, call back later, not now, not right now
        cant talk now, i cant talk now, cant talk right now, i cant talk right now, bad time, its a bad time, im busy
        im at work, another time, some other time
        mas tarde, luego, despues, llame mas tarde, llamen mas tarde, llameme mas tarde, llamenme mas tarde, ahora no
        no puedo hablar ahora, ahora no puedo, estoy ocupado, estoy ocupada, otro momento
        mais tarde, depois, ligue mais tarde, liga mais tarde, me liga mais tarde, me liga depois, agora nao
        nao posso falar agora, agora nao posso, estou ocupado, estou ocupada, outra hora
        pita, pi ta, rele m pita, rele m pi ta, pa kounye a, m pa ka pale kounye a
        yon lot le, mwen okipe, m okipe
        """
    ),
    Wish.CANCEL: _phrases(
        """
        cancel my call, cancel the call, cancel call, cancel callback, cancel my callback, cancel call back
        cancel my call back, no call, no call please, dont call, do not call, dont call me, do not call me
        please dont call, please dont call me, you dont have to call, i dont need a call, no need to call, never mind
        no longer need a call, i no longer need a call, dont need a call anymore, nevermind, nvm
        cancelar, cancela, cancele, cancelar llamada, cancelar la llamada, cancele la llamada, cancelen la llamada
        no llame, no llamen, no me llame, no me llamen, ya no llamen, ya no me llamen, no necesito llamada
        ya no necesito la llamada, olvidelo
        cancelar ligacao, cancelar a ligacao, cancele a ligacao, cancelar chamada, cancele a chamada, nao ligue
        nao liguem, nao me ligue, nao me liguem, nao precisa ligar, nao precisa mais ligar, deixa pra la
        anile, anile apel la, anile l, pa rele m, pa rele mwen, pa bezwen rele, pa bezwen rele m, kite sa
        """
    ),
}
"""Each the whole message, as `plain` leaves it; of bare CANCEL the carrier makes an opt-out.

Who only writes that they can't talk may not be able to call 911: that isn't among them.
"""

_WISH_OF: Final = {words: wish for wish, phrases in WORDS.items() for words in phrases}
_YES: Final = _phrases(
    "yes, y, yes please, no call, si, si por favor, sim, sim por favor, wi, wi tanpri, wi souple"
)
"""What cancels a call, beside the key. "OK" and "fine" are said to whatever was written last."""
QUESTIONS: Final = frozenset({State.TEXT_WHEN, State.TEXT_CANCEL})
IN_LINE: Final = QUESTIONS | {State.TEXT_WAITING}


def wish(words: str) -> Wish | None:
    """What the whole message says about the caller's callback; None if it says something else, or more."""
    return _WISH_OF.get(plain(words.replace("'", "").replace("’", "")))


def is_keyword(contact: Contact, words: str, facts: Facts) -> bool:
    """Whether this is a keyword of somebody who is owed a call: as the whole message, "not now" is no plea.

    Nor is a mere time that answers our own question for one. Key 1 is the emergency here, too.
    """
    quiet = contact.state in (State.TEXT_EMERGENCY, State.TEXT_WITH_PERSON) or facts.thread_taken
    if facts.owed is None or quiet or key_of(words, contact.language) == EMERGENCY_KEY:
        return False
    return wish(words) is not None or (contact.state is State.TEXT_WHEN and facts.wanted is not None)


def answer(contact: Contact, words: str, meaning: Meaning, facts: Facts) -> Turn | None:
    """The turn of somebody who is owed a call; None if this has nothing to do with it."""
    if facts.owed is None:
        return None
    asked = _answered(contact, words, meaning, facts, facts.owed) if facts.owed.text_safe else None
    if asked is not None:
        return asked
    wanted = wish(words)
    if wanted is None and facts.wanted is not None and key_of(words, contact.language) is None:
        wanted = Wish.LATER
    if wanted is None:
        return None
    if not facts.owed.text_safe:
        return _first_is_it_safe(contact, facts, facts.owed, wanted)
    return _carried_out(contact, wanted, facts, facts.owed)


def _answered(contact: Contact, words: str, meaning: Meaning, facts: Facts, owed: Owed) -> Turn | None:
    """The answer to a question of ours about the callback."""
    if contact.state is State.TEXT_WHEN and facts.wanted is not None:
        return _later(contact, facts, owed)
    if contact.state is State.TEXT_CANCEL and meaning is Meaning.NO:
        return _told(contact, facts, owed)
    if contact.state is State.TEXT_CANCEL and _surely(words, contact.language):
        over = replace(contact, state=State.TEXT_MENU, line=None)
        return Turn(over, (Spoken("cancelled"),), asks=(CancelCall(),))
    return None


def _surely(words: str, language: Language) -> bool:
    return key_of(words, language) == YES_KEY or plain(words) in _YES


def _first_is_it_safe(contact: Contact, facts: Facts, owed: Owed, wanted: Wish) -> Turn:
    """They asked by telephone, and never said that texting is safe."""
    if wanted in (Wish.LATER, Wish.CANCEL):
        # Neither is told anything about the call, and neither is rung at once.
        read = a_person_reads_it(contact)
        later = CallLater(facts.wanted.at if facts.wanted else None)
        return replace(read, asks=(later, *read.asks)) if wanted is Wish.LATER else read
    asked = replace(contact, state=State.TEXT_SAFE, line=owed.line)
    return Turn(asked, (Spoken("family"),))


def _carried_out(contact: Contact, wanted: Wish, facts: Facts, owed: Owed) -> Turn:
    match wanted:
        case Wish.STATUS:
            return _told(contact, facts, owed)
        case Wish.NOW:
            return _now(contact, facts, owed)
        case Wish.LATER if facts.wanted is not None:
            return _later(contact, facts, owed)
        case Wish.LATER:
            asked = _waiting(contact, owed, State.TEXT_WHEN)
            return Turn(asked, (Spoken("ask_when"),), asks=(CallLater(),))
        case Wish.CANCEL:
            return Turn(_waiting(contact, owed, State.TEXT_CANCEL), (Spoken("ask_cancel"),))


def _now(contact: Contact, facts: Facts, owed: Owed) -> Turn:
    """At the front of the line again, and at night too; whoever already is being rung is told so."""
    return replace(_told(contact, facts, asked_again(owed, facts)), asks=(CallNow(),))


def asked_again(owed: Owed, facts: Facts) -> Owed:
    """How the callback stands once its caller has asked for it anew, with whatever is told of it then."""
    if owed.standing not in (Standing.AT_TIME, Standing.UNREACHED, Standing.IN_LINE):
        return owed
    soon = owed.minutes if owed.standing is Standing.IN_LINE else facts.promise_minutes
    return replace(owed, standing=Standing.IN_LINE, minutes=min(soon, facts.promise_minutes), at=None)


def _later(contact: Contact, facts: Facts, owed: Owed) -> Turn:
    wanted = facts.wanted
    if wanted is None or owed.standing is Standing.CALLING:
        # Their phone rings this very moment: that can't be undone by a text.
        return a_person_reads_it(contact)
    said = _time(wanted, facts.now or wanted, contact.language)
    return Turn(_waiting(contact, owed), (said,), asks=(CallLater(wanted.at),))


def _told(contact: Contact, facts: Facts, owed: Owed) -> Turn:
    return Turn(_waiting(contact, owed), (standing(contact, facts, owed),))


def standing(contact: Contact, facts: Facts, owed: Owed) -> Spoken:
    """How the callback stands, in words that hold now."""
    match owed.standing:
        case Standing.IN_LINE if facts.nobody_on:
            return Spoken("confirmed_unstaffed")
        case Standing.IN_LINE | Standing.AT_TIME if facts.held_back:
            return Spoken("confirmed_soon")
        case Standing.IN_LINE:
            return Spoken("confirmed", (("MIN", str(max(1, owed.minutes))),))
        case Standing.AT_TIME if owed.at is not None and facts.now is not None:
            return _time(Hour(owed.at, facts.now.zone), facts.now, contact.language)
        case Standing.RINGING | Standing.TAKEN | Standing.CALLING | Standing.UNREACHED:
            return Spoken(f"status_{owed.standing}")
        case _:
            return Spoken("status_late")


def _time(hour: Hour, now: Hour, language: Language) -> Spoken:
    return Spoken(*times.told(hour.at, now.at, hour.zone, language))


def _waiting(contact: Contact, owed: Owed, state: State = State.TEXT_WAITING) -> Contact:
    return replace(contact, state=state, line=owed.line)


def a_person_reads_it(contact: Contact) -> Turn:
    """S07, and the thread is put before a coordinator; whoever is in line stays there."""
    in_line = contact.state in IN_LINE
    handed = replace(contact, state=State.TEXT_WAITING if in_line else State.TEXT_WITH_PERSON)
    return Turn(handed, (Spoken("unsure"),), asks=(Reach(Subject.THREAD),))
