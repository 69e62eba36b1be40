"""A script language for tests of rules: what happens, what is said and asked for, what happens next.

    assert (
        Call()
        >> Began()
        << "first_words" << "menu" << Listen(Wait.MENU)
        >> Pressed("4")
        << "getting_person" << Reach(Subject.PERSON) << Listen(Wait.BRIEF)
        >> Given(ring_over=True)                      # what is true from here on
        >> Silent() << ...                            # whatever this brings
        << Stands(state=State.CHOOSE_NUMBER)
    )

A script is played when it is asserted. Nothing is left out: what the rule brings and the script does not name fails,
in its order, as does what the script names and the rule does not bring; the message is the whole conversation, as a
diff. A script that no `assert` has played fails its test (`unplayed`, which tests/conftest.py asks after each test).
The language is that of the Playbook of mitmproxy's tests, for rules instead of protocols.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from difflib import ndiff
from types import EllipsisType
from typing import Any, Self

_unplayed: list[Playbook] = []


def unplayed() -> list[str]:
    """The scripts of this test that nobody has asserted, as they were written. They are forgotten then."""
    found = [script.written() for script in _unplayed]
    _unplayed.clear()
    return found


class Given:
    """From here on these facts are different."""

    def __init__(self, **facts: Any) -> None:
        self.facts = facts

    def __repr__(self) -> str:
        return f"Given({_named(self.facts)})"


class Stands:
    """After what has just happened, these fields have these values."""

    def __init__(self, **fields: Any) -> None:
        self.fields = fields

    def __repr__(self) -> str:
        return f"Stands({_named(self.fields)})"


class Unchanged(Stands):
    """What has just happened came late, or twice: it has changed nothing at all."""

    def __init__(self) -> None:
        super().__init__(unchanged=True)


class Playbook(ABC):
    """One conversation with a rule. A subclass says what the rule is, and what it brings."""

    def __init__(self) -> None:
        self._script: list[tuple[Any, list[Any]]] = []
        _unplayed.append(self)

    @abstractmethod
    def begin(self) -> None:
        """Forget everything that has been played: the rule stands as at first."""

    @abstractmethod
    def happens(self, event: Any) -> Sequence[Any]:
        """Let this happen, and return what the rule brings, in its order."""

    @abstractmethod
    def given(self, facts: dict[str, Any]) -> None:
        """Change what the rule is told beside the event."""

    @property
    @abstractmethod
    def subject(self) -> Any:
        """What the rule decides about, as it stands now."""

    def field(self, name: str) -> Any:
        """One field of it."""
        return getattr(self.subject, name)

    def matches(self, written: Any, brought: Any) -> bool:
        """Whether this is what the script means: it is equal, or of the class that is named."""
        if isinstance(written, type):
            return isinstance(brought, written)
        return bool(written == brought)

    def line(self, brought: Any) -> str:
        """One thing, as the conversation shows it."""
        if isinstance(brought, EllipsisType):
            return "..."
        return brought.__name__ if isinstance(brought, type) else str(brought)

    def __rshift__(self, event: Any) -> Self:
        """Next, this happens (or: from here on this is `Given`)."""
        if self not in _unplayed:
            _unplayed.append(self)
        self._script.append((event, []))
        return self

    def __lshift__(self, written: Any) -> Self:
        """It brings this, or all of a list of these; `...` is anything, or nothing."""
        if not self._script or isinstance(self._script[-1][0], Given):
            raise TypeError(f"{self.line(written)}: nothing has happened that could bring it")
        self._script[-1][1].extend(written if isinstance(written, list) else [written])
        return self

    def __bool__(self) -> bool:
        """Play it. Raises AssertionError, with the whole conversation, if it goes otherwise."""
        if self in _unplayed:
            _unplayed.remove(self)
        self.begin()
        wanted: list[str] = []
        came: list[str] = []
        for event, written in self._script:
            wanted.append(f">> {event}")
            came.append(f">> {event}")
            if isinstance(event, Given):
                self.given(event.facts)
                continue
            brought = self._played(event, came)
            fine, shown = self._compared(written, brought)
            came += shown
            wanted += shown if fine else self._shown(written, brought)
        if wanted != came:
            raise AssertionError(
                "the conversation went otherwise (- as written, + as it went)\n" + _diff(wanted, came)
            )
        return True

    def written(self) -> str:
        """The script itself."""
        return "\n".join(
            line
            for event, written in self._script
            for line in (f">> {event}", *(f"   << {self.line(one)}" for one in written))
        )

    def _played(self, event: Any, came: list[str]) -> Sequence[Any]:
        self._before = self.subject
        try:
            return self.happens(event)
        except Exception as error:
            error.add_note("in this conversation:\n" + "\n".join(came))
            raise

    def _compared(self, written: list[Any], brought: Sequence[Any]) -> tuple[bool, list[str]]:
        """Whether all is as written, and what came, line by line; fields are shown where the script names them."""
        stood = [self._field(one) for one in written if isinstance(one, Stands)]
        outputs = [one for one in written if not isinstance(one, Stands)]
        fine = self._follows(outputs, brought) and all(was == now for was, now in stood)
        return fine, [*(f"   << {self.line(one)}" for one in brought), *(f"   << {now}" for _, now in stood)]

    def _follows(self, written: Sequence[Any], brought: Sequence[Any]) -> bool:
        if not written:
            return not brought
        first, *others = written
        if isinstance(first, EllipsisType):
            return any(self._follows(others, brought[at:]) for at in range(len(brought) + 1))
        return bool(brought) and self.matches(first, brought[0]) and self._follows(others, brought[1:])

    def _shown(self, written: list[Any], brought: Sequence[Any]) -> list[str]:
        """What was wanted, in the words of what came wherever that is meant: only what differs is in the diff."""
        left = list(brought)
        shown = []
        for one in written:
            if isinstance(one, Stands):
                continue
            meant = next((other for other in left if self.matches(one, other)), None)
            if meant is not None:
                left.remove(meant)
            shown.append(f"   << {self.line(one if meant is None else meant)}")
        return [*shown, *(f"   << {self._field(one)[0]}" for one in written if isinstance(one, Stands))]

    def _field(self, stands: Stands) -> tuple[str, str]:
        if isinstance(stands, Unchanged):
            return repr(stands), repr(Stands(unchanged=self._before == self.subject))
        now = {name: self.field(name) for name in stands.fields}
        was = {name: now[name] if now[name] == value else value for name, value in stands.fields.items()}
        return repr(Stands(**was)), repr(Stands(**now))


def _named(values: dict[str, Any]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in values.items())


def _diff(wanted: list[str], came: list[str]) -> str:
    """All lines of both, without ndiff's lines of question marks."""
    return "\n".join(line for line in ndiff(wanted, came) if not line.startswith("?"))
