"""`hotline classify --review` and `--check-phrases`: how a centre's own texts were read, and what its phrases change.

Both open the database, so only somebody with its keys can run them, and each look is in the audit trail. What they
print and export is the messages' words without names, numbers and everything rare (`triage.anonymous`): still
confidential, for a name that is a word may be left.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from hotline.commands import staff_file
from hotline.commands.staff_file import CommandRefused
from hotline.model import AuditAction, AuditKind, Language
from hotline.settings.load import Settings
from hotline.store.database import Tx
from hotline.store.database.periods import Period
from hotline.store.people import audit, staff
from hotline.store.traffic import messages, readings
from hotline.store.traffic.readings import Did, Judged, Judgement, KeptReading
from hotline.triage.anonymous import anonymous
from hotline.triage.urgency import Label

_NOTE: Final = (
    "Names, numbers and rare words are left out; a name that is a word too may still be there. Confidential."
)
_GONE: Final = "(its words are not kept any more)"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One text whose reading staff dispute; `text`: without names and numbers, None if it isn't kept any more."""

    kept: KeptReading
    judged: Judged
    text: str | None
    why: str

    @property
    def label(self) -> Label:
        """What it was, as staff say."""
        return Label.EMERGENCY if self.judged.judgement is Judgement.EMERGENCY else Label.OTHER


def month(written: str) -> str:
    """A month for the command line, such as 2026-03. Raises ValueError."""
    if not re.fullmatch(r"[1-9]\d{3}-(0[1-9]|1[0-2])", written, re.ASCII):
        raise ValueError("must be a month, such as 2026-03")
    return written


def review(environ: Mapping[str, str], month: str | None = None, export: Path | None = None) -> str:
    """The texts of a month (by the centre's clock; usually this one) whose reading staff dispute, and the file written.

    `export`: a new file, its owner's alone, with those whose words are kept. Raises SettingsProblems,
    CommandRefused and StoreError.
    """
    lines: list[str] = []
    found: list[Reviewed] = []

    def work(settings: Settings, tx: Tx, now: datetime) -> str:
        zone = ZoneInfo(settings.centre.line.timezone)
        named = month or f"{now.astimezone(zone):%Y-%m}"
        names = [member.name for member in staff.everyone(tx)]
        judged = readings.between(tx, _period(named, zone), judged_only=True)
        found[:] = [_reviewed(tx, one, one.judged, names) for one in judged if one.judged and one.disputed]
        action = AuditAction.EXPORTED_READINGS if export else AuditAction.REVIEWED_READINGS
        audit.add(tx, now, None, action, AuditKind.MONTH, named)
        lines[:] = _told(found, named, zone, agreed=len(judged) - len(found))
        return named

    named = staff_file.change(environ, work)
    if export is not None:
        written = _export(export, named, found)
        lines.append(f"\n{written} {'text' if written == 1 else 'texts'} written to {export}.")
    return "\n".join(lines)


def _period(named: str, zone: ZoneInfo) -> Period:
    year, number = map(int, named.split("-"))
    since = datetime(year, number, 1, tzinfo=zone)
    until = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=zone)
    return Period(since.astimezone(UTC), until.astimezone(UTC))


def _reviewed(tx: Tx, kept: KeptReading, judged: Judged, names: Iterable[str]) -> Reviewed:
    message = messages.get(tx, kept.message_id)
    names = tuple(names)
    text = anonymous(message.body, names) if message is not None and message.body.strip() else None
    why = re.sub(r"“([^”]*)”", lambda seen: f"“{anonymous(seen[1], names)}”", kept.why.reason)
    return Reviewed(kept, judged, text, why if text is not None else _GONE)


def _told(found: Sequence[Reviewed], named: str, zone: ZoneInfo, *, agreed: int) -> list[str]:
    needless = sum(one.kept.did is Did.PAGED for one in found)
    lines = [
        f"{named} ({zone.key}): paged for nothing {needless}, not paged and an emergency {len(found) - needless}; "
        f"right as judged {agreed}."
    ]
    if found:
        lines.append(_NOTE)
    for one in found:
        what = "paged for nothing" if one.kept.did is Did.PAGED else "not paged, and an emergency"
        lines += [
            f"\n{one.kept.at.astimezone(zone):%Y-%m-%d %H:%M}  {one.kept.language}  {what}",
            f"  text: {one.text if one.text is not None else _GONE}",
            f"  read as {one.kept.label}, {one.kept.why.confidence:.2f}: {one.why}",
        ]
    return lines


def _export(file: Path, named: str, found: Iterable[Reviewed]) -> int:
    rows = list(_rows(named, found))
    write_new(file, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    return len(rows)


def _rows(named: str, found: Iterable[Reviewed]) -> Iterator[dict[str, str]]:
    for number, one in enumerate((one for one in found if one.text is not None), 1):
        yield {
            "id": f"{named}-{number}",
            "text": one.text or "",
            "language": one.kept.language.value,
            "label": one.label.value,
            "read": one.kept.label,
        }


def write_new(file: Path, words: str) -> None:
    """A file that wasn't there, its owner's alone. Raises CommandRefused."""
    try:
        with os.fdopen(
            os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as new:
            new.write(words)
    except FileExistsError:
        raise CommandRefused(f"{file} is there already: name another file.") from None
    except OSError as wrong:
        raise CommandRefused(f"{file} can't be written: {wrong.strerror}.") from wrong


def lately(tx: Tx, now: datetime) -> list[tuple[datetime, Language, str]]:
    """The texts of the last 30 days that were read, whose words are kept, with the time (UTC) and the language."""
    found = readings.between(tx, Period(now - timedelta(days=30), now))
    said = ((one, messages.get(tx, one.message_id)) for one in found)
    return [(one.at, one.language, text.body) for one, text in said if text is not None and text.body.strip()]
