"""A dry run of a policy as a table to read in a terminal; nobody is rung."""

from __future__ import annotations

from datetime import timedelta

from hotline.commands.aligned import aligned
from hotline.oncall.wall_clock import said
from hotline.operations.paging import duty
from hotline.operations.policies.policy_words import LANGUAGES
from hotline.operations.policies.trying_out import DryRun
from hotline.operations.transaction import Transaction

NOBODY = "NOBODY WOULD BE RUNG. `hotline oncall weeks` shows who is on; a policy may name others: docs/staff-file.md."


def table(transaction: Transaction, found: DryRun) -> str:
    """Who would be rung when, which rungs don't hold then, and where it goes if nobody answers."""
    when = said(found.at, duty.clock_of(transaction))
    speaks = f", a caller who speaks {LANGUAGES[found.language]}"
    head = f"{found.subject}, {when}{speaks}, if everybody is free and nobody answers:"
    passed = [f"Rung {number} is passed: it holds only {when}." for number, when in found.passed]
    if found.nobody:
        return "\n".join((head, *passed, NOBODY))
    rows = [
        (f"after {minutes(one.after)}", person, " and ".join(map(str, one.how)))
        for one in found.steps
        for person in one.people
    ]
    goes_on = ["and so on, until somebody accepts."] if found.goes_on else []
    return "\n".join((head, *aligned(rows), *goes_on, *passed, *_more(found)))


def _more(found: DryRun) -> list[str]:
    told = []
    if found.spared:
        who = ", ".join(found.spared)
        told.append(
            f"Let sleep at first, for they were woken often enough tonight and others are there: {who}."
        )
    elif found.may_spare is not None:
        told.append(
            f"Whoever is paged {found.may_spare} times in that night is let sleep at first, if others are there."
        )
    return [*told, *found.afterwards, *filter(None, (found.second,))]


def minutes(after: timedelta) -> str:
    """Such as 0:25."""
    seconds = int(after.total_seconds())
    return f"{seconds // 60}:{seconds % 60:02}"
