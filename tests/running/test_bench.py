"""The benches can begin: what they start the application with is taken, and so are the rows that they write."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import pytest

from bench import in_bulk, measures, reports, searching
from bench.__main__ import _environ, _free_port
from bench.sink import Sink
from hotline.settings.load import load_settings
from tests import databases


class _Filling(Protocol):
    """A bench that writes its rows."""

    def fill(self, write: in_bulk.Write, many: int, /) -> None:
        """So many calls or callbacks."""


def test_the_settings_of_the_bench_are_good_ones(tmp_path: Path) -> None:
    """They pass the checks that a centre's do."""
    settings = load_settings(_environ(tmp_path, _free_port(), Sink()))
    assert settings.centre.carrier.calls_per_second > 1


@pytest.mark.parametrize("bench", [measures, searching, reports])
def test_what_is_written_in_bulk_fits_the_tables(bench: _Filling, tmp_path: Path) -> None:
    """Also after a column was added."""
    in_bulk.fill_sqlite(databases.sqlite(tmp_path), lambda write: bench.fill(write, 60))
