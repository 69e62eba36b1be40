"""Call, on a thread and among what was not delivered: one's own phone rings, then theirs."""

from __future__ import annotations

from hotline.model import PhoneNumber
from hotline.store.cases import callbacks
from hotline.store.overviews import telephones
from hotline.telephony.webhooks import status_reports
from tests.console.centre import Centre, press
from tests.console.test_thread_page import NUMBER, QUESTION, claimed, said, send, writes

RINGS = "Your phone rings now. Press 1 on it, and the caller is called."


def _owed(centre: Centre) -> list[callbacks.CallbackRow]:
    return centre.application.look(
        lambda transaction: callbacks.open_for(transaction.tx, PhoneNumber(NUMBER))
    )


def test_a_thread_s_person_is_called_from_its_page(centre: Centre) -> None:
    """It is a callback of one's own, from the number that they wrote to; pressed twice, one phone rings once."""
    thread, ana = claimed(centre), centre.signed_in("Ana Lima")
    address = f"/board/callers/{thread}/call"
    assert address in ana.get(f"/threads/{thread}").text
    for _ in range(2):
        assert press(ana, address, script=True).json == {"said": RINGS, "good": True}
    (row,) = _owed(centre)
    assert (row.callback.owner, row.our_number) == (centre.people["Ana Lima"], "+16175550100")
    calls = centre.application.look(
        lambda transaction: [one.page for one in telephones.look(transaction.tx).running()]
    )
    assert [page.staff_id for page in calls] == [centre.people["Ana Lima"]]


def test_what_is_owed_already_is_kept_by_it_and_a_colleague_s_is_left_to_them(centre: Centre) -> None:
    """No second callback to one number."""
    thread = writes(centre, QUESTION)
    callback = centre.asks_for_callback(NUMBER)
    ana, here = centre.signed_in("Ana Lima"), f"/threads/{thread}"
    assert press(ana, f"/board/callers/{thread}/call", back=here).location == here
    assert [row.callback.id for row in _owed(centre)] == [callback]
    taken = press(centre.signed_in("Ben Ortiz"), f"/board/callers/{thread}/call", script=True)
    assert taken.json == {"said": "Ana Lima has it.", "good": False}


def test_whoever_got_no_text_of_ours_is_called_from_deliveries(centre: Centre) -> None:
    """One's own phone rings for them, and one is back where one was; who may not call has no button."""
    thread, ana = claimed(centre), centre.signed_in("Ana Lima")
    send(ana, thread, "Yes.")
    form = {"MessageSid": "SM" + "9" * 32, "MessageStatus": "undelivered", "ErrorCode": "30006"}
    message = said(centre, thread)[-1].id
    centre.application.change(lambda transaction: status_reports.text_status(transaction, form, message))
    page, address = ana.get("/deliveries").text, f"/board/callers/{thread}/call"
    assert "It is a landline" in page
    assert address in page
    assert press(ana, address, back="/deliveries").location == "/deliveries"
    assert RINGS in ana.get("/deliveries").text
    calls = centre.application.look(
        lambda transaction: [one.page for one in telephones.look(transaction.tx).running()]
    )
    assert [one.staff_id for one in calls] == [centre.people["Ana Lima"]]
    assert address not in centre.signed_in("Adam Cole").get("/deliveries").text


def test_nobody_is_called_without_a_number(centre: Centre) -> None:
    """And that is said."""
    contact = centre.calls_in(None, "2")
    answer = press(centre.signed_in("Ana Lima"), f"/board/callers/{contact}/call", script=True)
    assert answer.json == {"said": "There is no number that can be called.", "good": False}
