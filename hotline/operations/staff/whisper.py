"""What staff hear of whoever waits: before they press a key, so that they can decide, and as they are connected.

Line, language, wait, attempt. No name, no number: anybody may be standing beside them, and a box may be listening.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from hotline.callbacks.callback import Callback, CallbackKind
from hotline.callbacks.promise import owes_apology, planned_for
from hotline.durations import told_duration
from hotline.model import Channel, Language, StaffId, Subject, is_known
from hotline.operations import flow_state, staff_member
from hotline.operations.callbacks import ringing_back
from hotline.operations.paging import duty, helping, one_ring, pager, way_back, whom_to_ask
from hotline.operations.paging.way_back import WayBack
from hotline.operations.staff import connect, listening
from hotline.operations.transaction import Transaction
from hotline.settings.centre import Opening
from hotline.store.cases import contacts
from hotline.store.cases.escalations import EscalationRow
from hotline.triage.turn import Spoken

NOBODY_COMES: Final = frozenset(
    {"whisper_gone", "whisper_board", "whisper_elsewhere", "whisper_being_called", "over"}
)
"""What is said to whoever has pressed 1 if there is nobody whom they could talk with."""

_CALLING: Final = "calling_now"
"""Said last: their telephone rings a moment later."""

_CALLED: Final = frozenset(words[0] for words in ringing_back.WHISPERS.values())
"""Said of whoever is called because a callback is due."""

_MORE_TO_SAY: Final = {"whisper_follow_up": "follow_up_script", "whisper_unheard": "unheard_script"}
"""What is to be said beside the opening, by why they are called."""

Values = tuple[tuple[str, str], ...]


def asked(transaction: Transaction, row: EscalationRow, person: StaffId) -> Spoken:
    """What somebody hears who picks up: what waits, since when, and the keys."""
    if row.escalation.subject is Subject.SECOND or is_only_to_know(row, person):
        case = whom_to_ask.case_of(transaction, row)
        return Spoken(pager.second_kind(case), (("WHO", _owner(transaction, case)),))
    language = _language_words(transaction, duty.language_of(transaction, row), person)
    rule = row.escalation
    if rule.offered_to == person and rule.accepted_by is not None:
        giver = staff_member.first_name(transaction, rule.accepted_by)
        return Spoken("page_offered", (("WHO", giver), ("LANGUAGE", language)))
    waiting = one_ring.how_many(transaction, row, person)
    if waiting > 1:
        wait = told_duration(transaction.now - pager.waits_since(transaction, row))
        return Spoken("page_emergencies", (("COUNT", str(waiting)), ("WAIT", wait), ("LANGUAGE", language)))
    if way_back.of_emergency(transaction, row) is WayBack.GONE:
        return Spoken("page_caller_gone", (("WAIT", told_duration(transaction.now - rule.opened_at)),))
    if can_be_written_to(transaction, row):
        return Spoken(
            "page_text_violence" if _is_by_others(transaction, row) else "page_text_emergency",
            (
                ("LANGUAGE", language),
                ("WAIT", told_duration(transaction.now - pager.waits_since(transaction, row))),
            ),
        )
    since, attempt = pager.waits_since(transaction, row), 1
    found = connect.callback_of(transaction, row) if row.escalation.subject is Subject.CALLBACK else None
    if found is not None:
        since, attempt = _since(transaction, found.callback), found.callback.attempts + 1
    if rule.subject is Subject.HELP:
        return Spoken("page_help", (("WHO", helping.who_asks(transaction, row)), ("LANGUAGE", language)))
    values: Values = (
        _line(transaction, row),
        ("LANGUAGE", language),
        ("WAIT", told_duration(transaction.now - since)),
        ("ATTEMPT", str(attempt)),
    )
    return Spoken(f"page_{pager.KIND[row.escalation.subject]}", values)


def known(transaction: Transaction, case: EscalationRow) -> Spoken:
    """What a second person hears who has said that they know of it."""
    return Spoken("second_known", (("WHO", _owner(transaction, case)),))


def _owner(transaction: Transaction, case: EscalationRow) -> str:
    by = case.escalation.accepted_by
    return staff_member.first_name(transaction, by) if by is not None else ""


def is_only_to_know(row: EscalationRow, person: StaffId) -> bool:
    """Whether somebody else has it, a second is to know of it, and nothing else is asked of this person."""
    return row.escalation.lacks_second and not one_ring.concerns(row, person)


def can_be_written_to(transaction: Transaction, row: EscalationRow) -> bool:
    """Whether it is the emergency of somebody who texts, and whom our texts reach: nobody need call them. Not while
    they are on the line: they called."""
    origin = contacts.get(transaction.tx, row.contact_id) if row.contact_id else None
    by_text = origin is not None and origin.channel is Channel.TEXT
    return (
        row.escalation.subject is Subject.EMERGENCY
        and by_text
        and way_back.of_emergency(transaction, row) is None
        and not connect.on_the_line(transaction, row)
    )


def _is_by_others(transaction: Transaction, row: EscalationRow) -> bool:
    """Whether somebody else does harm to whoever wrote, and may hear a call."""
    origin = contacts.get(transaction.tx, row.contact_id) if row.contact_id else None
    return origin is not None and flow_state.read(origin).by_others


def joining(transaction: Transaction, row: EscalationRow, person: StaffId) -> tuple[Spoken, ...]:
    """What somebody hears who has pressed 1, a moment before they are connected; or one of NOBODY_COMES."""
    first = _who_comes(transaction, row)
    if first.prompt in NOBODY_COMES:
        return (first,)
    if first.prompt == _CALLING:
        return (first,)
    return (
        first,
        *_number(transaction, row),
        *_asked_besides(transaction, row),
        *_apology(transaction, row, first),
        *_unproven(transaction, row, first),
        *_script(transaction, first),
        *_listener(transaction, row, person),
        *_interpreter(transaction, row, person),
        *((Spoken(_CALLING),) if first.prompt in _CALLED else ()),
    )


def _interpreter(transaction: Transaction, row: EscalationRow, person: StaffId) -> tuple[Spoken, ...]:
    language = duty.language_of(transaction, row)
    if speaks(transaction, person, language):
        return ()
    return (Spoken(_needs(transaction), (("LANGUAGE", _name(transaction, language)),)),)


def _listener(transaction: Transaction, row: EscalationRow, person: StaffId) -> tuple[Spoken, ...]:
    """Who may listen, if the caller agrees. In an emergency nothing more is said: every second counts."""
    if row.escalation.subject in (Subject.EMERGENCY, Subject.HELP, Subject.CLINICIAN):
        return ()
    found = listening.shadows(transaction, person)
    return (Spoken("whisper_listener", (("WHO", listening.names(transaction, found)),)),) if found else ()


def _number(transaction: Transaction, row: EscalationRow) -> tuple[Spoken, ...]:
    """What the number of ours that they used is known for. In an emergency nothing more is said, as above."""
    if row.escalation.subject in (Subject.EMERGENCY, Subject.HELP, Subject.CLINICIAN):
        return ()
    asked = connect.callback_of(transaction, row) if row.escalation.subject is Subject.CALLBACK else None
    origin = contacts.get(transaction.tx, row.contact_id) if row.contact_id else None
    used = asked.our_number if asked is not None else origin.our_number if origin is not None else ""
    published = transaction.settings.centre.line.known_for(used)
    return (Spoken("whisper_number", (("NAME", published.name),)),) if published is not None else ()


def _asked_besides(transaction: Transaction, row: EscalationRow) -> tuple[Spoken, ...]:
    found = connect.callback_of(transaction, row) if row.escalation.subject is Subject.CALLBACK else None
    return (
        (Spoken("asked_besides"),)
        if found is not None and ringing_back.others_asked(transaction, found)
        else ()
    )


def _apology(transaction: Transaction, row: EscalationRow, first: Spoken) -> tuple[Spoken, ...]:
    found = connect.callback_of(transaction, row) if first.prompt in _CALLED else None
    late = found is not None and owes_apology(found.callback, transaction.now)
    return (Spoken(ringing_back.APOLOGY),) if late else ()


def _unproven(transaction: Transaction, row: EscalationRow, first: Spoken) -> tuple[Spoken, ...]:
    found = connect.callback_of(transaction, row) if first.prompt in _CALLED else None
    asked = found is not None and ringing_back.is_of_website(transaction, found)
    return (Spoken(ringing_back.UNPROVEN),) if asked else ()


def _script(transaction: Transaction, first: Spoken) -> tuple[Spoken, ...]:
    """What to say to whoever answers: it may be anybody, or a machine that asks who calls."""
    if transaction.settings.centre.callbacks.opening is not Opening.PERSON:
        opening: tuple[Spoken, ...] = ()
    elif first.prompt == "whisper_later":
        opening = (Spoken("opening_script_later"),)
    else:
        opening = (Spoken("opening_script"),) if first.prompt in _CALLED else ()
    more = _MORE_TO_SAY.get(first.prompt)
    return (*opening, *((Spoken(more),) if more is not None else ()))


def _since(transaction: Transaction, rule: Callback) -> datetime:
    """Since when they wait: what they have not asked for waits since it is due."""
    return rule.opened_at if rule.kind is CallbackKind.ASKED else planned_for(rule, transaction.plan)


def _who_comes(transaction: Transaction, row: EscalationRow) -> Spoken:
    line = _line(transaction, row)
    if row.escalation.subject in (Subject.CLINICIAN, Subject.HELP):
        return Spoken("whisper_clinician", (line,))
    if connect.on_the_line(transaction, row):
        waited = transaction.now - row.escalation.opened_at
        return Spoken("whisper_live", (line, ("WAIT", told_duration(waited))))
    found = connect.callback_of(transaction, row)
    if found is None or found.number is None:
        texted = way_back.of_emergency(transaction, row) is WayBack.NONE
        return Spoken("whisper_board" if texted else "whisper_gone", (line,))
    rule = found.callback
    if rule.is_with_caller:
        return _rings_already(transaction, row, rule)
    if rule.is_open and ringing_back.own_call(transaction, found.number) is not None:
        return Spoken("whisper_elsewhere", (line,))
    urgent = row.escalation.subject is Subject.EMERGENCY
    if not urgent and rule.is_open and ringing_back.is_called_for_another(transaction, found):
        return Spoken("whisper_being_called", (line,))
    if rule.due_at is not None and rule.due_at > transaction.now:
        return Spoken(
            "whisper_later", (line, ("WAIT", told_duration(rule.due_at - transaction.now, ahead=True)))
        )
    return Spoken("over")


def _rings_already(transaction: Transaction, row: EscalationRow, rule: Callback) -> Spoken:
    if row.escalation.subject is Subject.EMERGENCY:
        # Their telephone rings already: whoever answers is to find somebody there.
        return Spoken(_CALLING)
    attempt = ("ATTEMPT", str(max(1, rule.attempts)))
    if rule.kind is not CallbackKind.ASKED and is_known(rule.kind):
        return Spoken(ringing_back.WHISPERS[rule.kind][0], (attempt,))
    since_asked = ("WAIT", told_duration(transaction.now - rule.opened_at))
    return Spoken("whisper_callback", (_line(transaction, row), since_asked, attempt))


# --- languages -------------------------------------------------------------------------------------------------


def speaks(transaction: Transaction, person: StaffId, language: Language) -> bool:
    """Whether they need no interpreter."""
    return language in staff_member.known(transaction, person).languages


def _language_words(transaction: Transaction, language: Language, person: StaffId) -> str:
    name = _name(transaction, language)
    if speaks(transaction, person, language):
        return name
    values = (("LANGUAGE", name),)
    return transaction.application.prompts.text(_needs(transaction), Channel.VOICE, values=values).rstrip(".")


def _needs(transaction: Transaction) -> str:
    """Without a number of interpreters none can be called into the room, and that is said."""
    unset = transaction.settings.centre.line.interpreter_number is None
    return "needs_own_interpreter" if unset else "needs_interpreter"


def _name(transaction: Transaction, language: Language) -> str:
    return staff_member.said_language(transaction, language)


# --- words -----------------------------------------------------------------------------------------------------


def _line(transaction: Transaction, row: EscalationRow) -> tuple[str, str]:
    return "LINE", staff_member.said_line(transaction, row.line)
