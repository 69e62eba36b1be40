"""A caller who goes from answer to answer at our door, as the carrier would: to the address that the last one names."""

from __future__ import annotations

import re
from datetime import timedelta

from hotline.store.cases import contacts, escalations, pages
from tests.stories.centre import LINE, MIA
from tests.telephony.doorstep import Doorstep

_NEXT = re.compile(r'(?:action="|<Redirect[^>]*>)([^"<#]+)')


class Walker:
    """One call."""

    def __init__(self, door: Doorstep, sid: str = "CA1", caller: str = MIA) -> None:
        self.door, self.sid, self.caller = door, sid, caller
        self.heard: list[str] = []
        """Every answer's TwiML, in order."""
        self.asked: list[tuple[str, dict[str, str]]] = []
        """What was asked, and where."""

    def begins(self) -> Walker:
        return self._asks("/twilio/voice", CallStatus="ringing")

    def presses(self, *keys: str) -> Walker:
        """One key (or a whole number) after the other, an answer each."""
        for one in keys:
            self.goes_on(Digits=one)
        return self

    def says(self, words: str, confidence: float = 0.9) -> Walker:
        return self.goes_on(SpeechResult=words, Confidence=str(confidence))

    def is_silent(self, times: int = 1) -> Walker:
        for _ in range(times):
            self.goes_on()
        return self

    def goes_on(self, **form: str) -> Walker:
        """Whatever comes next, where the last answer said that it goes."""
        following = _NEXT.search(self.heard[-1])
        if following is None:
            assert "<Hangup" in self.heard[-1], f"a dead end: {self.heard[-1]}"
            return self
        return self._asks(following[1], **form)

    def waits(self, seconds: float) -> Walker:
        self.door.clock.now += timedelta(seconds=seconds)
        return self

    def is_answered_by_staff(self) -> Walker:
        """The first whose phone was to ring for them presses 1; if nobody's was, nobody does."""
        page = self.door.look(
            lambda transaction: next(
                (
                    one
                    for row in escalations.all_open(transaction.tx)
                    for one in pages.of_escalation(transaction.tx, row.escalation.id)
                    if one.how == "call" and row.contact_id == self.contact.id
                ),
                None,
            )
        )
        if page is None:
            return self
        leg = {
            "CallSid": f"CA-for-{self.sid}",
            "From": LINE,
            "To": "+16175550101",
            "CallStatus": "in-progress",
        }
        self.door.post(f"/twilio/voice/page/{page.id}", leg)
        self.door.post(f"/twilio/voice/page/{page.id}/key/0", {**leg, "Digits": "1"})
        return self

    def hangs_up(self) -> Walker:
        form = {"CallSid": self.sid, "From": self.caller, "To": LINE, "CallStatus": "completed"}
        assert self.door.post("/twilio/voice/status", {**form, "SequenceNumber": "9"}).status_code < 500
        return self

    @property
    def contact(self) -> contacts.ContactRow:
        """What is written down of this call."""
        found = self.door.look(lambda transaction: contacts.by_call(transaction.tx, self.sid))
        assert isinstance(found, contacts.ContactRow)
        return found

    def _asks(self, path: str, **form: str) -> Walker:
        given = {"CallSid": self.sid, "From": self.caller, "To": LINE, "CallStatus": "in-progress", **form}
        answer = self.door.post(path, given)
        assert answer.status_code == 200
        self.heard.append(answer.text)
        self.asked.append((path, given))
        return self

    def repeats(self, back: int) -> Walker:
        """The carrier sends again what it sent so many webhooks ago; the call itself goes on where it was."""
        if back < len(self.asked):
            answer = self.door.post(*self.asked[-1 - back])
            assert answer.status_code == 200
        return self
