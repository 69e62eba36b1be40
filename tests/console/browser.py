"""A real browser before a real server."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import pytest
from flask import Flask
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from werkzeug.serving import make_server

from tests.console.centre import PASSWORD

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
)
LAPTOP, PHONE = (1366, 900), (360, 740)


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The app on a port of this machine; its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


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
    try:
        yield browser
    finally:
        browser.quit()


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


def unfit(browser: Chrome) -> list[str]:
    """What axe-core finds on this page that keeps people with a screen reader, or a keyboard alone, from using it."""
    browser.execute_script(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = browser.execute_async_script("axe.run().then(arguments[arguments.length - 1])")["violations"]
    return [
        f"{one['id']} ({len(one['nodes'])}): {one['help']}: {one['nodes'][0]['html'][:120]}" for one in found
    ]


def until(browser: Chrome, selector: str, seconds: float = 10) -> None:
    """Wait until something that this selector finds is on the page."""
    WebDriverWait(browser, seconds, poll_frequency=0.05).until(
        lambda there: there.find_elements(By.CSS_SELECTOR, selector), f"never saw {selector}"
    )
