"""How a process starts: modules never become garbage, so the garbage collector is left out while they load.

Measured on `hotline --help`: 0.9 s of CPU instead of 1.6 s, of which half was the collector going over what had been
loaded, at the start and once more at the end.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Load modules and data that stay. What is there at the end is never looked at again by the collector, in this
    process or in those that are forked from it."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
