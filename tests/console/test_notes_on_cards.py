"""A note is written where somebody stands: on the card of what is theirs."""

from __future__ import annotations

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.console.browser import (
    PHONE,
    at_the_board,
    outside,
    show_as,
    unfit,
    until,
    until_asked_again,
)
from tests.console.centre import Centre, press

ANA, BEN, CHLOE = "Ana Lima", "Ben Ortiz", "Chloe Baptiste"
WORDS = "Her sister has the key. La hermana tiene la llave."


def test_on_the_card_of_a_callback_of_one_s_own(centre: Centre) -> None:
    """It stands on the page of the case, and they are where they were; nobody else has the form."""
    callback = centre.asks_for_callback()
    ana, ben = centre.signed_in(ANA), centre.signed_in(BEN)
    assert f'id="note-{callback}"' not in ana.get("/board").text
    press(ana, f"/board/callbacks/{callback}/claim")
    board = ana.get("/board").text
    assert f'id="note-{callback}"' in board
    assert f'id="note-{callback}"' not in ben.get("/board").text
    where = board.split(f'id="note-{callback}"')[0].rsplit('action="', 1)[1].split('"')[0]
    back = f"/board#callback-{callback}"
    answered = press(ana, where, note=WORDS, back=back)
    assert (answered.status_code, answered.location) == (303, back)
    assert WORDS in ana.get(where.removesuffix("/note")).text


def test_a_note_leads_nowhere_else(centre: Centre) -> None:
    """What isn't a page of ours is no way back."""
    callback = centre.asks_for_callback()
    ana = centre.signed_in(ANA)
    press(ana, f"/board/callbacks/{callback}/claim")
    board = ana.get("/board").text
    where = board.split(f'id="note-{callback}"')[0].rsplit('action="', 1)[1].split('"')[0]
    answered = press(ana, where, note=WORDS, back="https://elsewhere.example/")
    assert answered.location == where.removesuffix("/note")


@pytest.mark.browser
def test_half_a_note_outlives_a_redraw_of_the_board(browser: Chrome, centre: Centre, address: str) -> None:
    """Chloe writes on the card of her emergency while another one comes; what she has sent is folded away."""
    call = centre.calls_in("+16175550142", keys="1")
    emergency = centre.escalation()
    press(centre.signed_in(CHLOE), f"/board/escalations/{emergency}/accept")
    at_the_board(browser, centre, address, CHLOE)
    card = f"#escalation-{emergency}"
    browser.find_element(By.CSS_SELECTOR, f"{card} [data-key=note] summary").click()
    field = browser.find_element(By.ID, f"note-{emergency}")
    field.send_keys(WORDS)
    centre.calls_in("+16175550143", keys="1")
    until(browser, ".emergency:nth-child(2)")
    until_asked_again(browser)
    assert browser.find_element(By.ID, f"note-{emergency}").get_attribute("value") == WORDS
    assert unfit(browser) == []
    show_as(browser, PHONE)
    assert outside(browser, f"{card} [data-key=note] button", PHONE[0]) == []

    browser.find_element(By.CSS_SELECTOR, f"{card} [data-key=note] button").click()
    until(browser, f"{card} [data-key=note]:not([open])")
    until_asked_again(browser)
    assert browser.find_element(By.ID, f"note-{emergency}").get_attribute("value") == ""
    assert not browser.find_element(By.ID, "typed").is_displayed()
    assert WORDS in centre.signed_in(CHLOE).get(f"/threads/{call}").text
