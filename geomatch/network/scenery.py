"""What a base map draws besides the walking streets: water, green, railways, roads for cars, names of places."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import osmium
import shapely

from geomatch.network import osm

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_WATER_AREAS = {
    "natural": ("water",),
    "waterway": ("riverbank", "dock"),
    "landuse": ("reservoir", "basin"),
}
_GREEN_AREAS = {
    "leisure": ("park", "garden", "golf_course", "pitch", "playground"),
    "landuse": (
        "forest", "grass", "meadow", "cemetery", "orchard", "vineyard", "recreation_ground", "village_green",
        "allotments",
    ),
    "natural": ("wood", "scrub", "grassland", "heath"),
}  # fmt: skip
_WATER_LINES = {"waterway": ("river", "canal", "stream", "drain", "ditch"), "natural": ("coastline",)}
_RAILS = ("rail", "light_rail", "subway", "tram", "narrow_gauge", "monorail", "funicular")
_ROADS = (
    "motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street", "service",
    "road", "busway",
)  # fmt: skip
_PLACES = ("city", "town", "suburb", "quarter", "neighbourhood", "village", "hamlet", "island", "locality", "square")
_KEYS = ("highway", "railway", "natural", "landuse", "leisure", "waterway", "place")


@dataclass(frozen=True)
class Layer:
    """Things of one theme; every field has n entries.

    Attributes:
        kind: the class within the theme as OpenStreetMap spells it, such as "park" or "motorway" (links included).
        name: its name, or an empty text.
        geometry: object (n,), shapely points, lines or multipolygons in WGS-84 degrees, longitude first.
        bridge: bool (n,), drawn above what it crosses.
    """

    kind: tuple[str, ...]
    name: tuple[str, ...]
    geometry: NDArray[np.object_]
    bridge: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.kind)


@dataclass(frozen=True)
class Scenery:
    """The base map's layers; any of them may be empty.

    Attributes:
        water: lakes and wide rivers as multipolygons; narrow rivers, canals and coastlines as lines.
        green: parks, woods, meadows, cemeteries: multipolygons.
        rail: railways above ground: lines.
        roads: every road that cars use, those closed to people on foot included: lines.
        places: named places: points.
    """

    water: Layer
    green: Layer
    rail: Layer
    roads: Layer
    places: Layer


@dataclass
class _Growing:
    """A layer while the file is read; geometry as hex of WKB."""

    kind: list[str] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    wkb: list[str] = field(default_factory=list)
    bridge: list[bool] = field(default_factory=list)

    def add(self, kind: str, tags: Any, wkb: str) -> None:
        self.kind.append(kind)
        self.name.append(tags.get("name", ""))
        self.wkb.append(wkb)
        self.bridge.append(tags.get("bridge", "no") != "no")

    def done(self) -> Layer:
        geometry = np.asarray(shapely.from_wkb(np.array(self.wkb, object)), object).reshape(-1)
        return Layer(tuple(self.kind), tuple(self.name), geometry, np.array(self.bridge, bool))


def read(path: Path) -> Scenery:
    """Read what the base map draws; an extract may well hold none of it.

    A thing that lacks nodes in the extract is left out whole, for a base map promises nothing.

    Args:
        path: .osm.pbf, .osm, .osm.gz or .osm.bz2.

    Raises:
        InputError: no such file, another ending, or not readable as OpenStreetMap.
    """
    osm.check_file(path)
    layers = {theme: _Growing() for theme in ("water", "green", "rail", "roads", "places")}
    factory = osmium.geom.WKBFactory()
    wanted = osmium.filter.KeyFilter(*_KEYS)
    processor = osmium.FileProcessor(str(path)).with_areas(wanted).with_filter(wanted)
    for entity in osm.guarded(path, processor):
        found = _theme(entity)
        if found is None:
            continue
        theme, kind = found
        wkb = _wkb(factory, entity)
        if wkb is not None:
            layers[theme].add(kind, entity.tags, wkb)
    return Scenery(**{theme: layer.done() for theme, layer in layers.items()})


def _theme(entity: Any) -> tuple[str, str] | None:
    """Say to which layer a thing belongs and as what; None where the base map leaves it out."""
    if entity.is_area():
        return _area_theme(entity.tags)
    if entity.is_way():
        return _line_theme(entity.tags)
    if entity.is_node():
        place = entity.tags.get("place", "")
        return ("places", place) if place in _PLACES and entity.tags.get("name", "") else None
    return None


def _area_theme(tags: Any) -> tuple[str, str] | None:
    for theme, table in (("water", _WATER_AREAS), ("green", _GREEN_AREAS)):
        for key, values in table.items():
            value = tags.get(key, "")
            if value in values:
                return theme, value
    return None


def _line_theme(tags: Any) -> tuple[str, str] | None:
    highway: str = tags.get("highway", "")
    if highway:
        kind = highway.removesuffix("_link")
        return ("roads", kind) if kind in _ROADS and tags.get("area", "") != "yes" else None
    underground = tags.get("tunnel", "no") != "no"
    railway = tags.get("railway", "")
    if railway in _RAILS:
        return None if underground else ("rail", railway)
    for key, values in _WATER_LINES.items():
        value = tags.get(key, "")
        if value in values:
            return None if underground else ("water", value)
    return None


def _wkb(factory: Any, entity: Any) -> str | None:
    """Give a thing's geometry as hex of WKB; None where the extract holds too little of it."""
    try:
        if entity.is_area():
            text: str = factory.create_multipolygon(entity)
        elif entity.is_way():
            text = factory.create_linestring(entity)
        else:
            text = factory.create_point(entity)
    except (osmium.InvalidLocationError, RuntimeError):
        return None
    return text
