"""The pages that look back, in a real browser: fit for everybody, by keyboard, wide and narrow."""

from __future__ import annotations

from datetime import timedelta

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from hotline.model import ContactId
from tests.console.browser import BY_DAY, LAPTOP, enter, fits_everybody, serving, show_as, until
from tests.console.centre import Centre
from tests.console.test_deliveries import lost, refused_call
from tests.console.test_reasons_to_look import closed_long_ago
from tests.proofs import proofs

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def old(centre: Centre) -> ContactId:
    """A case of two days ago, a call that can't be made, and a text that did not arrive."""
    contact = closed_long_ago(centre)
    refused_call(centre)
    lost(centre)
    centre.clock.pass_by(timedelta(minutes=1))
    return contact


@pytest.mark.parametrize("turns", [range(1), *proofs([range(1, len(BY_DAY))])])
def test_every_page_that_looks_back_is_fit_for_everybody(
    centre: Centre, old: ContactId, browser: Chrome, turns: range
) -> None:
    """Nothing that axe finds, and nothing wider than the screen."""
    pages = (
        "/search",
        "/search?all=1",
        "/search?since=x",
        "/audit",
        f"/audit/reached/{old}",
        f"/threads/{old}",
    )
    with serving(centre.app) as address:
        enter(browser, address, "Eve Stone")
        fits_everybody(browser, address, (*pages, "/deliveries"), turns, BY_DAY)


def test_a_case_is_searched_for_by_keyboard_alone(centre: Centre, old: ContactId, browser: Chrome) -> None:
    """ "/" goes there from anywhere, with the field before whoever pressed it; Enter searches."""
    with serving(centre.app) as address:
        show_as(browser, LAPTOP)
        enter(browser, address, "Eve Stone")
        browser.find_element(By.TAG_NAME, "body").send_keys("/")
        until(browser, "#search-number:focus")
        browser.execute_script("document.activeElement.blur()")
        browser.find_element(By.TAG_NAME, "body").send_keys("/")
        field = browser.switch_to.active_element
        assert field.get_attribute("id") == "search-number"
        field.send_keys("617-555-0181", Keys.ENTER)
        until(browser, ".found a")
        assert "617" not in browser.current_url
        assert f"/threads/{old}" in browser.page_source
