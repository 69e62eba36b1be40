"""REST: IncomingPhoneNumbers."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from hotline.simulator.engine import Simulator
from hotline.simulator.kernel import AccountNumber
from hotline.simulator.rest.rest_errors import not_found
from hotline.simulator.rest.rest_forms import form_of, only_post, page, query_of, url_in
from hotline.simulator.rest.rest_shapes import number_shape

ADDRESSES = {
    "VoiceUrl": "voice_url",
    "VoiceFallbackUrl": "voice_fallback_url",
    "StatusCallback": "status_callback",
    "SmsUrl": "sms_url",
    "SmsFallbackUrl": "sms_fallback_url",
}
METHODS = ("VoiceMethod", "VoiceFallbackMethod", "StatusCallbackMethod", "SmsMethod", "SmsFallbackMethod")


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
            number, form = _number(simulator, sid), form_of(kernel, *ADDRESSES, *METHODS)
            only_post(form, *METHODS)
            addresses = {field: url_in(form, name) for name, field in ADDRESSES.items() if name in form}
            for field, address in addresses.items():
                setattr(number, field, address)
            return jsonify(number_shape(kernel.account_sid, number))

    return blueprint


def _number(simulator: Simulator, sid: str) -> AccountNumber:
    for number in simulator.kernel.numbers.values():
        if number.sid == sid:
            return number
    raise not_found()
