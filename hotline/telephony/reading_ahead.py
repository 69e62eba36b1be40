"""What somebody said or wrote is read before the transaction that answers it.

Reading costs milliseconds, for hostile words many; SQLite has one writer, and PostgreSQL's rows are held meanwhile.
`meaning.read` keeps what it has just worked out, so the transaction finds it done. Should anything change in
between (a language chosen by another message, say), the transaction reads again, and is right all the same.
"""

from __future__ import annotations

from functools import partial

from hotline.model import ContactId, Language
from hotline.operations.conversation import caller, text_facts, turns
from hotline.operations.transaction import Application, Transaction
from hotline.store import contacts
from hotline.telephony import incoming
from hotline.telephony.incoming import Form
from hotline.telephony.routes import Address, Ids, Kind
from hotline.triage.caller_events import Said
from hotline.triage.meaning import read
from hotline.triage.texts.language_of import language_of


def read_ahead(application: Application, address: Address, form: Form, ids: Ids) -> None:
    """Work out what these words mean, if there are any. Raises Malformed and StoreError, as the answer will."""
    phrases = application.settings.centre.reading.phrases
    if address.kind is Kind.TEXT:
        words, language = application.look(partial(_written, form=form))
        # They are read in the language that they are written in, if that is clear.
        spoken = application.settings.centre.line.languages
        read(words, language_of(words, spoken) or language, phrases)
    elif isinstance(said := incoming.event(form), Said) and "contact" in ids:
        read(said.words, application.look(partial(_spoken_in, contact=ContactId(ids["contact"]))), phrases)


def _written(transaction: Transaction, form: Form) -> tuple[str, Language]:
    text = incoming.text(form, transaction.settings.centre.line.countries)
    told = text_facts.told_lately(transaction, text.sender)
    heard = text_facts.heard(transaction.application.prompts, text.body, told)
    thread = contacts.open_thread(transaction.tx, text.sender, sms=text.is_sms)
    return heard.words, turns.read(thread).language if thread else caller.language_of(
        transaction, text.sender
    )


def _spoken_in(transaction: Transaction, contact: ContactId) -> Language:
    row = contacts.get(transaction.tx, contact)
    return turns.read(row).language if row else transaction.settings.centre.line.languages[0]
