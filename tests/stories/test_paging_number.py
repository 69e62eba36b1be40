"""Staff are rung from a number of its own, which callers never see; what they answer to it is heard as ever."""

from __future__ import annotations

import pytest

from hotline.operations.at_work import contact_card
from hotline.simulator import Behaviour
from tests.operations.texting import code_of
from tests.stories.centre import CENTRE
from tests.stories.conftest import Building
from tests.stories.world import CLEO, LINE, MIA, World, has_number

PAGER = "+16175550122"


@pytest.fixture
def paged(building: Building) -> World:
    world = building(centre=f'{CENTRE}paging_number = "{PAGER}"\n')
    has_number(world.sim, PAGER)
    return world


def test_pages_come_from_it_and_calls_to_callers_do_not(paged: World) -> None:
    """A text to it is an answer like any other."""
    world = paged
    world.mia.calls().presses("1")
    assert {call.from_ for call in world.calls_to(CLEO)} == {PAGER}
    assert {text.from_ for text in world.sim.messages if text.to == CLEO} == {PAGER}
    code = code_of(world.cleo)
    world.cleo.texts(code, to=PAGER).reads(f"{code}: your phone rings now")
    world.mia.hangs_up()
    world.cleo.answers(within=30).presses("1")
    world.until(lambda: bool(world.calls_to(MIA)), within=200)
    assert {call.from_ for call in world.calls_to(MIA)} == {LINE}


def test_a_caller_s_own_leg_rings_staff_from_it_too(paged: World) -> None:
    """They let exactly that one through at night."""
    world = paged
    world.phones(Behaviour.IGNORES, *world.staff)
    world.mia.calls().presses("1")
    world.passes(75)
    assert {call.from_ for call in world.calls_to(CLEO)} == {PAGER}


def test_the_card_has_every_number_that_may_ring(paged: World) -> None:
    """The paging number first."""
    line = paged.here.application.settings.centre.line
    card = contact_card.of(line)
    assert [one.partition(":")[2] for one in card.split("\r\n") if one.startswith("TEL")] == [PAGER, LINE]
    assert "FN:Care Line" in card
    assert contact_card.svg(line).startswith("<svg")
