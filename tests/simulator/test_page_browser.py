"""The page in a real browser, by hand: what a newcomer does, and what must never get in the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from urllib.parse import urlsplit

import pytest
import requests
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select

from hotline.simulator.texts.message import segments
from tests.console.browser import show_as, unfit, until_true

from .conftest import LINE, SID, TOKEN
from .stage import ANA, BEN, CHLOE, KIM, MENU, MIA, TOM, Stage, staged

pytestmark = pytest.mark.browser
LAPTOP, PHONE = (1366, 850), (390, 844)


@pytest.fixture
def browser(chromium: Chrome) -> Chrome:
    """Nothing is open."""
    return chromium


@pytest.fixture
def stage(browser: Chrome) -> Iterator[Stage]:
    """The page is open on a laptop, and nothing has happened yet."""
    with staged() as found:
        show_as(browser, LAPTOP)
        browser.get(found.url)
        until(browser, f"{of(MIA)}[data-mode=idle]")
        yield found
        found_wrong = complaints(browser)
        browser.get("about:blank")
    assert found_wrong == []


def complaints(browser: Chrome) -> list[str]:
    """Errors in the browser's console since they were last asked for."""
    logged = browser.get_log("browser")  # type: ignore[no-untyped-call]
    return [line["message"] for line in logged if line["level"] == "SEVERE"]


def of(number: str) -> str:
    """Where somebody's telephone is."""
    return f"#phone-{number[1:]}"


def one(browser: Chrome, selector: str) -> WebElement:
    return browser.find_element(By.CSS_SELECTOR, selector)


def until(browser: Chrome, selector: str, seconds: float = 15) -> None:
    """Wait until this can be seen."""
    seen = "[...document.querySelectorAll(given[0])].some((one) => one.checkVisibility(HIDDEN))"
    seen = seen.replace("HIDDEN", "{visibilityProperty: true, opacityProperty: true}")
    assert until_true(browser, seen, selector, seconds=seconds), f"never saw {selector}"


def until_said(browser: Chrome, selector: str, words: str, seconds: float = 15) -> None:
    """Wait until these words stand there."""
    said = "document.querySelector(given[0])?.innerText.replaceAll('\\u00a0', ' ').includes(given[1])"
    assert until_true(browser, said, selector, words, seconds=seconds), f"{selector} never said {words!r}"


def does(browser: Chrome, number: str, action: str) -> None:
    """Press one of the large buttons of somebody's telephone, as soon as it is there."""
    button = f"{of(number)} [data-act={action}]"
    until(browser, button)
    one(browser, button).click()


def presses(browser: Chrome, number: str, key: str) -> None:
    until(browser, f"{of(number)}[data-mode=talking]")
    keys = browser.find_elements(By.CSS_SELECTOR, f"{of(number)} [data-key='{key}']")
    next(found for found in keys if found.is_displayed()).click()


def connect(browser: Chrome) -> None:
    """Mia calls and presses 2; Ben answers and presses 1."""
    does(browser, MIA, "calls")
    until_said(browser, f"{of(MIA)} .latest", MENU)
    presses(browser, MIA, "2")
    does(browser, BEN, "answer")
    until_said(browser, f"{of(BEN)} .latest", "Press 1 to connect.")
    presses(browser, BEN, "1")
    until(browser, f"{of(MIA)}.together")


def ring(stage: Stage, number: str) -> None:
    """The hotline calls somebody by REST."""
    url = stage.sim.kernel.numbers[LINE].voice_url.replace("/voice", "/staff")
    calls = f"{stage.url}/2010-04-01/Accounts/{SID}/Calls.json"
    form = {"To": number, "From": LINE, "Url": url}
    assert requests.post(calls, data=form, auth=(SID, TOKEN), timeout=5).status_code == 201


def fits(browser: Chrome) -> bool:
    """Nothing has to be scrolled to the side."""
    return bool(browser.execute_script("return document.documentElement.scrollWidth <= innerWidth"))


def test_a_newcomer_calls_is_answered_and_talks(stage: Stage, browser: Chrome) -> None:
    """Call, 2, two phones ring, Ben answers, 1: both see each other and what the other says; ticks follow."""
    does(browser, MIA, "calls")
    until_said(browser, f"{of(MIA)} .latest", MENU)
    presses(browser, MIA, "2")
    until_said(browser, f"{of(ANA)} [data-state]", "Ringing")
    until_said(browser, f"{of(BEN)} [data-state]", "Ringing")
    does(browser, BEN, "answer")
    until_said(browser, f"{of(BEN)} .latest", "Press 1 to connect.")
    presses(browser, BEN, "1")
    until_said(browser, f"{of(MIA)} [data-status]", "Talking with Ben Ortiz")
    until_said(browser, f"{of(BEN)} .status", "Talking with Mia")
    until_said(browser, f"{of(ANA)} [data-state]", "Ready")
    one(browser, f"{of(MIA)} [name=words]").send_keys("I need help", Keys.ENTER)
    until_said(browser, f"{of(BEN)} .latest", "I need help")
    one(browser, f"{of(BEN)} [name=words]").send_keys("I am here", Keys.ENTER)
    until_said(browser, f"{of(MIA)} .latest", "I am here")
    until(browser, "[data-try=answered] [data-tick]")
    assert len(browser.find_elements(By.CSS_SELECTOR, "[data-steps=answered] .done")) == 5
    one(browser, "[data-again]").click()
    until(browser, "[data-steps=answered] li:first-child[aria-current]")
    does(browser, MIA, "hangs_up")
    until_said(browser, f"{of(MIA)} [data-status]", "Call ended")
    until_said(browser, f"{of(BEN)} [data-state]", "Ready")


def test_what_somebody_is_writing_is_left_alone(stage: Stage, browser: Chrome) -> None:
    """While calls ring and words arrive, a field keeps its focus, its words and its place in the page."""
    one(browser, f"{of(MIA)} [data-view=texts]").click()
    field = one(browser, f"{of(MIA)} [name=body]")
    field.send_keys("half a sen")
    stage.sim.phone(TOM).calls(LINE)
    until_said(browser, "[data-posted]", "1 request")
    stage.sim.phone(TOM).presses("2")
    until_said(browser, f"{of(ANA)} [data-state]", "Ringing")
    assert browser.switch_to.active_element == field
    field.send_keys("tence")
    assert field.get_property("value") == "half a sentence"


def test_a_text_goes_out_and_its_answer_comes_back(stage: Stage, browser: Chrome) -> None:
    """Sent, marked delivered, answered; on a phone that isn't on the screen a number says what is new."""
    one(browser, f"{of(MIA)} [data-view=texts]").click()
    one(browser, f"{of(MIA)} [name=body]").send_keys("2", Keys.ENTER)
    until_said(browser, f"{of(MIA)} .thread .out .mark", "Delivered")
    until_said(browser, f"{of(MIA)} .thread .in", "We can help.")
    one(browser, f"{of(CHLOE)} .texts > summary").click()
    one(browser, f"{of(CHLOE)} [data-reply=DONE]").click()
    until_said(browser, f"{of(CHLOE)} .thread .out", "DONE")
    stage.sim.phone(TOM).texts(LINE, "hello")
    until_said(browser, f"[data-caller='{TOM}'] [data-unread]", "1")


def test_a_hidden_number_stays_hidden_in_calls(stage: Stage, browser: Chrome) -> None:
    """Kim's call arrives as anonymous."""
    one(browser, f"[data-caller='{KIM}']").click()
    assert not one(browser, of(MIA)).is_displayed()
    does(browser, KIM, "calls")
    until(browser, f"{of(KIM)}[data-mode=talking]")
    assert stage.app.forms("/voice")[0]["From"] == "anonymous"


def test_who_is_called_back_comes_to_the_screen(stage: Stage, browser: Chrome) -> None:
    """A caller's ringing phone is shown when the one on the screen is at rest."""
    ring(stage, TOM)
    until_said(browser, f"{of(TOM)} [data-status]", "Ringing: the hotline is calling")
    does(browser, TOM, "decline")
    until_said(browser, f"{of(TOM)} [data-status]", "Ready")


def test_a_telephone_can_be_switched_off(stage: Stage, browser: Chrome) -> None:
    """What is chosen is what the telephone does, and it says so."""
    Select(one(browser, f"{of(ANA)} [data-behaviour]")).select_by_value("off")
    until_said(browser, f"{of(ANA)} [data-state]", "Switched off")
    Select(one(browser, f"{of(BEN)} [data-behaviour]")).select_by_value("voicemail")
    until_said(browser, f"{of(BEN)} [data-state]", "Voicemail box on")
    does(browser, MIA, "calls")
    presses(browser, MIA, "2")
    until_said(browser, f"{of(BEN)} .status", "voicemail box will answer")
    assert not one(browser, f"{of(BEN)} [data-act=answer]").is_displayed()
    until_said(browser, f"{of(BEN)} [data-state]", "In a call")
    assert not one(browser, f"{of(BEN)} [data-act=hangs_up]").is_displayed()


def test_the_keyboard_is_enough(stage: Stage, browser: Chrome) -> None:
    """Call by Enter; typed digits are keys; the same Enter again doesn't hang up."""
    one(browser, f"{of(MIA)} [data-act=calls]").send_keys(Keys.ENTER)
    until_said(browser, f"{of(MIA)} .latest", MENU)
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    browser.switch_to.active_element.send_keys("2")
    until_said(browser, f"{of(MIA)} .pressed", "2")
    until(browser, f"{of(ANA)}[data-mode=ringing]")
    one(browser, f"{of(ANA)} [data-act=answer]").send_keys(Keys.ENTER)
    until_said(browser, f"{of(ANA)} .latest", "Press 1 to connect.")
    browser.switch_to.active_element.send_keys("1")
    until(browser, f"{of(MIA)}.together")


def test_on_a_phone_the_caller_comes_first_and_ringing_is_found(stage: Stage, browser: Chrome) -> None:
    """Nothing scrolls sideways; staff are one line each until they ring; a tap leads to who rings."""
    show_as(browser, PHONE)
    browser.refresh()
    until(browser, f"{of(MIA)}[data-mode=idle]")
    assert fits(browser)
    assert one(browser, f"{of(MIA)} [data-act=calls]").rect["y"] < PHONE[1] - 60
    assert one(browser, of(MIA)).rect["y"] < one(browser, of(ANA)).rect["y"]
    assert one(browser, of(ANA)).rect["height"] < 80
    does(browser, MIA, "calls")
    presses(browser, MIA, "2")
    until_said(browser, "#ringbar", "Ana Lima’s phone is ringing")
    assert fits(browser)
    one(browser, "#ringbar a").click()
    does(browser, ANA, "answer")
    presses(browser, ANA, "1")
    until(browser, f"{of(ANA)}.together")
    assert fits(browser)
    assert one(browser, of(CHLOE)).rect["height"] < 80
    one(browser, f"{of(CHLOE)} [data-more]").click()
    until(browser, f"{of(CHLOE)} [data-behaviour]")


@pytest.mark.proof("size0")
@pytest.mark.parametrize("size", [LAPTOP, PHONE])
def test_nobody_is_kept_out_by_the_page(stage: Stage, browser: Chrome, size: tuple[int, int]) -> None:
    """axe-core finds nothing, at rest and while people talk and write, on a laptop and on a telephone."""
    show_as(browser, size)
    assert unfit(browser) == []
    connect(browser)
    stage.sim.phone(TOM).texts(LINE, "hello")
    until_said(browser, f"[data-caller='{TOM}'] [data-unread]", "1")
    assert unfit(browser) == []


def test_on_a_phone_no_button_of_a_caller_breaks_in_a_word(stage: Stage, browser: Chrome) -> None:
    """Also beside the longest words under a name, with texts that nobody has read."""
    show_as(browser, PHONE)
    browser.refresh()
    stage.sim.phone(KIM).texts(LINE, "hello")
    until_said(browser, f"[data-caller='{KIM}'] [data-unread]", "1")
    one(browser, f"[data-caller='{KIM}']").click()
    for view in ("phone", "texts"):
        assert one(browser, f"{of(KIM)} [data-view={view}]").rect["height"] < 34
    assert fits(browser)


def test_the_phone_company_s_log_scrolls_within_the_page(stage: Stage, browser: Chrome) -> None:
    """It is wider than a telephone's screen; the page isn't."""
    stage.sim.phone(TOM).texts(LINE, "hello")
    show_as(browser, PHONE)
    one(browser, "#log summary").click()
    until(browser, "#log tbody tr")
    assert fits(browser)
    assert one(browser, "#log table").rect["width"] > PHONE[0]
    assert one(browser, "#log .wide").rect["width"] < PHONE[0]


COUNTED = {
    "hello": "5 of 160 letters in one part",
    "a" * 161: "161 letters in 2 parts",
    "olá, estou à espera de vocês": "28 of 70 letters in one part",
    "€" * 153: "306 letters in 3 parts",
}


def test_the_parts_of_a_text_are_counted_while_it_is_written(stage: Stage, browser: Chrome) -> None:
    """As the phone company counts them once it is sent; nothing is counted where nothing is written."""
    one(browser, f"[data-caller='{TOM}']").click()
    one(browser, f"{of(TOM)} [data-view=texts]").click()
    for sent, (words, said) in enumerate(COUNTED.items(), 1):
        field = one(browser, f"{of(TOM)} [data-form=texts] input")
        field.send_keys(words)
        until_said(browser, f"{of(TOM)} [data-count]", said)
        parts = re.search(r"in (one|\d+) part", said)
        assert parts is not None
        assert segments(words) == (1 if parts[1] == "one" else int(parts[1]))
        field.send_keys(Keys.ENTER)
        there = "document.querySelectorAll(given[0]).length >= given[1]"
        assert until_true(browser, there, f"{of(TOM)} .thread .out", sent, seconds=15), words
        assert not one(browser, f"{of(TOM)} [data-count]").is_displayed()


def test_telephones_stand_beside_each_other(stage: Stage, browser: Chrome) -> None:
    """With all texts open and long words in them, on windows of any width no telephone covers another."""
    for number in (ANA, BEN, CHLOE):
        stage.sim.phone(number).texts(LINE, "https://hotline.example.com/" + "a" * 120)
        one(browser, f"{of(number)} .texts > summary").click()
        until(browser, f"{of(number)} .thread .out")
    for width in range(600, 1401, 50):
        show_as(browser, (width, 850))
        assert fits(browser), width
        assert covered(browser) == [], width


def covered(browser: Chrome) -> list[tuple[str, str]]:
    """Which of the staff's telephones lie over each other."""
    found = {
        one.get_attribute("id"): one.rect for one in browser.find_elements(By.CSS_SELECTOR, ".staff[id]")
    }
    return [
        (str(a), str(b))
        for (a, first), (b, second) in combinations(found.items(), 2)
        if first["x"] < second["x"] + second["width"]
        and second["x"] < first["x"] + first["width"]
        and first["y"] < second["y"] + second["height"]
        and second["y"] < first["y"] + first["height"]
    ]


def test_less_motion_means_none(stage: Stage, browser: Chrome) -> None:
    """Who asked for less motion sees a ringing phone that stands still."""
    reduced = {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", reduced)
    does(browser, MIA, "calls")
    presses(browser, MIA, "2")
    until(browser, f"{of(ANA)}[data-mode=ringing]")
    assert one(browser, of(ANA)).value_of_css_property("animation-name") == "none"
    reduced["features"][0]["value"] = "no-preference"
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", reduced)
    assert one(browser, of(ANA)).value_of_css_property("animation-name") == "halo"
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_a_network_that_has_stopped_is_said_plainly(browser: Chrome) -> None:
    """While it is gone the page says so; when it is back, the page goes on by itself."""
    show_as(browser, LAPTOP)
    with staged() as stage:
        port = urlsplit(stage.url).port
        browser.get(stage.url)
        until(browser, f"{of(MIA)}[data-mode=idle]")
        assert not one(browser, "#gone").is_displayed()
    until_said(browser, "#gone", "The phone network has stopped.")
    with staged(port or 0):
        gone = "document.getElementById('gone')"
        assert until_true(browser, f"{gone} && !{gone}.checkVisibility()", seconds=15)
        does(browser, MIA, "calls")
        until_said(browser, f"{of(MIA)} .latest", MENU)
    browser.get("about:blank")
    complaints(browser)


def test_key_sounds_and_reading_aloud_can_be_switched(stage: Stage, browser: Chrome) -> None:
    """Sounds are on and reading is off until somebody says otherwise; the choice is kept."""
    sounds, aloud = (one(browser, f"[data-toggle={name}]") for name in ("sounds", "aloud"))
    assert (sounds.get_attribute("aria-pressed"), aloud.get_attribute("aria-pressed")) == ("true", "false")
    sounds.click()
    aloud.click()
    connect(browser)
    browser.refresh()
    until(browser, f"{of(MIA)}.together")
    assert one(browser, "[data-toggle=sounds]").get_attribute("aria-pressed") == "false"
    assert one(browser, "[data-toggle=aloud]").get_attribute("aria-pressed") == "true"
