"""Nothing that somebody has typed is lost when its form goes away under their fingers, or is refused."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from hotline.model import CallbackId, Outcome
from hotline.operations.console import coordinator
from tests.console.browser import (
    PHONE,
    at_the_board,
    come_in,
    outside,
    show_as,
    unfit,
    until,
    until_asked_again,
)
from tests.console.centre import Centre, press, token
from tests.console.test_sides import WORDS, thread

ANA, BEN, EVE = "Ana Lima", "Ben Ortiz", "Eve Stone"
PLACE = "Main Street 5, second door"


def hers(centre: Centre) -> CallbackId:
    """A callback that Ana has."""
    callback = centre.asks_for_callback()
    centre.claims(ANA, callback)
    return callback


def half_typed(browser: Chrome, callback: CallbackId) -> None:
    """She has chosen how it ended, and is writing where the intake is."""
    Select(browser.find_element(By.ID, f"outcome-{callback}")).select_by_value("booked_intake")
    browser.find_element(By.ID, f"place-{callback}").send_keys(PLACE)


@pytest.mark.browser
@pytest.mark.parametrize("closed", [False, True])
def test_what_was_half_typed_stays_when_its_card_goes(
    browser: Chrome, centre: Centre, address: str, *, closed: bool
) -> None:
    """A supervisor takes the callback over, or says herself how it ended: the words stay until they are put away."""
    callback = hers(centre)
    at_the_board(browser, centre, address, ANA)
    half_typed(browser, callback)
    centre.application.change(
        partial(coordinator.take_callback_over, callback_id=callback, by=centre.people[EVE])
    )
    if closed:
        declined = partial(coordinator.set_outcome, callback_id=callback, outcome=Outcome.DECLINED)
        centre.application.change(partial(declined, by=centre.people[EVE]))
    until(browser, "#typed:not([hidden])")
    kept = browser.find_element(By.ID, "typed")
    assert PLACE in kept.text
    assert "Intake booked" in kept.text
    assert unfit(browser) == []
    show_as(browser, PHONE)
    assert outside(browser, "#typed button", PHONE[0]) == []
    until_asked_again(browser)
    assert kept.is_displayed()
    kept.find_elements(By.CSS_SELECTOR, "button")[-1].click()
    assert not kept.is_displayed()


@pytest.mark.browser
def test_a_page_that_is_theirs_no_more_keeps_what_they_wrote(
    browser: Chrome, centre: Centre, address: str
) -> None:
    """Their own words, and nothing else of it."""
    call = centre.calls_in("", keys="1")
    emergency = centre.escalation()
    centre.application.change(partial(coordinator.accept, escalation_id=emergency, by=centre.people[ANA]))
    come_in(browser, centre, address, ANA)
    browser.get(f"{address}/threads/{call}")
    until(browser, "#note")
    browser.find_element(By.ID, "note").send_keys("the door is open")
    centre.application.change(partial(coordinator.take_over, escalation_id=emergency, by=centre.people[EVE]))
    until(browser, "#typed:not([hidden])")
    assert "the door is open" in browser.find_element(By.ID, "typed").text
    assert "no longer yours" in browser.find_element(By.ID, "live").text


@pytest.mark.browser
def test_what_was_sent_is_not_told_of(browser: Chrome, centre: Centre, address: str) -> None:
    """It has arrived; and a choice that nobody has sent is made again in a moment."""
    callback = hers(centre)
    at_the_board(browser, centre, address, ANA)
    half_typed(browser, callback)
    browser.find_element(By.CSS_SELECTOR, f"#callback-{callback} input[name='unknown']").click()
    browser.find_element(By.CSS_SELECTOR, f"#callback-{callback} .outcome button").click()
    until(browser, f"#done-{callback}")
    until_asked_again(browser)
    assert not browser.find_element(By.ID, "typed").is_displayed()


def test_without_a_script_the_form_comes_back_as_it_was_written(centre: Centre) -> None:
    """Refused, it stands there again with all that it said, and what is lacking; put right, it is saved."""
    callback = hers(centre)
    client = centre.signed_in(ANA)
    written = {
        "csrf_token": token(client, "/board"),
        "outcome": "booked_intake",
        "place": PLACE,
        "starts": "",
    }
    page = client.post(f"/board/callbacks/{callback}/outcome", data=written)
    assert page.status_code == 422
    assert "Write the day, the time and the place" in page.text
    assert f'value="{PLACE}"' in page.text
    assert '<option value="booked_intake" selected>' in page.text
    assert '<span class="later" data-for="booked_intake" data-keeps="hidden">' in page.text
    assert f'action="/board/callbacks/{callback}/outcome"' in page.text
    starts = (centre.clock.now + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    saved = client.post(f"/board/callbacks/{callback}/outcome", data={**written, "starts": starts})
    assert (saved.status_code, saved.location) == (303, f"/board#callback-{callback}")


def test_without_a_script_what_a_colleague_has_now_is_said_with_the_words(centre: Centre) -> None:
    """Who has it, and what was written, to be taken along."""
    callback = hers(centre)
    address, whom = f"/board/callbacks/{callback}/outcome", "Hope House, Ms. Reed"
    page = press(centre.signed_in(BEN), address, outcome="referred", to_whom=whom)
    assert page.status_code == 422
    assert "Ana Lima" in page.text
    assert "Hope House, Ms. Reed" in page.text
    assert "Go back" in page.text


def test_without_a_script_a_note_that_is_refused_is_still_there(centre: Centre) -> None:
    """Too long, or changed elsewhere: the page says why, and shows it."""
    contact = thread(centre, WORDS, "+16175550182")
    page = press(centre.signed_in(ANA), f"/threads/{contact}/note", note="x" * 2001)
    assert page.status_code == 422
    assert "Write it as two notes" in page.text
    assert "x" * 2001 in page.text
