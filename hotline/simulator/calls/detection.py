"""Answering machine detection: what Twilio makes of whoever picked up, when, and who is told.

It listens to the called side only, and errs: a telephone's `detected_as` is what it is taken for.
"""

from __future__ import annotations

from hotline.simulator.calls.call import Call, Detection, Handset, Mode
from hotline.simulator.kernel import Kernel

HUMAN_DETECTED, MACHINE_DETECTED = 2.0, 4.0
"""Seconds that it takes."""
UNKNOWN = "unknown"


def verdict(detection: Detection, phone: Handset) -> tuple[str, float]:
    """AnsweredBy, and how many seconds after the answer it is known."""
    kind, seconds = _truth(detection.mode, phone)
    kind = phone.detected_as or kind
    seconds = seconds if phone.detected_after is None else phone.detected_after
    return (kind, seconds) if seconds <= detection.timeout else (UNKNOWN, detection.timeout)


def _truth(mode: Mode, phone: Handset) -> tuple[str, float]:
    greeting = phone.greeting_seconds
    if greeting is None:
        return "human", HUMAN_DETECTED
    if mode != "DetectMessageEnd":
        return "machine_start", MACHINE_DETECTED
    ended = "machine_end_beep" if phone.beeps else "machine_end_silence"
    return ended, max(greeting, MACHINE_DETECTED)


def report(kernel: Kernel, call: Call, seconds: float) -> dict[str, str]:
    """What the callback of a detection in the background is told."""
    return {
        "AccountSid": kernel.account_sid,
        "CallSid": call.sid,
        "AnsweredBy": call.answered_by or UNKNOWN,
        "MachineDetectionDuration": str(round(seconds * 1000)),
    }
