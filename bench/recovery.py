"""`python -m bench.recovery`: how long what nobody heard takes to be taken up, on SQLite and PostgreSQL.

While nothing that the carrier tells arrives, BENCH_UNHEARD people call and give up, and as many write. Then the
carrier's lists are read once, as the clock does it every minute, and that look is timed: seconds on the wall, and of
the processor's time of this process (which is the pretended carrier's, too). Nothing else is asked of the database
meanwhile. A second look must find nothing more.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from hotline.telephony.rest.recovering import Looked
from tests import databases
from tests.stories.centre import settings_for
from tests.stories.redis_server import RedisServer
from tests.stories.test_taken_up import look, rings_and_gives_up, unheard, written
from tests.stories.world import World, build, with_staff

UNHEARD = int(os.environ.get("BENCH_UNHEARD", "200"))
WITHIN = 60
"""Seconds that are promised for 200 calls and 200 texts."""


def _measured(world: World) -> tuple[float, float]:
    with unheard(world, minutes=10):
        for place in range(UNHEARD):
            rings_and_gives_up(world, f"+1617555{1000 + place}")
            written(world, "hello, is anybody there", f"+1617555{5000 + place}")
            world.clock.let_pass(world.sim, 1800 / UNHEARD)
    wall, cpu = time.monotonic(), time.process_time()
    found = look(world)
    wall, cpu = time.monotonic() - wall, time.process_time() - cpu
    if found != Looked(calls=UNHEARD, texts=UNHEARD) or look(world) != Looked():
        raise SystemExit(f"Not everything was taken up, or something twice: {found}")
    return wall, cpu


def main() -> int:
    """Print a line for each database; 1 if either took longer than is promised."""
    late, redis = False, RedisServer()
    for kind in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as folder:
            url = databases.sqlite(Path(folder)) if kind == "sqlite" else databases.postgresql()
            with_staff(url)
            if not redis.is_running:
                redis.start()
            redis.flush()
            world = build(settings_for(Path(folder), url, redis.url), redis)
            try:
                wall, cpu = _measured(world)
            finally:
                world.here.application.database.dispose()
                if kind != "sqlite":
                    databases.drop(url)
        late = late or wall > WITHIN
        print(f"{kind:12} {UNHEARD} calls, {UNHEARD} texts: {wall:6.1f} s, {cpu:6.1f} s of the processor")
    redis.close()
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
