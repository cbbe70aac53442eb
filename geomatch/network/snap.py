"""From a point on the plane to its place on the nearest segment that may be walked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from geomatch import threads
from geomatch.network import mapped
from geomatch.network._kernels import snap as kernel
from geomatch.network._kernels.shortlist import rings_to_streets, shortlists
from geomatch.network.graph import along_m

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import ArrayLike, NDArray

    from geomatch.network.graph import StreetGraph

    _Grid = tuple[float, float, float, int, int, NDArray[np.int32], NDArray[np.int32]]

SEARCH_M = 2000.0
"""No street is looked for beyond this; a point further out has an infinite access leg."""

_FINEST_CELL_M, _PIECES_PER_CELL = 60.0, 0.25
_WORTH_SORTING = 4096
_STRIPS = 8


@dataclass(frozen=True)
class Places:
    """Points as the network sees them; all arrays are (n,).

    Attributes:
        edge: int32, the segment snapped to, or -1 where the point is not on the network.
        offset_m: float64, real metres along the polyline from the segment's u end.
        access_m: float64, the straight leg to it; over max_access_m where edge is -1, inf where nothing is near.
    """

    edge: NDArray[np.int32]
    offset_m: NDArray[np.float64]
    access_m: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.edge)

    @property
    def on_network(self) -> NDArray[np.bool_]:
        """Where a point reaches the network at all."""
        reaches: NDArray[np.bool_] = self.edge >= 0
        return reaches

    def take(self, index: ArrayLike) -> Places:
        """Give some of the places, chosen as numpy chooses."""
        chosen = np.asarray(index)
        return Places(self.edge[chosen], self.offset_m[chosen], self.access_m[chosen])


@dataclass(frozen=True)
class SnapIndex:
    """A uniform grid over the straight pieces of a graph's polylines.

    Attributes:
        west, south: metres, the corner of the grid.
        cell_m: side of a cell.
        columns, rows: size of the grid.
        cell_start: int32 (cells + 1,), cell_piece: int32 (M,): the pieces whose bounding box meets each cell.
        near_at: int32 (cells,), near_start: int32 (parts + 1,), near_piece: int32 (L,): for the parts of each cell the
            few pieces that can be nearest there, see _kernels/shortlist.py.
        geom_xy: float64 (V, 2), the graph's own vertices.
        piece_edge: int32 (V,), the edge of each geometry vertex.
        piece_along: float64 (V,), metres along the edge up to each geometry vertex.
    """

    west: float
    south: float
    cell_m: float
    columns: int
    rows: int
    cell_start: NDArray[np.int32]
    cell_piece: NDArray[np.int32]
    near_at: NDArray[np.int32]
    near_start: NDArray[np.int32]
    near_piece: NDArray[np.int32]
    geom_xy: NDArray[np.float64]
    piece_edge: NDArray[np.int32]
    piece_along: NDArray[np.float64]


def build_index(graph: StreetGraph) -> SnapIndex:
    """Index a graph's pieces; the cells are small where streets are dense, and never more than a few per piece."""
    coords = np.ascontiguousarray(graph.geom_xy)
    counts = np.diff(graph.geom_start)
    piece_edge = np.repeat(np.arange(graph.edge_count, dtype=np.int32), counts)
    is_piece = np.ones(len(coords), bool)
    is_piece[graph.geom_start[1:] - 1] = False
    (west, south), (east, north) = coords.min(axis=0), coords.max(axis=0)
    area = max((east - west) * (north - south), 1.0)
    cell_m = max(_FINEST_CELL_M, float(np.sqrt(area / len(coords) * _PIECES_PER_CELL)))
    columns, rows = int((east - west) / cell_m) + 1, int((north - south) / cell_m) + 1
    start = np.zeros(columns * rows + 1, np.int32)
    nothing = np.empty(0, np.int32)
    kernel.fill_grid(coords, is_piece, west, south, cell_m, columns, rows, start, nothing, True)  # noqa: FBT003 - a kernel takes plain values in order
    np.cumsum(start, out=start)
    pieces = np.empty(int(start[-1]), np.int32)
    kernel.fill_grid(coords, is_piece, west, south, cell_m, columns, rows, start[:-1].copy(), pieces, False)  # noqa: FBT003 - as above
    grid = (float(west), float(south), cell_m, columns, rows, start, pieces)
    near_at, near_start, near_piece = _shortlists(coords, grid)
    return SnapIndex(
        *grid,
        near_at=near_at,
        near_start=near_start,
        near_piece=near_piece,
        geom_xy=coords,
        piece_edge=piece_edge,
        piece_along=along_m(graph.geom_start, coords),
    )


def _shortlists(
    coords: NDArray[np.float64], grid: _Grid
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Make the lists in strips of rows with about as many pieces each, two at once; they are those of one strip."""
    *_, columns, rows, cell_start, _ = grid
    near_at = -rings_to_streets(cell_start, columns, rows)
    before = cell_start[::columns].astype(np.int64)
    bounds = np.searchsorted(before, np.linspace(0, before[-1], _STRIPS + 1)[1:-1]).tolist()
    strips = list(pairwise([0, *bounds, rows]))
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda strip: shortlists(coords, *grid, strip[0], strip[1], near_at), strips))
    start, piece = np.zeros(1, np.int32), np.empty(0, np.int32)
    for (from_row, to_row), (strip_start, strip_piece) in zip(strips, made, strict=True):
        cells = near_at[from_row * columns : to_row * columns]
        cells[cells >= 0] += (len(start) - 1) << 2
        start = np.concatenate([start, strip_start[1:] + start[-1]])
        piece = np.concatenate([piece, strip_piece])
    return near_at, start, piece


def save(index: SnapIndex, folder: Path) -> None:
    """Write the index into an existing folder."""
    for name in _ARRAYS:
        np.save(folder / f"snap_{name}.npy", getattr(index, name))
    np.save(folder / "snap_grid.npy", np.array([index.west, index.south, index.cell_m, index.columns, index.rows]))


def load(folder: Path, graph: StreetGraph) -> SnapIndex:
    """Open a saved index of a graph by memory map."""
    west, south, cell_m, columns, rows = np.load(folder / "snap_grid.npy")
    arrays = mapped.open_arrays(folder, "snap_", _ARRAYS)
    return SnapIndex(float(west), float(south), float(cell_m), int(columns), int(rows), geom_xy=graph.geom_xy, **arrays)


_ARRAYS = ("cell_start", "cell_piece", "near_at", "near_start", "near_piece", "piece_edge", "piece_along")


def nearest_places(
    index: SnapIndex, usable: NDArray[np.bool_], x: ArrayLike, y: ArrayLike, *, max_access_m: float
) -> Places:
    """Snap points, metres on the graph's plane, to the nearest point of the nearest usable segment.

    Args:
        index: of the streets.
        usable: bool (E,), which segments may be snapped to.
        x: metres east, (n,).
        y: metres north, (n,).
        max_access_m: a longer leg (inclusive bound) means "not on the network".
    """
    xs = np.ascontiguousarray(np.atleast_1d(x), np.float64)
    ys = np.ascontiguousarray(np.atleast_1d(y), np.float64)
    edge, offset, access = np.empty(len(xs), np.int32), np.empty(len(xs)), np.empty(len(xs))

    def snap(some: slice) -> None:
        kernel.snap_points(
            index.geom_xy, index.west, index.south, index.cell_m, index.columns, index.rows, index.cell_start,
            index.cell_piece, index.near_at, index.near_start, index.near_piece, index.piece_edge, index.piece_along,
            usable, SEARCH_M, xs[some], ys[some], _in_order(index, xs[some], ys[some]),
            edge[some], offset[some], access[some],
        )  # fmt: skip

    threads.in_slices(snap, len(xs))
    edge[access > max_access_m] = -1
    return Places(edge, offset, access)


def xy_of(graph: StreetGraph, index: SnapIndex, places: Places) -> NDArray[np.float64]:
    """Give where on the plane places meet their segments, float64 (n, 2); all of them must be on the network."""
    before_m = np.cumsum(graph.edge_length_m) - graph.edge_length_m
    along_m = index.piece_along + before_m[index.piece_edge]  # ascending over all segments, one after the other
    first, last = graph.geom_start[places.edge], graph.geom_start[places.edge + 1] - 2
    piece = np.searchsorted(along_m, before_m[places.edge] + places.offset_m, side="right") - 1
    piece = np.clip(piece, first, last)
    start_m, end_m = index.piece_along[piece], index.piece_along[piece + 1]
    share = np.divide(places.offset_m - start_m, end_m - start_m, out=np.zeros(len(places)), where=end_m > start_m)
    here, there = graph.geom_xy[piece], graph.geom_xy[piece + 1]
    return np.asarray(here + np.clip(share, 0.0, 1.0)[:, None] * (there - here), np.float64)


def _in_order(index: SnapIndex, xs: NDArray[np.float64], ys: NDArray[np.float64]) -> NDArray[np.int32]:
    """Say which point comes after which; neighbours one after another find their streets in the processor's cache."""
    if len(xs) < _WORTH_SORTING:
        return np.arange(len(xs), dtype=np.int32)
    blocks = (index.columns // 2 + 1, index.rows // 2 + 1)
    order: NDArray[np.int32] = kernel.by_block(xs, ys, index.west, index.south, 2.0 * index.cell_m, *blocks)
    return order
