"""A board whose server hangs, or is gone, or is slow: what it says, and that it comes back by itself."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.console.browser import at_the_board, come_in, serving, until, until_asked_again
from tests.console.centre import Centre

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

pytestmark = pytest.mark.browser
ANA = "Ana Lima"
TOLD_IN = 5000
"""Milliseconds."""


@dataclass
class Gate:
    """A server that takes what is asked, and answers when the gate is open."""

    app: WSGIApplication
    open: threading.Event = field(default_factory=threading.Event)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Wait for the gate."""
        self.open.wait(60)
        return self.app(environ, start_response)


@pytest.fixture
def gate(centre: Centre) -> Iterator[tuple[Gate, str]]:
    """An open one, and its address."""
    made = Gate(centre.app)
    made.open.set()
    with serving(made) as address:
        yield made, address
        made.open.set()


def is_same_page(browser: Chrome) -> bool:
    return bool(browser.execute_script("return window.still === true"))


_LISTENS = """
window.still = true;
window.late = 0;
let before = performance.now();
setInterval(() => {
  const now = performance.now();
  late += Math.max(0, now - before - 100);
  before = now;
}, 100);
new MutationObserver(() => { window.told ||= performance.now(); })
  .observe(document.getElementById("lost"), { childList: true, characterData: true, subtree: true });
"""
_TOOK = """
const answered = performance.getEntriesByType("resource")
  .filter((one) => one.name.includes("/live") && [200, 304].includes(one.responseStatus));
return told - Math.max(...answered.map((one) => one.responseEnd)) - late;
"""
"""Milliseconds from the last answer until it was told, without those in which this machine left the page no time."""


def test_a_server_that_answers_nothing_any_more_is_said_in_five_seconds(
    browser: Chrome, centre: Centre, gate: tuple[Gate, str]
) -> None:
    """It takes what is asked, and is silent: what was known still stands; when it answers again, the page goes on."""
    server, address = gate
    callback = centre.asks_for_callback()
    at_the_board(browser, centre, address, ANA)
    browser.execute_script(_LISTENS)
    until_asked_again(browser)
    server.open.clear()
    until(browser, "#lost:not(:empty)", 30)
    assert 0 < browser.execute_script(_TOOK) <= TOLD_IN
    assert "Last good update at 13:00:" in browser.find_element(By.ID, "lost").text
    assert browser.find_element(By.ID, f"callback-{callback}").is_displayed()
    server.open.set()
    until(browser, "#pulse[data-state='live']", 30)
    assert browser.find_element(By.ID, "lost").text == ""
    assert is_same_page(browser)


def test_a_server_that_is_gone_is_said_and_found_again_when_it_is_back(
    browser: Chrome, centre: Centre
) -> None:
    """On the same address, with what has come in meanwhile; nobody loads the page anew."""
    with serving(centre.app) as address:
        at_the_board(browser, centre, address, ANA)
        browser.execute_script("window.still = true")
    until(browser, "#lost:not(:empty)", 30)
    assert "Lost at" in browser.find_element(By.ID, "pulse-words").text
    callback = centre.asks_for_callback()
    with serving(centre.app, urlsplit(address).port or 0):
        until(browser, "#pulse[data-state='live']", 30)
        until(browser, f"#callback-{callback}")
        assert is_same_page(browser)
        browser.get("about:blank")


def test_a_button_that_waits_shows_it_and_is_pressed_once(
    browser: Chrome, centre: Centre, gate: tuple[Gate, str]
) -> None:
    """However slow the answer is; then it is what it was."""
    server, address = gate
    callback = centre.asks_for_callback()
    come_in(browser, centre, address, ANA)
    browser.get(f"{address}/board")
    until(browser, "#pulse[data-state='live']")
    before = len(centre.audited())
    server.open.clear()
    button = browser.find_element(By.CSS_SELECTOR, f"#callback-{callback} form[data-key='claim'] button")
    for _ in range(3):
        button.click()
    assert button.get_attribute("aria-busy") == "true"
    assert float(button.value_of_css_property("opacity")) < 1
    server.open.set()
    until(browser, f"#callback-{callback} .chip.mine", 30)
    assert centre.audited()[before:].count("claim") == 1
    assert not browser.find_elements(By.CSS_SELECTOR, "[aria-busy]")
