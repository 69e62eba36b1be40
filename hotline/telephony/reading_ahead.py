"""What somebody said or wrote is read before the transaction that answers it.

Reading costs milliseconds, for hostile words many; SQLite has one writer, and PostgreSQL's rows are held meanwhile.
`meaning.read` keeps what it has just worked out, so the transaction finds it done. Should anything change in
between (a language chosen by another message, say), the transaction reads again, and is right all the same.
"""

from __future__ import annotations

from functools import partial

from hotline.model import ContactId, Language
from hotline.operations import caller, text_facts, turns
from hotline.operations.house import Desk, House
from hotline.store import contacts
from hotline.telephony import incoming
from hotline.telephony.addresses import Address, Ids, Kind
from hotline.telephony.incoming import Form
from hotline.triage.happenings import Said
from hotline.triage.language_of import language_of
from hotline.triage.meaning import read


def read_ahead(house: House, address: Address, form: Form, ids: Ids) -> None:
    """Work out what these words mean, if there are any. Raises Malformed and StoreError, as the answer will."""
    phrases = house.settings.centre.reading.phrases
    if address.kind is Kind.TEXT:
        words, language = house.look(partial(_written, form=form))
        # They are read in the language that they are written in, if that is clear.
        spoken = house.settings.centre.line.languages
        read(words, language_of(words, spoken) or language, phrases)
    elif isinstance(said := incoming.event(form), Said) and "contact" in ids:
        read(said.words, house.look(partial(_spoken_in, contact=ContactId(ids["contact"]))), phrases)


def _written(desk: Desk, form: Form) -> tuple[str, Language]:
    text = incoming.text(form, desk.settings.centre.line.countries)
    told = text_facts.told_lately(desk, text.sender)
    heard = text_facts.heard(desk.house.prompts, text.body, told)
    thread = contacts.open_thread(desk.tx, text.sender, sms=text.is_sms)
    return heard.words, turns.read(thread).language if thread else caller.language_of(desk, text.sender)


def _spoken_in(desk: Desk, contact: ContactId) -> Language:
    row = contacts.get(desk.tx, contact)
    return turns.read(row).language if row else desk.settings.centre.line.languages[0]
