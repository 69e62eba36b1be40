"""Reading what a client sends to the REST API: known parameters only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import TypeVar
from urllib.parse import urlencode

from flask import Response, jsonify, request
from werkzeug.datastructures import MultiDict

from hotline.simulator.kernel import Kernel
from hotline.simulator.rest.rest_errors import RestError
from hotline.simulator.twiml.never import is_never_dialled

E164 = re.compile(r"\+[1-9]\d{6,14}")
URL = re.compile(r"https?://[^\s/?#]+[^\s]*")
PAGE_SIZE = 50
T = TypeVar("T")


def known(kernel: Kernel, form: MultiDict[str, str], allowed: Iterable[str]) -> MultiDict[str, str]:
    """The form, if it has no parameter outside of `allowed`; else 400, and a violation is written down."""
    unknown = sorted(set(form) - set(allowed))
    if unknown:
        kernel.violation("", f"{request.method} {request.path}", f"unknown parameters {unknown}")
        raise RestError(20001, detail=f"unknown parameters {', '.join(unknown)}")
    return form


def form_of(kernel: Kernel, *allowed: str) -> MultiDict[str, str]:
    """The posted form, checked."""
    return known(kernel, request.form, allowed)


def query_of(kernel: Kernel, *allowed: str) -> MultiDict[str, str]:
    """The query of a list request, checked; paging is always allowed."""
    return known(kernel, request.args, (*allowed, "PageSize", "Page", "PageToken"))


def never(kernel: Kernel, to: str) -> None:
    """Refuse an emergency, short or costly number. Raises 21211, and a violation is written down."""
    if is_never_dialled(to):
        kernel.violation("", f"{request.method} {request.path}", f"{to} is never to be dialled")
        raise RestError(21211, detail=repr(to))


def url_in(form: MultiDict[str, str], name: str) -> str:
    """An absolute URL, or empty. Raises 21205."""
    value = form.get(name, "")
    if value and not URL.fullmatch(value):
        raise RestError(21205, detail=f"{name} {value!r}")
    return value


def seconds_in(form: MultiDict[str, str], name: str, default: int, most: int) -> int:
    """A whole number of seconds from 1 to `most`."""
    value = form.get(name, str(default))
    if not value.isdecimal() or not 1 <= int(value) <= most:
        raise RestError(20001, detail=f"{name} {value!r}")
    return int(value)


def only_post(form: MultiDict[str, str], *names: str) -> None:
    """This simulator asks by POST only."""
    for name in names:
        if form.get(name, "POST") != "POST":
            raise RestError(20001, detail=f"{name} must be POST here")


def in_time(query: MultiDict[str, str], name: str, moment: datetime) -> bool:
    """Does `moment` pass the filters `Name`, `Name<` and `Name>`? Twilio's `<` and `>` include the bound."""
    moment = moment.replace(microsecond=0)  # it knows seconds
    exact = query.get(name)
    if exact and not _same(moment, exact):
        return False
    before, after = query.get(f"{name}<"), query.get(f"{name}>")
    if before and moment > _bound(before, end_of_day=True):
        return False
    return not (after and moment < _bound(after, end_of_day=False))


def _same(moment: datetime, given: str) -> bool:
    if len(given) == 10:
        return moment.astimezone(UTC).date() == date.fromisoformat(given)
    return moment.replace(microsecond=0) == _bound(given, end_of_day=False)


def _bound(given: str, *, end_of_day: bool) -> datetime:
    try:
        if len(given) == 10:
            at = "23:59:59.999999" if end_of_day else "00:00:00"
            return datetime.fromisoformat(f"{given}T{at}+00:00")
        return datetime.fromisoformat(given)
    except ValueError as error:
        raise RestError(20001, detail=f"time {given!r}") from error


def page(key: str, rows: Sequence[dict[str, object]]) -> Response:
    """One page of a list, newest first as it is given, in Twilio's envelope.

    A page after the first is asked for by the token of the page before it, which names the last row shown there: what
    has come in meanwhile shifts nothing. Raises 20001 for a size that is no number from 1 to 1000, and for a page by
    its number alone.
    """
    size, number = _in_range("PageSize", PAGE_SIZE, 1, 1000), _in_range("Page", 0, 0, 10**6)
    start = _start(rows, number)
    shown = rows[start : start + size]
    more = len(rows) > start + size
    after = f"PA{_name(shown[-1])}" if more else ""
    return jsonify(
        {
            key: list(shown),
            "page": number,
            "page_size": size,
            "start": number * size,
            "end": number * size + max(len(shown) - 1, 0),
            "uri": _uri(number, size, request.args.get("PageToken", "")),
            "first_page_uri": _uri(0, size),
            "previous_page_uri": None,
            "next_page_uri": _uri(number + 1, size, after) if more else None,
        }
    )


def _in_range(name: str, default: int, least: int, most: int) -> int:
    given = request.args.get(name, str(default))
    if not (given.isascii() and given.isdigit() and least <= int(given) <= most):
        raise RestError(20001, detail=f"{name} {given!r}")
    return int(given)


def _start(rows: Sequence[dict[str, object]], number: int) -> int:
    token = request.args.get("PageToken", "")
    if number == 0 and not token:
        return 0
    if number == 0 or not token:
        raise RestError(20001, detail="a page after the first has its number and the token of the one before")
    place = next((place for place, row in enumerate(rows) if f"PA{_name(row)}" == token), None)
    if place is None:
        raise RestError(20001, detail=f"PageToken {token!r}")
    return place + 1


def _name(row: dict[str, object]) -> object:
    return row.get("sid") or row["call_sid"]


def _uri(number: int, size: int, token: str = "") -> str:
    filters = [
        (name, value)
        for name, value in request.args.items(multi=True)
        if name not in {"Page", "PageSize", "PageToken"}
    ]
    place = [("PageSize", size), ("Page", number), *([("PageToken", token)] if token else [])]
    return f"{request.path}?{urlencode([*filters, *place])}"
