"""What is said with an outcome: when an intake is, why somebody isn't admitted, to whom they were sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flask import request

from hotline.callbacks.follow_through import NotAdmittedReason
from hotline.console.language.speech import Words, gettext
from hotline.model import CallbackId, ContactId, Outcome
from hotline.operations.callbacks import booking
from hotline.operations.callbacks.booking import NOTHING_MORE, OutcomeDetails
from hotline.operations.transaction import Transaction

REASONS: Final[Mapping[NotAdmittedReason, str]] = Words(
    {
        NotAdmittedReason.NO_BED: "No bed or place now",
        NotAdmittedReason.MEDICAL_FIRST: "They need a hospital first",
        NotAdmittedReason.OTHER_LEVEL: "They need another kind of care",
        NotAdmittedReason.NOT_SERVED: "Their age, or where they live: others serve them",
        NotAdmittedReason.OTHER: "Another reason",
    }
)
"""Why somebody isn't admitted. By law never their medicine, a conviction, the substance, or how they are insured."""
_FARTHEST: Final = timedelta(days=90)
_LONGEST: Final = 300


def details(transaction: Transaction, outcome: Outcome) -> OutcomeDetails:
    """What the form says with this outcome. Raises ValueError, in words, for what can't be or must not be left out.

    To whom somebody was referred may stay unsaid, and when and where an intake is may be said later, if the
    form says so; why somebody isn't admitted, and with whom they were connected instead, may not.
    """
    match outcome:
        case Outcome.BOOKED_INTAKE:
            return _intake(transaction)
        case Outcome.REFERRED:
            to_whom = written("to_whom")
            if not to_whom and request.form.get("unsaid") != "yes":
                raise ValueError(gettext("Write to whom you referred them, or tick that it stays unsaid."))
            return OutcomeDetails(to_whom=to_whom, unsaid=not to_whom)
        case Outcome.NOT_ADMITTED:
            reason = next((one for one in REASONS if one.value == request.form.get("reason")), None)
            nobody = request.form.get("nobody") == "yes"
            to_whom, why = "" if nobody else written("connected"), written("why")
            if reason is None or not (why if nobody else to_whom):
                raise ValueError(
                    gettext(
                        "Choose why they are not admitted, and write with whom you connected them instead; if with "
                        "nobody, tick that, and write why."
                    )
                )
            return OutcomeDetails(reason=reason, to_whom=to_whom, why=why)
        case _:
            return NOTHING_MORE


def written(name: str) -> str:
    """What the form says in this place, as far as it is kept."""
    return request.form.get(name, "").strip()[:_LONGEST]


def _intake(transaction: Transaction) -> OutcomeDetails:
    starts, place = request.form.get("starts"), written("place")
    if not (starts and place) and request.form.get("unknown") != "yes":
        raise ValueError(
            gettext(
                "Write the day, the time and the place of the intake, or tick that they are not known yet."
            )
        )
    return OutcomeDetails(starts_at=intake_time(transaction) if starts else None, place=place)


def unsaid(
    transaction: Transaction, contact: ContactId, callback: CallbackId | None
) -> tuple[str, str] | None:
    """What nobody has said of the intake that was booked in this talk, and its anchor on the board."""
    booked = booking.standing(transaction, contact, callback)
    if booked is None or (booked.starts_at is not None and booked.place):
        return None
    if booked.place:
        words = gettext("Not known yet: its day and time.")
    elif booked.starts_at is not None:
        words = gettext("Not known yet: its place.")
    else:
        words = gettext("Not known yet: its day and time and its place.")
    return words, f"intake-{booked.id}"


def intake_time(transaction: Transaction) -> datetime:
    """When the intake is, as the form says, in UTC. Raises ValueError, in words, for what can't be, and for what is
    past unless the form says that this is right: whoever didn't come to it is called, so a slip would ring somebody."""
    try:
        at = datetime.fromisoformat(request.form.get("starts", ""))
    except ValueError:
        raise ValueError(gettext("Write the day and the time of the intake.")) from None
    at = at.replace(tzinfo=ZoneInfo(transaction.settings.centre.line.timezone)).astimezone(UTC)
    if at < transaction.now and request.form.get("past") != "yes":
        raise ValueError(gettext("That is past: is it right? If so, tick that it was then, and save again."))
    if abs(at - transaction.now) > _FARTHEST:
        raise ValueError(gettext("Choose a time of the intake within 90 days."))
    return at
