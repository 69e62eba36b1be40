"""What holds now, setting by setting: its value, where it was said, and what it is for. No secret is ever among it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from pydantic import BaseModel

from hotline.durations import short_duration
from hotline.model import PhoneNumber
from hotline.phrases import Phrase
from hotline.settings.environment import SECRETS
from hotline.settings.explained import ENVIRONMENT, ExplainedSetting, ExplainedTable, explained
from hotline.settings.load import Settings, read_centre, read_wording
from hotline.settings.toml_places import line_in_table


class SettingSource(StrEnum):
    """Where a setting was said."""

    DEFAULT = "default"
    FILE = "file"
    """In `hotline.toml`."""
    ENVIRONMENT = "environment"
    SECRET_FILE = "secret file"  # noqa: S105
    """In the file to which a variable that ends in _FILE points."""


@dataclass(frozen=True, slots=True)
class SettingInForce:
    """One setting."""

    key: str
    value: str | None
    """As it would be written; None for a secret, and for what is not set."""
    secret: bool
    default: str
    source: SettingSource
    line: int | None
    """Where it stands in `hotline.toml`, as that file is now."""
    words: str


@dataclass(frozen=True, slots=True)
class TableInForce:
    """One table of `hotline.toml`, or the environment."""

    name: str
    about: str
    settings: tuple[SettingInForce, ...]


@dataclass(frozen=True, slots=True)
class InForce:
    """Everything that a running Hotline was told."""

    tables: tuple[TableInForce, ...]
    replaced: int
    """How many sentences the centre says in its own words."""
    recorded: int
    changed: bool
    """The file says something else now: it holds from the next start on."""
    problems: tuple[str, ...]
    """Why it could not be used as it is now."""


def in_force(settings: Settings) -> InForce:
    """What holds, and whether the file still says so."""
    text, now, problems = _as_it_is(settings)
    tables = tuple(
        _environment(table, settings) if table.name == ENVIRONMENT else _of_file(table, settings, text)
        for table in explained()
    )
    return InForce(
        tables,
        len(settings.wording.sentences),
        len(settings.wording.recordings),
        changed=bool(problems) or not now,
        problems=problems,
    )


def _as_it_is(settings: Settings) -> tuple[str, bool, tuple[str, ...]]:
    """The file's text, whether it says what holds, and what is wrong with it."""
    centre, problems = read_centre(settings.config_path)
    if centre is None:
        return "", False, problems
    wording, more = read_wording(settings.config_path, centre)
    same = centre == settings.centre and wording.sentences == settings.wording.sentences
    return settings.config_path.read_text(encoding="utf-8-sig"), same, more


def _of_file(table: ExplainedTable, settings: Settings, text: str) -> TableInForce:
    held = getattr(settings.centre, table.name)
    rows = (
        tuple(_key(table.name, one, held, text) for one in table.settings)
        if isinstance(held, BaseModel)
        else ()
    )
    return TableInForce(table.name, table.about, rows)


def _key(table: str, one: ExplainedSetting, held: BaseModel, text: str) -> SettingInForce:
    said = one.key in held.model_fields_set
    return SettingInForce(
        key=one.key,
        value=written_value(getattr(held, one.key)) if said else one.default,
        secret=False,
        default=one.default,
        source=SettingSource.FILE if said else SettingSource.DEFAULT,
        line=line_in_table(text, table, one.key) if said else None,
        words=one.words,
    )


_SHOWN: Final[Mapping[str, str]] = {
    "TWILIO_ACCOUNT_SID": "twilio_account_sid",
    "TWILIO_API_BASE_URL": "twilio_api_base_url",
    "PUBLIC_BASE_URL": "public_base_url",
    "HOTLINE_HOME": "home",
    "HOTLINE_CONFIG": "config_path",
    "PORT": "port",
}


def _environment(table: ExplainedTable, settings: Settings) -> TableInForce:
    return TableInForce(table.name, table.about, tuple(_variables(table, settings)))


def _variables(table: ExplainedTable, settings: Settings) -> Iterator[SettingInForce]:
    for one in table.settings:
        shown = _SHOWN.get(one.key)
        yield SettingInForce(
            key=one.key,
            value=str(getattr(settings, shown)) if shown else None,
            secret=one.key in SECRETS,
            default=one.default,
            source=_source(one.key, settings),
            line=None,
            words=one.words,
        )


def _source(name: str, settings: Settings) -> SettingSource:
    if name in settings.given:
        return SettingSource.ENVIRONMENT
    return SettingSource.SECRET_FILE if f"{name}_FILE" in settings.given else SettingSource.DEFAULT


def written_value(value: object) -> str:
    """A value as one would write it in the file."""
    match value:
        case timedelta():
            return f'"{short_duration(value)}"'
        case PhoneNumber():
            return f'"{value.e164}"'
        case Phrase():
            return f'"{value.language}: {value.words}"' if value.language else f'"{value.words}"'
        case int():
            return str(value).lower()  # true and false, too
        case None:
            return '""'
        case BaseModel():
            said = (
                (key, getattr(value, key))
                for key in type(value).model_fields
                if key in value.model_fields_set
            )
            return f"{{ {', '.join(f'{key} = {written_value(one)}' for key, one in said)} }}"
        case tuple() | list():
            return f"[{', '.join(map(written_value, value))}]"
        case _:
            return f'"{value}"'
