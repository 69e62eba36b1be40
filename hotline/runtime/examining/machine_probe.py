"""Looking at this machine and at what stands before it. Nothing here raises: what can't be seen is said so."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import redis
import requests

from hotline import paths
from hotline.operations.checkup.account_seen import NotSeen
from hotline.operations.checkup.machine_seen import MachineSeen, NotPlayed, RedisSeen
from hotline.prompts.recordings import RecordedPrompt
from hotline.runtime.examining import disks
from hotline.runtime.wake_ups import connect
from hotline.settings.load import Settings

_PATIENCE: Final = 5.0
"""Seconds for each look."""
_LISTENING: Final = 20.0
"""Seconds for all recordings together: where each takes long, the last ones are not asked for."""
_OTHERS: Final = 0o007
"""A group of its own may read what a service is given."""


def machine(settings: Settings) -> MachineSeen:
    """As it is at this moment; takes a few seconds at most for each thing that doesn't answer."""
    public = _public(settings.public_base_url)
    return MachineSeen(
        disks=disks.disks(settings),
        certificate_ends=_certificate_ends(settings.public_base_url),
        public=public,
        redis=_redis(settings),
        not_played=tuple(_not_played(settings)) if public == "hotline" else (),
        open_files=tuple(str(one) for one in _private(settings) if _open_to_others(one)),
    )


def _private(settings: Settings) -> Iterator[Path]:
    yield settings.home
    yield from settings.home.glob("*.db")
    yield from settings.secret_files


def _open_to_others(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & _OTHERS)
    except OSError:
        return False


def _certificate_ends(public: str) -> datetime | NotSeen | None:
    """As a stranger sees it: checked against the authorities that this machine knows."""
    parts = urlsplit(public)
    if parts.scheme != "https" or parts.hostname is None:
        return None
    try:
        with (
            socket.create_connection((parts.hostname, parts.port or 443), _PATIENCE) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=parts.hostname) as secured,
        ):
            told = secured.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        return NotSeen(error.verify_message)
    except (OSError, ValueError) as error:
        return NotSeen(type(error).__name__)
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(told["notAfter"])), UTC)


def _public(public: str) -> str | NotSeen:
    try:
        answer = requests.get(f"{public}{paths.HEALTH[0]}live", timeout=_PATIENCE, allow_redirects=False)
        told = answer.json() if answer.status_code == 200 else None
    except ValueError:
        return "a page of another program"
    except requests.RequestException as error:
        return NotSeen(type(error).__name__)
    if told == {"status": "live"}:
        return "hotline"
    return f"status {answer.status_code}" if told is None else "another program"


def _not_played(settings: Settings) -> Iterator[NotPlayed]:
    """Each recording is fetched as the carrier does it: from the public address, whole."""
    until = time.monotonic() + _LISTENING
    with requests.Session() as asking:
        for (language, key), sound in sorted(settings.wording.recordings.items()):
            if time.monotonic() > until:
                return
            address = settings.public_base_url + paths.recording(sound.digest, language.value, sound.name)
            why = _amiss(asking, address, sound)
            if why is not None:
                yield NotPlayed(f"{language.value}/{key}", why)


def _amiss(asking: requests.Session, address: str, sound: RecordedPrompt) -> str | None:
    try:
        answer = asking.get(address, timeout=_PATIENCE)
    except requests.RequestException as error:
        return type(error).__name__
    if answer.status_code != 200:
        return f"status {answer.status_code}"
    kind = answer.headers.get("Content-Type", "")
    if not kind.startswith("audio/"):
        return f"no sound but {kind.partition(';')[0] or 'something unnamed'}"
    return None if answer.content == sound.sound else "another sound"


def _redis(settings: Settings) -> RedisSeen | NotSeen:
    try:
        here = connect(settings.redis_url.get_secret_value())
        told = here.info()
        here.close()
    except (redis.RedisError, OSError) as error:
        return NotSeen(type(error).__name__)
    valkey = told.get("valkey_version")
    server = f"Valkey {valkey}" if valkey else f"Redis {told.get('redis_version', '')}"
    return RedisSeen(server, str(told.get("maxmemory_policy", "")))
