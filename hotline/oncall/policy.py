"""Escalation policies as data: whom to reach, how, for how long, and whom next.

One written form serves operators' TOML and the copy that is stored with each escalation.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hotline.durations import parse_duration, written_duration
from hotline.model import How, Language, Role, StaffId, Subject, is_known, is_lenient, leniently
from hotline.oncall.week_hours import Hours, parse_hours

EVERYONE: Final = "everyone"
"""Among those whom a rung names: everybody on the staff who can be rung, on duty or not."""
_KINDS: Final = ("schedule", "next", "role", "staff")
_KNOWN_BY_TWO: Final = (Subject.EMERGENCY, Subject.THREAD)
"""What stays with somebody until they close it. All else is over with a talk or a key: a second would know too late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One step of a policy. Raises ValueError, in an operator's words, for one that would reach nobody."""

    who: tuple[str, ...]
    """Each `schedule:NAME`, `next:NAME` (who is on that schedule after those who are on it now), `role:NAME`,
    `staff:ID` or `everyone`, in the order in which they are asked."""
    how: tuple[How, ...]
    together: bool
    """All at once; else one after the other, each for `wait`."""
    wait: timedelta
    """How long anybody has before the next person or rung is tried."""
    hours: tuple[Hours, ...] = ()
    """At which hours of the week it holds, by the centre's clock; at all of them if there are none."""
    languages: tuple[Language, ...] = ()
    """For callers of which languages it holds; for all of them if there are none."""

    def __post_init__(self) -> None:
        if not self.who:
            raise ValueError('who: name at least one, such as ["schedule:clinicians"]')
        for named in self.who:
            _check_named(named)
        if not self.how or len(set(self.how)) != len(self.how):
            raise ValueError('how: write ["call"], ["text"] or ["call", "text"]')
        if self.wait <= timedelta(0):
            raise ValueError("wait: must be longer than nothing")

    @property
    def ways(self) -> tuple[How, ...]:
        """How they are paged: in the ways that this version knows, and by call if it knows none of them."""
        return tuple(filter(is_known, self.how)) or (How.CALL,)

    def holds(self, now: datetime, place: ZoneInfo, language: Language | None) -> bool:
        """Whether it holds at `now` (aware) for a caller of this language; None: it is not known yet."""
        by_hours = not self.hours or any(one.hold(now, place) for one in self.hours)
        return by_hours and (not self.languages or language is None or language in self.languages)


def _check_named(named: str) -> None:
    if named == EVERYONE:
        return
    kind, _, name = named.partition(":")
    if kind not in _KINDS or not name.strip():
        raise ValueError(
            f"who: {named!r} must be schedule:NAME, next:SCHEDULE, role:NAME, staff:NAME or everyone"
        )
    if kind == "role" and name == Role.TRAINEE:
        raise ValueError("who: a trainee looks on, and is never rung")
    if kind == "role" and name not in tuple(Role):
        known = ", ".join(one for one in Role if one is not Role.TRAINEE)
        raise ValueError(f"who: there is no role {name!r}; use one of {known}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Whom to reach for a subject, rung by rung; the last one repeats. Raises ValueError without any rung."""

    subject: Subject
    rungs: tuple[Rung, ...]
    pause: timedelta
    """Quiet time before the last rung is repeated; none for emergencies."""
    acknowledge: int = 1
    """How many must know of it: whoever has it; with 2, one more, who has nothing else to do about it."""

    def __post_init__(self) -> None:
        if self.acknowledge not in (1, 2):
            raise ValueError("acknowledge: write 1, or 2 if a second person must know of it")
        if self.acknowledge > 1 and self.subject not in (*_KNOWN_BY_TWO, Subject.SECOND):
            them = " and ".join(_KNOWN_BY_TWO)
            raise ValueError(
                f"acknowledge: only {them} stay with somebody so long that a second can know of it; leave it out"
            )
        if not self.rungs:
            raise ValueError("rung: a policy needs at least one")
        if self.pause < timedelta(0):
            raise ValueError("pause: must not be less than nothing")
        if self.subject is Subject.EMERGENCY and self.pause:
            raise ValueError("pause: an emergency has none")

    @property
    def named(self) -> tuple[str, ...]:
        """Every schedule, role and person that it names, once each: what has to be resolved for it."""
        return self.named_but(())

    def passed(self, now: datetime, place: ZoneInfo, language: Language | None) -> frozenset[int]:
        """Which rungs don't hold at `now` (aware) for a caller of this language (None: it is not known): by index."""
        return frozenset(
            index for index, rung in enumerate(self.rungs) if not rung.holds(now, place, language)
        )

    def named_but(self, passed: Collection[int]) -> tuple[str, ...]:
        """The same as `named`, without what only rungs name that are passed."""
        held = (rung for index, rung in enumerate(self.rungs) if index not in passed)
        return tuple(dict.fromkeys(named for rung in held for named in rung.who))

    @property
    def is_urgent(self) -> bool:
        """Whether somebody's phone must ring for it: a text alone wakes nobody."""
        return self.subject is Subject.EMERGENCY

    @property
    def longest_wait(self) -> timedelta:
        """How long it is at most from one page to the next, as long as somebody is looked for."""
        return max(rung.wait for rung in self.rungs) + self.pause


ROUND_PAUSE = timedelta(seconds=60)
"""Where nobody is holding the line, phones are silent this long between two rounds."""

_COORDINATORS = "schedule:coordinators"
_CLINICIANS = "schedule:clinicians"
_SUPERVISORS = "schedule:supervisors"
_RING = timedelta(seconds=30)
_TO_SUPERVISE = timedelta(minutes=2)
_SUPERVISE_AGAIN = timedelta(minutes=15)
"""Nobody waits on the line for it: it rings on, and drives nobody mad."""
READ_WITHIN = timedelta(minutes=2)
"""A text's promise, if the centre has given none of its own."""


def _ring(*who: str, how: tuple[How, ...] = (How.CALL,), wait: timedelta = _RING) -> Rung:
    return Rung(who=who, how=how, together=True, wait=wait)


def default_policy(
    subject: Subject, pause: timedelta = ROUND_PAUSE, read_within: timedelta = READ_WITHIN
) -> Policy:
    """What holds for a subject when the centre has given no policy of its own.

    `pause` counts where nobody holds the line (callbacks and texts); while a caller holds there is none.
    `read_within`: how soon a person is promised to read a text. Past it, phones ring, and supervisors' too. Raises
    ValueError for help, for a test page, which has a `test_policy`, and for a `second_policy`.
    """
    both = (How.CALL, How.TEXT)
    none = timedelta(0)
    match subject:
        case Subject.EMERGENCY:
            everybody = _ring(_CLINICIANS, _SUPERVISORS, _COORDINATORS, how=both)
            return Policy(subject=subject, rungs=(_ring(_CLINICIANS, how=both), everybody), pause=none)
        case Subject.PERSON:
            rungs = (_ring(_COORDINATORS), _ring(_COORDINATORS, _SUPERVISORS))
            return Policy(subject=subject, rungs=rungs, pause=none)
        case Subject.ADMISSIONS | Subject.FAMILY:
            return Policy(subject=subject, rungs=(_ring(_COORDINATORS), _ring(_COORDINATORS)), pause=none)
        case Subject.CALLBACK:
            return Policy(subject=subject, rungs=(_ring(_COORDINATORS), _ring(_COORDINATORS)), pause=pause)
        case Subject.THREAD:
            texts = (
                _ring(_COORDINATORS, how=(How.TEXT,), wait=read_within),
                _ring(_SUPERVISORS, _COORDINATORS, how=both, wait=read_within),
            )
            return Policy(subject=subject, rungs=texts, pause=pause)
        case Subject.CLINICIAN:
            return clinician_policy(default_policy(Subject.EMERGENCY))
        case Subject.SUPERVISOR:
            rungs = (
                _ring(_SUPERVISORS, how=both, wait=_TO_SUPERVISE),
                _ring(_SUPERVISORS, "role:supervisor", "role:admin", how=both, wait=_TO_SUPERVISE),
            )
            return Policy(subject=subject, rungs=rungs, pause=_SUPERVISE_AGAIN)
        case Subject.HELP:
            raise ValueError("help goes by the policy of the emergency that it is asked for")
        case Subject.TEST:
            raise ValueError("a test page names whom it tests")
        case Subject.SECOND:
            raise ValueError("whoever is to know, too, is asked by the rungs of what they are to know of")


def test_policy(person: StaffId, wait: timedelta) -> Policy:
    """One person is called and texted, and again after each `wait`, until somebody ends it."""
    rung = _ring(f"staff:{person}", how=(How.CALL, How.TEXT), wait=wait)
    return Policy(subject=Subject.TEST, rungs=(rung,), pause=timedelta(0))


def clinician_policy(emergency: Policy, passed: Collection[int] = ()) -> Policy:
    """Whom to ask into a talk: whoever is on for emergencies, once each and by call. Only clinicians are asked.

    `passed`: the rungs that don't hold; if none does, everybody whom they name is asked."""
    first = emergency.rungs[0]
    who = emergency.named_but(passed) or emergency.named
    rung = Rung(who=who, how=(How.CALL,), together=first.together, wait=first.wait)
    return Policy(subject=Subject.CLINICIAN, rungs=(rung,), pause=timedelta(0))


def second_policy(of: Policy) -> Policy:
    """Whom to ask to know of what somebody has: by the rungs by which that one was found.

    Nobody waits for it, so phones are silent for a while between two rounds.
    """
    return Policy(subject=Subject.SECOND, rungs=of.rungs, pause=max(of.pause, ROUND_PAUSE))


def late_policy(pause: timedelta = ROUND_PAUSE) -> Policy:
    """For a callback past its promise: supervisors are rung along with the coordinators."""
    return Policy(subject=Subject.CALLBACK, rungs=(_ring(_COORDINATORS, _SUPERVISORS),), pause=pause)


_RUNG: Final = ("who", "how", "together", "wait", "hours", "languages")
_POLICY: Final = ("subject", "pause", "acknowledge", "rung")


def to_json(policy: Policy) -> dict[str, object]:
    """The policy as plain data, without what is as usual; `from_json` reads it back to the same value."""
    written: dict[str, object] = {"subject": str(policy.subject), "pause": written_duration(policy.pause)}
    if policy.acknowledge != 1:
        written["acknowledge"] = policy.acknowledge
    return {**written, "rung": [_rung_out(rung) for rung in policy.rungs]}


def _rung_out(rung: Rung) -> dict[str, object]:
    written: dict[str, object] = {
        "who": list(rung.who),
        "how": [str(how) for how in rung.how],
        "together": rung.together,
        "wait": written_duration(rung.wait),
    }
    if rung.hours:
        written["hours"] = [str(one) for one in rung.hours]
    if rung.languages:
        written["languages"] = [str(one) for one in rung.languages]
    return written


def as_kept(data: Mapping[str, object]) -> Policy:
    """A policy that was kept, perhaps by a later version: keys that this one doesn't know are passed over, and words
    are unknown ones. Raises ValueError for what is no policy at all."""
    return leniently(lambda: from_json(data))


def from_json(data: Mapping[str, object]) -> Policy:
    """Read a policy from plain data, TOML's included.

    Without a `pause` it has none for emergencies and else `ROUND_PAUSE`. Raises ValueError, which names the
    key and says what to write.
    """
    _refuse_unknown(data, _POLICY)
    try:
        subject = Subject(str(data.get("subject")))
    except ValueError:
        raise ValueError(f"subject: use one of {', '.join(Subject)}") from None
    rungs = data.get("rung")
    if not isinstance(rungs, list):
        raise ValueError("rung: a policy needs at least one")
    usual = timedelta(0) if subject is Subject.EMERGENCY else ROUND_PAUSE
    pause = _duration("pause", data["pause"]) if "pause" in data else usual
    acknowledge = data.get("acknowledge", 1)
    if not isinstance(acknowledge, int) or isinstance(acknowledge, bool):
        raise ValueError("acknowledge: write 1, or 2 if a second person must know of it")
    return Policy(subject=subject, rungs=tuple(map(parse_rung, rungs)), pause=pause, acknowledge=acknowledge)


def parse_rung(data: object) -> Rung:
    """Read one rung, `together` being true if not given. Raises ValueError as `from_json`."""
    if not isinstance(data, Mapping):
        raise ValueError("rung: must be a table with who, how, together and wait")
    _refuse_unknown(data, _RUNG)
    how = _words("how", data.get("how"))
    unknown = next((word for word in how if word not in tuple(How)), None)
    if unknown is not None and not is_lenient():
        raise ValueError(f"how: {unknown!r} must be call or text")
    together = data.get("together", True)
    if not isinstance(together, bool):
        raise ValueError("together: write true or false")
    return Rung(
        who=_words("who", data.get("who")),
        how=tuple(map(How, how)),
        together=together,
        wait=_duration("wait", data.get("wait")),
        hours=tuple(map(_hours, _words("hours", data.get("hours", ())))),
        languages=_languages(_words("languages", data.get("languages", ()))),
    )


def _hours(written: str) -> Hours:
    try:
        return parse_hours(written)
    except ValueError as wrong:
        raise ValueError(f"hours: {wrong}") from None


def _languages(written: tuple[str, ...]) -> tuple[Language, ...]:
    unknown = next((word for word in written if word not in tuple(Language)), None)
    if unknown is not None and not is_lenient():
        raise ValueError(f"languages: {unknown!r} is not known; use {', '.join(Language)}")
    return tuple(map(Language, dict.fromkeys(written)))


def _refuse_unknown(data: Mapping[str, object], known: tuple[str, ...]) -> None:
    unknown = next((key for key in data if key not in known), None)
    if unknown is not None and not is_lenient():
        raise ValueError(f"{unknown}: is not a key here; use {', '.join(known)}")


def _words(key: str, written: object) -> tuple[str, ...]:
    if not isinstance(written, list | tuple) or not all(isinstance(word, str) for word in written):
        raise ValueError(f"{key}: must be a list of words in quotes")
    return tuple(written)


def _duration(key: str, written: object) -> timedelta:
    try:
        return parse_duration(written)
    except ValueError as wrong:
        raise ValueError(f"{key}: {wrong}") from None
