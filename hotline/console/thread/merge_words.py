"""What merging two cases would do, in words; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from hotline.callbacks.merging import ToldSafe
from hotline.console.language.dates import clock
from hotline.console.language.speech import Words, gettext
from hotline.console.page_words import CALLBACKS, LANGUAGES
from hotline.model import Channel, ContactId, Line, Outcome, PhoneNumber
from hotline.operations.texts.merge_plan import CaseSide, MergePlan, NotMerged
from hotline.operations.texts.merged_cases import MergedCase

REFUSED: Final[Mapping[NotMerged, str]] = Words(
    {
        NotMerged.SAME: "They are one case already.",
        NotMerged.HELD: "A colleague has one of the two callbacks. Ask them to put it back first, or to merge them.",
        NotMerged.RUNNING: "One of them is being called, or how that call ended is not said yet. Do that first.",
        NotMerged.LATER: "Something was merged with them since. Undo that first.",
        NotMerged.OVER: "That is undone already.",
    }
)
"""Why nothing was done."""
_WAYS: Final = Words({Channel.VOICE: "call", Channel.TEXT: "text thread", Channel.WEBSITE: "website form"})
_IN_DANGER: Final = Words({Channel.VOICE: "emergency call", Channel.TEXT: "emergency text thread"})
_NOT: Final = Words({"message": "no message", "text": "no text"})


def ending(number: PhoneNumber | None) -> str:
    """As much of a number as tells two apart."""
    if number is None:
        return gettext("number withheld")
    return gettext("number that ends in %(digits)s", digits=number.e164[-2:])


def shorts(
    cases: Sequence[MergedCase], own: MergedCase, place: ZoneInfo, now: datetime
) -> dict[ContactId, str]:
    """Each of these beside the page's own case: call of 14:05. Two of one minute are told apart by the second, and two
    of one second by their reference."""
    everyone = (*cases, own)
    told = {one.contact: _short(one, clock(one.at, place, now)) for one in everyone}
    for one in _alike(everyone, told):
        told[one.contact] = _short(one, f"{clock(one.at, place, now)}:{one.at.astimezone(place):%S}")
    for one in _alike(everyone, told):
        told[one.contact] += f", {gettext('Ref %(ref)s', ref=one.contact[:4].upper())}"
    return {one.contact: told[one.contact] for one in cases}


def _short(one: MergedCase, time: str) -> str:
    ways = _IN_DANGER if one.line is Line.EMERGENCY else _WAYS
    return gettext("%(way)s of %(time)s", way=ways[one.channel], time=time)


def _alike(several: Sequence[MergedCase], told: Mapping[ContactId, str]) -> list[MergedCase]:
    often = Counter(told.values())
    return [one for one in several if often[told[one.contact]] > 1]


def consequences(plan: MergePlan, place: ZoneInfo, now: datetime) -> list[str]:
    """What becomes of what they wait for, of what is safe, and of what they asked of us."""
    return [
        *_owed(plan, place, now),
        *_safe(plan),
        *_stopped(plan, place, now),
        gettext(
            "Both pages show both. Threads, notes and records stay where they are, and an emergency stays as it "
            "is."
        ),
        gettext(
            "It can be undone on either page: both are as they were then, and what has happened since stays."
        ),
    ]


def _owed(plan: MergePlan, place: ZoneInfo, now: datetime) -> Iterator[str]:
    if plan.before is None or plan.after is None:
        yield gettext("Neither waits for a call.")
        return
    if plan.after.outcome is Outcome.ASKED_TO_STOP:
        yield gettext("Nobody is called any more: what they asked for was before they asked us to stop.")
        return
    what, by = CALLBACKS[plan.after.line], clock(plan.after.promised_at, place, now)
    if plan.before.other is None:
        yield gettext(
            "Their %(what)s stays, promised by %(by)s, to the %(ending)s.",
            what=what,
            by=by,
            ending=ending(plan.kept.number),
        )
        return
    yield gettext(
        "One callback stays: their %(what)s, promised by %(by)s. The other is closed as merged with it.",
        what=what,
        by=by,
    )
    if plan.before.other.language is not plan.after.language:
        yield gettext(
            "It stays in the language of the number that is called: whoever speaks %(language)s is rung for it, and "
            "not for %(other)s, which the other one was in.",
            language=LANGUAGES[plan.after.language],
            other=LANGUAGES[plan.before.other.language],
        )
    if plan.after.raised:
        yield gettext("It comes first, by what they said.")


def _safe(plan: MergePlan) -> Iterator[str]:
    for side, told in zip((plan.kept, plan.other), plan.told, strict=True):
        words = _not_safe(side, told)
        if words:
            yield gettext(
                "For the %(ending)s: %(words)s, as it was said of the other.",
                ending=ending(side.number),
                words=words,
            )
    if plan.before is None or plan.after is None or plan.before.other is None or not plan.after.is_open:
        return
    safe = {"message": plan.after.message_safe, "text": plan.after.text_safe}
    held = [what for what, allowed in safe.items() if not allowed]
    if held:
        yield gettext("For the callback that stays: %(what)s.", what=_and(held))


def _not_safe(side: CaseSide, told: ToldSafe) -> str:
    new = [
        what
        for what, was, now in (
            ("message", side.told.message, told.message),
            ("text", side.told.text, told.text),
        )
        if was is not now
    ]
    return _and(new)


def _and(several: list[str]) -> str:
    return f" {gettext('and')} ".join(_NOT[what] for what in several)


def _stopped(plan: MergePlan, place: ZoneInfo, now: datetime) -> Iterator[str]:
    if plan.stopped_at is not None:
        at = clock(plan.stopped_at, place, now)
        yield gettext("They asked for no calls and no texts at %(at)s: that holds for both numbers.", at=at)
    elif plan.opted_out_at is not None:
        yield gettext("They ended texts: that holds for both numbers.")
