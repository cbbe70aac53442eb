"""The whole city put together: every layer in its order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon

from makers import blocks, compounds, hills, land, outline, plots, sidewalks, sketch, townships
from makers.ways import Way

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from makers.compounds import Inside
    from makers.land import Barrier
    from makers.plots import Plot
    from makers.townships import Township


@dataclass(frozen=True)
class City:
    """Everything that is written.

    Attributes:
        towns: the townships, with shapes.
        district: the outline.
        plots, insides: what each plot is and holds, in step.
        walkable: the ways to join with each other.
        joints: where ways meet without ending there, metres (n, 2).
        scenery: water, parks, woods, railways, motorways and walls.
    """

    towns: list[Township]
    district: Polygon
    plots: list[Plot]
    insides: list[Inside]
    walkable: list[Way]
    joints: NDArray[np.float64]
    scenery: list[Way]


def build() -> City:
    """Make the city; the same one every time."""
    towns = townships.load(outline.district())
    united = shapely.union_all([shapely.set_precision(town.shape, 0.01) for town in towns])
    district = Polygon(max(shapely.get_parts(united), key=lambda part: part.area).exterior)
    mountains = outline.mountains(district)
    cuts = land.barriers(mountains)
    campuses = [town.shape for town in towns if town.name in plots.CAMPUS_TOWNS]
    ground = land.prepare(district, cuts, campuses)
    faces, through = blocks.first_blocks(ground)
    first = [*ground.frontages, *through, *ground.crossings]
    joints = blocks.joints_of(first)
    grown, streets = blocks.grow(faces, first, towns, joints)
    laid, lanes = plots.lay_out(grown, towns, [*first, *streets])
    streets += lanes
    walks, kerbs = sidewalks.along([*first, *streets])
    insides = [compounds.furnish(plot) for plot in laid]
    parks = _parks(cuts)
    tracks = [way.xy for way in ground.frontages if way.highway == "track"]
    climbs = [way for name, hill in mountains.items() for way in hills.paths(name, hill, _touching(tracks, hill))]
    inner = [way for inside in (*insides, *parks) for way in inside.ways]
    walkable = [*first, *streets, *climbs, *walks, *(way for way in inner if way.highway)]
    walkable_joints = sidewalks.meetings(walks, walkable)
    return City(
        towns=towns,
        district=district,
        plots=laid,
        insides=insides,
        walkable=walkable,
        joints=np.vstack(
            [blocks.corners(joints), kerbs, walkable_joints, *(inside.joints for inside in (*insides, *parks))]
        ),
        scenery=[*_scenery(cuts, district), *(way for way in inner if not way.highway)],
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
