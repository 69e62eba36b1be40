"""The centre of a story: its numbers, its staff, its settings."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path
from typing import Any

from hotline.settings.load import Settings, load_settings

LINE = "+16175550100"
FAILSAFE = "+16175550999"
SITE = "https://hotline.example"
SID, TOKEN = "AC" + "0" * 32, "the-auth-token"
RETRY = "#ct=2000&rt=4000&rc=2&rp=all"

MIA = "+16175550142"
ANA, BEN = "+16175550101", "+16175550102"
CLEO, DEV, EVA = "+16175550103", "+16175550104", "+16175550105"
SUE = "+16175550106"

STAFF: dict[str, Any] = {
    "staff": [
        {"name": name, "phone": phone, "verified": True, "roles": roles, "languages": ["en"]}
        for name, phone, roles in (
            ("Ana Lima", ANA, ["coordinator"]),
            ("Ben Ortiz", BEN, ["coordinator"]),
            ("Cleo Park", CLEO, ["clinician"]),
            ("Dev Rao", DEV, ["clinician"]),
            ("Eva Stone", EVA, ["clinician"]),
            ("Sue Hall", SUE, ["supervisor"]),
        )
    ],
    "schedule": [
        {"name": "coordinators", "timezone": "America/New_York", "always": ["Ana Lima", "Ben Ortiz"]},
        {
            "name": "clinicians",
            "timezone": "America/New_York",
            "always": ["Cleo Park", "Dev Rao", "Eva Stone"],
        },
        {"name": "supervisors", "timezone": "America/New_York", "always": ["Sue Hall"]},
    ],
}

ONE_BY_ONE: dict[str, Any] = {
    **STAFF,
    "policy": [
        {
            "subject": "emergency",
            "pause": "0s",
            "rung": [
                {"who": ["schedule:clinicians"], "how": ["call", "text"], "together": False, "wait": "20s"},
                {"who": ["schedule:supervisors"], "how": ["call", "text"], "together": True, "wait": "30s"},
            ],
        }
    ],
}
"""Clinicians are paged one after the other."""

CENTRE = f"""
[callbacks]
opening = "key"
[line]
name = "Care Line"
numbers = ["{LINE}"]
failsafe_number = "{FAILSAFE}"
"""
"""In most stories whoever is rung back presses 1; `PERSON_FIRST` is what centres have by default."""

PERSON_FIRST = CENTRE.replace('[callbacks]\nopening = "key"\n', "")


METRICS = "whoever-shows-this-may-read-the-figures"
EVENTS_SECRET = "whsec_" + base64.b64encode(b"e" * 32).decode()
DATA_KEY = b"k" * 32
ASKS_FOR_METRICS = {"Authorization": f"Bearer {METRICS}"}


def settings_for(home: Path, database: str, redis_url: str, centre: str = CENTRE) -> Settings:
    """The settings of a story's house."""
    config = home / "hotline.toml"
    config.write_text(centre)
    settings = load_settings(
        {
            "TWILIO_ACCOUNT_SID": SID,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "PUBLIC_BASE_URL": SITE,
            "DATABASE_URL": database,
            "REDIS_URL": redis_url,
            "HOTLINE_HOME": str(home),
            "HOTLINE_CONFIG": str(config),
            "HOTLINE_DATA_KEY": base64.b64encode(DATA_KEY).decode(),
            "SECRET_KEY": "s" * 48,
            "METRICS_TOKEN": METRICS,
            "EVENTS_SECRET": EVENTS_SECRET,
        }
    )
    return settings if "calls_per_second" in centre else without_waiting(settings)


def without_waiting(settings: Settings) -> Settings:
    """An account that starts all calls of a moment together: stories tell of seconds only where these matter."""
    carrier = settings.centre.carrier.model_copy(update={"calls_per_second": 100.0})
    return replace(settings, centre=settings.centre.model_copy(update={"carrier": carrier}))
