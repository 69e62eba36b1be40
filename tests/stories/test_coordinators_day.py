"""A coordinator's day, before a real browser and with a telephone in her hand: the clock is moved by the story."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pyotp
import pytest
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select
from werkzeug.test import TestResponse

from hotline.callbacks.callback import CallbackKind, CallbackStatus
from hotline.model import CallbackId, Outcome, PhoneNumber
from hotline.operations.sign_in import second_proof
from hotline.operations.transaction import Transaction
from hotline.simulator import Behaviour
from tests.console.browser import ear, serving, until, until_true
from tests.console.centre import PASSWORD, press
from tests.stories.page_in_hand import has_a_password, page_of
from tests.stories.records import callbacks_of
from tests.stories.world import ANA, CLEO, Person, World

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TOM = "+16175550143"
STEP = timedelta(seconds=30)


@pytest.fixture
def address(world: World, chromium: Chrome) -> Iterator[str]:
    """Where the pages of this world are; nobody is signed in, and what sounds is written down."""
    with serving(world.app) as served, ear(chromium, served):
        yield served
        chromium.get("about:blank")


def has_an_app(transaction: Transaction, number: str, begun: list[str]) -> None:
    """Whoever has this telephone has a password and begins with a second step; the app's secret is put there."""
    row = has_a_password(transaction, number)
    begun.append(second_proof.begin(transaction, row.id).secret)


@pytest.fixture
def app(world: World) -> pyotp.TOTP:
    """Ana's, in which she sees her six digits."""
    secrets: list[str] = []
    world.change(lambda transaction: has_an_app(transaction, ANA, secrets))
    app = pyotp.TOTP(secrets[-1])
    given, who = app.at(world.clock()), world.staff_id(ANA)
    assert world.change(lambda transaction: second_proof.confirm(transaction, who, given))
    world.clock.now += STEP
    return app


@dataclass
class Day:
    """Ana before her browser, with her telephone; and who calls."""

    world: World
    browser: Chrome
    address: str
    app: pyotp.TOTP

    @property
    def tom(self) -> Person:
        return self.world.person(TOM, label="Tom")

    def one(self, selector: str) -> WebElement:
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def sees(self, selector: str) -> None:
        """This comes to stand on her page."""
        until(self.browser, selector, 20)

    def presses(self, selector: str, words: str = "") -> None:
        """A button of the page; she reads that it was done, in these words."""
        self.sees(selector)
        self.rests()
        self.browser.execute_script("document.getElementById('said').replaceChildren()")
        self.presses_link(selector)
        self.sees("#said .said.good")
        assert words in self.one("#said").text

    def rests(self) -> None:
        """As people do between two presses: for a moment after one was answered, the page takes none."""
        self.browser.execute_script("window.rested = performance.now() + 800")
        assert until_true(self.browser, "performance.now() > rested", seconds=10)

    def key(self, letter: str) -> None:
        """Wherever the focus is."""
        self.rests()
        self.browser.switch_to.active_element.send_keys(letter)

    def signs_in(self) -> None:
        """Name, password, six digits; a click lets the browser make sounds."""
        self.browser.get(f"{self.address}/sign-in")
        self.one("#who").send_keys("Ana Lima")
        self.one("#password").send_keys(PASSWORD, Keys.ENTER)
        self.sees("#code")
        assert not self.browser.find_elements(By.ID, "live"), "a password alone shows nothing"
        self.one("#code").send_keys(self.app.at(self.world.clock()), Keys.ENTER)
        self.sees("#pulse[data-state='live']")
        self.one("h2#emergencies").click()
        self.sees("#silent[hidden]")

    def takes_an_emergency(self) -> None:
        """It sounds; she takes it, her telephone rings, they talk."""
        self.world.mia.calls().presses("1")
        self.sees("[data-emergency='open']")
        assert until_true(self.browser, "window.rang.length === 6", seconds=10), "it makes no sound"
        told = self.browser.execute_script("return told")
        assert told == [["Emergency waiting", "Open the board to accept it."]]
        assert self.browser.title.startswith("(1 emergency)")
        self.presses(".emergency form[data-key='accept'] button")
        self.world.ana.answers().presses("1").meets(self.world.mia)
        self.sees(".emergency.mine")

    def hands_it_over(self) -> None:
        """To Cleo, who comes to the line, closes it, and agrees with Mia on a call tomorrow."""
        world = self.world
        self.one("details[data-key='hand-over'] summary").click()
        Select(self.one("details[data-key='hand-over'] select")).select_by_visible_text("Cleo Park")
        self.presses("details[data-key='hand-over'] button")
        cleo, (emergency,) = page_of(world, CLEO), world.board(CLEO).emergencies
        here = f"/board/escalations/{emergency.escalation}"
        assert _done(press(cleo, f"{here}/accept", script=True))
        world.cleo.answers().presses("1")
        world.until(lambda: world.cleo.talks_with(world.mia, world.ana))
        world.ana.hangs_up()
        self.sees(".emergency:not(.mine)")
        world.mia.hangs_up()
        world.cleo.leaves()
        assert _done(press(cleo, f"{here}/close", script=True))
        agreed = f"/board/follow-ups/{emergency.escalation}/agree"
        assert _done(press(cleo, agreed, script=True, at="2026-03-03T16:00"))
        self.sees("section.emergencies .nothing")

    def calls_tom(self) -> CallbackId:
        """He waited in vain and asked to be called: by keyboard she claims and calls; her telephone rings first."""
        self.tom.calls().presses("2").hears("A coordinator will call you back", within=90).presses("4")
        self.tom.hears("message").presses("5").hears("text").presses("5")
        self.tom.hears("as soon as we can").presses("4").hangs_up()
        (owed,) = (row.callback.id for row in callbacks_of(self.world) if row.number == PhoneNumber(TOM))
        self.sees(f"#callback-{owed}")
        self.sees("section.callers .nothing")
        self.goes_to(f"#callback-{owed}")
        self.key("c")
        self.sees(f"#callback-{owed} .chip.mine")
        self.key("l")
        self.world.ana.answers().presses("1")
        self.tom.answers().presses("1").meets(self.world.ana)
        return owed

    def goes_to(self, card: str) -> None:
        """From card to card, by key."""
        there = "document.querySelector(given[0])?.contains(document.activeElement)"
        for _ in range(8):
            self.key("j")
            if until_true(self.browser, there, card, seconds=1):
                return
        raise AssertionError(f"J never came to {card}")

    def writes_down(self, owed: CallbackId) -> None:
        """While they talk, on the page of the case: the record, kept as she types, and a note."""
        self.presses_link(f"#callback-{owed} .acts a[href^='/threads/']")
        self.sees("#record-substances")
        self.one("#record-substances").send_keys("heroin, a gram a day")
        self.one("input[name='seizures'][value='yes']").click()
        self.sees("[data-place='substances'][data-kept='heroin, a gram a day']")
        self.sees("[data-place='seizures'][data-kept='yes']")
        self.one("#note").send_keys("his sister drives him")
        self.presses("form[data-note] button")
        self.sees("li.note")

    def presses_link(self, selector: str) -> None:
        self.sees(selector)
        self.browser.execute_script("arguments[0].click()", self.one(selector))

    def is_asked_how_it_ended(self, owed: CallbackId) -> None:
        """He has hung up: her telephone asks, and she looks at the board."""
        self.world.passes(60)
        self.tom.hangs_up()
        self.world.ana.hears("How did it end")
        self.browser.get(f"{self.address}/board")
        self.sees("#pulse[data-state='live']")
        self.sees(f"#done-{owed}")

    def books_an_intake(self, owed: CallbackId) -> None:
        """He has hung up, and she is asked how it ended: she says it on the board, with day, time and place."""
        self.is_asked_how_it_ended(owed)
        self.one(f"#done-{owed} details[data-key='correct'] summary").click()
        Select(self.one(f"#outcome-{owed}")).select_by_value("booked_intake")
        self.browser.execute_script("arguments[0].value = '2026-03-04T10:00'", self.one(f"#starts-{owed}"))
        self.one(f"#place-{owed}").send_keys("Harbor House, door B")
        self.presses(f"#done-{owed} form.outcome button", "Saved: intake booked.")
        self.sees(".follows [id^='intake-']")
        assert "Within 48 hours of asking" in self.one(".follows").text
        self.world.ana.leaves()
        (intake,) = self.world.board().intakes
        assert intake.place == "Harbor House, door B"

    def follows_up(self) -> None:
        """It is rung when it was agreed, with its words on the board and in her ear; how it ended is said, too."""
        world = self.world
        (owed,) = (one for one in callbacks_of(world) if one.callback.kind is CallbackKind.FOLLOW_UP)
        card = f"#callback-{owed.callback.id}"
        world.until(lambda: world.ana.rings, within=600)
        self.sees(card)
        assert "Are you safe now?" in str(self.one(f"{card} [data-key='script']").get_property("textContent"))
        world.ana.answers().presses("1").hears("Follow-up, agreed after an emergency")
        world.mia.answers(within=60).presses("1").meets(world.ana)
        self.sees(f"{card} .chip.mine")
        world.passes(30)
        Select(self.one(f"#outcome-{owed.callback.id}")).select_by_value("reached")
        self.presses(f"{card} form.outcome button", "Saved")
        world.mia.hangs_up()
        world.ana.leaves()
        world.passes(2)


def _done(answer: TestResponse) -> bool:
    return bool((answer.json or {})["good"])


def test_a_coordinators_day(world: World, chromium: Chrome, address: str, app: pyotp.TOTP) -> None:
    """From the six digits to the call that was agreed for the next day; at its end nothing is owed."""
    day = Day(world, chromium, address, app)
    world.phones(Behaviour.OFF, world.ben, world.sue)
    day.signs_in()
    day.takes_an_emergency()
    day.hands_it_over()
    owed = day.calls_tom()
    day.writes_down(owed)
    day.books_an_intake(owed)
    world.passes(minutes=24 * 60 + 55)
    day.sees("#who")  # her session was for one shift
    day.signs_in()
    day.follows_up()
    closed = [(row.callback.status, row.callback.outcome) for row in callbacks_of(world)]
    assert {outcome for status, outcome in closed if status is CallbackStatus.CLOSED} >= {
        Outcome.BOOKED_INTAKE,
        Outcome.REACHED,
    }
    assert all(status is CallbackStatus.CLOSED for status, _ in closed)
    day.sees("section.callbacks .nothing")


WHERE = """
const at = document.activeElement;
if (!at || at === document.body) return "nowhere";
const box = at.getBoundingClientRect(), looks = getComputedStyle(at);
// Of a time, the browser itself marks the part that has the focus.
const isTime = ["date", "datetime-local"].includes(at.type);
const marked = looks.outlineStyle !== "none" || looks.boxShadow !== "none" || isTime;
if (!marked || !box.width || !at.checkVisibility()) return `unseen: ${at.outerHTML.slice(0, 120)}`;
return "seen";
"""


@dataclass
class ByKeyboard(Day):
    """The same without a mouse: Tab, Enter and the letters of the list under `?`. She always sees where she is."""

    def sends(self, *keys: str) -> None:
        """To whatever has the focus."""
        ActionChains(self.browser).send_keys(*keys).perform()

    def tabs_to(self, selector: str) -> None:
        """From one thing to the next, each of them to be seen."""
        there = f"return document.activeElement.matches({selector!r})"
        for _ in range(90):
            if self.browser.execute_script(there):
                return
            self.sends(Keys.TAB)
            assert self.browser.execute_script(WHERE) in ("seen", "nowhere")
        raise AssertionError(f"Tab never came to {selector}")

    def does(self, selector: str, words: str) -> None:
        """A button by Enter; she reads that it was done, and has not lost her place."""
        self.tabs_to(selector)
        self.rests()
        self.sends(Keys.ENTER)
        self.reads(words)

    def reads(self, words: str) -> None:
        """The page says so, and the focus is somewhere."""
        said = "document.querySelector('#said .said.good')?.textContent.includes(given[0])"
        assert until_true(self.browser, said, words, seconds=15), self.one("#said").text
        self.rests()
        assert self.browser.execute_script(WHERE) == "seen"

    def comes_in(self) -> None:
        """Name, password and six digits."""
        self.browser.get(f"{self.address}/sign-in")
        self.tabs_to("#who")
        self.sends("Ana Lima")
        self.tabs_to("#password")
        self.sends(PASSWORD, Keys.ENTER)
        self.sees("#code")
        self.tabs_to("#code")
        self.sends(self.app.at(self.world.clock()), Keys.ENTER)
        self.sees("#pulse[data-state='live']")

    def helps(self) -> None:
        """An emergency: J goes to it, C accepts it, Enter says that she is still there; her telephone closes it."""
        self.world.mia.calls().presses("1")
        self.sees("[data-emergency='open']")
        self.goes_to("[data-emergency='open']")
        self.key("c")
        self.sees(".emergency.mine")
        assert self.browser.execute_script(WHERE) == "seen"
        self.world.ana.answers().presses("1").meets(self.world.mia)
        self.goes_to(".emergency.mine")
        self.does(".emergency form[data-key='keep'] button", "")
        self.world.passes(30)
        self.world.mia.hangs_up()
        self.world.ana.hears("Is this emergency closed").presses("1").hears("Saved").leaves()
        self.sees("section.emergencies .nothing")

    def writes(self, owed: CallbackId) -> None:
        """The page of the case: the record, kept as she types, and a note."""
        self.tabs_to(f"#callback-{owed} .acts a[data-key='page']")
        self.rests()
        self.sends(Keys.ENTER)
        self.sees("#record-substances")
        self.tabs_to("#record-substances")
        self.sends("heroin, a gram a day")
        self.sees("[data-place='substances'][data-kept='heroin, a gram a day']")
        self.tabs_to("#note")
        self.sends("his sister drives him")
        self.does("form[data-note] button", "")
        self.sees("li.note")

    def books(self, owed: CallbackId) -> None:
        """He has hung up: on the board again, she says how it ended, with day, time and place."""
        self.is_asked_how_it_ended(owed)
        self.tabs_to(f"#done-{owed} details[data-key='correct'] summary")
        self.sends(Keys.ENTER)
        self.tabs_to(f"#outcome-{owed}")
        self.sends("Intake")
        self.tabs_to(f"#starts-{owed}")
        self.sends("03042026", Keys.TAB, "1000AM")
        self.tabs_to(f"#place-{owed}")
        self.sends("Harbor House, door B")
        self.does(f"#done-{owed} form.outcome button", "Saved: intake booked.")
        self.world.ana.leaves()

    def looks_for_it(self, owed: CallbackId) -> None:
        """By number, on Search, where / puts her at once."""
        self.key("/")
        self.sees("#search")
        self.sends(TOM, Keys.ENTER)
        self.sees("#found a[href^='/threads/'], main li a[href^='/threads/']")
        self.tabs_to("main li a[href^='/threads/']")

    def goes_home(self) -> None:
        """The end of her shift."""
        self.tabs_to("form[action='/sign-out'] button")
        self.sends(Keys.ENTER)
        self.sees("#who")


@pytest.mark.proof
def test_a_shift_by_keyboard_alone(world: World, chromium: Chrome, address: str, app: pyotp.TOTP) -> None:
    """From the sign-in to the sign-out no mouse is touched, and nowhere does she lose sight of where she is."""
    day = ByKeyboard(world, chromium, address, app)
    world.phones(Behaviour.OFF, world.ben, world.sue)
    day.comes_in()
    day.helps()
    owed = day.calls_tom()
    day.writes(owed)
    day.books(owed)
    day.looks_for_it(owed)
    day.goes_home()
    (intake,) = world.board().intakes
    assert intake.place == "Harbor House, door B"
