"""A report that takes its time says so, before a real browser."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.console.browser import PHONE, come_in, drawn_in, serving, show_as, unfit, until, until_true
from tests.console.centre import Centre

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

pytestmark = [pytest.mark.browser, pytest.mark.slow]
_SEEN = """
new MutationObserver(() => {
  const said = document.getElementById("counting").textContent;
  if (!said) return;
  sessionStorage.said = `${said}|${document.getElementById("live").getAttribute("aria-busy")}`;
  fetch("/seen");
}).observe(document.getElementById("counting"), {childList: true});
"""
COUNTING = "Counting… What stands below is what was counted before.|true"


class Held:
    """Before the app: reports of four weeks aren't answered until the page has said that they are counted."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app, self.seen = app, threading.Event()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/seen":
            self.seen.set()
            start("204 No Content", [])
            return []
        if "span=28" in environ.get("QUERY_STRING", "") and not environ["PATH_INFO"].endswith("/live"):
            self.seen.wait(20)
            self.seen.clear()
        return self._app(environ, start)


def test_while_a_report_is_counted_the_page_says_so(browser: Chrome, centre: Centre) -> None:
    """By the form and by a link, to screen readers, too; the page that comes says nothing of it any more."""
    with serving(Held(centre.app)) as address:
        come_in(browser, centre, address, "Eve Stone")
        show_as(browser, PHONE)
        drawn_in(browser, "dark")
        browser.get(f"{address}/reports/escalations?span=7")
        until(browser, "#counting:empty[role='status']")
        browser.execute_script(_SEEN)
        browser.execute_script("document.getElementById('span').value = '28'")
        browser.find_element(By.CSS_SELECTOR, "form.chosen button").click()
        assert until_true(browser, "location.search.includes('span=28')", seconds=30)
        assert browser.execute_script("return sessionStorage.said") == COUNTING
        until(browser, "#counting:empty")
        browser.execute_script("sessionStorage.clear()")
        browser.execute_script(_SEEN)
        browser.find_element(By.CSS_SELECTOR, ".sections a[href*='outcomes']").click()
        assert until_true(browser, "location.pathname.endsWith('/outcomes')", seconds=30)
        assert browser.execute_script("return sessionStorage.said") == COUNTING
        assert unfit(browser) == []
