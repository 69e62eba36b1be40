"""``[events]``: which system of yours hears what happens here, and how much of it."""

import re
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def _address(written: str) -> str:
    parts = urlsplit(written)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    plain = not (parts.fragment or parts.username or re.search(r"\s", written))
    if written and not (safe and plain and parts.hostname):
        raise ValueError('must be an https address, such as "https://crm.example.org/hotline"; "" for none')
    return written


class EventField(StrEnum):
    """What an event may hold beside ids, each only if it is switched on."""

    LINE = "line"
    LANGUAGE = "language"
    OUTCOME = "outcome"
    NUMBER = "number"


def _each_once(fields: tuple[EventField, ...]) -> tuple[EventField, ...]:
    if len(set(fields)) != len(fields):
        raise ValueError("must not name anything twice")
    return fields


class EventsTable(BaseModel):
    """Signed events for a CRM or an EHR."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    address: Annotated[str, AfterValidator(_address)] = ""
    """Where each is posted; empty: nowhere."""
    fields: Annotated[tuple[EventField, ...], AfterValidator(_each_once)] = ()
    """What is told beside ids."""
