"""An environment in which Hotline starts, for tests to spoil."""

import base64
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
KEY = base64.b64encode(bytes(range(32))).decode()
OLDER_KEY = base64.b64encode(bytes(range(1, 33))).decode()


def good_environment(home: Path, **changes: str) -> dict[str, str]:
    """Everything that is required, with ``changes``; an empty value takes a variable away."""
    given = {
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": "token-of-the-account",
        "PUBLIC_BASE_URL": "https://hotline.example.org",
        "HOTLINE_DATA_KEY": KEY,
        "SECRET_KEY": "a-session-key-that-is-long-enough-for-us",
        "HOTLINE_HOME": str(home),
        "HOTLINE_CONFIG": str(REPOSITORY / "hotline.toml"),
    }
    return {name: value for name, value in {**given, **changes}.items() if value}
