"""What comes after a talk: whether a booked intake was come to, and a call some days after an emergency. Pure.

Every datetime is aware; what is said on the centre's wall is reckoned in its zone.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from hotline.callbacks.daytime import Zones, in_daytime
from hotline.model import KeptWord

SOON: Final = timedelta(hours=48)
"""Of intakes within it 72 % were kept, of later ones 50 to 53 % (Stasiewicz and Stalker, n = 128)."""
_EARLY: Final = timedelta(hours=1)
_ASKED_FROM: Final = time(8)
_ASKED_UNTIL: Final = time(14)
"""On the day after an intake: while it is day enough to call those who didn't come."""
FOLLOWED_UP_AFTER: Final = timedelta(hours=24)
FOLLOWED_UP_BEFORE: Final = timedelta(hours=72)
"""After the emergency was closed. Of callers followed up after a suicidal contact 90.6 % said that the call kept them
safe (Gould 2018, n = 550)."""


class NotAdmittedReason(KeptWord):
    """Why somebody isn't admitted: 105 CMR 164.070 asks for a log of denials, reasons and referrals."""

    NO_BED = "no_bed"
    MEDICAL_FIRST = "medical_first"
    """They need a hospital first."""
    OTHER_LEVEL = "other_level"
    """They need another kind of care than is given here."""
    NOT_SERVED = "not_served"
    """Their age or where they live: others serve them."""
    OTHER = "other"


def is_soon(asked_at: datetime, starts_at: datetime) -> bool:
    """Whether an intake is within 48 hours after they asked; one that was before that isn't."""
    return timedelta(0) <= starts_at - asked_at <= SOON


def asked_from(starts_at: datetime, place: tzinfo) -> datetime:
    """When somebody is asked whether they came: on the next day of the centre's."""
    return _day_after(starts_at, _ASKED_FROM, place)


def may_have_come(starts_at: datetime, now: datetime) -> bool:
    """Whether somebody may stand at the desk for it: people come early."""
    return now >= starts_at - _EARLY


def asked_until(starts_at: datetime, place: tzinfo) -> datetime:
    """When it is a callback if nobody has said that they came."""
    return _day_after(starts_at, _ASKED_UNTIL, place)


def _day_after(at: datetime, hour: time, place: tzinfo) -> datetime:
    day: date = at.astimezone(place).date() + timedelta(days=1)
    return datetime.combine(day, hour, tzinfo=place).astimezone(at.tzinfo)


class FollowUpFlaw(StrEnum):
    """Why somebody can't be followed up at that time."""

    TOO_SOON = "too_soon"
    TOO_LATE = "too_late"
    AT_NIGHT = "at_night"


def follow_up_flaw(at: datetime, closed_at: datetime, now: datetime, zones: Zones) -> FollowUpFlaw | None:
    """Why not, or None: the time is 24 to 72 hours after the emergency was closed, and day where they live.

    Who agrees only when that is almost over is called within a day.
    """
    if at < max(now, closed_at + FOLLOWED_UP_AFTER):
        return FollowUpFlaw.TOO_SOON
    if at > max(closed_at + FOLLOWED_UP_BEFORE, now + timedelta(days=1)):
        return FollowUpFlaw.TOO_LATE
    return None if in_daytime(at, zones) == at else FollowUpFlaw.AT_NIGHT


def proposed_time(closed_at: datetime, now: datetime, zones: Zones) -> datetime:
    """A time that fits: the first whole hour of their day."""
    at = max(now, closed_at + FOLLOWED_UP_AFTER)
    whole = at.replace(minute=0, second=0, microsecond=0)
    return in_daytime(whole if whole == at else whole + timedelta(hours=1), zones)
