"""The carrier's own lists of calls and messages, as the requests that would have told us of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Any, Final

import requests
from twilio.base.exceptions import TwilioException

from hotline.model import PhoneNumber
from hotline.telephony.webhooks import incoming

PAGE: Final = 1000
"""The carrier's own limit."""
AT_MOST_A_MINUTE: Final = 60
"""Requests for pages; whoever reads on waits for the next minute."""
_MINUTE: Final = 60.0
_INBOUND: Final = "inbound"
_UNREADABLE: Final = (ValueError, LookupError, TypeError, AttributeError)
"""What the SDK raises over an answer that is none of the carrier's."""


class NotListed(Exception):
    """A list could not be read, or not to its end: nothing is known of what stands on it."""


@dataclass(frozen=True, slots=True)
class OnList:
    """One call or message. Times are UTC."""

    sid: str
    at: datetime
    """When it began, or was sent."""
    form: dict[str, str] = field(repr=False)
    """What the carrier's request about it would have said."""
    over_at: datetime | None = None
    """When a call ended; None while it goes on, and of a message."""
    files: bool = False
    """A message came with files, of which `form` does not tell yet."""

    @property
    def status(self) -> str:
        """In the carrier's words."""
        return self.form.get("CallStatus") or self.form.get("MessageStatus", "")


class Pace:
    """At most so many requests in a minute."""

    def __init__(
        self,
        a_minute: int = AT_MOST_A_MINUTE,
        steady: Callable[[], float] = monotonic,
        wait: Callable[[float], object] = sleep,
    ) -> None:
        """`steady`: seconds that only go forward. `wait`: returns after so many seconds."""
        self._a_minute = a_minute
        self._steady = steady
        self._wait = wait
        self._asked: list[float] = []

    def before_each(self) -> None:
        """Wait until one more may be made."""
        now = self._steady()
        self._asked = [at for at in self._asked if now - at < _MINUTE]
        if len(self._asked) >= self._a_minute:
            self._wait(_MINUTE - (now - self._asked[0]))
        self._asked.append(self._steady())


class Lists:
    """The lists of one account, of what concerns one number of ours. Everything raises NotListed."""

    def __init__(self, client: Any, pace: Pace) -> None:
        self._client = client
        self._pace = pace

    def calls_to(self, ours: PhoneNumber, since: datetime) -> list[OnList]:
        """Calls that came in since then (UTC), the newest first."""
        return [
            _call(one)
            for one in self._pages(self._client.calls, "start_time_after", since, to=ours.e164)
            if one.direction == _INBOUND
        ]

    def calls_from(self, ours: PhoneNumber, since: datetime) -> list[OnList]:
        """Calls that we placed since then (UTC), the newest first."""
        return [
            _call(one)
            for one in self._pages(self._client.calls, "start_time_after", since, from_=ours.e164)
            if one.direction != _INBOUND
        ]

    def texts_to(self, ours: PhoneNumber, since: datetime) -> list[OnList]:
        """Texts that came in since then (UTC), the newest first."""
        return [
            _text(one)
            for one in self._pages(self._client.messages, "date_sent_after", since, to=ours.e164)
            if one.direction == _INBOUND
        ]

    def texts_from(self, ours: PhoneNumber, since: datetime) -> list[OnList]:
        """Texts that we sent since then (UTC), the newest first."""
        return [
            _text(one)
            for one in self._pages(self._client.messages, "date_sent_after", since, from_=ours.e164)
            if one.direction != _INBOUND
        ]

    def with_files(self, text: OnList) -> OnList:
        """The text, with the places of the files that came with it."""
        self._pace.before_each()
        with _read():
            found = list(self._client.messages(text.sid).media.page(page_size=PAGE))
        places = {
            name: value
            for place, one in enumerate(found)
            for name, value in (
                (f"MediaUrl{place}", f"https://api.twilio.com{str(one.uri).removesuffix('.json')}"),
                (f"MediaContentType{place}", str(one.content_type)),
            )
        }
        return OnList(text.sid, text.at, {**text.form, **places, "NumMedia": str(len(found))})

    def _pages(self, resource: Any, after: str, since: datetime, **which: str) -> Iterator[Any]:
        """Those that began since then: a filter that knows days only gives more than was asked for."""
        self._pace.before_each()
        with _read():
            page = resource.page(page_size=PAGE, **which, **{after: since - timedelta(seconds=1)})
            found = list(page)
        while True:
            yield from (one for one in found if (_began(one) or since) >= since)
            if not page.next_page_url or (found and (_began(found[-1]) or since) < since):
                return
            self._pace.before_each()
            with _read():
                page = page.next_page()
                found = list(page)


@contextmanager
def _read() -> Iterator[None]:
    """Whatever goes wrong while a list is asked for is one thing. Raises NotListed."""
    try:
        yield
    except (requests.RequestException, TwilioException, OSError, *_UNREADABLE) as error:
        raise NotListed(type(error).__name__) from error


def _began(one: Any) -> datetime | None:
    found = getattr(one, "start_time", None) or getattr(one, "date_sent", None) or one.date_created
    return found if isinstance(found, datetime) else None


def _call(one: Any) -> OnList:
    status = str(getattr(one.status, "value", one.status))
    at, ended = _began(one), one.end_time
    if at is None:
        raise NotListed("a call without a time")
    form = {"CallSid": str(one.sid), "From": str(one._from or ""), "To": str(one.to), "CallStatus": status}
    return OnList(str(one.sid), at, form, (ended or at) if status in incoming.ENDED else None)


def _text(one: Any) -> OnList:
    status = str(getattr(one.status, "value", one.status))
    at, files = _began(one), str(one.num_media or "0")
    if at is None:
        raise NotListed("a message without a time")
    form = {
        "MessageSid": str(one.sid),
        "From": str(one.from_ or ""),
        "To": str(one.to),
        "Body": str(one.body or ""),
        "MessageStatus": status,
        "NumMedia": files,
    }
    if one.error_code is not None:
        form["ErrorCode"] = str(one.error_code)
    return OnList(str(one.sid), at, form, files=files != "0")
