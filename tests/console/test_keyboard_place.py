"""Where the keyboard is while the board changes under it: on the same card, and on no button that it did not choose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from hotline.model import CallbackId, Outcome
from hotline.operations.console import coordinator
from tests.console.browser import (
    at_the_board,
    browsing,
    come_in,
    until,
    until_asked_again,
    until_true,
)
from tests.console.centre import PASSWORD, Centre

pytestmark = pytest.mark.browser
ANA, BEN, CHLOE = "Ana Lima", "Ben Ortiz", "Chloe Baptiste"
_IS_ON = "document.activeElement.matches('h2, h3') && document.activeElement.closest(given[0])"


@pytest.fixture
def second(tmp_path: Path) -> Iterator[Chrome]:
    """A browser of somebody else's, on another desk."""
    with browsing(tmp_path / "second") as other:
        yield other


def press(browser: Chrome, *keys: str) -> None:
    """On whatever has the focus."""
    for key in keys:
        ActionChains(browser).send_keys(key).perform()


def owed(centre: Centre, number: int) -> list[CallbackId]:
    """So many callbacks, in the order in which they stand: a minute lies between each and the next."""
    made = []
    for one in range(number):
        made.append(centre.asks_for_callback(f"+1617555015{one}"))
        centre.clock.pass_by(timedelta(minutes=1))
    return made


def is_on(browser: Chrome, card: str) -> None:
    """The name of this card comes to have the focus, or has it."""
    there = until_true(browser, _IS_ON, card, seconds=10)
    focused = browser.execute_script("return document.activeElement.outerHTML.slice(0, 300)")
    assert there, focused


def test_after_a_claim_by_key_enter_and_space_press_nothing(
    browser: Chrome, centre: Centre, address: str
) -> None:
    """Neither a telephone rings nor a thread is closed; the next keys still mean this card."""
    callback = centre.asks_for_callback()
    centre.texts("can a person read this, i am 15")
    thread = centre.escalation()
    at_the_board(browser, centre, address, BEN)
    for card in (f"#callback-{callback}", f"#escalation-{thread}"):
        press(browser, "j")
        is_on(browser, card)
        press(browser, "c")
        until(browser, f"{card} .chip.mine")
        is_on(browser, card)
        until_true(browser, "false", seconds=0.7)
        press(browser, Keys.ENTER, Keys.SPACE)
        until_asked_again(browser)
        assert browser.find_element(By.ID, "said").text in ("It is yours now.", "")
        is_on(browser, card)
    press(browser, "t")
    until(browser, "#write")


def test_a_button_that_means_something_else_now_loses_the_focus(
    browser: Chrome, centre: Centre, address: str
) -> None:
    """Accepted with Enter: in the place of that button stands one that rings the phone once more."""
    centre.calls_in(keys="1")
    card = f"#escalation-{centre.escalation()}"
    at_the_board(browser, centre, address, CHLOE)
    browser.find_element(By.CSS_SELECTOR, f"{card} form[data-key='accept'] button").send_keys(Keys.ENTER)
    until(browser, f"{card}.mine form[data-key='accept'] button")
    is_on(browser, card)


def test_on_the_page_of_a_case_too(browser: Chrome, centre: Centre, address: str) -> None:
    """A thread is taken there by keyboard, and its first button would ring a telephone."""
    centre.texts("can a person read this")
    come_in(browser, centre, address, ANA)
    browser.get(f"{address}/board")
    browser.find_element(By.CSS_SELECTOR, "a[data-key='open']").click()
    until(browser, "#pulse[data-state='live']")
    browser.find_element(By.CSS_SELECTOR, "form[data-key^='accept-'] button").send_keys(Keys.ENTER)
    until(browser, "textarea#write")
    is_on(browser, "section[aria-labelledby='thread']")
    assert browser.switch_to.active_element.value_of_css_property("outline-style") == "solid"


def test_whatever_others_do_the_keyboard_stays_on_its_card(
    browser: Chrome, second: Chrome, centre: Centre, address: str
) -> None:
    """Somebody else works through the board; the card stays, is redrawn, moves, and keeps the keyboard."""
    first, mine, *others = owed(centre, 6)
    caller = centre.calls_in("+16175550109", "2")
    at_the_board(browser, centre, address, ANA)
    at_the_board(second, centre, address, BEN)
    press(browser, "j", "j", "j")
    is_on(browser, f"#callback-{mine}")
    for one in (*others, first):
        claim = second.find_element(By.CSS_SELECTOR, f"#callback-{one} form[data-key='claim'] button")
        # A second press in the moment after one is taken for the same stroke: it is pressed until it counts.
        assert until_true(second, "given[0].click(), given[0].hasAttribute('aria-busy')", claim, seconds=10)
        until(browser, f"#callback-{one}[data-news*='claimed by Ben']")
        is_on(browser, f"#callback-{mine}")
    centre.claims(BEN, mine)
    until(browser, f"#callback-{mine}[data-news*='claimed by Ben']")
    is_on(browser, f"#callback-{mine}")
    press(browser, "k", "k")
    is_on(browser, f"#caller-{caller}")
    centre.hangs_up(caller)
    until(browser, f"#callbacks ~ ul [data-contact='{caller}']")
    is_on(browser, f".callback[data-contact='{caller}']")


def test_what_a_colleague_closes_leaves_the_keyboard_on_the_next_and_says_why(
    browser: Chrome, second: Chrome, centre: Centre, address: str
) -> None:
    """A letter that was on its way isn't taken for the next one; a moment later it counts."""
    three = owed(centre, 3)
    centre.claims(BEN, three[1])
    at_the_board(browser, centre, address, ANA)
    at_the_board(second, centre, address, BEN)
    press(browser, "j", "j")
    is_on(browser, f"#callback-{three[1]}")
    Select(second.find_element(By.ID, f"outcome-{three[1]}")).select_by_value("declined")
    second.find_element(By.CSS_SELECTOR, f"#callback-{three[1]} .outcome button").click()
    is_on(browser, f"#callback-{three[2]}")
    press(browser, "c")
    said = browser.find_element(By.ID, "said")
    assert said.get_attribute("role") == "status"
    assert said.text == "What you were on has gone. It is closed: declined. Ben Ortiz had it."
    until_asked_again(browser)
    assert not browser.find_elements(By.CSS_SELECTOR, ".callback.mine")
    until_true(browser, "false", seconds=1.6)
    press(browser, "c")
    until(browser, f"#callback-{three[2]} .chip.mine")
    press(browser, "k")
    is_on(browser, f"#callback-{three[0]}")


def test_the_last_of_a_list_that_goes_leaves_the_keyboard_on_what_is_above(
    browser: Chrome, centre: Centre, address: str
) -> None:
    """And K goes on from there, not from the end of the board."""
    centre.asks_for_callback()
    centre.texts("can a person read this")
    thread = centre.escalation()
    at_the_board(browser, centre, address, ANA)
    press(browser, "j", "j")
    is_on(browser, f"#escalation-{thread}")
    centre.application.change(partial(coordinator.accept, escalation_id=thread, by=centre.people[BEN]))
    centre.application.change(partial(coordinator.close, escalation_id=thread, by=centre.people[BEN]))
    until(browser, f"#closed-{thread}")
    is_on(browser, ".texts")
    assert browser.find_element(By.ID, "said").text.endswith("It is closed. Ben Ortiz had it.")
    press(browser, "k")
    is_on(browser, ".callback")


def test_what_one_closes_oneself_is_told_once(browser: Chrome, centre: Centre, address: str) -> None:
    """The next card has the keyboard, and nothing is said of what one has done oneself."""
    first, other = owed(centre, 2)
    centre.claims(ANA, first)
    at_the_board(browser, centre, address, ANA)
    Select(browser.find_element(By.ID, f"outcome-{first}")).select_by_value("declined")
    browser.find_element(By.CSS_SELECTOR, f"#callback-{first} .outcome button").send_keys(Keys.ENTER)
    until(browser, f"#done-{first}")
    is_on(browser, f"#callback-{other}")
    assert browser.find_element(By.ID, "said").text == "Saved: declined."


def test_a_lock_gives_the_keyboard_s_place_back(browser: Chrome, centre: Centre, address: str) -> None:
    """Whoever unlocks goes on where they were."""
    _, other = owed(centre, 2)
    at_the_board(browser, centre, address, ANA)
    press(browser, "j", "j")
    is_on(browser, f"#callback-{other}")
    centre.clock.pass_by(timedelta(minutes=16))
    until(browser, "#live.covered")
    browser.find_element(By.ID, "unlock").send_keys(PASSWORD, Keys.ENTER)
    until(browser, "#live:not(.covered)")
    is_on(browser, f"#callback-{other}")


def test_an_outcome_of_somebody_else_s_is_no_reason_to_lose_a_field(
    browser: Chrome, centre: Centre, address: str
) -> None:
    """Who is choosing in a field of their card stays in it."""
    mine, other = owed(centre, 2)
    centre.claims(ANA, mine)
    centre.claims(BEN, other)
    at_the_board(browser, centre, address, ANA)
    press(browser, "j", "o")
    assert browser.switch_to.active_element.get_attribute("id") == f"outcome-{mine}"
    declined = partial(coordinator.set_outcome, callback_id=other, outcome=Outcome.DECLINED)
    centre.application.change(partial(declined, by=centre.people[BEN]))
    until(browser, f"#done-{other}")
    assert browser.switch_to.active_element.get_attribute("id") == f"outcome-{mine}"


def test_the_name_of_a_card_says_whose_it_is_and_since_when(
    browser: Chrome, centre: Centre, address: str
) -> None:
    """By J, which reads nothing else: two texts, a caller's and another's, are told apart; a callback has its time."""
    centre.asks_for_callback("+16175550153")
    centre.texts("can a person read this", "+16175550150")
    centre.clock.pass_by(timedelta(minutes=1))
    centre.texts("is anybody there", "+16175550151")
    at_the_board(browser, centre, address, ANA)
    heard = []
    for _ in range(3):
        press(browser, "j")
        heard.append(browser.switch_to.active_element.accessible_name)
    assert heard == [
        "Admissions Ending 0153, 14 minutes left",
        "Text Ending 0150, waiting 1 minute",
        "Text Ending 0151, waiting less than a minute",
    ]


def test_after_the_list_of_keys_is_read_no_key_by_habit_switches_them_off(
    browser: Chrome, centre: Centre, address: str
) -> None:
    """Its name has the focus; Space and Enter do nothing there, and Escape closes it."""
    at_the_board(browser, centre, address, ANA)
    press(browser, "?")
    assert browser.switch_to.active_element.get_attribute("id") == "keys-heading"
    press(browser, Keys.SPACE, Keys.ENTER)
    assert browser.find_element(By.ID, "keys").get_attribute("open") is not None
    assert browser.find_element(By.ID, "keys-on").is_selected()
    press(browser, Keys.ESCAPE)
    assert browser.find_element(By.ID, "keys").get_attribute("open") is None
