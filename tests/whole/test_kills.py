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
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One demo for all of these: whoever is killed must be up again for the next story."""
    home: Path = tmp_path_factory.mktemp("whole")
    with demo(home, 8610) as running:
        yield running


def test_redis_is_killed_between_the_call_and_the_answer(house: Demo) -> None:
    """A caller presses 2, Redis dies, a staff phone rings all the same, and they talk."""
    house.does(MIA, "calls", to=LINE)
    eventually(lambda: house.heard(MIA, "For treatment, press 2"), "the menu is heard")
    house.kill_redis()
    house.does(MIA, "presses", keys="2")
    eventually(lambda: house.rings(BEN), "Ben's phone rings", 10)
    house.does(BEN, "answer")
    eventually(lambda: house.heard(BEN, "Press 1 to connect"), "Ben is asked for a key")
    house.does(BEN, "presses", keys="1")
    eventually(lambda: house.talk(MIA, BEN), "they talk", 15)
    house.does(MIA, "hangs_up")
    eventually(lambda: house.heard(BEN, "How did it end"), "Ben is asked how it ended")
    house.does(BEN, "presses", keys="1")
    eventually(lambda: house.heard(BEN, "Saved"), "it is saved")
    eventually(house.ready, "Redis is back, and all is well")


def test_an_emergency_page_leaves_within_5_s_without_redis_and_workers(house: Demo) -> None:
    """Redis and both workers are killed the moment before key 1: the clinicians' phones ring all the same."""
    house.does(TOM, "calls", to=LINE)
    eventually(lambda: house.heard(TOM, "For an emergency, press 1"), "the menu is heard")
    house.kill_redis()
    house.kill("workers emergency")
    house.kill("workers urgent")
    house.does(TOM, "presses", keys="1")
    eventually(lambda: house.rings(CHLOE) and house.rings(DAN), "the clinicians' phones ring", 8)
    house.does(CHLOE, "answer")
    eventually(lambda: house.heard(CHLOE, "Emergency waiting"), "Chloe is told")
    house.does(CHLOE, "presses", keys="1")
    eventually(lambda: house.talk(TOM, CHLOE), "they talk", 15)
    house.does(TOM, "hangs_up")
    eventually(lambda: house.heard(CHLOE, "Is this emergency closed"), "Chloe is asked")
    house.does(CHLOE, "presses", keys="1")
    eventually(house.ready, "everything is back", 40)


def test_the_web_is_killed_while_a_caller_holds(house: Demo) -> None:
    """Every web process dies in the middle of a hold: live or by a callback, the caller still talks with a human."""
    house.joins(ZOE)
    house.does(ZOE, "calls", to=LINE)
    eventually(lambda: house.heard(ZOE, "press 3"), "the menu is heard")
    house.does(ZOE, "presses", keys="3")
    eventually(lambda: house.rings(ANA), "Ana's phone rings", 10)
    house.kill("gunicorn")
    eventually(house.ready, "the web is back", 20)
    eventually(lambda: _both_do_what_they_are_asked(house), "they talk", 150)
    house.does(ZOE, "hangs_up")


def _both_do_what_they_are_asked(house: Demo) -> bool:
    """Two patient people: they pick up what rings, and press 1 when they are asked to."""
    for number, question in ((ANA, "Press 1"), (ZOE, "You asked for a call. Press 1")):
        if house.rings(number):
            house.does(number, "answer")
        elif question in str(house.phone(number)["hears_now"]):
            house.does(number, "presses", keys="1")
    return house.talk(ZOE, ANA)
