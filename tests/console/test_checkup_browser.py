"""Check-up in a real browser: fit for everybody, wide and narrow, by day and by night, with everything opened."""

from __future__ import annotations

import pytest
from selenium.webdriver import Chrome

from tests.console.browser import LAPTOP, PHONE, drawn_in, enter, open_all, serving, show_as, unfit
from tests.console.centre import Centre
from tests.console.test_checkup_page import looked_over

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_check_up_is_fit_for_everybody(centre: Centre, browser: Chrome) -> None:
    """Nothing that axe finds, and nothing wider than the screen."""
    looked_over(centre)
    with serving(centre.app) as address:
        show_as(browser, LAPTOP)
        enter(browser, address, "Adam Cole")
        for scheme in ("light", "dark"):
            drawn_in(browser, scheme)
            for size in (LAPTOP, PHONE):
                show_as(browser, size)
                browser.get(f"{address}/check-up")
                open_all(browser)
                assert unfit(browser) == [], (scheme, size)
                wide = browser.execute_script("return document.documentElement.scrollWidth")
                assert wide <= size[0], (scheme, size)
