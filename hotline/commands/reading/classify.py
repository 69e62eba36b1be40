"""`hotline classify`: what messages are about, one JSON object per line; and, where the answers are given, how often
that was right. Reads no settings and no environment, and keeps nothing. (Not so `--review` and `--check-phrases`.)
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO, TypeVar

from hotline.commands import typed
from hotline.model import Language
from hotline.triage.urgency import Label, Reading, classify

_Value = TypeVar("_Value", Language, Label)
_ALSO_RIGHT = re.compile(r"\balt=(\w+)")
_SHORT = {
    Label.EMERGENCY: "emerg",
    Label.SUICIDE: "suic",
    Label.ASK: "ask",
    Label.OPT_OUT: "opt",
    Label.HELP: "help",
    Label.ADMISSIONS: "adm",
    Label.FAMILY: "fam",
    Label.STOP_LIKE: "stop",
    Label.OTHER: "other",
}


class Unread(Exception):
    """The file, or some of its lines, could not be read; what could be was printed. `str` says what."""


class _BadLine(ValueError):
    """One line isn't a message; `str` says why."""


@dataclass(frozen=True, slots=True)
class LabelledMessage:
    """One message of a file, with the right answer if it is given."""

    id: object
    text: str
    language: Language | None
    label: Label | None
    also_right: frozenset[Label]

    def right(self, found: Label) -> bool:
        """Whether this is the label given, or one that `alt=` in the note allows."""
        return found is self.label or found in self.also_right


@dataclass(slots=True)
class Tally:
    """What was found, by language and by the label given."""

    found: dict[str, dict[Label, Counter[Label]]] = field(default_factory=dict)

    def add(self, line: LabelledMessage, found: Label) -> None:
        """Count one message; an answer that is right too counts as the one given."""
        if line.label is None:
            return
        language = line.language.value if line.language else "-"
        counted = line.label if line.right(found) else found
        self.found.setdefault(language, {}).setdefault(line.label, Counter())[counted] += 1

    def table(self) -> str:
        """The confusion table of each language: rows are the labels given, columns those found."""
        return "\n\n".join(_table(language, self.found[language]) for language in sorted(self.found))


def classify_given(given: str | None, out: TextIO | None = None, notes: TextIO | None = None) -> None:
    """Classify the lines of a file, of standard input ("-"), one message that is asked for (None), or these very words.

    Answers go to `out` (standard output), complaints and the confusion table to `notes` (standard error).
    Raises Unread, after all the rest is printed, if anything could not be read.
    """
    out, notes = out or sys.stdout, notes or sys.stderr
    if given is None:
        print(_answer(None, classify(typed.private(None, "Message"))), file=out)
    elif given == "-" or given.strip().lower().endswith((".jsonl", ".json")) or _is_file(given):
        _classify_file(given, out, notes)
    else:
        typed.warn()
        print(_answer(None, classify(given)), file=out)


def _is_file(given: str) -> bool:
    try:
        return Path(given).is_file()
    except (OSError, ValueError):  # a message may be longer than a name can be, or hold what no name can
        return False


def _classify_file(name: str, out: TextIO, notes: TextIO) -> None:
    tally = Tally()
    bad = 0
    for number, written in enumerate(_lines_of(name), 1):
        if not written.strip():
            continue
        try:
            line = _parsed(written)
        except _BadLine as wrong:
            bad += 1
            print(f"line {number}: {wrong}", file=notes)
            continue
        reading = classify(line.text, line.language)
        tally.add(line, reading.label)
        print(_answer(line.id, reading), file=out)
    if tally.found:
        print(tally.table(), file=notes)
    if bad:
        raise Unread(f"{bad} line{'s' if bad > 1 else ''} could not be read; the others were classified.")


def _lines_of(name: str) -> Iterator[str]:
    if name == "-":
        yield from _decoded(sys.stdin.buffer)
        return
    try:
        with Path(name).open("rb") as file:
            yield from _decoded(file)
    except OSError as wrong:
        raise Unread(f"{name} can't be read: {wrong.strerror}.") from wrong


def _decoded(lines: Iterable[bytes]) -> Iterator[str]:
    for line in lines:
        yield line.decode("utf-8-sig", errors="replace")


def _parsed(written: str) -> LabelledMessage:
    try:
        row = json.loads(written)
    except (json.JSONDecodeError, RecursionError) as wrong:
        raise _BadLine("this isn't JSON") from wrong
    if not isinstance(row, dict):
        raise _BadLine('this is JSON, but no object with "id" and "text"')
    text = row.get("text")
    if not isinstance(text, str):
        raise _BadLine('"text" is missing, or no text')
    if "id" not in row:
        raise _BadLine('"id" is missing')
    note = row.get("note")
    also = _ALSO_RIGHT.findall(note) if isinstance(note, str) else []
    return LabelledMessage(
        row["id"],
        text,
        _one_of(Language, row.get("language"), "language"),
        _one_of(Label, row.get("label"), "label"),
        frozenset(Label(one) for one in also if one in list(Label)),
    )


def _one_of(known: type[_Value], given: object, name: str) -> _Value | None:
    if given is None:
        return None
    if isinstance(given, str) and given in [one.value for one in known]:
        return known(given)
    raise _BadLine(f'"{name}" must be one of {", ".join(one.value for one in known)}')


def _answer(about: object, reading: Reading) -> str:
    answer = {"label": reading.label.value, "confidence": reading.confidence, "reason": reading.reason}
    return json.dumps(answer if about is None else {"id": about, **answer}, ensure_ascii=False)


def _table(language: str, rows: dict[Label, Counter[Label]]) -> str:
    lines = [f"{language:<22}" + "".join(f"{_SHORT[label]:>7}" for label in Label) + "  right"]
    for given in Label:
        if given in rows:
            counts = rows[given]
            share = counts[given] / counts.total()
            cells = "".join(f"{counts[label] or '.':>7}" for label in Label)
            lines.append(f"{given.value:<22}{cells}  {share:>5.0%}")
    return "\n".join((*lines, *_summary(rows)))


def _summary(rows: dict[Label, Counter[Label]]) -> Iterator[str]:
    urgent = (Label.EMERGENCY, Label.SUICIDE)

    def share(given: Iterable[Label]) -> str:
        counted = [rows[label] for label in given if label in rows]
        whole = sum(count.total() for count in counted)
        paged = sum(count[label] for count in counted for label in urgent)
        return f"{paged} of {whole}" + (f" ({paged / whole:.1%})" if whole else "")

    yield f"urgent, found urgent: {share(urgent)}"
    yield f"not urgent, taken for urgent: {share([label for label in Label if label not in urgent])}"
    wrongly = sum(count[Label.OPT_OUT] for label, count in rows.items() if label is not Label.OPT_OUT)
    yield f"no opt-out, taken for one: {wrongly}"
