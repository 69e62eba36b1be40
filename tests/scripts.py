"""The rules as conversations (see tests/playbook.py): `Call` and `Thread` with the flow, `Paging` with an escalation,
`Promise` with a callback."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from hotline.callbacks import callback_moves as callbacks
from hotline.callbacks.callback import Callback
from hotline.callbacks.promise import CallbackPlan
from hotline.model import Channel, EscalationId, Language, PhoneNumber, StaffId
from hotline.oncall import escalation_moves as escalations
from hotline.oncall.escalation import Escalation, People, open_escalation
from hotline.oncall.policy import Policy
from hotline.triage import flow
from hotline.triage.contact import Contact, ContactState
from hotline.triage.facts import Facts
from hotline.triage.turn import Rest, Spoken
from tests.playbook import Playbook

MIA: Final = PhoneNumber("+16175550142")
TEXT_STATES: Final = frozenset(state for state in ContactState if state.value.startswith("text_"))
OURS: Final = PhoneNumber("+16175550100")


class Call(Playbook):
    """A call of Mia's, from the menu or wherever it stands: what we say, what we ask for, what follows on the line.

    A prompt is written as its key alone where its values don't matter. That nothing follows (`Rest`) is not written.
    """

    channel = Channel.VOICE

    def __init__(self, state: ContactState = ContactState.MENU, **contact: Any) -> None:
        super().__init__()
        self._first = Contact(self.channel, state, **{"caller": MIA, **contact})
        self.begin()

    def begin(self) -> None:
        """She has called a line that speaks every language; nothing else is true yet."""
        self._contact = self._first
        self._facts = Facts(our_number=OURS, languages=tuple(Language))

    def given(self, facts: dict[str, Any]) -> None:
        """From here on."""
        self._facts = replace(self._facts, **facts)

    def happens(self, event: Any) -> Sequence[Any]:
        """One turn."""
        turn = flow.step(self._contact, event, self._facts)
        assert turn.contact.channel is self.channel
        self._contact = turn.contact
        return [*turn.say, *turn.requests, *(() if turn.then == Rest() else (turn.then,))]

    @property
    def subject(self) -> Contact:
        """The contact."""
        return self._contact

    def matches(self, written: Any, brought: Any) -> bool:
        """A prompt also by its key, if it is said in the contact's own language."""
        if isinstance(written, str):
            return isinstance(brought, Spoken) and brought.prompt == written and brought.language is None
        return super().matches(written, brought)

    def line(self, brought: Any) -> str:
        """Prompts are quoted."""
        if isinstance(brought, Spoken):
            values = "".join(f" {name}={value}" for name, value in brought.values)
            spoken = "" if brought.language is None else f" ({brought.language})"
            return f'"{brought.prompt}"{values}{spoken}'
        return f'"{brought}"' if isinstance(brought, str) else super().line(brought)


class Thread(Call):
    """The same by text."""

    channel = Channel.TEXT

    def __init__(self, state: ContactState = ContactState.TEXT_MENU, **contact: Any) -> None:
        super().__init__(state, **contact)


@dataclass(frozen=True, slots=True)
class At:
    """It happens so many seconds after the beginning."""

    second: int
    event: Any

    def __str__(self) -> str:
        return f"{self.second} s: {self.event}"


OPENED: Final = datetime(2025, 3, 4, 17, 0, tzinfo=UTC)
"""When whatever is told of in seconds began: noon in Boston, on an ordinary Tuesday."""


class Paging(Playbook):
    """An escalation under this policy: who is paged, called off and told. `Given(on=..., busy=...)` are the people."""

    def __init__(self, policy: Policy, on: Mapping[str, tuple[StaffId, ...]], *busy: StaffId) -> None:
        super().__init__()
        self._first = open_escalation(EscalationId("e"), policy, OPENED), People(on, frozenset(busy))
        self.begin()

    def begin(self) -> None:
        """It has been written down."""
        self._escalation, self._people = self._first

    def given(self, facts: dict[str, Any]) -> None:
        """Who is on, and who is busy, from here on."""
        self._people = replace(self._people, **facts)

    def happens(self, event: At) -> Sequence[Any]:
        """At its second."""
        now = OPENED + timedelta(seconds=event.second)
        self._escalation, asks = escalations.step(self._escalation, event.event, self._people, now)
        return asks

    @property
    def subject(self) -> Escalation:
        """The escalation."""
        return self._escalation

    def field(self, name: str) -> Any:
        """Of the escalation; `looks_again` is the second at which the clock looks again."""
        if name == "looks_again":
            due = self._escalation.next_at
            return None if due is None else int((due - OPENED).total_seconds())
        return super().field(name)


class Becomes:
    """These fields of a callback change, and no others."""

    def __init__(self, **changed: Any) -> None:
        self.changed = changed

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Becomes) and other.changed == self.changed

    __hash__ = None  # type: ignore[assignment]  # it is compared, and kept nowhere

    def __str__(self) -> str:
        return "becomes " + ", ".join(f"{name}={self.changed[name]!s}" for name in sorted(self.changed))


class Promise(Playbook):
    """A callback under this plan: what changes of it. An event of which nothing is written changes nothing."""

    def __init__(self, callback: Callback, plan: CallbackPlan) -> None:
        super().__init__()
        self._first, self._plan = callback, plan
        self.begin()

    def begin(self) -> None:
        """As it was."""
        self._callback = self._first

    def given(self, facts: dict[str, Any]) -> None:
        """A callback is told nothing but its plan."""
        raise TypeError(f"a callback knows no facts: {facts}")

    def happens(self, event: At) -> Sequence[Any]:
        """At its second."""
        before = self._callback
        self._callback = callbacks.step(
            before, event.event, OPENED + timedelta(seconds=event.second), self._plan
        )
        names = [one.name for one in fields(Callback)]
        changed = {name: self.field(name) for name in names if getattr(before, name) != self.field(name)}
        return [Becomes(**changed)] if changed else []

    @property
    def subject(self) -> Callback:
        """The callback."""
        return self._callback
