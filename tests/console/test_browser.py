"""The board in a real browser."""

from __future__ import annotations

import time
from datetime import timedelta
from functools import partial

import pytest
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select

from hotline.model import CallbackId, Outcome
from hotline.operations.callbacks import ringing_back
from hotline.operations.console import coordinator
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks
from hotline.store.cases.callbacks import CallbackRow
from tests.console.browser import (
    ONE_LOOK,
    OTHER_LOOKS,
    PHONE,
    at_the_board,
    come_in,
    enter,
    fits_everybody,
    open_all,
    outside,
    show_as,
    until,
    until_asked_again,
    until_true,
)
from tests.console.centre import PASSWORD, Centre
from tests.console.test_live_talks import talked
from tests.console.test_what_follows import booked, says
from tests.proofs import proofs

pytestmark = pytest.mark.browser
SOON = 2.5
"""Two seconds, and half a one for a machine that runs other tests meanwhile."""


def _one(browser: Chrome, selector: str) -> WebElement:
    return browser.find_element(By.CSS_SELECTOR, selector)


def _mark(browser: Chrome) -> None:
    """A page that is loaded anew has lost this."""
    browser.execute_script("window.still = true")


def _is_same_page(browser: Chrome) -> bool:
    return bool(browser.execute_script("return window.still === true"))


def test_what_changes_appears_within_two_seconds_without_reload(
    browser: Chrome, centre: Centre, address: str
) -> None:
    """An emergency first, in words for those who listen, and in the title for those who look elsewhere."""
    at_the_board(browser, centre, address, "Ana Lima")
    _mark(browser)
    began = time.monotonic()
    centre.calls_in("+16175550141", keys="1")
    until(browser, ".emergency")
    assert time.monotonic() - began <= SOON
    assert _one(browser, "#alarm-news").text == "New emergency. Emergency by phone, nobody has it yet"
    assert browser.title.startswith("(1 emergency)")
    began = time.monotonic()
    callback = centre.asks_for_callback()
    until(browser, f"#callback-{callback}")
    assert time.monotonic() - began <= SOON
    centre.claims("Ben Ortiz", callback)
    until(browser, f"#callback-{callback}[data-news*='claimed by Ben Ortiz']")
    assert _one(browser, "#news").text == "Admissions callback claimed by Ben Ortiz"
    assert "With Ben Ortiz" in _one(browser, f"#callback-{callback}").text
    assert _is_same_page(browser)


def test_a_callback_is_claimed_with_the_keyboard_alone(browser: Chrome, centre: Centre, address: str) -> None:
    """Tab and Enter; the focus then is on the card's name, which does nothing, and the next act is a Tab away."""
    callback = centre.asks_for_callback()
    at_the_board(browser, centre, address, "Ana Lima")
    _mark(browser)
    focused = browser.switch_to.active_element
    for _ in range(30):
        if focused.accessible_name.startswith("Claim"):
            break
        ActionChains(browser).send_keys(Keys.TAB).perform()
        focused = browser.switch_to.active_element
    assert focused.accessible_name == "Claim admissions callback, waiting less than a minute"
    assert focused.value_of_css_property("outline-style") == "solid"
    ActionChains(browser).send_keys(Keys.ENTER).perform()
    until(browser, f"#callback-{callback} .chip.mine")
    assert _one(browser, "#said").text == "It is yours now."
    assert browser.switch_to.active_element.tag_name == "h3"
    ActionChains(browser).send_keys(Keys.TAB).perform()
    next_one = browser.switch_to.active_element
    assert next_one.accessible_name.startswith("Call now admissions callback")
    assert _is_same_page(browser)


def test_after_a_claim_the_keyboard_is_on_its_card_whatever_was_tried_before(
    browser: Chrome, centre: Centre, address: str
) -> None:
    """On its name, and not on what happened at the try, nor on a button."""
    callback = centre.asks_for_callback()
    centre.claims("Ben Ortiz", callback)
    centre.application.change(
        lambda transaction: ringing_back.dial_caller(transaction, _row(transaction, callback))
    )
    centre.application.change(
        lambda transaction: coordinator.set_outcome(
            transaction, callback, Outcome.NO_ANSWER, centre.people["Ben Ortiz"]
        )
    )
    at_the_board(browser, centre, address, "Ana Lima")
    until(browser, f"#callback-{callback} details[data-key='tries']")
    _one(browser, "form[data-key='claim'] button").send_keys(Keys.ENTER)
    until(browser, f"#callback-{callback} .chip.mine")
    assert browser.switch_to.active_element.tag_name == "h3"


def _row(transaction: Transaction, callback: CallbackId) -> CallbackRow:
    found = callbacks.get(transaction.tx, callback)
    assert found is not None
    return found


def test_a_key_held_too_long_presses_nothing_else(browser: Chrome, centre: Centre, address: str) -> None:
    """The button that comes in another's place isn't pressed by the same stroke."""
    callback = centre.asks_for_callback()
    at_the_board(browser, centre, address, "Ana Lima")
    _one(browser, "form[data-key='claim'] button").send_keys(Keys.ENTER, Keys.ENTER, Keys.ENTER)
    until(browser, f"#callback-{callback} .chip.mine")
    until_asked_again(browser)
    assert _one(browser, "#said").text == "It is yours now."


def test_a_half_made_choice_survives_whatever_happens_around_it(
    browser: Chrome, centre: Centre, address: str
) -> None:
    """Neither focus nor choice nor place on the page is lost."""
    mine = centre.asks_for_callback("+16175550101")
    centre.claims("Ana Lima", mine)
    at_the_board(browser, centre, address, "Ana Lima")
    show_as(browser, (1366, 500))
    choice = _one(browser, f"#outcome-{mine}")
    Select(choice).select_by_value("declined")
    choice.send_keys("")
    browser.execute_script("arguments[0].focus(); scrollTo(0, 200)", choice)
    for number in range(6):
        more = centre.asks_for_callback(f"+1617555012{number}", "0")
        until(browser, f"#callback-{more}")
    assert Select(choice).first_selected_option.text == "Declined"
    assert browser.switch_to.active_element == choice
    _one(browser, ".outcome button").send_keys(Keys.ENTER)
    until(browser, f"#done-{mine}")
    assert "Declined" in _one(browser, f"#done-{mine}").text


def test_the_time_for_a_later_call_stays_asked_for(browser: Chrome, centre: Centre, address: str) -> None:
    """Whatever comes in meanwhile; it goes when another outcome is chosen."""
    mine = centre.asks_for_callback("+16175550101")
    centre.claims("Ana Lima", mine)
    at_the_board(browser, centre, address, "Ana Lima")
    choice, when = Select(_one(browser, f"#outcome-{mine}")), _one(browser, f"#later-{mine}")
    assert not when.is_displayed()
    choice.select_by_value("call_later")
    assert _one(browser, f"#outcome-{mine}").rect["width"] > 200
    assert when.rect["width"] > 230
    more = centre.asks_for_callback("+16175550120", "0")
    until(browser, f"#callback-{more}")
    assert when.is_displayed()
    choice.select_by_value("referred")
    assert not when.is_displayed()


@pytest.mark.parametrize("width", [360, 1280])
def test_correcting_a_talk_keeps_within_its_card(
    browser: Chrome, centre: Centre, address: str, width: int
) -> None:
    """With a time asked for, every word of the choice can be read, and Save can be pressed."""
    contact = talked(centre)
    show_as(browser, (width, 900))
    at_the_board(browser, centre, address, "Ana Lima")
    Select(_one(browser, f"#outcome-{contact}")).select_by_value("call_later")
    card = _one(browser, f"#talk-{contact}").rect
    assert _one(browser, f"#outcome-{contact}").rect["width"] > 120
    for selector in (f"#later-{contact}", f"#talk-{contact} .outcome button"):
        inside = _one(browser, selector).rect
        assert inside["x"] >= card["x"]
        assert inside["x"] + inside["width"] <= card["x"] + card["width"]


_IN_SIGHT = """scrollY === 0 && (() => {
  const at = document.querySelector(given[0]).getBoundingClientRect();
  return at.top >= 0 && at.bottom <= innerHeight;
})()"""


def test_on_a_phone_nothing_is_cut_off(browser: Chrome, centre: Centre, address: str) -> None:
    """360 pixels: no scrolling sideways, every button as large as a thumb, and it works."""
    callback = _busy(centre)
    show_as(browser, PHONE)
    at_the_board(browser, centre, address, "Eve Stone")
    open_all(browser)
    width = "return [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    shown, room = browser.execute_script(width)
    assert (shown, room) == (360, 360)
    assert outside(browser, "button, select, summary.button, .sums a", 360) == []
    claim = _one(browser, f"#callback-{callback} form[data-key='claim'] button")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", claim)
    claim.click()
    until(browser, f"#callback-{callback} .chip.mine")


def test_on_a_phone_the_first_emergency_is_in_sight(browser: Chrome, centre: Centre, address: str) -> None:
    """With its button, on a small phone whose browser has bars of its own, though the sound is off and said so: whoever
    is rung at night and opens the board scrolls past nothing."""
    centre.calls_in(keys="1")
    show_as(browser, (360, 640))
    at_the_board(browser, centre, address, "Chloe Baptiste")
    until(browser, "#silent:not([hidden])")
    for selector in (".emergency h3", ".emergency form[data-key='accept'] button"):
        assert until_true(browser, _IN_SIGHT, selector, seconds=3), selector
    _one(browser, "#more summary").click()
    ways = [one.text for one in browser.find_elements(By.CSS_SELECTOR, "#more a") if one.is_displayed()]
    assert ways[:2] == ["Search", "Deliveries"]
    browser.get(f"{address}/deliveries")
    until(browser, "#pulse[data-state='live']")
    heights = {
        one.rect["y"] for one in browser.find_elements(By.CSS_SELECTOR, ".places > *") if one.is_displayed()
    }
    assert len(heights) == 1


def test_the_sign_in_and_the_errors_fit_a_phone_too(browser: Chrome, address: str) -> None:
    """At 320 pixels."""
    show_as(browser, (320, 600))
    for page in ("/sign-in", "/nowhere"):
        browser.get(address + page)
        assert browser.execute_script("return document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("turns", [ONE_LOOK, *proofs([OTHER_LOOKS])])
def test_a_full_board_and_an_emergency_s_page_keep_nobody_out(
    browser: Chrome, centre: Centre, address: str, turns: range
) -> None:
    """With everything that can stand there, closed things too: axe-core finds nothing, on a phone either, in light and
    in dark."""
    eve = centre.people["Eve Stone"]
    contact = centre.calls_in("+16175550141", keys="1")
    centre.application.change(partial(coordinator.accept, escalation_id=centre.escalation(), by=eve))
    centre.clock.pass_by(timedelta(seconds=1))
    centre.texts("can a person read this")
    centre.application.change(partial(coordinator.close, escalation_id=centre.escalation(), by=eve))
    centre.hangs_up(centre.calls_in(None, keys="1"))
    centre.calls_in("+16175550143", keys="2")
    centre.texts("is it the green building", "+16175550178")
    centre.asks_for_callback("+16175550144", line="3")
    come_in(browser, centre, address, "Eve Stone")
    pages = {
        "/board": ".done li",
        f"/threads/{contact}": ".happened li",
        "/on-call/fairness": ".shares tbody tr",
        "/on-call/policies?subject=emergency&at=2026-03-07T03:00&language=en": ".rehearsed li",
    }
    fits_everybody(browser, address, pages, turns, there=pages)


def test_closing_an_emergency_asks_once_more(browser: Chrome, centre: Centre, address: str) -> None:
    """The first press only opens the question; that works without scripts as well."""
    centre.calls_in(keys="1")
    at_the_board(browser, centre, address, "Chloe Baptiste")
    assert not _one(browser, ".sure form button").is_displayed()
    _one(browser, ".sure summary").click()
    _one(browser, ".sure form button").click()
    until(browser, "section.emergencies .nothing")
    assert _one(browser, "#said").text == "Closed."


def test_a_page_of_what_went_to_somebody_else_says_so(browser: Chrome, centre: Centre, address: str) -> None:
    """It doesn't go on saying that it is theirs."""
    call = centre.calls_in("", keys="1")
    emergency, ana, eve = centre.escalation(), centre.people["Ana Lima"], centre.people["Eve Stone"]
    centre.application.change(partial(coordinator.accept, escalation_id=emergency, by=ana))
    come_in(browser, centre, address, "Ana Lima")
    browser.get(f"{address}/threads/{call}")
    until(browser, "#live [data-key='keep']")
    centre.application.change(partial(coordinator.take_over, escalation_id=emergency, by=eve))
    until(browser, "#live a[href='/board']")
    assert "no longer yours" in _one(browser, "#live").text


def test_a_lost_connection_is_said_plainly_and_mends_itself(
    browser: Chrome, centre: Centre, address: str
) -> None:
    """With the time of what is still on the screen."""
    centre.asks_for_callback()
    at_the_board(browser, centre, address, "Ana Lima")
    with centre.without_database():
        until(browser, "#lost:not(:empty)")
        told = _one(browser, "#lost").text
        assert "Callers are still being answered" in told
        assert "Last good update at 13:00:" in told
        assert _one(browser, ".callback").is_displayed()
    until(browser, "#pulse[data-state='live']")
    assert _one(browser, "#lost").text == ""


def test_when_the_session_is_over_the_page_is_empty_and_asks_to_sign_in(
    browser: Chrome, centre: Centre, address: str
) -> None:
    """And leads back to the board."""
    centre.asks_for_callback()
    enter(browser, address, "Ana Lima")
    centre.change_person("Ana Lima", session_epoch=1)
    until(browser, "#who")
    assert browser.current_url == f"{address}/sign-in?next=/board&over=1"
    assert "0142" not in browser.page_source
    enter(browser, address, "Ana Lima")


def test_a_policy_is_tried_out_with_the_keyboard(browser: Chrome, centre: Centre, address: str) -> None:
    """A form that only asks goes to its own address, as without a script."""
    come_in(browser, centre, address, "Ana Lima")
    browser.get(f"{address}/on-call/policies")
    _one(browser, "form.try button.main").send_keys(Keys.ENTER)
    until(browser, "[data-key='tried']")
    assert "If nobody answers" in _one(browser, "[data-key='tried']").text


def test_the_second_step_s_picture_is_whole(browser: Chrome, centre: Centre, address: str) -> None:
    """An app reads it from a laptop's page as from a phone's."""
    come_in(browser, centre, address, "Ana Lima")
    for width in (1366, 390):
        show_as(browser, (width, 844))
        browser.get(f"{address}/account")
        for one in browser.find_elements(By.CSS_SELECTOR, "summary"):
            one.click()
        for one in browser.find_elements(By.ID, "password-on"):
            one.send_keys(PASSWORD, Keys.ENTER)
        until(browser, ".qr svg")
        picture, around = _one(browser, ".qr svg").rect, _one(browser, ".steps").rect
        assert picture["width"] == pytest.approx(picture["height"], abs=2)
        assert picture["width"] >= 120
        assert picture["x"] + picture["width"] <= around["x"] + around["width"]
        assert all(line.rect["width"] > 250 for line in browser.find_elements(By.CSS_SELECTOR, ".steps li"))


def test_whoever_is_there_is_warned_and_may_stay(browser: Chrome, centre: Centre, address: str) -> None:
    """A minute before the page is locked; a moved pointer is enough. Nobody there: it is locked in place, the alarm
    goes on, and the password brings back what was half chosen."""
    contact = centre.calls_in("+16175550142", "2")
    at_the_board(browser, centre, address, "Ana Lima")
    centre.clock.pass_by(timedelta(minutes=14, seconds=30))
    until(browser, "#idle:not(:empty)")
    assert "Move the pointer or press a key to stay" in _one(browser, "#idle").text
    ActionChains(browser).move_to_element(_one(browser, "#callbacks")).perform()
    until(browser, "#idle:empty")
    until_asked_again(browser)
    centre.clock.pass_by(timedelta(minutes=14))
    until_asked_again(browser)
    assert _one(browser, "#pulse").get_attribute("data-state") == "live"
    _one(browser, "details.block summary").click()
    _one(browser, f"#reason-{contact}").send_keys("shouts")
    until_asked_again(browser)
    _mark(browser)
    centre.clock.pass_by(timedelta(minutes=15))
    until(browser, "#live.covered")
    assert "0142" not in browser.page_source
    centre.texts("I want to die")
    until(browser, "[data-emergency='open']")
    assert browser.title.startswith("(1 emergency)")
    _one(browser, "#unlock").send_keys("wrong", Keys.ENTER)
    until(browser, "#lock-wrong:not([hidden])")
    _one(browser, "#unlock").send_keys(PASSWORD, Keys.ENTER)
    until(browser, "#live:not(.covered)")
    assert _one(browser, f"#reason-{contact}").get_property("value") == "shouts"
    assert not _one(browser, "#lock").is_displayed()
    assert _is_same_page(browser)


def test_a_page_that_can_t_ask_covers_itself(browser: Chrome, centre: Centre, address: str) -> None:
    """Without a connection the names go all the same, and the alarm stays."""
    centre.texts("I want to die")
    centre.asks_for_callback()
    at_the_board(browser, centre, address, "Chloe Baptiste")
    until(browser, ".callback")
    centre.clock.pass_by(timedelta(minutes=14, seconds=54))
    until(browser, "#idle:not(:empty)")
    with centre.without_database():
        until(browser, "#lock:not([hidden])")
        assert "0142" not in browser.page_source
        assert "die" not in _one(browser, "main").text
        assert browser.find_elements(By.CSS_SELECTOR, "[data-emergency='open']")
    centre.clock.pass_by(timedelta(seconds=6))
    until(browser, "#live.covered .sums")


def test_a_sound_that_is_off_is_said_large_until_it_runs(
    browser: Chrome, centre: Centre, address: str
) -> None:
    """Browsers make no sound on a page that is loaded anew before it is clicked: the click is asked for."""
    at_the_board(browser, centre, address, "Ana Lima")
    _one(browser, "#callbacks").click()
    until(browser, "#silent[hidden]")
    _one(browser, "#sound").click()
    until(browser, "#silent:not([hidden])")
    browser.refresh()
    until(browser, "#silent:not([hidden])")
    strip = _one(browser, "#silent button")
    assert strip.size["width"] > 600
    strip.click()
    until(browser, "#silent[hidden]")
    assert _one(browser, "#sound").is_displayed()


def test_the_countdown_ticks_by_itself(browser: Chrome, centre: Centre, address: str) -> None:
    """By the server's clock, between two answers of the server."""
    centre.asks_for_callback()
    at_the_board(browser, centre, address, "Ana Lima")
    first = _one(browser, "time[data-until]").text
    assert first in ("15:00", "14:59")
    browser.execute_script("Date.now = () => new Date().getTime() + 11 * 60 * 1000")
    until(browser, "[data-tone='soon']", 3)


def test_nothing_that_a_caller_writes_runs(browser: Chrome, centre: Centre, address: str) -> None:
    """Neither on the page nor when it is swapped in later; and our own pages break no rule of theirs."""
    canary = "<img src=x onerror='window.ran=1'><script>window.ran=1</script>"
    centre.texts(canary, "+16175550181")
    at_the_board(browser, centre, address, "Ana Lima")
    centre.texts(canary, "+16175550182")
    until(browser, ".text:nth-child(2)")
    assert canary in _one(browser, ".talk").text
    assert browser.execute_script("return window.ran") is None
    logged = browser.get_log("browser")  # type: ignore[no-untyped-call]
    assert [line for line in logged if line["level"] == "SEVERE"] == []


def _busy(centre: Centre) -> str:
    """A board with something of everything; the callback that nobody has."""
    centre.calls_in("+16175550141", keys="1")
    centre.texts("I want to kill myself. " + "x" * 200, "+16175550182")
    centre.calls_in("+16175550143", keys="2")
    centre.calls_in(None)
    centre.texts("W" * 300, "+16175550183")
    claimed = centre.asks_for_callback("+16175550146")
    centre.claims("Eve Stone", claimed)
    return centre.asks_for_callback("+16175550145")


def test_an_intake_is_put_right_with_what_is_kept_also_on_a_board_that_was_open_before(
    browser: Chrome, centre: Centre, address: str
) -> None:
    """Somebody else says when and where: the form that stood open closes, and has that."""
    _, _, intake = booked(centre)
    at_the_board(browser, centre, address, "Ben Ortiz")
    form = f"#intake-{intake} form[data-key='when-form']"
    until(browser, f"{form} [name=starts]")
    assert not _one(browser, f"{form} [data-past]").is_displayed()
    told = {"starts": "2026-03-04T10:00", "place": "12 Elm Street"}
    assert says(centre.signed_in("Ana Lima"), f"/board/intakes/{intake}/when", **told)[1]
    until(browser, f"#intake-{intake} details[data-key='put-right']")
    assert not _one(browser, f"#intake-{intake} details[data-key='put-right']").get_attribute("open")
    says(centre.signed_in("Ana Lima"), f"/board/intakes/{intake}/when", **{**told, "place": "14 Elm Street"})
    until(browser, f"{form} [name=place][value='14 Elm Street']")
    values = [_one(browser, f"{form} [name={name}]").get_property("value") for name in ("starts", "place")]
    assert values == ["2026-03-04T10:00", "14 Elm Street"]
