"""The exchange: places calls, rings them, answers them, ends them, and tells who asked to be told."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

from hotline.simulator.asking.postman import Postman, Webhook
from hotline.simulator.calls.call import Call, CallStatus, Entry, Handset, Progress, voice_parameters
from hotline.simulator.calls.detection import report, verdict
from hotline.simulator.calls.own_number import OtherLeg
from hotline.simulator.calls.script import Script
from hotline.simulator.conference.conferences import Rooms
from hotline.simulator.kernel import AccountNumber, Kernel
from hotline.simulator.phones.phone import PhoneBook
from hotline.simulator.twiml.document import Element


class Exchange:
    """Every method is called with the kernel's lock held.

    Outbound calls start at `calls_per_second`, and first ring `set_up` seconds after they started.
    """

    def __init__(self, kernel: Kernel, postman: Postman, rooms: Rooms, phones: PhoneBook) -> None:
        self.kernel = kernel
        self.postman = postman
        self.rooms = rooms
        self.phones = phones
        self.calls: list[Call] = []
        """Every call so far, in the order of happening."""
        self.calls_per_second = 1.0
        self.set_up = 1.0
        self._last_start = kernel.now() - timedelta(days=1)

    # -- placing ----------------------------------------------------------------------------------------

    def call_in(self, phone: Handset, number: AccountNumber, shown_as: str, stir: str | None) -> Call:
        """A person calls one of the account's numbers."""
        entry = Entry(url=number.voice_url, fallback_url=number.voice_fallback_url)
        call = Call(
            "inbound", shown_as, number.number, phone, self.kernel.now(), entry,
            Progress(number.status_callback), stir=stir,
        )  # fmt: skip
        self._enter(call)
        call.started_at = self.kernel.now()
        call.status = CallStatus.RINGING
        call.script.begin(entry.url, "")
        return call

    def call_out(self, call: Call) -> None:
        """A call made by REST waits for its second, then is dialled."""
        if call.to in self.kernel.numbers and self.phones.known(call.to) is None:
            call.handset = OtherLeg(self, call.to)
        self._enter(call)
        gap = timedelta(seconds=1 / self.calls_per_second)
        self._last_start = max(self.kernel.now(), self._last_start + gap)
        call.queue_seconds = (self._last_start - self.kernel.now()).total_seconds()
        call.alarms.append(self.kernel.agenda.at(self._last_start, lambda: self._dial(call)))

    def call_child(self, parent: Call, number: Element, caller_id: str, ring_seconds: float) -> Call:
        """A call made by a <Dial>; those don't wait for their second."""
        events = frozenset(number.get("statusCallbackEvent", "completed").split())
        call = Call(
            "outbound-dial", caller_id, number.text, self.phones.at(number.text), self.kernel.now(),
            progress=Progress(number.url("statusCallback") or "", events),
            parent=parent, ring_seconds=ring_seconds,
        )  # fmt: skip
        self._enter(call)
        call.alarms.append(self.kernel.after(0, lambda: self._dial(call)))
        return call

    def _enter(self, call: Call) -> None:
        call.script = Script(self, call)
        self.calls.append(call)

    def _dial(self, call: Call) -> None:
        call.status = CallStatus.INITIATED
        call.started_at = self.kernel.now()
        self._tell(call, "initiated")
        call.alarms.append(self.kernel.after(self.set_up, lambda: call.handset.receives(call)))

    # -- ringing and answering --------------------------------------------------------------------------

    def ring(self, call: Call) -> None:
        """The telephone rings, until somebody answers or the time is over."""
        call.status = CallStatus.RINGING
        self._tell(call, "ringing")
        if call.rings_in:
            self.rooms.hear_ringing(call.rings_in)
        rung_out = self.kernel.after(call.ring_seconds, lambda: self.end(call, CallStatus.NO_ANSWER))
        call.alarms.append(rung_out)

    def answer(self, call: Call) -> None:
        """The called person, or a machine, picks up."""
        self.answer_line(call)
        if call.on_answer is not None:
            call.on_answer()
            return
        if call.detection.mode:
            self._detect(call)
        if not call.detection.mode or call.detection.in_background:
            call.script.begin(call.entry.url, call.entry.twiml)

    def answer_line(self, call: Call) -> None:
        """The line is open from now on; harmless if it is already."""
        if call.over or call.answered_at is not None:
            return
        call.silence_alarms()
        call.status = CallStatus.IN_PROGRESS
        call.answered_at = self.kernel.now()
        if call.rings_in:
            self.rooms.ringing_over(call.rings_in)
        self._tell(call, "answered")
        limit = self.kernel.after(call.time_limit, lambda: self.end(call, CallStatus.COMPLETED))
        call.alarms.append(limit)
        call.handset.picked_up(call)

    def _detect(self, call: Call) -> None:
        kind, seconds = verdict(call.detection, call.handset)

        def detected() -> None:
            call.answered_by = kind
            if not call.detection.in_background:
                call.script.begin(call.entry.url, call.entry.twiml)
            elif call.detection.report_to:
                told = report(self.kernel, call, seconds)
                self.postman.post(Webhook("machine", call.detection.report_to, told, call.sid))

        call.alarms.append(self.kernel.after(seconds, detected))

    # -- changing and ending ----------------------------------------------------------------------------

    def redirect(self, call: Call, url: str, twiml: str) -> None:
        """By REST: whatever this leg does, it now does this."""
        call.script.interrupt()
        taken_away, call.on_taken_away, call.on_end = call.on_taken_away, None, None
        call.script.on_finished = call.script.complete
        if taken_away is not None:
            taken_away()
        self.kernel.after(0, lambda: None if call.over else call.script.begin(url, twiml))

    def end(self, call: Call, status: CallStatus) -> None:
        """The call is over; harmless if it was already."""
        if call.over:
            return
        queued = call.status is CallStatus.QUEUED
        call.status = status
        call.ended_at = self.kernel.now()
        call.silence_alarms()
        call.script.hung_up()
        call.handset.line_gone(call)
        if call.rings_in and call.answered_at is None:
            self.rooms.ringing_over(call.rings_in)
        if not queued:
            self._tell(call, "completed")
        if call.on_end is not None:
            call.on_end()

    def seconds_so_far(self, call: Call) -> int:
        """How long the line is, or was, open."""
        if call.answered_at is None:
            return 0
        return round(((call.ended_at or self.kernel.now()) - call.answered_at).total_seconds())

    def _tell(self, call: Call, event: str) -> None:
        if not call.progress.url or event not in call.progress.events:
            return
        parameters = {
            **voice_parameters(self.kernel, call),
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(call.sequence),
            "Timestamp": format_datetime(self.kernel.now()),
        }
        call.sequence += 1
        if call.over:
            parameters |= {"CallDuration": str(call.seconds), "Duration": str(-(-call.seconds // 60))}
        self.postman.post(Webhook("status", call.progress.url, parameters, call.sid))
