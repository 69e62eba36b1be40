"""What somebody said or wrote is read before the transaction that answers it.

Reading costs milliseconds, for hostile words many; SQLite has one writer, and PostgreSQL's rows are held meanwhile.
`meaning.read` keeps what it has just worked out, so the transaction finds it done. Should anything change in
between (a language chosen by another message, say), the transaction reads again, and is right all the same.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from hotline.model import ContactId, Language
from hotline.operations import flow_state
from hotline.operations.conversation import caller, text_facts
from hotline.operations.conversation.caller import IncomingText
from hotline.operations.transaction import Application, Transaction
from hotline.store.cases import contacts
from hotline.store.overviews import known_number
from hotline.telephony.webhooks import incoming
from hotline.telephony.webhooks.incoming import Form
from hotline.telephony.webhooks.routes import Address, Ids, Listener
from hotline.triage.caller_events import Said
from hotline.triage.meaning import read
from hotline.triage.texts.language_of import language_of

_SHORT: Final = 40
"""Letters that cost nothing to read again."""


def read_ahead(application: Application, address: Address, form: Form, ids: Ids) -> None:
    """Work out what these words mean, if there are any. Raises Malformed and StoreError, as the answer will."""
    phrases = application.settings.centre.reading.phrases
    if address.kind is Listener.TEXT:
        text = incoming.text(form, application.settings.centre.line.countries)
        words = text_facts.heard(application.prompts, text.body).words
        # They are read in the language that they are written in, if that is clear.
        spoken = application.settings.centre.line.languages
        language = language_of(words, spoken)
        if language is None:
            # What is as short as a key or a keyword is read at once, in whatever language.
            asks = len(words) > _SHORT
            language = application.look(partial(_written_in, text=text)) if asks else spoken[0]
        read(words, language, phrases)
    elif isinstance(said := incoming.event(form), Said) and "contact" in ids:
        read(said.words, application.look(partial(_spoken_in, contact=ContactId(ids["contact"]))), phrases)


def _written_in(transaction: Transaction, text: IncomingText) -> Language:
    known = known_number.writes(transaction.tx, text.sender, transaction.now, sms=text.is_sms)
    if known.thread is not None:
        return flow_state.read(known.thread).language
    return caller.language_of(transaction, text.sender, text.ours)


def _spoken_in(transaction: Transaction, contact: ContactId) -> Language:
    row = contacts.get(transaction.tx, contact)
    return flow_state.read(row).language if row else transaction.settings.centre.line.languages[0]
