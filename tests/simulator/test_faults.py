"""What can be made to go wrong."""

from __future__ import annotations

import itertools
import threading
from datetime import timedelta

import pytest
import requests
from flask import Response
from twilio.base.exceptions import TwilioRestException

from hotline.simulator import Behaviour

from .conftest import LINE, SITE, Application, World

ANA = "+16175550101"


def place(world: World) -> None:
    world.client.calls.create(to=ANA, from_=LINE, url=f"{SITE}/staff")


def text(world: World) -> None:
    world.client.messages.create(to=ANA, from_=LINE, body="S01")


def test_a_connection_can_break_before_anything_is_created(world: World) -> None:
    """drop_before: an error for the client, and nothing there; once."""
    world.sim.faults.drop_before("calls")
    with pytest.raises(requests.exceptions.ConnectionError):
        place(world)
    assert world.sim.calls == []
    place(world)
    assert len(world.sim.calls) == 1
    assert [one.outcome for one in world.sim.rest_requests] == ["connection broken", "201"]


def test_a_connection_can_break_after_the_thing_is_created(world: World) -> None:
    """drop_after: the client sees an error, and the call is made all the same and can be looked up."""
    ana = world.sim.phone(ANA)
    world.sim.faults.drop_after("calls")
    began = world.clock()
    with pytest.raises(requests.exceptions.ConnectionError):
        place(world)
    assert len(world.client.calls.list(to=ANA, from_=LINE, start_time_after=began)) == 1
    world.pass_(1)
    assert ana.ringing


def test_an_answer_can_never_come(world: World) -> None:
    """time_out_after: created, but the client waits in vain."""
    world.sim.faults.time_out_after("messages")
    with pytest.raises(requests.exceptions.ReadTimeout):
        text(world)
    assert len(world.sim.messages) == 1


@pytest.mark.parametrize(("seconds", "late"), [(3.0, False), (30.0, True)])
def test_a_slow_answer_is_a_time_out_only_beyond_the_clients_patience(
    world: World, seconds: float, late: bool
) -> None:
    """In process nobody really waits: the client's read time-out of 8 s decides."""
    world.sim.faults.delay(seconds)
    if late:
        with pytest.raises(requests.exceptions.ReadTimeout):
            text(world)
    else:
        text(world)
    assert len(world.sim.messages) == 1


@pytest.mark.parametrize(("status", "code"), [(429, 20429), (500, 20500), (503, 20503)])
@pytest.mark.parametrize("created", [False, True])
def test_the_provider_can_answer_with_an_error(world: World, status: int, code: int, created: bool) -> None:
    """429 and 5xx, for as many creates as asked; a 5xx may hide that it was created."""
    world.sim.faults.error(status, "calls", times=2, created=created)
    for _ in range(2):
        with pytest.raises(TwilioRestException) as refused:
            place(world)
        assert (refused.value.status, refused.value.code) == (status, code)
    place(world)
    assert len(world.sim.calls) == (3 if created else 1)


def test_a_fault_for_messages_leaves_calls_alone(world: World) -> None:
    """Each rule befalls its own resource, or any if none is named."""
    world.sim.faults.error(500, "messages")
    place(world)
    with pytest.raises(TwilioRestException):
        text(world)


def test_a_duplicated_webhook_uses_the_last_answer_and_reports_differences(
    world: World, app: Application
) -> None:
    """The same request with the same token comes n more times; answers that differ are written down."""
    world.sim.faults.duplicate(2, kind="voice")
    counter = itertools.count(1)
    app.answers["/voice"] = lambda form: f"<Response><Say>{next(counter)}</Say></Response>"
    caller = world.caller()
    caller.calls(LINE)
    world.pass_(0)
    assert caller.captions == ["3"]
    posts = world.sim.webhooks
    assert [post.copy for post in posts] == [True, True, False]
    assert len({post.token for post in posts}) == 1
    assert len(world.sim.differing_answers) == 2
    world.sim.differing_answers.clear()


def test_a_late_duplicate_changes_nothing_for_the_caller(world: World, app: Application) -> None:
    """duplicate_later posts the same webhook again after some seconds, and only compares its answer."""
    world.sim.faults.duplicate_later(5, kind="voice", url_part="/voice")
    app.says("/voice", "<Say>a b c d e f g h i j k l m n o p q r s t</Say>")
    caller = world.caller()
    caller.calls(LINE)
    world.pass_(4.9)
    assert len(app.forms("/voice")) == 1
    world.pass_(10)
    assert app.forms("/voice")[0] == app.forms("/voice")[1]
    assert len(caller.heard) == 1
    assert world.sim.differing_answers == []


@pytest.mark.parametrize("concurrently", [False, True])
def test_every_webhook_can_come_twice(world: World, app: Application, concurrently: bool) -> None:
    """The global switch doubles everything, if wanted at the same moment."""
    world.sim.faults.every_webhook_twice = True
    world.sim.faults.concurrently = concurrently
    together = threading.Barrier(2, timeout=2)

    def answer(form: dict[str, str]) -> str:
        if concurrently:
            together.wait()
        return "<Response><Say>hello</Say></Response>"

    app.answers["/voice"] = answer
    caller = world.caller()
    caller.calls(LINE)
    world.pass_(5)
    assert len(app.forms("/voice")) == 2
    assert caller.captions == ["hello"]


def test_a_lost_voice_webhook_ends_in_the_fallback(world: World, app: Application) -> None:
    """lose: the application never sees it, and it isn't tried again."""
    world.sim.faults.lose(kind="voice", url_part="/voice")
    world.sim.kernel.numbers[LINE].voice_fallback_url = f"{SITE}/fallback"
    app.says("/fallback", "<Say>sorry</Say>")
    caller = world.caller()
    caller.calls(LINE)
    world.pass_(0)
    assert app.forms("/voice") == []
    assert app.forms("/fallback")[0]["ErrorCode"] == "11205"
    assert caller.captions == ["sorry"]


def test_a_failed_connection_is_tried_again_once_by_default(world: World, app: Application) -> None:
    """ct is the default retry policy, with one retry; the token stays the same."""
    app.says("/voice", "<Say>hello</Say>")
    world.sim.faults.unreachable(times=1)
    caller = world.caller()
    caller.calls(LINE)
    world.pass_(0)
    assert caller.captions == ["hello"]
    assert [(post.attempt, post.error) for post in world.sim.webhooks] == [(1, "no connection"), (2, None)]
    assert len({post.token for post in world.sim.webhooks}) == 1


def test_a_late_answer_is_tried_again_only_if_the_overrides_say_so(world: World, app: Application) -> None:
    """rt is retried with rp=rt or all; the time waited really passes on the clock."""
    app.says("/voice", "<Say>hello</Say>")
    world.sim.kernel.numbers[LINE].voice_url = f"{SITE}/voice#rt=4000&rc=2&rp=all"
    world.sim.faults.late(times=2)
    caller = world.caller()
    call = caller.calls(LINE)
    world.pass_(20)
    assert len(app.forms("/voice")) == 3
    assert caller.heard[0].at - call.created_at == timedelta(seconds=8)


def test_fifteen_seconds_are_the_end_whatever_the_overrides_say(world: World, app: Application) -> None:
    """Retries stop at the total limit; the last one gets only what is left."""
    app.says("/voice", "<Say>hello</Say>")
    world.sim.kernel.numbers[LINE].voice_url = f"{SITE}/voice#rt=6000&rc=5&rp=all"
    world.sim.faults.late(times=9)
    caller = world.caller()
    call = caller.calls(LINE)
    world.pass_(30)
    assert len(app.forms("/voice")) == 3
    assert caller.heard[0].at - call.created_at == timedelta(seconds=15)
    assert caller.captions == ["An application error has occurred. Goodbye."]


def test_status_callbacks_can_come_in_any_order(world: World, app: Application) -> None:
    """reorder holds status callbacks back by seeded chance: the same disorder for the same seed."""
    world.sim.faults.reorder(seed=1, spread=10)
    world.sim.phone(ANA, Behaviour.ANSWERS)
    app.says("/staff", "<Hangup/>")
    world.client.calls.create(
        to=ANA,
        from_=LINE,
        url=f"{SITE}/staff",
        status_callback=f"{SITE}/status",
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )
    world.pass_(30)
    numbers = [form["SequenceNumber"] for form in app.forms("/status")]
    assert sorted(numbers) == ["0", "1", "2", "3"]
    assert numbers != ["0", "1", "2", "3"]


def test_a_failing_status_callback_harms_nobody(world: World, app: Application) -> None:
    """A status callback that fails or is lost leaves the call alone."""
    world.sim.phone(ANA, Behaviour.ANSWERS)
    app.answers["/status"] = Response(status=500)
    app.says("/staff", "<Say>hello</Say>")
    world.sim.faults.lose(kind="status")
    sid = world.client.calls.create(
        to=ANA,
        from_=LINE,
        url=f"{SITE}/staff",
        status_callback=f"{SITE}/status",
        status_callback_event=["ringing", "completed"],
    ).sid
    world.pass_(30)
    assert len(app.forms("/status")) == 1
    assert world.client.calls(sid).fetch().status == "completed"


def test_clearing_the_faults_makes_everything_well_again(world: World) -> None:
    """clear() forgets every rule."""
    world.sim.faults.error(500, times=9)
    world.sim.faults.lose(times=9)
    world.sim.faults.every_webhook_twice = True
    world.sim.faults.reorder()
    world.sim.faults.clear()
    place(world)
    world.caller().calls(LINE)
    world.pass_(0)
    assert [post.error for post in world.sim.webhooks] == [None]
