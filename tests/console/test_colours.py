"""Everything can be read: WCAG 2.2 AA, by day and in the dark."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest

SHEET = resources.files("hotline.console").joinpath("static/house.css").read_text("utf-8")
WORDS = [
    ("ink", "ground"),
    ("ink", "sheet"),
    ("ink", "deep-wash"),
    ("ink", "red-wash"),
    ("quiet", "ground"),
    ("quiet", "sheet"),
    ("quiet", "deep-wash"),
    ("deep", "sheet"),
    ("deep", "ground"),
    ("deep", "deep-wash"),
    ("on-deep", "deep"),
    ("on-alarm", "alarm"),
    ("red", "sheet"),
    ("red", "red-wash"),
    ("amber", "amber-wash"),
    ("green", "green-wash"),
    ("sheet", "ink"),
    *((f"on-heat-{step}", f"heat-{step}") for step in range(7)),
]
SHAPES = [
    ("edge", "sheet"),
    ("edge", "ground"),
    ("focus", "sheet"),
    ("focus", "ground"),
    ("alarm", "ground"),
    *((f"plot-{n}", "sheet") for n in range(1, 8)),
]


def _colours(scheme: str) -> dict[str, str]:
    roots = re.findall(r":root \{(.*?)\}", SHEET, re.DOTALL)
    by_day = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", roots[0]))
    dark = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", roots[1]))
    assert by_day.keys() == dark.keys()
    return by_day if scheme == "light" else dark


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), WORDS)
def test_words_stand_out_from_their_ground(scheme: str, ink: str, ground: str) -> None:
    """4.5 to 1 at least."""
    colours = _colours(scheme)
    assert _contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("line", "ground"), SHAPES)
def test_fields_and_focus_stand_out_too(scheme: str, line: str, ground: str) -> None:
    """3 to 1 at least."""
    colours = _colours(scheme)
    assert _contrast(colours[line], colours[ground]) >= 3


def test_a_class_is_drawn_in_one_place() -> None:
    """Two rules for one selector, far apart, were two things of one name: the second bent what the first had drawn."""
    depth, selectors, words = 0, list[str](), ""
    for sign in re.sub(r"/\*.*?\*/", "", SHEET, flags=re.DOTALL):
        if sign == "{":
            selectors += [" ".join(words.split())] if depth == 0 else []
        depth += {"{": 1, "}": -1}.get(sign, 0)
        words = "" if sign in "{};" else words + sign
    rules = [one for one in selectors if not one.startswith("@")]
    assert sorted({one for one in rules if rules.count(one) > 1}) == []


@pytest.mark.parametrize("pages", ["console", "website"])
def test_dark_is_colours_alone(pages: str) -> None:
    """Nothing comes, goes or moves in the dark: what a browser finds of all else by day holds there, too."""
    folder = Path(str(resources.files(f"hotline.{pages}")))
    named = [
        file for file in folder.rglob("*")
        if file.suffix in (".css", ".js", ".html", ".svg") and "prefers-color-scheme" in file.read_text("utf-8")
    ]  # fmt: skip
    assert len(named) == 1
    sheet = named[0].read_text("utf-8")
    dark = re.findall(
        r"@media (?:screen and )?\(prefers-color-scheme: dark\) \{\s*:root \{(.*?)\}\s*\}", sheet, re.DOTALL
    )
    assert len(dark) == sheet.count("prefers-color-scheme") == 1
    set_there = dict(re.findall(r"\s*--([\w-]+): (#[0-9a-f]{6}|none);", dark[0]))
    assert "".join(f"--{name}:{value};" for name, value in set_there.items()) == "".join(dark[0].split())
    for name in (one for one, value in set_there.items() if value == "none"):
        assert set(re.findall(rf"([\w-]+): [^;]*var\(--{name}\)", sheet)) == {"box-shadow"}
