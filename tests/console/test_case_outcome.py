"""How it ended is said on the page of the case: of what nobody has, of one's own, of a talk that is over."""

from __future__ import annotations

import re
from datetime import timedelta

from flask.testing import FlaskClient

from hotline.model import ContactId, Outcome
from hotline.store.cases import intakes
from tests.console.centre import Centre, press
from tests.console.test_admissions_record import owed
from tests.console.test_live_talks import put_through, talked
from tests.console.test_what_follows import row_of

ANA, BEN, ADAM = "Ana Lima", "Ben Ortiz", "Adam Cole"


def card(client: FlaskClient, contact: ContactId) -> str:
    """The card "How did it end?" of a case's page; empty: there is none."""
    page = client.get(f"/threads/{contact}")
    assert page.status_code == 200
    return page.text.partition('id="ended"')[2].partition("</section>")[0]


def test_who_is_owed_a_call_is_claimed_there_and_an_intake_booked(centre: Centre) -> None:
    """Each button leads back to the page; the board has the intake."""
    callback, contact = owed(centre)
    ana, here = centre.signed_in(ANA), f"/threads/{contact}"
    assert "Claim it, then say how it ended" in card(ana, contact)
    assert "data-outcome" not in card(ana, contact)
    claimed = press(ana, f"/board/callbacks/{callback}/claim", back=here)
    assert claimed.location == here
    assert f'action="/board/callbacks/{callback}/outcome"' in card(ana, contact)
    assert card(centre.signed_in(BEN), contact) == "", "it is Ana's"
    at, address = "2026-03-04T10:00", f"/board/callbacks/{callback}/outcome"
    said = press(ana, address, back=here, outcome="booked_intake", starts=at, place="Harbor House")
    assert said.location == here
    assert row_of(centre, callback).callback.outcome is Outcome.BOOKED_INTAKE
    assert "Harbor House" in ana.get("/board").text
    assert "Claim" not in card(ana, contact)


def test_a_talk_that_is_over_is_said_and_put_right_there(centre: Centre) -> None:
    """Not while they talk."""
    ana, contact = centre.signed_in(ANA), talked(centre)
    here = f"/threads/{contact}"
    assert re.search(r'<details data-key="said" open>\s*<summary[^>]*>Say how it ended', card(ana, contact))
    address = f"/board/callers/{contact}/outcome"
    said = press(ana, address, back=here, outcome="referred", was="", to_whom="Shelter on Main St")
    assert said.location == here
    assert "Correct…" in card(ana, contact)
    said = press(ana, address, back=here, outcome="booked_intake", was="referred", unknown="yes")
    assert said.location == here
    booked, sent = centre.application.look(lambda transaction: intakes.of_case(transaction.tx, contact))
    assert (len(booked), sent) == (1, [])
    centre.clock.pass_by(timedelta(minutes=1))
    running = put_through(centre, "+16175550143", BEN)
    assert card(centre.signed_in(BEN), running) == ""


def test_what_is_closed_is_put_right_there_as_on_the_board(centre: Centre) -> None:
    """A call of ours that ended without a word counts as reached, and whoever talked may know better. A correction from
    a page that somebody has had open since before another one overwrites nothing."""
    callback, contact = owed(centre)
    ana, here, address = centre.signed_in(ANA), f"/threads/{contact}", f"/board/callbacks/{callback}/outcome"
    centre.claims(ANA, callback)
    press(ana, address, back=here, outcome="reached")
    centre.clock.pass_by(timedelta(minutes=2))
    shown = card(ana, contact)
    assert "Correct…" in shown
    assert f'action="{address}"' in shown
    assert 'name="was" value="reached"' in shown
    assert "Correct…" in card(centre.signed_in(BEN), contact)
    said = press(ana, address, back=here, outcome="referred", was="reached", to_whom="Shelter on Main St")
    assert said.location == here
    assert row_of(centre, callback).callback.outcome is Outcome.REFERRED
    press(centre.signed_in(BEN), address, back=here, outcome="declined", was="reached")
    assert row_of(centre, callback).callback.outcome is Outcome.REFERRED
    assert 'name="was" value="referred"' in card(ana, contact)


def test_whoever_works_on_no_case_says_no_outcome(centre: Centre) -> None:
    """An admin opens no case at all."""
    _, contact = owed(centre)
    assert centre.signed_in(ADAM).get(f"/threads/{contact}").status_code == 403
