"""Every pair of ink and ground that the look uses can be read, in both themes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[1] / "css" / "tokens.css"
GROUNDS = ("wall", "surface", "surface-2", "float")
INKS = ("ink", "ink-2", "tile", "public", "ok", "warn", "late", "third")
# What stands on a ground of its own.
PAIRS = [
    ("note-ink", "note"),
    ("ink", "note"),
    ("ink", "tile-wash"),
    ("ink-2", "tile-wash"),
    ("tile", "tile-wash"),
    ("public", "public-wash"),
    ("ok", "ok-wash"),
    ("warn", "warn-wash"),
    ("late", "late-wash"),
    ("third", "third-wash"),
    ("on-tile", "tile-fill"),
    ("on-tile", "tile-fill-2"),
    ("on-tile", "late-fill"),
]
# Edges of fields and the marks of focus need three to one (WCAG 1.4.11).
EDGES = [("edge", "surface"), ("edge", "wall"), ("tile", "wall"), ("tile", "surface-2")]


def _colours(theme: int) -> dict[str, str]:
    found = {}
    for name, value in re.findall(r"--([a-z0-9-]+):\s*([^;]+);", TOKENS.read_text()):
        hexes = re.findall(r"#[0-9a-f]{6}", value)
        if hexes:
            found[name] = hexes[theme if len(hexes) == 2 else 0]
    return found


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_words_can_be_read(theme: int) -> None:
    colours = _colours(theme)
    pairs = [*PAIRS, *((ink, ground) for ink in INKS for ground in GROUNDS)]
    assert [
        (ink, ground, round(ratio, 2))
        for ink, ground in pairs
        if (ratio := _contrast(colours[ink], colours[ground])) < 4.5
    ] == []


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_edges_can_be_seen(theme: int) -> None:
    colours = _colours(theme)
    assert [(edge, ground) for edge, ground in EDGES if _contrast(colours[edge], colours[ground]) < 3] == []
