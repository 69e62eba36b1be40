"""A contact of the flow: one call or one text thread, in exactly one State.

An Event happens to it (`happenings`); `flow.step` looks at the Facts that the operation looked up beforehand (`facts`),
and returns a Turn (`turn`): the contact as it now is, what to say, what to do next on the line, and what to ask of the
rest of the application.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from hotline.model import Channel, Danger, KeptWord, Language, Line, PhoneNumber, When


class ContactState(KeptWord):
    """Where a contact stands."""

    # A call
    MENU = "menu"
    HOLDING = "holding"
    """Waiting for a human; staff phones are ringing."""
    EMERGENCY = "emergency"
    """The guidance loop: what to do until a clinician joins."""
    DIALLING = "dialling"
    """The caller's own leg is dialling people, because no worker or nobody answered in time."""
    CHOOSE_NUMBER = "choose_number"
    TYPE_NUMBER = "type_number"
    CHECK_NUMBER = "check_number"
    ASK_MESSAGE = "ask_message"
    ASK_TEXT = "ask_text"
    ASK_WHEN = "ask_when"
    """Shall we call as soon as we can?"""
    CHOOSE_WHEN = "choose_when"
    CHECK_WHEN = "check_when"
    """The time that they have named is read back."""
    FAREWELL = "farewell"
    """The callback is confirmed; the caller may hang up, or still press a key."""
    IN_ROOM = "in_room"
    """With a human, in the conference room."""
    ON_HOLD = "on_hold"
    """Whoever talked with them tells somebody else who comes; the caller holds meanwhile."""
    AFTER_TALK = "after_talk"
    """The human has left and the caller has not."""
    ASKED_FOR_CALL = "asked_for_call"
    """We rang them; whoever picked up has not yet pressed 1."""
    # A text thread
    TEXT_MENU = "text_menu"
    TEXT_SAFE = "text_safe"
    """Asked whether calling and texting here is safe."""
    TEXT_WAITING = "text_waiting"
    TEXT_WHEN = "text_when"
    """In line, and asked when to call."""
    TEXT_CANCEL = "text_cancel"
    """In line, and asked whether there shall be no call at all."""
    TEXT_EMERGENCY = "text_emergency"
    TEXT_WITH_PERSON = "text_with_person"
    TEXT_STOPPED = "text_stopped"
    # Both
    ENDED = "ended"


CALLBACK_STATES: Final = (
    ContactState.CHOOSE_NUMBER,
    ContactState.TYPE_NUMBER,
    ContactState.CHECK_NUMBER,
    ContactState.ASK_MESSAGE,
    ContactState.ASK_TEXT,
    ContactState.ASK_WHEN,
    ContactState.CHOOSE_WHEN,
    ContactState.CHECK_WHEN,
    ContactState.FAREWELL,
)
"""In which a caller says how a call back shall be, and may be told that it is theirs."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One call or one text thread, as far as the flow is concerned."""

    channel: Channel
    state: ContactState
    line: Line | None = None
    language: Language = Language.EN
    language_chosen: bool = False
    """They have chosen or written it on this contact; else it is the line's first, or the number's last."""
    caller: PhoneNumber | None = None
    """Who called, or whom we called; None if the number was withheld."""
    outbound: bool = False
    into_room: bool = False
    """A call of ours whose leg the carrier puts into the room as soon as somebody or something answers."""
    unproven: bool = False
    """With a human of ours in the room, or left by them, and nobody but that human knows who it is."""
    in_silence: bool = False
    """Their human has left, or a greeting has ended in a beep, and it may be a machine that is there: nothing is said
    until a person shows."""
    tries: int = 0
    """Silences and wrong keys in a row at the present question."""
    wrong_key: bool = False
    """The last of those tries was a wrong key or unknown words, not a silence."""
    loops: int = 0
    """Turns spent in the present hold or guidance loop."""
    answered: bool = False
    """Whether any key or word has come from the caller at all."""
    keys_in_a_row: int = 0
    """Keys that came a moment after each other, up to the last that came from them."""
    switched_from: Language | None = None
    """In an emergency: the language before the last of these keys that was taken for another one's."""
    typed: PhoneNumber | None = None
    """A number being read back, or one that was and that they did not confirm."""
    callback_number: PhoneNumber | None = None
    """Where to ring back, if not the calling number."""
    told: PhoneNumber | None = None
    """A number that they told whoever talked with them, who read it back and wrote it down."""
    message_safe: bool | None = None
    text_safe: bool | None = None
    kept_place: bool = False
    left_open: ContactState | None = None
    """By text: a question of ours to which they wrote something else. Its key still answers it, until a person has the
    thread or has written to them, or another question is asked that the same keys answer."""
    no_number: bool = False
    """The dialogue could not get a number to ring: only a human on this very call can help."""
    when: When | None = None
    """When they want to be rung back; None if they weren't asked, or didn't say."""
    at: datetime | None = None
    """The very time that they have named (aware, UTC), in place of `when`."""
    dialled_last_resort: bool = False
    danger: Danger = Danger.UNSAID
    """What their emergency is, as far as they have told: what they are told to do follows it."""
    heard_911: bool = False
    """In an emergency: the 911 sentence has been heard to its end, or was in a text to them."""
    blocked: bool = False
    """Nothing but the emergency line is open to this call."""
    may_be_minor: bool = False
    """They have said that they are under 18, or whoever talked with them has written it down: a mark for staff."""
    staff: bool = False
    """Somebody on the staff, who has opened the staff line with their PIN on this call."""
    unheard_since: datetime | None = None
    """When they called, or sent what they last wrote (UTC), if nothing of ours could hear it then. On a call of ours:
    that we call because of it."""
    voicemail: bool = False
    """A machine has been left the one discreet message that this call may leave."""
    ended_from: ContactState | None = None
    """Where the call was when it ended, for a key whose webhook arrives after the news of the hang-up."""

    def in_danger(self, told: Danger, *, anew: bool = False) -> Contact:
        """With what they have just told of their emergency: plain words take the place of what was told before, and a
        cry, or what may be anything, of nothing. `anew`: it is another emergency, of which this is the first word."""
        vague = told in (Danger.UNSAID, Danger.OTHER) and self.danger is not Danger.UNSAID
        return self if vague and not anew else replace(self, danger=told)

    @property
    def suicide(self) -> bool:
        """Whether it is a wish to die: what to do about an overdose isn't what they need to hear."""
        return self.danger is Danger.SUICIDE

    @property
    def by_others(self) -> bool:
        """Whether it is what somebody else does to them, or that they can't speak freely: they may hear a call."""
        return self.danger is Danger.BY_OTHERS

    @property
    def reachable_at(self) -> PhoneNumber | None:
        """Where they are rung back if they are lost in an emergency: at the phone from which they call or, if its
        number is withheld, at the one that they told a person, or else typed, though they may not have confirmed it."""
        return self.caller or self.told or self.callback_number or self.typed

    @property
    def unconfirmed(self) -> bool:
        """Whether that is a number which they typed and did not confirm: it may be a stranger's."""
        sure = self.caller or self.told
        return sure is None and self.typed is not None and self.callback_number in (None, self.typed)
