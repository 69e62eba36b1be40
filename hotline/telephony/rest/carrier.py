"""Effects as REST calls to Twilio, and what came of them. Every request has a time-out; no transaction is open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client
from urllib3.exceptions import NewConnectionError

from hotline import paths
from hotline.dialling import may_be_dialled
from hotline.effects import (
    CallOff,
    DeleteMedia,
    Effect,
    HangUp,
    PlaceCall,
    RedactMessage,
    RedirectCall,
    SendText,
)
from hotline.model import Outcome, PhoneNumber, RoomName
from hotline.operations.outbox.delivery import GiveUp, Result, Sent, TryAgain, Unsure
from hotline.operations.outbox.quiet_calls_asked import CallStanding
from hotline.operations.texts.attachments import File
from hotline.settings.load import Settings
from hotline.store.traffic.messages import Media
from hotline.telephony.rest import fetching
from hotline.telephony.rest.listing import Lists, Pace
from hotline.telephony.twiml.renderer import RETRY
from hotline.telephony.webhooks import incoming

_NEWS: Final = ["ringing", "completed"]
"""What the carrier is to tell of a call: each report is a transaction. That it has been placed is the answer to our
request, and that it was answered is told by whoever then asks what to say."""
_NEWS_OF_A_ROOM: Final = ["ringing", "answered", "completed"]
"""Of a call whose answer puts somebody into a room without asking us."""
_SLACK: Final = timedelta(seconds=3)
"""How far the provider's clock and ours may differ when a call is looked for by its time."""

NO_SUCH_NUMBER: Final = frozenset({21211, 21214, 21216, 21217, 13223, 13224, 13225, 13226, 13227})
"""Twilio's codes for a number that can't be called, now or later."""
NOT_NOW: Final = frozenset({20429, 20003, 20005, 20009})
"""Never processed, and well a little later: too many requests; a token or an account that somebody must mend; a
message whose words can't be removed before it has arrived."""
NOT_NOW_STATUS: Final = frozenset({401, 408, 425, 429})
NEVER_DIALLED: Final = "never dialled"
"""Our own refusal, before Twilio's: an emergency, short or costly number."""
_LISTENS: Final = '<Response><Pause length="60"/></Response>'
"""What the canary does on her call: longer than the line's first words last, after which the line hangs up."""
_NOT_TO_BE_CHANGED: Final = 21220
"""Twilio's code for a call that is in no state to be changed so."""
_UNREADABLE: Final = (ValueError, LookupError, TypeError, AttributeError)
"""What the SDK raises over an answer that is none of Twilio's: a proxy's page, say."""


class Http(HttpClient):  # type: ignore[misc]  # the SDK has no types
    """Requests over one session, always with a time-out, to the configured API address."""

    told_at: datetime | None = None
    """The carrier's time of the last answer, UTC, to the second."""

    def __init__(self, session: requests.Session, base_url: str, timeout: float) -> None:
        """`timeout` in seconds, for connecting and for each read."""
        super().__init__(logger=None, is_async=False, timeout=timeout)
        self._session = session
        self._base_url = base_url.rstrip("/")

    def base_of(self, host: str) -> str:
        """Where what the SDK asks of `host` is asked: Twilio has one for each of its APIs, in each region; whatever
        else speaks like Twilio has one for all."""
        api = urlsplit(self._base_url).netloc
        if not (api.startswith("api.") and api.endswith(".twilio.com")):
            return self._base_url
        return f"https://{host.partition('.')[0]}.{api.removeprefix('api.')}"

    def request(  # noqa: PLR0917
        self,
        method: str,
        uri: str,
        params: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """Make one request. Raises what `requests` raises."""
        parts = urlsplit(uri)
        address = f"{self.base_of(parts.netloc)}{parts.path}" + (f"?{parts.query}" if parts.query else "")
        answer = self._session.request(
            method.upper(),
            address,
            params=params,
            data=data,
            headers=headers,
            auth=auth,
            timeout=timeout or self.timeout,
            allow_redirects=allow_redirects,
        )
        self.told_at = _dated(answer.headers.get("Date"))
        return Response(int(answer.status_code), answer.text, answer.headers)


def _dated(written: str | None) -> datetime | None:
    try:
        return None if written is None else parsedate_to_datetime(written).astimezone(UTC)
    except ValueError:
        return None


def connected(settings: Settings, session: requests.Session | None = None) -> tuple[Any, Http]:
    """The SDK's client for the centre's account, and how it asks. `session`: how requests travel."""
    patience = settings.centre.carrier.request_timeout.total_seconds()
    http = Http(session or requests.Session(), settings.twilio_api_base_url, patience)
    token = settings.twilio_auth_token.get_secret_value()
    return Client(settings.twilio_account_sid, token, http_client=http), http


class Carrier:
    """One account at Twilio, or at something that speaks like it."""

    def __init__(self, settings: Settings, session: requests.Session | None = None) -> None:
        """`session` decides how requests travel; by default a plain one."""
        self._settings = settings
        self._line = settings.centre.line
        self._session = session or requests.Session()
        self._client, _ = connected(settings, self._session)

    def perform(self, effect: Effect, *, to_caller: bool = False) -> Result:
        """Carry an effect out. Never raises for anything that the network or the provider can do.

        This is the one way out for calls and texts of ours: what the door for numbers refuses is given up, whoever
        asked. Staff may live abroad; callers are reached in the centre's countries only, and nobody on our own line.
        """
        match effect:
            case PlaceCall(to) | SendText(to) if not self._may_leave(to, to_caller=to_caller):
                return GiveUp(NEVER_DIALLED, Outcome.NOT_IN_SERVICE)
            case PlaceCall():
                return _attempt(lambda: self._place(effect), creates=True)
            case SendText():
                return _attempt(lambda: self._text(effect), creates=True)
            case RedirectCall(call_sid, path):
                return _attempt(lambda: self._redirect(call_sid, path), creates=False)
            case RedactMessage(message_sid):
                return _attempt(lambda: self._redact(message_sid), creates=False)
            case DeleteMedia(message_sid, media):
                return _attempt(lambda: self._delete(message_sid, media), creates=False)
            case HangUp(call_sid):
                return _attempt(lambda: self._hang_up(call_sid), creates=False)
            case CallOff(call_sid):
                return _attempt(lambda: self._call_off(call_sid), creates=False)

    def fetch(self, message_sid: str, media: Media) -> File:
        """A picture or file that came with a text. Raises NotFetched."""
        return fetching.fetch(self._settings, self._session, message_sid, media)

    def standing(self, call_sid: str) -> CallStanding | TryAgain:
        """How this call stands. One that the account doesn't know is over."""
        try:
            found = self._client.calls(call_sid).fetch()
            status, ended_at = str(found.status), found.end_time
        except (TwilioRestException, TwilioServiceException) as refused:
            if _number(refused.status) == 404:
                return CallStanding(over=True)
            return TryAgain(str(_number(refused.code) or _number(refused.status)))
        except (requests.RequestException, TwilioException, OSError, *_UNREADABLE) as error:
            return TryAgain(type(error).__name__)
        if status not in incoming.ENDED:
            return CallStanding(over=False)
        return CallStanding(over=True, ended_at=ended_at, outcome=incoming.outcome({"CallStatus": status}))

    def try_line(self, from_: PhoneNumber, to: PhoneNumber, body: str) -> tuple[str, ...]:
        """Call and text a number of ours from another one, as anybody would; what did not leave, in words."""
        call = _attempt(
            lambda: (
                self._client.calls.create(
                    to=to.e164,
                    from_=from_.e164,
                    twiml=_LISTENS,
                    fallback_url=self._url(paths.SILENCE),
                    timeout=20,
                ).sid
            ),
            creates=True,
        )
        text = _attempt(
            lambda: self._client.messages.create(to=to.e164, from_=from_.e164, body=body).sid, creates=True
        )
        return tuple(
            f"the carrier did not take its {what} ({done.error})"
            for what, done in (("call", call), ("text", text))
            if isinstance(done, TryAgain | GiveUp)
        )

    def lists(self, pace: Pace) -> Lists:
        """The account's own lists of calls and messages."""
        return Lists(self._client, pace)

    def look_up(self, effect: Effect, since: datetime) -> tuple[str, ...] | TryAgain:
        """The ids of calls or messages that look like this effect and were made since then (UTC), oldest first."""
        try:
            match effect:
                case PlaceCall(to):
                    found = self._client.calls.list(to=to.e164, limit=20, **self._sent_from(effect))
                case SendText(to, body):
                    listed = self._client.messages.list(to=to.e164, limit=20, **self._sent_from(effect))
                    found = [one for one in listed if one.body == body]
                case _:
                    return ()
        except (requests.RequestException, TwilioException, OSError, *_UNREADABLE) as error:
            return TryAgain(type(error).__name__)
        recent = [one for one in found if one.date_created is None or one.date_created >= since - _SLACK]
        return tuple(str(one.sid) for one in reversed(recent))

    def _url(self, path: str) -> str:
        return f"{self._settings.public_base_url}{path}{RETRY}"

    def _may_leave(self, to: PhoneNumber, *, to_caller: bool) -> bool:
        return self._line.reaches(to) if to_caller else may_be_dialled(to) and to not in self._line.own

    def _from(self, effect: PlaceCall | SendText) -> str:
        if effect.from_ is None:
            return self._line.pages_from.e164
        return self._line.used(effect.from_.e164).e164

    def _sent_from(self, effect: PlaceCall | SendText) -> dict[str, str]:
        """How what was sent is looked for; by any number of ours if that which was meant is ours no more."""
        ours = self._from(effect)
        return {"from_": ours} if effect.from_ is None or effect.from_.e164 == ours else {}

    def _place(self, call: PlaceCall) -> object:
        if call.room is not None:
            return self._call_into(call, call.room)
        placed = self._client.calls.create(
            to=call.to.e164,
            from_=self._from(call),
            url=self._url(call.path),
            method="POST",
            fallback_url=self._fallback(call.path),
            fallback_method="POST",
            timeout=call.ring_seconds,
            status_callback=self._url(call.status_path),
            status_callback_event=_NEWS,
            status_callback_method="POST",
            **self._detection(call.machine_path),
        )
        return placed.sid

    def _call_into(self, call: PlaceCall, room: RoomName) -> object:
        """Whoever waits in the room hears it ring; whoever answers is there, with no document asked for."""
        called = self._client.conferences(room).participants.create(
            to=call.to.e164,
            from_=self._from(call),
            early_media=True,
            start_conference_on_enter=True,
            end_conference_on_exit=True,
            beep="false",
            wait_url=self._url(paths.SILENCE),
            wait_method="POST",
            timeout=call.ring_seconds,
            status_callback=self._url(call.status_path),
            status_callback_event=_NEWS_OF_A_ROOM,
            status_callback_method="POST",
        )
        return called.call_sid

    def _fallback(self, path: str) -> str:
        """A TwiML Bin, which Twilio answers by itself, if the centre has made one; else another address of ours."""
        ours = paths.fallback(path)
        carrier = self._settings.centre.carrier
        made = carrier.staff_fallback if ours == paths.STAFF_FALLBACK else carrier.called_fallback
        return made or self._url(ours)

    def _detection(self, path: str | None) -> dict[str, str]:
        """In the background: whoever picks up is spoken to at once, and the result is told to `path` afterwards."""
        if path is None:
            return {}
        return {
            "machine_detection": "DetectMessageEnd",
            "async_amd": "true",
            "async_amd_status_callback": self._url(path),
            "async_amd_status_callback_method": "POST",
        }

    def _text(self, text: SendText) -> object:
        status = self._url(text.status_path)
        sent = self._client.messages.create(
            to=text.to.e164, from_=self._from(text), body=text.body, status_callback=status
        )
        return sent.sid

    def _redirect(self, call_sid: str, path: str) -> str:
        # A leg that the carrier has put into a room by itself began without an address of ours.
        called = paths.is_to_called(path)
        more = {"fallback_url": self._fallback(path), "fallback_method": "POST"} if called else {}
        self._client.calls(call_sid).update(url=self._url(path), method="POST", **more)
        return call_sid

    def _redact(self, message_sid: str) -> str:
        with _gone_is_done():
            self._client.messages(message_sid).update(body="")
        return message_sid

    def _delete(self, message_sid: str, media: tuple[str, ...]) -> str:
        for sid in media:
            with _gone_is_done():
                self._client.messages(message_sid).media(sid).delete()
        return message_sid

    def _hang_up(self, call_sid: str) -> str:
        with _over_is_done():
            self._client.calls(call_sid).update(status="completed")
        return call_sid

    def _call_off(self, call_sid: str) -> str:
        # Twilio ends a queued or ringing call by this status, and leaves one that was answered as it is.
        with _over_is_done():
            self._client.calls(call_sid).update(status="canceled")
        return call_sid


@contextmanager
def _gone_is_done() -> Iterator[None]:
    """What isn't there any more needn't be removed."""
    try:
        yield
    except (TwilioRestException, TwilioServiceException) as refused:
        if _number(refused.status) != 404:
            raise


@contextmanager
def _over_is_done() -> Iterator[None]:
    """A call that is over needn't be ended, and one that was answered isn't to be called off."""
    try:
        yield
    except (TwilioRestException, TwilioServiceException) as refused:
        if _number(refused.code) != _NOT_TO_BE_CHANGED:
            raise


def _attempt(request: Callable[[], object], *, creates: bool) -> Result:
    """`creates`: a lost answer is ambiguous; else the request may simply be made again."""
    try:
        return Sent(_sid(request()))
    except (TwilioRestException, TwilioServiceException) as refused:
        return _refused(_number(refused.status), _number(refused.code), creates=creates)
    except (requests.RequestException, TwilioException, OSError, *_UNREADABLE) as error:
        # Whatever broke after the request was under way: nobody knows whether it was carried out.
        ambiguous = creates and not _never_left(error)
        return (Unsure if ambiguous else TryAgain)(type(error).__name__)


def _sid(answered: object) -> str:
    if not isinstance(answered, str) or not answered:
        raise ValueError("an answer without an id")
    return answered


def _number(written: object) -> int:
    try:
        return int(str(written or 0))
    except ValueError:
        return 0


def _never_left(error: Exception) -> bool:
    """Whether no connection was made at all, so that the request can't have arrived."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause = error.args[0] if isinstance(error, requests.ConnectionError) and error.args else None
    # Refused, unreachable, or without an address: all of them are this one to urllib3.
    return isinstance(getattr(cause, "reason", None), NewConnectionError)


def _refused(status: int, code: int, *, creates: bool) -> Result:
    error = str(code or status)
    if status in NOT_NOW_STATUS or code in NOT_NOW:
        return TryAgain(error)
    if status >= 500:
        return (Unsure if creates else TryAgain)(error)
    return GiveUp(error, Outcome.NOT_IN_SERVICE if code in NO_SUCH_NUMBER else Outcome.NO_ANSWER)
