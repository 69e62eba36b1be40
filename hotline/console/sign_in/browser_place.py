"""From where somebody signs in, coarsely: which kind of browser, and which network; never a whole address."""

from __future__ import annotations

import ipaddress
from typing import Final

from flask import request

from hotline.console.sign_in import client_address

_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""By what they say of themselves, those first that also say what others say."""
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def here() -> str:
    """Of whoever made the present request: "Firefox on Windows, 203.0.113.x"."""
    return f"{browser(request.headers.get('User-Agent', ''))}, {network(client_address.client())}"


def browser(said: str) -> str:
    """Which one, on what, by its own words; nothing of these words themselves."""
    name = next((name for sign, name in _BROWSERS if sign in said), "Another browser")
    system = next((name for sign, name in _SYSTEMS if sign in said), None)
    return f"{name} on {system}" if system else name


def network(address: str) -> str:
    """The network of an address, as it is shown: the last part left out."""
    try:
        parsed = ipaddress.ip_network(address, strict=False)
    except ValueError:
        return "an unknown network"
    if parsed.network_address.is_loopback:
        return "this machine"
    if parsed.version == 4:
        return f"{str(parsed.network_address).rpartition('.')[0]}.x"
    return f"{ipaddress.ip_network((parsed.network_address, 48), strict=False).network_address}x"
