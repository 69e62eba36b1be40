"""Search: cases by number, reference, time, line, outcome, coordinator, language and kind.

A number is sent by POST and stands in no address; whoever names one is in the audit trail with its hash. What was found
is masked: a case is seen by opening it.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from hotline.console.frame import polling, rights
from hotline.console.frame.asking import current_application
from hotline.console.frame.gate import only
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.console.language.speech import gettext
from hotline.console.search.export_sheet import lines
from hotline.console.search.search_form import SearchForm, behind_of, in_words, read_form, written_behind
from hotline.operations.looking_back import exporting, searching
from hotline.store.looking_back.found_cases import Sides
from hotline.store.overviews import crew


@only(Right.SEE_CALLERS)
def show(person: Person) -> ResponseReturnValue:
    """The page, with what its address asks for."""
    return _drawn(person, "search/search.html", _form(dict(request.args)), request.args.get("behind", ""))


@only(Right.SEE_CALLERS)
def live(person: Person) -> ResponseReturnValue:
    """The living part, which stays as it was found until it is asked for anew; 401 when the session is over."""
    if request.if_none_match:
        return polling.timed(Response(status=304))
    form = _form(dict(request.args))
    return _drawn(person, "search/search_live.html", form, request.args.get("behind", ""))


@only(Right.SEE_CALLERS)
def find(person: Person) -> ResponseReturnValue:
    """Search. Without a number the answer is an address, which may be kept and sent; with one there is none."""
    form = _form(dict(request.form))
    number = request.form.get("number", "").strip()
    if form.wanted is not None and form.wanted.number is None:
        asked = form.query or {"all": "1"}
        return redirect(url_for("console.search", **asked), 303)  # type: ignore[arg-type]
    if form.wanted is not None and form.wanted.number is not None:
        named = form.wanted.number
        current_application().change(
            lambda transaction: searching.named_a_number(transaction, named, person.id)
        )
    return _drawn(person, "search/search.html", form, request.form.get("behind", ""), number)


@only(Right.EXPORT)
def export(person: Person) -> ResponseReturnValue:
    """Everything that was found, as a file: with a reason, and written down as having left."""
    form = _form(dict(request.form))
    application = current_application()
    wanted = form.wanted
    number = request.form.get("number", "").strip()
    if wanted is None:
        return _drawn(person, "search/search.html", form, "", number)
    reason, sides = request.form.get("reason", ""), seen_sides(person)
    try:
        begun = application.change(
            lambda transaction: exporting.begin(transaction, wanted, sides, reason, in_words(form))
        )
    except ValueError:
        longest = exporting.LONGEST_REASON
        refused = gettext(
            "Say why, and for whom, in a few words: at most %(longest)s letters.", longest=longest
        )
        return _drawn(person, "search/search.html", form, "", number, refused)
    names = application.look(lambda transaction: crew.names(transaction.tx))
    line = application.settings.centre.line
    place = ZoneInfo(line.timezone)
    numbers = request.form.get("numbers") == "yes"
    sheet = lines(exporting.cases(application, begun), names, line, place, numbers=numbers)
    answer = Response(sheet, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="cases-{begun.id[:8]}-confidential.csv"'
    return answer


def _form(fields: dict[str, str]) -> SearchForm:
    application = current_application()
    line = application.settings.centre.line
    staff = application.look(lambda transaction: crew.names(transaction.tx))
    published = {one.name: one.number for one in line.published}
    return read_form(fields, ZoneInfo(line.timezone), line.countries, staff, published)


def seen_sides(person: Person) -> Sides:
    """What somebody with these roles may find."""
    return Sides(
        admissions=rights.may(person.roles, Right.READ_ADMISSIONS),
        clinical=rights.may(person.roles, Right.READ_CLINICAL),
        viewer=person.id,
    )


def _drawn(
    person: Person, template: str, form: SearchForm, behind: str, number: str = "", refused: str = ""
) -> ResponseReturnValue:
    found = current_application().look(
        lambda transaction: searching.look(transaction, form.wanted, seen_sides(person), behind_of(behind))
    )
    return polling.drawn(
        template,
        person,
        found=found,
        form=form,
        number=number,
        published=[(one.name, one.name) for one in current_application().settings.centre.line.published],
        refused=refused,
        behind=written_behind(found.page.behind),
        further=bool(behind),
        now=found.now,
        status=422 if form.wrong or refused else 200,
    )
