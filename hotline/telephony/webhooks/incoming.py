"""What Twilio posts, parsed once at the door."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Final

from hotline.carrier_words import CallEnd
from hotline.dialling import read
from hotline.model import Outcome, PhoneNumber
from hotline.operations.conversation.caller import IncomingCall, IncomingText
from hotline.settings.centre import LineTable
from hotline.store.traffic.messages import Media
from hotline.triage.caller_events import DialOver, Event, Pressed, Said, Silent

WITHHELD: Final = frozenset({"+266696687", "+86282452253", "+8656696", "+2562533", "+7378742833"})
"""What a withheld number may look like: "anonymous", "unavailable" and so on, spelt on a telephone's keys."""

ENDED: Final = frozenset(CallEnd)
"""Call statuses after which nothing more is heard of a call."""

_SID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_KEYS: Final = re.compile(r"[0-9*#A-D]{1,40}")
_NOT_IN_SERVICE: Final = frozenset({"404", "410", "484", "604"})
"""SIP answers that mean that there is no such number."""
_LONGEST_SPEECH: Final = 2000
_LONGEST_SHORT_CODE: Final = len("+123456")
_DIGITS: Final = re.compile(r"[0-9]{7,15}")
_SERVICE: Final = re.compile(r"[A-Za-z]+:")
"""What stands before an address that is no SMS's: "whatsapp:", "rcs:", "messenger:"."""

Form = Mapping[str, str]


class Malformed(ValueError):
    """A genuine request that lacks what every such request has. Nothing can be done for it but to be kind."""


def sid(form: Form, name: str) -> str:
    """The id of the call or message. Raises Malformed."""
    value = form.get(name, "")
    if not _SID.fullmatch(value):
        raise Malformed(name)
    return value


def number(written: str | None, countries: Collection[str]) -> PhoneNumber | None:
    """A telephone number; None if it is withheld, a short code, or no number at all.

    Some networks leave the plus out: digits are read as a number if they are one in the centre's own countries.
    """
    given = (written or "").strip()
    if given in WITHHELD:
        return None
    if _DIGITS.fullmatch(given):
        return read(given, countries)
    try:
        shown = PhoneNumber(given)
    except ValueError:
        return None
    return None if shown.is_nobodys or len(given) <= _LONGEST_SHORT_CODE else shown


def call(form: Form, line: LineTable) -> IncomingCall:
    """An incoming call. Raises Malformed.

    A number that we'd never ring (abroad; a satellite's; a premium one, shown so that we ring it back and pay; our
    own) is as good as withheld: the caller is asked for another one.
    """
    stir = _plain(form, "StirVerstat", 64)
    caller = number(form.get("From"), line.countries)
    if caller is not None and not line.reaches(caller):
        caller = None
    return IncomingCall(sid(form, "CallSid"), caller, _plain(form, "To", 32), stir or None)


def text(form: Form, countries: Collection[str]) -> IncomingText:
    """An incoming text. Raises Malformed.

    Whoever has no telephone number (a short code, a word, nothing at all) gets one that stands for them and is never
    dialled, so that what they write stays together; without any address each message stands alone.
    """
    message_sid = sid(form, "MessageSid") if "MessageSid" in form else sid(form, "SmsSid")
    given = form.get("From", "").strip()
    service = _SERVICE.match(given)
    ours = _plain(form, "To", 64)
    if service is not None and ":" not in ours:
        ours = service[0] + ours
    sender = number(given[service.end() :] if service else given, countries) or _stranger(
        given or message_sid
    )
    body = form.get("Body", "")
    if not body.strip() and form.get("NumMedia", "0") not in ("", "0"):
        body = "[picture]"
    return IncomingText(message_sid, sender, ours, body)


def _stranger(address: str) -> PhoneNumber:
    digits = int.from_bytes(sha256(address.casefold().encode(errors="replace")).digest()) % 10**12
    return PhoneNumber(f"+000{digits:012}")


_MOST_MEDIA: Final = 10
"""Files that one message can hold."""


def media(form: Form, account: str, message_sid: str) -> tuple[Media, ...]:
    """What came with a text, by the ids under which it is kept in our own account; other addresses are dropped."""
    written = form.get("NumMedia", "0")
    plain = written.isascii() and written.isdigit() and len(written) < 4
    count = min(int(written), _MOST_MEDIA) if plain else 0
    return tuple(
        Media(
            _plain(form, f"MediaContentType{place}", 100).lower(),
            _media_sid(form.get(f"MediaUrl{place}", ""), account, message_sid),
        )
        for place in range(count)
    )


def _media_sid(url: str, account: str, message_sid: str) -> str | None:
    """The id in an address that came with a text, if it is of this message of this account's; else None."""
    path = re.escape(f"/2010-04-01/Accounts/{account}/Messages/{message_sid}/Media/")
    found = re.fullmatch(rf"https?://[^/?#\s]+{path}(ME[0-9a-fA-F]{{32}})", url)
    return found[1] if found else None


def _plain(form: Form, name: str, longest: int) -> str:
    """Words of the carrier's own: what can't be printed is left out, for not every database keeps it."""
    return "".join(sign for sign in form.get(name, "") if sign.isprintable())[:longest]


def event(form: Form) -> Event:
    """What happened on a call since our last answer."""
    if "DialCallStatus" in form:
        answered = form["DialCallStatus"] in ("completed", "answered")
        return DialOver(answered and form.get("DialBridged", "true") != "false")
    keys = form.get("Digits", "")
    if _KEYS.fullmatch(keys):
        return Pressed(keys)
    words = form.get("SpeechResult", "").strip()[:_LONGEST_SPEECH]
    return Said(words, _confidence(form.get("Confidence", ""))) if words else Silent()


def key(form: Form) -> str | None:
    """The key that a member of staff pressed, if any."""
    keys = form.get("Digits", "")
    return keys if _KEYS.fullmatch(keys) else None


def _confidence(written: str) -> float:
    try:
        value = float(written)
    except ValueError:
        return 0.0
    return min(1.0, max(0.0, value)) if math.isfinite(value) else 0.0


def sequence(form: Form) -> int:
    """The status report's place in its call; reports come in any order."""
    written = form.get("SequenceNumber", "0")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 9 else 0


def duration(form: Form) -> timedelta:
    """How long a call that is over has lasted from its answer, by the carrier; nothing if it doesn't say."""
    written = form.get("CallDuration", "0")
    return timedelta(
        seconds=int(written) if written.isascii() and written.isdigit() and len(written) < 7 else 0
    )


def outcome(form: Form) -> Outcome | None:
    """What a call status says of a call of ours that nobody took; None if it says nothing."""
    match form.get("CallStatus"):
        case CallEnd.BUSY:
            return Outcome.BUSY
        case CallEnd.NO_ANSWER:
            return Outcome.NO_ANSWER
        case CallEnd.CANCELED:
            return Outcome.CALLED_OFF
        case CallEnd.FAILED:
            gone = form.get("SipResponseCode", "") in _NOT_IN_SERVICE
            return Outcome.NOT_IN_SERVICE if gone else Outcome.NO_ANSWER
        case _:
            return None
