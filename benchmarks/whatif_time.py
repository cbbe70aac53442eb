"""Adding and closing one site of a built region, in process and over HTTP: whatif_time.py REGION COUNT."""

from __future__ import annotations

import http.client
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import http_rows
import numpy as np

from geomatch.network.profiles import limit_for
from geomatch.planning.sites import Site, SiteKind
from geomatch.services.region import open_region
from geomatch.services.whatif import Changes, whatif

if TYPE_CHECKING:
    from geomatch.services.region import Region

FILLING = 2  # the first few of each kind fill the lists that every later question shares


def questions(region: Region, count: int) -> list[tuple[str, Site]]:
    """Draw sites to close, and new ones at homes."""
    rng = np.random.default_rng(20261124)
    homes = rng.integers(len(region.homes), size=count).tolist()
    closed = rng.integers(len(region.sites), size=count).tolist()
    spots = [(float(region.homes.lon[home]), float(region.homes.lat[home])) for home in homes]
    return [
        (region.sites[row].id, Site("new", "", SiteKind.OUTPOST, *spot))
        for row, spot in zip(closed, spots, strict=True)
    ]


def in_process(region: Region, asked: list[tuple[str, Site]]) -> dict[str, list[float]]:
    """Seconds of every question, asked of the service."""
    region.warm()
    found: dict[str, list[float]] = {"add": [], "close": []}
    for site_id, new in asked:
        for name, changes in (("add", Changes(add=(new,))), ("close", Changes(close=(site_id,)))):
            start = time.perf_counter()
            whatif(region, changes, limit_for())
            found[name].append(time.perf_counter() - start)
    return found


def over_http(folder: str, region_id: str, asked: list[tuple[str, Site]]) -> dict[str, list[float]]:
    """Seconds of every question, from the first byte sent to the last one read, on one connection to a server."""
    port = http_rows.free_port()
    command = [sys.executable, "-m", "geomatch", "serve", folder, "--port", str(port), "--workers", "1"]
    found: dict[str, list[float]] = {"add over HTTP": [], "close over HTTP": []}
    with http_rows.serving(command, port, "/readyz"):
        line = http.client.HTTPConnection("127.0.0.1", port)
        for site_id, new in asked:
            bodies = {
                "add over HTTP": {"add": [{"lon": new.lon, "lat": new.lat}], "homes": True},
                "close over HTTP": {"close": [site_id], "homes": True},
            }
            for name, body in bodies.items():
                sent = json.dumps(body).encode()
                start = time.perf_counter()
                line.request("POST", f"/api/v1/regions/{region_id}/whatif", sent, {"Content-Type": "application/json"})
                answer = line.getresponse()
                answer.read()
                found[name].append(time.perf_counter() - start)
                if answer.status != http.HTTPStatus.OK:
                    sys.exit(f"whatif answered {answer.status}")
    return found


def main() -> None:
    """Measure and print."""
    region = open_region(Path(sys.argv[1]))
    asked = questions(region, int(sys.argv[2]))
    found = in_process(region, asked) | over_http(sys.argv[1], region.spec.id, asked)
    told = {
        name: {"p50_s": np.percentile(took[FILLING:], 50), "p95_s": np.percentile(took[FILLING:], 95)}
        for name, took in found.items()
    }
    print(json.dumps({"sites": len(region.sites), "jobs": told}))


if __name__ == "__main__":
    main()
