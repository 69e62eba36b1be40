"""The program as it was before the newest step of the database: what runs beside today's during a deploy."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest

from hotline.store.migrations import migrate
from hotline.store.migrations import versions as every_step
from tests.running.application import REPOSITORY


def unpack_version_before(sources: Path) -> Path:
    """Its checkout, in this new folder. Skips the test where it can't be had, or may not run beside today's."""
    (newest,) = sorted(Path(every_step.__path__[0]).glob("r*.py"))[-1:]
    if migrate.oldest(__import__(f"{every_step.__name__}.{newest.stem}", fromlist=["revision"])):
        pytest.skip(f"{newest.stem} says itself that a program of before can't go on beside it")
    made = _git("log", "-1", "--diff-filter=A", "--format=%H", "--", str(newest))
    wanted = f"{made}^" if made else "HEAD"
    if not _git("rev-parse", "--verify", "--quiet", f"{wanted}^{{tree}}"):
        pytest.skip("the history here does not reach back to the version before")
    packed = sources.with_suffix(".zip")
    _git("archive", "--format=zip", f"--output={packed}", wanted)
    with zipfile.ZipFile(packed) as whole:
        whole.extractall(sources)
    packed.unlink()
    assert not list(sources.rglob(newest.name)), "it is the version before"
    return sources


def _git(*words: str) -> str:
    """What it says, or nothing where it can't say it."""
    try:
        told = subprocess.run(
            ["git", *words], cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=30
        )
    except FileNotFoundError:
        return ""
    return told.stdout.strip()
