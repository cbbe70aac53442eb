"""What lies around the walking streets: water, green, railways, roads for cars, names of places, what is closed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geomatch.network import extract, foot_rules

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from geomatch.network.extract import Extract, Things
    from geomatch.network.foot_rules import Tags

    _Theme = tuple[str, str] | None

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
_AREA_KEYS = frozenset((*_WATER_AREAS, *_GREEN_AREAS))
_KEYS = _AREA_KEYS | {"highway", "railway", "place", "barrier", *_WATER_LINES}
WANTED = extract.Wanted(keys=_KEYS, asked=_KEYS | foot_rules.KEYS | {"area", "tunnel", "bridge", "type"})
_ROADS_TO_JUDGE = ("motorway", "trunk")
_COMPOUNDS = ("no", "private", "military")


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
    """The layers, all but the last for the base map; any of them may be empty.

    Attributes:
        water: lakes and wide rivers as multipolygons; narrow rivers, canals and coastlines as lines.
        green: parks, woods, meadows, cemeteries: multipolygons.
        rail: railways above ground: lines.
        roads: every road that cars use, those closed to people on foot included: lines.
        places: named places: points.
        closed: what else people may not cross: "wall" (fences and hedges too) and "road" (motorways and the like on the
            ground that are closed to them) as lines, "compound" (private land) as multipolygons. No base map draws it.
    """

    water: Layer
    green: Layer
    rail: Layer
    roads: Layer
    places: Layer
    closed: Layer


@dataclass
class _Growing:
    """A layer while things are added to it."""

    kind: list[str] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    geometry: list[shapely.Geometry] = field(default_factory=list)
    bridge: list[bool] = field(default_factory=list)

    def add(self, kind: str, name: str, geometry: shapely.Geometry, *, is_bridge: bool = False) -> None:
        self.kind.append(kind)
        self.name.append(name)
        self.geometry.append(geometry)
        self.bridge.append(is_bridge)

    def done(self) -> Layer:
        geometry = np.empty(len(self.kind), object)
        geometry[:] = self.geometry
        return Layer(tuple(self.kind), tuple(self.name), geometry, np.array(self.bridge, bool))


def read(path: Path) -> Scenery:
    """Read what the base map draws: `scenery_of` a file."""
    return scenery_of(extract.read(path, WANTED))


def scenery_of(found: Extract) -> Scenery:
    """Choose what the base map draws, and what is closed; an extract may well hold none of it.

    A thing that lacks nodes in the extract is left out whole, for a base map promises nothing.

    Args:
        found: read for WANTED, and for others as well if need be.

    Raises:
        InputError: the file cannot be read again for its areas.
    """
    layers = {theme: _Growing() for theme in ("water", "green", "rail", "roads", "places", "closed")}
    named = found.nodes.take(np.flatnonzero(found.nodes.name >= 0))
    _add(layers, found, _points(named), [_point_theme(told) for told in found.told])
    lines = _lines(found.ways)
    _add(layers, found, lines, [_line_theme(told) for told in found.told])
    _add(layers, found, lines, [_closed_theme(told) for told in found.told])
    if _holds_areas(found):
        for tags, wkb in extract.areas(found, sorted(_AREA_KEYS)):
            for chosen in (_area_theme(tags), _compound_theme(tags)):
                if chosen is not None:
                    layers[chosen[0]].add(chosen[1], tags.get("name", ""), shapely.from_wkb(wkb))
    return Scenery(**{theme: layer.done() for theme, layer in layers.items()})


def _add(
    layers: Mapping[str, _Growing], found: Extract, drawn: tuple[Things, NDArray[np.object_]], themes: list[_Theme]
) -> None:
    """Add those things that have a theme by their tags."""
    things, geometry = drawn
    has_theme = np.array([theme is not None for theme in themes], bool)[things.told]
    rows = zip(things.told[has_theme].tolist(), things.name[has_theme].tolist(), geometry[has_theme], strict=True)
    for told, name, shape in rows:
        theme = themes[told]
        if theme is not None:
            is_bridge = found.told[told].get("bridge", "no") != "no"
            layers[theme[0]].add(theme[1], found.names[name] if name >= 0 else "", shape, is_bridge=is_bridge)


def _points(nodes: Things) -> tuple[Things, NDArray[np.object_]]:
    """Draw nodes whose position is on the globe."""
    there = np.flatnonzero(_on_the_globe(nodes))
    return nodes.take(there), np.asarray(shapely.points(nodes.lon[there], nodes.lat[there]), object)


def _lines(ways: Things) -> tuple[Things, NDArray[np.object_]]:
    """Draw ways of two positions and more that lack none, those before the first known one apart."""
    owner = np.repeat(np.arange(len(ways)), np.diff(ways.start))
    known = np.concatenate([[0], np.cumsum(~np.isnan(ways.lon))])
    started = known[1:] > known[ways.start[:-1]][owner]
    broken = np.bincount(owner[started & ~_on_the_globe(ways)], minlength=len(ways)) > 0
    still = np.zeros(len(owner), bool)
    still[1:] = (owner[1:] == owner[:-1]) & (ways.lon[1:] == ways.lon[:-1]) & (ways.lat[1:] == ways.lat[:-1])
    kept = started & ~still & ~broken[owner]
    whole = np.bincount(owner[kept], minlength=len(ways)) > 1
    kept &= whole[owner]
    number = np.cumsum(whole) - 1
    lonlat = np.column_stack([ways.lon[kept], ways.lat[kept]])
    lines = shapely.linestrings(lonlat, indices=number[owner[kept]])
    return ways.take(np.flatnonzero(whole)), np.asarray(lines, object)


def _on_the_globe(things: Things) -> NDArray[np.bool_]:
    """Where a position is known and one."""
    return (np.abs(things.lon) <= 180) & (np.abs(things.lat) <= 90)  # noqa: PLR2004 - the globe


def _holds_areas(found: Extract) -> bool:
    """Tell whether anything may be an area that is chosen, which takes reading the file once more."""
    is_area = np.array([bool(_area_theme(told) or _compound_theme(told)) for told in found.told], bool)
    return bool(is_area[found.relations.told].any() or (is_area[found.ways.told] & found.ways.closed).any())


def _point_theme(tags: Tags) -> _Theme:
    place = tags.get("place", "")
    return ("places", place) if place in _PLACES else None


def _area_theme(tags: Tags) -> _Theme:
    for theme, table in (("water", _WATER_AREAS), ("green", _GREEN_AREAS)):
        for key, values in table.items():
            value = tags.get(key, "")
            if value in values:
                return theme, value
    return None


def _line_theme(tags: Tags) -> _Theme:
    highway = tags.get("highway", "")
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


def _closed_theme(tags: Tags) -> _Theme:
    """Say as what a line keeps people out who would walk straight on."""
    if tags.get("barrier", "") in foot_rules.WALLS:
        return "closed", "wall"
    road = tags.get("highway", "").removesuffix("_link")
    if road not in _ROADS_TO_JUDGE or tags.get("tunnel", "no") != "no":
        return None
    return ("closed", "road") if foot_rules.judge(tags).kind is None else None


def _compound_theme(tags: Tags) -> _Theme:
    private = tags.get("access", "") in _COMPOUNDS or tags.get("landuse", "") == "military"
    return ("closed", "compound") if private and any(tags.get(key, "") for key in _AREA_KEYS) else None
