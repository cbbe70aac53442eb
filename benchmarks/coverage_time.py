"""Full coverage of a built region, caches empty but kernels loaded: coverage_time.py REGION ROUNDS."""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path

from geomatch.network.profiles import limit_for
from geomatch.services import coverage, region

seconds = []
for _ in range(int(sys.argv[2]) + 1):
    opened = region.open_region(Path(sys.argv[1]))
    start = time.perf_counter()
    table = coverage.coverage(opened, limit_for())
    seconds.append(time.perf_counter() - start)
total = table.total
print(
    json.dumps(
        {
            "seconds": statistics.median(seconds[1:]),
            "first_s": seconds[0],
            "sites": len(opened.sites),
            "population": total.population,
            "covered": total.covered,
        }
    )
)
