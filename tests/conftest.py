"""For every test: how Hypothesis is asked, what only proofs ask, that browser tests aren't skipped where they
must run, and what makes the suite fast: files in memory, a collector with little to do, the longest files first."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Generator, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests import kept_routes, postgres_home
from tests.playbook import unplayed
from tests.proofs import ONCE, PROOFS

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

settings.register_profile(
    "house",
    deadline=None,  # a loaded machine is not a fault of the code
    max_examples=50,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("proofs", settings.get_profile("house"), max_examples=1000, derandomize=False)
settings.load_profile("proofs" if PROOFS else "house")


_WAIT = ("process", "browser", "slow")
"""Of whose files the tests mostly wait for processes of their own."""
_SHARE = 0.8
"""In so much of the run those are begun: none may be the last one, for which the others' cores would stand idle."""
_MEMORY = Path("/dev/shm")
_ENOUGH = 2 * 2**30
"""Bytes: several times what the databases of all workers take at once."""


def _into_memory() -> None:
    """Let the folders of tests be in memory, where there is enough: each commit of each story waits for its disk."""
    usable = (
        _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and not os.statvfs(_MEMORY).f_flag & os.ST_NOEXEC
    )
    if usable and shutil.disk_usage(_MEMORY).free > _ENOUGH:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))


_into_memory()


def pytest_configure(config: pytest.Config) -> None:
    """Before there are workers, which all use what is set here."""
    postgres_home.agree()
    kept_routes.keep()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Thousands of tests never become garbage: the collector, who would go over them time and again, leaves them be."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.set_threshold(10_000, 10, 10)
        gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two more than there are cores: tests of real processes spend most of their time waiting for them."""
    return (os.cpu_count() or 1) + 2


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Files that wait are spread among those that compute, the most marked first. Proofs if they are asked."""
    if not PROOFS:
        left = [item for item in items if _is_proof(item) != ONCE]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if _is_proof(item) == ONCE]
    items[:] = _spread(items)


def _is_proof(item: pytest.Item) -> bool:
    """Whether it is marked `proof`; where the mark names values, whether it is the case of one of them."""
    found = item.get_closest_marker("proof")
    if found is None:
        return False
    case = item.name.partition("[")[2].removesuffix("]").split("-")
    return not found.args or not set(found.args).isdisjoint(case)


def _spread(items: list[pytest.Item]) -> list[pytest.Item]:
    """File by file: begun all at once, those that wait would leave the cores idle, for each worker has one file."""
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    waiting = [one for one in files.values() if any(map(_waits, one))]
    waiting.sort(
        key=lambda one: -sum(one[0].get_closest_marker(mark) is not None for mark in (*_WAIT, "postgres"))
    )
    computing = iter([one for one in files.values() if not any(map(_waits, one))])
    beside = int(_SHARE * (len(files) - len(waiting)) / max(1, len(waiting)))
    order = [file for one in waiting for file in (one, *islice(computing, beside))]
    return [item for file in (*order, *computing) for item in file]


def _waits(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(mark) for mark in _WAIT)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call() -> Generator[None, object, object]:
    """A script of a rule that a test has written and not asserted has proved nothing: the test fails."""
    unplayed()
    done = yield
    forgotten = unplayed()
    assert not forgotten, "this script was never asserted:\n" + forgotten[0]
    return done


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where HOTLINE_REQUIRE_BROWSER is set, a browser test that was skipped has failed."""
    report = yield
    must_run = item.get_closest_marker("browser") and os.environ.get("HOTLINE_REQUIRE_BROWSER")
    if report.skipped and must_run:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: a browser test was skipped"
    return report


@pytest.fixture(scope="session")
def kept_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """One browser for all tests of a process: each start of one costs two seconds. Only these load what drives it."""
    from tests.console.browser import browsing

    with browsing(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture
def chromium(kept_browser: Chrome) -> Iterator[Chrome]:
    """As if it were new: on a laptop, in light colours; nobody is signed in, nothing is logged or allowed yet."""
    from tests.console.browser import as_new

    as_new(kept_browser)
    yield kept_browser
    kept_browser.get("about:blank")  # a page whose server is gone would ask for it for ever
