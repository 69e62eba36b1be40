"""Answering machine detection: what Twilio makes of whoever picked up, when, and who is told.

It listens to the called side only, and errs: a telephone's `detected_as` is what it is taken for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from .kernel import Kernel

if TYPE_CHECKING:
    from .calls import Call
    from .phones import Phone

Mode = Literal["", "Enable", "DetectMessageEnd"]
HUMAN_DETECTED, MACHINE_DETECTED = 2.0, 4.0
"""Seconds that it takes."""
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Detection:
    """No `mode`: none is done. `in_background` the call goes on meanwhile, and `report_to` is told in the end.

    After `timeout` seconds without a result it is `unknown`.
    """

    mode: Mode = ""
    in_background: bool = False
    report_to: str = ""
    timeout: float = 30.0


def verdict(detection: Detection, phone: Phone) -> tuple[str, float]:
    """AnsweredBy, and how many seconds after the answer it is known."""
    kind, seconds = _truth(detection.mode, phone)
    kind = phone.detected_as or kind
    seconds = seconds if phone.detected_after is None else phone.detected_after
    return (kind, seconds) if seconds <= detection.timeout else (UNKNOWN, detection.timeout)


def _truth(mode: Mode, phone: Phone) -> tuple[str, float]:
    greeting = phone.greeting_seconds
    if greeting is None:
        return "human", HUMAN_DETECTED
    if mode != "DetectMessageEnd":
        return "machine_start", MACHINE_DETECTED
    ended = "machine_end_beep" if phone.mailbox.beeps else "machine_end_silence"
    return ended, max(greeting, MACHINE_DETECTED)


def report(kernel: Kernel, call: Call, seconds: float) -> dict[str, str]:
    """What the callback of a detection in the background is told."""
    return {
        "AccountSid": kernel.account_sid,
        "CallSid": call.sid,
        "AnsweredBy": call.answered_by or UNKNOWN,
        "MachineDetectionDuration": str(round(seconds * 1000)),
    }
