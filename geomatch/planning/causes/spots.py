"""Where on the streets one more site would win most people of a gap."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geomatch.network import reach

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geomatch.network.reach import Ways
    from geomatch.network.snap import Places

_AT_A_TIME = 1000
"""Homes walked from at once; each reaches thousands of nodes, which all have to be held."""


def best_node(
    ways: Ways, homes: Places, population: NDArray[np.int64], limit_m: float, allowed: NDArray[np.bool_]
) -> int:
    """Give the node from which most of these people are within the limit; -1 where none of them is on the network.

    It is as far there as back, so the homes walk and the nodes count. Of nodes with equally many, the one where most of
    the streets meet, then the first.

    Args:
        ways: the streets as somebody walks them.
        homes: the homes of a gap.
        population: int64 (n,).
        limit_m: how far is within reach.
        allowed: bool (N,), nodes where a site may stand.
    """
    people = np.zeros(ways.graph.node_count, np.int64)
    for first in range(0, len(homes), _AT_A_TIME):
        rows = np.arange(first, min(first + _AT_A_TIME, len(homes)))
        found = reach.reach(ways, homes.take(rows), limit_m)
        if not len(found.node):
            continue
        low, high = int(found.node.min()), int(found.node.max()) + 1  # nodes of one gap lie close in Morton order
        weights = np.repeat(population[rows], np.diff(found.start)).astype(np.float64)
        here = np.bincount(found.node - low, weights=weights, minlength=high - low)
        people[low:high] += here.astype(np.int64)
    people[~allowed] = 0
    most = int(people.max(initial=0))
    if not most:
        return -1
    best = np.flatnonzero(people == most)
    return int(best[np.argmax(np.diff(ways.graph.arc_start)[best])])
