"""Small networks to test on, and the slow, plain reading of the walking model that the engine is held against."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from geomatch.geo import projection
from geomatch.network import graph as graphs
from geomatch.network.graph import KINDS, Segments, StreetGraph

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geomatch.network.profiles import Profile

PLANE = projection.plane("EPSG:4548")
ORIGIN_XY = (440_000.0, 4_418_000.0)
TIE_M2 = 1e-6  # squares of legs that differ by less are equal


def network_of(lines: list[list[tuple[float, float]]], kinds: list[str] | None = None) -> StreetGraph:
    """Make a graph of polylines in metres east and north of an origin; equal end points are one node."""
    kinds = kinds or ["residential"] * len(lines)
    nodes: dict[tuple[float, float], int] = {}
    ends = [(nodes.setdefault(line[0], len(nodes)), nodes.setdefault(line[-1], len(nodes))) for line in lines]
    node_lon, node_lat = _lonlat(list(nodes))
    coord_lon, coord_lat = _lonlat([vertex for line in lines for vertex in line])
    segments = Segments(
        node_lon=node_lon,
        node_lat=node_lat,
        u=np.array([u for u, _ in ends], np.int32),
        v=np.array([v for _, v in ends], np.int32),
        kind=np.array([KINDS.index(kind) for kind in kinds], np.uint8),
        way_id=np.arange(len(lines), dtype=np.int64),
        name_id=np.full(len(lines), -1, np.int32),
        names=(),
        coord_start=np.concatenate([[0], np.cumsum([len(line) for line in lines])]).astype(np.int64),
        coord_lon=coord_lon,
        coord_lat=coord_lat,
    )
    return graphs.build(segments, PLANE)


def _lonlat(points: list[tuple[float, float]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    xy = np.array(points, float) + ORIGIN_XY
    return PLANE.to_lonlat(xy[:, 0], xy[:, 1])


def xy(*points: tuple[float, float]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give points in metres from the origin as x and y on the plane."""
    placed = np.array(points, float).reshape(-1, 2) + ORIGIN_XY
    return placed[:, 0], placed[:, 1]


def grid(columns: int, rows: int, *, step_m: float = 100.0, kind: str = "residential") -> StreetGraph:
    """Make a chessboard of streets, one segment between any two neighbouring corners."""
    across = [
        [(c * step_m, r * step_m), ((c + 1) * step_m, r * step_m)] for r in range(rows) for c in range(columns - 1)
    ]
    along = [
        [(c * step_m, r * step_m), (c * step_m, (r + 1) * step_m)] for r in range(rows - 1) for c in range(columns)
    ]
    return network_of(across + along, [kind] * (len(across) + len(along)))


def random_network(seed: int, *, nodes: int = 60, extent_m: float = 1500.0) -> StreetGraph:
    """Make a tangle: bent streets, dead ends, loops, parallel streets, islands, steps."""
    rng = np.random.default_rng(seed)
    points = [(float(x), float(y)) for x, y in rng.uniform(0, extent_m, (nodes, 2)).round(1)]
    lines, kinds = [], []
    for u in range(nodes):
        near = np.argsort([np.hypot(points[u][0] - x, points[u][1] - y) for x, y in points])[1:4]
        for v in rng.choice(near, size=rng.integers(1, 3), replace=False):
            lines.append([points[u], *_bend(rng, points[u], points[int(v)]), points[int(v)]])
            kinds.append(str(rng.choice(["residential", "footway", "steps"], p=[0.6, 0.25, 0.15])))
    for u in rng.integers(0, nodes, 4):
        x, y = points[u]
        lines.append([points[u], (x + 60, y), (x + 60, y + 70), points[u]])
        kinds.append("footway")
    return network_of(lines, kinds)


def _bend(rng: np.random.Generator, a: tuple[float, float], b: tuple[float, float]) -> list[tuple[float, float]]:
    parts = np.sort(rng.uniform(0.1, 0.9, rng.integers(0, 3)))
    return [(a[0] + t * (b[0] - a[0]) + rng.normal(0, 15), a[1] + t * (b[1] - a[1]) + rng.normal(0, 15)) for t in parts]


@dataclass(frozen=True)
class Snapped:
    """Where the slow reading puts one point: edge (-1: off), real metres from u, straight leg."""

    edge: int
    offset_m: float
    access_m: float


class Oracle:
    """The walking model of the contract, read slowly: brute-force snapping, scipy on the graph split at the places."""

    def __init__(
        self, graph: StreetGraph, profile: Profile, *, max_access_m: float = 250.0, min_part_segments: int = 100
    ) -> None:
        """Read the graph as a profile walks it."""
        self.graph, self.max_access_m = graph, max_access_m
        self.factor = np.array([profile.factors.get(kind, 1.0) for kind in KINDS])[graph.edge_kind]
        walkable = np.isfinite(self.factor)
        ones = np.ones(int(walkable.sum()))
        ends = (graph.edge_u[walkable], graph.edge_v[walkable])
        size = graph.node_count
        _, part = connected_components(csr_array((ones, ends), shape=(size, size)), directed=False)
        in_part = np.bincount(part[graph.edge_u[walkable]], minlength=part.max() + 1)
        self.usable = walkable & (in_part[part[graph.edge_u]] >= min_part_segments)
        starts = np.asarray(graph.geom_start)
        last = np.zeros(len(graph.geom_xy), bool)
        last[starts[1:] - 1] = True
        self.a = np.asarray(graph.geom_xy)[:-1][~last[:-1]]
        self.b = np.asarray(graph.geom_xy)[1:][~last[:-1]]
        self.edge = np.repeat(np.arange(graph.edge_count), np.diff(starts) - 1)
        length = np.hypot(*(self.b - self.a).T)
        before = np.cumsum(length) - length
        first = np.concatenate([[0], np.cumsum(np.diff(starts) - 1)[:-1]])
        self.along = before - before[first][self.edge]

    def snap(self, x: float, y: float) -> Snapped:
        """Try every straight piece of every usable segment; of pieces equally near the first is kept."""
        d, p = self.b - self.a, np.array([x, y]) - self.a
        square = (d * d).sum(axis=1)
        part = np.clip(np.divide((p * d).sum(axis=1), square, out=np.zeros(len(d)), where=square > 0), 0, 1)
        apart = np.hypot(*(p - part[:, None] * d).T)
        apart[~self.usable[self.edge]] = np.inf
        best = int(np.argmax(apart**2 <= apart.min() ** 2 + TIE_M2)) if len(apart) else 0
        if not len(apart) or apart[best] > self.max_access_m:
            return Snapped(-1, 0.0, float(apart[best]) if len(apart) else np.inf)
        return Snapped(
            int(self.edge[best]), float(self.along[best] + part[best] * np.sqrt(square[best])), float(apart[best])
        )

    def walks(self, origins: list[Snapped], goals: list[Snapped]) -> NDArray[np.float64]:
        """Give walk_m of every origin to every goal by dijkstra on the graph with every place as a node of its own."""
        places = [*origins, *goals]
        base = self.graph.node_count
        tails, heads, costs = self._split(places)
        size = base + len(places)
        matrix = csr_array((costs, (tails, heads)), shape=(size, size))
        matrix = _least(tails, heads, costs, size) if matrix.nnz else matrix
        walk = dijkstra(matrix, directed=False, indices=base + np.arange(len(origins)))[:, base + len(origins) :]
        legs = np.array([s.access_m for s in origins])[:, None] + np.array([s.access_m for s in goals])
        off = np.array([s.edge < 0 for s in origins])[:, None] | np.array([s.edge < 0 for s in goals])
        return np.where(off, np.inf, walk + np.where(off, 0.0, legs))

    def _split(self, places: list[Snapped]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        tails, heads, costs = [], [], []
        on_edge: dict[int, list[tuple[float, int]]] = {}
        for i, spot in enumerate(places):
            if spot.edge >= 0:
                on_edge.setdefault(spot.edge, []).append((spot.offset_m, self.graph.node_count + i))
        for edge in range(self.graph.edge_count):
            if not np.isfinite(self.factor[edge]):
                continue
            length = float(self.graph.edge_length_m[edge])
            stops = [
                (0.0, int(self.graph.edge_u[edge])),
                *sorted(on_edge.get(edge, [])),
                (length, int(self.graph.edge_v[edge])),
            ]
            for (from_m, tail), (to_m, head) in pairwise(stops):
                tails.append(tail)
                heads.append(head)
                costs.append((to_m - from_m) * self.factor[edge])
        return np.array(tails), np.array(heads), np.array(costs)


def _least(tails: NDArray[np.int64], heads: NDArray[np.int64], costs: NDArray[np.float64], size: int) -> csr_array:
    """Keep the least of parallel edges (scipy would add them up) and no exact zero (scipy would drop it)."""
    low, high = np.minimum(tails, heads), np.maximum(tails, heads)
    order = np.lexsort((costs, high, low))
    low, high, costs = low[order], high[order], np.maximum(costs[order], 1e-12)
    first = np.ones(len(low), bool)
    first[1:] = (np.diff(low) != 0) | (np.diff(high) != 0)
    first &= low != high
    return csr_array((costs[first], (low[first], high[first])), shape=(size, size))
