"""The admissions record in a real browser: what its script promises to whoever types."""

from __future__ import annotations

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from hotline.model import ContactId
from tests.console.browser import LAPTOP, PHONE, come_in, serving, show_as, unfit, until
from tests.console.centre import Centre
from tests.console.test_admissions_record import owed, writes

pytestmark = pytest.mark.browser


def _at_the_record(chromium: Chrome, centre: Centre, address: str, contact: ContactId) -> None:
    """Ana has its page before her."""
    show_as(chromium, LAPTOP)
    come_in(chromium, centre, address, "Ana Lima")
    chromium.get(f"{address}/threads/{contact}")
    until(chromium, "#pulse[data-state='live']")


def test_it_is_kept_while_somebody_types_and_two_are_told_apart(chromium: Chrome, centre: Centre) -> None:
    """Nobody presses Save: an answer is kept, the focus stays; somebody else's appears; in one place both are told."""
    _, contact = owed(centre)
    ben = centre.signed_in("Ben Ortiz")
    with serving(centre.app) as address:
        _at_the_record(chromium, centre, address, contact)
        box = chromium.find_element(By.ID, "record-substances")
        box.send_keys("heroin, a gram a day")
        until(chromium, "[data-place='substances'][data-kept='heroin, a gram a day']")
        assert chromium.switch_to.active_element == box
        box.send_keys(", and")
        writes(ben, contact, access="needs Spanish")
        until(chromium, "[data-place='access'][data-kept='needs Spanish']")
        assert chromium.find_element(By.ID, "record-access").get_attribute("value") == "needs Spanish"
        assert chromium.switch_to.active_element == box
        box.send_keys(" alcohol")
        until(chromium, "[data-place='substances'][data-kept='heroin, a gram a day, and alcohol']")
        writes(ben, contact, wants="detox")
        until(chromium, "[data-place='wants'][data-kept='detox']")
        wants = chromium.find_element(By.ID, "record-wants")
        chromium.execute_script("arguments[0].value = 'a bed'", wants)
        writes(ben, contact, wants="detox now", was_wants="detox")
        until(chromium, "[data-place='wants'][data-kept='detox now']")
        wants.send_keys(" today")
        until(chromium, "[data-place='wants'] [data-apart]:not([hidden])")
        assert wants.get_attribute("value") == "a bed today"
        told = chromium.find_element(By.CSS_SELECTOR, "[data-place='wants'] [data-apart]")
        assert told.text.startswith("Ben Ortiz wrote “detox now” here meanwhile.")
        assert unfit(chromium) == []
        told.find_elements(By.TAG_NAME, "button")[0].click()
        until(chromium, "[data-place='wants'][data-kept='a bed today']")
        chromium.find_element(By.CSS_SELECTOR, "input[name='suicide'][value='yes']").click()
        until(chromium, "#danger button.alarm")
        for size in (LAPTOP, PHONE):
            show_as(chromium, size)
            assert unfit(chromium) == []
            wide = chromium.execute_script("return document.documentElement.scrollWidth")
            assert wide <= size[0]


def test_an_answer_that_is_too_long_keeps_no_other_from_being_kept(chromium: Chrome, centre: Centre) -> None:
    """Nothing of it is cut off or sent, and it is said so; what else is answered is kept, danger first of all."""
    _, contact = owed(centre)
    with serving(centre.app) as address:
        _at_the_record(chromium, centre, address, contact)
        box = chromium.find_element(By.ID, "record-substances")
        box.click()
        chromium.execute_script(
            "document.execCommand('insertText', false, arguments[0])", "heroin " * 90 + "x"
        )
        until(chromium, "[data-record-state].warn")
        state = chromium.find_element(By.CSS_SELECTOR, "[data-record-state]")
        assert state.text == "One answer is too long: it is kept once it is shorter."
        chromium.find_element(By.CSS_SELECTOR, "input[name='suicide'][value='yes']").click()
        until(chromium, "[data-place='suicide'][data-kept='yes']")
        until(chromium, "#danger button.alarm")
        state = chromium.find_element(By.CSS_SELECTOR, "[data-record-state]")
        assert state.text.startswith("Kept at ")
        assert state.text.endswith("One answer is too long: it is kept once it is shorter.")
        box = chromium.find_element(By.ID, "record-substances")
        assert len(box.get_attribute("value") or "") == 631
        assert chromium.find_elements(By.CSS_SELECTOR, "[data-place='substances'][data-kept='']")
        chromium.execute_script("arguments[0].select()", box)
        box.send_keys("heroin")
        until(chromium, "[data-place='substances'][data-kept='heroin']")
        assert "too long" not in chromium.find_element(By.CSS_SELECTOR, "[data-record-state]").text


TICK = "input[name='suicide'][value='{}']"


def test_danger_is_told_when_it_is_ticked_whatever_was_kept_or_drawn(
    chromium: Chrome, centre: Centre
) -> None:
    """Nothing is asked, nothing comes back: it stands there, and goes with the answer."""
    _, contact = owed(centre)
    with serving(centre.app) as address:
        _at_the_record(chromium, centre, address, contact)
        assert not chromium.find_element(By.ID, "danger").is_displayed()
        chromium.execute_script("window.fetch = () => new Promise(() => {});")
        chromium.find_element(By.CSS_SELECTOR, TICK.format("yes")).click()
        danger = chromium.find_element(By.ID, "danger")
        assert danger.is_displayed()
        assert danger.text.startswith("They may be in danger: thoughts of suicide.")
        chromium.find_element(By.CSS_SELECTOR, "input[name='safe_at_home'][value='no']").click()
        assert danger.text.startswith("They may be in danger: not safe where they are, thoughts of suicide.")
        for asked, value in (("suicide", "no"), ("safe_at_home", "yes")):
            chromium.find_element(By.CSS_SELECTOR, f"input[name='{asked}'][value='{value}']").click()
        assert not danger.is_displayed()


def test_a_page_that_was_drawn_before_an_answer_was_kept_takes_nothing_back(
    chromium: Chrome, centre: Centre
) -> None:
    """Two answers close together on a new record; the page as it was before them comes after both were kept."""
    _, contact = owed(centre)
    with serving(centre.app) as address:
        _at_the_record(chromium, centre, address, contact)
        chromium.execute_script(
            """
            window.before = document.querySelector("section.record").cloneNode(true);
            const asks = window.fetch;
            window.fetch = (to, how) => how?.method === "POST" ? asks(to, how) : new Promise(() => {});
            """
        )
        for asked in ("suicide", "pregnant"):
            chromium.find_element(By.CSS_SELECTOR, f"input[name='{asked}'][value='yes']").click()
        until(chromium, "[data-place='pregnant'][data-kept='yes']")
        until(chromium, "[data-place='suicide'][data-kept='yes']")
        chromium.execute_async_script(
            """
            const done = arguments[0];
            import(document.querySelector("script[src*='board']").src.replace(/board[^/]*$/, "morph.js")).then(
              ({ morph }) => {
                morph(document.querySelector("section.record"), window.before);
                setTimeout(done, 100);
              }
            );
            """
        )
        for asked in ("suicide", "pregnant"):
            assert chromium.find_element(By.CSS_SELECTOR, f"input[name='{asked}'][value='yes']").is_selected()
        assert chromium.find_element(By.ID, "danger").is_displayed()
