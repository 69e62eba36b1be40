"""Every page that the application has, before a real browser: fit for everybody, and with nothing in it that runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from hotline.console.reports.told import sections
from hotline.operations.sign_in import inviting
from tests.console.browser import come_in, drawn_in, open_all, serving, show_as, unfit, until_true
from tests.console.centre import PASSWORD, Centre, open_centre
from tests.console.every_route import ALL, addresses, furnish
from tests.console.links import link_for
from tests.console.test_every_route import HURTS
from tests.console.test_second_step import switched_on

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NO_PAGE = {
    "/": "leads to the board",
    "/calendar/<string:token>.ics": "a calendar",
    "/console/static/<path:filename>": "a file",
    "/static/<path:filename>": "a file",
    "/readiness/card.vcf": "a file",
    "/reports/<name>/<panel>.csv": "a table",
    "/audit/reached/<contact_id>/sheet": "a table",
    "/sign-in/single": "leads to another house",
    "/sign-in/single/back": "leads to the board",
    "/sign-in/single/farewell": "leads to the sign-in",
    "/unlock/single": "leads to another house",
}
"""Whatever else takes a GET is a page, or the part of one that is sent anew."""
ALL_SENTENCES = "/settings/sentences"
"""So long that axe-core measures its distances for half a minute: it has nothing to press that other pages have not."""
FOR_STRANGERS = {"/sign-in", "/sign-in/code", "/sign-in/welcome", "/sign-in/second"}
NARROWEST = (320, 640)
"""So a laptop's page is drawn at four times its size (WCAG 2.2, 1.4.10): it is read without scrolling sideways."""
TWICE = (640, 450)
"""The same at twice its size."""
COVERED = """
const done = arguments[arguments.length - 1];
const found = [], asked = "a[href], button, input:not([type=hidden]), select, textarea, summary";
const all = [...document.querySelectorAll(asked)].filter((one) =>
  one.checkVisibility({visibilityProperty: true}) && one.getBoundingClientRect().width > 0);
const stays = (one) => one?.closest(".in-sight, .warnings, .sums, .counting");
const look = (one) => {
  one.focus();
  const {left, top, width, height} = one.getBoundingClientRect();
  const over = document.elementFromPoint(left + width / 2, top + height / 2);
  const covered = stays(over) && !stays(over).contains(one);
  if (document.activeElement === one && covered) found.push(one.outerHTML.slice(0, 120));
};
all.forEach(look);
window.scrollTo(0, document.body.scrollHeight);
all.reverse().forEach(look);
done(found);
"""
RUNS = """
return [...document.querySelectorAll("*")].filter((one) =>
  one.matches("script:not([src]), style, iframe, [href^='javascript']")
    || [...one.attributes].some((of) => of.name.startsWith("on"))
).map((one) => one.outerHTML.slice(0, 120));
"""
WIDER = """
const [width] = arguments;
if (document.documentElement.scrollWidth <= width) return [];
return [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > width)
  .map((one) => one.outerHTML.slice(0, 120));
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Centre, dict[str, str], str]]:
    """A centre with something of everything, in words that would like to run; and where its pages are."""
    centre = open_centre(tmp_path_factory.mktemp("pages"))
    of = furnish(centre, HURTS)
    with serving(centre.app) as address:
        yield centre, of, address
    centre.application.database.dispose()


def amiss(browser: Chrome, *, closely: bool = True) -> list[str]:
    """On the narrowest phone, with all unfolded but the menu, which would cover it: what keeps somebody out, is too
    small or too wide, or would run."""
    open_all(browser)
    browser.execute_script("document.getElementById('more')?.removeAttribute('open')")
    found: list[str] = browser.execute_script(RUNS) + browser.execute_script(WIDER, NARROWEST[0])
    return unfit(browser, closely=closely) + found


def looked_at(browser: Chrome, where: str) -> None:
    """Nothing is amiss."""
    assert amiss(browser) == [], where


def pages(centre: Centre, of: dict[str, str]) -> list[str]:
    """The address of each page of whoever has signed in; of cases and reports, of each kind."""
    found = [
        address
        for rule, address in addresses(centre, "GET", of)
        if rule not in NO_PAGE and rule not in FOR_STRANGERS and not rule.endswith("/live")
    ]
    cases = [f"/threads/{of[name]}" for name in ("thread", "danger")]
    return [*found, *cases, *(f"/reports/{name}" for name in sections.TITLES), "/nowhere"]


def test_each_page_is_fit_for_everybody_and_nothing_on_it_runs(
    browser: Chrome, house: tuple[Centre, dict[str, str], str]
) -> None:
    """Those of the table of routes: a new one is in here by itself."""
    centre, of, address = house
    come_in(browser, centre, address, ALL)
    show_as(browser, NARROWEST)
    looked = pages(centre, of)
    assert len(looked) > 25
    wrong: dict[str, list[str]] = {}
    for number, page in enumerate(looked):
        drawn_in(browser, ("light", "dark")[number % 2])
        browser.get(f"{address}{page}")
        assert browser.find_elements(By.CSS_SELECTOR, "h1, h2"), page
        wrong[page] = amiss(browser, closely=page != ALL_SENTENCES)
    assert {page: found for page, found in wrong.items() if found} == {}
    logged = browser.get_log("browser")  # type: ignore[no-untyped-call]
    said = [line["message"] for line in logged if line["level"] == "SEVERE"]
    assert [one for one in said if "/nowhere" not in one] == []


@pytest.mark.proof("size1")
@pytest.mark.parametrize("size", [NARROWEST, TWICE])
def test_nothing_that_stays_in_sight_covers_what_the_keyboard_is_on(
    browser: Chrome, house: tuple[Centre, dict[str, str], str], size: tuple[int, int]
) -> None:
    """Down the page, and up again (WCAG 2.2, 2.4.11), with as many lines in sight as there are."""
    centre, of, address = house
    come_in(browser, centre, address, ALL)
    show_as(browser, size)
    for page in ("/board", "/reports", *(f"/threads/{of[name]}" for name in ("thread", "danger"))):
        browser.get(f"{address}{page}")
        open_all(browser)
        browser.execute_script("document.getElementById('more')?.removeAttribute('open')")
        assert browser.execute_async_script(COVERED) == [], page


def test_each_page_before_the_board_is_fit_for_everybody(
    browser: Chrome, house: tuple[Centre, dict[str, str], str]
) -> None:
    """Those on which somebody proves who they are."""
    centre, _, address = house
    show_as(browser, NARROWEST)
    seen = []
    switched_on(centre, "Chloe Baptiste")
    for name in ("Chloe Baptiste", "Ben Ortiz"):
        browser.get(f"{address}/sign-in")
        looked_at(browser, "/sign-in")
        browser.find_element(By.ID, "who").send_keys(name)
        browser.find_element(By.ID, "password").send_keys(PASSWORD)
        browser.find_element(By.CSS_SELECTOR, "button.main").click()
        if name == "Chloe Baptiste":
            assert until_true(browser, "location.pathname === '/sign-in/second'", seconds=10)
            looked_at(browser, "/sign-in/second")
            seen += ["/sign-in", "/sign-in/second"]
    browser.get(f"{address}/sign-in/code")
    looked_at(browser, "/sign-in/code")
    browser.get("about:blank")
    centre.change_person("Ben Ortiz", password_hash=None)
    browser.get(
        link_for(centre, "Ben Ortiz", inviting.invite).address.replace("http://127.0.0.1:8000", address)
    )
    assert until_true(browser, "location.pathname === '/sign-in/welcome'", seconds=10)
    looked_at(browser, "/sign-in/welcome")
    assert {*seen, "/sign-in/code", "/sign-in/welcome"} == FOR_STRANGERS


def test_what_moves_does_so_only_for_whoever_has_not_asked_for_less(
    browser: Chrome, house: tuple[Centre, dict[str, str], str]
) -> None:
    """A dot that pulses, a card that comes in: with less motion none of it."""
    centre, _, address = house
    come_in(browser, centre, address, ALL)
    moves = (
        "document.getAnimations().length + [...document.querySelectorAll('*')].filter((one) =>"
        "parseFloat(getComputedStyle(one).transitionDuration) > 0).length"
    )
    for moving in (True, False):
        drawn_in(browser, "light", moving=moving)
        browser.get(f"{address}/board")
        assert until_true(browser, "document.querySelector('#pulse[data-state=live]')", seconds=10)
        assert bool(browser.execute_script(f"return {moves}")) is moving


def test_a_report_on_paper_is_its_figures_alone(
    browser: Chrome, house: tuple[Centre, dict[str, str], str]
) -> None:
    """No menu and nothing to press; every table whole, those that are folded on the screen too."""
    centre, _, address = house
    come_in(browser, centre, address, ALL)
    browser.get(f"{address}/reports/volume")
    count = (
        "return [...document.querySelectorAll(arguments[0])].filter((one) => one.checkVisibility()).length"
    )
    tables = len(browser.find_elements(By.CSS_SELECTOR, "main table"))
    for on, there in (("screen", True), ("print", False)):
        drawn_in(browser, "light", on=on)
        for selector in ("nav", ".tools", ".sections", ".chosen", ".takes"):
            assert bool(browser.execute_script(count, selector)) is there, (on, selector)
    assert browser.execute_script(count, "main table") == tables > 0
    assert browser.execute_script(count, "main .panel h3, main .panel h2") > 0
    drawn_in(browser, "light")
