"""The centre of a chaotic day: its staff, and waits as short as the settings allow."""

from __future__ import annotations

from typing import Any

SID, TOKEN = "AC" + "c" * 32, "the-chaos-token"
LINE, FAILSAFE = "+16175550100", "+16175550999"
COORDINATORS = tuple(f"+1617555{2000 + n}" for n in range(90))
CLINICIANS = tuple(f"+1617555{3000 + n}" for n in range(90))
SUPERVISORS = ("+16175554000", "+16175554001")
RETRY = "#ct=2000&rt=4000&rc=2&rp=all"

CENTRE = f"""
[line]
name = "Care Line"
numbers = ["{LINE}"]
failsafe_number = "{FAILSAFE}"
[waits]
menu_silence = "3s"
hold_loop = "4s"
live_answer = "15s"
self_dial_unanswered = "20s"
staff_ring = "12s"
caller_ring = "12s"
claim_lease = "40s"
emergency_untouched = "60s"
talk_counts_after = "2s"
confirm_silence = "2s"
[promises]
thread = "1m"
[retries]
no_answer = ["10s", "15s", "20s", "20s"]
busy = ["8s", "10s", "15s", "15s"]
emergency_callback = ["10s", "15s", "20s"]
asked_later = "20s"
staff_round_pause = "10s"
[texts]
replies_per_hour = 1000
replies_per_hour_overall = 100000
[floods]
calls_per_hour = 1000
calls_at_once = 50
[carrier]
calls_per_second = 100.0
[spending]
calls_per_day = 100000
texts_per_day = 100000
"""


def _people(names: str, phones: tuple[str, ...], role: str) -> list[dict[str, Any]]:
    return [
        {"name": f"{names} {n}", "phone": phone, "verified": True, "roles": [role], "languages": ["en"]}
        for n, phone in enumerate(phones, 1)
    ]


def _schedule(name: str, people: list[dict[str, Any]]) -> dict[str, Any]:
    return {"name": name, "timezone": "America/New_York", "always": [one["name"] for one in people]}


def staffed(coordinators: int, clinicians: int) -> dict[str, Any]:
    """The first so many of each, all of them on."""
    crews = {
        "coordinators": _people("Coordinator", COORDINATORS[:coordinators], "coordinator"),
        "clinicians": _people("Clinician", CLINICIANS[:clinicians], "clinician"),
        "supervisors": _people("Supervisor", SUPERVISORS, "supervisor"),
    }
    return {
        "staff": [one for crew in crews.values() for one in crew],
        "schedule": [_schedule(name, crew) for name, crew in crews.items()],
    }
