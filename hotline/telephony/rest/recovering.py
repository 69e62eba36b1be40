"""At the start and every minute: what the carrier's own lists know and we don't is taken up, lost ends are settled, and
answers that were thrown away leave anew.

A webhook can be lost: our machine was off, its network cut, its disk full, or only a TwiML Bin answered. The lists
are read from a little before the last moment at which all was well. What has only just happened is left alone for a
moment: most likely its webhook is on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog

from hotline import paths
from hotline.operations import incoming_text
from hotline.operations.recovery import taking_up, telling
from hotline.operations.transaction import Application, Transaction
from hotline.store.database import StoreError
from hotline.store.upkeep import carrier_lists
from hotline.telephony.rest import lost_answers, lost_ends
from hotline.telephony.rest.listing import Lists, OnList
from hotline.telephony.twiml.renderer import Renderer
from hotline.telephony.webhooks import handlers, incoming, routes
from hotline.telephony.webhooks.reading_ahead import read_ahead
from hotline.triage.meaning import read
from hotline.triage.texts.text import URGENT

_log = structlog.get_logger("hotline.recovery")

OVERLAP: Final = timedelta(minutes=10)
"""So long before the last good moment the lists are read from: a list may be behind, and so may its clock."""
LONGEST: Final = timedelta(days=7)
"""What is older is not taken up: a call back would come out of nowhere. It stands in the carrier's log."""
FRESH: Final = timedelta(seconds=20)
"""The webhook of something so new is on the way, or asked for again."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look has found."""

    calls: int = 0
    texts: int = 0
    ends: int = 0
    """Calls and texts of which the end had not been heard."""
    answers: int = 0
    """Answers to texts that had never left."""
    soon: bool = False
    """Something was too new to be taken up: look again before long."""


def look(application: Application, renderer: Renderer, lists: Lists) -> Looked:
    """Read the lists, and take up what they know and we don't. Two that look at the same time are harmless.

    Raises NotListed if a list can't be read, and StoreError: the next look begins where this one did.
    """
    began = application.clock()
    mark = application.look(lambda transaction: carrier_lists.mark(transaction.tx))
    if mark is None:
        application.change(lambda transaction: telling.read_to(transaction, began))
        return Looked()
    since = max(min(mark.read_to, began) - OVERLAP, mark.first_at, began - LONGEST)
    since = since.replace(microsecond=0)  # the lists know seconds
    line = application.settings.centre.line
    came_in: list[tuple[OnList, bool]] = []
    ended: list[OnList] = []
    reported: list[OnList] = []
    for ours in line.own:
        calls = lists.calls_to(ours, since) if ours != line.staff_number else []
        came_in += [(one, True) for one in calls]
        came_in += [(one, False) for one in lists.texts_to(ours, since)]
        ended += [one for one in (*calls, *lists.calls_from(ours, since)) if one.over_at is not None]
        reported += lists.texts_from(ours, since)
    come = _Arrivals(application, renderer, lists, began)
    canary = application.settings.centre.canary.number
    came_in = [one for one in came_in if canary is None or one[0].form["From"] != canary.e164]
    come.take_up(sorted(came_in, key=lambda one: one[0].at))
    ends = lost_ends.of_calls(application, ended) + lost_ends.of_texts(application, reported)
    texts = [one for one, is_call in came_in if not is_call]
    answers = lost_answers.of_texts(application, texts, reported, began)
    application.change(lambda transaction: telling.read_to(transaction, come.settled_to))
    if come.calls or come.texts:
        _log.warning("taken up from the carrier's lists", calls=come.calls, texts=come.texts, ends=ends)
    elif ends:  # most likely their report is on the way
        _log.info("ends settled from the carrier's lists", ends=ends)
    if answers:
        _log.warning("answered anew: the carrier had thrown the answers away", texts=answers)
    return Looked(come.calls, come.texts, ends, answers, soon=come.settled_to < began)


class _Arrivals:
    """Everything that came in, in its order."""

    def __init__(self, application: Application, renderer: Renderer, lists: Lists, began: datetime) -> None:
        self._application = application
        self._renderer = renderer
        self._lists = lists
        self._began = began
        self.settled_to = began
        """Everything of before has been seen to."""
        self.calls = 0
        self.texts = 0

    def take_up(self, several: Sequence[tuple[OnList, bool]]) -> None:
        """`several`: each with whether it is a call. Raises NotListed and StoreError."""
        sids = [one.sid for one, _ in several]
        unknown = self._application.look(lambda transaction: carrier_lists.unknown(transaction.tx, sids))
        news = [(one, is_call) for one, is_call in several if one.sid in unknown]
        pressing = {one.form["From"] for one, is_call in news if not is_call and self._may_page(one)}
        # Whoever cried for help comes first, with all that is theirs: of each, the order stays.
        for one, is_call in sorted(news, key=lambda item: item[0].form["From"] not in pressing):
            if self._is_fresh(one, is_call):
                self.settled_to = min(self.settled_to, one.at)
            elif is_call:
                self.calls += self._taken(one, partial(_call, one=one))
            else:
                self.texts += self._text(one)

    def _may_page(self, text: OnList) -> bool:
        """Whether it reads as an emergency in any language of the line: that says only who is first."""
        centre, words = self._application.settings.centre, text.form["Body"]
        return any(read(words, spoken, centre.reading.phrases) in URGENT for spoken in centre.line.languages)

    def _is_fresh(self, one: OnList, is_call: bool) -> bool:
        last = one.over_at if is_call else one.at
        return last is None or self._began - last < FRESH

    def _text(self, one: OnList) -> bool:
        if one.files:
            one = self._lists.with_files(one)
        found = routes.find(paths.SMS)
        if found is not None:
            read_ahead(self._application, found[0], one.form, found[1])
        return self._taken(one, partial(_text, one=one, renderer=self._renderer))

    def _taken(self, one: OnList, work: Callable[[Transaction], bool]) -> bool:
        """One that can't be taken up for a fault of ours holds up no other; it is looked at again."""
        try:
            return self._application.change(work)
        except (incoming.Malformed, StoreError):
            raise
        except Exception:
            _log.exception("not taken up", sid=one.sid)
            self.settled_to = min(self.settled_to, one.at)
            return False


def _call(transaction: Transaction, one: OnList) -> bool:
    called = incoming.call(one.form, transaction.settings.centre.line)
    return taking_up.call(transaction, taking_up.UnheardCall(called, one.at, one.over_at or one.at))


def _text(transaction: Transaction, one: OnList, renderer: Renderer) -> bool:
    text = handlers.received(transaction, one.form, sent_at=one.at)
    reply = taking_up.text(transaction, text)
    if reply is None:
        return False
    incoming_text.answered_afterwards(transaction, text, reply, handlers.reply_words(renderer, reply))
    return True
