"""pandana's side: its Network on the same graph, precomputed to the limit, snapped to nodes by its own tree."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandana
import pandas as pd
import worker

FARTHEST_M = 3000.0
"""pandana's nearest needs a bound; a smaller one is kinder to it, and this is far beyond any answer that matters."""


def main(folder: Path, limit_m: float) -> None:
    """Open the network that geomatch dumped, and wait for jobs."""
    net = np.load(folder / "network.npz")
    x, y = net["node_xy"].T
    lengths = pd.DataFrame({"length_m": net["length_m"]})
    network = pandana.Network(pd.Series(x), pd.Series(y), pd.Series(net["u"]), pd.Series(net["v"]), lengths)
    network.precompute(limit_m)
    sites, points = net["site_xy"], net["point_xy"]

    def reach() -> int:
        """Every site's own bounded search."""
        nodes = network.get_node_ids(sites[:, 0], sites[:, 1])
        return len(network.nodes_in_range(nodes.to_numpy(), limit_m))

    def nearest() -> float:
        """Label every node with its nearest site, then look at each point's nearest node."""
        network.set_pois("sites", FARTHEST_M, 1, sites[:, 0], sites[:, 1])
        labels = network.nearest_pois(FARTHEST_M, "sites", num_pois=1, include_poi_ids=True)
        nodes = network.get_node_ids(points[:, 0], points[:, 1])
        return float(labels[1].to_numpy()[nodes.to_numpy()].mean())

    worker.serve({"reach": reach, "nearest": nearest})


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
