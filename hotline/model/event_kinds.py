"""Which lines of the timeline others hear of, and under which names."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hotline.model.kept_words import TimelineWord

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        TimelineWord.CALLBACK_OPENED.value: "callback.opened",
        TimelineWord.CALLBACK_TAKEN.value: "callback.taken",
        TimelineWord.PROMISE_BROKEN.value: "callback.late",
        TimelineWord.OUTCOME.value: "callback.outcome",
        TimelineWord.OUTCOME_UNDONE.value: "callback.outcome_undone",
        TimelineWord.CALLBACK_CLOSED.value: "callback.closed",
        TimelineWord.REACHING.value: "page.opened",
        TimelineWord.ACCEPTED.value: "page.accepted",
        TimelineWord.EMERGENCY_RAISED.value: "emergency.raised",
        TimelineWord.EMERGENCY_CLOSED.value: "emergency.closed",
        TimelineWord.EMERGENCY_REOPENED.value: "emergency.reopened",
        TimelineWord.THREAD_CLOSED.value: "thread.closed",
        TimelineWord.THREAD_REOPENED.value: "thread.reopened",
        TimelineWord.INTAKE_TOLD.value: "intake.booked",
        TimelineWord.INTAKE_CAME.value: "intake.came",
        TimelineWord.INTAKE_MISSED.value: "intake.missed",
        TimelineWord.INTAKE_CANCELLED.value: "intake.cancelled",
        TimelineWord.INTAKE_UNMARKED.value: "intake.undone",
        TimelineWord.FOLLOW_UP_AGREED.value: "follow_up.agreed",
        TimelineWord.FOLLOW_UP_DECLINED.value: "follow_up.declined",
        TimelineWord.HAND_OFF_JOINED.value: "hand_off.joined",
        TimelineWord.OPTED_OUT.value: "caller.opted_out",
        TimelineWord.OPTED_IN.value: "caller.opted_in",
    }
)
"""By the timeline's word. docs/events.md tells what each means; a name that is there keeps its meaning."""

WITH_DETAIL: Final = frozenset({"callback.outcome", "page.opened"})
"""Whose line's detail is a word of ours: an outcome, or what somebody is paged for."""
