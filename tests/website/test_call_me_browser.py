"""The form in a real browser: for everybody, in a frame of another site, without scripts, and left at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.console.browser import (
    LAPTOP,
    drawn_in,
    outside,
    serving,
    show_as,
    unfit,
    until,
    until_true,
)
from tests.running.application import REPOSITORY
from tests.telephony.doorstep import Doorstep
from tests.website.visiting import OPEN, opened, owed

pytestmark = pytest.mark.browser
NARROW, NARROWEST = (390, 844), (320, 640)


@dataclass
class Website:
    """A centre with the form, and the site of theirs that may show it."""

    door: Doorstep
    hotline: str
    page: str
    """Theirs, with the frame."""
    elsewhere: str
    """The same page on a site that isn't named."""


@pytest.fixture
def browser(chromium: Chrome) -> Iterator[Chrome]:
    """On a telephone, in light colours."""
    show_as(chromium, NARROW)
    yield chromium
    chromium.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    chromium.implicitly_wait(0)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Website]:
    """What docs/call-me.md tells people to put on their page, on their page."""
    theirs = Flask("theirs")
    written = (REPOSITORY / "docs" / "call-me.md").read_text("utf-8")
    found = re.search(r"```html\n(.*?)```", written, re.DOTALL)
    assert found is not None
    shown: list[str] = []

    @theirs.get("/")
    def home() -> str:
        return f"<!doctype html><title>A centre</title>{shown[0]}"

    with serving(theirs) as page:
        named = OPEN.replace('https://www.example.org"]', f'{page}"]')
        door = opened(tmp_path, named)
        with serving(door.app) as hotline:
            shown.append(found[1].replace("https://YOUR.HOTLINE", hotline))
            elsewhere = page.replace("127.0.0.1", "localhost")
            yield Website(door, hotline, page, elsewhere)


def fill_in(browser: Chrome, number: str = "617 555 0142") -> None:
    """Everything that is needed, by keyboard alone."""
    browser.find_element(By.ID, "number").send_keys(number)
    for one in ("line-family", "message", "agreed"):
        browser.find_element(By.ID, one).send_keys(Keys.SPACE)


def send(browser: Chrome, site: Website) -> None:
    """After a while."""
    site.door.clock.now += timedelta(seconds=10)
    browser.find_element(By.CSS_SELECTOR, "button.main").send_keys(Keys.ENTER)


def fits_everybody(browser: Chrome) -> None:
    """Nothing that axe finds, nothing wider than the screen, nothing too low for a thumb; in light and dark."""
    for scheme in ("light", "dark"):
        drawn_in(browser, scheme)
        for size in (LAPTOP, NARROW, NARROWEST):
            show_as(browser, size)
            assert unfit(browser, colours=scheme == "dark") == [], (browser.title, scheme, size)
            assert browser.execute_script("return document.documentElement.scrollWidth") <= size[0]
            assert outside(
                browser, "button, .button, select, input[type=tel], input[type=text]", size[0]
            ) in (
                [],
                outside(browser, ".trap input", size[0]),
            )


@pytest.mark.proof("es", "pt", "ht")
@pytest.mark.parametrize("language", ["en", "es", "pt", "ht"])
def test_every_page_is_fit_for_everybody(browser: Chrome, site: Website, language: str) -> None:
    """The form, what is wrong with it, the second step, what is told, and an emergency."""
    browser.get(f"{site.hotline}/call-me/{language}")
    fits_everybody(browser)
    send(browser, site)
    until(browser, ".summary")
    assert browser.switch_to.active_element.get_attribute("class") == "summary"
    fits_everybody(browser)
    fill_in(browser)
    browser.execute_script("document.querySelector('[name=proof]').value = ''; window.stop()")
    browser.execute_script("document.querySelector('[data-work]').elements.proof.name = 'none'")
    send(browser, site)
    until(browser, "#digits")
    fits_everybody(browser)
    browser.find_element(By.ID, "digits").send_keys("42")
    send(browser, site)
    until(browser, ".sent")
    fits_everybody(browser)
    browser.get(f"{site.hotline}/call-me/{language}/emergency")
    fits_everybody(browser)
    assert [one for one in browser.get_log("browser") if "violates" in one["message"]] == []  # type: ignore[no-untyped-call]


def test_in_a_frame_of_another_site_it_is_sent_without_a_cookie(browser: Chrome, site: Website) -> None:
    """The page of our document, on a site that is named; the script has done its work, so nothing is asked twice."""
    browser.get(site.page)
    browser.switch_to.frame(browser.find_element(By.TAG_NAME, "iframe"))
    fill_in(browser)
    assert until_true(browser, "document.querySelector('[name=proof]').value !== ''", seconds=30)
    send(browser, site)
    until(browser, ".sent")
    assert browser.get_cookies() == []
    (row,) = owed(site.door)
    assert (row.callback.line, row.callback.message_safe) == ("family", True)


def test_a_site_that_is_not_named_shows_no_form(browser: Chrome, site: Website) -> None:
    browser.get(site.elsewhere)
    browser.switch_to.frame(browser.find_element(By.TAG_NAME, "iframe"))
    assert browser.find_elements(By.ID, "number") == []


def test_without_scripts_the_number_is_read_back(browser: Chrome, site: Website) -> None:
    """And the second step is all that it takes more."""
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.implicitly_wait(10)
    browser.get(f"{site.hotline}/call-me/en")
    assert not browser.find_element(By.CSS_SELECTOR, "[data-with-script]").is_displayed()
    fill_in(browser)
    send(browser, site)
    browser.find_element(By.ID, "digits").send_keys("42")
    send(browser, site)
    assert browser.find_element(By.CSS_SELECTOR, ".sent h1").text == "Thank you. We have it."
    assert len(owed(site.door)) == 1


def test_what_was_wrong_keeps_what_was_typed_and_is_led_to(browser: Chrome, site: Website) -> None:
    browser.get(f"{site.hotline}/call-me/en")
    fill_in(browser, "617 555")
    send(browser, site)
    until(browser, ".summary")
    assert browser.find_element(By.ID, "message").is_selected()
    link = browser.find_element(By.CSS_SELECTOR, ".summary a")
    assert link.text == "That is not a full number. Write the area code, too."
    link.send_keys(Keys.ENTER)
    assert browser.switch_to.active_element.get_attribute("id") == "number"
    assert browser.switch_to.active_element.get_property("value") == "617 555"


@pytest.mark.parametrize("how", ["link", "keys"])
def test_the_page_is_left_at_once_and_is_in_no_list_of_pages(
    browser: Chrome, site: Website, how: str
) -> None:
    """The whole page, if it stands in a frame; whoever goes back doesn't come to it."""
    browser.get(f"{site.hotline}/call-me/en")
    before = browser.execute_script("return history.length")
    browser.execute_script("window.stop(); document.querySelector('[data-leave]').href = 'about:blank#left'")
    if how == "link":
        browser.find_element(By.CSS_SELECTOR, "[data-leave]").click()
    else:
        ActionChains(browser).send_keys(Keys.ESCAPE, Keys.ESCAPE).perform()
    assert until_true(browser, "location.href === 'about:blank#left'", seconds=10)
    assert browser.execute_script("return history.length") == before
