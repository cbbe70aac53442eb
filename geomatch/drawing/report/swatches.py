"""Swatches of a map's legend: small pictures of what the map draws, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomatch.drawing import tokens
from geomatch.drawing.report import svg

if TYPE_CHECKING:
    from collections.abc import Callable
    from xml.etree.ElementTree import Element

_WIDE, _TALL = 26.0, 15.0
_LINE = "#9aa3a0"


def swatch(name: str) -> str:
    """Draw a swatch; KeyError for a name that no map uses."""
    if name in tokens.MARKS:
        return _mark(name)
    kind, _, step = name.rpartition("-") if name[-1:].isdigit() else (name, "", "0")
    root = svg.picture(_WIDE, _TALL, alt="")
    root.set("class", "swatch")
    root.set("aria-hidden", "true")
    _DRAWN[kind](root, int(step))
    return svg.rendered(root)


def _mark(kind: str) -> str:
    mark = tokens.MARKS[kind]
    root = svg.picture(_TALL, _TALL, alt="")
    root.set("class", "swatch")
    root.set("aria-hidden", "true")
    root.set("viewBox", "0 0 24 24")
    svg.add(root, "path", d=mark.path, fill=mark.colour)
    return svg.rendered(root)


def _filled(root: Element, fill: str, opacity: float, *, under: str = tokens.BASE["ground"]) -> None:
    box = {"x": 0.5, "y": 0.5, "width": _WIDE - 1, "height": _TALL - 1}
    svg.add(root, "rect", **box, fill=under)
    svg.add(root, "rect", **box, fill=fill, fill_opacity=f"{opacity:g}", stroke=_LINE)


def _covered(root: Element, _step: int) -> None:
    _filled(root, tokens.COVER, 0.35)


def _covered_twice(root: Element, _step: int) -> None:
    _filled(root, tokens.COVER, 0.51)


def _share(root: Element, step: int) -> None:
    _filled(root, tokens.SHARE_COLOURS[step], 1.0)


def _gap(root: Element, step: int) -> None:
    _filled(root, tokens.GAP, tokens.GAP_FILLS[step])
    width = (0.8, 1.3, 2.0)[step]
    lines = "".join(f"M{x} 14.5L{x + 14} .5" for x in (-9, -3, 3, 9, 15))
    cut = svg.add(root, "svg", x=0.5, y=0.5, width=_WIDE - 1, height=_TALL - 1, viewBox="0.5 0.5 25 14")
    svg.add(cut, "path", d=lines, stroke=tokens.GAP_LINE, stroke_width=f"{width:g}", fill="none")


def _border(root: Element, _step: int) -> None:
    svg.add(root, "path", d="M1 7.5H25", stroke=tokens.MUTED, stroke_width="1.4", stroke_dasharray="2 2.5", fill="none")


def _badge(root: Element, colour: str) -> None:
    svg.add(root, "circle", cx=13, cy=7.5, r=6.5, fill=tokens.PAPER, stroke=colour, stroke_width="1.2")
    svg.text(root, 13, 10.7, "1", size=8.5, text_anchor="middle", font_weight="bold", fill=colour)


_DRAWN: dict[str, Callable[[Element, int], None]] = {
    "covered": _covered,
    "covered-twice": _covered_twice,
    "share": _share,
    "gap": _gap,
    "border": _border,
    "rank": lambda root, _: _badge(root, tokens.GAP_LINE),
    "chosen": lambda root, _: _badge(root, tokens.ACTION),
}
