"""What each role may do, in words: made from the table of rights, so that it can't say otherwise. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from hotline.console.frame.rights import TABLE, Right
from hotline.console.language.speech import Words
from hotline.model import Role

MAY: Final[Mapping[Right, str]] = Words(
    {
        Right.LOOK: "see the board: how many wait, for what, and since when",
        Right.SEE_CALLERS: "see callers' numbers and last words",
        Right.READ_ADMISSIONS: "read calls and texts that are no emergency",
        Right.READ_CLINICAL: "read emergencies",
        Right.READ_RECORD: "read the admissions record",
        Right.WRITE_RECORD: "fill in the admissions record",
        Right.WRITE: "write on the page of a case: notes, texts, how a text should have been read",
        Right.WORK: "answer callers, texts and callbacks",
        Right.BLOCK: "block a number for a while",
        Right.HELP_IN_EMERGENCY: "take an emergency",
        Right.CLOSE_EMERGENCY: "close an emergency",
        Right.FOLLOW_UP: "agree on a call after an emergency",
        Right.TAKE_OVER: "take over at once what a colleague has",
        Right.EXPORT: "take cases out of the house",
        Right.AUDIT: "see who looked at what",
        Right.SEE_REPORTS: "see reports",
        Right.REVIEW_WORK: "see in reports what each of the staff did",
        Right.PEOPLE: "let people in, reset what they have lost, change shifts",
        Right.DIRECTORY: "say whom callers may be sent to",
        Right.CHECK_UP: "see whether everything is set up, and sign what no program can see",
        Right.SEE_SETTINGS: "read the settings, and every sentence that is said or written",
        Right.SETTINGS: "look after the settings, and after other admins",
    }
)
FOR: Final[Mapping[Role, str]] = Words(
    {
        Role.COORDINATOR: "Calls people back about admissions, and answers their texts.",
        Role.CLINICIAN: "Is rung for emergencies.",
        Role.SUPERVISOR: "Does both, and looks after shifts, people and what goes wrong.",
        Role.ADMIN: "Looks after Hotline itself: who signs in, settings, the directory. Sees that somebody waits, "
        "not who.",
        Role.TRAINEE: "Looks on, and is rung for nothing.",
    }
)
NAMES: Final[Mapping[Role, str]] = Words(
    {
        Role.COORDINATOR: "coordinator",
        Role.CLINICIAN: "clinician",
        Role.SUPERVISOR: "supervisor",
        Role.ADMIN: "admin",
        Role.TRAINEE: "trainee",
    }
)


@dataclass(frozen=True, slots=True)
class RoleTold:
    """One role, for whoever gives it to somebody."""

    role: Role
    what_for: str
    may: tuple[str, ...]
    alone: tuple[str, ...]
    """Of these, what no other role may."""


def roles_told() -> Iterator[RoleTold]:
    """Each role with all that it may do. Somebody with several may do what any of them may."""
    for role in Role:
        theirs = [right for right in Right if role in TABLE[right]]
        alone = tuple(MAY[right] for right in theirs if TABLE[right] == {role})
        yield RoleTold(role, FOR[role], tuple(MAY[right] for right in theirs), alone)


def role_names(roles: Iterable[Role]) -> str:
    """Several roles, as a page says them; nothing if there are none."""
    return ", ".join(NAMES[role] for role in sorted(roles))


def table() -> str:
    """The table of rights as Markdown: for docs/sign-in.md."""
    head = f"| | {' | '.join(Role)} |\n|---|{'---|' * len(Role)}\n"
    return head + "".join(
        f"| {MAY[right]} | {' | '.join('yes' if role in TABLE[right] else '' for role in Role)} |\n"
        for right in Right
    )
