"""``hotline provision``: the account's numbers are pointed here, once it was shown what would change; and back again.

What was there before is written into a file under HOTLINE_HOME first; ``--undo`` puts it back.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click
import requests
from twilio.base.exceptions import TwilioException

from hotline.commands.going_live.forms_on_paper import papers
from hotline.commands.staff_file import CommandRefused
from hotline.operations.checkup.account_seen import NotSeen, NumberSeen, ServiceSeen
from hotline.operations.checkup.number_wanted import FIELDS, WantedPointing
from hotline.runtime.wiring import open_application, wall_clock
from hotline.settings.load import Settings, load_settings
from hotline.telephony.rest.account_reading import AccountReader
from hotline.telephony.rest.pointing import Pointer, wanted
from hotline.telephony.twiml.twiml_bin import Whose, twiml_bin

_FOLDER: Final = "provision"
_UNDONE: Final = ".undone"


@dataclass(frozen=True, slots=True)
class Repointing:
    """What is to be changed of one number or service."""

    kind: str
    """"number" or "service"."""
    sid: str
    name: str
    """The number, or the service's name."""
    before: Mapping[str, str]
    after: Mapping[str, str]
    """The same fields."""

    def lines(self) -> Iterator[str]:
        """As a diff for people."""
        yield f"{self.name}"
        for field, new in self.after.items():
            yield f"  {FIELDS.get(field, 'who decides where texts go')}"
            yield f"    - {self.before[field] or '(nothing)'}"
            yield f"    + {new or '(nothing)'}"


def bin_text(environ: Mapping[str, str], whose: Whose = Whose.CALLS) -> str:
    """The text of a TwiML Bin of this line. Connects to nothing. Raises SettingsProblems."""
    settings = load_settings(environ)
    return twiml_bin(open_application(settings).application.prompts, settings.centre, whose)


class Provision:
    """The account at the carrier, and what this centre wants of it. Raises CommandRefused, in words."""

    def __init__(self, settings: Settings, session: requests.Session | None = None) -> None:
        """`session`: how requests travel."""
        self._settings = settings
        self._reader = AccountReader(settings, session)
        self._pointer = Pointer(settings, session)
        self._folder = settings.home / _FOLDER

    def plan(self, aims: WantedPointing) -> tuple[Repointing, ...]:
        """What would be changed so that all numbers of the line point here. Raises CommandRefused."""
        numbers, services = self._numbers(), self._services()
        ours = [one.e164 for one in self._settings.centre.line.own]
        strangers = [one for one in ours if one not in numbers]
        if strangers:
            raise CommandRefused(
                f"{', '.join(strangers)} {'is no number' if len(strangers) == 1 else 'are no numbers'} of this "
                f"account, which has {', '.join(sorted(numbers)) or 'none'}: correct [line] in hotline.toml. Nothing "
                "was changed."
            )
        return (
            *(found for one in ours if (found := _of_number(numbers[one], aims)) is not None),
            *(_of_service(one) for one in services if not one.asks_number and one.numbers & set(ours)),
        )

    def carry_out(self, changes: tuple[Repointing, ...], now: datetime) -> Path:
        """Keep what is there, then change it; where that was kept. Raises CommandRefused if it got stuck on the way."""
        kept = self._keep(changes, now)
        for place, one in enumerate(changes):
            with _in_words(
                f"{place} of {len(changes)} were changed. `hotline provision --undo` takes them back."
            ):
                self._set(one, one.after)
        return kept

    def last_kept(self) -> Path:
        """The newest file of what was there before. Raises CommandRefused."""
        files = sorted(self._folder.glob("*.json"))
        if not files:
            raise CommandRefused(f"There is nothing to undo in {self._folder}.")
        return files[-1]

    def plan_undo(self, kept: Path) -> tuple[Repointing, ...]:
        """What would be changed so that it is as it was. Raises CommandRefused."""
        try:
            before: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
        except (OSError, ValueError) as broken:
            raise CommandRefused(f"{kept} can't be read ({type(broken).__name__}).") from None
        if before.get("account") != self._settings.twilio_account_sid:
            raise CommandRefused(f"{kept} is of another account.")
        stand: dict[str, Mapping[str, str]] = {one.sid: one.pointed for one in self._numbers().values()}
        for service in self._services():
            stand[service.sid] = {"asks_number": "number" if service.asks_number else "service"}
        found = []
        for one in before["changed"]:
            is_now = stand.get(one["sid"])
            if is_now is None:
                continue  # it is not the account's any more
            fields = {name: value for name, value in one["before"].items() if is_now.get(name, "") != value}
            if fields:
                now_of = {name: is_now.get(name, "") for name in fields}
                found.append(Repointing(one["kind"], one["sid"], one["name"], now_of, fields))
        return tuple(found)

    def undone(self, kept: Path) -> None:
        """It is not to be undone again."""
        kept.rename(kept.with_name(kept.name + _UNDONE))

    def apply(self, changes: tuple[Repointing, ...]) -> None:
        """Change it, and keep nothing. Raises CommandRefused."""
        for place, one in enumerate(changes):
            with _in_words(f"{place} of {len(changes)} were taken back; run it again."):
                self._set(one, one.after)

    def _set(self, one: Repointing, fields: Mapping[str, str]) -> None:
        if one.kind == "number":
            self._pointer.point(one.sid, fields)
        else:
            self._pointer.let_number_decide(one.sid, asks_number=fields["asks_number"] == "number")

    def _keep(self, changes: tuple[Repointing, ...], now: datetime) -> Path:
        kept = self._folder / f"{now:%Y-%m-%dT%H-%M-%S}.json"
        told = {
            "account": self._settings.twilio_account_sid,
            "at": now.isoformat(timespec="seconds"),
            "changed": [
                {"kind": one.kind, "sid": one.sid, "name": one.name, "before": dict(one.before)}
                for one in changes
            ],
        }
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                json.dump(told, file, indent=2)
        except OSError as refused:
            raise CommandRefused(
                f"What is there now can't be kept in {self._folder} ({refused.strerror}), so nothing was changed."
            ) from None
        return kept

    def _numbers(self) -> dict[str, NumberSeen]:
        seen = self._reader.numbers()
        if isinstance(seen, NotSeen):
            raise CommandRefused(_AWAY.format(what="numbers", why=seen.why))
        return {one.number: one for one in seen}

    def _services(self) -> tuple[ServiceSeen, ...]:
        seen = self._reader.services()
        if isinstance(seen, NotSeen):
            raise CommandRefused(_AWAY.format(what="messaging services", why=seen.why))
        return seen


_AWAY: Final = (
    "The carrier doesn't tell the account's {what} ({why}); nothing was changed. 401: copy TWILIO_ACCOUNT_SID and "
    "TWILIO_AUTH_TOKEN anew. Else look at this machine's network."
)


@contextmanager
def _in_words(where_it_stands: str) -> Iterator[None]:
    """What the carrier refuses, and where that leaves us. Raises CommandRefused."""
    try:
        yield
    except (TwilioException, requests.RequestException) as refused:
        code = getattr(refused, "code", None) or getattr(refused, "status", None) or type(refused).__name__
        raise CommandRefused(f"The carrier refuses a change ({code}). {where_it_stands}") from None


def _of_number(seen: NumberSeen, aims: WantedPointing) -> Repointing | None:
    changes = list(aims.changes(seen.pointed))
    before = {name: have for name, have, _ in changes}
    after = {name: want for name, _, want in changes}
    return Repointing("number", seen.sid, seen.number, before, after) if changes else None


def _of_service(seen: ServiceSeen) -> Repointing:
    return Repointing(
        "service",
        seen.sid,
        f"Messaging service “{seen.name}”",
        {"asks_number": "service"},
        {"asks_number": "number"},
    )


def provision(
    environ: Mapping[str, str],
    agreed: Callable[[str], bool],
    *,
    undo: bool = False,
    session: requests.Session | None = None,
) -> str:
    """Point the numbers here, or back; what to tell. `agreed`: is shown what would be changed, and decides.

    Raises CommandRefused, SettingsProblems.
    """
    settings = load_settings(environ)
    account = Provision(settings, session)
    kept = account.last_kept() if undo else None
    if kept is not None:
        changes = account.plan_undo(kept)
    else:
        changes = account.plan(
            wanted(settings, open_application(settings, resident=False).application.prompts)
        )
    if not changes:
        if kept is not None:
            account.undone(kept)
            return "Everything is as it was before already."
        return f"Everything points here already. {_next(settings)}"
    if not agreed("\n".join(line for one in changes for line in one.lines())):
        raise CommandRefused("Nothing was changed.")
    if kept is not None:
        account.apply(changes)
        account.undone(kept)
        return "It is as it was before."
    where = account.carry_out(changes, wall_clock())
    return f"Done. What was there before is in {where}; `hotline provision --undo` puts it back. {_next(settings)}"


def _next(settings: Settings) -> str:
    if not settings.centre.carrier.calls_fallback:
        return "Next: make the TwiML Bins (docs/outages.md), then `hotline doctor`."
    return "Next: `hotline doctor`."


@click.command("provision")
@click.option("--yes", is_flag=True, help="Don't ask.")
@click.option("--undo", is_flag=True, help="Put back what was there before the last time.")
@click.option(
    "--papers", "on_paper", is_flag=True, help="Only print what the carrier's registration forms ask."
)
def command(*, yes: bool, undo: bool, on_paper: bool) -> None:
    """Point the account's numbers here: calls, their end, texts, and what answers when nothing of ours does.

    Shows what would be changed and asks first. What was there before is kept, and can be put back.
    """
    if on_paper:
        settings = load_settings(os.environ)
        prompts = open_application(settings, resident=False).application.prompts
        click.echo(papers(settings.centre, prompts))
        return
    click.echo(provision(os.environ, lambda shown: _agreed(shown, yes=yes), undo=undo))


def _agreed(shown: str, *, yes: bool) -> bool:
    click.echo(shown)
    if yes:
        return True
    if not sys.stdin.isatty():
        raise CommandRefused(
            "Nobody is there to be asked: nothing was changed. With --yes it is done unasked."
        )
    return click.confirm("Change it?", default=False)
