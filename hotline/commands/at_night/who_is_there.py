"""Who is on at this moment and for what, and to whom an emergency goes that begins now."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from hotline.commands.at_night.screen_line import Told
from hotline.oncall.at_work.readiness import State
from hotline.oncall.schedule import who_is_on
from hotline.oncall.wall_clock import said
from hotline.operations.at_work import who_is_ready
from hotline.operations.paging import duty
from hotline.operations.policies import met_first
from hotline.operations.policies.met_first import AskedFirst, NextOn
from hotline.operations.shifts import holes_ahead
from hotline.operations.transaction import Transaction
from hotline.store.overviews.crew import crew


def goes_to(transaction: Transaction) -> Iterator[Told]:
    """Each rung for emergencies that holds now; the first one must reach somebody."""
    rungs, place = met_first.look(transaction), duty.clock_of(transaction)
    for index, rung in enumerate(rungs):
        words = "; ".join(_asked(one, place) for one in rung.asked)
        yield Told("then to" if index else "goes to", words, calls=not index and rung.reaches_nobody)
    if not rungs:
        yield Told("goes to", "NOBODY: no rung of its policy holds now", calls=True)


def _asked(one: AskedFirst, place: ZoneInfo) -> str:
    return f"{one.words}: {', '.join(one.people) or f'NOBODY now{_next(one.next_on, place)}'}"


def _next(one: NextOn | None, place: ZoneInfo) -> str:
    return f", next {said(one.at, place)} {', '.join(one.people)}" if one is not None else ""


def on_now(transaction: Transaction) -> Iterator[Told]:
    """Everybody who is on, with their schedules; and every schedule on which nobody is."""
    here, place = crew(transaction.tx), duty.clock_of(transaction)
    on = {one.name: who_is_on(one, transaction.now) for one in here.schedules}
    for one in who_is_ready.look(transaction).people:
        theirs = ", ".join(name for name, people in on.items() if one.member.id in people)
        if theirs:
            ready = one.readiness.state in (State.READY, State.UNTRIED)
            roles = ", ".join(sorted(role.value for role in one.member.roles))
            words = f"{one.member.name} ({roles}), on {theirs}: {one.readiness.state.value}"
            yield Told("on now", words, calls=not ready)
    able = holes_ahead.rung(here)
    names = {one.id: one.name for one in here.members}
    for schedule in here.schedules:
        if not able.intersection(on[schedule.name]):
            then = _next(met_first.next_on(schedule, able, names, transaction.now), place)
            yield Told("on now", f"{schedule.name}: NOBODY{then}", calls=True)
    if not here.schedules:
        yield Told("on now", "NOBODY: there is no schedule yet", calls=True)
