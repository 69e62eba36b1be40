"""Commands as real processes that need no second to start: forked from one that has loaded Hotline already.

told = forked.run("hotline", "dump", env=environ, cwd=home)       # what `python -m hotline dump` does there

Everything is as in a process of its own (arguments, environment, folder, standard streams, exit code) but for what
happens while modules load; that `python -m` starts, too, a few tests elsewhere show.
"""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from tests.running.application import REPOSITORY

_LOADED = """
import gc, json, os, runpy, sys
import hotline.commands.cli, hotline.runtime.app, workers.clock, workers.queues

def become(asked):
    for number, mode in ((0, "r"), (1, "w"), (2, "w")):
        opened = os.open(asked["streams"][number], os.O_RDONLY if number == 0 else os.O_WRONLY)
        os.dup2(opened, number)
    sys.stdin, sys.stdout, sys.stderr = (open(n, m, closefd=False) for n, m in ((0, "r"), (1, "w"), (2, "w")))
    os.environ.clear()
    os.environ.update(asked["env"])
    os.chdir(asked["cwd"])
    sys.argv = [asked["module"], *asked["arguments"]]
    runpy.run_module(asked["module"], run_name="__main__", alter_sys=True)

gc.freeze()
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        become(json.loads(line))
        sys.exit()
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)
"""


def run(
    module: str, *arguments: str, env: Mapping[str, str], cwd: Path, typed: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run `python -m module` with these to its end; `typed` is all that it can read."""
    server = _server()
    assert server.stdin is not None
    assert server.stdout is not None
    with tempfile.TemporaryDirectory(prefix="forked") as folder:
        streams = [Path(folder, name) for name in ("in", "out", "err")]
        for stream, content in zip(streams, (typed, "", ""), strict=True):
            stream.write_text(content, encoding="utf-8")
        asked = {
            "module": module,
            "arguments": arguments,
            "env": dict(env),
            "cwd": str(cwd),
            "streams": [str(stream) for stream in streams],
        }
        server.stdin.write(json.dumps(asked) + "\n")
        server.stdin.flush()
        code = int(server.stdout.readline())
        _, out, err = (stream.read_text(encoding="utf-8") for stream in streams)
    return subprocess.CompletedProcess([module, *arguments], code, out, err)


@cache
def _server() -> subprocess.Popen[str]:
    """One for this test process."""
    server = subprocess.Popen(
        [sys.executable, "-c", _LOADED],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
    )
    atexit.register(_end, server)
    return server


def _end(server: subprocess.Popen[str]) -> None:
    assert server.stdin is not None
    server.stdin.close()
    server.wait(timeout=10)
