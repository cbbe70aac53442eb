"""The public door of the network: what can be reached on foot, from where, by which way.

Every answer keeps one definition: walk_m = access leg + shortest path + access leg, in effective metres (length times
the profile's factor of each kind of way); places on one segment may also walk along it directly. Limits are inclusive.
Unreachable is inf.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from geomatch import threads
from geomatch.geo import projection
from geomatch.network import snap
from geomatch.network._kernels import bounded
from geomatch.network._kernels import walk as kernel
from geomatch.network.graph import KINDS
from geomatch.network.snap import Places

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from geomatch.network.graph import StreetGraph
    from geomatch.network.profiles import Profile
    from geomatch.network.snap import SnapIndex

    Scratch: TypeAlias = tuple[NDArray[np.float64], NDArray[np.int32], NDArray[np.float64], NDArray[np.int32]]

MAX_ACCESS_M = 250.0
MIN_PART_SEGMENTS = 100
BEFORE_END_M = 3.0


@dataclass(frozen=True)
class Ways:
    """A street graph as one profile walks it.

    Attributes:
        graph: the streets.
        index: their snap index.
        profile: who walks.
        max_access_m: inclusive bound on an access leg.
        factor: float64 (E,), effective metres per real metre; inf where the profile may not walk.
        usable: bool (E,), segments that a point may be snapped to: walkable, in a connected part that is large enough.
        part: int32 (N,), the connected part of each node within what the profile may walk.
        part_segments: int64 (parts,), how many segments each part has.
        arc_cost: float64 (A,), effective metres of each arc.
        buckets: how many buckets of the kernels' BUCKET_M hold every walk between a node and its neighbours, or the
            next power of 2.
    """

    graph: StreetGraph
    index: SnapIndex
    profile: Profile
    max_access_m: float
    factor: NDArray[np.float64]
    usable: NDArray[np.bool_]
    part: NDArray[np.int32]
    part_segments: NDArray[np.int64]
    arc_cost: NDArray[np.float64]
    buckets: int


@dataclass(frozen=True)
class Reach:
    """Nodes within a limit of each of S places: place i has the slice first[i]:last[i].

    Attributes:
        first, last: int64 (S,).
        node: int32 (M,).
        walk_m: float64 (M,), from the place to the node, the place's access leg included.
    """

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    node: NDArray[np.int32]
    walk_m: NDArray[np.float64]

    def of_each_node(self, values: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give every node what its place has, (M,) from (S,)."""
        in_turn = np.argsort(self.first)
        return np.repeat(values[in_turn], (self.last - self.first)[in_turn])


@dataclass(frozen=True)
class Field:
    """The k nearest of S places for every node of the network.

    Attributes:
        places: the S places.
        place: int32 (N, k), ascending by walk, -1 padded.
        walk_m: float64 (N, k), the place's access leg included, inf padded.
        by_edge, sorted_edge: the places in order of their edge, and those edges.
        has_place: bool (E,), which edges those are.
    """

    places: Places
    place: NDArray[np.int32]
    walk_m: NDArray[np.float64]
    by_edge: NDArray[np.int64]
    sorted_edge: NDArray[np.int32]
    has_place: NDArray[np.bool_]


class Place(NamedTuple):
    """One point as the network sees it; the fields are those of snap.Places."""

    edge: int
    offset_m: float
    access_m: float

    def places(self) -> Places:
        """Give the same as Places of one."""
        return Places(np.array([self.edge], np.int32), np.array([self.offset_m]), np.array([self.access_m]))


class ByEdge(NamedTuple):
    """Points in the order of their edge: those on edge e are order[start[e]:start[e + 1]]."""

    order: NDArray[np.int64]
    start: NDArray[np.int64]


@dataclass(frozen=True)
class Catchments:
    """Every pair of a site and a point within a limit: site i has the slice start[i]:start[i + 1].

    Attributes:
        start: int64 (S + 1,).
        point: int32 (M,).
        walk_m: float64 (M,), both access legs included.
    """

    start: NDArray[np.int64]
    point: NDArray[np.int32]
    walk_m: NDArray[np.float64]


@dataclass(frozen=True)
class Path:
    """One shortest walk.

    Attributes:
        walk_m: effective metres, both access legs included.
        xy: float64 (m, 2), the way on the streets from the first place to the second; without the access legs.
    """

    walk_m: float
    xy: NDArray[np.float64]


def ways_for(
    graph: StreetGraph,
    index: SnapIndex,
    profile: Profile,
    *,
    max_access_m: float = MAX_ACCESS_M,
    min_part_segments: int = MIN_PART_SEGMENTS,
) -> Ways:
    """See a graph as a profile walks it.

    Connected parts are counted within what the profile may walk: a lane that a wheelchair reaches only by steps is an
    island to it.
    """
    by_kind = np.array([profile.factors.get(kind, 1.0) for kind in KINDS])
    factor = by_kind[graph.edge_kind]
    walkable = np.isfinite(factor)
    part = parts(graph, walkable)
    part_segments = np.bincount(part[graph.edge_u[walkable]], minlength=int(part.max(initial=-1)) + 1)
    usable = walkable & (part_segments[part[graph.edge_u]] >= min_part_segments)
    # an edge without length between two barriers: 0 x inf would be no number
    edge_cost = np.where(walkable, graph.edge_length_m * np.where(walkable, factor, 1.0), np.inf)
    arc_cost = edge_cost[graph.arc_edge]
    longest_m = float(arc_cost.max(initial=0.0, where=np.isfinite(arc_cost)))
    buckets = 1 << (int(longest_m / bounded.BUCKET_M) + 2).bit_length()
    return Ways(graph, index, profile, max_access_m, factor, usable, part, part_segments, arc_cost, buckets)


def place(ways: Ways, x: ArrayLike, y: ArrayLike) -> Places:
    """Snap points, metres on the plane, to the segments that the profile may use; any number of them at once.

    Raises:
        InputError: no street is near any of them, and all of them look like degrees.
    """
    places = snap.nearest_places(ways.index, ways.usable, x, y, max_access_m=ways.max_access_m)
    if not np.isfinite(places.access_m).any():
        projection.refuse_degrees(x, y)
    return places


def at_nodes(ways: Ways, edges: NDArray[np.bool_]) -> Places:
    """Give each node as a place on one of some segments that ends there; off the network where none does.

    At a dead end the place lies a little before it: where a locked gate cuts a street, both ends lie at one point.
    """
    graph, chosen = ways.graph, np.flatnonzero(edges)
    edge = np.full(graph.node_count, -1, np.int32)
    offset_m = np.zeros(graph.node_count)
    edge[graph.edge_v[chosen]], offset_m[graph.edge_v[chosen]] = chosen, graph.edge_length_m[chosen]
    edge[graph.edge_u[chosen]], offset_m[graph.edge_u[chosen]] = chosen, 0.0
    ends = np.flatnonzero((np.diff(graph.arc_start) == 1) & (edge >= 0))
    length_m = graph.edge_length_m[edge[ends]]
    inward_m = np.minimum(BEFORE_END_M, length_m / 2)
    offset_m[ends] += np.where(offset_m[ends] > 0, -inward_m, inward_m)
    return Places(edge, offset_m, np.zeros(graph.node_count))


def reach(ways: Ways, places: Places, limit_m: float) -> Reach:
    """Find every node within limit_m of each place; a place off the network reaches none."""
    graph = ways.graph
    neighbours = np.argsort(places.edge)  # one after another they walk on streets that are still in the cache
    first, last, node, walk_m = bounded.reach_many(
        graph.arc_start, graph.arc_head, ways.arc_cost, graph.edge_u, graph.edge_v, graph.edge_length_m, ways.factor,
        places.edge, places.offset_m, places.access_m, neighbours, limit_m, ways.buckets,
    )  # fmt: skip
    return Reach(first, last, node, walk_m)


def field(ways: Ways, places: Places, k: int = 1) -> Field:
    """Find the k nearest distinct places of every node."""
    graph = ways.graph
    given = (
        graph.arc_start, graph.arc_head, ways.arc_cost, graph.edge_u, graph.edge_v, graph.edge_length_m, ways.factor,
        places.edge, places.offset_m, places.access_m,
    )  # fmt: skip
    place_of, walk_m = kernel.nearest_one_field(*given, ways.buckets) if k == 1 else kernel.nearest_k_field(*given, k)
    by_edge = np.argsort(places.edge, kind="stable")
    has_place = np.zeros(graph.edge_count, bool)
    has_place[places.edge[places.on_network]] = True
    return Field(places, place_of, walk_m, by_edge, places.edge[by_edge], has_place)


def nearest(ways: Ways, nearby: Field, points: Places) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Give each point its k nearest places and the whole walk to them.

    Args:
        ways: the streets that the field was made on.
        nearby: a field of k labels.
        points: n points.

    Returns:
        Place index int32 (n, k), -1 padded, and walk_m float64 (n, k), inf padded, ascending.
    """
    graph, sites, k = ways.graph, nearby.places, nearby.place.shape[1]
    best, walk_m = np.empty((len(points), k), np.int32), np.empty((len(points), k))

    def label(some: slice) -> None:
        kernel.nearest_of_points(
            nearby.place, nearby.walk_m, graph.edge_u, graph.edge_v, graph.edge_length_m, ways.factor,
            sites.offset_m, sites.access_m, nearby.by_edge, nearby.sorted_edge, nearby.has_place,
            points.edge[some], points.offset_m[some], points.access_m[some], k, best[some], walk_m[some],
        )  # fmt: skip

    threads.in_slices(label, len(points))
    return best, walk_m


def place_and_nearest(
    ways: Ways, nearby: Field, x: float, y: float
) -> tuple[Place, NDArray[np.int32], NDArray[np.float64]]:
    """Give for one point, metres on the plane, what `place` and `nearest` give for many, in a fraction of their time.

    Returns:
        Where the point meets the streets, place index int32 (k,), -1 padded, and walk_m float64 (k,), inf padded,
        ascending.

    Raises:
        InputError: no street is near, and the point looks like degrees.
    """
    graph, index, sites, k = ways.graph, ways.index, nearby.places, nearby.place.shape[1]
    best, walk_m = np.empty((1, k), np.int32), np.empty((1, k))
    edge, offset_m, access_m = kernel.nearest_of_one(
        index.geom_xy, index.west, index.south, index.cell_m, index.columns, index.rows, index.cell_start,
        index.cell_piece, index.near_at, index.near_start, index.near_piece, index.piece_edge, index.piece_along,
        ways.usable, snap.SEARCH_M, ways.max_access_m,
        nearby.place, nearby.walk_m, graph.edge_u, graph.edge_v, graph.edge_length_m, ways.factor,
        sites.offset_m, sites.access_m, nearby.by_edge, nearby.sorted_edge, nearby.has_place,
        x, y, k, best, walk_m,
    )  # fmt: skip
    if access_m > snap.SEARCH_M:
        projection.refuse_degrees(x, y)
    return Place(edge, offset_m, access_m), best[0], walk_m[0]


def nearest_allowed(
    ways: Ways, nearby: Field, allowed: NDArray[np.bool_], point: Places, k: int = 1
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Search outward from one point for its k nearest places among those allowed; exact, whatever is filtered out.

    Args:
        ways: the streets.
        nearby: any field over all the places (its order by edge is used, not its labels).
        allowed: bool (S,), which places count.
        point: one point.
        k: how many.

    Returns:
        Place index int32 (k,), -1 padded, and walk_m float64 (k,), inf padded, ascending.
    """
    graph, sites = ways.graph, nearby.places
    best, walk_m = np.full((1, k), -1, np.int32), np.full((1, k), np.inf)
    if point.edge[0] >= 0:
        scratch = _scratch(graph)
        kernel.nearest_allowed(
            graph.arc_start, graph.arc_head, graph.arc_edge, ways.arc_cost, graph.edge_u, graph.edge_v,
            graph.edge_length_m, ways.factor, sites.offset_m, sites.access_m,
            nearby.by_edge, nearby.sorted_edge, allowed,
            point.edge[0], point.offset_m[0], point.access_m[0], k, best, walk_m, *scratch,
        )  # fmt: skip
    return best[0], walk_m[0]


def by_edge_of(ways: Ways, points: Places) -> ByEdge:
    """Order points by their edge, once for many calls of `within`."""
    # counting is three times as fast as searching for every edge; points off the network have edge -1 and come first
    start = np.cumsum(np.bincount(points.edge + 1, minlength=ways.graph.edge_count + 1))
    return ByEdge(np.argsort(points.edge, kind="stable"), start)


def within(ways: Ways, sites: Places, points: Places, limit_m: float, *, ordered: ByEdge | None = None) -> Catchments:
    """Find every pair of site and point whose walk is within the limit; `ordered` spares ordering the points again."""
    graph = ways.graph
    by_edge, edge_start = ordered or by_edge_of(ways, points)
    start, point, walk_m = bounded.within_many(
        graph.arc_start, graph.arc_head, graph.arc_edge, ways.arc_cost, graph.edge_u, graph.edge_v, graph.edge_length_m,
        ways.factor, sites.edge, sites.offset_m, sites.access_m, points.offset_m, points.access_m,
        by_edge, edge_start, limit_m, ways.buckets,
    )  # fmt: skip
    return Catchments(start, point, walk_m)


def path(ways: Ways, origin: Places, goal: Places) -> Path | None:
    """Find one shortest walk between two places; None where there is none."""
    start_edge, goal_edge = int(origin.edge[0]), int(goal.edge[0])
    if start_edge < 0 or goal_edge < 0:
        return None
    from_u, from_v = _ends(ways, origin)
    to_u, to_v = _ends(ways, goal)
    graph = ways.graph
    end, walk_m, by_edge = kernel.tree_to(
        graph.arc_start, graph.arc_head, graph.arc_edge, ways.arc_cost,
        graph.edge_u[start_edge], from_u, graph.edge_v[start_edge], from_v,
        graph.edge_u[goal_edge], graph.edge_v[goal_edge], to_u, to_v,
    )  # fmt: skip
    start_m, goal_m = float(origin.offset_m[0]), float(goal.offset_m[0])
    if start_edge == goal_edge:
        legs_m = float(origin.access_m[0] + goal.access_m[0])
        direct_m = legs_m + abs(start_m - goal_m) * float(ways.factor[start_edge])
        if direct_m <= walk_m:
            return Path(direct_m, _stretch(ways, start_edge, start_m, goal_m))
    if end < 0:
        return None
    return Path(
        float(walk_m),
        _trace(ways, (start_edge, start_m, from_u, from_v), (goal_edge, goal_m, to_u, to_v), end, by_edge),
    )


def parts(graph: StreetGraph, walkable: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Number the connected parts of the nodes over walkable edges: int32 (N,), from 0."""
    part = np.empty(graph.node_count, np.int32)
    kernel.label_parts(graph.arc_start, graph.arc_head, graph.arc_edge, walkable, part)
    return part


def _ends(ways: Ways, places: Places) -> tuple[float, float]:
    """Give the walk from one place to the u and the v end of its segment."""
    edge, offset_m, access_m = int(places.edge[0]), float(places.offset_m[0]), float(places.access_m[0])
    factor, length_m = float(ways.factor[edge]), float(ways.graph.edge_length_m[edge])
    return access_m + offset_m * factor, access_m + (length_m - offset_m) * factor


def _trace(
    ways: Ways,
    origin: tuple[int, float, float, float],
    goal: tuple[int, float, float, float],
    end: int,
    by_edge: NDArray[np.int32],
) -> NDArray[np.float64]:
    """Follow a tree back from the end node and join the pieces of the way, first place to last."""
    graph = ways.graph
    goal_edge, goal_m, to_u, to_v = goal
    origin_edge, origin_m, from_u, from_v = origin
    pieces = [_to_end(ways, goal_edge, goal_m, end, prefer_u=to_u <= to_v)[::-1]]
    node = end
    while by_edge[node] >= 0:
        edge = int(by_edge[node])
        geometry = graph.geom_xy[graph.geom_start[edge] : graph.geom_start[edge + 1]]
        forward = graph.edge_v[edge] == node
        pieces.append(geometry if forward else geometry[::-1])
        node = int(graph.edge_u[edge] if forward else graph.edge_v[edge])
    pieces.append(_to_end(ways, origin_edge, origin_m, node, prefer_u=from_u <= from_v))
    joined = np.concatenate(pieces[::-1])
    fresh = np.ones(len(joined), bool)
    fresh[1:] = np.any(np.diff(joined, axis=0) != 0.0, axis=1)
    return joined[fresh]


def _to_end(ways: Ways, edge: int, offset_m: float, node: int, *, prefer_u: bool) -> NDArray[np.float64]:
    """Give the stretch of a segment from an offset to one of its end nodes; on a loop, to the nearer end."""
    graph = ways.graph
    is_u, is_v = graph.edge_u[edge] == node, graph.edge_v[edge] == node
    towards_u = prefer_u if is_u and is_v else is_u
    return _stretch(ways, edge, offset_m, 0.0 if towards_u else float(graph.edge_length_m[edge]))


def _stretch(ways: Ways, edge: int, from_m: float, to_m: float) -> NDArray[np.float64]:
    """Cut a polyline between two offsets, in the direction from the first to the second."""
    low, high = int(ways.graph.geom_start[edge]), int(ways.graph.geom_start[edge + 1])
    xy, along = ways.graph.geom_xy[low:high], ways.index.piece_along[low:high]
    first, last = min(from_m, to_m), max(from_m, to_m)
    between = xy[(along > first) & (along < last)]
    ends = np.column_stack([np.interp([first, last], along, xy[:, 0]), np.interp([first, last], along, xy[:, 1])])
    line = np.concatenate([ends[:1], between, ends[1:]])
    return line if from_m <= to_m else line[::-1]


_thread = threading.local()


def _scratch(graph: StreetGraph) -> Scratch:
    """Give this thread's scratch for one outward search on graphs of this size; each search leaves it clean."""
    nodes, slots = graph.node_count, len(graph.arc_head) + 4
    held: dict[tuple[int, int], Scratch] = _thread.__dict__.setdefault("scratch", {})
    if (nodes, slots) not in held:
        held[nodes, slots] = (
            np.full(nodes, np.inf),
            np.empty(nodes, np.int32),
            np.empty(slots),
            np.empty(slots, np.int32),
        )
    return held[nodes, slots]
