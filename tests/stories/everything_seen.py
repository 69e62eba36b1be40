"""Everything in a story that people and the carrier could notice, so that two runs of it can be compared."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from tests.stories.world import AFTERNOON, World

Noticed = tuple[object, ...]
_NEW_EACH_TIME: Final = re.compile(
    r"\b(?:[0-9a-f]{20}|[A-Z]{2}[0-9a-f]{32}|\d{6})\b|/[\w-]+(?=\.(?:wav|mp3))|[\w-]{20,}(?=#ct=)"
)


def everything_seen(world: World) -> set[Noticed]:
    """Words that were heard and read, calls that rang, texts as the carrier keeps them, and what it was answered.

    Each with its time, in seconds since the story began. Ids and codes, which are new each time, are left out.
    """
    sim = world.sim
    heard = [(one.at, phone.number, one.text, one.language) for phone in sim.phones for one in phone.heard]
    calls = [
        (one.created_at, one.from_, one.to, one.ring_seconds, one.entry.fallback_url, one.ended_at)
        for one in sim.calls
    ]
    texts = [(one.created_at, one.from_, one.to, one.body, one.deleted) for one in sim.messages]
    asked = [(one.at, one.method, one.path) for one in sim.rest_requests]
    answered = [(one.at, one.url, one.body) for one in sim.webhooks]
    return {tuple(map(_plain, one)) for one in (*heard, *calls, *texts, *asked, *answered)}


def _plain(part: object) -> object:
    if isinstance(part, datetime):
        return round((part - AFTERNOON).total_seconds(), 1)
    return _NEW_EACH_TIME.sub("#", part) if isinstance(part, str) else part
