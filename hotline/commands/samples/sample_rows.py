"""An invented story as the rows that a real one would have left: all of it over, so that nothing of it is ever due."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Table

from hotline.commands.samples.invented import Fate, InventedStory
from hotline.model import Channel, How, Line, Outcome, Role, StaffId, Subject, TimelineWord
from hotline.oncall.policy import default_policy, to_json
from hotline.operations import flow_state
from hotline.store.database import Tx, rows, tables
from hotline.store.reports.samples import MARK
from hotline.triage.contact import Contact, ContactState

Rows = dict[Table, list[dict[str, Any]]]
_SECOND: Final = timedelta(seconds=1)
_TALK: Final = timedelta(minutes=12)
_SUBJECTS: Final = {
    Line.EMERGENCY: Subject.EMERGENCY,
    Line.ADMISSIONS: Subject.ADMISSIONS,
    Line.FAMILY: Subject.FAMILY,
    Line.PERSON: Subject.PERSON,
}
_ELSEWHERE: Final = (
    "Sample: a detox in the next town",
    "Sample: an outpatient programme",
    "Sample: the Behavioral Health Help Line",
    "Sample: a hospital's emergency department",
)
_REASONS: Final = ("no_bed", "no_bed", "medical_first", "other_level", "not_served")
_LOST: Final = ("menu", "menu", "menu_speech", "welcome")
_WORDS: Final = ("Sample: is there a bed this week", "Sample: somebody answers this text")


class SampleRows:
    """Gathers the rows of story after story."""

    def __init__(self, tx: Tx, crew: Mapping[Role, Sequence[StaffId]], ours: str, until: datetime) -> None:
        self.rows: Rows = {}
        self._tx, self._crew, self._ours, self._until = tx, crew, ours, until

    def tell(self, story: InventedStory) -> None:
        """Everything that this one leaves."""
        match story.fate:
            case Fate.LEFT:
                prompt = _LOST[story.n % len(_LOST)]
                self._contact(story, _over(story, 20), "left_early", ContactState.MENU, prompt)
            case Fate.GAVE_UP:
                self._escalation(story, Subject.ADMISSIONS, taken=False)
                ended = story.at + story.wait
                self._contact(story, ended, "unreachable", ContactState.HOLDING, "waiting", withheld=True)
            case Fate.LIVE:
                self._escalation(story, _SUBJECTS[story.line or Line.PERSON])
                self._talked(story, "reached")
            case Fate.EMERGENCY:
                self._escalation(story, Subject.EMERGENCY)
                self._talked(story, "emergency")
                self._follow_up(story)
            case Fate.PROMISED:
                self._promised(story)
            case Fate.TEXT:
                self._text(story)

    # --- the fates ---------------------------------------------------------------------------------------------

    def _talked(self, story: InventedStory, outcome: str) -> None:
        reached = story.at + story.wait
        extra: dict[str, Any] = {"reached_at": reached, "escalation_id": _id(story, "e")}
        self._contact(story, reached + story.talk, outcome, ContactState.AFTER_TALK, "left_alone", **extra)
        if outcome == "reached":
            self._said(story, reached + story.talk, None)

    def _promised(self, story: InventedStory) -> None:
        callback, asked = _id(story, "b"), _over(story, 75)
        due = asked + timedelta(minutes=15)
        tried = due + timedelta(minutes=9) if story.late else min(asked + story.wait, due - _SECOND)
        reached = tried + timedelta(seconds=20)
        ended = reached + story.talk
        outcome = (story.outcome or Outcome.REACHED).value
        self._contact(
            story, _over(story, 90), "callback", ContactState.FAREWELL, "goodbye", callback_id=callback
        )
        self._add(
            tables.callbacks,
            id=callback,
            contact_id=_id(story, "c"),
            room=_id(story, "c"),
            number=rows.sealed_number(self._tx, story.number, "callbacks.number", callback),
            number_lookup=rows.lookup(self._tx, story.number),
            our_number=self._ours,
            line=(story.line or Line.PERSON).value,
            language=story.language.value,
            status="closed",
            opened_at=asked,
            promised_at=due,
            attempts=1,
            outcome=outcome,
            repeats=0,
            message_safe=story.lot > 0.5,
            text_safe=story.lot > 0.3,
            wanted_now=True,
            asked_later=False,
            raised=False,
            called_for="asked",
            told_supervisor=story.late,
            closed_at=ended,
            version=5,
        )
        self._add(
            tables.promises,
            callback_id=callback,
            channel=Channel.VOICE.value,
            line=(story.line or Line.PERSON).value,
            made_at=asked,
            promised_at=due,
            tried_at=tried,
        )
        self._escalation(
            story, Subject.CALLBACK, opened=asked, taken_at=tried - 5 * _SECOND, callback=callback
        )
        ours: dict[str, Any] = {
            "reached_at": reached,
            "callback_id": callback,
            "outbound": True,
            "opened_at": tried,
        }
        self._contact(story, ended, "reached", ContactState.AFTER_TALK, "left_alone", of="o", **ours)
        self._said(story, ended, callback)

    def _text(self, story: InventedStory) -> None:
        contact, answered = _id(story, "c"), story.at + story.wait + timedelta(minutes=3)
        self._escalation(story, Subject.THREAD, taken_at=answered - 20 * _SECOND)
        self._contact(
            story,
            story.at + timedelta(hours=20),
            "quiet",
            ContactState.TEXT_MENU,
            "text_menu",
            channel=Channel.TEXT.value,
            provider_sid=None,
        )
        person = self._person(story, Role.COORDINATOR)
        for which, (direction, at, by) in enumerate((("in", story.at, None), ("out", answered, person))):
            message = f"{_id(story, 'm')}-{which}"
            self._add(
                tables.messages,
                id=message,
                contact_id=contact,
                direction=direction,
                number=self._tx.keys.seal(story.number.e164, "messages.number", message),
                number_lookup=rows.lookup(self._tx, story.number),
                body=self._tx.keys.seal(_WORDS[which], "messages.body", message),
                status="received" if by is None else "delivered",
                status_rank=9,
                at=at,
                by_staff=by,
            )

    def _follow_up(self, story: InventedStory) -> None:
        closed = story.at + story.wait + story.talk + timedelta(minutes=2)
        due = closed + timedelta(hours=30)
        state = ("agreed" if due + _TALK < self._until else "declined", "declined", "not_asked")[story.n % 3]
        person = self._person(story, Role.CLINICIAN)
        callback = _id(story, "f") if state == "agreed" else None
        said = closed + timedelta(minutes=4)
        self._add(
            tables.follow_ups,
            id=_id(story, "e"),
            contact_id=_id(story, "c"),
            offered_at=closed,
            closed_by=person,
            state=state,
            said_at=said,
            said_by=person,
            callback_id=callback,
            version=2,
        )
        if callback is None:
            return
        self._add(
            tables.callbacks,
            id=callback,
            contact_id=_id(story, "c"),
            room=f"{_id(story, 'c')}-f",
            number=rows.sealed_number(self._tx, story.number, "callbacks.number", callback),
            number_lookup=rows.lookup(self._tx, story.number),
            our_number=self._ours,
            line=Line.PERSON.value,
            language=story.language.value,
            status="closed",
            opened_at=said,
            promised_at=due + timedelta(hours=2),
            attempts=1,
            outcome="declined" if story.n % 7 == 0 else "reached",
            repeats=0,
            message_safe=False,
            text_safe=False,
            wanted_now=False,
            asked_later=False,
            raised=False,
            called_for="follow_up",
            told_supervisor=False,
            closed_at=due + _TALK,
            version=5,
        )

    # --- what they have in common ------------------------------------------------------------------------------

    def _said(self, story: InventedStory, at: datetime, callback: str | None) -> None:
        """What somebody said of a talk, and what comes of that."""
        contact, person = _id(story, "c"), self._person(story, Role.COORDINATOR)
        self._line(at, TimelineWord.OUTCOME, person, contact_id=contact, callback_id=callback)
        match story.outcome:
            case Outcome.BOOKED_INTAKE:
                starts = at + timedelta(hours=(60 if story.far else 16) + 24 * story.lot)
                asked = starts + timedelta(hours=20)
                if asked > self._until:
                    return  # nobody can have said yet whether they came
                self._add(
                    tables.intakes,
                    id=_id(story, "i"),
                    contact_id=contact,
                    callback_id=callback,
                    asked_at=story.at,
                    booked_at=at,
                    booked_by=person,
                    starts_at=starts,
                    state="came" if story.came else "unsaid" if story.lot > 0.85 else "missed",
                    marked_at=asked,
                    marked_by=person,
                    version=2,
                )
            case (Outcome.NOT_ADMITTED | Outcome.REFERRED) as sent:
                referral = _id(story, "r")
                denied = sent is Outcome.NOT_ADMITTED
                whom = _ELSEWHERE[story.n % len(_ELSEWHERE)]
                self._add(
                    tables.referrals,
                    id=referral,
                    contact_id=contact,
                    callback_id=callback,
                    outcome=sent.value,
                    reason=_REASONS[story.n % len(_REASONS)] if denied else None,
                    to_whom=self._tx.keys.seal(whom, "referrals.to_whom", referral),
                    said_at=at,
                    said_by=person,
                )

    def _contact(
        self,
        story: InventedStory,
        ended: datetime,
        outcome: str,
        state: ContactState,
        prompt: str,
        *,
        withheld: bool = False,
        of: str = "c",
        **more: Any,
    ) -> None:
        contact = _id(story, of)
        number = None if withheld else story.number
        kept = Contact(
            Channel(more.get("channel", "voice")), ContactState.ENDED, line=story.line, caller=number
        )
        usual = {
            "channel": Channel.VOICE.value,
            "outbound": False,
            "provider_sid": f"CA-{contact}",
            "caller_number": rows.sealed_number(self._tx, number, "contacts.caller_number", contact),
            "caller_lookup": rows.lookup(self._tx, number),
            "our_number": self._ours,
            "room": _id(story, "c"),
            "state": ContactState.ENDED.value,
            "line": story.line.value if story.line else None,
            "language": story.language.value,
            "turn": 5,
            "data": self._tx.keys.seal(flow_state.written(kept), "contacts.data", contact),
            "opened_at": story.at,
            "last_turn_at": ended,
            "ended_at": ended,
            "outcome": outcome,
            "last_prompt": prompt,
            "ended_in": state.value,
            "version": 6,
        }
        self._add(tables.contacts, **{**usual, "id": contact, **more})

    def _escalation(
        self,
        story: InventedStory,
        subject: Subject,
        *,
        taken: bool = True,
        opened: datetime | None = None,
        taken_at: datetime | None = None,
        callback: str | None = None,
    ) -> None:
        """With its pages: the first who was rung took it, or the second, or the next rung."""
        clinical = subject is Subject.EMERGENCY
        role = Role.CLINICIAN if clinical else Role.COORDINATOR
        opened, escalation = opened or story.at, _id(story, "e")
        at = taken_at or story.at + story.wait - 3 * _SECOND
        rung = 0 if story.lot < 0.82 else 1
        person = self._person(story, role if rung == 0 else Role.SUPERVISOR)
        self._add(
            tables.escalations,
            id=escalation,
            subject=subject.value,
            contact_id=_id(story, "c"),
            callback_id=callback,
            room=_id(story, "c"),
            policy=_policy(subject),
            status="closed",
            rung=rung,
            round=1 if not taken or story.lot > 0.95 else 0,
            opened_at=opened,
            accepted_by=person if taken else None,
            accepted_at=at if taken else None,
            queue="[]",
            ringing="[]",
            passed_over="[]",
            coming="[]",
            nobody=False,
            line=story.line.value if story.line else None,
            language=story.language.value,
            closed_at=at + story.talk,
            version=4,
            knows="[]",
        )
        if taken:
            of = {"escalation_id": escalation, "contact_id": _id(story, "c"), "callback_id": callback}
            self._line(at, TimelineWord.ACCEPTED, person, **of)
            if callback is not None:
                self._line(at, TimelineWord.CALLBACK_TAKEN, None, callback_id=callback)
        asked = [person] if taken else []
        if rung or not taken:
            asked.insert(0, self._person(story, role))
        for which, each in enumerate(dict.fromkeys(asked)):
            placed = opened + which * min(timedelta(seconds=20), (at - opened) / 2)
            took = taken and each == person
            self._add(
                tables.pages,
                id=f"{_id(story, 'p')}-{which}",
                escalation_id=escalation,
                staff_id=each,
                how=How.CALL.value,
                state="accepted" if took else "declined",
                reference=f"{story.n % 10000:04}",
                purpose="join",
                pressing=clinical,
                provider_sid=f"CA-{_id(story, 'p')}-{which}",
                placed_at=placed,
                sent_at=placed,
                answered_at=at - 2 * _SECOND if took else placed + 8 * _SECOND,
                ended_at=at + story.talk if took else placed + 15 * _SECOND,
                version=3,
            )

    def _person(self, story: InventedStory, role: Role) -> StaffId:
        several = self._crew[role]
        return several[int(story.lot * 100) % len(several)]

    def _line(self, at: datetime, what: TimelineWord, by: StaffId | None, **of: str | None) -> None:
        self._add(tables.timeline, at=at, what=what.value, by_staff=by, **of)

    def _add(self, table: Table, **values: Any) -> None:
        whole = {column.name: values.get(column.name) for column in table.c}
        if table in (tables.promises, tables.timeline):
            del whole["id"]  # the database counts it up
        self.rows.setdefault(table, []).append(whole)


def _id(story: InventedStory, of: str) -> str:
    what = f"{of}{story.at:%Y%m%d}{story.n:06}"
    return f"{hashlib.sha256(what.encode()).hexdigest()[:20]}{MARK}"


def _over(story: InventedStory, seconds: int) -> datetime:
    return story.at + seconds * _SECOND


_POLICIES: Final[dict[Subject, str]] = {}


def _policy(subject: Subject) -> str:
    if subject not in _POLICIES:
        _POLICIES[subject] = json.dumps(to_json(default_policy(subject)))
    return _POLICIES[subject]
