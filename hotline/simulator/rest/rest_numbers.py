"""REST: IncomingPhoneNumbers."""

from __future__ import annotations

import re

from flask import Blueprint, Response, jsonify
from werkzeug.datastructures import MultiDict

from hotline.simulator.engine import Simulator
from hotline.simulator.kernel import AccountNumber
from hotline.simulator.rest.rest_errors import RestError, not_found
from hotline.simulator.rest.rest_forms import form_of, only_post, page, query_of, url_in
from hotline.simulator.rest.rest_shapes import number_shape

ADDRESSES = {
    "VoiceUrl": "voice_url",
    "VoiceFallbackUrl": "voice_fallback_url",
    "StatusCallback": "status_callback",
    "SmsUrl": "sms_url",
    "SmsFallbackUrl": "sms_fallback_url",
}
METHODS = {
    "VoiceMethod": "voice_method",
    "VoiceFallbackMethod": "voice_fallback_method",
    "StatusCallbackMethod": "status_callback_method",
    "SmsMethod": "sms_method",
    "SmsFallbackMethod": "sms_fallback_method",
}
ELSEWHERE = {
    "VoiceApplicationSid": ("voice_application_sid", "AP"),
    "SmsApplicationSid": ("sms_application_sid", "AP"),
    "TrunkSid": ("trunk_sid", "TK"),
}
"""What a number is pointed at instead of addresses: while one is there, the addresses count for nothing."""


def numbers_blueprint(simulator: Simulator) -> Blueprint:
    """The routes under `IncomingPhoneNumbers`."""
    blueprint, kernel = Blueprint("numbers", __name__), simulator.kernel

    @blueprint.get("/IncomingPhoneNumbers.json")
    def listed() -> Response:
        with kernel.lock:
            wanted = query_of(kernel, "PhoneNumber").get("PhoneNumber")
            found = [one for one in kernel.numbers.values() if wanted in (None, one.number)]
            return page("incoming_phone_numbers", [number_shape(kernel.account_sid, one) for one in found])

    @blueprint.get("/IncomingPhoneNumbers/<sid>.json")
    def fetched(sid: str) -> Response:
        with kernel.lock:
            return jsonify(number_shape(kernel.account_sid, _number(simulator, sid)))

    @blueprint.post("/IncomingPhoneNumbers/<sid>.json")
    def updated(sid: str) -> Response:
        with kernel.lock:
            number, form = _number(simulator, sid), form_of(kernel, *ADDRESSES, *METHODS, *ELSEWHERE)
            only_post(form, *METHODS)
            changed = {field: url_in(form, name) for name, field in ADDRESSES.items() if name in form}
            changed |= {field: form[name] for name, field in METHODS.items() if name in form}
            changed |= {
                field: _sid_in(form, name, start)
                for name, (field, start) in ELSEWHERE.items()
                if name in form
            }
            for field, value in changed.items():
                setattr(number, field, value)
            return jsonify(number_shape(kernel.account_sid, number))

    return blueprint


def _sid_in(form: MultiDict[str, str], name: str, start: str) -> str:
    """A SID of that kind, or empty. Raises 20001."""
    value = form.get(name, "")
    if value and not re.fullmatch(start + "[0-9a-f]{32}", value):
        raise RestError(20001, detail=f"{name} {value!r}")
    return value


def _number(simulator: Simulator, sid: str) -> AccountNumber:
    for number in simulator.kernel.numbers.values():
        if number.sid == sid:
            return number
    raise not_found()
