"""Policies in the words of those who read them: whom a rung means, how it rings, where it goes if nobody answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from hotline.model import ByWord, How, Language, StaffId, Subject
from hotline.oncall.beforehand.reach_ahead import GapKind, ReachGap
from hotline.oncall.policy import EVERYONE, Policy, Rung
from hotline.oncall.wall_clock import shown
from hotline.settings.centre import Centre
from hotline.worded import joined, worded, worded_many

_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)

LANGUAGES: Final[Mapping[Language, str]] = ByWord(
    {
        Language.EN: worded("English"),
        Language.ES: worded("Spanish"),
        Language.PT: worded("Portuguese"),
        Language.HT: worded("Haitian Creole"),
    },
    unknown=worded("a language that this version does not know"),
)
SUBJECTS: Final[Mapping[Subject, str]] = {
    Subject.EMERGENCY: worded("An emergency"),
    Subject.ADMISSIONS: worded("A caller about admissions"),
    Subject.FAMILY: worded("A caller about family support"),
    Subject.PERSON: worded("A caller who wants a person"),
    Subject.CALLBACK: worded("A callback that is due"),
    Subject.THREAD: worded("A text that needs a person"),
    Subject.CLINICIAN: worded("A clinician is asked into a talk"),
    Subject.SUPERVISOR: worded("Something has nobody"),
}
_TO_MEND: Final = {
    GapKind.NO_RUNG: worded("no rung holds then: give one without hours and languages"),
    GapKind.NOBODY_ON: worded("name a schedule on which somebody always is, or a role"),
    GapKind.ONLY_TEXTS: worded('a text alone wakes nobody: write how = ["call", "text"]'),
}


_WEEKDAYS: Final = (
    worded("Monday"),
    worded("Tuesday"),
    worded("Wednesday"),
    worded("Thursday"),
    worded("Friday"),
    worded("Saturday"),
    worded("Sunday"),
)


def unreached(found: ReachGap, place: ZoneInfo) -> str:
    """From which hour on a policy reaches nobody, and what to do."""
    here = shown(found.starts, place)
    day = worded("%(weekday)s %(date)s", weekday=_WEEKDAYS[here.weekday()], date=f"{here:%Y-%m-%d %H:%M}")
    rings = (
        worded("it rings nobody's phone from %(day)s on", day=day)
        if found.kind is GapKind.ONLY_TEXTS
        else worded("it reaches nobody from %(day)s on", day=day)
    )
    whom = (
        ""
        if found.language is Language.EN
        else worded("for callers who speak %(languages)s", languages=LANGUAGES[found.language])
    )
    return worded("%(what)s: %(mend)s", what=joined((rings, whom)), mend=_TO_MEND[found.kind])


def named(who: str, names: Mapping[StaffId, str]) -> str:
    """Whom a rung names, as people say it."""
    kind, _, name = who.partition(":")
    match kind:
        case "schedule":
            return worded("who is on %(name)s", name=name)
        case "next":
            return worded("who is next on %(name)s", name=name)
        case "role":
            return worded("every %(name)s", name=worded(name))
        case _ if kind == EVERYONE:
            return worded("everybody on the staff")
        case _:
            return names.get(StaffId(name), worded("somebody who has left"))


def how(rung: Rung) -> str:
    """How it rings, in a few words."""
    rings, texts = How.CALL in rung.how, How.TEXT in rung.how
    ways = worded("call and text") if rings and texts else worded("call") if rings else worded("text")
    order = worded("all together") if rung.together else worded("one after the other")
    return joined((ways, order), between=", ")


def when(rung: Rung) -> str:
    """When it holds; empty if it always does."""
    hours = ", ".join(str(one) for one in rung.hours)
    spoken = joined((LANGUAGES[one] for one in rung.languages), between=" or ")
    whom = worded("for callers who speak %(languages)s", languages=spoken) if spoken else ""
    return joined((hours, whom), between="; ")


def lasting(duration: timedelta) -> str:
    """Such as "30 seconds", "2 minutes", "1.5 hours"."""
    if duration >= _HOUR and not duration % (_HOUR / 2):
        number = duration / _HOUR
        return worded_many("%(count)s hour", "%(count)s hours", _of(number), count=f"{number:g}")
    if duration >= _MINUTE and not duration % (_MINUTE / 2):
        number = duration / _MINUTE
        return worded_many("%(count)s minute", "%(count)s minutes", _of(number), count=f"{number:g}")
    seconds = duration.total_seconds()
    return worded_many("%(count)s second", "%(count)s seconds", _of(seconds), count=f"{seconds:g}")


def _of(number: float) -> int:
    """Of one, or of several: 1.5 hours are several."""
    return 1 if number == 1 else 2


def afterwards(policy: Policy, centre: Centre) -> tuple[str, ...]:
    """Where it goes if nobody answers, sentence by sentence."""
    last = (
        worded(
            "The last rung on which anybody is repeats after a pause of %(pause)s, until somebody accepts.",
            pause=lasting(policy.pause),
        )
        if policy.pause
        else worded("The last rung on which anybody is repeats, until somebody accepts.")
    )
    match policy.subject:
        case Subject.EMERGENCY:
            waits = centre.waits
            unpaged, unanswered = lasting(waits.self_dial_unpaged), lasting(waits.self_dial_unanswered)
            return (
                last,
                worded(
                    "Whoever calls is not only waited for: after %(unanswered)s, or after %(unpaged)s if no page has "
                    "left, their own call rings everybody who is on for %(rings)s, and then the failsafe number.",
                    unanswered=unanswered,
                    unpaged=unpaged,
                    rings=lasting(waits.self_dial_ring),
                ),
                worded("Who texts is told at once to call 911; the board shows it until somebody has it."),
            )
        case Subject.ADMISSIONS | Subject.FAMILY | Subject.PERSON:
            if not centre.waits.live_answer:
                return (worded("Nobody holds the line here: every caller is offered a callback at once."),)
            return (
                worded(
                    "After %(wait)s the caller is offered a callback, and phones stop ringing.",
                    wait=lasting(centre.waits.live_answer),
                ),
            )
        case Subject.CALLBACK:
            return (
                worded(
                    "It goes back in line, and is rung for again after a pause of %(pause)s.",
                    pause=lasting(policy.pause),
                )
                if policy.pause
                else worded("It goes back in line, and is rung for again."),
                worded(
                    "Past its promise the supervisors are told by text, and rung along with the coordinators."
                ),
            )
        case Subject.THREAD | Subject.SUPERVISOR:
            return (last,)
        case Subject.CLINICIAN:
            return (
                worded(
                    "Only clinicians are asked, and once. If none comes, whoever asked is told so in the talk."
                ),
            )
        case Subject.HELP | Subject.TEST | Subject.SECOND:
            return (last,)
        case _:
            assert_never(policy.subject)


def second(policy: Policy) -> str:
    """What happens once somebody has it, where two are to know; empty where one is enough."""
    if policy.acknowledge == 1:
        return ""
    return worded(
        "Two must know of it: once somebody has it, the others are asked on, by the same rungs and in silence between "
        "two rounds, until one of them says that they know it. It stays with whoever took it."
    )
