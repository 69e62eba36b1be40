"""The files that ``hotline setup`` writes: hotline.toml, hotline.env, and one for each secret."""

from __future__ import annotations

import base64
import os
import re
import secrets
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hotline.commands.going_live.questions import Answers, line_table
from hotline.commands.staff_file import CommandRefused
from hotline.runtime.procfile import ROOT
from hotline.settings.toml_text import toml_text

_PACKAGE: Final = Path(__file__).resolve().parents[2]
_TEMPLATE: Final = next(
    (file for file in (_PACKAGE / "hotline.toml", ROOT / "hotline.toml") if file.is_file()),
    ROOT / "hotline.toml",
)
"""An installed package carries its own; a checkout has it at the top."""
SECRETS: Final[Mapping[str, str]] = {
    "TWILIO_AUTH_TOKEN": "twilio_auth_token",
    "HOTLINE_DATA_KEY": "data_key",
    "SECRET_KEY": "secret_key",
    "METRICS_TOKEN": "metrics_token",
    "DATABASE_URL": "database_url",
}
"""Each in a file of its own, by the variable that names the file."""
_OF_A_LINE: Final = frozenset(
    ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_AUTH_TOKEN_FILE", "SECRET_KEY", "HOTLINE_CONFIG")
)
_OF_ANSWERS: Final = {"TWILIO_AUTH_TOKEN": "auth_token", "DATABASE_URL": "database_url"}


@dataclass(frozen=True, slots=True)
class Folder:
    """The centre's folder. Every method raises CommandRefused for what the disk refuses."""

    at: Path
    home: Path | None = None
    """Where Hotline keeps its data, if it is said; else in this folder."""

    @property
    def config(self) -> Path:
        """What the centre decides."""
        return self.at / "hotline.toml"

    @property
    def env(self) -> Path:
        """Where it runs."""
        return self.at / "hotline.env"

    @property
    def saved(self) -> Path:
        """What was answered so far, without secrets."""
        return self.at / "setup-answers.toml"

    def secret(self, variable: str) -> Path:
        """The file of a secret."""
        return self.at / "secrets" / SECRETS[variable]

    def keep_secret(self, variable: str, value: str) -> None:
        """Write it, for its owner alone."""
        _write(self.secret(variable), value + "\n")

    def held(self, variable: str) -> str | None:
        """The secret, if there is one already."""
        try:
            return self.secret(variable).read_text(encoding="utf-8").strip() or None
        except FileNotFoundError:
            return None
        except OSError as refused:
            raise CommandRefused(f"{self.secret(variable)} can't be read: {refused.strerror}.") from None

    def make_keys(self) -> list[Path]:
        """Those that nobody has to think up; what is there already stays. Which are new."""
        made = []
        for variable, value in (
            ("HOTLINE_DATA_KEY", base64.b64encode(secrets.token_bytes(32)).decode()),
            ("SECRET_KEY", secrets.token_urlsafe(48)),
            ("METRICS_TOKEN", secrets.token_urlsafe(32)),
        ):
            if self.held(variable) is None:
                self.keep_secret(variable, value)
                made.append(self.secret(variable))
        return made

    def save(self, answers: Answers) -> None:
        """What was answered, to be taken up again."""
        _write(self.saved, toml_text(dict(answers)))

    def environment(self, answers: Answers) -> dict[str, str]:
        """The variables of hotline.env: places of secrets, and none of them. Data lie where the shell
        says, or beside it."""
        given = {
            "TWILIO_ACCOUNT_SID": answers["account_sid"],
            "PUBLIC_BASE_URL": answers["public_base_url"],
            "HOTLINE_HOME": str(self.home or self.at / "var"),
            "HOTLINE_CONFIG": str(self.config),
        }
        if answers.get("api_base_url"):
            given["TWILIO_API_BASE_URL"] = answers["api_base_url"]
        return given | {
            f"{variable}_FILE": str(self.secret(variable))
            for variable in SECRETS
            if self.held(variable) is not None
        }


def env_text(variables: Mapping[str, str]) -> str:
    """As a shell, systemd and Docker read it."""
    return "".join(f"{name}={shlex.quote(value)}\n" for name, value in variables.items())


def not_read(environ: Mapping[str, str], folder: Path) -> str | None:
    """The one thing to type where nothing of a line is in the environment: a hotline.env in this folder is to be read,
    or there is no line here. None: something is there, and what is wrong with it is to be said."""
    if "PUBLIC_BASE_URL" in environ:
        return None
    if (folder / "hotline.env").is_file():
        return (
            "A hotline.env is in this folder, and this shell has not read it: set -a; . ./hotline.env; set +a"
        )
    if _OF_A_LINE.isdisjoint(environ) and not (folder / "hotline.toml").is_file():
        return (
            "No line is set up in this folder. In the folder of yours: set -a; . ./hotline.env; set +a. To set one up: "
            "hotline setup."
        )
    return None


def config_text(answers: Answers) -> str:
    """The file with every default, filled in; a second step at sign-in is asked of everybody."""
    text = _TEMPLATE.read_text(encoding="utf-8")
    given = toml_text(line_table(answers)).splitlines()
    for line in given:
        text = filled(text, "line", line)
    return filled(text, "console", 'second_step = "required"')


def filled(text: str, table: str, line: str) -> str:
    """With this line in place of the one that says the same key in this table, commented or not."""
    start = text.index(f"[{table}]\n")
    following = re.compile(r"^\[", re.MULTILINE).search(text, start + 1)
    end = following.start() if following else len(text)
    key = line.partition(" = ")[0]
    body, found = re.subn(
        rf"^(?:# )?{re.escape(key)} = .*$", lambda _: line, text[start:end], count=1, flags=re.MULTILINE
    )
    if not found:
        body = body.replace(f"[{table}]\n", f"[{table}]\n{line}\n", 1)
    return text[:start] + body + text[end:]


def put_within(file: Path, text: str) -> None:
    """Write a file that is there anew, for whoever could read it before. Raises CommandRefused."""
    try:
        before = file.stat()
        _write(file, text)
        file.chmod(before.st_mode & 0o777)
        if (before.st_uid, before.st_gid) != (file.stat().st_uid, file.stat().st_gid):
            os.chown(file, before.st_uid, before.st_gid)
    except OSError as refused:
        raise CommandRefused(f"{file} can't be written: {refused.strerror}.") from None


def put(file: Path, text: str) -> None:
    """Write a file of the centre's, for its owner alone. Raises CommandRefused."""
    _write(file, text)


def _write(file: Path, text: str) -> None:
    """Whole or not at all: somebody may stop it at any moment."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = file.with_name(f".{file.name}.new")
        with os.fdopen(
            os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
        ) as new:
            new.write(text)
        beside.replace(file)
    except OSError as refused:
        raise CommandRefused(f"{file} can't be written: {refused.strerror}.") from None
