"""What our documents tell people to type works, from a bare machine to a line that is up."""

from __future__ import annotations

import base64
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from hotline.commands import demo
from tests.running.application import REPOSITORY, eventually
from tests.running.documents import Block, blocks, documents
from tests.running.installed import install
from tools.screenshots import IN_DOCUMENTS, SHOWN, STARTED

pytestmark = pytest.mark.process
PASSWORD = "correct horse battery staple"
DEMO = "hotline demo "
SHELL = ("sh", "bash", "console")
_PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")


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


def top_level(programs: Path) -> set[str]:
    """The packages that can be imported from what was installed."""
    (packages,) = programs.parent.glob("lib/python*/site-packages")
    return {one.name for one in packages.iterdir() if one.is_dir() and one.suffix != ".dist-info"} - {
        "__pycache__"
    }


def to_run(document: Path) -> list[Block]:
    return [one for one in blocks(document) if one.kind in SHELL and one.not_run is None]


def test_only_the_readme_tells_of_commands_that_tests_run() -> None:
    """A command in another document runs here too, or the document says why it isn't run."""
    elsewhere = [one for document in documents() if document.name != "README.md" for one in to_run(document)]
    assert elsewhere == []


def test_every_picture_that_a_document_shows_is_there_and_soon_loaded() -> None:
    """With words for whoever can't see it; those of the demo are all taken by one command, and each is small."""
    shown = {
        (document.parent / where).resolve(): words.strip()
        for document in documents()
        for words, where in _PICTURE.findall(document.read_text(encoding="utf-8"))
    }
    assert all(file.is_file() and words for file, words in shown.items()), shown
    taken = {file.stem: file.stat().st_size for file in SHOWN.iterdir()}
    assert set(taken) == set(IN_DOCUMENTS)
    assert {name: size for name, size in taken.items() if size > 150_000} == {}
    assert sum(file.parent == SHOWN for file in shown) > 4


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder with a short name: a Redis of our own listens at a path below it, and these have an end."""
    with TemporaryDirectory(prefix="hl") as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a wheel's environment, which nothing changes."""
    return install(tmp_path_factory.mktemp("install"))


@pytest.mark.proof
def test_what_a_wheel_installs_runs_away_from_the_checkout(programs: Path, short: Path) -> None:
    """`hotline run` starts the web, the workers and the clock, and stops when told to: its Procfile, sentences,
    pages and migrations are inside."""
    assert top_level(programs) == {"hotline", "workers"}
    (short / "hotline.toml").write_text(_CONFIG)
    said = short / "said"
    with said.open("w") as lines:
        run = subprocess.Popen(
            [str(programs / "hotline"), "run"],
            cwd=short,
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


def test_going_live_as_the_readme_says(programs: Path, short: Path) -> None:
    """Installed, configured, staffed and running, with nothing but what is written there; it says that it is up."""
    folder = short / "checkout"
    folder.mkdir()
    (folder / "hotline.toml").write_text((REPOSITORY / "hotline.toml").read_text())
    *steps, last = (one.text for one in to_run(REPOSITORY / "README.md") if DEMO not in one.text)
    assert last.strip() == "hotline run"
    script = folder / "walk.sh"
    # The programs are installed already: a test asks no network. Passwords are typed by nobody.
    steps = [
        step.replace("hotline staff password", f"printf '{PASSWORD.strip()}\\n' | hotline staff password")
        for step in steps
    ]
    script.write_text("set -eu\n" + "\n".join(steps) + "exec hotline run\n")
    said = folder / "said"
    port = _free_port()
    environ = {"PATH": f"{programs}:{os.environ['PATH']}", "PORT": str(port), "HOME": str(folder)}
    with said.open("w") as lines:
        walk = subprocess.Popen(
            ["bash", str(script)], cwd=folder, env=environ, stdin=subprocess.DEVNULL, stdout=lines,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        eventually(lambda: walk.poll() is not None or "clock starts" in said.read_text(), said.read_text, 120)
        assert walk.poll() is None, said.read_text()
        assert "Ana Lima" in said.read_text()
        eventually(lambda: _answers(port), said.read_text, 120)
        walk.send_signal(signal.SIGTERM)
        assert walk.wait(timeout=30) == 0
    finally:
        if walk.poll() is None:
            os.killpg(walk.pid, signal.SIGKILL)
            walk.wait()


def test_commands_about_the_demo_as_the_readme_says(short: Path) -> None:
    """After `make run`, with no setting given and no secret copied, each of them tells of the demo's own people."""
    (asked,) = (one.text for one in to_run(REPOSITORY / "README.md") if DEMO in one.text)
    (short / ".venv").mkdir()
    (short / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    environ = {"PATH": os.environ["PATH"], "HOME": str(short)}

    def walk() -> subprocess.CompletedProcess[str]:
        script = ["bash", "-euc", asked]
        return subprocess.run(script, cwd=short, env=environ, capture_output=True, text=True, check=False)

    before = walk()
    assert before.returncode == 1
    assert "There is no demo in var/demo yet: `make run`" in before.stderr
    ready = demo.prepare({"HOTLINE_HOME": str(short / "var")})
    # Whoever photographs the demo reads where it is from what it says first.
    said = STARTED.search(demo.welcome(ready, short / "log"))
    assert said is not None
    assert (said["console"], said["password"]) == (ready.settings.public_base_url, ready.password)
    told = walk()
    assert told.returncode == 0, told.stderr
    assert "Ana Lima" in told.stdout
    assert " in these seven days (" in told.stdout  # with sample months up to yesterday


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as knock:
            knock.sendall(b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            return b"200" in knock.recv(64)
    except OSError:
        return False
