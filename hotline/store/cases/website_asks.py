"""What was sent by the "call me" form: each once, with the words to which whoever sent it agreed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, func, select

from hotline.model import Channel, ContactId, Language, PhoneNumber
from hotline.store.database import Tx, rows
from hotline.store.database.tables import contacts, website_asks

_SENT: Final = "website_asks.sent"
_ORIGIN: Final = "website_asks.origin"
_WORDS: Final = "website_asks.words"
_NAME: Final = "website_asks.name"


@dataclass(frozen=True, slots=True)
class WebsiteAsk:
    """One form that was sent. `at` is UTC."""

    id: str
    at: datetime
    told: str
    """The prompt that they were answered with."""
    minutes: int
    """Within which a call was promised, if the prompt says so."""
    contact_id: ContactId | None = None
    """None: it was turned away, and nothing of anybody is kept."""
    language: Language = Language.EN
    version: str = ""
    """Of the words below: the beginning of their SHA-256."""
    words: str = field(default="", repr=False)
    """To what they agreed, word by word, a line for each box that they ticked. Sealed."""
    name: str | None = field(default=None, repr=False)
    """Whom to ask for. Sealed."""


def begin(tx: Tx, ask_id: str, sent: str, origin: str, now: datetime) -> bool:
    """Take the place of this form; False if it was sent before. `sent`: all that was sent with it; `origin`: from which
    network address. Of both a keyed hash is kept."""
    values = {
        "id": ask_id,
        "at": now,
        "sent": tx.keys.lookup(sent, _SENT),
        "origin": tx.keys.lookup(origin, _ORIGIN),
        "minutes": 0,
    }
    return rows.add_if_new(tx, website_asks, values)


def take_back(tx: Tx, ask_id: str) -> None:
    """It was not taken: sent again, it is new."""
    rows.drop(tx, website_asks, website_asks.c.id == ask_id)


def settle(tx: Tx, ask: WebsiteAsk) -> None:
    """Keep what came of it."""
    values = {
        "told": ask.told,
        "minutes": ask.minutes,
        "contact_id": ask.contact_id,
        "language": ask.language.value,
        "version": ask.version,
        "words": rows.sealed(tx, ask.words or None, _WORDS, ask.id),
        "name": rows.sealed(tx, ask.name, _NAME, ask.id),
    }
    rows.change(tx, website_asks, [website_asks.c.id == ask.id], values)


def same(tx: Tx, ask_id: str, sent: str) -> WebsiteAsk | None:
    """What came of this form, if just this was sent with it; None if something else was."""
    found = rows.one(tx, select(website_asks).where(website_asks.c.id == ask_id))
    known = found is not None and found.sent in tx.keys.lookups(sent, _SENT)
    return _row(tx, found) if found is not None and known else None


def of_contact(tx: Tx, contact_id: ContactId) -> WebsiteAsk | None:
    """The form by which this contact came, or None."""
    found = rows.one(tx, select(website_asks).where(website_asks.c.contact_id == contact_id))
    return _row(tx, found) if found is not None else None


def sent_since(tx: Tx, since: datetime, origin: str | None = None) -> int:
    """How many were sent after then (UTC), from one network address or from all."""
    where: list[ColumnElement[bool]] = [website_asks.c.at > since]
    if origin is not None:
        where.append(website_asks.c.origin.in_(tx.keys.lookups(origin, _ORIGIN)))
    return int(tx.execute(select(func.count()).select_from(website_asks).where(*where)).scalar_one())


def asked_since(tx: Tx, number: PhoneNumber, since: datetime) -> int:
    """How often this number was left on the website after then (UTC), and was taken."""
    theirs = (
        rows.has_number(tx, contacts.c.caller_lookup, number),
        contacts.c.channel == Channel.WEBSITE.value,
        contacts.c.opened_at > since,
    )
    return int(tx.execute(select(func.count()).select_from(contacts).where(*theirs)).scalar_one())


def forget_origins(tx: Tx, before: datetime) -> None:
    """From where those came that were sent before then (UTC)."""
    old = [website_asks.c.at < before, website_asks.c.origin.is_not(None)]
    rows.change(tx, website_asks, old, {"origin": None})


def _row(tx: Tx, found: rows.Found) -> WebsiteAsk:
    return WebsiteAsk(
        id=found.id,
        at=found.at,
        told=found.told or "",
        minutes=found.minutes,
        contact_id=found.contact_id,
        language=Language(found.language or Language.EN),
        version=found.version or "",
        words=rows.opened(tx, found.words, _WORDS, found.id) or "",
        name=rows.opened(tx, found.name, _NAME, found.id),
    )
