"""Policies in the words of those who read them: whom a rung means, how it rings, where it goes if nobody answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from hotline.model import How, Language, StaffId, Subject
from hotline.oncall.beforehand.reach_ahead import GapKind, ReachGap
from hotline.oncall.policy import EVERYONE, Policy, Rung
from hotline.oncall.wall_clock import shown
from hotline.settings.centre import Centre

LANGUAGES: Final[Mapping[Language, str]] = {
    Language.EN: "English",
    Language.ES: "Spanish",
    Language.PT: "Portuguese",
    Language.HT: "Haitian Creole",
}
SUBJECTS: Final[Mapping[Subject, str]] = {
    Subject.EMERGENCY: "An emergency",
    Subject.ADMISSIONS: "A caller about admissions",
    Subject.FAMILY: "A caller about family support",
    Subject.PERSON: "A caller who wants a person",
    Subject.CALLBACK: "A callback that is due",
    Subject.THREAD: "A text that needs a person",
    Subject.CLINICIAN: "A clinician is asked into a talk",
    Subject.SUPERVISOR: "Something has nobody",
}
_TO_MEND: Final = {
    GapKind.NO_RUNG: "no rung holds then: give one without hours and languages",
    GapKind.NOBODY_ON: "name a schedule on which somebody always is, or a role",
    GapKind.ONLY_TEXTS: 'a text alone wakes nobody: write how = ["call", "text"]',
}


def unreached(found: ReachGap, place: ZoneInfo) -> str:
    """From which hour on a policy reaches nobody, and what to do."""
    here = shown(found.starts, place)
    whom = "" if found.language is Language.EN else f" for callers who speak {LANGUAGES[found.language]}"
    rings = "rings nobody's phone" if found.kind is GapKind.ONLY_TEXTS else "reaches nobody"
    return f"it {rings} from {here:%A %Y-%m-%d %H:%M} on{whom}: {_TO_MEND[found.kind]}"


def named(who: str, names: Mapping[StaffId, str]) -> str:
    """Whom a rung names, as people say it."""
    kind, _, name = who.partition(":")
    match kind:
        case "schedule":
            return f"who is on {name}"
        case "next":
            return f"who is next on {name}"
        case "role":
            return f"every {name}"
        case _ if kind == EVERYONE:
            return "everybody on the staff"
        case _:
            return names.get(StaffId(name), "somebody who has left")


def how(rung: Rung) -> str:
    """How it rings, in a few words."""
    rings, texts = How.CALL in rung.how, How.TEXT in rung.how
    ways = "call and text" if rings and texts else "call" if rings else "text"
    return f"{ways}, {'all together' if rung.together else 'one after the other'}"


def when(rung: Rung) -> str:
    """When it holds; empty if it always does."""
    hours = ", ".join(str(one) for one in rung.hours)
    spoken = " or ".join(LANGUAGES[one] for one in rung.languages)
    return "; ".join(filter(None, (hours, f"for callers who speak {spoken}" if spoken else "")))


def lasting(duration: timedelta) -> str:
    """Such as "30 seconds", "2 minutes", "1.5 hours"."""
    for unit, name in ((timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute")):
        if duration >= unit and not duration % (unit / 2):
            number = f"{duration / unit:g}"
            return f"{number} {name}{'s' if number != '1' else ''}"
    seconds = f"{duration.total_seconds():g}"
    return f"{seconds} second{'s' if seconds != '1' else ''}"


def afterwards(policy: Policy, centre: Centre) -> tuple[str, ...]:
    """Where it goes if nobody answers, sentence by sentence."""
    last = f"The last rung on which anybody is repeats{_paused(policy)}, until somebody accepts."
    match policy.subject:
        case Subject.EMERGENCY:
            waits = centre.waits
            unpaged, unanswered = lasting(waits.self_dial_unpaged), lasting(waits.self_dial_unanswered)
            return (
                last,
                f"Whoever calls is not only waited for: after {unanswered}, or after {unpaged} if no page has left, "
                f"their own call rings everybody who is on for {lasting(waits.self_dial_ring)}, and then the failsafe "
                "number.",
                "Who texts is told at once to call 911; the board shows it until somebody has it.",
            )
        case Subject.ADMISSIONS | Subject.FAMILY | Subject.PERSON:
            if not centre.waits.live_answer:
                return ("Nobody holds the line here: every caller is offered a callback at once.",)
            return (
                f"After {lasting(centre.waits.live_answer)} the caller is offered a callback, and phones stop ringing.",
            )
        case Subject.CALLBACK:
            return (
                f"It goes back in line, and is rung for again{_paused(policy)}.",
                "Past its promise the supervisors are told by text, and rung along with the coordinators.",
            )
        case Subject.THREAD | Subject.SUPERVISOR:
            return (last,)
        case Subject.CLINICIAN:
            return (
                "Only clinicians are asked, and once. If none comes, whoever asked is told so in the talk.",
            )
        case Subject.HELP | Subject.TEST | Subject.SECOND:
            return (last,)
        case _:
            assert_never(policy.subject)


def _paused(policy: Policy) -> str:
    return f" after a pause of {lasting(policy.pause)}" if policy.pause else ""


def second(policy: Policy) -> str:
    """What happens once somebody has it, where two are to know; empty where one is enough."""
    if policy.acknowledge == 1:
        return ""
    return (
        "Two must know of it: once somebody has it, the others are asked on, by the same rungs and in silence between "
        "two rounds, until one of them says that they know it. It stays with whoever took it."
    )
