"""Policies: who is rung for what, as ladders to read, and a dry run of any of them; nobody is rung for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import request
from flask.typing import ResponseReturnValue

from hotline.console.frame import polling
from hotline.console.frame.asking import current_application
from hotline.console.frame.gate import only
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.console.language.speech import gettext, translated
from hotline.console.on_call.on_call_page import typed
from hotline.model import WITH_POLICY, Language, Subject
from hotline.operations.policies import ladders, policy_words, trying_out
from hotline.operations.policies.ladders import Ladders
from hotline.operations.policies.trying_out import DryRun
from hotline.operations.transaction import Transaction


@dataclass(frozen=True, slots=True)
class TriedOut:
    """What was asked of the page, as it was typed, and what comes of it."""

    subject: str
    at: str
    language: str
    found: DryRun | None = None
    wrong: str = ""
    """Why nothing could be tried out."""


@only(Right.LOOK)
def show_policies(person: Person) -> ResponseReturnValue:
    """The whole page; everybody on the staff may see whom a policy rings."""
    return _drawn(person, "on_call/policies.html")


@only(Right.LOOK)
def live_policies(person: Person) -> ResponseReturnValue:
    """The living part; 401 when the session is over."""
    return polling.unchanged() or _drawn(person, "on_call/policies_live.html")


def _drawn(person: Person, template: str) -> ResponseReturnValue:

    def look(transaction: Transaction) -> tuple[Ladders, TriedOut | None]:
        return ladders.look(transaction), _tried(transaction)

    application = current_application()
    found, tried = application.look(look)
    return polling.drawn(
        template,
        person,
        found=found,
        tried=tried,
        now=found.now,
        subjects={one.value: policy_words.SUBJECTS[one] for one in WITH_POLICY},
        spoken=application.settings.centre.line.languages,
        lasting=_lasting,
        rings_for=application.settings.centre.waits.staff_ring,
    )


def _lasting(duration: timedelta) -> str:
    return translated(policy_words.lasting(duration))


def _tried(transaction: Transaction) -> TriedOut | None:
    asked = request.args.get("subject", "")
    if not asked:
        return None
    first = transaction.settings.centre.line.languages[0]
    tried = TriedOut(asked, request.args.get("at", ""), request.args.get("language", first))
    if asked not in list(WITH_POLICY) or tried.language not in list(Language):
        return TriedOut(
            "", tried.at, first, wrong=gettext("Choose what happens, and what the caller speaks.")
        )
    try:
        at = _moment(transaction, tried.at)
    except ValueError as wrong:
        return TriedOut(asked, "", tried.language, wrong=str(wrong))
    found = trying_out.rehearsed(transaction, Subject(asked), at, Language(tried.language))
    return TriedOut(asked, tried.at, tried.language, found)


def _moment(transaction: Transaction, written: str) -> datetime:
    """By the centre's clock; now, if nothing is written. Raises ValueError."""
    if not written:
        return transaction.now
    return typed(gettext("When"), written, transaction.settings.centre.line.timezone)
