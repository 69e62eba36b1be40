"""Texting with the hotline, in the words of a story."""

from __future__ import annotations

import re

from hotline.model import PhoneNumber
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts
from hotline.store.cases.contacts import ContactRow
from tests.stories.centre import CENTRE
from tests.stories.people import Person
from tests.stories.world import MIA, World

MENU = "Care Line: Reply 1 emergency, 2 call me, 3 family."
SAFE = "Is it safe to call and text here? Reply 4 yes, 5 no."
IN_LINE = "Care Line: You are in line. We will call from 617-555-0100 within 15 min."
FINDING = "Care Line: We are finding a person for you now. The call comes from 617-555-0100."
UNSURE = "Care Line: A person will read your text."
FOUR_LANGUAGES = CENTRE + 'languages = ["en", "es", "pt", "ht"]\n'
UNCLEAR = "is the side door open"
"""Words that no rule can make anything of."""


def answers_to(person: Person) -> list[str]:
    """What we have replied, without what the carrier says by itself."""
    return [text.body for text in person.phone.inbox if not text.by_provider]


def code_of(person: Person) -> str:
    """The code in the newest page that was texted to them."""
    person.reads("Code ")
    texts = [text.body for text in person.phone.inbox if "Code " in text.body]
    found = re.search(r"Code (?:of the first: )?(\d{6})", texts[-1])
    assert found is not None, texts[-1]
    return found[1]


def takes(person: Person, key: str = "1") -> str:
    """They answer the newest page by its code, and press the key when their phone rings; the code."""
    code = code_of(person)
    assert f"{code}: your phone rings now" in (writes(person, code) or "")
    person.answers().presses(key)
    return hangs_up_after_us(person, code)


def hangs_up_after_us(person: Person, said: str) -> str:
    """Our last words on that call have been said; whoever was connected talks on."""
    for _ in range(20):
        if person.in_call:
            person.world.passes(0.5)
    return said


def confirms(person: Person, text: str, key: str = "1") -> str | None:
    """They text this, and press the key on the call that asks whether it was them; the reply."""
    reply = writes(person, text)
    person.answers().presses(key)
    hangs_up_after_us(person, text)
    return reply


def writes(person: Person, *texts: str) -> str | None:
    """Send these, one after the other; what came back to the last one."""
    before = 0
    for words in texts:
        before = len(answers_to(person))
        person.texts(words)
        person.world.passes(3)
    said = answers_to(person)
    return said[-1] if len(said) > before else None


def thread_of(world: World, number: str = MIA) -> ContactRow:
    """The newest thread with this number."""

    def find(transaction: Transaction) -> ContactRow | None:
        return contacts.open_thread(transaction.tx, PhoneNumber(number))

    found = world.look(find)
    assert found is not None
    row: ContactRow = found
    return row
