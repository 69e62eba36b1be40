"""In which words somebody was asked whether a message and texts are safe: as they heard or read them then.

A centre may change its sentences, and so may we: the words are kept with the answer that asked, and go with its case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from hotline.model import Channel
from hotline.operations.answers import Answer, AskedConsent
from hotline.operations.transaction import Transaction
from hotline.store.cases.contacts import ContactRow
from hotline.triage.contact import ContactState
from hotline.triage.numbers import spoken, written

QUESTIONS: Final = {
    ContactState.ASK_MESSAGE: frozenset({"ask_message"}),
    ContactState.ASK_TEXT: frozenset({"ask_text"}),
    ContactState.TEXT_SAFE: frozenset({"admissions", "family", "safe_again"}),
}
"""The prompts by which consent is asked where a contact stands so."""


def kept(transaction: Transaction, row: ContactRow, answer: Answer, state: ContactState) -> Answer:
    """The answer by which a contact comes to stand so, with the words of the question about consent that it asks."""
    asked = next((one for one in answer.say if one.prompt in QUESTIONS.get(state, ())), None)
    if asked is None:
        return answer
    number = transaction.our_number(answer.ours)
    ours = spoken(number) if row.channel is Channel.VOICE else written(number)
    heard = transaction.application.prompts.heard(
        asked.prompt, row.channel, asked.language or answer.language, (("NUMBER", ours), *asked.values)
    )
    recording = heard.recording.digest if heard.recording else ""
    return replace(answer, consent=AskedConsent(asked.prompt, heard.language, heard.words, recording))


def asked_before(
    history: Sequence[tuple[datetime, Answer]], state: ContactState, at: datetime
) -> AskedConsent | None:
    """What somebody who stood so was asked last before they answered at this time (UTC); None: it was not kept yet."""
    questions = QUESTIONS.get(state, ())
    asked = [one.consent for when, one in history if when <= at and one.consent]
    return next((one for one in reversed(asked) if one.prompt in questions), None)
