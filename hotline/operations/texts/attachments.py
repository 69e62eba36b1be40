"""Pictures and other files that came with a text: they stay at the provider until somebody asks to see one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Protocol

from hotline.model import AuditAction, AuditKind, ContactId, StaffId, TimelineWord
from hotline.operations.transaction import Transaction
from hotline.store.cases import contacts
from hotline.store.traffic import messages
from hotline.store.traffic.messages import Media

LARGEST: Final = 8 * 1024 * 1024
"""Bytes of one file. The provider takes 5 MB a message; more than this is not fetched to the end."""


@dataclass(frozen=True, slots=True)
class File:
    """What was fetched. It is handed on, and kept nowhere."""

    content_type: str
    body: bytes = field(repr=False)


class NotFetched(Exception):
    """It can't be had (any more); the message is a word of ours, with nothing about anybody."""


class Fetcher(Protocol):
    """Fetches files with our credentials, from nowhere but our own account at the provider."""

    def fetch(self, message_sid: str, media: Media) -> File:
        """The file. Raises NotFetched."""


@dataclass(frozen=True, slots=True)
class RequestedFile:
    """A file that somebody has asked to see."""

    message_sid: str
    media: Media


def ask(
    transaction: Transaction, contact_id: ContactId, message_id: str, number: int, by: StaffId
) -> RequestedFile | None:
    """Write down who asks for it, before it is fetched; None if there is no such file in this thread."""
    message = messages.get(transaction.tx, message_id)
    known = (
        message is not None and message.contact_id == contact_id and contacts.get(transaction.tx, contact_id)
    )
    if not known or message is None or message.provider_sid is None or not 0 <= number < len(message.media):
        return None
    transaction.audit(AuditAction.SAW_MEDIA, AuditKind.CONTACT, contact_id, by=by)
    transaction.note(TimelineWord.MEDIA_SEEN, contact=contact_id, by=by)
    return RequestedFile(message.provider_sid, message.media[number])
