"""Effects as REST calls to Twilio, and what came of them. Every request has a time-out; no transaction is open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

from hotline.effects import Effect, HangUp, PlaceCall, RedirectCall, SendText
from hotline.model import Outcome
from hotline.operations.delivery import GiveUp, Result, Sent, TryAgain, Unsure
from hotline.settings import Settings
from hotline.telephony.twiml import RETRY

_STATUS_EVENTS: Final = ["initiated", "ringing", "answered", "completed"]
_SLACK: Final = timedelta(seconds=3)
"""How far the provider's clock and ours may differ when a call is looked for by its time."""

NO_SUCH_NUMBER: Final = frozenset({21211, 21214, 21216, 21217, 13223, 13224, 13225, 13226, 13227})
"""Twilio's codes for a number that can't be called, now or later."""
OPTED_OUT: Final = 21610
TOO_MANY: Final = frozenset({20429, 429})

_API_ROOT: Final = "https://api.twilio.com"


class Http(HttpClient):  # type: ignore[misc]  # the SDK has no types
    """Requests over one session, always with a time-out, to the configured API address."""

    def __init__(self, session: requests.Session, base_url: str, timeout: float) -> None:
        """`timeout` in seconds, for connecting and for each read."""
        super().__init__(logger=None, is_async=False, timeout=timeout)
        self._session = session
        self._base_url = base_url.rstrip("/")

    def request(  # noqa: PLR0913, PLR0917
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
        address = f"{self._base_url}{parts.path}" + (f"?{parts.query}" if parts.query else "")
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
        return Response(int(answer.status_code), answer.text, answer.headers)


class Carrier:
    """One account at Twilio, or at something that speaks like it."""

    def __init__(self, settings: Settings, session: requests.Session | None = None) -> None:
        """`session` decides how requests travel; by default a plain one."""
        self._settings = settings
        self._ours = settings.centre.line.numbers[0].e164
        http = Http(
            session or requests.Session(),
            settings.twilio_api_base_url,
            settings.centre.carrier.request_timeout.total_seconds(),
        )
        sid, token = settings.twilio_account_sid, settings.twilio_auth_token.get_secret_value()
        self._client: Any = Client(sid, token, http_client=http)

    def perform(self, effect: Effect) -> Result:
        """Carry an effect out. Never raises for anything that the network or the provider can do."""
        match effect:
            case PlaceCall():
                return _attempt(lambda: self._place(effect), creates=True)
            case SendText():
                return _attempt(lambda: self._text(effect), creates=True)
            case RedirectCall(call_sid, path):
                return _attempt(lambda: self._redirect(call_sid, path), creates=False)
            case HangUp(call_sid):
                return _attempt(lambda: self._hang_up(call_sid), creates=False)

    def look_up(self, effect: Effect, since: datetime) -> tuple[str, ...] | TryAgain:
        """The ids of calls or messages that look like this effect and were made since then (UTC), oldest first."""
        try:
            match effect:
                case PlaceCall(to):
                    found = self._client.calls.list(to=to.e164, from_=self._ours, limit=20)
                case SendText(to, body):
                    listed = self._client.messages.list(to=to.e164, from_=self._ours, limit=20)
                    found = [one for one in listed if one.body == body]
                case _:
                    return ()
        except (requests.RequestException, TwilioException) as error:
            return TryAgain(type(error).__name__)
        recent = [one for one in found if one.date_created is None or one.date_created >= since - _SLACK]
        return tuple(str(one.sid) for one in reversed(recent))

    def _url(self, path: str) -> str:
        return f"{self._settings.public_base_url}{path}{RETRY}"

    def _place(self, call: PlaceCall) -> str:
        placed = self._client.calls.create(
            to=call.to.e164,
            from_=self._ours,
            url=self._url(call.path),
            method="POST",
            timeout=call.ring_seconds,
            status_callback=self._url(call.status_path),
            status_callback_event=_STATUS_EVENTS,
            status_callback_method="POST",
        )
        return str(placed.sid)

    def _text(self, text: SendText) -> str:
        status = self._url(text.status_path)
        sent = self._client.messages.create(
            to=text.to.e164, from_=self._ours, body=text.body, status_callback=status
        )
        return str(sent.sid)

    def _redirect(self, call_sid: str, path: str) -> str:
        self._client.calls(call_sid).update(url=self._url(path), method="POST")
        return call_sid

    def _hang_up(self, call_sid: str) -> str:
        self._client.calls(call_sid).update(status="completed")
        return call_sid


def _attempt(request: Callable[[], str], *, creates: bool) -> Result:
    """`creates`: a lost answer is ambiguous; else the request may simply be made again."""
    try:
        return Sent(request())
    except TwilioRestException as refused:
        return _refused(int(refused.status), int(refused.code or 0), creates=creates)
    except requests.ConnectTimeout as error:
        return TryAgain(type(error).__name__)
    except (requests.RequestException, TwilioException, ValueError, OSError) as error:
        # Whatever broke after the request was under way: nobody knows whether it was carried out.
        return (Unsure if creates else TryAgain)(type(error).__name__)


def _refused(status: int, code: int, *, creates: bool) -> Result:
    error = str(code or status)
    if status == 429 or code in TOO_MANY:
        return TryAgain(error)
    if status >= 500:
        return (Unsure if creates else TryAgain)(error)
    return GiveUp(error, Outcome.NOT_IN_SERVICE if code in NO_SUCH_NUMBER else Outcome.NO_ANSWER)
