"""Who carries what: nights, weekends, holidays, pages and minutes awake, by person and quarter."""

from __future__ import annotations

from flask import abort, request
from flask.typing import ResponseReturnValue

from hotline.console.frame import polling
from hotline.console.frame.asking import current_application
from hotline.console.frame.gate import only
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.oncall.staffing.fairness import QuarterYear, parse_quarter
from hotline.operations.shifts import fair_shares


@only(Right.LOOK)
def show_fairness(person: Person) -> ResponseReturnValue:
    """The whole page; everybody on the staff may see it, for fair is what can be seen."""
    return _drawn(person, "on_call/fairness.html")


@only(Right.LOOK)
def live_fairness(person: Person) -> ResponseReturnValue:
    """The living part; 401 when the session is over."""
    return polling.unchanged() or _drawn(person, "on_call/fairness_live.html")


def _drawn(person: Person, template: str) -> ResponseReturnValue:
    asked = request.args.get("quarter", "")
    try:
        quarter = parse_quarter(asked) if asked else None
    except ValueError:
        abort(404)
    application = current_application()
    found = application.look(lambda transaction: fair_shares.look(transaction, quarter))
    most = max((one.carried.nights + one.planned.nights for one in found.shares), default=0)
    now = application.clock()
    return polling.drawn(
        template,
        person,
        found=found,
        most=most,
        now=now,
        before=_step(found.quarter, -1),
        after=_step(found.quarter, 1),
    )


def _step(quarter: QuarterYear, by: int) -> QuarterYear:
    whole = quarter.year * 4 + quarter.number - 1 + by
    return QuarterYear(whole // 4, whole % 4 + 1)
