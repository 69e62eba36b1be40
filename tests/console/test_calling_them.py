"""Call, on a thread and among what was not delivered: one's own phone rings, then theirs."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from hotline.callbacks.callback import CallbackStatus
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


def test_a_call_at_a_time_of_theirs_is_planned_from_the_page_of_a_thread(centre: Centre) -> None:
    """ "Call me tomorrow at 3": it stands in line for then, nobody's until phones ring for it."""
    thread, ana = writes(centre, "call me tomorrow at 3"), centre.signed_in("Ana Lima")
    address, here = f"/board/callers/{thread}/plan", f"/threads/{thread}"
    assert address in ana.get(here).text
    assert press(ana, address, later="2026-03-03T15:00", back=here).location == here
    assert (
        "Planned: whoever is on is rung for it at Tue 15:00. It stands among the callbacks."
        in ana.get(here).text
    )
    (row,) = _owed(centre)
    rule, three = row.callback, datetime(2026, 3, 3, 20, tzinfo=UTC)
    assert (rule.status, rule.due_at, rule.owner, row.our_number) == (
        CallbackStatus.WAITING,
        three,
        None,
        "+16175550100",
    )
    page = ana.get(here).text
    assert "They are to be called back" in page
    assert "A call at a time of theirs was planned" in page
    assert "first try" in ana.get("/board").text
    press(ana, address, later="2026-03-03T16:30", back=here)
    (row,) = _owed(centre)
    assert row.callback.due_at == three + timedelta(minutes=90)
    assert "call planned" in centre.audited()


def test_who_has_the_thread_is_told_so_beside_a_callback_that_nobody_has(centre: Centre) -> None:
    """ "You have it" would be taken for the callback."""
    thread, ana = writes(centre, "call me tomorrow at 3"), centre.signed_in("Ana Lima")
    here = f"/threads/{thread}"
    found = re.search(r"/board/escalations/\w+/accept", ana.get(here).text)
    assert found is not None
    press(ana, f"/board/callers/{thread}/plan", later="2026-03-03T15:00", back=here)
    press(ana, found[0], back=here)
    mine = ana.get(here).text
    assert "They are to be called back" in mine
    assert "The thread is yours." in mine
    assert "You have it." not in mine
    assert "Ana Lima has the thread." in centre.signed_in("Ben Ortiz").get(here).text


def test_a_time_that_can_t_be_is_refused_and_a_colleague_s_call_is_left_to_them(centre: Centre) -> None:
    """Each in words that say what to do, or who has it."""
    thread, ana = writes(centre, QUESTION), centre.signed_in("Ana Lima")
    address = f"/board/callers/{thread}/plan"
    for wrong in ("", "tomorrow", "2026-03-01T15:00", "2027-03-03T15:00"):
        refused = press(ana, address, script=True, later=wrong).json
        assert refused is not None
        assert refused["good"] is False
        assert refused["said"].startswith(("Write the day and the time", "Choose a time to come"))
    assert _owed(centre) == []
    press(centre.signed_in("Ben Ortiz"), f"/board/callers/{thread}/call")
    taken = press(ana, address, script=True, later="2026-03-03T15:00").json
    assert taken == {"said": "Ben Ortiz has it.", "good": False}
    hidden = centre.calls_in(None, "2")
    nobody = press(ana, f"/board/callers/{hidden}/plan", script=True, later="2026-03-03T15:00").json
    assert nobody == {"said": "There is no number that can be called.", "good": False}
    assert address not in centre.signed_in("Adam Cole").get("/board").text


def test_what_is_one_s_own_already_is_put_off_to_that_time(centre: Centre) -> None:
    """It was claimed, and they write that another time is better."""
    thread = writes(centre, QUESTION)
    callback, ana = centre.asks_for_callback(NUMBER), centre.signed_in("Ana Lima")
    centre.claims("Ana Lima", callback)
    press(ana, f"/board/callers/{thread}/plan", later="2026-03-03T15:00")
    (row,) = _owed(centre)
    assert (row.callback.id, row.callback.status, row.callback.asked_later) == (
        callback,
        CallbackStatus.WAITING,
        True,
    )


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
