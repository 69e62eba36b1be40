"""A dry run tells what the rules would do: whom, when, how, and where it ends up if nobody answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hotline.model import WITH_POLICY, How, StaffId, Subject
from hotline.oncall.beforehand.rehearsal import rehearse
from hotline.oncall.escalation import People
from hotline.oncall.policy import Policy, Rung, default_policy

NIGHT = datetime(2026, 12, 5, 8, tzinfo=UTC)
ANA, CLEO, SUE = map(StaffId, ("ana", "cleo", "sue"))
ON: dict[str, tuple[StaffId, ...]] = {
    "schedule:coordinators": (ANA,),
    "schedule:clinicians": (CLEO,),
    "schedule:supervisors": (SUE,),
}
BOTH = (How.CALL, How.TEXT)
RINGS = timedelta(seconds=25)


def told(policy: Policy, on: dict[str, tuple[StaffId, ...]], minutes: int = 2) -> list[tuple[int, str]]:
    """Seconds since it began, and who."""
    found = rehearse(policy, lambda _: People(on, frozenset()), NIGHT, timedelta(minutes=minutes), RINGS)
    return [(int(one.after.total_seconds()), one.staff) for one in found]


def test_an_emergency_rings_clinicians_then_everybody_again_and_again() -> None:
    """The last rung repeats."""
    found = told(default_policy(Subject.EMERGENCY), ON)
    assert found[0] == (0, CLEO)
    assert {staff for at, staff in found if at == 25} == {CLEO, SUE, ANA}
    assert [at for at, staff in found if staff == SUE][:3] == [25, 55, 85]


def test_with_nobody_on_nobody_is_rung() -> None:
    assert told(default_policy(Subject.EMERGENCY), {}) == []


def test_one_after_the_other_by_text_waits_for_each() -> None:
    rung = Rung(
        who=("schedule:clinicians", "schedule:supervisors"),
        how=(How.TEXT,),
        together=False,
        wait=timedelta(seconds=40),
    )
    policy = Policy(subject=Subject.THREAD, rungs=(rung,), pause=timedelta(seconds=20))
    assert told(policy, ON)[:3] == [(0, CLEO), (40, SUE), (100, CLEO)]


def test_whoever_comes_on_meanwhile_is_rung() -> None:
    def people(now: datetime) -> People:
        later = now >= NIGHT + timedelta(seconds=40)
        return People({**ON, "schedule:clinicians": (ANA,)} if later else ON, frozenset())

    found = rehearse(default_policy(Subject.EMERGENCY), people, NIGHT, timedelta(minutes=2), RINGS)
    assert not [one for one in found if one.staff == CLEO and one.after > timedelta(seconds=40)]


@pytest.mark.parametrize("subject", WITH_POLICY)
def test_every_subject_can_be_rehearsed(subject: Subject) -> None:
    found = rehearse(
        default_policy(subject), lambda _: People(ON, frozenset()), NIGHT, timedelta(minutes=10), RINGS
    )
    assert found
    assert all(one.after <= timedelta(minutes=10) for one in found)
    assert [one.after for one in found] == sorted(one.after for one in found)
