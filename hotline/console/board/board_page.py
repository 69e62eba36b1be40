"""The board: one page, and its living part, which is fetched again and again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from hotline.console.board import board_filter
from hotline.console.board.board_filter import BoardFilter
from hotline.console.frame import polling, sight, signed_in
from hotline.console.frame.asking import current_application, sign_in_first
from hotline.console.frame.gate import only
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person, Ticket
from hotline.model import AuditAction, AuditKind
from hotline.operations.console.board import Board, board
from hotline.operations.transaction import Transaction
from hotline.store.people import audit

_VIEW_COUNTS_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Drawn:
    """The board at one revision."""

    board: Board
    etag: str
    wanted: BoardFilter
    hidden: int
    """How many cards the filter hides."""


@only(Right.LOOK)
def show(person: Person) -> ResponseReturnValue:
    """The whole page."""
    held = signed_in.ticket()
    if held is None:
        return sign_in_first()
    drawn = _look(person, held)
    words = render_template(
        "board/board.html",
        board=drawn.board,
        wanted=drawn.wanted,
        hidden=drawn.hidden,
        languages=current_application().settings.centre.line.languages,
        person=person,
        etag=drawn.etag,
        clock_dead_since=held.clock_dead_since,
        carrier_lost_since=held.carrier_lost_since,
        strays=held.strays,
    )
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
    words = render_template(
        "board/live.html",
        board=drawn.board,
        wanted=drawn.wanted,
        hidden=drawn.hidden,
        person=person,
        clock_dead_since=held.clock_dead_since,
        carrier_lost_since=held.carrier_lost_since,
        strays=held.strays,
    )
    return polling.answer(words, drawn.etag)


def _look(person: Person, held: Ticket) -> Drawn:
    application = current_application()
    seen = application.look(lambda transaction: board(transaction, person.id))
    if held.viewed_at is None or held.looked_at >= held.viewed_at + _VIEW_COUNTS_FOR:
        application.change(lambda transaction: _note(transaction, held))
    wanted = board_filter.read_filter(request.args)
    shown = board_filter.apply(sight.of_board(seen, person.roles), wanted)
    return Drawn(shown.board, polling.etag(held), wanted, shown.hidden)


def _note(transaction: Transaction, held: Ticket) -> None:
    """That this session looks at the board is in the audit trail once in an hour."""
    entries = audit.about(transaction.tx, AuditKind.SESSION, held.session_id)
    lately = transaction.now - _VIEW_COUNTS_FOR
    if not any(entry.action == AuditAction.VIEWED_BOARD and entry.at > lately for entry in entries):
        transaction.audit(AuditAction.VIEWED_BOARD, AuditKind.SESSION, held.session_id, by=held.person.id)
