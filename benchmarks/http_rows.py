"""The rows that are asked over HTTP: geomatch's server, the bare route of the same server, Valhalla's own service."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING

import numpy as np
import side_words
from report import Row, shown, times

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bench import Bench
    from fixtures import City

WORKERS, CONNECTIONS, SECONDS, ROUNDS = 2, 16, 3.0, 5
PLACES = 2000


def add(bench: Bench, city: City) -> None:
    """Serve the city all three ways, ask all of them in turn, and add the rows."""
    ours, bare, valhalla = (free_port() for _ in range(3))
    with contextlib.ExitStack() as stack:
        serve = [sys.executable, "-m", "geomatch", "serve", str(city.region)]
        options = ["--port", str(ours), "--workers", str(WORKERS)]
        stack.enter_context(serving([*serve, *options], ours, "/readyz"))
        stack.enter_context(serving(bench.python("bare_serve.py", bare, WORKERS), bare, "/bare"))
        config = bench.valhalla_config(city, valhalla)
        service = [str(bench.valhalla_bin / "valhalla_service"), str(config), str(WORKERS)]
        stack.enter_context(serving(service, valhalla, "/status"))
        net = np.load(city.folder / "network.npz")
        nearest_row(bench, city, net, ours, bare)
        circles_row(bench, city, net, ours, valhalla)
        lookup_row(bench, city, net, ours)


def nearest_row(bench: Bench, city: City, net: np.lib.npyio.NpzFile, ours: int, bare: int) -> None:
    """Nearest against the bare route."""
    base = f"/api/v1/regions/{city.name}/nearest"
    targets = [f"{base}?lon={lon:.6f}&lat={lat:.6f}" for lon, lat in net["point_lonlat"][:PLACES]]
    mine, theirs = rates([lambda: load(ours, targets), lambda: load(bare, ["/bare"])])
    figures = f"{mine:,.0f} /s, bare route {theirs:,.0f} /s ({mine / theirs:.0%})"
    goal = ">= 60 % of the bare route"
    bench.report.add(Row("GET nearest, 2 workers, 16 connections", city.name, figures, goal, mine >= 0.6 * theirs))


def circles_row(bench: Bench, city: City, net: np.lib.npyio.NpzFile, ours: int, valhalla: int) -> None:
    """Circles of sites against Valhalla's own service."""
    base = f"/api/v1/regions/{city.name}/circles?profile=adult&minutes=15&site="
    targets = [f"{base}S{row:04d}" for row in range(len(net["site_xy"]))]
    quoted = [
        "/isochrone?json=" + urllib.parse.quote(side_words.isochrone_request(lon, lat, 1170.0))
        for lon, lat in net["site_lonlat"].tolist()
    ]
    mine, theirs = rates([lambda: load(ours, targets), lambda: load(valhalla, quoted)])
    figures = f"{mine:,.0f} /s, valhalla_service {theirs:,.0f} /s ({times(mine / theirs)})"
    goal = ">= 1.5 x valhalla_service"
    bench.report.add(Row("GET circles, 2 workers, 16 connections", city.name, figures, goal, mine >= 1.5 * theirs))


def lookup_row(bench: Bench, city: City, net: np.lib.npyio.NpzFile, port: int) -> None:
    """One lookup of everything, from the first byte sent to the last one parsed."""
    body = json.dumps({"points": net["point_lonlat"].round(7).tolist()}).encode()
    url = f"http://127.0.0.1:{port}/api/v1/regions/{city.name}/lookup"
    seconds = []
    for _ in range(ROUNDS + 1):
        request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
        start = time.perf_counter()
        with urllib.request.urlopen(request) as answer:
            found = answer.read()
        seconds.append(time.perf_counter() - start)
    count = len(json.loads(found)["results"])
    took = statistics.median(seconds[1:])
    figures = f"{shown(took)} end to end, {len(found) / 1e6:.0f} MB back"
    bench.report.add(Row(f"POST lookup of {count:,} points", city.name, figures, "<= 2 s", took <= 2))  # noqa: PLR2004


def rates(sides: Sequence[Callable[[], float]]) -> list[float]:
    """Median rate of each side over alternating rounds, the first not counted."""
    found: list[list[float]] = [[] for _ in sides]
    for number in range(ROUNDS + 1):
        for rate, side in zip(found, sides, strict=True):
            per_s = side()
            if number:
                rate.append(per_s)
    return [statistics.median(rate) for rate in found]


def load(port: int, targets: Sequence[str]) -> float:
    """Answers a second of one round; every answer must be a 200."""
    script = os.path.join(os.path.dirname(__file__), "http_load.py")  # noqa: PTH118, PTH120 - joined to a command line
    done = subprocess.run(
        [sys.executable, script, str(port), str(CONNECTIONS), str(SECONDS)],
        input="\n".join(targets),
        check=True,
        capture_output=True,
        text=True,
    )
    found = json.loads(done.stdout)
    if found["refused"]:
        raise RuntimeError(f"{found['refused']} answers of port {port} were not 200; first target {targets[0]}")
    return float(found["per_s"])


@contextlib.contextmanager
def serving(command: Sequence[str], port: int, ready: str) -> Iterator[None]:
    """A server of our own for as long as the block lasts."""
    environment = {**os.environ, "PYTHONPATH": os.path.dirname(__file__)}  # noqa: PTH120 - joined to an environment
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment) as process:
        try:
            wait_for(process, f"http://127.0.0.1:{port}{ready}")
            yield
        finally:
            process.terminate()


def wait_for(process: subprocess.Popen[bytes], url: str) -> None:
    """Wait until a server answers; not longer than a minute."""
    for _ in range(300):
        try:
            with urllib.request.urlopen(url):
                return
        except (urllib.error.URLError, ConnectionError):
            if process.poll() is not None:
                break
            time.sleep(0.2)
    raise RuntimeError(f"no answer from {url}")


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
