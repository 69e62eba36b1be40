"""What somebody did about a case, as the account of whom it reached tells it: whole words, in the reader's language.

The trail itself keeps a word of ours and what follows it (`outcome booked_intake`), for good. Every action stands here:
mypy refuses a new one that nobody has given words, or said to be about no case.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, assert_never, cast

from hotline.console.audit.audit_words import split
from hotline.console.language.speech import Words, gettext
from hotline.console.page_words import ENDED
from hotline.model import AuditAction, TimelineWord
from hotline.referral.hand_off import HandOffStatus
from hotline.store.cases.follow_ups import FollowUpState
from hotline.store.cases.intakes import IntakeState
from hotline.store.cases.pages import Purpose

_BY_KEY: Final = Words(
    {
        Purpose.JOIN.value: "to be put through",
        Purpose.CLOSE.value: "to close it",
        Purpose.WRITE.value: "to send their words on",
        "accept": "to take it",
    }
)
HOW: Final[Mapping[AuditAction, Mapping[str, str]]] = {
    AuditAction.OUTCOME: cast(Mapping[str, str], ENDED),
    AuditAction.HAND_OFF: Words(
        {
            HandOffStatus.RINGING.value: "they were rung",
            HandOffStatus.JOINED.value: "they were put through",
            "told": "what was told of them was written down",
        }
    ),
    AuditAction.INTAKE: Words(
        {
            "told": "when and where was put right",
            "unmarked": "what was said of it was taken back",
            IntakeState.BOOKED.value: "booked",
            IntakeState.CAME.value: "they came",
            IntakeState.MISSED.value: "they didn't come",
            IntakeState.CANCELLED.value: "they cancelled it",
            IntakeState.UNSAID.value: "nobody said whether they came",
            IntakeState.TAKEN_BACK.value: "taken back",
        }
    ),
    AuditAction.FOLLOW_UP: Words(
        {
            FollowUpState.OFFERED.value: "offered",
            FollowUpState.AGREED.value: "they agreed",
            FollowUpState.DECLINED.value: "they declined",
            FollowUpState.NOT_ASKED.value: "there was nobody to ask",
        }
    ),
    AuditAction.REFERRAL: Words({"named": "it was said", "left unsaid": "it stays unsaid"}),
    AuditAction.NOTE: Words({"changed": "put right"}),
    AuditAction.TEXT: Words({"again": "sent again"}),
    AuditAction.SILENT_CALLER: Words(
        {
            TimelineWord.STOPPED_ANSWERING.value: "they have stopped answering",
            TimelineWord.ANSWERS_AGAIN.value: "they answer again",
            TimelineWord.DISPATCH_CALLED.value: "their dispatch centre was called",
        }
    ),
    AuditAction.ASKED_BY_TEXT_TO: _BY_KEY,
    AuditAction.CONFIRMED_BY_KEY_TO: _BY_KEY,
    AuditAction.REFUSED_TO: _BY_KEY,
    AuditAction.DID_NOT_CONFIRM_TO: _BY_KEY,
}
"""What follows an action there, in words: by what the trail has."""


def worked(action: str) -> str:
    """What was done about a case, as an entry of the trail says it. What nothing writes any more stays as it is, and so
    does a name that follows."""
    found, rest = split(action)
    what = _what(found) if found is not None else ""
    if not what or found is None:
        return action
    how = HOW.get(found, {})
    return f"{what}: {how.get(rest, rest)}" if rest else what


def _what(action: AuditAction) -> str:  # noqa: PLR0911, PLR0912, PLR0915
    """Empty: it is done about no case."""
    match action:
        case AuditAction.ACCEPT:
            return gettext("Took it")
        case AuditAction.ACCEPTED_CONFIRMED:
            return gettext("Took it, by a key on their phone")
        case AuditAction.HANDED_OVER_CONFIRMED:
            return gettext("Took it over from a colleague, by a key on their phone")
        case AuditAction.ACKNOWLEDGED:
            return gettext("Knows of it, beside the one who has it")
        case AuditAction.ASKED_BY_CALL_TO_JOIN:
            return gettext("Called our line, to be put through")
        case AuditAction.ASKED_BY_TEXT_TO:
            return gettext("Asked by text")
        case AuditAction.CONFIRMED_BY_KEY_TO:
            return gettext("Confirmed by a key what was asked by text")
        case AuditAction.REFUSED_TO:
            return gettext("Refused what was asked by text from their phone")
        case AuditAction.DID_NOT_CONFIRM_TO:
            return gettext("Didn't confirm what was asked by text from their phone")
        case AuditAction.CALL:
            return gettext("Called them, or had them called")
        case AuditAction.CALL_PLANNED:
            return gettext("Planned a call")
        case AuditAction.CLAIM:
            return gettext("Claimed the callback")
        case AuditAction.RELEASE:
            return gettext("Put the callback back in line")
        case AuditAction.TAKE_OVER:
            return gettext("Took it over")
        case AuditAction.OFFER:
            return gettext("Asked a colleague to take it over")
        case AuditAction.HAND_OVER:
            return gettext("Handed the callback to a colleague")
        case AuditAction.KEEP:
            return gettext("Kept it")
        case AuditAction.CLOSE:
            return gettext("Closed it")
        case AuditAction.REOPEN:
            return gettext("Opened it again")
        case AuditAction.OUTCOME:
            return gettext("Said how it ended")
        case AuditAction.UNDO_OUTCOME:
            return gettext("Took back how it ended")
        case AuditAction.REFERRAL:
            return gettext("Was asked to whom they were referred")
        case AuditAction.INTAKE:
            return gettext("The intake")
        case AuditAction.FOLLOW_UP:
            return gettext("The call afterwards")
        case AuditAction.HAND_OFF:
            return gettext("Handed the caller over to somebody outside")
        case AuditAction.HELP_ASKED:
            return gettext("Asked a colleague for help")
        case AuditAction.LET_LISTEN:
            return gettext("Let a trainee listen")
        case AuditAction.ENDED_LISTENING:
            return gettext("Let nobody listen any more")
        case AuditAction.MERGE:
            return gettext("Merged two cases of one person")
        case AuditAction.UNMERGE:
            return gettext("Took the merging of two cases back")
        case AuditAction.NOTE:
            return gettext("Wrote a note")
        case AuditAction.CHANGED_RECORD:
            return gettext("Wrote in the admissions record")
        case AuditAction.NUMBER_TOLD:
            return gettext("Wrote down the number that they told")
        case AuditAction.NUMBER_CORRECTED:
            return gettext("Put right the number that they told")
        case AuditAction.RAISE_EMERGENCY:
            return gettext("Opened an emergency for them")
        case AuditAction.RING_BACK:
            return gettext("Had the caller rung back at once")
        case AuditAction.RINGS_NO_MORE:
            return gettext("Had nobody ring them by the clock any more")
        case AuditAction.SILENT_CALLER:
            return gettext("Said of a caller who didn't answer")
        case AuditAction.TEXT:
            return gettext("Wrote to them")
        case AuditAction.TEXT_BY_PHONE:
            return gettext("Wrote to them from their own phone")
        case AuditAction.TEXT_SAFE:
            return gettext("Said that texting is safe there")
        case AuditAction.TEXT_NOT_SAFE:
            return gettext("Said that texting is not safe there")
        case AuditAction.TEXT_WITHOUT_CONSENT:
            return gettext("Wrote to them, though nobody had said that it is safe")
        case AuditAction.SEEN_TO:
            return gettext("Saw to a text that didn't arrive")
        case AuditAction.UNOWNED:
            return gettext("Nobody had it: a supervisor was told")
        case AuditAction.WAS_EMERGENCY:
            return gettext("Said that a text was an emergency")
        case AuditAction.WAS_NO_EMERGENCY:
            return gettext("Said that a text was no emergency")
        case AuditAction.JUDGEMENT_TAKEN_BACK:
            return gettext("Took back what was said of a text")
        case AuditAction.BLOCK:
            return gettext("Blocked their number")
        case AuditAction.UNBLOCK:
            return gettext("Unblocked their number")
        # Looks, and reasons for them, have ways of their own in the account.
        case (
            AuditAction.VIEWED_THREAD
            | AuditAction.VIEWED_RECORD
            | AuditAction.VIEWED_DISCLOSURES
            | AuditAction.SAW_MEDIA
            | AuditAction.REASON_GIVEN
            | AuditAction.WORDS_TEXTED
            | AuditAction.SEARCHED
            | AuditAction.EXPORTED
        ):
            return ""
        case (
            AuditAction.GUARD_CHANGED
            | AuditAction.ACTIVATED
            | AuditAction.ADDED
            | AuditAction.ASKED_WHO_WAS_REACHABLE
            | AuditAction.BROKE_GLASS
            | AuditAction.CALENDAR_OPENED
            | AuditAction.CALENDAR_REVOKED
            | AuditAction.CALENDAR_TAKEN
            | AuditAction.CHECKED_PHRASES
            | AuditAction.CHECKED_READINESS
            | AuditAction.CODE_MISDIRECTED
            | AuditAction.CODE_REFUSED
            | AuditAction.CODE_SEEN_TO
            | AuditAction.CODE_UNKNOWN
            | AuditAction.DEACTIVATED
            | AuditAction.DIRECTORY_ADDED
            | AuditAction.DIRECTORY_CHANGED
            | AuditAction.DIRECTORY_RETIRED
            | AuditAction.EXPORT_ENDED
            | AuditAction.EXPORTED_READINGS
            | AuditAction.FORGOTTEN
            | AuditAction.HELD
            | AuditAction.HOLD_RELEASED
            | AuditAction.INVITED
            | AuditAction.LANGUAGES_CHANGED
            | AuditAction.LIMIT_OVERRULED
            | AuditAction.LINK_REVOKED
            | AuditAction.LOAD
            | AuditAction.LOOK
            | AuditAction.PASSWORD_RESET
            | AuditAction.PASSWORD_SET
            | AuditAction.PASSKEY_ADDED
            | AuditAction.PASSKEY_COPIED
            | AuditAction.PASSKEY_REFUSED
            | AuditAction.PASSKEY_REMOVED
            | AuditAction.PHONE_CHANGED
            | AuditAction.PHONE_CODE_SENT
            | AuditAction.PHONE_CODE_WRONG
            | AuditAction.PHONE_LOST
            | AuditAction.PHONE_VERIFIED
            | AuditAction.PROVIDER_NAME
            | AuditAction.PROVIDER_REFUSED
            | AuditAction.RECOVERY_CODES
            | AuditAction.PIN_RIGHT
            | AuditAction.PIN_SET
            | AuditAction.PIN_WRONG
            | AuditAction.PURGED
            | AuditAction.REMOVED
            | AuditAction.RENAMED
            | AuditAction.RESTORED
            | AuditAction.REVIEWED_READINGS
            | AuditAction.RECORDING_CHANGED
            | AuditAction.ROLES_CHANGED
            | AuditAction.RUNS_LATE
            | AuditAction.SECOND_PROOF_OFF
            | AuditAction.SECOND_PROOF_ON
            | AuditAction.SECOND_PROOF_REFUSED
            | AuditAction.SENTENCE_CHANGED
            | AuditAction.SHIFT
            | AuditAction.SHIFT_ASKED
            | AuditAction.SHIFT_ANSWERED
            | AuditAction.SHIFT_TAKEN_OVER
            | AuditAction.SHIFT_UNDONE
            | AuditAction.SHIFT_WITHDRAWN
            | AuditAction.SIGN_IN
            | AuditAction.SIGN_IN_REFUSED
            | AuditAction.SIGN_OUT
            | AuditAction.SIGN_OUT_ELSEWHERE
            | AuditAction.SIGNED_OFF
            | AuditAction.SIGNED_OUT
            | AuditAction.SPENDING_CAP
            | AuditAction.TESTED
            | AuditAction.TEST_ENDED
            | AuditAction.UNLOCK
            | AuditAction.UNLOCK_REFUSED
            | AuditAction.VERIFIED_TRAIL
            | AuditAction.VOUCHED_IN
            | AuditAction.VIEWED_BOARD
            | AuditAction.VIEWED_AUDIT
            | AuditAction.VIEWED_CONSENTS
            | AuditAction.VIEWED_DELIVERIES
            | AuditAction.VIEWED_REFERRAL_LOG
            | AuditAction.VIEWED_SIGN_INS
            | AuditAction.VIEWED_STAFF
        ):
            return ""
        case _:
            assert_never(action)
