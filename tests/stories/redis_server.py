"""A real Redis for stories: started, killed, flushed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import redis

from hotline.runtime import embedded_redis
from hotline.settings.load import socket_path


class RedisServer:
    """One Redis in a folder of its own, as `hotline run` would start it."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="hl"))
        self.url = f"unix://{socket_path(self.home)}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        program = embedded_redis.find_program(os.environ.get("PATH"))
        command = embedded_redis.command(program, self.home)
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        client = redis.Redis.from_url(self.url, retry=None)
        for _ in range(500):
            try:
                client.ping()
                break
            except redis.RedisError:
                time.sleep(0.01)
        else:
            raise RuntimeError("Redis did not start")
        client.close()

    def kill(self) -> None:
        """SIGKILL; nothing is saved."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def close(self) -> None:
        """It is not needed any more: nothing of it stays, running or on disk."""
        self.kill()
        shutil.rmtree(self.home, ignore_errors=True)

    @property
    def is_running(self) -> bool:
        return self._process is not None

    def is_waited_at(self) -> bool:
        """Whether somebody, such as a worker, waits for something to be put into it."""
        with redis.Redis.from_url(self.url) as client:
            return any("b" in str(one["flags"]) for one in client.client_list())

    def flush(self) -> None:
        """Everything in it is gone."""
        if self.is_running:
            client = redis.Redis.from_url(self.url)
            client.flushall()
            client.close()
