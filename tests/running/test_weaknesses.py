"""`make audit` and `make sbom`: what Hotline is made of, and what is known of that, by whatever answers in the place of
pip-audit and cyclonedx-py."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running.application import REPOSITORY

UNREACHABLE = "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='x'): Max retries exceeded"


@pytest.mark.parametrize(
    ("out", "err", "code", "ends", "said"),
    [
        ("flask 1.0 PYSEC-1 2.0", "Found 1 known vulnerability", 1, 1, "PYSEC-1"),
        ("", "No known vulnerabilities found", 0, 0, "No known vulnerabilities"),
        ("", UNREACHABLE, 1, 0, "Not audited"),
        ("", "ERROR: hashes do not match", 1, 1, "hashes do not match"),
        ("flask 1.0 PYSEC-1 2.0", UNREACHABLE, 1, 1, "PYSEC-1"),
    ],
    ids=["weak", "clean", "nobody to ask", "broken", "weak as far as it could be asked"],
)
def test_only_where_nobody_can_be_asked_nothing_is_said(
    tmp_path: Path, out: str, err: str, code: int, ends: int, said: str
) -> None:
    """A weakness fails the build, and so does whatever else goes wrong; a build without a network doesn't."""
    (tmp_path / "pip_audit.py").write_text(
        f"import sys\nassert '--require-hashes' in sys.argv\nprint({out!r})\n"
        f"print({err!r}, file=sys.stderr)\nsys.exit({code})\n",
        encoding="utf-8",
    )
    asked = subprocess.run(
        [sys.executable, "-m", "tools.audit"],
        cwd=REPOSITORY, env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert asked.returncode == ends
    assert said in asked.stdout + asked.stderr


@pytest.mark.parametrize(("without", "ends"), [(0, 0), (1, 2)], ids=["whole", "one is missing"])
def test_a_list_of_packages_is_whole_or_fails(tmp_path: Path, without: int, ends: int) -> None:
    """Each package that is locked, from the locked file; one that was left out is found."""
    locked = re.findall(r"^([^ #]+==[^ ]+)", (REPOSITORY / "requirements.txt").read_text(), re.MULTILINE)
    lines = [f'      "purl": "pkg:pypi/{one}"' for one in locked[without:]]
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "cyclonedx-py").write_text(
        f"#!{sys.executable}\nimport sys\nassert sys.argv[-1] == 'requirements.txt'\n"
        f"open(sys.argv[sys.argv.index('--output-file') + 1], 'w').write({chr(10).join(lines)!r})\n",
        encoding="utf-8",
    )
    (programs / "cyclonedx-py").chmod(0o755)
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        shutil.copy(REPOSITORY / name, tmp_path)
    made = subprocess.run(
        ["make", "--old-file=.venv/ready-audit", f"BIN={programs}", "sbom"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert made.returncode == ends, made.stderr
    assert f"lists {len(locked) - without} packages" in made.stdout
