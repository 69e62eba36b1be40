"""Pages that keep themselves up to date: what their script is told, and when there is nothing new to tell."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from hotline.console.frame import signed_in
from hotline.console.frame.asking import by_hand, current_application, sign_in_first
from hotline.console.frame.signed_in import Person, Ticket
from hotline.console.language import speech
from hotline.model import Language


def etag(held: Ticket) -> str:
    """Ages, lateness and who is on shift change by the minute; all else moves the revision.

    It is of the moment at which the session was looked up, before anything was read for the page: whatever changes
    meanwhile moves the revision past it, and is drawn the next time.
    """
    return etag_of(held, held.revision, minute_of(held.looked_at))


def minute_of(at: datetime) -> int:
    """Which minute this is (UTC)."""
    return int(at.timestamp() // 60)


def etag_of(held: Ticket, revision: int, minute: int, language: Language | None = None) -> str:
    """The same of what was drawn at another revision, with which it begins; `language`: in another one than the
    page's."""
    read = language or speech.language()
    told = f"{held.session_id} {held.locked} {revision} {minute} {held.carrier_lost_since} {read}"
    return f"{revision}-{hashlib.sha256(told.encode()).hexdigest()[:20]}"


def revision_before_them() -> int | None:
    """The revision of the page that whoever asks has; None: they have none, or want one that is drawn now."""
    for tag in request.if_none_match.as_set():
        revision, _, rest = tag.partition("-")
        if rest and revision.isdecimal():
            return int(revision)
    return None


def standing(held: Ticket) -> str:
    """Of a page that stays as it was asked for until it is asked for again: only the lock changes it."""
    return hashlib.sha256(
        f"{held.session_id} {held.locked} {speech.language()} standing".encode()
    ).hexdigest()[:20]


def unchanged(tagged: Callable[[Ticket], str] = etag) -> Response | None:
    """304, for the one query that says who asks, while nothing has changed since the script asked last; else None.
    `tagged`: what the page is known by.

    A change to anybody of the staff moves the revision, so whoever lost their account gets no 304.
    """
    held = signed_in.locked_or_not()
    if held is None or not request.if_none_match:
        return None
    tag = tagged(held)
    if not request.if_none_match.contains_weak(tag):
        return None
    if by_hand():
        signed_in.touch(current_application().clock())
    return timed(Response(status=304, headers={"ETag": f'"{tag}"'}))


def drawn(
    template: str, person: Person, *, now: datetime, status: int = 200, **shown: Any
) -> ResponseReturnValue:
    """A page that keeps itself up to date, or its living part, with what is shown on it as it was at `now` (UTC)."""
    held = signed_in.ticket()
    if held is None:
        return sign_in_first()
    tag = etag(held)
    response = answer(render_template(template, person=person, etag=tag, now=now, **shown), tag)
    response.status_code = status
    return response


def answer(drawn: str, tag: str) -> Response:
    """A page, or its living part, as it was at this tag."""
    response = make_response(drawn)
    response.set_etag(tag)
    return timed(response)


def timed(response: Response) -> Response:
    """Tells the script our time, how many emergencies wait, how long the page stays open if nobody touches anything,
    and whether it is locked."""
    held, now = signed_in.locked_or_not(), current_application().clock()
    response.headers.update(times(held, now))
    return response


def times(held: Ticket | None, now: datetime) -> dict[str, str]:
    """The same, as headers, at this time (UTC)."""
    told = {"X-Now": str(int(now.timestamp() * 1000))}
    if held is None:
        return told
    if held.emergencies:
        told["X-Emergencies"] = str(held.emergencies)
    told |= {"X-Idle-Left": str(int(held.idle_left.total_seconds())), "X-Person": held.person.id}
    return {**told, "X-Locked": "1"} if held.locked else told
