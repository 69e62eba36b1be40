"""The pages that stand in every page's head: those that the table of rights opens to whoever looks."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from flask import current_app, url_for

from hotline.console.frame import rights
from hotline.console.frame.rights import Right
from hotline.model import Role

PLACES: Final = (
    ("Board", "console.board"),
    ("On call", "console.on_call"),
    ("Directory", "console.directory"),
    ("Readiness", "console.readiness"),
    ("Deliveries", "console.deliveries"),
    ("Search", "console.search"),
    ("Reports", "console.reports"),
    ("Audit", "console.audit"),
    ("People", "console.people"),
    ("Check-up", "console.checkup"),
)


def places(roles: Collection[Role]) -> Iterator[tuple[str, str]]:
    """Names and addresses, in their order: of each page the right that its route asks for."""
    for name, endpoint in PLACES:
        right: Right | None = getattr(current_app.view_functions[endpoint], "right", None)
        if right is not None and rights.may(roles, right):
            yield name, url_for(endpoint)
