"""Escalation policies as data: whom to reach, how, for how long, and whom next.

One written form serves operators' TOML and the copy that is stored with each escalation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from hotline.durations import parse_duration, written_duration
from hotline.model import How, Role, StaffId, Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One step of a policy. Raises ValueError, in an operator's words, for one that would reach nobody."""

    who: tuple[str, ...]
    """Each `schedule:NAME`, `role:NAME` or `staff:ID`, in the order in which they are asked."""
    how: tuple[How, ...]
    together: bool
    """All at once; else one after the other, each for `wait`."""
    wait: timedelta
    """How long anybody has before the next person or rung is tried."""

    def __post_init__(self) -> None:
        if not self.who:
            raise ValueError('who: name at least one, such as ["schedule:clinicians"]')
        for named in self.who:
            _check_named(named)
        if not self.how or len(set(self.how)) != len(self.how):
            raise ValueError('how: write ["call"], ["text"] or ["call", "text"]')
        if self.wait <= timedelta(0):
            raise ValueError("wait: must be longer than nothing")


def _check_named(named: str) -> None:
    kind, _, name = named.partition(":")
    if kind not in ("schedule", "role", "staff") or not name.strip():
        raise ValueError(f"who: {named!r} must be schedule:NAME, role:NAME or staff:NAME")
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

    def __post_init__(self) -> None:
        if not self.rungs:
            raise ValueError("rung: a policy needs at least one")
        if self.pause < timedelta(0):
            raise ValueError("pause: must not be less than nothing")
        if self.subject is Subject.EMERGENCY and self.pause:
            raise ValueError("pause: an emergency has none")

    @property
    def named(self) -> tuple[str, ...]:
        """Every schedule, role and person that it names, once each: what has to be resolved for it."""
        return tuple(dict.fromkeys(named for rung in self.rungs for named in rung.who))

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
    ValueError for a test page, which has a `test_policy`.
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
        case Subject.TEST:
            raise ValueError("a test page names whom it tests")


def test_policy(person: StaffId, wait: timedelta) -> Policy:
    """One person is called and texted, and again after each `wait`, until somebody ends it."""
    rung = _ring(f"staff:{person}", how=(How.CALL, How.TEXT), wait=wait)
    return Policy(subject=Subject.TEST, rungs=(rung,), pause=timedelta(0))


def clinician_policy(emergency: Policy) -> Policy:
    """Whom to ask into a talk: whoever is on for emergencies, once each and by call. Only clinicians are asked."""
    first = emergency.rungs[0]
    rung = Rung(who=emergency.named, how=(How.CALL,), together=first.together, wait=first.wait)
    return Policy(subject=Subject.CLINICIAN, rungs=(rung,), pause=timedelta(0))


def late_policy(pause: timedelta = ROUND_PAUSE) -> Policy:
    """For a callback past its promise: supervisors are rung along with the coordinators."""
    return Policy(subject=Subject.CALLBACK, rungs=(_ring(_COORDINATORS, _SUPERVISORS),), pause=pause)


def to_json(policy: Policy) -> dict[str, object]:
    """The policy as plain data, which `from_json` reads back to the same value."""
    rungs = [
        {
            "who": list(rung.who),
            "how": [str(how) for how in rung.how],
            "together": rung.together,
            "wait": written_duration(rung.wait),
        }
        for rung in policy.rungs
    ]
    return {"subject": str(policy.subject), "pause": written_duration(policy.pause), "rung": rungs}


def from_json(data: Mapping[str, object]) -> Policy:
    """Read a policy from plain data, TOML's included.

    Without a `pause` it has none for emergencies and else `ROUND_PAUSE`. Raises ValueError, which names the
    key and says what to write.
    """
    _refuse_unknown(data, ("subject", "pause", "rung"))
    subjects = {str(subject): subject for subject in Subject}
    subject = subjects.get(str(data.get("subject")))
    if subject is None:
        raise ValueError(f"subject: use one of {', '.join(subjects)}")
    rungs = data.get("rung")
    if not isinstance(rungs, list):
        raise ValueError("rung: a policy needs at least one")
    usual = timedelta(0) if subject is Subject.EMERGENCY else ROUND_PAUSE
    pause = _duration("pause", data["pause"]) if "pause" in data else usual
    return Policy(subject=subject, rungs=tuple(map(parse_rung, rungs)), pause=pause)


def parse_rung(data: object) -> Rung:
    """Read one rung, `together` being true if not given. Raises ValueError as `from_json`."""
    if not isinstance(data, Mapping):
        raise ValueError("rung: must be a table with who, how, together and wait")
    _refuse_unknown(data, ("who", "how", "together", "wait"))
    how = _words("how", data.get("how"))
    unknown = next((word for word in how if word not in tuple(How)), None)
    if unknown is not None:
        raise ValueError(f"how: {unknown!r} must be call or text")
    together = data.get("together", True)
    if not isinstance(together, bool):
        raise ValueError("together: write true or false")
    return Rung(
        who=_words("who", data.get("who")),
        how=tuple(map(How, how)),
        together=together,
        wait=_duration("wait", data.get("wait")),
    )


def _refuse_unknown(data: Mapping[str, object], known: tuple[str, ...]) -> None:
    unknown = next((key for key in data if key not in known), None)
    if unknown is not None:
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
