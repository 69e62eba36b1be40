"""The board: one page, and its living part, which is fetched again and again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from hotline.console import sessions
from hotline.console.asking import by_hand, current_house, sign_in_first
from hotline.console.gate import only
from hotline.console.rights import Right
from hotline.console.sessions import Person, Ticket
from hotline.operations.board import Board, board
from hotline.operations.house import Desk
from hotline.store import audit, revision

VIEWED = "viewed board"
_VIEW_COUNTS_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Drawn:
    """The board at one revision."""

    board: Board
    etag: str
    noted: bool
    """Whether this session's look at the board is in the audit trail already."""


@only(Right.LOOK)
def show(person: Person) -> ResponseReturnValue:
    """The whole page."""
    held = sessions.ticket()
    if held is None:
        return sign_in_first()
    drawn = _look(person, held)
    words = render_template("console/board.html", board=drawn.board, person=person, etag=drawn.etag)
    return _timed(make_response(words))


def live() -> ResponseReturnValue:
    """The living part. 304, for one tiny query, while nothing changes; 401 when the session is over.

    A change to anybody of the staff moves the revision, so whoever lost their account gets no 304.
    """
    held = sessions.ticket()
    if held is not None and request.if_none_match:
        etag = current_house().look(lambda desk: _etag(desk, held))
        if request.if_none_match.contains_weak(etag):
            if by_hand():
                sessions.touch(current_house().clock())
            return _timed(Response(status=304, headers={"ETag": f'"{etag}"'}))
    return fresh()


@only(Right.LOOK)
def fresh(person: Person) -> ResponseReturnValue:
    """The living part, drawn anew."""
    held = sessions.ticket()
    if held is None:
        return sign_in_first()
    drawn = _look(person, held)
    response = make_response(render_template("console/live.html", board=drawn.board, person=person))
    response.set_etag(drawn.etag)
    return _timed(response)


def _look(person: Person, held: Ticket) -> Drawn:
    house = current_house()
    drawn = house.look(
        lambda desk: Drawn(board(desk, person.id), _etag(desk, held), noted=_noted(desk, held))
    )
    if not drawn.noted:
        house.change(lambda desk: _note(desk, held))
    return drawn


def _etag(desk: Desk, held: Ticket) -> str:
    """Ages, lateness and who is on shift change by the minute; all else moves the revision."""
    minute = int(desk.now.timestamp() // 60)
    told = f"{held.session_id} {held.epoch} {revision.current(desk.tx)} {minute}"
    return hashlib.sha256(told.encode()).hexdigest()[:20]


def _noted(desk: Desk, held: Ticket) -> bool:
    entries = audit.about(desk.tx, "session", held.session_id)
    return any(entry.action == VIEWED and desk.now < entry.at + _VIEW_COUNTS_FOR for entry in entries)


def _note(desk: Desk, held: Ticket) -> None:
    if not _noted(desk, held):
        audit.add(desk.tx, audit.Entry(desk.now, held.staff_id, VIEWED, "session", held.session_id))


def _timed(response: Response) -> Response:
    """Tells the script our time, and how long the session lasts if nobody touches anything."""
    held = sessions.ticket()
    response.headers["X-Now"] = str(int(current_house().clock().timestamp() * 1000))
    if held is not None:
        response.headers["X-Idle-Left"] = str(int(held.idle_left.total_seconds()))
    return response
