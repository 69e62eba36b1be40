"""Everything on one machine: the Procfile's processes and the embedded Redis, under supervisord.

What dies is started again, at once at first and then a second later each time, never more than
``LONGEST_BACKOFF`` apart and for as long as it takes. Ctrl-C and SIGTERM stop everything, Redis last. Should
the supervisor itself be killed, its children are told to stop by the kernel (on Linux).
"""

import ctypes
import fcntl
import os
import shlex
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from supervisor import events
from supervisor.medusa import asyncore_25 as asyncore
from supervisor.options import ServerOptions
from supervisor.supervisord import Supervisor

from hotline.runtime.output import Output
from hotline.runtime.procfile import ROOT

LONGEST_BACKOFF = 15
"""Seconds; also the number of tries after which supervisord would give up if it ever got there."""

_PR_SET_PDEATHSIG = 1


class AlreadyRunning(Exception):
    """Another Hotline keeps its data in the same HOTLINE_HOME."""


@dataclass(frozen=True, slots=True)
class Process:
    """One process to keep running."""

    name: str
    command: str
    """For the shell, as in a Procfile."""
    group: str = "all"
    """Those of one group are stopped together; groups are stopped one after the other, the last one first."""
    patience: int = 15
    """Seconds between being asked to stop and being killed."""
    unsaid: str = ""
    """What stands in lines of its that nobody needs to read."""


def keep_running(
    processes: Sequence[Process], home: Path, environ: Mapping[str, str], lines: TextIO = sys.stdout
) -> None:
    """Run ``processes`` until Ctrl-C or SIGTERM, with the environment given; returns when all have stopped.

    What they say goes to ``lines``, what happens to them to standard output. Raises :class:`AlreadyRunning`
    instead of sharing ``home`` with another one. Takes this process's environment and signals over.
    """
    with alone_in(home):
        os.environ.clear()
        os.environ.update(environ)
        _put_first("PATH", Path(sys.executable).parent)
        _put_first("PYTHONPATH", ROOT)
        config = home / "supervisord.conf"
        config.write_text(_configuration(processes, home), encoding="utf-8")
        options = _Options()
        options.realize(["--configuration", str(config), "--nodaemon"])
        options.first = True
        options.test = False
        with suppress(asyncore.ExitNow):
            unsaid = {process.name: process.unsaid for process in processes if process.unsaid}
            _House(options, Output(lines, unsaid), Output(sys.stdout)).main()


def make_sure_of_being_alone(home: Path) -> None:
    """Raises :class:`AlreadyRunning` if a supervisor keeps its data in ``home``."""
    with alone_in(home):
        pass


def _put_first(name: str, folder: Path) -> None:
    os.environ[name] = os.pathsep.join(filter(None, (str(folder), os.environ.get(name))))


@contextmanager
def alone_in(home: Path) -> Iterator[None]:
    """Hold ``home`` for one supervisor at a time; the kernel lets go however the process ends."""
    with (home / "supervisor.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning from None
        yield


def _configuration(processes: Sequence[Process], home: Path) -> str:
    sections = [
        "[supervisord]",
        "nodaemon = true",
        "silent = true",
        "logfile = /dev/null",
        "logfile_maxbytes = 0",
        f"pidfile = {_escaped(str(home / 'supervisord.pid'))}",
        "minfds = 256",
        "minprocs = 1",
        "umask = 077",
    ]
    if os.geteuid() == 0:
        sections.append("user = root")
    for process in processes:
        sections += _program(process)
    for order, group in enumerate(dict.fromkeys(process.group for process in processes)):
        members = ",".join(process.name for process in processes if process.group == group)
        sections += [f"[group:{group}]", f"programs = {members}", f"priority = {order}"]
    return "\n".join(sections) + "\n"


def _program(process: Process) -> list[str]:
    return [
        f"[program:{process.name}]",
        f"command = {_escaped(shlex.join(['/bin/sh', '-c', f'exec {process.command}']))}",
        "autostart = true",
        "autorestart = true",
        "startsecs = 2",
        f"startretries = {LONGEST_BACKOFF}",
        f"stopwaitsecs = {process.patience}",
        "killasgroup = true",
        "redirect_stderr = true",
        "stdout_logfile = NONE",
        "stdout_events_enabled = true",
    ]


def _escaped(value: str) -> str:
    return value.replace("%", "%%")  # supervisord expands %(name)s


class _Options(ServerOptions):  # type: ignore[misc]  # supervisord has no types
    """supervisord's own, but children end with their parent."""

    def execve(self, filename: str, argv: list[str], env: dict[str, str]) -> None:
        """Become the child's program; called in the child, after the fork."""
        _end_with_parent()
        os.execve(filename, argv, env)  # noqa: S606 - the command is the Procfile's own


def _end_with_parent() -> None:
    """Ask the kernel for a SIGTERM when the parent is gone, also if it was killed; Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class _House(Supervisor):  # type: ignore[misc]  # supervisord has no types
    """supervisord's own, but it tells what happens and never gives up."""

    def __init__(self, options: _Options, lines: Output, news: Output) -> None:
        super().__init__(options)
        self._lines = lines
        self._news = news

    def runforever(self) -> None:
        """Run until told to stop."""
        events.subscribe(
            events.ProcessLogEvent, lambda said: self._lines.say(said.process.config.name, said.data)
        )
        events.subscribe(events.ProcessStateBackoffEvent, _never_give_up)
        events.subscribe(events.ProcessStateEvent, lambda change: self._news.note(_told(change)))
        super().runforever()


def _never_give_up(change: events.ProcessStateBackoffEvent) -> None:
    process = change.process
    process.delay -= max(0, process.backoff - LONGEST_BACKOFF)
    process.backoff = min(process.backoff, LONGEST_BACKOFF)


def _told(change: events.ProcessStateEvent) -> str | None:
    name = change.process.config.name
    match change:
        case events.ProcessStateStartingEvent():
            return f"{name} starts"
        case events.ProcessStateBackoffEvent():
            return f"{name} died at once; again in {min(change.process.backoff, LONGEST_BACKOFF)} s"
        case events.ProcessStateExitedEvent():
            return f"{name} died"
        case events.ProcessStateStoppedEvent():
            return f"{name} stopped"
        case _:
            return None
