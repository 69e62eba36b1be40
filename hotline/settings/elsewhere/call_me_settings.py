"""``[call_me]``: the form on which somebody leaves a number, and which websites may show it."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def _site(written: str) -> str:
    parts = urlsplit(written)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    bare = written == f"{parts.scheme}://{parts.netloc}" and not parts.username
    plain = re.fullmatch(r"[a-z0-9.:\[\]-]+", parts.netloc) is not None
    if not (safe and bare and plain and parts.hostname):
        raise ValueError('must be a site without a path, such as "https://www.example.org"')
    return written


def _page(written: str) -> str:
    parts = urlsplit(written)
    if written and (parts.scheme != "https" or not parts.hostname or re.search(r"[\s\"'<>]", written)):
        raise ValueError('must be an https address, such as "https://www.example.org/privacy"; "" for none')
    return written


def _somewhere(written: str) -> str:
    if not written:
        raise ValueError("must be an https address: somebody may have to leave the page at once")
    return _page(written)


def _each_once(sites: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(sites)) != len(sites):
        raise ValueError("must not name anything twice")
    return sites


_Count = Annotated[int, Field(ge=1, le=10_000, strict=True)]


class CallMeTable(BaseModel):
    """The "call me" form."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    open: Annotated[bool, Field(strict=True)] = False
    """Whether the page is there at all."""
    sites: Annotated[tuple[Annotated[str, AfterValidator(_site)], ...], AfterValidator(_each_once)] = ()
    """Which websites may show it in a frame; none: it is a page of its own, for a link."""
    privacy: Annotated[str, AfterValidator(_page)] = ""
    """The centre's own words on privacy, linked beside what is agreed to."""
    leave_to: Annotated[str, AfterValidator(_somewhere)] = "https://www.weather.gov/"
    """Where "leave this page" leads: something that anybody may have looked at."""
    asks_per_number: _Count = 3
    """How often within 24 hours one number may be left."""
    asks_per_address: _Count = 10
    """How many forms an hour one network address may send; a shelter or a library is one."""
    asks_per_hour: _Count = 60
    """How many forms an hour are taken from everybody together."""
