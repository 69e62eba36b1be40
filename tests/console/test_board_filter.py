"""The board for one line or one language: what it hides is counted, and no emergency is ever among it."""

from __future__ import annotations

from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from hotline.console.board.board_filter import BoardFilter, read_filter
from hotline.model import Language, Line
from hotline.operations.console.board import board
from hotline.store.overviews.on_the_board import Chosen
from tests.console.centre import Centre

ANA, CHLOE = "Ana Lima", "Chloe Baptiste"


def test_one_line_is_shown_and_the_rest_is_counted(centre: Centre) -> None:
    """Kept in the address, so that it holds for this window and is given on with it."""
    family = centre.asks_for_callback("+16175550142", line="3")
    admissions = centre.asks_for_callback("+16175550187")
    ana = centre.signed_in(ANA)
    both = ana.get("/board").text
    assert all(f'id="callback-{one}"' in both for one in (family, admissions))
    assert "not shown" not in both
    page = ana.get("/board?line=family").text
    assert f'id="callback-{family}"' in page
    assert f'id="callback-{admissions}"' not in page
    assert "1 not shown" in page
    assert 'data-live="/board/live?line=family"' in page
    live = ana.get("/board/live?line=family", headers={"X-Board": "1"}).text
    assert f'id="callback-{admissions}"' not in live
    empty = ana.get("/board?line=person").text
    assert "No callback for what is chosen above" in empty
    assert "No callback is owed to anybody" not in empty


def test_no_emergency_is_hidden_and_it_says_so(centre: Centre) -> None:
    """Whatever is chosen, in whatever language."""
    centre.calls_in(keys="1")
    escalation = centre.escalation()
    for address in ("/board?line=family", "/board?language=ht", "/board?line=person&language=pt"):
        page = centre.signed_in(CHLOE).get(address).text
        assert f'id="escalation-{escalation}"' in page
        assert "Every emergency stands here" in page


def test_what_is_ones_own_is_never_hidden(centre: Centre) -> None:
    """Nor what nobody has chosen a line for yet."""
    family = centre.asks_for_callback("+16175550142", line="3")
    centre.claims(ANA, family)
    choosing = centre.calls_in("+16175550190")
    centre.texts("can my cousin come by on a thursday with the blue one")
    page = centre.signed_in(ANA).get("/board?line=admissions").text
    assert f'id="callback-{family}"' in page
    assert f'id="caller-{choosing}"' in page
    assert "not shown" not in page
    assert "Texts" in page


def test_an_address_that_means_nothing_hides_nothing(centre: Centre) -> None:
    """Emergency is no line that one could choose alone."""
    assert not read_filter({"line": "emergency", "language": "xx"}).is_on
    assert centre.signed_in(ANA).get("/board?line=nothing").status_code == 200


@given(
    st.sampled_from([None, *(set(Line) - {Line.EMERGENCY})]),
    st.sampled_from([None, *Language]),
)
def test_an_address_says_what_is_chosen(line: Line | None, language: Language | None) -> None:
    """There and back."""
    wanted = BoardFilter(line, language)
    assert read_filter(wanted.query) == wanted


def test_what_is_hidden_and_what_is_shown_are_all(centre: Centre) -> None:
    """For every filter that there is."""
    for number, key in enumerate("0223"):
        centre.asks_for_callback(f"+161755501{number + 50}", line=key)
    centre.calls_in("+16175550133", "1")
    seen = centre.application.look(lambda transaction: board(transaction, centre.people[CHLOE]))
    for line in (None, Line.PERSON, Line.ADMISSIONS, Line.FAMILY):
        for language in (None, *Language):
            shown = centre.application.look(
                partial(board, viewer=centre.people[CHLOE], chosen=Chosen(line, language))
            )
            assert len(shown.callbacks) + shown.hidden == len(seen.callbacks)
            assert shown.emergencies == seen.emergencies
