"""A thread in a real browser: what the script adds to it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from hotline.model import PageId
from hotline.operations.conversation import handing_off
from hotline.operations.transaction import Transaction
from hotline.prompts.lengths import segments
from hotline.referral.hand_off import HandOffEvent, HandOffStatus
from hotline.store.cases import contacts, hand_offs
from hotline.store.cases.hand_offs import HandOffRow
from hotline.store.traffic import messages
from hotline.telephony.webhooks import status_reports
from tests.console.browser import (
    LAPTOP,
    PHONE,
    come_in,
    drawn_in,
    open_all,
    outside,
    show_as,
    unfit,
    until,
    until_true,
)
from tests.console.centre import Centre
from tests.console.test_thread_page import QUESTION, claimed, writes

pytestmark = pytest.mark.browser


@pytest.fixture
def browser(browser: Chrome, centre: Centre, address: str) -> Chrome:
    """With Ana signed in."""
    come_in(browser, centre, address, "Ana Lima")
    return browser


def _opens(browser: Chrome, address: str, thread: str) -> WebElement:
    browser.get(f"{address}/threads/{thread}")
    until(browser, "#pulse[data-state='live']")
    return browser.find_element(By.ID, "write")


_LOOKS = "return performance.getEntriesByType('resource').filter((one) => one.name.includes('/live')).length"
"""How often the page has asked what is new."""


def test_the_thread_is_alive_while_a_draft_stands_in_the_box(
    browser: Chrome, centre: Centre, address: str
) -> None:
    """What they write appears with the next look or the one after, is announced, and takes neither the focus nor a
    letter."""
    thread = claimed(centre)
    box = _opens(browser, address, thread)
    box.send_keys("Yes, it is")
    before = browser.execute_script(_LOOKS)
    writes(centre, "hello? are you there")
    until(browser, ".talk li:nth-child(3)")
    assert browser.execute_script(_LOOKS) - before <= 2
    assert browser.find_element(By.ID, "news").text == "They wrote: hello? are you there"
    assert browser.switch_to.active_element == box
    assert box.get_attribute("value") == "Yes, it is"
    box.send_keys(".", Keys.CONTROL + Keys.ENTER)
    until(browser, ".talk .how")
    until(browser, "#said .good")
    assert box.get_attribute("value") == ""
    sent = [one for one in _said(centre, thread) if one.by_staff]
    assert [one.body for one in sent] == ["Yes, it is."]
    form = {"MessageSid": "SM" + "9" * 32, "MessageStatus": "failed", "ErrorCode": "30007"}
    centre.application.change(lambda transaction: status_reports.text_status(transaction, form, sent[0].id))
    until(browser, ".talk li.lost")
    assert "A text did not arrive. A carrier's filter" in browser.find_element(By.ID, "news").text


def test_what_is_over_stands_nowhere_on_the_page_by_itself(
    browser: Chrome, centre: Centre, address: str
) -> None:
    """They are together with whom they were handed to, and that one hangs up: neither the line that says so stays, nor
    what was told aloud of it."""
    case = centre.calls_in("+16175550142", "2")
    browser.get(f"{address}/threads/{case}")
    until(browser, "#pulse[data-state='live']")

    def together(transaction: Transaction) -> HandOffRow:
        caller = contacts.get(transaction.tx, case)
        assert caller is not None
        row = HandOffRow(
            id="handed",
            contact_id=case,
            room=caller.room,
            page_id=PageId("none"),
            entry="a",
            to_whom="Harbor Detox",
            asked_by=centre.people["Ana Lima"],
            asked_at=transaction.now,
            status=HandOffStatus.JOINED,
            joined_at=transaction.now,
        )
        return hand_offs.add(transaction.tx, row)

    row = centre.application.change(together)
    until(browser, "#hand-off")
    assert browser.find_element(By.ID, "news").text == "Harbor Detox: together with the caller"
    centre.application.change(
        lambda transaction: handing_off.tell(transaction, row, HandOffEvent.THEIR_LEG_OVER)
    )
    gone = "!document.body.innerText.includes('together with the caller')"
    assert until_true(browser, gone, seconds=5)
    assert not browser.find_elements(By.ID, "hand-off")
    assert browser.find_element(By.ID, "news").text == ""


def _said(centre: Centre, thread: str) -> list[messages.MessageRow]:
    return centre.application.look(lambda transaction: messages.of_contact(transaction.tx, thread))  # type: ignore[arg-type]


def test_a_draft_outlives_a_send_that_fails_and_leaves_once(
    browser: Chrome, centre: Centre, address: str
) -> None:
    """The connection is lost on the way: the words stay, and the same text isn't sent twice."""
    thread = claimed(centre)
    box = _opens(browser, address, thread)
    box.send_keys("Yes, it is.")
    with centre.without_database():
        browser.find_element(By.CSS_SELECTOR, "form[data-write] button.main").click()
        until(browser, "#said .bad")
        assert box.get_attribute("value") == "Yes, it is."
    until(browser, "#pulse[data-state='live']")
    lose = (
        "const real = fetch; window.fetch = async (...a) => { const r = await real(...a); "
        "if (a[1]?.method === 'POST') { window.fetch = real; throw new TypeError('lost'); } return r; };"
    )
    browser.execute_script(lose)
    button = browser.find_element(By.CSS_SELECTOR, "form[data-write] button.main")
    # A second press in the moment after one is taken for the same stroke: it is pressed until it counts.
    pressed = "given[0].hasAttribute('aria-busy') || (given[0].click(), given[0].hasAttribute('aria-busy'))"
    assert until_true(browser, pressed, button, seconds=10)
    assert until_true(browser, "given[0].value === ''", box, seconds=10)
    until(browser, ".talk .how")
    assert [one.body for one in _said(centre, thread) if one.by_staff] == ["Yes, it is."]


def test_skip_to_writing_lands_in_the_box(browser: Chrome, centre: Centre, address: str) -> None:
    """By keyboard: the first key of the page, and what is typed next stands in the text to them."""
    thread = claimed(centre)
    box = _opens(browser, address, thread)
    skip = browser.find_element(By.CSS_SELECTOR, "a.skip[href$='write']")
    skip.send_keys(Keys.ENTER)
    assert until_true(browser, "document.activeElement === given[0]", box, seconds=10)
    browser.switch_to.active_element.send_keys("Yes")
    assert box.get_attribute("value") == "Yes"


def test_skip_to_writing_lands_in_the_note_of_a_call(browser: Chrome, centre: Centre, address: str) -> None:
    """Nothing else is written about somebody who called."""
    browser.get(f"{address}/threads/{centre.calls_in('+16175550142', '2')}")
    until(browser, "#pulse[data-state='live']")
    browser.find_element(By.CSS_SELECTOR, "a.skip[href$='note']").send_keys(Keys.ENTER)
    assert until_true(browser, "document.activeElement.id === 'note'", seconds=10)


def test_a_suggestion_fills_the_box_and_sends_nothing(browser: Chrome, centre: Centre, address: str) -> None:
    """One press, then it may be changed."""
    thread = claimed(centre)
    box = _opens(browser, address, thread)
    browser.find_element(By.CSS_SELECTOR, "[data-words]").click()
    assert box.get_attribute("value") == "Hi. Is this a good time to text? Answer when you can."
    assert browser.switch_to.active_element == box
    assert not [one for one in _said(centre, thread) if one.by_staff]


def test_the_counter_counts_as_the_server_does(browser: Chrome, centre: Centre, address: str) -> None:
    """In parts, with a gentle warning above one."""
    thread = claimed(centre)
    box = _opens(browser, address, thread)
    fill = (
        "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input', {bubbles: true})); "
        "return document.getElementById('count').innerText"
    )
    for text in ("a" * 160, "a" * 161, "€" * 80, "€" * 81, "ô" * 70, "ô" * 71, "😀" * 34, "é" * 306 + "x"):
        told, pieces = browser.execute_script(fill, box, text), segments(text)
        assert told.startswith(f"{pieces} parts.") if pieces > 1 else "letters." in told, text


def test_a_note_that_is_too_long_is_neither_cut_off_nor_sent(
    browser: Chrome, centre: Centre, address: str
) -> None:
    """A browser cuts off what is pasted over a limit, without a word; here it stays, and what is wrong is told."""
    thread = claimed(centre)
    _opens(browser, address, thread)
    note = browser.find_element(By.ID, "note")
    note.click()
    pasted = "document.execCommand('insertText', false, arguments[0])"
    browser.execute_script(pasted, "a" * 2001)
    assert len(str(note.get_attribute("value"))) == 2001
    told = note.get_property("validationMessage")
    assert told == (
        "2001 letters are too many for here: 2000 at most. Nothing is cut off, and nothing is sent yet."
    )
    browser.find_element(By.CSS_SELECTOR, "[data-note] button").click()
    writes(centre, "are you there")
    until(browser, ".talk li:nth-child(3)")
    assert len(str(note.get_attribute("value"))) == 2001, "it outlives a page that is drawn anew"
    assert not browser.find_elements(By.CSS_SELECTOR, ".happened .note")
    note.click()
    note.send_keys(Keys.END, Keys.BACKSPACE)
    assert note.get_property("validationMessage") == ""
    browser.find_element(By.CSS_SELECTOR, "[data-note] button").click()
    until(browser, ".happened .note")


def test_on_a_phone_nothing_is_cut_off(browser: Chrome, centre: Centre, address: str) -> None:
    """360 pixels: no scrolling sideways, every button as large as a thumb."""
    thread = claimed(centre, f"{QUESTION} {'W' * 200}")
    show_as(browser, PHONE)
    for place in (f"/threads/{thread}", "/deliveries", "/on-call"):
        browser.get(address + place)
        until(browser, "#pulse[data-state='live']")
        open_all(browser)
        assert browser.execute_script("return document.documentElement.scrollWidth") == 360
        assert outside(browser, "button, select, textarea, summary.button, .check", 360) == []


def test_an_emergency_is_seen_while_one_writes(browser: Chrome, centre: Centre, address: str) -> None:
    """With a way to it, and in the title."""
    thread = claimed(centre)
    _opens(browser, address, thread)
    centre.calls_in("+16175550141", keys="1")
    until(browser, "[data-emergency] a")
    assert browser.title.startswith("(1 emergency)")
    browser.execute_script("scrollTo(0, document.documentElement.scrollHeight)")
    seen = "const box = document.querySelector('[data-emergency] a').getBoundingClientRect();"
    assert browser.execute_script(f"{seen} return box.top >= 0 && box.bottom < innerHeight")
    browser.find_element(By.CSS_SELECTOR, "[data-emergency] a").click()
    until(browser, ".card.emergency")


def test_a_reading_is_judged_with_the_keyboard_alone(browser: Chrome, centre: Centre, address: str) -> None:
    """Opened, pressed, seen by everybody who has the thread open; and axe-core finds nothing, on a phone either, in
    light and in dark."""
    thread = claimed(centre)
    _opens(browser, address, thread)
    browser.find_element(By.CSS_SELECTOR, "details.read summary").send_keys(Keys.ENTER)
    button = browser.find_element(By.XPATH, "//button[starts-with(., 'This was an emergency')]")
    assert button.accessible_name.startswith("This was an emergency (message of ")
    button.send_keys(Keys.SPACE)
    until(browser, ".verdict")
    until(browser, "#said .good")
    assert browser.find_element(By.CSS_SELECTOR, ".verdict").text.startswith(
        "This was an emergency, says Ana Lima"
    )
    assert browser.find_element(By.CSS_SELECTOR, "details.read").get_attribute("open")
    for size in (LAPTOP, (390, 844)):
        show_as(browser, size)
        for scheme in ("light", "dark"):
            drawn_in(browser, scheme)
            assert unfit(browser, colours=scheme == "dark") == [], scheme
    browser.find_element(By.XPATH, "//button[starts-with(., 'Take back')]").send_keys(Keys.ENTER)
    until(browser, ".read .acts:not(:has([data-key='was-']))")
    assert not browser.find_elements(By.CSS_SELECTOR, ".verdict")


@pytest.mark.parametrize("size", [LAPTOP, PHONE])
def test_the_warning_before_the_lock_is_in_sight_wherever_somebody_reads(
    browser: Chrome, centre: Centre, address: str, size: tuple[int, int]
) -> None:
    """At the end of a long thread, too; a screen reader hears it, for the place where it appears was there before. What
    is safe stands below it, and neither covers the other."""
    show_as(browser, size)
    thread = claimed(centre)
    for number in range(30):
        writes(centre, f"{QUESTION}, or the one with number {number}?")
    _opens(browser, address, thread)
    browser.execute_script("scrollTo(0, document.documentElement.scrollHeight)")
    warning = browser.find_element(By.ID, "idle")
    assert (warning.get_attribute("role"), warning.get_attribute("aria-live")) == ("alert", "assertive")
    assert warning.get_attribute("hidden") is None
    centre.clock.pass_by(timedelta(minutes=14, seconds=30))
    until(browser, "#idle:not(:empty)")
    seen = browser.execute_script(
        "const it = document.getElementById('idle').getBoundingClientRect();"
        "return [scrollY > 500, it.height > 20, it.top >= 0, it.bottom <= innerHeight];"
    )
    assert seen == [True] * 4
    apart = browser.execute_script(
        "const [above, below] = ['.warnings', '.in-sight'].map("
        "(one) => document.querySelector(one).getBoundingClientRect());"
        "return [below.top - above.bottom, below.height > 20, below.bottom <= innerHeight];"
    )
    assert [abs(apart[0]) <= 1, *apart[1:]] == [True] * 3
