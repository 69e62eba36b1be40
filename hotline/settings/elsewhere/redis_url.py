"""What REDIS_URL may be: an address that can be read, and one on which nobody else reads or writes.

Redis wakes workers; whoever writes there can keep them busy, and whoever listens there learns how busy a line is.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

import redis

_SCHEME = re.compile(r"(rediss?|unix)://.", re.ASCII)


def what_is_wrong(url: str, *, private_network: bool) -> str | None:
    """What to mend, in words that never quote the address, for it holds a password; None if all is well.

    `private_network`: the operator says that nobody else is on the network on which it is reached.
    """
    if not _SCHEME.match(url):
        return "is wrong: it starts with redis://, rediss:// or unix://."
    if not _readable(url):
        return (
            "can't be read: write it as redis://:PASSWORD@HOST:PORT/0, and the signs of a password that have a "
            "meaning in addresses as codes (%23 for #, %2F for /, %3F for ?, %40 for @, %3A for :)."
        )
    if url.startswith("unix://") or private_network or _is_here(urlsplit(url).hostname or ""):
        return None
    if not url.startswith("rediss://") or "ssl_cert_reqs=none" in url.lower():
        return (
            "leads over a network without a checked TLS connection: use rediss://, or set REDIS_NETWORK=private if "
            "nobody else is on that network (as on most platforms' internal ones)."
        )
    if not urlsplit(url).password:
        return (
            "has no password: write it as rediss://:PASSWORD@HOST:PORT/0, or set REDIS_NETWORK=private if "
            "nobody else is on that network."
        )
    return None


def _readable(url: str) -> bool:
    """Whether everything in it is understood, from its host to its last option. Connects to nothing."""
    try:
        parts = urlsplit(url)
        if parts.fragment or re.search(r"\s", url) or (parts.scheme != "unix" and not parts.hostname):
            return False
        _ = parts.port
        redis.ConnectionPool.from_url(url).make_connection()
    except Exception:  # whatever it was, its words may hold the password
        return False
    return parts.netloc.count("@") <= 1


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
