"""What has happened since a caller began to call or text: the questions that ticks are made from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from hotline.simulator.page.cast import Cast

State = Mapping[str, Any]
NEVER = "~"
"""After every moment that a state can write."""


@dataclass(frozen=True)
class Story:
    """One caller's affair from `began` to `ended` (both as the state writes moments).

    `call` is the call it began with; a story that began with a text has none.
    """

    state: State
    cast: Cast
    caller: str
    began: str
    ended: str
    call: State | None = None

    @property
    def live(self) -> Story:
        """As long as the caller was on the line in the call that it began with."""
        over = self.call["ended_at"] if self.call else None
        return replace(self, ended=min(over or self.ended, self.ended))

    def within(self, moment: str | None) -> bool:
        return moment is not None and self.began <= moment < self.ended

    def pressed(self, keys: str) -> bool:
        """Has the caller pressed one of these keys in the call that it began with?"""
        return self.call is not None and self._keys(self.call["sid"], keys)

    def rang(self, role: str) -> bool:
        return any(True for _ in self._calls(self.cast.numbers(role)))

    def answered(self, role: str) -> bool:
        return any(call["answered_at"] for call in self._calls(self.cast.numbers(role)))

    def went_unanswered(self, role: str) -> bool:
        """Some of these telephones have rung, and none was answered before it stopped."""
        calls = list(self._calls(self.cast.numbers(role)))
        return any(call["ended_at"] for call in calls) and not any(call["answered_at"] for call in calls)

    def accepted(self, role: str) -> bool:
        """Has somebody with this role pressed 1 in an answered call?"""
        return any(self._keys(call["sid"], "1") for call in self._calls(self.cast.numbers(role)))

    def called_back(self) -> bool:
        """Has the caller answered a call of ours, and pressed 1?"""
        return any(self._keys(call["sid"], "1") for call in self._calls({self.caller}))

    def texted(self, *words: str) -> bool:
        """Has the caller sent one of these words as a whole text?"""
        return any(
            message["body"].strip().casefold() in words and self.within(message["created_at"])
            for message in self.state["messages"]
            if message["direction"] == "inbound" and message["from"] == self.caller
        )

    def talked(self, role: str) -> bool:
        """Has the caller heard somebody with this role, or been heard?"""
        people = self.cast.numbers(role)
        return self._heard({self.caller}, people) or self._heard(people, {self.caller})

    def _heard(self, listeners: Iterable[str], speakers: Iterable[str]) -> bool:
        return any(
            heard["by"] in set(speakers) and self.within(heard["at"])
            for phone in self.state["phones"]
            if phone["number"] in set(listeners)
            for heard in phone["heard"]
        )

    def _calls(self, numbers: Iterable[str]) -> Iterator[State]:
        """Calls to these telephones."""
        wanted = set(numbers)
        for call in self.state["calls"]:
            called = call["handset"] in wanted and call["direction"] != "inbound"
            if called and self.within(call["created_at"]):
                yield call

    def _keys(self, sid: str, keys: str) -> bool:
        return any(
            webhook["sid"] == sid and set(webhook["params"].get("Digits") or "") & set(keys)
            for webhook in self.state["webhooks"]
        )


Question = Callable[[Story], bool]


def stories(state: State, cast: Cast, since: str) -> list[Story]:
    """Every caller's affairs since then; a new call or first text ends the caller's older one.

    A text within a story belongs to it: one that comes after a call doesn't begin another, unless it is `2`.
    """
    found = []
    for caller in cast.callers:
        begun = sorted(_beginnings(state, caller.number), key=lambda one: one[0])
        found += [
            Story(state, cast, caller.number, began, ended, call)
            for (began, call), (ended, _) in pairwise([*begun, (NEVER, None)])
            if began >= since
        ]
    return found


def _beginnings(state: State, caller: str) -> Iterator[tuple[str, State | None]]:
    for call in state["calls"]:
        if call["direction"] == "inbound" and call["handset"] == caller:
            yield call["created_at"], call
    for message in state["messages"]:
        mine = message["direction"] == "inbound" and message["from"] == caller
        if mine and message["body"].strip().casefold() in ("2", "two"):
            yield message["created_at"], None
