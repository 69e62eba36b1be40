"""Commands in this process, on a database of their own."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hotline.commands import cli
from tests import databases
from tests.settings.examples import good_environment

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command: the exit code, and what is said on both streams. Nobody types anything."""
    environ = {**good_environment(tmp_path), "DATABASE_URL": databases.sqlite(tmp_path)}
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO())
        code = cli.main(arguments)
        said = capsys.readouterr()
        return code, said.out + said.err

    return run
