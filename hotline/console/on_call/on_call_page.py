"""On call: who is on now and in the next two weeks, where nobody is, and what is otherwise than planned."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue

from hotline.console.frame import polling, rights
from hotline.console.frame.asking import current_application, told
from hotline.console.frame.gate import only
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.console.language.speech import Words, gettext
from hotline.model import StaffId
from hotline.oncall.schedule import Change, ChangeKind
from hotline.oncall.wall_clock import moment, zone
from hotline.operations.console import rota
from hotline.operations.shifts import changing_shifts
from hotline.operations.transaction import Transaction
from hotline.store.duty import shift_changes

KINDS: Final = Words(
    {
        ChangeKind.INSTEAD: "is on instead of",
        ChangeKind.ON: "is on as well",
        ChangeKind.OFF: "is off",
    }
)


@only(Right.LOOK)
def show(person: Person) -> ResponseReturnValue:
    """The whole page."""
    return _drawn(person, "on_call/on_call.html")


@only(Right.LOOK)
def live(person: Person) -> ResponseReturnValue:
    """The living part; 401 when the session is over."""
    return polling.unchanged() or _drawn(person, "on_call/on_call_live.html")


@only(Right.PEOPLE)
def change(person: Person) -> ResponseReturnValue:
    """Change the plan for a while."""

    def work(transaction: Transaction) -> str:
        schedule = request.form.get("schedule") or None
        place = zone(transaction.settings.centre.line.timezone)
        made = Change(
            kind=_kind(request.form.get("kind", "")),
            person=StaffId(request.form.get("person", "")),
            starts=typed(gettext("From"), request.form.get("starts", ""), place.key),
            ends=typed(gettext("Until"), request.form.get("ends", ""), place.key),
            instead_of=StaffId(request.form["instead_of"]) if request.form.get("instead_of") else None,
        )
        why = request.form.get("overrule", "").strip()[:200] or None
        changing_shifts.make(transaction, made, schedule, person.id, overrule=why)
        return gettext("It is so, and whoever it concerns is told by text.")

    return done(work)


@only(Right.LOOK)
def undo(person: Person, change_id: str) -> ResponseReturnValue:
    """Take a change back, one's own or as a supervisor; one that has begun ends now."""

    def work(transaction: Transaction) -> str:
        found = shift_changes.get(transaction.tx, change_id)
        theirs = found is not None and found.made_by != person.id
        if theirs and not rights.may(person.roles, Right.PEOPLE):
            abort(403)
        changing_shifts.undo(transaction, change_id, person.id)
        return gettext("It is taken back, and whoever it concerns is told by text.")

    return done(work)


def done(work: Callable[[Transaction], str]) -> ResponseReturnValue:
    """Do it, and say what came of it: to the page's script at once, else on the page."""
    try:
        said, good = current_application().change(work), True
    except ValueError as wrong:
        said, good = str(wrong), False
    return told(said, url_for("console.on_call"), good=good)


def _kind(written: str) -> ChangeKind:
    if written not in list(ChangeKind):
        raise ValueError(gettext("Choose what is otherwise."))
    return ChangeKind(written)


def typed(key: str, written: str, place: str) -> datetime:
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        raise ValueError(gettext("%(key)s: write a day and a time.", key=key)) from None
    return moment(found.replace(tzinfo=None), zone(place))


def _drawn(person: Person, template: str) -> ResponseReturnValue:
    application = current_application()
    found = application.look(lambda transaction: rota.look(transaction, person.id))
    return polling.drawn(template, person, found=found, now=found.now, kinds=KINDS)
