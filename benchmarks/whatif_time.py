"""Adding and closing one site of a built region, in process and through the app: whatif_time.py REGION COUNT."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np

from geomatch.config import Settings
from geomatch.network.profiles import limit_for
from geomatch.planning.sites import Site, SiteKind
from geomatch.services.region import open_region
from geomatch.services.whatif import Changes, whatif
from geomatch.web.app import app_for

region = open_region(Path(sys.argv[1]))
region.warm()
rng = np.random.default_rng(20261124)
homes = rng.integers(len(region.homes), size=int(sys.argv[2]))
closed = rng.integers(len(region.sites), size=len(homes))
client = app_for([region], Settings()).test_client()
found: dict[str, list[float]] = {"add": [], "close": [], "add, answered": [], "close, answered": []}
for home, row in zip(homes.tolist(), closed.tolist(), strict=True):
    lon, lat = float(region.homes.lon[home]), float(region.homes.lat[home])
    site_id = region.sites[row].id
    new = Site("new", "", SiteKind.OUTPOST, lon, lat)
    for name, changes in (("add", Changes(add=(new,))), ("close", Changes(close=(site_id,)))):
        start = time.perf_counter()
        whatif(region, changes, limit_for())
        found[name].append(time.perf_counter() - start)
    bodies = {"add, answered": {"add": [{"lon": lon, "lat": lat}]}, "close, answered": {"close": [site_id]}}
    for name, body in bodies.items():
        start = time.perf_counter()
        answer = client.post(f"/api/v1/regions/{region.spec.id}/whatif", json=body)
        found[name].append(time.perf_counter() - start)
        if answer.status_code != 200:  # noqa: PLR2004 - OK
            sys.exit(f"whatif answered {answer.status_code}")
# the first few fill the lists that every later question shares
told = {
    name: {"p50_s": np.percentile(took[2:], 50), "p95_s": np.percentile(took[2:], 95)} for name, took in found.items()
}
print(json.dumps({"sites": len(region.sites), "jobs": told}))
