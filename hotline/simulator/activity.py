"""What a leg can be busy with."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .calls import Call


class Activity(ABC):
    """One thing that a leg does. It ends by itself, by `stop` or by `leg_gone`, and only once."""

    @abstractmethod
    def start(self) -> None:
        """Begin; called once."""

    @abstractmethod
    def stop(self) -> None:
        """Something else takes over this leg: leave without a word to the application."""

    def leg_gone(self) -> None:
        """The telephone at the end of this leg is gone."""
        self.stop()

    def key(self, digit: str) -> bool:
        """A key was pressed; False if nobody listened. Outside of a Gather keys are lost."""
        return False

    def speech(self, words: str, confidence: float) -> bool:
        """Something was said; False if no machine listened."""
        return False

    def partners(self) -> tuple[Call, ...]:
        """The legs whose people hear this one's and are heard by it."""
        return ()
