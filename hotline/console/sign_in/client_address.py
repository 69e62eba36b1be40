"""Where the present request comes from, as far as it can be known."""

from __future__ import annotations

import structlog
from flask import request

from hotline.console.frame.asking import current_application
from hotline.settings.elsewhere.far_ends import far_end, home_of

_log = structlog.get_logger("hotline.console")
_warned: list[bool] = []


def client() -> str:
    """The address of whoever made the present request; for IPv6, the network of their home."""
    trusted = current_application().settings.centre.console.trusted_proxies
    remote, said = request.remote_addr or "", request.headers.get("X-Forwarded-For", "")
    if said and not trusted and not _warned:
        _warned.append(True)
        _log.warning("requests come through a proxy that [console] trusted_proxies doesn't name")
    return home_of(far_end(remote, said, trusted))
