"""What callers and the carrier felt of a day: how long webhooks took, who was sent to the failsafe number."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

from hotline.model import Channel
from hotline.simulator.history import PostedWebhook
from tests.chaos.centre import FAILSAFE
from tests.chaos.day import Day

_ANSWERED = ("voice", "sms")


def table(day: Day) -> list[str]:
    """Lines for people to read."""
    posted = [one for one in day.sim.webhooks if not one.copy]
    spoken_to = [one for one in posted if one.kind in _ANSWERED]
    lines = [_times("webhooks that are answered with words", spoken_to)]
    if day.calm_since is not None:
        meanwhile = [one for one in spoken_to if one.at < day.calm_since]
        lines.append(_times("of these, while people called and wrote for the first time", meanwhile))
    lines.append(_times("news of calls and texts", [one for one in posted if one.kind not in _ANSWERED]))
    troubled = Counter(str(one.error) for one in posted if one.error)
    lines.append(f"webhooks without an answer: {dict(troubled)}")
    words = day.board.application.prompts.text("failsafe", Channel.VOICE)
    spoken = [one for one in posted if one.kind == "voice" and FAILSAFE in one.body]
    without_us = {one.sid for one in spoken if words[:40] in one.body}
    lines.append(f"callers sent to the failsafe number for want of the database: {len(without_us)}")
    asked_in_vain = {one.sid for one in spoken} - without_us
    lines.append(f"callers sent there because no human had come in time: {len(asked_in_vain)}")
    lines.append(
        f"carrier's rules broken: {len(day.sim.violations)}, differing answers: {len(day.sim.differing_answers)}"
    )
    for one in day.postgres:
        lines.append(f"PostgreSQL's log: {one.trouble()}")
    if day.plan.machines > 1:
        by = Counter(machine for _, machine in day.front.answered)
        lines.append(f"answered by machine: {dict(sorted(by.items()))}, passed on: {day.front.passed_on}")
    lines.append(f"deaths: { {name: kept.deaths for name, kept in day.application.kept.items()} }")
    return lines


def keep(day: Day, file: Path) -> None:
    """Write down each webhook, in its order: to see which ones were slow, and when. Seconds since the day began."""
    rows = [
        f"{(one.at - day.began).total_seconds():.2f},{one.latency * 1000:.0f},{one.kind},{one.status},"
        f"{urlsplit(one.url).path},{one.params.get('CallStatus', '')}"
        for one in day.sim.webhooks
    ]
    file.write_text("\n".join(["at,ms,kind,status,path,call", *rows, ""]))


def _times(what: str, posted: list[PostedWebhook]) -> str:
    took = sorted(one.latency for one in posted if one.status is not None)
    if not took:
        return f"{what}: none"
    at = [took[min(len(took) - 1, int(len(took) * part))] * 1000 for part in (0.5, 0.9, 0.99)]
    parts = ", ".join(f"{name} {one:.0f} ms" for name, one in zip(("p50", "p90", "p99"), at, strict=True))
    return f"{what}: {len(took)}, {parts}, longest {took[-1] * 1000:.0f} ms"
