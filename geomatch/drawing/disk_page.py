"""A map as one file: opens from disk with no network, for programs, styles, streets and answers are all inside it."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, select_autoescape

from geomatch.drawing import assets, folium_map

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEMPLATE = Path(__file__).with_name("disk.html")
_ENTRY = "disk_page.js"
_TITLES = {"coverage": "步行覆盖 walking coverage", "gaps": "盲区 gaps"}
_IMPORT = re.compile(r"^import (?:\{[^}]*\} from )?\"\./([\w.]+)\";\n", re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)
_SCRIPT_END = re.compile(r"</(?=script)|<!--", re.IGNORECASE)


@dataclass(frozen=True)
class DiskMap:
    """What the file shows.

    Attributes:
        name: the region's name.
        layer: "coverage" or "gaps".
        synthetic: True where the data is made up.
        bbox: west, south, east, north in degrees.
        settings: what the map's programs need to know, as for a served page.
        answers: coverage, sites, units and circles or gaps, as `drawing.answers` gives them.
        tiles: the base map's bytes (PMTiles).
    """

    name: str
    layer: str
    synthetic: bool
    bbox: tuple[float, float, float, float]
    settings: Mapping[str, object]
    answers: Mapping[str, Any]
    tiles: bytes


def draw(page: DiskMap) -> str:
    """Write the page's HTML."""
    parts = folium_map.draw_stage(page.bbox, page.settings)
    environment = Environment(autoescape=select_autoescape(default=True))
    template = environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
    styles = [*parts.styles, "css/site.css", "css/map.css"]
    return template.render(
        name=page.name,
        title=_TITLES[page.layer],
        synthetic=page.synthetic,
        html=parts.html,
        styles=[_without_pictures(assets.text_of(path)) for path in styles],
        scripts=[inline(text) for text in (*map(assets.text_of, parts.scripts), parts.script)],
        program=inline(bundle(_ENTRY)),
        answers=dict(page.answers),
        tiles=base64.b64encode(page.tiles).decode("ascii"),
    )


def bundle(entry: str) -> str:
    """Join a program and the modules it imports into one, each module once and before its first use.

    Our modules import by `import { a, b } from "./name.js";` and export by `export` before a declaration; their
    top-level names do not clash (a test keeps both).
    """
    return "".join(_gather(entry, {}).values())


def modules_of(entry: str) -> tuple[str, ...]:
    """Name the modules that a program is made of, the program last, so that a page can ask for all at once."""
    return tuple(_gather(entry, {}))


def _gather(name: str, parts: dict[str, str]) -> dict[str, str]:
    text = assets.text_of(f"js/{name}")
    for needed in _IMPORT.findall(text):
        if needed not in parts:
            _gather(needed, parts)
    parts[name] = _EXPORT.sub("", _IMPORT.sub("", text))
    return parts


def inline(script: str) -> str:
    """Make a script safe to stand inside <script>: nothing in it may end the element."""
    return _SCRIPT_END.sub(lambda found: found.group().replace("<", r"\x3c"), script)


def _without_pictures(style: str) -> str:
    """Drop pictures by address: they are of controls that our maps do not have."""
    return re.sub(r"url\([^)]*\)", "none", style)
