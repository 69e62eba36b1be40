"""Referred, by key 5: a key names nobody. Whoever pressed it is asked on the board to whom, until they have said it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hotline.model import AuditKind, Line, Outcome, TimelineWord
from hotline.operations.callbacks import booking
from hotline.operations.console import live_talks
from hotline.operations.console.what_follows import UnnamedReferral
from hotline.operations.transaction import Transaction
from hotline.simulator import Behaviour
from hotline.store.cases import intakes, timeline
from hotline.store.cases.intakes import ReferralRow
from hotline.store.database.periods import Period
from hotline.store.people import audit
from hotline.store.reports import referral_log
from hotline.store.reports.referral_log import LoggedReferral
from tests.stories.records import contact_of
from tests.stories.world import ANA, BEN, World

DAYS = timedelta(days=3)


@pytest.fixture
def referred(world: World) -> World:
    """Mia and Ben have talked, and Ben has pressed 5."""
    world.phones(Behaviour.OFF, world.ana)
    world.mia.calls().presses("2")
    world.ben.answers().presses("1").meets(world.mia)
    world.passes(40)
    world.mia.hangs_up()
    world.ben.hears("How did it end").presses("5").hears("Saved")
    world.passes(3)
    return world


def asked(world: World, who: str = BEN) -> tuple[UnnamedReferral, ...]:
    return world.board(who).unnamed


def kept(world: World) -> ReferralRow:
    """The one that stands."""
    contact = contact_of(world).id
    _, (row,) = world.look(lambda transaction: intakes.of_case(transaction.tx, contact))
    found: ReferralRow = row
    return found


def logged(world: World) -> LoggedReferral:
    """Its line in the log."""
    period = Period(world.clock.now - DAYS, world.clock.now + DAYS)
    (one,) = world.look(lambda transaction: referral_log.referred(transaction.tx, period, None, 9))
    found: LoggedReferral = one
    return found


def names(world: World, to_whom: str, who: str = BEN) -> bool:
    """They write it on the board; nothing: it stays unsaid."""
    referral, by = kept(world).id, world.staff_id(who)
    done: bool = world.change(lambda transaction: booking.name(transaction, referral, to_whom, by))
    return done


@pytest.mark.both_databases
def test_whoever_pressed_it_is_asked_to_whom_until_they_say(referred: World) -> None:
    """However long that takes, and nobody else is; then it stands in the log, on the timeline and in the trail."""
    (one,) = asked(referred)
    contact = contact_of(referred)
    assert (one.contact, one.number, one.line) == (contact.id, contact.caller, Line.ADMISSIONS)
    assert asked(referred, ANA) == ()
    assert (logged(referred).to_whom, logged(referred).asked) == ("", True)
    referred.leaps(minutes=26 * 60)
    assert asked(referred) == (one,)
    assert not names(referred, "Harbor Detox", ANA)
    assert names(referred, "Harbor Detox")
    assert asked(referred) == ()
    row = logged(referred)
    assert (row.to_whom, row.asked, row.outcome) == ("Harbor Detox", False, Outcome.REFERRED)
    assert not names(referred, "somebody else")
    assert kept(referred).to_whom == "Harbor Detox"
    happened = referred.look(lambda transaction: timeline.of(transaction.tx, contact_id=contact.id))
    assert happened[-1].what == TimelineWord.REFERRAL_NAMED
    noted = referred.look(lambda transaction: audit.about(transaction.tx, AuditKind.CONTACT, contact.id))
    assert "referral named" in {one.action for one in noted}


def test_it_may_stay_unsaid(referred: World) -> None:
    """That is said once, and stands in the log as such."""
    assert names(referred, "")
    assert asked(referred) == ()
    assert (logged(referred).to_whom, logged(referred).asked) == ("", False)
    assert not names(referred, "Harbor Detox")


def test_who_takes_the_outcome_back_is_not_asked(referred: World) -> None:
    """Nor whoever said meanwhile that it ended otherwise."""
    contact, ben = contact_of(referred).id, referred.staff_id(BEN)

    def decline(transaction: Transaction) -> bool:
        return live_talks.set_outcome(transaction, contact, Outcome.DECLINED, ben)

    def take_back(transaction: Transaction) -> bool:
        return live_talks.undo(transaction, contact, ben)

    assert referred.change(decline)
    assert asked(referred) == ()
    assert referred.change(take_back)
    assert asked(referred) == ()
