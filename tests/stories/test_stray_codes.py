"""A code is for the phone that it was given to: from another one nothing is done by it, and supervisors are told."""

from __future__ import annotations

from hotline.model import AuditAction
from hotline.operations.by_text import misdirected
from hotline.store.cases import pages
from hotline.store.cases.pages import PageRow
from hotline.store.people import stray_codes
from hotline.store.upkeep import tallies
from tests.observed import audit_trail
from tests.operations.texting import MENU, code_of, writes
from tests.stories.records import emergencies
from tests.stories.world import CLEO, DEV, SUE, World

TOLD = "a code that was given to Dev came by text from"


def told(world: World) -> int:
    """How often Sue was told of Dev's code."""
    return sum(TOLD in one for one in world.texts_to(SUE))


def test_a_colleagues_code_is_refused_and_told_once_an_hour(world: World) -> None:
    """Cleo is told so; Sue reads whose code came from whose phone, and it stands on her board until she has seen it."""
    writes(world.mia, "he is not breathing")
    code = code_of(world.dev)
    assert "was not given to this phone. Nothing is done" in (writes(world.cleo, code) or "")
    world.sue.reads(f"{TOLD} the phone of Cleo. Nothing was done.")
    (row,) = emergencies(world)
    assert row.escalation.coming == frozenset()
    writes(world.cleo, f"on it {code}", f"DONE {code}")
    assert told(world) == 1
    (one,) = world.look(lambda tx: stray_codes.unseen(tx.tx))
    assert (one.given_to, one.sent_by, one.times) == (world.staff_id(DEV), world.staff_id(CLEO), 3)
    world.leaps(minutes=61)
    writes(world.cleo, code)
    world.passes(5)
    assert told(world) == 2
    assert world.change(lambda tx: misdirected.seen_to(tx, one.id, world.staff_id(SUE)))
    assert world.look(lambda tx: stray_codes.unseen(tx.tx)) == []
    actions = [one.action for one in world.look(lambda tx: audit_trail(tx.tx))]
    assert actions.count(AuditAction.CODE_MISDIRECTED) == 4
    assert actions.count(AuditAction.CODE_SEEN_TO) == 1


def test_a_code_from_a_phone_of_nobody_here_is_told_and_its_owner_is_a_caller(world: World) -> None:
    """A stranger learns nothing from the answer: it is everybody's."""
    writes(world.mia, "he is not breathing")
    code = code_of(world.dev)
    stranger = world.person("+16175550143")
    assert MENU in (writes(stranger, code) or "") or "A person will read your text" in stranger.last_text
    world.sue.reads(f"{TOLD} a phone that nobody here has. Nothing was done.")
    (row,) = emergencies(world)
    assert row.escalation.coming == frozenset()


def test_codes_that_nobody_was_given_are_counted_and_several_are_told(world: World) -> None:
    """One is a slip of the finger. A caller's six digits are none of these."""
    writes(world.mia, "he is not breathing")
    world.cleo.reads("Code ")
    theirs = {one.reference for one in _pages(world)}
    wrong = [
        one for one in ("100001", "100002", "100003", "100004", "100005", "100006") if one not in theirs
    ][:5]
    for code in wrong[:4]:
        assert "nothing of yours is open under that code" in (writes(world.cleo, code) or "")
    assert not world.sue.has_read("codes that nobody was given")
    writes(world.cleo, wrong[4])
    world.sue.reads("5 codes that nobody was given came by text from the phone of Cleo.")
    writes(world.person("+16175550143"), wrong[0])
    counted = world.look(lambda tx: tallies.every(tx.tx))
    assert counted[AuditAction.CODE_UNKNOWN] == 5


def _pages(world: World) -> list[PageRow]:
    (row,) = emergencies(world)
    found: list[PageRow] = world.look(lambda tx: pages.of_escalation(tx.tx, row.escalation.id))
    return found
