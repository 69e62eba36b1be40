"""Fetching what came with a text: from our own account at the provider, and from nowhere else.

Nothing of the address comes from a request: it is put together from two ids, each of which must look like one. Our
credentials go to the API's own host only; where that sends us on to, they don't, and it must be the provider's store.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote, urljoin, urlsplit

import requests

from hotline.operations.texts.attachments import LARGEST, File, NotFetched
from hotline.settings.load import Settings
from hotline.store.traffic.messages import Media

_MESSAGE: Final = re.compile(r"(?:SM|MM)[0-9a-fA-F]{32}")
_MEDIA: Final = re.compile(r"ME[0-9a-fA-F]{32}")
_STORES: Final = (".twiliocdn.com",)
"""Where Twilio keeps media: mms.twiliocdn.com, with addresses that are good for some hours."""
_OLD_STORE: Final = "s3-external-1.amazonaws.com"
"""...and where those of accounts are that don't ask for credentials: in a folder of Twilio's, per account."""
_HOPS: Final = 3
_PIECE: Final = 64 * 1024


def fetch(settings: Settings, session: requests.Session, message_sid: str, media: Media) -> File:
    """The file. Raises NotFetched."""
    if media.sid is None or not _MEDIA.fullmatch(media.sid) or not _MESSAGE.fullmatch(message_sid):
        raise NotFetched("not of our account")
    account = settings.twilio_account_sid
    address = f"{settings.twilio_api_base_url}/2010-04-01/Accounts/{account}/Messages/{message_sid}/Media/{media.sid}"
    timeout = settings.centre.carrier.request_timeout.total_seconds()
    credentials: object = (account, settings.twilio_auth_token.get_secret_value())
    try:
        for _ in range(_HOPS):
            answer = session.get(
                address,
                auth=credentials,  # type: ignore[arg-type]
                allow_redirects=False,
                stream=True,
                timeout=timeout,
            )
            with answer:
                if not answer.is_redirect:
                    return _read(answer, media)
                address = _next(settings, address, answer.headers.get("Location", ""))
            credentials = _nobody
    except requests.RequestException as error:
        raise NotFetched(type(error).__name__) from None
    except ValueError:
        raise NotFetched("sent on to no address") from None
    raise NotFetched("sent on too often")


def _nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """No credentials, not even any that this machine keeps for that host."""
    return request


def _next(settings: Settings, address: str, location: str) -> str:
    """Where we are sent on to, if that is a store of the provider's, or the API's own host. Raises ValueError."""
    found = urljoin(address, location)
    parts, api = urlsplit(found), urlsplit(settings.twilio_api_base_url)
    host, port = parts.hostname or "", parts.port
    folder = f"/media.twiliocdn.com/{settings.twilio_account_sid}/"
    store = host.endswith(_STORES) or (host == _OLD_STORE and parts.path.startswith(folder))
    secure = (
        parts.scheme == "https"
        and port in (None, 443)
        and "@" not in parts.netloc
        and ".." not in unquote(parts.path)
    )
    if (secure and store) or (parts.scheme, parts.netloc) == (api.scheme, api.netloc):
        return found
    raise NotFetched("sent on to somebody else")


def _read(answer: requests.Response, media: Media) -> File:
    if answer.status_code != 200:
        raise NotFetched(f"status {answer.status_code}")
    body = bytearray()
    for piece in answer.iter_content(_PIECE):
        body += piece
        if len(body) > LARGEST:
            raise NotFetched("too large")
    return File(answer.headers.get("Content-Type") or media.content_type, bytes(body))
