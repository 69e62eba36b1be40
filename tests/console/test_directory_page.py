"""The referral directory on its page: found word by word, added to, changed and retired, and who did so is kept."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from hotline.operations.roster import directory_load
from hotline.store.people import directory
from tests.console.browser import LAPTOP, PHONE, enter, serving, show_as, unfit, until
from tests.console.centre import PEOPLE, Centre, press
from tests.observed import audit_trail
from tests.rules.test_fitting_entries import MONEY

ENTRIES: dict[str, Any] = {
    "entry": [
        {
            "name": "Harbor Detox",
            "kinds": ["detox"],
            "numbers": ["(617) 555-0161"],
            "hours": ["Mon-Fri 08:00-16:00"],
            "languages": ["en", "es"],
            "hand_offs": True,
            "notes": "Ask for the intake nurse.",
        },
        {"name": "Night Line", "kinds": ["crisis"], "numbers": ["988"], "hours": "always"},
        {
            "name": "Quincy dispatch",
            "kinds": ["dispatch"],
            "numbers": ["(617) 555-0168"],
            "towns": ["Quincy"],
        },
    ]
}
ADDED: dict[str, Any] = {
    "name": "Elm House",
    "kinds": ["residential", "outpatient"],
    "numbers": "617-555-0170\n617 555 0171",
    "hours": "Mon-Fri 8:00-18:00; Sat 9:00-12:00",
    "timezone": "America/New_York",
    "languages": ["en", "ht"],
    "hand_offs": "1",
    "notes": "Beds on Thursdays.",
    "source": "their page",
}


@pytest.fixture
def filled(centre: Centre) -> Centre:
    """Three are in it; it is Monday, one o'clock in the afternoon in Boston."""
    line = centre.application.settings.centre.line
    centre.application.change(
        lambda transaction: directory_load.load(transaction.tx, ENTRIES, transaction.now, line)
    )
    return centre


def names(page: str) -> list[str]:
    """Who is on the page, in order."""
    return [one.strip() for one in re.findall(r'<li class="card entry".*?<h3>([^<]+)', page, re.DOTALL)]


def ids(centre: Centre) -> dict[str, str]:
    """Each entry's id, by name."""
    return centre.application.look(
        lambda transaction: {one.name: one.id for one in directory.every(transaction.tx)}
    )


@pytest.mark.parametrize("name", PEOPLE)
def test_everybody_may_look_and_supervisors_and_admins_may_change(filled: Centre, name: str) -> None:
    page = filled.signed_in(name).get("/directory").text
    assert names(page) == ["Harbor Detox", "Night Line", "Quincy dispatch"]
    assert ("Add an entry" in page) is (name in ("Eve Stone", "Adam Cole"))
    assert "617-555-0161" in page
    assert "Ask for the intake nurse." in page
    assert "For Quincy. Dial it from your own phone: we never do." in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["Harbor Detox", "Night Line", "Quincy dispatch"]),
        ("q=NURSE", ["Harbor Detox"]),
        ("q=quin", ["Quincy dispatch"]),
        ("q=555-0161", ["Harbor Detox"]),
        ("q=nobody", []),
        ("kind=crisis", ["Night Line"]),
        ("language=es", ["Harbor Detox"]),
        ("open=1", ["Harbor Detox", "Night Line"]),
        ("open=1&kind=detox", ["Harbor Detox"]),
        ("kind=nonsense&language=xx&open=7", ["Harbor Detox", "Night Line", "Quincy dispatch"]),
        ("retired=1", []),
    ],
)
def test_it_is_looked_through_on_the_server(filled: Centre, asked: str, found: list[str]) -> None:
    """On the page, and as the script asks while somebody types."""
    client = filled.signed_in("Ana Lima")
    assert names(client.get(f"/directory?{asked}").text) == found
    assert names(client.get(f"/directory/live?{asked}", headers={"X-Board": "1"}).text) == found


def test_an_empty_directory_says_what_to_do(centre: Centre) -> None:
    assert "A supervisor can add" in centre.signed_in("Ana Lima").get("/directory").text
    assert "hotline directory load" in centre.signed_in("Eve Stone").get("/directory").text


def test_an_entry_is_added_changed_retired_and_brought_back(filled: Centre) -> None:
    """With who did it, on the page and in the audit trail."""
    client = filled.signed_in("Eve Stone")
    assert press(client, "/directory", **ADDED).status_code == 303
    page = client.get("/directory?q=elm").text
    assert names(page) == ["Elm House"]
    assert "Mon-Fri 08:00-18:00, Sat 09:00-12:00" in page
    assert "by Eve Stone" in page
    elm = ids(filled)["Elm House"]
    press(client, f"/directory/{elm}", **{**ADDED, "name": "Elm Street House", "notes": ""})
    assert names(client.get("/directory?q=elm").text) == ["Elm Street House"]
    press(client, f"/directory/{elm}/retire", active="no")
    assert names(client.get("/directory?q=elm").text) == []
    assert names(client.get("/directory?retired=1").text) == ["Elm Street House"]
    press(client, f"/directory/{elm}/retire", active="yes")
    assert names(client.get("/directory?q=elm").text) == ["Elm Street House"]
    trail = filled.application.look(lambda transaction: audit_trail(transaction.tx))
    done = [one.action for one in trail if one.subject_id == elm]
    assert done == ["directory added", "directory changed", "directory retired", "directory changed"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"numbers": "911"}, "Numbers: &#34;911&#34;: it is an emergency number"),
        ({"hours": "weekdays"}, "Hours: &#34;weekdays&#34;: write hours such as"),
        ({"kinds": []}, "What for: name at least one of"),
        ({"name": "Harbor Detox"}, "Name: it is there already: change that one."),
        ({"name": ""}, "Name: write a text in quotes"),
        ({"kinds": ["dispatch"]}, "Towns that a dispatch centre serves: name the towns"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    filled: Centre, wrong: dict[str, Any], told: str
) -> None:
    """With a page, and with the script, whose form stays as it is."""
    client = filled.signed_in("Adam Cole")
    before = ids(filled)
    response = press(client, "/directory", **{**ADDED, **wrong})
    assert response.status_code == 422
    assert told in response.text
    assert "Beds on Thursdays." in response.text
    said = press(client, "/directory", script=True, **{**ADDED, **wrong}).json
    assert said is not None
    assert not said["good"]
    assert ids(filled) == before


def test_who_is_gone_can_t_be_changed(filled: Centre) -> None:
    client = filled.signed_in("Eve Stone")
    assert press(client, "/directory/x", **ADDED).status_code == 404
    assert press(client, "/directory/x/retire", active="no").status_code == 404
    assert press(client, "/directory/x/retire", active="perhaps").status_code == 400


def test_no_label_speaks_of_money(filled: Centre) -> None:
    """But the sentence that says that nobody is paid."""
    page = filled.signed_in("Eve Stone").get("/directory").text
    labels = " ".join(re.findall(r"<(?:label|legend|option|th)[^>]*>(.*?)</", page, re.DOTALL)).lower()
    fields = " ".join(re.findall(r'name="(\w+)"', page))
    words = re.split(r"\W+", f"{labels} {fields}".replace("_", " "))
    assert not set(words) & set(MONEY)


# --- in a browser --------------------------------------------------------------------------------------------------


def shown(browser: Chrome) -> list[str]:
    """Who is on the page."""
    found = browser.find_elements(By.CSS_SELECTOR, ".entry h3")
    return [one.text.split("\n")[0] for one in found]


@pytest.mark.parametrize("size", [LAPTOP, PHONE])
def test_typing_looks_and_the_page_is_fit_for_everybody(
    filled: Centre, browser: Chrome, size: tuple[int, int], tmp_path: Path
) -> None:
    """As it is typed, without losing the focus; with the form open nothing is out of a screen reader's reach."""
    show_as(browser, size)
    with serving(filled.app) as address:
        enter(browser, address, "Eve Stone")
        browser.get(f"{address}/directory")
        until(browser, "#pulse[data-state='live']")
        box = browser.find_element(By.ID, "q")
        box.send_keys("quincy")
        until(browser, ".entry:only-child")
        assert "Quincy dispatch" in shown(browser)[0]
        assert browser.switch_to.active_element == box
        assert browser.current_url.endswith("?q=quincy")
        box.send_keys(Keys.BACKSPACE * 6)
        until(browser, ".entry:nth-child(3)")
        browser.find_element(By.CSS_SELECTOR, ".add summary").click()
        assert unfit(browser) == []
        wide = browser.execute_script("return document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0


def test_outcomes_on_the_board_choose_from_the_directory(filled: Centre) -> None:
    """Free words stay possible; a dispatch centre is nobody whom callers are referred to."""
    filled.asks_for_callback("+16175550150")
    page = filled.signed_in("Ana Lima").get("/board").text
    listed = page.partition('<datalist id="entries">')[2].partition("</datalist>")[0]
    assert re.findall(r'value="([^"]+)"', listed) == ["Harbor Detox", "Night Line"]
