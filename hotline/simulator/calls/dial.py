"""<Dial> with <Number>: ring people together, let them be screened, join the first to the caller."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hotline.simulator.agenda import Appointment
from hotline.simulator.calls.call import Activity, Call, CallStatus
from hotline.simulator.calls.switchboard import Switchboard
from hotline.simulator.twiml.document import Element

Dialled = Callable[[Element, Mapping[str, str]], None]
DEFAULT_RING = 30


class DialNumbers(Activity):
    """The caller's side. The first called person through their screening wins; the others are let go."""

    def __init__(self, exchange: Switchboard, call: Call, verb: Element, done: Dialled) -> None:
        self._exchange = exchange
        self._kernel = exchange.kernel
        self._call = call
        self._verb = verb
        self._done = done
        self._legs: list[Call] = []
        self._results: list[tuple[Call, CallStatus]] = []
        self._bridged: Call | None = None
        self._limit: Appointment | None = None
        self._over = False

    def start(self) -> None:
        caller_id = self._verb.get("callerId", self._call.from_)
        ring_seconds = self._verb.seconds("timeout", DEFAULT_RING)
        pairs = [
            (number, self._exchange.call_child(self._call, number, caller_id, ring_seconds))
            for number in self._verb.children
        ]
        self._legs = [leg for _, leg in pairs]
        for number, leg in pairs:
            leg.on_answer = lambda number=number, leg=leg: self._answered(number, leg)
            leg.on_end = lambda leg=leg: self._leg_over(leg)
            leg.on_taken_away = leg.on_end

    def stop(self) -> None:
        self._over = True
        self._let_go(keep=None)

    def leg_gone(self) -> None:
        self._finish("completed" if self._bridged else "canceled")

    def key(self, digit: str) -> bool:
        if digit != "*" or not self._verb.flag("hangupOnStar", False):
            return False
        self._finish("completed" if self._bridged else "canceled")
        return True

    def partners(self) -> tuple[Call, ...]:
        return (self._bridged,) if self._bridged else ()

    @property
    def caller(self) -> Call:
        """The leg that dials."""
        return self._call

    # -- the called side --------------------------------------------------------------------------------

    def _answered(self, number: Element, leg: Call) -> None:
        url = number.url("url")
        leg.script.activity = CalledLeg(self, leg)
        if url is None:
            self._bridge(leg)
            return
        leg.script.on_finished = lambda: self._bridge(leg)
        leg.script.fetch(url)

    def _bridge(self, leg: Call) -> None:
        if self._over or self._bridged is not None:
            self._exchange.end(leg, CallStatus.COMPLETED)
            return
        self._bridged = leg
        self._let_go(keep=leg)
        leg.script.activity = CalledLeg(self, leg)
        self._exchange.answer_line(self._call)
        limit = self._verb.seconds("timeLimit", 14400)
        self._limit = self._kernel.after(limit, lambda: self._finish("completed"))

    def _leg_over(self, leg: Call) -> None:
        """A called leg is done: hung up, never answered, or taken away."""
        if self._over or leg not in self._legs:
            return
        self._legs.remove(leg)
        if leg is self._bridged:
            self._finish("completed")
            return
        unreached = {CallStatus.BUSY, CallStatus.FAILED}
        self._results.append((leg, leg.status if leg.status in unreached else CallStatus.NO_ANSWER))
        if not self._legs:
            self._finish(self._common_result())

    def _common_result(self) -> str:
        results = {status for _, status in self._results}
        for status in (CallStatus.NO_ANSWER, CallStatus.BUSY):
            if status in results:
                return status.value
        return CallStatus.FAILED.value

    def _let_go(self, keep: Call | None) -> None:
        if self._limit is not None:
            self._limit.cancel()
        for leg in [leg for leg in self._legs if leg is not keep]:
            self._legs.remove(leg)
            self._exchange.end(leg, CallStatus.COMPLETED if leg.talking else CallStatus.CANCELED)

    def _finish(self, status: str) -> None:
        if self._over:
            return
        self._over = True
        bridged = self._bridged
        self._let_go(keep=None)
        self._bridged = None
        last = bridged or (self._results[-1][0] if self._results else None)
        result = {"DialCallStatus": status, "DialBridged": "true" if bridged else "false"}
        if last is not None:
            result["DialCallSid"] = last.sid
        if bridged is not None:
            result["DialCallDuration"] = str(self._exchange.seconds_so_far(bridged))
        self._done(self._verb, result)


class CalledLeg(Activity):
    """The called side of a Dial, before its screening and while it is joined to the caller."""

    def __init__(self, dial: DialNumbers, leg: Call) -> None:
        self._dial = dial
        self._leg = leg

    def start(self) -> None:
        """Nothing to do: it is on the line."""

    def stop(self) -> None:
        """The Dial hears of it as of a leg that was taken away."""

    def leg_gone(self) -> None:
        """The Dial hears of it by the call's own end."""

    def partners(self) -> tuple[Call, ...]:
        joined = self._leg in self._dial.partners()
        return (self._dial.caller,) if joined else ()
