"""`make slow-clients`: webhooks beside hundreds of connections that never finish anything. Bounded, loopback only."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from bench.__main__ import TOKEN, _Calls, _environ, _free_port, _ms, _running, _wait_for
from bench.knocks import Knocker, at_rate, p
from bench.sink import Sink
from bench.slow import SlowClients
from hotline.settings.load import load_settings
from hotline.store.migrations import migrate

CLIENTS = int(os.environ.get("SLOW_CLIENTS", "500"))
SECONDS = float(os.environ.get("SLOW_SECONDS", "30"))
RATE = 20
AIM = 1000
"""Milliseconds, of the slowest hundredth."""


def main() -> int:
    """Measure, and print two lines; the exit code says whether the aim was met."""
    with tempfile.TemporaryDirectory(prefix="hlb") as folder:
        port, home = _free_port(), Path(folder)
        environ = _environ(home, port, Sink())
        migrate.upgrade(load_settings(environ).database_url.get_secret_value())
        web = [
            sys.executable,
            "-m",
            "gunicorn",
            "--config",
            "python:hotline.runtime.server",
            "hotline.runtime.app:create_app()",
        ]
        with _running(web, environ=environ):
            _wait_for(port)
            knock = Knocker(environ["PUBLIC_BASE_URL"], TOKEN)
            at_rate(_Calls(knock, "w").first, RATE, 2)
            alone = at_rate(_Calls(knock, "a").first, RATE, SECONDS / 3)
            print(f"webhooks at {RATE}/s, alone:                   {_ms(alone)}")
            with SlowClients(port, CLIENTS) as slow:
                slow.all_here.wait(60)
                took = at_rate(_Calls(knock, "s").first, RATE, SECONDS)
            print(f"webhooks at {RATE}/s, {CLIENTS} slow connections:  {_ms(took)}, aim p99 < {AIM} ms")
            print(f"answered {len(took)} of {int(RATE * SECONDS)}; connections shown out: {slow.shown_out}")
    return 0 if len(took) == int(RATE * SECONDS) and p(99, took) < AIM else 1


if __name__ == "__main__":
    sys.exit(main())
