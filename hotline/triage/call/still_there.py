"""Whether it is a person who is still there, when whoever talked with them has left.

A voicemail box may have answered, and nothing may be said into it. Its greeting may still be running, so a word or two
in it show nothing: all that was said must be of the few words in which people ask after somebody. Whoever says
anything else is a person no less; only nobody can tell.
"""

from __future__ import annotations

from typing import Final

from hotline.triage.caller_events import Event, Pressed, Said
from hotline.triage.meaning import plain
from hotline.triage.menu import ASKING_AFTER

_LONGEST: Final = 12
"""Words."""


def is_person(event: Event) -> bool:
    """Whether no machine does so: they pressed a key, or ask, in any of our languages."""
    if isinstance(event, Pressed):
        return event.keys != ""
    said = plain(event.words).split() if isinstance(event, Said) else []
    return 0 < len(said) <= _LONGEST and ASKING_AFTER.issuperset(said)
