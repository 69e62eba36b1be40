"""REST: calling somebody into a conference. Their leg is in the room when they answer; its ringing is heard there."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from flask import Response, jsonify
from werkzeug.datastructures import MultiDict

from hotline.simulator.calls.call import Call, Entry
from hotline.simulator.engine import Simulator
from hotline.simulator.kernel import API_VERSION
from hotline.simulator.rest.rest_calls import ends_of, progress_of
from hotline.simulator.rest.rest_errors import RestError
from hotline.simulator.rest.rest_forms import form_of, only_post, seconds_in, url_in

CREATE = (
    "To", "From", "StatusCallback", "StatusCallbackEvent", "StatusCallbackMethod", "Timeout", "EarlyMedia",
    "StartConferenceOnEnter", "EndConferenceOnExit", "Beep", "WaitUrl", "WaitMethod", "Label", "TimeLimit",
)  # fmt: skip
FLAGS = ("EarlyMedia", "StartConferenceOnEnter", "EndConferenceOnExit", "Beep")


def call_into(simulator: Simulator, room: str) -> Response:
    """A new call to somebody who joins this room, by its name, as soon as they answer."""
    kernel = simulator.kernel
    with kernel.lock:
        form = form_of(kernel, *CREATE)
        to, from_ = ends_of(kernel, form)
        only_post(form, "StatusCallbackMethod", "WaitMethod")
        for name in FLAGS:
            if form.get(name, "true").lower() not in {"true", "false"}:
                raise RestError(20001, detail=f"{name} {form[name]!r}")
        early = form.get("EarlyMedia", "true").lower() == "true"
        call = Call(
            "outbound-api", from_, to, simulator.phones.at(to), kernel.now(), Entry(twiml=_into(room, form)),
            progress_of(form),
            ring_seconds=seconds_in(form, "Timeout", 60, 600),
            time_limit=seconds_in(form, "TimeLimit", 14400, 14400),
            rings_in=room if early else "",
        )  # fmt: skip
        simulator.exchange.call_out(call)
        answer = jsonify(
            {
                "account_sid": kernel.account_sid,
                "call_sid": call.sid,
                "conference_sid": room,
                "label": form.get("Label"),
                "status": "queued",
                "uri": f"/{API_VERSION}/Accounts/{kernel.account_sid}/Conferences/{room}/Participants/{call.sid}.json",
            }
        )
        answer.status_code = 201
        return answer


def _into(room: str, form: MultiDict[str, str]) -> str:
    """What their leg does: into the room; when that is over, so is the call."""
    given = {
        "startConferenceOnEnter": form.get("StartConferenceOnEnter", "true").lower(),
        "endConferenceOnExit": form.get("EndConferenceOnExit", "false").lower(),
        "beep": form.get("Beep", "true").lower(),
    }
    wait = url_in(form, "WaitUrl")
    if wait:
        given |= {"waitUrl": wait, "waitMethod": "POST"}
    written = " ".join(f"{name}={quoteattr(value)}" for name, value in given.items())
    return f"<Response><Dial><Conference {written}>{escape(room)}</Conference></Dial></Response>"
