"""The board's filter and keys, merging, settings and reports in a real browser: fit for everybody, by keyboard too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from hotline.console.reports.drawing.plotter import PLOTTER
from hotline.console.reports.told import sections
from hotline.model import ContactId
from hotline.store.cases import callbacks
from tests.console.browser import (
    LAPTOP,
    ONE_LOOK,
    OTHER_LOOKS,
    at_the_board,
    come_in,
    fits_everybody,
    show_as,
    unfit,
    until,
    until_asked_again,
    until_true,
)
from tests.console.centre import Centre
from tests.console.test_reports_page import Drawn, fill
from tests.proofs import proofs

pytestmark = pytest.mark.browser
TURNS = [ONE_LOOK, *proofs([OTHER_LOOKS])]
NARROW = (390, 844)
ANA, EVE = "Ana Lima", "Eve Stone"


def press(browser: Chrome, *keys: str) -> None:
    """On whatever has the focus."""
    for key in keys:
        browser.switch_to.active_element.send_keys(key)


def contact_of(centre: Centre, number: str, line: str) -> ContactId:
    callback = centre.asks_for_callback(number, line=line)
    found = centre.application.look(lambda transaction: callbacks.get(transaction.tx, callback))
    assert found is not None
    return found.contact_id


@pytest.mark.slow
@pytest.mark.parametrize("turns", TURNS)
def test_the_pages_are_fit_for_everybody(browser: Chrome, centre: Centre, address: str, turns: range) -> None:
    """What a supervisor opens: merging, the filtered board, settings and sentences, blocked numbers, people."""
    one = contact_of(centre, "+16175550142", "3")
    other = contact_of(centre, "+16175550187", "2")
    come_in(browser, centre, address, EVE)
    pages = ["/board?line=family", "/settings", "/settings/sentences", "/blocked", "/people"]
    pages += [f"/threads/{one}/merge", f"/threads/{one}/merge?other={other}"]
    fits_everybody(browser, address, pages, turns)


@pytest.mark.slow
@pytest.mark.parametrize("turns", TURNS)
def test_reports_are_fit_for_everybody(browser: Chrome, centre: Centre, address: str, turns: range) -> None:
    """Each of them, filled with the sample months."""
    fill(centre)
    centre.app.extensions[PLOTTER] = Drawn()
    come_in(browser, centre, address, EVE)
    names = list(sections.TITLES)
    assert len(names) > 4
    fits_everybody(browser, address, [f"/reports/{name}" for name in names], turns)


def test_two_cases_are_merged_and_come_apart_by_keyboard(
    browser: Chrome, centre: Centre, address: str
) -> None:
    """From the page of one to the other, with what it does in between."""
    one = contact_of(centre, "+16175550142", "3")
    other = contact_of(centre, "+16175550187", "2")
    come_in(browser, centre, address, ANA)
    browser.get(f"{address}/threads/{one}")
    browser.find_element(By.PARTIAL_LINK_TEXT, "The same person as").send_keys(Keys.ENTER)
    until(browser, "#merge-reference")
    browser.find_element(By.CSS_SELECTOR, f"a[href*='other={other}']").send_keys(Keys.ENTER)
    until(browser, ".does")
    assert "One callback stays" in browser.find_element(By.CSS_SELECTOR, ".does").text
    browser.find_element(By.CSS_SELECTOR, "button.main").send_keys(Keys.ENTER)
    until(browser, "#merged")
    until(browser, "#pulse[data-state='live']")
    browser.find_element(By.CSS_SELECTOR, "[data-key='unmerge'] summary").send_keys(Keys.ENTER)
    browser.find_element(By.CSS_SELECTOR, "[data-key='unmerge-yes'] button").send_keys(Keys.ENTER)
    assert until_true(browser, "!document.querySelector('#merged')", seconds=10)
    assert "Undone" in browser.find_element(By.ID, "said").text


def test_the_board_is_worked_by_keys(browser: Chrome, centre: Centre, address: str) -> None:
    """From card to card and back, claimed, an outcome chosen, its page opened; "?" lists them, Escape closes that."""
    callback = centre.asks_for_callback()
    centre.clock.pass_by(timedelta(minutes=1))
    other = centre.asks_for_callback("+16175550143")
    at_the_board(browser, centre, address, ANA)
    body = browser.find_element(By.TAG_NAME, "body")
    body.send_keys("?")
    until(browser, "#keys[open]")
    assert unfit(browser) == []
    press(browser, Keys.ESCAPE)
    assert until_true(browser, "!document.querySelector('#keys').open", seconds=10)
    body.send_keys("j")
    assert browser.switch_to.active_element.tag_name == "h3"
    press(browser, "c")
    until(browser, f"#callback-{callback} .chip.mine")
    assert until_true(
        browser, "document.activeElement.closest(given[0])", f"#callback-{callback}", seconds=10
    )
    press(browser, "o")
    assert browser.switch_to.active_element.get_attribute("id") == f"outcome-{callback}"
    browser.execute_script("document.activeElement.blur()")
    body.send_keys("j", "m")
    there = "document.querySelector(given[0]).contains(document.activeElement)"
    assert until_true(browser, there, f"#callback-{callback} details[open] > summary", seconds=10)
    for key, card in (("j", other), ("k", callback)):
        ActionChains(browser).send_keys(key).perform()
        assert until_true(browser, there, f"#callback-{card} h3", seconds=10)
    press(browser, "t")
    until(browser, "#note")


def test_no_key_gets_in_the_way_of_typing_or_of_whoever_wants_none(
    browser: Chrome, centre: Centre, address: str
) -> None:
    """In a field a letter is a letter; away from a card it does nothing; switched off, it stays so."""
    callback = centre.asks_for_callback()
    at_the_board(browser, centre, address, ANA)
    body = browser.find_element(By.TAG_NAME, "body")
    body.send_keys("c")
    browser.find_element(By.CSS_SELECTOR, f"#callback-{callback} details.block summary").click()
    field = browser.find_element(By.CSS_SELECTOR, f"#callback-{callback} details.block input[name='reason']")
    field.send_keys("cjo?")
    until_asked_again(browser)
    assert field.get_property("value") == "cjo?"
    assert not browser.find_elements(By.CSS_SELECTOR, f"#callback-{callback} .chip.mine, #keys[open]")
    field.clear()
    browser.find_element(By.ID, "keys-open").click()
    browser.find_element(By.ID, "keys-on").click()
    browser.find_element(By.CSS_SELECTOR, "#keys button.main").click()
    browser.refresh()
    until(browser, "#pulse[data-state='live']")
    browser.find_element(By.TAG_NAME, "body").send_keys("j", "?")
    assert browser.switch_to.active_element.tag_name == "body"
    assert not browser.find_elements(By.CSS_SELECTOR, "#keys[open]")
    browser.execute_script("localStorage.clear()")


def test_the_menu_has_one_row_and_the_rest_behind_more(browser: Chrome, centre: Centre, address: str) -> None:
    """On a laptop, for whoever may open most; by keyboard: Enter opens it, Escape gives the focus back."""
    at_the_board(browser, centre, address, EVE)
    assert browser.find_element(By.CSS_SELECTOR, "header.top").size["height"] < 80
    more = browser.find_element(By.CSS_SELECTOR, "#more summary")
    more.send_keys(Keys.ENTER)
    until(browser, "#more[open]")
    assert unfit(browser) == []
    for link in browser.find_elements(By.CSS_SELECTOR, "#more a"):
        assert link.rect["x"] >= 0
        assert link.rect["x"] + link.rect["width"] <= LAPTOP[0]
    press(browser, Keys.TAB, Keys.ESCAPE)
    assert until_true(browser, "!document.querySelector('#more').open", seconds=10)
    assert browser.switch_to.active_element == more
    show_as(browser, NARROW)
    more.send_keys(Keys.ENTER)
    until(browser, "#more[open]")
    for link in browser.find_elements(By.CSS_SELECTOR, "#more a"):
        assert link.rect["x"] >= 0
        assert link.rect["x"] + link.rect["width"] <= NARROW[0]


def test_a_filter_holds_while_the_board_goes_on(browser: Chrome, centre: Centre, address: str) -> None:
    """What comes in for another line stays hidden, and is counted; an emergency comes through."""
    come_in(browser, centre, address, EVE)
    browser.get(f"{address}/board?line=family")
    until(browser, "#pulse[data-state='live']")
    callback = centre.asks_for_callback()
    assert until_true(
        browser, "document.querySelector('.sifted')?.textContent.includes('1 not shown')", seconds=10
    )
    assert not browser.find_elements(By.ID, f"callback-{callback}")
    centre.calls_in("+16175550133", "1")
    until(browser, "[data-emergency='open']")


def test_sentences_are_read_aloud_where_the_browser_can(
    browser: Chrome, centre: Centre, address: str
) -> None:
    """Pressed again, it stops; nothing is sent anywhere for it."""
    come_in(browser, centre, address, EVE)
    browser.get(f"{address}/settings/sentences")
    until(browser, "#pulse[data-state='live']")
    browser.execute_script(
        "window.said = []; speechSynthesis.speak = (one) => said.push([one.lang, one.text]);"
        "speechSynthesis.cancel = () => said.push('stop');"
    )
    button = browser.find_element(By.CSS_SELECTOR, "[data-aloud]")
    words = browser.find_element(By.ID, button.get_attribute("data-aloud") or "").text
    button.send_keys(Keys.ENTER)
    assert browser.execute_script("return said") == ["stop", ["en-US", words]]
    button.send_keys(Keys.ENTER)
    assert browser.execute_script("return said.length") == 3
