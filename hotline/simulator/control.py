"""The control desk: a JSON API to watch the simulator and hold its telephones from another process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, request

from hotline.simulator.calls.call import CallStatus
from hotline.simulator.engine import Simulator
from hotline.simulator.phones.behaviour import Behaviour, NotPossible
from hotline.simulator.phones.phone import Phone
from hotline.simulator.snapshot import everything

Body = Mapping[str, Any]
FAULTS = frozenset(
    {
        "drop_before", "drop_after", "time_out_after", "delay", "error", "duplicate", "duplicate_later",
        "lose", "unreachable", "late", "reorder", "release", "clear",
    }
)  # fmt: skip
ACTIONS: Mapping[str, Callable[[Phone, Body], object]] = {
    "calls": lambda phone, body: phone.calls(**body).sid,
    "answer": lambda phone, body: phone.answer(**body),
    "decline": lambda phone, body: phone.decline(**body),
    "presses": lambda phone, body: phone.presses(**body),
    "says": lambda phone, body: phone.says(**body),
    "hangs_up": lambda phone, body: phone.hangs_up(**body),
    "texts": lambda phone, body: phone.texts(**body).sid,
    "behaves": lambda phone, body: behaves(phone, **body),
}


def behaves(
    phone: Phone,
    *,
    behaviour: str | None = None,
    after: float | None = None,
    sms: str | None = None,
    when_off: str | None = None,
    detected_as: str | None = None,
    detected_after: float | None = None,
) -> None:
    """Change what a telephone does from now on; what isn't given stays."""
    phone.behaviour = Behaviour(behaviour) if behaviour is not None else phone.behaviour
    phone.after = after if after is not None else phone.after
    phone.sms = sms if sms is not None else phone.sms
    phone.when_off = CallStatus(when_off) if when_off is not None else phone.when_off
    phone.detected_as = detected_as if detected_as is not None else phone.detected_as
    phone.detected_after = detected_after if detected_after is not None else phone.detected_after


def control_app(simulator: Simulator) -> Flask:
    """`GET state`, `GET ledger`; `POST phones`, `phones/<number>/<action>`, `numbers`, `bins`, `faults`.

    Bodies are JSON objects whose keys are the arguments of the methods of the same name. 400 for a wrong
    body, 404 for an unknown telephone, 409 for what a telephone can't do now.
    """
    app = Flask(__name__)
    _keep_strangers_out(app)
    _watch(app, simulator)
    _set_up(app, simulator)
    _hold_phones(app, simulator)
    _refuse(app)
    return app


def _keep_strangers_out(app: Flask) -> None:
    @app.before_request
    def same_origin() -> tuple[Response, int] | None:
        """Another site's page, open in the same browser, may not hold the telephones."""
        origin = request.headers.get("Origin")
        if origin is None or urlsplit(origin).netloc == request.host:
            return None
        return jsonify(error="another site's page may not do this"), 403


def _watch(app: Flask, simulator: Simulator) -> None:
    @app.get("/state")
    def state() -> Response:
        return jsonify(simulator.state())

    @app.get("/ledger")
    def ledger() -> Response:
        with simulator.kernel.lock:
            return jsonify(everything(simulator))


def _set_up(app: Flask, simulator: Simulator) -> None:
    @app.post("/phones")
    def phones() -> Response:
        body = _body()
        phone = simulator.phone(body.pop("number"), Behaviour(body.pop("behaviour", Behaviour.RINGS)), **body)
        return jsonify(number=phone.number)

    @app.post("/numbers")
    def numbers() -> Response:
        return jsonify(sid=simulator.number(**_body()).sid)

    @app.post("/bins")
    def bins() -> Response:
        simulator.bin(**_body())
        return jsonify(done=True)

    @app.post("/faults")
    def faults() -> Response:
        body = _body()
        for switch in ("every_webhook_twice", "concurrently"):
            if switch in body:
                setattr(simulator.faults, switch, bool(body.pop(switch)))
        fault = body.pop("fault", None)
        if fault is not None and fault not in FAULTS:
            raise ValueError(f"unknown fault {fault!r}")
        if fault is not None:
            getattr(simulator.faults, fault)(**body)
        return jsonify(done=True)


def _hold_phones(app: Flask, simulator: Simulator) -> None:
    @app.post("/phones/<number>/<action>")
    def act(number: str, action: str) -> Response | tuple[Response, int]:
        phone, does = simulator.phones.known(number), ACTIONS.get(action)
        if phone is None or does is None:
            return jsonify(error="no such telephone or action"), 404
        return jsonify(done=True, sid=does(phone, _body()))


def _refuse(app: Flask) -> None:
    @app.errorhandler(NotPossible)
    def not_possible(error: NotPossible) -> tuple[Response, int]:
        return jsonify(error=str(error)), 409

    @app.errorhandler(TypeError)
    @app.errorhandler(ValueError)
    @app.errorhandler(KeyError)
    def wrong_body(error: Exception) -> tuple[Response, int]:
        return jsonify(error=f"{type(error).__name__}: {error}"), 400


def _body() -> dict[str, Any]:
    """The JSON object; no body at all is an empty one."""
    given = request.get_json() if request.content_length else {}
    if not isinstance(given, dict):
        raise ValueError("a JSON object is needed")
    return given
