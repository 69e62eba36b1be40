"""`python -m workers`: which one, and what is wrong if it can't start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from workers.__main__ import main

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("given", [[], ["fast"], ["urgent", "ordinary"], ["--help"], [""]])
def test_it_is_told_which_worker_to_be(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Anything else: usage, and exit code 2."""
    assert main(given) == 2
    assert capsys.readouterr().err == "usage: python -m workers emergency | urgent | ordinary | clock\n"


@pytest.mark.parametrize("which", ["urgent", "clock"])
def test_without_settings_it_says_all_that_is_missing(tmp_path: Path, which: str) -> None:
    """Every problem at once, each with what to do, exit code 2; nothing is half started."""
    bare = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "HOTLINE_CONFIG": str(tmp_path / "none.toml"),
    }
    ran = subprocess.run(
        [sys.executable, "-m", "workers", which],
        env=bare,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    (line,) = ran.stdout.splitlines()
    said = json.loads(line)
    assert (said["event"], said["which"], said["level"]) == ("can't start", "This worker", "critical")
    for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "PUBLIC_BASE_URL", "SECRET_KEY", "none.toml"):
        assert any(name in one for one in said["problems"])
    assert ran.stderr == ""
    assert list(tmp_path.iterdir()) == []
