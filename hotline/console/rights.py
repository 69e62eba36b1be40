"""Who may do what on the board: the one place where that is said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from hotline.model import Role, Subject


class Right(StrEnum):
    """Something that not everybody may do."""

    LOOK = "look"
    WORK = "work"
    """Act on callbacks, on callers who hold and on texts."""
    BLOCK = "block"
    """Keep a number from being put through for a while; emergencies always are."""
    HELP_IN_EMERGENCY = "help_in_emergency"
    """Accept an emergency, keep it, ring the person back."""
    CLOSE_EMERGENCY = "close_emergency"


_EVERYBODY = frozenset(Role)
_WHO: Mapping[Right, frozenset[Role]] = {
    Right.LOOK: _EVERYBODY,
    Right.WORK: frozenset({Role.COORDINATOR, Role.CLINICIAN, Role.SUPERVISOR}),
    Right.BLOCK: frozenset({Role.COORDINATOR, Role.SUPERVISOR}),
    # Danger to life outweighs roles: whoever sees it first may take it.
    Right.HELP_IN_EMERGENCY: _EVERYBODY,
    Right.CLOSE_EMERGENCY: frozenset({Role.CLINICIAN, Role.SUPERVISOR, Role.ADMIN}),
}


def may(roles: Iterable[Role], right: Right) -> bool:
    """Whether somebody with these roles has this right."""
    return not _WHO[right].isdisjoint(roles)


def to_accept(subject: Subject) -> Right:
    """The right that accepting something of this kind needs."""
    return Right.HELP_IN_EMERGENCY if subject is Subject.EMERGENCY else Right.WORK


def to_close(subject: Subject) -> Right:
    """The right that closing something of this kind needs."""
    return Right.CLOSE_EMERGENCY if subject is Subject.EMERGENCY else Right.WORK
