"""REST: a message's media, and the store to which the API sends whoever fetches one."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, jsonify, request

from hotline.simulator.engine import Simulator
from hotline.simulator.kernel import API_VERSION
from hotline.simulator.rest.rest_errors import not_found
from hotline.simulator.rest.rest_forms import page
from hotline.simulator.rest.rest_shapes import Shape, rfc2822
from hotline.simulator.texts.media import STORE_PATH, Attachment
from hotline.simulator.texts.message import Message


def media_blueprint(simulator: Simulator) -> Blueprint:
    """The routes under `Messages/<sid>/Media`."""
    blueprint = Blueprint("media", __name__)
    kernel, office = simulator.kernel, simulator.post_office

    def find(sid: str, media: str) -> tuple[Message, Attachment]:
        message = next((one for one in simulator.messages if one.sid == sid and not one.deleted), None)
        file = office.media.of(sid).get(media)
        if message is None or file is None:
            raise not_found()
        return message, file

    @blueprint.get("/Messages/<sid>/Media.json")
    def listed(sid: str) -> Response:
        with kernel.lock:
            found = [find(sid, media) for media in office.media.of(sid)]
            names = office.media.of(sid)
            rows = [
                _shape(kernel.account_sid, one, media, file)
                for (one, file), media in zip(found, names, strict=True)
            ]
            return page("media_list", rows)

    @blueprint.get("/Messages/<sid>/Media/<media>.json")
    def described(sid: str, media: str) -> Response:
        with kernel.lock:
            return jsonify(_shape(kernel.account_sid, find(sid, media)[0], media, find(sid, media)[1]))

    @blueprint.delete("/Messages/<sid>/Media/<media>.json")
    def deleted(sid: str, media: str) -> Response:
        with kernel.lock:
            find(sid, media)
            office.media.delete(sid, media)
            return Response(status=204)

    @blueprint.get("/Messages/<sid>/Media/<media>")
    def sent_on(sid: str, media: str) -> Response:
        with kernel.lock:
            find(sid, media)
            return Response(status=307, headers={"Location": office.media.ticket(sid, media) or ""})

    return blueprint


def add_store(app: Flask, simulator: Simulator) -> None:
    """The store: for whoever holds a ticket. Credentials shown there have been shown to a stranger."""

    @app.get(f"{STORE_PATH}<token>")
    def stored(token: str) -> Response:
        with simulator.kernel.lock:
            if request.authorization is not None or "Authorization" in request.headers:
                simulator.kernel.violation("", request.path, "credentials were sent to the media store")
            file = simulator.post_office.media.redeem(token)
        if file is None:
            return Response(status=404)
        return Response(file.data, content_type=file.content_type)


def _shape(account: str, message: Message, media: str, file: Attachment) -> Shape:
    uri = f"/{API_VERSION}/Accounts/{account}/Messages/{message.sid}/Media/{media}"
    return {
        "sid": media,
        "account_sid": account,
        "parent_sid": message.sid,
        "content_type": file.content_type,
        "date_created": rfc2822(message.created_at),
        "date_updated": rfc2822(message.created_at),
        "uri": f"{uri}.json",
    }
