"""A made-up city of 600,000 junctions, as an extract: rows of streets joined like bricks, corners moved a little."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import osmium

if TYPE_CHECKING:
    from pathlib import Path

SIDE = 775
SPACING_M, JITTER_M = 40.0, 6.0
WEST, SOUTH = 116.1, 39.8
STREET = 25
"""Corners of one way along a row."""


def write(path: Path) -> int:
    """Write the extract; give the number of its junctions."""
    rng = np.random.default_rng(600_000)
    row, column = np.divmod(np.arange(SIDE * SIDE), SIDE)
    moved = rng.uniform(-JITTER_M, JITTER_M, (2, SIDE * SIDE))
    lat = SOUTH + (row * SPACING_M + moved[0]) / 111_000
    lon = WEST + (column * SPACING_M + moved[1]) / (111_000 * np.cos(np.deg2rad(SOUTH)))
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for number, place in enumerate(zip(lon.tolist(), lat.tolist(), strict=True), 1):
            writer.add_node(osmium.osm.mutable.Node(id=number, location=place))
        for number, nodes in enumerate(ways(), 1):
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=nodes, tags={"highway": "residential"}))
    return SIDE * SIDE


def ways() -> list[list[int]]:
    """Streets along every row in pieces, and between rows at every second corner, shifted from row to row."""
    corner = np.arange(1, SIDE * SIDE + 1).reshape(SIDE, SIDE)
    along = [
        corner[row, start : start + STREET + 1].tolist() for row in range(SIDE) for start in range(0, SIDE - 1, STREET)
    ]
    across = [
        [int(corner[row, column]), int(corner[row + 1, column])]
        for row in range(SIDE - 1)
        for column in range(row % 2, SIDE, 2)
    ]
    return along + across
