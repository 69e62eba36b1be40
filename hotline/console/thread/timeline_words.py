"""What stands on a timeline, in words; pure. What people said or wrote themselves stands on the page in their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from hotline.console.page_words import ENDED
from hotline.model import Language, TimelineWord
from hotline.operations.policies.policy_words import LANGUAGES
from hotline.store.cases.timeline import TimelineRow
from hotline.triage.contact import ContactState

WORDS: Final[Mapping[str, str]] = {
    TimelineWord.CALLED_IN: "They called",
    TimelineWord.CALLED_AGAIN: "They called again",
    TimelineWord.ANSWERED: "They answered our call",
    TimelineWord.CALLED_OFF: "Hung up before they had answered: their phone was to ring no more",
    TimelineWord.ENDED: "The call was over",
    TimelineWord.LANGUAGE: "The language was chosen",
    TimelineWord.SUICIDE_WORDS: "They used words of danger to life",
    TimelineWord.REACHING: "Staff are being reached",
    TimelineWord.UNREACHED: "Not reached",
    TimelineWord.SECOND_ASKED: "A second person is asked to know of it",
    TimelineWord.SECOND_KNOWS: "Knows of it, too",
    TimelineWord.OWN_PHONE: "Did not take the call to their own phone",
    TimelineWord.DECLINED: "Passed on",
    TimelineWord.CLAIMED_BY_TEXT: "Claimed by text, to be proven by a key",
    TimelineWord.TOLD_SETTLED: "Told by text that it waits no more",
    TimelineWord.ACCEPTED: "Accepted",
    TimelineWord.OFFERED: "Offered to a colleague",
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
    TimelineWord.INTAKE_UNSAID: "Nobody has said whether they came to their intake",
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
    TimelineWord.READ_BACK: "The number was read back to them",
    TimelineWord.CALLER_CONFIRMED: "They said who they are",
    TimelineWord.MACHINE_SUSPECTED: "A machine may have answered",
    TimelineWord.MESSAGE_BY_HAND: "A message was left",
    TimelineWord.CLINICIAN_ASKED: "A clinician was asked to join",
    TimelineWord.HELP_ASKED: "Asked for somebody beside them",
    TimelineWord.HELP_COMES: "Came to help",
    TimelineWord.HELP_IN_VAIN: "Nobody could come to help",
    TimelineWord.HELP_OVER: "Helped no more",
    TimelineWord.GONE_TOLD: "Supervisors were told that nobody can be called",
    TimelineWord.NOBODY_ON_DUTY: "Supervisors were told that nobody is on",
    TimelineWord.TEXT_WRITTEN: "A text was written to them",
    TimelineWord.TEXT_RELAYED: "A text was passed on to them",
    TimelineWord.STAFF_TEXT: "Staff wrote by text",
    TimelineWord.DISCREET_TEXT: "A discreet text was sent",
    ContactState.TEXT_SAFE: "They were asked whether texting is safe",
    TimelineWord.SAID_TEXT_SAFE: "They said that texting is safe",
    TimelineWord.SAID_TEXT_NOT_SAFE: "They said that texting is not safe",
    TimelineWord.OPTED_IN: "They asked for texts again",
    TimelineWord.OPTED_OUT: "They ended texts",
    TimelineWord.MEDIA_SEEN: "A file of theirs was looked at",
    TimelineWord.BLOCKED: "The number was blocked",
    TimelineWord.UNBLOCKED: "The number was unblocked",
    TimelineWord.WAS_EMERGENCY: "A text was said to have been an emergency",
    TimelineWord.WAS_NO_EMERGENCY: "A text was said to have been no emergency",
    TimelineWord.JUDGEMENT_TAKEN_BACK: "What was said of a text was taken back",
    TimelineWord.NOTE: "Note",
}
"""By our own word for it."""
_TOGETHER: Final = (TimelineWord.UNREACHED, TimelineWord.TOLD_SETTLED)
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
    """Who was not reached in the meantime, or was told, once for each time."""


def lines(happened: Iterable[tuple[TimelineRow, str | None]]) -> list[TimelineEntry]:
    """What has happened, the oldest first: phones that rang in vain one after the other are one line, however many."""
    told: list[TimelineEntry] = []
    for one, who in happened:
        said = words(one)
        if said is None:
            continue
        vain = (who or "",) if one.what in _TOGETHER else ()
        note = one.detail if one.what == TimelineWord.NOTE else None
        line = TimelineEntry(one.at, one.at, said, who or "", note, vain)
        last = told[-1] if told else None
        if last is not None and vain and last.rung and last.words == said:
            told[-1] = replace(last, until=one.at, rung=(*last.rung, *vain))
        elif last is None or note is not None or (last.words, last.who) != (line.words, line.who):
            told.append(line)
    return [_counted(line) for line in told]


def _counted(line: TimelineEntry) -> TimelineEntry:
    """Who was not reached, and how often."""
    if len(line.rung) < 2:
        return line
    often = Counter(line.rung).most_common()
    return replace(line, who=", ".join(f"{who}, {number}×" if number > 1 else who for who, number in often))


def words(line: TimelineRow) -> str | None:
    """What has happened; None for what is nothing to people."""
    ended = (
        next((one for one in ENDED if one.value == line.detail), None)
        if line.what == TimelineWord.OUTCOME
        else None
    )
    if line.what == TimelineWord.LANGUAGE and line.detail is not None:
        return f"They speak {LANGUAGES[Language(line.detail)]}"
    return f"How it ended: {ENDED[ended].lower()}" if ended else WORDS.get(line.what)
