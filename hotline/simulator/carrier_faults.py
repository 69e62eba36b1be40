"""What can be made to go wrong, on the REST API's creates and on the webhooks."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass
from typing import Literal

from hotline.simulator.history import Kind

Resource = Literal["calls", "messages"]
RestAction = Literal["drop_before", "drop_after", "time_out_after", "delay", "error"]
WebAction = Literal["duplicate", "duplicate_later", "lose", "unreachable", "late", "slow", "slow_answer"]
STATUS_KINDS = frozenset({"status", "machine", "conference", "sms-status"})


@dataclass
class RestFault:
    """Befalls the next `times` creates of `resource` (None: of either)."""

    action: RestAction
    resource: Resource | None
    times: int
    seconds: float = 0.0
    status: int = 0
    created: bool = False


@dataclass
class WebFault:
    """Befalls the next `times` webhooks of `kind` (None: any) whose URL contains `url_part`."""

    action: WebAction
    kind: Kind | None
    url_part: str
    times: int
    copies: int = 0
    seconds: float = 0.0

    def fits(self, kind: Kind, url: str) -> bool:
        return self.kind in (None, kind) and self.url_part in url


class Faults:
    """Rules, each used up after so many times; the oldest rule that fits comes first."""

    def __init__(self) -> None:
        self.every_webhook_twice = False
        self.concurrently = False
        self.no_fetches: int | None = None
        self.no_lists: int | None = None
        self._late_redirects: list[float] = []
        self.rest: list[RestFault] = []
        self.web: list[WebFault] = []
        self._lock = threading.Lock()
        self._released = threading.Event()
        self._shuffle: random.Random | None = None
        self._spread = 0.0

    # -- REST creates ---------------------------------------------------------------------------------

    def drop_before(self, resource: Resource | None = None, times: int = 1) -> None:
        """The connection breaks before anything was created."""
        self._rest(RestFault("drop_before", resource, times))

    def drop_after(self, resource: Resource | None = None, times: int = 1) -> None:
        """It is created, then the connection breaks."""
        self._rest(RestFault("drop_after", resource, times))

    def time_out_after(self, resource: Resource | None = None, times: int = 1) -> None:
        """It is created, but the answer never comes (over HTTP: until `release()`)."""
        self._rest(RestFault("time_out_after", resource, times))

    def delay(
        self, seconds: float, resource: Resource | None = None, times: int = 1, *, created: bool = True
    ) -> None:
        """The answer is held for `seconds`, or until `release()`; before creating if not `created`."""
        self._rest(RestFault("delay", resource, times, seconds=seconds, created=created))

    def error(
        self, status: int, resource: Resource | None = None, times: int = 1, *, created: bool = False
    ) -> None:
        """The answer is this HTTP status; with `created`, after the thing was created all the same."""
        self._rest(RestFault("error", resource, times, status=status, created=created))

    def fetches_fail(self, status: int | None = None) -> None:
        """From now on whoever asks after one call gets this HTTP status, or (None) no answer in time."""
        self.no_fetches = status or 0

    def lists_fail(self, status: int | None = None) -> None:
        """From now on whoever lists calls or messages gets this HTTP status, or (None) no answer in time."""
        self.no_lists = status or 0

    def redirect_late(self, seconds: float, times: int = 1) -> None:
        """The next redirects of calls are answered at once, and carried out so many seconds later."""
        with self._lock:
            self._late_redirects += [seconds] * times

    def lateness_of_redirect(self) -> float:
        """Seconds that this redirect is to be held up; the rule is used up by one."""
        with self._lock:
            return self._late_redirects.pop(0) if self._late_redirects else 0.0

    def release(self) -> None:
        """Let go of every held answer."""
        self._released.set()
        with self._lock:
            self._released = threading.Event()

    def hold(self, seconds: float | None) -> None:
        """Wait in real time for `release()`, at most `seconds` (None: for ten minutes)."""
        with self._lock:
            released = self._released
        released.wait(600.0 if seconds is None else seconds)

    def for_create(self, resource: Resource) -> RestFault | None:
        """The rule that befalls this create; it is used up by one."""
        with self._lock:
            for rule in self.rest:
                if rule.times > 0 and rule.resource in (None, resource):
                    rule.times -= 1
                    return rule
        return None

    # -- webhooks -------------------------------------------------------------------------------------

    def duplicate(self, n: int = 1, kind: Kind | None = None, url_part: str = "", times: int = 1) -> None:
        """Post the same webhook `n` more times at once; only the last answer is used."""
        self._web(WebFault("duplicate", kind, url_part, times, copies=n))

    def duplicate_later(
        self, seconds: float, kind: Kind | None = None, url_part: str = "", times: int = 1
    ) -> None:
        """Post the same webhook again `seconds` later; that answer is compared and otherwise ignored."""
        self._web(WebFault("duplicate_later", kind, url_part, times, seconds=seconds))

    def lose(self, kind: Kind | None = None, url_part: str = "", times: int = 1) -> None:
        """The webhook never reaches the application and isn't tried again; a caller gets the fallback."""
        self._web(WebFault("lose", kind, url_part, times))

    def unreachable(self, kind: Kind | None = None, url_part: str = "", times: int = 1) -> None:
        """One attempt finds no connection; the retry policy applies."""
        self._web(WebFault("unreachable", kind, url_part, times))

    def late(self, kind: Kind | None = None, url_part: str = "", times: int = 1) -> None:
        """One attempt reaches the application, but its answer comes after the read time-out."""
        self._web(WebFault("late", kind, url_part, times))

    def slow(self, seconds: float, kind: Kind | None = None, url_part: str = "", times: int = 1) -> None:
        """The webhook takes so many seconds to reach the application."""
        self._web(WebFault("slow", kind, url_part, times, seconds=seconds))

    def slow_answer(
        self, seconds: float, kind: Kind | None = None, url_part: str = "", times: int = 1
    ) -> None:
        """The webhook reaches the application at once, and its answer takes so many seconds to come back."""
        self._web(WebFault("slow_answer", kind, url_part, times, seconds=seconds))

    def reorder(self, seed: int = 0, spread: float = 5.0) -> None:
        """From now on each status callback is held back a random time, up to `spread` seconds."""
        self._shuffle = random.Random(seed)  # noqa: S311 - shuffles, guards nothing
        self._spread = spread

    def held_back(self, kind: Kind) -> float:
        """Seconds that this webhook is to be held back."""
        if self._shuffle is None or kind not in STATUS_KINDS:
            return 0.0
        return self._shuffle.uniform(0.0, self._spread)

    def for_webhook(self, kind: Kind, url: str, *actions: WebAction) -> WebFault | None:
        """The rule among `actions` that befalls this webhook; it is used up by one."""
        with self._lock:
            for rule in self.web:
                if rule.times > 0 and rule.action in actions and rule.fits(kind, url):
                    rule.times -= 1
                    return rule
        return None

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        with self._lock:
            self.rest.clear()
            self.web.clear()
        self.every_webhook_twice = self.concurrently = False
        self._shuffle = None
        self.no_fetches = self.no_lists = None
        self._late_redirects.clear()
        self.release()

    def _rest(self, rule: RestFault) -> None:
        with self._lock:
            self.rest.append(rule)

    def _web(self, rule: WebFault) -> None:
        with self._lock:
            self.web.append(rule)
