"""The simulator's own signature against Twilio's validator."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from hotline.simulator.asking.overrides import BadOverride, Overrides, overrides_of, without_fragment
from hotline.simulator.asking.signing import sign, signed_url

from .conftest import LINE, SITE, TOKEN, Application, World

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(TEXT, TEXT, max_size=8))
def test_twilios_validator_accepts_every_signature(params: dict[str, str]) -> None:
    """Any parameters, in any script, give the signature that Twilio's library expects."""
    url = f"{SITE}/twilio/voice?turn=3&x=%20y"
    assert RequestValidator(TOKEN).validate(url, params, sign(TOKEN, url, params))


def test_posted_webhooks_pass_twilios_validator(world: World, app: Application) -> None:
    """What reaches the application is signed over the URL without its overrides, and over all parameters."""
    world.sim.kernel.extra_parameters = {"NewThing": "added without notice"}
    world.sim.kernel.numbers[LINE].voice_url = f"{SITE}/voice?a=b#ct=2000&rc=2"
    app.says("/voice", "<Hangup/>")
    world.caller().calls(LINE)
    world.caller().hangs_up()
    world.pass_(0)
    world.caller().texts(LINE, "olá ✓")
    world.pass_(0)
    for asked, form, headers in app.asked:
        url = f"{SITE}{asked}" + ("?a=b" if asked == "/voice" else "")
        assert form["NewThing"] == "added without notice"
        assert RequestValidator(TOKEN).validate(url, form, headers["X-Twilio-Signature"])
        assert headers["I-Twilio-Idempotency-Token"]
    assert len({headers["I-Twilio-Idempotency-Token"] for _, _, headers in app.asked}) == len(app.asked)


@pytest.mark.parametrize(
    ("url", "voice", "signed"),
    [
        ("https://a.example:8443/v?x=1#rc=2", True, "https://a.example/v?x=1"),
        ("https://a.example:8443/v?x=1#rc=2", False, "https://a.example:8443/v?x=1"),
        ("http://127.0.0.1:8000/v", True, "http://127.0.0.1:8000/v"),
    ],
)
def test_https_voice_webhooks_are_signed_without_their_port(url: str, voice: bool, signed: str) -> None:
    """The port stays for texts, and for plain HTTP; the fragment is never signed."""
    assert signed_url(url, voice=voice) == signed


def test_overrides_are_read_from_the_fragment() -> None:
    """Milliseconds become seconds; what isn't given keeps Twilio's default."""
    assert overrides_of(f"{SITE}/voice") == Overrides(5.0, 15.0, 15.0, 1, frozenset({"ct"}))
    assert overrides_of(f"{SITE}/voice#ct=2000&rt=4000&tt=9000&rc=2&rp=5xx,rt") == Overrides(
        2.0, 4.0, 9.0, 2, frozenset({"5xx", "rt"})
    )
    assert without_fragment(f"{SITE}/voice?x=1#rc=2") == f"{SITE}/voice?x=1"


@pytest.mark.parametrize("fragment", ["ct=1", "rt=16000", "rc=6", "rp=3xx", "xx=1", "rc=1&rc=2", "ct=fast"])
def test_bad_overrides_are_refused(fragment: str) -> None:
    """Unknown, doubled or out of Twilio's range."""
    with pytest.raises(BadOverride):
        overrides_of(f"{SITE}/voice#{fragment}")
