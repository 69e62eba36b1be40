"""`make screenshots`: the main pages of the demo, on a laptop and on a phone, in light and in dark.

Starts `hotline demo` in a folder of its own, lets its sample callers call and write, and photographs what staff see,
whole pages, in Debian's Chromium. Then somebody answers: the page of an emergency, and of a call back with what was
written down while they talked. All land in `var/screenshots/`, to be looked at; those that documents show land in
`docs/screenshots/`, one screen of each.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import requests
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from hotline.commands import demo as sample
from hotline.commands import staff_file
from hotline.settings.load import load_settings
from hotline.store.database import rows
from hotline.store.database.tables import sessions
from tests.console.browser import LAPTOP, browsing, drawn_in, show_as, until

_HERE: Final = Path(__file__).parents[1]
PICTURES: Final = _HERE / "var" / "screenshots"
SHOWN: Final = _HERE / "docs" / "screenshots"
IN_DOCUMENTS: Final = (
    "board-laptop-light", "board-phone-dark", "case-laptop-light", "directory-laptop-light", "emergency-phone-dark",
    "lock-laptop-light", "on-call-laptop-light", "reports-reaching-laptop-light", "reports-volume-laptop-dark",
    "story-laptop-light",
)  # fmt: skip
PHONE: Final = (390, 844)
TALLEST: Final = 1500
IN_DOCUMENT: Final = 960
"""How tall a picture in a document is at most, in pixels."""
SIZES: Final = {"laptop": LAPTOP, "phone": PHONE}
SCHEMES: Final = ("light", "dark")
LINE, (MIA, TOM, KIM) = "+16175550100", ("+16175550150", "+16175550151", "+16175550152")
ANA, CHLOE = "+16175550101", "+16175550103"
"""The demo's own."""
CLINICIAN, SUPERVISOR = "Chloe Baptiste", "Eve Stone"
LIVE: Final = "#pulse[data-state='live']"
STARTED: Final = re.compile(
    r"Phones\s+(?P<phones>http://\S+?)/\s.*?Console\s+(?P<console>http://\S+?)/\s.*?"
    r"sign in as \"(?P<who>[^\"]+)\"\s+with the password (?P<password>[^\s;]+)",
    re.DOTALL,
)
"""What the demo says first."""
PAGES: Final = {
    "on-call": "/on-call",
    "policies": "/on-call/policies",
    "directory": "/directory",
    "readiness": "/readiness",
    "deliveries": "/deliveries",
    "search": "/search",
    "reports": "/reports",
    "reports-volume": "/reports/volume",
    "reports-reaching": "/reports/reaching",
    "reports-staffing": "/reports/staffing",
    "people": "/people",
    "settings": "/settings",
    "sentences": "/settings/sentences",
    "audit": "/audit",
    "check-up": "/check-up",
    "account": "/account",
}
"""By the name of the picture, as a supervisor sees them; what others see, and what is written down, comes besides."""


@dataclass(frozen=True)
class Demo:
    """A demo that runs."""

    phones: str
    console: str
    who: str
    password: str

    def does(self, number: str, action: str, **given: Any) -> None:
        """A pretend telephone is used. Raises HTTPError for what it can't do now."""
        requests.post(
            f"{self.phones}/sim/phones/{number}/{action}", json=given, timeout=60
        ).raise_for_status()

    def comes_to(self, number: str, action: str, **given: Any) -> None:
        """The same as soon as it can be done: in the next half minute their phone rings, or they are connected. If it
        doesn't, that is said, and the picture shows something else."""
        for _ in range(60):
            try:
                return self.does(number, action, **given)
            except requests.HTTPError:
                time.sleep(0.5)
        sys.stderr.write(f"{number} never came to: {action}\n")
        return None

    def answers(self, number: str, *, key: str) -> None:
        """Somebody of the staff picks up, listens, and presses this."""
        self.comes_to(number, "answer")
        time.sleep(6)
        self.comes_to(number, "presses", keys=key)

    def is_left_alone(self, number: str) -> None:
        """What rings is declined, who talks hangs up."""
        for action in ("decline", "hangs_up"):
            with suppress(requests.HTTPError):
                self.does(number, action)


@contextmanager
def running(folder: Path) -> Iterator[Demo]:
    """`hotline demo`, until the end of the block."""
    program = Path(sys.executable).parent / "hotline"
    said = folder / "said"
    with said.open("w") as lines:
        demo = subprocess.Popen(  # noqa: S603 - our own program
            [str(program), "demo"], cwd=folder, stdout=lines, stderr=subprocess.STDOUT, start_new_session=True,
            env={**os.environ, "PORT": os.environ.get("PORT", "8700")},
        )  # fmt: skip
    try:
        yield _ready(said, demo)
    finally:
        os.killpg(demo.pid, signal.SIGINT)
        try:
            demo.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(demo.pid, signal.SIGKILL)


def _ready(said: Path, demo: subprocess.Popen[bytes]) -> Demo:
    for _ in range(2000):
        found = STARTED.search(said.read_text(encoding="utf-8"))
        if found and _answers(f"{found['console']}/health/ready"):
            return Demo(**found.groupdict())
        if demo.poll() is not None:
            break
        time.sleep(0.3)
    raise SystemExit(f"The demo did not start:\n{said.read_text(encoding='utf-8')}")


def _answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=5).status_code in (200, 503)
    except requests.RequestException:
        return False


def something_happens(demo: Demo) -> None:
    """A caller holds, one writes in danger, one waits for a call back."""
    demo.does(TOM, "texts", body="hola, cuando me llaman", to=LINE)
    demo.does(KIM, "texts", body="i took all my moms pills", to=LINE)
    for caller, keys in ((TOM, "24"), (MIA, "2")):
        demo.does(caller, "calls", to=LINE)
        for key in keys:
            time.sleep(5)
            demo.does(caller, "presses", keys=key)
        time.sleep(5)
        if len(keys) > 1:
            demo.does(caller, "hangs_up")


def photograph(browser: Chrome, name: str, under: str = "") -> None:
    """The page as it is before the browser, in each size and scheme: all of it, or what is from `under` on."""
    for brand in browser.find_elements(By.CSS_SELECTOR, "h1.brand"):
        brand.click()  # whoever has clicked hears the alarm, and isn't told that the sound is off
    for size, (width, height) in SIZES.items():
        for scheme in SCHEMES:
            drawn_in(browser, scheme)
            show_as(browser, (width, height))
            tall = int(browser.execute_script("return document.documentElement.scrollHeight"))
            picture = f"{name}-{size}-{scheme}"
            _save(browser, PICTURES / f"{picture}.png", (width, max(height, min(tall, TALLEST))), under)
            if picture in IN_DOCUMENTS:
                _save(browser, SHOWN / f"{picture}.png", (width, min(tall, IN_DOCUMENT)), under)


def _save(browser: Chrome, file: Path, size: tuple[int, int], under: str) -> None:
    show_as(browser, size)
    browser.execute_script("document.activeElement.blur(); scrollTo(0, 0)")
    if under:
        browser.execute_script("document.querySelector(arguments[0]).scrollIntoView()", under)
    time.sleep(0.4)
    browser.save_screenshot(str(file))


def press(browser: Chrome, selector: str) -> None:
    """The button that comes to stand there; the page has answered when it is live again."""
    until(browser, selector, 90)
    time.sleep(0.8)
    browser.execute_script("arguments[0].click()", one(browser, selector))
    time.sleep(1.5)


def one(browser: Chrome, selector: str) -> WebElement:
    """The first that fits."""
    return browser.find_element(By.CSS_SELECTOR, selector)


def opens(browser: Chrome, selector: str) -> None:
    """The page to which this leads."""
    until(browser, selector, 90)
    browser.get(one(browser, selector).get_attribute("href") or "")
    until(browser, LIVE, 90)


def somebody_answers(browser: Chrome, demo: Demo) -> None:
    """Who wrote in danger is called by a clinician, who looks at the page of the emergency; who held has gone."""
    sign_in(browser, demo, CLINICIAN)
    opens(browser, ".emergency a[data-key='open']")
    press(browser, "form[data-key='accept'] button")
    demo.answers(CHLOE, key="1")
    demo.comes_to(KIM, "answer")
    time.sleep(3)
    photograph(browser, "emergency")
    demo.does(MIA, "hangs_up")


def a_case_is_written_down(browser: Chrome, demo: Demo) -> None:
    """Who waits for a call back is called by a coordinator, who fills in the record while they talk."""
    sign_in(browser, demo, demo.who)
    press(browser, ".callback form[data-key='claim'] button")
    demo.is_left_alone(ANA)
    press(browser, ".callback.mine form[data-key='call'] button")
    demo.answers(ANA, key="1")
    demo.comes_to(TOM, "answer")
    opens(browser, ".callback.mine a[href*='/threads/']")
    for place, words in (
        ("wants", "Detox, then a bed near his daughter"),
        ("where", "Quincy, at his sister's"),
        ("age", "34"),
        ("substances", "Heroin, a gram a day; two beers in the evening"),
        ("last_use", "Heroin, this morning at six"),
    ):
        one(browser, f".record [name='{place}']").send_keys(words)
    for place, answer in (("sedating", "yes"), ("suicide", "no")):
        press(browser, f".record [name='{place}'][value='{answer}']")
    one(browser, "#note").send_keys("His sister drives him; she has the other key.")
    press(browser, "form[data-note] button")
    time.sleep(4)
    photograph(browser, "case")
    photograph(browser, "story", under="#notes")


def nobody_is_there(browser: Chrome, demo: Demo, folder: Path) -> None:
    """As if nobody had touched a page for an hour."""
    settings = load_settings(sample.settings_of({**os.environ, "HOTLINE_HOME": str(folder / "var")}))
    application = staff_file.opened(settings)
    with application.database:
        application.change(
            lambda transaction: rows.change(
                transaction.tx, sessions, [], {"touched_at": transaction.now - timedelta(hours=1)}
            )
        )
    browser.get(f"{demo.console}/board")
    time.sleep(1.5)
    photograph(browser, "lock")


def sign_in(browser: Chrome, demo: Demo, name: str) -> None:
    """As this person, whoever was signed in before."""
    browser.delete_all_cookies()
    browser.get(f"{demo.console}/sign-in")
    browser.find_element(By.ID, "who").send_keys(name)
    browser.find_element(By.ID, "password").send_keys(demo.password)
    browser.find_element(By.CSS_SELECTOR, "button.main").click()
    until(browser, LIVE, 90)


def main() -> int:
    """Take all pictures, in place of those that are there; 1 without Chromium."""
    if not shutil.which("chromium") or not shutil.which("chromedriver"):
        sys.stderr.write("No Chromium here: apt install chromium chromium-driver\n")
        return 1
    for place in (PICTURES, SHOWN):
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="hl") as named:
        folder = Path(named)
        with running(folder) as demo, browsing(folder / "profile") as browser:
            browser.execute_cdp_cmd("Emulation.setScrollbarsHidden", {"hidden": True})
            something_happens(demo)
            browser.get(f"{demo.phones}/")
            time.sleep(2)
            photograph(browser, "phones")
            browser.get(f"{demo.console}/sign-in")
            photograph(browser, "sign-in")
            sign_in(browser, demo, demo.who)
            photograph(browser, "board")
            somebody_answers(browser, demo)
            a_case_is_written_down(browser, demo)
            nobody_is_there(browser, demo, folder)
            sign_in(browser, demo, SUPERVISOR)
            for name, path in PAGES.items():
                browser.get(demo.console + path)
                time.sleep(1.5)
                photograph(browser, name)
    sys.stdout.write(f"{len(list(PICTURES.glob('*.png')))} pictures in {PICTURES}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
