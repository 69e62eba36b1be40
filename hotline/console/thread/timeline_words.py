"""What stands on a timeline, in words; pure. What people said or wrote themselves stands on the page in their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from hotline.console.page_words import ENDED
from hotline.operations.texts.threads import NOTE
from hotline.store.cases.timeline import EMERGENCY_REOPENED, TimelineRow

WORDS: Final[Mapping[str, str]] = {
    "called_in": "They called",
    "called_again": "They called again",
    "answered": "They answered our call",
    "called_off": "Hung up before they had answered: their phone was to ring no more",
    "ended": "The call was over",
    "language": "The language was chosen",
    "suicide_words": "They used words of danger to life",
    "reaching": "Staff are being reached",
    "unreached": "Not reached",
    "own_phone": "Did not take the call to their own phone",
    "declined": "Passed on",
    "claimed_by_text": "Claimed by text, to be proven by a key",
    "accepted": "Accepted",
    "offered": "Offered to a colleague",
    "handed_over": "Taken over from a colleague who asked for it",
    "taken_over": "Taken over at once, by a supervisor",
    "emergency_closed": "The emergency was closed",
    "thread_closed": "The thread was closed",
    EMERGENCY_REOPENED: "The emergency was opened again",
    "thread_reopened": "The thread was opened again",
    "thread_put_back": "Put back: an answer was waited for",
    "callback_opened": "To be called back",
    "callback_forgotten": "Not to be called back any more",
    "claimed": "The callback was claimed",
    "released": "The callback was put back in line",
    "outcome": "How it ended was said",
    "outcome_undone": "How it ended was undone",
    "read_back": "The number was read back to them",
    "caller_confirmed": "They said who they are",
    "machine_suspected": "A machine may have answered",
    "message_by_hand": "A message was left",
    "message_begun": "A message was left",
    "clinician_asked": "A clinician was asked to join",
    "clinician_called": "A clinician was asked to join",
    "no_clinician": "No clinician could join",
    "no_interpreter": "No interpreter could join",
    "gone_told": "Supervisors were told that nobody can be called",
    "supervisor_nobody_on": "Supervisors were told that nobody is on",
    "text_written": "A text was written to them",
    "text_relayed": "A text was passed on to them",
    "staff_text": "Staff wrote by text",
    "discreet_text": "A discreet text was sent",
    "text_safe": "They were asked whether texting is safe",
    "said_text_safe": "They said that texting is safe",
    "said_text_not_safe": "They said that texting is not safe",
    "text_not_safe": "They said that texting is not safe",
    "opted_in": "They asked for texts again",
    "opted_out": "They ended texts",
    "media_seen": "A file of theirs was looked at",
    "blocked": "The number was blocked",
    "unblocked": "The number was unblocked",
    "was_emergency": "A text was said to have been an emergency",
    "was_no_emergency": "A text was said to have been no emergency",
    "judgement_taken_back": "What was said of a text was taken back",
    NOTE: "Note",
}
"""By our own word for it."""


_UNREACHED: Final = "unreached"


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
    """Whom we have not reached in the meantime, once for each time."""


def lines(happened: Iterable[tuple[TimelineRow, str | None]]) -> list[TimelineEntry]:
    """What has happened, the oldest first: phones that rang in vain one after the other are one line, however many."""
    told: list[TimelineEntry] = []
    for one, who in happened:
        said = words(one)
        if said is None:
            continue
        vain = (who or "",) if one.what == _UNREACHED else ()
        note = one.detail if one.what == NOTE else None
        line = TimelineEntry(one.at, one.at, said, who or "", note, vain)
        last = told[-1] if told else None
        if last is not None and vain and last.rung:
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
    ended = next((one for one in ENDED if one.value == line.detail), None) if line.what == "outcome" else None
    return f"How it ended: {ENDED[ended].lower()}" if ended else WORDS.get(line.what)
