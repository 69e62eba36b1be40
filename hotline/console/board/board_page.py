"""The board: one page, and its living part, which is fetched again and again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from hotline.console.board import board_filter, shared_boards
from hotline.console.board.board_filter import BoardFilter
from hotline.console.board.shared_boards import DrawnBoard
from hotline.console.frame import polling, sight, signed_in
from hotline.console.frame.asking import current_application, sign_in_first
from hotline.console.frame.gate import only
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person, Ticket
from hotline.model import AuditAction, AuditKind, StaffId
from hotline.operations.console.board import Board, board
from hotline.operations.transaction import Transaction
from hotline.store.people import audit

_VIEW_COUNTS_FOR = timedelta(hours=1)


@only(Right.LOOK)
def show(person: Person) -> ResponseReturnValue:
    """The whole page."""
    held = signed_in.ticket()
    if held is None:
        return sign_in_first()
    _noted(held)
    wanted = board_filter.read_filter(request.args)
    seen = current_application().look(
        lambda transaction: board(transaction, person.id, wanted.reads, wanted.chosen)
    )
    words = render_template(
        "board/board.html",
        languages=current_application().settings.centre.line.languages,
        etag=polling.etag(held),
        **_shown(held, person, wanted, seen),
    )
    return polling.timed(make_response(words))


@only(Right.LOOK)
def live(person: Person) -> ResponseReturnValue:
    """The living part; 401 when the session is over."""
    return polling.unchanged() or _fresh(person)


def _fresh(person: Person) -> ResponseReturnValue:
    """The living part, drawn since something has changed."""
    held = signed_in.ticket()
    if held is None:
        return sign_in_first()
    _noted(held)
    wanted = board_filter.read_filter(request.args)

    def draw(who: StaffId) -> DrawnBoard:
        return _drawn(held, replace(person, id=who), wanted)

    return shared_boards.answer(held, (person.roles, wanted), draw)


def _drawn(held: Ticket, viewer: Person, wanted: BoardFilter) -> DrawnBoard:
    seen = current_application().look(
        lambda transaction: board(transaction, viewer.id, wanted.reads, wanted.chosen)
    )
    words = render_template(
        "board/live.html", csrf_token=shared_boards.mark, **_shown(held, viewer, wanted, seen)
    )
    return DrawnBoard(words, held.revision, polling.minute_of(held.looked_at), seen.concerned)


def _shown(held: Ticket, viewer: Person, wanted: BoardFilter, seen: Board) -> dict[str, object]:
    """What the templates draw, without what isn't for the viewer's roles."""
    return {
        "board": sight.of_board(seen, viewer.roles),
        "wanted": wanted,
        "hidden": seen.hidden,
        "person": viewer,
        "clock_dead_since": held.clock_dead_since,
        "carrier_lost_since": held.carrier_lost_since,
        "strays": held.strays,
    }


def _noted(held: Ticket) -> None:
    """That this session looks at the board is in the audit trail once in an hour."""
    if held.viewed_at is None or held.looked_at >= held.viewed_at + _VIEW_COUNTS_FOR:
        current_application().change(lambda transaction: _note(transaction, held))


def _note(transaction: Transaction, held: Ticket) -> None:
    entries = audit.about(transaction.tx, AuditKind.SESSION, held.session_id)
    lately = transaction.now - _VIEW_COUNTS_FOR
    if not any(entry.action == AuditAction.VIEWED_BOARD and entry.at > lately for entry in entries):
        transaction.audit(AuditAction.VIEWED_BOARD, AuditKind.SESSION, held.session_id, by=held.person.id)
