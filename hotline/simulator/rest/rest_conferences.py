"""REST: Conferences and their Participants."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from hotline.simulator.conference.conferences import Participant, Room
from hotline.simulator.engine import Simulator
from hotline.simulator.rest.rest_errors import RestError, not_found
from hotline.simulator.rest.rest_faults import create_with_faults
from hotline.simulator.rest.rest_forms import form_of, in_time, page, query_of
from hotline.simulator.rest.rest_joining import call_into
from hotline.simulator.rest.rest_shapes import participant_shape, room_shape

FILTERS = ("FriendlyName", "Status", "DateCreated", "DateCreated<", "DateCreated>")


def conferences_blueprint(simulator: Simulator) -> Blueprint:
    """The routes under `Conferences`."""
    blueprint = Blueprint("conferences", __name__)
    _many_rooms(blueprint, simulator)
    _one_room(blueprint, simulator)
    return blueprint


def participants_blueprint(simulator: Simulator) -> Blueprint:
    """The routes under one conference's `Participants`; a call SID or a label names a participant."""
    blueprint = Blueprint("participants", __name__)
    _many_participants(blueprint, simulator)
    _one_participant(blueprint, simulator)
    return blueprint


def _many_rooms(blueprint: Blueprint, simulator: Simulator) -> None:
    kernel = simulator.kernel

    @blueprint.get("/Conferences.json")
    def listed() -> Response:
        with kernel.lock:
            query = query_of(kernel, *FILTERS)
            found = [
                room_shape(kernel.account_sid, room)
                for room in reversed(simulator.conferences)
                if query.get("FriendlyName", room.name) == room.name
                and query.get("Status", room.status) == room.status
                and in_time(query, "DateCreated", room.created_at)
            ]
            return page("conferences", found)


def _one_room(blueprint: Blueprint, simulator: Simulator) -> None:
    kernel = simulator.kernel

    @blueprint.get("/Conferences/<sid>.json")
    def fetched(sid: str) -> Response:
        with kernel.lock:
            return jsonify(room_shape(kernel.account_sid, _room(simulator, sid)))

    @blueprint.post("/Conferences/<sid>.json")
    def ended(sid: str) -> Response:
        with kernel.lock:
            room = _room(simulator, sid)
            if form_of(kernel, "Status").get("Status") != "completed":
                raise RestError(20001, detail="Status can only become completed")
            simulator.rooms.end(room, "conference-ended-via-api")
            return jsonify(room_shape(kernel.account_sid, room))


def _many_participants(blueprint: Blueprint, simulator: Simulator) -> None:
    kernel = simulator.kernel

    @blueprint.post("/Conferences/<name>/Participants.json")
    def created(name: str) -> Response:
        return create_with_faults(simulator.faults, "calls", lambda: call_into(simulator, name))

    @blueprint.get("/Conferences/<sid>/Participants.json")
    def listed(sid: str) -> Response:
        with kernel.lock:
            query = query_of(kernel, "Muted", "Hold", "Coaching")
            found = [
                participant_shape(kernel.account_sid, one)
                for one in _room(simulator, sid).participants.values()
                if query.get("Muted", str(one.muted).lower()).lower() == str(one.muted).lower()
                and query.get("Hold", str(one.hold).lower()).lower() == str(one.hold).lower()
            ]
            return page("participants", found)


def _one_participant(blueprint: Blueprint, simulator: Simulator) -> None:
    kernel = simulator.kernel

    @blueprint.get("/Conferences/<sid>/Participants/<who>.json")
    def fetched(sid: str, who: str) -> Response:
        with kernel.lock:
            return jsonify(participant_shape(kernel.account_sid, _participant(simulator, sid, who)))

    @blueprint.post("/Conferences/<sid>/Participants/<who>.json")
    def updated(sid: str, who: str) -> Response:
        with kernel.lock:
            one, form = _participant(simulator, sid, who), form_of(kernel, "Muted", "Hold")
            if "Muted" in form:
                simulator.rooms.set_muted(one, form["Muted"].lower() == "true")
            if "Hold" in form:
                simulator.rooms.set_hold(one, form["Hold"].lower() == "true")
            return jsonify(participant_shape(kernel.account_sid, one))

    @blueprint.delete("/Conferences/<sid>/Participants/<who>.json")
    def kicked(sid: str, who: str) -> Response:
        with kernel.lock:
            one = _participant(simulator, sid, who)
            simulator.rooms.leave(one)
            kernel.after(0, one.put_out)
            return Response(status=204)


def _room(simulator: Simulator, sid: str) -> Room:
    for room in simulator.conferences:
        if room.sid == sid:
            return room
    raise not_found()


def _participant(simulator: Simulator, sid: str, who: str) -> Participant:
    for one in _room(simulator, sid).participants.values():
        if who in (one.call.sid, one.terms.label):
            return one
    raise not_found()
