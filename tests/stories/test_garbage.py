"""Garbage at every address, signed and forged: never an error of ours, always TwiML, and no forger gets in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlencode

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from hotline import paths
from hotline.effects import PlaceCall
from hotline.operations.transaction import Transaction
from hotline.simulator.asking.signing import sign
from hotline.simulator.twiml.document import MESSAGING, VOICE, WAITING, parse
from hotline.store.cases import contacts
from hotline.store.database.tables import outbox as outbox_table
from hotline.store.traffic import outbox
from hotline.telephony.webhooks.routes import ADDRESSES
from tests.stories.centre import ASKS_FOR_METRICS, LINE, MIA, SITE, TOKEN
from tests.telephony.doorstep import FORM, Doorstep, build

RULES = [address.rule for address in ADDRESSES]
ALL = [*RULES, paths.WAITING, paths.FAILSAFE_SCREEN, paths.FAILSAFE_SCREENED]
OTHERS = [
    "/health/live",
    "/health/ready",
    "/metrics",
    "/twilio",
    "/twilio/",
    "/twilio/nothing",
    "//twilio/voice",
]


@dataclass
class Knocked:
    """A house in which something goes on already, and everything that was logged while it was knocked at."""

    door: Doorstep
    logged: list[structlog.typing.EventDict]
    ids: list[str]


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Knocked]:
    """One house for all the garbage; at the end nothing of ours has stumbled over any of it."""
    door = build(tmp_path_factory.mktemp("garbage"))
    door.calls("CA-known")
    contact = door.look(lambda transaction: contacts.by_call(transaction.tx, "CA-known"))
    door.post(f"/twilio/voice/turn/{contact.id}/1", {"CallSid": "CA-known", "From": MIA, "Digits": "1"})
    door.texts("hi")
    thread = door.look(lambda transaction: contacts.open_thread(transaction.tx, contact.caller))
    page = door.look(_first_page)
    with structlog.testing.capture_logs() as logged:
        yield Knocked(door, logged, [contact.id, page, thread.id, "reply-SM1"])
    stumbled = [line for line in logged if line["log_level"] in ("error", "critical")]
    assert stumbled == []
    assert door.here.journal.files() == []


def _first_page(transaction: Transaction) -> str:
    for one in transaction.tx.execute(outbox_table.select()).all():
        row = outbox.get(transaction.tx, one.id)
        if row is not None and isinstance(row.effect, PlaceCall):
            return row.effect.path.rpartition("/")[2]
    raise AssertionError("nobody was paged")


def is_twiml(rule: str, answer: TestResponse) -> None:
    """What was answered is a document that Twilio carries out. Raises BadTwiml."""
    assert answer.mimetype == "text/xml"
    rules = MESSAGING if rule == paths.SMS else WAITING if rule == paths.WAITING else VOICE
    parse(answer.text, f"{SITE}{rule.partition('<')[0]}", rules)


# --- what may be sent ------------------------------------------------------------------------------------------

NAMES = [
    "CallSid", "MessageSid", "SmsSid", "From", "To", "Digits", "SpeechResult", "Confidence", "CallStatus", "Body",
    "DialCallStatus", "DialBridged", "SequenceNumber", "NumMedia", "MessageStatus", "SmsStatus", "ErrorCode",
    "ErrorUrl", "StirVerstat", "SipResponseCode",
]  # fmt: skip
VALUES = [
    "", " ", "CA-known", "CA-new", "SM-new", MIA, LINE, "+16175550101", "anonymous", "1", "2", "0", "4", "#", "*",
    "6175550143", "11200", "completed", "ringing", "busy", "failed", "delivered", "undelivered", "9" * 40, "-1",
    "1e999", "NaN", "\x00", "\r\n", "²", "💊" * 20, "\u202e", "<Response/>", "]]>", "&amp;", "{NAME}", "%s%n", "'; --",
    "he won't wake up", "STOP", "DONE", "x" * 3000, "https://[::1", "javascript:1",
    f"{SITE}/twilio/voice/turn/nobody/7", f"{SITE}/twilio/voice/fallback", f"{SITE}/twilio/voice",
]  # fmt: skip
TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20)
FORMS = st.dictionaries(st.sampled_from(NAMES) | TEXT, st.sampled_from(VALUES) | TEXT, max_size=8)
GIVEN_IDS = ["nobody", "0", "x" * 80, "-", "_"]
ODD_IDS = ["", "..", "%2e%2e", "%00", "a b", "ä", "💊", "x" * 81, "<script>", "a%2Fb", "*"]
NUMBERS = ["0", "1", "2", "7", "999999", "1000000", "9" * 30, "9" * 5000, "-1", "1.5", "x", "²", ""]


def address(rule: str, ids: list[str], numbers: list[str]) -> st.SearchStrategy[str]:
    """The rule with something in each of its blanks."""
    parts = re.split(r"(<[^>]*>)", rule)
    blanks = {"<count": st.sampled_from(numbers), "<opaque": st.sampled_from(ids)}
    drawn = [blanks[part.partition(":")[0]] if part.startswith("<") else st.just(part) for part in parts]
    return st.tuples(*drawn).map("".join)


@given(st.data(), st.sampled_from(ALL), FORMS)
def test_a_genuine_request_is_answered_whatever_is_in_it(
    application: Knocked, data: st.DataObject, rule: str, form: dict[str, str]
) -> None:
    """200, and a document that Twilio carries out; for known ids and unknown ones."""
    path = data.draw(address(rule, [*application.ids, *GIVEN_IDS], ["0", "1", "2", "3", "999999"]))
    answer = application.door.post(path, form)
    assert answer.status_code == 200
    is_twiml(rule, answer)


@given(st.data(), st.sampled_from(ALL), FORMS)
def test_an_odd_address_is_not_ours(
    application: Knocked, data: st.DataObject, rule: str, form: dict[str, str]
) -> None:
    """404 for what we have never handed out, or 403 where it can't be signed as it arrives; never an error."""
    path = data.draw(address(rule, [*ODD_IDS, "nobody"], NUMBERS))
    answer = application.door.post(quote(path, safe="/%"), form)
    assert answer.status_code < 500
    if answer.status_code == 200:
        is_twiml(rule, answer)


@given(
    st.data(),
    st.sampled_from(ALL),
    FORMS,
    st.sampled_from(["none", "empty", "token", "path", "text", "bytes"]),
)
def test_no_forger_gets_in(
    application: Knocked, data: st.DataObject, rule: str, form: dict[str, str], forged: str
) -> None:
    """403, at every address, however the signature is wrong."""
    path = data.draw(address(rule, [*application.ids, "nobody"], ["0", "1"]))
    headers = {
        "none": {},
        "empty": {"X-Twilio-Signature": ""},
        "token": {"X-Twilio-Signature": sign("another token", f"{SITE}{path}", form)},
        "path": {"X-Twilio-Signature": sign(TOKEN, f"{SITE}{path}x", form)},
        "text": {"X-Twilio-Signature": data.draw(st.text("abc=+/", min_size=1, max_size=40))},
        "bytes": {"X-Twilio-Signature": "\xff\x80=" * 9},
    }[forged]
    assert application.door.knock(path, urlencode(form), headers).status_code == 403


# --- a table of nasty ones -------------------------------------------------------------------------------------

BODIES: dict[str, tuple[str | bytes, str]] = {
    "nothing": ("", FORM),
    "no type": ("CallSid=CA1", ""),
    "no text": (b"\xff\xfe\x00", FORM),
    "half a character": ("CallSid=%ED%A0%80&From=%FF", FORM),
    "ampersands": ("&" * 9000, FORM),
    "a thousand names": ("&".join(f"a{n}=1" for n in range(5000)), FORM),
    "one name a thousand times": ("&".join(["CallSid=CA1"] * 3000), FORM),
    "percent": ("%%%=%%%", FORM),
    "long": ("Body=" + "x" * 65_000, FORM),
    "too long": ("Body=" + "x" * 700_000, FORM),
    "json": ('{"CallSid": "CA1"}', "application/json"),
    "broken json": ("{", "application/json"),
    "xml": ("<Response/>", "text/xml"),
    "plain": ("CallSid=CA1", "text/plain"),
    "no boundary": ("x", "multipart/form-data"),
    "broken parts": ("--b\r\nContent-Disposition: form-data\r\n\r\nx", "multipart/form-data; boundary=b"),
    "many parts": (
        "".join(f'--b\r\nContent-Disposition: form-data; name="a{n}"\r\n\r\nx\r\n' for n in range(900))
        + "--b--",
        "multipart/form-data; boundary=b",
    ),
    "another charset": ("CallSid=CA1", f"{FORM}; charset=utf-16"),
    "no charset": ("CallSid=CA1", f"{FORM}; charset=nonsense"),
    "odd type": ("CallSid=CA1", "\x7f/\x7f"),
}


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize("signed", [True, False])
def test_a_nasty_body_is_no_error(application: Knocked, kind: str, signed: bool) -> None:
    """At every address: refused, or answered with TwiML."""
    body, content_type = BODIES[kind]
    for rule in ALL:
        path = rule.replace("<count:turn>", "1").replace("<count:tries>", "1")
        path = re.sub(r"<[^>]*>", "nobody", path)
        headers = {"X-Twilio-Signature": sign(TOKEN, f"{SITE}{path}", {})} if signed else {}
        answer = application.door.knock(path, body, headers, content_type=content_type)
        assert answer.status_code in ((200, 403, 413) if signed else (403, 413))
        if answer.status_code == 200:
            is_twiml(rule, answer)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
def test_telephones_are_only_posted_to(application: Knocked, method: str) -> None:
    """Any other method: 405, at every address."""
    for rule in ALL:
        path = re.sub(r"<[^>]*>", "1", rule)
        signature = {"X-Twilio-Signature": sign(TOKEN, f"{SITE}{path}", {})}
        assert application.door.knock(path, "", signature, method=method).status_code == 405


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE", "NONSENSE"])
def test_no_method_makes_any_page_an_error(application: Knocked, method: str) -> None:
    """Whatever is asked, of whatever address; 503 is what an application that isn't ready says of itself."""
    for path in (*OTHERS, *(re.sub(r"<[^>]*>", "1", rule) for rule in ALL)):
        status = application.door.knock(path, "a=1", method=method).status_code
        assert status < 500 or (path == "/health/ready" and status == 503)


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": ""},
        {"Host": "evil.example"},
        {"Host": "[::1"},
        {"Host": "a" * 5000},
        {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher"},
        {"Content-Encoding": "gzip"},
        {"Transfer-Encoding": "chunked"},
        {"Expect": "100-continue"},
        {"Cookie": "session=\xff; __Host-hotline=" + "x" * 4000},
        {"Accept": "application/json", "Accept-Language": "\xff", "Accept-Encoding": "*;q=nan"},
        {"Range": "bytes=9-1"},
        {"If-Modified-Since": "yesterday", "If-None-Match": '"'},
        {"Authorization": "Bearer \xff"},
        {"Authorization": "Basic !!!"},
        {"X-Twilio-Signature": "x" * 7000},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_no_header_makes_any_page_an_error(application: Knocked, headers: dict[str, str]) -> None:
    """Headers of strangers, at health, metrics and telephones."""
    for path in (*OTHERS, paths.VOICE, paths.SMS):
        for method in ("GET", "POST"):
            status = application.door.knock(path, "a=1", headers, method=method).status_code
            assert status < 500 or (path == "/health/ready" and status == 503)


@given(st.sampled_from(["/health/live", "/health/ready", "/metrics"]), TEXT, TEXT)
def test_no_query_makes_health_an_error(application: Knocked, path: str, name: str, value: str) -> None:
    """What stands behind the question mark is nobody's."""
    answer = application.door.knock(f"{path}?{urlencode({name: value})}", "", ASKS_FOR_METRICS, method="GET")
    assert answer.status_code in (200, 503)


def test_a_call_without_an_id_is_still_answered(application: Knocked) -> None:
    """There is somebody on the line: the 911 sentence, and the failsafe number."""
    answer = application.door.post(paths.VOICE, {"From": MIA})
    assert "hang up and dial 9-1-1" in answer.text
    assert "<Dial" in answer.text


def test_a_turn_of_an_unknown_contact_is_a_call_that_begins(application: Knocked) -> None:
    """Whoever is on the telephone hears the first words, and goes on from there."""
    answer = application.door.post(
        "/twilio/voice/turn/nobody/999999", {"CallSid": "CA-lost", "From": "+16175550178", "To": LINE}
    )
    assert "For treatment, press 2" in answer.text


def test_a_leg_of_an_unknown_page_is_let_go(application: Knocked) -> None:
    """With a word of thanks."""
    answer = application.door.post("/twilio/voice/page/nobody/key/0", {"CallSid": "CA-staff", "Digits": "1"})
    assert "not waiting any more" in answer.text
    assert "<Hangup" in answer.text
