"""Reading TwiML, strictly: what isn't in the rules is refused."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree as ET

from hotline.simulator.twiml.element import Element
from hotline.simulator.twiml.twiml_rules import MESSAGING, VOICE, WAITING, ElementRule

MAX_DOCUMENT = 64 * 1024
"""Bytes of TwiML that Twilio reads at most."""
XML_TYPES = frozenset({"text/xml", "application/xml"})

__all__ = ["MESSAGING", "VOICE", "WAITING", "BadTwiml", "Element", "parse"]


class BadTwiml(ValueError):
    """The document is no TwiML, or not one that Twilio would carry out; the text says why."""


def parse(body: str, base: str, rules: Mapping[str, ElementRule]) -> tuple[Element, ...]:
    """The verbs of a document, in order. Raises BadTwiml for anything outside `rules`."""
    if len(body.encode()) > MAX_DOCUMENT:
        raise BadTwiml("the document is larger than 64 kB")
    if "<!DOCTYPE" in body or "<!ENTITY" in body:
        raise BadTwiml("the document has a DOCTYPE or an ENTITY")
    try:
        root = ET.fromstring(body.encode())  # noqa: S314 - entities are refused above
    except ET.ParseError as error:
        raise BadTwiml(f"not well-formed XML: {error}") from error
    if root.tag != "Response":
        raise BadTwiml(f"the root is <{root.tag}>, not <Response>")
    return _read(root, base, rules).children


def _read(node: ET.Element, base: str, rules: Mapping[str, ElementRule]) -> Element:
    rule = rules[node.tag]
    children = []
    for child in node:
        if child.tag not in rule.children:
            raise BadTwiml(f"<{child.tag}> is not allowed in <{node.tag}>")
        if (child.tail or "").strip():
            raise BadTwiml(f"stray text in <{node.tag}>: {(child.tail or '').strip()!r}")
        children.append(_read(child, base, rules))
    text = " ".join((node.text or "").split())
    element = Element(node.tag, dict(node.attrib), text, tuple(children), base)
    _check_attributes(element, rule)
    for complaint in (_text_complaint(element, rule), rule.whole(element)):
        if complaint:
            raise BadTwiml(f"<{node.tag}> {complaint}")
    return element


def _check_attributes(element: Element, rule: ElementRule) -> None:
    for name, value in element.attributes.items():
        check = rule.attributes.get(name)
        if check is None:
            raise BadTwiml(f"<{element.name}> has no attribute {name!r}")
        complaint = check(value)
        if complaint:
            raise BadTwiml(f"<{element.name} {name}={value!r}>: {complaint}")


def _text_complaint(element: Element, rule: ElementRule) -> str | None:
    if rule.text is None:
        return f"takes no text, but has {element.text!r}" if element.text else None
    return rule.text(element.text)
