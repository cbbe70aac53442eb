"""SVG by hand: elements with escaped values, and paths of shapes, in one number format so that bytes repeat."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np
import shapely

from geomatch.drawing import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

FONT = '"Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif'
_DECIMALS = 1


def picture(width: float, height: float, *, alt: str) -> ET.Element:
    """Make an SVG of a size in its own units, with what it shows in words."""
    root = ET.Element("svg", viewBox=f"0 0 {number(width)} {number(height)}", role="img")
    root.set("xmlns", "http://www.w3.org/2000/svg")
    root.set("width", number(width))
    root.set("height", number(height))
    root.set("font-family", FONT)
    root.set("aria-label", alt)
    return root


def add(parent: ET.Element, tag: str, **attributes: str | float) -> ET.Element:
    """Add an element; underscores in names stand for hyphens."""
    told = {
        name.rstrip("_").replace("_", "-"): value if isinstance(value, str) else number(value)
        for name, value in attributes.items()
    }
    return ET.SubElement(parent, tag, told)


def text(parent: ET.Element, x: float, y: float, words: str, *, size: float, **look: str | float) -> ET.Element:
    """Write words; y is the line they stand on."""
    found = add(parent, "text", x=x, y=y, font_size=size, **{"fill": tokens.INK, **look})
    found.text = words
    return found


def haloed(parent: ET.Element, x: float, y: float, words: str, *, size: float, **look: str | float) -> None:
    """Write words with a rim of paper, so that they can be read on any ground."""
    rim: dict[str, str | float] = {
        "stroke": tokens.PAPER,
        "stroke_width": size / 4,
        "stroke_linejoin": "round",
        "stroke_opacity": 0.9,
    }
    text(parent, x, y, words, size=size, **(look | {"fill": tokens.PAPER} | rim))
    text(parent, x, y, words, size=size, **look)


def number(value: float) -> str:
    """Write a number with one decimal at most."""
    rounded = round(float(value), _DECIMALS)
    return f"{rounded:g}" if abs(rounded) < 1e5 else f"{rounded:.0f}"  # noqa: PLR2004 - where :g turns to exponents


def path(shapes: Iterable[shapely.Geometry]) -> str:
    """Give lines and polygons, single or multiple, as one path."""
    parts = shapely.get_parts(shapely.get_parts(np.array(list(shapes), object)))  # twice: collections hold multiples
    told: list[str] = []
    for part in parts.tolist():
        if part.geom_type == "LineString":
            told.append(_stroke(shapely.get_coordinates(part), closed=False))
        elif part.geom_type == "Polygon":
            told += [_stroke(shapely.get_coordinates(ring)[:-1], closed=True) for ring in shapely.get_rings(part)]
    return "".join(told)


def _stroke(xy: NDArray[np.float64], *, closed: bool) -> str:
    rounded = np.round(xy, _DECIMALS)
    moved = np.ones(len(rounded), bool)
    moved[1:] = np.any(np.diff(rounded, axis=0) != 0, axis=1)
    points = [f"{x:g} {y:g}" for x, y in (rounded[moved] + 0.0).tolist()]
    least = 3 if closed else 2
    if len(points) < least:
        return ""
    return "M" + "L".join(points) + ("Z" if closed else "")


def rendered(root: ET.Element) -> str:
    """Give the SVG's text."""
    return ET.tostring(root, encoding="unicode")
