"""The fallback address and the failsafe loop: what was asked is answered, and asking twice takes no second turn."""

from __future__ import annotations

import pytest

from hotline.store.cases import contacts
from hotline.triage.contact import ContactState
from tests.stories.centre import LINE, MIA, SITE
from tests.telephony.doorstep import Doorstep

CALL = {"CallSid": "CA1", "From": MIA, "To": LINE}
AGAIN = "/twilio/voice/failsafe/again"


def contact(door: Doorstep) -> contacts.ContactRow:
    row: contacts.ContactRow | None = door.look(lambda transaction: contacts.by_call(transaction.tx, "CA1"))
    assert row is not None
    return row


def fall_back(door: Doorstep, lost: str, code: str = "11200", **more: str) -> str:
    """The carrier got no answer at `lost`."""
    form = {**CALL, **more, "ErrorCode": code, "ErrorUrl": f"{SITE}{lost}"}
    return door.post("/twilio/voice/fallback", form).text


def test_a_lost_answer_is_given_again(door: Doorstep) -> None:
    """Key 1 was heard and its answer lost: the 911 words are said all the same, and there is one emergency."""
    door.calls()
    turn = f"/twilio/voice/turn/{contact(door).id}/1"
    lost = door.post(turn, {**CALL, "Digits": "1"}).text
    assert "dial 9-1-1" in lost
    for _ in range(3):
        assert fall_back(door, turn) == lost
    assert contact(door).turn == 2


def test_a_key_that_never_arrived_counts(door: Doorstep) -> None:
    """It comes along to the fallback address."""
    door.calls()
    answer = fall_back(door, f"/twilio/voice/turn/{contact(door).id}/1", Digits="1")
    assert "dial 9-1-1" in answer
    assert contact(door).state == ContactState.EMERGENCY


def test_a_call_of_which_nothing_arrived_begins(door: Doorstep) -> None:
    """First words and menu; once more, the same."""
    first = fall_back(door, "/twilio/voice")
    assert "For treatment, press 2" in first
    assert fall_back(door, "/twilio/voice") == first
    assert contact(door).turn == 1


@pytest.mark.parametrize("code", ["12100", "12200", "13224", "", "nonsense"])
def test_an_answer_that_twilio_could_not_use_is_not_repeated(door: Doorstep, code: str) -> None:
    """The call goes on from where it stands, with other words."""
    first = door.calls()
    again = fall_back(door, "/twilio/voice", code)
    assert again != first
    assert "For treatment, press 2" in again


@pytest.mark.parametrize(
    "lost",
    [
        "/twilio/voice/fallback",
        "/twilio/voice/page/p",
        "/twilio/sms",
        "/elsewhere",
        "",
        "/twilio/voice/turn/x/y",
    ],
)
def test_whatever_was_lost_the_call_goes_on(door: Doorstep, lost: str) -> None:
    """No address of ErrorUrl leads anywhere else than to this caller's call."""
    door.calls()
    assert "For treatment, press 2" in fall_back(door, lost)


def test_a_proxy_s_path_before_ours_is_no_hindrance(door: Doorstep) -> None:
    """The public address may have a path of its own."""
    door.calls()
    turn = f"/line/twilio/voice/turn/{contact(door).id}/1"
    assert "dial 9-1-1" in fall_back(door, turn, Digits="1")


@pytest.mark.parametrize("known", [True, False])
def test_the_failsafe_loop_asked_twice_takes_one_turn(door: Doorstep, known: bool) -> None:
    """Whether or not we know the call already."""
    if known:
        door.calls()
    form = {**CALL, "DialCallStatus": "no-answer"}
    first = door.post(AGAIN, form).text
    assert "For treatment, press 2" in first
    assert [door.post(AGAIN, form).text for _ in range(3)] == [first] * 3


def test_the_next_turn_makes_room_for_the_next_loop(door: Doorstep) -> None:
    """A later outage is a later loop, and goes on from there."""
    door.calls()
    first = door.post(AGAIN, CALL).text
    door.post(f"/twilio/voice/turn/{contact(door).id}/1", {**CALL, "Digits": "2"})
    later = door.post(AGAIN, CALL).text
    assert later != first
    assert contact(door).state == ContactState.HOLDING
