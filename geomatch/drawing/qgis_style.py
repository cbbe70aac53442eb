"""Styles by which QGIS shows our layers (QML): the classes, hatches and marks of our own maps.

Law of the file: a style names only columns whose name a shapefile can hold, so that it fits every form of a layer.
"""

from __future__ import annotations

import base64
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from geomatch.drawing import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Symbol = ET.Element

_VERSION = "3.28.0"
_DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_MARKER_MM = {kind: round(mark.size / 7.5, 1) for kind, mark in tokens.MARKS.items()}
_HATCH_MM = ((0.25, 2.6), (0.45, 2.6), (0.75, 2.6))
"""Width and distance of the hatch's lines, by step of people."""


def styles() -> dict[str, str]:
    """Give the QML of every layer that has a style, by the layer's name."""
    return {
        "townships": _document(_townships(), label="name"),
        "gaps": _document(_gaps()),
        "circles": _document(_single(_fill(tokens.COVER, 0.35, tokens.COVER, 0.1))),
        "areas": _document(_single(_fill(tokens.COVER, 0.18, tokens.COVER, 0.3))),
        "sites": _document(_sites()),
        "homes": _document(_homes()),
    }


def _document(renderer: ET.Element, *, label: str | None = None) -> str:
    root = ET.Element(
        "qgis", version=_VERSION, styleCategories="Symbology|Labeling", labelsEnabled=str(int(bool(label)))
    )
    root.append(renderer)
    if label is not None:
        labelling = ET.SubElement(root, "labeling", type="simple")
        settings = ET.SubElement(labelling, "settings", calloutType="simple")
        style = ET.SubElement(
            settings, "text-style", fieldName=label, isExpression="0", fontFamily="Noto Sans CJK SC", fontSize="9",
            fontSizeUnit="Point", textColor=_rgba(tokens.INK, 1.0), textOpacity="1",
        )  # fmt: skip
        ET.SubElement(
            style, "text-buffer", bufferDraw="1", bufferSize="0.8", bufferSizeUnits="MM",
            bufferColor=_rgba(tokens.PAPER, 1.0), bufferOpacity="1",
        )  # fmt: skip
    ET.indent(root, space=" ")
    return _DOCTYPE + ET.tostring(root, encoding="unicode") + "\n"


def _townships() -> ET.Element:
    """Class the townships by share; the highest class first, since QGIS takes the first that holds a value."""
    steps = list(pairwise(tokens.SHARE_STEPS))
    classes = [
        (f"{low:.0%} – {high:.0%}", low, high, _fill(colour, 0.75, tokens.MUTED, 0.3))
        for (low, high), colour in zip(steps, tokens.SHARE_COLOURS, strict=True)
    ]
    return _graduated("share", reversed(classes))


def _gaps() -> ET.Element:
    bounds = (0, *tokens.GAP_STEPS, 100_000_000)
    names = [
        f"< {bounds[1]:,}",
        *(f"{low:,} – {high:,}" for low, high in pairwise(tokens.GAP_STEPS)),
        f"≥ {bounds[-2]:,}",
    ]
    classes = [
        (name, low, high, _hatched(opacity, width, apart))
        for name, (low, high), opacity, (width, apart) in zip(
            names, pairwise(bounds), tokens.GAP_FILLS, _HATCH_MM, strict=True
        )
    ]
    return _graduated("people", reversed(classes))


def _sites() -> ET.Element:
    renderer = _renderer("categorizedSymbol", attr="kind")
    categories = ET.SubElement(renderer, "categories")
    symbols = ET.SubElement(renderer, "symbols")
    for place, (kind, mark) in enumerate(tokens.MARKS.items()):
        ET.SubElement(categories, "category", value=kind, symbol=str(place), label=kind, render="true", type="string")
        symbols.append(_symbol("marker", place, _marker(mark, _MARKER_MM[kind])))
    return renderer


def _homes() -> ET.Element:
    """Tell homes within the limit from those beyond it, by shape as well as by colour."""
    renderer = _renderer("RuleRenderer")
    rules = ET.SubElement(renderer, "rules", key="root")
    symbols = ET.SubElement(renderer, "symbols")
    drawn = (
        ("within", '"covered"', {"name": "circle", "color": _rgba(tokens.COVER, 1.0), "size": "1.2"}),
        ("beyond", 'NOT "covered"', {"name": "triangle", "color": _rgba(tokens.GAP_LINE, 1.0), "size": "1.6"}),
    )
    for place, (label, test, look) in enumerate(drawn):
        ET.SubElement(rules, "rule", key=label, symbol=str(place), label=label, filter=test)
        symbols.append(
            _symbol("marker", place, _layer("SimpleMarker", look | {"outline_style": "no", "size_unit": "MM"}))
        )
    return renderer


def _single(layers: Sequence[ET.Element]) -> ET.Element:
    renderer = _renderer("singleSymbol")
    ET.SubElement(renderer, "symbols").append(_symbol("fill", 0, *layers))
    return renderer


def _graduated(column: str, classes: Iterable[tuple[str, float, float, Sequence[ET.Element]]]) -> ET.Element:
    renderer = _renderer("graduatedSymbol", attr=column, graduatedMethod="GraduatedColor")
    ranges = ET.SubElement(renderer, "ranges")
    symbols = ET.SubElement(renderer, "symbols")
    for place, (label, low, high, layers) in enumerate(classes):
        ET.SubElement(
            ranges, "range", lower=f"{low:.6f}", upper=f"{high:.6f}", symbol=str(place), label=label, render="true"
        )
        symbols.append(_symbol("fill", place, *layers))
    return renderer


def _renderer(kind: str, **attributes: str) -> ET.Element:
    plain = {"type": kind, "symbollevels": "0", "enableorderby": "0", "forceraster": "0"}
    return ET.Element("renderer-v2", plain | attributes)


def _symbol(kind: str, name: object, *layers: ET.Element) -> Symbol:
    symbol = ET.Element("symbol", type=kind, name=str(name), alpha="1", clip_to_extent="1", force_rhr="0")
    symbol.extend(layers)
    return symbol


def _layer(kind: str, look: Mapping[str, str]) -> ET.Element:
    layer = ET.Element("layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"})
    options = ET.SubElement(layer, "Option", type="Map")
    for name, value in look.items():
        ET.SubElement(options, "Option", type="QString", name=name, value=value)
    return layer


def _fill(colour: str, opacity: float, line: str, width: float) -> list[ET.Element]:
    look = {
        "color": _rgba(colour, opacity), "style": "solid", "outline_color": _rgba(line, 1.0), "outline_style": "solid",
        "outline_width": f"{width:g}", "outline_width_unit": "MM", "joinstyle": "round",
    }  # fmt: skip
    return [_layer("SimpleFill", look)]


def _hatched(opacity: float, width: float, apart: float) -> list[ET.Element]:
    """Lay a hatch of lines over a light ground; the pen of the lines is a symbol of its own."""
    hatch = _layer(
        "LinePatternFill", {"angle": "45", "distance": f"{apart:g}", "distance_unit": "MM", "line_width": f"{width:g}"}
    )
    pen = {
        "line_color": _rgba(tokens.GAP_LINE, 1.0),
        "line_style": "solid",
        "line_width": f"{width:g}",
        "line_width_unit": "MM",
    }
    hatch.append(_symbol("line", "@0@1", _layer("SimpleLine", pen)))
    return [*_fill(tokens.GAP, opacity, tokens.GAP_LINE, 0.3), hatch]


def _marker(mark: tokens.Mark, size_mm: float) -> ET.Element:
    """Carry our own drawing of a kind inside the style, so that no file beside it is needed."""
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24">'
        f'<path d="{mark.path}" fill="{mark.colour}" stroke="#ffffff" stroke-width="1.5"/></svg>'
    )
    packed = base64.b64encode(drawing.encode()).decode()
    return _layer("SvgMarker", {"name": f"base64:{packed}", "size": f"{size_mm:g}", "size_unit": "MM", "angle": "0"})


def _rgba(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"{red},{green},{blue},{round(255 * opacity)}"
