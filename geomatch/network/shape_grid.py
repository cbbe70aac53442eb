"""ShapeGrid: the nearest street of every cell of a region, prepared once; a circle is then a reach and a contour."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from geomatch.network import mapped, slices, unproject
from geomatch.network._kernels import grid as kernel

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from geomatch.network.reach import Ways

CELL_M = 10.0
_FRACTIONS = 65535
_PARTS_PER_THREAD = 8
_FINEST_ACCESS_M = 0.01


@dataclass(frozen=True)
class ShapeGrid:
    """Cells of `cell_m`, in blocks of 32 x 32, of which only those near a street are stored.

    Attributes:
        x0, y0: the plane's metres of the lower left corner.
        cell_m: side of a cell.
        max_access_m: how far from a street a cell may lie.
        access_unit_m: metres per unit of cell_access.
        block_slot: int32 (R, C), the number of a stored block or -1.
        cell_piece: int32 (B * 1024,), first vertex of the nearest piece, -1 where none is near.
        cell_leg: uint16 (B * 1024, 2), how far along the edge in 65535ths of its length, and the access leg.
        block_at: int32 (B, 2), row and column of each stored block.
        run_start: int64 (E + 1,), the slice of an edge's runs of cells in run_line (int32: block * 32 + line of the
            block), run_first and run_len (uint8).
        pieces: float64 (V, 4), x, y, metres along the edge, and edge of each vertex: what a contour asks for together
            lies together.
        edges: float64 (E, 4), length, u, v, and the longest access leg among an edge's cells.
        centre, half_m, lon_terms, lat_terms: polynomials from the plane to degrees, see unproject.py.
    """

    x0: float
    y0: float
    cell_m: float
    max_access_m: float
    access_unit_m: float
    block_slot: NDArray[np.int32]
    cell_piece: NDArray[np.int32]
    cell_leg: NDArray[np.uint16]
    block_at: NDArray[np.int32]
    run_start: NDArray[np.int64]
    run_line: NDArray[np.int32]
    run_first: NDArray[np.uint8]
    run_len: NDArray[np.uint8]
    pieces: NDArray[np.float64]
    edges: NDArray[np.float64]
    centre: NDArray[np.float64]
    half_m: float
    lon_terms: NDArray[np.float64]
    lat_terms: NDArray[np.float64]


_ARRAYS = (
    "block_slot", "cell_piece", "cell_leg", "block_at", "run_start", "run_line", "run_first", "run_len", "pieces",
    "edges", "centre", "lon_terms", "lat_terms",
)  # fmt: skip
_FIGURES = ("x0", "y0", "cell_m", "max_access_m", "access_unit_m", "half_m")


@dataclass(frozen=True)
class _Frame:
    """Where the blocks of a grid lie: `corner` is x0, y0, and `shape` the rows and columns of blocks."""

    corner: tuple[float, float]
    shape: tuple[int, int]
    cell_m: float
    far_m: float

    @property
    def block_m(self) -> float:
        return kernel.BLOCK * self.cell_m

    @property
    def reach(self) -> int:
        """How many blocks away a street may be that is near to a cell."""
        return int(np.ceil(self.far_m / self.block_m))

    @property
    def access_unit_m(self) -> float:
        return max(_FINEST_ACCESS_M, (self.far_m + 1.0) / _FRACTIONS)


@dataclass(frozen=True)
class _Cells:
    """The cells of some blocks: block_at, cell_piece and cell_leg of a ShapeGrid."""

    block_at: NDArray[np.int32]
    piece: NDArray[np.int32]
    leg: NDArray[np.uint16]

    def by_block(self) -> NDArray[np.int32]:
        """The pieces, a row a block."""
        return self.piece.reshape(-1, kernel.BLOCK**2)

    def only(self, blocks: NDArray[np.bool_]) -> _Cells:
        """Some of the blocks."""
        leg = self.leg.reshape(-1, kernel.BLOCK**2, 2)[blocks].reshape(-1, 2)
        return _Cells(self.block_at[blocks], self.by_block()[blocks].ravel(), leg)


def prepare(ways: Ways, *, like: ShapeGrid | None = None, cell_m: float = CELL_M, threads: int = 2) -> ShapeGrid:
    """Find the nearest usable street of every cell within reach of one.

    Profiles that may use the same streets share one grid.

    Args:
        ways: the streets as a profile walks them; its max_access_m bounds the grid.
        like: a grid of the same network for a profile that may use all of these streets and more; what is nearest
            there and may be used here is nearest here too, so only the other blocks are searched.
        cell_m: side of a cell; a circle is exact at the cells' middles and drawn by interpolation between.
        threads: how many blocks to work on at once.
    """
    graph, far_m = ways.graph, ways.max_access_m + 2 * cell_m
    if like is None:
        low, high = _extent(graph.geom_xy[ways.usable[ways.index.piece_edge]], far_m)
        rows, cols = (int(n) for n in np.floor((high - low)[::-1] / (kernel.BLOCK * cell_m)).astype(int) + 1)
        frame = _Frame((float(low[0]), float(low[1])), (rows, cols), cell_m, far_m)
        centre, half_m, lon_terms, lat_terms = unproject.fit(graph.plane, low, high)
    else:
        frame = _Frame((like.x0, like.y0), like.block_slot.shape, cell_m, far_m)
        centre, half_m, lon_terms, lat_terms = like.centre, like.half_m, like.lon_terms, like.lat_terms
    cells = _cells(ways, frame, like, threads)
    block_slot = np.full(frame.shape, -1, np.int32)
    block_slot[cells.block_at[:, 0], cells.block_at[:, 1]] = np.arange(len(cells.block_at), dtype=np.int32)
    piece_edge = ways.index.piece_edge
    start, line, first, length, far = _runs(cells.piece, cells.leg, piece_edge, graph.edge_count)
    return ShapeGrid(
        x0=frame.corner[0], y0=frame.corner[1], cell_m=cell_m, max_access_m=ways.max_access_m,
        access_unit_m=frame.access_unit_m,
        block_slot=block_slot, cell_piece=cells.piece, cell_leg=cells.leg, block_at=cells.block_at, run_start=start,
        run_line=line, run_first=first, run_len=length,
        pieces=np.column_stack([graph.geom_xy, ways.index.piece_along, piece_edge]),
        edges=np.column_stack([graph.edge_length_m, graph.edge_u, graph.edge_v, far * frame.access_unit_m]),
        centre=centre, half_m=half_m, lon_terms=lon_terms, lat_terms=lat_terms,
    )  # fmt: skip


def _cells(ways: Ways, frame: _Frame, like: ShapeGrid | None, threads: int) -> _Cells:
    """Find the nearest piece of every cell, of those blocks that have any."""
    starts, items, filled = _buckets(ways, frame)
    if like is None:
        blocks = np.argwhere(_spread(filled, frame.reach)).astype(np.int32)
        size = len(blocks) * kernel.BLOCK**2
        cells = _Cells(blocks, np.empty(size, np.int32), np.empty((size, 2), np.uint16))
        wanted = np.arange(len(blocks))
    else:
        cells = _Cells(like.block_at, like.cell_piece.copy(), like.cell_leg.copy())
        _, runs = slices.chosen(like.run_start, np.flatnonzero(~ways.usable))
        wanted = np.unique(like.run_line[runs] // kernel.BLOCK).astype(np.int64)
    graph, index = ways.graph, ways.index
    geom = np.ascontiguousarray(graph.geom_xy)
    off_scale = _FRACTIONS / np.maximum(graph.edge_length_m, 1e-9)

    def fill(slots: NDArray[np.int64]) -> None:
        kernel.nearest_pieces(
            geom, starts, items, cells.block_at[slots], slots, *frame.corner, frame.cell_m, frame.reach, frame.far_m,
            off_scale, index.piece_along, index.piece_edge, frame.access_unit_m, cells.piece, cells.leg,
        )  # fmt: skip

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(fill, np.array_split(wanted, _PARTS_PER_THREAD * threads)))
    return cells.only(cells.by_block().max(axis=1, initial=-1) >= 0)


def save(grid: ShapeGrid, folder: Path) -> None:
    """Write the grid into an existing folder."""
    for name in _ARRAYS:
        np.save(folder / f"shape_{name}.npy", getattr(grid, name))
    figures = {name: getattr(grid, name) for name in _FIGURES}
    (folder / "shape.json").write_text(json.dumps(figures), encoding="utf-8")


def load(folder: Path) -> ShapeGrid:
    """Open a saved grid by memory map."""
    parts: dict[str, Any] = json.loads((folder / "shape.json").read_text(encoding="utf-8"))
    return ShapeGrid(**(parts | mapped.open_arrays(folder, "shape_", _ARRAYS)))


def _extent(xy: NDArray[np.float64], far_m: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if not len(xy):
        return np.zeros(2), np.zeros(2)
    return np.floor(xy.min(axis=0) - far_m), xy.max(axis=0) + far_m


def _buckets(ways: Ways, frame: _Frame) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.bool_]]:
    """Sort pieces into the blocks they touch: the end of each block's slice, the pieces, and which blocks have any."""
    counts = np.zeros(frame.shape, np.int64)
    nothing = np.empty(0, np.int32)
    given = ways.graph.geom_xy, ways.index.piece_edge, ways.usable, *frame.corner, frame.block_m
    kernel.bucket_pieces(*given, counts, nothing, False)  # noqa: FBT003 - kernels take positions
    moving = np.cumsum(counts).reshape(frame.shape) - counts
    items = np.empty(int(counts.sum()), np.int32)
    kernel.bucket_pieces(*given, moving, items, True)  # noqa: FBT003 - as above
    return moving, items, counts > 0


def _spread(mask: NDArray[np.bool_], reach: int) -> NDArray[np.bool_]:
    """Widen a mask by `reach` in both directions."""
    for axis in (0, 1):
        wide = mask.copy()
        for step in range(1, reach + 1):
            ahead, behind = [slice(None)] * 2, [slice(None)] * 2
            ahead[axis], behind[axis] = slice(step, None), slice(None, -step)
            wide[tuple(ahead)] |= mask[tuple(behind)]
            wide[tuple(behind)] |= mask[tuple(ahead)]
        mask = wide
    return mask


def _runs(
    cell_piece: NDArray[np.int32], cell_leg: NDArray[np.uint16], piece_edge: NDArray[np.int32], edges: int
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint16]]:
    far = np.zeros(edges, np.uint16)
    line, first, length = np.empty(0, np.int32), np.empty(0, np.uint8), np.empty(0, np.uint8)
    counts = np.zeros(edges, np.int64)
    kernel.edge_runs(cell_piece, cell_leg, piece_edge, counts, line, first, length, far, False)  # noqa: FBT003 - as above
    start = np.concatenate([[0], np.cumsum(counts)])
    line, first, length = (np.empty(start[-1], kind) for kind in (np.int32, np.uint8, np.uint8))
    kernel.edge_runs(cell_piece, cell_leg, piece_edge, start[:-1].copy(), line, first, length, far, True)  # noqa: FBT003 - as above
    return start, line, first, length, far
