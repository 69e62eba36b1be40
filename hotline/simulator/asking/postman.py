"""Posting webhooks: signed, within Twilio's patience, tried again as the URL's overrides say."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from hotline.simulator.agenda import Act
from hotline.simulator.asking.overrides import BadOverride, Overrides, Trouble, overrides_of, without_fragment
from hotline.simulator.asking.signing import sign, signed_url
from hotline.simulator.asking.web import WebReply, WebTimeout, WebUnreachable
from hotline.simulator.history import DifferingAnswer, Kind, PostedWebhook
from hotline.simulator.kernel import Kernel

HTTP_FAILURE, CONNECTION_FAILURE, BAD_URL = 11200, 11205, 11100
VOICE_KINDS = frozenset({"voice", "wait", "status", "machine", "conference", "partial"})


@dataclass(frozen=True)
class Webhook:
    """One thing the application is to be told or asked; `url` still carries its overrides."""

    kind: Kind
    url: str
    params: Mapping[str, str]
    sid: str


@dataclass(frozen=True)
class Failure:
    """No usable answer, in the end: Twilio's error code and why."""

    code: int
    why: str


Outcome = WebReply | Failure
Then = Callable[[Outcome], None]


def ignore(outcome: Outcome) -> None:
    """For those who only tell and don't ask."""


class Postman:
    """Takes webhooks under the engine's lock and posts them later, outside of it."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel

    def post(self, webhook: Webhook, then: Then = ignore) -> None:
        """Post as soon as the agenda runs; `then` gets the final outcome, under the lock."""
        if not webhook.url.startswith(("http://", "https://")):
            self._refuse(webhook, then, f"{webhook.url!r} is not an absolute http(s) URL")
            return
        try:
            overrides = overrides_of(webhook.url)
        except BadOverride as error:
            self._refuse(webhook, then, str(error))
            return
        _Delivery(self._kernel, webhook, overrides, then).begin()

    def _refuse(self, webhook: Webhook, then: Then, why: str) -> None:
        self._kernel.violation(webhook.sid, webhook.url, why)
        self._kernel.after(0, lambda: then(Failure(BAD_URL, why)))


@dataclass(frozen=True)
class _Attempt:
    """What one post came to: a reply, or the kind of trouble."""

    reply: WebReply | None
    trouble: Trouble | None
    why: str
    latency: float


class _Delivery:
    """One webhook on its way, with its retries and its duplicates."""

    def __init__(self, kernel: Kernel, webhook: Webhook, overrides: Overrides, then: Then) -> None:
        self._kernel = kernel
        self._webhook = webhook
        self._overrides = overrides
        self._then = then
        self._address = without_fragment(webhook.url)
        self._token = str(uuid.uuid4())
        self._params = {**kernel.extra_parameters, **webhook.params}
        self._attempt = 0
        self._posted_at = kernel.now()
        self._spent = 0.0
        self._copies = 0
        self._repeat_after: float | None = None

    def begin(self) -> None:
        kind, faults = self._webhook.kind, self._kernel.faults
        if self._address in self._kernel.bins:  # nothing has to travel
            self._schedule(0.0)
            return
        fault = faults.for_webhook(kind, self._address, "lose", "duplicate", "duplicate_later")
        if fault is not None and fault.action == "lose":
            self._write(_Attempt(None, "ct", "lost on the way", 0.0), copy=False)
            self._kernel.after(0, lambda: self._then(Failure(CONNECTION_FAILURE, "lost on the way")))
            return
        if fault is not None and fault.action == "duplicate":
            self._copies = fault.copies
        if fault is not None and fault.action == "duplicate_later":
            self._repeat_after = fault.seconds
        slow = faults.for_webhook(kind, self._address, "slow")
        self._schedule(faults.held_back(kind) + (slow.seconds if slow else 0.0))

    def _schedule(self, seconds: float) -> None:
        self._posted_at = self._kernel.now() + timedelta(seconds=seconds)
        self._kernel.agenda.errand(self._posted_at, self._try)

    def _try(self) -> Act:
        """Without the lock: post once, with all the copies asked for."""
        self._attempt += 1
        faults, kind = self._kernel.faults, self._webhook.kind
        twice = 1 if faults.every_webhook_twice else 0
        attempts = self._post_copies(1 + max(self._copies, twice), faults.concurrently)
        if faults.for_webhook(kind, self._address, "late"):
            attempts[-1] = _Attempt(None, "rt", "the answer came too late", attempts[-1].latency)
        return lambda: self._settle(attempts)

    def _post_copies(self, n: int, concurrently: bool) -> list[_Attempt]:
        fault = self._kernel.faults.for_webhook(self._webhook.kind, self._address, "unreachable")
        if fault is not None:
            return [_Attempt(None, "ct", "no connection", 0.0)]
        if n == 1 or not concurrently:
            return [self._post_once() for _ in range(n)]
        with ThreadPoolExecutor(max_workers=n) as together:
            return [waiting.result() for waiting in [together.submit(self._post_once) for _ in range(n)]]

    def _post_once(self) -> _Attempt:
        began = time.perf_counter()
        reply, trouble, why = self._ask()
        return _Attempt(reply, trouble, why, time.perf_counter() - began)

    def _ask(self) -> tuple[WebReply | None, Trouble | None, str]:
        document = self._kernel.bins.get(self._address)
        if document is not None:
            return WebReply(200, {"content-type": "text/xml"}, document), None, ""
        patience = self._overrides.patience(self._spent)
        try:
            reply = self._kernel.web.post(self._address, self._headers(), urlencode(self._params), patience)
        except WebTimeout as error:
            return None, "rt", str(error) or "no answer in time"
        except WebUnreachable as error:
            return None, "ct", str(error) or "no connection"
        if reply.status < 300:
            return reply, None, ""
        return reply, "4xx" if reply.status < 500 else "5xx", f"HTTP status {reply.status}"

    def _headers(self) -> dict[str, str]:
        voice = self._webhook.kind in VOICE_KINDS
        url = signed_url(self._address, voice=voice)
        return {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "Accept": "*/*",
            "User-Agent": "TwilioProxy/1.1",
            "X-Twilio-Signature": sign(self._kernel.auth_token, url, self._params),
            "I-Twilio-Idempotency-Token": self._token,
        }

    def _settle(self, attempts: list[_Attempt]) -> None:
        """With the lock: write down what came, then finish or plan the next attempt."""
        last = attempts[-1]
        for attempt in attempts:
            self._write(attempt, copy=attempt is not last)
        self._compare([attempt.reply for attempt in attempts])
        waited = float(self._overrides.patience(self._spent)) if last.trouble == "rt" else last.latency
        self._spent += waited
        again = last.trouble is not None and self._overrides.retries_after(last.trouble)
        if again and self._attempt <= self._overrides.retries and self._spent < self._overrides.total:
            self._schedule(self._still_to_wait(last, waited))
        elif last.trouble == "rt":
            self._kernel.after(self._still_to_wait(last, waited), lambda: self._finish(last))
        else:
            self._finish(last)

    def _still_to_wait(self, last: _Attempt, waited: float) -> float:
        """Seconds by which the engine's clock lags behind the time-out: all of it where time is simulated."""
        if last.trouble != "rt":
            return 0.0
        passed = (self._kernel.now() - self._posted_at).total_seconds()
        return max(waited - passed, 0.0)

    def _finish(self, last: _Attempt) -> None:
        if self._repeat_after is not None:
            due = self._kernel.now() + timedelta(seconds=self._repeat_after)
            self._kernel.agenda.errand(due, lambda: self._repeat(last.reply))
        if last.trouble is None and last.reply is not None:
            self._arrive(last.reply)
        else:
            code = CONNECTION_FAILURE if last.trouble == "ct" else HTTP_FAILURE
            self._then(Failure(code, last.why))

    def _arrive(self, reply: WebReply) -> None:
        slow = self._kernel.faults.for_webhook(self._webhook.kind, self._address, "slow_answer")
        if slow is None:
            self._then(reply)
        else:
            self._kernel.after(slow.seconds, lambda: self._then(reply))

    def _repeat(self, first: WebReply | None) -> Act:
        """Without the lock: the late duplicate."""
        self._spent = 0.0
        again = self._post_once()

        def taken_in() -> None:
            self._write(again, copy=True)
            self._compare([first, again.reply])

        return taken_in

    def _compare(self, replies: list[WebReply | None]) -> None:
        answers = [(reply.status, reply.body) for reply in replies if reply is not None]
        for again in answers[1:]:
            if again != answers[0]:
                differing = DifferingAnswer(self._address, self._webhook.sid, answers[0], again)
                self._kernel.ledger.differing_answers.append(differing)

    def _write(self, attempt: _Attempt, *, copy: bool) -> None:
        reply = attempt.reply
        self._kernel.ledger.webhooks.append(
            PostedWebhook(
                at=self._kernel.now(),
                kind=self._webhook.kind,
                url=self._webhook.url,
                params=self._params,
                sid=self._webhook.sid,
                token=self._token,
                attempt=self._attempt,
                status=reply.status if reply else None,
                body=reply.body if reply else "",
                error=attempt.why if attempt.trouble else None,
                latency=attempt.latency,
                copy=copy,
            )
        )
