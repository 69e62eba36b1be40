"""A board is drawn once for all to whom it looks the same, and for nobody else; and every look asks who it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

import pytest
from flask.testing import FlaskClient

from hotline.console.board.shared_boards import KEPT, NOBODY, OFTEN, DrawnBoard, SharedBoards
from hotline.console.frame import headers
from hotline.model import Outcome, Role
from hotline.operations.console import coordinator
from hotline.operations.console.board import Board, board
from hotline.store.cases import callbacks
from hotline.store.people import sessions
from tests.console.centre import Centre, press
from tests.console.test_live_talks import talked

POLL = {"X-Board": "1"}


def _watches(client: FlaskClient, tag: str = "") -> tuple[int, str, str]:
    answer = client.get("/board/live", headers={**POLL, "If-None-Match": tag} if tag else POLL)
    return answer.status_code, answer.headers.get("ETag", ""), answer.text


# --- for whom it is the same -------------------------------------------------------------------------------------


def test_whoever_has_nothing_on_it_sees_what_nobody_in_particular_sees(centre: Centre) -> None:
    """Of everything that can be somebody's: taken, offered, talked, closed, corrected, reopened, helped with."""
    for nth, name in enumerate(("Dan Moss", "Fay Reed", "Gus Hale", "Hal Noon", "Ida West")):
        centre.add_person(name, frozenset({Role.SUPERVISOR if nth % 2 else Role.COORDINATOR}))
    talked(centre, "+16175557003", "Ana Lima")
    for number in ("5001", "5002", "5003"):
        centre.asks_for_callback(f"+1617555{number}")
    by_number = {row.number.e164[-4:]: row.callback.id for row in _owed(centre) if row.number is not None}
    centre.claims("Ben Ortiz", by_number["5001"])
    centre.claims("Dan Moss", by_number["5002"])
    centre.application.change(
        partial(
            coordinator.set_outcome,
            callback_id=by_number["5002"],
            outcome=Outcome.NO_ANSWER,
            by=centre.people["Dan Moss"],
        )
    )
    centre.calls_in("+16175551001", "1")
    press(centre.signed_in("Eve Stone"), f"/board/escalations/{centre.escalation()}/accept")
    press(centre.signed_in("Eve Stone"), f"/board/escalations/{centre.escalation()}/close")
    centre.clock.pass_by(timedelta(seconds=1))
    centre.calls_in("+16175551002", "1")
    press(centre.signed_in("Chloe Baptiste"), f"/board/escalations/{centre.escalation()}/accept")
    centre.clock.pass_by(timedelta(seconds=1))
    centre.texts("can a person read this")
    press(centre.signed_in("Fay Reed"), f"/board/escalations/{centre.escalation()}/accept")
    nobodys = _seen(centre, NOBODY)
    assert {"Ana Lima", "Ben Ortiz", "Dan Moss", "Eve Stone", "Chloe Baptiste", "Fay Reed"} <= {
        name for name, who in centre.people.items() if who in nobodys.concerned
    }
    others = [who for who in centre.people.values() if who not in nobodys.concerned]
    assert len(others) >= 3
    for who in others:
        assert replace(_seen(centre, who), colleagues=()) == replace(nobodys, colleagues=())


def _owed(centre: Centre) -> list[callbacks.CallbackRow]:
    return centre.application.look(lambda transaction: callbacks.all_open(transaction.tx))


def _seen(centre: Centre, who: str) -> Board:
    return centre.application.look(partial(board, viewer=who))  # type: ignore[arg-type]


def test_each_browser_gets_its_own_token(centre: Centre) -> None:
    """In every form; and what is drawn for all has no token in it."""
    centre.asks_for_callback()
    ana, ben = centre.signed_in("Ana Lima"), centre.signed_in("Ben Ortiz")
    first, second = _watches(ana)[2], _watches(ben)[2]
    hers, his = (_tokens(words) for words in (first, second))
    assert len(hers) == len(his) == 1
    assert hers != his
    claim = first.split('action="', 1)[1].split('"')[0]
    assert ana.post(claim, data={"csrf_token": hers.pop()}, headers=POLL).json["good"]  # type: ignore[index]


def _tokens(words: str) -> set[str]:
    return {part.split('"')[0] for part in words.split('name="csrf_token" value="')[1:]}


def test_what_is_somebodys_own_is_drawn_for_them(centre: Centre) -> None:
    """At once: whoever has just taken it sees that, and so does everybody else."""
    callback = centre.asks_for_callback()
    ana, ben = centre.signed_in("Ana Lima"), centre.signed_in("Ben Ortiz")
    _watches(ana), _watches(ben)
    press(ana, f"/board/callbacks/{callback}/claim")
    assert "With you" in _watches(ana)[2]
    assert "With Ana Lima" in _watches(ben)[2]


def test_sides_are_not_shared(centre: Centre) -> None:
    """A number that was drawn for a coordinator isn't in what an admin gets a moment later."""
    centre.asks_for_callback("+16175550144")
    assert "0144" in _watches(centre.signed_in("Ana Lima"))[2]
    assert "0144" not in _watches(centre.signed_in("Adam Cole"))[2]
    assert "0144" not in _watches(_idle(centre, "Ana Lima"))[2]


def _idle(centre: Centre, name: str) -> FlaskClient:
    client = centre.signed_in(name)
    centre.clock.pass_by(centre.application.settings.centre.console.idle)
    return client


# --- every look asks who it is -----------------------------------------------------------------------------------


def _signed_out(centre: Centre) -> None:
    who = centre.people["Ana Lima"]
    centre.application.change(lambda transaction: sessions.end_all(transaction.tx, who))


@pytest.mark.parametrize(
    ("what", "status"),
    [
        (_signed_out, 401),
        (lambda centre: centre.change_person("Ana Lima", active=False), 401),
        (lambda centre: centre.change_person("Ana Lima", roles=frozenset({Role.ADMIN})), 401),
        (lambda centre: centre.clock.pass_by(centre.application.settings.centre.console.idle), 200),
        (lambda centre: centre.clock.pass_by(timedelta(hours=14)), 401),
    ],
    ids=["signed out everywhere", "left", "other roles", "idle", "the longest shift"],
)
def test_a_board_on_which_nothing_has_changed_still_asks_who_looks(
    centre: Centre, what: Callable[[Centre], None], status: int
) -> None:
    """At the next look: no 304 for whoever may not see it any more, or not like this."""
    centre.asks_for_callback("+16175550144")
    ana = centre.signed_in("Ana Lima")
    _, tag, words = _watches(ana)
    assert "0144" in words
    assert _watches(ana, tag)[0] == 304
    what(centre)
    now, _, words = _watches(ana, tag)
    assert now == status
    assert "0144" not in words


def test_that_somebody_looks_is_noted_whoever_had_it_drawn(centre: Centre) -> None:
    """Once for each session."""
    for name in ("Ana Lima", "Ben Ortiz", "Ana Lima"):
        _watches(centre.signed_in(name))
    assert centre.audited().count("viewed board") == 3


def test_a_look_at_nothing_new_is_guarded_as_every_answer_is(centre: Centre) -> None:
    """The same headers, though the app itself was never asked; and the long way says the same."""
    ana = centre.signed_in("Ana Lima")
    whole = ana.get("/board/live", headers=POLL)
    asked = {**POLL, "If-None-Match": whole.headers["ETag"]}
    short, touched = (ana.get("/board/live", headers={**asked, **more}) for more in ({}, {"X-Touched": "1"}))
    assert short.status_code == touched.status_code == 304
    kept = ("ETag", "X-Now", "X-Idle-Left", "X-Person", "Vary", "Cache-Control", *headers.FIXED)
    for name in kept:
        assert short.headers[name] == touched.headers[name], name
    assert short.headers["Cache-Control"] == "no-store"


# --- how long it is good -----------------------------------------------------------------------------------------


@dataclass
class _Drawings:
    """Boards drawn one after the other, at a time that is turned by hand."""

    now: float = 100.0
    revision: int = 0

    def __post_init__(self) -> None:
        self.shared = SharedBoards(lambda: self.now)

    def look(self, revision: int, since: int | None) -> int:
        """At which revision the board is that somebody gets."""
        return self.shared.board("one", revision, lambda: self._draw(revision), since=since).revision

    def _draw(self, revision: int) -> DrawnBoard:
        self.revision = revision
        return DrawnBoard("", revision, 0, frozenset())


def test_it_is_drawn_once_for_each_version() -> None:
    """And anew for the next one, however soon, as long as that happens now and then."""
    drawings = _Drawings()
    assert [drawings.look(one, one) for one in (1, 1, 2, 2, 3)] == [1, 1, 2, 2, 3]


def test_while_everything_changes_a_board_is_good_for_half_a_second() -> None:
    """For whoever watches: not for whoever wants it as it is, and never older than what they have."""
    drawings = _Drawings()
    for one in range(OFTEN):
        drawings.look(one, one)
    last = OFTEN - 1
    assert drawings.look(10, last) == last
    assert drawings.look(10, last + 1) == 10
    assert drawings.look(11, last) == 10
    assert drawings.look(11, None) == 11
    drawings.now += 0.6
    assert drawings.look(12, last) == 12


def test_nothing_of_people_stays_in_memory() -> None:
    """A few seconds after the last look."""
    drawings = _Drawings()
    drawings.look(1, None)
    drawings.now += KEPT + 1
    drawings.shared.sweep()
    drawings.revision = 0
    assert drawings.look(1, 1) == 1
    assert drawings.revision == 1
