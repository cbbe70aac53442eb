"""From an order to its first offers, over HTTP: dispatch_latency.py REGION sqlite|postgresql [ORDERS].

The region's invented teams and volunteers are imported by the command line (Haidian: 1,871 and 100,000), the service
has two workers. A centre places an order, checks it and has it dispatched, again and again, each order on a connection
of its own; the clock runs from the first byte of the first request until the answer that the offers are stored.
PostgreSQL is a throw-away cluster with the tests' settings (fsync off).
"""

from __future__ import annotations

import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from http_rows import free_port, serving
from report import Report, Row, shown

from geomatch.services import accounts
from geomatch.services.region import open_region
from geomatch.store.database import Database
from geomatch.volunteering.roles import Principal, Role
from tests import postgres

GOALS_S = {"sqlite": 0.150, "postgresql": 0.200}
SEED, ORDERS, WARMING_S = 20261129, 120, 20.0
SKILL = "陪伴老人"
SECRET = "walk-there-and-back"  # noqa: S105 - of an account that lives as long as this
GEOMATCH = [sys.executable, "-m", "geomatch"]


def imported(region: Path, scratch: Path) -> None:
    """Write the region's invented people and import them."""
    folder = scratch / "people"
    subprocess.run([*GEOMATCH, "people", "sample", str(region), str(folder)], check=True, capture_output=True)
    tables = [f"--{name}={folder / name}.csv" for name in ("organisations", "skills", "teams", "volunteers")]
    subprocess.run([*GEOMATCH, "people", "import", str(region), *tables], check=True, capture_output=True)


class Centre:
    """Who places, checks and dispatches; each `line` is a connection of its own, so that both workers answer."""

    def __init__(self, port: int, region: str) -> None:
        self.port, self.orders = port, f"/api/v1/regions/{region}/orders"
        self.headers = {"Content-Type": "application/json"}
        told, cookie = self.ask(self.line(), "/api/v1/session", {"name": "centre", "password": SECRET})
        self.headers |= {"Cookie": cookie.split(";")[0], "X-CSRF-Token": told["csrf"]}

    def line(self) -> http.client.HTTPConnection:
        """A new connection."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, line: http.client.HTTPConnection, path: str, body: dict[str, Any]) -> tuple[Any, str]:
        """Ask once; gives the answer, and the cookie where one came."""
        line.request("POST", path, json.dumps(body), self.headers)
        answer = line.getresponse()
        text = answer.read()
        if answer.status >= 300:  # noqa: PLR2004 - HTTP
            raise SystemExit(f"POST {path}: {answer.status} {text.decode()}")
        return json.loads(text), answer.headers.get("Set-Cookie", "")

    def dispatched(self, draft: dict[str, Any]) -> tuple[float, int]:
        """Place an order and have it dispatched: seconds, and how many were asked."""
        line, begun = self.line(), time.perf_counter()
        order, _ = self.ask(line, self.orders, draft)
        self.ask(line, f"{self.orders}/{order['id']}/moves", {"to": "checked", "way": "person"})
        done, _ = self.ask(line, f"{self.orders}/{order['id']}/dispatch", {})
        seconds = time.perf_counter() - begun
        line.close()
        return seconds, len(done["asked"])


def drafts(region: Path, count: int) -> list[dict[str, Any]]:
    """Orders where people live, in the forenoon two days on."""
    homes, rng = open_region(region).homes, np.random.default_rng(SEED)
    at = rng.choice(len(homes.lon), count, p=homes.population / homes.population.sum())
    starts = datetime.now(UTC).replace(hour=2, minute=0, second=0, microsecond=0) + timedelta(days=2)
    return [
        {
            "category": "needy", "words": f"陪老人说说话 {n}", "need": {"skills": [SKILL]}, "way": "person",
            "lon": float(homes.lon[row]), "lat": float(homes.lat[row]), "address": "幸福里5号楼302", "name": "王小明",
            "phone": f"138{n:08d}", "starts_at": starts.isoformat(),
            "ends_at": (starts + timedelta(hours=1)).isoformat(),
        }
        for n, row in enumerate(at.tolist())
    ]  # fmt: skip


def measured(region: Path, kind: str, url: str, count: int, scratch: Path) -> Row:
    """Import, serve, ask; gives the row."""
    os.environ |= {"GEOMATCH_DATABASE_URL": url, "GEOMATCH_WRITES_A_MINUTE": "0"}
    imported(region, scratch)
    name = open_region(region).spec.id
    database, port = Database(url), free_port()
    accounts.add(database.writing(), "centre", Principal("", Role.CENTRE, name), SECRET, at=datetime.now(UTC))
    database.close()
    with serving([*GEOMATCH, "serve", str(region), "--port", str(port), "--workers", "2"], port, "/readyz"):
        time.sleep(WARMING_S)  # each worker reads the volunteers meanwhile
        centre = Centre(port, name)
        found = [centre.dispatched(draft) for draft in drafts(region, count)]
    seconds, asked = [each[0] for each in found], sum(each[1] for each in found)
    p95 = statistics.quantiles(seconds, n=20)[-1]
    figures = (
        f"p50 {shown(statistics.median(seconds))}, p95 {shown(p95)}, most {shown(max(seconds))}, the first"
        f" {shown(seconds[0])}; {count} orders, {asked / count:.1f} asked each; load {os.getloadavg()[0]:.1f}"
    )
    goal = GOALS_S[kind]
    return Row(f"order to first offers over HTTP, {kind}", name, figures, f"p95 <= {goal * 1e3:.0f} ms", p95 <= goal)


def main() -> None:
    """Measure one kind of database."""
    region, kind = Path(sys.argv[1]), sys.argv[2]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else ORDERS  # noqa: PLR2004 - as in the docstring
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="geomatch-dispatch-")))
        url = f"sqlite:///{scratch}/dispatch.db"
        if kind == "postgresql":
            binaries = postgres.binaries()
            if binaries is None:
                raise SystemExit("no PostgreSQL on this machine")
            cluster = postgres.make(binaries)
            stack.callback(cluster.remove)
            url = cluster.fresh()
        Report().add(measured(region, kind, url, count, scratch))


if __name__ == "__main__":
    main()
