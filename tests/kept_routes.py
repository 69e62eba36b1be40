"""The suite makes thousands of Flask applications with the same routes: what Werkzeug compiles for one is kept.

It took a quarter of the time of the console's tests. What is compiled depends on the rule and its defaults alone, and
looks up the rest in the rule that it is bound to. Where a later Werkzeug compiles in another way, nothing is kept, and
all goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from flask import Flask
from werkzeug.routing import Rule

_KEPT: Final[dict[tuple[object, ...], Callable[..., tuple[str, str]]]] = {}


class KeptRule(Rule):
    """A route whose builders of addresses are compiled once in a process."""

    def _compile_builder(self, append_unknown: bool = True) -> Any:
        defaults = tuple(sorted((self.defaults or {}).items()))
        key = (self.rule, self.merge_slashes, self.subdomain, self.host, defaults, append_unknown)
        if key not in _KEPT:
            _KEPT[key] = super()._compile_builder(append_unknown)
        return _KEPT[key]


def keep() -> None:
    """For every application that is made from now on in this process."""
    Flask.url_rule_class = KeptRule
