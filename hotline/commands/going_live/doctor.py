"""``hotline doctor``: everything looked over, with what it does to callers and how to mend it.

Exit codes: 0 nothing is wrong; 1 something is; 2 the settings can't be read, so that nothing else was looked at.
"""

from __future__ import annotations

import json
import os
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Final

import click

from hotline.commands.going_live import centre_files
from hotline.commands.staff_file import CommandRefused, opened
from hotline.commands.typed import Commands
from hotline.operations.checkup import asked_for, finding, settings_found
from hotline.operations.checkup.finding import Finding, Severity
from hotline.runtime.examining.examine import examine
from hotline.runtime.wiring import open_application, wall_clock
from hotline.settings.load import SettingsProblems, load_settings

_WIDTH: Final = 100
_TITLES: Final[Mapping[Severity, str]] = {
    Severity.WRONG: "WRONG",
    Severity.DOUBTFUL: "TO LOOK AT",
    Severity.GOOD: "GOOD",
}
WRONG, NOT_LOOKED = 1, 2


def looked_over(environ: Mapping[str, str]) -> tuple[tuple[Finding, ...], int]:
    """What was found, worst first, and the exit code. Raises nothing for what is away."""
    try:
        settings = load_settings(environ)
    except SettingsProblems as problems:
        hint = centre_files.not_read(environ, Path.cwd())
        told = (hint,) if hint is not None else problems.problems
        return tuple(settings_found.unreadable(told)), NOT_LOOKED
    application = open_application(settings, resident=False).application
    with application.database:
        found = examine(application)
    return found, WRONG if finding.is_wrong(found) else 0


def in_words(found: Sequence[Finding], *, width: int = _WIDTH) -> Iterator[str]:
    """As lines for people."""
    yield _summary(found)
    for severity, title in _TITLES.items():
        some = [one for one in found if one.severity is severity]
        if some:
            yield f"\n{title}"
        for one, following in zip_longest(some, some[1:]):
            yield from _wrapped(f"{one.topic}: {one.what}", "  ", "    ", width)
            alike = following is not None and (one.callers, one.mend) == (following.callers, following.mend)
            if severity is not Severity.GOOD and not alike:
                yield from _wrapped(f"To callers: {one.callers}", "    ", "      ", width)
                yield from _wrapped(f"To mend: {one.mend}", "    ", "      ", width)
                yield ""


def _summary(found: Sequence[Finding]) -> str:
    n = finding.counted(found)
    wrong, doubtful, good = n[Severity.WRONG], n[Severity.DOUBTFUL], n[Severity.GOOD]
    if not wrong and not doubtful:
        return f"All {good} looks are good."
    said = f"{wrong or 'Nothing'} {'is' if wrong < 2 else 'are'} wrong, {doubtful} to look at, {good} good."
    return said


def _wrapped(words: str, first: str, then: str, width: int) -> list[str]:
    return textwrap.wrap(
        words,
        width,
        initial_indent=first,
        subsequent_indent=then,
        break_on_hyphens=False,
        break_long_words=False,
    )


def as_json(found: Sequence[Finding], code: int) -> str:
    """For machines: the time (UTC), the exit code, how many there are of each severity, and the findings."""
    counts = {severity.value: n for severity, n in finding.counted(found).items()}
    told = {
        "at": wall_clock().isoformat(timespec="seconds"),
        "code": code,
        **counts,
        "findings": finding.as_rows(found),
    }
    return json.dumps(told, indent=2, ensure_ascii=False)


def sign(environ: Mapping[str, str], key: str, who: str) -> str:
    """Keep that somebody has looked. Raises CommandRefused, and as `load` does."""
    application = opened(load_settings(environ))
    try:
        with application.database:
            application.change(lambda transaction: asked_for.sign(transaction, key, who))
    except ValueError as refused:
        raise CommandRefused(str(refused)) from None
    return f"Signed: {key}, {who.strip()}."


@click.group("doctor", cls=Commands, invoke_without_command=True)
@click.option("--json", "for_machines", is_flag=True, help="As JSON.")
@click.pass_context
def group(context: click.Context, *, for_machines: bool) -> int | None:
    """Look everything over: what is wrong, what it does to callers, and how to mend it.

    Exit code 0: nothing is wrong. 1: something is. 2: the settings can't be read, and nothing else was looked at.
    """
    if context.invoked_subcommand is not None:
        return None
    found, code = looked_over(os.environ)
    click.echo(as_json(found, code) if for_machines else "\n".join(in_words(found)))
    return code


@group.command("sign")
@click.argument("key")
@click.option("--by", "who", metavar="WHO", help="Who has looked, as they are to be named.")
def _sign(key: str, *, who: str | None) -> None:
    """Say that somebody has looked at what no program can see, and found it so; KEY is as `hotline doctor` names it."""
    click.echo(sign(os.environ, key, who or click.prompt("Who has looked")))
