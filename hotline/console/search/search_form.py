"""What somebody asks for on the page Search, read from its fields; and the same in words, without a number."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from hotline.console.language.speech import Words, gettext
from hotline.console.page_words import CLOSED_CALLS
from hotline.dialling import read
from hotline.model import Channel, Language, Line, Outcome, PhoneNumber, StaffId
from hotline.oncall.wall_clock import moment
from hotline.store.looking_back.found_cases import CaseFilter, CaseKind, FoundAt, FoundCase

T = TypeVar("T", Line, Language, CaseKind, Outcome)
KINDS: Final[Mapping[CaseKind, str]] = Words(
    {
        CaseKind.CALL: "Call",
        CaseKind.TEXT: "Text",
        CaseKind.WEBSITE: "Website",
        CaseKind.EMERGENCY: "Emergency",
    }
)
IN_DANGER: Final[Mapping[Channel, str]] = Words(
    {Channel.VOICE: "Emergency call", Channel.TEXT: "Emergency by text"}
)
"""An emergency, as it came."""
OPEN: Final = "open"
"""Instead of an outcome: it is still open."""
OUTCOMES: Final[Mapping[str, str]] = Words(
    {
        OPEN: "Still open",
        Outcome.REACHED: "Reached",
        Outcome.BOOKED_INTAKE: "Intake booked",
        Outcome.NOT_ADMITTED: "Not admitted",
        Outcome.REFERRED: "Referred on",
        Outcome.DECLINED: "Declined",
        Outcome.ASKED_TO_STOP: "Asked us to stop",
        Outcome.LEFT_MESSAGE: "Left a message",
        Outcome.NO_ANSWER: "No answer",
        Outcome.SOMEBODY_ELSE: "Somebody else was there",
        Outcome.WRONG_NUMBER: "Wrong number",
        Outcome.NOT_IN_SERVICE: "Number not in service",
        Outcome.NOT_REACHED: "Given up: never reached",
        Outcome.SETTLED: "Closed without a talk",
        Outcome.EMERGENCY: "An emergency",
        Outcome.LEFT_EARLY: "Hung up at once",
        Outcome.UNREACHABLE: "Hung up, number withheld",
        Outcome.OPTED_OUT: "Ended texts",
        Outcome.QUIET: "Wrote no more",
        Outcome.BLOCKED: "Blocked",
        Outcome.MERGED: "Merged with another",
        Outcome.TAKEN_BACK: "Taken back, nobody called",
    }
)
"""How a case ended, in the order in which it is offered."""
ENDED: Final[Mapping[str, str]] = Words(
    {
        **OUTCOMES,
        Outcome.BUSY: "Busy",
        Outcome.MACHINE: "A machine, nothing left on it",
        Outcome.CALL_LATER: "Asked to be called later",
        Outcome.CALLED_OFF: "Called off",
        Outcome.STAFF_LINE: "A colleague",
        Outcome.CALLBACK: "To be called back",
    }
)


def how(case: FoundCase) -> str:
    """How they came to us, or what they were called for without having asked."""
    called_for = CLOSED_CALLS.get(case.called_for) if case.called_for is not None else None
    known = case.channel if case.kind is CaseKind.EMERGENCY else None
    came = IN_DANGER[known] if known is not None and known in IN_DANGER else KINDS[case.kind]
    return called_for or came


_FIELDS: Final = ("reference", "since", "until", "line", "kind", "outcome", "by", "language", "reached")
_REFERENCE: Final = re.compile(r"[0-9a-f]{4,20}", re.ASCII)
_BEHIND: Final = re.compile(r"(\d{1,18})\.([0-9a-z]{1,40})", re.ASCII)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SearchForm:
    """What stands in the fields, and what it means; `wanted` is None if nothing was asked, or something is wrong."""

    given: Mapping[str, str] = field(repr=False)
    """By field, the number left out."""
    wanted: CaseFilter | None = None
    wrong: Mapping[str, str] = field(default_factory=dict)
    """By field, what is wrong with it, in words."""

    @property
    def query(self) -> dict[str, str]:
        """The fields for an address: never a number."""
        return {name: value for name, value in self.given.items() if value}


def read_form(
    fields: Mapping[str, str],
    place: ZoneInfo,
    countries: Collection[str],
    staff: Collection[StaffId],
    published: Mapping[str, PhoneNumber],
) -> SearchForm:
    """What was asked for; days are those of `place`. `published`: numbers of ours, by what they are known for."""
    given = {name: fields.get(name, "").strip()[:40] for name in _FIELDS}
    number = fields.get("number", "").strip()[:40]
    wrong: dict[str, str] = {}
    whole = read(number, countries) if number else None
    if number and whole is None:
        wrong["number"] = gettext("Write the whole number, such as 617-555-0142 or +16175550142.")
    reference = re.sub(r"[\s-]", "", given["reference"]).lower()
    if reference and not _REFERENCE.fullmatch(reference):
        wrong["reference"] = gettext(
            "At least the first four letters or digits of a reference, such as 3F9A."
        )
    days = {name: _day(given[name], name, wrong) for name in ("since", "until")}
    since, until = days["since"], days["until"]
    if since is not None and until is not None and until < since:
        wrong["until"] = gettext("This day is before the first one.")
    open_still = given["outcome"] == OPEN
    wanted = CaseFilter(
        number=whole,
        reference=reference,
        since=_begins(since, place),
        until=_begins(until + _DAY, place) if until is not None else None,
        line=_one_of(Line, given["line"]),
        language=_one_of(Language, given["language"]),
        kind=_one_of(CaseKind, given["kind"]),
        outcome=None if open_still else _one_of(Outcome, given["outcome"]),
        still_open=open_still,
        by=StaffId(given["by"]) if given["by"] in staff else None,
        reached_at=published.get(given["reached"]),
    )
    asked = bool(number or any(given.values())) or fields.get("all") == "1"
    return SearchForm(given, wanted if asked and not wrong else None, wrong)


def _one_of(kind: type[T], written: str) -> T | None:
    return kind(written) if written in set(kind) else None


def _day(written: str, name: str, wrong: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        wrong[name] = gettext("Write a day, such as 2026-03-09.")
        return None


def _begins(day: date | None, place: ZoneInfo) -> datetime | None:
    return moment(datetime.combine(day, time()), place) if day is not None else None


def behind_of(written: str) -> FoundAt | None:
    """Where a page begins, as `written_behind` has it; None if it is none of these."""
    found = _BEHIND.fullmatch(written)
    try:
        return FoundAt(_EPOCH + int(found[1]) * _MICROSECOND, found[2]) if found else None
    except OverflowError:
        return None


def written_behind(behind: FoundAt | None) -> str:
    """Where the next page begins, for an address or a field: a time and an id."""
    return f"{(behind.at - _EPOCH) // _MICROSECOND}.{behind.id}" if behind is not None else ""


def in_words(form: SearchForm) -> str:
    """The filter for the audit trail: fields and words of ours, that a number was asked for but not which."""
    named = ["a number"] if form.wanted is not None and form.wanted.number is not None else []
    return ", ".join([*named, *(f"{name} {value}" for name, value in form.query.items())]) or "everything"


def without_unsaid(form: SearchForm, number: str) -> SearchForm:
    """The form with a number that is not a number, so that it stands in its field again."""
    return replace(form, given={**form.given, "number": number})
