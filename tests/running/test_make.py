"""`make` explains itself, on a machine where nothing is prepared yet."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.running.application import REPOSITORY

pytestmark = pytest.mark.process


def make(*targets: str, where: Path, **environ: str) -> "subprocess.CompletedProcess[str]":
    """Run make on a copy of what it needs."""
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        shutil.copy(REPOSITORY / name, where)
    return subprocess.run(
        ["make", *targets],
        cwd=where,
        env={"PATH": os.environ["PATH"], **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_make_alone_prints_what_can_be_made_and_makes_nothing(tmp_path: Path) -> None:
    told = make(where=tmp_path)

    assert told.returncode == 0
    targets = (
        "run",
        "test",
        "proofs",
        "proofs-once",
        "coverage",
        "mutants",
        "check",
        "bench",
        "bench-measures",
        "sbom",
        "audit",
        "lock",
        "clean",
    )
    for target in targets:
        assert f"  make {target} " in told.stdout
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize(
    ("python", "advice"),
    [
        ("exit 1", "needs Python 3.11 or newer"),
        ('case "$*" in *ensurepip*) exit 1 ;; esac', "apt install python3-venv"),
    ],
)
def test_a_machine_without_a_usable_python_is_told_in_one_line(
    tmp_path: Path, python: str, advice: str
) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("python3.14", "python3.13", "python3.12", "python3.11", "python3", "python"):
        (programs / name).write_text(f"#!/bin/sh\n{python}\n")
        (programs / name).chmod(0o755)

    told = make("run", where=tmp_path, PATH=f"{programs}{os.pathsep}{os.environ['PATH']}")

    assert told.returncode != 0
    assert advice in told.stderr.splitlines()[0]
    assert not (tmp_path / ".venv").exists()


def test_what_the_suite_leaves_out_is_asked_as_often_as_the_suite() -> None:
    """Whoever runs all that must hold runs both, and CONTRIBUTING.md tells of both."""
    everything = (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    told = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for target in ("make test", "make proofs-once"):
        assert target in everything
        assert f"\n{target} " in told


def test_a_commit_is_checked_by_what_make_check_calls_and_downloads_nothing() -> None:
    """Each command of the one is in the other, from .venv; but a minute of tests is for `make check` alone."""
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    recipe = makefile.split("\ncheck:")[1].split("\n\n")[0].splitlines()[1:]
    called = [
        line.strip().replace("$(BIN)/", ".venv/bin/").removesuffix(" .")
        for line in recipe
        if "coverage" not in line
    ]
    hooks = (REPOSITORY / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    entries = [line.split("entry: ")[1] for line in hooks.splitlines() if "entry: " in line]
    assert entries == called
    assert hooks.count("repo: ") == hooks.count("repo: local") == 1
    assert hooks.count("language: system") == len(entries)
