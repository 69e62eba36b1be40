"""Who may do what: the one table that says it. Routes ask it, pages ask it, and tests go through it cell by cell.

There are two sides. The admissions side is callers and texts that want treatment or ask about it; the clinical side is
emergencies. Coordinators have the one, clinicians the other, supervisors both. Admins have people and settings, and see
that somebody waits, but not who, nor what was said. Whoever has accepted something may see it, whatever their role.
Trainees see what both sides see, and do nothing: they can accept nothing, so nothing is ever theirs, and they write
nothing on anybody's page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from hotline.model import Role, Subject


class Right(StrEnum):
    """Something that not everybody may do."""

    LOOK = "look"
    """See the board: how many wait, for what, and since when."""
    SEE_CALLERS = "see_callers"
    """See numbers and last words on it, and what could not be delivered to whom."""
    READ_ADMISSIONS = "read_admissions"
    """Read a thread that is no emergency."""
    READ_CLINICAL = "read_clinical"
    """Read a thread in which there is an emergency."""
    READ_RECORD = "read_record"
    """Read the admissions record: what somebody has said of their use, their health and their safety."""
    WRITE_RECORD = "write_record"
    """Fill it in, and have clinicians paged for what was said."""
    WRITE = "write"
    """Write on the page of a case that they may read, or have: notes, texts, how a text should have been read."""
    WORK = "work"
    """Act on callbacks, on callers who hold and on texts."""
    BLOCK = "block"
    """Keep a number from being put through for a while; emergencies always are."""
    HELP_IN_EMERGENCY = "help_in_emergency"
    """Accept an emergency, keep it, ring the person back."""
    CLOSE_EMERGENCY = "close_emergency"
    """Judge that one is over. Where nobody can be reached there is nothing to judge: whoever has it may close it."""
    FOLLOW_UP = "follow_up"
    """Say whether somebody who was in an emergency agreed to be called some days later."""
    TAKE_OVER = "take_over"
    """Take an emergency, a text or a callback at once from whoever has it."""
    EXPORT = "export"
    """Take what was found out of the house, and say whom somebody's record has reached."""
    AUDIT = "audit"
    """See who did and looked at what, and whether that is whole."""
    SEE_REPORTS = "see_reports"
    """See what is counted: numbers, and never a person."""
    REVIEW_WORK = "review_work"
    """See in the reports what each of the staff was asked and did, and the log of denials and referrals; take tables
    out as sheets."""
    PEOPLE = "people"
    """Say who is on the staff, and what they may do."""
    DIRECTORY = "directory"
    """Say whom callers may be sent to."""
    CHECK_UP = "check_up"
    """See whether everything is set up, have it looked over, and sign what no program can see."""
    SEE_SETTINGS = "see_settings"
    """See what the centre has decided, and what is said and written: never a secret."""
    SETTINGS = "settings"
    """Look after those who have this."""


_C, _K, _S, _A, _T = Role.COORDINATOR, Role.CLINICIAN, Role.SUPERVISOR, Role.ADMIN, Role.TRAINEE
TABLE: Mapping[Right, frozenset[Role]] = {
    Right.LOOK: frozenset({_C, _K, _S, _A, _T}),
    Right.SEE_CALLERS: frozenset({_C, _K, _S, _T}),
    Right.READ_ADMISSIONS: frozenset({_C, _S, _T}),
    Right.READ_CLINICAL: frozenset({_K, _S, _T}),
    Right.READ_RECORD: frozenset({_C, _S, _T}),
    Right.WRITE_RECORD: frozenset({_C, _S}),
    # Admins, too, where they have accepted an emergency: nothing else is theirs to read.
    Right.WRITE: frozenset({_C, _K, _S, _A}),
    # Clinicians too: policies ring them for what no coordinator has taken.
    Right.WORK: frozenset({_C, _K, _S}),
    Right.BLOCK: frozenset({_C, _S}),
    # Danger to life outweighs roles: whoever sees it first may take it.
    Right.HELP_IN_EMERGENCY: frozenset({_C, _K, _S, _A}),
    Right.CLOSE_EMERGENCY: frozenset({_K, _S}),
    Right.FOLLOW_UP: frozenset({_K, _S}),
    Right.TAKE_OVER: frozenset({_S}),
    Right.EXPORT: frozenset({_S}),
    Right.AUDIT: frozenset({_S, _A}),
    Right.SEE_REPORTS: frozenset({_C, _K, _S, _A}),
    Right.REVIEW_WORK: frozenset({_S}),
    Right.PEOPLE: frozenset({_S, _A}),
    Right.DIRECTORY: frozenset({_S, _A}),
    Right.CHECK_UP: frozenset({_S, _A}),
    Right.SEE_SETTINGS: frozenset({_S, _A}),
    Right.SETTINGS: frozenset({_A}),
}


def may(roles: Iterable[Role], right: Right) -> bool:
    """Whether somebody with these roles has this right."""
    return not TABLE[right].isdisjoint(roles)


def may_look_after(roles: Collection[Role], theirs: Collection[Role]) -> bool:
    """Whether somebody with these roles may let in, reset and sign out somebody with theirs: an admin's account opens
    the settings, so only whoever has these may."""
    return may(roles, Right.PEOPLE) and (Role.ADMIN not in theirs or may(roles, Right.SETTINGS))


def to_read(*, clinical: bool) -> Right:
    """The right that reading a thread needs, for whoever hasn't accepted it."""
    return Right.READ_CLINICAL if clinical else Right.READ_ADMISSIONS


def to_accept(subject: Subject) -> Right:
    """The right that accepting something of this kind needs."""
    return Right.HELP_IN_EMERGENCY if subject in (Subject.EMERGENCY, Subject.HELP) else Right.WORK


def to_close(subject: Subject) -> Right:
    """The right that closing something of this kind needs."""
    return Right.CLOSE_EMERGENCY if subject is Subject.EMERGENCY else Right.WORK
