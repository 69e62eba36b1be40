"""Getting in, in a real browser: a link, a passkey that a virtual device keeps, the lock, and a session that ends."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from hotline.operations.sign_in import inviting
from hotline.settings.sign_on_settings import SingleSignOnTable
from hotline.store.people import sessions
from tests.console.browser import LAPTOP, browsing, enter, serving, show_as, unfit, until
from tests.console.centre import PASSWORD, Centre, Clock, open_centre
from tests.console.identity_provider import CLIENT, SECRET, provider_on
from tests.console.links import link_for
from tests.console.test_single_sign_on import named

pytestmark = pytest.mark.browser
NEW = "seven new random words"
NARROW = (390, 844)
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """One browser for all of them, with a device that keeps passkeys."""
    with browsing(tmp_path_factory.mktemp("profile")) as browser:
        browser.execute_cdp_cmd("WebAuthn.enable", {})
        browser.execute_cdp_cmd("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        yield browser


@pytest.fixture
def browser(chromium: Chrome) -> Chrome:
    """The browser, in which nobody is signed in."""
    chromium.get("about:blank")
    chromium.execute_cdp_cmd("Network.clearBrowserCookies", {})
    show_as(chromium, LAPTOP)
    return chromium


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def here(tmp_path: Path) -> Iterator[tuple[Centre, str]]:
    """A centre at localhost, where browsers let passkeys be used."""
    port = _port()
    where = f"http://localhost:{port}"
    centre = open_centre(tmp_path, PUBLIC_BASE_URL=where)
    with serving(centre.app, port):
        yield centre, where
    centre.application.database.dispose()


def _one(browser: Chrome, selector: str) -> WebElement:
    return browser.find_element(By.CSS_SELECTOR, selector)


def _looked_at(browser: Chrome) -> None:
    """Nothing keeps anybody out, and nothing is cut off on a phone."""
    for size in (LAPTOP, NARROW):
        show_as(browser, size)
        assert unfit(browser) == []
        wide = browser.execute_script("return document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, (browser.current_url, size)
    show_as(browser, LAPTOP)


def _value(browser: Chrome, selector: str) -> str:
    return str(browser.execute_script("return document.querySelector(arguments[0])?.value ?? ''", selector))


def _typed_a_note(browser: Chrome, centre: Centre, where: str) -> str:
    """A case with a note half written; where the note is."""
    contact = centre.calls_in("+16175550142", "2")
    browser.get(f"{where}/threads/{contact}")
    until(browser, "#pulse[data-state='live']")
    field = "form[data-note] textarea"
    box = _one(browser, field)
    browser.execute_script("arguments[0].closest('details')?.setAttribute('open', '')", box)
    box.send_keys("she asked for a bed near her sister")
    return field


def test_a_link_opens_the_page_and_leaves_nothing_in_the_address(
    here: tuple[Centre, str], browser: Chrome
) -> None:
    """The code is typed by the page itself; then the password, the second step, and what it leaves for now."""
    centre, where = here
    centre.change_person("Ana Lima", password_hash=None)
    browser.get(link_for(centre, "Ana Lima", inviting.invite).address)
    until(browser, "#password")
    assert browser.current_url == f"{where}/sign-in/welcome"
    assert "Ana Lima" in _one(browser, "main").text
    _looked_at(browser)
    _one(browser, "#password").send_keys(NEW)
    _one(browser, "#again").send_keys(NEW)
    _one(browser, "button.main").click()
    until(browser, ".qr svg")
    _looked_at(browser)
    _one(browser, "button[name='later']").click()
    until(browser, "#pulse[data-state='live']")


def test_a_passkey_is_made_signs_in_and_unlocks_with_nothing_lost(
    here: tuple[Centre, str], browser: Chrome
) -> None:
    """By a device that checks who holds it."""
    centre, where = here
    enter(browser, where, "Ana Lima")
    browser.get(f"{where}/account")
    until(browser, "[data-passkeys] summary")
    _looked_at(browser)
    _one(browser, "[data-passkeys] summary").click()
    _one(browser, "#called").send_keys("This laptop")
    _one(browser, "#password-passkey").send_keys("wrong")
    _one(browser, "[data-passkey='make'] button.main").click()
    until(browser, "[data-passkey='make'] [data-said]:not([hidden])")
    assert "not your password" in _one(browser, "[data-passkey='make'] [data-said]").text
    _one(browser, "#password-passkey").clear()
    _one(browser, "#password-passkey").send_keys(PASSWORD)
    _one(browser, "[data-passkey='make'] button.main").click()
    until(browser, ".codes code")
    _looked_at(browser)
    browser.get(f"{where}/account")
    assert "This laptop" in _one(browser, "main").text
    _looked_at(browser)
    browser.execute_cdp_cmd("Network.clearBrowserCookies", {})

    browser.get(f"{where}/sign-in")
    until(browser, "[data-passkey]:not([hidden])")
    _looked_at(browser)
    _one(browser, "[data-passkey] button").click()
    until(browser, "#pulse[data-state='live']")

    field = _typed_a_note(browser, centre, where)
    centre.clock.pass_by(timedelta(minutes=15))
    until(browser, "#lock:not([hidden])")
    assert "0142" not in browser.page_source
    assert not browser.find_elements(By.CSS_SELECTOR, field)
    _looked_at(browser)
    _one(browser, "#lock [data-passkey] button").click()
    until(browser, field)
    WebDriverWait(browser, 10).until(lambda there: _value(there, field).endswith("her sister"))


def test_a_session_that_ends_while_somebody_types_loses_nothing(
    here: tuple[Centre, str], browser: Chrome
) -> None:
    """The page is covered, its owner signs in anew in another tab, and goes on where they were; nobody else does."""
    centre, where = here
    enter(browser, where, "Ana Lima")
    field = _typed_a_note(browser, centre, where)
    who = centre.people["Ana Lima"]
    centre.application.change(lambda transaction: sessions.end_all(transaction.tx, who))
    until(browser, "#over:not([hidden])")
    assert "0142" not in browser.page_source
    _looked_at(browser)
    first = browser.current_window_handle
    browser.switch_to.new_window("tab")
    enter(browser, where, "Ana Lima")
    browser.close()
    browser.switch_to.window(first)
    until(browser, field)
    WebDriverWait(browser, 10).until(lambda there: _value(there, field).endswith("her sister"))
    _one(browser, "form[data-note] button").click()
    until(browser, "#said .said.good")

    field = _typed_a_note(browser, centre, where)
    centre.application.change(lambda transaction: sessions.end_all(transaction.tx, who))
    until(browser, "#over:not([hidden])")
    browser.switch_to.new_window("tab")
    enter(browser, where, "Ben Ortiz")
    browser.close()
    browser.switch_to.window(first)
    WebDriverWait(browser, 10).until(lambda there: there.current_url == f"{where}/board")


def test_people_are_let_in_from_a_page_that_everybody_can_use(
    here: tuple[Centre, str], browser: Chrome
) -> None:
    """With a screen reader, by keyboard, on a phone: the list, the link that is shown once, what was tried."""
    centre, where = here
    centre.change_person("Ben Ortiz", password_hash=None)
    enter(browser, where, "Eve Stone")
    browser.get(f"{where}/people")
    until(browser, "#pulse[data-state='live']")
    for summary in browser.find_elements(By.CSS_SELECTOR, "details.sure > summary"):
        browser.execute_script("arguments[0].parentElement.setAttribute('open', '')", summary)
    _looked_at(browser)
    _one(browser, f"#person-{centre.people['Ben Ortiz']} form[data-plain] button").click()
    until(browser, "#address")
    assert "/sign-in/code#" in _value(browser, "#address")
    _looked_at(browser)
    browser.get(f"{where}/people/{centre.people['Eve Stone']}/tried")
    assert "Signed in by password" in _one(browser, "main").text
    assert "Chrome on Linux, this machine" in _one(browser, "main").text
    _looked_at(browser)


def test_single_sign_on_unlocks_in_another_tab_with_nothing_lost(tmp_path: Path, browser: Chrome) -> None:
    """There and back over two real servers."""
    port = _port()
    where = f"http://localhost:{port}"
    with provider_on(Clock()) as provider:
        table = SingleSignOnTable(issuer=provider.url, client_id=CLIENT, label="Example ID")
        centre = open_centre(
            tmp_path, single_sign_on=table, PUBLIC_BASE_URL=where, SINGLE_SIGN_ON_SECRET=SECRET
        )
        provider.clock = centre.clock
        named(centre, "Ana Lima", "ana@example.org")
        with serving(centre.app, port):
            browser.get(f"{where}/sign-in")
            _looked_at(browser)
            _one(browser, "a.button").click()
            until(browser, "#pulse[data-state='live']")
            field = _typed_a_note(browser, centre, where)
            centre.clock.pass_by(timedelta(minutes=15))
            until(browser, "#lock:not([hidden])")
            first = browser.current_window_handle
            _one(browser, "#lock a.button").click()
            WebDriverWait(browser, 10).until(lambda there: len(there.window_handles) == 2)
            browser.switch_to.window(next(one for one in browser.window_handles if one != first))
            until(browser, ".said.good")
            assert "Close this tab" in _one(browser, "main").text
            browser.close()
            browser.switch_to.window(first)
            until(browser, field)
            WebDriverWait(browser, 10).until(lambda there: _value(there, field).endswith("her sister"))
        centre.application.database.dispose()
