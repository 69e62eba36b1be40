"""The board: one page, and its living part, which is fetched again and again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import make_response, render_template
from flask.typing import ResponseReturnValue

from hotline.console.frame import polling, sight, signed_in
from hotline.console.frame.asking import current_application, sign_in_first
from hotline.console.frame.gate import only
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person, Ticket
from hotline.operations.console.board import Board, board
from hotline.operations.transaction import Transaction
from hotline.store.people import audit

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
    held = signed_in.ticket()
    if held is None:
        return sign_in_first()
    drawn = _look(person, held)
    words = render_template("board/board.html", board=drawn.board, person=person, etag=drawn.etag)
    return polling.timed(make_response(words))


@only(Right.LOOK)
def live(person: Person) -> ResponseReturnValue:
    """The living part; 401 when the session is over."""
    return polling.unchanged() or _fresh(person)


def _fresh(person: Person) -> ResponseReturnValue:
    """The living part, drawn anew."""
    held = signed_in.ticket()
    if held is None:
        return sign_in_first()
    drawn = _look(person, held)
    response = make_response(render_template("board/live.html", board=drawn.board, person=person))
    response.set_etag(drawn.etag)
    return polling.timed(response)


def _look(person: Person, held: Ticket) -> Drawn:
    application = current_application()

    def draw(transaction: Transaction) -> Drawn:
        seen = sight.of_board(board(transaction, person.id), person.roles)
        return Drawn(seen, polling.etag(transaction, held), noted=_noted(transaction, held))

    drawn = application.look(draw)
    if not drawn.noted:
        application.change(lambda transaction: _note(transaction, held))
    return drawn


def _noted(transaction: Transaction, held: Ticket) -> bool:
    entries = audit.about(transaction.tx, "session", held.session_id)
    return any(entry.action == VIEWED and transaction.now < entry.at + _VIEW_COUNTS_FOR for entry in entries)


def _note(transaction: Transaction, held: Ticket) -> None:
    if not _noted(transaction, held):
        audit.add(
            transaction.tx,
            audit.AuditEntry(transaction.now, held.person.id, VIEWED, "session", held.session_id),
        )
