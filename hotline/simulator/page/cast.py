"""Who is on the page: people who may need help, and the staff who are called for them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

CALLER, STAFF, LINE, STRANGER = "caller", "staff", "line", "stranger"


@dataclass(frozen=True)
class PretendCaller:
    """Somebody who calls the line; `withheld` hides the number in calls, though never in texts."""

    number: str
    name: str
    withheld: bool = False

    @property
    def role(self) -> str:
        return "Number hidden" if self.withheld else "Caller"


@dataclass(frozen=True)
class PretendMember:
    """Somebody on the staff, or whose phone the hotline rings beside them, with the role that the page shows."""

    number: str
    name: str
    role: str = "Staff"
    calls_in: bool = True
    """They are staff, who call the line for what waits."""


@dataclass(frozen=True)
class Cast:
    """Everybody on the page. `line` is the number to call; `console` is the staff's own page, if any."""

    line: str
    callers: tuple[PretendCaller, ...]
    staff: tuple[PretendMember, ...]
    console: str = ""

    @property
    def handsets(self) -> tuple[PretendCaller | PretendMember, ...]:
        return (*self.callers, *self.staff)

    @property
    def teams(self) -> tuple[tuple[PretendMember, ...], ...]:
        """The staff by role, in the order given; those who are alone in their role stand together."""
        roles = Counter(one.role for one in self.staff)
        teams: dict[str, list[PretendMember]] = {}
        for one in self.staff:
            teams.setdefault(one.role if roles[one.role] > 1 else "", []).append(one)
        return tuple(tuple(team) for team in teams.values())

    def name(self, number: str) -> str:
        """Whose number this is, in words; a stranger is shown by the number itself."""
        if number == self.line:
            return "the hotline"
        return next((one.name for one in self.handsets if one.number == number), shown(number))

    def kind(self, number: str) -> str:
        """On which side of the page somebody stands, for who is heard from there."""
        if number == self.line:
            return LINE
        if any(one.number == number for one in self.callers):
            return CALLER
        return STAFF if any(one.number == number for one in self.staff) else STRANGER

    def numbers(self, role: str) -> frozenset[str]:
        """The telephones of a role, written in any case."""
        return frozenset(one.number for one in self.staff if one.role.casefold() == role)

    def first_names(self, role: str) -> str:
        """`Ana's or Ben's`, for sentences on the page: two are enough; empty if nobody has the role."""
        names = [one.name.split()[0] for one in self.staff if one.role.casefold() == role][:2]
        return " or ".join(f"{name}’s" for name in names)


def shown(number: str) -> str:
    """A North American number as people write it, and as the hotline's own texts do; any other as it is."""
    if len(number) == 12 and number.startswith("+1") and number[1:].isdigit():
        return f"{number[2:5]}-{number[5:8]}-{number[8:]}"
    return number


def caller_of(given: str, *, withheld: bool = False) -> PretendCaller:
    """`NUMBER=NAME`. Raises ValueError where either is missing."""
    number, _, name = given.partition("=")
    if not number or not name:
        raise ValueError(f"NUMBER=NAME is needed, not {given!r}")
    return PretendCaller(number, name, withheld)


def member_of(given: str, *, calls_in: bool = True) -> PretendMember:
    """`NUMBER=NAME:ROLE`. Raises ValueError where one of them is missing."""
    number, _, rest = given.partition("=")
    name, _, role = rest.partition(":")
    if not number or not name or not role:
        raise ValueError(f"NUMBER=NAME:ROLE is needed, not {given!r}")
    return PretendMember(number, name, role, calls_in)
