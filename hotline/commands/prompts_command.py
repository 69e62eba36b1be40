"""``hotline prompts check``, ``list`` and ``export``: what is said, for those who answer for the words.

Only ``hotline.toml`` and the recordings beside it are read; without it, what comes with Hotline is looked at. No
account and no database is needed.
"""

import csv
import io
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import click

from hotline import prompts
from hotline.commands.aligned import aligned
from hotline.commands.typed import Commands
from hotline.model import Channel, Language
from hotline.prompts import Prompts
from hotline.prompts.lengths import beyond_gsm7
from hotline.prompts.shipped import STAFF, shipped
from hotline.settings import wording as checks
from hotline.settings.centre import Centre
from hotline.settings.environment import Environment
from hotline.settings.load import SettingsProblems, read_centre, read_wording
from hotline.settings.sentences import UNSPOKEN, Sentence, every_sentence, unrecorded
from hotline.settings.toml_text import toml_text
from hotline.settings.wording import Wording

_NOTICE: Final = (
    "# Sentences of Hotline. Drafts: see docs/languages.md for who must review them. Change what is yours to change,\n"
    "# and put it into hotline.toml. What is in braces is filled in; keys and emergency numbers must stay.\n"
)


class Wrong(Exception):
    """What `check` found; the message is a list for the person who asked."""


_HEADINGS: Final = ("language", "where", "name", "reference", "length", "whose")
"""Of the list: the reference is the number of a text that experts of the field have looked at (V01: spoken, T01:
written)."""


def check(environ: Mapping[str, str]) -> str:
    """What is worth knowing about the sentences, if nothing is wrong. Raises Wrong with everything that is."""
    centre, wording, problems = _read(environ)
    said = _prompts(wording)
    lines = list(every_sentence(said, Language))
    found = [*problems, *missing(lines), *_faults(lines)]
    if found:
        raise Wrong("\n".join(("What is said must be mended:", *(f"  - {each}" for each in found))))
    notes = [f"  - {each}" for each in _notes(lines, said, centre)]
    total = f"{len(lines)} prompts, {len(said.recordings)} of them recorded: nothing is wrong."
    return "\n".join((total, *(("Good to know:", *notes) if notes else ())))


def listing(environ: Mapping[str, str]) -> str:
    """Every prompt: language, where it is said, its name and number, how long it is, and whether it is recorded."""
    _, wording, problems = _read(environ)
    if problems:
        raise SettingsProblems(problems)
    said = _prompts(wording)
    rows = [_HEADINGS, *(_row(line, said, wording) for line in every_sentence(said, Language))]
    return "\n".join(aligned(rows))


def export(environ: Mapping[str, str], languages: Iterable[Language] = (), *, as_csv: bool = False) -> str:
    """All sentences of these languages (or of all), for translators: as TOML for hotline.toml, or as CSV."""
    _, wording, problems = _read(environ)
    if problems:
        raise SettingsProblems(problems)
    lines = list(every_sentence(_prompts(wording), tuple(languages) or Language))
    return _csv(lines) if as_csv else _NOTICE + "".join(_toml(lines))


def missing(lines: Iterable[Sentence]) -> Iterator[str]:
    """What callers hear or read in English, and lack in another language."""
    there = {(line.language, line.section, line.key) for line in lines}
    for _, section, key in sorted(each for each in there if each[0] is Language.EN and each[1] not in STAFF):
        for language in Language:
            if (language, section, key) not in there:
                yield f"[prompts.{language}.{section}] {key} is missing."


def _read(environ: Mapping[str, str]) -> tuple[Centre | None, Wording, tuple[str, ...]]:
    """The centre, if there is one; its own words; and what is wrong in hotline.toml."""
    path = Environment(environ).path("HOTLINE_CONFIG", "./hotline.toml")
    if not environ.get("HOTLINE_CONFIG", "").strip() and not path.exists():
        return None, Wording(), ()
    centre, problems = read_centre(path)
    if centre is None:
        return None, Wording(), problems
    wording, more = read_wording(path, centre)
    return centre, wording, more


def _prompts(wording: Wording) -> Prompts:
    return prompts.load(
        Language,
        checks.WIDEST,
        spoken={"NUMBER": "6 1 7, 5 5 5, 0 1 0 0"},
        replaced=wording.sentences,
        recordings=wording.recordings,
    )


def _faults(lines: Iterable[Sentence]) -> Iterator[str]:
    for line in lines:
        for fault in checks.faults(line.channel, line.key, line.words):
            yield f"[prompts.{line.language}.{line.section}] {line.key} {fault}."


def _notes(lines: Iterable[Sentence], said: Prompts, centre: Centre | None) -> Iterator[str]:
    if centre is not None and (letters := beyond_gsm7(centre.line.name)):
        yield f"[line] name makes every text cost more parts, because of {' '.join(letters)}."
    here = [line for line in lines if centre is None or line.language in centre.line.languages]
    for line in here:
        cost = checks.costly(line.words) if line.channel is Channel.TEXT else None
        if cost is not None:
            yield f"[prompts.{line.language}.{line.section}] {line.key} {cost}."
    for language in UNSPOKEN:
        lacking = unrecorded(said, language) if centre is None or language in centre.line.languages else []
        if lacking:
            yield f"the carrier has no voice for {language}; not recorded yet: {', '.join(lacking)}."


def _row(line: Sentence, said: Prompts, wording: Wording) -> tuple[str, ...]:
    how = "recorded" if line.is_recorded(said) else "your words" if line.is_replaced(wording) else ""
    return (line.language, line.section, line.key, line.reference, line.length(said), how)


def _toml(lines: Iterable[Sentence]) -> Iterator[str]:
    place: tuple[Language, str] | None = None
    for line in lines:
        if place != (line.language, line.section):
            place = (line.language, line.section)
            yield f"\n[prompts.{line.language}.{line.section}]\n"
        entry = toml_text({line.key: line.words}).rstrip("\n")
        yield f"{entry} # {line.reference}\n" if line.reference else f"{entry}\n"


def _csv(lines: Iterable[Sentence]) -> str:
    page = io.StringIO()
    sheet = csv.writer(page)
    sheet.writerow(("reference", "language", "section", "prompt", "english", "words"))
    for line in lines:
        english = shipped(Language.EN).sections[line.section].get(line.key, "")
        sheet.writerow((line.reference, line.language, line.section, line.key, english, line.words))
    return page.getvalue()


@click.group("prompts", cls=Commands)
def group() -> None:
    """Look at what callers and staff hear and read."""


@group.command("check")
def _check() -> None:
    """Say what is missing, too long or wrong; ends with 1 if anything is."""
    click.echo(check(os.environ))


@group.command("list")
def _list() -> None:
    """Name every prompt, how long it is, and whether it is recorded."""
    click.echo(listing(os.environ))


@group.command("export")
@click.option("--csv", "as_csv", is_flag=True, help="As a sheet; else as TOML for hotline.toml.")
@click.option(
    "--language",
    "languages",
    multiple=True,
    type=click.Choice([language.value for language in Language]),
    help="Of this language only; may be repeated.",
)
def _export(*, as_csv: bool, languages: tuple[str, ...]) -> None:
    """Print every sentence, for translators."""
    click.echo(export(os.environ, map(Language, languages), as_csv=as_csv), nl=False)
