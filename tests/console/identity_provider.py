"""A provider (OpenID Connect) on this machine, over real HTTP: strict as real ones are, and spoilt on demand."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from flask import Flask, Response, jsonify, redirect, request
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from werkzeug.serving import make_server
from werkzeug.test import TestResponse
from werkzeug.wrappers import Response as WerkzeugResponse

from tests.console.centre import Clock

CLIENT, SECRET = "hotline-console", "the provider's own secret"
Claims = dict[str, Any]


def _key(name: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig", "alg": "RS256"})


_KEYS = [_key("k1"), _key("k2")]
"""Made once: that takes a while."""


@dataclass
class IdentityProvider:
    """One that has somebody signed in already, and sends them straight back."""

    clock: Clock
    url: str = ""
    who: Claims = field(
        default_factory=lambda: {"sub": "u1", "email": "ana@example.org", "email_verified": True}
    )
    key: RSAKey = field(default_factory=lambda: _KEYS[0])
    published: list[RSAKey] = field(default_factory=lambda: [_KEYS[0]])
    spoil: Callable[[Claims], Claims] = lambda claims: claims
    """Changes what is in the token, before it is signed."""
    header: Claims = field(default_factory=lambda: {"alg": "RS256"})
    away: bool = False
    """It answers 503 to everything."""
    takes: float = 0
    """Seconds until it answers."""
    says_when: bool = True
    """Whether it tells when they proved themselves."""
    asked: list[str] = field(default_factory=list)
    """Paths, in order."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    gone: threading.Event = field(default_factory=threading.Event)
    about: bytes | None = None
    """What stands where it tells of itself, if not that."""

    def others_key(self) -> RSAKey:
        """One that it has not published yet."""
        return _KEYS[1]

    def app(self) -> Flask:
        """What it serves."""
        app = Flask("identity provider")
        app.before_request(self._note)
        app.add_url_rule("/.well-known/openid-configuration", "about", self._about)
        app.add_url_rule(
            "/keys", "keys", lambda: jsonify(KeySet(list(self.published)).as_dict(private=False))
        )
        app.add_url_rule("/authorize", "authorize", self._authorize)
        app.add_url_rule("/token", "token", self._token, methods=["POST"])
        return app

    def _note(self) -> tuple[str, int] | None:
        self.asked.append(request.path)
        self.gone.wait(self.takes)
        return ("away", 503) if self.away else None

    def _about(self) -> Response:
        if self.about is not None:
            return Response(self.about, content_type="application/json")
        return jsonify(
            issuer=self.url,
            authorization_endpoint=f"{self.url}/authorize",
            token_endpoint=f"{self.url}/token",
            jwks_uri=f"{self.url}/keys",
            end_session_endpoint=f"{self.url}/out",
        )

    def _authorize(self) -> WerkzeugResponse | tuple[str, int]:
        given = request.args.to_dict()
        needed = {"client_id", "redirect_uri", "state", "nonce", "code_challenge", "scope"}
        if not needed <= given.keys() or given["client_id"] != CLIENT or given["response_type"] != "code":
            return "no", 400
        if given["code_challenge_method"] != "S256" or "openid" not in given["scope"].split():
            return "no", 400
        code = secrets.token_urlsafe()
        self.codes[code] = given
        back = {"code": code, "state": given["state"], "iss": self.url}
        return redirect(f"{given['redirect_uri']}?{urlencode(back)}")

    def _token(self) -> Response | tuple[Response, int]:
        given = self.codes.pop(request.form.get("code", ""), None)
        hashed = hashlib.sha256(request.form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(hashed).decode().rstrip("=")
        known = request.authorization
        is_client = known is not None and (known.username, known.password) == (CLIENT, SECRET)
        if not is_client:
            return jsonify(error="invalid_client"), 401
        if given is None or challenge != given["code_challenge"]:
            return jsonify(error="invalid_grant"), 400
        if request.form.get("redirect_uri") != given["redirect_uri"]:
            return jsonify(error="invalid_grant"), 400
        now = int(self.clock().timestamp())
        claims = {
            **self.who,
            "iss": self.url,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": given["nonce"],
        }
        if self.says_when:
            claims["auth_time"] = now if given.get("prompt") == "login" else now - 3600
        header = {"kid": self.key.as_dict()["kid"], **self.header}
        token = jwt.encode(header, self.spoil(claims), self.key, algorithms=[self.header["alg"]])
        return jsonify(access_token="a", token_type="Bearer", expires_in=300, id_token=token)


@contextmanager
def provider_on(clock: Clock) -> Iterator[IdentityProvider]:
    """It listens on a port of this machine."""
    provider = IdentityProvider(clock)
    server = make_server("127.0.0.1", 0, provider.app(), threaded=True)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield provider
    finally:
        provider.gone.set()
        server.shutdown()
        thread.join()


def goes(client: FlaskClient, start: str = "/sign-in/single") -> str:
    """As the browser does: to the provider, and with its answer back to us; that address."""
    there = client.get(start).location
    back = requests.get(there, allow_redirects=False, timeout=10).headers["Location"]
    return back.partition("//")[2].partition("/")[2]


def comes_back(client: FlaskClient, start: str = "/sign-in/single") -> TestResponse:
    """All the way."""
    return client.get(f"/{goes(client, start)}")


def query(address: str) -> dict[str, str]:
    """What is in an address."""
    return {name: several[0] for name, several in parse_qs(urlsplit(address).query).items()}
