"""Deliveries: what did not arrive, why, and the button that mends it."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from hotline.effects import Origin, OriginKind, PlaceCall, SendText
from hotline.model import ContactId, OutboxId, PhoneNumber
from hotline.operations.console import coordinator
from hotline.operations.texts import threads
from hotline.operations.transaction import Transaction
from hotline.store.cases import callbacks
from hotline.store.database.tables import outbox as outbox_table
from hotline.store.traffic import outgoing_events
from hotline.store.traffic.outbox import EffectStatus
from hotline.store.traffic.outgoing_events import OutgoingEvent
from hotline.telephony.webhooks import status_reports
from tests.console.centre import Centre, open_centre, press
from tests.console.test_sides import WORDS, thread
from tests.observed import waiting_to_leave
from tests.settings.examples import REPOSITORY
from tests.stories.centre import EVENTS_SECRET

ANA, CHLOE, EVE, ADAM = "Ana Lima", "Chloe Baptiste", "Eve Stone", "Adam Cole"
NUMBER = "+16175550181"


def lost(centre: Centre, error: str = "30008") -> tuple[ContactId, str]:
    """Ana wrote to somebody, and it did not arrive: whose page, and which message."""
    contact = thread(centre, WORDS, NUMBER)
    escalation = centre.escalation()
    ana = centre.people[ANA]
    centre.application.change(lambda t: coordinator.accept(t, escalation, ana))
    centre.application.change(lambda t: threads.write(t, contact, "Call us when you can.", ana, "k1"))

    form = {"MessageSid": "SM" + "9" * 32, "MessageStatus": "undelivered", "ErrorCode": error}
    centre.application.change(lambda t: status_reports.text_status(t, form, "staff-k1"))
    with centre.application.database.write() as tx:
        tx.execute(outbox_table.update().values(status=EffectStatus.SENT.value))
    return contact, "staff-k1"


def leaving(centre: Centre) -> list[str]:
    """The words of texts that are on their way."""
    found = centre.application.look(lambda t: waiting_to_leave(t.tx, centre.clock.now))
    return [one.effect.body for one in found if isinstance(one.effect, SendText)]


def test_a_text_is_sent_again_by_a_button_once(centre: Centre) -> None:
    """The same words, however often it is pressed; then it stands on the list no more."""
    _, message = lost(centre)
    client = centre.signed_in(ANA)
    page = client.get("/deliveries").text
    assert "The carrier lost it" in page
    assert f"/deliveries/{message}/again" in page
    for _ in range(2):
        said = press(client, f"/deliveries/{message}/again", script=True)
        assert said.json == {"said": "It is on its way again.", "good": True}
    assert leaving(centre) == ["Call us when you can."]
    assert message not in client.get("/deliveries").text
    assert centre.audited().count("text again") == 1


@pytest.mark.parametrize("error", ["21610", "30006", "30005"])
def test_what_can_t_arrive_is_not_sent_again(centre: Centre, error: str) -> None:
    """They ended texts, or it is no mobile: there is the call."""
    _, message = lost(centre, error)
    page = centre.signed_in(ANA).get("/deliveries").text
    assert f"/deliveries/{message}/again" not in page
    assert "Call: ring my phone" in page


def test_whoever_has_said_since_that_texting_is_not_safe_gets_no_text(centre: Centre) -> None:
    """The button says so, and what to do."""
    contact, message = lost(centre)
    centre.application.change(lambda t: threads.set_safe(t, contact, centre.people[ANA], safe=False))
    said = press(centre.signed_in(ANA), f"/deliveries/{message}/again", script=True)
    assert said.json is not None
    assert (said.json["good"], "not safe" in said.json["said"]) == (False, True)
    assert leaving(centre) == []


def test_whoever_has_ended_texts_since_gets_none(centre: Centre) -> None:
    """Nor anything else."""
    _, message = lost(centre)
    centre.texts("STOP", NUMBER)
    before = leaving(centre)
    said = press(centre.signed_in(ANA), f"/deliveries/{message}/again", script=True)
    assert said.json is not None
    assert said.json["good"] is False
    assert leaving(centre) == before


def test_what_is_seen_to_is_off_the_list(centre: Centre) -> None:
    """For everybody; with who took it off in the trail."""
    _, message = lost(centre)
    said = press(centre.signed_in(ANA), f"/deliveries/{message}/off", script=True)
    assert said.json == {"said": "Off the list.", "good": True}
    assert "has arrived, as far as the carriers tell" in centre.signed_in(EVE).get("/deliveries").text
    press(centre.signed_in(EVE), f"/deliveries/{message}/off")
    assert centre.audited().count("seen to") == 1


def test_what_isn_t_there_is_told(centre: Centre) -> None:
    """A page that was open for long."""
    client = centre.signed_in(ANA)
    for what in ("off", "again", "number"):
        said = press(client, f"/deliveries/nothing/{what}", script=True)
        assert said.json is not None
        assert (said.json["good"], "Look at the list again" in said.json["said"]) == (False, True)
    assert "Look at the list again" in client.get(press(client, "/deliveries/nothing/off").location).text


def refused_call(centre: Centre) -> tuple[str, str]:
    """Somebody is owed a call at a number that nobody has: the callback, and the trouble."""
    callback = centre.asks_for_callback("+16175550142")

    def work(transaction: Transaction) -> OutboxId:
        row = callbacks.get(transaction.tx, callback)
        assert row is not None
        assert row.number is not None
        effect = PlaceCall(row.number, "/v", "/s", 30)
        made = transaction.send(effect, about=Origin(OriginKind.CONTACT, row.contact_id), to_caller=True)
        transaction.tx.execute(
            outbox_table.update().where(outbox_table.c.id == made).values(status="failed", error="21217")
        )
        return made

    return callback, centre.application.change(work)


def test_the_number_of_a_call_that_is_owed_is_corrected(centre: Centre) -> None:
    """About the new one nothing is known: no message is left there, no text sent."""
    callback, trouble = refused_call(centre)
    client = centre.signed_in(ANA)
    page = client.get("/deliveries").text
    assert "It is not a telephone number that exists." in page
    assert "Correct the number" in page
    wrong = press(client, f"/deliveries/{trouble}/number", script=True, callback=callback, number="911")
    assert wrong.json is not None
    assert (wrong.json["good"], "no number that we may call" in wrong.json["said"]) == (False, True)
    right = press(client, f"/deliveries/{trouble}/number", callback=callback, number="617 555 0143")
    assert right.location == "/deliveries"
    row = centre.application.look(lambda t: callbacks.get(t.tx, callback))  # type: ignore[arg-type]
    assert row is not None
    assert row.number == PhoneNumber("+16175550143")
    assert (row.callback.message_safe, row.callback.text_safe) == (False, False)
    assert "number corrected" in centre.audited()
    assert trouble not in client.get("/deliveries").text


def test_who_doesn_t_work_on_callers_mends_nothing(centre: Centre) -> None:
    """Admins don't see the page at all."""
    _, message = lost(centre)
    client = centre.signed_in(ADAM)
    assert client.get("/deliveries").status_code == 403
    assert press(client, f"/deliveries/{message}/off").status_code == 403


def test_it_leaves_the_list_by_itself_after_a_week(centre: Centre) -> None:
    """As before."""
    lost(centre)
    centre.clock.pass_by(timedelta(days=8))
    assert "has arrived" in centre.signed_in(ANA).get("/deliveries").text


def test_events_that_no_other_system_took_are_counted_with_the_way_to_them(tmp_path: Path) -> None:
    """Whom it concerns, and whom not; none are mentioned where none were given up."""
    config = tmp_path / "hotline.toml"
    told = 'address = "https://127.0.0.1:9/events"'
    given = (REPOSITORY / "hotline.toml").read_text(encoding="utf-8")
    config.write_text(given.replace("[events]\n", f"[events]\n{told}\n"), encoding="utf-8")
    centre = open_centre(tmp_path, HOTLINE_CONFIG=str(config), EVENTS_SECRET=EVENTS_SECRET)
    eve = centre.signed_in(EVE)
    assert "other system" not in eve.get("/deliveries").text
    for number in range(2):
        dead = OutgoingEvent(f"evt_{number}", "page.opened", f"e{number}", centre.clock.now)
        centre.application.change(partial(_given_up, dead))
    page = eve.get("/deliveries").text
    assert "2 events could not be handed to your other system within three days." in page
    assert "Nobody here or on the telephone waits for them." in page
    assert "<code>hotline events again</code>" in page
    centre.application.database.dispose()


def _given_up(event: OutgoingEvent, transaction: Transaction) -> None:
    tx, now = transaction.tx, transaction.now
    outgoing_events.add(tx, event)
    (claimed,) = outgoing_events.claim_due(tx, now, timedelta(seconds=8), 1)
    assert outgoing_events.dead(tx, claimed, now, "500")
