"""The simulator: a pretend Twilio, with the telephones of everybody it can reach."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from hotline.simulator.agenda import Appointment
from hotline.simulator.asking.postman import Postman
from hotline.simulator.asking.web import Web
from hotline.simulator.calls.call import Call
from hotline.simulator.calls.exchange import Exchange
from hotline.simulator.carrier_faults import Faults
from hotline.simulator.conference.conferences import Room, Rooms
from hotline.simulator.history import DifferingAnswer, PostedWebhook, RestRequest, Violation
from hotline.simulator.kernel import AccountNumber, Kernel, Recording
from hotline.simulator.phones.behaviour import Behaviour
from hotline.simulator.phones.phone import Phone, PhoneBook
from hotline.simulator.snapshot import snapshot
from hotline.simulator.texts.message import Message
from hotline.simulator.texts.post_office import PostOffice

CarryOut = Callable[[Callable[[], None]], object]


class EndlessEvents(RuntimeError):
    """Events keep making new events that are due at once: the application sends calls round in a circle."""


class Simulator:
    """One account at a strict, deterministic Twilio.

    Nothing happens by itself: `run_due` carries out what is due on `clock`, in the order of time, in the
    calling thread. REST requests and telephones only change state and plan events. `clock` gives aware times.
    `most_events` is how many one `run_due` may run.
    """

    most_events = 20_000

    def __init__(self, account_sid: str, auth_token: str, clock: Callable[[], datetime], web: Web) -> None:
        self.kernel = Kernel(account_sid, auth_token, clock, web)
        postman = Postman(self.kernel)
        self.rooms = Rooms(self.kernel, postman)
        self.phones = PhoneBook(self)
        self.exchange = Exchange(self.kernel, postman, self.rooms, self.phones)
        self.post_office = PostOffice(self.kernel, postman, self.phones)

    # -- who exists ---------------------------------------------------------------------------------------

    def number(
        self,
        number: str,
        *,
        voice_url: str = "",
        voice_fallback_url: str = "",
        status_callback: str = "",
        sms_url: str = "",
        sms_fallback_url: str = "",
    ) -> AccountNumber:
        """Give the account a number; again with the same number replaces its addresses."""
        owned = AccountNumber(
            number, voice_url, voice_fallback_url, status_callback, sms_url, sms_fallback_url
        )
        with self.kernel.lock:
            self.kernel.numbers[number] = owned
        return owned

    def phone(
        self,
        number: str,
        behaviour: Behaviour = Behaviour.RINGS,
        *,
        label: str = "",
        after: float | None = None,
        sms: str = "deliver",
    ) -> Phone:
        """Give a person a telephone. Asked again for a known number: that telephone, unchanged."""
        with self.kernel.lock:
            known = self.phones.known(number)
            if known is None:
                known = Phone(self, number, behaviour, label=label, after=after, sms=sms)
                self.phones.add(known)
            return known

    def bin(self, url: str, document: str) -> None:
        """A TwiML Bin: this URL is answered by Twilio itself, even when the application is down."""
        self.kernel.bins[url] = document

    def recording(self, url: str, words: str, seconds: float) -> None:
        """Make known what a <Play>ed recording says."""
        self.kernel.recordings[url] = Recording(words, seconds)

    # -- what happened ------------------------------------------------------------------------------------

    @property
    def faults(self) -> Faults:
        return self.kernel.faults

    @property
    def calls(self) -> list[Call]:
        return self.exchange.calls

    @property
    def messages(self) -> list[Message]:
        return self.post_office.messages

    @property
    def conferences(self) -> list[Room]:
        return self.rooms.all

    @property
    def webhooks(self) -> list[PostedWebhook]:
        return self.kernel.ledger.webhooks

    @property
    def rest_requests(self) -> list[RestRequest]:
        return self.kernel.ledger.rest_requests

    @property
    def violations(self) -> list[Violation]:
        """Rules of Twilio's that the application broke; a good application leaves this empty."""
        return self.kernel.ledger.violations

    @property
    def differing_answers(self) -> list[DifferingAnswer]:
        """Webhooks that were answered differently when they came again."""
        return self.kernel.ledger.differing_answers

    def state(self) -> dict[str, object]:
        """Everything a page needs to show it, ready for JSON."""
        with self.kernel.lock:
            return snapshot(self)

    # -- time ---------------------------------------------------------------------------------------------

    def next_due(self) -> datetime | None:
        """When the next event is due, or None if nothing is planned."""
        with self.kernel.lock:
            return self.kernel.agenda.next_due()

    def run_due(self, now: datetime, carry_out: CarryOut | None = None) -> int:
        """Run every event that is due at `now`, and those that they make due; how many there were.

        Webhooks are posted in the calling thread, or handed to `carry_out`, which may run them elsewhere.
        Raises EndlessEvents when there is no end to it.
        """
        for ran in range(self.most_events):
            with self.kernel.lock:
                due = self.kernel.agenda.pop_due(now)
                if due is None:
                    return ran
                if due.act is not None:
                    with self.kernel.moment(due.at):
                        due.act()
                    continue
            self._send_out(due, carry_out)
        raise EndlessEvents(f"{self.most_events} events without the clock moving on")

    def _send_out(self, due: Appointment, carry_out: CarryOut | None) -> None:
        if carry_out is None:
            self._run_errand(due, due.at)
        else:
            carry_out(lambda: self._run_errand(due, None))

    def _run_errand(self, due: Appointment, at: datetime | None) -> None:
        """Without the lock: the errand. With it: what comes of it, at `at` or at the clock's time."""
        if due.errand is None:
            return
        take_in = due.errand()
        with self.kernel.lock, self.kernel.moment(at):
            take_in()
