"""REST: Messages."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from werkzeug.datastructures import MultiDict

from hotline.simulator.engine import Simulator
from hotline.simulator.rest.rest_errors import RestError, not_found
from hotline.simulator.rest.rest_faults import create_with_faults, fail_list
from hotline.simulator.rest.rest_forms import E164, form_of, in_time, never, page, query_of, url_in
from hotline.simulator.rest.rest_shapes import message_shape
from hotline.simulator.texts.message import FINAL, Message

CREATE = ("To", "From", "Body", "MediaUrl", "StatusCallback", "ValidityPeriod", "ProvideFeedback")


def messages_blueprint(simulator: Simulator) -> Blueprint:
    """The routes under `Messages`."""
    blueprint = Blueprint("messages", __name__)
    _many(blueprint, simulator)
    _one(blueprint, simulator)
    return blueprint


def _many(blueprint: Blueprint, simulator: Simulator) -> None:
    kernel = simulator.kernel

    @blueprint.post("/Messages.json")
    def create() -> Response:
        return create_with_faults(simulator.faults, "messages", _create)

    def _create() -> Response:
        with kernel.lock:
            message = _new_message(simulator, form_of(kernel, *CREATE))
            simulator.post_office.send(message)
            return _answer(simulator, message, 201)

    @blueprint.get("/Messages.json")
    def listed() -> Response:
        fail_list(simulator.faults)
        with kernel.lock:
            query = query_of(kernel, "To", "From", "DateSent", "DateSent<", "DateSent>")
            found = [message for message in reversed(simulator.messages) if _passes(message, query)]
            return page("messages", [message_shape(kernel.account_sid, message) for message in found])


def _one(blueprint: Blueprint, simulator: Simulator) -> None:
    kernel = simulator.kernel

    @blueprint.get("/Messages/<sid>.json")
    def fetched(sid: str) -> Response:
        with kernel.lock:
            return _answer(simulator, _find(simulator, sid), 200)

    @blueprint.post("/Messages/<sid>.json")
    def redacted(sid: str) -> Response:
        with kernel.lock:
            message = _final(_find(simulator, sid))
            if form_of(kernel, "Body").get("Body") != "":
                raise RestError(20001, detail="Body can only be emptied")
            message.body = ""
            message.updated_at = kernel.now()
            return _answer(simulator, message, 200)

    @blueprint.delete("/Messages/<sid>.json")
    def deleted(sid: str) -> Response:
        with kernel.lock:
            message = _final(_find(simulator, sid))
            message.deleted = True
            simulator.post_office.media.delete_all(message.sid)
            return Response(status=204)


def _answer(simulator: Simulator, message: Message, status: int) -> Response:
    answer = jsonify(message_shape(simulator.kernel.account_sid, message))
    answer.status_code = status
    return answer


def _find(simulator: Simulator, sid: str) -> Message:
    for message in simulator.messages:
        if message.sid == sid and not message.deleted:
            return message
    raise not_found()


def _final(message: Message) -> Message:
    if message.status not in FINAL:
        raise RestError(20009)
    return message


def _new_message(simulator: Simulator, form: MultiDict[str, str]) -> Message:
    kernel = simulator.kernel
    to, from_, body = form.get("To", ""), form.get("From", ""), form.get("Body", "")
    media = tuple(form.getlist("MediaUrl"))
    never(kernel, to)
    if not E164.fullmatch(to):
        raise RestError(21211, detail=repr(to))
    if not E164.fullmatch(from_):
        raise RestError(21212, detail=repr(from_))
    if from_ not in kernel.numbers:
        raise RestError(21606, detail=repr(from_))
    if to == from_:
        raise RestError(21266)
    if not body and not media:
        raise RestError(21602)
    if len(body) > 1600:
        raise RestError(21617)
    if simulator.post_office.is_blocked(to, from_):
        raise RestError(21610)
    return Message("outbound-api", from_, to, body, kernel.now(), media, url_in(form, "StatusCallback"))


def _passes(message: Message, query: MultiDict[str, str]) -> bool:
    if message.deleted or query.get("To") not in (None, message.to):
        return False
    if query.get("From") not in (None, message.from_):
        return False
    return in_time(query, "DateSent", message.sent_at or message.created_at)
