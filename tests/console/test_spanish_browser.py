"""The console in Spanish in a real browser: chosen before signing in, told by scripts, too, and fit for everybody."""

from __future__ import annotations

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from hotline.model import ContactId, Language
from hotline.store.cases import callbacks
from tests.console.browser import (
    BY_DAY,
    come_in,
    fits_everybody,
    unfit,
    until,
    until_true,
)
from tests.console.centre import PASSWORD, Centre
from tests.proofs import proofs

pytestmark = pytest.mark.browser
EVE = "Eve Stone"


def words(browser: Chrome) -> str:
    """What is seen."""
    return browser.find_element(By.TAG_NAME, "body").text


def case(centre: Centre) -> ContactId:
    """One that somebody has called about."""
    callback = centre.asks_for_callback("+16175550142")
    found = centre.application.look(lambda transaction: callbacks.get(transaction.tx, callback))
    assert found is not None
    return found.contact_id


def test_somebody_signs_in_and_works_in_spanish(browser: Chrome, centre: Centre, address: str) -> None:
    """By a button that is in Spanish already; scripts and what comes of a button are in it, too."""
    centre.asks_for_callback("+16175550142")
    browser.get(f"{address}/sign-in")
    browser.find_element(By.CSS_SELECTOR, "button[lang='es']").click()
    until(browser, "html[lang='es']")
    shown = browser.find_element(By.CSS_SELECTOR, "[data-reveals]")
    shown.click()
    assert shown.text == "Ocultar"
    browser.find_element(By.ID, "who").send_keys(EVE)
    browser.find_element(By.ID, "password").send_keys(PASSWORD)
    browser.find_element(By.CSS_SELECTOR, "button.main").click()
    until(browser, "[data-key='claim'] button")
    assert until_true(
        browser, "document.getElementById('pulse-words').textContent.startsWith('En vivo')", seconds=10
    )
    assert browser.find_element(By.CSS_SELECTOR, "[data-until-words]").text == "faltan"
    browser.find_element(By.CSS_SELECTOR, "[data-key='claim'] button").click()
    assert until_true(
        browser, "document.getElementById('said').textContent.includes('Ahora está a su cargo')", seconds=10
    )


@pytest.mark.slow
@pytest.mark.parametrize("turns", [range(0), *proofs([range(len(BY_DAY))])])
def test_the_pages_are_fit_for_everybody_in_spanish(
    browser: Chrome, centre: Centre, address: str, turns: range
) -> None:
    """Nothing that axe finds, and nothing wider than a phone, though Spanish takes more room."""
    contact = case(centre)
    centre.calls_in("+16175550187", "1")
    centre.calls_in("+16175550188", "2")
    centre.change_person(EVE, page_language=Language.ES)
    browser.get(f"{address}/sign-in")
    assert unfit(browser) == []
    come_in(browser, centre, address, EVE)
    pages = ["/board", f"/threads/{contact}", "/on-call", "/on-call/policies", "/readiness", "/people"]
    pages += ["/directory", "/search", "/deliveries", "/audit", "/account", "/check-up", "/reports"]
    fits_everybody(browser, address, pages, turns, BY_DAY, "es")
