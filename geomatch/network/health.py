"""How sound a network is: what its import left out, its islands, and who does not reach it. Nothing goes in silence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geomatch.network import reach, snap

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike

    from geomatch.network.graph import StreetGraph
    from geomatch.network.reach import Ways
    from geomatch.network.snap import Places


@dataclass(frozen=True)
class ImportHealth:
    """Counts of one import; every way that was looked at is walkable or refused for a reason.

    Attributes:
        ways: ways and areas looked at: streets, paths, platforms, ferries.
        walkable: those of them that can be walked.
        refused: how many were refused, by reason.
        missing_nodes: nodes that ways name and the extract lacks, or whose position is no place on the globe.
        bad_positions: those of them that are in the file, at 0, 0 or outside the globe.
        ways_cut_short: walkable ways used in part, for some of their nodes are missing.
        ways_lost: walkable ways of which fewer than two neighbouring nodes are there.
        edge_stubs: ends of segments where a way leaves the extract.
        duplicate_ways: ways that repeat another way's nodes in order or reversed; one of them is used.
        duplicate_segments: segments that repeat another segment's nodes; one of them is used.
        zero_length: segments without length; their ends became one node.
        loops: segments that end where they start.
        barriers: barrier nodes that cut a way, by reason.
        squares: areas that are walked across.
        square_lines: lines of sight laid across them.
        squares_unclear: areas whose outline is not closed, not whole or crosses itself, walked only along it.
        segments: segments handed over.
        nodes: ends of segments handed over.
    """

    ways: int
    walkable: int
    refused: Mapping[str, int]
    missing_nodes: int
    bad_positions: int
    ways_cut_short: int
    ways_lost: int
    edge_stubs: int
    duplicate_ways: int
    duplicate_segments: int
    zero_length: int
    loops: int
    barriers: Mapping[str, int]
    squares: int
    square_lines: int
    squares_unclear: int
    segments: int
    nodes: int


@dataclass(frozen=True)
class Part:
    """One connected part of the network.

    Attributes:
        segments: how many it has.
        length_m: their length together.
        lon, lat: where to look for it: the middle of its longest segment, WGS-84 degrees.
    """

    segments: int
    length_m: float
    lon: float
    lat: float


@dataclass(frozen=True)
class Leg:
    """How one of the given points reaches the network, or why it does not.

    Attributes:
        index: which of the points, from 0.
        access_m: its straight leg to the nearest street that may be used; inf where there is none within 2 km.
        why: a sentence where the point is not on the network, else empty.
    """

    index: int
    access_m: float
    why: str = ""


def parts(graph: StreetGraph) -> tuple[Part, ...]:
    """Find the connected parts of a network over all its segments, the one with most segments first."""
    of_node = reach.parts(graph, np.ones(graph.edge_count, bool))
    of_edge, count = of_node[graph.edge_u], int(of_node.max(initial=-1)) + 1
    segments = np.bincount(of_edge, minlength=count)
    length_m = np.bincount(of_edge, weights=graph.edge_length_m, minlength=count)
    longest = np.lexsort((-graph.edge_length_m, of_edge))[np.cumsum(segments) - segments]
    middle = (graph.geom_start[longest] + graph.geom_start[longest + 1] - 1) // 2
    lon, lat = graph.plane.to_lonlat(graph.geom_xy[middle, 0], graph.geom_xy[middle, 1])
    rows = zip(segments.tolist(), length_m.tolist(), lon.tolist(), lat.tolist(), strict=True)
    found = [Part(*row) for row in rows]
    return tuple(sorted(found, key=lambda part: (-part.segments, -part.length_m)))


def longest_legs(places: Places, most: int = 20) -> tuple[Leg, ...]:
    """Give the points on the network that have the longest access legs, longest first."""
    on = np.flatnonzero(places.on_network)
    order = on[np.argsort(-places.access_m[on], kind="stable")][:most]
    return tuple(Leg(int(index), float(places.access_m[index])) for index in order)


def off_network(ways: Ways, places: Places, x: ArrayLike, y: ArrayLike) -> tuple[Leg, ...]:
    """Say of every point that is not on the network why it is not.

    Args:
        ways: the network as a profile walks it.
        places: the points as reach.place gave them, (n,).
        x: metres east, (n,).
        y: metres north, (n,).
    """
    off = np.flatnonzero(~places.on_network)
    if not len(off):
        return ()
    at_x, at_y = np.atleast_1d(np.asarray(x, np.float64))[off], np.atleast_1d(np.asarray(y, np.float64))[off]
    any_street = np.ones(ways.graph.edge_count, bool)
    nearest = snap.nearest_places(ways.index, any_street, at_x, at_y, max_access_m=snap.SEARCH_M)
    return tuple(
        Leg(index, access_m, _why(ways, access_m, edge, any_m))
        for index, access_m, edge, any_m in zip(
            off.tolist(), places.access_m[off].tolist(), nearest.edge.tolist(), nearest.access_m.tolist(), strict=True
        )
    )


def _why(ways: Ways, access_m: float, edge: int, any_m: float) -> str:
    """Put in words why a point is off: the nearest street of all tells an island from open country."""
    if edge < 0:
        return f"nothing within {snap.SEARCH_M / 1000:g} km"
    if any_m > ways.max_access_m:
        return f"nearest street is {any_m:.0f} m away, over {ways.max_access_m:g}"
    usable = (
        f"the nearest that counts is {access_m:.0f} m away" if np.isfinite(access_m) else "none that counts is near"
    )
    if not np.isfinite(ways.factor[edge]):
        return f"only a way closed to {ways.profile.name} is near, {any_m:.0f} m away; {usable}"
    segments = int(ways.part_segments[ways.part[ways.graph.edge_u[edge]]])
    return f"only a part of {segments} segments is near, {any_m:.0f} m away; {usable}"
