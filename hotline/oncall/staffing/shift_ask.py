"""What people ask of each other about their shifts: to swap, to be covered, to fill a hole.

    open ── yes ──▶ taken ── before it begins ──▶ undone
      │ everybody said no ──▶ declined
      │ whoever asked takes it back ──▶ withdrawn
      └ it has begun, or isn't so any more ──▶ over

A swap is asked of one colleague, who is the only one to say yes; for the others the first yes wins.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hotline.model import KeptWord, StaffId
from hotline.oncall.schedule import Change, ChangeKind


class AskKind(KeptWord):
    """What is asked."""

    SWAP = "swap"
    """A colleague has this shift, and gives one of theirs for it, or nothing."""
    COVER = "cover"
    """Anybody who can has this shift."""
    HOLE = "hole"
    """Anybody who can is on when nobody is, or too few are."""


class AskState(KeptWord):
    """Where it stands."""

    OPEN = "open"
    TAKEN = "taken"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    OVER = "over"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Shift:
    """Some time on a schedule; both ends aware."""

    schedule: str
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftAsk:
    """Something that is asked, and what has come of it. Every datetime is UTC."""

    id: str
    kind: AskKind
    shift: Shift
    asked_at: datetime
    asked_by: StaffId | None = None
    """None: from the command line."""
    person: StaffId | None = None
    """Whose shift it is; None: nobody's."""
    colleague: StaffId | None = None
    """Who is asked to swap."""
    back: Shift | None = None
    """What the colleague gives for it."""
    need: str | None = None
    """For which need a hole is to be filled."""
    state: AskState = AskState.OPEN
    decided_by: StaffId | None = None
    """Who has taken it, withdrawn it or taken it back."""
    decided_at: datetime | None = None
    version: int = 0

    @property
    def begins(self) -> datetime:
        """When the first of what it is about begins: from then on it can't be undone."""
        return min(self.shift.starts, self.back.starts) if self.back is not None else self.shift.starts

    def changes(self, taker: StaffId, now: datetime) -> tuple[tuple[str, Change], ...]:
        """What changes of which schedule when they take it at `now`: of what has begun, the rest."""
        return tuple(
            (shift.schedule, _change(taker if shift is self.shift else self.person, of, shift, now))
            for shift, of in ((self.shift, self.person), (self.back, taker))
            if shift is not None
        )


def _change(person: StaffId | None, instead_of: StaffId | None, shift: Shift, now: datetime) -> Change:
    if person is None:
        raise ValueError("nobody takes it")
    return Change(
        kind=ChangeKind.INSTEAD if instead_of is not None else ChangeKind.ON,
        person=person,
        starts=max(shift.starts, now),
        ends=shift.ends,
        instead_of=instead_of,
    )
