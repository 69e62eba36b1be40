"""Audit: who did and looked at what, to whom and when; a button that checks the seals."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flask import Response, request
from flask.typing import ResponseReturnValue

from hotline.console.audit import audit_words
from hotline.console.frame import polling, rights
from hotline.console.frame.asking import current_application
from hotline.console.frame.gate import only
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.model import AuditAction, StaffId
from hotline.oncall.wall_clock import moment
from hotline.operations.looking_back import audit_trail
from hotline.operations.looking_back.audit_trail import TrailChecked
from hotline.store.overviews import crew
from hotline.store.people.audit import AuditFilter

_FIELDS: Final = ("by", "what", "about", "since", "until")
_ABOUT: Final = re.compile(r"[0-9a-z-]{1,64}", re.ASCII)
_SYSTEM: Final = "system"
ACTIONS: Final = tuple(sorted(one.value for one in AuditAction))


@only(Right.AUDIT)
def show_audit(person: Person) -> ResponseReturnValue:
    """The page, with what its address asks for."""
    return _drawn(person, "audit/audit.html")


@only(Right.AUDIT)
def live_audit(person: Person) -> ResponseReturnValue:
    """The living part, which stays as it was found; 401 when the session is over."""
    if request.if_none_match:
        return polling.timed(Response(status=304))
    return _drawn(person, "audit/audit_live.html")


@only(Right.AUDIT)
def verify_audit(person: Person) -> ResponseReturnValue:
    """Check the seals, and say what was found."""
    return _drawn(person, "audit/audit.html", audit_trail.verify(current_application(), person.id))


def _drawn(person: Person, template: str, checked: TrailChecked | None = None) -> ResponseReturnValue:
    application = current_application()
    given = {name: request.args.get(name, "").strip()[:64] for name in _FIELDS}
    staff = application.look(lambda transaction: crew.names(transaction.tx))
    wanted = _wanted(given, staff, ZoneInfo(application.settings.centre.line.timezone))
    before = request.args.get("before", "")
    older = int(before) if before.isascii() and before.isdecimal() and len(before) < 18 else None
    words = rights.may(person.roles, Right.EXPORT)
    found = application.look(lambda transaction: audit_trail.look(transaction, wanted, older, words=words))
    application.change(lambda transaction: audit_trail.looked(transaction, person.id))
    return polling.drawn(
        template,
        person,
        found=found,
        given=given,
        query={name: value for name, value in given.items() if value},
        actions=ACTIONS,
        audited=audit_words,
        older=older,
        checked=checked,
        at_once=audit_trail.CHECKED_AT_ONCE,
        now=found.now,
    )


def _wanted(given: dict[str, str], staff: Collection[StaffId], place: ZoneInfo) -> AuditFilter:
    about = re.sub(r"\s", "", given["about"]).lower()
    return AuditFilter(
        by=StaffId(given["by"]) if given["by"] in staff else None,
        by_nobody=given["by"] == _SYSTEM,
        action=given["what"] if given["what"] in ACTIONS else None,
        subject_begins=about if _ABOUT.fullmatch(about) else None,
        since=_day(given["since"], place),
        until=_day(given["until"], place, timedelta(days=1)),
    )


def _day(written: str, place: ZoneInfo, later: timedelta = timedelta(0)) -> datetime | None:
    """When this day begins on the centre's wall; None for what is no day."""
    try:
        return moment(datetime.combine(date.fromisoformat(written) + later, time()), place)
    except (ValueError, OverflowError):
        return None
