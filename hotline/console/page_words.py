"""How the board puts things: names, times, waits, numbers. Pure: the time and the zone are arguments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import phonenumbers
from markupsafe import Markup

from hotline.callbacks.callback import CallbackKind, CallbackStatus
from hotline.callbacks.callback_moves import CLOSING
from hotline.console.language.speech import Words, gettext, ngettext, several, translated
from hotline.durations import told_duration
from hotline.model import Channel, Line, Outcome, PhoneNumber
from hotline.operations.console.board import Holding
from hotline.operations.console.callback_cards import WaitingCallback
from hotline.operations.console.coordinator import BlockEnds
from hotline.operations.console.emergency_cards import Emergency
from hotline.operations.console.thread_cards import UnreadThread
from hotline.operations.conversation.text_readings import Doubt
from hotline.operations.policies import policy_words
from hotline.triage.numbers import written
from hotline.worded import worded

LINES: Mapping[Line | None, str] = Words(
    {
        Line.EMERGENCY: "Emergency",
        Line.ADMISSIONS: "Admissions",
        Line.FAMILY: "Family support",
        Line.PERSON: "A person",
        None: "Not chosen yet",
    }
)
CALLBACKS: Mapping[Line, str] = Words(
    {
        Line.EMERGENCY: "emergency callback",
        Line.ADMISSIONS: "admissions callback",
        Line.FAMILY: "family support callback",
        Line.PERSON: "callback",
    }
)
"""What somebody is owed, in the middle of a sentence."""
_SEVERAL: Mapping[Line, tuple[str, str]] = {
    Line.EMERGENCY: several("%(num)s emergency callback", "%(num)s emergency callbacks"),
    Line.ADMISSIONS: several("%(num)s admissions callback", "%(num)s admissions callbacks"),
    Line.FAMILY: several("%(num)s family support callback", "%(num)s family support callbacks"),
    Line.PERSON: several("%(num)s callback", "%(num)s callbacks"),
}
TALKS: Mapping[Line, str] = Words(
    {
        Line.ADMISSIONS: "admissions talk",
        Line.FAMILY: "family support talk",
        Line.PERSON: "talk",
    }
)
"""What it is called that somebody was put through, in the middle of a sentence."""
CALLERS: Mapping[Line | None, str] = Words(
    {
        Line.EMERGENCY: "caller in an emergency",
        Line.ADMISSIONS: "admissions caller",
        Line.FAMILY: "family support caller",
        Line.PERSON: "caller who asked for a person",
        None: "caller who hasn't chosen yet",
    }
)
LANGUAGES = Words(policy_words.LANGUAGES)
OUTCOMES: Mapping[Outcome, str] = Words(
    {
        Outcome.REACHED: "Reached the right person",
        Outcome.BOOKED_INTAKE: "Intake booked",
        Outcome.NOT_ADMITTED: "Not admitted",
        Outcome.REFERRED: "Referred on",
        Outcome.DECLINED: "Declined",
        Outcome.ASKED_TO_STOP: "Asked us to stop: no more calls or texts",
        Outcome.CALL_LATER: "Asked to be called later",
        Outcome.NO_ANSWER: "No answer",
        Outcome.BUSY: "Busy",
        Outcome.SOMEBODY_ELSE: "Somebody else was there",
        Outcome.MACHINE: "A machine, nothing left on it",
        Outcome.LEFT_MESSAGE: "Left a message",
        Outcome.WRONG_NUMBER: "Wrong number",
        Outcome.NOT_IN_SERVICE: "Number not in service",
    }
)
"""What may be said of a callback, in the order in which it is offered."""
CORRECTIONS: Mapping[Outcome, str] = Words({one: words for one, words in OUTCOMES.items() if one in CLOSING})
"""What may be said of one that is closed."""
GIVEN_UP: Mapping[Outcome, str] = Words(
    {
        **OUTCOMES,
        Outcome.NOT_REACHED: "Given up: tried, and never reached",
    }
)
"""The same for whoever decides what becomes of one that was tried in vain."""
CALLS_LATER = Outcome.CALL_LATER
"""With this one a time is asked for."""
ASKED_WITH = (Outcome.BOOKED_INTAKE, Outcome.NOT_ADMITTED, Outcome.REFERRED)
"""With these more is asked for."""
KINDS: Mapping[CallbackKind, str] = Words(
    {
        CallbackKind.ASKED: "",
        CallbackKind.MISSED_INTAKE: "Intake missed: call them",
        CallbackKind.FOLLOW_UP: "Follow-up, as agreed",
        CallbackKind.UNHEARD: "Their call was not heard: say sorry",
    }
)
"""Why somebody is called who has not asked for it."""
FOLLOW_UP_SCRIPT: tuple[str, ...] = (
    worded(
        "Say your first name, and ask: is this a good time? Say nothing of the emergency until you know that it is "
        "them."
    ),
    worded("You agreed that we call. How have you been since?"),
    worded(
        "Are you safe now? Have thoughts of ending your life come back? In danger now: 911, and stay with them."
    ),
    worded("What has helped, what is hard? Find one next step together: what they want, who can help, when."),
    worded("Would you like another call? Then choose that they asked to be called later, and when."),
)
"""What helps on such a call: connection, solving problems together, asking about safety (Gould 2025)."""
_AGAIN = (Outcome.CALL_LATER, Outcome.NO_ANSWER)
_OF_TALKS = (
    Outcome.REACHED,
    Outcome.BOOKED_INTAKE,
    Outcome.NOT_ADMITTED,
    Outcome.REFERRED,
    Outcome.DECLINED,
    Outcome.ASKED_TO_STOP,
    *_AGAIN,
    Outcome.WRONG_NUMBER,
)
"""The same as by key, and that they were not admitted, for which a reason is asked."""
TRIED: Mapping[Outcome, str] = Words(
    {
        **OUTCOMES,
        Outcome.CALLED_OFF: "Called off: whoever was to talk had hung up",
    }
)
"""How one attempt ended."""
ENDED: Mapping[Outcome, str] = Words(
    {
        **GIVEN_UP,
        Outcome.BLOCKED: "Blocked",
        Outcome.MERGED: "Merged with another callback of theirs",
        Outcome.TAKEN_BACK: "Taken back with what it was opened for",
    }
)
"""How a closed one ended."""
CLOSED_CALLS: Mapping[CallbackKind, str] = Words(
    {
        CallbackKind.FOLLOW_UP: "Follow-up after an emergency",
        CallbackKind.MISSED_INTAKE: "Call after a missed intake",
    }
)
"""What it was that they had not asked for themselves, and is closed."""
CALLS_OWED: Mapping[CallbackKind, str] = Words(
    {
        CallbackKind.FOLLOW_UP: "follow-up",
        CallbackKind.MISSED_INTAKE: "call after a missed intake",
    }
)
"""The same in the middle of a sentence."""
FOLLOWED_UP: Mapping[Outcome, str] = Words({**ENDED, Outcome.ASKED_TO_STOP: "Ended: they want no calls"})
"""How a call ended that they had agreed to: that they want none is no answer to having been asked."""
CALLER_DOES: Mapping[str, str] = Words(
    {
        "choosing": "Choosing from the menu",
        "holding": "Holding",
        "leaving_number": "Leaving a number",
        "talking": "Talking",
        "being_called": "Being called",
    }
)
BLOCKED_FOR: Mapping[str, tuple[str, timedelta]] = {
    "day": (worded("for a day"), timedelta(days=1)),
    "week": (worded("for a week"), timedelta(days=7)),
    "month": (worded("for 30 days"), timedelta(days=30)),
}
"""How long a number may be blocked on the board; for longer, there is the command line."""
URGENT = timedelta(minutes=5)
"""From here on a countdown is amber."""
_LONG = timedelta(hours=1)


def of_callback(attempts: int, *, decides: bool) -> Mapping[Outcome, str]:
    """What may be said of an open callback that was tried so often. `decides`: by somebody who may give it up."""
    return GIVEN_UP if attempts and decides else OUTCOMES


def of_talk(number: PhoneNumber | None) -> Mapping[Outcome, str]:
    """What may be said of a talk that came about live. Nobody can be called again who has withheld their number."""
    offered = [one for one in _OF_TALKS if number is not None or one not in _AGAIN]
    return {
        one: gettext("Nobody was there") if one is Outcome.NO_ANSWER else OUTCOMES[one] for one in offered
    }


def phone(number: PhoneNumber | None, country: str) -> str:
    """As our texts write it, too, in the centre's own country, or with its country code if it is from elsewhere."""
    if number is None:
        return gettext("Number withheld")
    if number.is_nobodys:
        return gettext("No telephone number")
    parsed = phonenumbers.parse(number.e164)
    if phonenumbers.country_code_for_region(country) == parsed.country_code:
        return written(number)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def ending(number: PhoneNumber | None, country: str) -> str:
    """Enough to tell callers apart, and too little to call one: on the board, where others look on. Who opens a case,
    which is on record, sees all of it."""
    if number is None or number.is_nobodys:
        return phone(number, country)
    return gettext("Ending %(digits)s", digits=number.e164[-4:])


def written_number(e164: str, country: str) -> str:
    """The same of a number that is nobody's secret, as the directory keeps it."""
    return phone(PhoneNumber(e164), country)


def with_commands(words: str) -> Markup:
    """What stands between backticks is what somebody types: set apart as such, and escaped like the rest."""
    parts = words.split("`")
    return Markup().join(  # escapes what it joins
        Markup("<code>{}</code>").format(part) if place % 2 and place < len(parts) - 1 else part
        for place, part in enumerate(parts)
    )


def clock_in(at: datetime, place: str) -> str:
    """A time by the clock of a place."""
    return f"{at.astimezone(ZoneInfo(place)):%H:%M}"


def written_time(at: datetime, zone: ZoneInfo) -> str:
    """A time on the centre's wall as a field of a form has it."""
    return f"{at.astimezone(zone):%Y-%m-%dT%H:%M}"


def wait(since: datetime, now: datetime) -> str:
    """How long ago, as one says it: 4 minutes."""
    return translated(told_duration(now - since))


def left(until: datetime, now: datetime) -> str:
    """The time left, or the time since: 04:05, or 2 h 10 min from an hour on. The script does the same."""
    seconds = abs(int((until - now).total_seconds()))
    if seconds < _LONG.total_seconds():
        return f"{seconds // 60:02}:{seconds % 60:02}"
    minutes = seconds // 60
    return gettext("%(hours)s h %(minutes)s min", hours=minutes // 60, minutes=f"{minutes % 60:02}")


def tone(until: datetime, now: datetime) -> str:
    """How pressing a promise is: late, soon or calm."""
    if until <= now:
        return "late"
    return "soon" if until - now <= URGENT else "calm"


def doubt(stir: str | None) -> str | None:
    """A note, if the carrier's check of the number shown (STIR/SHAKEN) failed, or could not be made.

    It decides nothing: many honest calls come without it, and a false number may be somebody in danger.
    """
    match stir:
        case str() if "Failed" in stir:
            return gettext("This number may be false: the carrier's check failed")
        case "No-TN-Validation":
            return gettext("Number not verified by the carrier")
        case _:
            return None


def holding_first(callers: Iterable[Holding]) -> list[Holding]:
    """Those who can be answered now before those who are busy with us, each by how long they are here."""
    return sorted(callers, key=lambda one: (one.what != "holding", one.since))


def callback_state(one: WaitingCallback) -> str:
    """Where a callback stands, and with whom; nothing if it merely waits."""
    owner = gettext("you") if one.mine else (one.owner or gettext("nobody"))
    match one.status:
        case CallbackStatus.RINGING if one.phones_ring:
            names = ", ".join(one.phones_ring)
            return ngettext(
                "Phone rings: %(names)s", "Phones ring: %(names)s", len(one.phones_ring), names=names
            )
        case CallbackStatus.RINGING:
            return gettext("Nobody took it yet")
        case CallbackStatus.TAKEN:
            return gettext("With %(owner)s", owner=owner)
        case CallbackStatus.CALLING:
            return gettext("Being called, for %(owner)s", owner=owner)
        case CallbackStatus.TALKING:
            return gettext("Talking with %(owner)s", owner=owner)
        case CallbackStatus.ANSWERED:
            return gettext("Answered, with %(owner)s", owner=owner)
        case CallbackStatus.UNSAID | CallbackStatus.ASKED:
            return gettext(
                "The call is over: %(owner)s must say who it was, or they are called again", owner=owner
            )
        case _:
            return ""


def try_ended(outcome: Outcome | None) -> str:
    """How an attempt to call somebody ended, in the middle of a sentence."""
    if outcome is None:
        return gettext("going on")
    return TRIED[outcome].lower() if outcome in TRIED else gettext("ended")


def block_ends(ends: BlockEnds | None) -> str:
    """What else a block would end, and what it wouldn't; None: nothing is open."""
    owed = _owed(ends.lines) if ends else ""
    closes = (
        gettext("This also closes their %(owed)s.", owed=owed)
        if owed
        else gettext("They wait for no callback.")
    )
    return " ".join((closes, *_stays(ends), gettext("Emergencies are still put through.")))


def block_ended(ends: BlockEnds) -> str:
    """What a block has ended, and what it hasn't."""
    closed = [gettext("Closed with it: their %(owed)s.", owed=_owed(ends.lines))] if ends.lines else []
    return " ".join(
        (
            gettext("Blocked."),
            *closed,
            *_stays(ends),
            gettext("Emergencies from that number are still put through."),
        )
    )


def was_closed(lines: Iterable[Line], *, brought_back: bool = False) -> str:
    """What a block that has ended, or can be ended, has closed, and whether that is open again; nothing: it has closed
    nothing that could be."""
    owed = _owed(lines)
    if not owed:
        return ""
    if brought_back:
        return gettext("Open again, due when it was: their %(owed)s.", owed=owed)
    return gettext(
        "The block has closed their %(owed)s: nobody calls them unless that is brought back.", owed=owed
    )


def also_open_again(others: int) -> str:
    """What a block had closed besides, and is open again with it; nothing if that was all."""
    if not others:
        return ""
    return " " + ngettext(
        "So is %(num)s more callback of theirs, as it stood.",
        "So are %(num)s more callbacks of theirs, as it stood.",
        others,
    )


def _stays(ends: BlockEnds | None) -> tuple[str, ...]:
    return (gettext("Their text stays open."),) if ends is not None and ends.texted else ()


def _owed(owed: Iterable[Line]) -> str:
    counted = Counter(owed)
    each = (
        CALLBACKS[line] if number == 1 else ngettext(*_SEVERAL[line], number)
        for line, number in counted.items()
    )
    return f" {gettext('and')} ".join(each)


def callback_news(one: WaitingCallback) -> str:
    """What is announced when a callback appears, or changes."""
    owed = CALLBACKS[one.line].capitalize()
    match one.status:
        case CallbackStatus.TAKEN if one.mine:
            return gettext("%(owed)s claimed by you", owed=owed)
        case CallbackStatus.TAKEN:
            return gettext("%(owed)s claimed by %(owner)s", owed=owed, owner=one.owner)
        case CallbackStatus.CALLING:
            return gettext("%(owed)s: the caller's phone rings", owed=owed)
        case CallbackStatus.TALKING:
            return gettext("%(owed)s: connected", owed=owed)
        case CallbackStatus.RINGING if one.phones_ring:
            return gettext("%(owed)s: staff phones are ringing", owed=owed)
        case CallbackStatus.RINGING:
            return gettext("%(owed)s: nobody took it yet", owed=owed)
        case _:
            return gettext("%(owed)s waiting", owed=owed)


def emergency_news(one: Emergency) -> str:
    """What is announced when an emergency appears, or changes."""
    if one.accepted_by:
        taken = (
            gettext("Emergency accepted by you")
            if one.mine
            else gettext("Emergency accepted by %(owner)s", owner=one.accepted_by)
        )
        if one.second and one.second.known_by:
            return gettext(
                "%(taken)s, and known by %(names)s", taken=taken, names=", ".join(one.second.known_by)
            )
        return taken
    if one.failsafe_since:
        return gettext("Emergency by phone, with the failsafe phone; nobody of the staff has it yet")
    if one.channel is Channel.TEXT:
        return gettext("Emergency by text, nobody has it yet")
    return gettext("Emergency by phone, nobody has it yet")


def thread_news(one: UnreadThread) -> str:
    """What is announced when a text appears, or changes."""
    if one.doubt is Doubt.WOULD_PAGE:
        return gettext("Read this text now: perhaps danger. Messages: %(number)s", number=len(one.words))
    if one.mine and one.accepted_by:
        return gettext("Text taken by you")
    if one.accepted_by:
        return gettext("Text taken by %(owner)s", owner=one.accepted_by)
    return ngettext("Text to read, %(num)s message", "Text to read, %(num)s messages", len(one.words))


def lasting(duration: timedelta) -> str:
    """How long something takes, as one says it in passing: an hour, 90 minutes."""
    minutes = max(1, round(duration / timedelta(minutes=1)))
    hours, rest = divmod(minutes, 60)
    if rest or not hours:
        return ngettext("%(num)s minute", "%(num)s minutes", minutes)
    return gettext("an hour") if hours == 1 else ngettext("%(num)s hour", "%(num)s hours", hours)
