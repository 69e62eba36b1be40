"""Asking by text for somebody beside one in an emergency of one's own. HELP alone is the carriers' word, not ours."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from hotline.model import StaffId, Subject
from hotline.operations import staff_member
from hotline.operations.paging import page_codes
from hotline.operations.staff import second_person
from hotline.operations.staff.second_person import HelpAsked
from hotline.operations.transaction import Transaction
from hotline.store.cases import escalations, pages
from hotline.store.cases.escalations import EscalationRow
from hotline.triage.texts.keywords import Kind, kind_of

_SAID: Final = {
    HelpAsked.NOW: "help_called",
    HelpAsked.ALREADY: "help_called",
    HelpAsked.NOBODY: "help_nobody",
    HelpAsked.NOT_YOURS: "page_unknown",
}


def by_text(transaction: Transaction, person: StaffId, code: str | None) -> str | None:
    """Call somebody to the emergency that is theirs; None if none is: they may need help themselves."""
    theirs = _emergencies(transaction, person)
    if code is not None:
        page = pages.by_reference(transaction.tx, person, code)
        theirs = [one for one in theirs if page is not None and one.escalation.id == page.escalation_id]
    if not theirs:
        return None
    ref = page_codes.known_to(transaction, theirs[-1], person)
    if len(theirs) > 1:
        return transaction.text("help_which", REF=ref)
    call = second_person.ask(transaction, theirs[0], person)
    return transaction.text(_SAID[call.result], REF=ref, WHO=named(transaction, call.called))


def hint(transaction: Transaction, person: StaffId, words: str) -> str | None:
    """How to ask, for whoever has an emergency and writes HELP alone: that goes to no caller."""
    theirs = _emergencies(transaction, person)
    spoken = transaction.settings.centre.line.languages
    if not theirs or not any(kind_of(words, language) is Kind.HELP for language in spoken):
        return None
    return transaction.text("help_how", REF=page_codes.known_to(transaction, theirs[-1], person))


def named(transaction: Transaction, people: Iterable[StaffId]) -> str:
    """Their first names."""
    return ", ".join(sorted(staff_member.first_name(transaction, one) for one in people))


def _emergencies(transaction: Transaction, person: StaffId) -> list[EscalationRow]:
    owned = escalations.accepted_by(transaction.tx, person)
    return [one for one in owned if one.escalation.subject is Subject.EMERGENCY]
