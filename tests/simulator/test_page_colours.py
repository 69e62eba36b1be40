"""Everything on the page can be read: WCAG 2.2 AA, by day and in the dark."""

from __future__ import annotations

import re
from importlib import resources

import pytest

SHEET = resources.files("hotline.simulator.page").joinpath("static/phones.css").read_text("utf-8")
WORDS = [
    ("ink", "ground"), ("ink", "sheet"), ("ink", "screen"), ("ink", "deep-wash"),
    ("quiet", "ground"), ("quiet", "sheet"), ("quiet", "screen"),
    ("deep", "sheet"), ("deep", "screen"), ("deep", "deep-wash"), ("on-deep", "deep"),
    ("go", "screen"), ("go", "go-wash"), ("on-go", "go"),
    ("stop", "sheet"), ("stop", "ground"), ("on-stop", "stop"),
]  # fmt: skip
SHAPES = [
    ("edge", "sheet"), ("edge", "screen"), ("focus", "sheet"), ("focus", "ground"),
    ("go", "sheet"), ("go", "ground"), ("deep", "ground"),
]  # fmt: skip


def colours(scheme: str) -> dict[str, str]:
    day, dark = (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", root))
        for root in re.findall(r":root \{(.*?)\}", SHEET, re.DOTALL)
    )
    assert day.keys() == dark.keys()
    return day if scheme == "light" else dark


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), WORDS)
def test_words_stand_out_from_their_ground(scheme: str, ink: str, ground: str) -> None:
    """4.5 to 1 at least."""
    assert contrast(colours(scheme)[ink], colours(scheme)[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("line", "ground"), SHAPES)
def test_fields_focus_and_rings_stand_out_too(scheme: str, line: str, ground: str) -> None:
    """3 to 1 at least."""
    assert contrast(colours(scheme)[line], colours(scheme)[ground]) >= 3
