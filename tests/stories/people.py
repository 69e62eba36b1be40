"""People with telephones, in the words of a story."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hotline.simulator import Heard, NotPossible, Phone
from tests.stories.centre import LINE

if TYPE_CHECKING:
    from tests.stories.world import World

PATIENCE = 12
"""Seconds within which what follows from a key press must have happened, whatever befalls the application."""


@dataclass(repr=False)
class Person:
    """Somebody with a telephone. What they do takes a moment of the story's time."""

    world: World
    phone: Phone
    _heard_from: int = field(default=0, init=False)

    # --- what they do ------------------------------------------------------------------------------------------

    def calls(self, to: str = LINE, **how: Any) -> Person:
        """Call the hotline, and listen."""
        self._heard_from = len(self.phone.heard)
        self.phone.calls(to, **how)
        self.world.passes(1)
        return self

    def presses(self, keys: str) -> Person:
        """Press keys, and wait a moment."""
        self.phone.presses(keys)
        self.world.passes(0.5)
        return self

    def says(self, words: str, confidence: float = 0.9) -> Person:
        """Say something; the line comes back to us when they have been silent for a while."""
        self.phone.says(words, confidence)
        self.world.passes(0.5)
        return self

    def answers(self, within: float = PATIENCE) -> Person:
        """Pick up the telephone, which rings, or will within so many seconds."""
        self.world.until(lambda: self.rings, within)
        self._heard_from = len(self.phone.heard)
        self.phone.answer()
        self.world.passes(1)
        return self

    def declines(self) -> Person:
        """Reject the ringing call."""
        self.phone.decline()
        self.world.passes(0.5)
        return self

    def hangs_up(self) -> Person:
        """End the call."""
        self.phone.hangs_up()
        self.world.passes(0.5)
        return self

    def texts(self, body: str, to: str = LINE, **how: Any) -> Person:
        """Text the hotline."""
        self.phone.texts(to, body, **how)
        self.world.passes(1)
        return self

    # --- what they hear and read -------------------------------------------------------------------------------

    def hears(self, words: str, within: float = 30) -> Person:
        """These words are (or within so many seconds will be) spoken to them; whatever came before is forgotten."""
        since = self._heard_from
        heard: list[Heard] = []
        for _ in range(int(within * 2) + 1):
            heard = self.phone.heard[since:]
            for index, one in enumerate(heard):
                if words.lower() in one.text.lower():
                    self._heard_from = since + index
                    return self
            self.world.passes(0.5)
        raise AssertionError(f"{self.phone.label} did not hear {words!r} but {[h.text for h in heard]}")

    def has_heard(self, words: str) -> bool:
        """Whether these words were ever spoken to them."""
        return any(words.lower() in one.text.lower() for one in self.phone.heard)

    def reads(self, words: str, within: float = PATIENCE) -> Person:
        """A text with these words has come, or will within so many seconds."""
        self.world.until(lambda: self.has_read(words), within)
        return self

    def has_read(self, words: str) -> bool:
        """Whether a text with these words has come."""
        return any(words.lower() in one.body.lower() for one in self.phone.inbox)

    @property
    def last_text(self) -> str:
        """The newest text that came."""
        return self.phone.inbox[-1].body

    @property
    def rings(self) -> bool:
        """Whether their telephone rings."""
        return self.phone.ringing

    @property
    def in_call(self) -> bool:
        """Whether their line is open."""
        return self.phone.in_call

    # --- with whom they talk -----------------------------------------------------------------------------------

    def talks_with(self, *others: Person) -> bool:
        """Whether they hear each other, and nobody else."""
        return self.phone.talking_with == {other.phone.number for other in others}

    def meets(self, other: Person, within: float = PATIENCE) -> Person:
        """They talk with each other, and nobody else, within so many seconds."""
        self.world.until(lambda: self.talks_with(other) and other.talks_with(self), within)
        return self

    def leaves(self) -> Person:
        """Hang up if there is anything to hang up."""
        try:
            self.phone.hangs_up()
        except NotPossible:
            return self
        self.world.passes(0.5)
        return self
