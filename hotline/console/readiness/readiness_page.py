"""Readiness: who could be reached now; whoever looks at it can have their own phone tested, and verified."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from flask import Response, abort, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from hotline.console.frame import polling, rights, signed_in
from hotline.console.frame.asking import current_application, sign_in_first, told
from hotline.console.frame.gate import only
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.console.language.speech import Words, gettext
from hotline.console.readiness import failed_text_words
from hotline.model import How, StaffId
from hotline.operations.at_work import contact_card, pins, verifying, walk_through, who_is_ready
from hotline.operations.at_work.verifying import CodeCheck
from hotline.operations.by_text import misdirected
from hotline.operations.paging import trial_pages
from hotline.operations.people import lost_phone, members
from hotline.operations.transaction import Transaction
from hotline.store.overviews import crew
from hotline.store.people import staff
from hotline.store.people.staff import StaffRow

UNOWNED: Final[Mapping[str, str]] = Words(
    {"contact": "Contact", "thread": "Text thread", "callback": "Callback", "escalation": "Escalation"}
)
"""What may be open and nobody's."""
WHY_UNOWNED: Final[Mapping[str, str]] = Words(
    {
        "no callback was kept for it": "no callback was kept for it",
        "no emergency was kept for it": "no emergency was kept for it",
        "nobody has looked at it": "nobody has looked at it",
        "nobody looks at it": "nobody looks at it",
        "only a later version knows what becomes of it": "only a later version knows what becomes of it",
        "there are two for one caller": "there are two for one caller",
        "who has it works here no more": "who has it works here no more",
    }
)
"""By what the store calls it."""


@only(Right.LOOK)
def show(person: Person) -> ResponseReturnValue:
    """The whole page."""
    return _drawn(person, "readiness/readiness.html")


@only(Right.LOOK)
def live(person: Person) -> ResponseReturnValue:
    """The living part; 401 when the session is over."""
    return polling.unchanged() or _drawn(person, "readiness/readiness_live.html")


@only(Right.LOOK)
def test(person: Person, staff_id: str) -> ResponseReturnValue:
    """Page them now, to see whether they can be."""

    def work(transaction: Transaction) -> str:
        member = _member(transaction, staff_id)
        if not member.verified:
            raise ValueError(
                gettext("Your phone is not verified: send a code to it first.")
                if member.id == person.id
                else gettext("%(name)s's phone is not verified: send a code to it first.", name=member.name)
            )
        trial_pages.ask(transaction, member.id, person.id)
        if member.id == person.id:
            return gettext("Your phone rings in a moment: press 1. A text comes, too.")
        return gettext("%(name)s is called and texted now.", name=member.name)

    return _done(person, staff_id, work)


@only(Right.LOOK)
def walk(person: Person, staff_id: str) -> ResponseReturnValue:
    """Call one's own phone as a caller's is, to hear what callers hear."""
    if staff_id != person.id:
        abort(403)

    def work(transaction: Transaction) -> str:
        walk_through.ask(transaction, _member(transaction, staff_id), person.id)
        return gettext("Your phone rings in a moment, as a caller's does. Nothing comes of the call.")

    return _done(person, staff_id, work)


@only(Right.LOOK)
def send_code(person: Person, staff_id: str) -> ResponseReturnValue:
    """Send a code to their phone."""
    how = How.CALL if request.form.get("how") == How.CALL else How.TEXT

    def work(transaction: Transaction) -> str:
        member = _member(transaction, staff_id)
        verifying.send(transaction, member, how, person.id)
        if member.id == person.id:
            return gettext("A code goes to your phone. Type it in here.")
        return gettext("A code goes to %(name)s's phone. Type it in here.", name=member.name)

    return _done(person, staff_id, work)


@only(Right.LOOK)
def use_code(person: Person, staff_id: str) -> ResponseReturnValue:
    """Verify their phone by the code that went to it."""

    def work(transaction: Transaction) -> CodeCheck:
        return verifying.check(
            transaction, _member(transaction, staff_id), request.form.get("code", ""), person.id
        )

    _only_theirs(person, staff_id)
    # A wrong one is counted, and so no error of the transaction's.
    match current_application().change(work):
        case CodeCheck.RIGHT:
            return _told(gettext("The phone is verified, and is rung from now on."), good=True)
        case CodeCheck.WRONG:
            return _told(gettext("That is another code. Nothing is changed."), good=False)
        case CodeCheck.NONE:
            return _told(gettext("No code counts for this phone now: send a new one."), good=False)


@only(Right.LOOK)
def choose_pin(person: Person, staff_id: str) -> ResponseReturnValue:
    """One's own PIN for the staff line; nobody chooses another's here."""
    if staff_id != person.id:
        abort(403)

    def work(transaction: Transaction) -> str:
        pins.choose(
            transaction, _member(transaction, staff_id), request.form.get("pin", "").strip(), person.id
        )
        return gettext("From your phone, the staff line opens with this PIN from now on.")

    return _done(person, staff_id, work)


@only(Right.LOOK)
def choose_guard(person: Person, staff_id: str) -> ResponseReturnValue:
    """Whether one wants to be rung at night however often; nobody chooses for another here."""
    if staff_id != person.id:
        abort(403)
    wanted = bool(request.form.get("every_page"))

    def work(transaction: Transaction) -> str:
        members.choose_guard(transaction, _member(transaction, staff_id), every_page=wanted, by=person.id)
        if wanted:
            return gettext("You are rung at night however often you were already.")
        return gettext("Whoever was rung as often as you is let sleep, if others are there.")

    return _done(person, staff_id, work)


@only(Right.LOOK)
def lose_phone(person: Person, staff_id: str) -> ResponseReturnValue:
    """Their phone is lost or stolen: it is nobody's from now on."""

    def work(transaction: Transaction) -> str:
        member = _member(transaction, staff_id)
        lost_phone.take_off(transaction, member, person.id)
        off = (
            gettext("Your phone is off at once: it is never rung, and opens nothing.")
            if member.id == person.id
            else gettext(
                "%(name)s's phone is off at once: it is never rung, and opens nothing.", name=member.name
            )
        )
        then = gettext(
            "What was open with it is asked of others. To have it back, or another, send a code to it."
        )
        return f"{off} {then}"

    return _done(person, staff_id, work)


@only(Right.PEOPLE)
def see_to_stray(person: Person, stray_id: str) -> ResponseReturnValue:
    """Somebody has asked whoever's code came from the wrong phone."""
    done = current_application().change(
        lambda transaction: misdirected.seen_to(transaction, stray_id, person.id)
    )
    return _told(
        gettext("Noted. If it happens again, it is told anew.")
        if done
        else gettext("Somebody has seen to it."),
        good=done,
    )


@only(Right.LOOK)
def card(_person: Person) -> ResponseReturnValue:
    """A card for one's phone, with every number that may ring it."""
    words = contact_card.of(current_application().settings.centre.line)
    named = {"Content-Disposition": "attachment; filename=card.vcf"}
    return Response(words, mimetype="text/vcard", headers=named)


def _only_theirs(person: Person, staff_id: str) -> None:
    """Everybody may see to their own phone; to others', whoever looks after people."""
    if staff_id != person.id and not rights.may(person.roles, Right.PEOPLE):
        abort(403)


def _member(transaction: Transaction, staff_id: str) -> StaffRow:
    member = staff.get(transaction.tx, StaffId(staff_id))
    if member is None or not member.active or member.is_trainee:
        raise ValueError(gettext("They are not on the staff any more."))
    return member


def _done(person: Person, staff_id: str, work: Callable[[Transaction], str]) -> ResponseReturnValue:
    """Do it, and say what came of it."""
    _only_theirs(person, staff_id)
    try:
        return _told(current_application().change(work), good=True)
    except ValueError as wrong:
        return _told(str(wrong), good=False)


def _told(said: str, *, good: bool) -> ResponseReturnValue:
    """To the page's script at once, else on the page."""
    return told(said, url_for("console.readiness"), good=good)


def _drawn(person: Person, template: str) -> ResponseReturnValue:
    held = signed_in.ticket()
    if held is None:
        return sign_in_first()
    application = current_application()
    found = application.look(who_is_ready.look)
    return polling.drawn(
        template,
        person,
        found=found,
        now=found.now,
        mend=who_is_ready.MEND,
        unowned_kinds=UNOWNED,
        unowned_why=WHY_UNOWNED,
        why_texts_fail=failed_text_words.of_staff,
        names=application.look(lambda transaction: crew.names(transaction.tx)),
        qr=Markup(contact_card.svg(application.settings.centre.line)),  # noqa: S704
        clock_dead_since=held.clock_dead_since,
        carrier_lost_since=held.carrier_lost_since,
    )
