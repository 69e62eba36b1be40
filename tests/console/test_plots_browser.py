"""The reports' plots as they are really drawn, before a real browser."""

from __future__ import annotations

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from hotline.console.reports.drawing.plotter import PLOTTER, Plotter
from hotline.console.reports.told import sections
from tests.console.browser import come_in, drawn_in, serving, show_as
from tests.console.centre import Centre
from tests.console.test_every_page_browser import NARROWEST, amiss
from tests.console.test_reports_page import fill
from tests.proofs import proofs

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MOST = ("volume", "reaching", sections.STAFFING)
"""The reports that have the most, and every kind of plot."""


@pytest.mark.parametrize(
    ("name", "scheme"), [(MOST[0], "light"), *proofs([(MOST[1], "dark"), (MOST[2], "light")])]
)
def test_drawn_plots_are_fit_for_everybody(browser: Chrome, centre: Centre, name: str, scheme: str) -> None:
    """Of sample months, on the narrowest phone: each is drawn, is named for a screen reader, and isn't too wide."""
    fill(centre)
    plotter = Plotter(longest=120)
    centre.app.extensions[PLOTTER] = plotter
    try:
        with serving(centre.app) as address:
            come_in(browser, centre, address, "Eve Stone")
            show_as(browser, NARROWEST)
            drawn_in(browser, scheme)
            browser.get(f"{address}/reports/{name}?span=28")
            drawn = browser.find_elements(By.CSS_SELECTOR, "main figure svg, main .panel svg")
            assert drawn
            assert all(one.size["width"] > 200 for one in drawn)
            assert amiss(browser) == []
            assert "can't be drawn" not in browser.find_element(By.TAG_NAME, "main").text
    finally:
        plotter.stop()
