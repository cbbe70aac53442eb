"""Made-up questions of the best assignment, arrays to answer: assignment_time.py QUESTION.npz ROUNDS HELPERS near|any.

10,000 orders and so many helpers stand in a square of 20 km, and each order may have its 50 nearest helpers, or any 50;
QUESTION.npz is for the peers. Seconds are those of the processor: every side has one thread.
"""

from __future__ import annotations

import json
import statistics
import sys
import time

import numpy as np
from scipy.spatial import cKDTree

from geomatch.volunteering import assignment

ORDERS, EACH, SIDE_M, SPEED_MPS = 10_000, 50, 20_000.0, 1000 / 900

helpers = int(sys.argv[3])
rng = np.random.default_rng(20261129)
stand, ask = rng.random((helpers, 2)) * SIDE_M, rng.random((ORDERS, 2)) * SIDE_M
if sys.argv[4] == "near":
    away_m, nearest = cKDTree(stand).query(ask, EACH)
else:
    nearest = np.array([rng.choice(helpers, EACH, replace=False) for _ in range(ORDERS)])
    away_m = np.hypot(*(stand[nearest] - ask[:, None]).transpose(2, 0, 1))
start = np.arange(ORDERS + 1, dtype=np.int64) * EACH
helper, cost = nearest.ravel().astype(np.int32), away_m.ravel() / SPEED_MPS
np.savez(sys.argv[1], start=start, helper=helper, cost=cost, helpers=helpers)

seconds = []
for _ in range(int(sys.argv[2]) + 1):
    begun = time.process_time()
    found = assignment.assign(start, helper, cost)
    seconds.append(time.process_time() - begun)
told = {"seconds": statistics.median(seconds[1:]), "served": found.served, "cost": found.cost}
print(json.dumps(told))
