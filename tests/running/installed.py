"""Hotline as an administrator installs it: from a wheel, in an environment of its own, away from the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from tests.running.application import REPOSITORY

SOURCES = (
    "hotline", "workers", "Procfile", "hotline.toml", "README.md", "pyproject.toml", "requirements.in", "setup.py",
)  # fmt: skip
"""What a wheel is built from."""
_FOUND = shutil.ignore_patterns("__pycache__")


def install(folder: Path) -> Path:
    """Build the wheel and install it without a network; returns the environment's folder of programs.

    What it depends on is taken from the environment of the tests.
    """
    sources = folder / "sources"
    sources.mkdir(parents=True)
    for name in SOURCES:
        where = REPOSITORY / name
        if where.is_dir():
            shutil.copytree(where, sources / name, ignore=_FOUND)
        else:
            shutil.copy(where, sources / name)
    quietly = ["--quiet", "--no-deps", "--no-index", "--disable-pip-version-check"]
    _pip("wheel", *quietly, "--no-build-isolation", "--wheel-dir", str(folder), str(sources))
    shutil.rmtree(sources)
    home = folder / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    (wheel,) = folder.glob("*.whl")
    _pip("--python", str(home / "bin" / "python"), "install", *quietly, str(wheel))
    packages = home / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    (packages / "what_it_depends_on.pth").write_text(sysconfig.get_path("purelib") + "\n")
    _programs_of_dependencies(home / "bin")
    return home / "bin"


def _programs_of_dependencies(programs: Path) -> None:
    """The same scripts as in the tests' environment, but for the interpreter that was installed into."""
    ours = Path(sysconfig.get_path("scripts"))
    for script in ours.iterdir():
        lines = script.read_bytes().split(b"\n", 1)
        if lines[0].startswith(b"#!") and b"python" in lines[0] and not (programs / script.name).exists():
            copy = programs / script.name
            copy.write_bytes(b"#!" + os.fsencode(programs / "python") + b"\n" + lines[1])
            copy.chmod(0o755)


def _pip(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", *words], check=True, env={**os.environ, "PYTHONPATH": ""})
