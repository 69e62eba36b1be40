"""Signed webhooks over real HTTP, and how long each took."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from statistics import quantiles
from urllib.parse import urlencode, urlsplit

from twilio.request_validator import RequestValidator

_local = threading.local()


class Knocker:
    """Posts as Twilio does: signed, over kept-alive connections."""

    def __init__(self, base: str, token: str) -> None:
        self.base = base
        self._validator = RequestValidator(token)
        self._host = urlsplit(base).netloc

    def post(self, path: str, form: dict[str, str]) -> tuple[float, str]:
        """Seconds that the answer took, and the answer. Raises RuntimeError unless it is 200."""
        signature = self._validator.compute_signature(f"{self.base}{path}", form)
        headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode(form)
        began = time.perf_counter()
        status, answer = self._ask(path, body, headers)
        took = time.perf_counter() - began
        if status != 200:
            raise RuntimeError(f"{path} was answered with {status}")
        return took, answer

    def _ask(self, path: str, body: str, headers: dict[str, str]) -> tuple[int, str]:
        for last in (False, True):
            connection = getattr(_local, self._host, None)
            if connection is None:
                connection = http.client.HTTPConnection(self._host, timeout=15)
                setattr(_local, self._host, connection)
            try:
                connection.request("POST", path, body, headers)
                response = connection.getresponse()
                return response.status, response.read().decode()
            except (http.client.HTTPException, OSError):
                connection.close()
                setattr(_local, self._host, None)
                if last:
                    raise
        raise AssertionError("unreachable")


def flat_out(work: Callable[[int], float], seconds: float, hands: int) -> tuple[float, list[float]]:
    """As many as `hands` threads can do, for so long: how many a second, and how long each took."""
    until = time.perf_counter() + seconds
    took: list[float] = []
    numbers = iter(range(10**9))
    guard = threading.Lock()

    def hand() -> None:
        while time.perf_counter() < until:
            with guard:
                number = next(numbers)
            one = work(number)
            with guard:
                took.append(one)

    began = time.perf_counter()
    with ThreadPoolExecutor(hands) as pool:
        for done in [pool.submit(hand) for _ in range(hands)]:
            done.result()
    return len(took) / (time.perf_counter() - began), took


def at_rate(work: Callable[[int], float], rate: float, seconds: float) -> list[float]:
    """So many a second, whether or not the earlier ones are done; how long each took from its appointed time."""
    took: list[float] = []
    guard = threading.Lock()

    def one(number: int, appointed: float) -> None:
        work(number)
        with guard:
            took.append(time.perf_counter() - appointed)

    with ThreadPoolExecutor(64) as pool:
        for number, appointed in enumerate(_appointments(rate, seconds)):
            time.sleep(max(0.0, appointed - time.perf_counter()))
            pool.submit(one, number, appointed)
    return took


def _appointments(rate: float, seconds: float) -> Iterator[float]:
    began = time.perf_counter()
    for number in range(int(rate * seconds)):
        yield began + number / rate


def p(percent: int, took: list[float]) -> float:
    """A percentile, in milliseconds."""
    return quantiles(took, n=100, method="inclusive")[percent - 1] * 1000
