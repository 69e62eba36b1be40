"""REST: Calls."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, jsonify
from werkzeug.datastructures import MultiDict

from hotline.simulator.calls.call import Call, CallStatus, Detection, Entry, Mode, Progress
from hotline.simulator.engine import Simulator
from hotline.simulator.kernel import Kernel
from hotline.simulator.rest.rest_errors import RestError, not_found
from hotline.simulator.rest.rest_faults import create_with_faults, fail_fetch, fail_list
from hotline.simulator.rest.rest_forms import (
    E164,
    form_of,
    in_time,
    never,
    only_post,
    page,
    query_of,
    seconds_in,
    url_in,
)
from hotline.simulator.rest.rest_shapes import call_shape

EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})
CREATE = (
    "To", "From", "Url", "Twiml", "Method", "FallbackUrl", "FallbackMethod", "StatusCallback",
    "StatusCallbackEvent", "StatusCallbackMethod", "Timeout", "TimeLimit", "MachineDetection",
    "MachineDetectionTimeout", "AsyncAmd", "AsyncAmdStatusCallback", "AsyncAmdStatusCallbackMethod",
    "SendDigits",
)  # fmt: skip
STATUSES = frozenset({"", *(status.value for status in CallStatus if status is not CallStatus.INITIATED)})
"""By which calls may be listed: one that has been initiated counts as queued."""
UPDATE = (
    "Status", "Url", "Twiml", "Method", "FallbackUrl", "FallbackMethod", "StatusCallback",
    "StatusCallbackMethod", "TimeLimit",
)  # fmt: skip
FILTERS = (
    "To", "From", "ParentCallSid", "Status", "StartTime", "StartTime<", "StartTime>",
    "EndTime", "EndTime<", "EndTime>",
)  # fmt: skip


def calls_blueprint(simulator: Simulator) -> Blueprint:
    """The routes under `Calls`."""
    blueprint = Blueprint("calls", __name__)
    _many(blueprint, simulator)
    _one(blueprint, simulator)
    return blueprint


def _many(blueprint: Blueprint, simulator: Simulator) -> None:
    kernel = simulator.kernel

    @blueprint.post("/Calls.json")
    def create() -> Response:
        return create_with_faults(simulator.faults, "calls", _create)

    def _create() -> Response:
        with kernel.lock:
            call = _new_call(simulator, form_of(kernel, *CREATE))
            simulator.exchange.call_out(call)
            return _answer(simulator, call, 201)

    @blueprint.get("/Calls.json")
    def listed() -> Response:
        fail_list(simulator.faults)
        with kernel.lock:
            query = query_of(kernel, *FILTERS)
            if query.get("Status", "") not in STATUSES:
                raise RestError(20001, detail=f"Status {query['Status']!r}")
            calls = [call for call in reversed(simulator.calls) if _passes(call, query)]
            return page("calls", [call_shape(kernel.account_sid, call) for call in calls])


def _one(blueprint: Blueprint, simulator: Simulator) -> None:
    kernel = simulator.kernel

    @blueprint.get("/Calls/<sid>.json")
    def fetched(sid: str) -> Response:
        fail_fetch(simulator.faults)
        with kernel.lock:
            query_of(kernel)
            return _answer(simulator, _find(simulator, sid), 200)

    @blueprint.post("/Calls/<sid>.json")
    def updated(sid: str) -> Response:
        with kernel.lock:
            call = _find(simulator, sid)
            _update(simulator, call, form_of(kernel, *UPDATE))
            return _answer(simulator, call, 200)


def _answer(simulator: Simulator, call: Call, status: int) -> Response:
    answer = jsonify(call_shape(simulator.kernel.account_sid, call))
    answer.status_code = status
    return answer


def _find(simulator: Simulator, sid: str) -> Call:
    for call in simulator.calls:
        if call.sid == sid:
            return call
    raise not_found()


def ends_of(kernel: Kernel, form: MultiDict[str, str]) -> tuple[str, str]:
    """Who is called, and from which number of the account's."""
    to, from_ = form.get("To", ""), form.get("From", "")
    never(kernel, to)
    if not E164.fullmatch(to):
        raise RestError(21211, detail=repr(to))
    if not E164.fullmatch(from_):
        raise RestError(21212, detail=repr(from_))
    if from_ not in kernel.numbers:
        raise RestError(21210, detail=repr(from_))
    return to, from_


def _new_call(simulator: Simulator, form: MultiDict[str, str]) -> Call:
    kernel = simulator.kernel
    to, from_ = ends_of(kernel, form)
    only_post(form, "Method", "FallbackMethod", "StatusCallbackMethod", "AsyncAmdStatusCallbackMethod")
    entry = Entry(url_in(form, "Url"), form.get("Twiml", ""), url_in(form, "FallbackUrl"))
    if bool(entry.url) == bool(entry.twiml):
        raise RestError(21205, detail="either Url or Twiml is required")
    return Call(
        "outbound-api", from_, to, simulator.phones.at(to), kernel.now(), entry, progress_of(form),
        ring_seconds=seconds_in(form, "Timeout", 60, 600),
        time_limit=seconds_in(form, "TimeLimit", 14400, 14400),
        detection=_detection(kernel, form),
    )  # fmt: skip


def progress_of(form: MultiDict[str, str]) -> Progress:
    """Who is told how it goes, and what of it."""
    events = frozenset(" ".join(form.getlist("StatusCallbackEvent")).split()) or frozenset({"completed"})
    if not events <= EVENTS:
        raise RestError(20001, detail=f"StatusCallbackEvent {sorted(events - EVENTS)}")
    return Progress(url_in(form, "StatusCallback"), events)


def _detection(kernel: Kernel, form: MultiDict[str, str]) -> Detection:
    modes: dict[str, Mode] = {"": "", "Enable": "Enable", "DetectMessageEnd": "DetectMessageEnd"}
    given, background = form.get("MachineDetection", ""), form.get("AsyncAmd", "false")
    if given not in modes:
        raise RestError(20001, detail=f"MachineDetection {given!r}")
    if background not in {"true", "false"}:
        raise RestError(20001, detail=f"AsyncAmd {background!r}")
    timeout = seconds_in(form, "MachineDetectionTimeout", 30, 59)
    asked = Detection(modes[given], background == "true", url_in(form, "AsyncAmdStatusCallback"), timeout)
    for what in _ignored(form, asked):
        kernel.violation("", "POST Calls", what)
    return asked


def _ignored(form: MultiDict[str, str], asked: Detection) -> Iterator[str]:
    """What Twilio takes without a word and does nothing with: whoever sends it expects something else."""
    if asked.mode and form.get("SendDigits"):
        yield "MachineDetection is ignored beside SendDigits"
    if asked.in_background and not asked.mode:
        yield "AsyncAmd without MachineDetection"
    if asked.in_background and not asked.report_to:
        yield "21262: AsyncAmd without AsyncAmdStatusCallback"
    if asked.report_to and not asked.in_background:
        yield "AsyncAmdStatusCallback without AsyncAmd"


def _update(simulator: Simulator, call: Call, form: MultiDict[str, str]) -> None:
    only_post(form, "Method", "FallbackMethod", "StatusCallbackMethod")
    if call.over:
        raise RestError(21220)
    status, url, twiml = form.get("Status", ""), url_in(form, "Url"), form.get("Twiml", "")
    if status:
        _stop(simulator, call, status)
    elif url or twiml:
        if not call.talking:
            raise RestError(21220)
        call.entry = Entry(fallback_url=url_in(form, "FallbackUrl") or call.entry.fallback_url)
        _redirect(simulator, call, url, twiml)
    elif not form:
        raise RestError(20001, detail="nothing to change")
    if "StatusCallback" in form:
        call.progress = Progress(url_in(form, "StatusCallback"), call.progress.events)


def _redirect(simulator: Simulator, call: Call, url: str, twiml: str) -> None:
    """At once, or (as the faults say) a while after the request was answered."""
    late = simulator.faults.lateness_of_redirect()
    if not late:
        simulator.exchange.redirect(call, url, twiml)
        return

    def at_last() -> None:
        if call.talking:
            simulator.exchange.redirect(call, url, twiml)

    simulator.kernel.after(late, at_last)


def _stop(simulator: Simulator, call: Call, status: str) -> None:
    if status not in {"completed", "canceled"}:
        raise RestError(20001, detail=f"Status {status!r}")
    if call.talking and status == "canceled":
        raise RestError(21220, detail="an answered call can't be canceled")
    simulator.exchange.end(call, CallStatus.COMPLETED if call.talking else CallStatus.CANCELED)


def _passes(call: Call, query: MultiDict[str, str]) -> bool:
    shown = "queued" if call.status == "initiated" else call.status.value
    wanted = (
        (query.get("To"), call.to),
        (query.get("From"), call.from_),
        (query.get("Status"), shown),
        (query.get("ParentCallSid"), call.parent.sid if call.parent else ""),
    )
    if any(want and want != have for want, have in wanted):
        return False
    if not in_time(query, "StartTime", call.started_at or call.created_at):
        return False
    asks_for_end = any(name.startswith("EndTime") for name in query)
    return not asks_for_end or (call.ended_at is not None and in_time(query, "EndTime", call.ended_at))
