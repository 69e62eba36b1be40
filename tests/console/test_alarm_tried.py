"""The alarm is tried before it is needed: the same sound and the same notification as in an emergency."""

from __future__ import annotations

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.console.browser import at_the_board, until
from tests.console.centre import Centre

pytestmark = pytest.mark.browser
_SEEN = """
window.notes = 0; window.told = [];
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...given) { window.notes++; return start.apply(this, given); };
window.Notification = class { constructor(title) { window.told.push(title); } static permission = "granted"; };
"""


def test_the_alarm_is_tried_with_one_button(browser: Chrome, centre: Centre, address: str) -> None:
    """Six notes and a notification that names nobody; the page asks whether both came."""
    at_the_board(browser, centre, address, "Ana Lima")
    browser.execute_script(_SEEN)
    before = browser.execute_script("return window.notes")
    browser.find_element(By.ID, "try-alarm").click()
    until(browser, "#said .said.good")
    assert browser.execute_script("return window.notes") == before + 6
    assert browser.execute_script("return window.told") == ["This is a try"]
    said = browser.find_element(By.ID, "said").text
    assert "Did you hear two falling notes, three times?" in said
    assert "And did a notification come up?" in said
