"""Texting with the hotline, in the words of a story."""

from __future__ import annotations

from hotline.model import PhoneNumber
from hotline.operations.house import Desk
from hotline.store import contacts
from hotline.store.contacts import ContactRow
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

    def find(desk: Desk) -> ContactRow | None:
        return contacts.open_thread(desk.tx, PhoneNumber(number))

    found = world.look(find)
    assert found is not None
    row: ContactRow = found
    return row
