"""REST: the account itself; and TwiML Bins, which are read by whoever can sign."""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, jsonify, request

from hotline.simulator.asking.signing import sign
from hotline.simulator.kernel import API_VERSION, Kernel
from hotline.simulator.rest.rest_errors import not_found
from hotline.simulator.rest.rest_forms import query_of

BINS_PATH = "/twiml/"


def account_blueprint(kernel: Kernel) -> Blueprint:
    """The account, without what hangs from it."""
    blueprint = Blueprint("account", __name__)

    @blueprint.get(f"/{API_VERSION}/Accounts/<sid>.json")
    def account(sid: str) -> Response:
        with kernel.lock:
            query_of(kernel)
            if sid != kernel.account_sid:
                raise not_found()
            return jsonify(
                sid=sid,
                owner_account_sid=sid,
                friendly_name="Pretend account",
                status=kernel.papers.status,
                type=kernel.papers.kind,
                uri=f"/{API_VERSION}/Accounts/{sid}.json",
            )

    return blueprint


def bins_blueprint(kernel: Kernel) -> Blueprint:
    """TwiML Bins, for requests that are signed as Twilio signs its own."""
    blueprint = Blueprint("bins", __name__)

    @blueprint.get(f"{BINS_PATH}<sid>")
    def read(sid: str) -> Response:
        with kernel.lock:
            known = next(
                ((at, said) for at, said in kernel.bins.items() if at.endswith(f"{BINS_PATH}{sid}")), None
            )
            if known is None:
                raise not_found()
            address, document = known
            signed = sign(kernel.auth_token, f"{address}?{request.query_string.decode()}", {})
            given = request.headers.get("X-Twilio-Signature", "")
            named = request.args.get("AccountSid") == kernel.account_sid
            if not named or not hmac.compare_digest(signed.encode(), given.encode()):
                return Response("Not Authorized", status=403)
            return Response(document, mimetype="text/xml")

    return blueprint
