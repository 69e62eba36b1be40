"""What came of it: the way to an intake, what became of everybody, who was sent elsewhere, calls after emergencies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hotline.model import AuditAction, AuditKind, Line, StaffId
from hotline.operations.reports.report_period import ReportDays
from hotline.operations.transaction import Transaction, new_id
from hotline.store.looking_back import exports
from hotline.store.looking_back.exports import Export
from hotline.store.overviews import crew
from hotline.store.reports import dispositions, follow_through_counts, measures, path_counts, referral_log
from hotline.store.reports.dispositions import Contacts
from hotline.store.reports.follow_through_counts import FollowUpCount, IntakeCount, NotAdmittedCount
from hotline.store.reports.measures import Ended
from hotline.store.reports.path_counts import Path
from hotline.store.reports.referral_log import LoggedReferral

MOST_LOGGED: Final = 1000
"""Lines of the log on one page."""


@dataclass(frozen=True, slots=True)
class WayToAdmission:
    """The way from asking to being there, and the intakes that were booked."""

    line: Line
    """For whom it is told: who asked for admissions, if no line was named."""
    now: Path
    before: Path
    intakes: list[IntakeCount]


@dataclass(frozen=True, slots=True)
class WhatCame:
    """How it ended."""

    dispositions: list[Contacts]
    before: list[Contacts]
    ended: list[Ended]
    not_admitted: list[NotAdmittedCount]
    follow_ups: list[FollowUpCount]


@dataclass(frozen=True, slots=True)
class ReferralLog:
    """The log of denials and referrals, the latest first."""

    each: list[LoggedReferral]
    names: dict[StaffId, str]


def way(transaction: Transaction, asked: ReportDays) -> WayToAdmission:
    """Of the period, and of the one before."""
    line = asked.line or Line.ADMISSIONS
    return WayToAdmission(
        line,
        path_counts.path(transaction.tx, asked.period, line),
        path_counts.path(transaction.tx, asked.before, line),
        follow_through_counts.booked(transaction.tx, asked.period, asked.line),
    )


def look(transaction: Transaction, asked: ReportDays) -> WhatCame:
    """Of the period, and what it is compared with."""
    tx, line = transaction.tx, asked.line
    now, before = (dispositions.dispositions(tx, each) for each in (asked.period, asked.before))
    return WhatCame(
        [one for one in now if line in (None, one.line)],
        [one for one in before if line in (None, one.line)],
        [one for one in measures.outcomes(tx, asked.period) if line in (None, one.line)],
        follow_through_counts.not_admitted(tx, asked.period, line),
        follow_through_counts.followed_up(tx, asked.period),
    )


def log(transaction: Transaction, asked: ReportDays, by: StaffId, *, taken_out: bool = False) -> ReferralLog:
    """The log of the period; that somebody looks at it is in the audit trail, and if they take it out of the house, in
    the accounting of disclosures of each person in it, too.

    Raises Unsealable.
    """
    found = referral_log.referred(transaction.tx, asked.period, asked.line, MOST_LOGGED)
    days = f"{asked.first} to {asked.last}"
    if taken_out:
        left = Export(
            new_id(), transaction.now, by, "the log that 105 CMR 164.070 asks for", f"referral log, {days}"
        )
        exports.begin(transaction.tx, left)
        exports.add(transaction.tx, left.id, [one.contact for one in found], len(found))
        transaction.audit(AuditAction.EXPORTED, AuditKind.EXPORT, left.id, by=by, detail=left.asked_for)
    else:
        transaction.audit(AuditAction.VIEWED_REFERRAL_LOG, AuditKind.REPORT, "log", by=by, detail=days)
    return ReferralLog(found, crew.names(transaction.tx))
