"""A process from start to its first answer: first_answer.py REGION LON LAT; prints its memory."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

import worker

from geomatch.cli import OBJECTS_BETWEEN_SEARCHES
from geomatch.network.profiles import limit_for
from geomatch.services import nearest, region

gc.set_threshold(OBJECTS_BETWEEN_SEARCHES)  # as every command and server does
opened = region.open_region(Path(sys.argv[1]))
answer = nearest.nearest(opened, float(sys.argv[2]), float(sys.argv[3]), limit=limit_for())
print(worker.resident_bytes(), answer.hits[0].site.id)
