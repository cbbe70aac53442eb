"""ShapeGrid: the nearest street of every cell of a region, prepared once; a circle is then a reach and a contour."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from geomatch.network import mapped, unproject
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


def prepare(ways: Ways, *, cell_m: float = CELL_M, threads: int = 2) -> ShapeGrid:
    """Find the nearest usable street of every cell within reach of one.

    Profiles that may use the same streets share one grid.

    Args:
        ways: the streets as a profile walks them; its max_access_m bounds the grid.
        cell_m: side of a cell; a circle is exact at the cells' middles and drawn by interpolation between.
        threads: how many blocks to work on at once.
    """
    graph, far_m = ways.graph, ways.max_access_m + 2 * cell_m
    geom, piece_edge = np.ascontiguousarray(graph.geom_xy), np.asarray(ways.index.piece_edge)
    low, high = _extent(geom[ways.usable[piece_edge]], far_m)
    x0, y0 = (float(value) for value in low)
    block_m = kernel.BLOCK * cell_m
    cols, rows = (int(n) for n in np.floor((high - low) / block_m).astype(int) + 1)
    starts, items, filled = _buckets(geom, piece_edge, ways.usable, (x0, y0, block_m), (rows, cols))
    reach = int(np.ceil(far_m / block_m))
    blocks = np.argwhere(_spread(filled, reach)).astype(np.int32)
    access_unit_m = max(_FINEST_ACCESS_M, (far_m + 1.0) / _FRACTIONS)
    size = len(blocks) * kernel.BLOCK**2
    cell_piece, cell_leg = np.empty(size, np.int32), np.zeros((size, 2), np.uint16)
    off_scale = _FRACTIONS / np.maximum(graph.edge_length_m, 1e-9)

    def fill(part: NDArray[np.int64]) -> None:
        if len(part):
            kernel.nearest_pieces(
                geom, starts, items, blocks[part[0] : part[-1] + 1], part[0], x0, y0, cell_m, reach, far_m, off_scale,
                ways.index.piece_along, piece_edge, access_unit_m, cell_piece, cell_leg,
            )  # fmt: skip

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(fill, np.array_split(np.arange(len(blocks)), _PARTS_PER_THREAD * threads)))
    used = np.any(cell_piece.reshape(-1, kernel.BLOCK**2) >= 0, axis=1)
    blocks = blocks[used]
    cell_piece = cell_piece.reshape(-1, kernel.BLOCK**2)[used].ravel()
    cell_leg = cell_leg.reshape(-1, kernel.BLOCK**2, 2)[used].reshape(-1, 2)
    block_slot = np.full((rows, cols), -1, np.int32)
    block_slot[blocks[:, 0], blocks[:, 1]] = np.arange(len(blocks), dtype=np.int32)
    start, line, first, length, far = _runs(cell_piece, cell_leg, piece_edge, graph.edge_count)
    centre, half_m, lon_terms, lat_terms = unproject.fit(graph.plane, low, high)
    return ShapeGrid(
        x0=x0, y0=y0, cell_m=cell_m, max_access_m=ways.max_access_m, access_unit_m=access_unit_m,
        block_slot=block_slot, cell_piece=cell_piece, cell_leg=cell_leg, block_at=blocks, run_start=start,
        run_line=line, run_first=first, run_len=length,
        pieces=np.column_stack([geom, ways.index.piece_along, piece_edge]),
        edges=np.column_stack([graph.edge_length_m, graph.edge_u, graph.edge_v, far * access_unit_m]),
        centre=centre, half_m=half_m, lon_terms=lon_terms, lat_terms=lat_terms,
    )  # fmt: skip


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


def _buckets(
    geom: NDArray[np.float64],
    piece_edge: NDArray[np.int32],
    usable: NDArray[np.bool_],
    frame: tuple[float, float, float],
    shape: tuple[int, int],
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.bool_]]:
    """Sort pieces into square buckets: the end of each bucket's slice, the pieces, and which buckets have any."""
    counts = np.zeros(shape, np.int64)
    nothing = np.empty(0, np.int32)
    kernel.bucket_pieces(geom, piece_edge, usable, *frame, counts, nothing, False)  # noqa: FBT003 - kernels take positions
    moving = np.cumsum(counts).reshape(shape) - counts
    items = np.empty(int(counts.sum()), np.int32)
    kernel.bucket_pieces(geom, piece_edge, usable, *frame, moving, items, True)  # noqa: FBT003 - as above
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
