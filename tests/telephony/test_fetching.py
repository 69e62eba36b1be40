"""Media: had from our own account at the provider, with our credentials shown to nobody else."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
import requests
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter

from hotline.operations.texts.attachments import LARGEST, NotFetched
from hotline.settings.load import Settings
from hotline.simulator import Attachment, HandClock, Simulator, WsgiAdapter, WsgiWeb, rest_app
from hotline.store.traffic.messages import Media
from hotline.telephony.rest import fetching
from hotline.telephony.webhooks import incoming
from tests.stories.centre import LINE, MIA, SID, TOKEN
from tests.telephony.doorstep import AFTERNOON

MESSAGE, FILE = "MM" + "1" * 32, "ME" + "2" * 32
ADDRESS = f"https://api.twilio.com/2010-04-01/Accounts/{SID}/Messages/{MESSAGE}/Media/{FILE}"
PICTURE = Media("image/jpeg", FILE)


class Elsewhere(BaseAdapter):
    """A provider that sends one on, and everybody else's host: each request is written down."""

    def __init__(self, location: str, status: int = 307, body: bytes = b"JPEG") -> None:
        super().__init__()
        self.location, self.status, self.body = location, status, body
        self.asked: list[PreparedRequest] = []

    def send(self, request: PreparedRequest, **how: object) -> Response:  # type: ignore[override]
        self.asked.append(request)
        answer = Response()
        first = str(request.url) == ADDRESS
        answer.status_code = self.status if first else 200
        answer.raw = BytesIO(b"" if first and self.status == 307 else self.body)
        answer.headers["Content-Type"] = "image/jpeg"
        if first:
            answer.headers["Location"] = self.location
        answer.request, answer.url = request, str(request.url)
        return answer

    def close(self) -> None:
        """Nothing is kept open."""


def fetched(settings: Settings, provider: Elsewhere, media: Media = PICTURE, message: str = MESSAGE) -> bytes:
    session = requests.Session()
    session.mount("https://", provider)
    session.mount("http://", provider)
    return fetching.fetch(settings, session, message, media).body


def test_a_picture_comes_from_the_account_by_way_of_the_store(settings: Settings) -> None:
    """On the strict simulator, which takes credentials at the store for a violation."""
    sim = Simulator(SID, TOKEN, HandClock(AFTERNOON), WsgiWeb(lambda environ, start: [b""]))
    sim.number(LINE)
    session = requests.Session()
    session.mount("https://", WsgiAdapter(rest_app(sim)))
    message = sim.phone(MIA).texts(LINE, "look", [Attachment("image/png", b"PNG")])
    form = {"NumMedia": "1", "MediaUrl0": message.media[0], "MediaContentType0": "Image/PNG"}
    (media,) = incoming.media(form, SID, message.sid)
    file = fetching.fetch(settings, session, message.sid, media)
    assert (file.body, file.content_type, media.content_type) == (b"PNG", "image/png", "image/png")
    assert sim.violations == []
    sim.post_office.media.delete_all(message.sid)
    with pytest.raises(NotFetched, match="404"):
        fetching.fetch(settings, session, message.sid, media)


@pytest.mark.parametrize(
    "store",
    [
        "https://mms.twiliocdn.com/AC1/key?sig=1",
        f"https://s3-external-1.amazonaws.com/media.twiliocdn.com/{SID}/key",
    ],
)
def test_the_store_gets_no_credentials(settings: Settings, store: str) -> None:
    """The API does."""
    provider = Elsewhere(store)
    assert fetched(settings, provider) == b"JPEG"
    assert [("Authorization" in one.headers) for one in provider.asked] == [True, False]
    assert str(provider.asked[0].url) == ADDRESS


@pytest.mark.parametrize(
    "elsewhere",
    [
        "http://mms.twiliocdn.com/key",
        "https://mms.twiliocdn.com:8443/key",
        "https://mms.twiliocdn.com.evil.example/key",
        "https://eviltwiliocdn.com/key",
        "https://mms.twiliocdn.com@evil.example/key",
        "https://user:pass@mms.twiliocdn.com/key",
        "https://s3-external-1.amazonaws.com/evil/key",
        f"https://s3-external-1.amazonaws.com/media.twiliocdn.com/{SID}/../../evil/key",
        f"https://s3-external-1.amazonaws.com/media.twiliocdn.com/{SID}/%2e%2e/%2E./evil/key",
        "https://127.0.0.1/key",
        "http://169.254.169.254/latest/meta-data",
        "https://[::1]/key",
        "https://[bad/key",
        "https://evil.example:notaport/",
        "file:///etc/passwd",
        "//evil.example/key",
        "ftp://mms.twiliocdn.com/key",
    ],
)
def test_nobody_sends_us_anywhere_else(settings: Settings, elsewhere: str) -> None:
    """Nothing is asked of whoever that is."""
    provider = Elsewhere(elsewhere)
    with pytest.raises(NotFetched, match="sent on to"):
        fetched(settings, provider)
    assert [str(one.url) for one in provider.asked] == [ADDRESS]


def test_nobody_sends_us_round_and_round(settings: Settings) -> None:
    """Three times at most."""
    provider = Elsewhere(ADDRESS)
    with pytest.raises(NotFetched, match="too often"):
        fetched(settings, provider)
    assert len(provider.asked) == 3


@pytest.mark.parametrize(
    ("media", "message"),
    [
        (Media("image/jpeg", None), MESSAGE),
        (Media("image/jpeg", "../../../Calls"), MESSAGE),
        (Media("image/jpeg", FILE + "/.."), MESSAGE),
        (PICTURE, "../x"),
        (PICTURE, "SM1"),
    ],
)
def test_only_what_looks_like_an_id_is_asked_for(settings: Settings, media: Media, message: str) -> None:
    """Nothing leaves for anything else."""
    provider = Elsewhere("https://mms.twiliocdn.com/key")
    with pytest.raises(NotFetched, match="not of our account"):
        fetched(settings, provider, media, message)
    assert provider.asked == []


def test_what_is_too_large_is_not_taken(settings: Settings) -> None:
    """It is let go of on the way."""
    with pytest.raises(NotFetched, match="too large"):
        fetched(settings, Elsewhere("https://mms.twiliocdn.com/key", body=b"x" * (LARGEST + 1)))


def test_whatever_breaks_is_one_kind_of_failure(settings: Settings) -> None:
    """No connection, no address."""
    session = requests.Session()
    session.trust_env = False
    nowhere = replace(settings, twilio_api_base_url="http://127.0.0.1:9")
    with pytest.raises(NotFetched, match="ConnectionError"):
        fetching.fetch(nowhere, session, MESSAGE, PICTURE)


@pytest.mark.parametrize(
    ("url", "sid"),
    [
        (ADDRESS, FILE),
        (ADDRESS.replace("api.twilio.com", "api.dublin.ie1.twilio.com"), FILE),
        (ADDRESS.replace(SID, "AC" + "9" * 32), None),
        (ADDRESS.replace(MESSAGE, "MM" + "9" * 32), None),
        (f"{ADDRESS}/../x", None),
        (f"{ADDRESS}?x=1", None),
        ("https://evil.example/picture.jpg", None),
        ("http://169.254.169.254/", None),
        ("", None),
    ],
)
def test_only_our_own_account_s_addresses_are_kept_and_of_them_the_id(url: str, sid: str | None) -> None:
    """The host doesn't matter: it is never used."""
    form = {"NumMedia": "1", "MediaUrl0": url, "MediaContentType0": "image/jpeg"}
    assert incoming.media(form, SID, MESSAGE) == (Media("image/jpeg", sid),)


@pytest.mark.parametrize(
    ("count", "kept"), [("0", 0), ("3", 3), ("999", 10), ("-1", 0), ("x", 0), ("", 0), ("99999", 0)]
)
def test_no_text_brings_more_than_ten(count: str, kept: int) -> None:
    """Whatever it says."""
    assert len(incoming.media({"NumMedia": count}, SID, MESSAGE)) == kept
