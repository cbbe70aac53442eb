"""A made-up siting question, from the matrix to the answer: siting_time.py OUT.npz ROUNDS; OUT.npz is for the peers.

1,000 candidates, 20,000 demand points, 50 to choose; the side of the square is 1 and a site reaches 0.04.
"""

from __future__ import annotations

import json
import statistics
import sys
import time

import numpy as np
from scipy.spatial import cKDTree

from geomatch.planning.siting.cover import most_covered
from geomatch.planning.siting.problem import Cover, Problem

CANDIDATES, POINTS, CHOSEN, REACH = 1000, 20_000, 50, 0.04

rng = np.random.default_rng(20261124)
candidates, points = rng.random((CANDIDATES, 2)), rng.random((POINTS, 2))
weight = rng.integers(1, 400, POINTS)
near = cKDTree(points).query_ball_point(candidates, REACH, return_sorted=True)
start = np.concatenate([[0], np.cumsum([len(row) for row in near])]).astype(np.int64)
point = np.concatenate([np.asarray(row, np.int32) for row in near])
np.savez(sys.argv[1], start=start, point=point, weight=weight, chosen=CHOSEN)

seconds = []
for _ in range(int(sys.argv[2])):
    begun = time.perf_counter()
    ones, none = np.ones(CANDIDATES), np.zeros(POINTS, np.int64)
    cover, unit = Cover(start, point, POINTS), np.zeros(POINTS, np.int32)
    plan = most_covered(Problem(cover, weight, none, ones, float(CHOSEN), unit, np.zeros(1, np.int64)))
    seconds.append(time.perf_counter() - begun)
told = {"seconds": statistics.median(seconds), "covered": plan.covered, "bound": plan.certificate.bound}
print(json.dumps(told))
