"""scipy's side: csgraph.dijkstra on the same graph, snapped to the nearest node by a KD-tree."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import worker
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

THREADS = int(os.environ["OMP_NUM_THREADS"])

CHUNK = 64
"""Sites at once: a dense answer for all 868 does not fit in the cache, and this is the fastest that was found."""


def main(folder: Path, limit_m: float) -> None:
    """Open the network that geomatch dumped, and wait for jobs."""
    net = np.load(folder / "network.npz")
    n = len(net["node_xy"])
    graph = csr_array((net["length_m"], (net["u"], net["v"])), shape=(n, n))
    tree = cKDTree(net["node_xy"])
    sites, points = net["site_xy"], net["point_xy"]

    def rows() -> int:
        """Every site's own bounded search as dense rows over all nodes, which nobody reads."""
        nodes = tree.query(sites)[1]
        return sum(len(searched(nodes[start : start + CHUNK])) for start in range(0, len(nodes), CHUNK))

    def reach() -> int:
        """The same as the list of nodes within the limit and their walks, which is what geomatch answers."""
        nodes = tree.query(sites)[1]
        reached = 0
        for start in range(0, len(nodes), CHUNK):
            walks = searched(nodes[start : start + CHUNK])
            within = np.nonzero(np.isfinite(walks))
            reached += len(walks[within])
        return reached

    def searched(nodes: np.ndarray) -> np.ndarray:
        return dijkstra(graph, directed=False, indices=nodes, limit=limit_m)

    def nearest() -> float:
        """One search from all sites at once, then a look at each point's nearest node."""
        nodes = tree.query(sites)[1]
        walk_m, _, source = dijkstra(graph, directed=False, indices=nodes, min_only=True, return_predecessors=True)
        leg_m, at = tree.query(points, workers=THREADS)
        total_m = leg_m + walk_m[at]
        return float(total_m.mean()) if len(source[at]) else 0.0

    worker.serve({"reach": reach, "rows": rows, "nearest": nearest})


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
