"""Rungs by hours and by language, whoever is next, and everybody: which rung holds when, and whom that reaches."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.model import How, Language, StaffId, Subject
from hotline.oncall.beforehand.reach_ahead import GapKind, ReachGap, edges, first_unreached
from hotline.oncall.escalation import CancelPage, Opened, Page, People, WaitOver
from hotline.oncall.policy import Policy, Rung, clinician_policy, default_policy, from_json, to_json
from hotline.oncall.rotations import Rotation
from hotline.oncall.schedule import Schedule, timeline, who_is_next, who_is_on
from hotline.oncall.week_hours import Hours, parse_hours
from tests.playbook import Given, Stands
from tests.scripts import At, Paging

BOSTON = ZoneInfo("America/New_York")
ANA, BEN, CLEO, DEV = map(StaffId, ("ana", "ben", "cleo", "dev"))
BOTH = (How.CALL, How.TEXT)
WAIT = timedelta(seconds=30)
DAY = parse_hours("Mon-Fri 08:00-18:00")
ON: dict[str, tuple[StaffId, ...]] = {"schedule:a": (ANA,), "schedule:b": (BEN,), "staff:cleo": (CLEO,)}


def rung(
    *who: str,
    hours: tuple[Hours, ...] = (),
    languages: tuple[Language, ...] = (),
    how: tuple[How, ...] = BOTH,
) -> Rung:
    return Rung(who=who, how=how, together=True, wait=WAIT, hours=hours, languages=languages)


def policy(*rungs: Rung, subject: Subject = Subject.EMERGENCY) -> Policy:
    return Policy(subject=subject, rungs=rungs, pause=timedelta(0))


def at(written: str) -> datetime:
    """By the clock in Boston; December 2026, whose 5th is a Saturday."""
    return datetime.fromisoformat(f"2026-12-{written}").replace(tzinfo=BOSTON)


@pytest.mark.parametrize("language", [None, *Language])
@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("day", [4, 5])
def test_a_rung_holds_at_its_hours_and_for_its_languages(
    day: int, hour: int, language: Language | None
) -> None:
    """A Friday and a Saturday, hour by hour; a language that nobody knows yet passes no rung over."""
    moment = at(f"{day:02}T{hour:02}:00")
    by_day = day == 4 and 8 <= hour < 18
    spanish = language in (None, Language.ES)
    assert rung("everyone").holds(moment, BOSTON, language)
    assert rung("everyone", hours=(DAY,)).holds(moment, BOSTON, language) is by_day
    assert rung("everyone", languages=(Language.ES,)).holds(moment, BOSTON, language) is spanish
    both = policy(rung("everyone", hours=(DAY,), languages=(Language.ES,)), rung("role:admin"))
    assert both.passed(moment, BOSTON, language) == (frozenset() if by_day and spanish else {0})


def test_hours_are_by_the_centres_clock_and_not_by_utc() -> None:
    """Eight in the morning in Boston is one in the afternoon in UTC."""
    assert not rung("everyone", hours=(DAY,)).holds(datetime(2026, 12, 4, 12, 59, tzinfo=UTC), BOSTON, None)
    assert rung("everyone", hours=(DAY,)).holds(datetime(2026, 12, 4, 13, 0, tzinfo=UTC), BOSTON, None)


def test_a_rung_that_does_not_hold_is_passed_and_the_way_goes_on() -> None:
    """Over the second of three, and round again over it; when it holds, it is rung."""
    three = policy(rung("schedule:a"), rung("schedule:b", hours=(DAY,)), rung("staff:cleo"))
    assert (
        Paging(three, ON)
        >> Given(passed=frozenset({1}))
        >> At(0, Opened())
        << [Page(ANA, BOTH)]
        >> At(30, WaitOver())
        << [Page(CLEO, BOTH)]
        << Stands(rung=2, looks_again=60)
    )
    assert (
        Paging(three, ON) >> At(0, Opened()) << [Page(ANA, BOTH)] >> At(30, WaitOver()) << [Page(BEN, BOTH)]
    )


def test_the_last_rung_that_holds_is_the_one_that_repeats() -> None:
    """Also if it is not the last one that is written."""
    two = policy(rung("schedule:a"), rung("schedule:b", hours=(DAY,)), subject=Subject.THREAD)
    texts = policy(*(replace(one, how=(How.TEXT,)) for one in two.rungs), subject=Subject.THREAD)
    assert (
        Paging(texts, ON)
        >> Given(passed=frozenset({1}))
        >> At(0, Opened())
        << [Page(ANA, (How.TEXT,))]
        >> At(30, WaitOver())
        << [CancelPage(ANA), Page(ANA, (How.TEXT,))]
        << Stands(round=2)
    )


def test_where_no_rung_holds_nobody_is_there_until_one_does() -> None:
    """The clock looks again after the last rung's wait, and whoever is named only there is not counted as on."""
    by_day = policy(rung("schedule:a", hours=(DAY,)))
    assert (
        Paging(by_day, ON)
        >> Given(passed=frozenset({0}))
        >> At(0, Opened())
        << []
        << Stands(nobody=True, looks_again=30)
        >> Given(passed=frozenset())
        >> At(30, WaitOver())
        << [Page(ANA, BOTH)]
        << Stands(nobody=False)
    )


names = st.sampled_from(["schedule:a", "next:a", "role:supervisor", "staff:cleo", "everyone"])
some_hours = st.lists(
    st.builds(
        Hours,
        days=st.frozensets(st.integers(0, 6), min_size=1),
        begins=st.times().map(lambda one: one.replace(second=0, microsecond=0)),
        lasts=st.integers(1, 24 * 60).map(lambda minutes: timedelta(minutes=minutes)),
    ),
    max_size=2,
).map(tuple)
a_rung = st.builds(
    Rung,
    who=st.lists(names, min_size=1, max_size=3, unique=True).map(tuple),
    how=st.sampled_from([(How.CALL,), (How.TEXT,), BOTH]),
    together=st.booleans(),
    wait=st.just(WAIT),
    hours=some_hours,
    languages=st.lists(st.sampled_from(Language), unique=True, max_size=3).map(tuple),
)
a_policy = st.builds(
    Policy,
    subject=st.sampled_from([Subject.EMERGENCY, Subject.THREAD]),
    rungs=st.lists(a_rung, min_size=1, max_size=4).map(tuple),
    pause=st.just(timedelta(0)),
    acknowledge=st.sampled_from([1, 2]),
)


@given(a_policy)
def test_whatever_can_be_said_of_a_rung_survives_being_written_and_read(one: Policy) -> None:
    """Hours as people write them, too."""
    assert from_json(json.loads(json.dumps(to_json(one)))) == one


@given(a_policy, st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)), st.sampled_from(Language))
def test_who_is_named_is_named_by_a_rung_that_holds(one: Policy, now: datetime, speaks: Language) -> None:
    """And nobody of a rung that holds is left out."""
    passed = one.passed(now.replace(tzinfo=UTC), BOSTON, speaks)
    held = [each for index, each in enumerate(one.rungs) if index not in passed]
    assert set(one.named_but(passed)) == {who for each in held for who in each.who}
    assert one.named_but(()) == one.named


def test_the_written_form_with_every_key() -> None:
    """As it stands in the guide."""
    written = """
        subject = "emergency"
        acknowledge = 2
        [[rung]]
        who = ["schedule:clinicians", "next:clinicians", "role:supervisor", "staff:Ana Lima", "everyone"]
        how = ["call", "text"]
        together = false
        wait = "30s"
        hours = ["Mon-Fri 08:00-18:00", "Fri 20:00-Mon 08:00"]
        languages = ["es", "pt"]
    """
    read = from_json(tomllib.loads(written))
    (one,) = read.rungs
    assert (read.acknowledge, one.languages) == (2, (Language.ES, Language.PT))
    assert [str(each) for each in one.hours] == ["Mon-Fri 08:00-18:00", "Fri 20:00-Mon 08:00"]
    assert one.who[-1] == "everyone"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"hours": ["always"]}, 'hours: write hours such as "Mon-Fri 08:00-20:00"'),
        ({"hours": "Mon-Fri 08:00-20:00"}, "hours: must be a list"),
        ({"hours": ["Mox 08:00-20:00"]}, "hours: there is no day 'Mox'"),
        ({"languages": ["fr"]}, "languages: 'fr' is not known; use en, es, pt, ht"),
        ({"who": ["next:"]}, "who: 'next:' must be schedule:NAME, next:SCHEDULE"),
        ({"who": ["everybody"]}, "who: 'everybody' must be .* or everyone"),
    ],
)
def test_a_rung_that_is_wrong_is_refused_with_what_to_write(
    change: dict[str, object], complaint: str
) -> None:
    rung_data = {"who": ["everyone"], "how": ["call"], "wait": "30s", **change}
    with pytest.raises(ValueError, match=f"^{complaint}"):
        from_json({"subject": "family", "rung": [rung_data]})


@pytest.mark.parametrize(
    ("subject", "given_value", "complaint"),
    [
        ("emergency", 3, "acknowledge: write 1, or 2"),
        ("emergency", 0, "acknowledge: write 1, or 2"),
        ("emergency", True, "acknowledge: write 1, or 2"),
        ("emergency", "2", "acknowledge: write 1, or 2"),
        ("clinician", 2, "acknowledge: only emergency and thread stay with somebody"),
        ("callback", 2, "acknowledge: only emergency and thread"),
    ],
)
def test_how_many_must_know_is_one_or_two_where_a_second_can_know_in_time(
    subject: str, given_value: object, complaint: str
) -> None:
    data = {
        "subject": subject,
        "acknowledge": given_value,
        "rung": [{"who": ["everyone"], "how": ["call"], "wait": "9s"}],
    }
    with pytest.raises(ValueError, match=f"^{complaint}"):
        from_json(data)


def test_clinicians_are_asked_by_the_rungs_that_hold() -> None:
    """If none does, by all of them: a talk that needs a clinician is no reason to ask nobody."""
    emergency = policy(rung("schedule:a", hours=(DAY,)), rung("schedule:b"))
    assert clinician_policy(emergency).named == ("schedule:a", "schedule:b")
    assert clinician_policy(emergency, {0}).named == ("schedule:b",)
    assert clinician_policy(emergency, {0, 1}).named == ("schedule:a", "schedule:b")


# --- the next one on a schedule --------------------------------------------------------------------------------


def weekly(*turns: tuple[StaffId, ...], always: tuple[StaffId, ...] = ()) -> Schedule:
    """They take turns from Monday, 7 December, by the week."""
    by_week = Rotation(turns=turns, every=timedelta(days=7), starts=datetime(2026, 12, 7, 7))
    return Schedule(name="a", timezone="America/New_York", always=always, rotations=(by_week,))


@pytest.mark.parametrize(
    ("schedule", "when", "who"),
    [
        (weekly((ANA,), (BEN,), (CLEO,)), "08T12:00", (BEN,)),
        (weekly((ANA,), (BEN,), (CLEO,)), "15T12:00", (CLEO,)),
        (weekly((ANA,), (BEN,), (CLEO,)), "22T12:00", (ANA,)),
        (weekly((ANA,), (ANA, BEN), (CLEO,)), "08T12:00", (BEN,)),
        (weekly((ANA,), (), (CLEO, DEV)), "08T12:00", (CLEO, DEV)),
        (weekly((ANA,), (BEN,)), "01T12:00", (ANA,)),
        (weekly((ANA,)), "08T12:00", ()),
        (Schedule(name="a", timezone="UTC", always=(ANA, BEN)), "08T12:00", ()),
        (weekly((ANA,), (BEN,), always=(CLEO,)), "08T12:00", (BEN,)),
    ],
)
def test_who_is_next_comes_after_those_who_are_on(
    schedule: Schedule, when: str, who: tuple[StaffId, ...]
) -> None:
    """The first who come and aren't there already; a turn that has nobody is passed, as is a hole before the first."""
    assert who_is_next(schedule, frozenset({ANA, BEN, CLEO, DEV}), at(when)) == who


def test_who_can_not_be_rung_is_not_next() -> None:
    """The one after them is."""
    schedule = weekly((ANA,), (BEN,), (CLEO,))
    assert who_is_next(schedule, frozenset({ANA, CLEO}), at("08T12:00")) == (CLEO,)


@given(
    st.lists(
        st.lists(st.sampled_from([ANA, BEN, CLEO, DEV]), max_size=2, unique=True).map(tuple),
        min_size=1,
        max_size=4,
    ).filter(any),
    st.integers(0, 60 * 24),
)
def test_who_is_next_is_never_on_and_comes_before_anybody_else(
    turns: list[tuple[StaffId, ...]], hours: int
) -> None:
    """Held against the timeline, moment by moment."""
    schedule, now = weekly(*turns), at("07T07:00") + timedelta(hours=hours)
    everybody = frozenset({ANA, BEN, CLEO, DEV})
    here, then = who_is_on(schedule, now), who_is_next(schedule, everybody, now)
    assert not set(here) & set(then)
    after = [one.people for one in timeline(schedule, now, now + timedelta(days=62))]
    others = [tuple(one for one in people if one not in here) for people in after]
    assert then == next(filter(None, others), ())


# --- whether everybody is reached at every hour ----------------------------------------------------------------

LASTS = timedelta(days=14)


def checked(
    one: Policy, schedule: Schedule, languages: tuple[Language, ...] = (Language.EN,)
) -> ReachGap | None:
    """The first moment of two weeks from Friday, 4 December, at noon, if only schedule a has anybody."""

    def people(now: datetime) -> People:
        return People({"schedule:a": who_is_on(schedule, now)}, frozenset())

    start = at("04T12:00")
    return first_unreached(
        one, people, BOSTON, edges(one, [schedule], BOSTON, start, start + LASTS), languages
    )


ALWAYS = Schedule(name="a", timezone="America/New_York", always=(ANA,))


@pytest.mark.parametrize(
    ("one", "languages", "found"),
    [
        (policy(rung("schedule:a")), tuple(Language), None),
        (
            policy(rung("schedule:a", hours=(DAY,))),
            (Language.EN,),
            ("04T18:00", Language.EN, GapKind.NO_RUNG),
        ),
        (
            policy(rung("schedule:a", hours=(DAY,)), rung("schedule:b")),
            (Language.EN,),
            ("04T18:00", Language.EN, GapKind.NOBODY_ON),
        ),
        (policy(rung("schedule:b")), (Language.EN,), ("04T12:00", Language.EN, GapKind.NOBODY_ON)),
        (
            policy(rung("schedule:a", languages=(Language.EN,))),
            (Language.EN, Language.ES),
            ("04T12:00", Language.ES, GapKind.NO_RUNG),
        ),
        (policy(rung("schedule:a", languages=(Language.EN,))), (Language.EN,), None),
        (
            policy(rung("schedule:a", hours=(DAY,)), rung("schedule:a", how=(How.TEXT,))),
            (Language.EN,),
            ("04T18:00", Language.EN, GapKind.ONLY_TEXTS),
        ),
        (
            policy(
                rung("schedule:a", hours=(DAY,)), rung("schedule:a", how=(How.TEXT,)), subject=Subject.THREAD
            ),
            (Language.EN,),
            None,
        ),
        (
            policy(
                rung(
                    "schedule:a", hours=(DAY, parse_hours("Fri 18:00-Mon 08:00"), parse_hours("18:00-08:00"))
                )
            ),
            (Language.EN,),
            None,
        ),
    ],
)
def test_the_first_hour_at_which_nobody_is_reached_is_found(
    one: Policy, languages: tuple[Language, ...], found: tuple[str, Language, GapKind] | None
) -> None:
    """Of rungs by hours and by language; for an emergency a phone must ring."""
    expected = ReachGap(at(found[0]).astimezone(UTC), found[1], found[2]) if found else None
    assert checked(one, ALWAYS, languages) == expected


@given(a_policy.filter(lambda one: one.subject is Subject.EMERGENCY))
def test_between_two_edges_nothing_changes(one: Policy) -> None:
    """So looking at the edges alone is looking at every minute: held against a look each quarter of an hour."""
    start = at("04T12:00")
    found = checked(one, ALWAYS, tuple(Language))
    for step in range(0, 14 * 96, 7):
        now = start + step * timedelta(minutes=15)
        for language in Language:
            passed = one.passed(now, BOSTON, language)
            held = [each for index, each in enumerate(one.rungs) if index not in passed]
            rings = any("schedule:a" in each.who and How.CALL in each.how for each in held)
            if not rings:
                assert found is not None
                assert found.starts <= now


def test_the_default_emergency_reaches_whoever_is_on_a_schedule() -> None:
    """Whoever that is."""
    assert checked(default_policy(Subject.EMERGENCY), ALWAYS) is not None


def test_the_guide_tells_every_key_of_a_policy_and_of_a_rung() -> None:
    """Each with a row of its own, and no row for a key that there isn't."""
    guide = (Path(__file__).parents[2] / "docs" / "staff-file.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `(\w+)` \|", guide.split("## [[policy]]")[1], re.MULTILINE)
    every = rung("everyone", hours=(DAY,), languages=(Language.ES,))
    policy_keys = json.loads(json.dumps(to_json(replace(policy(every), acknowledge=2))))
    (rung_keys,) = policy_keys["rung"]
    assert sorted(told) == sorted({*policy_keys, *rung_keys} - {"rung"})
