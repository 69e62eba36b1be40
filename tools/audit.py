"""`python -m tools.audit`: known weaknesses of what Hotline depends on at run time; 1 if there are any.

Where no list of weaknesses can be asked, it says so, and that is no failure: a build needs no network.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

LOCKED: Final = Path(__file__).parents[1] / "requirements.txt"
_SECONDS: Final = 180
_AWAY: Final = ("ConnectionError", "ConnectTimeout", "ReadTimeout", "Max retries", "NameResolution", "ProxyError",
                "ServiceError", "HTTPError", "SSLError")  # fmt: skip
"""What pip-audit's last words hold when it found nobody to ask."""


def main() -> int:
    """Ask, and print what is known."""
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "--require-hashes",
        "--disable-pip",
        "--progress-spinner",
        "off",
    ]
    try:
        asked = subprocess.run(  # noqa: S603 - our own words
            [*command, "--requirement", str(LOCKED)],
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _nobody()
    if asked.returncode and not asked.stdout.strip() and any(sign in asked.stderr for sign in _AWAY):
        return _nobody()
    sys.stdout.write(asked.stdout)
    sys.stderr.write(asked.stderr)
    return asked.returncode


def _nobody() -> int:
    sys.stdout.write("Not audited: no list of known weaknesses can be reached from here.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
