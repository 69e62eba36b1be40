"""``hotline run``: checks everything first, then starts everything."""

import shlex
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO

from hotline.operations.watching import sample_numbers
from hotline.runtime import embedded_redis, logs
from hotline.runtime.procfile import read_procfile
from hotline.runtime.supervisor import Process, keep_running, make_sure_of_being_alone
from hotline.runtime.wiring import WORKER_PATIENCE, open_database
from hotline.settings import started_with
from hotline.settings.load import Settings, SettingsProblems, load_settings
from hotline.store.migrations import migrate

HERE = "127.0.0.1"


def run(
    environ: Mapping[str, str],
    more: Sequence[Process] = (),
    lines: TextIO = sys.stdout,
    *,
    says_where: bool = True,
) -> None:
    """Run the Procfile, an embedded Redis unless REDIS_URL is set, and ``more``, until told to stop. `says_where`: say
    at which address that is, which the demo has done already.

    Raises SettingsProblems, with nothing started, AlreadyRunning, and Unsealable.
    """
    environ = {name: value for name, value in environ.items() if name != started_with.VARIABLE}
    settings, redis = check(environ)
    started_with.keep(settings.config_path, settings.home / started_with.NAME)
    migrate.upgrade(settings.database_url.get_secret_value())
    for warning in samples_left(settings):
        print(f"WARNING: {warning}", file=sys.stderr)
    if says_where:
        print(listening(settings), flush=True)
    processes = (*redis, *_procfile(), *more)
    keep_running(processes, settings.home, _for_children(environ, settings, lines), lines)


def samples_left(settings: Settings) -> tuple[str, ...]:
    """What is still an example's, so that it is said before anybody calls in earnest. Raises Unsealable, StoreError."""
    with (
        open_database(settings, WORKER_PATIENCE) as database,  # which makes sure of the keys
        database.read() as tx,
    ):
        return sample_numbers.warnings(settings, tx)


def check(environ: Mapping[str, str]) -> tuple[Settings, list[Process]]:
    """The settings and the Redis to start, if any.

    Raises SettingsProblems with everything that is wrong, and AlreadyRunning.
    """
    settings = load_settings(environ)
    make_home(settings.home)
    make_sure_of_being_alone(settings.home)
    problems: list[str] = []
    redis: list[Process] = []
    if not is_free(settings.port):
        problems.append(
            f"PORT: {settings.port} is in use: stop what listens there, or set PORT to another one."
        )
    try:
        if settings.embedded_redis:
            redis = [_redis(settings.home, environ)]
    except embedded_redis.NoRedis as missing:
        problems.append(str(missing))
    if problems:
        raise SettingsProblems(tuple(problems))
    return settings, redis


def listening(settings: Settings) -> str:
    """Where Hotline is, and what must stand before it."""
    here, public = f"http://{HERE}:{settings.port}", settings.public_base_url
    before = ": something with HTTPS must stand there and lead to it" if public.startswith("https:") else ""
    return f"Hotline listens at {here}. Its address is {public}{before}."


def make_home(home: Path) -> None:
    """Make sure that HOTLINE_HOME is there, for this user's eyes only. Raises SettingsProblems."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        home.joinpath("supervisor.lock").touch()
    except OSError as refused:
        problem = f"HOTLINE_HOME: {home} can't be used ({refused.strerror}): choose another folder."
        raise SettingsProblems((problem,)) from refused


def is_free(port: int) -> bool:
    """Whether nothing listens on this port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HERE, port))
        except OSError:
            return False
        return True


def _redis(home: Path, environ: Mapping[str, str]) -> Process:
    program = embedded_redis.find_program(environ.get("PATH"))
    old = embedded_redis.told_age(program)
    if old:
        print(old, file=sys.stderr)
    return Process(
        "redis",
        shlex.join(embedded_redis.command(program, home)),
        group="redis",
        unsaid=embedded_redis.OVERCOMMIT,
    )


def _procfile() -> list[Process]:
    return [Process(name, command) for name, command in read_procfile().items() if name != "release"]


def _for_children(environ: Mapping[str, str], settings: Settings, lines: TextIO) -> dict[str, str]:
    return {
        **environ,
        "HOTLINE_HOME": str(settings.home),
        "HOTLINE_CONFIG": str(settings.config_path),
        started_with.VARIABLE: str(settings.home / started_with.NAME),
        "HOTLINE_BIND": HERE,
        "HOTLINE_LOGS": logs.form(environ, lines),
        "PORT": str(settings.port),
        "PYTHONUNBUFFERED": "1",
    }
