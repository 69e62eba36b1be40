"""The page of a case sends somebody on: to whom, by a warm hand-off; and whom to dial for one who stops answering."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from hotline.callbacks.admissions import RecordField
from hotline.model import ContactId, StaffId
from hotline.operations.callbacks import admissions_talk
from hotline.operations.callbacks.admissions_talk import GivenAnswer
from hotline.operations.roster import directory_load
from hotline.operations.transaction import Transaction
from tests.console.browser import LAPTOP, PHONE, enter, serving, show_as, unfit, until
from tests.console.centre import Centre, press
from tests.console.test_directory_page import ENTRIES

BOSTON = {
    "name": "Boston dispatch",
    "kinds": ["dispatch"],
    "numbers": ["(617) 555-0167"],
    "towns": ["Boston", "East Boston"],
}


@pytest.fixture
def filled(centre: Centre) -> Centre:
    """Programmes and two dispatch centres are in the directory."""
    line, entries = centre.application.settings.centre.line, {"entry": [*ENTRIES["entry"], BOSTON]}
    centre.application.change(
        lambda transaction: directory_load.load(transaction.tx, entries, transaction.now, line)
    )
    return centre


@pytest.fixture
def emergency(filled: Centre) -> tuple[Centre, ContactId]:
    """Somebody has pressed 1."""
    return filled, filled.calls_in(keys="1")


def text(page: str) -> str:
    """What is read of the panel, in one line."""
    panel = page.partition('id="dispatch"')[2].partition("</section>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", panel))


def says_where(centre: Centre, contact: ContactId, where: str) -> None:
    """Somebody writes into the record where they are."""

    def keep(transaction: Transaction) -> None:
        given = [GivenAnswer(RecordField.WHERE, "", where)]
        admissions_talk.keep(transaction, contact, given, StaffId(centre.people["Eve Stone"]))

    centre.application.change(keep)


def test_until_the_town_is_known_the_area_code_is_a_hint_and_said_to_be_one(
    emergency: tuple[Centre, ContactId],
) -> None:
    centre, contact = emergency
    read = text(centre.signed_in("Eve Stone").get(f"/threads/{contact}").text)
    assert "Ask now where they are, town first" in read
    assert "Only a hint, by the area code" in read
    assert "617-555-0167" in read
    assert "617-555-0168" in read


@pytest.mark.parametrize("where", ["Quincy, 12 Elm St", "third floor, quincy", "QUINCY"])
def test_the_dispatch_of_their_town_stands_there_alone(
    emergency: tuple[Centre, ContactId], where: str
) -> None:
    """However it is written; a part of a word is no town."""
    centre, contact = emergency
    says_where(centre, contact, where)
    read = text(centre.signed_in("Chloe Baptiste").get(f"/threads/{contact}").text)
    assert "617-555-0168" in read
    assert "617-555-0167" not in read
    assert "hint" not in read


def test_a_town_that_nobody_has_entered_says_so(emergency: tuple[Centre, ContactId]) -> None:
    centre, contact = emergency
    says_where(centre, contact, "Bostonville")
    assert "No dispatch centre in the directory names that town." in text(
        centre.signed_in("Eve Stone").get(f"/threads/{contact}").text
    )


def test_the_clock_runs_from_when_they_stopped_and_everybody_sees_it(
    emergency: tuple[Centre, ContactId],
) -> None:
    """A minute, then late; both are on the timeline with who said so."""
    centre, contact = emergency
    eve = centre.signed_in("Eve Stone")
    assert "No answer since" not in text(eve.get(f"/threads/{contact}").text)
    press(eve, f"/threads/{contact}/silent", answers="no")
    centre.clock.pass_by(timedelta(seconds=20))
    read = text(centre.signed_in("Chloe Baptiste").get(f"/threads/{contact}").text)
    assert "Until you call dispatch: left 00:40" in read
    centre.clock.pass_by(timedelta(seconds=60))
    assert "Until you call dispatch: late by 00:20" in text(eve.get(f"/threads/{contact}").text)
    press(eve, f"/threads/{contact}/silent", answers="yes")
    page = eve.get(f"/threads/{contact}").text
    assert "No answer since" not in text(page)
    assert "They have stopped answering · Eve Stone" in page
    assert "They answer again · Eve Stone" in page
    assert press(eve, f"/threads/{contact}/silent", answers="maybe").status_code == 400


def test_whoever_has_called_dispatch_says_so_and_the_clock_has_done_its_work(
    emergency: tuple[Centre, ContactId],
) -> None:
    """A supervisor who looks on sees that it was done, by whom and when; once, and only while nobody answers."""
    centre, contact = emergency
    chloe, silent = centre.signed_in("Chloe Baptiste"), f"/threads/{contact}/silent"
    assert press(chloe, silent, answers="called", script=True).json == {
        "said": "It stands there already.",
        "good": True,
    }
    press(chloe, silent, answers="no")
    assert "I have called their dispatch centre" in chloe.get(f"/threads/{contact}").text
    centre.clock.pass_by(timedelta(seconds=80))
    assert press(chloe, silent, answers="called", script=True).json == {"said": "Written down.", "good": True}
    page = centre.signed_in("Eve Stone").get(f"/threads/{contact}").text
    assert "Chloe Baptiste called dispatch at" in text(page)
    assert "No answer since" in text(page)
    assert "Until you call dispatch" not in text(page)
    assert "I have called their dispatch centre" not in page
    assert "Their dispatch centre was called · Chloe Baptiste" in page
    press(chloe, silent, answers="yes")
    read = text(centre.signed_in("Eve Stone").get(f"/threads/{contact}").text)
    assert "Chloe Baptiste called dispatch at" in read, "whoever takes over must know that help is on its way"
    assert "Tell them that help is on its way" in read
    assert "No answer since" not in read
    press(chloe, silent, answers="no")
    assert "called dispatch at" not in text(chloe.get(f"/threads/{contact}").text)
    assert "Until you call dispatch: left" in text(chloe.get(f"/threads/{contact}").text)


def test_who_may_not_read_the_page_starts_no_clock(emergency: tuple[Centre, ContactId]) -> None:
    """An emergency is the clinical side's; and without one there is no such panel."""
    centre, contact = emergency
    assert press(centre.signed_in("Ana Lima"), f"/threads/{contact}/silent", answers="no").status_code == 403
    assert press(centre.signed_in("Eve Stone"), "/threads/x/silent", answers="no").status_code == 404
    other = centre.calls_in("+16175550143", ["2"])
    assert 'id="dispatch"' not in centre.signed_in("Eve Stone").get(f"/threads/{other}").text


def test_who_is_in_no_talk_hands_nobody_over(filled: Centre) -> None:
    """The page offers it to nobody else, and the button of an old page says why not."""
    contact = filled.calls_in("+16175550143", ["2"])
    client = filled.signed_in("Ana Lima")
    assert "Hand over to somebody outside" not in client.get(f"/threads/{contact}").text
    said = press(client, f"/threads/{contact}/hand-off", script=True, entry="x").json
    assert said == {
        "said": "You must be on the line with them: your phone is in no talk with this caller now.",
        "good": False,
    }
    said = press(client, f"/threads/{contact}/hand-off/step", script=True, step="together").json
    assert said == {"said": "That is not possible any more.", "good": False}
    assert press(client, f"/threads/{contact}/hand-off/step", step="nonsense").status_code == 400


@pytest.mark.parametrize("size", [LAPTOP, PHONE])
def test_the_clock_ticks_and_the_page_is_fit_for_everybody(
    emergency: tuple[Centre, ContactId], browser: Chrome, size: tuple[int, int], tmp_path: Path
) -> None:
    """With a button by keyboard, without a reload."""
    centre, contact = emergency
    show_as(browser, size)
    with serving(centre.app) as address:
        enter(browser, address, "Eve Stone")
        browser.get(f"{address}/threads/{contact}")
        until(browser, "#pulse[data-state='live']")
        browser.find_element(By.CSS_SELECTOR, "#dispatch .acts button").send_keys("\n")
        until(browser, "#dispatch .clock")
        assert unfit(browser) == []
        wide = browser.execute_script("return document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0
