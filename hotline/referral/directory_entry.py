"""An entry of the referral directory as data: a programme, a helpline, a town's dispatch centre. Pure.

There is no place in it for money, nor for an order of preference: nobody is paid for sending somebody anywhere
(18 USC 220), and whoever is offered first is so by what they do, whether they are open, and their name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hotline.model import KeptWord, PhoneNumber, StaffId


class ReferralKind(KeptWord):
    """What an entry is for."""

    DETOX = "detox"
    RESIDENTIAL = "residential"
    METHADONE = "methadone"
    """Opioid treatment programmes."""
    OUTPATIENT = "outpatient"
    OVERDOSE = "overdose"
    """Stays on the line with whoever uses alone, as SafeSpot does."""
    CRISIS = "crisis"
    """988 and its like."""
    HELPLINE = "helpline"
    """Finds treatment for people, as the Behavioral Health Help Line does."""
    DISPATCH = "dispatch"
    """A town's emergency dispatch centre, by its ten digits: people dial it from their own phones, we never do."""
    INTERPRETER = "interpreter"
    OTHER = "other"


LIFELINE: Final = "988"
"""The one short number that an entry may show. Callers and staff dial it; no call of ours can."""
ALWAYS: Final = "always"
"""What stands for hours that never end."""
ANY_LANGUAGE: Final = "any"
"""Every language, by interpreters of theirs."""
LANGUAGES: Final = (
    *("en", "es", "pt", "ht"),
    *("zh", "vi", "kea", "km", "ar", "fr", "ru", "so", "ne", "ase"),
    ANY_LANGUAGE,
)
"""The line's own and others that are spoken in Massachusetts (ISO 639), American Sign Language among them."""


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """One entry. Times are UTC."""

    id: str
    name: str
    """How the file knows it, and what is read out: nobody else's."""
    kinds: tuple[ReferralKind, ...]
    numbers: tuple[str, ...] = ()
    """In E.164, or `LIFELINE`; the first that can be rung is the one that a hand-off rings."""
    hours: tuple[str, ...] = ()
    """As `oncall.week_hours` reads them, or `ALWAYS`; empty: nobody has written them down."""
    timezone: str = "America/New_York"
    languages: tuple[str, ...] = ("en",)
    """Some of `LANGUAGES`."""
    towns: tuple[str, ...] = ()
    """Of a dispatch centre: whom it serves."""
    hand_offs: bool = False
    """They take callers who are put through while they are told."""
    phone_menu: bool = False
    """A machine answers first, which presses no key for us: whoever hands over hears it, and waits for a person."""
    notes: str = ""
    """For staff."""
    source: str = ""
    """Where this is known from, and since when."""
    active: bool = True
    changed_at: datetime | None = None
    changed_by: StaffId | None = None
    """None: the command line."""
    version: int = 0

    @property
    def rung(self) -> PhoneNumber | None:
        """The number that a hand-off rings; None if there is none, or they take no such calls."""
        if not (self.active and self.hand_offs) or ReferralKind.DISPATCH in self.kinds:
            return None
        return next((PhoneNumber(one) for one in self.numbers if one.startswith("+")), None)

    def speaks(self, language: str) -> bool:
        """Whether somebody there speaks it, themselves or by interpreters."""
        return language in self.languages or ANY_LANGUAGE in self.languages


def same(one: DirectoryEntry, other: DirectoryEntry) -> bool:
    """Whether both say the same, whoever wrote it and when."""
    return all(getattr(one, key) == getattr(other, key) for key in WRITTEN)


WRITTEN: Final = (
    "name",
    "kinds",
    "numbers",
    "hours",
    "timezone",
    "languages",
    "towns",
    "hand_offs",
    "phone_menu",
    "notes",
    "source",
    "active",
)
"""What people write of an entry, in the order in which it is written."""
