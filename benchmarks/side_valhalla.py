"""Valhalla's side: its Actor on tiles of the same extract, walking at the same speed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import side_words
import valhalla
import worker
from scipy.spatial import cKDTree

SAMPLE = 500
"""Points of the nearest race; a matrix call a point takes milliseconds, so all 100,000 are not asked."""

CANDIDATES = 8
"""Sites by straight line that each point's matrix holds."""


def config(folder: Path, *, matrix: str = "costmatrix") -> dict[str, Any]:
    """A stock configuration on a tile folder, with limits that let a matrix of many pairs through.

    `costmatrix` is the quicker one for few pairs, `timedistancematrix` for one place to many.
    """
    made = valhalla.get_config(tile_extract="", tile_dir=folder / "tiles")
    made["thor"]["source_to_target_algorithm"] = matrix
    made["service_limits"]["pedestrian"].update(max_matrix_location_pairs=10**9, max_matrix_distance=10**7)
    return dict(made)


def located(lonlat: np.ndarray) -> list[dict[str, float]]:
    """Places as Valhalla takes them."""
    return [side_words.place(lon, lat) for lon, lat in lonlat.tolist()]


def main(folder: Path, limit_m: float) -> None:
    """Open the tiles, and wait for jobs."""
    net = np.load(folder / "network.npz")
    actor = valhalla.Actor(config(folder))
    sites = located(net["site_lonlat"])
    tree = cKDTree(net["site_xy"])
    asked = np.random.default_rng(0).choice(len(net["point_xy"]), SAMPLE, replace=False)

    def circles() -> int:
        """One isochrone a site, as GeoJSON text."""
        return sum(len(actor.isochrone(side_words.isochrone_request(**site, limit_m=limit_m))) for site in sites)

    def nearest() -> int:
        """One matrix a point, to its sites nearest by straight line."""
        closest = tree.query(net["point_xy"][asked], CANDIDATES)[1]
        for point, near in zip(located(net["point_lonlat"][asked]), closest, strict=True):
            request = {"sources": [point], "targets": [sites[i] for i in near], **side_words.COSTING}
            actor.matrix(json.dumps(request))
        return SAMPLE

    def judge() -> dict[str, float]:
        return precision(valhalla.Actor(config(folder, matrix="timedistancematrix")), sites, net, limit_m)

    worker.serve({"circles": circles, "nearest": nearest, "judge": judge})


def precision(
    actor: valhalla.Actor, sites: list[dict[str, float]], net: np.lib.npyio.NpzFile, limit_m: float
) -> dict[str, float]:
    """Recall and precision of 50 isochrones, judged by the same engine's own matrix."""
    import shapely  # noqa: PLC0415 - only this job needs it

    points, tree = located(net["point_lonlat"]), cKDTree(net["point_xy"])
    true = inside = both = 0
    for row in range(50):
        near = tree.query_ball_point(net["site_xy"][row], limit_m * 1.05)
        answer = json.loads(actor.isochrone(side_words.isochrone_request(**sites[row], limit_m=limit_m)))
        drawn = answer["features"][0]["geometry"]
        walks = matrix_s(actor, sites[row], [points[i] for i in near])
        lon, lat = net["point_lonlat"][near].T
        is_in = shapely.contains_xy(shapely.geometry.shape(drawn), lon, lat)
        is_true = walks <= limit_m / side_words.SPEED_KMH * 3.6
        true, inside, both = true + is_true.sum(), inside + is_in.sum(), both + (is_in & is_true).sum()
    return {"points": int(true), "recall": float(both / true), "precision": float(both / inside)}


def matrix_s(actor: valhalla.Actor, site: dict[str, float], points: list[dict[str, float]]) -> np.ndarray:
    """Seconds from one site to many points; inf where there is no way."""
    answer = json.loads(actor.matrix(json.dumps({"sources": [site], "targets": points, **side_words.COSTING})))
    found = answer["sources_to_targets"][0]
    return np.array([np.inf if cell["time"] is None else cell["time"] for cell in found])


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
