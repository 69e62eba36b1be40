"""The pages that stand in every page's head: those that the table of rights opens to whoever looks."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from flask import current_app, request, url_for

from hotline.console.frame import rights
from hotline.console.frame.rights import Right
from hotline.console.language.speech import translated
from hotline.model import Role
from hotline.worded import worded

PLACES: Final = (
    (worded("Board"), "console.board"),
    (worded("On call"), "console.on_call"),
    (worded("Directory"), "console.directory"),
    (worded("Search"), "console.search"),
    (worded("Deliveries"), "console.deliveries"),
    (worded("Readiness"), "console.readiness"),
    (worded("Reports"), "console.reports"),
    (worded("Blocked numbers"), "console.blocked"),
    (worded("Audit"), "console.audit"),
    (worded("People"), "console.people"),
    (worded("Check-up"), "console.checkup"),
    (worded("Settings"), "console.settings"),
)
IN_SIGHT: Final = 6
"""So many stand side by side on a laptop; whoever may open one more finds it at its place, and the rest behind one."""
ON_A_PHONE: Final = 3
"""So many stand side by side on a phone, in one line: what is under it is what they have taken the phone out for."""


@dataclass(frozen=True, slots=True)
class MenuPlace:
    """One page in the menu."""

    name: str
    where: str
    here: bool
    """It is the one that is open, or a page of its own."""
    is_search: bool = False
    """A key of the keyboard goes there."""


@dataclass(frozen=True, slots=True)
class PageMenu:
    """The menu of one person, on one page."""

    places: tuple[MenuPlace, ...]
    more: tuple[MenuPlace, ...]
    """What stands behind "More"; nothing, if all have room."""

    @property
    def folded(self) -> tuple[MenuPlace, ...]:
        """Which of `places` stand behind "More" on a phone, too: not the first, and not the one that is open."""
        apart = [one for one in self.places[ON_A_PHONE:] if one.here]
        kept = (*self.places[: ON_A_PHONE - len(apart)], *apart)
        return tuple(one for one in self.places if one not in kept)

    @property
    def here(self) -> MenuPlace | None:
        """Which of those behind "More" is open."""
        return next((one for one in self.more if one.here), None)


def menu(roles: Collection[Role]) -> PageMenu:
    """Names and addresses, in their order: of each page the right that its route asks for."""
    every = tuple(_places(roles))
    room = IN_SIGHT if len(every) > IN_SIGHT + 1 else len(every)
    return PageMenu(every[:room], every[room:])


def _places(roles: Collection[Role]) -> Iterator[MenuPlace]:
    for name, endpoint in PLACES:
        right: Right | None = getattr(current_app.view_functions[endpoint], "right", None)
        if right is not None and rights.may(roles, right):
            where = url_for(endpoint)
            here = f"{request.path}/".startswith(f"{where}/")
            yield MenuPlace(translated(name), where, here, endpoint == "console.search")
