"""Walks between 10,000 orders and the 100,000 volunteers of a built region: matching_time.py REGION ROUNDS."""

from __future__ import annotations

import json
import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from geomatch.services import region, sample_people, volunteers_near
from geomatch.volunteering import roster

ORDERS, LIMIT_M = 10_000, 1000.0

opened = region.open_region(Path(sys.argv[1]))
rng = np.random.default_rng(20261129)
size = sample_people.SIZES[opened.spec.id]
made = sample_people.make_volunteers(opened, sample_people.make_teams(opened, size.teams, rng), size, rng)
everyone = roster.build(replace(each, id=f"{row:024d}") for row, each in enumerate(made))
homes = opened.homes
at = rng.choice(len(homes.lon), ORDERS, p=homes.population / homes.population.sum())
volunteers_near.place(opened, everyone)  # loads the kernels

begun = time.perf_counter()
placed = volunteers_near.place(opened, everyone)
placing_s = time.perf_counter() - begun
seconds = []
for _ in range(int(sys.argv[2]) + 1):
    begun = time.perf_counter()
    orders = volunteers_near.on_streets(placed, homes.lon[at], homes.lat[at])
    found = volunteers_near.walks(placed, orders, LIMIT_M)
    seconds.append(time.perf_counter() - begun)
told = {"seconds": statistics.median(seconds[1:]), "placing_s": placing_s, "pairs": len(found.point)}
print(json.dumps(told))
