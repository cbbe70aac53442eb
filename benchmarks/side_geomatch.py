"""geomatch's own side, on its built region and the same places as everyone."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import numpy as np
import orjson
import worker

from geomatch.network import reach, shape
from geomatch.network.profiles import limit_for
from geomatch.services import nearest as nearest_room
from geomatch.services import region as region_room

PROFILE = "adult"
ASKED = 20_000
"""Single questions, one after another, whose slowest hundredth counts."""


def main(region_folder: Path, folder: Path, limit_m: float) -> None:
    """Open the region, and wait for jobs; it uses as many threads as it has processors, so it takes that many."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: int(os.environ["OMP_NUM_THREADS"])])
    region = region_room.open_region(region_folder)
    net = np.load(folder / "network.npz")
    ways, grid = region.ways(PROFILE), region.shape(PROFILE)
    site_xy, point_xy = np.ascontiguousarray(net["site_xy"].T), np.ascontiguousarray(net["point_xy"].T)

    def reached() -> int:
        """Every site's own bounded search, from where it stands on its segment."""
        return len(reach.reach(ways, reach.place(ways, *site_xy), limit_m).node)

    def circles() -> int:
        """Every site's circle as GeoJSON text, from its coordinates on."""
        sites = reach.place(ways, *region.graph.plane.to_xy(*net["site_lonlat"].T))
        rings = shape.circle_rings(ways, grid, sites, limit_m)
        features = [
            {"type": "Feature", "geometry": {"type": "MultiPolygon", "coordinates": rings.coordinates(i)}}
            for i in range(len(rings))
        ]
        text = orjson.dumps({"type": "FeatureCollection", "features": features}, option=orjson.OPT_SERIALIZE_NUMPY)
        return len(text)

    def nearest() -> float:
        """One search from all sites at once, then each point's place on its segment and the whole walk."""
        field = reach.field(ways, reach.place(ways, *site_xy))
        _, walk_m = reach.nearest(ways, field, reach.place(ways, *point_xy))
        return float(walk_m.mean())

    def one_nearest() -> list[float]:
        """Single questions from metres on the plane: seconds at the median and at the 99th hundredth."""
        field = reach.field(ways, reach.place(ways, *site_xy))
        xy = [(float(x), float(y)) for x, y in net["point_xy"][:ASKED]]
        return slowest([timed(lambda x=x, y=y: reach.place_and_nearest(ways, field, x, y)) for x, y in xy])

    def one_service() -> list[float]:
        """Single questions from degrees to a whole answer, as a request asks them."""
        limit = limit_for(PROFILE)
        lonlat = [(float(lon), float(lat)) for lon, lat in net["point_lonlat"][:ASKED]]
        return slowest([timed(lambda a=a, b=b: nearest_room.nearest(region, a, b, limit=limit)) for a, b in lonlat])

    jobs = {
        "reach": reached,
        "rows": reached,
        "circles": circles,
        "nearest": nearest,
        "one": one_nearest,
        "service": one_service,
    }
    jobs["judge"] = lambda: precision(ways, grid, net, limit_m)
    worker.serve(jobs)


def timed(question: object) -> float:
    """Seconds that one question takes."""
    start = time.perf_counter()
    question()  # type: ignore[operator]
    return time.perf_counter() - start


def slowest(seconds: list[float]) -> list[float]:
    """Median and 99th hundredth."""
    return [float(figure) for figure in np.percentile(seconds, [50, 99])]


def precision(ways: reach.Ways, grid: shape.ShapeGrid, net: np.lib.npyio.NpzFile, limit_m: float) -> dict[str, float]:
    """Recall and precision of 50 drawn circles, judged by each point's own walk_m, and their vertices."""
    import shapely  # noqa: PLC0415 - only this job needs it

    sites = reach.place(ways, *net["site_xy"][:50].T)
    points = reach.place(ways, *net["point_xy"].T)
    rings = shape.circle_rings(ways, grid, sites, limit_m)
    truth = reach.within(ways, sites, points, limit_m)
    lon, lat = net["point_lonlat"].T
    true = inside = both = 0
    for row, drawn in enumerate(rings.geometries()):
        is_in = shapely.contains_xy(drawn, lon, lat)
        is_true = np.zeros(len(lon), bool)
        is_true[truth.point[truth.start[row] : truth.start[row + 1]]] = True
        true, inside, both = true + is_true.sum(), inside + is_in.sum(), both + (is_in & is_true).sum()
    vertices = float(np.median([shapely.get_num_coordinates(drawn) for drawn in rings.geometries()]))
    return {"points": int(true), "recall": float(both / true), "precision": float(both / inside), "vertices": vertices}


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]))
