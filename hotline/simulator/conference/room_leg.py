"""<Dial> with <Conference>: one leg's stay in a room."""

from __future__ import annotations

from collections.abc import Mapping

from hotline.simulator.agenda import Appointment
from hotline.simulator.calls.call import Activity, Call
from hotline.simulator.calls.dial import Dialled
from hotline.simulator.calls.switchboard import Switchboard
from hotline.simulator.conference.conferences import Participant, Terms
from hotline.simulator.twiml.document import Element


class DialRoom(Activity):
    """Enters the room named in the element, and leaves it by `*`, by REST, by hanging up, or when it ends."""

    def __init__(self, exchange: Switchboard, call: Call, verb: Element, done: Dialled) -> None:
        self._exchange = exchange
        self._call = call
        self._verb = verb
        self._done = done
        self._participant: Participant | None = None
        self._limit: Appointment | None = None

    def start(self) -> None:
        rooms, noun = self._exchange.rooms, self._verb.children[0]
        terms = Terms(
            starts=noun.flag("startConferenceOnEnter", True),
            ends=noun.flag("endConferenceOnExit", False),
            muted=noun.flag("muted", False),
            beep_in=noun.get("beep", "true") in {"true", "onEnter"},
            beep_out=noun.get("beep", "true") in {"true", "onExit"},
            label=noun.get("participantLabel"),
            wait_url=noun.url("waitUrl") if noun.get("waitUrl", "-") else "",
            callback_url=noun.url("statusCallback") or "",
            callback_events=frozenset(noun.get("statusCallbackEvent").split()),
            most=noun.seconds("maxParticipants", 250),
        )
        self._participant = rooms.join(noun.text, self._call, terms, self._put_out)
        if self._participant is None:
            self._finish("failed")
            return
        limit = self._verb.seconds("timeLimit", 14400)
        self._limit = self._exchange.kernel.after(limit, lambda: self._leave("answered"))

    def stop(self) -> None:
        self._cancel_limit()
        if self._participant is not None:
            self._exchange.rooms.leave(self._participant)
            self._participant = None

    def leg_gone(self) -> None:
        self._leave("answered")

    def key(self, digit: str) -> bool:
        if digit != "*" or not self._verb.flag("hangupOnStar", False):
            return False
        self._leave("answered")
        return True

    def partners(self) -> tuple[Call, ...]:
        return self._participant.partners() if self._participant else ()

    def heard_by(self) -> tuple[Call, ...]:
        return self._participant.heard_by() if self._participant else ()

    def hears(self) -> tuple[Call, ...]:
        return self._participant.hears() if self._participant else ()

    def _put_out(self) -> None:
        """The room ended, or somebody put this leg out of it."""
        if self._participant is not None:
            self._participant = None
            self._finish("answered")

    def _leave(self, status: str) -> None:
        self.stop()
        self._finish(status)

    def _finish(self, status: str) -> None:
        self._cancel_limit()
        result: Mapping[str, str] = {"DialCallStatus": status}
        self._done(self._verb, result)

    def _cancel_limit(self) -> None:
        if self._limit is not None:
            self._limit.cancel()
