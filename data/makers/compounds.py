"""Inside the plots: walls and their few gates, lanes, squares, park paths, and where the houses stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import LineString, MultiPolygon, Point, Polygon

from makers import names, plane
from makers.blocks import Block, Joints, Splitter
from makers.ways import Way

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from makers.plots import Plot

LOCKED = 0.2  # of the gates beyond the first
WALL_INSET_M = 9.0
LANE_INSET_M = 21.0
HOUSE_STEP_M = 42.0
HOUSE_ASIDE_M = 14.0
ROW_M = {"estate": 62.0, "campus": 125.0, "office": 140.0, "school": 300.0}
VILLAGE_CELL_M2 = 4_600.0


@dataclass(frozen=True)
class Inside:
    """What one plot holds.

    Attributes:
        ways: lanes, gates' ways and walls.
        joints: where lanes cross each other, metres (n, 2).
        houses: places of houses, metres (n, 2).
        name: of an estate, village or campus.
    """

    ways: tuple[Way, ...]
    joints: NDArray[np.float64]
    houses: NDArray[np.float64]
    name: str = ""


EMPTY = Inside((), np.empty((0, 2)), np.empty((0, 2)))


def furnish(plot: Plot) -> Inside:
    """Fill a plot by its use."""
    rng = plane.chance("inside", round(plot.shape.centroid.x), round(plot.shape.centroid.y))
    if plot.use in {"estate", "campus", "office", "school"}:
        return _walled(plot, rng)
    if plot.use == "village":
        return _village(plot, rng)
    if plot.use == "green":
        return _green(plot, rng)
    return Inside(
        (_area(plot.shape, {"landuse": "farmland"} if plot.use == "farm" else {"natural": "wood"}),), *_none()
    )


def _none() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.empty((0, 2)), np.empty((0, 2))


def _largest(shape: BaseGeometry) -> Polygon:
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon)]
    return max(parts, key=lambda part: part.area, default=Polygon())


def _area(shape: Polygon, tags: dict[str, str], inset_m: float = 3.0) -> Way:
    drawn = _largest(shape.buffer(-inset_m).simplify(1.5))
    return Way(np.asarray((drawn if not drawn.is_empty else shape).exterior.coords), tags, joins=False)


def _walled(plot: Plot, rng: np.random.Generator) -> Inside:
    lane_land = _largest(plot.shape.buffer(-LANE_INSET_M, join_style="mitre").simplify(3.0))
    name = names.estate(rng) if plot.use == "estate" else ""
    if lane_land.area < 1200.0:  # noqa: PLR2004 - too small for lanes: houses stand along the streets
        ring = plot.shape.buffer(-10.0)
        houses = (
            houses_along(np.asarray(_largest(ring).exterior.coords), rng, 0.0) if plot.use == "estate" else _none()[0]
        )
        return Inside((), np.empty((0, 2)), houses, name)
    rows = _rows(lane_land, ROW_M[plot.use] * rng.uniform(0.88, 1.15), rng)
    lanes = [Way(np.asarray(lane_land.exterior.coords), {"highway": "service"})]
    lanes += [Way(row, _lane_tags(plot.use, rng)) for row in rows]
    closed = plot.use in {"campus", "school"} or rng.random() < (0.74 if plot.use == "estate" else 0.3)
    wall = _largest(plot.shape.buffer(-WALL_INSET_M, join_style="mitre").simplify(2.0)) if closed else None
    gates = _gates(plot, lane_land, wall, _gate_count(plot, rng, closed=closed), rng)
    houses = _houses(rows, lane_land, rng) if plot.use in {"estate", "campus"} else np.empty((0, 2))
    extra = [Way(np.asarray(wall.exterior.coords), {"barrier": "wall"}, joins=False)] if wall is not None else []
    if plot.use == "office" and rng.random() < 0.3:  # noqa: PLR2004 - three in ten have a square
        extra += _square(lane_land, rng)
    return Inside((*lanes, *gates, *extra), _crossings(lanes), houses, name)


def _lane_tags(use: str, rng: np.random.Generator) -> dict[str, str]:
    if rng.random() < 0.45:  # noqa: PLR2004 - nearly half of the lanes are for walking only
        return {"highway": "footway"}
    return {"highway": "service"} if use == "campus" else {"highway": "service", "service": "driveway"}


def _gate_count(plot: Plot, rng: np.random.Generator, *, closed: bool) -> int:
    size = plot.shape.length / 700.0
    if plot.use == "school":
        return 1
    if plot.use == "campus":
        return max(2, round(size * 0.6))
    return max(1, min(3, round(size * rng.uniform(0.4, 1.1)))) if closed else max(3, round(size * 3.2))


def _rows(land: Polygon, spacing_m: float, rng: np.random.Generator) -> list[NDArray[np.float64]]:
    """Draw lanes along the longer side of a plot, and a few across."""
    corners = np.asarray(shapely.oriented_envelope(land).exterior.coords)[:4]
    if np.hypot(*(corners[1] - corners[0])) < np.hypot(*(corners[2] - corners[1])):
        corners = np.roll(corners, -1, axis=0)
    long_side, short_side = corners[1] - corners[0], corners[3] - corners[0]
    rows: list[NDArray[np.float64]] = []
    count = int(np.hypot(*short_side) // spacing_m)
    for n in range(1, count + 1):
        start = corners[0] + short_side * (n / (count + 1))
        rows += _clipped(start, start + long_side, land)
    across = int(np.hypot(*long_side) // (spacing_m * rng.uniform(2.2, 3.2)))
    for n in range(1, across + 1):
        start = corners[0] + long_side * (n / (across + 1))
        rows += _clipped(start, start + short_side, land)
    return rows


def _clipped(start: NDArray[np.float64], end: NDArray[np.float64], land: Polygon) -> list[NDArray[np.float64]]:
    reach = 0.01 * (end - start)
    parts = shapely.get_parts(LineString([start - reach, end + reach]).intersection(land))
    return [np.asarray(part.coords) for part in parts if part.length > 18.0]  # noqa: PLR2004 - not a lane


def _crossings(lanes: list[Way]) -> NDArray[np.float64]:
    lines = np.array([LineString(way.xy) for way in lanes], object)
    a, b = np.triu_indices(len(lines), 1)
    return shapely.get_coordinates(shapely.intersection(lines[a], lines[b]))


def _gates(plot: Plot, lane_land: Polygon, wall: Polygon | None, count: int, rng: np.random.Generator) -> list[Way]:
    """Open gates on the streets around, each as far as can be from those before."""
    doors = plot.doors
    ways: list[Way] = []
    gaps = np.where(rng.random(len(doors)) < 0.5, 1.0, 0.8)  # noqa: PLR2004 - the first gate falls anywhere
    gaps *= 1e6 * rng.random(len(doors))
    for n in range(min(count, len(doors))):
        door = doors[int(np.argmax(gaps))]
        way = _gate_way(door, plot.shape, lane_land, wall, private=n > 0 and rng.random() < LOCKED)
        if way is not None:
            ways.append(way)
        gaps = np.minimum(gaps, np.hypot(*(doors - door).T))
        gaps[gaps < 50.0] = 0.0  # noqa: PLR2004 - gates stand apart
        if not gaps.any():
            break
    return ways


def _gate_way(
    door: NDArray[np.float64], shape: Polygon, lane_land: Polygon, wall: Polygon | None, *, private: bool
) -> Way | None:
    line = shapely.shortest_line(Point(door), lane_land.exterior)
    if line.length > 90.0 or not shape.buffer(0.5).covers(line):  # noqa: PLR2004 - a notch of the plot
        return None
    xy, marks = np.asarray(line.coords), ()
    crossing = shapely.get_coordinates(line.intersection(wall.exterior)) if wall is not None else np.empty((0, 2))
    if len(crossing):
        xy = np.vstack([xy[:1], crossing[:1], xy[1:]])
        tags = {"barrier": "gate", **({"access": "private"} if private else {})}
        marks = ((float(crossing[0, 0]), float(crossing[0, 1]), tags),)
    return Way(xy, {"highway": "service"}, joins=True, marks=marks)


def houses_along(xy: NDArray[np.float64], rng: np.random.Generator, aside_m: float) -> NDArray[np.float64]:
    """Give places every few dozen metres beside a lane, on alternating sides."""
    line = LineString(xy)
    at = np.arange(HOUSE_STEP_M / 2, line.length, HOUSE_STEP_M) + rng.uniform(-6.0, 6.0)
    here = shapely.get_coordinates(shapely.line_interpolate_point(line, at))
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(line, at + 1.0))
    behind = shapely.get_coordinates(shapely.line_interpolate_point(line, np.maximum(at - 1.0, 0.0)))
    along = ahead - behind
    norm = np.maximum(np.hypot(*along.T), 1e-9)[:, None]
    across = np.column_stack([-along[:, 1], along[:, 0]]) / norm
    side = np.where(np.arange(len(at)) % 2 == 0, 1.0, -1.0)[:, None]
    return here + across * side * aside_m + rng.normal(0.0, 1.2, here.shape)


def _houses(rows: list[NDArray[np.float64]], lane_land: Polygon, rng: np.random.Generator) -> NDArray[np.float64]:
    lines = rows or [np.asarray(lane_land.exterior.coords)]
    places = np.vstack([houses_along(row, rng, HOUSE_ASIDE_M) for row in lines] + [np.empty((0, 2))])
    return places[shapely.contains_xy(lane_land.buffer(10.0), places)]


def _square(land: Polygon, rng: np.random.Generator) -> list[Way]:
    """Lay a pedestrian square as an area in the middle, tied to the lane around by paths from its corners."""
    middle = np.asarray(land.representative_point().coords[0])
    half = min(32.0, 0.2 * land.area**0.5)
    turn = rng.uniform(0.0, np.pi / 2)
    corner = np.array([[np.cos(turn + k * np.pi / 2), np.sin(turn + k * np.pi / 2)] for k in range(4)]) * half + middle
    square = Way(np.vstack([corner, corner[:1]]), {"highway": "pedestrian", "area": "yes"}, joins=False)
    paths = []
    for point in corner:
        line = shapely.shortest_line(Point(point), land.exterior)
        if not line.crosses(Polygon(corner)):
            paths.append(Way(np.asarray(line.coords), {"highway": "footway"}))
    return [square, *paths] if paths else []


def _village(plot: Plot, rng: np.random.Generator) -> Inside:
    land = _largest(plot.shape.buffer(-13.0, join_style="mitre").simplify(3.0))
    if land.area < 6000.0:  # noqa: PLR2004 - no room for a village
        return Inside((_area(plot.shape, {"landuse": "farmland"}),), *_none())
    splitter = Splitter((), Joints())
    todo, cells = [Block(land, plot.town)], []
    while todo:
        block = todo.pop()
        wanted = block.shape.area > VILLAGE_CELL_M2 * rng.uniform(0.8, 1.6)
        kind = "living_street" if block.shape.area > 5 * VILLAGE_CELL_M2 else "service"
        halves = splitter.split(block, rng, snap=0.2, highway=kind) if wanted else []
        todo += halves
        if not halves:
            cells.append(block.shape)
    ring = Way(np.asarray(land.exterior.coords), {"highway": "living_street"})
    gates = _gates(plot, land, None, 4, rng)
    ways = [Way(way.xy, {**way.tags, "service": "alley"}) if way.highway == "service" else way for way in splitter.ways]
    houses = np.vstack([_near_middle(cell, rng) for cell in cells])
    return Inside((ring, *gates, *ways), np.empty((0, 2)), houses, names.village(rng))


def _near_middle(cell: Polygon, rng: np.random.Generator) -> NDArray[np.float64]:
    middle = np.asarray(cell.representative_point().coords[0])
    return middle[None, :] + rng.normal(0.0, 4.0, (1, 2))


def _green(plot: Plot, rng: np.random.Generator) -> Inside:
    park = _area(plot.shape, {"leisure": "park"}, inset_m=12.0)
    if len(plot.doors) < 12:  # noqa: PLR2004 - no two entrances
        return Inside((park,), *_none())
    first = int(rng.integers(len(plot.doors)))
    far = int(np.argmax(np.hypot(*(plot.doors - plot.doors[first]).T)))
    line = LineString(plot.doors[[first, far]])
    path = [Way(np.asarray(line.coords), {"highway": "footway"})] if plot.shape.buffer(0.3).covers(line) else []
    return Inside((park, *path), *_none())


def park_inside(shape: Polygon, lakes: list[Polygon], frontage: NDArray[np.float64], name: str) -> Inside:
    """Lay paths and a few gates in a large park; paths go round its lakes."""
    rng = plane.chance("park", name)
    water = MultiPolygon(lakes).buffer(12.0)
    loop = _largest(shape.buffer(-45.0))
    lanes = [Way(np.asarray(loop.exterior.coords), {"highway": "footway"})]
    shores = [lake.buffer(12.0) for lake in lakes]
    lanes += [Way(np.asarray(shore.exterior.coords), {"highway": "footway"}) for shore in shores]
    for row in _rows(loop, 420.0, rng):
        for part in shapely.get_parts(LineString(row).difference(water)):
            lanes.append(Way(np.asarray(part.coords), {"highway": "footway"}))
    gates = []
    for n in rng.permutation(len(frontage))[:400]:
        line = shapely.shortest_line(Point(frontage[n]), loop.exterior)
        if all(line.distance(LineString(other.xy)) > 550.0 for other in gates):  # noqa: PLR2004 - few gates
            gates.append(Way(np.asarray(line.coords), {"highway": "footway"}))
    wall = [Way(np.asarray(_largest(shape.buffer(-8.0)).exterior.coords), {"barrier": "wall"}, joins=False)]
    return Inside((*lanes, *gates, *wall), _crossings(lanes), np.empty((0, 2)), name)
