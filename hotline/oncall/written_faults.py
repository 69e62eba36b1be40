"""Everything that is wrong in a policy, a schedule's plan or a need as they are written: whoever mends a file mends it
once. Their readers stop at the first fault; here each key is read in the place of a sound one's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from hotline.model import StaffId, Subject
from hotline.oncall import policy, written_schedule
from hotline.oncall.staffing.needs import need_from_json

_RUNG: Final = MappingProxyType({"who": ["everyone"], "how": ["call"], "wait": "30s"})
_ROTATION: Final = MappingProxyType(
    {"turns": [StaffId("somebody")], "every": "1d", "starts": "2026-11-30T07:00:00"}
)
_NEED: Final = MappingProxyType({"name": "a need", "line": "person"})


def of_policy(given: Mapping[str, Any], wrong: ValueError) -> list[str]:
    """`wrong`: what its reader said, which is among them."""
    subject = given.get("subject")
    sound = {
        "subject": subject if subject in list(Subject) else Subject.PERSON.value,
        "rung": [dict(_RUNG)],
    }
    found = list(_each(policy.from_json, {key: one for key, one in given.items() if key != "rung"}, sound))
    return _all([*found, *_listed(policy.parse_rung, given.get("rung"), _RUNG, "rung")], wrong)


def of_plan(plan: Mapping[str, Any], wrong: ValueError) -> list[str]:
    """Of a schedule's: its holidays, and each rotation."""

    def read(one: Mapping[str, Any]) -> object:
        return written_schedule.from_json("one", "UTC", (), one)

    rest = {key: one for key, one in plan.items() if key != "rotation"}
    rotations = _listed(
        written_schedule.parse_rotation, plan.get("rotation"), _ROTATION, "rotation", numbered=True
    )
    return _all([*_each(read, rest, {}), *rotations], wrong)


def of_need(given: Mapping[str, Any], wrong: ValueError) -> list[str]:
    """The same."""
    return _all([*_each(need_from_json, given, _NEED), *_lacking(need_from_json, given, _NEED)], wrong)


def _listed(
    read: Callable[[Any], object],
    several: object,
    sound: Mapping[str, Any],
    name: str,
    *,
    numbered: bool = False,
) -> Iterator[str]:
    """Of each of these; which one it is, is said where there are more of them."""
    if not isinstance(several, list):
        return
    for number, one in enumerate(several, start=1):
        where = f"{name} {number}: " if numbered or len(several) > 1 else ""
        if isinstance(one, Mapping):
            yield from (f"{where}{what}" for what in (*_each(read, one, sound), *_lacking(read, one, sound)))
        else:
            yield from (f"{where}{what}" for what in _refused(read, one))


def _each(read: Callable[[Any], object], given: Mapping[str, Any], sound: Mapping[str, Any]) -> Iterator[str]:
    for key, one in given.items():
        yield from _refused(read, {**sound, key: one})


def _lacking(
    read: Callable[[Any], object], given: Mapping[str, Any], sound: Mapping[str, Any]
) -> Iterator[str]:
    for key in (one for one in sound if one not in given):
        yield from _refused(read, {name: one for name, one in sound.items() if name != key})


def _refused(read: Callable[[Any], object], given: object) -> Iterator[str]:
    try:
        read(given)
    except ValueError as wrong:
        yield str(wrong)


def _all(found: list[str], wrong: ValueError) -> list[str]:
    """Each once. What comes of two keys together is only what the reader said."""
    first = str(wrong)
    known = any(one == first or one.endswith(f": {first}") for one in found)
    return list(dict.fromkeys(found if known else [first, *found]))
