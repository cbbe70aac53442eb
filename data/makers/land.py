"""What is left to build on between the barriers, the streets along them, and the few ways across."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon
from shapely.ops import linemerge

from makers import names, plane, sketch
from makers.ways import Way

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from makers.sketch import Corridor

SMALLEST_M2 = 25_000.0
CLEAR_OF_OTHERS_M = 230.0  # no crossing of its own so near to a street that crosses anyway
LONGEST_BRIDGE_M = 190.0
SHORTEST_M = 60.0  # shorter ones are corners cut off by a barrier

FRONTAGE: dict[str, dict[str, str]] = {
    "trunk": {"highway": "secondary"},
    "motorway": {"highway": "tertiary"},
    "rail": {"highway": "service", "service": "alley"},
    "river": {"highway": "footway", "name": "滨河步道"},
    "canal": {"highway": "footway", "name": "滨河步道"},
    "park": {"highway": "residential"},
    "palace": {"highway": "tertiary"},
    "garden": {"highway": "footway"},
    "farm": {"highway": "track"},
    "mountain": {"highway": "track"},
}
ACROSS: dict[str, tuple[tuple[str, float], ...]] = {
    "trunk": (("steps", 0.6), ("ramp", 0.2), ("under", 0.2)),
    "motorway": (("under", 0.6), ("steps", 0.4)),
    "rail": (("underpath", 0.65), ("steps", 0.35)),
    "river": (("ramp", 0.5), ("over", 0.5)),
    "canal": (("ramp", 0.55), ("over", 0.25), ("steps", 0.2)),
}


@dataclass(frozen=True)
class Barrier:
    """A shape that cuts the land, with its kind and name."""

    kind: str
    name: str
    shape: BaseGeometry


@dataclass(frozen=True)
class Land:
    """The land and its first streets.

    Attributes:
        pieces: polygons without a barrier in them.
        frontages: the streets and paths along barriers.
        through: the through streets, inside the pieces.
        crossings: bridges and underpasses between pieces.
    """

    pieces: tuple[Polygon, ...]
    frontages: tuple[Way, ...]
    through: tuple[Way, ...]
    crossings: tuple[Way, ...]


@dataclass(frozen=True)
class Bones:
    """What is drawn by hand before anything grows.

    Attributes:
        corridors: strips that few cross.
        arterials: name, class and line of each through street.
    """

    corridors: Sequence[Corridor]
    arterials: Sequence[tuple[str, str, LineString]]


def barriers(mountains: dict[str, Polygon]) -> list[Barrier]:
    """Widen the sketch's lines to strips and add its grounds and the mountains."""
    strips = [
        Barrier(strip.kind, strip.name, LineString(strip.line()).buffer(strip.half_m, cap_style="flat"))
        for strip in sketch.CORRIDORS
    ]
    grounds = [Barrier(ground.kind, ground.name, ground.shape()) for ground in sketch.GROUNDS]
    hills = [Barrier("mountain", name, shape) for name, shape in mountains.items()]
    return strips + grounds + hills


def prepare(district: Polygon, cuts: list[Barrier], campuses: list[Polygon], bones: Bones) -> Land:
    """Cut the district by its barriers and lay the first streets; a street goes round each campus."""
    left = shapely.difference(district, shapely.union_all([cut.shape for cut in cuts]))
    pieces = tuple(piece for piece in shapely.get_parts(left) if piece.area >= SMALLEST_M2)
    land = shapely.union_all(list(pieces))
    through, bridges = _through_streets(land, cuts, bones)
    through += _ring_streets(land, campuses)
    crossings = bridges + _own_crossings(land, bridges, bones)
    return Land(pieces, tuple(_frontages(pieces, cuts, district)), tuple(through), tuple(crossings))


def _frontages(pieces: tuple[Polygon, ...], cuts: list[Barrier], district: Polygon) -> list[Way]:
    tree = shapely.STRtree([cut.shape for cut in cuts])
    ways = []
    for piece in pieces:
        for ring in (piece.exterior, *piece.interiors):
            ways += _ring_frontages(np.asarray(ring.coords), tree, cuts, district)
    return ways


def _ring_frontages(
    xy: NDArray[np.float64], tree: shapely.STRtree, cuts: list[Barrier], district: Polygon
) -> list[Way]:
    middles = shapely.points((xy[:-1] + xy[1:]) / 2)
    on_border = shapely.distance(middles, district.exterior) < 1.0
    owner = np.where(on_border, -1, tree.nearest(middles))
    change = np.flatnonzero(np.diff(owner)) + 1
    if len(change):  # start the ring where the neighbour changes, so that no run is broken by the start
        xy = np.vstack([xy[change[0] : -1], xy[: change[0] + 1]])
        owner = np.roll(owner, -change[0])
        change = np.flatnonzero(np.diff(owner)) + 1
    bounds = [0, *change.tolist(), len(owner)]
    ways = []
    for first, last in pairwise(bounds):
        if owner[first] >= 0:
            cut = cuts[owner[first]]
            ways.append(Way(xy[first : last + 1], _frontage_tags(cut)))
    return ways


def _frontage_tags(cut: Barrier) -> dict[str, str]:
    tags = dict(FRONTAGE[cut.kind])
    if cut.kind in {"trunk", "motorway"}:
        tags["name"] = f"{cut.name}辅路"
    elif cut.kind in {"park", "palace", "garden"}:
        tags["name"] = f"{cut.name.removesuffix('公园')}环路"
    return tags


def _through_streets(land: BaseGeometry, cuts: list[Barrier], bones: Bones) -> tuple[list[Way], list[Way]]:
    solid = shapely.union_all(
        [cut.shape for cut in cuts if cut.kind in {"park", "palace", "garden", "farm", "mountain"}]
    )
    rails = shapely.union_all([cut.shape for cut in cuts if cut.kind == "rail"])
    through, bridges = [], []
    for name, highway, line in bones.arterials:
        parts = [part for part in shapely.get_parts(line.intersection(land)) if part.length > SHORTEST_M]
        through += [Way(np.asarray(part.coords), {"highway": highway, "name": name}) for part in parts]
        gaps = linemerge([part for part in shapely.get_parts(line.difference(land)) if not part.is_empty])
        for gap in shapely.get_parts(gaps):
            ends = shapely.points(np.asarray(gap.coords)[[0, -1]])
            lands = bool((shapely.distance(ends, land) < 0.01).all())  # noqa: PLR2004 - both ends reach land
            if lands and gap.length < LONGEST_BRIDGE_M and not gap.intersects(solid):
                how = {"tunnel": "yes", "layer": "-1"} if gap.intersects(rails) else {"bridge": "yes", "layer": "1"}
                tags = {"highway": highway, "name": name, **how}
                bridges.append(Way(np.asarray(gap.coords), tags, joins=False))
    return through, bridges


def _ring_streets(land: BaseGeometry, campuses: list[Polygon]) -> list[Way]:
    ways = []
    for campus in campuses:
        rng = plane.chance("campus", round(campus.area))
        ring = campus.buffer(22.0).simplify(110.0).exterior
        tags = {"highway": "tertiary", "name": names.street(rng, "tertiary")}
        parts = shapely.get_parts(
            linemerge(shapely.get_parts(ring.intersection(land))) if ring.intersects(land) else ring
        )
        ways += [Way(np.asarray(part.coords), tags) for part in parts if part.length > SHORTEST_M]
    return ways


def _own_crossings(land: BaseGeometry, bridges: list[Way], bones: Bones) -> list[Way]:
    shapely.prepare(land)
    taken = [LineString(way.xy) for way in bridges]
    found: list[Way] = []
    for strip in bones.corridors:
        rng = plane.chance("crossings", strip.name)
        line = LineString(strip.line())
        at = strip.every_m * rng.uniform(0.3, 0.7)
        while at < line.length:
            span = _span(line, at, strip.half_m, land)
            if span is not None and min(span.distance(other) for other in taken) > CLEAR_OF_OTHERS_M:
                found += _crossing(np.asarray(span.coords), _choose(rng, ACROSS[strip.kind]), strip.kind)
                taken.append(span)
            at += strip.every_m * rng.uniform(0.75, 1.3)
    return found


def _choose(rng: np.random.Generator, choices: tuple[tuple[str, float], ...]) -> str:
    kinds, shares = zip(*choices, strict=True)
    return str(rng.choice(kinds, p=shares))


def _span(line: LineString, at: float, half_m: float, land: BaseGeometry) -> LineString | None:
    """Give the shortest straight way across a strip, or None where no land lies on both sides."""
    here, ahead = (np.asarray(line.interpolate(place).coords[0]) for place in (at, at + 5.0))
    along = (ahead - here) / max(float(np.hypot(*(ahead - here))), 1e-9)
    across = np.array([-along[1], along[0]]) * (half_m + 25.0)
    ends = []
    for side in (across, -across):
        part = LineString([here, here + side]).intersection(land)
        if part.is_empty:
            return None
        ends.append(np.asarray(shapely.shortest_line(shapely.points(here), part).coords[-1]))
    return LineString(ends)


def _crossing(xy: NDArray[np.float64], how: str, kind: str) -> list[Way]:
    start, end = xy[0], xy[-1]
    if how in {"over", "under"}:
        layer = {"bridge": "yes", "layer": "1"} if how == "over" else {"tunnel": "yes", "layer": "-1"}
        return [Way(xy, {"highway": "residential" if kind in {"river", "canal"} else "tertiary", **layer}, joins=False)]
    if how == "underpath":
        return [Way(xy, {"highway": "footway", "tunnel": "yes", "layer": "-1"}, joins=False)]
    deck = {"highway": "footway", "bridge": "yes", "layer": "1"}
    if how == "ramp":
        return [Way(xy, deck, joins=False)]
    first, last = start + 0.22 * (end - start), start + 0.78 * (end - start)
    stair = {"highway": "steps", "layer": "1"}
    return [
        Way(np.array([start, first]), stair, joins=False),
        Way(np.array([first, last]), deck, joins=False),
        Way(np.array([last, end]), stair, joins=False),
    ]
