"""``[backups]`` and ``[retention]``: for whom the database is copied, how often and where to; what is kept how long."""

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from hotline.durations import parse_duration
from hotline.settings import bech32

PUBLIC = "age"
"""What a public key's letters begin with, before a 1."""


def _backup_key(written: str) -> str:
    try:
        bech32.decoded(PUBLIC, written)
    except ValueError:
        raise ValueError("must be a public key as `hotline backup key` prints it: age1...") from None
    return written


def _each_once(keys: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(keys)) != len(keys):
        raise ValueError("must not name any key twice")
    return keys


Lasting = Annotated[timedelta, BeforeValidator(parse_duration)]
"""A duration that may be ``"0s"``."""


class BackupsTable(BaseModel):
    """Copies of the database that only the holder of a private key can open."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    keys: Annotated[tuple[Annotated[str, AfterValidator(_backup_key)], ...], AfterValidator(_each_once)] = ()
    """Public keys: whoever holds a private one of these opens them. None: no backups are made."""
    every: Lasting = timedelta(hours=24)
    """From the beginning of one until the next; ``"0s"``: only when asked for."""
    keep: Annotated[int, Field(ge=1, le=10_000, strict=True)] = 14
    """How many files stay in the folder; older ones are removed once a new one was made and opened."""
    folder: Annotated[str, Field(min_length=1)] = "backups"
    """Seen from HOTLINE_HOME, unless the path says otherwise."""


_YEAR = timedelta(days=365)
SIX_YEARS = timedelta(days=2192)
"""As long as HIPAA has an accounting of disclosures kept (45 CFR 164.528, 164.530(j)), and no shorter than that."""


_SHORTEST = timedelta(days=1)


def _days(lasting: timedelta) -> timedelta:
    """Nothing is removed within hours because somebody meant months."""
    if timedelta(0) < lasting < _SHORTEST:
        raise ValueError('must be "1d" or more, or "0s" for good ("m" is minutes: half a year is "183d")')
    return lasting


Kept = Annotated[timedelta, BeforeValidator(parse_duration), AfterValidator(_days)]
"""How long something is kept: ``"0s"``, or a day and more."""


class RetentionTable(BaseModel):
    """How long what is kept; ``"0s"``: for good. What is counted in reports stays in any case."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    cases: Kept = SIX_YEARS
    """Numbers, words and notes of calls, texts and callbacks, since the end of each."""
    passing: Kept = _YEAR
    """The same of those who hung up before anybody of ours was reached and anything was promised."""
    accounts: Kept = SIX_YEARS
    """What staff have written on why they looked at a case."""
    sign_ins: Kept = _YEAR
    """From where, and how, each signed in, or tried to."""
    mechanics: Kept = timedelta(days=30)
    """What only served to make a call or its webhooks work."""
