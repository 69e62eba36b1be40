"""REST, https://trusthub.twilio.com: by what other networks trust our calls, or show a name with them."""

from __future__ import annotations

from flask import Blueprint, Response

from hotline.simulator.kernel import Kernel
from hotline.simulator.papers import TrustProduct
from hotline.simulator.rest.papers.listed_page import listed
from hotline.simulator.rest.rest_errors import not_found
from hotline.simulator.rest.rest_forms import query_of

HOST = "trusthub"


def trust_blueprint(kernel: Kernel) -> Blueprint:
    """The routes under /v1/TrustProducts."""
    blueprint = Blueprint("trust", __name__)

    @blueprint.get("/v1/TrustProducts")
    def products() -> Response:
        with kernel.lock:
            query = query_of(kernel, "Status", "FriendlyName", "PolicySid")
            rows = [
                _product(kernel, one)
                for one in kernel.papers.trust_products
                if query.get("PolicySid") in (None, one.policy_sid)
                and query.get("Status") in (None, one.status)
            ]
            return listed(HOST, "results", rows)

    @blueprint.get("/v1/TrustProducts/<sid>/ChannelEndpointAssignments")
    def assignments(sid: str) -> Response:
        with kernel.lock:
            query_of(kernel)
            product = next((one for one in kernel.papers.trust_products if one.sid == sid), None)
            if product is None:
                raise not_found()
            rows: list[dict[str, object]] = [
                {
                    "sid": f"RA{number:032x}",
                    "trust_product_sid": sid,
                    "account_sid": kernel.account_sid,
                    "channel_endpoint_type": "phone-number",
                    "channel_endpoint_sid": kernel.numbers[one].sid,
                }
                for number, one in enumerate(product.numbers)
                if one in kernel.numbers
            ]
            return listed(HOST, "results", rows)

    return blueprint


def _product(kernel: Kernel, one: TrustProduct) -> dict[str, object]:
    return {
        "sid": one.sid,
        "account_sid": kernel.account_sid,
        "policy_sid": one.policy_sid,
        "friendly_name": one.friendly_name,
        "status": one.status,
    }
