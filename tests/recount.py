"""Walks recounted from the files of `geomatch network` alone, with shapely and scipy: what any outsider could do."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Snapped:
    """Points on edges: edge -1 where off the network; metres from u, and of the straight leg."""

    edge: NDArray[np.int64]
    from_u_m: NDArray[np.float64]
    leg_m: NDArray[np.float64]


class Recount:
    """The network as the CSV files tell it, for the profile `standard` (every factor 1)."""

    def __init__(self, folder: Path) -> None:
        """Read the files."""
        about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
        self.to_plane = pyproj.Transformer.from_crs("EPSG:4326", about["metric_crs"], always_xy=True)
        self.max_access_m: float = about["max_access_m"]
        self.sites = _rows(folder / "sites.csv")
        self.homes = _rows(folder / "homes.csv")
        edges = _rows(folder / "edges.csv")
        self.size = len(_rows(folder / "nodes.csv"))
        self.u, self.v = (np.array([int(edge[end]) for edge in edges]) for end in "uv")
        self.length_m = np.array([float(edge["length_m"]) for edge in edges])
        self.lines = shapely.transform(
            shapely.from_wkt([edge["wkt"] for edge in edges]),
            lambda lonlat: np.column_stack(self.to_plane.transform(lonlat[:, 0], lonlat[:, 1])),
        )
        links = csr_array((np.ones(len(edges)), (self.u, self.v)), shape=(self.size, self.size))
        _, part = connected_components(links, directed=False)
        in_part = np.bincount(part[self.u])
        self.usable = np.flatnonzero(in_part[part[self.u]] >= about["min_part_segments"])
        self.tree = shapely.STRtree(self.lines[self.usable])

    def xy(self, rows: list[dict[str, str]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Project rows with lon and lat."""
        lon, lat = ([float(row[axis]) for row in rows] for axis in ("lon", "lat"))
        x, y = self.to_plane.transform(lon, lat)
        return np.asarray(x), np.asarray(y)

    def snap(self, x: ArrayLike, y: ArrayLike) -> Snapped:
        """Find the nearest point of the nearest usable edge."""
        points = shapely.points(x, y)
        pair, leg_m = self.tree.query_nearest(points, all_matches=False, return_distance=True)
        edge = self.usable[pair[1]]
        from_u_m = shapely.line_locate_point(self.lines[edge], points)
        return Snapped(np.where(leg_m <= self.max_access_m, edge, -1), from_u_m, leg_m)

    def to_nearest(self, points: Snapped, sites: Snapped) -> NDArray[np.float64]:
        """Give each point's walk to the nearest of the sites, inf where there is none: (n,)."""
        source = self.size
        on = np.flatnonzero(sites.edge >= 0)
        edge, legs = sites.edge[on], sites.leg_m[on]
        to_u, to_v = legs + sites.from_u_m[on], legs + self.length_m[edge] - sites.from_u_m[on]
        tails = np.concatenate([self.u, np.full(2 * len(on), source)])
        heads = np.concatenate([self.v, self.u[edge], self.v[edge]])
        links = _least(tails, heads, np.concatenate([self.length_m, to_u, to_v]), source + 1)
        reached = dijkstra(links, directed=False, indices=source)
        p, q = self.u[points.edge], self.v[points.edge]
        walk_m = np.minimum(reached[p] + points.from_u_m, reached[q] + self.length_m[points.edge] - points.from_u_m)
        by_edge: dict[int, list[int]] = {}
        for site in on.tolist():
            by_edge.setdefault(int(sites.edge[site]), []).append(site)
        for point, along in enumerate(points.edge.tolist()):
            for site in by_edge.get(along, ()):
                direct_m = abs(points.from_u_m[point] - sites.from_u_m[site]) + sites.leg_m[site]
                walk_m[point] = min(walk_m[point], direct_m)
        return np.where(points.edge >= 0, walk_m + points.leg_m, np.inf)


def _least(tails: NDArray[np.int64], heads: NDArray[np.int64], costs: NDArray[np.float64], size: int) -> csr_array:
    """Keep the least of parallel edges, which scipy would add up, and no exact zero, which it would drop."""
    low, high = np.minimum(tails, heads), np.maximum(tails, heads)
    order = np.lexsort((costs, high, low))
    low, high, costs = low[order], high[order], np.maximum(costs[order], 1e-12)
    first = np.ones(len(low), bool)
    first[1:] = (np.diff(low) != 0) | (np.diff(high) != 0)
    return csr_array((costs[first], (low[first], high[first])), shape=(size, size))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
