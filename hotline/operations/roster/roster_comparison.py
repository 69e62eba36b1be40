"""The document beside what is kept: who everybody is, what is wrong, and what would change.

Staff, schedules, needs and policies are compared each in a module of its own, in this order: those that come later
name those before.
"""

from __future__ import annotations

from typing import Final

from hotline.lettering import folded_name
from hotline.model import StaffId
from hotline.operations.roster import roster_document
from hotline.operations.roster.roster_document import Document, Problem, nearest
from hotline.settings.centre import LineTable
from hotline.store.database import Tx
from hotline.store.people import schedules, staff

USUAL: Final = ("coordinators", "clinicians", "supervisors")
"""The schedules that policies look for unless the centre has given its own."""


class Comparison:
    """The document beside what is kept."""

    def __init__(self, tx: Tx, given: Document, line: LineTable | None, problems: list[Problem]) -> None:
        self.tx, self.given, self.line, self.problems = tx, given, line, problems
        self._read = tuple(problems)
        self.told: list[str] = []
        self.kept = {row.id: row for row in staff.everyone(tx)}
        self.by_name = {folded_name(row.name): row.id for row in self.kept.values()}
        self.after = dict(self.kept)
        """Everybody, as they will be."""
        self.refused = {
            table: {one.position for one in problems if one.table == table and one.position is not None}
            for table in roster_document.TABLES
        }
        """Which tables can't be taken as they are written: what would only follow from that is not told beside it."""

    def wrong(self, table: str, position: int, key: str | None, what: str, whose: str) -> None:
        """Something is wrong at this place; told once, and not beside what was wrong there when it was read."""
        if not self.told_already(table, position, key):
            self.problems.append(Problem(table, position, key, what, whose))
        self.refused[table].add(position)

    def told_already(self, table: str, position: int, key: str | None) -> bool:
        """Whether something was wrong there already when the document was read by itself."""
        return any((one.table, one.position, one.key) == (table, position, key) for one in self._read)

    def person(self, name: str, table: str, position: int, key: str, whose: str) -> StaffId | None:
        """Who is named at this place; None, and a problem, if it is nobody who could be rung."""
        person = self.by_name.get(folded_name(name))
        if folded_name(name) in self._refused_names():
            return person
        if person is None:
            here = [row.name for row in self.after.values() if row.active]
            known = nearest(name, here, "add them under [[staff]]")
            self.wrong(table, position, key, f'nobody on the staff is called "{name}"{known}', whose)
            return None
        row = self.after[person]
        if row.active and not row.verified and not row.is_trainee and not self._keeps(person, table, whose):
            what = (
                f'the phone of "{name}" is not verified: `hotline staff verify "{row.name}"` sends a code to it; or, '
                "for a newcomer, ring it once, and write verified = true there"
            )
            self.wrong(table, position, key, what, whose)
        return person

    def _refused_names(self) -> set[str]:
        """Who is named under [[staff]], and can't be taken as they are written."""
        return {folded_name(self.given.staff[position].name) for position in self.refused["staff"]}

    def _keeps(self, person: StaffId, table: str, whose: str) -> bool:
        """Whether they only stay where they are: on a schedule, with another phone now. Until that is verified they
        are nobody there, and the hole is told."""
        if table != "schedule":
            return False
        return any(one.name == whose and person in one.named for one in schedules.every(self.tx))
