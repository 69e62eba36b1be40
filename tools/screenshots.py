"""`make screenshots`: the main pages of the demo, on a laptop and on a phone, in light and in dark.

Starts `hotline demo` in a folder of its own, lets its sample callers call and write, and photographs what staff see,
whole pages, in Debian's Chromium. All land in `var/screenshots/`, to be looked at; those that documents show, in
`docs/screenshots/`.
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
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import requests
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.console.browser import LAPTOP, browsing, drawn_in, show_as, until

_HERE: Final = Path(__file__).parents[1]
PICTURES: Final = _HERE / "var" / "screenshots"
SHOWN: Final = _HERE / "docs" / "screenshots"
IN_DOCUMENTS: Final = (
    "board-laptop-light", "board-phone-dark", "case-laptop-light", "on-call-laptop-light",
    "reports-reaching-laptop-light", "reports-volume-laptop-dark",
)  # fmt: skip
PHONE: Final = (390, 844)
TALLEST: Final = 1500
SIZES: Final = {"laptop": LAPTOP, "phone": PHONE}
SCHEMES: Final = ("light", "dark")
LINE, (MIA, TOM, KIM) = "+16175550100", ("+16175550150", "+16175550151", "+16175550152")
"""The demo's own."""
SUPERVISOR: Final = "Eve Stone"
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
    "audit": "/audit",
    "check-up": "/check-up",
    "account": "/account",
}
"""By the name of the picture, as a supervisor sees them; `board` and `case`, as a coordinator does, come besides."""


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
            f"{self.phones}/sim/phones/{number}/{action}", json=given, timeout=20
        ).raise_for_status()


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
    for _ in range(600):
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


def photograph(browser: Chrome, name: str) -> None:
    """The whole page as it is before the browser, in each size and scheme."""
    for size, (width, height) in SIZES.items():
        for scheme in SCHEMES:
            drawn_in(browser, scheme)
            show_as(browser, (width, height))
            tall = browser.execute_script("return document.documentElement.scrollHeight")
            show_as(browser, (width, max(height, min(int(tall), TALLEST))))
            time.sleep(0.4)
            browser.save_screenshot(str(PICTURES / f"{name}-{size}-{scheme}.png"))


def sign_in(browser: Chrome, demo: Demo, name: str) -> None:
    """As this person, whoever was signed in before."""
    browser.delete_all_cookies()
    browser.get(f"{demo.console}/sign-in")
    browser.find_element(By.ID, "who").send_keys(name)
    browser.find_element(By.ID, "password").send_keys(demo.password)
    browser.find_element(By.CSS_SELECTOR, "button.main").click()
    until(browser, "#pulse[data-state='live']")


def main() -> int:
    """Take all pictures, in place of those that are there; 1 without Chromium."""
    if not shutil.which("chromium") or not shutil.which("chromedriver"):
        sys.stderr.write("No Chromium here: apt install chromium chromium-driver\n")
        return 1
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir(parents=True)
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
            case = browser.find_element(By.CSS_SELECTOR, "a[href*='/threads/']").get_attribute("href")
            browser.get(case or "")
            time.sleep(1.5)
            photograph(browser, "case")
            sign_in(browser, demo, SUPERVISOR)
            for name, path in PAGES.items():
                browser.get(demo.console + path)
                time.sleep(1.5)
                photograph(browser, name)
    shutil.rmtree(SHOWN, ignore_errors=True)
    SHOWN.mkdir(parents=True)
    for name in IN_DOCUMENTS:
        shutil.copy(PICTURES / f"{name}.png", SHOWN)
    sys.stdout.write(f"{len(list(PICTURES.glob('*.png')))} pictures in {PICTURES}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
