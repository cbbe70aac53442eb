"""Where on the streets one more site would win most people of a gap."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geomatch.network import reach

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geomatch.network.reach import Ways
    from geomatch.network.snap import Places

NEW_SHARE = 0.5
"""A second spot is told of if this share of its people is won by none before."""

_AT_A_TIME = 1000
"""Homes walked from at once; each reaches thousands of nodes, which all have to be held."""


def best_nodes(
    ways: Ways, nodes: Places, homes: Places, population: NDArray[np.int64], limit_m: float, *, most: int
) -> list[int]:
    """Find nodes from which most of these people are within the limit, each next one for those whom none before wins.

    It is as far there as back, so the homes walk and the nodes count. Of nodes with equally many people, the one where
    most streets meet, then the first.

    Args:
        ways: the streets as somebody walks them.
        nodes: all nodes as places; off the network where no site may stand.
        homes: the homes of a gap.
        population: int64 (n,), more than 0.
        limit_m: how far is within reach.
        most: how many nodes.
    """
    left = population.copy()
    alone = people = np.where(nodes.on_network, _people(ways, homes, left, limit_m), 0)
    chosen: list[int] = []
    while len(chosen) < most and people.any():
        best = np.flatnonzero(people == people.max())
        node = int(best[np.argmax(np.diff(ways.graph.arc_start)[best])])
        if people[node] < NEW_SHARE * alone[node]:
            break
        chosen.append(node)
        left[reach.within(ways, nodes.take([node]), homes, limit_m).point] = 0
        rest = np.flatnonzero(left)
        people = np.where(nodes.on_network, _people(ways, homes.take(rest), left[rest], limit_m), 0)
    return chosen


def _people(ways: Ways, homes: Places, population: NDArray[np.int64], limit_m: float) -> NDArray[np.int64]:
    """Count for each node the people within the limit, int64 (N,)."""
    people = np.zeros(ways.graph.node_count, np.int64)
    for first in range(0, len(homes), _AT_A_TIME):
        rows = np.arange(first, min(first + _AT_A_TIME, len(homes)))
        found = reach.reach(ways, homes.take(rows), limit_m)
        if not len(found.node):
            continue
        low, high = int(found.node.min()), int(found.node.max()) + 1  # nodes of one gap lie close in Morton order
        weights = found.of_each_node(population[rows]).astype(np.float64)
        here = np.bincount(found.node - low, weights=weights, minlength=high - low)
        people[low:high] += here.astype(np.int64)
    return people
