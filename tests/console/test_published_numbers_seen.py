"""What a number is known for is seen wherever somebody who used it is: never by callers, never in a text."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.console.centre import Centre, open_centre
from tests.console.test_search import export, search, shown

ANA, CHLOE, EVE = "Ana Lima", "Chloe Baptiste", "Eve Stone"
KNOWN = """
[line]
name = "Hotline"
numbers = ["+16175550100", "+16175550101"]
failsafe_number = "+16175550199"
published = [
  { number = "+16175550100", name = "Women's unit" },
  { number = "+16175550101", name = "Families' card", line = "family" },
]
"""
UNIT = "Women&#39;s unit"


@pytest.fixture
def known(tmp_path: Path) -> Centre:
    file = tmp_path / "known.toml"
    file.write_text(KNOWN, encoding="utf-8")
    return open_centre(tmp_path, HOTLINE_CONFIG=str(file))


def test_it_stands_on_every_kind_of_card_and_on_the_page_of_the_case(known: Centre) -> None:
    """A caller who holds, a callback, a text for a person, an emergency."""
    known.calls_in("+16175550142", "2")
    known.asks_for_callback("+16175550143")
    known.texts("could somebody explain the rules about visitors to me please?", "+16175550177")
    known.calls_in("+16175550145", "1")
    client = known.signed_in(CHLOE)
    board = client.get("/board").text
    for card in ("caller", "callback", "text", "emergency"):
        shown_card = board.partition(f'<li class="card {card}')[2].partition("</li>")[0]
        assert UNIT in shown_card, card
    page = client.get("/threads/" + board.partition('data-contact="')[2].partition('"')[0]).text
    assert f"Reached us at: </span>{UNIT}" in page


def test_cases_are_searched_by_it_and_it_leaves_in_the_sheet(known: Centre) -> None:
    """Only the numbers that are known for something are offered."""
    callback = known.asks_for_callback("+16175550142")
    client = known.signed_in(EVE)
    (line,) = shown(search(client, reached="Women's unit"))
    assert callback[:4].upper() in line
    assert "Women&#39;s unit" in line
    assert shown(search(client, reached="Families' card")) == []
    sheet = export(client, reached="Women's unit", reason="for the unit").text.splitlines()
    assert sheet[1].endswith("who had it,reached us at")
    assert sheet[2].endswith("Women's unit")


def test_a_line_whose_numbers_are_for_everything_is_asked_for_none(centre: Centre) -> None:
    """No field, no chip, no table."""
    centre.asks_for_callback()
    client = centre.signed_in(EVE)
    assert 'name="reached"' not in client.get("/search").text
    assert "Reached us at" not in client.get("/board").text
    assert "By the number that they used" not in client.get("/reports/volume").text


def test_reports_count_them(known: Centre) -> None:
    """Each number, also one that nobody used; and whatever came in at another."""
    known.asks_for_callback("+16175550142")
    known.hangs_up(known.calls_in("+16175550143", "2"))
    known.clock.pass_by(timedelta(days=1))
    client = known.signed_in(EVE)
    told = (
        client.get("/reports/volume")
        .text.partition("By the number that they used")[2]
        .partition("</table>")[0]
    )
    cells = [
        one.partition("<")[0]
        for one in told.replace("<th", "<td").split(">")
        if one.partition("<")[0].strip()
    ]
    assert [cells[-12:-8], cells[-8:-4], cells[-4:]] == [
        [UNIT, "0", "2", "2"],
        ["Families&#39; card", "0", "0", "0"],
        ["Other numbers", "0", "0", "0"],
    ]
