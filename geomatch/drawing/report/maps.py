"""Maps of a report as SVG: our own base map, the data on top, names, scale and credit."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geomatch.drawing import tokens
from geomatch.drawing.report import svg
from geomatch.drawing.report.frame import WIDTH, Frame, frame_of
from geomatch.drawing.report.ground import once_and_twice

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from numpy.typing import NDArray

    from geomatch.reporting.pictures import Map, Spot

_MAJOR = ("motorway", "trunk", "primary", "secondary")
_CASING, _ROAD, _STREET = 2.0, 1.3, 0.7
_HATCH = ((6.0, 0.8), (6.0, 1.3), (6.0, 2.0))
"""Distance and width of the hatch's lines by step of people, units."""
_NAME, _SMALL = 10.0, 8.5
_BADGE = 7.5
_SHIFTS = ((0, 0), (0, -12), (0, 12), (-16, 0), (16, 0), (-16, -12), (16, -12), (-16, 12), (16, 12), (0, -24), (0, 24))
_FEW_SITES = 120
_MARK_UNITS = {"centre": 16.0, "office": 8.5, "station": 4.6, "outpost": 4.6, "base": 6.0, "landscape": 9.0}


def draw(asked: Map, *, synthetic: bool) -> str:
    """Draw a map; `synthetic` puts the word for it at its top."""
    frame = frame_of(asked.bbox)
    root = svg.picture(WIDTH, frame.height, alt=asked.alt)
    names = _Names()
    _hatches(root, asked.key)
    _base(root, frame, asked)
    _areas(root, frame, asked)
    _borders(root, frame, asked)
    for spot in asked.sites:
        _site(root, frame, spot, many=len(asked.sites))
    _numbers(root, frame, asked, names)
    _labels(root, frame, asked, names)
    _furniture(root, frame, asked.credit, synthetic=synthetic)
    return svg.rendered(root)


def _hatches(root: Element, key: str) -> None:
    """Define the hatch of every step of people, named by the map: a page may hold several."""
    defs = svg.add(root, "defs")
    for step, ((apart, width), opacity) in enumerate(zip(_HATCH, tokens.GAP_FILLS, strict=True)):
        pattern = svg.add(
            defs, "pattern", id=f"{key}-hatch-{step}", width=apart, height=apart, patternUnits="userSpaceOnUse"
        )
        svg.add(pattern, "rect", width=apart, height=apart, fill=tokens.GAP, fill_opacity=f"{opacity:g}")
        lines = f"M-1 {apart + 1:g}L{apart + 1:g} -1M-1 1L1 -1M{apart - 1:g} {apart + 1:g}L{apart + 1:g} {apart - 1:g}"
        svg.add(pattern, "path", d=lines, stroke=tokens.GAP_LINE, stroke_width=f"{width:g}")


def _base(root: Element, frame: Frame, asked: Map) -> None:
    """Paint ground, green, water, streets and railways, in colours that stay behind the data."""
    colour, parts = tokens.BASE, frame.base(asked.base)
    wider = min(max(2 ** ((frame.zoom - 12) / 2), 1.0), 3.0)
    svg.add(root, "rect", width=WIDTH, height=frame.height, fill=colour["ground"])

    def painted(theme: str, test: set[str] | None = None, *, but: tuple[str, ...] = (), areas: bool) -> str:
        shapes = [
            found
            for (of, kind), found in parts.items()
            if of == theme and (test is None or kind in test) and kind not in but
        ]
        joined = np.concatenate(shapes) if shapes else np.empty(0, object)
        flat = np.isin(shapely.get_type_id(joined), (3, 6))  # polygons, single and multiple
        return svg.path(joined[flat if areas else ~flat])

    def stroke(told: str, paint: str, width: float, **more: str) -> None:
        if told:
            svg.add(root, "path", d=told, fill="none", stroke=paint, stroke_width=f"{width * wider:.2f}", **more)

    for theme in ("green", "water"):
        if told := painted(theme, areas=True):
            svg.add(root, "path", d=told, fill=colour[theme], fill_rule="evenodd")
    stroke(painted("water", areas=False), colour["water"], 1.8)
    stroke(painted("road", but=_MAJOR, areas=False), colour["road"], _STREET)
    stroke(painted("rail", areas=False), colour["rail"], 0.8, stroke_dasharray="4 3")
    major = painted("road", set(_MAJOR), areas=False)
    stroke(major, colour["casing"], _CASING)
    stroke(major, colour["road"], _ROAD)
    _fade(root, frame, asked)


def _fade(root: Element, frame: Frame, asked: Map) -> None:
    """Lay a veil over what is not of the region."""
    if not asked.borders:
        return
    ground = shapely.union_all(frame.place([area.geometry for area in asked.borders]), grid_size=0.1)
    outside = shapely.box(-1, -1, WIDTH + 1, frame.height + 1).difference(ground)
    svg.add(root, "path", d=svg.path([outside]), fill=tokens.PAPER, fill_opacity="0.6", fill_rule="evenodd")


def _areas(root: Element, frame: Frame, asked: Map) -> None:
    for area, shape in zip(asked.borders, frame.place([area.geometry for area in asked.borders]), strict=True):
        if area.figure is not None:
            colour = tokens.SHARE_COLOURS[share_step(area.figure)]
            svg.add(root, "path", d=svg.path([shape]), fill=colour, fill_opacity="0.85", fill_rule="evenodd")
    if asked.covered:
        once, twice = once_and_twice(frame.place(asked.covered))
        for ground, opacity in ((once, "0.35"), (twice, "0.24")):
            if told := svg.path([ground]):
                svg.add(root, "path", d=told, fill=tokens.COVER, fill_opacity=opacity, fill_rule="evenodd")
    for area, shape in zip(asked.gaps, frame.place([area.geometry for area in asked.gaps]), strict=True):
        hatch = f"url(#{asked.key}-hatch-{gap_step(area.figure or 0)})"
        line = {"stroke": tokens.GAP_LINE, "stroke_width": "0.7"}
        svg.add(root, "path", d=svg.path([shape]), fill=hatch, fill_rule="evenodd", **line)


def share_step(share: float) -> int:
    """Give the class of a share; a bound belongs to the class that begins there."""
    return min(sum(share >= bound for bound in tokens.SHARE_STEPS[1:-1]), len(tokens.SHARE_COLOURS) - 1)


def gap_step(people: float) -> int:
    """Give the step of a gap's people."""
    return sum(people >= bound for bound in tokens.GAP_STEPS)


def _borders(root: Element, frame: Frame, asked: Map) -> None:
    """Dot the borders, each once: two townships' dots on one line would run together."""
    lines = shapely.union_all(shapely.boundary(frame.place([area.geometry for area in asked.borders])))
    if told := svg.path([shapely.line_merge(lines)]):
        svg.add(root, "path", d=told, fill="none", stroke=tokens.MUTED, stroke_width="0.8", stroke_dasharray="1.5 2")


def _site(root: Element, frame: Frame, spot: Spot, *, many: int) -> None:
    mark = tokens.MARKS[spot.kind]
    size = _MARK_UNITS[spot.kind] * min(max(math.sqrt(_FEW_SITES / many), 1.0), 2.2)
    x, y = frame.point(spot.lon, spot.lat)
    scale = size / 24  # the marks' own box
    place = f"translate({svg.number(x - size / 2)} {svg.number(y - size / 2)}) scale({scale:.4f})"
    svg.add(root, "path", d=mark.path, transform=place, fill=mark.colour, stroke=tokens.PAPER, stroke_width="2.4")


class _Names:
    """Boxes where words stand already, so that no two lie on each other."""

    def __init__(self) -> None:
        self._boxes: list[tuple[float, float, float, float]] = []

    def free(self, x: float, y: float, wide: float, tall: float, height: float) -> tuple[float, float] | None:
        """Find the nearest free place around (x, y) for a box of a size, and keep it; None where all are taken."""
        for right, down in _SHIFTS:
            left, top = x + right - wide / 2, y + down - tall / 2
            box = (left, top, left + wide, top + tall)
            inside = left >= 0 and top >= 0 and box[2] <= WIDTH and box[3] <= height
            if inside and not any(_overlap(box, other) for other in self._boxes):
                self._boxes.append(box)
                return x + right, y + down
        return None


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _numbers(root: Element, frame: Frame, asked: Map, names: _Names) -> None:
    """Put ranks of gaps and orders of chosen places into badges; who finds no free place is left out of the last."""
    ranked = [area for area in asked.gaps if area.label]
    badges = [(spot.label, *frame.point(spot.lon, spot.lat), tokens.ACTION) for spot in asked.marks]
    badges += [
        (area.label, *middle, tokens.GAP_LINE)
        for area, middle in zip(ranked, _middles(frame.place([area.geometry for area in ranked])), strict=True)
    ]
    for words, x, y, colour in badges:
        spot = names.free(x, y, 2 * _BADGE, 2 * _BADGE, frame.height)
        if spot is None:
            continue
        if spot != (x, y):
            svg.add(root, "path", d=f"M{svg.number(x)} {svg.number(y)}L{svg.number(spot[0])} {svg.number(spot[1])}",
                stroke=colour, stroke_width="0.8")  # fmt: skip
        svg.add(root, "circle", cx=spot[0], cy=spot[1], r=_BADGE, fill=tokens.PAPER, stroke=colour, stroke_width="1.2")
        svg.text(root, spot[0], spot[1] + 3, words, size=_SMALL, text_anchor="middle", font_weight="bold", fill=colour)


def _labels(root: Element, frame: Frame, asked: Map, names: _Names) -> None:
    """Name the townships, the largest first."""
    shapes = frame.place([area.geometry for area in asked.borders])
    places = list(zip(asked.borders, _middles(shapes), shapely.area(shapes).tolist(), strict=True))
    for area, (x, y), _ in sorted(places, key=lambda told: -told[2]):
        words = area.label.removesuffix("街道")
        wide = sum(_NAME if ord(letter) > 0x2E7F else _NAME * 0.55 for letter in words)  # noqa: PLR2004 - where CJK begins
        spot = names.free(x, y, wide, _NAME * 1.2, frame.height)
        if spot is not None:
            svg.haloed(
                root, spot[0], spot[1] + _NAME * 0.36, words, size=_NAME, text_anchor="middle", font_weight="bold"
            )


def _middles(shapes: NDArray[np.object_]) -> list[tuple[float, float]]:
    """Give the roomiest place of each shape."""
    return [
        shapely.get_coordinates(shapely.maximum_inscribed_circle(shape, 0.5))[0].tolist() if shape.area else (0.0, 0.0)
        for shape in shapes.tolist()
    ]


def _furniture(root: Element, frame: Frame, credit: str, *, synthetic: bool) -> None:
    """Add scale bar, north, credit, frame, and the word for made-up data."""
    length_m = _round_length(110 / frame.units_per_m)
    wide, left, below = length_m * frame.units_per_m, 12.0, frame.height - 12
    words = f"{length_m / 1000:g} km" if length_m >= 1000 else f"{length_m:g} m"  # noqa: PLR2004 - a kilometre
    bar = f"M{svg.number(left)} {svg.number(below - 5)}V{svg.number(below)}H{svg.number(left + wide)}v-5"
    svg.add(root, "path", d=bar, fill="none", stroke=tokens.PAPER, stroke_width="3.4", stroke_opacity="0.8")
    svg.add(root, "path", d=bar, fill="none", stroke=tokens.INK, stroke_width="1.3")
    svg.haloed(root, left + 5, below - 4, words, size=_SMALL)
    north = f"M{svg.number(WIDTH - 20)} 12l5 15l-5 -3.5l-5 3.5z"
    svg.add(root, "path", d=north, fill=tokens.INK)
    svg.haloed(root, WIDTH - 20, 37, "N", size=_SMALL, text_anchor="middle")
    svg.haloed(root, WIDTH - 8, frame.height - 8, credit, size=_SMALL, text_anchor="end", fill=tokens.MUTED)
    if synthetic:
        svg.add(
            root, "rect", x=10, y=10, width=112, height=20, rx=10, fill="#fff1d6", stroke="#d8a24a", stroke_width="1"
        )
        svg.text(
            root, 66, 23.5, "示范数据 synthetic", size=10, text_anchor="middle", font_weight="bold", fill="#6b3f00"
        )
    svg.add(root, "rect", x=0.5, y=0.5, width=WIDTH - 1, height=frame.height - 1, fill="none", stroke=tokens.LINE)


def _round_length(most_m: float) -> float:
    """Give the longest of 1, 2, 5, 10, 20, 50, ... metres that fits."""
    power = 10.0 ** math.floor(math.log10(most_m))
    return max(step * power for step in (1, 2, 5) if step * power <= most_m)
