"""`make bench` can begin: what it starts the application with is taken."""

from __future__ import annotations

from pathlib import Path

from bench.__main__ import _environ, _free_port
from bench.sink import Sink
from hotline.settings.load import load_settings


def test_the_settings_of_the_bench_are_good_ones(tmp_path: Path) -> None:
    """They pass the checks that a centre's do."""
    settings = load_settings(_environ(tmp_path, _free_port(), Sink()))
    assert settings.centre.carrier.calls_per_second > 1
