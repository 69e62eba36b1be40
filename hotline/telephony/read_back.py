"""After an outage: what the journal kept goes through the same doors as if it had just come in.

Each entry is one transaction together with the mark that it has been read, so that reading it twice changes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import structlog
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from hotline import paths
from hotline.effects import SendText
from hotline.operations import caller, responder
from hotline.operations.house import Desk, House, new_id
from hotline.operations.ringing_back import CONTACT
from hotline.operations.texts import Reply
from hotline.store import contacts, journal_read
from hotline.store.contacts import ContactRow
from hotline.store.failures import Stale, Taken, Unavailable
from hotline.store.outbox import Origin
from hotline.telephony import handlers, incoming
from hotline.telephony.handlers import ADDRESSES, Address, Kind
from hotline.telephony.journal import Entry, Journal
from hotline.telephony.twiml import Renderer

_log = structlog.get_logger("hotline.journal")
_BY_RULE = {address.rule: address for address in ADDRESSES}
_MAP = Map([Rule(rule, endpoint=rule) for rule in _BY_RULE])


def read_back(house: House, renderer: Renderer, journal: Journal) -> int:
    """Read every entry back in, in the order in which they happened; how many were new.

    Raises Unavailable if the database still can't be reached, and OSError if the journal can't.
    """
    parts = [journal.read(file) for file in journal.files()]
    refused: set[str] = set()
    later: set[str] = set()
    count = 0
    # Each process has a file of its own, and one call's webhooks come to several of them.
    for entry in sorted((one for part in parts for one in part.entries), key=lambda one: one.at):
        try:
            count += house.change(partial(_take, renderer=renderer, entry=entry))
        except (Stale, Taken) as error:
            later.add(entry.line)
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
    if count:
        _log.info("read back", entries=count)
    return count


def _take(desk: Desk, renderer: Renderer, entry: Entry) -> bool:
    if not journal_read.mark(desk.tx, entry.id, desk.now):
        return False
    address, ids = _address(entry.path)
    if address is None:
        return True
    try:
        result = address.handler(desk, entry.form, **ids)
    except (caller.Unknown, responder.Unknown, incoming.Malformed):
        return True
    if isinstance(result, Reply):
        _reply_late(desk, renderer, entry, result)
    elif address.kind is Kind.CALLER:
        _somebody_was_there(desk, entry)
    desk.note("read_back", detail=entry.id)
    return True


def _address(path: str) -> tuple[Address | None, handlers.Ids]:
    try:
        rule, ids = _MAP.bind("").match(path, method="POST")
    except HTTPException:
        return None, {}
    return _BY_RULE[rule], ids


def _somebody_was_there(desk: Desk, entry: Entry) -> None:
    """Whoever called while we were out of order is owed a callback, even if they chose nothing."""
    row = _of(desk, entry)
    if row is None or row.ended_at is not None:
        return
    state = replace(caller.read(row), answered=True)
    contacts.save(desk.tx, replace(row, data=CONTACT.dump_json(state).decode()))


def _of(desk: Desk, entry: Entry) -> ContactRow | None:
    return contacts.by_call(desk.tx, entry.form.get("CallSid", ""))


def _reply_late(desk: Desk, renderer: Renderer, entry: Entry, result: Reply) -> None:
    """The text was answered with the failsafe words at the time; now they get what it should have been."""
    text = incoming.text(entry.form)
    words = renderer.words(result.answer) if result.answer is not None else result.words
    if text is None or not words:
        return
    message = result.message or new_id()
    effect = SendText(text.sender, words, paths.text_status(message))
    desk.send(effect, about=Origin("message", message), to_caller=True)
