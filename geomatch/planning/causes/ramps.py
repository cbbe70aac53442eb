"""Stairs that somebody cannot take, or takes slowly, and the straight ways that would pass them by."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np

from geomatch.network import reach
from geomatch.network.graph import KINDS
from geomatch.planning.causes import crossings
from geomatch.planning.causes.crossings import Crossings, Stops

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geomatch.network.reach import Field, Ways
    from geomatch.network.snap import Places

MOST_ENDS = 6
"""Stairs with more ends than this are a hillside, which no one ramp passes."""


def find(ways: Ways, sites: Field, homes: Places, limit_m: float) -> tuple[Stops, Crossings, tuple[str, ...]]:
    """Find the ramps that would win at least one home.

    Flights of steps that hang together, with what only they lead to (the deck of a footbridge), are one thing in
    between; a ramp leads from one of its ends to another.

    Returns:
        The ends, the ramps (their label tells which stairs), and the names of all stairs, "" where they have none.
    """
    graph = ways.graph
    slow = [KINDS.index(kind) for kind in ways.profile.factors]
    stairs = np.isin(graph.edge_kind, slow)
    firm = ways.usable & ~stairs
    ends_of, names = _stairs(ways, stairs, firm)
    pairs = [(*pair, label) for label, ends in enumerate(ends_of) for pair in permutations(ends, 2)]
    here, there, label = (np.array(column, np.int64) for column in zip(*pairs, strict=True)) if pairs else _NONE
    nodes, place = np.unique(np.concatenate([here, there]), return_inverse=True)
    here, there = place[: len(here)], place[len(here) :]
    stops = crossings.walked(ways, sites, homes, reach.at_nodes(ways, firm).take(nodes))
    length_m = np.hypot(*(stops.xy[here] - stops.xy[there]).T)
    rest_m = length_m + stops.to_site_m[there]
    worth = np.flatnonzero((stops.to_site_m[here] > rest_m) & (stops.to_home_m[here] + rest_m <= limit_m))
    besides = np.zeros(len(here), bool)
    return stops, Crossings(here, there, length_m, rest_m, label.astype(np.int32), besides).take(worth), names


_NONE = (np.empty(0, np.int64),) * 3


def _stairs(ways: Ways, stairs: NDArray[np.bool_], firm: NDArray[np.bool_]) -> tuple[list[list[int]], tuple[str, ...]]:
    """Give the ends, as nodes, and the name of every group of stairs."""
    from scipy.sparse import coo_array, csgraph  # noqa: PLC0415 - scipy stays out of the way to a first answer

    graph, loose = ways.graph, np.flatnonzero(~firm)
    links = coo_array(
        (np.ones(len(loose), bool), (graph.edge_u[loose], graph.edge_v[loose])), shape=(graph.node_count,) * 2
    )
    _, group = csgraph.connected_components(links, directed=False)
    is_end = np.zeros(graph.node_count, bool)
    is_end[graph.edge_u[firm]] = is_end[graph.edge_v[firm]] = True
    ends_of, names = [], []
    flights = np.flatnonzero(stairs)
    for one in np.unique(group[graph.edge_u[flights]]).tolist():
        mine = flights[group[graph.edge_u[flights]] == one]
        ends = np.flatnonzero((group == one) & is_end).tolist()
        if 1 < len(ends) <= MOST_ENDS:
            ends_of.append(ends)
            names.append(next((graph.names[name] for name in graph.edge_name[mine].tolist() if name >= 0), ""))
    return ends_of, tuple(names)
