"""StreetGraph: the walking streets as frozen arrays, saved so that they open by memory map."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geomatch.geo import projection
from geomatch.network import mapped, slices

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from geomatch.geo.projection import Plane

KINDS = (
    "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street", "service",
    "pedestrian", "track", "road", "footway", "path", "cycleway", "bridleway", "crossing", "corridor", "platform",
    "elevator", "steps", "square",
)  # fmt: skip
"""Kinds of way; an edge stores the index. `crossing` is a marked crossing, `square` a line across a pedestrian area."""

RESIDENTIAL_KINDS = ("residential", "living_street", "unclassified", "pedestrian")


@dataclass(frozen=True)
class Segments:
    """Walkable segments as an importer hands them over: split at every shared node, WGS-84 degrees.

    Attributes:
        node_lon, node_lat: float64 (N,), the ends of segments.
        u, v: int32 (E,), the end nodes of each segment; u == v is a loop.
        kind: uint8 (E,), index into KINDS.
        way_id: int64 (E,), the OpenStreetMap way it came from.
        name_id: int32 (E,), index into names, or -1.
        names: the street names.
        coord_start: int64 (E + 1,), the slice of coord_lon, coord_lat (V,) of each polyline, ends included, u first.
    """

    node_lon: NDArray[np.float64]
    node_lat: NDArray[np.float64]
    u: NDArray[np.int32]
    v: NDArray[np.int32]
    kind: NDArray[np.uint8]
    way_id: NDArray[np.int64]
    name_id: NDArray[np.int32]
    names: tuple[str, ...]
    coord_start: NDArray[np.int64]
    coord_lon: NDArray[np.float64]
    coord_lat: NDArray[np.float64]


@dataclass(frozen=True)
class StreetGraph:
    """The network on the plane; nodes in Morton order, so that neighbours lie close in memory.

    Attributes:
        plane: the metric CRS of every x, y.
        node_xy: float64 (N, 2).
        edge_u, edge_v: int32 (E,).
        edge_length_m: float64 (E,), along the polyline on the plane.
        edge_kind: uint8 (E,), index into KINDS.
        edge_way: int64 (E,), OpenStreetMap way id.
        edge_name: int32 (E,), index into names, or -1.
        names: street names.
        geom_start: int64 (E + 1,), geom_xy: float64 (V, 2): polylines, u first, both ends included.
        arc_start: int64 (N + 1,), arc_head: int32 (A,), arc_edge: int32 (A,): every edge both ways, by tail.
    """

    plane: Plane
    node_xy: NDArray[np.float64]
    edge_u: NDArray[np.int32]
    edge_v: NDArray[np.int32]
    edge_length_m: NDArray[np.float64]
    edge_kind: NDArray[np.uint8]
    edge_way: NDArray[np.int64]
    edge_name: NDArray[np.int32]
    names: tuple[str, ...]
    geom_start: NDArray[np.int64]
    geom_xy: NDArray[np.float64]
    arc_start: NDArray[np.int64]
    arc_head: NDArray[np.int32]
    arc_edge: NDArray[np.int32]

    @property
    def node_count(self) -> int:
        """How many nodes there are."""
        return len(self.node_xy)

    @property
    def edge_count(self) -> int:
        """How many segments there are."""
        return len(self.edge_u)


_ARRAYS = (
    "node_xy", "edge_u", "edge_v", "edge_length_m", "edge_kind", "edge_way", "edge_name",
    "geom_start", "geom_xy", "arc_start", "arc_head", "arc_edge",
)  # fmt: skip


def build(segments: Segments, plane: Plane) -> StreetGraph:
    """Project segments to the plane and arrange them for walking."""
    coord_xy = np.column_stack(plane.to_xy(segments.coord_lon, segments.coord_lat))
    node_xy = np.empty((len(segments.node_lon), 2))
    node_xy[segments.u], node_xy[segments.v] = (
        coord_xy[segments.coord_start[:-1]],
        coord_xy[segments.coord_start[1:] - 1],
    )
    node_order = np.argsort(_morton(node_xy), kind="stable")
    rank = np.empty(len(node_order), np.int32)
    rank[node_order] = np.arange(len(node_order), dtype=np.int32)
    u, v = rank[segments.u], rank[segments.v]
    edge_order = np.lexsort((v, u))
    starts, source = slices.chosen(segments.coord_start, edge_order)
    geometry = coord_xy[source]
    u, v = u[edge_order], v[edge_order]
    arc_start, arc_head, arc_edge = _arcs(u, v, len(node_order))
    return StreetGraph(
        plane=plane,
        node_xy=node_xy[node_order],
        edge_u=u,
        edge_v=v,
        edge_length_m=along_m(starts, geometry)[starts[1:] - 1],
        edge_kind=segments.kind[edge_order],
        edge_way=segments.way_id[edge_order],
        edge_name=segments.name_id[edge_order],
        names=segments.names,
        geom_start=starts,
        geom_xy=geometry,
        arc_start=arc_start,
        arc_head=arc_head,
        arc_edge=arc_edge,
    )


def save(graph: StreetGraph, folder: Path) -> None:
    """Write the graph's arrays into an existing folder."""
    for name in _ARRAYS:
        np.save(folder / f"{name}.npy", getattr(graph, name))
    texts = {"crs": graph.plane.code, "names": graph.names}
    (folder / "graph.json").write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")


def load(folder: Path) -> StreetGraph:
    """Open a saved graph by memory map; pages are read as they are walked.

    Copy-on-write, not read-only: to the kernels a read-only array is another type, compiled and cached a second time.
    """
    texts = json.loads((folder / "graph.json").read_text(encoding="utf-8"))
    arrays = mapped.open_arrays(folder, "", _ARRAYS)
    return StreetGraph(plane=projection.plane(texts["crs"]), names=tuple(texts["names"]), **arrays)


def _morton(xy: NDArray[np.float64]) -> NDArray[np.uint64]:
    """Interleave the bits of metre coordinates (Morton, 1966), 2 x 24 bits."""
    if not len(xy):
        return np.empty(0, np.uint64)
    cells = (xy - xy.min(axis=0)).astype(np.uint64)
    code = np.zeros(len(xy), np.uint64)
    for bit in range(24):
        place = np.uint64(bit)
        one = np.uint64(1)
        code |= ((cells[:, 0] >> place) & one) << np.uint64(2 * bit)
        code |= ((cells[:, 1] >> place) & one) << np.uint64(2 * bit + 1)
    return code


def along_m(starts: NDArray[np.int64], coords: NDArray[np.float64]) -> NDArray[np.float64]:
    """Measure metres from the start of its polyline to each vertex: float64 (V,)."""
    steps = np.zeros(len(coords), np.float64)
    if len(coords):
        steps[1:] = np.hypot(*np.diff(coords, axis=0).T)
        steps[starts[:-1]] = 0.0  # the step into a polyline's first vertex belongs to no segment
    total = np.cumsum(steps)
    return np.asarray(total - np.repeat(total[starts[:-1]], np.diff(starts)), np.float64)


def _arcs(
    u: NDArray[np.int32], v: NDArray[np.int32], nodes: int
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
    edges = np.arange(len(u), dtype=np.int32)
    two_ended = u != v  # a loop stands once: found from its node, never walked through
    tails = np.concatenate([u, v[two_ended]])
    heads = np.concatenate([v, u[two_ended]])
    owners = np.concatenate([edges, edges[two_ended]])
    order = np.lexsort((heads, tails))
    starts = np.zeros(nodes + 1, np.int64)
    np.cumsum(np.bincount(tails, minlength=nodes), out=starts[1:])
    return starts, heads[order].astype(np.int32), owners[order]
