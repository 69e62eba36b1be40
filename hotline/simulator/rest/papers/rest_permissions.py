"""REST, https://voice.twilio.com and https://accounts.twilio.com: to which countries may be called and texted."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from hotline.simulator.kernel import Kernel
from hotline.simulator.papers import Dialling
from hotline.simulator.rest.papers.listed_page import listed
from hotline.simulator.rest.rest_forms import query_of

SWITCHES = {
    "LowRiskNumbersEnabled": "low_risk_numbers_enabled",
    "HighRiskSpecialNumbersEnabled": "high_risk_special_numbers_enabled",
    "HighRiskTollfraudNumbersEnabled": "high_risk_tollfraud_numbers_enabled",
}


def permissions_blueprint(kernel: Kernel) -> Blueprint:
    """The routes of both."""
    blueprint = Blueprint("permissions", __name__)

    @blueprint.get("/v1/DialingPermissions/Countries")
    def countries() -> Response:
        with kernel.lock:
            query = query_of(kernel, *SWITCHES, "IsoCode", "Continent", "CountryCode")
            rows = [_country(iso, one) for iso, one in sorted(kernel.papers.calls_to.items())]
            for asked, field in SWITCHES.items():
                if asked in query:
                    rows = [one for one in rows if one[field] is (query[asked].lower() == "true")]
            if "IsoCode" in query:
                rows = [one for one in rows if one["iso_code"] == query["IsoCode"]]
            return listed("voice", "content", rows)

    @blueprint.get("/v1/Messaging/GeoPermissions")
    def texts() -> Response:
        with kernel.lock:
            wanted = query_of(kernel, "CountryCode").get("CountryCode")
            known = {"US", "CA", "MX", "GB"} | kernel.papers.texts_to
            return jsonify(
                permissions=[
                    {"country_code": iso, "type": "country", "enabled": iso in kernel.papers.texts_to}
                    for iso in sorted(known)
                    if wanted in (None, iso)
                ]
            )

    return blueprint


def _country(iso: str, one: Dialling) -> dict[str, object]:
    return {
        "iso_code": iso,
        "name": iso,
        "low_risk_numbers_enabled": one.low_risk,
        "high_risk_special_numbers_enabled": one.special,
        "high_risk_tollfraud_numbers_enabled": one.toll_fraud,
    }
