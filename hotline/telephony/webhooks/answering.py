"""Twilio's requests to us: whether each is genuine, what it says, one operation, the answer.

Whatever happens in here, a telephone is answered: without a database with the 911 sentence and the failsafe number,
and with what happened kept in the journal. Nothing that a stranger can send is answered with an error of ours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog
from flask import Blueprint, Response, abort, request

from hotline import paths
from hotline.model import ContactId
from hotline.operations.conversation import caller, text_facts
from hotline.operations.staff import responder, self_dialled
from hotline.operations.transaction import Application
from hotline.store.database import Contended, StoreError
from hotline.telephony.twiml.renderer import Renderer
from hotline.telephony.webhooks import handlers, incoming
from hotline.telephony.webhooks.incoming import Form, Malformed
from hotline.telephony.webhooks.journal import Journal
from hotline.telephony.webhooks.put_back import put_back
from hotline.telephony.webhooks.reading_ahead import read_ahead
from hotline.telephony.webhooks.routes import ADDRESSES, CONVERTERS, Address, Ids, Listener
from hotline.telephony.webhooks.signature import Signatures
from hotline.triage.caller_events import Author, Silent
from hotline.triage.meaning import read
from hotline.triage.turn import Spoken

_log = structlog.get_logger("hotline.webhooks")

_ONCE_MORE: Final = {
    Listener.CALLER: ("first_words", "one_moment"),
    Listener.CALLED: ("one_moment",),
}
"""What is said while the database has too much to do; to callers what to do in danger."""
LARGEST = 64 * 1024
"""Bytes of a request's body; Twilio's own are under 8 KiB."""


@dataclass(frozen=True, slots=True)
class Webhooks:
    """What answering a request takes."""

    application: Application
    renderer: Renderer
    signatures: Signatures
    journal: Journal

    def answer(self, address: Address, form: Form, ids: Ids) -> str:
        """The TwiML for a genuine request. Never raises for anything that can be sent, or break."""
        try:
            read_ahead(self.application, address, form, ids)
            result = self.application.change(lambda transaction: address.handler(transaction, form, **ids))
            return handlers.render(self.renderer, result)
        except Malformed as missing:
            _log.warning("a request lacks a parameter", address=address.rule, parameter=str(missing))
            return self._without_us(address, form)
        except (caller.UnknownContact, responder.UnknownPage):
            _log.warning("a request about nothing of ours", address=address.rule)
            return self.renderer.goodbye(Spoken("over"))
        except StoreError as error:
            _log.error("no database", address=address.rule, reason=type(error).__name__)
            words = _ONCE_MORE.get(address.kind) if isinstance(error, Contended) else None
            # Where nothing was pressed or said, nothing is lost by asking again: nobody need hear of it.
            in_talk = address.rule == paths.ON_HOLD.rule
            if words is not None and not in_talk and isinstance(incoming.event(form), Silent):
                return self.renderer.once_more(request.path, *words)
        except Exception:
            # A fault of ours: it is logged with its place, and the caller is not the one to suffer from it.
            _log.exception("a webhook failed", address=address.rule)
        back = put_back(self.renderer, address, form, ids)
        if back is not None and address.kind is Listener.STAFF:
            return back
        # A caller who was fetched is in the room by that: it is written down as soon as it can be.
        kept = self.journal.write(request.path, form, self.application.clock())
        if back is not None:
            return back
        return self._without_us(address, form, kept=kept)

    def _without_us(self, address: Address, form: Form, *, kept: bool = False) -> str:
        """`kept`: what they said is in the journal, so that more may be promised than that one can call us."""
        match address.kind:
            case Listener.CALLER:
                return self.renderer.failsafe()
            case Listener.CALLED:
                return self.renderer.failsafe("getting_person")
            case Listener.STAFF:
                # Only a recorded key makes a case somebody's: this leg ends, and is rung again.
                return self.renderer.goodbye(Spoken("cut_off"))
            case Listener.WAITING:
                return self.renderer.moment()
            case Listener.DIALLED:
                return _screened(self.renderer, form)
            case Listener.TEXT:
                return self._texted_without_us(form, kept=kept)
            case Listener.REPORT:
                return self.renderer.connect()

    def _texted_without_us(self, form: Form, *, kept: bool) -> str:
        """Machines aren't answered now either: nobody could count how often."""
        said = text_facts.heard(self.renderer.prompts, form.get("Body", ""))
        line = self.renderer.centre.line
        sender = incoming.number(form.get("From"), line.countries)
        if said.by is not Author.PERSON or sender is None or not line.reaches(sender):
            return self.renderer.reply("", None)
        return self.renderer.failsafe_text(read(said.words) if kept else None, form.get("To", ""))


def blueprint(webhooks: Webhooks) -> Blueprint:
    """Our addresses under /twilio, each for signed POST requests only."""
    pages = Blueprint("twilio", __name__)

    def genuine() -> None:
        if request.content_length is not None and request.content_length > LARGEST:
            abort(413)
        request.max_content_length = LARGEST
        if not webhooks.signatures.is_genuine(request):
            abort(403)

    pages.before_request(genuine)
    pages.record_once(lambda state: state.app.url_map.converters.update(CONVERTERS))
    for address in ADDRESSES:
        _add(pages, address.rule, _recorded(webhooks, address))
    renderer = webhooks.renderer
    _add(pages, paths.WAITING, renderer.waiting)
    _add(pages, paths.HAND_OFF_WAITING, renderer.hand_off_waiting)
    _add(pages, paths.SILENCE, renderer.silence)
    _add(
        pages,
        paths.FAILSAFE_SCREEN,
        lambda: renderer.screen(Spoken("failsafe_screen"), action=paths.FAILSAFE_SCREENED),
    )
    _add(pages, paths.FAILSAFE_SCREENED, lambda: _screened(renderer, request.form))
    _add(pages, paths.FAILSAFE_ASKED.rule, lambda contact: _failsafe_asked(webhooks, ContactId(contact)))
    return pages


def _failsafe_asked(webhooks: Webhooks, contact: ContactId) -> str:
    """Needs no database either: without one, nothing is said of the caller. The key goes to where it is written down
    that they are with this caller."""
    try:
        words = webhooks.application.look(
            lambda transaction: self_dialled.failsafe_asked(transaction, contact)
        )
    except Exception:
        _log.exception("a webhook failed", address=paths.FAILSAFE_ASKED.rule)
        words = Spoken("failsafe_screen")
    return webhooks.renderer.screen(words, action=paths.failsafe_joined(contact))


def _screened(renderer: Renderer, form: Form) -> str:
    """Needs no database: whoever the caller's leg has dialled presses 1, and is connected."""
    accepted = incoming.key(form) == responder.ACCEPT_KEY
    return renderer.connect() if accepted else renderer.goodbye(Spoken("thank_you"))


def _recorded(webhooks: Webhooks, address: Address) -> Callable[..., str]:
    def view(**ids: str | int) -> str:
        return webhooks.answer(address, request.form, ids)

    return view


def _add(pages: Blueprint, rule: str, words: Callable[..., str]) -> None:
    def view(**ids: str | int) -> Response:
        return Response(words(**ids), mimetype="text/xml")

    pages.add_url_rule(rule, endpoint=rule.replace(".", "_"), view_func=view, methods=["POST"])
