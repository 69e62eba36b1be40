"""The provider as we see it: the only place that asks it anything, always with a time-out, never within a transaction.

Code flow with PKCE, state and nonce. What it vouches for is believed if the token is signed by a key of its own, made
for us, for this very sign-in, and not too old. Where it is, and its keys, are asked anew each hour. While it doesn't
answer it isn't asked again for some seconds: whoever wants in is told at once, and no page of ours waits for it.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import SecretStr
from urllib3.exceptions import HTTPError

from hotline.settings.sign_on_settings import SingleSignOnTable

FRESH: Final = timedelta(hours=1)
"""How long we go by what it has said of itself."""
_REST: Final = timedelta(seconds=10)
"""How long it isn't asked after it did not answer."""
_CLOCKS: Final = 60
"""Seconds by which its clock may be off ours."""
_LARGEST: Final = 256 * 1024
_SIGNED_BY: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


class ProviderAway(Exception):
    """It did not answer, or with something that isn't an answer: it is tried again later."""


class NotVouched(Exception):
    """It answered, and did not vouch for anybody that we can believe."""


@dataclass(frozen=True, slots=True)
class Errand:
    """One sign-in on its way: what the browser keeps, signed, until it comes back."""

    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)

    @classmethod
    def new(cls) -> Errand:
        """Nobody guesses it."""
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))


@dataclass(frozen=True, slots=True)
class _Known:
    """What it has said of itself, and when (UTC)."""

    metadata: Mapping[str, Any]
    keys: KeySet
    at: datetime


class Provider:
    """One provider. Safe to share between threads; nothing is asked until somebody signs in."""

    def __init__(
        self,
        table: SingleSignOnTable,
        secret: SecretStr | None,
        redirect_uri: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._table, self._secret, self._redirect_uri, self._clock = table, secret, redirect_uri, clock
        self._guard = threading.Lock()
        self._known: _Known | None = None
        self._away_until: datetime | None = None

    def address(self, errand: Errand, *, anew: bool = False) -> str:
        """Where the browser is sent; `anew`: they must prove themselves there again now. Raises ProviderAway."""
        more = {"prompt": "login", "max_age": "0"} if anew else {}
        address, _ = self._session().create_authorization_url(
            self._endpoint("authorization_endpoint"),
            state=errand.state,
            nonce=errand.nonce,
            code_verifier=errand.verifier,
            **more,
        )
        return str(address)

    def vouches(self, errand: Errand, code: str, issuer: str | None) -> Mapping[str, Any]:
        """What it says of whoever has come back with this code. `issuer`: who says to have sent them (RFC 9207).

        Raises ProviderAway, NotVouched.
        """
        if issuer is not None and issuer != self._table.issuer:
            raise NotVouched("another provider has sent them")
        where = self._endpoint("token_endpoint")
        try:
            given = self._session().fetch_token(
                where, grant_type="authorization_code", code=code, code_verifier=errand.verifier
            )
        except AuthlibBaseError as refused:
            raise NotVouched("it does not know that code") from refused
        except (requests.RequestException, ValueError) as lost:
            raise self._away() from lost
        token = given.get("id_token")
        if not isinstance(token, str):
            raise NotVouched("it gave no token")
        return self._believed(token, errand, given.get("access_token"))

    def farewell(self, back: str) -> str | None:
        """Where the browser is sent to sign out there, too, and then comes back; None if there is no such place.

        Raises ProviderAway.
        """
        where = self._knowledge().metadata.get("end_session_endpoint")
        if not isinstance(where, str) or not self._is_safe(where):
            return None
        query = urlencode({"client_id": self._table.client_id, "post_logout_redirect_uri": back})
        return f"{where}{'&' if urlsplit(where).query else '?'}{query}"

    def _believed(self, token: str, errand: Errand, access: object) -> Mapping[str, Any]:
        known = self._knowledge()
        try:
            read = self._read(token, known)
            claims = CodeIDToken(
                read.claims,
                read.header,
                options={
                    "iss": {"essential": True, "value": self._table.issuer},
                    "aud": {"essential": True, "value": self._table.client_id},
                },
                params={
                    "nonce": errand.nonce,
                    "client_id": self._table.client_id,
                    "access_token": access,
                },
            )
            claims.validate(int(self._clock().timestamp()), _CLOCKS)
        except (JoseError, AuthlibBaseError, ValueError, TypeError, KeyError) as wrong:
            raise NotVouched(f"its token is not believed: {type(wrong).__name__}") from wrong
        return dict(claims)

    def _read(self, token: str, known: _Known) -> jwt.Token:
        """Its words, signed by one of its keys; it may have changed these since we asked."""
        try:
            return jwt.decode(token, known.keys, algorithms=list(_SIGNED_BY))
        except (JoseError, ValueError):
            if self._clock() < known.at + _REST:
                raise
            return jwt.decode(token, self._knowledge(anew=True).keys, algorithms=list(_SIGNED_BY))

    def _session(self) -> OAuth2Session:
        session = OAuth2Session(
            self._table.client_id,
            self._secret.get_secret_value() if self._secret else None,
            scope="openid email profile phone" if self._table.newcomers else "openid email profile",
            redirect_uri=self._redirect_uri,
            code_challenge_method="S256",
            default_timeout=self._table.timeout.total_seconds(),
        )
        session.max_redirects = 0
        return session

    def _endpoint(self, name: str) -> str:
        found = self._knowledge().metadata.get(name)
        if not isinstance(found, str) or not self._is_safe(found):
            raise self._away()
        return found

    def _knowledge(self, *, anew: bool = False) -> _Known:
        """What it says of itself. Raises ProviderAway."""
        now = self._clock()
        self._raise_if_away(now)
        known = self._known
        if known is not None and now < known.at + FRESH and not anew:
            return known
        # One asks, the others wait for its answer, and no longer than for their own.
        if not self._guard.acquire(timeout=self._table.timeout.total_seconds()):
            raise ProviderAway
        try:
            self._raise_if_away(now)
            if self._known is not known and self._known is not None:
                return self._known  # somebody else has asked meanwhile
            where = f"{self._table.issuer.rstrip('/')}/.well-known/openid-configuration"
            metadata = self._get(where)
            jwks = metadata.get("jwks_uri")
            if (
                metadata.get("issuer") != self._table.issuer
                or not isinstance(jwks, str)
                or not self._is_safe(jwks)
            ):
                raise self._away()
            try:
                keys = KeySet.import_key_set(self._get(jwks))  # type: ignore[arg-type]
            except (JoseError, ValueError, TypeError, KeyError) as broken:
                raise self._away() from broken
            self._known = _Known(metadata, keys, now)
            return self._known
        finally:
            self._guard.release()

    def _raise_if_away(self, now: datetime) -> None:
        if self._away_until is not None and now < self._away_until:
            raise ProviderAway

    def _get(self, where: str) -> dict[str, Any]:
        timeout = self._table.timeout.total_seconds()
        try:
            with requests.get(where, timeout=timeout, allow_redirects=False, stream=True) as answer:
                words = answer.raw.read(_LARGEST + 1, decode_content=True)
                found = json.loads(words) if answer.status_code == 200 and len(words) <= _LARGEST else None
        except (requests.RequestException, HTTPError, OSError, ValueError) as lost:
            raise self._away() from lost
        if not isinstance(found, dict):
            raise self._away()
        return found

    def _away(self) -> ProviderAway:
        self._away_until = self._clock() + _REST
        return ProviderAway()

    def _is_safe(self, where: str) -> bool:
        """Encrypted; plain only to this machine, and only if the provider itself is there."""
        ours, theirs = urlsplit(self._table.issuer), urlsplit(where)
        on_this_machine = ours.hostname in _LOOPBACK and theirs.hostname in _LOOPBACK
        return theirs.scheme == "https" or (theirs.scheme == "http" and on_this_machine)
