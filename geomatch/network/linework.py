"""Many lines cut into squares and written down: what a tiled map of streets needs, at the speed of a kernel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geomatch.network._kernels import linework as kernel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_BYTES_PER_PLACE, _BYTES_PER_RING = 10, 7


@dataclass(frozen=True)
class Strokes:
    """Lines or rings in whole units from the corner of their square; every field but units has n entries.

    Attributes:
        owner: int64, whose stroke it is.
        column, row: int64, its square.
        end: int64, where it ends in units.
        closed: bool, whether it is a ring, given without the last place, which is its first.
        units: int32 (m, 2), east and south.
    """

    owner: NDArray[np.int64]
    column: NDArray[np.int64]
    row: NDArray[np.int64]
    end: NDArray[np.int64]
    closed: NDArray[np.bool_]
    units: NDArray[np.int32]

    def joined(self, others: Strokes) -> Strokes:
        """These strokes and others after them."""
        names = ("owner", "column", "row", "closed", "units")
        both = {name: np.concatenate([getattr(self, name), getattr(others, name)]) for name in names}
        return Strokes(**both, end=np.concatenate([self.end, len(self.units) + others.end]))


def chain(
    u: NDArray[np.int32], v: NDArray[np.int32], group: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Chain the edges of each group head to tail.

    Args:
        u: int32 (n,), where each edge begins.
        v: int32 (n,), where it ends.
        group: int64 (n,), edges of different groups are not chained.

    Returns:
        The edges in order, and the slice of each chain in them.
    """
    order, start = np.empty(len(u), np.int64), np.empty(len(u) + 1, np.int64)
    chains = kernel.chain(u, v, group, np.lexsort((u, group)), np.lexsort((v, group)), order, start)
    start[chains] = len(u)
    return order, start[: chains + 1]


def cut(
    xy: NDArray[np.float64],
    start: NDArray[np.int64],
    *,
    scale: float,
    side: int,
    margin: int,
    tolerance: float,
    edges: Sequence[int],
) -> Strokes:
    """Thin lines and cut them into squares.

    Args:
        xy: float64 (V, 2), their vertices, one line after the other.
        start: int64 (n + 1,), the slice of each.
        scale: units per unit of xy; all that follows is in units.
        side: of a square.
        margin: how far a stroke may reach out of its square.
        tolerance: how far a vertex that is left out may lie from the stroke.
        edges: first column and row, last column and row of the squares that are wanted.
    """
    box = np.array(edges, np.int64)
    parts, units = kernel.cut_lines(xy, start, float(scale), float(tolerance), side, margin, box)
    owner, column, row, end = np.ascontiguousarray(parts.T)
    return Strokes(owner, column, row, end, np.zeros(len(parts), bool), units)


def draw(strokes: Strokes, order: NDArray[np.int64], feature_end: NDArray[np.int64]) -> list[bytes]:
    """Write features as move-to, line-to and close-path commands of a vector tile (version 2.1, 4.3).

    Args:
        strokes: of all features.
        order: the strokes, feature by feature.
        feature_end: where each feature ends in order.
    """
    room = _BYTES_PER_PLACE * len(strokes.units) + _BYTES_PER_RING * len(order)
    out, out_end = np.empty(room, np.uint8), np.empty(len(feature_end), np.int64)
    written = kernel.draw(strokes.units, strokes.end, strokes.closed, order, feature_end, out, out_end)
    data, ends = out[:written].tobytes(), out_end.tolist()
    return [data[start:stop] for start, stop in zip([0, *ends], ends, strict=False)]
