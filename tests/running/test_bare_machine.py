"""From a checkout and a package index alone: the image's own steps are taken, and what they made answers."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running.application import REPOSITORY
from tests.running.documents import blocks
from tests.running.installed import SOURCES
from tests.running.web import web
from tests.stories.centre import CENTRE

pytestmark = [pytest.mark.process, pytest.mark.slow, pytest.mark.proof]

_DOCKERFILE = REPOSITORY / "deploy" / "docker" / "Dockerfile"


def _pip_has_packages(folder: Path) -> bool:
    """Whether one of those that are needed can be had, from wherever pip is told to look."""
    (wanted,) = (
        line.split()[0] for line in (REPOSITORY / "requirements.txt").read_text().splitlines()
        if line.startswith("flask==")
    )  # fmt: skip
    asked = ["download", "--quiet", "--no-deps", "--retries", "0", "--timeout", "5", "--dest", str(folder)]
    pip = [sys.executable, "-m", "pip", *asked, wanted]
    return subprocess.run(pip, capture_output=True, check=False).returncode == 0


def _built(root: Path) -> list[list[str]]:
    """The steps of the first stage, as they are written."""
    first = _DOCKERFILE.read_text().split("\n\n")[0].splitlines()
    steps = [line.split() for line in first if line and not line.startswith(("#", "FROM"))]
    return [[word.replace("/opt/hotline", f"{root}/opt/hotline") for word in step] for step in steps]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """COPY and RUN of the first stage, in this folder in place of a root; its sources are gone."""
    root = tmp_path_factory.mktemp("built")
    if not _pip_has_packages(root / "asked"):
        pytest.skip("no package index here: install.sh can't be run")
    source = root / "source"
    for word, *rest in _built(root):
        if word == "WORKDIR":
            source.mkdir()
        elif word == "COPY":
            *names, to = rest
            for name in names:
                _copy(REPOSITORY / name, source / to, len(names) > 1 or to.endswith("/"))
        else:
            assert word == "RUN"
            python = f"{Path(sys.base_prefix) / 'bin'}:{os.environ['PATH']}"
            made = subprocess.run(
                rest,
                cwd=source,
                env={**os.environ, "PATH": python},
                capture_output=True,
                text=True,
                check=False,
            )
            assert made.returncode == 0, made.stderr
    shutil.rmtree(source)
    return root


def test_what_the_image_is_built_by_makes_a_web_that_answers(built: Path, tmp_path: Path) -> None:
    """Without its sources, /health/ready answers."""
    home, nowhere = tmp_path / "home", tmp_path / "nowhere"
    home.mkdir()
    nowhere.mkdir()
    with web(home, sources=nowhere, programs=built / "opt" / "hotline" / "current" / "bin") as running:
        status, said = running.ask("GET", "/health/ready")
        assert status == 503, "nobody is on the staff yet"
        assert json.loads(said)["status"] == "not ready"
        assert running.webhook("CAbare")[0] == 200


_APART = ["unshare", "--mount", "--net"]


def _may_be_apart() -> bool:
    """Whether folders of one's own may be put over the machine's."""
    try:
        tried = subprocess.run(
            [*_APART, "mount", "-t", "tmpfs", "tmpfs", "/opt"], capture_output=True, check=False
        )
    except FileNotFoundError:
        return False
    return tried.returncode == 0


def test_the_image_starts_as_its_own_user_and_is_found_well(built: Path) -> None:
    """COPY, RUN, USER, ENV, CMD of the second stage; the release and the web's health as the compose file says."""
    if not _may_be_apart():
        pytest.skip("no name spaces for whoever runs this: the second stage can't be tried")
    words = ["-m", "tests.running.second_stage", str(_DOCKERFILE), str(_DOCKERFILE.with_name("compose.yaml"))]
    told = subprocess.run(
        [*_APART, sys.executable, *words, str(built), CENTRE],
        cwd=REPOSITORY, capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    seen = json.loads(told.stdout)
    assert seen["migrated"] == 0, told.stderr
    assert seen["healthy"], told.stderr
    assert seen["user"] == 10001
    assert seen["folder"] == "/var/lib/hotline"
    assert seen["home"][1] == "hotline"
    assert seen["program"] == "/opt/hotline/current/bin/gunicorn"
    assert "gunicorn" in seen["title"]
    assert "hotline.runtime.app:create_app()" in seen["title"]
    assert seen["elsewhere"] == 0, "the proxy is in another container"
    assert seen["stopped"] == 0


def test_the_readmes_first_step_makes_the_command(built: Path, tmp_path: Path) -> None:
    """Word by word, in a checkout; `hotline` then answers from another folder, with the checkout gone.

    What it asks pip for, and how, is what the image's step asks for: it finds the packages that were installed there.
    """
    checkout = tmp_path / "checkout"
    for name in (*SOURCES, "requirements.txt", "docs/settings.md"):
        _copy(REPOSITORY / name, checkout / name, into=False)
    (step,) = (one.text for one in blocks(REPOSITORY / "README.md") if "-m venv .venv" in one.text)
    assert ".venv/bin/pip install --require-hashes -r requirements.txt\n" in step
    install = (REPOSITORY / "deploy" / "install.sh").read_text()
    assert re.search(r'/bin/pip" install .*--require-hashes -r "\$from/requirements.txt"\n', install)
    (packages,) = (built / "opt" / "hotline" / "current" / "lib").glob("python*/site-packages")
    there = checkout / ".venv" / packages.relative_to(packages.parents[2])
    there.mkdir(parents=True)
    for package in packages.iterdir():
        if not package.name.startswith(("hotline", "workers", "pip", "setuptools")):
            if package.is_dir():
                shutil.copytree(package, there / package.name, copy_function=os.link)
            else:
                os.link(package, there / package.name)
    then = f'{step}mv hotline gone; mv workers gone-too; cd "{tmp_path}"; hotline --help'
    python = {**os.environ, "PATH": f"{Path(sys.base_prefix) / 'bin'}:{os.environ['PATH']}"}
    told = subprocess.run(
        ["bash", "-euc", then], cwd=checkout, env=python, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    assert "setup" in told.stdout


def _copy(what: Path, to: Path, into: bool) -> None:
    """As Docker does: a folder's content, a file under its own name where a folder is meant."""
    if what.is_dir():
        shutil.copytree(what, to, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        target = to / what.name if into else to
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(what, target)
