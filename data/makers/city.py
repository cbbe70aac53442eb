"""The whole city put together: every layer in its order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon

from makers import blocks, compounds, hills, land, outline, plots, sidewalks, sketch, town, townships
from makers.ways import Way

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from makers.compounds import Inside
    from makers.land import Barrier
    from makers.town import Town
    from makers.townships import Township


@dataclass(frozen=True)
class City:
    """Everything that is written.

    Attributes:
        towns: the townships, with shapes.
        district: the outline.
        grown: its streets, plots and what they hold.
        walkable: the ways to join with each other.
        joints: where ways meet without ending there, metres (n, 2).
        scenery: water, parks, woods, railways, motorways and walls.
    """

    towns: list[Township]
    district: Polygon
    grown: Town
    walkable: list[Way]
    joints: NDArray[np.float64]
    scenery: list[Way]


def build() -> City:
    """Make the city; the same one every time."""
    towns = townships.load(outline.district())
    united = shapely.union_all([shapely.set_precision(one.shape, 0.01) for one in towns])
    district = Polygon(max(shapely.get_parts(united), key=lambda part: part.area).exterior)
    mountains = outline.mountains(district)
    cuts = land.barriers(mountains)
    campuses = [one.shape for one in towns if one.name in plots.CAMPUS_TOWNS]
    ground = land.prepare(district, cuts, campuses, land.Bones(sketch.CORRIDORS, sketch.arterials()))
    grown = town.grow(ground, towns)
    parks = _parks(cuts)
    tracks = [way.xy for way in ground.frontages if way.highway == "track"]
    climbs = [way for name, hill in mountains.items() for way in hills.paths(name, hill, _touching(tracks, hill))]
    park_ways = [way for park in parks for way in park.ways]
    lanes = [*grown.lanes, *(way for way in park_ways if way.highway)]
    walkable = [*grown.streets, *climbs, *grown.walks, *lanes]
    meetings = sidewalks.meetings(grown.walks, walkable)
    inner = [inside.joints for inside in (*grown.insides, *parks)]
    return City(
        towns=towns,
        district=district,
        grown=grown,
        walkable=walkable,
        joints=np.vstack([blocks.corners(grown.corners), grown.kerbs, meetings, *inner]),
        scenery=[*_scenery(cuts, district), *grown.grounds, *(way for way in park_ways if not way.highway)],
    )


def _touching(lines: list[NDArray[np.float64]], hill: Polygon) -> list[NDArray[np.float64]]:
    return [line for line in lines if hill.distance(LineString(line)) < 5.0]  # noqa: PLR2004 - at its foot


def _parks(cuts: list[Barrier]) -> list[Inside]:
    lakes = [lake.shape() for lake in sketch.LAKES]
    made = []
    for cut in cuts:
        if cut.kind in {"park", "palace", "garden"}:
            own = [lake for lake in lakes if cut.shape.intersects(lake)]
            border = cut.shape.exterior
            frontage = shapely.line_interpolate_point(border, np.arange(0.0, border.length, 10.0))
            made.append(compounds.park_inside(cut.shape, own, shapely.get_coordinates(frontage), cut.name))
    return made


def _scenery(cuts: list[Barrier], district: Polygon) -> list[Way]:
    ways = []
    for cut in cuts:
        tags = _ground_tags(cut)
        parts = shapely.get_parts(cut.shape.intersection(district)) if tags else ()
        shapes = [part.simplify(1.0) for part in parts if isinstance(part, Polygon)]
        ways += [Way(np.asarray(shape.exterior.coords), tags, joins=False) for shape in shapes]
    for lake in sketch.LAKES:
        tags = {"natural": "water", "water": "lake", "name": lake.name}
        ways.append(Way(np.asarray(lake.shape().simplify(0.5).exterior.coords), tags, joins=False))
    for strip in sketch.CORRIDORS:
        ways += _middle(strip, district)
    return ways


def _ground_tags(cut: Barrier) -> dict[str, str]:
    if cut.kind in {"river", "canal"}:
        return {"natural": "water", "water": cut.kind, "name": cut.name}
    return {
        "park": {"leisure": "park", "name": cut.name},
        "palace": {"leisure": "park", "name": cut.name},
        "garden": {"leisure": "park", "name": cut.name},
        "farm": {"landuse": "farmland", "name": cut.name},
        "mountain": {"natural": "wood", "name": cut.name},
    }.get(cut.kind, {})


def _middle(strip: sketch.Corridor, district: Polygon) -> list[Way]:
    """Draw what runs along the middle of a strip: two carriageways, a track or a watercourse; none is for walking."""
    line = LineString(strip.line())
    if strip.kind in {"motorway", "trunk"}:
        tags = {"highway": strip.kind, "name": strip.name, "oneway": "yes", "foot": "no", "motorroad": "yes"}
        lines = [line.offset_curve(10.0), line.offset_curve(-10.0).reverse()]
    elif strip.kind == "rail":
        tags, lines = {"railway": "rail", "name": strip.name}, [line]
    else:
        tags, lines = {"waterway": strip.kind, "name": strip.name}, [line]
    parts = [part for whole in lines for part in shapely.get_parts(whole.intersection(district))]
    return [Way(np.asarray(part.coords), tags, joins=False) for part in parts]
