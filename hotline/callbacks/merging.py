"""Two callbacks of one person become one, and are given back as they were if that was a mistake.

Theory of operation
-------------------
Two numbers called, or one number for two things, and staff know that one person waits for both calls. Then one callback
stays, to the number that staff choose, and the other is closed with the outcome *merged*:

    who comes first    the one that stays has the higher line, the earlier promise, and every repeat contact of both;
                       whoever is raised in one of them stays raised. So merging puts nobody further back.
    when               with the earlier promise comes what was wished about it: a time of theirs, or day and night.
    attempts           as many as the one that was tried less often: nobody loses an attempt by it.
    what is safe       only what is safe in both: no message and no text where one of them said so, or was not asked.
    who asked to stop  what they had asked for before that is over with it; if both are, the one that stays is closed.

Giving back compares field by field: what merging has changed and nothing has changed since goes back, and what has
happened since stays (an attempt, an owner, another time, an outcome). That phones of ours rang for it is nothing that
has happened to them: each has its own time again. The other one waits again as it waited then. So
merging and giving back at once changes nothing (`tests/rules/test_merging.py` proves it), and nobody is owed less
afterwards than if the two had never been merged.

If only one of the two cases waits for a call, only the last two hold for it.

What is merged waits: whoever has it has put it back. An emergency is never merged, for only a human closes
it, nor is a call to which somebody agreed for a day to come.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from hotline.callbacks.callback import Callback, CallbackKind, CallbackStatus
from hotline.callbacks.promise import RANK
from hotline.model import Line, Outcome

_PLAIN: Final = (
    "line",
    "opened_at",
    "promised_at",
    "message_safe",
    "text_safe",
    "wanted_now",
    "asked_later",
    "raised",
    "kind",
)
"""What goes back by itself if nothing has changed it since."""
_PLACE: Final = ("status", "due_at", "owner", "lease_until", "outcome")
"""What goes back together, or not at all: where it stands."""
_UNTRIED: Final = ("opened_at", "promised_at", "attempts", "repeats", "wanted_now", "asked_later")
"""What something has changed by now, if anybody has called them, has said something of it, or has asked again."""


@dataclass(frozen=True, slots=True)
class ToldSafe:
    """What somebody has said of their telephone; None: they have not said."""

    message: bool | None = None
    text: bool | None = None


@dataclass(frozen=True, slots=True)
class BeforeMerging:
    """Both callbacks as they waited; or the only one there is."""

    kept: Callback
    other: Callback | None
    stopped_at: datetime | None = None
    """When one of their numbers had asked us to stop (UTC), if it had."""
    told: ToldSafe = ToldSafe()
    """What was said elsewhere of what is safe: a no in it holds for the one that stays."""


def can_be_merged(callback: Callback) -> bool:
    """Whether a callback waits, and is one that may be merged with another."""
    ordinary = callback.line is not Line.EMERGENCY and callback.kind is not CallbackKind.FOLLOW_UP
    return ordinary and callback.status is CallbackStatus.WAITING


def merge(before: BeforeMerging) -> tuple[Callback, Callback | None]:
    """The one that stays, and the other. Raises ValueError for two that can't be merged."""
    kept, other = before.kept, before.other
    both = [one for one in (kept, other) if one is not None]
    if not all(map(can_be_merged, both)) or len({one.id for one in both}) < len(both):
        raise ValueError("both must wait for an ordinary call")
    closed = other
    if other is not None:
        closed = replace(other, status=CallbackStatus.CLOSED, due_at=None, outcome=Outcome.MERGED)
    wanted = [one for one in both if _is_wanted(one, before.stopped_at)]
    if not wanted:
        return replace(kept, status=CallbackStatus.CLOSED, due_at=None, outcome=Outcome.ASKED_TO_STOP), closed
    stays = _both(kept, other, wanted) if other is not None else kept
    return _as_told(stays, before.told), closed


def _is_wanted(callback: Callback, stopped_at: datetime | None) -> bool:
    return stopped_at is None or callback.opened_at > stopped_at


def _both(kept: Callback, other: Callback, wanted: list[Callback]) -> Callback:
    first = min(wanted, key=lambda one: one.promised_at)
    dues = [one.due_at for one in wanted if one.due_at is not None]
    return replace(
        kept,
        line=min((one.line for one in wanted), key=RANK.__getitem__),
        opened_at=min(one.opened_at for one in wanted),
        promised_at=first.promised_at,
        due_at=min(dues, default=None),
        attempts=min(one.attempts for one in wanted),
        repeats=kept.repeats + other.repeats + 1,
        message_safe=kept.message_safe and other.message_safe,
        text_safe=kept.text_safe and other.text_safe,
        wanted_now=first.wanted_now,
        asked_later=first.asked_later,
        raised=kept.raised or other.raised,
        kind=CallbackKind.ASKED if CallbackKind.ASKED in {one.kind for one in wanted} else first.kind,
    )


def unmerge(now: Callback, before: BeforeMerging) -> tuple[Callback, Callback | None]:
    """The one that stayed, as it is `now`, without what came of the merging; and the other, which waits again.

    Raises ValueError if `now` is not the one that stayed.
    """
    if now.id != before.kept.id:
        raise ValueError("this is another callback")
    merged, _ = merge(before)
    back: dict[str, Any] = {name: _back(name, now, merged, before.kept) for name in _PLAIN}
    if _waits_as_before(now, merged):
        back |= {name: getattr(before.kept, name) for name in _PLACE}
    repeats = max(0, before.kept.repeats + now.repeats - merged.repeats)
    # Whoever has asked again since has every attempt again, whatever was tried before.
    anew = now.attempts < merged.attempts
    attempts = now.attempts if anew else before.kept.attempts + now.attempts - merged.attempts
    return replace(now, repeats=repeats, attempts=attempts, **back), before.other


def _waits_as_before(now: Callback, merged: Callback) -> bool:
    """Whether nothing has happened to it since but that phones of ours rang for it: that moves nobody's time."""
    if all(getattr(now, name) == getattr(merged, name) for name in _PLACE):
        return True
    waits = now.owner is None and now.status in (CallbackStatus.WAITING, CallbackStatus.RINGING)
    return waits and all(getattr(now, name) == getattr(merged, name) for name in _UNTRIED)


def _back(name: str, now: Callback, merged: Callback, before: Callback) -> object:
    stands = getattr(now, name)
    return getattr(before, name) if stands == getattr(merged, name) else stands


def _as_told(callback: Callback, told: ToldSafe) -> Callback:
    """The callback, heeding a no that was said elsewhere."""
    return replace(
        callback,
        message_safe=callback.message_safe and told.message is not False,
        text_safe=callback.text_safe and told.text is not False,
    )


def stricter(own: ToldSafe, others: Iterable[ToldSafe]) -> ToldSafe:
    """What holds for a telephone whose owner was asked elsewhere, too: a no of theirs is a no here. A yes said of
    another telephone says nothing of this one."""
    told = [own, *others]
    return ToldSafe(
        message=False if any(one.message is False for one in told) else own.message,
        text=False if any(one.text is False for one in told) else own.text,
    )
