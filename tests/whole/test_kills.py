"""The whole house, killed piece by piece while somebody calls: real processes, a real Redis, real time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.whole.demo import LINE, Demo, demo, eventually

pytestmark = pytest.mark.process

MIA, TOM, ZOE = "+16175550150", "+16175550151", "+16175550177"
ANA, BEN, CHLOE, DAN = "+16175550101", "+16175550102", "+16175550103", "+16175550104"


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One demo for all of these: whoever is killed must be up again for the next story."""
    home: Path = tmp_path_factory.mktemp("whole")
    with demo(home, 8610) as running:
        yield running


@pytest.mark.proof
def test_redis_is_killed_between_the_call_and_the_answer(application: Demo) -> None:
    """A caller presses 2, Redis dies, a staff phone rings all the same, and they talk."""
    application.does(MIA, "calls", to=LINE)
    eventually(lambda: application.heard(MIA, "For treatment, press 2"), "the menu is heard")
    application.kill_redis()
    application.does(MIA, "presses", keys="2")
    eventually(lambda: application.rings(BEN), "Ben's phone rings", 10)
    application.does(BEN, "answer")
    eventually(lambda: application.heard(BEN, "Press 1 to connect"), "Ben is asked for a key")
    application.does(BEN, "presses", keys="1")
    eventually(lambda: application.talk(MIA, BEN), "they talk", 15)
    application.does(MIA, "hangs_up")
    eventually(lambda: application.heard(BEN, "How did it end"), "Ben is asked how it ended")
    application.does(BEN, "presses", keys="1")
    eventually(lambda: application.heard(BEN, "Saved"), "it is saved")
    eventually(application.ready, "Redis is back, and all is well")


def test_an_emergency_page_leaves_within_5_s_without_redis_and_workers(application: Demo) -> None:
    """Redis and both workers are killed the moment before key 1: the clinicians' phones ring all the same."""
    application.does(TOM, "calls", to=LINE)
    eventually(lambda: application.heard(TOM, "For an emergency, press 1"), "the menu is heard")
    application.kill_redis()
    application.kill("workers emergency")
    application.kill("workers urgent")
    application.does(TOM, "presses", keys="1")
    eventually(lambda: application.rings(CHLOE) and application.rings(DAN), "the clinicians' phones ring", 8)
    application.does(CHLOE, "answer")
    eventually(lambda: application.heard(CHLOE, "Emergency waiting"), "Chloe is told")
    application.does(CHLOE, "presses", keys="1")
    eventually(lambda: application.talk(TOM, CHLOE), "they talk", 15)
    application.does(TOM, "hangs_up")
    eventually(lambda: application.heard(CHLOE, "Is this emergency closed"), "Chloe is asked")
    application.does(CHLOE, "presses", keys="1")
    eventually(application.ready, "everything is back", 40)


def test_the_web_is_killed_while_a_caller_holds(application: Demo) -> None:
    """Every web process dies in the middle of a hold: live or by a callback, the caller still talks with a human."""
    application.joins(ZOE)
    application.does(ZOE, "calls", to=LINE)
    eventually(lambda: application.heard(ZOE, "press 3"), "the menu is heard")
    application.does(ZOE, "presses", keys="3")
    eventually(lambda: application.rings(ANA), "Ana's phone rings", 10)
    application.kill("gunicorn")
    eventually(application.ready, "the web is back", 20)
    eventually(lambda: _both_do_what_they_are_asked(application), "they talk", 150)
    application.does(ZOE, "hangs_up")


def _both_do_what_they_are_asked(application: Demo) -> bool:
    """Two patient people: they pick up what rings, and press 1 when they are asked to."""
    for number, question in ((ANA, "Press 1"), (ZOE, "You asked for a call. Press 1")):
        if application.rings(number):
            application.does(number, "answer")
        elif question in str(application.phone(number)["hears_now"]):
            application.does(number, "presses", keys="1")
    return application.talk(ZOE, ANA)
