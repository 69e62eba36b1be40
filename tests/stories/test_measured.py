"""What is counted of the calls of these stories: where it ended, what was heard last, and when a human was there."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.callbacks.ledger import Became
from hotline.commands import report
from hotline.commands.report import Figures
from hotline.console.reports.told import escalation_section
from hotline.model import Channel, Language, Line, Outcome
from hotline.operations.console import coordinator, reopening
from hotline.operations.conversation.honest_wait import honest_wait
from hotline.operations.reports.escalation_times import EscalationTimes
from hotline.simulator import Behaviour
from hotline.store.cases import contacts
from hotline.store.cases.contacts import ContactRow
from hotline.store.cases.promises import PromiseCount
from hotline.store.database.periods import Period
from hotline.store.reports import escalation_counts
from hotline.store.reports.dispositions import Contacts, Disposition
from hotline.store.reports.measures import DropOff
from tests.operations.texting import UNCLEAR, takes, writes
from tests.stories.conftest import Building
from tests.stories.records import contact_of, the_callback, the_emergency
from tests.stories.test_called_back import owe
from tests.stories.world import ANA, CENTRE, CLEO, World


def figures(world: World) -> Figures:
    """The report's, of the last day."""
    world.passes(1)
    found: Figures = world.look(
        lambda transaction: report.count(transaction.tx, transaction.now, 1, ZoneInfo("America/New_York"))
    )
    return found


def waited(row: ContactRow) -> float | None:
    """Seconds from the call's beginning to a human."""
    return (row.reached_at - row.opened_at).total_seconds() if row.reached_at else None


@pytest.mark.parametrize(
    ("keys", "heard", "state", "prompt"),
    [
        ("", "For treatment, press 2", "menu", "menu"),
        ("6", "That key", "menu", "menu"),
        ("2", "getting a person", "holding", "getting_person"),
        ("1", "9-1-1", "emergency", "emergency"),
    ],
)
def test_a_call_ends_where_the_caller_hangs_up(
    world: World, keys: str, heard: str, state: str, prompt: str
) -> None:
    """The state, and the last prompt that was answered before it."""
    world.mia.calls()
    for key in keys:
        world.mia.presses(key)
    world.mia.hears(heard).hangs_up()
    row = contact_of(world)
    assert (row.ended_in, row.last_prompt, row.reached_at) == (state, prompt, None)
    assert [(one.prompt, one.calls) for one in figures(world).lost] == [(prompt, 1)]


def test_who_was_told_the_promise_was_not_lost(building: Building) -> None:
    """They hung up after the last words, or listened until we did; the promise is rung back and kept."""
    world = building(centre=CENTRE + '[waits]\nlive_answer = "0s"\n')
    owe(world)
    assert contact_of(world).ended_in == "farewell"
    world.ana.answers().presses("1")
    world.until(lambda: world.mia.rings, within=30)
    world.mia.answers().presses("1").meets(world.ana)
    world.passes(30)
    world.mia.hangs_up()
    world.ana.hears("How did it end").presses("1")
    found = figures(world)
    assert found.lost == []
    assert found.dispositions == [Contacts(Line.ADMISSIONS, Channel.VOICE, Disposition.LATER, 1)]
    assert found.live == []
    (rung,) = found.rung_back
    ours = the_callback(world)
    call = world.look(
        lambda transaction: contacts.get(transaction.tx, ours.call_contact_id or ours.contact_id)
    )
    assert (rung.line, rung.people) == (Line.ADMISSIONS, 1)
    assert rung.p50 == call.reached_at - ours.callback.opened_at
    assert found.promises == [PromiseCount(Line.ADMISSIONS, Channel.VOICE, Became.KEPT, 1)]


def test_whoever_wrote_in_an_emergency_was_called_and_not_rung_back(world: World) -> None:
    """From their text to the talk."""
    began = world.clock.now
    writes(world.mia, "he is not breathing")
    takes(world.cleo)
    world.mia.answers(within=30).presses("1")
    world.cleo.meets(world.mia)
    world.passes(60)
    world.mia.hangs_up()
    world.cleo.hears("closed").presses("1").hears("Saved")
    found = figures(world)
    assert found.rung_back == []
    (called,) = found.called
    assert (called.line, called.people) == (Line.EMERGENCY, 1)
    assert timedelta(seconds=3) < called.p50 < world.clock.now - began
    assert found.dispositions == [Contacts(Line.EMERGENCY, Channel.TEXT, Disposition.LATER, 1)]


def test_whoever_was_called_about_their_text_has_waited_since_it_was_to_be_read(world: World) -> None:
    """Ana reads it for half a minute, then calls; they talked, and that is what became of them."""
    writes(world.mia, UNCLEAR)
    (thread,) = world.board().threads
    contact, ana = thread.contact, world.staff_id(ANA)
    assert contact is not None
    world.change(lambda transaction: coordinator.accept(transaction, thread.escalation, ana))
    world.passes(30)
    world.change(lambda transaction: coordinator.call_them(transaction, contact, ana))
    world.passes(1)
    world.ana.answers().presses("1")
    world.mia.answers(within=30).presses("1")
    world.ana.meets(world.mia)
    world.passes(60)
    world.mia.hangs_up()
    world.ana.hears("How did it end").presses("1").hears("Saved")
    world.change(lambda transaction: coordinator.close(transaction, thread.escalation, ana))
    found = figures(world)
    assert found.rung_back == []
    (called,) = found.called
    assert (called.line, called.people) == (Line.PERSON, 1)
    assert timedelta(seconds=30) < called.p50 < timedelta(seconds=90)
    assert found.dispositions == [Contacts(Line.PERSON, Channel.TEXT, Disposition.LATER, 1)]


def test_a_broken_promise_is_counted_late(building: Building) -> None:
    """As soon as the clock has seen it."""
    world = building(centre=CENTRE + '[waits]\nlive_answer = "0s"\n')
    owe(world)
    world.phones(Behaviour.OFF, world.ana)
    assert figures(world).promises == [PromiseCount(Line.ADMISSIONS, Channel.VOICE, Became.WAITING, 1)]
    world.passes(minutes=16)
    assert figures(world).promises == [PromiseCount(Line.ADMISSIONS, Channel.VOICE, Became.LATE, 1)]


@pytest.mark.proof("postgresql", "3")
@pytest.mark.both_databases
@pytest.mark.parametrize("key", ["2", "3", "1"])
def test_who_called_and_talked_before_it_was_due_has_a_promise_that_was_kept(world: World, key: str) -> None:
    """On whatever line, and however long they talk; what they asked for on another is still owed."""
    world.phones(Behaviour.OFF, *world.staff)
    writes(world.mia, "2", "4")
    world.passes(minutes=11)
    world.phones(Behaviour.RINGS, *world.staff)
    world.mia.calls().presses(key)
    taker = world.cleo if key == "1" else world.ana
    world.until(lambda: taker.rings, within=40)
    taker.answers().presses("1").meets(world.mia, within=30)
    world.passes(minutes=20)
    assert _promised(world) == [Became.KEPT]
    world.mia.hangs_up()
    assert _promised(world) == [Became.KEPT]


def test_who_was_gone_before_anybody_spoke_with_them_is_still_promised_their_call(world: World) -> None:
    """They call on the family line, and hang up in the second in which they are put through."""
    world.phones(Behaviour.OFF, *world.staff)
    writes(world.mia, "2", "4")
    world.phones(Behaviour.RINGS, world.ana)
    world.mia.calls().presses("3")
    world.ana.answers(within=60).presses("1")
    world.until(lambda: contact_of(world).reached_at is not None, within=20)
    world.mia.hangs_up()
    world.ana.hears("They have hung up", within=20)
    assert Became.KEPT not in _promised(world)


def _promised(world: World) -> list[Became]:
    return [one.became for one in figures(world).promises if one.line is Line.ADMISSIONS]


def test_the_time_to_a_human_ends_when_they_are_put_together(world: World) -> None:
    """And it stays the first one, whatever comes afterwards."""
    world.mia.calls().presses("2")
    world.ben.answers().presses("1").meets(world.mia)
    first = waited(contact_of(world))
    assert first is not None
    assert 2 < first < 15
    world.passes(30)
    world.ben.hangs_up()
    world.mia.hears("left the call")
    world.ana.answers(within=60).presses("1").meets(world.mia, within=30)
    world.passes(30)
    world.mia.hangs_up()
    row = contact_of(world)
    assert waited(row) == first
    assert row.ended_in in ("in_room", "after_talk"), "whoever hung up first"
    assert figures(world).dispositions == [Contacts(Line.ADMISSIONS, Channel.VOICE, Disposition.LIVE, 1)]


def test_a_clinician_on_the_callers_own_leg_is_a_human_too(world: World) -> None:
    """Reached when they press 1, not when the talk is over."""
    world.phones(Behaviour.OFF, *world.staff)
    world.mia.calls().presses("1")
    world.passes(55)
    world.phones(Behaviour.RINGS, world.cleo)
    world.until(lambda: contact_of(world).state == "dialling", within=40)
    world.cleo.answers(within=30).presses("1").meets(world.mia)
    reached_after = waited(contact_of(world))
    world.passes(minutes=3)
    assert reached_after is not None
    assert reached_after == waited(contact_of(world))
    assert 60 < reached_after < 120


def test_of_the_failsafe_number_only_the_dialling_is_known(world: World) -> None:
    """So a long talk with whoever answers there isn't taken for a long wait; a few seconds are lacking instead."""
    world.phones(Behaviour.OFF, *world.staff)
    world.mia.calls().presses("1")
    world.until(lambda: world.failsafe.rings, within=150)
    dialled_after = (world.clock.now - contact_of(world).opened_at).total_seconds()
    world.failsafe.answers().presses("1").meets(world.mia)
    world.passes(minutes=5)
    world.failsafe.hangs_up()
    world.mia.hears("left the call")
    measured = waited(contact_of(world))
    assert measured == pytest.approx(dialled_after, abs=15)
    world.mia.hangs_up()


@pytest.mark.both_databases
def test_the_wait_is_known_once_five_were_answered(world: World) -> None:
    """Of this line, within the last two hours."""

    def told(line: Line) -> int | None:
        found: int | None = world.look(lambda transaction: honest_wait(transaction, line))
        return found

    for _ in range(5):
        assert told(Line.ADMISSIONS) is None
        world.mia.calls().presses("2")
        world.ben.answers().presses("1").meets(world.mia)
        world.passes(25)
        world.mia.hangs_up()
        world.ben.hears("How did it end").presses("1").leaves()
        world.passes(5)
    assert told(Line.ADMISSIONS) == 1
    assert told(Line.FAMILY) is None
    world.clock.now += timedelta(hours=2)
    assert told(Line.ADMISSIONS) is None


def test_the_report_names_prompts_and_languages_and_nobody(world: World) -> None:
    """What is lost is told by the prompt's key; the caller appears nowhere."""
    world.mia.calls().presses("2").hears("getting a person").hangs_up()
    found = figures(world)
    assert found.lost == [DropOff("getting_person", Language.EN, Line.ADMISSIONS, 1)]
    assert [(one.outcome, one.calls) for one in found.ended] == [(Outcome.CALLBACK, 1)]
    for words in (report.told(found), report.sheet(found)):
        assert "getting_person" in words
        for identity in (world.mia.phone.number[2:], contact_of(world).id, "CA"):
            assert identity not in words


def test_who_takes_it_when_rung_for_the_first_time_was_not_rung_again(world: World) -> None:
    """How far a policy had to go: its first rung, once."""
    world.mia.calls().presses("2")
    world.ana.answers().presses("1").meets(world.mia)
    period = Period(world.clock.now - timedelta(hours=1), world.clock.now + timedelta(hours=1))
    found = world.look(lambda transaction: escalation_counts.rungs(transaction.tx, period))
    assert [(one.rung, one.again, one.taken) for one in found] == [(1, False, 1)]


def test_an_emergency_that_is_opened_again_was_taken_before_the_first_rung(world: World) -> None:
    """Nobody's phone rang for it the second time: the report says that in words, and not "rung 0"."""
    writes(world.mia, "1")
    takes(world.cleo, "3")
    emergency = the_emergency(world).escalation.id
    by = world.staff_id(CLEO)
    world.change(lambda transaction: coordinator.close(transaction, emergency, by))
    world.change(lambda transaction: reopening.reopen(transaction, emergency, by))
    today = Period(world.clock.now - timedelta(hours=1), world.clock.now + timedelta(hours=1))
    rungs = world.look(lambda transaction: escalation_counts.rungs(transaction.tx, today))
    (panel,) = escalation_section.drawn(EscalationTimes([], [], rungs, [])).panels
    assert [(row[:3], row[-1]) for row in panel.rows] == [
        (["Emergency", "before the first rung", 1], 1),
        (["Emergency", "rung 1", 1], 1),
    ]
    assert "opened again" in (panel.meant or "")
