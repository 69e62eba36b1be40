"""After an outage: what the journal kept goes through the same doors as if it had just come in.

Each entry is one transaction together with the mark that it has been read, so that reading it twice changes nothing.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial

import structlog

from hotline.model import TimelineWord
from hotline.operations import flow_state, incoming_text
from hotline.operations.conversation import caller
from hotline.operations.staff import responder
from hotline.operations.transaction import Application, Transaction
from hotline.store.cases import contacts
from hotline.store.database import Contended, Duplicate, Stale, Unavailable
from hotline.store.traffic import messages
from hotline.store.upkeep import journal_read
from hotline.telephony.twiml.renderer import Renderer
from hotline.telephony.webhooks import handlers, incoming, routes
from hotline.telephony.webhooks.journal import Journal, JournalEntry
from hotline.telephony.webhooks.reading_ahead import read_ahead
from hotline.telephony.webhooks.routes import Address, AfterOutage, Ids, Listener
from hotline.triage.caller_events import Pressed, Said

_log = structlog.get_logger("hotline.journal")


def read_back(application: Application, renderer: Renderer, journal: Journal) -> int:
    """Read every entry back in, in the order in which they happened; how many were new.

    What others are in the way of is left for later, and longer each time: it holds up neither the other entries nor
    whoever is waiting. Raises Unavailable if the database still can't be reached, and OSError if the journal can't.
    """
    parts = [journal.read(file) for file in journal.files()]
    refused: set[str] = set()
    later: set[str] = set()
    count = 0
    # Each process has a file of its own, and one call's webhooks come to several of them.
    now = application.clock()
    for entry in sorted((one for part in parts for one in part.entries), key=lambda one: one.at):
        if journal.waits(entry, now):
            later.add(entry.line)
            continue
        try:
            _ahead(application, entry)
            count += application.change(partial(_take, renderer=renderer, entry=entry))
        except (Stale, Duplicate, Contended) as error:
            later.add(entry.line)
            journal.try_later(entry, now)
            _log.warning("an entry is left for later", entry=entry.id, reason=type(error).__name__)
        except Unavailable:
            raise
        except Exception:
            refused.add(entry.line)
            _log.exception("an entry can't be read back: it is set aside", entry=entry.id)
    for part in parts:
        lines = {one.line for one in part.entries}
        if not lines & later:
            journal.finished(part, lines & refused)
    if parts:
        journal.take_room()
    if count:
        _log.info("read back", entries=count)
    return count


def _ahead(application: Application, entry: JournalEntry) -> None:
    found = routes.find(entry.path)
    if found is not None:
        with suppress(incoming.Malformed):
            read_ahead(application, found[0], entry.form, found[1])


def _take(transaction: Transaction, renderer: Renderer, entry: JournalEntry) -> bool:
    if not journal_read.mark(transaction.tx, entry.id, transaction.now):
        return False
    found = routes.find(entry.path)
    if found is not None:
        with suppress(caller.UnknownContact, responder.UnknownPage, incoming.Malformed):
            _carry_in(transaction, renderer, entry, *found)
    transaction.note(TimelineWord.READ_BACK, detail=entry.id)
    return True


def _carry_in(
    transaction: Transaction, renderer: Renderer, entry: JournalEntry, address: Address, ids: Ids
) -> None:
    said = isinstance(incoming.event(entry.form), Pressed | Said)
    if address.late is AfterOutage.CALL:
        _somebody_called(transaction, entry)
    if address.kind is Listener.TEXT:
        _somebody_texted(transaction, renderer, entry)
    elif address.late is AfterOutage.ALL or (said and address.late is not AfterOutage.NOTHING):
        address.handler(transaction, entry.form, **ids)


def _somebody_called(transaction: Transaction, entry: JournalEntry) -> None:
    """Whoever called while we were out of order is owed a callback, even if they chose nothing."""
    call = incoming.call(entry.form, transaction.settings.centre.line)
    if contacts.by_call(transaction.tx, call.sid) is None:
        caller.answer(transaction, call)
    row = contacts.by_call(transaction.tx, call.sid)
    if row is not None and row.ended_at is None:
        state = replace(flow_state.read(row), answered=True)
        contacts.save(transaction.tx, replace(row, data=flow_state.written(state)))


def _somebody_texted(transaction: Transaction, renderer: Renderer, entry: JournalEntry) -> None:
    """They were answered with the failsafe words at the time; now they get what it should have been, once."""
    text = handlers.received(transaction, entry.form, sent_at=entry.at)
    answered_since = messages.by_sid(transaction.tx, text.sid) is not None
    reply = incoming_text.receive(transaction, text)
    if not answered_since:
        incoming_text.answered_afterwards(transaction, text, reply, handlers.reply_words(renderer, reply))
