"""Boards that were drawn a moment ago, for everybody to whom they look the same.

Two who have the same roles, read the same language and have chosen the same filter see the same board, until something
on it is theirs. It is drawn once for all of these, with a mark where each browser's own token goes. It holds what
callers wrote: so it is kept in this process's memory only, a handful at a time, and forgotten within twice `KEPT`.
"""

from __future__ import annotations

import secrets
import threading
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from time import monotonic
from typing import Final, cast

from flask import Flask, Response, current_app
from flask_wtf.csrf import generate_csrf

from hotline.console.frame import polling
from hotline.console.frame.signed_in import Ticket
from hotline.console.language import speech
from hotline.model import StaffId

KEPT: Final = 5.0
"""Seconds after which a drawn board is forgotten when it is looked for what is old, which is as often."""
KINDS: Final = 16
"""How many different boards are kept at most."""
OFTEN: Final = 2
"""Drawn more often than this within a second..."""
GOOD_FOR: Final = 0.5
"""...a board is good enough for whoever only watches, if it is no older than so many seconds."""
NOBODY: Final = StaffId("")
"""As whom a board is drawn for everybody who has nothing on it."""
_HERE: Final = "hotline.console.boards"
_TOKEN: Final = secrets.token_hex(16)
"""Stands where the token of each browser goes: drawn by lot, so that nobody can write it."""


@dataclass(frozen=True, slots=True)
class DrawnBoard:
    """A board as it is drawn for whoever has nothing on it."""

    words: str = field(repr=False)
    revision: int
    """What it shows, at least."""
    minute: int
    concerned: frozenset[StaffId]
    """Whose own something on it is: for these it must be drawn by itself."""


@dataclass(slots=True)
class _Kind:
    """One kind of board, and when it was drawn lately (monotonic seconds)."""

    guard: threading.Lock = field(default_factory=threading.Lock)
    last: DrawnBoard | None = field(default=None, repr=False)
    version: Hashable = None
    drawn_at: deque[float] = field(default_factory=lambda: deque(maxlen=OFTEN))


class SharedBoards:
    """What one process has drawn."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        """`now`: seconds, for how old a board is."""
        self._now = now
        self._guard = threading.Lock()
        self._kinds: dict[Hashable, _Kind] = {}
        self.concerned: frozenset[StaffId] = frozenset()
        """Whose own something was on the board that was drawn last."""
        self._sweeping: threading.Timer | None = None

    def board(
        self, kind: Hashable, version: Hashable, draw: Callable[[], DrawnBoard], *, since: int | None
    ) -> DrawnBoard:
        """The board of this kind at this version, drawn by `draw` unless somebody had it drawn already.

        While boards of this kind change all the time, one may be half a second old for whoever has one of revision
        `since` before them, but never older than that one; None: they want it as it is. Whoever asks while it is drawn
        waits for that.
        """
        known = self._kind(kind)
        with known.guard:
            last = known.last
            if last is not None and (known.version == version or self._is_good(known, last, since)):
                return last
            began = self._now()
            last = draw()
            known.last, known.version = last, version
            known.drawn_at.append(began)
        self.concerned = last.concerned
        self._sweep_later()
        return last

    def sweep(self) -> None:
        """Forget what is too old."""
        oldest = self._now() - KEPT
        with self._guard:
            self._sweeping = None
            kept = {
                name: one for name, one in self._kinds.items() if one.drawn_at and one.drawn_at[-1] > oldest
            }
            self._kinds = kept
        if kept:
            self._sweep_later()

    def _is_good(self, known: _Kind, last: DrawnBoard, since: int | None) -> bool:
        now = self._now()
        often = len(known.drawn_at) == OFTEN and known.drawn_at[0] > now - 1
        fresh = known.drawn_at[-1] >= now - GOOD_FOR
        return since is not None and last.revision >= since and often and fresh

    def _kind(self, kind: Hashable) -> _Kind:
        with self._guard:
            known = self._kinds.get(kind)
            if known is None:
                if len(self._kinds) >= KINDS:
                    self._kinds.pop(next(iter(self._kinds)))
                known = self._kinds[kind] = _Kind()
            return known

    def _sweep_later(self) -> None:
        with self._guard:
            if self._sweeping is None:
                self._sweeping = threading.Timer(KEPT, self.sweep)
                self._sweeping.daemon = True
                self._sweeping.start()


def install(app: Flask) -> None:
    """The app keeps its own."""
    app.extensions[_HERE] = SharedBoards()


def answer(held: Ticket, kind: Hashable, draw: Callable[[StaffId], DrawnBoard]) -> Response:
    """The board of this kind, in the page's language, for whoever looks; `draw`: as somebody sees it."""
    boards, who = cast(SharedBoards, current_app.extensions[_HERE]), held.person.id
    kind = (speech.language(), kind)
    if who in boards.concerned:
        drawn = draw(who)
        boards.concerned = drawn.concerned
        if who in drawn.concerned:
            return _answer(held, drawn)
    since = polling.revision_before_them()
    drawn = boards.board(kind, _version(held), lambda: draw(NOBODY), since=since)
    return _answer(held, draw(who) if who in drawn.concerned else drawn)


def _version(held: Ticket) -> Hashable:
    """By what a board changes, beside who looks at it."""
    minute = polling.minute_of(held.looked_at)
    return held.revision, minute, held.carrier_lost_since, held.clock_dead_since, held.strays


def mark() -> str:
    """Drawn where a browser's own token is to stand."""
    return _TOKEN


def _answer(held: Ticket, drawn: DrawnBoard) -> Response:
    """What was drawn, with this browser's own token in it."""
    words = drawn.words.replace(_TOKEN, generate_csrf())
    return polling.answer(words, polling.etag_of(held, drawn.revision, drawn.minute))
