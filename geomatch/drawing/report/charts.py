"""Charts of a report as SVG: bars from zero, words beside what they say, legible in black and white."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from geomatch.drawing import tokens
from geomatch.drawing.report import svg

if TYPE_CHECKING:
    from collections.abc import Iterable
    from xml.etree.ElementTree import Element

    from geomatch.reporting.pictures import Bars, Curve, HeatMap, Lorenz

WIDTH = 640.0
_SIZE = 12.0
_BAR, _LABEL, _VALUE = 26.0, 130.0, 62.0
_SQUARE = 300.0
_HEAT = ("#f6f0dc", "#dbe7d3", "#b4d8cd", "#85c0bd", "#56a5a9", "#2b878e", "#0b6a70")
"""Few to many, light to dark."""


def bars(asked: Bars) -> str:
    """Draw shares as bars from 0 to 100 %."""
    height = _BAR * len(asked.bars) + (18 if asked.mark else 4)
    root = svg.picture(WIDTH, height, alt=asked.alt)
    top, wide = 16.0 if asked.mark else 2.0, WIDTH - _LABEL - _VALUE
    for place, (words, share, told) in enumerate(asked.bars):
        y = top + place * _BAR
        colour = tokens.MINUTES_COLOURS[place] if asked.colours == "minutes" else tokens.COVER
        svg.text(root, _LABEL - 8, y + 16, words, size=_SIZE, text_anchor="end")
        svg.add(root, "rect", x=_LABEL, y=y + 3, width=wide, height=_BAR - 8, fill=tokens.GROUND)
        filled = wide * (share or 0.0)
        svg.add(root, "rect", x=_LABEL, y=y + 3, width=filled, height=_BAR - 8, fill=colour)
        svg.text(root, _LABEL + wide + 8, y + 16, told, size=_SIZE, font_weight="bold")
    if asked.mark:
        share, words = asked.mark
        x = _LABEL + wide * share
        line = {"stroke": tokens.ACCENT, "stroke_width": "1.4", "stroke_dasharray": "4 3"}
        svg.add(root, "path", d=f"M{svg.number(x)} 14V{svg.number(height)}", fill="none", **line)
        svg.text(root, x, 10, words, size=10.5, text_anchor="middle", fill=tokens.ACCENT)
    return svg.rendered(root)


def lorenz(asked: Lorenz) -> str:
    """Draw a Lorenz curve beside the diagonal of perfect evenness."""
    left, top = 46.0, 12.0
    root = svg.picture(_SQUARE + left + 16, _SQUARE + top + 44, alt=asked.alt)
    _axes(root, left, top, _SQUARE, _SQUARE, (0.0, 0.25, 0.5, 0.75, 1.0))

    def at(point: tuple[float, float]) -> tuple[float, float]:
        return left + _SQUARE * point[0], top + _SQUARE * (1 - point[1])

    for share in (0.0, 0.5, 1.0):
        x, _ = at((share, 0))
        svg.text(root, x, top + _SQUARE + 16, f"{share:.0%}", size=10.5, text_anchor="middle", fill=tokens.MUTED)
    diagonal = _line([at((0, 0)), at((1, 1))])
    if asked.points:
        curve = [at(point) for point in asked.points]
        svg.add(root, "path", d=_line([*curve, at((0, 0))]) + "Z", fill=tokens.COVER, fill_opacity="0.18")
        svg.add(root, "path", d=_line(curve), fill="none", stroke=tokens.COVER, stroke_width="2.4")
    dash = {"stroke": tokens.MUTED, "stroke_width": "1.2", "stroke_dasharray": "4 3"}
    svg.add(root, "path", d=diagonal, fill="none", **dash)
    x, y = at((0.5, 0.5))
    turned = f"rotate(-45 {svg.number(x)} {svg.number(y)})"
    svg.text(root, x, y - 6, asked.even, size=10.5, text_anchor="middle", fill=tokens.MUTED, transform=turned)
    svg.text(root, left + _SQUARE / 2, top + _SQUARE + 34, asked.across, size=11, text_anchor="middle")
    _up(root, 12, top + _SQUARE / 2, asked.up)
    return svg.rendered(root)


def heat_map(asked: HeatMap) -> str:
    """Draw shares as cells, each with its per cent, light for few and dark for many."""
    left, top, across, down = 44.0, 22.0, 24.0, 22.0
    columns = len(asked.shares[0]) if asked.shares else 0
    across = (WIDTH - left - 2) / max(columns, 1)
    root = svg.picture(WIDTH, top + down * len(asked.rows) + 30, alt=asked.alt)
    most = max((share for row in asked.shares for share in row), default=0.0)
    for hour in range(0, columns, 3):
        svg.text(root, left + across * hour, top - 7, f"{hour}:00", size=10, fill=tokens.MUTED)
    for place, (words, row) in enumerate(zip(asked.rows, asked.shares, strict=True)):
        y = top + down * place
        svg.text(root, left - 8, y + 15, words, size=11.5, text_anchor="end")
        for hour, share in enumerate(row):
            step = _heat_step(share, most)
            svg.add(root, "rect", x=left + across * hour, y=y, width=across - 1, height=down - 1, fill=_HEAT[step])
            dark = step >= len(_HEAT) - 3
            ink = tokens.PAPER if dark else tokens.INK
            middle = left + across * (hour + 0.5) - 0.5
            svg.text(root, middle, y + 14.5, f"{100 * share:.0f}", size=9.5, text_anchor="middle", fill=ink)
    _heat_legend(root, left, top + down * len(asked.rows) + 8, asked.legend)
    return svg.rendered(root)


def _heat_step(share: float, most: float) -> int:
    return min(int(share / most * len(_HEAT)), len(_HEAT) - 1) if most else 0


def _heat_legend(root: Element, left: float, y: float, words: tuple[str, str]) -> None:
    low, high = words
    svg.text(root, left, y + 11, low, size=10.5, fill=tokens.MUTED)
    for step, colour in enumerate(_HEAT):
        svg.add(root, "rect", x=left + 30 + 24 * step, y=y, width=24, height=13, fill=colour)
    svg.text(root, left + 38 + 24 * len(_HEAT), y + 11, high, size=10.5, fill=tokens.MUTED)


def curve(asked: Curve) -> str:
    """Draw a share as it grows with a count, from zero, under the bound that nothing passes."""
    left, top, wide, tall = 52.0, 18.0, WIDTH - 52 - 20, 240.0
    root = svg.picture(WIDTH, top + tall + 44, alt=asked.alt)
    most = max((count for count, _ in asked.points), default=1) or 1
    _axes(root, left, top, wide, tall, (0.0, 0.25, 0.5, 0.75, 1.0))

    def at(count: float, share: float) -> tuple[float, float]:
        return left + wide * count / most, top + tall * (1 - share)

    if asked.points:
        svg.add(root, "path", d=_line([at(*point) for point in asked.points]), fill="none", stroke=tokens.COVER,
            stroke_width="2.4")  # fmt: skip
    for count in sorted({0, most // 2, most}):
        svg.text(
            root, at(count, 0)[0], top + tall + 16, f"{count:,}", size=10.5, text_anchor="middle", fill=tokens.MUTED
        )
    if asked.bound:
        share, words = asked.bound
        y = at(0, share)[1]
        line = {"stroke": tokens.ACCENT, "stroke_width": "1.4", "stroke_dasharray": "4 3"}
        svg.add(root, "path", d=f"M{svg.number(left)} {svg.number(y)}H{svg.number(left + wide)}", fill="none", **line)
        svg.haloed(root, left + 6, y - 5, words, size=10.5, fill=tokens.ACCENT)
    svg.text(root, left + wide / 2, top + tall + 36, asked.across, size=11, text_anchor="middle")
    _up(root, 12, top + tall / 2, asked.up)
    return svg.rendered(root)


def _axes(root: Element, left: float, top: float, wide: float, tall: float, marks: Iterable[float]) -> None:  # noqa: PLR0917 - private
    for share in marks:
        y = top + tall * (1 - share)
        svg.add(
            root, "path", d=f"M{svg.number(left)} {svg.number(y)}h{svg.number(wide)}", stroke=tokens.LINE, fill="none"
        )
        svg.text(root, left - 6, y + 4, f"{share:.0%}", size=10.5, text_anchor="end", fill=tokens.MUTED)


def _up(root: Element, x: float, y: float, words: str) -> None:
    """Write the name of the upward axis along it."""
    turned = f"rotate(-90 {svg.number(x)} {svg.number(y)})"
    svg.text(root, x, y, words, size=11, text_anchor="middle", transform=turned)


def _line(points: list[tuple[float, float]]) -> str:
    told = [f"{svg.number(x)} {svg.number(y)}" for x, y in points]
    kept = told[:1] + [here for before, here in pairwise(told) if here != before]
    return "M" + "L".join(kept)
