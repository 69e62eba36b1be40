"""A card for staff's phones with every number that may ring them, to be let through at night."""

from __future__ import annotations

import segno

from hotline.settings.centre import LineTable

_SIZE = 4
"""Pixels of a QR code's smallest square."""


def of(line: LineTable) -> str:
    """As a vCard (RFC 2426). It has the line's own name: others may see it on the phone."""
    numbers = dict.fromkeys((line.pages_from, *line.own))
    name = line.name.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    phones = (f"TEL;TYPE=WORK,VOICE:{one.e164}" for one in numbers)
    return "\r\n".join(
        ("BEGIN:VCARD", "VERSION:3.0", f"FN:{name}", f"N:;{name};;;", *phones, "END:VCARD", "")
    )


def code(card: str) -> segno.QRCode:
    """The same to be read by another phone's camera."""
    return segno.make(card, error="m")


def svg(line: LineTable) -> str:
    """The QR code as it stands in a page."""
    return str(code(of(line)).svg_inline(scale=_SIZE, border=4, light="#fff"))
