"""Valhalla's whole process from start to a first answer on built tiles: first_answer_valhalla.py FOLDER."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import side_valhalla
import side_words
import valhalla
import worker

folder = Path(sys.argv[1])
net = np.load(folder / "network.npz")
actor = valhalla.Actor(side_valhalla.config(folder))
pair = side_valhalla.located(net["point_lonlat"][:1]), side_valhalla.located(net["site_lonlat"][:8])
actor.matrix(json.dumps({"sources": pair[0], "targets": pair[1], **side_words.COSTING}))
print(worker.resident_bytes())
