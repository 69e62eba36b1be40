"""Numbers for monitoring, counted in SQL when asked, so that they are the same from every process.

Counts and times only. Every label is one of a closed set of ours: no number, name or word of anybody can be one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from prometheus_client.core import (
    GaugeHistogramMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)

from hotline.callbacks.ledger import Became
from hotline.callbacks.promise import is_late
from hotline.model import Channel, Language, Line
from hotline.operations.checkup import asked_for, finding
from hotline.operations.conversation.text_facts import REPLIES_COUNTED
from hotline.operations.keeping import backup_age
from hotline.operations.transaction import Application, Transaction
from hotline.operations.watching import line_canary
from hotline.prompts.shipped import shipped
from hotline.store.cases import callbacks, escalations, promises
from hotline.store.database import StoreError
from hotline.store.database.periods import Period
from hotline.store.reports import dispositions, measures, waits
from hotline.store.reports.dispositions import Disposition
from hotline.store.traffic import messages, outbox, outgoing_events
from hotline.store.upkeep import audit_chain, carrier_lists, heartbeats, lateness, refusals, tallies, unowned

LATELY: Final = timedelta(hours=24)
"""The calls of this long ago until now are counted."""
KEPT: Final = timedelta(seconds=15)
"""So long what was counted of them is told again, however often somebody asks."""
BOUNDS: Final = tuple(timedelta(seconds=n) for n in (5, 10, 20, 30, 45, 60, 90, 120, 300, 600, 1800, 3600))
"""Of the time to a human. Live ringing lasts a minute by default, which is therefore seen closely."""
NOTHING: Final = "none"
"""A line that was never chosen, an outcome that isn't there yet."""
OTHER: Final = "other"
"""A prompt that this version doesn't know."""


class Collector:
    """One per process, shared by its threads."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._counted: tuple[datetime, list[Metric]] | None = None

    def collect(self) -> Iterator[Metric]:
        """Everything; or, while the database can't be read, only that it can't."""
        try:
            yield from self._application.look(_gauges)
        except StoreError:
            yield GaugeMetricFamily("hotline_database_up", "Whether the database can be read", value=0)
        else:
            # A database too busy to count a day is up all the same.
            with suppress(StoreError):
                yield from self._calls()

    def _calls(self) -> list[Metric]:
        now, counted = self._application.clock(), self._counted
        if counted is None or now - counted[0] >= KEPT:
            counted = self._counted = (now, self._application.look(_lately))
        return counted[1]


# --- now -------------------------------------------------------------------------------------------------------


def _checkup(transaction: Transaction) -> Iterator[Metric]:
    """What was found when everything was looked over last; nothing before anybody has looked."""
    found, at = asked_for.kept(transaction)
    if at is None:
        return
    counts = GaugeMetricFamily(
        "hotline_checkup_findings", "What the last check-up found, by how bad it is", labels=["severity"]
    )
    for severity, number in finding.counted(found).items():
        counts.add_metric([severity.value], number)
    yield counts
    age = (transaction.now - at).total_seconds()
    yield GaugeMetricFamily("hotline_checkup_age_seconds", "How old that is", value=age)


def _gauges(transaction: Transaction) -> list[Metric]:
    up = GaugeMetricFamily("hotline_database_up", "Whether the database can be read", value=1)
    waiting = GaugeMetricFamily("hotline_outbox_overdue", "Effects past their time", labels=["urgency"])
    oldest = GaugeMetricFamily(
        "hotline_outbox_oldest_seconds", "How long the oldest of them has waited", labels=["urgency"]
    )
    for one in outbox.backlog(transaction.tx, transaction.now):
        waiting.add_metric([one.urgency], one.waiting)
        oldest.add_metric([one.urgency], (transaction.now - one.oldest_due_at).total_seconds())
    return [
        up,
        waiting,
        oldest,
        *_promises(transaction),
        *_reaching(transaction),
        *_texts(transaction),
        _refused(transaction),
        _carrier_lost(transaction),
        *_lists_read(transaction),
        *_canary(transaction),
        *_beats(transaction),
        *_tallies(transaction),
        _unowned(transaction),
        *_trail(transaction),
        *_backups(transaction),
        *_checkup(transaction),
        *_events(transaction),
    ]


def _promises(transaction: Transaction) -> list[Metric]:
    by_line = GaugeMetricFamily("hotline_callbacks_open", "Open callbacks", labels=["line"])
    late = GaugeMetricFamily("hotline_callbacks_late", "Of these, past their promise", labels=["line"])
    rows = [row.callback for row in callbacks.all_open(transaction.tx)]
    for line in sorted({rule.line for rule in rows}):
        of_line = [rule for rule in rows if rule.line is line]
        by_line.add_metric([line], len(of_line))
        late.add_metric([line], sum(is_late(rule, transaction.now) for rule in of_line))
    return [by_line, late]


def _reaching(transaction: Transaction) -> list[Metric]:
    reaching = GaugeMetricFamily(
        "hotline_escalations_open", "Escalations not closed", labels=["subject", "status"]
    )
    rows = [row.escalation for row in escalations.all_open(transaction.tx)]
    for subject, status in sorted({(rule.subject, rule.status) for rule in rows}):
        of_kind = sum(rule.subject is subject and rule.status is status for rule in rows)
        reaching.add_metric([subject, status], of_kind)
    return [reaching]


def _texts(transaction: Transaction) -> list[Metric]:
    """At the cap, only emergencies are answered until the hour is over."""
    most = transaction.settings.centre.texts.replies_per_hour_overall
    sent = messages.replies_since(transaction.tx, transaction.now - REPLIES_COUNTED, at_most=most)
    return [
        GaugeMetricFamily("hotline_text_replies_1h", "Replies to texts in the last hour", value=sent),
        GaugeMetricFamily("hotline_text_replies_1h_cap", "As many as there may be in an hour", value=most),
    ]


def _refused(transaction: Transaction) -> Metric:
    """Since the beginning: whoever watches looks whether it grows."""
    refused = GaugeMetricFamily(
        "hotline_carrier_refused",
        "Requests of the carrier's own that were refused, by cause",
        labels=["cause"],
    )
    for one in refusals.every(transaction.tx):
        refused.add_metric([one.cause], one.times)
    return refused


def _carrier_lost(transaction: Transaction) -> Metric:
    since = outbox.carrier_lost_since(transaction.tx, transaction.now)
    lasts = (transaction.now - since).total_seconds() if since is not None else 0
    return GaugeMetricFamily(
        "hotline_carrier_lost_seconds", "How long nothing has reached the carrier; 0 if it does", value=lasts
    )


def _events(transaction: Transaction) -> list[Metric]:
    """For another system of the centre's; none where there is none."""
    if not transaction.settings.centre.events.address:
        return []
    held = outgoing_events.held(transaction.tx)
    events = GaugeMetricFamily(
        "hotline_events", "Events for another system, that wait or were given up", labels=["status"]
    )
    events.add_metric(["waiting"], held.waiting)
    events.add_metric(["dead"], held.dead)
    age = (transaction.now - held.oldest_at).total_seconds() if held.oldest_at is not None else 0
    oldest = GaugeMetricFamily(
        "hotline_events_oldest_seconds", "How long the oldest that waits has waited", value=age
    )
    return [events, oldest]


def _canary(transaction: Transaction) -> list[Metric]:
    """None where there is no canary, or none has come home yet."""
    found = line_canary.state(transaction)
    age = line_canary.age(found, transaction.now)
    if age is None:
        return []
    well = GaugeMetricFamily(
        "hotline_canary_ok",
        "Whether the line's last call and text to itself went well",
        value=found.amiss is None,
    )
    return [
        well,
        GaugeMetricFamily("hotline_canary_age_seconds", "Since that began", value=age.total_seconds()),
    ]


def _lists_read(transaction: Transaction) -> list[Metric]:
    """Nothing before the first look."""
    mark = carrier_lists.mark(transaction.tx)
    if mark is None:
        return []
    return [
        GaugeMetricFamily(
            "hotline_lists_read_seconds",
            "Since the carrier's own lists of calls and messages were last read to their end",
            value=(transaction.now - mark.looked_at).total_seconds(),
        )
    ]


def _beats(transaction: Transaction) -> list[Metric]:
    age = GaugeMetricFamily(
        "hotline_beat_age_seconds", "Since a process last showed itself, anywhere", labels=["process"]
    )
    on_each = GaugeMetricFamily(
        "hotline_machine_beat_age_seconds",
        "The same on each machine on which it ran within the last day",
        labels=["process", "machine"],
    )
    for (name, machine), at in sorted(heartbeats.last_on_each(transaction.tx).items()):
        on_each.add_metric([name, machine], (transaction.now - at).total_seconds())
    for name, at in sorted(heartbeats.last(transaction.tx).items()):
        age.add_metric([name], (transaction.now - at).total_seconds())
    return [age, on_each]


def _tallies(transaction: Transaction) -> list[Metric]:
    counted = GaugeMetricFamily(
        "hotline_tallies", "How often something happened that no row is kept of", labels=["what"]
    )
    every = tallies.every(transaction.tx)
    for name, times in sorted(every.items()):
        if not name.startswith(lateness.PREFIX):
            counted.add_metric([name], times)
    late = HistogramMetricFamily(
        "hotline_escalation_lateness_seconds", "From when an escalation was due to go on until it did"
    )
    buckets, seconds = lateness.buckets(every)
    late.add_metric([], [(bound, float(within)) for bound, within in buckets], seconds)
    return [counted, late]


def _unowned(transaction: Transaction) -> Metric:
    """There should be none."""
    found = Counter(one.kind for one in unowned.look(transaction.tx, transaction.now))
    nobodys = GaugeMetricFamily("hotline_unowned", "What is open and has nobody", labels=["kind"])
    for kind in unowned.UnownedKind:
        nobodys.add_metric([kind], found[kind])
    return nobodys


def _trail(transaction: Transaction) -> list[Metric]:
    """Whoever keeps these can see later that the audit trail's end was cut off, or the trail made anew."""
    head, waiting = audit_chain.head(transaction.tx), audit_chain.tail(transaction.tx)
    begin = float(int(head.digest[:12], 16))
    return [
        GaugeMetricFamily(
            "hotline_audit_sealed", "Entries of the audit trail that are sealed", value=head.place
        ),
        GaugeMetricFamily("hotline_audit_unsealed", "Entries that wait to be sealed", value=waiting.entries),
        GaugeMetricFamily(
            "hotline_audit_head", "The first 48 bits of the digest that covers the sealed ones", value=begin
        ),
    ]


def _backups(transaction: Transaction) -> list[Metric]:
    """No age while there is none: an alert asks for its absence, too."""
    state = backup_age.look(transaction)
    failed = GaugeMetricFamily(
        "hotline_backup_failed",
        "Whether the last try to make a backup failed",
        value=state.failed is not None,
    )
    if state.age is None:
        return [failed]
    seconds = state.age.total_seconds()
    return [
        GaugeMetricFamily("hotline_backup_age_seconds", "Since the newest backup began", value=seconds),
        failed,
    ]


# --- the calls of the last day ---------------------------------------------------------------------------------


def _lately(transaction: Transaction) -> list[Metric]:
    period = Period(transaction.now - LATELY, transaction.now)
    return [
        _ended(transaction, period),
        _lost(transaction, period),
        *_reached(transaction, period),
        _waited(transaction, period),
        _promised(transaction, period),
    ]


def _ended(transaction: Transaction, period: Period) -> Metric:
    calls = GaugeMetricFamily(
        "hotline_calls_24h", "Calls of the last 24 hours", labels=["line", "language", "outcome"]
    )
    for one in measures.outcomes(transaction.tx, period):
        calls.add_metric([one.line or NOTHING, one.language, one.outcome or NOTHING], one.calls)
    return calls


def _lost(transaction: Transaction, period: Period) -> Metric:
    lost = GaugeMetricFamily(
        "hotline_calls_lost_24h",
        "Of these, over before a human and before a promise, by the last prompt heard",
        labels=["prompt", "language", "line"],
    )
    by_labels: dict[tuple[str, str, str], int] = {}
    for one in measures.drop_offs(transaction.tx, period):
        labels = (_prompt(one.prompt), one.language, one.line or NOTHING)
        by_labels[labels] = by_labels.get(labels, 0) + one.calls
    for known, calls in by_labels.items():
        lost.add_metric(known, calls)
    return lost


def _prompt(key: str | None) -> str:
    if key is None:
        return NOTHING
    return key if key in _prompts() else OTHER


@cache
def _prompts() -> frozenset[str]:
    return frozenset(key for language in Language for key in shipped(language).sections["voice"])


def _reached(transaction: Transaction, period: Period) -> list[Metric]:
    reached = GaugeMetricFamily(
        "hotline_calls_reached_24h", "Of these, came to a human, live or later", labels=["line", "how"]
    )
    abandoned = GaugeMetricFamily(
        "hotline_calls_abandoned_24h", "Of these, hung up while waiting for a human", labels=["line"]
    )
    found: dict[str, Counter[Disposition]] = {}
    for one in dispositions.dispositions(transaction.tx, period):
        if one.channel is Channel.VOICE:
            found.setdefault(one.line or NOTHING, Counter())[one.disposition] += one.contacts
    for line, counted in found.items():
        reached.add_metric([line, "live"], counted[Disposition.LIVE])
        reached.add_metric([line, "later"], counted[Disposition.LATER])
        abandoned.add_metric([line], counted[Disposition.ABANDONED])
    return [reached, abandoned]


def _waited(transaction: Transaction, period: Period) -> Metric:
    """A gauge of a histogram: what is more than a day old leaves it again."""
    waited = GaugeHistogramMetricFamily(
        "hotline_time_to_human_24h_seconds", "From the beginning of a call to a human on it", labels=["line"]
    )
    for one in waits.spread(transaction.tx, period, BOUNDS):
        within = [
            (str(bound.total_seconds()), float(people))
            for bound, people in zip(BOUNDS, one.within, strict=True)
        ]
        buckets = [*within, ("+Inf", float(one.people))]
        waited.add_metric([one.line or NOTHING], buckets, one.total.total_seconds())
    return waited


def _promised(transaction: Transaction, period: Period) -> Metric:
    promised = GaugeMetricFamily(
        "hotline_promises_24h", "Promises of the last 24 hours to ring back", labels=["line", "state"]
    )
    found: dict[Line, Counter[Became]] = {}
    for one in promises.count(transaction.tx, period):
        found.setdefault(one.line, Counter())[one.became] += one.promises
    for line, counted in found.items():
        for state in (Became.KEPT, Became.LATE, Became.WAITING):
            promised.add_metric([line, state], counted[state])
    return promised
