"""Callers and texters of every kind, who hang up at every point, and answer when they are rung back, or don't."""

from __future__ import annotations

from collections.abc import Callable

from tests.chaos.centre import LINE
from tests.chaos.people import Person
from tests.chaos.stage import Script, until

EMERGENCY_TEXTS = (
    "he is not breathing please help",
    "overdose",
    "she won't wake up",
    "i want to kill myself tonight",
    "1",
)
LINE_TEXTS = (
    "2",
    "3",
    "i need help to get clean",
    "my son uses heroin and i don't know what to do",
    "call me please",
)
OTHER_TEXTS = ("hello", "??", "STATUS", "NOW", "LATER", "what do you do there", "thank you", "HELP")
WISHES = ("STATUS", "NOW", "LATER", "tomorrow 9 am")
_HOLDS = 90.0


def _menu(person: Person, **how: object) -> Script:
    """Call, and listen until the menu can be answered."""
    yield from until(lambda: person.phone.call is None, 30)
    if not person.tries("calls", person.phone.calls, LINE, **how):
        return
    yield from until(lambda: person.phone.in_call, 10)
    yield person.between(0.3, 3)


def _holds(person: Person, gives_up: float | None = None, later: float = 0.0) -> Script:
    """Hold until somebody is there and talk; or give up, or (with this probability) take a call back."""
    since = len(person.phone.heard)
    patience = gives_up if gives_up is not None else _HOLDS
    asks_later = person.chance(later)
    if asks_later:
        patience = person.between(3, 15)
    yield from until(lambda: not person.phone.in_call or person.talks_now(), patience)
    if person.talks_now():
        yield from _talks(person)
        return
    if gives_up is not None or (not asks_later and not person.phone.in_call):
        person.hangs_up()
        return
    if asks_later:
        person.presses("4")
    yield from _dialogue(person, since)


def _dialogue(person: Person, since: int) -> Script:
    """This number or another, message, text: answered or left in the middle."""
    for question in (
        "For a call at this number",
        "safe to leave a message",
        "safe to text",
        "as soon as we can",
    ):
        asked = yield from person.hears(question, 12, since)
        if person.talks_now():
            yield from _talks(person)
            return
        if not person.phone.in_call or person.chance(0.12):
            person.hangs_up()
            return
        if asked:
            yield person.between(0.2, 2)
            person.presses(
                "4" if question.startswith(("For a call", "as soon")) else person.dice.choice("45")
            )
    yield from until(lambda: not person.phone.in_call or person.talks_now(), 25)
    if person.talks_now():
        yield from _talks(person)
        return
    person.hangs_up()


def _talks(person: Person) -> Script:
    yield from person.talks_until(person.between(2.5, 9))
    if person.phone.in_call and (not person.talks_now() or person.dice.random() < 0.8):
        # Left alone they hear that they may stay, or hang up.
        yield person.between(0.0, 1.5)
        person.hangs_up()
        return
    yield from until(lambda: not person.phone.in_call, 30)
    person.hangs_up()


# --- kinds of contact ------------------------------------------------------------------------------------------


def emergency(person: Person) -> Script:
    yield from _menu(person)
    person.presses("1")
    yield from _holds(person)


def emergency_gone(person: Person) -> Script:
    yield from _menu(person)
    person.presses("1")
    yield person.between(0, 7)
    person.hangs_up()


def emergency_again(person: Person) -> Script:
    yield from emergency_gone(person)
    yield person.between(0.5, 6)
    yield from emergency(person)


def emergency_text(person: Person) -> Script:
    words = person.dice.choice(EMERGENCY_TEXTS)
    person.tries(f"texts {words!r}", person.phone.texts, LINE, words)
    yield person.between(2, 10)
    if person.chance(0.4):
        person.tries("texts again", person.phone.texts, LINE, "please hurry")


def _line(key: str, later: float, gives_up: bool = False) -> Callable[[Person], Script]:
    def kind(person: Person) -> Script:
        yield from _menu(person)
        person.presses(key)
        yield from _holds(person, person.between(0, 18) if gives_up else None, later)

    return kind


def silent(person: Person) -> Script:
    yield from _menu(person)
    yield from until(lambda: not person.phone.in_call or person.talks_now(), person.between(5, 70))
    if person.talks_now():
        yield from _talks(person)
    person.hangs_up()


def fumbling(person: Person) -> Script:
    yield from _menu(person)
    for _ in range(person.dice.randint(1, 4)):
        person.presses(person.dice.choice("68#*59"))
        yield person.between(0.5, 4)
    person.presses(person.dice.choice("023"))
    yield from _holds(person, later=0.3)


def speaking(person: Person) -> Script:
    yield from _menu(person)
    words = person.dice.choice(
        ("I need treatment", "my daughter uses", "a person please", "he is not breathing")
    )
    person.tries(f"says {words!r}", person.phone.says, words)
    yield from _holds(person, later=0.3)


def gone_at_once(person: Person) -> Script:
    yield from until(lambda: person.phone.call is None, 30)
    person.tries("calls", person.phone.calls, LINE)
    yield person.between(0, 4)
    person.hangs_up()


def withheld(person: Person) -> Script:
    yield from _menu(person, withheld=True)
    person.presses(person.dice.choice("0123"))
    yield from _holds(person, person.between(2, 25) if person.chance(0.4) else None)


def asks_by_text(person: Person) -> Script:
    person.tries("texts", person.phone.texts, LINE, person.dice.choice(LINE_TEXTS))
    yield person.between(2, 6)
    person.tries("texts 4 or 5", person.phone.texts, LINE, person.dice.choice("445"))
    yield person.between(2, 20)
    if person.chance(0.3):
        wish = person.dice.choice(WISHES)
        person.tries(f"texts {wish}", person.phone.texts, LINE, wish)


def writes(person: Person) -> Script:
    for _ in range(person.dice.randint(1, 3)):
        words = person.dice.choice(OTHER_TEXTS)
        person.tries(f"texts {words!r}", person.phone.texts, LINE, words)
        yield person.between(1, 8)


def twice(person: Person) -> Script:
    """Asks for a call, and calls again a moment later."""
    yield from _line("2", 0.8)(person)
    yield person.between(1, 20)
    if person.phone.call is None:
        yield from _line(person.dice.choice("230"), 0.3)(person)


KINDS: dict[str, tuple[Callable[[Person], Script], int]] = {
    "emergency": (emergency, 8),
    "emergency_gone": (emergency_gone, 6),
    "emergency_again": (emergency_again, 3),
    "emergency_text": (emergency_text, 4),
    "admissions": (_line("2", 0.0), 14),
    "admissions_later": (_line("2", 1.0), 12),
    "admissions_gone": (_line("2", 0.0, gives_up=True), 8),
    "family": (_line("3", 0.3), 7),
    "family_gone": (_line("3", 0.0, gives_up=True), 3),
    "person": (_line("0", 0.3), 5),
    "silent": (silent, 4),
    "fumbling": (fumbling, 4),
    "speaking": (speaking, 5),
    "gone_at_once": (gone_at_once, 3),
    "withheld": (withheld, 3),
    "asks_by_text": (asks_by_text, 6),
    "writes": (writes, 3),
    "twice": (twice, 4),
}


# --- being rung back -------------------------------------------------------------------------------------------


def answers(person: Person) -> Script:
    """Whoever has called may be rung back: they answer, most of the time."""
    while True:
        yield from until(lambda: person.phone.ringing, 3600)
        if not person.phone.ringing:
            continue
        if person.chance(0.12):  # not there
            yield from until(lambda: not person.phone.ringing, 40)
            continue
        yield person.between(0.5, 4)
        if person.chance(0.08):
            person.tries("declines", person.phone.decline)
            continue
        since = len(person.phone.heard)
        if not person.tries("answers", person.phone.answer):
            continue
        if person.chance(0.06):
            yield person.between(0, 3)
            person.hangs_up()
            continue
        yield from _rung_back(person, since)


def _rung_back(person: Person, since: int) -> Script:
    def asked() -> bool:
        return person.has_heard("press 1", since)

    yield from until(lambda: not person.phone.in_call or person.talks_now() or asked(), 15)
    if asked() and not person.talks_now():
        yield person.between(0.2, 2)
        person.presses("3" if person.chance(0.05) else "1")
        yield from until(lambda: not person.phone.in_call or person.talks_now(), 60)
    if person.talks_now():
        yield from _talks(person)
    person.hangs_up()
