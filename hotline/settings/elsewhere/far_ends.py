"""Where a request comes from, as far as it can be known: what a proxy says counts only if the proxy is one of ours."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Final

_HOME: Final = 64
"""Bits: whoever has one IPv6 address has all that begin like it."""


def far_end(remote: str, forwarded: str, trusted: Sequence[str]) -> str:
    """The last address, seen from us, that is no proxy of ours: `remote`, unless that is one.

    Proxies append; so whatever stands left of the first stranger was made up by the stranger.
    """
    networks = [ipaddress.ip_network(one) for one in trusted]
    at = remote
    for before in reversed([one.strip() for one in forwarded.split(",") if one.strip()]):
        if not _is_in(at, networks) or _parsed(before) is None:
            break
        at = before
    return at


def home_of(address: str) -> str:
    """The address itself, or the /64 of an IPv6 address; IPv4 written as IPv6 is IPv4."""
    parsed = _parsed(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, _HOME), strict=False))
    return str(parsed) if parsed else address


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return None


def _is_in(address: str, networks: Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    parsed = _parsed(address)
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return parsed is not None and any(parsed in network for network in networks)
