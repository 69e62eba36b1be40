"""One element of a TwiML document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin


@dataclass(frozen=True)
class Element:
    """A verb or noun that keeps the rules; `base` is the URL that its relative URLs start from."""

    name: str
    attributes: Mapping[str, str]
    text: str
    children: tuple[Element, ...]
    base: str

    def get(self, attribute: str, default: str = "") -> str:
        return self.attributes.get(attribute, default)

    def flag(self, attribute: str, default: bool) -> bool:
        return self.attributes.get(attribute, str(default)).lower() == "true"

    def seconds(self, attribute: str, default: int) -> int:
        return int(self.attributes.get(attribute, default))

    def url(self, attribute: str) -> str | None:
        """The attribute as an absolute URL (empty means the document's own), None if it isn't given."""
        value = self.attributes.get(attribute)
        return None if value is None else urljoin(self.base, value.strip())

    def target(self) -> str:
        """The element's text as an absolute URL."""
        return urljoin(self.base, self.text)
