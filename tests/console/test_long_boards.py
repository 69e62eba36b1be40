"""When very much is open: the board shows the first of each list, says how much more there is, and stays light."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from hotline.console.board.board_filter import LONGEST
from tests.console.centre import Centre, open_centre

POLL = {"X-Board": "1"}
MORE = 3
EMERGENCY, HOLDS, MENU = 1, 2, LONGEST + MORE
LIGHT = 1_000_000
"""Bytes."""


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """More are on the line than the board shows; the last of them hold, and one is in an emergency."""
    centre = open_centre(tmp_path_factory.mktemp("busy"))
    for nth in range(MENU):
        centre.calls_in(f"+1617555{1000 + nth}")
    centre.clock.pass_by(timedelta(seconds=1))
    for nth in range(HOLDS):
        centre.calls_in(f"+1617555{3000 + nth}", "2")
    centre.calls_in("+16175554000", "1")
    for nth in range(LONGEST + MORE):
        centre.asks_for_callback(f"+1617556{1000 + nth}")
    yield centre
    centre.application.database.dispose()


def test_the_first_of_a_long_list_stand_there_and_how_many_more(busy: Centre) -> None:
    """Those who hold before those who choose; all are counted, and the rest is one click away."""
    words = busy.signed_in("Ana Lima").get("/board/live", headers=POLL).text
    assert words.count('class="card caller') == LONGEST
    assert words.count('class="card caller holding') == HOLDS
    assert words.count('class="card callback') == LONGEST
    assert f"<b>{MENU + HOLDS + EMERGENCY}</b> on the line" in words
    assert f"<b>{LONGEST + MORE}</b> callbacks" in words
    assert f"And {MORE + HOLDS} more: show all" in words
    assert f"And {MORE} more: show all" in words
    assert "more emergenc" not in words
    assert len(words.encode()) < LIGHT


def test_the_rest_is_shown_to_whoever_asks(busy: Centre) -> None:
    """With the address of the page, so that its living part shows it, too."""
    page = busy.signed_in("Ana Lima").get("/board?every=yes").text
    assert page.count('class="card caller') == MENU + HOLDS
    assert page.count('class="card callback') == LONGEST + MORE
    assert 'data-live="/board/live?every=yes"' in page
    assert "more: show" not in page


def test_what_is_ones_own_is_never_cut_off(busy: Centre) -> None:
    """However far down it stands."""
    busy.clock.pass_by(timedelta(seconds=1))
    last = busy.asks_for_callback("+16175569999")
    busy.claims("Ben Ortiz", last)
    words = busy.signed_in("Ben Ortiz").get("/board/live", headers=POLL).text
    assert f'id="callback-{last}"' in words
    assert f'id="callback-{last}"' not in busy.signed_in("Ana Lima").get("/board/live", headers=POLL).text


def test_a_locked_page_is_bounded_too(busy: Centre) -> None:
    """And counts all."""
    client = busy.signed_in("Ana Lima")
    busy.clock.pass_by(busy.application.settings.centre.console.idle)
    words = client.get("/board/live", headers=POLL).text
    assert f"<b>{MENU + HOLDS + EMERGENCY}</b> on the line" in words
    assert words.count("<li>") <= 2 * LONGEST


def test_a_filtered_board_reads_its_own_rows_only(busy: Centre) -> None:
    """A long list is cut there, too, and the rest of it is one click away under the same filter; what is for another
    line is counted beside it, and drawn by nobody."""
    words = busy.signed_in("Ana Lima").get("/board/live?line=person", headers=POLL).text
    assert words.count('class="card callback') < LONGEST
    assert words.count('class="card caller') == LONGEST
    assert "not shown" in words
    assert "line=person" in words
    all_of_them = busy.signed_in("Ana Lima").get("/board/live?line=person&every=yes", headers=POLL).text
    assert "more: show" not in all_of_them
    hidden = re.compile(r"<strong>(\d+) not shown")
    assert hidden.findall(words) == hidden.findall(all_of_them)
