"""What Hotline was started with: a process that is started again later reads that, and no file that is being edited."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

VARIABLE: Final = "HOTLINE_STARTED_WITH"
"""Where the copy is; set by whoever starts processes, for these alone."""
NAME: Final = "started.toml"


def keep(config: Path, copy: Path) -> None:
    """Put what `config` says now at `copy`, for this user's eyes only, whole or not at all. Raises OSError."""
    part = copy.with_name(f"{copy.name}.{os.getpid()}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(config.read_bytes())
    part.replace(copy)


def kept(environ: Mapping[str, str]) -> Path | None:
    """The copy that this process is to read, if there is one."""
    given = environ.get(VARIABLE, "")
    return Path(given) if given and Path(given).is_file() else None
