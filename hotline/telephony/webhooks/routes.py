"""Every address of ours that needs the database: who hears its answer, what it does, and what of it holds later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter, Map, Rule

from hotline import paths
from hotline.operations.transaction import Transaction
from hotline.telephony.webhooks import handlers, status_reports
from hotline.telephony.webhooks.handlers import Handler, Result
from hotline.telephony.webhooks.incoming import Form

Ids = Mapping[str, Any]


class Listener(StrEnum):
    """Who hears the answer, and so what they hear when the database can't be reached."""

    CALLER = "caller"
    STAFF = "staff"
    TEXT = "text"
    WAITING = "waiting"
    """A caller who is alone in a room: only words and pauses can be answered there."""
    REPORT = "report"
    """Nobody: the carrier only tells us something."""
    DIALLED = "dialled"
    """Whoever the caller's own leg has dialled and is bridged with: by their key, also where nothing of ours works."""
    CALLED = "called"
    """Whoever picked up a call of ours to a caller: perhaps somebody else."""


class AfterOutage(StrEnum):
    """What of a request still holds when it is read back in after an outage."""

    ALL = "all"
    CALL = "call"
    """That somebody called."""
    SAID = "said"
    """What they pressed or said; not that they were silent."""
    NOTHING = "nothing"
    """It put a leg somewhere, and that leg was told something else then."""


@dataclass(frozen=True, slots=True)
class Address:
    """One address of ours."""

    rule: str
    kind: Listener
    handler: Handler
    late: AfterOutage = AfterOutage.ALL


class OpaqueConverter(BaseConverter):
    """An id of ours or of the carrier's."""

    regex = "[A-Za-z0-9_-]{1,80}"


class CountConverter(BaseConverter):
    """A small number."""

    regex = "[0-9]{1,6}"

    def to_python(self, value: str) -> int:
        return int(value)


CONVERTERS: Final[dict[str, type[BaseConverter]]] = {"opaque": OpaqueConverter, "count": CountConverter}


def _lost(form: Form, kind: Listener) -> tuple[Address, Ids] | None:
    """What the carrier asked at `ErrorUrl` a moment ago, and got no answer; None if it isn't to be answered here."""
    lost = find(_path(form.get("ErrorUrl", "")))
    unfetched = form.get("ErrorCode", "").startswith("11")
    if lost is None or not unfetched or lost[0].kind is not kind or lost[0].handler in _FALLBACKS:
        return None
    return lost


def asked_first(address: Address, form: Form, ids: Ids) -> tuple[Address, Ids]:
    """What a request is about: at a fallback address what the carrier got no answer to, else the request itself."""
    if address.handler not in _FALLBACKS:
        return address, ids
    kind = Listener.STAFF if address.kind is Listener.STAFF else Listener.CALLER
    return _lost(form, kind) or (address, ids)


def _fall_back(transaction: Transaction, form: Form) -> Result:
    """What was asked on a call to us is answered here; else the call goes on, or begins."""
    lost = _lost(form, Listener.CALLER)
    return lost[0].handler(transaction, form, **lost[1]) if lost else handlers.call_again(transaction, form)


def _called_fall_back(transaction: Transaction, form: Form, contact: str) -> Result:
    """The same on a call of ours to a caller."""
    lost = _lost(form, Listener.CALLER)
    return (
        lost[0].handler(transaction, form, **lost[1])
        if lost
        else handlers.called_again(transaction, form, contact)
    )


def _staff_fall_back(transaction: Transaction, form: Form) -> Result:
    """The same on a call of ours to staff, or to an interpreter."""
    lost = _lost(form, Listener.STAFF)
    return lost[0].handler(transaction, form, **lost[1]) if lost else handlers.page_again(transaction, form)


_FALLBACKS: Final[tuple[Handler, ...]] = (_fall_back, _called_fall_back, _staff_fall_back)


_CALLER, _STAFF, _REPORT = Listener.CALLER, Listener.STAFF, Listener.REPORT
ADDRESSES: Final = (
    Address(paths.VOICE, _CALLER, handlers.begin, AfterOutage.CALL),
    Address(paths.STAFF_CALL, _CALLER, handlers.staff_called, AfterOutage.CALL),
    Address(paths.STAFF_LINE_PIN.rule, _CALLER, handlers.staff_line_pin, AfterOutage.NOTHING),
    Address(paths.STAFF_LINE_KEY.rule, _CALLER, handlers.staff_line_key, AfterOutage.NOTHING),
    Address(paths.VOICE_FALLBACK, _CALLER, _fall_back, AfterOutage.CALL),
    Address(paths.CALLED_FALLBACK.rule, Listener.CALLED, _called_fall_back, AfterOutage.NOTHING),
    Address(paths.STAFF_FALLBACK, _STAFF, _staff_fall_back, AfterOutage.NOTHING),
    Address(paths.FAILSAFE_AGAIN, _CALLER, handlers.call_again, AfterOutage.CALL),
    Address(paths.TURN.rule, _CALLER, handlers.turn, AfterOutage.SAID),
    Address(paths.ROOM.rule, _CALLER, handlers.room),
    Address(paths.ALONE.rule, _CALLER, handlers.alone, AfterOutage.NOTHING),
    Address(paths.ON_HOLD.rule, _CALLER, handlers.on_hold, AfterOutage.NOTHING),
    Address(paths.VOICEMAIL.rule, _CALLER, handlers.voicemail, AfterOutage.NOTHING),
    Address(paths.PAGE.rule, _STAFF, handlers.page, AfterOutage.NOTHING),
    Address(paths.PAGE_OVER.rule, _STAFF, handlers.page_over, AfterOutage.NOTHING),
    Address(paths.PAGE_KEY.rule, _STAFF, handlers.page_key, AfterOutage.NOTHING),
    Address(paths.PAGE_AFTER.rule, _STAFF, handlers.page_after),
    Address(paths.PAGE_STAR.rule, _STAFF, handlers.page_star, AfterOutage.NOTHING),
    Address(paths.PAGE_DIRECTORY.rule, _STAFF, handlers.page_directory, AfterOutage.NOTHING),
    Address(paths.PAGE_ASIDE.rule, _STAFF, handlers.page_aside, AfterOutage.NOTHING),
    Address(paths.PAGE_ASIDE_KEY.rule, _STAFF, handlers.page_aside_key, AfterOutage.NOTHING),
    Address(paths.PAGE_TOLD.rule, _STAFF, handlers.page_told, AfterOutage.NOTHING),
    Address(paths.PAGE_OUTCOME.rule, _STAFF, handlers.page_outcome),
    Address(paths.PAGE_WHO.rule, _STAFF, handlers.page_who),
    Address(paths.PAGE_UNANSWERED.rule, _STAFF, handlers.page_unanswered),
    Address(paths.FAILSAFE_JOINED.rule, Listener.DIALLED, handlers.failsafe_joined, AfterOutage.NOTHING),
    Address(paths.SCREEN.rule, _STAFF, handlers.screen, AfterOutage.NOTHING),
    Address(paths.SCREENED.rule, Listener.DIALLED, handlers.screened),
    Address(paths.PHONE_CODE.rule, _STAFF, handlers.phone_code, AfterOutage.NOTHING),
    Address(paths.CANARY_HEARD, _STAFF, handlers.canary_heard, AfterOutage.NOTHING),
    Address(paths.WALK.rule, _STAFF, handlers.walk, AfterOutage.NOTHING),
    Address(paths.WALK_KEY.rule, _STAFF, handlers.walk_key, AfterOutage.NOTHING),
    Address(paths.PHONE_CODE_KEY.rule, _STAFF, handlers.phone_code_key, AfterOutage.NOTHING),
    Address(paths.INTERPRETER.rule, _STAFF, handlers.interpret, AfterOutage.NOTHING),
    Address(
        paths.INTERPRETER_KEY.rule,
        _STAFF,
        handlers.interpreter_key,
        AfterOutage.NOTHING,
    ),
    Address(paths.INTERPRETER_AFTER.rule, _STAFF, handlers.interpreter_after, AfterOutage.NOTHING),
    Address(paths.LISTENING.rule, _STAFF, handlers.listen, AfterOutage.NOTHING),
    Address(paths.LISTENING_KEY.rule, _STAFF, handlers.listening_key, AfterOutage.NOTHING),
    Address(paths.LISTENING_AFTER.rule, _STAFF, handlers.listening_after),
    Address(paths.LISTENING_ASIDE.rule, _STAFF, handlers.listening_aside, AfterOutage.NOTHING),
    Address(paths.LISTENING_BACK.rule, _STAFF, handlers.listening_back, AfterOutage.NOTHING),
    Address(paths.HAND_OFF.rule, _STAFF, handlers.hand_off, AfterOutage.NOTHING),
    Address(paths.HAND_OFF_KEY.rule, _STAFF, handlers.hand_off_key, AfterOutage.NOTHING),
    Address(paths.HAND_OFF_TOGETHER.rule, _STAFF, handlers.hand_off_together, AfterOutage.NOTHING),
    Address(paths.HAND_OFF_OVER.rule, _STAFF, handlers.hand_off_over, AfterOutage.NOTHING),
    Address(paths.MOMENT.rule, Listener.WAITING, handlers.moment, AfterOutage.NOTHING),
    Address(paths.VOICE_STATUS, _REPORT, status_reports.call_status),
    Address(paths.PAGE_STATUS.rule, _REPORT, status_reports.page_status),
    Address(paths.CONTACT_STATUS.rule, _REPORT, status_reports.contact_status),
    Address(paths.MACHINE.rule, _REPORT, status_reports.machine, AfterOutage.NOTHING),
    Address(paths.INTERPRETER_STATUS.rule, _REPORT, status_reports.interpreter_status),
    Address(paths.LISTENING_STATUS.rule, _REPORT, status_reports.listening_status),
    Address(paths.HAND_OFF_STATUS.rule, _REPORT, status_reports.hand_off_status),
    Address(paths.PHONE_CODE_STATUS.rule, _REPORT, status_reports.phone_code_status, AfterOutage.NOTHING),
    Address(paths.SMS, Listener.TEXT, handlers.text),
    Address(paths.SMS_STATUS, _REPORT, status_reports.text_status),
    Address(paths.TEXT_STATUS.rule, _REPORT, status_reports.text_status),
)
"""Those that need no database are in `webhooks`."""

_BY_RULE: Final = {address.rule: address for address in ADDRESSES}
_MAP: Final = Map([Rule(rule, endpoint=rule) for rule in _BY_RULE], converters=CONVERTERS)


def find(path: str) -> tuple[Address, Ids] | None:
    """Which address a path is, and the ids in it."""
    try:
        rule, ids = _MAP.bind("").match(path, method="POST")
    except HTTPException:
        return None
    return _BY_RULE[rule], ids


def _path(url: str) -> str:
    """The part of a public address that is ours."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    return path[max(0, path.find(paths.TWILIO)) :]
