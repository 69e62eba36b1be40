"""REST, https://messaging.twilio.com: services, their campaigns, toll-free verifications, RCS senders."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from hotline.simulator.kernel import Kernel
from hotline.simulator.papers import Service, TollFree
from hotline.simulator.rest.papers.listed_page import listed
from hotline.simulator.rest.rest_errors import RestError, not_found
from hotline.simulator.rest.rest_forms import form_of, query_of, url_in

HOST = "messaging"


def services_blueprint(kernel: Kernel) -> Blueprint:
    """The routes under /v1/Services."""
    blueprint = Blueprint("services", __name__)

    @blueprint.get("/v1/Services")
    def services() -> Response:
        with kernel.lock:
            query_of(kernel)
            return listed(HOST, "services", [_service(kernel, one) for one in kernel.papers.services])

    @blueprint.post("/v1/Services/<sid>")
    def change(sid: str) -> Response:
        with kernel.lock:
            service, form = (
                _found(kernel, sid),
                form_of(kernel, "UseInboundWebhookOnNumber", "InboundRequestUrl"),
            )
            own = form.get("UseInboundWebhookOnNumber", str(service.use_inbound_webhook_on_number)).lower()
            if own not in ("true", "false"):
                raise RestError(20001, detail=f"UseInboundWebhookOnNumber {own!r}")
            address = url_in(form, "InboundRequestUrl")
            service.use_inbound_webhook_on_number = own == "true"
            if "InboundRequestUrl" in form:
                service.inbound_request_url = address
            return jsonify(_service(kernel, service))

    @blueprint.get("/v1/Services/<sid>/PhoneNumbers")
    def numbers(sid: str) -> Response:
        with kernel.lock:
            query_of(kernel)
            service = _found(kernel, sid)
            rows = [_member(kernel, service, one) for one in service.numbers if one in kernel.numbers]
            return listed(HOST, "phone_numbers", rows)

    @blueprint.get("/v1/Services/<sid>/Compliance/Usa2p")
    def campaigns(sid: str) -> Response:
        with kernel.lock:
            query_of(kernel)
            service = _found(kernel, sid)
            rows = [] if service.campaign is None else [_campaign(kernel, service)]
            return listed(HOST, "compliance", rows)

    return blueprint


def senders_blueprint(kernel: Kernel) -> Blueprint:
    """The routes of what is verified and registered beside services."""
    blueprint = Blueprint("senders", __name__)

    @blueprint.get("/v1/Tollfree/Verifications")
    def verifications() -> Response:
        with kernel.lock:
            wanted = query_of(kernel, "TollfreePhoneNumberSid", "Status").get("TollfreePhoneNumberSid")
            found = [
                _toll_free(kernel, one) for one in kernel.papers.toll_free if one.number in kernel.numbers
            ]
            rows = [one for one in found if wanted in (None, one["tollfree_phone_number_sid"])]
            return listed(HOST, "verifications", rows)

    @blueprint.get("/v2/Channels/Senders")
    def senders() -> Response:
        with kernel.lock:
            if query_of(kernel, "Channel").get("Channel") != "rcs":
                raise RestError(20001, detail="only Channel=rcs is known here")
            rows: list[dict[str, object]] = [
                {"sid": f"XE{number:032x}", "status": "ONLINE", "sender_id": f"rcs:{name}"}
                for number, name in enumerate(kernel.papers.rcs_senders)
            ]
            return listed(HOST, "senders", rows)

    return blueprint


def _found(kernel: Kernel, sid: str) -> Service:
    for service in kernel.papers.services:
        if service.sid == sid:
            return service
    raise not_found()


def _service(kernel: Kernel, one: Service) -> dict[str, object]:
    return {
        "sid": one.sid,
        "account_sid": kernel.account_sid,
        "friendly_name": one.friendly_name,
        "inbound_request_url": one.inbound_request_url or None,
        "inbound_method": "POST",
        "use_inbound_webhook_on_number": one.use_inbound_webhook_on_number,
        "us_app_to_person_registered": one.campaign is not None,
        "sticky_sender": True,
        "url": f"https://{HOST}.twilio.com/v1/Services/{one.sid}",
    }


def _member(kernel: Kernel, service: Service, number: str) -> dict[str, object]:
    return {
        "sid": kernel.numbers[number].sid,
        "account_sid": kernel.account_sid,
        "service_sid": service.sid,
        "phone_number": number,
        "country_code": "US",
        "capabilities": ["SMS", "MMS", "Voice"],
    }


def _campaign(kernel: Kernel, service: Service) -> dict[str, object]:
    one = service.campaign
    assert one is not None  # noqa: S101 - whoever asks has looked
    return {
        "sid": one.sid,
        "account_sid": kernel.account_sid,
        "messaging_service_sid": service.sid,
        "brand_registration_sid": one.brand_registration_sid,
        "campaign_status": one.campaign_status,
        "us_app_to_person_usecase": one.us_app_to_person_usecase,
        "errors": one.errors,
    }


def _toll_free(kernel: Kernel, one: TollFree) -> dict[str, object]:
    return {
        "sid": one.sid,
        "account_sid": kernel.account_sid,
        "tollfree_phone_number_sid": kernel.numbers[one.number].sid,
        "status": one.status,
        "privacy_policy_url": one.privacy_policy_url or None,
        "terms_and_conditions_url": one.terms_and_conditions_url or None,
        "error_code": one.error_code,
        "rejection_reason": one.rejection_reason,
    }
