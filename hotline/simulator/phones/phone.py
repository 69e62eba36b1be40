"""Telephones and the people (or machines) who hold them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from hotline.simulator.calls.call import Call, CallStatus
from hotline.simulator.kernel import AccountNumber, Kernel
from hotline.simulator.phones.behaviour import Behaviour, NotPossible
from hotline.simulator.phones.mailbox import Mailbox
from hotline.simulator.texts.media import Attachment
from hotline.simulator.texts.message import Message

PICK_UP = 3.0
MAILBOX_PICK_UP = 20.0
ANONYMOUS = "anonymous"
SCREENING = "Hi. This person uses a screening service. Please state your name and why you are calling."


@dataclass(frozen=True)
class Heard:
    """A caption, when it began to be spoken; `by` is a person's number, or empty for a machine."""

    at: datetime
    text: str
    by: str = ""
    language: str = ""
    """The locale of the voice; empty for a person and for a recording."""


@dataclass(frozen=True)
class ReceivedText:
    """A text message that arrived; `by_provider` marks Twilio's own answers to keywords."""

    at: datetime
    from_: str
    body: str
    media: tuple[str, ...] = ()
    by_provider: bool = False


class CallControl(Protocol):
    """What a telephone can do with a call."""

    def call_in(self, phone: Phone, number: AccountNumber, shown_as: str, stir: str | None) -> Call:
        """A person calls one of the account's numbers."""

    def ring(self, call: Call) -> None:
        """The telephone rings."""

    def answer(self, call: Call) -> None:
        """The called person, or a machine, picks up."""

    def end(self, call: Call, status: CallStatus) -> None:
        """The call is over; harmless if it was already."""


class Texting(Protocol):
    """Who takes a text in."""

    def receive(self, person: str, number: str, body: str, media: Sequence[str | Attachment]) -> Message:
        """A text from a person."""


class Network(Protocol):
    """What a telephone is connected to."""

    @property
    def kernel(self) -> Kernel:
        """The clock, the lock, and the account's numbers."""

    @property
    def exchange(self) -> CallControl:
        """For calls."""

    @property
    def post_office(self) -> Texting:
        """For texts."""


class Phone:
    """One telephone, with at most one call at a time; a second one finds it busy.

    `after` is how many seconds ANSWERS and VOICEMAIL let it ring. `when_off` is what the network says of an
    OFF telephone: `failed` or `no-answer`. `sms` is `deliver`, `undelivered:30003`, `failed:30007` (any
    code), or `silent` (sent, and never heard of again). `detected_as` is what machine detection takes whoever
    picks up for (AnsweredBy; empty: what they are), and `detected_after` after how many seconds. `speaks_first` is
    what is said at this end when a call to it is answered, by whoever or whatever does, after `speaks_after` seconds.
    """

    def __init__(
        self,
        network: Network,
        number: str,
        behaviour: Behaviour = Behaviour.RINGS,
        *,
        label: str = "",
        after: float | None = None,
        sms: str = "deliver",
        when_off: CallStatus = CallStatus.FAILED,
    ) -> None:
        self._network, self._kernel = network, network.kernel
        self.number, self.label = number, label or number
        self.behaviour, self.after = behaviour, after
        self.sms = sms
        self.when_off = when_off
        self.detected_as = ""
        self.detected_after: float | None = None
        self.speaks_first = ""
        self.speaks_after = 1.0
        self.call: Call | None = None
        self._screening = self._screened = False
        self.heard: list[Heard] = []
        self.hears_now = ""
        self.lost_keys: list[str] = []
        self.inbox: list[ReceivedText] = []
        self.call_log: list[Call] = []
        self.mailbox = Mailbox(self._kernel)

    # -- what the person does -----------------------------------------------------------------------------

    def calls(self, to: str, *, withheld: bool = False, shown_as: str = "", stir: str | None = None) -> Call:
        """Call one of the account's numbers. Raises NotPossible while in a call, or for an unknown number."""
        with self._kernel.lock:
            if self.call is not None:
                raise NotPossible(f"{self.number} is in a call already")
            if to not in self._kernel.numbers:
                raise NotPossible(f"{to} is not one of the account's numbers")
            shown = shown_as or (ANONYMOUS if withheld else self.number)
            call = self._network.exchange.call_in(self, self._kernel.numbers[to], shown, stir)
            self.call = call
            self.call_log.append(call)
            return call

    def answer(self) -> None:
        """Pick up the ringing telephone. Raises NotPossible if it doesn't ring."""
        with self._kernel.lock:
            call = self._ringing_call()
            if self._screened:
                self._screened = False
            else:
                self._network.exchange.answer(call)

    def decline(self) -> None:
        """Reject the ringing call: the other side is told that the line is busy."""
        with self._kernel.lock:
            self._network.exchange.end(self._ringing_call(), CallStatus.BUSY)

    def presses(self, keys: str) -> None:
        """Press keys, one after the other; those that no Gather listens to go to `lost_keys`."""
        with self._kernel.lock:
            for key in keys:
                call = self._open_call()
                if not call.script.key(key):
                    self.lost_keys.append(key)

    def says(self, words: str, confidence: float = 0.9) -> None:
        """Speak: to the machine if it listens to speech, and to whoever else is on the line."""
        with self._kernel.lock:
            self._speaks(self._open_call(), words, confidence)

    def hangs_up(self) -> None:
        """End the call; a ringing one is declined, one's own unanswered one is cancelled."""
        with self._kernel.lock:
            call = self.call
            if call is None:
                raise NotPossible(f"{self.number} has no call to hang up")
            unanswered = CallStatus.CANCELED if call.direction == "inbound" else CallStatus.BUSY
            self._network.exchange.end(call, CallStatus.COMPLETED if call.talking else unanswered)

    def texts(
        self, to: str, body: str, media: Sequence[str | Attachment] = (), *, shown_as: str = ""
    ) -> Message:
        """Send a text message to one of the account's numbers; `media` are files, or names of pretended ones.

        `shown_as`: another sender than this number, such as "whatsapp:+16175550142", a short code, or nothing known.
        """
        with self._kernel.lock:
            if to not in self._kernel.numbers:
                raise NotPossible(f"{to} is not one of the account's numbers")
            return self._network.post_office.receive(shown_as or self.number, to, body, media)

    # -- what can be seen ---------------------------------------------------------------------------------

    @property
    def ringing(self) -> bool:
        """Somebody is calling this telephone, and it rings."""
        call = self.call
        rings = call is not None and call.direction != "inbound" and call.status is CallStatus.RINGING
        return rings or self._screened

    @property
    def in_call(self) -> bool:
        """The line is open."""
        return self.call is not None and self.call.talking

    @property
    def shows(self) -> str:
        """The number of the other side, as this telephone shows it; empty without a call."""
        if self.call is None:
            return ""
        return self.call.to if self.call.direction == "inbound" else self.call.from_

    @property
    def talking_with(self) -> set[str]:
        """The numbers of those who hear this person and whom this person hears."""
        with self._kernel.lock:
            return {other.handset.number for other in self._partners(self.call)} if self.call else set()

    @property
    def listening_to(self) -> set[str]:
        """The numbers of those whom this person hears, whether they hear this person or not."""
        with self._kernel.lock:
            activity = self.call.script.activity if self.call else None
            return {other.handset.number for other in activity.hears()} if activity else set()

    @property
    def captions(self) -> list[str]:
        """The words of everything heard so far."""
        return [one.text for one in self.heard]

    @property
    def recorded(self) -> list[str]:
        """What this telephone's voicemail box has recorded."""
        return self.mailbox.recorded

    @property
    def beeps(self) -> bool:
        """Whether its machine's greeting ends with a beep."""
        return self.mailbox.beeps

    @property
    def greeting_seconds(self) -> float | None:
        """How long this telephone's machine speaks before its beep; None where a person answers."""
        return self.mailbox.greeting if self.behaviour is Behaviour.VOICEMAIL else None

    # -- what the network does ----------------------------------------------------------------------------

    def receives(self, call: Call) -> None:
        """A call arrives here."""
        exchange = self._network.exchange
        if self.behaviour is Behaviour.OFF:
            exchange.end(call, self.when_off)
        elif self.call is not None or self.behaviour is Behaviour.BUSY:
            exchange.end(call, CallStatus.BUSY)
        else:
            self.call = call
            self.call_log.append(call)
            exchange.ring(call)
            self._plan_answer(call)

    def hears(self, words: str, seconds: float, by: str = "", language: str = "") -> None:
        """A caption begins."""
        if not words:
            self.hears_now = ""
            return
        now = self._kernel.now()
        self.heard.append(Heard(now, words, by, language))
        if not by:
            self.hears_now = words
        self.mailbox.takes_in(words, now, now + timedelta(seconds=seconds))
        if self._screening:
            self._screening, self._screened = False, True

    def hears_nothing(self) -> None:
        """What was being spoken is over, or was cut off."""
        self.hears_now = ""
        self.mailbox.silence_from(self._kernel.now())

    def picked_up(self, call: Call) -> None:
        """The line is open."""
        if call.direction == "inbound":
            return
        if self.behaviour is Behaviour.VOICEMAIL:
            self.mailbox.opens(self._hang_up_mailbox, lambda: bool(self._partners(call)))
        screens = self.behaviour is Behaviour.SCREENED
        words = self.speaks_first or (SCREENING if screens else "")
        if words:
            call.alarms.append(
                self._kernel.after(self.speaks_after, lambda: self._begins(call, words, screens))
            )

    def _begins(self, call: Call, words: str, screens: bool) -> None:
        self._speaks(call, words, 0.9)
        self._screening = screens

    def _speaks(self, call: Call, words: str, confidence: float) -> None:
        call.script.speech(words, confidence)
        for other in call.script.activity.heard_by() if call.script.activity else ():
            other.handset.hears(words, 0.0, by=self.number)

    def line_gone(self, call: Call) -> None:
        """The call is over."""
        if self.call is call:
            self.call = None
            self._screening = self._screened = False
            self.hears_now = ""
            self.mailbox.closes()

    def _plan_answer(self, call: Call) -> None:
        waits = {
            Behaviour.ANSWERS: PICK_UP,
            Behaviour.SCREENED: PICK_UP,
            Behaviour.VOICEMAIL: MAILBOX_PICK_UP,
        }
        if self.behaviour not in waits:
            return
        seconds = waits[self.behaviour] if self.after is None else self.after
        call.alarms.append(self._kernel.after(seconds, lambda: self._network.exchange.answer(call)))

    def _hang_up_mailbox(self) -> None:
        if self.call is not None:
            self._network.exchange.end(self.call, CallStatus.COMPLETED)

    def _ringing_call(self) -> Call:
        if self.call is None or not self.ringing or self.behaviour is Behaviour.IGNORES:
            raise NotPossible(f"{self.number} doesn't ring, or nobody is there to answer it")
        return self.call

    def _open_call(self) -> Call:
        if self.call is None or not self.call.talking:
            raise NotPossible(f"{self.number} is in no call")
        return self.call

    def _partners(self, call: Call) -> tuple[Call, ...]:
        return call.script.activity.partners() if call.script.activity else ()


class PhoneBook:
    """Every telephone that can be reached."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._phones: dict[str, Phone] = {}

    def __iter__(self) -> Iterator[Phone]:
        return iter(self._phones.values())

    def add(self, phone: Phone) -> None:
        """It can be reached from now on."""
        self._phones[phone.number] = phone

    def known(self, number: str) -> Phone | None:
        """The telephone with that number, if anybody has it."""
        return self._phones.get(number)

    def at(self, number: str) -> Phone:
        """The telephone with that number; one that is off where nobody has such a number."""
        return self.known(number) or Phone(self._network, number, Behaviour.OFF)
