"""What people on foot cannot cross: water, railways, roads closed to them, walls; kept for looking up what is between.

Only the lines are kept, of areas their outlines, cut into short pieces on the plane.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from geomatch.network.graph import StreetGraph
    from geomatch.network.scenery import Scenery

KINDS = ("water", "railway", "road", "compound", "wall")
"""The kinds, those first that are the harder to cross."""

WIDE = ("water", "railway", "road")
"""Kinds that divide a town, and that only a bridge or a crossing leads over; through the others leads a gate."""

_BESIDE_M = 1000.0
"""Pieces further from the box of the streets are left out: a river of the extract may run on for hundreds of km."""
_STEPPED_OVER = ("stream", "drain", "ditch", "tram", "narrow_gauge", "monorail", "funicular")
_PIECE_STEPS = 16
_TRIMMED_M = 0.5
"""A line that ends on a wall, at its gate for instance, does not cross it."""


@dataclass(frozen=True)
class Barriers:
    """Pieces of barriers on the plane.

    Attributes:
        labels: kind and name ("" where it has none) of what there is; unnamed things of one kind are one.
        label: int32 (P,), index into labels.
        start: int64 (P + 1,), xy: float64 (V, 2), metres: the vertices of each piece.
    """

    labels: tuple[tuple[str, str], ...]
    label: NDArray[np.int32]
    start: NDArray[np.int64]
    xy: NDArray[np.float64]

    def is_wide(self) -> NDArray[np.bool_]:
        """Tell of every label whether it is of a wide kind."""
        return np.array([kind in WIDE for kind, _ in self.labels], bool)

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The pieces as lines, to be searched."""
        piece = np.repeat(np.arange(len(self.label)), np.diff(self.start))
        return shapely.STRtree(np.asarray(shapely.linestrings(self.xy, indices=piece)))


def build(scenery: Scenery, graph: StreetGraph) -> Barriers:
    """Take from an extract's scenery what cannot be crossed on foot, near the streets."""
    labels: dict[tuple[str, str], int] = {}
    lines, of_line = [], []
    for kind, layer in (("water", scenery.water), ("railway", scenery.rail), ("", scenery.closed)):
        rows = np.flatnonzero(~layer.bridge & ~np.isin(layer.kind, _STEPPED_OVER))
        named = [(kind or layer.kind[row], layer.name[row]) for row in rows.tolist()]
        label = np.array([labels.setdefault(name, len(labels)) for name in named], np.int32)
        parts, owner = shapely.get_parts(layer.geometry[rows], return_index=True)
        rings, part = shapely.get_rings(parts, return_index=True)
        is_line = shapely.get_dimensions(parts) == 1
        lines += [rings, parts[is_line]]
        of_line += [label[owner[part]], label[owner[is_line]]]
    lonlat, line = shapely.get_coordinates(np.concatenate(lines), return_index=True)
    xy = np.column_stack(graph.plane.to_xy(lonlat[:, 0], lonlat[:, 1]))
    vertices, start, owner = _pieces(line)
    near = _near(graph, xy[vertices], start)
    kept = np.repeat(near, np.diff(start))
    start = np.concatenate([[0], np.cumsum(np.diff(start)[near])]).astype(np.int64)
    return Barriers(tuple(labels), np.concatenate(of_line)[owner[near]], start, xy[vertices[kept]])


def _pieces(line: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.int64], NDArray[np.intp]]:
    """Cut lines into pieces of a few steps that share their ends; gives their vertices, starts and lines."""
    first = np.flatnonzero(np.diff(line, prepend=-1))
    steps = np.diff(np.append(first, len(line))) - 1
    pieces = -(-steps // _PIECE_STEPS)
    owner = np.repeat(np.arange(len(first)), pieces)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    size = np.minimum(steps[owner] - place * _PIECE_STEPS, _PIECE_STEPS) + 1
    start = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
    begins = first[owner] + place * _PIECE_STEPS
    return np.repeat(begins - start[:-1], size) + np.arange(start[-1]), start, owner


def _near(graph: StreetGraph, xy: NDArray[np.float64], start: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell of which pieces the box meets that of the streets, or comes near it."""
    if len(start) == 1:
        return np.empty(0, bool)
    low, high = np.minimum.reduceat(xy, start[:-1]), np.maximum.reduceat(xy, start[:-1])
    west_south, east_north = graph.node_xy.min(axis=0) - _BESIDE_M, graph.node_xy.max(axis=0) + _BESIDE_M
    return np.asarray(((high >= west_south) & (low <= east_north)).all(axis=1), bool)


def crossed(
    barriers: Barriers, here: NDArray[np.float64], there: NDArray[np.float64]
) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
    """Find what straight lines lead across.

    Args:
        barriers: what there is.
        here: float64 (n, 2), metres on the plane: where each line begins.
        there: float64 (n, 2): where it ends. Within half a metre of an end nothing is crossed.

    Returns:
        The lines and the labels that each crosses, every pair once, by line and then by label.
    """
    length_m = np.hypot(*(there - here).T)
    step = (there - here) * np.divide(_TRIMMED_M, length_m, out=np.zeros(len(here)), where=length_m > 0)[:, None]
    long = np.flatnonzero(length_m > 2 * _TRIMMED_M)
    drawn = shapely.linestrings(np.stack([here + step, there - step], axis=1)[long])
    line, piece = barriers.tree.query(drawn, predicate="intersects")
    pairs = np.unique(np.column_stack([long[line], barriers.label[piece]]), axis=0)
    return pairs[:, 0], pairs[:, 1].astype(np.int32)


def hardest(barriers: Barriers, count: int, line: NDArray[np.intp], label: NDArray[np.int32]) -> NDArray[np.int32]:
    """Give for each of so many lines, of the labels that `crossed` found, the hardest to cross; -1 where it is none."""
    rank = np.array([KINDS.index(kind) for kind, _ in barriers.labels], np.int64)
    found = np.full(count, -1, np.int32)
    order = np.lexsort((-rank[label], line))  # of the labels of one line the hardest is written last
    found[line[order]] = label[order]
    return found


def beside(barriers: Barriers, chosen: NDArray[np.bool_], xy: NDArray[np.float64], within_m: float) -> NDArray[np.intp]:
    """Give the points, float64 (n, 2), that lie within so many metres of a piece of the chosen labels."""
    pieces = barriers.tree.geometries[chosen[barriers.label]]
    if not len(pieces):
        return np.empty(0, np.intp)
    tree = shapely.STRtree(np.asarray(shapely.points(xy)))
    return np.unique(tree.query(pieces, predicate="dwithin", distance=within_m)[1])


def save(barriers: Barriers, folder: Path) -> None:
    """Write the barriers into an existing folder."""
    for name in _ARRAYS:
        np.save(folder / f"barrier_{name}.npy", getattr(barriers, name))
    (folder / _LABELS).write_text(json.dumps(barriers.labels, ensure_ascii=False), encoding="utf-8")


def load(folder: Path) -> Barriers:
    """Open saved barriers."""
    labels = json.loads((folder / _LABELS).read_text(encoding="utf-8"))
    arrays = {name: np.load(folder / f"barrier_{name}.npy") for name in _ARRAYS}
    return Barriers(labels=tuple((kind, name) for kind, name in labels), **arrays)


_ARRAYS, _LABELS = ("label", "start", "xy"), "barriers.json"
