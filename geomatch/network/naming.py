"""What people call a place on the streets: by the names of the streets that meet there, or of the nearest one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomatch.network import snap

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from geomatch.network.graph import StreetGraph
    from geomatch.network.snap import SnapIndex

BESIDE_M = 200.0
"""A street further off names no place."""


def meeting_at(graph: StreetGraph, node: int) -> tuple[str, ...]:
    """Give the names of the streets that meet at a node, each once; none where they have no names."""
    edges = graph.arc_edge[graph.arc_start[node] : graph.arc_start[node + 1]]
    return tuple(dict.fromkeys(graph.names[name] for name in graph.edge_name[edges].tolist() if name >= 0))


def nearest(graph: StreetGraph, index: SnapIndex, x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[str, ...]:
    """Give each point, metres on the plane, the name of the nearest street that has one; "" where none is near."""
    named = graph.edge_name >= 0
    if not named.any():
        return ("",) * len(x)
    edges = snap.nearest_places(index, named, x, y, max_access_m=BESIDE_M).edge.tolist()
    return tuple(graph.names[graph.edge_name[edge]] if edge >= 0 else "" for edge in edges)
