"""Why a text didn't arrive on a phone of the staff's, and how to mend it, in plain words, by the carrier's code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hotline.console.thread.reasons import Reason, reason
from hotline.worded import worded

_CHECK: Final = worded(
    "Check the number with them, and change it: pages need a phone that gets texts. Then send a test page."
)
_LET_IN: Final = worded(
    "They must let our numbers in, on the phone and at their carrier. Then send a test page."
)
_RUNS_IT: Final = worded("Tell whoever runs the server: no text of ours arrives anywhere until it is mended.")
_AGAIN: Final = worded("Send a test page. If that text fails, too, tell whoever runs the server.")
_TODO: Final[Mapping[str, str]] = {
    "21610": worded("Ask them to text START from that phone to our number. Then send a test page."),
    "30003": worded("Ask them to switch it on, or to go where it has reception. Then send a test page."),
    "30004": _LET_IN,
    "30007": _LET_IN,
    "30005": _CHECK,
    "30006": _CHECK,
    "21614": _CHECK,
    "21211": _CHECK,
    "21217": _CHECK,
    "21408": _CHECK,
    "21612": _CHECK,
    "30002": _RUNS_IT,
    "30010": _RUNS_IT,
    "30032": _RUNS_IT,
    "30034": _RUNS_IT,
    "21606": _RUNS_IT,
    "20003": _RUNS_IT,
    "21219": _RUNS_IT,
    "21608": _RUNS_IT,
}
"""What mends it; whatever isn't here passes by itself, or is not known."""


def of_staff(error: str | None) -> Reason:
    """Why, and what to do about it."""
    return Reason(reason(error).why, _TODO.get(error or "", _AGAIN))
