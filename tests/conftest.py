"""For every test: how Hypothesis is asked, and that browser tests aren't skipped where they must run."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "house",
    deadline=None,  # a loaded machine is not a fault of the code
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("house")


_SLOW = ("process", "browser", "slow")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: tests of real processes spend most of their time waiting for them."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Real processes and browsers first: few tests that take long, after which the many short ones even things out."""
    items.sort(key=lambda item: not any(item.get_closest_marker(mark) for mark in _SLOW))


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
