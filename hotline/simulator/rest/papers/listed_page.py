"""Lists as the newer APIs give them: with `meta`, whose addresses are whole."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from flask import Response, jsonify, request

from hotline.simulator.kernel import Kernel
from hotline.simulator.rest.rest_errors import RestError

PAGE_SIZE = 50


def refuse_unreadable(kernel: Kernel) -> None:
    """What somebody has made unreadable, or unchangeable, is refused. Raises RestError."""
    shut = [*kernel.papers.unreadable.items()]
    if request.method == "POST":
        shut += kernel.papers.unchangeable.items()
    for path, status in shut:
        if request.path.startswith(path):
            raise RestError(20003 if status in (401, 403) else 20500, status)


def listed(host: str, key: str, rows: Sequence[dict[str, object]]) -> Response:
    """One page of a list, in the envelope of `https://<host>.twilio.com`."""
    size = min(max(int(request.args.get("PageSize", PAGE_SIZE)), 1), 1000)
    number = int(request.args.get("Page", 0))
    more = len(rows) > (number + 1) * size
    return jsonify(
        {
            key: list(rows[number * size : (number + 1) * size]),
            "meta": {
                "key": key,
                "page": number,
                "page_size": size,
                "url": _url(host, number, size),
                "first_page_url": _url(host, 0, size),
                "previous_page_url": _url(host, number - 1, size) if number else None,
                "next_page_url": _url(host, number + 1, size) if more else None,
            },
        }
    )


def _url(host: str, number: int, size: int) -> str:
    filters = [
        one for one in request.args.items(multi=True) if one[0] not in {"Page", "PageSize", "PageToken"}
    ]
    return f"https://{host}.twilio.com{request.path}?{urlencode([*filters, ('PageSize', size), ('Page', number)])}"
