"""What stands on a timeline, in words; pure. What people said or wrote themselves stands on the page in their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from hotline.console.language.speech import Words, gettext, translated
from hotline.console.page_words import ENDED, TRIED
from hotline.model import NOT_KNOWN, Language, StaffId, TimelineWord, as_kept
from hotline.operations.callbacks import stopping
from hotline.operations.policies.policy_words import LANGUAGES
from hotline.operations.texts import case_story, note_versions
from hotline.operations.texts.note_versions import NoteVersion
from hotline.store.cases.timeline import TimelineRow
from hotline.triage.contact import ContactState

WORDS: Final[Mapping[str, str]] = Words(
    {
        TimelineWord.CALLED_IN: "They called",
        TimelineWord.CALLED_AGAIN: "They called again",
        TimelineWord.ASKED_ON_WEBSITE: "Somebody left this number on the website",
        TimelineWord.ANSWERED: "They answered our call",
        TimelineWord.CALLED_OFF: "Hung up before they had answered: their phone was to ring no more",
        TimelineWord.ENDED: "The call was over",
        TimelineWord.LANGUAGE: "The language was chosen",
        TimelineWord.SUICIDE_WORDS: "They used words of danger to life",
        TimelineWord.REACHING: "Staff are being reached",
        TimelineWord.UNREACHED: "Call not taken",
        TimelineWord.RANG_NO_MORE: "Phone rang no more: it was taken, or over",
        TimelineWord.SECOND_ASKED: "A second person is asked to know of it",
        TimelineWord.SECOND_KNOWS: "Knows of it, too",
        TimelineWord.OWN_PHONE: "Did not take the call to their own phone",
        TimelineWord.DECLINED: "Passed on",
        TimelineWord.CLAIMED_BY_TEXT: "Claimed by text, to be proven by a key",
        TimelineWord.TOLD_SETTLED: "Told by text that it waits no more",
        TimelineWord.ACCEPTED: "Accepted",
        TimelineWord.OFFERED: "Offered to a colleague",
        TimelineWord.OFFER_REFUSED: "Did not take it over: it stays whose it is",
        TimelineWord.OFFER_OVER: "Is asked to take it over no more",
        TimelineWord.CALLBACK_HANDED: "The call back was handed to a colleague",
        TimelineWord.HANDED_OVER: "Taken over from a colleague who asked for it",
        TimelineWord.TAKEN_OVER: "Taken over at once, by a supervisor",
        TimelineWord.EMERGENCY_RAISED: "An emergency was opened, by what they said to staff",
        TimelineWord.EMERGENCY_CLOSED: "The emergency was closed",
        TimelineWord.THREAD_CLOSED: "The thread was closed",
        TimelineWord.EMERGENCY_REOPENED: "The emergency was opened again",
        TimelineWord.THREAD_REOPENED: "The thread was opened again",
        TimelineWord.THREAD_PUT_BACK: "Put back: an answer was waited for",
        TimelineWord.CALLBACK_OPENED: "To be called back",
        TimelineWord.CALLBACK_FORGOTTEN: "Not to be called back any more",
        TimelineWord.INTAKE_TOLD: "When and where the intake is was said",
        TimelineWord.INTAKE_CAME: "They came to their intake",
        TimelineWord.INTAKE_MISSED: "They did not come to their intake",
        TimelineWord.INTAKE_CANCELLED: "They cancelled their intake",
        TimelineWord.INTAKE_UNMARKED: "Whether they came to their intake is open again",
        TimelineWord.INTAKE_UNSAID: "Nobody has said whether they came to their intake",
        TimelineWord.REFERRAL_NAMED: "To whom they were referred was said",
        TimelineWord.REFERRAL_UNNAMED: "To whom they were referred stays unsaid",
        TimelineWord.FOLLOW_UP_AGREED: "They agreed to be called some days after the emergency",
        TimelineWord.FOLLOW_UP_DECLINED: "They do not want to be called after the emergency",
        TimelineWord.FOLLOW_UP_NOT_ASKED: "No call after the emergency: there is nobody to ask",
        TimelineWord.CALLBACK_RAISED: "Their callback comes first, by what they said",
        TimelineWord.CALLBACK_LOWERED: "Their callback has its ordinary place again",
        TimelineWord.CALL_PLANNED: "A call at a time of theirs was planned",
        TimelineWord.CLAIMED: "The callback was claimed",
        TimelineWord.RELEASED: "The callback was put back in line",
        TimelineWord.OUTCOME: "How it ended was said",
        TimelineWord.OUTCOME_UNDONE: "How it ended was undone",
        TimelineWord.UNHEARD: "Came while our line could hear nobody; taken up from the carrier's own list",
        TimelineWord.READ_BACK: "The number was read back to them",
        TimelineWord.CALLER_CONFIRMED: "They said who they are",
        TimelineWord.MACHINE_SUSPECTED: "A machine may have answered",
        TimelineWord.MESSAGE_BY_HAND: "A message was left",
        TimelineWord.CLINICIAN_ASKED: "A clinician was asked to join",
        TimelineWord.HELP_ASKED: "Asked for somebody beside them",
        TimelineWord.HELP_COMES: "Came to help",
        TimelineWord.HELP_IN_VAIN: "Nobody could come to help",
        TimelineWord.HELP_OVER: "Helped no more",
        TimelineWord.LISTENER_CALLED: "The caller agreed that a trainee listens",
        TimelineWord.LISTENER_JOINED: "Listens, muted",
        TimelineWord.LISTENER_LEFT: "Listens no more",
        TimelineWord.LISTENER_UNREACHED: "Did not come to listen",
        TimelineWord.GONE_TOLD: "Supervisors were told that nobody can be called",
        TimelineWord.NOBODY_ON_DUTY: "Supervisors were told that nobody is on",
        TimelineWord.NUMBER_CORRECTED: "The number to call was corrected",
        TimelineWord.NUMBER_TOLD: "They told us a number at which they can be called",
        TimelineWord.RUNG_NO_MORE: "Their phone isn't rung by itself any more",
        TimelineWord.TEXT_WRITTEN: "A text was written to them",
        TimelineWord.TEXT_RELAYED: "A text was passed on to them",
        TimelineWord.STAFF_TEXT: "Staff wrote by text",
        TimelineWord.DISCREET_TEXT: "A discreet text was sent",
        ContactState.TEXT_SAFE: "They were asked whether texting is safe",
        TimelineWord.SAID_TEXT_SAFE: "They said that texting is safe",
        TimelineWord.SAID_TEXT_NOT_SAFE: "They said that texting is not safe",
        TimelineWord.OPTED_IN: "They asked for texts again",
        TimelineWord.OPTED_OUT: "They ended texts",
        TimelineWord.REMOVED: "Numbers and words were removed from this record",
        TimelineWord.MEDIA_SEEN: "A file of theirs was looked at",
        TimelineWord.BLOCKED: "The number was blocked",
        TimelineWord.UNBLOCKED: "The number was unblocked",
        TimelineWord.MERGED: "Merged with another case: the same person",
        TimelineWord.UNMERGED: "Merged no more: not the same person",
        TimelineWord.WAS_EMERGENCY: "A text was said to have been an emergency",
        TimelineWord.WAS_NO_EMERGENCY: "A text was said to have been no emergency",
        TimelineWord.JUDGEMENT_TAKEN_BACK: "What was said of a text was taken back",
        TimelineWord.NOTE: "Note",
        ContactState.MENU: "They are asked what they want",
        ContactState.HOLDING: "They hold for somebody",
        ContactState.EMERGENCY: "In an emergency: they are told to call 911, and what to do",
        ContactState.DIALLING: "Their own call rings staff",
        ContactState.CHOOSE_NUMBER: "They are asked at which number to call them",
        ContactState.TYPE_NUMBER: "They type another number",
        ContactState.ASK_MESSAGE: "They are asked whether a message is safe",
        ContactState.ASK_TEXT: "They are asked whether a text is safe",
        ContactState.ASK_WHEN: "They are asked when to call",
        ContactState.CHECK_WHEN: "They have named a time",
        ContactState.FAREWELL: "They have heard by when they are called",
        TimelineWord.FAILSAFE_JOINED: "The failsafe phone was put through to them",
        ContactState.IN_ROOM: "They are put through",
        ContactState.ON_HOLD: "They hold, while somebody else is told of them",
        ContactState.AFTER_TALK: "They stay on the line after the talk",
        TimelineWord.STOPPED_ANSWERING: "They have stopped answering",
        TimelineWord.ANSWERS_AGAIN: "They answer again",
        TimelineWord.DISPATCH_CALLED: "Their dispatch centre was called",
        TimelineWord.HAND_OFF_CALLED: "Handed over: rung",
        TimelineWord.HAND_OFF_ANSWERED: "Handed over: answered",
        TimelineWord.HAND_OFF_ASIDE: "Handed over: told who comes",
        TimelineWord.HAND_OFF_JOINED: "Handed over: put through",
        TimelineWord.HAND_OFF_UNREACHED: "Handed over: not answered",
        TimelineWord.HAND_OFF_LEFT: "Handed over: they hung up before it",
        TimelineWord.HAND_OFF_CALLED_OFF: "Handed over: called off",
        TimelineWord.HAND_OFF_OVER: "Handed over: that call is over",
        TimelineWord.HAND_OFF_TOLD: "Handed over: what they were told",
        case_story.RANG: "Phone rang",
        case_story.TEXTED: "Asked by text",
        case_story.WE_CALLED: "We called them",
        case_story.OUR_CALL_OVER: "Our call was over",
        case_story.THEY_WROTE: "They wrote",
        case_story.THEY_SENT: "They sent a picture or a file",
        case_story.WE_REPLIED: "Automatic reply",
        case_story.LOOKED: "Looked at this page",
        case_story.LOOKED_AT_RECORD: "Looked at the admissions record",
        case_story.CHANGED_RECORD: "Wrote in the admissions record",
    }
)
"""By our own word for it."""
_TOGETHER: Final = (
    TimelineWord.UNREACHED,
    TimelineWord.RANG_NO_MORE,
    TimelineWord.TOLD_SETTLED,
    case_story.RANG,
    case_story.TEXTED,
)
"""What happens to several people one after the other is one line, however many they are."""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of the page. Times are UTC."""

    at: datetime
    until: datetime
    """When it happened last; `at`, if it happened once."""
    words: str
    who: str
    note: str | None = field(default=None, repr=False)
    """What somebody wrote down."""
    rung: tuple[str, ...] = ()
    """Of what is told of several in one line: of whom, once for each time."""
    said: str | None = field(default=None, repr=False)
    """What they wrote themselves, or we by ourselves."""
    note_id: int | None = None
    by: StaffId | None = None
    """Who wrote the note."""
    earlier: tuple[NoteVersion, ...] = ()
    """What stood in the note before, the oldest first."""
    changed_at: datetime | None = None
    """When its writer changed it last."""


_NOWHERE_ELSE: Final[Mapping[TimelineRow, str]] = {}
_THEIR_WORDS: Final = (case_story.THEY_WROTE, case_story.WE_REPLIED)


def lines(
    happened: Iterable[tuple[TimelineRow, str | None]], beside: Mapping[TimelineRow, str] = _NOWHERE_ELSE
) -> list[TimelineEntry]:
    """What has happened, the oldest first: phones that rang, or rang in vain, one after the other are one line.

    `beside`: of what happened in a case that is merged with this one, in which.
    """
    all_of_it = list(happened)
    notes = note_versions.versions(one for one, _ in all_of_it)
    told: list[TimelineEntry] = []
    for one, who in all_of_it:
        said = words(one)
        if said is None:
            continue
        if one in beside:
            said = f"{said} ({beside[one]})"
        line = _note(one, who, notes) if one.what == TimelineWord.NOTE else _line(one, who, said)
        last = told[-1] if told else None
        if last is not None and line.rung and last.rung and last.words == line.words:
            told[-1] = replace(last, until=one.at, rung=(*last.rung, *line.rung))
        elif last is None or line.note is not None or line.said is not None or _differs(last, line):
            told.append(line)
    return [_counted(line) for line in told]


def _differs(last: TimelineEntry, line: TimelineEntry) -> bool:
    return (last.words, last.who) != (line.words, line.who)


def _line(one: TimelineRow, who: str | None, said: str) -> TimelineEntry:
    together = (who or "",) if one.what in _TOGETHER else ()
    theirs = one.detail if one.what in _THEIR_WORDS else None
    return TimelineEntry(one.at, one.at, said, who or "", rung=together, said=theirs)


def _note(one: TimelineRow, who: str | None, notes: Mapping[int, tuple[NoteVersion, ...]]) -> TimelineEntry:
    """As its writer left it last."""
    versions = notes.get(one.id or 0, ())
    stands = versions[-1] if versions else NoteVersion(one.at, one.detail or "")
    return TimelineEntry(
        one.at,
        one.at,
        WORDS[TimelineWord.NOTE],
        who or "",
        note=stands.words,
        note_id=one.id,
        by=one.by_staff,
        earlier=versions[:-1],
        changed_at=stands.at if len(versions) > 1 else None,
    )


def _counted(line: TimelineEntry) -> TimelineEntry:
    """Who was not reached, and how often."""
    if len(line.rung) < 2:
        return line
    often = Counter(line.rung).most_common()
    return replace(line, who=", ".join(f"{who}, {number}×" if number > 1 else who for who, number in often))


def words(line: TimelineRow) -> str | None:
    """What has happened; None for what is nothing to people, or stands elsewhere."""
    if line.what == TimelineWord.LANGUAGE and line.detail is not None:
        return gettext("They speak %(languages)s", languages=LANGUAGES[as_kept(Language, line.detail)])
    if line.what == TimelineWord.OPTED_OUT and line.detail == stopping.CALLS_TOO:
        return gettext("They asked for no more calls, and ended texts")
    said = WORDS.get(line.what)
    if said is None and line.what not in _KNOWN:
        return translated(NOT_KNOWN)
    if line.what in _STATES and line.detail is not None and line.detail in _KEYS:
        return gettext("They pressed %(detail)s", detail=line.detail) + (f". {said}" if said else "")
    if said and line.what.startswith(_HAND_OFF) and line.detail is not None:
        return f"{said}: {line.detail}"
    if line.what == case_story.OUR_CALL_OVER:
        ended = next((one for one in TRIED if one.value == line.detail), None)
        return f"{said}: {TRIED[ended].lower()}" if ended else said
    ended = (
        next((one for one in ENDED if one.value == line.detail), None)
        if line.what == TimelineWord.OUTCOME
        else None
    )
    return gettext("How it ended: %(ended)s", ended=ENDED[ended].lower()) if ended else said


_KEYS: Final = "0123456789*#"
_KNOWN: Final = frozenset((*TimelineWord, *ContactState))
_HAND_OFF: Final = "hand_off_"
_STATES: Final = frozenset(one.value for one in ContactState)
