"""Who may knock: requests with the account's own signature, and no others."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from twilio.request_validator import RequestValidator
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from hotline.simulator.asking.signing import sign, signed_url
from hotline.telephony.webhooks.signature import Signatures
from tests.stories.centre import SITE, TOKEN
from tests.telephony.doorstep import FORM, Doorstep, build

CALL = {"CallSid": "CA1", "From": "+16175550142", "To": "+16175550100", "CallStatus": "ringing"}
OURS = Signatures(SITE, [TOKEN])
NAMES = st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
FORMS = st.dictionaries(NAMES, st.text(max_size=20), max_size=6)


def request(
    path: str, form: dict[str, str] | str, signature: str | None, *, query: str = "", type_: str = FORM
) -> Request:
    headers = {} if signature is None else {"X-Twilio-Signature": signature}
    body = form if isinstance(form, str) else urlencode(form)
    builder = EnvironBuilder(
        path=path,
        query_string=query,
        method="POST",
        data=body,
        headers=list(headers.items()),
        content_type=type_,
    )
    return Request(builder.get_environ())


@given(FORMS)
def test_what_the_simulator_signs_is_genuine(form: dict[str, str]) -> None:
    """An independent signer, written from Twilio's description, is believed for any parameters."""
    assert OURS.is_genuine(request("/twilio/voice", form, sign(TOKEN, f"{SITE}/twilio/voice", form)))


@given(FORMS)
def test_what_twilios_own_library_signs_is_genuine(form: dict[str, str]) -> None:
    """So is the library's signature, parameters that were added without notice included."""
    signature = RequestValidator(TOKEN).compute_signature(f"{SITE}/twilio/sms", {**form, "NewOne": "1"})
    assert OURS.is_genuine(request("/twilio/sms", {**form, "NewOne": "1"}, signature))


@given(FORMS, st.sampled_from(["token", "path", "value", "more", "less"]))
def test_what_was_changed_on_the_way_is_not_genuine(form: dict[str, str], changed: str) -> None:
    """Another token, another address, another, a further or a missing parameter: refused."""
    signed = {**form, "CallSid": "CA1"}
    token = "another" if changed == "token" else TOKEN
    signature = sign(token, f"{SITE}/twilio/voice", signed)
    path = "/twilio/sms" if changed == "path" else "/twilio/voice"
    sent = dict(signed)
    if changed == "value":
        sent["CallSid"] = "CA2"
    if changed == "more":
        sent["ZZZ-more"] = "1"
    if changed == "less":
        del sent["CallSid"]
    assert not OURS.is_genuine(request(path, sent, signature))


@given(st.binary(max_size=60))
def test_no_signature_makes_the_check_fail(header: bytes) -> None:
    """Whatever is in the header, the answer is no, and not an error."""
    assert not OURS.is_genuine(
        request("/twilio/voice", CALL, header.decode("latin-1").replace("\n", "").replace("\r", ""))
    )


def test_without_a_header_nobody_is_genuine() -> None:
    """The library raises a TypeError over it; we say no."""
    assert not OURS.is_genuine(request("/twilio/voice", CALL, None))
    assert not OURS.is_genuine(request("/twilio/voice", CALL, ""))


def test_both_tokens_are_accepted_while_they_are_rotated() -> None:
    """A second token signs, too; a third doesn't."""
    both = Signatures(SITE, [TOKEN, "the-new-token"])
    for token, genuine in ((TOKEN, True), ("the-new-token", True), ("a-third", False)):
        signature = sign(token, f"{SITE}/twilio/voice", CALL)
        assert both.is_genuine(request("/twilio/voice", CALL, signature)) is genuine


@pytest.mark.parametrize("voice", [True, False])
@pytest.mark.parametrize("base", [f"{SITE}:8443", f"{SITE}:443", SITE])
def test_the_port_may_be_signed_or_not(base: str, voice: bool) -> None:
    """Twilio drops it from the signature of HTTPS voice webhooks, and keeps it for texts."""
    signature = sign(TOKEN, signed_url(f"{base}/twilio/voice", voice=voice), CALL)
    assert Signatures(base, [TOKEN]).is_genuine(request("/twilio/voice", CALL, signature))


def test_a_public_address_may_have_a_path() -> None:
    """A proxy hands us what follows it; Twilio signs all of it."""
    signature = sign(TOKEN, f"{SITE}/line/twilio/voice", CALL)
    assert Signatures(f"{SITE}/line", [TOKEN]).is_genuine(request("/twilio/voice", CALL, signature))


@pytest.mark.parametrize(
    "base", ["https://hotline.example:99999999", "https://hotline.example:port", "https://[::1"]
)
def test_an_odd_port_is_no_error(base: str) -> None:
    """The library raises a ValueError over it; we say no."""
    assert not Signatures(base, [TOKEN]).is_genuine(request("/twilio/voice", CALL, "x" * 28))


def test_a_lone_surrogate_is_no_error() -> None:
    """The library can't encode it; we say no."""
    odd = Signatures("https://hotline.example/\ud800", [TOKEN])
    assert not odd.is_genuine(request("/twilio/voice", CALL, "x" * 28))


@pytest.mark.parametrize(
    "body", ["CallSid=%ED%A0%80", "%ED%A0%80=1", "CallSid=%FF%FE", "a=%00", "=&=&=", "%"]
)
def test_bytes_that_are_no_text_are_no_error(body: str) -> None:
    """Half a character in the form is refused like any other forgery."""
    assert not OURS.is_genuine(request("/twilio/voice", body, "x" * 28))


def test_every_value_of_a_repeated_parameter_is_signed() -> None:
    """Twilio signs all the values, each once and in order; leaving one out is noticed."""
    url = f"{SITE}/twilio/voice"
    signature = RequestValidator(TOKEN).compute_signature(url, {"CallSid": "CA1"})
    assert OURS.is_genuine(request("/twilio/voice", "CallSid=CA1", signature))
    assert not OURS.is_genuine(request("/twilio/voice", "CallSid=CA1&CallSid=CA2", signature))
    both = sign(TOKEN, url + "CallSidCA1CallSidCA2", {})
    assert OURS.is_genuine(request("/twilio/voice", "CallSid=CA2&CallSid=CA1", both))


def test_the_query_is_signed() -> None:
    """Something added to the address is noticed."""
    signature = sign(TOKEN, f"{SITE}/twilio/voice?a=1&b=%20x", CALL)
    assert OURS.is_genuine(request("/twilio/voice", CALL, signature, query="a=1&b=%20x"))
    assert not OURS.is_genuine(request("/twilio/voice", CALL, signature, query="a=2&b=%20x"))


def test_json_is_refused_whoever_signed_it() -> None:
    """Its body isn't in the signature, and nothing of ours is ever sent any."""
    signature = sign(TOKEN, f"{SITE}/twilio/voice", {})
    json = request("/twilio/voice", '{"CallSid": "CA1"}', signature, type_="application/json; charset=utf-8")
    assert not OURS.is_genuine(json)


# --- at the door itself ----------------------------------------------------------------------------------------


def test_the_host_that_a_request_names_doesn_t_count(shared_door: Doorstep) -> None:
    """The address is the configured one; a Host header can't move it."""
    signature = sign(TOKEN, f"{SITE}/twilio/voice", CALL)
    for host in ("hotline.example", "evil.example", "hotline.example:9"):
        answer = shared_door.knock(
            "/twilio/voice", urlencode(CALL), {"X-Twilio-Signature": signature, "Host": host}
        )
        assert answer.status_code == 200
    forged = sign(TOKEN, "https://evil.example/twilio/voice", CALL)
    evil = {"X-Twilio-Signature": forged, "Host": "evil.example"}
    assert shared_door.knock("/twilio/voice", urlencode(CALL), evil).status_code == 403


def test_the_second_token_opens_the_door(tmp_path: Path) -> None:
    """TWILIO_AUTH_TOKEN_SECONDARY is accepted beside the first."""
    door = build(tmp_path, twilio_auth_token_secondary=SecretStr("the-new-token"))
    assert door.post("/twilio/voice", CALL, token="the-new-token").status_code == 200
    assert door.post("/twilio/voice", CALL).status_code == 200
    assert door.post("/twilio/voice", CALL, token="a-third").status_code == 403


def test_an_override_in_the_fragment_is_not_signed(shared_door: Doorstep) -> None:
    """The retry policy behind the # never leaves Twilio."""
    address = signed_url(f"{SITE}/twilio/voice#ct=2000&rt=4000&rc=2&rp=all", voice=True)
    assert address == f"{SITE}/twilio/voice"
    assert shared_door.post("/twilio/voice", CALL).status_code == 200


def test_json_ends_at_the_door(shared_door: Doorstep) -> None:
    """403, and no error."""
    signature = {"X-Twilio-Signature": sign(TOKEN, f"{SITE}/twilio/voice", {})}
    answer = shared_door.knock("/twilio/voice", '{"CallSid":', signature, content_type="application/json")
    assert answer.status_code == 403


@pytest.mark.parametrize("declared", [True, False])
def test_a_body_over_64_kib_is_not_read(shared_door: Doorstep, declared: bool) -> None:
    """Not even if its length isn't announced."""
    form = {**CALL, "Body": "x" * 70_000}
    body = urlencode(form).encode()
    headers = {"X-Twilio-Signature": sign(TOKEN, f"{SITE}/twilio/voice", form)}
    if declared:
        assert shared_door.knock("/twilio/voice", body, headers).status_code == 413
        return
    builder = EnvironBuilder(
        path="/twilio/voice", method="POST", data=body, headers=list(headers.items()), content_type=FORM
    )
    environ = builder.get_environ()
    del environ["CONTENT_LENGTH"]
    environ["wsgi.input_terminated"] = True
    assert shared_door.app.test_client().open(environ).status_code == 413


def test_a_body_of_64_kib_is_read(shared_door: Doorstep) -> None:
    """A text of ten parts with all its pictures is far below the cap."""
    form = {**CALL, "CallSid": "CA-long", "Body": "x" * 60_000}
    assert shared_door.post("/twilio/voice", form).status_code == 200
