"""What was reached, as polygons: the public door of circles.

A circle is the set of points p with walk_m(p, place) <= limit_m. It is drawn from the exact walk at every cell of a
prepared ShapeGrid, its edge placed between cells by the exact walk as well, and thinned by a tolerance. Rings are
valid, outer rings counter-clockwise, closed, on the grid of 1e-7 degrees.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geomatch.network._kernels import circle as kernel
from geomatch.network._kernels.bounded import clean
from geomatch.network._kernels.grid import BLOCK
from geomatch.network.nesting import nest
from geomatch.network.shape_grid import ShapeGrid, load, prepare, save
from geomatch.network.snap import Places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geomatch.network.reach import Ways

__all__ = ["RingSet", "ShapeGrid", "circle_rings", "circles", "load", "prepare", "save", "tolerance_for", "warm"]

LEAST_AREA_CELLS = 2.5
"""A part or hole smaller than so many cells is a sliver of the drawing, not of the walk."""

_POINTS_PER_CIRCLE, _RINGS_PER_CIRCLE = 320, 8
_DIGITS = 1e7
_TOLERANCE_SHARE, _FINEST_M, _COARSEST_M = 0.003, 1.0, 6.0
_BOUND_MARGIN_M = 0.5
"""Interpolation and rounding overshoot by less than this: the bound on access legs holds for what is drawn."""
_CORNER_CELLS, _CHORD_CELLS = 1.8, 0.6


@dataclass(frozen=True)
class RingSet:
    """Circles of n places for one limit, in degrees. A place off the network, or too far from a street, has none.

    Attributes:
        lonlat: float64 (P, 2), WGS-84 degrees rounded to 7 digits, closed rings one after another.
        ring_start: int64 (R + 1,), the slice of lonlat of each ring.
        polygon_start: int64 (G + 1,), the slice of rings of each polygon: its outer ring, then its holes.
        circle_start: int64 (n + 1,), the slice of polygons of each circle.
        area_m2: float64 (n,), of the drawn polygon on the plane.
        street_m: float64 (n,), real length of the streets within the limit: exact, not by the polygon.
    """

    lonlat: NDArray[np.float64]
    ring_start: NDArray[np.int64]
    polygon_start: NDArray[np.int64]
    circle_start: NDArray[np.int64]
    area_m2: NDArray[np.float64]
    street_m: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.circle_start) - 1

    def coordinates(self, i: int) -> list[list[NDArray[np.float64]]]:
        """Give circle i as GeoJSON coordinates of a MultiPolygon; rings are views that orjson writes as they are."""
        ring, polygon = self.ring_start, self.polygon_start
        return [
            [self.lonlat[ring[r] : ring[r + 1]] for r in range(polygon[p], polygon[p + 1])]
            for p in range(self.circle_start[i], self.circle_start[i + 1])
        ]

    def geometry(self, i: int) -> shapely.MultiPolygon:
        """Give circle i as a MultiPolygon, empty where there is none."""
        return shapely.MultiPolygon([(rings[0], rings[1:]) for rings in self.coordinates(i)])

    def geometries(self) -> NDArray[np.object_]:
        """Give every circle as a MultiPolygon: object (n,)."""
        made: NDArray[np.object_] = shapely.from_ragged_array(
            shapely.GeometryType.MULTIPOLYGON, self.lonlat, (self.ring_start, self.polygon_start, self.circle_start)
        )
        return made


def tolerance_for(limit_m: float) -> float:
    """How far thinning may move the edge of a circle: 3.5 m of 1170 m, so that small ones are as true."""
    return min(max(_TOLERANCE_SHARE * limit_m, _FINEST_M), _COARSEST_M)


def circle_rings(
    ways: Ways, grid: ShapeGrid, places: Places, limit_m: float, *, tolerance_m: float | None = None
) -> RingSet:
    """Draw the circle of every place for one limit.

    Args:
        ways: the streets as a profile walks them.
        grid: prepared for the same usable streets.
        places: where the sites are.
        limit_m: inclusive bound on walk_m.
        tolerance_m: how far thinning may move the drawn edge, tolerance_for(limit_m) unless given; halved for a circle
            until it stays valid.
    """
    fine_m = tolerance_for(limit_m) if tolerance_m is None else tolerance_m
    drawn, failed = _draw(ways, grid, places, limit_m, (_BOUND_MARGIN_M, _CORNER_CELLS * grid.cell_m, fine_m))
    again = np.flatnonzero(failed)
    if not len(again):
        return drawn
    # rings that met after rounding are drawn once more as they were traced: those cannot meet
    plain, _ = _draw(ways, grid, places.take(again), limit_m, (_CHORD_CELLS * grid.cell_m, 0.0, 0.0))
    geometries = drawn.geometries()
    geometries[again] = plain.geometries()
    return _from_geometries(ways, geometries, drawn.street_m)


def _draw(
    ways: Ways, grid: ShapeGrid, places: Places, limit_m: float, care_m: tuple[float, float, float]
) -> tuple[RingSet, NDArray[np.bool_]]:
    """Draw with a margin on access legs, the room for corners and a tolerance; tell which places came out invalid."""
    streets, cells, unproject = _streets(ways), _cells(grid), _unproject(grid)
    where = (places.edge, places.offset_m, places.access_m)
    margin_m, corner_m, tolerance_m = (float(figure) for figure in care_m)
    bounds = (float(limit_m), grid.max_access_m - margin_m, corner_m, tolerance_m, LEAST_AREA_CELLS * grid.cell_m**2)
    n, first, raw_points = len(places), 0, 1 << 14
    digits = np.empty((n * _POINTS_PER_CIRCLE + 4096, 2), np.int64)
    ring_end = np.empty(n * _RINGS_PER_CIRCLE + 256, np.int64)
    ring_outer = np.empty(len(ring_end), np.bool_)
    circle_end, street_m, area_m2, failed = np.zeros(n, np.int64), np.zeros(n), np.zeros(n), np.zeros(n, np.bool_)
    done = np.zeros(2, np.int64)
    while first < n:
        scratch = _scratch(ways, grid, limit_m, raw_points)
        stopped = kernel.draw_circles(
            streets, cells, unproject, *where, first, *bounds, scratch, done,
            digits, ring_end, ring_outer, circle_end, street_m, area_m2, failed,
        )  # fmt: skip
        if stopped < n:
            digits, ring_end, ring_outer = (
                np.concatenate([array, np.empty_like(array)]) for array in (digits, ring_end, ring_outer)
            )
            raw_points *= 2 if stopped == first else 1
        first = stopped
    points, rings = (int(count) for count in done)
    outer = np.flatnonzero(ring_outer[:rings])
    drawn = RingSet(
        lonlat=digits[:points] / _DIGITS,
        ring_start=np.concatenate([[0], ring_end[:rings]]),
        polygon_start=np.append(outer, rings),
        circle_start=np.searchsorted(outer, np.concatenate([[0], circle_end])),
        area_m2=area_m2,
        street_m=street_m,
    )
    return drawn, failed


def circles(
    ways: Ways, grid: ShapeGrid, places: Places, limits_m: Sequence[float], *, tolerance_m: float | None = None
) -> tuple[RingSet, ...]:
    """Draw the circles of every place for several limits, one RingSet a limit in the order given.

    The rings of one place nest exactly: what a smaller limit holds, a larger one covers.
    """
    drawn = {limit: circle_rings(ways, grid, places, limit, tolerance_m=tolerance_m) for limit in sorted(set(limits_m))}
    if len(drawn) > 1:
        shapes = nest([rings.geometries() for rings in drawn.values()])
        drawn = {
            limit: _from_geometries(ways, nested, rings.street_m)
            for (limit, rings), nested in zip(drawn.items(), shapes, strict=True)
        }
    return tuple(drawn[limit] for limit in limits_m)


def warm(ways: Ways, grid: ShapeGrid) -> None:
    """Load or compile the kernels, so that no request waits for them."""
    first = np.flatnonzero(ways.usable)[:1].astype(np.int32)
    circle_rings(ways, grid, Places(first, np.zeros(len(first)), np.zeros(len(first))), 100.0)


def _from_geometries(ways: Ways, geometries: NDArray[np.object_], street_m: NDArray[np.float64]) -> RingSet:
    _, lonlat, (ring_start, polygon_start, circle_start) = shapely.to_ragged_array(geometries)
    on_plane = shapely.transform(geometries, lambda xy: np.column_stack(ways.graph.plane.to_xy(xy[:, 0], xy[:, 1])))
    ring, polygon, circle = (np.asarray(start, np.int64) for start in (ring_start, polygon_start, circle_start))
    return RingSet(lonlat, ring, polygon, circle, shapely.area(on_plane), street_m)


def _streets(ways: Ways) -> tuple[NDArray[Any], ...]:
    graph = ways.graph
    return (
        graph.arc_start, graph.arc_head, graph.arc_edge, ways.arc_cost, ways.factor, graph.geom_start,
    )  # fmt: skip


def _cells(grid: ShapeGrid) -> tuple[Any, ...]:
    return (
        grid.x0, grid.y0, grid.cell_m, grid.access_unit_m, grid.block_slot, grid.cell_piece, grid.cell_leg,
        grid.block_at, grid.run_start, grid.run_line, grid.run_first, grid.run_len, grid.pieces, grid.edges,
    )  # fmt: skip


def _unproject(grid: ShapeGrid) -> tuple[Any, ...]:
    return grid.centre, grid.half_m, grid.lon_terms, grid.lat_terms


@dataclass(frozen=True)
class _Scratch:
    """What circles are drawn on, for graphs of one size; every draw leaves its walks inf and its masks zero.

    Attributes:
        size: nodes and buckets of the graph.
        radius, points: of the largest circle that it holds, in cells and in vertices before thinning.
        walks, masks, rings: the arrays.
    """

    size: tuple[int, int]
    radius: int
    points: int
    walks: tuple[NDArray[Any], ...]
    masks: tuple[NDArray[np.uint32], ...]
    rings: tuple[NDArray[Any], ...]


_thread = threading.local()


def _scratch(ways: Ways, grid: ShapeGrid, limit_m: float, points: int) -> tuple[Any, ...]:
    """Give this thread's scratch, made anew only for another graph or a larger circle than any before."""
    slowest = min(1.0, float(ways.factor.min(initial=1.0)))
    radius = int(np.ceil(limit_m / slowest / grid.cell_m)) + 3
    size = (ways.graph.node_count, ways.buckets)
    held: _Scratch | None = getattr(_thread, "scratch", None)
    if held is not None and held.size != size:
        held = None  # one region at a time: a server's memory must not grow with what it is asked for
    if held is None or held.radius < radius or held.points < points:
        largest = (radius, points) if held is None else (max(held.radius, radius), max(held.points, points))
        held = _thread.scratch = _make_scratch(size, *largest)
    return (*held.walks, *held.masks, _wide(radius), radius, *held.rings)


def _wide(radius: int) -> int:
    """Words in a row of a mask: two more than its cells fill, as it starts within a block and ends in an empty word."""
    return (2 * radius + 1) // BLOCK + 3


def _make_scratch(size: tuple[int, int], radius: int, points: int) -> _Scratch:
    rings, words = points // 4, (2 * radius + 1) * _wide(radius) + 1
    return _Scratch(
        size,
        radius,
        points,
        clean(*size),
        (np.zeros(words, np.uint32), np.zeros(words, np.uint32)),
        (
            np.empty((points, 2)), np.empty(points, np.bool_), np.empty(rings, np.int64),
            np.empty((points, 2)), np.empty(rings, np.int64),
            np.empty(points, np.int64), np.empty((points, 2), np.int64), np.empty((points, 3)),
            np.empty((points, 2), np.int64), np.empty(points, np.int64), np.empty(points, np.int64),
            np.empty(rings, np.int64),
        ),
    )  # fmt: skip
