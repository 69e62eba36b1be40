"""What an emergency does to a page that nobody looks at: it sounds, and notifies whoever has allowed it."""

from __future__ import annotations

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from hotline.operations.console import coordinator
from tests.console.browser import at_the_board, ear, may_notify, until, until_asked_again, until_true
from tests.console.centre import Centre

pytestmark = pytest.mark.browser
ANA, BEN = "Ana Lima", "Ben Ortiz"
NOTES = 6
"""Of one alarm."""


def rang(browser: Chrome) -> int:
    """How many notes have sounded since the page was opened."""
    return int(browser.execute_script("return rang.length"))


def told(browser: Chrome) -> list[list[str]]:
    """Each notification: its title and its words."""
    found: list[list[str]] = browser.execute_script("return told")
    return found


def test_a_new_emergency_sounds_once_and_again_while_nobody_has_it(
    browser: Chrome, centre: Centre, address: str
) -> None:
    """Two at once are one alarm; 20 seconds later it sounds again; accepted, it is silent. Who it is stands nowhere."""
    with ear(browser, address):
        at_the_board(browser, centre, address, ANA)
        browser.find_element(By.ID, "callbacks").click()
        until(browser, "#silent[hidden]")
        assert (rang(browser), told(browser)) == (0, [])
        centre.texts("I want to die", "+16175550181")
        assert until_true(browser, "rang.length === given[0]", NOTES, seconds=10), "it makes no sound"
        assert told(browser) == [["Emergency waiting", "Open the board to accept it."]]
        until_asked_again(browser)
        assert rang(browser) == NOTES, "it would never end"
        browser.execute_script("const real = Date.now; Date.now = () => real() + 20000;")
        assert until_true(browser, "rang.length === given[0]", 2 * NOTES, seconds=10), "it is forgotten"
        assert len(told(browser)) == 1
        first, ben = centre.escalation(), centre.people[BEN]
        centre.application.change(lambda transaction: coordinator.accept(transaction, first, ben))
        until(browser, "[data-emergency='accepted']")
        browser.execute_script("const before = Date.now; Date.now = () => before() + 60000;")
        until_asked_again(browser)
        assert rang(browser) == 2 * NOTES, "somebody has it"
        centre.texts("I want to die", "+16175550182")
        assert until_true(browser, "rang.length === given[0]", 3 * NOTES, seconds=10), "another one is new"
        assert len(told(browser)) == 2


def test_it_is_heard_and_seen_on_pages_that_list_none(browser: Chrome, centre: Centre, address: str) -> None:
    """Who looks at the plan, or at a report, has the sound on as well: it sounds once, a strip leads to the board, and
    the next page that they open doesn't take it for new. Accepted, it is over."""
    with ear(browser, address):
        at_the_board(browser, centre, address, ANA)
        browser.get(f"{address}/on-call")
        browser.find_element(By.ID, "pulse").click()
        until(browser, "#silent[hidden]")
        assert browser.find_element(By.ID, "waits").text == ""
        centre.texts("I want to die", "+16175550181")
        assert until_true(browser, "rang.length === given[0]", NOTES, seconds=10), "it makes no sound"
        assert len(told(browser)) == 1
        assert browser.find_element(By.ID, "waits").text == "An emergency waits on the board"
        assert browser.title.startswith("(1 emergency) ")
        browser.get(f"{address}/reports")
        until(browser, "#waits a[href='/board']")
        until_asked_again(browser)
        assert told(browser) == [], "it is not new"
        ben, first = centre.people[BEN], centre.escalation()
        centre.application.change(lambda transaction: coordinator.accept(transaction, first, ben))
        until(browser, "#waits:empty")
        browser.get(f"{address}/board")
        until(browser, "[data-emergency='accepted']")
        assert browser.find_element(By.ID, "waits").text == "", "the board lists them itself"


def test_who_has_switched_the_sound_off_hears_nothing_and_is_notified(
    browser: Chrome, centre: Centre, address: str
) -> None:
    """It stays off when the page is opened anew, and the strip that asks for it says so."""
    with ear(browser, address):
        at_the_board(browser, centre, address, ANA)
        browser.find_element(By.ID, "callbacks").click()
        until(browser, "#sound:not([hidden])")
        browser.find_element(By.ID, "sound").click()
        until(browser, "#silent:not([hidden])")
        centre.texts("I want to die", "+16175550181")
        assert until_true(browser, "told.length === 1", seconds=10)
        assert rang(browser) == 0
        browser.execute_script("localStorage.clear()")


def test_whether_it_may_notify_is_asked_once(browser: Chrome, centre: Centre, address: str) -> None:
    """By a button, and only while nobody has said yes or no in this browser."""
    may_notify(browser, address, "prompt")
    at_the_board(browser, centre, address, ANA)
    button = browser.find_element(By.ID, "notify")
    assert button.is_displayed()
    may_notify(browser, address, "granted")
    button.click()
    assert until_true(browser, "document.getElementById('notify').hidden", seconds=10)
    for said in ("granted", "denied"):
        may_notify(browser, address, said)
        browser.refresh()
        until(browser, "#pulse[data-state='live']")
        assert not browser.find_element(By.ID, "notify").is_displayed(), said
