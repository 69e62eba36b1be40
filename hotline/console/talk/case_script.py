"""What to say in this talk: by its line, in the caller's language, with the reader's own beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hotline.callbacks.callback import CallbackKind
from hotline.console.frame.asking import current_application
from hotline.console.frame.signed_in import Person
from hotline.console.language import speech
from hotline.console.language.speech import Words
from hotline.model import Channel, Language, Line, Subject
from hotline.operations.texts.threads import Thread
from hotline.prompts import Prompts
from hotline.store.cases import callbacks
from hotline.worded import worded

BEGIN, ASK, END, COURT = "begin", "ask", "end", "court"
HEADINGS: Final[Mapping[str, str]] = Words(
    {
        BEGIN: "To begin",
        ASK: "What to ask, in any order",
        END: "Before you hang up",
        COURT: "Section 35, in Massachusetts: only if they ask for it",
    }
)
NEUTRAL: Final = worded(
    "Until they have said that it is them: nothing of who we are or why you call, and no message but what is safe."
)
_Script = Sequence[tuple[str, Sequence[str]]]
_LAST: Final = ("read_cut_off", "read_next", "read_closing")
_TREATMENT: Final[_Script] = (
    (BEGIN, ("read_safe", "read_consent")),
    (
        ASK,
        ("read_use", "read_stopping", "read_body", "read_suicide", "read_home", "read_booking"),
    ),
    (END, _LAST),
)
_FAMILY: Final[_Script] = (
    (BEGIN, ("read_family_opening", "read_family_privacy", "read_consent")),
    (ASK, ("read_family_danger", "read_suicide", "read_family_themselves", "read_family_you")),
    (COURT, ("read_section_who", "read_section_where", "read_section_back")),
    (END, _LAST),
)
_EMERGENCY: Final[_Script] = (
    (BEGIN, ("read_emergency_911", "read_where", "read_stay")),
    (ASK, ("read_breathing", "read_naloxone", "read_suicide", "read_hurt", "read_reach")),
    (END, ("read_follow_up_ask", "read_closing")),
)
_FOLLOW_UP: Final[_Script] = (
    (BEGIN, ("read_since", "read_since_safe")),
    (ASK, ("read_since_step", "read_since_again")),
    (END, ("read_closing",)),
)
"""What helps on such a call: connection, solving problems together, asking about safety (Gould 2025)."""


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """One sentence to be read aloud."""

    theirs: str
    own: str
    """The same in the reader's language; empty where that is the caller's."""


@dataclass(frozen=True, slots=True)
class CaseScript:
    """What to say, from the first word to the last."""

    language: Language
    """The caller's; English, where the line doesn't speak theirs."""
    reader: Language
    neutral: str
    """What must not be said yet, for a call of ours; empty for one of theirs."""
    parts: tuple[tuple[str, tuple[ScriptLine, ...]], ...]
    now: bool
    """The viewer talks with them, or is about to."""


def seen(person: Person, thread: Thread) -> CaseScript:
    """The script for this case, as this person reads it."""
    prompts = current_application().prompts
    theirs, reader = _known(prompts, thread.languages[0]), _known(prompts, speech.language())
    ours = thread.live.ours if thread.live is not None else True
    return CaseScript(
        language=theirs,
        reader=reader,
        neutral=NEUTRAL if ours else "",
        parts=tuple(
            (part, tuple(_lines(prompts, keys, theirs, reader, person)))
            for part, keys in _with_greeting(_script(thread), ours=ours)
        ),
        now=thread.live.with_me if thread.live is not None else thread.theirs,
    )


def _script(thread: Thread) -> _Script:
    if any(one.subject is Subject.EMERGENCY for one in thread.open):
        return _EMERGENCY
    if _is_follow_up(thread):
        return _FOLLOW_UP
    match thread.line:
        case Line.EMERGENCY:
            return _EMERGENCY
        case Line.FAMILY:
            return _FAMILY
        case _:
            return _TREATMENT


def _is_follow_up(thread: Thread) -> bool:
    owed = thread.owed
    row = (
        current_application().look(lambda transaction: callbacks.get(transaction.tx, owed)) if owed else None
    )
    return row is not None and row.callback.kind is CallbackKind.FOLLOW_UP


def _with_greeting(script: _Script, *, ours: bool) -> Iterator[tuple[str, Sequence[str]]]:
    greeting = ("read_opening_ours", "read_who") if ours else ("read_opening_theirs",)
    for part, keys in script:
        yield part, (*greeting, *keys) if part == BEGIN else keys


def _known(prompts: Prompts, language: Language) -> Language:
    return language if (language, Channel.VOICE, "read_who") in prompts.sentences else Language.EN


def _lines(
    prompts: Prompts, keys: Sequence[str], theirs: Language, reader: Language, person: Person
) -> Iterator[ScriptLine]:
    values = [("WHO", person.name.partition(" ")[0])]
    for key in keys:
        said = prompts.text(key, Channel.VOICE, theirs, values)
        own = prompts.text(key, Channel.VOICE, reader, values) if reader is not theirs else ""
        yield ScriptLine(said, own)
