"""A real browser before a real server."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from werkzeug.serving import make_server
from werkzeug.wrappers import Response
from werkzeug.wsgi import ClosingIterator

from tests.console.centre import PASSWORD, Centre

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--force-prefers-reduced-motion",  # what moves for ever is drawn sixty times a second, by the processor
)
LAPTOP, PHONE = (1366, 900), (360, 740)
LOOKS = (("light", LAPTOP), ("dark", PHONE), ("light", PHONE), ("dark", LAPTOP))
"""In which pages are looked at by turns: the suite looks at each page in one of them, proofs in the others."""
BY_DAY = (("light", LAPTOP), ("light", PHONE))
ONE_LOOK, OTHER_LOOKS = range(1), range(1, len(LOOKS))
_WAITS = """
const asked = [...arguments], done = asked.pop(), ends = performance.now() + asked.pop() * 1000;
const holds = (...given) => (CONDITION);
(function look() {
  if (holds(...asked)) done(true);
  else if (performance.now() > ends) done(false);
  else setTimeout(look, 25);
})();
"""
_EAR = """
window.rang = [];
window.told = [];
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...at) {
  if (this.context.state === "running") rang.push(Date.now());
  return start.apply(this, at);
};
window.Notification = class extends Notification {
  constructor(words, more) {
    super(words, more);
    told.push([words, more.body]);
  }
};
"""
_OUTSIDE = """
const [selector, height, width] = arguments;
return [...document.querySelectorAll(selector)].filter((one) => {
  const at = one.getBoundingClientRect();
  return at.width && one.checkVisibility({visibilityProperty: true})
    && !(at.height >= height && at.left >= 0 && at.right <= width);
}).map((one) => one.outerHTML.slice(0, 120));
"""


class _Underway:
    """An app, and what it is answering just now."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self._changed = threading.Condition()
        self._answering = 0
        self._closed = False

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with self._changed:
            if self._closed:
                return Response("It has closed.", 503)(environ, start_response)
            self._answering += 1
        try:
            answer = ClosingIterator(self._app(environ, start_response))
            # All of it here: the server closes an answer only when the browser lets its connection go.
            try:
                return list(answer)
            finally:
                answer.close()
        finally:
            self._answered()

    def _answered(self) -> None:
        with self._changed:
            self._answering -= 1
            self._changed.notify_all()

    def close(self) -> None:
        """Nothing is asked of the app any more, and all that was is answered."""
        with self._changed:
            self._closed = True
            assert self._changed.wait_for(lambda: not self._answering, timeout=30), "it answers for ever"


@contextmanager
def serving(app: WSGIApplication, port: int = 0) -> Iterator[str]:
    """The app on this port of this machine, or on any; its address.

    At the end nothing is being answered: what still asked the database of this test would take a connection to it into
    the next one, whose database is in the same place.
    """
    underway = _Underway(app)
    server = make_server("127.0.0.1", port, underway, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        underway.close()


@contextmanager
def browsing(profile: Path) -> Iterator[Chrome]:
    """A fresh browser. Skips the test if there is none here, unless HOTLINE_REQUIRE_BROWSER says that it must be."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        if os.environ.get("HOTLINE_REQUIRE_BROWSER") == "1":
            pytest.fail("chromium and chromedriver are not installed")
        pytest.skip("no chromium here")
    options = ChromeOptions()
    options.binary_location = chromium
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = Chrome(options=options, service=ChromeService(driver))
    browser.set_script_timeout(60)
    try:
        yield browser
    finally:
        browser.quit()


def as_new(browser: Chrome) -> None:
    """Nothing is left of the pages before: no other tab, no cookie, no permission, nothing logged. On a laptop."""
    first, *others = browser.window_handles
    for other in others:
        browser.switch_to.window(other)
        browser.close()
    browser.switch_to.window(first)
    browser.get("about:blank")
    for forget in ("Network.clearBrowserCookies", "Network.clearBrowserCache", "Browser.resetPermissions"):
        browser.execute_cdp_cmd(forget, {})
    browser.get_log("browser")  # type: ignore[no-untyped-call]
    show_as(browser, LAPTOP)
    drawn_in(browser, "light")


def show_as(browser: Chrome, size: tuple[int, int]) -> None:
    """As on a screen of this size, in CSS pixels; narrower ones than windows can be, too."""
    width, height = size
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def enter(browser: Chrome, address: str, name: str) -> None:
    """Sign in, and wait for the board to be live."""
    browser.get(f"{address}/sign-in")
    browser.find_element(By.ID, "who").send_keys(name)
    browser.find_element(By.ID, "password").send_keys(PASSWORD)
    browser.find_element(By.CSS_SELECTOR, "button.main").click()
    until(browser, "#pulse[data-state='live']")


def come_in(browser: Chrome, centre: Centre, address: str, name: str) -> None:
    """This person has signed in: the cookies of their session are there, and no password was typed."""
    for cookie in centre.cookies(name).values():
        given = {"name": cookie.key, "value": cookie.value, "url": address, "httpOnly": True}
        browser.execute_cdp_cmd("Network.setCookie", given)


def at_the_board(browser: Chrome, centre: Centre, address: str, name: str) -> None:
    """They have signed in, and the board is live before them."""
    come_in(browser, centre, address, name)
    browser.get(f"{address}/board")
    until(browser, "#pulse[data-state='live']")


def may_notify(browser: Chrome, address: str, setting: str) -> None:
    """Whether the pages of this address may notify: "granted", "denied", or "prompt", not asked yet."""
    permission = {"origin": address, "permission": {"name": "notifications"}, "setting": setting}
    browser.execute_cdp_cmd("Browser.setPermission", permission)


@contextmanager
def ear(browser: Chrome, address: str, notifying: str = "granted") -> Iterator[None]:
    """On pages of this address that are opened from now on, each note that sounds is written down as `rang`, and each
    notification as `told`. For `notifying`, see `may_notify`."""
    may_notify(browser, address, notifying)
    kept = browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": _EAR})
    try:
        yield
    finally:
        browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", kept)


def open_all(browser: Chrome) -> None:
    """Everything that can be unfolded is."""
    browser.execute_script("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


def outside(browser: Chrome, selector: str, width: int) -> list[str]:
    """What is lower than a thumb needs, 44 pixels, or reaches beyond a page of this width."""
    found: list[str] = browser.execute_script(_OUTSIDE, selector, 44, width)
    return found


def drawn_in(browser: Chrome, scheme: str, *, moving: bool = False, on: str = "screen") -> None:
    """In light or dark colours; `moving`: for somebody who has not asked for less motion; `on` "print", on paper."""
    motion = "no-preference" if moving else "reduce"
    features = {"prefers-color-scheme": scheme, "prefers-reduced-motion": motion}
    named = [{"name": name, "value": value} for name, value in features.items()]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": on, "features": named})


def unfit(browser: Chrome, *, closely: bool = False, colours: bool = False) -> list[str]:
    """What axe-core finds on this page that keeps people with a screen reader, or a keyboard alone, from using it.

    `closely`: with the rule of WCAG 2.2 that axe-core leaves off, that nothing to press is too small or too near.
    `colours`: by the rules that look at colours, for a page that is the same otherwise: test_dark_is_colours_alone.
    """
    if not browser.execute_script("return 'axe' in window"):
        axe = files("axe_playwright_python").joinpath("axe.min.js")
        browser.execute_script(axe.read_text(encoding="utf-8"))
    how: dict[str, object] = {"resultTypes": ["violations"], "selectors": False}  # what is well is not told
    if colours:
        how["runOnly"] = ["color-contrast", "link-in-text-block"]
    else:
        how["rules"] = {"target-size": {"enabled": closely}}
    script = "axe.run(arguments[0]).then(arguments[arguments.length - 1])"
    found = browser.execute_async_script(script, how)["violations"]
    return [
        f"{one['id']} ({len(one['nodes'])}): {one['help']}: {one['nodes'][0]['html'][:120]}" for one in found
    ]


def fits_everybody(
    browser: Chrome,
    address: str,
    pages: Iterable[str],
    turns: Iterable[int],
    looks: Sequence[tuple[str, tuple[int, int]]] = LOOKS,
    language: str = "en",
    there: Mapping[str, str] | None = None,
) -> None:
    """Each page is in this language and no wider than a screen, and axe finds nothing: in a look for each of these
    turns, the first page in the first look, the next in the next. From the second turn on the dark is looked at for its
    colours alone. `there`: a selector that finds something on a page as soon as all of it is there.
    """
    turns = tuple(turns)
    for number, page in enumerate(pages):
        browser.get(f"{address}{page}")
        if there is not None:
            until(browser, there[page])
        assert browser.find_element(By.TAG_NAME, "html").get_attribute("lang") == language, page
        for size in dict.fromkeys(size for _, size in looks):
            show_as(browser, size)
            wide = browser.execute_script("return document.documentElement.scrollWidth")
            assert wide <= size[0], (page, size)
        for turn in turns:
            scheme, size = looks[(number + turn) % len(looks)]
            drawn_in(browser, scheme)
            show_as(browser, size)
            assert unfit(browser, colours=turn > 0 and scheme == "dark") == [], (page, scheme, size)


def until(browser: Chrome, selector: str, seconds: float = 10) -> None:
    """Wait until something that this selector finds is on the page."""
    found = until_true(browser, "document.querySelector(given[0])", selector, seconds=seconds)
    assert found, f"never saw {selector}"


def until_asked_again(browser: Chrome, times: int = 2) -> None:
    """Wait until the page has asked so many times more for what is new: whatever it did before has been answered."""
    asked = "performance.getEntriesByType('resource').filter((one) => one.name.includes('/live')).length"
    before = browser.execute_script(f"return {asked}")
    assert until_true(browser, f"{asked} >= given[0]", before + times, seconds=20), "it asks no more"


def until_true(browser: Chrome, condition: str, *given: object, seconds: float) -> bool:
    """Wait until this expression, in which `given` are these, is true; whether it came to be.

    The page itself looks: to ask it from here, twenty times a second, costs more than what is waited for. A page that
    is left meanwhile is asked no more, and the next one is.
    """
    ends = time.monotonic() + seconds
    while (left := ends - time.monotonic()) > 0:
        try:
            script = _WAITS.replace("CONDITION", condition)
            return bool(browser.execute_async_script(script, *given, left))
        except WebDriverException:
            time.sleep(0.02)
    return False
