"""Blocks: the land between streets, split again and again until a township has the streets that were measured there."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely
import shapely.ops
from shapely.geometry import LineString, Point, Polygon

from makers import names, plane
from makers.ways import STREETS, Way, bent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from makers.land import Land
    from makers.townships import Township

TRIES = 10
LATE = 0.65  # after so many of the tries a block is cut along its longer side
OVER_M = 0.3
SAME_M = 1e-6
BESIDE_M = 12.0  # a street that runs along the border for longer than this is no new street
NAMED_LANES = 0.3
ASTRAY_M2 = 450_000.0
ALWAYS_SNAP_M = 22.0
RURAL_KM_PER_KM2 = 2.2
MIN_BLOCK_M2 = 9_000.0
SEMI_RURAL = {"上庄镇": (1.55, 2.6), "苏家坨镇": (1.15, 1.9)}
"""Invented street km and junctions per km2 where the measured network did not reach."""


def wanted_density(town: Township) -> tuple[float, float]:
    """Give the street km and junctions per km2 that a township shall get."""
    return SEMI_RURAL.get(town.name, (town.street_km_per_km2, town.junctions_per_km2))


def dead_end_share(town: Township) -> float:
    """Give the share of a township's streets that is kept for dead ends: many junctions of few metres."""
    density, junctions = wanted_density(town)
    most = 0.04 if density < RURAL_KM_PER_KM2 else 0.14
    return float(np.clip((junctions / density**2 - 0.34) * 0.42, 0.0, most))


@dataclass(frozen=True)
class Block:
    """Land with streets around it and none inside."""

    shape: Polygon
    town: int


@dataclass
class Joints:
    """The street corners made so far, found by place."""

    cell_m: float = 120.0
    cells: dict[tuple[int, int], list[tuple[float, float]]] = field(default_factory=dict)

    def add(self, point: NDArray[np.float64]) -> None:
        """Remember a corner."""
        self.cells.setdefault(self._cell(point), []).append((float(point[0]), float(point[1])))

    def near(self, point: NDArray[np.float64], within_m: float) -> list[tuple[float, float]]:
        """List the corners within a distance of at most one cell, nearest first."""
        column, row = self._cell(point)
        found = [
            (float(np.hypot(x - point[0], y - point[1])), x, y)
            for i in (column - 1, column, column + 1)
            for j in (row - 1, row, row + 1)
            for x, y in self.cells.get((i, j), ())
        ]
        return [(x, y) for distance, x, y in sorted(found) if distance <= within_m]

    def _cell(self, point: NDArray[np.float64]) -> tuple[int, int]:
        return int(point[0] // self.cell_m), int(point[1] // self.cell_m)


def first_blocks(land: Land) -> tuple[list[Polygon], list[Way]]:
    """Cut the pieces of land by the through streets; also gives those streets, trimmed to where they meet others."""
    rings = [piece.boundary for piece in land.pieces]
    streets = _trimmed([*land.through, *_around_holes(land.pieces)], rings)
    knives = [LineString(lengthened(way.xy, OVER_M)) for way in streets]
    noded = shapely.union_all([*rings, *knives])
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    whole = shapely.union_all(list(land.pieces)).buffer(-0.5)
    shapely.prepare(whole)
    return [face for face in faces if whole.intersects(face.representative_point())], streets


def _around_holes(pieces: Sequence[Polygon]) -> list[Way]:
    """Tie every park that lies like an island in its piece of land to the streets around, by four streets."""
    ways = []
    for piece in pieces:
        for ring in piece.interiors:
            hole = Polygon(ring)
            rng = plane.chance("holes", round(hole.centroid.x), round(hole.centroid.y))
            middle = np.asarray(hole.representative_point().coords[0])
            tilt = rng.uniform(-0.2, 0.2)
            for turn in range(4):
                angle = tilt + turn * np.pi / 2
                ray = LineString([middle, middle + 20_000.0 * np.array([np.cos(angle), np.sin(angle)])])
                parts = [part for part in shapely.get_parts(ray.intersection(piece)) if part.length > 1.0]
                if parts:
                    first = min(parts, key=lambda part: part.distance(Point(middle)))
                    tags = {"highway": "tertiary", "name": names.street(rng, "tertiary")}
                    ways.append(Way(np.asarray(first.coords), tags))
    return ways


def lengthened(xy: NDArray[np.float64], over_m: float) -> NDArray[np.float64]:
    """Lengthen both ends of a line, so that rounding cannot keep it from meeting what it ends on."""
    xy = xy[np.concatenate([[True], np.hypot(*np.diff(xy, axis=0).T) > SAME_M])]
    first, last = xy[0] - xy[1], xy[-1] - xy[-2]
    return np.vstack([xy[0] + over_m * first / np.hypot(*first), xy, xy[-1] + over_m * last / np.hypot(*last)])


def _trimmed(ways: Sequence[Way], rings: list[LineString]) -> list[Way]:
    """Cut off the ends of through streets that lead nowhere."""
    lines = [LineString(lengthened(way.xy, OVER_M)) for way in ways]
    streets = []
    for i, way in enumerate(ways):
        others = shapely.union_all([*rings, *(line for j, line in enumerate(lines) if j != i)])
        meets = shapely.get_coordinates(lines[i].intersection(others))
        if not len(meets):
            continue
        along = shapely.line_locate_point(lines[i], shapely.points(meets))
        part = shapely.ops.substring(lines[i], float(along.min()), float(along.max()))
        if part.length > 1.0:
            streets.append(Way(np.asarray(part.coords), way.tags))
    return streets


class Splitter:
    """Splits blocks into smaller ones by streets, and remembers the streets and corners."""

    def __init__(self, towns: Sequence[Township], joints: Joints) -> None:
        self.towns = towns
        self.joints = joints
        self.ways: list[Way] = []

    def split(self, block: Block, rng: np.random.Generator, *, snap: float, highway: str | None) -> list[Block]:
        """Split a block in two by a new street; an empty list where no good line was found.

        Args:
            block: what to split.
            rng: the source of chance.
            snap: how likely an end moves to a corner near by, so that streets meet in a crossing.
            highway: class of the street, or None to choose by the size of the block.
        """
        for attempt in range(TRIES):
            line = self._propose(block.shape, rng, snap, wild=attempt / TRIES)
            if line is None:
                continue
            halves = _halves(block.shape, line)
            if halves and min(half.area for half in halves) > 0.22 * block.shape.area:
                self._lay(line, highway or _class_of(block.shape.area), rng)
                return [Block(half, block.town) for half in halves]
        return []

    def _propose(
        self, shape: Polygon, rng: np.random.Generator, snap: float, *, wild: float
    ) -> NDArray[np.float64] | None:
        corners = np.asarray(shapely.oriented_envelope(shape).exterior.coords)[:4]
        sides = [corners[1] - corners[0], corners[2] - corners[1]]
        if (np.hypot(*sides[0]) < np.hypot(*sides[1])) != (wild > LATE):
            corners, sides = np.roll(corners, -1, axis=0), sides[::-1]
        share = 0.5 + rng.uniform(-0.13, 0.13) * (1 + wild)
        lean = rng.normal(0.0, 0.035 + 0.1 * wild)
        start = corners[0] + (share + lean) * sides[0] if np.hypot(*sides[0]) else corners[0]
        end = corners[0] + (share - lean) * (corners[1] - corners[0]) + (corners[3] - corners[0])
        reach = 0.02 * (end - start)
        inside = LineString([start - reach, end + reach]).intersection(shape)
        parts = [part for part in shapely.get_parts(inside) if part.length > 1.0]
        if not parts:
            return None
        longest = max(parts, key=lambda part: part.length)
        ends = [self._snapped(point, shape, rng, snap) for point in np.asarray(longest.coords)[[0, -1]]]
        return self._drawn(ends[0], ends[1], shape, rng)

    def _snapped(
        self, point: NDArray[np.float64], shape: Polygon, rng: np.random.Generator, snap: float
    ) -> NDArray[np.float64]:
        reach_m = min(118.0, 0.28 * shape.area**0.5) if rng.random() < snap else ALWAYS_SNAP_M
        for x, y in self.joints.near(point, reach_m):
            if shape.exterior.distance(Point(x, y)) < 0.02:  # noqa: PLR2004 - the corner lies on this block
                return np.array([x, y])
        return point

    def _drawn(
        self, start: NDArray[np.float64], end: NDArray[np.float64], shape: Polygon, rng: np.random.Generator
    ) -> NDArray[np.float64] | None:
        length = float(np.hypot(*(end - start)))
        if length < 20.0:  # noqa: PLR2004 - not worth a street
            return None
        curved = bent(start, end, rng.normal(0.0, 0.022), max(2, min(6, int(length // 120))))
        for line in (curved, np.vstack([start, end])):
            inner = LineString(line[[0, -1]] if len(line) == 2 else line)  # noqa: PLR2004 - a straight line
            stays_inside = inner.intersection(shape).length > inner.length - 0.05
            if stays_inside and shape.exterior.intersection(inner.buffer(0.5, quad_segs=1)).length < BESIDE_M:
                return line
        return None

    def _lay(self, line: NDArray[np.float64], highway: str, rng: np.random.Generator) -> None:
        self.joints.add(line[0])
        self.joints.add(line[-1])
        tags = {"highway": highway}
        if highway in names.STREET_ENDS and (highway != "living_street" or rng.random() < NAMED_LANES):
            tags["name"] = names.street(rng, highway)
        self.ways.append(Way(line, tags))


def _class_of(area_m2: float) -> str:
    if area_m2 > 1.6e6:  # noqa: PLR2004 - a superblock
        return "secondary"
    return "tertiary" if area_m2 > 3.2e5 else "residential"  # noqa: PLR2004 - a large block


def _halves(shape: Polygon, line: NDArray[np.float64]) -> list[Polygon]:
    """Cut a block along a line whose ends lie on its border."""
    noded = shapely.union_all([shape.boundary, LineString(lengthened(line, OVER_M))])
    parts = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    parts = [part for part in parts if shape.contains(part.representative_point())]
    return parts if len(parts) == 2 else []  # noqa: PLR2004 - two halves


def street_lengths(ways: Sequence[Way], towns: Sequence[Township]) -> NDArray[np.float64]:
    """Measure the street metres of residential class and above in each township."""
    lines = [LineString(way.xy) for way in ways if way.highway in STREETS]
    tree = shapely.STRtree(lines)
    total = np.zeros(len(towns))
    for i, town in enumerate(towns):
        near = tree.query(town.shape, predicate="intersects")
        total[i] = shapely.length(shapely.intersection(np.asarray(lines, object)[near], town.shape)).sum()
    return total


def grow(
    faces: list[Polygon], first: Sequence[Way], towns: Sequence[Township], joints: Joints
) -> tuple[list[Block], list[Way]]:
    """Split the faces until every township has its street length."""
    splitter = Splitter(towns, joints)
    owned = _owned_blocks(faces, towns, splitter)
    have = street_lengths([*first, *splitter.ways], towns)
    blocks: list[Block] = []
    for i, town in enumerate(towns):
        mine = [block for block in owned if block.town == i]
        blocks += _grow_township(mine, town, have, splitter)
    return blocks, splitter.ways


def _owned_blocks(faces: list[Polygon], towns: Sequence[Township], splitter: Splitter) -> list[Block]:
    """Give each face to its township, after splitting those that lie across a border."""
    tree = shapely.STRtree([town.shape for town in towns])
    rng = plane.chance("faces")
    todo, owned = list(faces), []
    while todo:
        face = todo.pop()
        town = int(tree.nearest(face.representative_point()))
        block = Block(face, town)
        astray = face.area > ASTRAY_M2 and face.intersection(towns[town].shape).area < 0.7 * face.area
        quiet = wanted_density(towns[town])[0] < 1.0
        halves = splitter.split(block, rng, snap=0.3, highway="track" if quiet else None) if astray else []
        todo += [half.shape for half in halves]
        if not halves:
            owned.append(block)
    return owned


def _grow_township(mine: list[Block], town: Township, have: NDArray[np.float64], splitter: Splitter) -> list[Block]:
    rng = plane.chance("blocks", town.name)
    density, junctions = wanted_density(town)
    goal_m = density * 1e3 * town.shape.area / 1e6 * (1.0 - dead_end_share(town))
    snap = float(np.clip((0.47 - junctions / density**2) / 0.22, 0.0, 0.95))
    heap = [(-block.shape.area * rng.uniform(0.75, 1.3), n, block) for n, block in enumerate(mine)]
    heapq.heapify(heap)
    done: list[Block] = []
    count = len(heap)
    me = mine[0].town if mine else -1
    while heap and have[me] < goal_m:
        _, _, block = heapq.heappop(heap)
        before = len(splitter.ways)
        halves = splitter.split(block, rng, snap=snap, highway=None) if block.shape.area > MIN_BLOCK_M2 else []
        if not halves:
            done.append(block)
            continue
        _book(splitter.ways[before:], splitter.towns, me, have)
        for half in halves:
            count += 1
            heapq.heappush(heap, (-half.shape.area * rng.uniform(0.75, 1.3), count, half))
    return done + [block for _, _, block in sorted(heap)]


def _book(ways: list[Way], towns: Sequence[Township], me: int, have: NDArray[np.float64]) -> None:
    """Add the metres of new streets to the township they lie in, not only to the one whose block was split."""
    for way in ways:
        line = LineString(way.xy)
        own = line.intersection(towns[me].shape).length
        have[me] += own
        if line.length - own > 1.0:
            for i, town in enumerate(towns):
                if i != me:
                    have[i] += line.intersection(town.shape).length


def joints_of(ways: Sequence[Way]) -> Joints:
    """Collect the ends of ways and the places where they cross."""
    joints = Joints()
    for way in ways:
        for point in way.xy[[0, -1]]:
            joints.add(point)
    lines = np.array([LineString(way.xy) for way in ways if way.joins], object)
    a, b = shapely.STRtree(lines).query(lines, predicate="intersects")
    for one, other in zip(lines[a[a < b]], lines[b[a < b]], strict=True):
        for point in shapely.get_coordinates(one.intersection(other)):
            joints.add(point)
    return joints


def corners(joints: Joints) -> NDArray[np.float64]:
    """Give every remembered corner, metres (n, 2)."""
    points = [point for cell in joints.cells.values() for point in cell]
    return np.array(points)
