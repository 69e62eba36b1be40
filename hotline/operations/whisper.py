"""What staff hear of whoever waits: before they press a key, so that they can decide, and as they are connected.

Line, language, wait, attempt. No name, no number: anybody may be standing beside them, and a box may be listening.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from hotline.centre import Opening
from hotline.model import Channel, Language, Line, StaffId, Subject
from hotline.operations import call_only, duty, meeting, one_ring, pager, reaching, ringing_back
from hotline.operations.call_only import WayBack
from hotline.operations.house import Desk
from hotline.store import contacts
from hotline.store.escalations import EscalationRow
from hotline.triage.turn import Spoken

NOBODY_COMES: Final = frozenset({"whisper_gone", "whisper_board", "whisper_elsewhere", "over"})
"""What is said to whoever has pressed 1 if there is nobody whom they could talk with."""

Values = tuple[tuple[str, str], ...]


def asked(desk: Desk, row: EscalationRow, person: StaffId) -> Spoken:
    """What somebody hears who picks up: what waits, since when, and the keys."""
    language = _language_words(desk, duty.language_of(desk, row), person)
    rule = row.escalation
    if rule.offered_to == person and rule.accepted_by is not None:
        giver = reaching.first_name(reaching.known(desk, rule.accepted_by))
        return Spoken("page_offered", (("WHO", giver), ("LANGUAGE", language)))
    waiting = one_ring.how_many(desk, row, person)
    if waiting > 1:
        wait = spoken_time(desk.now - rule.opened_at)
        return Spoken("page_emergencies", (("COUNT", str(waiting)), ("WAIT", wait), ("LANGUAGE", language)))
    if can_be_written_to(desk, row):
        return Spoken(
            "page_text_emergency", (("LANGUAGE", language), ("WAIT", spoken_time(desk.now - rule.opened_at)))
        )
    since, attempt = row.escalation.opened_at, 1
    found = meeting.callback_of(desk, row) if row.escalation.subject is Subject.CALLBACK else None
    if found is not None:
        since, attempt = found.callback.opened_at, found.callback.attempts + 1
    values: Values = (
        _line(desk, row),
        ("LANGUAGE", language),
        ("WAIT", spoken_time(desk.now - since)),
        ("ATTEMPT", str(attempt)),
    )
    return Spoken(f"page_{pager.KIND[row.escalation.subject]}", values)


def can_be_written_to(desk: Desk, row: EscalationRow) -> bool:
    """Whether it is the emergency of somebody who texts, and whom our texts reach: nobody need call them."""
    origin = contacts.get(desk.tx, row.contact_id) if row.contact_id else None
    by_text = origin is not None and origin.channel is Channel.TEXT
    return (
        row.escalation.subject is Subject.EMERGENCY and by_text and call_only.of_emergency(desk, row) is None
    )


def joining(desk: Desk, row: EscalationRow, person: StaffId) -> tuple[Spoken, ...]:
    """What somebody hears who has pressed 1, a moment before they are connected; or one of NOBODY_COMES."""
    first = _who_comes(desk, row)
    if first.prompt in NOBODY_COMES:
        return (first,)
    first_words = (first, *_two_asked(desk, row), *_script(desk, first))
    language = duty.language_of(desk, row)
    if speaks(desk, person, language):
        return first_words
    return *first_words, Spoken("needs_interpreter", (("LANGUAGE", _name(desk, language)),))


def _two_asked(desk: Desk, row: EscalationRow) -> tuple[Spoken, ...]:
    found = meeting.callback_of(desk, row) if row.escalation.subject is Subject.CALLBACK else None
    return (Spoken("two_asked"),) if found is not None and ringing_back.others_asked(desk, found) else ()


def _script(desk: Desk, first: Spoken) -> tuple[Spoken, ...]:
    """What to say to whoever answers: it may be anybody, or a machine that asks who calls."""
    called = first.prompt in ("whisper_callback", "whisper_later")
    person = desk.settings.centre.callbacks.opening is Opening.PERSON
    return (Spoken("opening_script"),) if called and person else ()


def _who_comes(desk: Desk, row: EscalationRow) -> Spoken:
    line = _line(desk, row)
    if row.escalation.subject is Subject.CLINICIAN:
        return Spoken("whisper_clinician", (line,))
    if meeting.on_the_line(desk, row):
        waited = desk.now - row.escalation.opened_at
        return Spoken("whisper_live", (line, ("WAIT", spoken_time(waited))))
    found = meeting.callback_of(desk, row)
    if found is None or found.number is None:
        texted = call_only.of_emergency(desk, row) is WayBack.NONE
        return Spoken("whisper_board" if texted else "whisper_gone", (line,))
    rule = found.callback
    if rule.is_with_caller:
        since_asked = ("WAIT", spoken_time(desk.now - rule.opened_at))
        return Spoken("whisper_callback", (line, since_asked, ("ATTEMPT", str(max(1, rule.attempts)))))
    if rule.is_open and ringing_back.own_call(desk, found.number) is not None:
        return Spoken("whisper_elsewhere", (line,))
    if rule.due_at is not None and rule.due_at > desk.now:
        return Spoken("whisper_later", (line, ("WAIT", spoken_time(rule.due_at - desk.now))))
    return Spoken("over")


# --- languages -------------------------------------------------------------------------------------------------


def speaks(desk: Desk, person: StaffId, language: Language) -> bool:
    """Whether they need no interpreter."""
    return language in reaching.known(desk, person).languages


def _language_words(desk: Desk, language: Language, person: StaffId) -> str:
    name = _name(desk, language)
    if speaks(desk, person, language):
        return name
    values = (("LANGUAGE", name),)
    return desk.house.prompts.text("needs_interpreter", Channel.VOICE, values=values).rstrip(".")


def _name(desk: Desk, language: Language) -> str:
    return desk.house.prompts.text(f"language_{language}", Channel.VOICE)


# --- words -----------------------------------------------------------------------------------------------------


def _line(desk: Desk, row: EscalationRow) -> tuple[str, str]:
    return "LINE", desk.house.prompts.text(f"line_{row.line or Line.PERSON}", Channel.VOICE)


def spoken_time(duration: timedelta) -> str:
    """A duration as it is said: seconds under a minute, whole minutes above, hours from ninety minutes on."""
    seconds = max(1, int(duration.total_seconds()))
    if seconds < 60:
        return f"{seconds} second" + ("s" if seconds != 1 else "")
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} minute" + ("s" if minutes != 1 else "")
    return f"{round(minutes / 60)} hours"
