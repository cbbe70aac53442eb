"""The ground of each place: areas from which it is the nearest to walk to, which tile the ground within a limit.

Every cell of a ShapeGrid is given to its nearest place by the exact walk. The border between two cells of different
places is found on the line between their middles by halving, with the walk of the point itself each time. Borders are
joined across squares of four cells (marching squares with many labels; Lorensen and Cline 1987 for two); where three or
more areas meet they share a corner. So neighbours share every vertex of their border: no gap, no overlap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geomatch.network import reach
from geomatch.network._kernels.grid import BLOCK
from geomatch.network.snap import Places

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geomatch.network.reach import Field, Ways
    from geomatch.network.shape_grid import ShapeGrid

TOLERANCE_M = 4.0
"""Borders are thinned by triangles of up to TOLERANCE_M^2 m2 (Visvalingam and Whyatt 1993), for both sides alike."""

_HALVINGS = 5
_CELLS_AT_ONCE = 1 << 18
_FRACTIONS = 65535.0
_DIGITS = 7
_NOBODY = -1
_CORNERS = 4
_JUNCTION = 3
# the corners of a square run counter-clockwise from the south-west; edge k lies between corner k and the next one. A
# state is an edge seen from one of its two cells: 2 x edge + (0 for the western or southern cell, 1 for the other)
_LEAVING, _ENTERING = (0, 0, 1, 1), (1, 1, 0, 0)


@dataclass(frozen=True)
class Areas:
    """The areas of those places that have any ground, in the order of the places.

    Attributes:
        place: int32 (n,), index of the place.
        geometry: object (n,), MultiPolygon in WGS-84 degrees rounded to 7 digits; neighbours share their vertices.
        area_m2: float64 (n,), on the plane.
    """

    place: NDArray[np.int32]
    geometry: NDArray[np.object_]
    area_m2: NDArray[np.float64]


@dataclass(frozen=True)
class _Raster:
    """Labels of cells with an empty frame: int32 (rows, columns), and the middle of its first cell on the plane."""

    label: NDArray[np.int32]
    x0: float
    y0: float
    cell_m: float


@dataclass(frozen=True)
class _Crossings:
    """Borders between two neighbouring cells: those to the east first, then those to the north.

    Attributes:
        east, north: int64, flat index of the western or southern cell of each, ascending.
        xy: float64 (n, 2), where the border lies.
    """

    east: NDArray[np.int64]
    north: NDArray[np.int64]
    xy: NDArray[np.float64]


def areas(ways: Ways, grid: ShapeGrid, nearby: Field, limit_m: float) -> Areas:
    """Give each place the ground within the limit from which it is the nearest by walking.

    Args:
        ways: the streets as a profile walks them.
        grid: prepared for the same usable streets.
        nearby: the nearest place of every node, on the same streets.
        limit_m: inclusive bound on walk_m.
    """
    raster = _raster(grid, _labels(ways, grid, nearby, limit_m))
    crossings = _cross(ways, nearby, limit_m, raster)
    if not len(crossings.xy):
        return Areas(np.empty(0, np.int32), np.empty(0, object), np.empty(0))
    place, flat = _polygons(*_rings(raster, crossings))
    thinned = shapely.coverage_simplify(flat, TOLERANCE_M)
    plane = ways.graph.plane

    def turn(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.round(np.column_stack(plane.to_lonlat(xy[:, 0], xy[:, 1])), _DIGITS), np.float64)

    return Areas(place, shapely.orient_polygons(shapely.transform(thinned, turn)), shapely.area(thinned))


def _nearest(ways: Ways, nearby: Field, points: Places, limit_m: float) -> NDArray[np.int32]:
    """Give the nearest place of each point, -1 where none is within the limit."""
    place, walk_m = reach.nearest(ways, nearby, points)
    return np.where(walk_m[:, 0] <= limit_m, place[:, 0], np.int32(_NOBODY))


def _labels(ways: Ways, grid: ShapeGrid, nearby: Field, limit_m: float) -> NDArray[np.int32]:
    """Give the nearest place of every stored cell."""
    labels = np.empty(len(grid.cell_piece), np.int32)
    for start in range(0, len(labels), _CELLS_AT_ONCE):
        some = slice(start, start + _CELLS_AT_ONCE)
        piece, leg = np.asarray(grid.cell_piece[some]), np.asarray(grid.cell_leg[some])
        access_m = leg[:, 1].astype(np.float64) * grid.access_unit_m
        there = (piece >= 0) & (access_m <= grid.max_access_m)
        edge = np.where(there, grid.pieces[np.maximum(piece, 0), 3], -1.0).astype(np.int32)
        cells = Places(edge, leg[:, 0].astype(np.float64) * grid.edges[edge, 0] / _FRACTIONS, access_m)
        labels[some] = _nearest(ways, nearby, cells, limit_m)
    return labels


def _raster(grid: ShapeGrid, labels: NDArray[np.int32]) -> _Raster:
    """Lay the blocks that hold anything out on the plane."""
    blocks = labels.reshape(-1, BLOCK, BLOCK)
    used = np.flatnonzero(np.any(blocks >= 0, axis=(1, 2)))
    if not len(used):
        return _Raster(np.full((2, 2), _NOBODY, np.int32), 0.0, 0.0, grid.cell_m)
    at = np.asarray(grid.block_at)[used]
    low = at.min(axis=0)
    rows, columns = (at.max(axis=0) - low + 1).tolist()
    framed = np.full((rows * BLOCK + 2, columns * BLOCK + 2), _NOBODY, np.int32)
    for (row, column), block in zip(((at - low) * BLOCK + 1).tolist(), blocks[used], strict=True):
        framed[row : row + BLOCK, column : column + BLOCK] = block
    y0, x0 = ((low * BLOCK - 0.5) * grid.cell_m).tolist()
    return _Raster(framed, grid.x0 + x0, grid.y0 + y0, grid.cell_m)


def _cross(ways: Ways, nearby: Field, limit_m: float, raster: _Raster) -> _Crossings:
    """Find all pairs of neighbouring cells of different places, and by halving where the border between them lies."""
    label, wide = raster.label, raster.label.shape[1]
    row, column = np.nonzero(label[:, 1:] != label[:, :-1])
    east = row * wide + column
    north = np.flatnonzero((label[1:] != label[:-1]).ravel())
    cell = np.concatenate([east, north])
    west_or_south = label.ravel()[cell]
    x, y = raster.x0 + (cell % wide) * raster.cell_m, raster.y0 + (cell // wide) * raster.cell_m
    eastward = np.arange(len(cell)) < len(east)
    step = np.full(len(cell), 0.5)
    along = step.copy()
    for _ in range(_HALVINGS):
        across_m = along * raster.cell_m
        points = reach.place(ways, x + np.where(eastward, across_m, 0.0), y + np.where(eastward, 0.0, across_m))
        step = step / 2
        along += np.where(_nearest(ways, nearby, points, limit_m) == west_or_south, step, -step)
    across_m = along * raster.cell_m
    xy = np.column_stack([x + np.where(eastward, across_m, 0.0), y + np.where(eastward, 0.0, across_m)])
    return _Crossings(east, north, xy)


def _rings(raster: _Raster, crossings: _Crossings) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int32]]:
    """Follow the border of every area with the area on its left.

    Returns:
        The points of all rings one after another, float64 (P, 2); the end of each ring in them; whose ring it is.
    """
    edges, corners = _squares(raster, crossings)
    following, centre_after, centres = _link(edges, corners, crossings)
    wide, cell = raster.label.shape[1], np.concatenate([crossings.east, crossings.north])
    other = cell + np.where(np.arange(len(cell)) < len(crossings.east), 1, wide)
    owner = raster.label.ravel()[np.column_stack([cell, other]).ravel()]
    states, ends = _cycles(following.tolist(), np.flatnonzero(owner >= 0).tolist())
    order = np.array(states, np.int64)
    # a border that passes a corner of three areas goes by way of its centre
    has_centre = centre_after[order] >= 0
    points = np.repeat(crossings.xy[order // 2], 1 + has_centre, axis=0)
    last = np.cumsum(1 + has_centre)
    points[last[has_centre] - 1] = centres[centre_after[order[has_centre]]]
    first = order[[0, *ends[:-1]]]
    return points, last[np.array(ends) - 1], owner[first]


def _squares(raster: _Raster, crossings: _Crossings) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """List the squares of four cells that a border crosses: their four edges (-1 where uncrossed) and corner labels."""
    wide, east, north = raster.label.shape[1], crossings.east, crossings.north
    square = np.unique(np.concatenate([east, east - wide, north, north - 1]))
    edges = np.column_stack([
        _where(east, square),
        _where(north, square + 1, len(east)),
        _where(east, square + wide),
        _where(north, square, len(east)),
    ])  # fmt: skip
    flat = raster.label.ravel()
    return edges, np.column_stack([flat[square], flat[square + 1], flat[square + wide + 1], flat[square + wide]])


def _where(keys: NDArray[np.int64], wanted: NDArray[np.int64], first: int = 0) -> NDArray[np.int64]:
    """Give the place of each wanted number among ascending keys, plus `first`; -1 where it is none of them."""
    place = np.searchsorted(keys, wanted)
    found = place < len(keys)
    found[found] = keys[place[found]] == wanted[found]
    return np.where(found, place + first, -1)


def _link(
    edges: NDArray[np.int64], corners: NDArray[np.int32], crossings: _Crossings
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Join the borders within each square: the state that follows each state, and the centre between the two.

    Of two areas that face each other across a square, one is joined through its middle and the other parted; so no
    ring touches itself.
    """
    crossed = edges >= 0
    joined = [(corners[:, k] == corners[:, k + 2]) & crossed.all(axis=1) for k in (0, 1)]
    joined[0] &= ~joined[1] | (corners[:, 0] > corners[:, 1])
    joined[1] &= ~joined[0]
    junction = np.flatnonzero((crossed.sum(axis=1) >= _JUNCTION) & ~joined[0] & ~joined[1])
    following, centre_after = (np.full(2 * len(crossings.xy), -1, np.int64) for _ in range(2))
    centre_of = np.full(len(edges), -1, np.int64)
    centre_of[junction] = np.arange(len(junction))
    for leaving in range(_CORNERS):
        rows = np.flatnonzero(crossed[:, leaving])
        entering = _edge_before(crossed[rows], leaving)
        # the two ends of the joined area are followed from one to the other, along the corner that is cut off between
        entering = np.where(joined[leaving % 2][rows], (leaving + 1) % _CORNERS, entering)
        state = 2 * edges[rows, leaving] + _LEAVING[leaving]
        following[state] = 2 * edges[rows, entering] + np.array(_ENTERING)[entering]
        centre_after[state] = centre_of[rows]
    return following, centre_after, _centres(edges[junction], crossings.xy)


def _edge_before(crossed: NDArray[np.bool_], leaving: int) -> NDArray[np.int64]:
    """Give the crossed edge by which the corners before an edge are entered: the last one before it, going around."""
    entering = np.full(len(crossed), leaving)
    for back in range(_CORNERS - 1, 0, -1):
        k = (leaving - back) % _CORNERS
        entering = np.where(crossed[:, k], k, entering)
    return entering


def _centres(edges: NDArray[np.int64], xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the mean of the three or four crossings of each square."""
    there = (edges >= 0)[:, :, None]
    return np.asarray((xy[edges] * there).sum(axis=1) / there.sum(axis=1), np.float64)


def _cycles(following: list[int], starts: list[int]) -> tuple[list[int], list[int]]:
    """Walk every cycle of a permutation that holds a start; gives the states in order and the end of each cycle."""
    seen = bytearray(len(following))
    states: list[int] = []
    ends: list[int] = []
    for start in starts:
        state = start
        if seen[state]:
            continue
        while not seen[state]:
            seen[state] = 1
            states.append(state)
            state = following[state]
        ends.append(len(states))
    return states, ends


def _polygons(
    points: NDArray[np.float64], ends: NDArray[np.int64], owner: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.object_]]:
    """Put rings together as one MultiPolygon for each owner; rings that run clockwise are holes."""
    ring_of = np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))
    rings = np.asarray(shapely.linearrings(points, indices=ring_of), object)
    whole = np.asarray(shapely.polygons(rings), object)
    outer = shapely.is_ccw(rings)
    made: dict[int, list[shapely.Polygon]] = {}
    holes: dict[int, list[int]] = {}
    for ring in np.flatnonzero(~outer).tolist():
        holes.setdefault(int(owner[ring]), []).append(ring)
    for ring in np.flatnonzero(outer).tolist():
        mine = int(owner[ring])
        inside = [hole for hole in holes.get(mine, ()) if whole[ring].contains(whole[hole])]
        made.setdefault(mine, []).append(shapely.Polygon(rings[ring], [rings[hole] for hole in inside]))
    place = np.array(sorted(made), np.int32)
    return place, np.array([shapely.MultiPolygon(made[mine]) for mine in place.tolist()], object)
