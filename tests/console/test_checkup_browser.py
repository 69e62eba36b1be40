"""Check-up in a real browser: fit for everybody, wide and narrow, by day and by night, with everything opened."""

from __future__ import annotations

import pytest
from selenium.webdriver import Chrome

from tests.console.browser import LOOKS, drawn_in, enter, open_all, serving, show_as, unfit
from tests.console.centre import Centre
from tests.console.test_checkup_page import looked_over
from tests.proofs import proofs

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("look", [LOOKS[1], *proofs((one,) for one in LOOKS if one != LOOKS[1])])
def test_the_check_up_is_fit_for_everybody(
    centre: Centre, browser: Chrome, look: tuple[str, tuple[int, int]]
) -> None:
    """Nothing that axe finds, and nothing wider than the screen."""
    looked_over(centre)
    scheme, size = look
    with serving(centre.app) as address:
        enter(browser, address, "Adam Cole")
        drawn_in(browser, scheme)
        show_as(browser, size)
        browser.get(f"{address}/check-up")
        open_all(browser)
        assert unfit(browser) == []
        wide = browser.execute_script("return document.documentElement.scrollWidth")
        assert wide <= size[0]
