"""Where the one PostgreSQL server of a test run keeps its data: agreed on before there are several processes."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

_VARIABLE = "HOTLINE_TEST_POSTGRES"


def agree() -> str:
    """The folder, which this process and all that it starts share. The server itself starts when it is asked for."""
    if _VARIABLE not in os.environ:
        # Short, for a socket's path may not be long; in memory, where the folders of tests are.
        os.environ[_VARIABLE] = tempfile.mkdtemp(prefix="pg", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT"))
        atexit.register(shutil.rmtree, os.environ[_VARIABLE], ignore_errors=True)
    return os.environ[_VARIABLE]
