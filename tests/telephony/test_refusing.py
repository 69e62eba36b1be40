"""A silent refusal is a silent outage: the carrier's own requests that we refuse are told, counted, and shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import structlog
from pydantic import SecretStr

from hotline.runtime import health
from hotline.runtime.wake_ups import connect
from hotline.simulator.asking.signing import sign
from hotline.store.upkeep import carrier_lists, refusals
from hotline.telephony.webhooks.refusing import ADVICE, Cause
from tests.stories.centre import LINE, MIA, SID, SITE, TOKEN
from tests.telephony.doorstep import Doorstep

FORM = {"CallSid": "CA1", "From": MIA, "To": LINE, "AccountSid": SID}
QUERY = f"/twilio/voice?{urlencode(FORM)}"


def refused(door: Doorstep) -> dict[str, int]:
    """How often, by cause."""
    found: dict[str, int] = door.here.application.look(
        lambda transaction: {one.cause: one.times for one in refusals.every(transaction.tx)}
    )
    return found


def reasons(door: Doorstep) -> list[str]:
    """What readiness says of the carrier."""
    redis_here = connect(SecretStr("redis://127.0.0.1:1").get_secret_value())
    return [
        one for one in health.problems(door.here.application, redis_here) if one.startswith("the carrier")
    ]


def wrong_token(door: Doorstep) -> int:
    return door.post("/twilio/voice", FORM, token="another-token").status_code


def wrong_url(door: Doorstep) -> int:
    return door.post(
        "/twilio/voice", FORM, site="https://old.example", headers={"Host": "old.example"}
    ).status_code


def by_get(door: Doorstep) -> int:
    signed = {"X-Twilio-Signature": sign(TOKEN, f"{SITE}{QUERY}", {})}
    return door.knock(QUERY, "", signed, method="GET").status_code


def with_a_slash(door: Doorstep) -> int:
    return door.post("/twilio/voice/", FORM).status_code


CASES = [(wrong_token, 403, Cause.SIGNATURE), (wrong_url, 403, Cause.URL), (by_get, 405, Cause.METHOD),
         (with_a_slash, 404, Cause.ADDRESS)]  # fmt: skip


@pytest.mark.parametrize(("asks", "status", "cause"), CASES, ids=[cause for _, _, cause in CASES])
def test_what_the_carrier_is_refused_for_is_counted_and_shown_with_what_to_mend(
    door: Doorstep, asks: Callable[[Doorstep], int], status: int, cause: Cause
) -> None:
    """A wrong token, a wrong address, GET, a slash at the end; a minute later the next ones are counted, too."""
    for _ in range(3):
        assert asks(door) == status
    assert refused(door) == {cause: 1}
    assert reasons(door) == [f"the carrier is being refused: {ADVICE[cause]}"]
    door.clock.now += timedelta(seconds=61)
    asks(door)
    assert refused(door) == {cause: 4}
    door.clock.now += timedelta(minutes=16)
    assert reasons(door) == []


def test_the_log_has_it_once_a_minute_with_its_cause(door: Doorstep) -> None:
    """However many were refused: the next line says how many."""
    with structlog.testing.capture_logs() as logged:
        for _ in range(3):
            by_get(door)
        door.clock.now += timedelta(seconds=61)
        by_get(door)
    told = [one for one in logged if one["event"] == "the carrier is being refused"]
    assert [(one["log_level"], one["cause"], one["times"]) for one in told] == [
        ("error", Cause.METHOD, 1),
        ("error", Cause.METHOD, 3),
    ]
    assert {one["likely"] for one in told} == {ADVICE[Cause.METHOD]}


def test_a_stranger_s_junk_is_none_of_the_carrier_s(door: Doorstep) -> None:
    """Unsigned, of another account, or signed by nobody: refused as ever, and no reason for anything."""
    other = {**FORM, "AccountSid": "AC" + "9" * 32}
    assert door.knock("/twilio/voice", urlencode(FORM)).status_code == 403
    assert door.post("/twilio/voice", other, token="guessed").status_code == 403
    assert door.knock("/twilio/voice/", urlencode(FORM), {"X-Twilio-Signature": "junk"}).status_code == 404
    assert door.knock(QUERY, "", {"X-Twilio-Signature": "junk"}, method="GET").status_code == 405
    assert refused(door) == {}
    assert reasons(door) == []


def test_who_knows_the_account_s_name_can_t_make_a_busy_line_look_ill(door: Doorstep) -> None:
    """While calls are taken, a wrong signature is somebody else's; in a long silence it is the carrier's."""
    door.calls("CA2")
    wrong_token(door)
    assert reasons(door) == []
    door.clock.now += timedelta(minutes=12)
    wrong_token(door)
    assert reasons(door) == [f"the carrier is being refused: {ADVICE[Cause.SIGNATURE]}"]


def test_a_wrong_token_is_believed_at_once_where_the_carrier_takes_ours_neither(door: Doorstep) -> None:
    """Its lists, read each minute, have not been read for three: callers are told nothing, and readiness says so."""
    door.calls("CA2")
    began = door.clock()
    door.here.application.change(lambda transaction: carrier_lists.read_to(transaction.tx, began, began))
    door.clock.now += timedelta(minutes=2)
    wrong_token(door)
    assert reasons(door) == []
    door.clock.now += timedelta(minutes=2)
    wrong_token(door)
    assert reasons(door) == [f"the carrier is being refused: {ADVICE[Cause.SIGNATURE]}"]


def test_a_cause_that_only_a_later_version_knows_is_told(door: Doorstep) -> None:
    """And readiness goes on answering."""
    door.here.application.change(
        lambda transaction: refusals.add(transaction.tx, "of_tomorrow", 1, transaction.now)
    )
    (told,) = reasons(door)
    assert "only a later version knows" in told
