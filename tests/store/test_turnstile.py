"""Threads of one process take turns at the single writer."""

from __future__ import annotations

import threading
from time import monotonic, sleep

from hotline.store.turnstile import Turnstile


def test_threads_pass_one_at_a_time_and_in_the_order_in_which_they_came() -> None:
    """Nobody overtakes."""
    turnstile, passed = Turnstile(), list[int]()
    assert turnstile.enter(1)

    def pass_through(number: int) -> None:
        if turnstile.enter(5):
            passed.append(number)
            turnstile.leave()

    threads = [threading.Thread(target=pass_through, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
        sleep(0.01)
    turnstile.leave()
    for thread in threads:
        thread.join()
    assert passed == list(range(8))


def test_nobody_waits_longer_than_told_and_whoever_gives_up_blocks_nobody() -> None:
    """A turn that did not come in time is given to the next."""
    turnstile = Turnstile()
    assert turnstile.enter(1)
    began = monotonic()
    assert not turnstile.enter(0.05)
    assert monotonic() - began < 1
    turnstile.leave()
    assert turnstile.enter(0)
    turnstile.leave()
