"""Environment variables, read one by one; what is wrong is noted in words instead of raised.

A reader that notes a problem answers with a harmless value, so that the remaining variables are read too.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretBytes, SecretStr
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from hotline.settings.elsewhere import redis_url
from hotline.settings.elsewhere.network_folders import kind_of_network

PLAIN = (
    "DATABASE_CONNECTIONS",
    "HOTLINE_CONFIG",
    "HOTLINE_HOME",
    "PORT",
    "PUBLIC_BASE_URL",
    "REDIS_NETWORK",
    "TWILIO_ACCOUNT_SID",
    "TWILIO_API_BASE_URL",
)
SECRETS = (
    "DATABASE_URL",
    "EVENTS_SECRET",
    "HOTLINE_DATA_KEY",
    "METRICS_TOKEN",
    "REDIS_URL",
    "SECRET_KEY",
    "SINGLE_SIGN_ON_SECRET",
    "TWILIO_AUTH_TOKEN",
    "TWILIO_AUTH_TOKEN_SECONDARY",
)
"""Each may also be given as NAME_FILE: the path of a file that holds it."""

KEY_BYTES = 32
PRIVATE = "private"
"""Of REDIS_NETWORK: nobody else is on it."""
CONNECTIONS = 14
"""To PostgreSQL, of one process: one for each thread of a web process that asks it, so that no telephone waits for a
page."""
FEWEST_CONNECTIONS = 4
SHORTEST_SECRET_KEY = 32
EVENTS_PREFIX = "whsec_"
SHORTEST_EVENTS_KEY = 24
"""Bytes: the least that Standard Webhooks allows."""
SHORTEST_TOKEN = 12
"""Twilio's have 32; others' may have fewer."""
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_MAKE_KEY = "openssl rand -base64 32"


class Environment:
    """The variables given, with every problem met so far in ``problems``."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.problems: list[str] = []

    def given(self) -> frozenset[str]:
        """The names of ours that are set."""
        names = (*PLAIN, *SECRETS, *(f"{name}_FILE" for name in SECRETS))
        return frozenset(name for name in names if self._environ.get(name, "").strip())

    def path(self, name: str, default: str) -> Path:
        """A path, absolute; relative ones start where the program was started."""
        return Path(self._environ.get(name, "").strip() or default).expanduser().absolute()

    def optional_secret(self, name: str) -> SecretStr | None:
        """The secret in NAME or in the file that NAME_FILE points to; None when there is neither."""
        given = self._environ.get(name, "").strip().strip("\ufeff")
        file = self._environ.get(f"{name}_FILE", "").strip()
        if given and file:
            self.problems.append(f"{name} and {name}_FILE are both set: keep one and remove the other.")
        if file and not given:
            given = self._from_file(name, Path(file).expanduser())
        return SecretStr(given) if given else None

    @property
    def secret_files(self) -> tuple[Path, ...]:
        """The files that secrets are read from."""
        named = (self._environ.get(f"{name}_FILE", "").strip() for name in SECRETS)
        return tuple(Path(one).expanduser().absolute() for one in named if one)

    def _from_file(self, name: str, file: Path) -> str:
        try:
            held = file.read_text(encoding="utf-8-sig").strip()
        except (OSError, UnicodeDecodeError):
            self.problems.append(f"{name}_FILE: {file} can't be read: check its path and who may read it.")
            return "unreadable"
        if not held:
            self.problems.append(f"{name}_FILE: {file} is empty: put the secret into it.")
        return held or "unreadable"

    def secret(self, name: str, advice: str) -> SecretStr:
        """A secret that must be there."""
        found = self.optional_secret(name)
        if found is None:
            self.problems.append(f"{name} is missing: {advice} (or point {name}_FILE to a file with it).")
        return found or SecretStr("")

    def long_secret(self, name: str) -> SecretStr:
        """A secret that must be there and be hard to guess."""
        found = self.secret(name, f"make one with `{_MAKE_KEY}`")
        if _was_read(found) and len(found.get_secret_value()) < SHORTEST_SECRET_KEY:
            self.problems.append(
                f"{name} is shorter than {SHORTEST_SECRET_KEY} characters: make one with `{_MAKE_KEY}`."
            )
        return found

    def events_secret(self) -> bytes | None:
        """What signs events, as Standard Webhooks writes it: `whsec_` and base64; None if there is none."""
        found = self.optional_secret("EVENTS_SECRET")
        if found is None or not _was_read(found):
            return None
        with suppress(binascii.Error, ValueError):
            key = base64.b64decode(found.get_secret_value().removeprefix(EVENTS_PREFIX), validate=True)
            if len(key) >= SHORTEST_EVENTS_KEY:
                return key
        self.problems.append(
            f"EVENTS_SECRET is none: make one with `echo {EVENTS_PREFIX}$({_MAKE_KEY})`, and give it to the receiver."
        )
        return None

    def account_sid(self) -> str:
        """The carrier's name for the account."""
        given = self._environ.get("TWILIO_ACCOUNT_SID", "").strip()
        if not given:
            self.problems.append("TWILIO_ACCOUNT_SID is missing: copy it from your account's page.")
        elif not re.fullmatch(r"AC[0-9a-fA-F]{32}", given):
            self.problems.append('TWILIO_ACCOUNT_SID is wrong: it is "AC" and 32 digits or letters a-f.')
        return given

    def auth_token(self) -> SecretStr:
        """What the carrier signs with."""
        found = self.secret("TWILIO_AUTH_TOKEN", "copy it from your account's page")
        if _was_read(found) and len(found.get_secret_value()) < SHORTEST_TOKEN:
            self.problems.append(
                f"TWILIO_AUTH_TOKEN is shorter than {SHORTEST_TOKEN} characters: copy the whole of it from your "
                "account's page."
            )
        return found

    def reachable(self, public: str, carrier: str) -> None:
        """A carrier that is elsewhere can't reach what only this machine knows."""
        if not (_is_base_url(public) and _is_base_url(carrier)):
            return
        here, there = (urlsplit(url).hostname in _LOOPBACK for url in (public, carrier))
        if here and not there:
            self.problems.append(
                "PUBLIC_BASE_URL is this machine's own name for itself: the carrier can't reach it there; set it to "
                'the address that the world knows, such as "https://hotline.example.org".'
            )

    def base_url(self, name: str, default: str | None) -> str:
        """An ``https://`` address without a slash at its end; plain http only on this machine itself."""
        given = self._environ.get(name, "").strip() or default
        if given is None:
            self.problems.append(
                f"{name} is missing: set it to the address at which the carrier reaches this machine, "
                'such as "https://hotline.example.org".'
            )
            return ""
        if not _is_base_url(given):
            self.problems.append(
                f"{name} is wrong: write https://host or https://host/path, without user, query or fragment "
                "(http:// is for 127.0.0.1 only)."
            )
        return given.rstrip("/")

    def database_url(self, home: Path) -> SecretStr:
        """The database of record: an SQLite file under ``home`` unless another one is named."""
        found = self.optional_secret("DATABASE_URL")
        if found is None:
            self._on_this_machine(home / "hotline.db")
            return SecretStr(f"sqlite:///{home / 'hotline.db'}")
        scheme, separator, rest = found.get_secret_value().partition("://")
        known = {"sqlite": "sqlite", "sqlite+pysqlite": "sqlite"} | dict.fromkeys(
            ("postgres", "postgresql", "postgresql+psycopg"), "postgresql+psycopg"
        )
        if _was_read(found) and not (separator and rest and scheme in known):
            self.problems.append("DATABASE_URL is wrong: it starts with sqlite:/// or postgresql://.")
        elif _was_read(found) and not _is_database_url(f"{known[scheme]}://{rest}"):
            self.problems.append(
                "DATABASE_URL can't be read: write the signs of a password that have a meaning in addresses as codes "
                "(%23 for #, %2F for /, %3F for ?, %40 for @, %3A for :)."
            )
        elif known[scheme] == "sqlite":
            self._on_this_machine(Path(rest.removeprefix("/").partition("?")[0]).absolute())
        return SecretStr(f"{known.get(scheme, scheme)}://{rest}")

    def _on_this_machine(self, file: Path) -> None:
        kind = kind_of_network(file)
        if kind is not None:
            self.problems.append(
                f"DATABASE_URL: SQLite's file lies on a network folder ({kind}), where its locks don't hold: keep it "
                "on a disk of this machine; several machines need PostgreSQL."
            )

    def database_connections(self) -> int:
        """How many connections to PostgreSQL one process may have."""
        given = self._environ.get("DATABASE_CONNECTIONS", "").strip() or str(CONNECTIONS)
        if not re.fullmatch(r"\d{1,3}", given) or int(given) < FEWEST_CONNECTIONS:
            self.problems.append(
                f"DATABASE_CONNECTIONS is wrong: it is a number from {FEWEST_CONNECTIONS} to 999; {CONNECTIONS} if it "
                "is not set."
            )
            return CONNECTIONS
        return int(given)

    def redis_url(self) -> SecretStr | None:
        """Where Redis is; None for the embedded one."""
        found = self.optional_secret("REDIS_URL")
        network = self._environ.get("REDIS_NETWORK", "").strip()
        if network not in ("", PRIVATE):
            self.problems.append(f'REDIS_NETWORK is wrong: it is "{PRIVATE}", or not set.')
        if found and _was_read(found):
            wrong = redis_url.what_is_wrong(found.get_secret_value(), private_network=network == PRIVATE)
            if wrong:
                self.problems.append(f"REDIS_URL {wrong}")
        return found

    def data_keys(self) -> tuple[SecretBytes, ...]:
        """Sealing keys, newest first."""
        found = self.secret("HOTLINE_DATA_KEY", f"make one with `{_MAKE_KEY}` and keep a copy safe")
        if not _was_read(found):
            return ()
        keys = [_key(written) for written in found.get_secret_value().split(",")]
        for position, key in enumerate(keys, start=1):
            if key is None:
                self.problems.append(
                    f"HOTLINE_DATA_KEY: key {position} is not {KEY_BYTES} bytes in base64: "
                    f"make one with `{_MAKE_KEY}`."
                )
        usable = [key for key in keys if key is not None]
        if len(set(usable)) != len(usable):
            self.problems.append("HOTLINE_DATA_KEY: one key is there twice: keep each once, newest first.")
        return tuple(map(SecretBytes, usable))

    def port(self) -> int:
        """The port that the web process listens on."""
        given = self._environ.get("PORT", "").strip() or "8000"
        if not re.fullmatch(r"\d{1,5}", given) or not 1 <= int(given) <= 65535:
            self.problems.append("PORT is wrong: it is a number from 1 to 65535.")
            return 0
        return int(given)


def _was_read(secret: SecretStr) -> bool:
    """False for the stand-in of a secret whose problem is noted already."""
    return secret.get_secret_value() not in ("", "unreadable")


def _is_database_url(url: str) -> bool:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # their words may hold the password
        return False
    return "@" not in (parsed.host or "")


def _key(written: str) -> bytes | None:
    try:
        key = base64.b64decode(written.strip().replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if len(key) == KEY_BYTES else None


def _is_base_url(given: str) -> bool:
    try:
        parts = urlsplit(given)
        _ = parts.port  # raises ValueError when it isn't a number
    except ValueError:
        return False
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    whole = bool(parts.hostname) and not (parts.query or parts.fragment or parts.username)
    return safe and whole and not re.search(r"\s", given)
