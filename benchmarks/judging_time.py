"""Judging a built region, caches empty but kernels loaded: judging_time.py REGION ROUNDS."""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path

from geomatch.network.profiles import limit_for
from geomatch.services import areas, causes, fairness, region, sensitivity, standards, week

JOBS = {
    "standards": standards.standards,
    "fairness": fairness.fairness,
    "access": fairness.access,
    "criticality": fairness.criticality,
    "week": week.week,
    "sensitivity": sensitivity.sensitivity,
    "areas": areas.areas,
    "causes": causes.causes,
}

seconds: dict[str, list[float]] = {name: [] for name in JOBS}
for _ in range(int(sys.argv[2]) + 1):
    for name, job in JOBS.items():
        opened = region.open_region(Path(sys.argv[1]))
        start = time.perf_counter()
        job(opened, limit_for())
        seconds[name].append(time.perf_counter() - start)
found = {name: {"first_s": took[0], "seconds": statistics.median(took[1:])} for name, took in seconds.items()}
print(json.dumps({"sites": len(opened.sites), "jobs": found}))
