"""The board as it stands on a locked page: how much waits, for what, since when, and nothing of people."""

from __future__ import annotations

from dataclasses import replace

from flask import render_template
from flask.typing import ResponseReturnValue

from hotline.console.board import shared_boards
from hotline.console.board.board_filter import LONGEST
from hotline.console.board.shared_boards import DrawnBoard
from hotline.console.frame import polling, sight
from hotline.console.frame.asking import by_script, current_application
from hotline.console.frame.signed_in import Person, Ticket
from hotline.model import StaffId
from hotline.operations.console.board import board


def show(held: Ticket) -> ResponseReturnValue:
    """The page, or its living part for its script."""
    if not by_script():
        return polling.answer(_drawn(held, held.person, "lock/locked.html").words, polling.etag(held))

    def draw(who: StaffId) -> DrawnBoard:
        return _drawn(held, replace(held.person, id=who), "lock/locked_live.html")

    return polling.unchanged() or shared_boards.answer(held, "locked", draw)


def _drawn(held: Ticket, viewer: Person, template: str) -> DrawnBoard:
    seen = current_application().look(lambda transaction: board(transaction, viewer.id, LONGEST))
    covered = sight.covered(seen)
    tag = polling.etag(held)
    words = render_template(template, board=covered, person=viewer, etag=tag, now=covered.now, locked=True)
    return DrawnBoard(words, held.revision, polling.minute_of(held.looked_at), seen.concerned)
