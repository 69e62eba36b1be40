"""`make chaos`: a chaotic day, and its audit. Bounded in time, loopback only."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.chaos import audit, kinds, measures, servers
from tests.chaos.day import Plan, running


def main() -> int:
    """Run it; 0 if the audit finds nothing."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--contacts", type=int, default=1000)
    parser.add_argument("--per-minute", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--postgresql", action="store_true", help="on a PostgreSQL server of its own, not SQLite"
    )
    parser.add_argument(
        "--machines",
        type=int,
        default=1,
        help="several, which die, on one PostgreSQL, which fails over, and one Redis",
    )
    parser.add_argument("--calm", action="store_true", help="no faults and no kills: to measure")
    parser.add_argument(
        "--settles-within", type=float, default=Plan.settles_within, help="seconds without progress"
    )
    parser.add_argument(
        "--settles-at-most",
        type=float,
        default=Plan.settles_at_most,
        help="seconds in all; little: to measure",
    )
    parser.add_argument(
        "--coordinators", type=int, choices=range(1, 91), metavar="1-90", default=Plan.coordinators
    )
    parser.add_argument(
        "--clinicians", type=int, choices=range(1, 91), metavar="1-90", default=Plan.clinicians
    )
    parser.add_argument("--kind", action="append", default=[], help="only this kind of contact; repeatable")
    parser.add_argument("--home", type=Path, help="keep the house's files here")
    given = parser.parse_args()
    plan = Plan(
        contacts=given.contacts,
        per_minute=given.per_minute,
        seed=given.seed,
        postgresql=given.postgresql,
        settles_within=given.settles_within,
        settles_at_most=given.settles_at_most,
        coordinators=given.coordinators,
        clinicians=given.clinicians,
        kinds=tuple(given.kind),
        fault_every=None if given.calm else Plan.fault_every,
        kill_every=None if given.calm else Plan.kill_every,
        machines=given.machines,
        machine_dies_every=None if given.calm else Plan.machine_dies_every,
        fails_over=not given.calm,
        stops_every=None if given.calm else Plan.stops_every,
        redis_suffers_every=None if given.calm else Plan.redis_suffers_every,
        database_suffers_every=None if given.calm else Plan.database_suffers_every,
    )
    print(
        f"seed {plan.seed}, {plan.contacts} contacts, {plan.per_minute} a minute; load {servers.load()}",
        flush=True,
    )
    if given.home:
        given.home.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with running(plan, audit.left, given.home) as day:
        day.run(_said_now_and_then())
        found = audit.complaints(day)
        print(f"\n{time.monotonic() - began:.0f} s, load: {servers.load()}")
        print(*measures.table(day), sep="\n")
        if given.home:
            measures.keep(day, given.home / "webhooks.csv")
        print(*audit.counted(day), sep="\n")
        print(*kinds.table(day, found), sep="\n")
        for complaint in found:
            print(f"\n=== {complaint.kind}: {complaint.what}\n{audit.story(day, complaint)}")
        for trouble in day.stage.troubles[:5]:
            print(trouble)
    print(f"\n{len(found)} complaints" if found else "\nnothing to complain of")
    return 1 if found else 0


def _said_now_and_then() -> Callable[[str], None]:
    last = [0.0]

    def told(line: str) -> None:
        if time.monotonic() - last[0] > 30:
            last[0] = time.monotonic()
            print(f"  {time.strftime('%H:%M:%S')} {line}", flush=True)

    return told


if __name__ == "__main__":
    sys.exit(main())
