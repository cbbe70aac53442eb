"""The figures of several workers are told as one sum where they share a folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORKER = """
import tempfile
from pathlib import Path
from geomatch.services.identity import Keys
from geomatch.store.database import Database
from geomatch.web.limits import Limits
from geomatch.web.metrics import Metrics
from geomatch.web.served import Served
folder = Path(tempfile.mkdtemp())
limits = Limits(folder / "limits", writes_a_minute=0)
database, keys = Database(f"sqlite:///{folder}/never-opened.db"), Keys(folder / "key")
metrics = Metrics(Served([], max_points=1, database=database, limits=limits, keys=keys))
for _ in range(3):
    metrics.count("/api/v1/nearest", "GET", "200", 0.002)
print(metrics.text().decode())
"""


def told_by_a_worker(folder: Path) -> str:
    """Count three answers in a process of its own and give what it tells."""
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(folder)}
    done = subprocess.run([sys.executable, "-c", WORKER], cwd=ROOT, env=environment, capture_output=True, check=True)
    return done.stdout.decode()


def test_workers_that_share_a_folder_tell_their_sum(tmp_path: Path) -> None:
    """The second worker tells its own three answers and the three of the first."""
    wanted = 'geomatch_http_requests_total{method="GET",route="/api/v1/nearest",status="200"} '
    assert f"{wanted}3.0" in told_by_a_worker(tmp_path)
    both = told_by_a_worker(tmp_path)
    assert f"{wanted}6.0" in both
    assert "geomatch_http_request_seconds_count" in both
    assert "geomatch_regions 0.0" in both
