"""The referral directory on paper and on its page: compared with what is kept, taken in one transaction, written out.

As with the staff file, loading it again changes nothing, all of it is taken or nothing, and nobody is deleted: who is
no longer named stays, and `active = false` retires an entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from hotline.lettering import folded_name
from hotline.model import AuditAction, AuditKind, StaffId
from hotline.operations.roster import directory_document
from hotline.operations.roster.directory_document import DirectoryPaper
from hotline.operations.roster.roster_document import Problem, Problems
from hotline.operations.transaction import new_id
from hotline.referral.directory_entry import ALWAYS, WRITTEN, DirectoryEntry, ReferralKind, same
from hotline.settings.centre import LineTable
from hotline.store.database import Tx
from hotline.store.people import audit, directory


@dataclass(frozen=True, slots=True)
class DirectoryPlan:
    """What taking a document would do, or has done."""

    given: int
    changes: tuple[tuple[DirectoryEntry | None, DirectoryEntry], ...]
    """Each entry that is changed, as it is (None: a new one) and as it will be."""

    @property
    def told(self) -> tuple[str, ...]:
        """Each change, in a few words."""
        return tuple(_change(before, after) for before, after in self.changes)

    def __str__(self) -> str:
        return f"Took {self.given} entries; {len(self.changes)} of them new or changed."


def plan(tx: Tx, document: Mapping[str, Any], line: LineTable) -> DirectoryPlan:
    """Compare the document with what is kept. Raises Problems, with all that is wrong in it."""
    paper = directory_document.read(document, line)
    changes = _compared(directory.every(tx), paper)
    if paper.problems:
        raise Problems(sorted(paper.problems, key=lambda one: one.position or 0))
    return DirectoryPlan(len(paper.entries), tuple(changes))


def load(
    tx: Tx, document: Mapping[str, Any], now: datetime, line: LineTable, by: StaffId | None = None
) -> DirectoryPlan:
    """Take what the document says at `now` (UTC). `by`: None, if it is the command line. Raises Problems."""
    wanted = plan(tx, document, line)
    for before, after in wanted.changes:
        _keep(tx, before, after, now, by)
    return wanted


def keep(
    tx: Tx, entry_id: str | None, given: Mapping[str, Any], now: datetime, line: LineTable, by: StaffId
) -> DirectoryEntry | None:
    """Add one entry (None), or change the one with this id; as it is then. None if there is none. Raises Problems."""
    if entry_id is not None:
        known = directory.get(tx, entry_id)
        if known is None:
            return None
        given = {**given, "was": known.name}
    wanted = plan(tx, {"entry": [given]}, line)
    taken = next(
        (one for one in directory.every(tx) if folded_name(one.name) == folded_name(given["name"])), None
    )
    if entry_id is None and taken is not None:
        there = "retired" if not taken.active else "there already"
        raise Problems([Problem("entry", 0, "name", f"it is {there}: change that one", taken.name)])
    for before, after in wanted.changes:
        return _keep(tx, before, after, now, by)
    return taken


def set_active(tx: Tx, entry_id: str, now: datetime, by: StaffId, *, active: bool) -> bool:
    """Retire an entry, or bring it back; whether there is one."""
    known = directory.get(tx, entry_id)
    if known is None:
        return False
    if known.active != active:
        _keep(tx, known, replace(known, active=active), now, by)
    return True


def _keep(
    tx: Tx, before: DirectoryEntry | None, after: DirectoryEntry, now: datetime, by: StaffId | None
) -> DirectoryEntry:
    kept = replace(after, changed_at=now, changed_by=by)
    kept = directory.add(tx, kept) if before is None else directory.save(tx, kept)
    retired = not after.active and (before is None or before.active)
    changed = AuditAction.DIRECTORY_ADDED if before is None else AuditAction.DIRECTORY_CHANGED
    action = AuditAction.DIRECTORY_RETIRED if retired else changed
    audit.add(tx, now, by, action, AuditKind.DIRECTORY, after.id)
    return kept


def dump(tx: Tx) -> dict[str, Any]:
    """Everything in the directory as `load` takes it; what is as usual is left out."""
    return {"entry": [_written(one) for one in directory.every(tx)]}


def _written(entry: DirectoryEntry) -> dict[str, Any]:
    usual = DirectoryEntry(id="", name="", kinds=())
    found: dict[str, Any] = {}
    for key in WRITTEN:
        value = getattr(entry, key)
        if value == getattr(usual, key) and key not in ("timezone", "languages"):
            continue
        found[key] = [str(one) for one in value] if isinstance(value, tuple) else value
    if entry.hours == (ALWAYS,):
        found["hours"] = ALWAYS
    return found


def _compared(
    kept: list[DirectoryEntry], paper: DirectoryPaper
) -> list[tuple[DirectoryEntry | None, DirectoryEntry]]:
    by_name = {folded_name(one.name): one for one in kept}
    changes: list[tuple[DirectoryEntry | None, DirectoryEntry]] = []
    for position, (entry, was) in enumerate(zip(paper.entries, paper.was, strict=True)):
        known = by_name.get(folded_name(entry.name))
        former = by_name.get(folded_name(was)) if was else None
        if former is not None and known is not None and known.id != former.id:
            what = f'"{entry.name}" is another entry already'
            paper.problems.append(Problem("entry", position, "name", what, entry.name))
        before = former or known
        after = replace(entry, id=before.id if before else new_id(), version=before.version if before else 0)
        if before is None or not same(before, after):
            changes.append((before, after))
    _no_dispatch_is_rung(kept, changes, paper)
    return changes


def _no_dispatch_is_rung(
    kept: list[DirectoryEntry],
    changes: list[tuple[DirectoryEntry | None, DirectoryEntry]],
    paper: DirectoryPaper,
) -> None:
    """What is kept counts, too: no number of a dispatch centre comes in by another entry, in whatever order."""
    after = {one.id: one for one in kept} | {one.id: one for _, one in changes}
    theirs = {
        number for one in after.values() if ReferralKind.DISPATCH in one.kinds for number in one.numbers
    }
    told = {(one.position, one.key) for one in paper.problems}
    for one in after.values():
        if not one.hand_offs or not theirs.intersection(one.numbers):
            continue
        names = [folded_name(entry.name) for entry in paper.entries]
        position = names.index(folded_name(one.name)) if folded_name(one.name) in names else 0
        if (position, "numbers") not in told:
            what = f'"{one.name}" has a dispatch centre\'s number, which we never ring'
            paper.problems.append(Problem("entry", position, "numbers", what, one.name))


def _change(before: DirectoryEntry | None, after: DirectoryEntry) -> str:
    if before is None:
        return f"{after.name}: new"
    if before.active != after.active:
        return f"{after.name}: {'back' if after.active else 'retired'}"
    keys = [key for key in WRITTEN if getattr(before, key) != getattr(after, key)]
    renamed = f"{before.name}, now {after.name}" if before.name != after.name else after.name
    others = [key.replace("_", " ") for key in keys if key != "name"]
    return f"{renamed}: {', '.join(others) or 'another name'}"
