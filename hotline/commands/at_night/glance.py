"""How the line stands at this moment, on one screen: no caller's name, number or word is on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hotline.callbacks.promise import is_late
from hotline.commands.at_night import who_is_there
from hotline.commands.at_night.screen_line import Told
from hotline.durations import told_duration
from hotline.model import Subject
from hotline.oncall.escalation import EscalationStatus
from hotline.oncall.wall_clock import said, zone
from hotline.operations import staff_member
from hotline.operations.checkup import asked_for, finding
from hotline.operations.checkup.finding import Severity
from hotline.operations.keeping import backup_age
from hotline.operations.transaction import Transaction
from hotline.operations.watching import line_canary
from hotline.store.cases import callbacks, escalations
from hotline.store.cases.escalations import EscalationRow
from hotline.store.traffic import outbox
from hotline.store.upkeep import carrier_lists


def look(transaction: Transaction) -> tuple[Told, ...]:
    """Everything that the database knows, the most pressing first."""
    return (
        *_emergencies(transaction),
        *who_is_there.goes_to(transaction),
        *who_is_there.on_now(transaction),
        *_waiting(transaction),
        *_carrier(transaction),
        *_kept(transaction),
        *_looked_over(transaction),
    )


def _emergencies(transaction: Transaction) -> Iterator[Told]:
    rows = [
        row for row in escalations.all_open(transaction.tx) if row.escalation.subject is Subject.EMERGENCY
    ]
    for row in sorted(rows, key=lambda one: one.escalation.opened_at):
        nobodys = row.escalation.status is not EscalationStatus.ACCEPTED
        yield Told("emergency", _of_emergency(transaction, row), calls=nobodys)
    if not rows:
        yield Told("emergency", "none is open")


def _of_emergency(transaction: Transaction, row: EscalationRow) -> str:
    rule = row.escalation
    opened = f"{rule.id[:4].upper()}, open for {told_duration(transaction.now - rule.opened_at)}"
    if rule.status is EscalationStatus.ACCEPTED and rule.accepted_by is not None:
        return f"{opened}: {staff_member.first_name(transaction, rule.accepted_by)} has it"
    return f"{opened}: nobody has it yet"


def _waiting(transaction: Transaction) -> Iterator[Told]:
    now, place = transaction.now, zone(transaction.settings.centre.line.timezone)
    owed = [row.callback for row in callbacks.all_open(transaction.tx)]
    late = sum(is_late(one, now) for one in owed)
    if owed:
        since = said(min(one.opened_at for one in owed), place)
        words = f"{len(owed)} open, the oldest since {since}; {late} past their promise"
        yield Told("call backs", words, calls=bool(late))
    else:
        yield Told("call backs", "none is open")
    rows = [row.escalation for row in escalations.all_open(transaction.tx)]
    for subject, name in ((Subject.THREAD, "texts"), (Subject.SUPERVISOR, "supervisor")):
        some = [one for one in rows if one.subject is subject and one.status is EscalationStatus.REACHING]
        if some:
            oldest = told_duration(now - min(one.opened_at for one in some))
            words = (
                "1 waits for somebody, for"
                if len(some) == 1
                else f"{len(some)} wait for somebody, the oldest for"
            )
            yield Told(name, f"{words} {oldest}", calls=True)
    held = [one for one in rows if one.is_live and one.status is EscalationStatus.REACHING]
    if held:
        oldest = told_duration(now - min(one.opened_at for one in held))
        words = (
            "1 caller waits on the line, for"
            if len(held) == 1
            else f"{len(held)} callers wait on the line, the first for"
        )
        yield Told("on hold", f"{words} {oldest}", calls=True)


def _carrier(transaction: Transaction) -> Iterator[Told]:
    lost = outbox.carrier_lost_since(transaction.tx, transaction.now)
    if lost is not None:
        yield Told(
            "carrier", f"nothing has reached it for {told_duration(transaction.now - lost)}", calls=True
        )
    else:
        yield Told("carrier", "reached")
    overdue = outbox.backlog(transaction.tx, transaction.now)
    if overdue:
        count, oldest = sum(one.waiting for one in overdue), min(one.oldest_due_at for one in overdue)
        words = (
            "1 call or text of ours is past its time, by"
            if count == 1
            else f"{count} calls and texts of ours are past their time, the oldest by"
        )
        yield Told("leaving", f"{words} {told_duration(transaction.now - oldest)}")
    mark = carrier_lists.mark(transaction.tx)
    if mark is not None:
        ago = told_duration(transaction.now - mark.looked_at)
        yield Told("lists", f"the carrier's own lists were read {ago} ago")


def _kept(transaction: Transaction) -> Iterator[Told]:
    state = backup_age.look(transaction)
    age = f"the newest is {told_duration(state.age)} old" if state.age is not None else "there is none"
    yield Told("backups", " ".join(one.words for one in state.problems) or age, calls=bool(state.problems))
    canary = line_canary.state(transaction)
    ago = line_canary.age(canary, transaction.now)
    if not canary.is_on:
        yield Told("canary", "off: nothing calls the line to see whether it answers")
    elif canary.amiss is not None:
        yield Told("canary", canary.amiss, calls=True)
    else:
        yield Told("canary", f"well, {told_duration(ago)} ago" if ago is not None else "none has flown yet")


def _looked_over(transaction: Transaction) -> Iterator[Told]:
    """How many things the last check-up calls wrong; staff and backups are told above as they are now, and counted."""
    last = asked_for.last(transaction)
    wrong = finding.counted(last.found)[Severity.WRONG]
    if wrong:
        words = f"{wrong} thing{' is' if wrong == 1 else 's are'} wrong: hotline doctor"
        yield Told("check-up", words, calls=True)
    elif last.at is None:
        yield Told("check-up", "nobody has looked everything over yet: hotline doctor")
    else:
        yield Told("check-up", f"nothing is wrong, as of {told_duration(last.now - last.at)} ago")


def calls_for_somebody(told: Sequence[Told]) -> bool:
    """Whether anything on it wants doing now."""
    return any(one.calls for one in told)
