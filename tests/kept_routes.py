"""The suite makes thousands of Flask applications with the same routes: what Werkzeug compiles for one is kept.

It took a quarter of the time of the console's tests. What is compiled depends on the rule and its defaults alone, and
looks up the rest in the rule that it is bound to. Where a later Werkzeug compiles in another way, nothing is kept, and
all goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask
from werkzeug.routing import BaseConverter, Rule
from werkzeug.routing.rules import RulePart

_KEPT: Final[dict[tuple[object, ...], Callable[..., tuple[str, str]]]] = {}
_Asked = tuple[str, str, tuple[Any, ...], Mapping[str, Any]]
"""The name of a variable, and its converter's name and arguments."""


@dataclass(frozen=True)
class _Parts:
    """What Werkzeug has made of a pattern, and which converters it has asked for meanwhile."""

    parts: tuple[RulePart, ...]
    trace: tuple[tuple[bool, str], ...]
    asked: tuple[_Asked, ...]
    converters: list[type[BaseConverter]]


_PARTS: Final[dict[str, _Parts]] = {}


class KeptRule(Rule):
    """A route whose patterns are read, and builders of addresses compiled, once in a process."""

    def _parse_rule(self, rule: str) -> Iterable[RulePart]:
        kept, self._asked = _PARTS.get(rule), []
        if kept is not None:
            asked = [(given[0], self.get_converter(*given)) for given in kept.asked]
            if [type(converter) for _, converter in asked] == kept.converters:
                self._trace.extend(kept.trace)
                self._converters.update(asked)
                self.arguments.update(name for name, _ in asked)
                return kept.parts
        before, self._asked = len(self._trace), list[_Asked]()
        parts = tuple(super()._parse_rule(rule))
        converters = [type(self._converters[given[0]]) for given in self._asked]
        _PARTS[rule] = _Parts(parts, tuple(self._trace[before:]), tuple(self._asked), converters)
        return parts

    def get_converter(
        self, variable_name: str, converter_name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> BaseConverter:
        """As Werkzeug's; it is remembered what was asked for."""
        self._asked.append((variable_name, converter_name, args, kwargs))
        return super().get_converter(variable_name, converter_name, args, kwargs)

    def _compile_builder(self, append_unknown: bool = True) -> Any:
        defaults = tuple(sorted((self.defaults or {}).items()))
        key = (self.rule, self.merge_slashes, self.subdomain, self.host, defaults, append_unknown)
        if key not in _KEPT:
            _KEPT[key] = super()._compile_builder(append_unknown)
        return _KEPT[key]


def keep() -> None:
    """For every application that is made from now on in this process."""
    Flask.url_rule_class = KeptRule
