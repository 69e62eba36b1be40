"""What stands before several machines: it asks each in its turn, and the next one where one gives no answer.

As `deploy/proxy/nginx.conf` does for what Twilio asks; but here it is known who was asked.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hotline.simulator import HttpWeb
from hotline.simulator.asking.web import WebReply, WebUnreachable
from tests.chaos.application import Machine

_NEXT = frozenset({502, 503})


@dataclass
class Front:
    """The carrier's way to them."""

    machines: Sequence[Machine] = ()
    base: str = ""
    """The address that the world knows."""
    answered: list[tuple[str, str]] = field(default_factory=list)
    """Each request that was answered: its body, and by which machine."""
    passed_on: int = 0
    """How often one gave no answer, and the next one was asked."""
    _turns: itertools.count[int] = field(default_factory=itertools.count)
    _ways: dict[str, HttpWeb] = field(default_factory=dict)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def post(self, url: str, headers: Mapping[str, str], body: str, timeout: float) -> WebReply:
        """As the simulator's own way. Raises WebTimeout or WebUnreachable."""
        if not url.startswith(self.base):
            return self._way("").post(url, headers, body, timeout)
        turn = next(self._turns)
        order = [self.machines[(turn + n) % len(self.machines)] for n in range(len(self.machines))]
        reply = None
        for one in order:
            try:
                reply = self._way(one.name, one.base).post(url, headers, body, timeout)
            except WebUnreachable:
                self.passed_on += 1
                continue
            if reply.status not in _NEXT:
                self.answered.append((body, one.name))
                return reply
            self.passed_on += 1
        if reply is None:
            raise WebUnreachable("none of them is there")
        return reply

    def _way(self, name: str, real: str = "") -> HttpWeb:
        with self._guard:
            if name not in self._ways:
                self._ways[name] = HttpWeb({self.base: real} if real else None)
            return self._ways[name]
