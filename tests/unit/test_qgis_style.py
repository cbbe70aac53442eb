"""Styles for QGIS are well-formed, name columns that exist, and look as our own maps do."""

from __future__ import annotations

import base64
import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from geomatch.drawing import qgis_style, tokens
from geomatch.planning.sites import SiteKind
from geomatch.services import layers

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "geomatch" / "web" / "static"
COLUMNS = {
    "townships": layers._TOWNSHIP, "gaps": layers._GAP, "circles": layers._CIRCLE, "areas": layers._AREA_OF,
    "sites": layers._SITE, "homes": layers._HOME,
}  # fmt: skip
STYLES = qgis_style.styles()


def root_of(name: str) -> ET.Element:
    """Parse a style."""
    return ET.fromstring(STYLES[name])  # noqa: S314 - our own text


def options(element: ET.Element) -> dict[str, str]:
    """Give what a symbol's layer says of its look."""
    return {option.get("name", ""): option.get("value", "") for option in element.findall("Option/Option")}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_style_names_columns_that_every_form_has(name: str) -> None:
    """Attributes and filters are columns whose full name a shapefile holds."""
    root = root_of(name)
    named = {element.get("attr") for element in root.iter("renderer-v2")} - {None}
    named |= {style.get("fieldName") for style in root.iter("text-style")}
    for rule in root.iter("rule"):
        named |= set(re.findall(r'"(\w+)"', rule.get("filter", "")))
    assert named <= {column.name for column in COLUMNS[name] if column.name == column.short}
    assert named or name in {"circles", "areas"}


@pytest.mark.parametrize("name", COLUMNS)
def test_every_class_has_its_symbol(name: str) -> None:
    """Ranges, categories and rules point to symbols that are there, and every symbol is pointed to."""
    root = root_of(name)
    asked = [element.get("symbol") for kind in ("range", "category", "rule") for element in root.iter(kind)]
    there = [symbol.get("name") for symbol in root.findall("renderer-v2/symbols/symbol")]
    assert len(there) == len(set(there))
    assert sorted(asked) == sorted(there) or (asked, there) == ([], ["0"])
    assert all(options(layer) for layer in root.iter("layer"))


def test_classes_tile_the_shares_and_a_bound_is_in_the_upper() -> None:
    """QGIS takes the first range that holds a value: 85 % must be in the class that begins there."""
    bounds = [(float(one.get("lower", "")), float(one.get("upper", ""))) for one in root_of("townships").iter("range")]
    assert bounds[0][1] == 1.0
    assert bounds[-1][0] == 0.0
    assert all(upper[0] == lower[1] for upper, lower in pairwise(bounds))
    assert next(low for low, high in bounds if low <= 0.85 <= high) == 0.85


def test_gaps_are_hatched_more_strongly_with_more_people() -> None:
    """Three classes with lines of growing width over a ground of growing opacity."""
    widths, grounds = [], []
    for symbol in root_of("gaps").findall("renderer-v2/symbols/symbol"):
        fill, hatch = symbol.findall("layer")
        assert (fill.get("class"), hatch.get("class")) == ("SimpleFill", "LinePatternFill")
        pen = hatch.find("symbol/layer")
        assert pen is not None
        widths.append(float(options(pen)["line_width"]))
        grounds.append(int(options(fill)["color"].split(",")[3]))
    assert widths == sorted(widths, reverse=True)
    assert grounds == sorted(grounds, reverse=True)
    assert len(set(widths)) == len(set(grounds)) == 3


def test_every_kind_of_site_has_its_own_mark() -> None:
    """Shape and colour differ; the drawing travels inside the style."""
    root = root_of("sites")
    kinds = {category.get("value") for category in root.iter("category")}
    assert kinds == {kind.value for kind in SiteKind}
    drawn = [base64.b64decode(options(layer)["name"].removeprefix("base64:")) for layer in root.iter("layer")]
    for drawing in drawn:
        ET.fromstring(drawing)  # noqa: S314 - our own text
    assert len(set(drawn)) == len(SiteKind)


def test_tokens_say_what_the_browser_is_told() -> None:
    """Colours and marks of Python and of the pages are the same."""
    css, basemap, kinds = (
        (STATIC / name).read_text("utf-8") for name in ("css/site.css", "js/basemap.js", "js/kinds.js")
    )
    light = dict(re.findall(r"--([\w-]+): (#\w{6});", css[: css.index("@media")]))
    named = ("ink", "muted", "paper", "ground", "line", "accent", "action", "cover", "good")
    assert [light[name] for name in named] == [getattr(tokens, name.upper()) for name in named]
    assert light["gap"] == tokens.GAP_LINE
    drawn = dict(re.findall(r'(\w+): "(#\w{6})"', basemap[: basemap.index("const DARK")]))
    assert {name: drawn[name] for name in tokens.BASE} == dict(tokens.BASE)
    flat = kinds.replace("\n", " ")
    for kind, mark in tokens.MARKS.items():
        assert re.search(
            rf'{kind}: {{\s*colour: "{mark.colour}", size: {mark.size},\s*path: "{re.escape(mark.path)}"', flat
        )
    hatch = (STATIC / "js" / "area_layer.js").read_text("utf-8")
    assert f"GAP_STEPS = [{tokens.GAP_STEPS[0]}, {tokens.GAP_STEPS[1]}]" in hatch
