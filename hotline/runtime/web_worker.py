"""gunicorn's worker: a request is taken in whole before a thread touches it, and each kind has threads of its own.

gunicorn holds the port, starts the processes and replaces what is stuck; waitress, inside each of them, reads and
writes for all connections from one loop. So a connection that sends slowly, reads slowly or says nothing costs a
little memory and no thread, and it is closed when its time is over. Telephones, pages and health have threads of
their own: whatever happens to one of them, the others are answered.
"""

from __future__ import annotations

import logging
import os
import resource
import select
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final

from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer, UnixWSGIServer
from waitress.task import ThreadedTaskDispatcher
from waitress.utilities import BadRequest, ServerNotImplemented

from hotline import paths
from hotline.runtime.stand_in import STAND_IN

WHOLE_REQUEST: Final = 10.0
"""Seconds in which a request must have come, from its first byte to its last (for the first one: from the beginning of
the connection). Twilio sends in milliseconds, and waits for 15 s itself."""
BETWEEN_REQUESTS: Final = 75.0
"""Seconds for which a connection that has asked once may be silent: longer than proxies in front keep one."""
TAKEN_AWAY: Final = 30.0
"""Seconds for which an answer waits to be taken away."""
CONNECTIONS: Final = 1000
"""Per process; one more, and the one that has kept us waiting for longest is closed for it."""
LARGEST_HEADER: Final = 32 * 1024
LARGEST_BODY: Final = 128 * 1024
"""Bytes; both applications allow half of it."""
LAST_ACCEPTED: Final = 1.0
"""Seconds, at most, for taking in whoever reached the port before we were told to stop."""
FINISHING: Final = 8.0
"""Seconds for what is being answered when we are told to stop; within gunicorn's graceful time-out."""
UNFINISHED: Final = 2.0
"""Seconds, of these, for what has not come in whole by then."""
TAKING_TURNS: Final = 0.001
"""Seconds after which a thread that computes lets another one go on: a webhook that comes back from the database waits
for no page to be finished."""
THREADS: Final = {"telephones": 8, "pages": 3, "website": 1, "health": 1}

_TOO_SLOW: Final = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


def pool_of(path: str) -> str:
    """Whose threads answer a request for this path."""
    if path.startswith(paths.TELEPHONES):
        return "telephones"
    if paths.is_for_anybody(path):
        return "website"
    return "health" if path.startswith(paths.HEALTH) else "pages"


class Pools:
    """Threads by kind of request; a kind that is flooded queues behind itself."""

    def __init__(self) -> None:
        # It would warn of each request that waits for a thread, and tell the paths of those who hung up.
        for name, level in (("waitress.queue", logging.ERROR), ("waitress", logging.WARNING)):
            logging.getLogger(name).setLevel(level)
        self._pools: dict[str, Any] = {kind: ThreadedTaskDispatcher() for kind in THREADS}
        for kind, threads in THREADS.items():
            self._pools[kind].set_thread_count(threads)

    def add_task(self, channel: ClientConnection) -> None:
        """A channel whose first request has come in whole; one that could not be read has no path."""
        self._pools[pool_of(getattr(channel.requests[0], "path", ""))].add_task(channel)

    def shutdown(self) -> None:
        """Let the threads end."""
        for one in self._pools.values():
            one.shutdown(timeout=1)


class Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """waitress's own, but what a stranger sends is the stranger's mistake and never a 5xx."""

    def received(self, data: bytes) -> int:
        """Take in some bytes; how many of them were this request's."""
        try:
            taken = int(super().received(data))
        except ValueError:
            # An address that Python's own parser doesn't take for one.
            self.error, self.completed, taken = BadRequest("no address"), True, len(data)
        if isinstance(self.error, ServerNotImplemented):
            self.error = BadRequest(self.error.body)
        return taken


class ClientConnection(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """One connection, and since when we wait for it. Its time is monotonic: no leap of the clock closes or keeps it."""

    parser_class = Parser

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self.since = monotonic()
        self.has_asked = False
        super().__init__(*arguments, **named)

    def received(self, data: bytes) -> bool:
        """Take in some bytes."""
        if self.has_asked and self.request is None:
            self.since = monotonic()
        return bool(super().received(data))

    def service(self) -> None:
        """Answer, in a thread."""
        super().service()
        self.has_asked = True
        self.since = monotonic()

    @property
    def is_answered(self) -> bool:
        """Whether a thread is at it, or should be."""
        return bool(self.requests)

    @property
    def is_under_way(self) -> bool:
        """Whether something has begun and isn't over, or may be on its way: closing it now would break it off."""
        begun = bool(self.requests or self.total_outbufs_len or self.request is not None)
        return begun or not self.has_asked

    def give_up(self) -> None:
        """Close it, and say why to whoever was still sending."""
        if self.request is not None and not self.total_outbufs_len:
            with suppress(OSError):
                self.socket.send(_TOO_SLOW)
        self.will_close = True

    def is_over(self, now: float) -> bool:
        """Whether whoever is at the other end has kept us waiting for too long."""
        if self.requests:
            return False
        if self.total_outbufs_len:
            allowed = TAKEN_AWAY
        elif self.request is not None or not self.has_asked:
            allowed = WHOLE_REQUEST
        else:
            allowed = BETWEEN_REQUESTS
        return now - self.since > allowed


@dataclass(slots=True)
class Loop:
    """All connections of one process."""

    application: Callable[..., Any]
    sockets: list[Any]
    """Listening, and shared with the other processes."""
    most: int = CONNECTIONS
    pools: Pools = field(default_factory=Pools)
    _map: dict[int, Any] = field(default_factory=dict)
    _servers: list[Any] = field(default_factory=list)
    _looked_at: float = 0.0

    def open(self) -> None:
        """Begin to listen."""
        adjustments = Adjustments(
            ident=None,
            url_prefix="",
            max_request_header_size=LARGEST_HEADER,
            max_request_body_size=LARGEST_BODY,
            connection_limit=self.most + 100,  # ours comes first, and makes room instead of closing the door
            cleanup_interval=10**9,  # its clock can be set; ours can't
            # Whoever believes what a proxy says decides for itself which proxy.
            clear_untrusted_proxy_headers=False,
            asyncore_use_poll=True,
            backlog=2048,
        )
        for one in self.sockets:
            server = _server(one)(
                self.application,
                map=self._map,
                _sock=one,
                dispatcher=self.pools,
                adj=adjustments,
                sockinfo=(one.family, one.type, one.proto, one.getsockname()),
                bind_socket=False,
            )
            server.channel_class = ClientConnection
            self._servers.append(server)

    def turn(self, wait: float = 1.0) -> None:
        """Read and write whatever can be, waiting for at most so many seconds; close what is over."""
        wasyncore.loop(timeout=wait, use_poll=True, map=self._map, count=1)
        now = monotonic()
        crowded = len(self._map) > self.most
        if crowded or now - self._looked_at >= 1:
            self._looked_at = now
            self._close_what_is_over(now)
        if crowded:
            self._make_room()

    def close(self) -> None:
        """Take whom the kernel holds for us, listen no more, finish what is under way, and let go of everything."""
        began = monotonic()
        while monotonic() - began < LAST_ACCEPTED and self._somebody_waits():
            self.turn(0)
        for server in self._servers:
            server.accepting = False
            server.del_channel(self._map)
            # The last process to close it has new connections refused at once: the carrier goes to the next address.
            server.socket.close()
        while (waited := monotonic() - began) < FINISHING and self._is_busy(waited):
            for channel in self._channels():
                channel.will_close |= not channel.is_under_way
            self.turn(0.1)
        self.pools.shutdown()

    def _somebody_waits(self) -> bool:
        waiting = select.poll()
        for one in self._servers:
            waiting.register(one.socket, select.POLLIN)
        return bool(waiting.poll(0))

    def _channels(self) -> list[ClientConnection]:
        return [one for server in self._servers for one in list(server.active_channels.values())]

    def _is_busy(self, waited: float) -> bool:
        return any(
            one.is_answered or one.total_outbufs_len or (one.is_under_way and waited < UNFINISHED)
            for one in self._channels()
        )

    def _close_what_is_over(self, now: float) -> None:
        for channel in self._channels():
            if channel.is_over(now):
                channel.give_up()

    def _make_room(self) -> None:
        """Whoever is being answered stays; of the others, first those who have kept us waiting for longest."""
        waiting = sorted((one for one in self._channels() if not one.is_answered), key=lambda one: one.since)
        for channel in waiting[: len(self._map) - self.most]:
            channel.handle_close()


class WebWorker(Worker):  # type: ignore[misc]  # gunicorn has no types
    """One process: told to be alive by its loop, and replaced by gunicorn if that stands still."""

    def run(self) -> None:
        """Answer until told to stop, or until whoever has started us is gone."""
        sys.setswitchinterval(TAKING_TURNS)
        loop = Loop(self.wsgi, [getattr(one, "sock", one) for one in self.sockets], _room())
        loop.open()
        # Whoever stands in for a dead clock; another application than ours has nobody.
        stand_in = getattr(self.wsgi, "extensions", {}).get(STAND_IN)
        if stand_in is not None:
            stand_in.start()
        while self.alive and self.ppid == os.getppid():
            self.notify()
            loop.turn()
        if stand_in is not None:
            stand_in.stop()
        loop.close()


def _server(listening: Any) -> Any:
    return TcpWSGIServer if listening.family.name.startswith("AF_INET") else UnixWSGIServer


def _room() -> int:
    """How many connections there may be: a descriptor for each, and some for everything else."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * CONNECTIONS
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(ValueError, OSError):
            most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
            soft = most
    return CONNECTIONS if soft == resource.RLIM_INFINITY else min(CONNECTIONS, max(64, soft - 200))
