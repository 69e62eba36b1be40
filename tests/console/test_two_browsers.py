"""Two people before two real browsers, who want the same at the same moment."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.console.browser import at_the_board, browsing, until
from tests.console.centre import Centre

pytestmark = pytest.mark.browser
NAMES = ("Ana Lima", "Ben Ortiz")


@pytest.fixture
def second(tmp_path: Path) -> Iterator[Chrome]:
    """A browser of somebody else's, on another desk."""
    with browsing(tmp_path / "second") as other:
        yield other


def test_of_two_who_claim_at_once_one_has_it_and_the_other_is_told_who(
    browser: Chrome, second: Chrome, centre: Centre, address: str
) -> None:
    """Both press before either page has heard of the other; nobody is told that it is theirs who hasn't got it."""
    callback = centre.asks_for_callback()
    desks = dict(zip(NAMES, (browser, second), strict=True))
    for name, desk in desks.items():
        at_the_board(desk, centre, address, name)
        until(desk, f"#callback-{callback} form[data-key='claim'] button")
    press = f"document.querySelector(\"#callback-{callback} form[data-key='claim'] button\").click()"
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda desk: desk.execute_script(press), desks.values()))
    for desk in desks.values():
        until(desk, "#said > *")
    said = {name: desk.find_element(By.ID, "said").text for name, desk in desks.items()}
    (winner,) = [name for name, words in said.items() if words == "It is yours now."]
    (loser,) = [name for name in NAMES if name != winner]
    assert said[loser] == f"{winner} has it."
    until(desks[winner], f"#callback-{callback} .chip.mine")
    until(desks[loser], f"#callback-{callback}")
    card = desks[loser].find_element(By.ID, f"callback-{callback}")
    assert f"With {winner}" in card.text
    assert not card.find_elements(By.CSS_SELECTOR, "form[data-key='claim'] button")
