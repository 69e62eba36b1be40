"""People with telephones: what each of them did, heard and with whom they talked, for the audit and the story."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from hotline.simulator import NotPossible, Phone
from tests.chaos.stage import Script, until


@dataclass
class Talk:
    """Who was heard by whom, from when to when."""

    began: datetime
    ended: datetime
    others: frozenset[str]

    @property
    def lasted(self) -> timedelta:
        return self.ended - self.began


@dataclass
class Mood:
    """Shared by everybody: as long as the day is wild, people do anything; then they do what they are asked to."""

    wild: bool = True


@dataclass(eq=False)
class Person:
    """Somebody with a telephone, and dice of their own."""

    phone: Phone
    dice: Random
    mood: Mood
    kind: str = ""
    did: list[tuple[datetime, str]] = field(default_factory=list)
    talks: list[Talk] = field(default_factory=list)

    @property
    def number(self) -> str:
        return self.phone.number

    def notes(self, what: str) -> None:
        """A line of their story."""
        self.did.append((datetime.now(UTC), what))

    def tries(self, what: str, act: Callable[..., Any], *how: Any, **more: Any) -> bool:
        """Do it if the telephone lets them; whether it did."""
        try:
            act(*how, **more)
        except NotPossible:
            return False
        self.notes(what)
        return True

    def presses(self, keys: str) -> bool:
        return self.tries(f"presses {keys}", self.phone.presses, keys)

    def hangs_up(self) -> bool:
        return self.tries("hangs up", self.phone.hangs_up)

    def chance(self, probability: float) -> bool:
        """Whether the dice say so, in a wild mood; never in a calm one."""
        return self.dice.random() < probability and self.mood.wild

    def between(self, shortest: float, longest: float) -> float:
        return self.dice.uniform(shortest, longest)

    def hears(self, words: str, within: float, since: int) -> Generator[float, None, bool]:
        """Whether these words begin to be spoken to them within so many seconds, in this call."""
        call = self.phone.call

        def heard() -> bool:
            return self.phone.call is not call or self.has_heard(words, since)

        yield from until(heard, within)
        return self.has_heard(words, since)

    def has_heard(self, words: str, since: int) -> bool:
        return any(words.lower() in one.text.lower() for one in self.phone.heard[since:])

    def talks_now(self) -> bool:
        return bool(self.phone.talking_with)

    def talks_until(self, seconds: float) -> Script:
        """Talk for so long, or until the other side is gone."""
        yield from until(lambda: not self.phone.in_call or not self.talks_now(), seconds)


def watch(people: dict[str, Person]) -> Script:
    """See who talks with whom, all the time."""
    talking: dict[str, Talk] = {}
    while True:
        now = datetime.now(UTC)
        for number, person in list(people.items()):
            others = frozenset(person.phone.talking_with) if person.phone.call is not None else frozenset()
            running = talking.get(number)
            if running is not None and running.others != others:
                person.did.append((now, f"no longer talks with {', '.join(sorted(running.others))}"))
                del talking[number]
                running = None
            if others and running is None:
                running = talking[number] = Talk(now, now, others)
                person.talks.append(running)
                person.notes(f"talks with {', '.join(sorted(others))}")
            if running is not None:
                running.ended = now
        yield 0.1
