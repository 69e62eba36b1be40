"""An installed Hotline needs no checkout: its Procfile, sentences, pages and migrations are inside."""

from __future__ import annotations

import base64
import os
import secrets
import shutil
import signal
import socket
import subprocess
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.running.application import eventually
from tests.running.installed import install

pytestmark = pytest.mark.process

_CONFIG = """
[line]
name = "Hotline"
numbers = ["+16175550100"]
failsafe_number = "+16175550199"
"""


def _environment(programs: Path, port: int) -> dict[str, str]:
    """What docs/settings.md asks for, and nothing from here but the place of the programs."""
    return {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "PORT": str(port),
        "PUBLIC_BASE_URL": "https://hotline.example.com",
        "TWILIO_ACCOUNT_SID": f"AC{secrets.token_hex(16)}",
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        "HOTLINE_DATA_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "SECRET_KEY": secrets.token_urlsafe(48),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def top_level(programs: Path) -> set[str]:
    """The packages that can be imported from what was installed."""
    (packages,) = programs.parent.glob("lib/python*/site-packages")
    return {one.name for one in packages.iterdir() if one.is_dir() and one.suffix != ".dist-info"} - {
        "__pycache__"
    }


def test_what_a_wheel_installs_runs_away_from_the_checkout(tmp_path: Path) -> None:
    """`hotline run` starts the web, the workers and the clock, and stops when told to."""
    programs = install(tmp_path / "install")
    assert top_level(programs) == {"hotline", "workers"}
    folder = Path(
        mkdtemp(prefix="hl")
    )  # a Redis of our own listens at a path below it, and these have an end
    (folder / "hotline.toml").write_text(_CONFIG)
    said = folder / "said"
    with said.open("w") as lines:
        run = subprocess.Popen(
            [str(programs / "hotline"), "run"],
            cwd=folder,
            env=_environment(programs, _free_port()),
            stdout=lines,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        for name in ("redis", "web", "worker", "clock"):
            eventually(lambda name=name: f"{name} starts" in said.read_text(), said.read_text)  # type: ignore[misc]
        eventually(lambda: "ready" in said.read_text() or "Listening" in said.read_text(), said.read_text, 60)
        run.send_signal(signal.SIGTERM)
        assert run.wait(timeout=30) == 0
        assert " died" not in said.read_text()
    finally:
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGKILL)
            run.wait()
        shutil.rmtree(folder)
