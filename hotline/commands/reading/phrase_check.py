"""`hotline classify --check-phrases`: what the phrases in `hotline.toml` would have changed about messages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from hotline.commands import staff_file
from hotline.commands.reading.review import lately
from hotline.commands.staff_file import CommandRefused
from hotline.model import AuditAction, AuditKind, Language
from hotline.phrases import Phrase, Phrases
from hotline.settings.load import Settings
from hotline.store.database import Tx
from hotline.store.people import audit, staff
from hotline.triage.anonymous import anonymous
from hotline.triage.reading.own_phrases import standing
from hotline.triage.taught import read_for
from hotline.triage.texts.keywords import kind_of
from hotline.triage.urgency import Label, classify

CORPUS: Final = Path(__file__).parents[3] / "tests" / "data"
"""Our invented messages, where Hotline's own folder is here."""
_MOST: Final = 20
"""Lines that are listed of each kind."""
_URGENT: Final = (Label.EMERGENCY.value, Label.SUICIDE.value)


@dataclass(frozen=True, slots=True)
class Text:
    """A message, and what it is known to be, if that is known. `when`: for people."""

    words: str
    language: Language
    when: str = ""
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """What phrases change about some messages."""

    read: int
    more: tuple[Text, ...]
    fewer: tuple[Text, ...]
    met: frozenset[Phrase]
    """Phrases that stand in any of them."""


def changed(phrases: Phrases, texts: Iterable[Text]) -> Changed:
    """Which messages would page that didn't, and the reverse. Pure."""
    read, more, fewer, met = 0, [], [], set()
    for one in texts:
        read += 1
        found = standing((*phrases.must_page, *phrases.must_never_page), one.words, one.language)
        if not found:
            continue
        met.update(found)
        before, after = classify(one.words, one.language), read_for(phrases, one.words, one.language)
        if after.urgent and not before.urgent:
            more.append(one)
        elif before.urgent and not after.urgent:
            fewer.append(one)
    return Changed(read, tuple(more), tuple(fewer), frozenset(met))


def check_phrases(environ: Mapping[str, str], file: Path | None = None) -> str:
    """What the phrases in the file of settings change on the last 30 days' texts, on our invented ones, and on `file`.

    Raises SettingsProblems, CommandRefused and StoreError.
    """

    def work(settings: Settings, tx: Tx, now: datetime) -> str:
        phrases = settings.centre.reading.phrases
        every = (*phrases.must_page, *phrases.must_never_page)
        if not every:
            return "[reading] in hotline.toml has no phrases: nothing is changed."
        zone = ZoneInfo(settings.centre.line.timezone)
        names = [member.name for member in staff.everyone(tx)]
        sets = {
            "Texts of the last 30 days": [
                Text(words, language, f"{at.astimezone(zone):%Y-%m-%d %H:%M}")
                for at, language, words in lately(tx, now)
            ],
            "Hotline's invented messages": _corpus(CORPUS),
            str(file): _of_file(file) if file else [],
        }
        found = {name: changed(phrases, texts) for name, texts in sets.items() if texts}
        audit.add(tx, now, None, AuditAction.CHECKED_PHRASES, AuditKind.SETTINGS, "reading")
        met = frozenset[Phrase]().union(*(one.met for one in found.values()))
        lines = [line for name, one in found.items() for line in _told(name, one, names)]
        return "\n".join([*lines, *_remarks(phrases, met)])

    return staff_file.change(environ, work)


def _told(name: str, found: Changed, names: Sequence[str]) -> list[str]:
    lost = sum(one.label in _URGENT for one in found.fewer)
    danger = f", of which {lost} dangerous by their label" if lost else ""
    lines = [f"{name}, {found.read}: {len(found.more)} pages more, {len(found.fewer)} fewer{danger}."]
    for sign, texts in (("+", found.more), ("-", found.fewer)):
        lines += [f"  {sign} {_line(one, names)}" for one in texts[:_MOST]]
        if len(texts) > _MOST:
            lines.append(f"  {sign} and {len(texts) - _MOST} others")
    return lines


def _line(one: Text, names: Sequence[str]) -> str:
    return "  ".join(part for part in (one.when, one.language.value, anonymous(one.words, names)) if part)


def _remarks(phrases: Phrases, met: frozenset[Phrase]) -> list[str]:
    lines = []
    for one in (*phrases.must_page, *phrases.must_never_page):
        reading = classify(one.words, one.language)
        if kind_of(one.words, one.language or Language.EN) is not None:
            lines.append(f"“{one.words}” is a keyword as a whole message, and stays one.")
        elif reading.urgent and reading.named:
            pages = (
                "pages by itself" if one in phrases.must_page else "names danger by itself, and always pages"
            )
            lines.append(f"“{one.words}” {pages}: the phrase changes nothing about that.")
        if one not in met:
            lines.append(f"“{one.words}” is in none of these messages.")
    return lines


def _corpus(folder: Path) -> list[Text]:
    return [text for file in sorted(folder.glob("urgency-*.jsonl")) for text in _of_file(file)]


def _of_file(file: Path) -> list[Text]:
    try:
        rows = [
            json.loads(line) for line in file.read_text(encoding="utf-8-sig").splitlines() if line.strip()
        ]
        return [Text(row["text"], Language(row.get("language", "en")), "", row.get("label")) for row in rows]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise CommandRefused(
            f"{file} can't be read: write lines with text and language, as for classify."
        ) from wrong
