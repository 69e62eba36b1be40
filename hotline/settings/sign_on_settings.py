"""``[single_sign_on]``: who vouches for staff beside ourselves, for whom, and what is believed of it."""

import re
from datetime import timedelta
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from hotline.durations import parse_duration
from hotline.model import Role

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def _issuer(written: str) -> str:
    parts = urlsplit(written)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    plain = not (parts.query or parts.fragment or parts.username or re.search(r"\s", written))
    if written and not (safe and plain and parts.hostname):
        raise ValueError('must be the provider\'s issuer, such as "https://login.example.org"; "" for none')
    return written


def _role_if_any(written: object) -> object:
    return None if written == "" else written


def _short(duration: timedelta) -> timedelta:
    if not timedelta(0) < duration <= timedelta(seconds=30):
        raise ValueError("must be longer than nothing, and 30 seconds at most: somebody waits for it")
    return duration


class SecondStepBy(StrEnum):
    """Who asks for the second step of somebody who signs in by the provider."""

    PROVIDER = "provider"
    """It does, as the centre has set it up there."""
    HERE = "here"
    """Hotline does, too."""


class SingleSignOnTable(BaseModel):
    """Signing in by a provider (OpenID Connect); switched off while `issuer` is empty."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    issuer: Annotated[str, AfterValidator(_issuer)] = ""
    client_id: str = ""
    label: Annotated[str, Field(min_length=1, max_length=40)] = "single sign-on"
    """What the button says after "Sign in with"."""
    claim: Annotated[str, Field(min_length=1)] = "email"
    """Which of the provider's words names the member of staff."""
    groups_claim: Annotated[str, Field(min_length=1)] = "groups"
    groups: tuple[str, ...] = ()
    """Only who is in one of these; empty: whoever the provider lets in and is known here."""
    required_for: tuple[Role, ...] = ()
    """Whoever has one of these roles signs in in no other way."""
    second_step: SecondStepBy = SecondStepBy.PROVIDER
    newcomers: Annotated[Role | None, BeforeValidator(_role_if_any)] = None
    """The role of whoever the provider vouches for and nobody knows here; None: they are not let in."""
    timeout: Annotated[timedelta, BeforeValidator(parse_duration), AfterValidator(_short)] = timedelta(
        seconds=5
    )

    @property
    def is_on(self) -> bool:
        """Whether anybody may sign in by it."""
        return bool(self.issuer)

    @model_validator(mode="after")
    def _whole(self) -> "SingleSignOnTable":
        if self.issuer and not self.client_id:
            raise ValueError("client_id is missing: the provider gives it to whoever registers Hotline there")
        if self.required_for and not self.issuer:
            raise ValueError("required_for needs an issuer: nobody with that role could sign in")
        return self
