"""Threads of one process take turns at the single writer."""

from __future__ import annotations

import threading
from time import monotonic, sleep

from hotline.store.database.fair_lock import FairLock


def test_threads_pass_one_at_a_time_and_in_the_order_in_which_they_came() -> None:
    """Nobody overtakes."""
    fair_lock, passed = FairLock(), list[int]()
    assert fair_lock.enter(1)

    def pass_through(number: int) -> None:
        if fair_lock.enter(5):
            passed.append(number)
            fair_lock.leave()

    threads = [threading.Thread(target=pass_through, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
        sleep(0.01)
    fair_lock.leave()
    for thread in threads:
        thread.join()
    assert passed == list(range(8))


def test_nobody_waits_longer_than_told_and_whoever_gives_up_blocks_nobody() -> None:
    """A turn that did not come in time is given to the next."""
    fair_lock = FairLock()
    assert fair_lock.enter(1)
    began = monotonic()
    assert not fair_lock.enter(0.05)
    assert monotonic() - began < 1
    fair_lock.leave()
    assert fair_lock.enter(0)
    fair_lock.leave()


def test_whose_time_is_over_may_wait_on_in_the_same_place() -> None:
    """If it is seen that the line moves: nobody who came later is before them."""
    fair_lock, passed = FairLock(), list[str]()
    assert fair_lock.enter(1)
    asked = threading.Event()

    def more() -> float:
        asked.set()
        return 5.0

    def first() -> None:
        if fair_lock.enter(0.01, more):
            passed.append("first")
            fair_lock.leave()

    def second() -> None:
        if fair_lock.enter(5):
            passed.append("second")
            fair_lock.leave()

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    threads[0].start()
    assert asked.wait(5)
    threads[1].start()
    fair_lock.leave()
    for thread in threads:
        thread.join()
    assert passed == ["first", "second"]
