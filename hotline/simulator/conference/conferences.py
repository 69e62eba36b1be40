"""Conference rooms: who is in, who hears whom, and who is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Literal

from hotline.simulator.asking.postman import Postman, Webhook
from hotline.simulator.calls.call import Call
from hotline.simulator.conference.waiting import HoldMusic
from hotline.simulator.kernel import Kernel, new_sid

RoomStatus = Literal["init", "in-progress", "completed"]
EVENT_NAMES = {
    "start": "conference-start",
    "end": "conference-end",
    "join": "participant-join",
    "leave": "participant-leave",
    "mute": "participant-mute",
    "unmute": "participant-unmute",
    "hold": "participant-hold",
    "unhold": "participant-unhold",
}


RINGING = "[ringing]"
BEEP = "[beep]"


@dataclass(frozen=True)
class Terms:
    """On which terms a leg enters. `wait_url` None means Twilio's own music, empty means silence."""

    starts: bool = True
    ends: bool = False
    muted: bool = False
    beep_in: bool = False
    beep_out: bool = False
    label: str = ""
    wait_url: str | None = ""
    callback_url: str = ""
    callback_events: frozenset[str] = frozenset()
    most: int = 250


@dataclass(eq=False)
class Participant:
    """One leg in one room."""

    call: Call
    room: Room
    terms: Terms
    joined_at: datetime
    put_out: Callable[[], None]
    muted: bool = False
    hold: bool = False
    music: HoldMusic | None = None

    def partners(self) -> tuple[Call, ...]:
        """Those who hear this one and are heard by it."""
        if self.room.status != "in-progress" or not self.audible:
            return ()
        return tuple(other.call for other in self._others() if other.audible)

    def heard_by(self) -> tuple[Call, ...]:
        """Those who hear this one, whether they are heard or not."""
        if self.room.status != "in-progress" or not self.audible:
            return ()
        return tuple(other.call for other in self._others() if not other.hold)

    def hears(self) -> tuple[Call, ...]:
        """Those whom this one hears."""
        if self.room.status != "in-progress" or self.hold:
            return ()
        return tuple(other.call for other in self._others() if other.audible)

    @property
    def audible(self) -> bool:
        return not self.muted and not self.hold

    def _others(self) -> list[Participant]:
        return [other for other in self.room.participants.values() if other is not self]


@dataclass(eq=False)
class Room:
    """A conference; `reason` and `ended_by` say how it ended."""

    name: str
    created_at: datetime
    sid: str = field(default_factory=lambda: new_sid("CF"))
    status: RoomStatus = "init"
    participants: dict[str, Participant] = field(default_factory=dict)
    callback_url: str = ""
    callback_events: frozenset[str] = frozenset()
    sequence: int = 0
    updated_at: datetime | None = None
    reason: str | None = None
    ended_by: str | None = None


class Rooms:
    """All the account's conferences. A name means the one room of that name that hasn't ended."""

    def __init__(self, kernel: Kernel, postman: Postman) -> None:
        self._kernel = kernel
        self._postman = postman
        self.all: list[Room] = []
        """Every room so far, in the order of happening."""
        self._ringing: list[str] = []

    def open_room(self, name: str) -> Room | None:
        """The running room of that name."""
        rooms = self.all
        return next((room for room in rooms if room.name == name and room.status != "completed"), None)

    def join(self, name: str, call: Call, terms: Terms, put_out: Callable[[], None]) -> Participant | None:
        """Enter, opening the room if need be; None if it is full. `put_out` is called when the room ends."""
        room = self.open_room(name)
        if room is None:
            room = Room(name, self._kernel.now())
            self.all.append(room)
        if len(room.participants) >= terms.most:
            return None
        if terms.callback_url and not room.callback_url:
            room.callback_url, room.callback_events = terms.callback_url, terms.callback_events
        participant = Participant(call, room, terms, self._kernel.now(), put_out, muted=terms.muted)
        room.participants[call.sid] = participant
        if terms.beep_in:
            self._beep(participant)
        self._tell(room, "join", participant)
        self._settle(room)
        return participant

    def hear_ringing(self, name: str) -> None:
        """A leg that will join this room rings, and whoever waits there hears it."""
        self._ringing.append(name)
        room = self.open_room(name)
        for one in room.participants.values() if room else ():
            self._hush(one)
            one.call.handset.hears(RINGING, 2.0)

    def ringing_over(self, name: str) -> None:
        """It rings no more: answered, or not."""
        if name in self._ringing:
            self._ringing.remove(name)
        room = self.open_room(name)
        if room is not None:
            self._settle(room)

    def leave(self, participant: Participant) -> None:
        """The leg leaves by its own doing; its terms may end the room for all."""
        room = participant.room
        if room.participants.pop(participant.call.sid, None) is None:
            return
        self._hush(participant)
        if participant.terms.beep_out:
            self._beep(participant)
        self._tell(room, "leave", participant)
        if participant.terms.ends:
            self.end(room, "participant-with-end-conference-on-exit-left", participant.call.sid)
        elif not room.participants:
            self.end(room, "last-participant-left", participant.call.sid)
        else:
            self._settle(room)

    def kick(self, participant: Participant) -> None:
        """Put one leg out; its Dial is over."""
        self.leave(participant)
        participant.put_out()

    def end(self, room: Room, reason: str, ended_by: str | None = None) -> None:
        """End the room for all who are in it."""
        if room.status == "completed":
            return
        room.status, room.reason, room.ended_by = "completed", reason, ended_by
        left, room.participants = list(room.participants.values()), {}
        for participant in left:
            self._hush(participant)
            self._tell(room, "leave", participant)
        self._tell(
            room, "end", None, {"ReasonConferenceEnded": reason, "CallSidEndingConference": ended_by or ""}
        )
        for participant in left:
            participant.put_out()

    def set_muted(self, participant: Participant, muted: bool) -> None:
        if muted != participant.muted:
            participant.muted = muted
            self._tell(participant.room, "mute" if muted else "unmute", participant)

    def set_hold(self, participant: Participant, hold: bool) -> None:
        if hold != participant.hold:
            participant.hold = hold
            self._tell(participant.room, "hold" if hold else "unhold", participant)

    def _settle(self, room: Room) -> None:
        """Start the room once two are in and one of them may start it; the others hear music till then."""
        present = list(room.participants.values())
        if room.status == "init" and len(present) > 1 and any(one.terms.starts for one in present):
            room.status = "in-progress"
            self._tell(room, "start", present[-1])
        for one in present:
            alone = room.status == "init" or len(present) == 1
            if not alone:
                self._hush(one)
            elif room.name in self._ringing:
                self._hush(one)
                one.call.handset.hears(RINGING, 2.0)
            elif one.music is None:
                one.music = HoldMusic(self._kernel, self._postman, one.call, room.sid, one.terms.wait_url)
                one.music.start()

    def _beep(self, about: Participant) -> None:
        """Whoever else is in the room hears that somebody has come, or gone."""
        for one in about.room.participants.values():
            if one is not about:
                one.call.handset.hears(BEEP, 0.5)

    def _hush(self, participant: Participant) -> None:
        if participant.music is not None:
            participant.music.stop()
            participant.music = None

    def _tell(
        self, room: Room, event: str, who: Participant | None, extra: dict[str, str] | None = None
    ) -> None:
        room.updated_at = self._kernel.now()
        wanted = {"unmute": "mute", "unhold": "hold"}.get(event, event)
        if not room.callback_url or wanted not in room.callback_events:
            return
        room.sequence += 1
        parameters = {
            "ConferenceSid": room.sid,
            "FriendlyName": room.name,
            "AccountSid": self._kernel.account_sid,
            "StatusCallbackEvent": EVENT_NAMES[event],
            "SequenceNumber": str(room.sequence),
            "Timestamp": format_datetime(self._kernel.now()),
            **(_about(who) if who else {}),
            **(extra or {}),
        }
        self._postman.post(Webhook("conference", room.callback_url, parameters, room.sid))


def _about(who: Participant) -> dict[str, str]:
    about = {
        "CallSid": who.call.sid,
        "Muted": str(who.muted).lower(),
        "Hold": str(who.hold).lower(),
        "Coaching": "false",
        "EndConferenceOnExit": str(who.terms.ends).lower(),
        "StartConferenceOnEnter": str(who.terms.starts).lower(),
    }
    return {**about, "ParticipantLabel": who.terms.label} if who.terms.label else about
