"""Escalation policies and schedules as data: defaults, the written form, and what is refused."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.model import WITH_POLICY, How, Role, StaffId, Subject
from hotline.oncall import policy as policy_rules
from hotline.oncall.policy import (
    ROUND_PAUSE,
    Policy,
    Rung,
    clinician_policy,
    default_policy,
    from_json,
    late_policy,
    parse_rung,
    to_json,
)
from hotline.oncall.schedule import Schedule, who_is_on

SECOND = timedelta(seconds=1)

names = st.one_of(
    st.text(min_size=1).filter(str.strip).map("schedule:{}".format),
    st.text(min_size=1).filter(str.strip).map("staff:{}".format),
    st.sampled_from(sorted(set(Role) - {Role.TRAINEE})).map("role:{}".format),
)
rungs = st.builds(
    Rung,
    who=st.lists(names, min_size=1, max_size=4).map(tuple),
    how=st.sampled_from([(How.CALL,), (How.TEXT,), (How.CALL, How.TEXT), (How.TEXT, How.CALL)]),
    together=st.booleans(),
    wait=st.timedeltas(min_value=timedelta(microseconds=1)),
)
policies = st.builds(
    Policy,
    subject=st.sampled_from(sorted(set(Subject) - {Subject.EMERGENCY})),
    rungs=st.lists(rungs, min_size=1, max_size=4).map(tuple),
    pause=st.timedeltas(min_value=timedelta(0)),
)


@given(policies)
def test_a_policy_survives_being_written_and_read(policy: Policy) -> None:
    """The copy that is kept with an escalation is the policy, to the microsecond."""
    assert from_json(json.loads(json.dumps(to_json(policy)))) == policy


@pytest.mark.parametrize("policy", [*map(default_policy, WITH_POLICY), late_policy()])
def test_every_default_survives_being_written_and_read(policy: Policy) -> None:
    """`dump` prints what `load` takes."""
    assert from_json(to_json(policy)) == policy


def test_the_operators_toml_is_read() -> None:
    """As it stands in the guide; `together` may be left out, and so may the pause."""
    written = """
        subject = "admissions"
        [[rung]]
        who = ["schedule:clinicians", "role:supervisor", "staff:Ana Lima"]
        how = ["call", "text"]
        wait = "1.5m"
        [[rung]]
        who = ["schedule:coordinators"]
        how = ["call"]
        together = false
        wait = "30s"
    """
    first = Rung(
        who=("schedule:clinicians", "role:supervisor", "staff:Ana Lima"),
        how=(How.CALL, How.TEXT),
        together=True,
        wait=90 * SECOND,
    )
    second = Rung(who=("schedule:coordinators",), how=(How.CALL,), together=False, wait=30 * SECOND)
    read = from_json(tomllib.loads(written))
    assert read == Policy(subject=Subject.ADMISSIONS, rungs=(first, second), pause=ROUND_PAUSE)
    assert from_json({**to_json(default_policy(Subject.EMERGENCY))}).pause == timedelta(0)


GOOD: dict[str, object] = {
    "who": ["schedule:clinicians"],
    "how": ["call"],
    "together": True,
    "wait": "30s",
}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"who": []}, "who: name at least one"),
        ({"who": "schedule:clinicians"}, "who: must be a list"),
        ({"who": [3]}, "who: must be a list"),
        ({"who": ["clinicians"]}, "who: 'clinicians' must be schedule:NAME"),
        ({"who": ["schedule: "]}, "who: 'schedule: ' must be schedule:NAME"),
        ({"who": ["role:doctor"]}, "who: there is no role 'doctor'; use one of coordinator, clinician"),
        ({"how": []}, "how: write"),
        ({"how": ["call", "call"]}, "how: write"),
        ({"how": ["fax"]}, "how: 'fax' must be call or text"),
        ({"how": None}, "how: must be a list"),
        ({"together": "yes"}, "together: write true or false"),
        ({"wait": "0s"}, "wait: must be longer than nothing"),
        ({"wait": 30}, "wait: must be a number and a unit"),
        ({"wait": "30"}, "wait: must be a number and a unit"),
        ({"wait": "-1s"}, "wait: must be a number and a unit"),
        ({"wait": "99999999999999d"}, "wait: is too long"),
        ({"colour": "red"}, "colour: is not a key here; use who, how, together, wait"),
    ],
)
def test_a_rung_that_would_reach_nobody_is_refused_with_what_to_write(
    change: dict[str, object], complaint: str
) -> None:
    """The complaint begins with the key."""
    assert parse_rung(GOOD).together
    with pytest.raises(ValueError, match=f"^{complaint}"):
        parse_rung({**GOOD, **change})


@pytest.mark.parametrize(
    ("policy", "complaint"),
    [
        ({"subject": "weather", "rung": [GOOD]}, "subject: use one of emergency, admissions"),
        ({"rung": [GOOD]}, "subject: use one of"),
        ({"subject": "family"}, "rung: a policy needs at least one"),
        ({"subject": "family", "rung": []}, "rung: a policy needs at least one"),
        ({"subject": "family", "rung": ["x"]}, "rung: must be a table"),
        ({"subject": "family", "rung": [GOOD], "pause": "soon"}, "pause: must be a number and a unit"),
        ({"subject": "emergency", "rung": [GOOD], "pause": "1s"}, "pause: an emergency has none"),
        ({"subject": "family", "rungs": [GOOD]}, "rungs: is not a key here"),
    ],
)
def test_a_policy_that_is_wrong_is_refused_with_what_to_write(
    policy: dict[str, object], complaint: str
) -> None:
    """Nothing is guessed."""
    with pytest.raises(ValueError, match=f"^{complaint}"):
        from_json(policy)


def test_no_pause_is_less_than_nothing() -> None:
    """Nor does an operator's program get one in."""
    with pytest.raises(ValueError, match="pause: must not be"):
        replace(default_policy(Subject.FAMILY), pause=-SECOND)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.dictionaries(st.sampled_from(["subject", "pause", "rung", "x"]), JSON), JSON)
def test_garbage_is_refused_and_never_crashes(policy: dict[str, object], rung: object) -> None:
    """Only ever a ValueError."""
    with pytest.raises(ValueError, match=":"):
        from_json(policy)
    with pytest.raises(ValueError, match=":"):
        parse_rung(rung)


def test_an_emergency_rings_clinicians_and_then_everybody_without_a_pause() -> None:
    """By call and by text, thirty seconds each."""
    policy = default_policy(Subject.EMERGENCY)
    assert [rung.who for rung in policy.rungs] == [
        ("schedule:clinicians",),
        ("schedule:clinicians", "schedule:supervisors", "schedule:coordinators"),
    ]
    assert {rung.how for rung in policy.rungs} == {(How.CALL, How.TEXT)}
    assert {rung.wait for rung in policy.rungs} == {30 * SECOND}
    assert policy.pause == timedelta(0)


@pytest.mark.parametrize("subject", [one for one in WITH_POLICY if one is not Subject.CLINICIAN])
def test_every_default_begins_with_those_on_shift_all_at_once(subject: Subject) -> None:
    """Clinicians for emergencies, supervisors for what has nobody, coordinators for all else."""
    policy = default_policy(subject)
    others = {Subject.EMERGENCY: "schedule:clinicians", Subject.SUPERVISOR: "schedule:supervisors"}
    first = others.get(subject, "schedule:coordinators")
    assert policy.subject is subject
    assert policy.rungs[0].who == (first,)
    assert all(rung.together for rung in policy.rungs)


def test_a_test_page_is_one_persons() -> None:
    """It says whom, so there is no usual one; by call and text, as in earnest."""
    policy = policy_rules.test_policy(StaffId("cleo"), SECOND)
    assert policy.named == ("staff:cleo",)
    assert policy.rungs[0].how == (How.CALL, How.TEXT)
    assert from_json(to_json(policy)) == policy
    with pytest.raises(ValueError, match="names whom"):
        default_policy(Subject.TEST)


def test_clinicians_are_asked_into_a_talk_once_each_and_by_call() -> None:
    """Whoever is on for emergencies, in the centre's own way of ringing them; the talk goes on meanwhile."""
    by_turns = Rung(who=("staff:cleo",), how=(How.TEXT,), together=False, wait=20 * SECOND)
    then_all = Rung(who=("role:clinician",), how=(How.CALL,), together=True, wait=40 * SECOND)
    emergency = Policy(subject=Subject.EMERGENCY, rungs=(by_turns, then_all), pause=timedelta(0))
    (asked,) = clinician_policy(emergency).rungs
    assert asked == replace(by_turns, who=("staff:cleo", "role:clinician"), how=(How.CALL,))
    assert default_policy(Subject.CLINICIAN) == clinician_policy(default_policy(Subject.EMERGENCY))


def test_supervisors_are_rung_for_a_person_a_late_callback_and_an_unread_text() -> None:
    """A text is asked for by text; past its promise, phones ring for it."""
    for policy in (default_policy(Subject.PERSON), late_policy(), default_policy(Subject.THREAD)):
        assert "schedule:supervisors" in policy.rungs[-1].who
    within = 300 * SECOND
    first, past = default_policy(Subject.THREAD, read_within=within).rungs
    assert (first.who, first.how, first.wait) == (("schedule:coordinators",), (How.TEXT,), within)
    assert past.how == (How.CALL, How.TEXT)


def test_the_centres_own_pause_holds_where_nobody_holds_the_line() -> None:
    """Callbacks and texts; a holding caller's phones ring on."""
    five = 300 * SECOND
    paused = {subject for subject in WITH_POLICY if default_policy(subject, five).pause == five}
    assert paused == {Subject.CALLBACK, Subject.THREAD}
    assert late_policy(five).pause == five


def test_a_policy_names_everybody_once() -> None:
    """What has to be resolved for it."""
    assert default_policy(Subject.EMERGENCY).named == (
        "schedule:clinicians",
        "schedule:supervisors",
        "schedule:coordinators",
    )


def test_a_schedule_gives_everybody_who_is_always_on_once_and_in_order() -> None:
    """At any hour."""
    ana, ben = StaffId("ana"), StaffId("ben")
    schedule = Schedule(name="coordinators", timezone="America/New_York", always=(ben, ana, ben))
    for hour in range(24):
        assert who_is_on(schedule, datetime(2025, 3, 9, hour, tzinfo=UTC)) == (ben, ana)


@pytest.mark.parametrize("zone", ["", "Boston", "../etc/passwd", "America"])
def test_a_schedule_in_no_time_zone_is_refused(zone: str) -> None:
    """With what to write."""
    with pytest.raises(ValueError, match="such as America/New_York"):
        Schedule(name="clinicians", timezone=zone, always=())
