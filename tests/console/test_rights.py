"""Who may do what, for every set of roles that anybody can have."""

from __future__ import annotations

from itertools import combinations

import pytest

from hotline.console.frame import right_words
from hotline.console.frame.rights import Right, may, to_accept, to_close
from hotline.model import Role, Subject
from tests.console.centre import Centre
from tests.settings.examples import REPOSITORY

SETS = [frozenset(some) for number in range(len(Role) + 1) for some in combinations(Role, number)]
EVERYBODY = frozenset(Role)
WORKERS = EVERYBODY - {Role.ADMIN, Role.TRAINEE}
EXPECTED = {
    Right.LOOK: EVERYBODY,
    Right.SEE_CALLERS: WORKERS | {Role.TRAINEE},
    Right.READ_ADMISSIONS: frozenset({Role.COORDINATOR, Role.SUPERVISOR, Role.TRAINEE}),
    Right.READ_CLINICAL: frozenset({Role.CLINICIAN, Role.SUPERVISOR, Role.TRAINEE}),
    Right.READ_RECORD: frozenset({Role.COORDINATOR, Role.SUPERVISOR, Role.TRAINEE}),
    Right.WRITE_RECORD: frozenset({Role.COORDINATOR, Role.SUPERVISOR}),
    Right.WRITE: EVERYBODY - {Role.TRAINEE},
    Right.WORK: WORKERS,
    Right.BLOCK: frozenset({Role.COORDINATOR, Role.SUPERVISOR}),
    Right.HELP_IN_EMERGENCY: EVERYBODY - {Role.TRAINEE},
    Right.CLOSE_EMERGENCY: frozenset({Role.CLINICIAN, Role.SUPERVISOR}),
    Right.FOLLOW_UP: frozenset({Role.CLINICIAN, Role.SUPERVISOR}),
    Right.TAKE_OVER: frozenset({Role.SUPERVISOR}),
    Right.EXPORT: frozenset({Role.SUPERVISOR}),
    Right.AUDIT: frozenset({Role.SUPERVISOR, Role.ADMIN}),
    Right.SEE_REPORTS: EVERYBODY - {Role.TRAINEE},
    Right.REVIEW_WORK: frozenset({Role.SUPERVISOR}),
    Right.PEOPLE: frozenset({Role.SUPERVISOR, Role.ADMIN}),
    Right.DIRECTORY: frozenset({Role.SUPERVISOR, Role.ADMIN}),
    Right.CHECK_UP: frozenset({Role.SUPERVISOR, Role.ADMIN}),
    Right.SEE_SETTINGS: frozenset({Role.SUPERVISOR, Role.ADMIN}),
    Right.SETTINGS: frozenset({Role.ADMIN}),
}


@pytest.mark.parametrize("right", Right)
@pytest.mark.parametrize("roles", SETS, ids=lambda roles: "+".join(sorted(roles)) or "none")
def test_a_right_comes_with_a_role(roles: frozenset[Role], right: Right) -> None:
    """Any one of the roles suffices; without a role there is no right at all."""
    assert may(roles, right) == bool(roles & EXPECTED[right])


@pytest.mark.parametrize("subject", Subject)
def test_emergencies_are_anybodys_to_accept_and_not_anybodys_to_close(subject: Subject) -> None:
    """Everything else is accepted and closed by those who work on it."""
    emergency = subject is Subject.EMERGENCY
    in_one = emergency or subject is Subject.HELP
    assert to_accept(subject) is (Right.HELP_IN_EMERGENCY if in_one else Right.WORK)
    assert to_close(subject) is (Right.CLOSE_EMERGENCY if emergency else Right.WORK)


def test_every_right_and_role_has_its_words_and_the_guide_has_the_table_itself() -> None:
    """What a role may do is told from the table; so no page and no guide says otherwise."""
    assert set(right_words.MAY) == set(Right)
    assert set(right_words.FOR) == set(Role)
    guide = (REPOSITORY / "docs/sign-in.md").read_text("utf-8")
    assert right_words.table() in guide, "write right_words.table() into docs/sign-in.md"
    for told in right_words.roles_told():
        assert f"- **{told.role}**: {told.what_for}\n" in guide
        assert set(told.alone) <= set(told.may)


def test_people_says_what_each_role_may_do(centre: Centre) -> None:
    """To whoever gives roles: what nobody else may stands apart."""
    page = centre.signed_in("Eve Stone").get("/people").text
    for told in right_words.roles_told():
        assert told.what_for in page
    assert "Nobody else may look after the settings, and after other admins." in page
