"""What people type for a command: read from the command line, or asked for where no list of processes may show it."""

import sys
from collections.abc import Callable, Iterable
from typing import Any

import click

_WHOLE = 200
"""Letters of a first sentence: more than any has."""


class Commands(click.Group):
    """A group of commands whose help says in full what each of them does."""

    def sections(self, ctx: click.Context) -> Iterable[tuple[str, Iterable[str]]]:
        """The titles under which the commands are shown, each with their names."""
        return (("Commands", self.list_commands(ctx)),)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write them, section by section."""
        for title, names in self.sections(ctx):
            found = [(name, self.get_command(ctx, name)) for name in names]
            rows = [(name, one.get_short_help_str(_WHOLE)) for name, one in found if one is not None]
            with formatter.section(title):
                formatter.write_dl(rows)


class Written(click.ParamType[Any]):
    """A value that is written in a form of its own: `parse` raises ValueError, whose words are shown."""

    def __init__(self, name: str, parse: Callable[[str], Any]) -> None:
        self.name = name
        self._parse = parse

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """What was meant; a value that is none of a person's, but a default, stays as it is."""
        if not isinstance(value, str):
            return value
        try:
            return self._parse(value)
        except ValueError as wrong:
            self.fail(f"{value!r} {wrong}.", param, ctx)


def private(given: str | None, prompt: str) -> str:
    """What was given on the command line, with a warning; else what is typed, or one line of standard input."""
    if given is not None and given != "-":
        warn()
        return given
    if sys.stdin.isatty():
        return input(f"{prompt}: ").strip()
    return sys.stdin.readline().strip()


def warn() -> None:
    """Somebody's number or words stand on the command line."""
    click.echo(
        "Whatever is on the command line can be seen in the list of processes, and stays in the shell's history: "
        "leave it out, and it is asked for.",
        err=True,
    )


def asks_first(*, yes: bool) -> Callable[[str], bool] | None:
    """What shows a person what would be done, and lets them decide; None where nobody watches, or `yes` was given."""
    return _ask if sys.stdin.isatty() and sys.stdout.isatty() and not yes else None


def _ask(wanted: str) -> bool:
    click.echo(wanted)
    return input("Take it? [y/N] ").strip().lower() in ("y", "yes")
