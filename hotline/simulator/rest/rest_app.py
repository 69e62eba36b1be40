"""The REST API, as twilio-python calls it."""

from __future__ import annotations

import hmac
from datetime import UTC
from email.utils import format_datetime

from flask import Flask, Response, g, request

from hotline.simulator.engine import Simulator
from hotline.simulator.history import RestRequest
from hotline.simulator.kernel import API_VERSION
from hotline.simulator.rest.papers.listed_page import refuse_unreadable
from hotline.simulator.rest.papers.rest_account import BINS_PATH, account_blueprint, bins_blueprint
from hotline.simulator.rest.papers.rest_permissions import permissions_blueprint
from hotline.simulator.rest.papers.rest_services import senders_blueprint, services_blueprint
from hotline.simulator.rest.papers.rest_trust import trust_blueprint
from hotline.simulator.rest.rest_calls import calls_blueprint
from hotline.simulator.rest.rest_conferences import conferences_blueprint, participants_blueprint
from hotline.simulator.rest.rest_errors import RestError, error_answer, not_found
from hotline.simulator.rest.rest_faults import AnswerLost
from hotline.simulator.rest.rest_media import add_store, media_blueprint
from hotline.simulator.rest.rest_messages import messages_blueprint
from hotline.simulator.rest.rest_numbers import numbers_blueprint
from hotline.simulator.texts.media import STORE_PATH


def rest_app(simulator: Simulator) -> Flask:
    """A WSGI app; requests change state and plan events, and never post a webhook themselves."""
    app = Flask(__name__)
    app.config["PROPAGATE_EXCEPTIONS"] = True
    blueprints = (
        calls_blueprint, messages_blueprint, media_blueprint,
        conferences_blueprint, participants_blueprint, numbers_blueprint,
    )  # fmt: skip
    for blueprint in blueprints:
        app.register_blueprint(blueprint(simulator), url_prefix=f"/{API_VERSION}/Accounts/<account>")
    for paper in (
        account_blueprint, bins_blueprint, services_blueprint, senders_blueprint, trust_blueprint,
        permissions_blueprint,
    ):  # fmt: skip
        app.register_blueprint(paper(simulator.kernel))
    add_store(app, simulator)
    app.url_value_preprocessor(_set_account_aside)
    _keep_door(app, simulator)
    _keep_ledger(app, simulator)
    return app


def _keep_door(app: Flask, simulator: Simulator) -> None:
    """Who may come in, and what is said to those who may not."""

    @app.before_request
    def authenticate() -> None:
        if request.path.startswith((STORE_PATH, BINS_PATH)):
            return
        given = request.authorization
        kernel = simulator.kernel
        if given is None or given.type != "basic" or given.username != kernel.account_sid:
            raise RestError(20003, 401)
        if not hmac.compare_digest((given.password or "").encode(), kernel.auth_token.encode()):
            raise RestError(20003, 401)
        if g.get("account", kernel.account_sid) != kernel.account_sid:
            raise not_found()
        refuse_unreadable(kernel)

    @app.errorhandler(RestError)
    def refuse(error: RestError) -> Response:
        return error_answer(error)

    @app.errorhandler(404)
    @app.errorhandler(405)
    def nowhere(error: Exception) -> Response:
        return error_answer(not_found())


def _keep_ledger(app: Flask, simulator: Simulator) -> None:
    """A line about every request, with its answer or with what hid the answer."""

    @app.errorhandler(AnswerLost)
    def lost(error: AnswerLost) -> Response:
        _note(simulator, str(error))
        raise error

    @app.after_request
    def note(answer: Response) -> Response:
        answer.headers["Date"] = format_datetime(simulator.kernel.now().astimezone(UTC), usegmt=True)
        _note(simulator, str(answer.status_code))
        return answer


def _set_account_aside(endpoint: str | None, values: dict[str, str] | None) -> None:
    """Views don't ask whose account it is: the door does."""
    if values and "account" in values:
        g.account = values.pop("account")


def _note(simulator: Simulator, outcome: str) -> None:
    given = request.form if request.method == "POST" else request.args
    kernel = simulator.kernel
    with kernel.lock:
        kernel.ledger.rest_requests.append(
            RestRequest(kernel.now(), request.method, request.path, dict(given.lists()), outcome)
        )
