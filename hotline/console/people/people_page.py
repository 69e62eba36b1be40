"""People: how everybody on the staff signs in; inviting them, resetting what they have lost, signing them out.

A link is shown once, on a page of its own, to whoever made it. Nobody does any of this to themselves, for what changes
one's own account asks for one's own password; and only an admin does it to an admin.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from hotline.console.frame import not_done, polling, rights
from hotline.console.frame.asking import by_script, current_application, told
from hotline.console.frame.gate import only
from hotline.console.frame.right_words import roles_told
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.console.language.speech import gettext, translated
from hotline.console.people import newcomer
from hotline.model import AuditAction, AuditKind, Language, Role, StaffId
from hotline.operations.people import members
from hotline.operations.roster import roster_taking
from hotline.operations.roster.roster_document import Problems
from hotline.operations.sign_in import inviting, single_sign_on, who_signs_in
from hotline.operations.sign_in.inviting import CannotInvite, Issued
from hotline.operations.transaction import Transaction
from hotline.store.database import Duplicate
from hotline.store.people import staff
from hotline.store.people.staff import StaffRow

T = TypeVar("T")


@only(Right.PEOPLE)
def show(person: Person) -> ResponseReturnValue:
    """The whole page."""
    return _drawn(person, "people/people.html")


@only(Right.PEOPLE)
def live(person: Person) -> ResponseReturnValue:
    """The living part; 401 when the session is over."""
    return polling.unchanged() or _drawn(person, "people/people_live.html")


@only(Right.PEOPLE)
def history(person: Person, staff_id: str) -> ResponseReturnValue:
    """What was tried in somebody's name."""
    application = current_application()
    try:
        row, tries = application.change(
            lambda transaction: who_signs_in.history(transaction, StaffId(staff_id), person.id)
        )
    except LookupError:
        abort(404)
    return render_template("people/history.html", row=row, tries=tries, now=application.clock())


@only(Right.PEOPLE)
def invite(person: Person, staff_id: str) -> ResponseReturnValue:
    """A link for somebody without a password."""
    return _link(person, staff_id, inviting.invite)


@only(Right.PEOPLE)
def reset(person: Person, staff_id: str) -> ResponseReturnValue:
    """A link in place of somebody's password."""
    return _link(person, staff_id, inviting.reset)


@only(Right.PEOPLE)
def revoke(person: Person, staff_id: str) -> ResponseReturnValue:
    """The link opens nothing any more."""

    def work(transaction: Transaction, row: StaffRow) -> str:
        had = inviting.revoke(transaction, row, person.id)
        return (
            gettext("The link of %(name)s opens nothing any more.", name=row.name)
            if had
            else gettext("%(name)s has none.", name=row.name)
        )

    return _done(person, staff_id, work)


@only(Right.PEOPLE)
def sign_out_person(person: Person, staff_id: str) -> ResponseReturnValue:
    """End every session of theirs."""

    def work(transaction: Transaction, row: StaffRow) -> str:
        ended = who_signs_in.sign_out(transaction, row, person.id)
        return (
            gettext("%(name)s is signed out everywhere.", name=row.name)
            if ended
            else gettext("%(name)s was signed in nowhere.", name=row.name)
        )

    return _done(person, staff_id, work)


@only(Right.PEOPLE)
def end_second_step_of(person: Person, staff_id: str) -> ResponseReturnValue:
    """For whoever has lost phone and codes."""

    def work(transaction: Transaction, row: StaffRow) -> str:
        if not who_signs_in.end_second_step(transaction, row, person.id):
            raise CannotInvite(gettext("%(name)s has no second step.", name=row.name))
        return gettext(
            "The second step of %(name)s is off, and they are signed out everywhere.", name=row.name
        )

    return _done(person, staff_id, work)


@only(Right.PEOPLE)
def change(person: Person, staff_id: str) -> ResponseReturnValue:
    """Their name, what they may do and what they speak. Only who has the settings makes an admin: 403."""
    form = request.form
    roles, languages = _chosen(form)
    if not rights.may_look_after(person.roles, roles):
        abort(403)

    def work(transaction: Transaction, row: StaffRow) -> str:
        try:
            now = members.change(transaction, row, form.get("name", ""), roles, languages, person.id)
        except members.CannotBe as wrong:
            raise CannotInvite(str(wrong)) from None
        if now == row:
            return gettext("Nothing of %(name)s is changed.", name=now.name)
        lost = members.shifts_lost(transaction, row, now)
        if lost:
            return gettext(
                "%(name)s is changed, and signs in anew. A trainee is never rung: somebody else is needed on "
                "%(schedules)s. Look at the page On call.",
                name=now.name,
                schedules=", ".join(lost),
            )
        if now.roles != row.roles:
            return gettext("%(name)s is changed, and signs in anew.", name=now.name)
        return gettext("%(name)s is changed.", name=now.name)

    try:
        return _done(person, staff_id, work)
    except Duplicate:
        said = gettext("Somebody else on the staff has that name.")
        return told(said, url_for("console.people"), good=False)


def _chosen(form: MultiDict[str, str]) -> tuple[frozenset[Role], frozenset[Language]]:
    """What is ticked; 400 for what there is no box for."""
    try:
        return frozenset(map(Role, form.getlist("roles"))), frozenset(
            map(Language, form.getlist("languages"))
        )
    except ValueError:
        abort(400)


@only(Right.PEOPLE)
def add_person(person: Person) -> ResponseReturnValue:
    """Somebody new, held against the same rules as the staff file. Only who has the settings adds an admin: 403."""
    form, application = request.form, current_application()
    name, phone = form.get("name", ""), form.get("phone", "")
    roles, languages = _chosen(form)
    given = {"name": name, "phone": phone, "roles": [*roles], "languages": [*languages]}
    if not rights.may_look_after(person.roles, roles):
        abort(403)
    line = application.settings.centre.line

    def work(transaction: Transaction) -> str:
        if staff.by_name(transaction.tx, name) is not None:
            raise CannotInvite(gettext("Somebody else on the staff has that name."))
        try:
            roster_taking.load(transaction.tx, {"staff": [given]}, transaction.now, line)
        except Problems as wrong:
            members_now = staff.active(transaction.tx)
            raise CannotInvite(newcomer.against(wrong.found, phone, roles, line, members_now)) from None
        added = staff.by_name(transaction.tx, name)
        if added is None:
            raise LookupError("whoever was added isn't there")
        transaction.audit(AuditAction.ADDED, AuditKind.STAFF, added.id, by=person.id)
        return gettext(
            "%(name)s is on the staff. Invite them, and have their phone verified.", name=added.name
        )

    try:
        return told(application.change(work), url_for("console.people"), good=True)
    except CannotInvite as wrong:
        said = str(wrong)
    if not by_script():
        return not_done.page(said, url_for("console.people"))
    return told(said, url_for("console.people"), good=False)


@only(Right.PEOPLE)
def put_off_person(person: Person, staff_id: str) -> ResponseReturnValue:
    """Off the staff for now: signed out, never rung; what they had is other people's."""

    def work(transaction: Transaction, row: StaffRow) -> str:
        if not row.active:
            return gettext("Nothing of %(name)s is changed.", name=row.name)
        left = members.deactivate(transaction, row, person.id)
        said = gettext(
            "%(name)s is signed out everywhere, and is not rung any more. What they had open is others' now.",
            name=row.name,
        )
        if left.empty:
            nobody = gettext("Nobody is on these schedules now: %(names)s.", names=", ".join(left.empty))
            return f"{said} {nobody}"
        return said

    return _done(person, staff_id, work)


@only(Right.PEOPLE)
def put_on_person(person: Person, staff_id: str) -> ResponseReturnValue:
    """On the staff again."""

    def work(transaction: Transaction, row: StaffRow) -> str:
        members.activate(transaction, row, person.id)
        if single_sign_on.is_required(transaction.settings, row.roles):
            label = transaction.settings.centre.single_sign_on.label
            return gettext(
                "%(name)s is on the staff again. They sign in with %(label)s.", name=row.name, label=label
            )
        if row.password_hash is None:
            return gettext(
                "%(name)s is on the staff again. They need a link to sign in: invite them.", name=row.name
            )
        return gettext(
            "%(name)s is on the staff again. They sign in with the password they had: reset it if it is lost.",
            name=row.name,
        )

    return _done(person, staff_id, work)


@only(Right.PEOPLE)
def name_at_provider(person: Person, staff_id: str) -> ResponseReturnValue:
    """By which name the provider vouches for them; empty: by none."""
    name = request.form.get("name", "")

    def work(transaction: Transaction, row: StaffRow) -> str:
        try:
            single_sign_on.name_them(transaction, row, name, person.id)
        except ValueError as wrong:
            raise CannotInvite(str(wrong)) from None
        label = transaction.settings.centre.single_sign_on.label
        if name.strip():
            return gettext("%(name)s signs in with %(label)s by that name.", name=row.name, label=label)
        return gettext("%(name)s signs in with %(label)s no more.", name=row.name, label=label)

    return _done(person, staff_id, work)


def _link(person: Person, staff_id: str, make: Callable[..., Issued]) -> ResponseReturnValue:
    by_text = request.form.get("text") == "yes"

    def work(transaction: Transaction, row: StaffRow) -> tuple[Issued, StaffRow]:
        return make(transaction, row, person.id, by_text=by_text), row

    try:
        issued, row = _theirs(person, staff_id, work)
    except CannotInvite as wrong:
        flash(translated(str(wrong)), "bad")
        return redirect(url_for("console.people"), 303)
    return render_template("people/link.html", issued=issued, row=row, now=current_application().clock())


def _theirs(person: Person, staff_id: str, work: Callable[[Transaction, StaffRow], T]) -> T:
    """Do it for somebody else who is on the staff. Raises CannotInvite; 403, 404."""

    def found(transaction: Transaction) -> T:
        row = staff.get(transaction.tx, StaffId(staff_id))
        if row is None or row.has_left:
            abort(404)
        if row.id == person.id:
            raise CannotInvite(gettext("For yourself, see Your account."))
        if not rights.may_look_after(person.roles, row.roles):
            abort(403)
        return work(transaction, row)

    return current_application().change(found)


def _done(person: Person, staff_id: str, work: Callable[[Transaction, StaffRow], str]) -> ResponseReturnValue:
    try:
        said, good = _theirs(person, staff_id, work), True
    except CannotInvite as wrong:
        said, good = str(wrong), False
    return told(said, url_for("console.people"), good=good)


def _drawn(person: Person, template: str) -> ResponseReturnValue:
    found = current_application().look(who_signs_in.look)
    everyone = current_application().look(lambda transaction: staff.everyone(transaction.tx))
    return polling.drawn(
        template,
        person,
        found=found,
        now=found.now,
        off=[one for one in everyone if not one.active and not one.has_left],
        may_look_after=rights.may_look_after,
        roles_told=tuple(roles_told()),
        every_role=tuple(one for one in Role if rights.may_look_after(person.roles, {one})),
        every_language=tuple(Language),
    )
