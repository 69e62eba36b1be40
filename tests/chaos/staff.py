"""Staff who accept, decline, don't answer, let a machine answer, hang up in the middle, and text."""

from __future__ import annotations

import re

from tests.chaos.centre import LINE
from tests.chaos.people import Person
from tests.chaos.stage import Script, until

_QUESTIONS = ("how did it end", "is this emergency closed", "to close the emergency")
NOBODY = "7"
_REFERENCE = re.compile(r"[Rr]ef ([0-9A-Z]+)")


def works(person: Person) -> Script:
    """One telephone on shift."""
    while True:
        yield from until(lambda: person.phone.ringing, 3600)
        if not person.phone.ringing:
            continue
        if person.chance(0.12):
            yield from until(lambda: not person.phone.ringing, 60)
            continue
        yield person.between(0.5, 3.5)
        if person.chance(0.05):
            person.tries("rejects the call", person.phone.decline)
            continue
        since = len(person.phone.heard)
        if person.tries("answers", person.phone.answer):
            yield from _asked(person, since)


def _asked(person: Person, since: int) -> Script:
    if person.chance(0.05):  # a machine: it says nothing and presses nothing
        yield from until(lambda: not person.phone.in_call, 40)
        person.hangs_up()
        return
    yield from person.hears("press 1", 8, since)
    yield person.between(0.2, 2)
    if person.chance(0.04):
        person.hangs_up()
        return
    if person.chance(0.06):
        person.presses("2")
        yield from until(lambda: not person.phone.in_call, 20)
        return
    person.presses("1")
    yield from _on_the_line(person, since)


def _on_the_line(person: Person, since: int) -> Script:
    """In the room, alone or not, until the call is over; then how it ended."""
    stays = person.between(20, 60)
    leaves_first = person.chance(0.25)
    waited = 0.0
    talked = False
    while person.phone.in_call and waited < stays:
        if person.talks_now():
            talked = True
            yield from person.talks_until(person.between(2, 7) if leaves_first else 30)
            if leaves_first and person.talks_now():
                person.presses("*") if person.chance(0.4) else person.hangs_up()
        elif any(person.has_heard(words, since) for words in _QUESTIONS):
            yield person.between(0.2, 2)
            met_nobody = not talked and person.has_heard("how did it end", since)
            yield from _says_how_it_ended(person, met_nobody=met_nobody)
            return
        yield 0.2
        waited += 0.2
    person.hangs_up()


def _says_how_it_ended(person: Person, *, met_nobody: bool) -> Script:
    """Whoever came as the caller hung up says that nobody was there."""
    if person.chance(0.15):
        person.hangs_up()
        return
    ways = "11132757" if person.mood.wild else "1"
    person.presses(NOBODY if met_nobody else person.dice.choice(ways))
    yield from until(lambda: not person.phone.in_call, 12)
    person.hangs_up()


def reads_texts(person: Person) -> Script:
    """Some answer a page's text; whoever has an emergency closes it at some time."""
    read = 0
    while True:
        inbox = person.phone.inbox
        while read < len(inbox):
            body = inbox[read].body
            read += 1
            if "Reply 1" in body and person.chance(0.06):
                yield person.between(0.5, 4)
                person.tries("texts 1", person.phone.texts, LINE, "1")
            found = _REFERENCE.search(body)
            if "DONE" in body and found and (not person.mood.wild or person.chance(0.5)):
                yield person.between(1, 15)
                person.tries("texts DONE", person.phone.texts, LINE, f"DONE {found[1]}")
        yield 0.5


def last_resort(person: Person) -> Script:
    """The failsafe telephone: always answered, by somebody who presses 1."""
    while True:
        yield from until(lambda: person.phone.ringing, 3600)
        since = len(person.phone.heard)
        yield 0.7
        if person.tries("answers", person.phone.answer):
            yield from person.hears("press 1", 6, since)
            person.presses("1")
            yield from until(lambda: not person.phone.in_call, 60)
            person.hangs_up()
